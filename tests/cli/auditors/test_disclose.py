"""Tests of ``disclose``: what files say about the items of a regulation."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.support.kept import kept
from tests.support.places import ROOT

WATER = ROOT / "examples" / "careful_water"


@pytest.fixture
def record(tmp_path: Path) -> Path:
    path = tmp_path / "water.record.json"
    path.write_bytes(kept("careful_water").to_json().encode())
    return path


def test_a_record_says_more_than_a_dataset(run: Run, record: Path) -> None:
    done, of_files = (run("disclose", subject, "--for", "eu-2024-3005") for subject in (record, WATER))
    assert (done.exit_code, done.stderr) == (of_files.exit_code, of_files.stderr) == (0, "")
    assert "    A. Person (analyst).\n" in done.stdout
    assert "A. Person" not in of_files.stdout
    assert (
        of_files.stdout.count("To be stated by the provider") == done.stdout.count("To be stated by the provider") + 3
    )
    for shown in (done.stdout, of_files.stdout):
        assert "This page is no legal advice." in shown
        assert "Only the items of Annexes II and III that stand below were looked at." in shown


@pytest.mark.parametrize("format", ["markdown", "html", "json"])
def test_other_formats_say_the_same(run: Run, record: Path, format: str) -> None:
    made = record.with_name("made")
    done = run("disclose", record, "--for", "eu-2024-3005", "--format", format, "-o", made)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    text = made.read_text(encoding="utf-8")
    assert "A. Person (analyst)." in text
    assert "This page is no legal advice." in text
    assert format != "json" or json.loads(text)["regulation"] == "eu-2024-3005"


def test_what_cannot_be_disclosed_is_refused(run: Run, record: Path) -> None:
    assert run("disclose", record).exit_code == 2
    assert run("disclose", record, "--for", "eu-1").exit_code == 2
    done = run("disclose", record, "--for", "eu-2024-3005", "-m", "clean_cloud_2024")
    assert done.exit_code == 2
    assert "a record has its methodology and its cut-off" in done.stderr
    record.write_bytes(record.read_bytes().replace(b"A. Person", b"C. Person"))
    done = run("disclose", record, "--for", "eu-2024-3005")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "digests.record" in done.stderr
    assert run("disclose", ROOT / "nothing", "--for", "eu-2024-3005").exit_code == 2
