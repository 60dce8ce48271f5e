"""Tests of the benchmark of reading tables, with few rows and without limits of time."""

from pathlib import Path

from tests.benchmarks.tables_read import checked, ratios, write


def test_all_rows_are_read_and_both_ways_are_timed(tmp_path: Path) -> None:
    write(tmp_path, 300)
    assert checked(tmp_path) == 300
    (found,) = ratios(tmp_path, 1)
    assert all(value > 0 for value in found.values())
