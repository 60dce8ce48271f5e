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
