"""Tests of responses in text: they are the words of the company, each with its effect, and never many lines."""

from datetime import date
from typing import Any

from attrs import evolve

import cleancloud_rules as cc
from cleancloud_rules import Scorecard
from cleancloud_rules.model import Response
from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.explanation import explanation_text
from cleancloud_rules.reports.text.ranking import ranking_text
from cleancloud_rules.reports.text.responses import LONGEST
from cleancloud_rules.reports.text.scorecard import MAX_LINES, scorecard_text
from tests.support import small
from tests.support.examples import example

OWN = small.methodology(small.LADDER, small.GOALS)
BETTER = small.fact("share", {"percent": 50}, source="book", locator="Page 3", note="Not audited.")


def response(**more: Any) -> dict[str, Any]:
    return {"id": "letter", "received": "2024-07-15", "by": "Head of energy", "reason": "More was bought.", **more}


def card(*responses: dict[str, Any], **more: Any) -> Scorecard:
    share = small.fact("share", {"percent": 5})
    return cc.score(small.company(OWN, share, responses=list(responses), **more), OWN)


def lines(found: Scorecard) -> list[str]:
    return as_text(explanation_text(found)).splitlines()


def test_a_scorecard_has_each_response_in_short() -> None:
    text = as_text(scorecard_text(card(response(facts=[BETTER]))))
    words = " ".join(text.split())
    assert "Responses of the company: 1 (1 open). They change no score. `rank` shows which ranks they" in words
    assert "+30.00 letter, open. The company says (Head of energy, 2024-07-15): “More was bought.” " in words
    assert "If accepted, the total goes from 10.00 to 40.00." in words


def test_only_what_would_change_a_score_refers_to_the_ranking() -> None:
    for told in (response(about=["goals"]), response(facts=[BETTER], status="accepted")):
        assert "`rank`" not in " ".join(as_text(scorecard_text(card(told))).split())
    methodology, dataset = example("careful_water")
    rows = (row for cohort in cc.rank(dataset, methodology).cohorts for row in cohort.rows)
    (ranked,) = (row.scorecard for row in rows if row.scorecard.responses)
    words = " ".join(as_text(scorecard_text(ranked)).split())
    assert "`rank` shows" not in words
    assert "If accepted, the total goes from 16.8 to 26.8. Rank: 4 to 3. Other ranks: Example Fen Growers" in words


def test_a_scorecard_with_many_long_responses_keeps_to_its_lines() -> None:
    long = [response(id=f"r-{n}", reason="word " * 900, by="x" * 500, facts=[BETTER]) for n in range(30)]
    text = as_text(scorecard_text(card(*long)))
    assert text.count("\n") <= MAX_LINES
    assert "and 2" in text
    assert "word " * (LONGEST // 5) not in " ".join(text.split())
    assert "…”" in text


def test_an_explanation_shows_words_evidence_and_effect() -> None:
    (stated,) = card().facts
    shown = lines(card(response(about=["goals"], facts=[BETTER], disputes=[stated.id])))
    at = shown.index("letter, 2024-07-15: open: the publisher has not decided")
    assert shown[at + 1 : at + 15] == [
        "  The company says (Head of energy):",
        "    “More was bought.”",
        "  It is about: Title of goals.",
        "  It offers as evidence:",
        "    Share: percent: 50%, 2023 (published by the company)",
        "      source: “Book”, publisher unknown, published 2023, footnotes 3, 5",
        "      where: Page 3",
        "      note: Not audited.",
        f"  It calls wrong: {stated.id}: Share: percent: 5%, 2023",
        "  If it were accepted:",
        "    - The total goes from 10.00 to 40.00.",
        "    - Title of whole: 10.00 to 40.00.",
        "    - Title of ladder: 1.0 to 4.0 of 4.0 points, partial to awarded, +30.00 on the total.",
        "",
    ]


def test_decisions_are_words_of_the_publisher() -> None:
    shown = lines(card(response(about=["goals"], status="rejected", decision="The year is missing.")))
    at = shown.index("letter, 2024-07-15: rejected by the publisher")
    assert "  Nobody says: The year is missing." in shown[at:]
    assert "    - It offers no facts, so that it would change no figure." in shown[at:]


def test_what_cannot_be_accepted_says_why() -> None:
    single = {**small.FACT_TYPES["share"], "selection": "single"}
    own = small.methodology(small.LADDER, fact_types={"share": single, "goal": small.FACT_TYPES["goal"]})
    told = response(facts=[BETTER])
    found = cc.score(small.company(own, small.fact("share", {"percent": 5}), responses=[told]), own)
    shown = "\n".join(lines(found))
    assert "    - It cannot be accepted as it is:\n" in shown
    assert "would contradict each other" in shown


def test_ranks_and_dropped_searches_are_named() -> None:
    one = small.company(
        OWN, responses=[response(facts=[BETTER])], not_found=[{"share": {"percent": "> 10"}, "source": "report"}]
    )
    other = small.company(OWN, small.fact("share", {"percent": 20}), id="b", name="Beta")
    third = small.company(OWN, small.fact("share", {"percent": 5}), id="c", name="Gamma")
    rows = [row.scorecard for cohort in cc.rank([one, other, third], OWN).cohorts for row in cohort.rows]
    shown = lines(next(row for row in rows if row.responses))
    assert "    - Rank: 3 to 1." in shown
    assert "    - Other ranks: Gamma 2 to 3." in shown
    assert any(line.startswith("    - A search without result contradicts it") for line in shown)


def test_levels_labels_and_outputs_have_their_titles() -> None:
    shown = []
    for name in ("open_reading_rooms", "careful_water"):
        methodology, dataset = example(name)
        for company in dataset.companies:
            told = Response("all", date(2026, 1, 1), "Chair", "Wrong.", disputes=tuple(f.id for f in company.facts))
            shown += lines(cc.score(evolve(company, responses=(told,)), methodology))
    changed = {line.strip(" -") for line in shown if line.startswith("    - ")}
    assert "Level: Leading to none." in changed
    assert "Label: gold to plain." in changed
    assert "Output of Standing: steward to watched." in changed


def test_a_ranking_names_the_first_responses_with_their_effect_on_totals_and_ranks() -> None:
    told = [response(id=f"r-{n}", facts=[BETTER]) for n in range(12)]
    one = small.company(OWN, responses=[*told, response(id="words", about=["goals"])])
    other = small.company(OWN, small.fact("share", {"percent": 5}), id="b", name="Beta")
    text = as_text(ranking_text(cc.rank([one, other], OWN)))
    words = " ".join(text.split())
    assert "Responses of companies: 13. They change no score." in words
    assert (
        "- Acme, r-0, open. If accepted: The total goes from 0.00 to 40.00. Rank: 2 to 1. Other ranks: Beta 1 to 2."
        in words
    )
    assert "- and 3 more What each company says: `explain`." in words
    assert "Responses" not in as_text(ranking_text(cc.rank([other], OWN)))
