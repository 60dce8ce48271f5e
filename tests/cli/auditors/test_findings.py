"""Tests of ``findings``."""

import json

from tests.cli.conftest import Run
from tests.support.places import COMPANIES, DATASET


def test_the_rows_have_counts_and_names(run: Run) -> None:
    found = json.loads(run("findings", DATASET, "--format", "json").stdout)
    rows = {row["id"]: row for row in found["rows"]}
    row = rows["renewable_by_2030"]
    assert (row["floor"], row["published"], row["ceiling"], row["verdict"]) == (8, "8", 8, "agrees")
    assert [len(row[answer]) for answer in ("yes", "cannot_tell", "no")] == [8, 0, 17]
    assert "kuaishou" in row["yes"]
    assert rows["scope_3_emissions"]["earlier"] == {"2022": 5}
    assert not any(row["by_hypothetical"] for row in rows.values())
    assert found["with_hypothetical"] is False
    assert [(row["id"], row["reason"] is None) for row in found["refused"]] == [
        ("not_both_by_2030", False),
        ("neither_by_2030_whole_company", False),
    ]
    assert found["unanswerable"][0]["why"].startswith("The report prints no average")
    names = {company["id"]: company["name"] for company in found["companies"]}
    assert (len(names), names["kuaishou"]) == (25, "Kuaishou Technology")


def test_the_text_names_the_companies_of_each_answer(run: Run) -> None:
    text = run("findings", DATASET).stdout
    _, _, found = text.partition("\nenergy_mix: ")
    lines = [line.strip() for line in found.splitlines()[:7]]
    assert lines[2] == "published 13, counted 0 to 24: possible"
    assert lines[3] == "yes: none"
    assert lines[4].startswith("cannot tell: Alibaba Group, Baidu, ")
    assert "  cannot tell: all companies\n" in text
    assert "\n  no: ByteDance\n" in found


def test_hypothetical_facts_are_read_when_asked_for(run: Run) -> None:
    result = run("findings", DATASET, "--with-hypothetical")
    assert result.exit_code == 0
    assert "\nHypothetical facts are counted like stated ones. A solver chose them" in result.stdout
    assert "HYPOTHETICAL, answered otherwise without the facts that a solver chose: " in result.stdout


def test_without_them_no_line_speaks_of_them(run: Run) -> None:
    text = run("findings", DATASET).stdout
    assert "that a solver chose" not in text
    assert "Hypothetical facts are counted" not in text


def test_a_company_file_is_no_dataset(run: Run) -> None:
    result = run("findings", COMPANIES / "gds.yaml")
    assert result.exit_code == 2
    assert "is not a dataset" in result.stderr
