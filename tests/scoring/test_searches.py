"""Documented searches without result in a scorecard: who says so, where, and which criteria they bear on."""

import json
import re
from datetime import date
from typing import Any

import cleancloud_rules as cc
from cleancloud_rules.reports.explanation_json import explanation
from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.explanation import explanation_text
from cleancloud_rules.results import Outcome, Scorecard
from cleancloud_rules.results.json import to_json
from tests.support import small

METHODOLOGY = small.methodology(
    small.GOALS,
    small.criterion("energy", 1, small.rule("some", 1, {"goal": {"topic": "energy"}})),
    small.criterion("carbon", 1, small.rule("some", 1, {"goal": {"topic": "carbon"}})),
)
SAID = {
    "goal": {"topic": "energy"},
    "source": "report",
    "locator": "p. 9",
    "basis": "calculated",
    "note": "None is named.",
}


def card(*entries: Any) -> Scorecard:
    return cc.score(small.company(METHODOLOGY, not_found=list(entries)), METHODOLOGY)


def test_a_search_says_who_says_so_and_what_it_bears_on() -> None:
    (found,) = card(SAID).searches
    assert (found.text, found.type) == ("goal: {topic: energy}", "goal")
    assert (found.basis, found.source, found.locator, found.note) == ("calculated", "report", "p. 9", "None is named.")
    assert found.criteria == ("goals", "energy")


def test_a_search_that_bears_on_nothing_is_there_too() -> None:
    found = card({"site": {"region": "North"}}, SAID).searches
    assert {search.text: search.criteria for search in found} == {
        'site: {region: "North"}': (),
        "goal: {topic: energy}": ("goals", "energy"),
    }
    assert [search.source for search in found if not search.criteria] == [None]
    assert card().searches == ()


def test_a_search_that_bears_on_nothing_is_explained_with_who_infers_it() -> None:
    sites = {**SAID, "site": {"region": "North"}, "basis": "inferred"}
    sites.pop("goal")
    said = as_text(explanation_text(card(sites, SAID), rules=False))
    assert said.count("\n  looked for and not found: Goal (topic: energy) (None is named.)\n") == 2
    (beside,) = said.split("\nLooked for and not found, though it bears on no criterion\n")[1:]
    assert beside.startswith(
        "  Site (region: North) (None is named.)\n    inferred by this project from what the source"
    )
    assert as_text(explanation_text(card(SAID))).count("bears on no criterion") == 0


def test_each_search_that_a_criterion_names_is_one_of_them() -> None:
    made = card(SAID, {"goal": {"topic": "carbon"}})
    for criterion in made.criteria:
        named = [search for search in made.searches if criterion.id in search.criteria]
        assert len(named) == len(criterion.looked_for) == 1
        assert criterion.looked_for[0].startswith(named[0].text)
        assert criterion.outcome is Outcome.NOT_FOUND


def test_a_search_after_the_cut_off_is_not_there() -> None:
    company = small.company(METHODOLOGY, not_found=[SAID])
    assert cc.score(company, METHODOLOGY, as_of=date(2020, 1, 1)).searches == ()


def test_searches_come_back_from_json() -> None:
    made = card(SAID)
    assert Scorecard.from_json(made.to_json()) == made
    assert json.loads(made.to_json())["searches"][0]["criteria"] == ["goals", "energy"]


def test_a_search_that_two_sources_state_has_two_origins() -> None:
    other = {**SAID, "locator": "p. 77", "basis": "inferred"}
    noted = {**SAID, "locator": "p. 5", "note": "None (at all)."}
    made = card(SAID, SAID, other, noted)
    assert [search.criteria for search in made.searches] == 3 * [("goals", "energy")]
    shown = cc.render(made, detail="full").partition(" (energy): ")[2].partition(" (carbon): ")[0]
    lines = [line.strip() for line in shown.splitlines()]
    first = lines.index("looked for and not found: goal: {topic: energy} (None is named.)")
    places = [line.partition("; ")[2] for line in lines if re.search(r"; p\. \d+ \[1\]$", line)]
    assert sorted(places) == ["p. 5 [1]", "p. 77 [1]", "p. 9 [1]"]
    assert sum(line.startswith("looked for") for line in lines) == 2
    assert {line.partition("; ")[2] for line in lines[first + 1 : first + 3]} == {"p. 77 [1]", "p. 9 [1]"}


def test_an_explanation_shows_who_says_so() -> None:
    made = card(SAID)
    text = cc.render(made, detail="full")
    assert "  looked for and not found: goal: {topic: energy} (None is named.)\n" in text
    assert "\n    calculated from published figures; p. 9 [1]\n" in text
    assert "\n  [1]  " in text
    data = json.loads(to_json(explanation(made, "energy")))
    assert [search["text"] for search in data["searches"]] == ["goal: {topic: energy}"]
    assert [source["id"] for source in data["sources"]] == ["report"]
    assert json.loads(to_json(explanation(made, "carbon")))["searches"] == []
