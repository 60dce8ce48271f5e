"""Tests of superlatives: which companies have the highest value, as far as their facts can tell."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules import Company, Dataset, Methodology
from cleancloud_rules.analysis.claims.superlatives import NONE, Reach, is_highest
from cleancloud_rules.model.claims import Highest, PublishedClaim
from cleancloud_rules.results.claims import ClaimResult, ClaimVerdict
from tests.support import small

ANY = small.rule("r", 1, {"share": {"percent": "not(null)"}})


@pytest.fixture(scope="module")
def methodology() -> Methodology:
    return small.methodology(small.criterion("c", 1, ANY, horizon="short_term"))


def share(percent: Any, **more: Any) -> dict[str, Any]:
    return small.fact("share", {"percent": percent}, **more)


def none_above(percent: int) -> list[dict[str, Any]]:
    """Return the search that leaves a company no share above a percentage."""
    return [{"share": {"percent": f"> {percent}"}}]


def companies(methodology: Methodology, *stated: tuple[Sequence[dict[str, Any]], Sequence[Any]]) -> tuple[Company, ...]:
    return tuple(
        small.company(methodology, *facts, id=f"c{number}", not_found=list(missing))
        for number, (facts, missing) in enumerate(stated)
    )


def row(methodology: Methodology, members: tuple[Company, ...], **more: Any) -> ClaimResult:
    highest = Highest(cc.model.Condition("share"), "percent")
    claim = PublishedClaim("one", "One", 1, highest=highest, **more)
    return cc.analysis.findings(Dataset("D", "small", members, statements=(claim,)), methodology).rows[0]


def answers(methodology: Methodology, *stated: tuple[Sequence[dict[str, Any]], Sequence[Any]]) -> str:
    """Return y, n or ? for each company."""
    found = row(methodology, companies(methodology, *stated))
    letters = {**dict.fromkeys(found.yes, "y"), **dict.fromkeys(found.no, "n"), **dict.fromkeys(found.cannot_tell, "?")}
    return "".join(letters[id] for id in sorted(letters))


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ([([share(40)], []), ([share(30)], none_above(30))], "yn"),
        ([([share(40)], []), ([share(40)], none_above(40))], "y?"),  # as high is high enough, and more may be found
        ([([share(40)], none_above(40)), ([share(40)], none_above(40))], "yy"),
        ([([share({"more_than": 38})], []), ([], none_above(38))], "yn"),
        ([([share({"at_least": 38})], []), ([], none_above(38))], "y?"),
        ([([share({"more_than": 38})], []), ([share({"more_than": 10})], [])], "??"),
        ([([share({"more_than": 10})], none_above(38)), ([share({"more_than": 38})], [])], "ny"),
        ([([share(5)], [])], "y"),
        ([([], [{"share": {}}]), ([share(5)], none_above(5))], "ny"),
        ([([], [{"share": {}}]), ([], [])], "n?"),
        ([([share(40)], []), ([], [])], "??"),
    ],
)
def test_a_company_is_highest_if_no_other_one_can_be_higher(
    methodology: Methodology, stated: list[Any], expected: str
) -> None:
    assert answers(methodology, *stated) == expected


def test_facts_outside_of_the_window_are_not_compared(methodology: Methodology) -> None:
    assert answers(methodology, ([share(20)], none_above(20)), ([share(90, period=2020)], [])) == "??"


def test_only_companies_of_its_cohort_are_compared(methodology: Methodology) -> None:
    facts = {"c0": ("big", 20), "c1": ("tiny", 90), "c2": (None, 10)}
    members = tuple(
        small.company(methodology, share(percent), id=id, cohort=cohort, not_found=none_above(percent))
        for id, (cohort, percent) in facts.items()
    )
    found = row(methodology, members, cohort="big")
    assert (found.yes, found.cannot_tell, found.no) == (("c0",), (), ("c1", "c2"))
    higher = (*members[:2], small.company(methodology, share(95), id="c2", cohort=None, not_found=none_above(95)))
    found = row(methodology, higher, cohort="big")
    assert (found.yes, found.cannot_tell, found.no) == ((), ("c0", "c2"), ("c1",))


def test_a_company_that_is_named_and_not_the_highest_is_a_disagreement(methodology: Methodology) -> None:
    members = companies(methodology, ([share(40)], none_above(40)), ([share(30)], none_above(30)))
    assert row(methodology, members, companies=("c0",)).verdict is ClaimVerdict.AGREES
    assert row(methodology, members, companies=("c1",)).verdict is ClaimVerdict.DISAGREES


VALUES = (0, 0.5, 1, 1.3, 1.6, 2, 3, 4)
"""Values around two thresholds, 1 and 2: two where a level leaves room."""

AT_LEAST = {0: VALUES, 1: VALUES[2:], 2: VALUES[3:], 3: VALUES[5:], 4: VALUES[6:]}
"""The values of each certain level, and above."""

AT_MOST = {0: VALUES[:2], 1: VALUES[:3], 2: VALUES[:5], 3: VALUES[:6], 4: VALUES}
"""The values of each possible level, and below."""


def possible(reach: Reach) -> set[float | None]:
    """Return the values that a company may have; None for none."""
    values = set(AT_LEAST.get(reach.low, VALUES)) & set(AT_MOST.get(reach.high, ()))
    return {*values, None} if reach.low == NONE else {*values}


def test_levels_say_what_values_say() -> None:
    reaches = [Reach(low, high) for low, high in product((NONE, *AT_LEAST), (NONE, *AT_MOST)) if low <= high]
    for own, other in product(reaches, reaches):
        pairs = product(possible(own), possible(other))
        truths = {mine is not None and (its is None or mine >= its) for mine, its in pairs}
        found = is_highest("a", {"a": own, "b": other}, ["a", "b"], [])
        assert truths == found, (own, other)
