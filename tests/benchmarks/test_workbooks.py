"""That the benchmark of workbooks times what it says, on a small one."""

from pathlib import Path

from cleancloud_rules.sheets.export import workbook_of
from tests.benchmarks.workbooks import alone, large_dataset, timed, whole
from tests.support.workbooks import rules


def test_both_sides_read_the_workbook(tmp_path: Path) -> None:
    file = tmp_path / "small.xlsx"
    file.write_bytes(workbook_of(large_dataset(3), rules()))
    assert alone(file) > 0
    assert whole(file) > 0
    assert {side: len(times) for side, times in timed(file, 1).items()} == {"alone": 1, "whole": 1}
