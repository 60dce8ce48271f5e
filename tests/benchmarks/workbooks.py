"""Times the import of a large workbook, with all checks, beside reading it with openpyxl alone: ``make bench``.

    python -m tests.benchmarks.workbooks [FACTS] [--rounds ROUNDS]

Each side is timed in a process of its own, in turn: what one has left in memory would slow down the other. Alone,
openpyxl opens the workbook and reads of each cell the value and the number format, without which nobody knows a
percentage. The figures are seconds of the processor; a ratio is that of the medians.
"""

import argparse
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from openpyxl import load_workbook

from cleancloud_rules import Dataset, dataset_from
from cleancloud_rules.sheets.export import workbook_of
from cleancloud_rules.sheets.load import load_sheets
from tests.support.places import ROOT
from tests.support.workbooks import rules

FACTS_OF_A_COMPANY = 100
AT_MOST = 3
"""How many times the time of openpyxl alone an import may take."""


def large_dataset(facts: int) -> Dataset:
    """Return a dataset with so many different facts of three types."""
    files: dict[str, Any] = {
        "dataset.yaml": {"title": "Large", "methodology": "demo", "companies": "companies", "sources": "sources.yaml"},
        "sources.yaml": {"sources": {f"s{number}": {"type": "report", "published": 2023} for number in range(50)}},
    }
    for first in range(0, facts, FACTS_OF_A_COMPANY):
        id = f"c{first // FACTS_OF_A_COMPANY:04}"
        stated = [_fact(number) for number in range(first, min(facts, first + FACTS_OF_A_COMPANY))]
        files[f"companies/{id}.yaml"] = {"id": id, "name": f"Company {id}", "cohort": "cloud", "facts": stated}
    return dataset_from(files, rules())


def _fact(number: int) -> dict[str, Any]:
    commitment = {"topic": "carbon_neutrality", "scopes": ["scope_1", "scope_3"], "public": True}
    values: list[dict[str, Any]] = [
        {"share": {"percent": {"more_than": number % 90}, "denominator": "energy"}},
        {"energy": {"amount": f"{number % 977 + 1}.5 GWh", "region": f"R{number}", "sites": number}},
        {"commitment": {**commitment, "target_year": {"at_most": 2030 + number % 20}}},
    ]
    beside = {"period": 2000 + number % 24, "source": f"s{number % 50}", "locator": f"page {number}", "note": "Noted."}
    return {**values[number % 3], **beside}


def alone(file: Path) -> float:
    """Return how long openpyxl takes to read a workbook."""
    content = file.read_bytes()
    begun = process_time()
    for sheet in load_workbook(BytesIO(content)).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                _ = cell.value, cell.number_format
    return process_time() - begun


def whole(file: Path) -> float:
    """Return how long the import of a workbook takes."""
    own = rules()
    begun = process_time()
    load_sheets(file, own)
    return process_time() - begun


SIDES = {"alone": alone, "whole": whole}


def timed(file: Path, rounds: int) -> dict[str, list[float]]:
    """Return the seconds of each side, each time in a new process."""
    found: dict[str, list[float]] = {side: [] for side in SIDES}
    for _ in range(rounds):
        for side, times in found.items():
            call = [sys.executable, "-m", "tests.benchmarks.workbooks", "--side", side, "--file", str(file)]
            times.append(float(subprocess.run(call, cwd=ROOT, check=True, capture_output=True, text=True).stdout))
    return found


def main() -> None:
    """Print how long reading and importing takes."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("facts", nargs="?", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--side", choices=SIDES, help="time one side, with --file, and print its seconds alone")
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    if options.side is not None:
        sys.stdout.write(f"{SIDES[options.side](options.file)}\n")
        return
    dataset = large_dataset(options.facts)
    begun = process_time()
    content = workbook_of(dataset, rules())
    taken = process_time() - begun
    sys.stdout.write(f"{options.facts:,} facts, {len(content):,} bytes; written and read back in {taken:.1f} s\n")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "large.xlsx"
        file.write_bytes(content)
        found = timed(file, options.rounds)
    for side, times in found.items():
        sys.stdout.write(f"{side}: {median(times):.2f} s ({min(times):.2f} to {max(times):.2f})\n")
    ratio = median(found["whole"]) / median(found["alone"])
    sys.stdout.write(f"{ratio:.2f} times ({'within' if ratio <= AT_MOST else 'above'} {AT_MOST})\n")


if __name__ == "__main__":
    main()
