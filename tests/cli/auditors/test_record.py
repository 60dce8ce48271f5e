"""Tests of ``record``: results with all that they follow from, in one file."""

from pathlib import Path

import pytest

import cleancloud_rules as cc
from tests.cli.conftest import Run
from tests.support.kept import kept
from tests.support.places import ROOT

WATER = ROOT / "examples" / "careful_water"


def test_the_record_of_a_dataset_is_written_byte_by_byte(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1796126400")
    made = tmp_path / "water.record.json"
    done = run("record", WATER, "--by", "analyst=A. Person", "--by", "approved = B. Person", "-o", made)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    assert made.read_bytes() == kept("careful_water").to_json().encode()


def test_a_company_is_named_as_for_other_commands(run: Run, tmp_path: Path) -> None:
    made = tmp_path / "fen.record.json"
    assert run("record", "example_fen", "--dataset", WATER, "-o", made).exit_code == 0
    assert list(cc.results.Record.from_json(made.read_bytes()).data()["results"]["companies"]) == ["example_fen"]
    assert run("record", WATER / "companies" / "example_fen.yaml", "--as-of", "2020-01-01", "-o", made).exit_code == 0
    assert cc.results.Record.from_json(made.read_bytes()).data()["as_of"] == "2020-01-01"


@pytest.mark.parametrize("who", ["analyst", "=A. Person", "analyst="])
def test_a_person_has_a_role_and_a_name(run: Run, tmp_path: Path, who: str) -> None:
    done = run("record", WATER, "--by", who, "-o", tmp_path / "made")
    assert done.exit_code == 2
    assert "is not a role and a name" in done.stderr
    assert not (tmp_path / "made").exists()


def test_what_is_neither_a_dataset_nor_a_company_is_refused(run: Run, tmp_path: Path) -> None:
    done = run("record", "nobody", "-o", tmp_path / "made")
    assert done.exit_code == 2
    assert "no company `nobody`" in done.stderr
    broken = tmp_path / "broken.yaml"
    broken.write_text("id: broken\n", encoding="utf-8")
    done = run("record", broken, "-o", tmp_path / "made")
    assert done.exit_code == 1
    assert "key `name` is missing" in done.stderr
    (tmp_path / "book.xlsx").write_bytes(b"")
    done = run("record", tmp_path / "book.xlsx", "-m", "clean_cloud_2024", "-o", tmp_path / "made")
    assert done.exit_code == 1
    assert "error[bad-workbook]" in done.stderr


@pytest.mark.parametrize(("option", "said"), [("--solicited", True), ("--unsolicited", False), (None, None)])
def test_it_says_whether_a_rating_was_solicited_if_someone_says_so(
    run: Run, tmp_path: Path, option: str | None, said: bool | None
) -> None:
    made = tmp_path / "made"
    assert run("record", WATER, *([option] if option else []), "-o", made).exit_code == 0
    assert cc.results.Record.from_json(made.read_bytes()).data()["made"].get("solicited") is said
