"""The tables that the page for users shows are read as it says, and its mistakes are reported as it says."""

import re
import shlex
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyarrow import parquet

from cleancloud_rules import FactsError, Methodology, load_methodology
from cleancloud_rules.cli import main
from cleancloud_rules.model import Interval
from cleancloud_rules.tables.reading.normalise import fact_tables_of
from cleancloud_rules.tables.reading.rows import company_of_rows
from tests.support.places import ROOT
from tests.support.score_tables import database
from tests.support.table_folders import FILES, PAGE, survey


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the page, with its files."""
    monkeypatch.chdir(tmp_path)
    return survey(Path("survey"))


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


def test_the_commands_of_the_page_run_and_print_what_it_says(folder: Path, methodology: Methodology) -> None:
    score, explain, _ = (
        shlex.split(line) for line in re.findall(r"^```sh\ncleancloud-rules (.*)\n```", PAGE, re.MULTILINE)
    )
    done = CliRunner().invoke(main, score)
    assert (done.exit_code, done.stderr) == (0, "")
    assert f"```text\n{done.stdout}```\n" in PAGE
    table = parquet.read_table("scores.parquet")
    assert table["company"].to_pylist() == ["acme", "beta"]
    ids = {*(one.id for one in methodology.criteria), *(one.id for one in methodology.groups)}
    for name in table.column_names:
        part, _, own = name.rpartition(".")
        assert f"`{name}`" in PAGE or (part in ids and f">.{own}`" in PAGE), name
    explained = CliRunner().invoke(main, explain)
    assert (explained.exit_code, explained.stderr) == (0, "")
    assert "15.43" in explained.stdout
