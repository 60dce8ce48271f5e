"""Times how long tables of texts take to be checked and converted, beside reading the same files with DuckDB alone.

Run `python -m tests.benchmarks.tables_read [FACTS]`. Both take turns in one process, so that what else the machine
does strikes both; a figure is the median of the rounds, and the ratio the median of their ratios. There is a company
for each fact, and numbers, units, bounds, names, periods and sources differ from row to row.
"""

import sys
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

from cleancloud_rules.model.exact import shifted
from cleancloud_rules.tables.backends import DuckDB
from cleancloud_rules.tables.reading.normalise import fact_tables_of
from tests.support.workbooks import rules

ROUNDS = 3
AT_MOST = 10
"""The maximum of the ratio."""

_UNITS = (("GWh", 3), ("GWh", 2), ("MWh", 0), ("TWh", 6))
_SIGNS = (*[""] * 16, "> ", ">", "<= ", "<")


def write(folder: Path, facts: int) -> None:
    """Write tables with so many companies, and a fact about each, into a folder."""
    chosen = Random(facts)  # noqa: S311 - no secret
    sources = (f"s{number},report,Report {number},2023-05-{number % 28 + 1:02}\n" for number in range(500))
    (folder / "sources.csv").write_text("id,type,title,published\n" + "".join(sources))
    companies = (f"c{number},Company {number},cloud\n" for number in range(facts))
    (folder / "companies.csv").write_text("id,name,cohort\n" + "".join(companies))
    head = "company,amount,region,sites,period,basis,source,locator\n"
    (folder / "energy.csv").write_text(head + "".join(_row(number, chosen) for number in range(facts)))


def _row(number: int, chosen: Random) -> str:
    unit, digits = chosen.choice(_UNITS)
    amount = f"{chosen.choice(_SIGNS)}{shifted(chosen.randrange(10**8), digits):f} {unit}"
    if not chosen.randrange(25):
        amount = "(disclosed)"
    sites = chosen.choice(("", str(chosen.randrange(1000)), f">= {chosen.randrange(50)}"))
    region, year = f"Region {chosen.randrange(300)}", chosen.randrange(2015, 2025)
    beside = f"{year},reported,s{chosen.randrange(500)},page {chosen.randrange(400)}"
    return f"c{number},{amount},{region},{sites},{beside}\n"


def read_alone(folder: Path) -> None:
    """Read the files with DuckDB, and do nothing else."""
    backend = DuckDB()
    for file in sorted(folder.glob("*.csv")):
        backend.create(file.stem, f"SELECT * FROM READ_CSV('{file}', header = TRUE, all_varchar = TRUE)")  # noqa: S608


def checked(folder: Path) -> int:
    """Check and convert the files, and return how many facts there are."""
    backend = DuckDB()
    found = fact_tables_of(folder, rules(), backend)
    number = [fact_type.id for fact_type in rules().vocabulary.fact_types].index("energy")
    ((count,),) = backend.rows(f"SELECT COUNT(*) FROM {found.named(f'facts_{number}')}")  # noqa: S608
    return int(count)


def _times(action: Any) -> tuple[float, float]:
    wall, processor = perf_counter(), process_time()
    action()
    return perf_counter() - wall, process_time() - processor


def ratios(folder: Path, rounds: int = ROUNDS) -> list[dict[str, float]]:
    """Return what each round took."""
    found = []
    for _ in range(rounds):
        alone, whole = _times(lambda: read_alone(folder)), _times(lambda: checked(folder))
        found.append(
            {"alone": alone[0], "whole": whole[0], "ratio": whole[0] / alone[0], "by processor": whole[1] / alone[1]}
        )
    return found


def main(facts: int) -> None:
    """Print how long reading alone, and reading with all checks, takes."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, facts)
        found = ratios(folder)
    alone, whole, ratio, processor = (median(one[key] for one in found) for key in found[0])
    print(  # noqa: T201
        f"{facts:,} facts of as many companies: read alone {alone:.2f} s, checked {whole:.2f} s: {ratio:.1f} times, "
        f"by processor time {processor:.1f} times; at most {AT_MOST}"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
