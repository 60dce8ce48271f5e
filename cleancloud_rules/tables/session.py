"""Scores tables of facts."""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from attrs import evolve

from cleancloud_rules.language.arguments import check_methodology
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.tables.backends import Backend
from cleancloud_rules.tables.databases import database, refusals_as_errors
from cleancloud_rules.tables.reading.normalise import fact_tables_of
from cleancloud_rules.tables.sampling import compare_with_engine
from cleancloud_rules.tables.scoring.score_table import ScoreTable, refuse_large_numbers
from cleancloud_rules.tables.scoring.score_table import score_table as scores_of
from cleancloud_rules.tables.spark.backend import Spark
from cleancloud_rules.tables.spark.sessions import session

Step = Callable[[str], None]
"""Called with the name of each step when it begins."""

_MAX_SEED = 2**32

ENGINES = ("duckdb", "spark")
"""The words for engines."""

SIZE = re.compile(r"[1-9][0-9]{0,6}[KMGT]B")
"""What a size of memory looks like."""


def score_table(
    facts: Any,
    methodology: Methodology,
    *,
    with_hypothetical: bool = False,
    as_of: date | None = None,
    engine: Any = "duckdb",
    sample: int = 0,
    seed: int | None = None,
    memory: str | None = None,
    progress: Step | None = None,
) -> ScoreTable:
    """Return the scores of all companies of tables at once, with the results that `score` gives for each of them.

    It needs the extra ``frames``, or ``spark`` if Spark is the engine. The how-to page about a million companies
    describes the tables and the columns.

    Args:
        facts: a folder with CSV and Parquet files: ``companies``, ``sources``, ``not_found``, ``answers``, and one for
            each fact type, which may also lie in a folder ``facts``. Or a DuckDB database, a file ``*.duckdb``, with
            tables of these names, in which a schema ``facts`` may hold those of fact types. Or tables by these names,
            each of them a file, a list of rows, or a table of Arrow, pandas, Polars or DuckDB, or of Spark if that
            is the engine.
        methodology: the methodology whose vocabulary they use.
        with_hypothetical: whether hypothetical facts are read.
        as_of: the cut-off; None for that of the methodology.
        engine: what reads and scores the tables: ``duckdb``, on this machine; a session of Spark; or ``spark`` for the
            active session, or a new one. It makes no difference to the results.
        sample: for how many random companies the rules engine must give the same results, with its cross-check.
        seed: the seed of the random choice; None for one that is new each time.
        memory: the size that the tables of the database may have in memory, such as ``2GB``; the others are then in
            files of a temporary folder. None for four fifths of the memory of the machine. Spark has settings of its
            own for that.
        progress: called with the name of each step when it begins.

    Returns:
        A table with a row for each company: its points, outcomes, scores and rank.

    Raises:
        FactsError: with all diagnostics of the tables, each with its file, row and column.
        CriteriaError: if the methodology is too complex for tables, with the place.
        EngineError: if the rules engine gives another result for a company of the sample, or if the database fails.
        MissingExtraError: if DuckDB, Arrow, Spark or sqlglot is missing; the message says what to install.
        TypeError: if the cut-off is not a date, or the engine neither a word nor a session of Spark.
        ValueError: if there is no such engine, if the size of the sample is below 0, or if that of the memory is none
            or is given to Spark.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> tables = {
        ...     "companies": [{"id": "shop", "name": "Corner Shop"}],
        ...     "sources": [{"id": "web", "type": "corporate_publication", "title": "Use", "published": "2024-03-01"}],
        ...     "pue": [
        ...         {"company": "shop", "breakdown": "average", "value": 1.2, "extent": "whole", "period": 2023,
        ...          "basis": "reported", "source": "web"},
        ...     ],
        ... }
        >>> scores = cc.score_table(tables, methodology)
        >>> scores.table.select(["company", "rank", "total"]).to_pylist()
        [{'company': 'shop', 'rank': 1, 'total': Decimal('1.90')}]
    """
    if sample < 0:
        raise ValueError(f"a sample has 0 companies or more, not {sample}")
    check_methodology(methodology)
    refuse_large_numbers(methodology, as_of)
    begin = progress or (lambda _: None)
    with _engine(engine, memory) as backend:
        begin("Reading tables")
        tables = fact_tables_of(facts, methodology, backend)
        begin("Scoring")
        scores = scores_of(tables, methodology, with_hypothetical=with_hypothetical, as_of=as_of)
        if not sample:
            return scores
        begin("Asking the rules engine")
        chosen = secrets.randbelow(_MAX_SEED) if seed is None else seed
        held = compare_with_engine(
            scores._rows,
            tables,
            methodology,
            count=sample,
            seed=chosen,
            with_hypothetical=with_hypothetical,
            as_of=as_of,
        )
        return evolve(scores, sampled=held, seed=chosen)


@contextmanager
def _engine(engine: Any, memory: str | None) -> Iterator[Backend]:
    """Yield a database. What it refuses is an error of the library.

    Raises:
        EngineError: if the database fails.
        TypeError: if the engine is neither a word nor a session of Spark.
        ValueError: if there is no such engine, or no such size of memory.
    """
    if isinstance(engine, str) and engine not in ENGINES:
        raise ValueError(f"there is no engine `{engine}`: take `duckdb`, `spark` or a session of Spark")
    if memory is not None and not SIZE.fullmatch(memory):
        raise ValueError(f"`{memory}` is no size of memory, such as 512MB or 2GB")
    if memory is not None and engine != "duckdb":
        raise ValueError("Spark has settings of its own for its memory, such as `spark.driver.memory`")
    if engine == "duckdb":
        with database(memory, in_file=True) as duckdb:
            yield duckdb
        return
    with refusals_as_errors():
        spark = Spark(session() if engine == "spark" else engine)
        try:
            yield spark
        finally:
            spark.close()
