"""Times the import of a large workbook, with all checks, beside reading it with openpyxl alone.

Run `python -m tests.benchmarks.workbooks [FACTS]`; the figures are seconds of the processor.
"""

import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from openpyxl import load_workbook

from cleancloud_rules import Dataset, dataset_from
from cleancloud_rules.sheets.export import workbook_of
from cleancloud_rules.sheets.load import load_sheets
from tests.support.workbooks import rules

FACTS_OF_A_COMPANY = 100


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


def main(facts: int) -> None:
    """Print how long reading and importing takes."""
    dataset = large_dataset(facts)
    start = process_time()
    content = workbook_of(dataset, rules())
    print(f"{facts:,} facts, {len(content):,} bytes; written and read back in {process_time() - start:.1f} s")  # noqa: T201
    with TemporaryDirectory() as folder:
        file = Path(folder) / "large.xlsx"
        file.write_bytes(content)
        for _ in range(3):
            start = process_time()
            load_workbook(BytesIO(content))
            alone = process_time() - start
            start = process_time()
            load_sheets(file, rules())
            whole = process_time() - start
            print(f"openpyxl alone {alone:.2f} s, import {whole:.2f} s: {whole / alone:.2f} times")  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
