"""The database application of the documentation: only what changed is scored again."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

import cleancloud_rules as cc
from docs.examples import database as example
from tests.embedding.program import METHODOLOGY

FIRST = cc.methodology_from(METHODOLOGY)
STRICTER = cc.methodology_from({**METHODOLOGY, "hours.yaml": str(METHODOLOGY["hours.yaml"]).replace(">= 8", ">= 10")})
HOURS = {"bakery": 11, "shop": 9, "stall": 4}


@pytest.fixture
def shops(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    database = example.opened(str(tmp_path / "shops.sqlite"))
    with database:
        for id, hours in HOURS.items():
            database.execute("INSERT INTO companies VALUES (?, ?, NULL)", (id, id.title()))
            example.state(database, id, "opening", {"hours": hours}, {"source": "visit"})
    yield database
    database.close()


def totals(database: sqlite3.Connection) -> dict[str, str]:
    return dict(database.execute("SELECT company, total FROM scores ORDER BY company"))


def kept(database: sqlite3.Connection) -> int:
    (count,) = database.execute("SELECT count(*) FROM scorecards").fetchone()
    return int(count)


def test_each_company_is_scored_once_and_again_only_when_its_facts_change(shops: sqlite3.Connection) -> None:
    assert example.refresh(shops, FIRST) == 3
    assert totals(shops) == {"bakery": "100.00", "shop": "100.00", "stall": "0.00"}
    with patch.object(cc, "score", side_effect=AssertionError("it is scored again")):
        assert example.refresh(shops, FIRST) == 0
    with shops:
        shops.execute("UPDATE facts SET field_values = ? WHERE company = 'stall'", (json.dumps({"hours": 8}),))
    assert example.refresh(shops, FIRST) == 1
    assert totals(shops) == {"bakery": "100.00", "shop": "100.00", "stall": "100.00"}


def test_a_source_and_a_name_that_change_count_as_changes_and_a_row_that_is_written_anew_does_not(
    shops: sqlite3.Connection,
) -> None:
    assert example.refresh(shops, FIRST) == 3
    with shops:
        shops.execute("UPDATE facts SET id = id + 100, field_values = ' ' || field_values")
    assert example.refresh(shops, FIRST) == 0
    with shops:
        shops.execute("INSERT INTO sources VALUES ('shop', 'sign', ?)", (json.dumps({"type": "visit"}),))
        shops.execute("UPDATE facts SET beside = ? WHERE company = 'shop'", (json.dumps({"source": "sign"}),))
        shops.execute("UPDATE companies SET name = 'The stall' WHERE id = 'stall'")
    assert example.refresh(shops, FIRST) == 2
    assert example.scorecard(shops, "stall").company.name == "The stall"


def test_another_methodology_scores_all_again_and_the_former_one_is_still_there(shops: sqlite3.Connection) -> None:
    assert example.refresh(shops, FIRST) == 3
    assert example.refresh(shops, STRICTER) == 3
    assert totals(shops) == {"bakery": "100.00", "shop": "0.00", "stall": "0.00"}
    assert example.refresh(shops, FIRST) == 0
    assert totals(shops) == {"bakery": "100.00", "shop": "100.00", "stall": "0.00"}
    assert kept(shops) == 6
    assert example.forget_others(shops) == 3
    assert kept(shops) == 3
    assert example.refresh(shops, STRICTER) == 3


def test_another_version_of_the_library_scores_all_again(shops: sqlite3.Connection) -> None:
    assert example.refresh(shops, FIRST) == 3
    with patch.object(cc, "__version__", "9.9.9"):
        assert example.refresh(shops, FIRST) == 3


def test_scorecards_and_rankings_are_those_of_a_program(shops: sqlite3.Connection) -> None:
    example.refresh(shops, FIRST)
    cards = [cc.score(company, FIRST) for company in example.companies(shops, FIRST)]
    assert [example.scorecard(shops, card.company.id) for card in cards] == cards
    assert example.ranking(shops, FIRST) == cc.rank(cards, FIRST)
    with pytest.raises(KeyError):
        example.scorecard(shops, "nobody")


def test_a_wrong_row_is_an_error_with_its_place_and_no_score_changes(shops: sqlite3.Connection) -> None:
    example.refresh(shops, FIRST)
    before: dict[str, Any] = totals(shops)
    with shops:
        example.state(shops, "bakery", "opening", {"hours": 3}, {"source": "visit"})
        example.state(shops, "stall", "opening", {"hours": 25}, {"source": "visit"})
    with pytest.raises(cc.InputError) as caught:
        example.refresh(shops, FIRST)
    assert [(found.code, found.location.path) for found in caught.value.diagnostics] == [
        ("out-of-range", "facts[1].opening.hours")
    ]
    assert totals(shops) == before
