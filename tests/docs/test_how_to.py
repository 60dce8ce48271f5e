"""Tests of the how-to pages: their examples are executed, and their links lead somewhere."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from cleancloud_rules import run_cases
from cleancloud_rules.cli import main
from cleancloud_rules.documents.yaml import read_text
from cleancloud_rules.schemas.catalogue import SCHEMAS
from tests.schemas.test_catalogue import plain
from tests.support.places import CRITERIA, ROOT

HOW_TO = ROOT / "docs" / "how-to"
TEST_CASES = (ROOT / "docs" / "reference" / "language" / "test-cases.md").read_text(encoding="utf-8")


def block(page: str, language: str) -> str:
    """Return the only block of a language in a page."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    return str(found)


def methodology_with(cases: str, folder: Path) -> Path:
    """Return a copy of the bundled methodology with other cases."""
    made = folder / "my_methodology"
    shutil.copytree(CRITERIA, made, ignore=shutil.ignore_patterns("cases"))
    (made / "cases").mkdir()
    (made / "cases" / "renewable_energy.yaml").write_text(cases, encoding="utf-8")
    return made


@pytest.mark.parametrize("page", sorted(HOW_TO.glob("*.md")), ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for path in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / path).exists(), path


def test_the_cases_of_the_page_say_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (HOW_TO / "write-cases.md").read_text(encoding="utf-8")
    methodology_with(block(page, "yaml"), tmp_path)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["test", "my_methodology"])
    assert done.exit_code == 1
    said = iter(done.stdout.splitlines())
    assert [line for line in block(page, "text").splitlines() if line not in said] == []


def test_the_cases_of_the_language_pass_and_conform(tmp_path: Path) -> None:
    report = run_cases(methodology_with(block(TEST_CASES, "yaml"), tmp_path))
    assert [(case.name, case.mismatches) for case in report.failed] == []
    assert [case.compared for case in report.cases] == [6, 1]
    document, _ = read_text(block(TEST_CASES, "yaml"))
    assert document is not None
    assert list(Draft202012Validator(SCHEMAS["cases"]()).iter_errors(plain(document.root))) == []
