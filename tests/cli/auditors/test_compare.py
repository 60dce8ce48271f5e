"""Tests of ``compare``: what changed between two records."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest

from cleancloud_rules.documents.canonical_json import canonical_json
from cleancloud_rules.results import Record
from tests.cli.conftest import Run
from tests.support.kept import kept, two_editions


@pytest.fixture
def records(tmp_path: Path) -> tuple[Path, Path]:
    return written(two_editions(), tmp_path)


def written(records: tuple[Record, Record], folder: Path) -> tuple[Path, Path]:
    paths = folder / "old.record.json", folder / "new.record.json"
    for path, record in zip(paths, records, strict=True):
        path.write_bytes(record.to_json().encode())
    return paths


def test_it_lists_what_changed_and_attributes_each_difference(run: Run, records: tuple[Path, Path]) -> None:
    done = run("compare", *records)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "The Old Anchor: new fact, compost-" in done.stdout
    assert "+20.0 by change 1; +1.7 by changes 6 and 7; +18.3 by change 8" in done.stdout


def test_it_writes_every_format(run: Run, records: tuple[Path, Path], tmp_path: Path) -> None:
    done = run("compare", *records, "--format", "json", "-o", tmp_path / "found.json")
    assert (done.exit_code, done.stdout) == (0, "")
    assert json.loads((tmp_path / "found.json").read_text())["old"]["replay"] == "identical"
    assert run("compare", *records, "--format", "markdown").stdout.startswith(
        "*Restaurants and figures are fictional.*"
    )
    assert run("compare", *records, "--format", "html").stdout.startswith("<!DOCTYPE html>")
    rows = list(csv.DictReader(StringIO(run("compare", *records, "--format", "csv").stdout)))
    totals = [row for row in rows if (row["company"], row["part"]) == ("old_anchor", "total")]
    assert [row["difference"] for row in totals] == ["40.0", "20.0", "1.7", "18.3"]
    assert [row["changes"] for row in totals] == ["", "1", "6 7", "8"]


def test_a_record_does_not_differ_from_itself(run: Run, records: tuple[Path, Path]) -> None:
    done = run("compare", records[0], records[0])
    assert done.exit_code == 0
    assert done.stdout.endswith("Nothing changed: the same evidence under the same methodology.\n")


def test_a_record_that_does_not_verify_is_named_and_its_files_are_compared(run: Run, tmp_path: Path) -> None:
    old, new = two_editions()
    data = old.data()
    data["results"]["companies"]["old_anchor"]["total"] = "99.9"
    paths = written((Record(canonical_json(data)), new), tmp_path)
    done = run("compare", *paths)
    assert done.exit_code == 1
    assert "The old record differs from its replay at 1 place, which `verify` names." in done.stdout
    assert "The Old Anchor   100.0   60.0   +40.0" in done.stdout


def test_records_without_anything_in_common_are_refused(run: Run, tmp_path: Path) -> None:
    done = run("compare", *written((kept("careful_water"), kept("first_edition")), tmp_path))
    assert (done.exit_code, done.stdout) == (1, "")
    assert "error[records-not-comparable]" in done.stderr
    assert run("compare", tmp_path / "none", tmp_path / "old.record.json").exit_code == 1
