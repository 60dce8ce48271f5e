"""Scoring tables in a warm session of Spark, beside the least that Spark must do for it, with the scores of DuckDB.

    python -m tests.benchmarks.tables_in_spark [COMPANIES] [--rounds ROUNDS] [--equal] [--memory MEMORY]

It needs Java and Spark (`make .venv/outside`), and a quiet machine: with a million companies a round takes minutes.
Facts of Clean Cloud 2024 are drawn as in `tables_scored`. DuckDB reads and checks them once, and Spark keeps the
normalised tables, so that a ratio is one of scoring alone. The floor is the query of `tables_scored.floor`, in the same
session. Times are those of the clock and the processor time of Java. The first round compiles code and is left out.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import cleancloud_rules as cc
from cleancloud_rules.tables.backends import DuckDB
from cleancloud_rules.tables.facts import FactTables
from cleancloud_rules.tables.reading.normalise import fact_tables_of
from cleancloud_rules.tables.scoring.score_table import ScoreTable, score_table
from cleancloud_rules.tables.spark.backend import Spark
from cleancloud_rules.tables.sql import text
from tests.benchmarks import large_tables
from tests.benchmarks.tables_scored import COMPANIES, FACTS, floor
from tests.support.spark import session

ROUNDS = 3
MEMORY = "3g"
AT_MOST = 6
"""The maximum of the ratio of scoring, with outcomes and applicability, to the floor."""


def normalised(folder: Path, methodology: cc.Methodology, backend: DuckDB, spark: Any) -> tuple[FactTables, FactTables]:
    """Return the tables of a folder in DuckDB, and the same normalised tables in Spark."""
    tables = fact_tables_of(folder, methodology, backend)
    numbers = range(len(methodology.vocabulary.fact_types))
    for name in ("companies", "sources", "not_found", *(f"facts_{number}" for number in numbers)):
        file = folder / f"{name}.normalised.parquet"
        backend.run(f"COPY {name} TO {text(str(file))} (FORMAT PARQUET)")
        spark._view(name, spark._session.read.parquet(str(file)).localCheckpoint())
    return tables, FactTables(spark, tables.searches)


def timed(act: Callable[[], Any], pid: int) -> tuple[float, float]:
    """Return the seconds of an action by the clock, and the processor time of Java in it."""
    clock, processor = perf_counter(), _processor_time(pid)
    act()
    return perf_counter() - clock, _processor_time(pid) - processor


def _processor_time(pid: int) -> float:
    ticks = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(ticks[11]) + int(ticks[12])) / 100


def _run(frame: Any) -> None:
    """Have Spark compute all rows of a data frame, which go nowhere."""
    frame.write.format("noop").mode("overwrite").save()


def differing(first: ScoreTable, second: ScoreTable) -> list[str]:
    """Return the columns in which two tables of scores differ."""
    columns = first.table.column_names
    assert columns == second.table.column_names
    return [name for name in columns if first.table[name].to_pylist() != second.table[name].to_pylist()]


def measure(companies: int, rounds: int, *, equal: bool, folder: Path, memory: str = MEMORY) -> list[str]:
    """Return what a run took, in words; with `equal` also whether the scores are those of DuckDB."""
    methodology = cc.load_methodology("clean_cloud_2024")
    (folder / "tables").mkdir()
    large_tables.write_companies(folder / "tables", methodology, companies, FACTS)
    with session(folder, memory) as (made, _):
        pid = int(made._jvm.java.lang.ProcessHandle.current().pid())
        spark, duckdb = Spark(made), DuckDB(file=str(folder / "tables.duckdb"))
        tables, held = normalised(folder / "tables", methodology, duckdb, spark)
        least = floor(held, methodology)
        scoring, asking = lambda: _run(score_table(held, methodology).frame), lambda: _run(spark._frame(least))
        found = [(timed(asking, pid), timed(scoring, pid)) for _ in range(rounds + 1)][1:]
        clock, processor = (median(scored[i] / below[i] for below, scored in found) for i in (0, 1))
        verdict = f"{'within' if clock <= AT_MOST else 'above'} {AT_MOST}"
        said = [f"Clean Cloud 2024 in Spark, {companies:,} companies:"]
        said.append(f"  {clock:.1f} times the floor by the clock, {processor:.1f} by processor time; {verdict}")
        if equal:
            columns = differing(score_table(tables, methodology), score_table(held, methodology))
            said.append(f"  other scores than DuckDB in {', '.join(columns)}" if columns else "  the scores of DuckDB")
        duckdb.close()
    return said


def main() -> None:
    """Measure, and print the ratios."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("companies", nargs="?", type=int, default=COMPANIES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--equal", action="store_true", help="compare all scores with those of DuckDB, once")
    parser.add_argument("--memory", default=MEMORY, help=f"the memory of Java ({MEMORY} unless given)")
    options = parser.parse_args()
    with TemporaryDirectory() as made:
        folder = Path(made)
        said = measure(options.companies, options.rounds, equal=options.equal, folder=folder, memory=options.memory)
    sys.stdout.writelines(f"{line}\n" for line in said)


if __name__ == "__main__":
    main()
