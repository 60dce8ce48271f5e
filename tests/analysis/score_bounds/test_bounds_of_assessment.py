"""Bounds where what is not assessed is left out, and where coverage is asked: held against all ways to go on."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules import Methodology, company_from, score
from cleancloud_rules.results import Scorecard
from cleancloud_rules.results.bounds import CompanyBounds, CoverageBounds
from tests.scoring import test_assessment as small

GROUPS: dict[str, Any] = {
    "mean": {"aggregate": "mean"},
    "sum": {},
    "scaled sum": {"scale": 10},
    "mean of shares": {"aggregate": "mean", "of": "shares"},
    "scaled mean": {"aggregate": "mean", "scale": 10},
    "weighted mean": {"aggregate": "weighted mean"},
    "weighted sum, scaled": {"aggregate": "weighted sum", "scale": 10},
    "minimum": {"aggregate": "minimum"},
    "maximum": {"aggregate": "maximum"},
    "coverage": {"aggregate": "mean", "coverage": [{"at_least": 2}]},
    "coverage of all": {"aggregate": "mean", "coverage": [{"at_least": "100%", "of": "criteria"}]},
    "coverage of some": {"aggregate": "mean", "coverage": [{"at_least": 1, "of": ["b", "c"]}]},
    "limits": {"aggregate": "mean", "at_least": 1, "at_most": 3},
    "empty": {"aggregate": "mean", "empty": "zero"},
    "needs": {"aggregate": "mean", "needs": "must"},
}
STATED: list[dict[str, str]] = [{}, {"a": "yes"}, {"a": "no", "b": "yes"}, {"a": "unsure"}, {"a": "yes", "b": "unsure"}]


def made(group: dict[str, Any], says: str, *, skips: bool, nested: bool = False) -> Methodology:
    weights = "aggregate" in group and group["aggregate"].startswith("weighted")
    questions = [
        small.ask(id, **({"weight": weight} if weights else {}), **more)
        for id, weight, more in (("a", 3, {}), ("b", 1, {"answers": {"yes": 2, "no": 0}}), ("c", 2, {}))
    ]
    if group.get("needs"):
        questions[0]["requirement"] = "must"
    answers = small.ANSWERS if skips else {key: v for key, v in small.ANSWERS.items() if key != "not_applicable"}
    answer = {**small.FACTS["fact_types"]["answer"], "selection": "single"}
    inner = {"id": "air", "title": "Air", "not_assessed": says, **group}
    tree = [inner] if not nested else [
        {"id": "all", "title": "All", "aggregate": "mean", "groups": [inner, {"id": "sea", "title": "Sea"}]}
    ]  # fmt: skip
    return small.made(
        tree, {"air": questions, **({"sea": [small.ask("d")]} if nested else {})}, answers=answers,
        facts={"fact_types": {"answer": answer}},
    )  # fmt: skip


def company(methodology: Methodology, answers: dict[str, str]) -> cc.Company:
    data: dict[str, Any] = {"id": "acme", "name": "Acme"}
    if answers:
        data["answers"] = {"fact": "answer", "source": "form", "values": answers}
    return company_from(data, methodology)


def goings_on(methodology: Methodology, stated: dict[str, str], *, skips: bool) -> Iterator[Scorecard]:
    """Yield the scorecards of all companies that state more."""
    words = [None, "yes", "no", "unsure", *(["na"] if skips else [])]
    free = [criterion.id for criterion in methodology.criteria if criterion.id not in stated]
    for chosen in product(words, repeat=len(free)):
        more = {str(id): word for id, word in zip(free, chosen, strict=True) if word is not None}
        yield score(company(methodology, {**stated, **more}), methodology)


@pytest.mark.parametrize("skips", [False, True], ids=["always asked", "may not apply"])
@pytest.mark.parametrize("says", ["excluded", "zero"])
@pytest.mark.parametrize("form", GROUPS)
def test_bounds_are_those_of_all_ways_to_go_on(form: str, says: str, skips: bool) -> None:
    methodology = made(GROUPS[form], says, skips=skips)
    if skips and not methodology.counted:
        pytest.skip("nothing depends on assessment, so these bounds are those of what may not apply")
    for stated in STATED:
        (found,) = cc.analysis.bounds([company(methodology, stated)], methodology).companies
        held(found, list(goings_on(methodology, stated, skips=skips)))
        if says == "excluded" and not skips and form in ("mean", "sum", "scaled sum", "weighted mean", "coverage"):
            assert found.categories[0].exact, (stated, found.categories[0].reason)


@pytest.mark.parametrize("says", ["excluded", "zero"])
@pytest.mark.parametrize("form", GROUPS)
def test_bounds_of_the_groups_above_are_those_of_all_ways_to_go_on(form: str, says: str) -> None:
    methodology = made(GROUPS[form], says, skips=False, nested=True)
    for stated in STATED[:4]:
        (found,) = cc.analysis.bounds([company(methodology, stated)], methodology).companies
        held(found, list(goings_on(methodology, stated, skips=False)))


def held(found: CompanyBounds, cards: list[Scorecard]) -> None:
    """Hold bounds against scorecards: no score lies outside, and exact bounds are reached."""
    for group in found.groups:
        scores = [card.category(group.id).score for card in cards]
        known = [score for score in scores if score is not None]
        if group.floor is not None:
            assert None not in scores
            assert group.floor <= min(known)
        if group.ceiling is not None and known:
            assert group.ceiling >= max(known)
        if group.exact:
            assert group.ceiling == max(known, default=None), group.id
            assert group.floor == (None if None in scores else min(known)), group.id
        for criterion in group.criteria:
            points = [card.criterion(criterion.id).points for card in cards]
            assert criterion.floor <= min(points), criterion.id
            assert criterion.ceiling >= max(points), criterion.id
            if criterion.exact:
                assert (criterion.floor, criterion.ceiling) == (min(points), max(points)), criterion.id


def test_bounds_say_what_further_assessment_would_open() -> None:
    methodology = made({"aggregate": "mean", "coverage": [{"at_least": 3}]}, "excluded", skips=False)
    (found,) = cc.analysis.bounds([company(methodology, {"a": "yes"})], methodology).companies
    air = found.categories[0]
    assert (air.score, air.floor, air.ceiling) == (None, None, Decimal("3.33")), "(4 + 2 + 4) / 3"
    assert air.coverage == (CoverageBounds(needed=3, found=1, possible=3),)
    assert air.reason is None
    searched = company_from(
        {"id": "acme", "name": "Acme", "not_found": [{"answer": {"question": "b"}, "source": "form"}]}, methodology
    )
    (found,) = cc.analysis.bounds([searched], methodology).companies
    assert found.categories[0].ceiling == Decimal("2.67"), "(4 + 0 + 4) / 3"
    assert found.categories[0].coverage == (CoverageBounds(needed=3, found=1, possible=3),)


def test_a_question_that_counts_as_zero_without_an_answer_has_a_lower_bound_of_zero() -> None:
    questions = [small.ask("a"), small.ask("b", answers={"yes": 2, "no": 1})]
    answer = {**small.FACTS["fact_types"]["answer"], "selection": "single"}
    methodology = small.made(
        [{"id": "air", "aggregate": "mean", "not_assessed": "zero", "coverage": [{"at_least": 1}]}],
        {"air": questions},
        answers={key: value for key, value in small.ANSWERS.items() if key != "not_applicable"},
        facts={"fact_types": {"answer": answer}},
    )
    (found,) = cc.analysis.bounds([company(methodology, {"a": "yes"})], methodology).companies
    air = found.categories[0]
    assert (air.criteria[1].floor, air.criteria[1].ceiling) == (Decimal(0), Decimal(2)), (
        "without an answer 0, with one 1 or 2"
    )
    assert (air.floor, air.ceiling) == (Decimal("2.00"), Decimal("3.00"))
    held(found, list(goings_on(methodology, {"a": "yes"}, skips=False)))


def test_the_answer_by_which_a_question_does_not_apply_is_none_of_those_that_give_its_lower_bound() -> None:
    answer = {
        **small.FACTS["fact_types"]["answer"],
        "selection": "single",
        "fields": {
            "question": {"type": "enum", "values": "questions", "key": True},
            "value": {"type": "enum", "values": ["yes", "na", "unsure"]},
        },
    }
    methodology = small.made(
        [{"id": "air", "aggregate": "mean", "not_assessed": "excluded"}],
        {"air": [small.ask("a"), small.ask("b", answers={"yes": 2})]},
        answers={**small.ANSWERS, "points": {"yes": 4}},
        facts={"fact_types": {"answer": answer}},
    )
    (found,) = cc.analysis.bounds([company(methodology, {"a": "yes"})], methodology).companies
    air = found.categories[0]
    assert (air.floor, air.ceiling, air.exact) == (Decimal("3.00"), Decimal("4.00"), True), "(4 + 2) / 2, and 4 alone"


@pytest.mark.parametrize("counts_as", ["full", "zero", "excluded"])
@pytest.mark.parametrize("says", ["excluded", "zero"])
def test_a_criterion_that_never_applies_to_a_cohort_has_the_points_that_it_counts_as(says: str, counts_as: str) -> None:
    exempt = {"not_applicable": {"cohorts": ["big"], "counts_as": counts_as}}
    groups: list[dict[str, Any]] = [{"id": "air", "aggregate": "maximum", "not_assessed": says}]
    methodology = small.made(groups, {"air": [small.ask("a", **exempt), small.ask("b")]})
    data = {"id": "acme", "name": "Acme", "cohort": "big"}
    (found,) = cc.analysis.bounds([company_from(data, methodology)], methodology).companies
    criterion = found.categories[0].criteria[0]
    points = Decimal(4 if counts_as == "full" else 0)
    assert (criterion.floor, criterion.ceiling, criterion.exact) == (points, points, True)


def nested(inner: dict[str, Any], outer: dict[str, Any]) -> Methodology:
    """Return a methodology of a group of two questions beside one question; the second does not apply if a is "yes"."""
    answer = {**small.FACTS["fact_types"]["answer"], "selection": "single"}
    second = small.ask("c", not_applicable={"when": {"answer": {"question": "a", "value": "yes"}}})
    groups = [{"id": "sea", "title": "Sea", "aggregate": "mean", **inner}]
    return small.made(
        [{"id": "air", "aggregate": "mean", "not_assessed": "excluded", "groups": groups, **outer}],
        {"air": [small.ask("a")], "sea": [small.ask("b"), second]},
        facts={"fact_types": {"answer": answer}},
    )


def test_a_group_in_which_nothing_applies_has_bounds_whatever_its_coverage_asks() -> None:
    methodology = nested({"coverage": [{"at_least": 1}], "empty": "zero"}, {})
    (found,) = cc.analysis.bounds([company(methodology, {"a": "yes", "b": "na"})], methodology).companies
    air, sea = found.categories[0], found.categories[0].groups[0]
    assert (sea.floor, sea.ceiling) == (Decimal("0.00"), Decimal("0.00"))
    assert (air.floor, air.ceiling) == (Decimal("2.00"), Decimal("2.00")), "the mean of 4 and 0"


def test_a_group_needs_less_for_its_coverage_where_less_of_it_comes_to_apply() -> None:
    methodology = nested({"coverage": [{"at_least": "100%"}]}, {"coverage": [{"at_least": 1}]})
    stated = {"b": "yes", "c": "unsure"}
    (found,) = cc.analysis.bounds([company(methodology, stated)], methodology).companies
    air = found.categories[0]
    assert air.groups[0].coverage == (CoverageBounds(needed=2, found=1, possible=1),)
    assert air.coverage == (CoverageBounds(needed=1, found=0, possible=2),), "if a is answered, only b applies"
    cards = list(goings_on(methodology, stated, skips=True))
    assert max(card.category("air").coverage[0].found for card in cards) == 2
    held(found, cards)


def beside(air: dict[str, Any], says: str, **head: Any) -> Methodology:
    """Return a methodology of two categories; the first has a question, and a group without a score."""
    answer = {**small.FACTS["fact_types"]["answer"], "selection": "single"}
    ladder = {"id": "sea", "title": "Sea", "aggregate": "none", "levels": [{"id": "some", "title": "Some"}]}
    return small.made(
        [
            {"id": "air", "aggregate": "mean", "empty": "zero", "groups": [ladder], **air},
            {"id": "land", "aggregate": "mean", "not_assessed": "excluded"},
        ],
        {
            "air": [small.ask("a", answers={"yes": 2, "no": 0}, not_assessed=says)],
            "sea": [small.ask("b")],
            "land": [small.ask("c")],
        },
        facts={"fact_types": {"answer": answer}},
        **head,
    )


def bounds_of_the_whole(methodology: Methodology) -> tuple[Decimal | None, Decimal | None]:
    (found,) = cc.analysis.bounds([company(methodology, {"b": "yes", "c": "yes"})], methodology).companies
    return found.floor, found.ceiling


def test_a_group_is_not_empty_where_only_a_part_without_a_score_applies() -> None:
    methodology = beside({"scale": 10, "at_least": 1}, "zero", aggregate="mean")
    assert bounds_of_the_whole(methodology) == (Decimal("2.50"), Decimal("7.00")), "(1 + 4) / 2 and (10 + 4) / 2"


def test_a_group_may_be_assessed_where_no_part_of_it_counts() -> None:
    methodology = beside({}, "excluded", aggregate="minimum", coverage=[{"at_least": 2}])
    assert bounds_of_the_whole(methodology) == (None, Decimal("4.00")), "the air is left out, and b assesses it"
