"""The tables that the page for users shows are read as it says, and its mistakes are reported as it says."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from cleancloud_rules import FactsError, Methodology, load_methodology
from cleancloud_rules.model import Interval
from cleancloud_rules.tables.reading.normalise import fact_tables_of
from cleancloud_rules.tables.reading.rows import company_of_rows
from tests.support.places import ROOT
from tests.support.score_tables import database

PAGE = (ROOT / "docs" / "how-to" / "score-a-million-companies.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^`(\S+\.csv)`:\n\n```csv\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the page, with its files."""
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        file = Path("survey") / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return Path("survey")


def test_the_tables_of_the_page_are_read(folder: Path, methodology: Methodology) -> None:
    assert len(FILES) == 3
    tables = fact_tables_of(folder, methodology, database())
    acme, beta = (company_of_rows(tables, methodology, id).facts[0] for id in ("acme", "beta"))
    assert acme.get("percent") == Decimal("15.43")
    assert beta.get("percent") == Interval(low=Decimal(38), low_open=True)


def test_the_mistakes_of_the_page_are_reported_as_it_says(folder: Path, methodology: Methodology) -> None:
    shares = folder / "facts" / "renewable_share.csv"
    shares.write_text(shares.read_text().replace("beta,> 38%", "beat,0.38"))
    with pytest.raises(FactsError) as caught:
        fact_tables_of(folder, methodology, database())
    assert f"```text\n{caught.value}\n```\n" in PAGE


def test_the_answers_of_the_page_are_read() -> None:
    (answers,) = re.findall(r"```csv\n(company,drawing.*?)```", PAGE, re.DOTALL)
    mended = load_methodology(ROOT / "examples" / "mendable_tools" / "methodology")
    head, *rows = (line.split(",") for line in answers.splitlines())
    tables = {
        "companies": [{"id": id, "name": id} for id in ("acme", "beta")],
        "sources": [{"id": "survey", "type": "questionnaire"}],
        "answers": [dict(zip(head, row, strict=True)) for row in rows],
    }
    found = fact_tables_of(tables, mended, database())
    assert [len(company_of_rows(found, mended, id).facts) for id in ("acme", "beta")] == [2, 1]
