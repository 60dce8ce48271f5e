"""Tests of responses beside scores: the effect that is announced, and that the score itself stays as it is."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

import cleancloud_rules as cc
from cleancloud_rules import Company, Scorecard
from cleancloud_rules.model import ResponseStatus
from cleancloud_rules.results import ResponseEffect
from cleancloud_rules.results.differences import ChangedFigureKind, WordKind
from tests.support import small
from tests.support.examples import example

OWN = small.methodology(small.LADDER, small.GOALS)
TOLD = {"id": "letter", "received": "2024-07-15", "by": "Head of energy", "reason": "More was bought"}
SHARE = small.fact("share", {"percent": 5, "base": "electricity"})
BETTER = small.fact("share", {"percent": 50, "base": "electricity"}, source="book")
TOTAL, RANK, POINTS = ChangedFigureKind.TOTAL, ChangedFigureKind.RANK, ChangedFigureKind.POINTS


def company(*facts: dict[str, Any], responses: list[dict[str, Any]], **more: Any) -> Company:
    return small.company(OWN, *facts, responses=[{**TOLD, **one} for one in responses], **more)


def effect_of(card: Scorecard, number: int = 0) -> ResponseEffect:
    effect = card.responses[number].effect
    assert effect is not None
    return effect


def changes(effect: ResponseEffect) -> list[tuple[str, str | None, str, str]]:
    return [(one.kind.value, one.id, f"{one.old}", f"{one.new}") for one in effect.figures]


def test_the_score_stays_and_the_effect_stands_beside_it() -> None:
    card = cc.score(company(SHARE, responses=[{"facts": [BETTER]}]), OWN)
    plain = cc.score(company(SHARE, responses=[]), OWN)
    assert evolve(card, responses=()).to_json() == plain.to_json()
    (record,) = card.responses
    assert (record.id, record.received, record.by, record.reason) == tuple(TOLD.values())
    assert (record.status, record.decision) == (ResponseStatus.OPEN, None)
    assert [(fact.type, fact.source, fact.counts) for fact in record.facts] == [("share", "book", True)]
    assert [source.id for source in record.sources] == ["book"]
    effect = effect_of(card)
    assert changes(effect) == [
        ("total", None, "10.00", "40.00"),
        ("score", "whole", "10.00", "40.00"),
        ("points", "ladder", "1.0", "4.0"),
    ]
    assert effect.figure(POINTS, "ladder").on_total == Decimal("30.00")
    assert [(one.kind, one.id, one.old, one.new) for one in effect.words] == [
        (WordKind.OUTCOME, "ladder", "partial", "awarded")
    ]
    assert (effect.ranked, effect.ranks, effect.drops, effect.problems) == (0, (), (), ())
    with pytest.raises(KeyError):
        effect.figure(RANK)


def test_a_ranking_knows_every_rank_that_would_change() -> None:
    one = company(SHARE, responses=[{"facts": [BETTER]}], id="a", name="A")
    other = small.company(OWN, small.fact("share", {"percent": 20}), id="b", name="B")
    outside = small.company(OWN, id="c", name="C", cohort="tiny")
    cards = [row.scorecard for cohort in cc.rank([one, other, outside], OWN).cohorts for row in cohort.rows]
    (card,) = [card for card in cards if card.responses]
    effect = effect_of(card)
    assert [(rank.company, rank.name, rank.old, rank.new) for rank in effect.ranks] == [("a", "A", 2, 1)]
    assert effect.ranked == 3
    assert (effect.figure(RANK).old, effect.figure(RANK).new) == (Decimal(2), Decimal(1))


def test_a_disputed_fact_is_removed_and_its_replacement_is_added() -> None:
    (stated,) = company(BETTER, responses=[]).facts
    card = cc.score(
        company(BETTER, responses=[{"disputes": [stated.id]}, {"id": "b", "facts": [SHARE], "disputes": [stated.id]}]),
        OWN,
    )
    assert changes(effect_of(card, 0))[0] == ("total", None, "40.00", "0.00")
    assert changes(effect_of(card, 1))[0] == ("total", None, "40.00", "10.00")


def test_searches_without_result_that_the_evidence_contradicts_would_be_dropped() -> None:
    missing = [{"share": {"percent": "> 10"}, "source": "report"}]
    card = cc.score(company(SHARE, responses=[{"facts": [BETTER]}], not_found=missing), OWN)
    assert [search.text for search in effect_of(card).drops] == ["share: {percent: > 10}"]


def test_evidence_that_does_not_count_says_why_and_changes_nothing() -> None:
    leaflet = {**BETTER, "source": "leaflet"}
    card = cc.score(company(SHARE, responses=[{"facts": [leaflet]}]), OWN)
    (fact,) = card.responses[0].facts
    assert (fact.counts, fact.why_not) == (False, "sources of type leaflet are not accepted")
    assert changes(effect_of(card)) == [("total", None, "10.00", "10.00")]


def test_evidence_that_contradicts_what_stays_cannot_be_accepted_as_it_is() -> None:
    single = {**small.FACT_TYPES["share"], "selection": "single"}
    own = small.methodology(small.LADDER, fact_types={"share": single, "goal": small.FACT_TYPES["goal"]})
    told = {**TOLD, "facts": [{**BETTER, "source": "report"}]}
    card = cc.score(small.company(own, SHARE, responses=[told]), own)
    effect = effect_of(card)
    assert effect.figures == ()
    assert effect.problems == (
        "`share-65a3f129`, `share-e021224e` would contradict each other: a company states one `share` for each key",
    )
    assert [fact.type for fact in card.responses[0].facts] == ["share"]


def test_what_is_stated_already_changes_nothing() -> None:
    card = cc.score(company(SHARE, responses=[{"facts": [SHARE]}, {"id": "b", "facts": [SHARE, BETTER]}]), OWN)
    assert effect_of(card) == ResponseEffect()
    assert effect_of(card, 1).figure(TOTAL).new == Decimal("40.00")


def test_words_alone_and_accepted_responses_have_no_effect() -> None:
    told: list[dict[str, Any]] = [
        {"about": ["ladder"]},
        {"id": "b", "facts": [SHARE], "status": "accepted", "decision": "It is so."},
    ]
    card = cc.score(company(SHARE, responses=told), OWN)
    assert [response.effect for response in card.responses] == [None, None]
    assert card.responses[0].about == ("ladder",)
    assert [fact.text for fact in card.responses[1].facts] == ["percent: 5%; Share of what: electricity"]
    assert card.responses[1].decision == "It is so."


def test_the_cut_off_applies_to_evidence_too() -> None:
    card = cc.score(company(responses=[{"facts": [BETTER]}]), OWN, as_of=date(2022, 12, 31))
    assert card.responses[0].facts[0].counts is False
    assert effect_of(card).figure(TOTAL).new == effect_of(card).figure(TOTAL).old


def test_a_scorecard_with_responses_is_kept_as_json_byte_for_byte() -> None:
    methodology, dataset = example("careful_water")
    card = cc.score(dataset.company("example_ridge"), methodology, with_bounds=True)
    assert Scorecard.from_json(card.to_json()).to_json() == card.to_json()
    assert card.bounds is not None
    assert len(card.responses) == 2


def test_points_alone_have_no_responses() -> None:
    points = cc.score(company(SHARE, responses=[{"facts": [BETTER]}]), OWN, explain=False)
    assert points.total == Decimal("10.00")
