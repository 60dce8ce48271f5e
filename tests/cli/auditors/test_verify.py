"""Tests of ``verify``: a record computed again."""

import json
from pathlib import Path

import pytest

from cleancloud_rules.documents.canonical_json import canonical_json
from cleancloud_rules.results.kept_records import FORMAT
from tests.cli.conftest import Run
from tests.support.kept import data_of, kept


@pytest.fixture
def record(tmp_path: Path) -> Path:
    path = tmp_path / "water.record.json"
    path.write_bytes(kept("careful_water").to_json().encode())
    return path


def test_an_identical_record_passes(run: Run, record: Path) -> None:
    done = run("verify", record)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("Identical: same facts, same results, same bytes\n")
    done = run("verify", record, "--format", "json", "-o", record.with_name("found.json"))
    assert (done.exit_code, done.stdout) == (0, "")
    assert json.loads(record.with_name("found.json").read_text())["replay"] == "identical"


def test_one_that_differs_fails_with_the_place_and_what_it_ought_to_be(run: Run, record: Path) -> None:
    data = data_of("careful_water")
    data["results"]["companies"]["example_fen"]["total"] = "99.9"
    record.write_bytes(canonical_json(data).encode())
    done = run("verify", record)
    assert done.exit_code == 1
    assert done.stdout.startswith("Different at 1 place\n")
    assert 'in the record: "99.9"' in done.stdout


def test_what_is_no_record_is_refused(run: Run, record: Path) -> None:
    for text in ("{}", "no JSON", json.dumps({"format": FORMAT}, separators=(",", ":"))):
        record.write_text(text, encoding="utf-8")
        done = run("verify", record)
        assert done.exit_code == 1
        assert done.stderr.startswith(f"{record}: error[unreadable-result]: this is no record")
    assert run("verify", record.with_name("none")).exit_code == 1


def test_one_company_alone_is_scored_again(run: Run, record: Path) -> None:
    done = run("verify", record, "--company", "example_fen")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("Identical for `example_fen`: same facts, same results\nOnly `example_fen` was ")
    done = run("verify", record, "--company", "nobody")
    assert done.exit_code == 1
    assert "error[unknown-company]: the record has no company `nobody`" in done.stderr
