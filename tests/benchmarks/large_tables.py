"""Tables of very many companies, as Parquet files: for the benchmark of scoring them.

Facts are drawn from those of generated companies, each at random and regardless of the others, so that few companies
have the same. A survey has an answer of each company to each question.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
from attrs import evolve
from pyarrow import compute, parquet

from cleancloud_rules import Company, Methodology, company_from
from cleancloud_rules.generators.boundary_values import Aims
from cleancloud_rules.generators.choices import Seeded
from cleancloud_rules.generators.companies import generated_company
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Source
from cleancloud_rules.tables.arrow import arrow_table
from tests.benchmarks import questionnaire
from tests.support.typed_tables import arrow_tables

POOL = 1_500
"""From how many generated companies facts are drawn."""

CHUNK = 5_000
"""The answers of how many companies are written at once."""


def write_companies(folder: Path, methodology: Methodology, companies: int, facts: int, pool: int = POOL) -> None:
    """Write tables of so many companies, with so many facts of each, into a folder."""
    chosen = Random(companies)  # noqa: S311 - no secret
    tables = arrow_tables(_dataset(methodology, pool), methodology)
    sizes = {name: table.num_rows for name, table in tables.items() if name.startswith("facts/")}
    total = sum(sizes.values())
    drawn = pa.array(chosen.choices(range(total), k=companies * facts), pa.int32())
    owners = compute.divide(pa.array(range(companies * facts), pa.int32()), facts)
    start = 0
    (folder / "facts").mkdir()
    for name, size in sizes.items():
        own = compute.and_(compute.greater_equal(drawn, start), compute.less(drawn, start + size))
        rows = tables[name].take(compute.subtract(drawn.filter(own), start))
        ids = compute.binary_join_element_wise("c", owners.filter(own).cast(pa.string()), "")
        _write(folder / f"{name}.parquet", rows.set_column(0, "company", ids))
        start += size
    numbers = [f"c{number}" for number in range(companies)]
    cohorts = [id for id, _ in methodology.vocabulary.cohorts]
    own_cohorts = [cohorts[number % len(cohorts)] for number in range(companies)] if cohorts else [None] * companies
    _write(folder / "companies.parquet", pa.table({"id": numbers, "name": numbers, "cohort": own_cohorts}))
    _write(folder / "sources.parquet", tables["sources"])


def write_survey(folder: Path, companies: int) -> None:
    """Write tables of so many companies that answer the questionnaire of the benchmarks into a folder."""
    (folder / "facts").mkdir()
    ids = [f"c{number}" for number in range(companies)]
    _write(folder / "companies.parquet", pa.table({"id": ids, "name": ids}))
    with ExitStack() as stack:
        writers: dict[str, Any] = {}
        for start in range(0, companies, CHUNK):
            said = [questionnaire.answered(number) for number in range(start, min(start + CHUNK, companies))]
            answers = [(one.id, question, answer) for one in said for question, answer in one.answers.items()]
            measures = [(one.id, id, Decimal(tenths).scaleb(-1)) for one in said for id, tenths in one.tenths.items()]
            tables = {
                "answer": arrow_table({"company": "text", "question": "text", "value": "text"}, answers),
                "measure": arrow_table({"company": "text", "of": "text", "percent": "decimal9.1"}, measures),
            }
            for name, table in tables.items():
                own = {"basis": "reported", "source": "survey", **({"percent.unit": "%"} if name == "measure" else {})}
                beside = {column: pa.array([value] * table.num_rows) for column, value in own.items()}
                whole = pa.table({**dict(zip(table.column_names, table.columns, strict=True)), **beside})
                if name not in writers:
                    file = folder / "facts" / f"{name}.parquet"
                    writers[name] = stack.enter_context(parquet.ParquetWriter(file, whole.schema))
                writers[name].write_table(whole)


def _write(file: Path, table: Any) -> None:
    parquet.write_table(table, file)


def _dataset(methodology: Methodology, pool: int) -> Dataset:
    found = tuple(_companies(methodology, pool))
    return Dataset("Pool", methodology.id, found, tuple(_sources(found, methodology)))


def _sources(companies: Iterable[Company], methodology: Methodology) -> Iterable[Source]:
    cited = (fact.source for company in companies for fact in company.facts if fact.source is not None)
    return dict.fromkeys(source for source in cited if source not in methodology.bibliography)


def _companies(methodology: Methodology, pool: int) -> Iterator[Company]:
    aims, choices = Aims(methodology), Seeded(1)
    for number in range(pool):
        company = company_from(
            {**generated_company(aims, choices), "id": f"p{number}", "name": f"P {number}"}, methodology
        )
        facts = tuple(
            fact
            if fact.source is None or fact.source in methodology.bibliography
            else evolve(fact, source=evolve(fact.source, id=f"{number}-{fact.source.id}"))
            for fact in company.facts
        )
        yield evolve(company, facts=facts, not_found=())
