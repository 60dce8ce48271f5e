"""Tests of ``docs``, and that the shipped document is what it writes; ``make pages`` writes it anew."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.support.places import ROOT, edit

SHIPPED = ROOT / "docs" / "clean-cloud-2024" / "clean-cloud-2024.md"


def test_the_shipped_document_is_what_the_command_writes(run: Run) -> None:
    assert SHIPPED.read_text(encoding="utf-8") == run("docs", "clean_cloud_2024").stdout, "run `make pages`"


@pytest.mark.parametrize(("format", "start"), [("markdown", "# Clean Cloud 2024\n"), ("html", "<!DOCTYPE html>\n")])
def test_a_document_is_written_to_a_file(run: Run, tmp_path: Path, format: str, start: str) -> None:
    result = run("docs", "clean_cloud_2024", "--format", format, "-o", tmp_path / "page")
    assert (result.exit_code, result.stdout) == (0, "")
    text = (tmp_path / "page").read_text(encoding="utf-8")
    assert text.startswith(start)
    assert text == run("docs", "clean_cloud_2024", "--format", format).stdout


def test_a_folder_is_described_as_it_is_now(run: Run, criteria: Path) -> None:
    edit(criteria / "methodology.yaml", "title: Clean Cloud 2024\n", "title: Clean <Cloud> 2025\n")
    assert run("docs", criteria).stdout.startswith("# Clean \\<Cloud\\> 2025\n")
    assert "<title>Clean &lt;Cloud&gt; 2025</title>" in run("docs", criteria, "--format", "html").stdout


def test_a_methodology_with_errors_is_rejected_with_its_findings(run: Run, criteria: Path) -> None:
    edit(criteria / "methodology.yaml", "title: Clean Cloud 2024\n", "titel: Clean Cloud 2024\n")
    result = run("docs", criteria)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "unknown-key" in result.stderr


def test_a_methodology_that_is_not_there_is_wrong_usage(run: Run) -> None:
    assert run("docs", "clean_clout").exit_code == 2
