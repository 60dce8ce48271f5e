"""Scoring tables of very many companies, beside the least that a database must do for it, and beside other ways.

    python -m tests.benchmarks.tables_scored [COMPANIES] [--survey COMPANIES] [--rounds ROUNDS]

There are two batches: facts of Clean Cloud 2024, eight of each company, and a survey of 250 questions that all answer.
Both are read and checked once, and then scored in rounds. The floor reads the columns that conditions test, leaves out
what does not count, and groups by company once. Both take turns in one process, so that what else the machine does
strikes both. A ratio is the median of the rounds, by the clock and by processor time. All of a batch, from files to a
table, is scored once more in a process of its own, for its greatest memory.

Other ways to the totals take turns with both, and the printed table says what each of them computes. Polars reads its
columns from Parquet files in each round, while the floor and the library have them in a database. OpenFisca has its
answers in memory, a vector for each question; it takes part in the survey where it is installed (`make .venv/bench`).
"""

import argparse
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import polars as pl

import cleancloud_rules as cc
from cleancloud_rules.model.facts import Basis
from cleancloud_rules.scoring.compiled import compiled
from cleancloud_rules.tables.backends import DuckDB
from cleancloud_rules.tables.facts import FactTables, field_columns
from cleancloud_rules.tables.reading.normalise import fact_tables_of
from cleancloud_rules.tables.scoring.evidence import TypePlan, type_plans
from cleancloud_rules.tables.scoring.score_table import score_table
from cleancloud_rules.tables.sql import text
from tests.benchmarks import clean_cloud_by_hand, large_tables, questionnaire
from tests.benchmarks.survey_in_openfisca import Survey, columns
from tests.support.places import ROOT

ROUNDS = 3
COMPANIES, FACTS = 1_000_000, 8
ANSWERING = 100_000
AT_MOST = {"clean cloud": 10, "survey": 12}
"""The maxima of the ratios of scoring to the floor."""

NEAR = 0.01
"""How far apart totals of 100 may be that are computed in floats of 32 bits."""

MOST_MEMORY = 1_536
"""The maximum of the memory of a process that scores a batch, in MB."""

COMPUTES = {
    "scoring": "points, outcomes, scores and ranks, exact, from tables that have been checked",
    "Polars by hand": "scores and ranks of this one methodology from files, in floats: no outcomes, nothing is checked",
    "OpenFisca": "totals alone from vectors of answers, in 32-bit floats: no evidence, windows, sources, bounds, ranks",
}
"""What each way computes, beside the floor."""

Methodologies = Mapping[str, Callable[[], cc.Methodology]]
METHODOLOGIES: Methodologies = {
    "clean cloud": partial(cc.load_methodology, "clean_cloud_2024"),
    "survey": lambda: cc.methodology_from(questionnaire.files()),
}


def floor(tables: FactTables, methodology: cc.Methodology) -> str:
    """Return the query of the floor."""
    sources = ", ".join(map(text, methodology.accepted_sources))
    plans = type_plans(compiled(methodology).ruleset).values()
    parts = " UNION ALL ".join(_of_type(plan, tables, sources) for plan in plans if plan.conditions)
    return f"SELECT company, SUM(number) AS number FROM ({parts}) AS facts GROUP BY company"  # noqa: S608


def _of_type(plan: TypePlan, tables: FactTables, sources: str) -> str:
    tested = {name for name, _, _ in plan.code.values([0] * len(plan.code.columns))}
    fields = [(n, own) for n, own in enumerate(plan.fact_type.fields) if own.id in tested]
    columns = [column for n, own in fields for column in field_columns(n, own)]
    number = " + ".join(f"(HASH(facts.{column}) & 1)" for column in columns) or "1"
    named = f"{tables.named(f'facts_{plan.number}')} AS facts JOIN {tables.named('sources')} AS sources"
    counts = f"facts.basis <> {text(Basis.HYPOTHETICAL.value)} AND sources.type IN ({sources})"
    return f"SELECT company, {number} AS number FROM {named} ON facts.source = sources.source WHERE {counts}"  # noqa: S608


def survey_by_hand(folder: Path) -> pl.DataFrame:
    """Return the totals and ranks of the survey, as an analyst computes them with Polars."""
    worth = {**{answer: float(points) for answer, points in questionnaire.EARNS.items()}, "not_applicable": None}
    number = pl.col("question").str.slice(1).cast(pl.Int32)
    answers = pl.scan_parquet(folder / "facts" / "answer.parquet").select(
        "company", number.alias("place"), pl.col("value").replace_strict(worth).cast(pl.Float64).alias("share")
    )
    points = (pl.col("percent").cast(pl.Float64).clip(0, 80) / 20 * 100 + 0.5).floor() / 100
    measures = pl.scan_parquet(folder / "facts" / "measure.parquet").select(
        "company", pl.col("of").str.slice(1).cast(pl.Int32).alias("place"), (points / 4).alias("share")
    )
    levels = questionnaire.LEVELS
    groups = pl.concat([answers, measures]).with_columns(pl.col("place") % levels[-1])
    for depth in range(len(levels) - 1, 0, -1):
        groups = groups.group_by("company", "place").agg(pl.col("share").mean())
        groups = groups.with_columns(pl.col("place") * levels[depth - 1] // levels[depth])
    totals = (
        groups.group_by("company", "place")
        .agg(pl.col("share").mean())
        .group_by("company")
        .agg((pl.col("share").mean() * 100).alias("total"))
    )
    return totals.with_columns(pl.col("total").rank("min", descending=True).alias("rank")).collect()


BY_HAND = {"clean cloud": clean_cloud_by_hand.by_hand, "survey": survey_by_hand}


def in_openfisca(folder: Path) -> Callable[[], object]:
    """Return what computes the totals of the survey in OpenFisca; they are those of Polars."""
    survey, answers = Survey(), columns(folder)
    totals = dict(survey_by_hand(folder).select("company", "total").iter_rows())
    apart = max(abs(totals[f"c{number}"] - float(total)) for number, total in enumerate(survey.totals(answers)))
    assert apart < NEAR, f"totals of OpenFisca and of Polars are {apart} apart"
    return lambda: survey.totals(answers)


def timed(acting: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Return the seconds of each action in each round, by the clock and by processor time."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in acting}
    for _ in range(rounds):
        for name, act in acting.items():
            wall, processor = perf_counter(), process_time()
            act()
            found[name].append((perf_counter() - wall, process_time() - processor))
    return found


def figures(name: str, folder: Path, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Return the seconds of the floor and of each other way in each round."""
    methodology = METHODOLOGIES[name]()
    backend = DuckDB(file=str(folder / "tables.duckdb"))
    backend.run(f"SET temp_directory = {text(str(folder / 'spilled'))}")
    tables = fact_tables_of(folder / "tables", methodology, backend)
    acting: dict[str, Callable[[], object]] = {
        "floor": lambda: backend.create("least", floor(tables, methodology)),
        "scoring": lambda: score_table(tables, methodology),
        "Polars by hand": lambda: BY_HAND[name](folder / "tables"),
    }
    if name == "survey" and find_spec("openfisca_core") is not None:
        acting["OpenFisca"] = in_openfisca(folder / "tables")
    try:
        return timed(acting, rounds)
    finally:
        backend.close()


def memory(name: str, folder: Path) -> float:
    """Return the greatest memory of a process that reads and scores a batch, in MB."""
    call = [sys.executable, "-m", "tests.benchmarks.tables_scored", "--alone", name, "--folder", str(folder)]
    return float(subprocess.run(call, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def _alone(name: str, folder: Path) -> None:
    cc.score_table(folder / "tables", METHODOLOGIES[name]())
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (peak,) = (int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    _say(f"{peak / 1024:.0f}")


def measure(name: str, companies: int, rounds: int) -> None:
    """Write a batch, measure, and print the ratios."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "tables").mkdir()
        if name == "survey":
            large_tables.write_survey(folder / "tables", companies)
        else:
            large_tables.write_companies(folder / "tables", METHODOLOGIES[name](), companies, FACTS)
        found = figures(name, folder, rounds)
        peak = memory(name, folder)
    _say(f"{name}, {companies:,} companies:")
    for other in (other for other in found if other != "floor"):
        pairs = list(zip(found[other], found["floor"], strict=True))
        clock, processor = (median(own[i] / least[i] for own, least in pairs) for i in (0, 1))
        most = f"; {'within' if clock <= AT_MOST[name] else 'above'} {AT_MOST[name]}" if other == "scoring" else ""
        _say(f"  {other} ({COMPUTES[other]}):")
        _say(f"    {clock:.1f} times the floor by the clock, {processor:.1f} by processor time{most}")
    verdict = "within" if peak <= MOST_MEMORY else "above"
    _say(f"  from files to scores: at most {peak:,.0f} MB; {verdict} {MOST_MEMORY:,}")


def main() -> None:
    """Measure both batches."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("companies", nargs="?", type=int, default=COMPANIES)
    parser.add_argument("--survey", type=int, default=ANSWERING, help="the companies that answer the survey")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument(
        "--alone", choices=METHODOLOGIES, help="score a batch, with --folder, and print its memory alone"
    )
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.alone is not None:
        _alone(options.alone, options.folder)
        return
    measure("clean cloud", options.companies, options.rounds)
    measure("survey", options.survey, options.rounds)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
