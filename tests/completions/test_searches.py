"""Searches without result that speak of several facts together."""

from decimal import Decimal

import pytest

from cleancloud_rules import Dataset, FactsError, Methodology, methodology_from
from cleancloud_rules.analysis import bounds, fit
from cleancloud_rules.completions.searches import MAX_ALTERNATIVES, alternatives
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.model.published import PublishedRow, PublishedTable
from tests.support import small
from tests.support.small import card, company, criterion, fact, rule

BOTH = {"goal": {"topic": "carbon", "scopes": {"together": ["one", "two"]}}}
ZERO, ONE = Decimal(0), Decimal(1)
ENTRY = {**BOTH, "basis": "inferred"}


def goal(scope: str, **more: object) -> dict[str, object]:
    return fact("goal", {"topic": "carbon", "scopes": [scope], **more})


def methodology(*more: dict[str, object]) -> Methodology:
    return small.methodology(criterion("both", 3, rule("both", 3, BOTH)), *more)


def test_two_facts_earn_together_what_neither_earns_alone() -> None:
    used = methodology()
    assert card(used, goal("one"), goal("two")).criterion("both").points == 3
    assert card(used, goal("one")).criterion("both").points == 0


def test_what_was_not_found_together_is_not_found_and_closes_the_criterion() -> None:
    found = card(methodology(), not_found=[ENTRY]).criterion("both")
    assert found.outcome is Outcome.NOT_FOUND
    assert found.looked_for == (
        "goal: {scopes: one, topic: carbon} and goal: {scopes: two, topic: carbon} together",
    )  # fmt: skip
    (of_both,) = bounds([company(methodology(), not_found=[ENTRY])], methodology()).companies
    limits = of_both.categories[0].criteria[0]
    assert (limits.floor, limits.ceiling, limits.exact) == (ZERO, ZERO, True)


def test_each_of_the_facts_may_still_be_found_but_not_the_other() -> None:
    one = criterion("one", 1, rule("one", 1, {"goal": {"topic": "carbon", "scopes": "one"}}), shared_with=["both"])
    two = criterion("two", 1, rule("two", 1, {"goal": {"topic": "carbon", "scopes": "two"}}), shared_with=["both"])
    used = methodology(one, two)
    (found,) = bounds([company(used, not_found=[ENTRY])], used).companies
    limits = {c.id: (c.floor, c.ceiling, c.exact) for c in found.categories[0].criteria}
    assert limits == {"both": (ZERO, ZERO, True), "one": (ZERO, ONE, True), "two": (ZERO, ONE, True)}
    assert (found.exact, found.reason) == (False, "what was not found together may rule out some of it")
    (stated,) = bounds([company(used, goal("one"), not_found=[ENTRY])], used).companies
    limits = {c.id: (c.floor, c.ceiling, c.exact) for c in stated.categories[0].criteria}
    assert limits == {"both": (ZERO, ZERO, True), "one": (ONE, ONE, True), "two": (ZERO, ZERO, True)}
    assert stated.exact


def test_facts_that_were_not_found_together_are_refused_together() -> None:
    company(methodology(), goal("one"), not_found=[ENTRY])
    with pytest.raises(FactsError) as caught:
        company(methodology(), goal("one"), goal("two"), not_found=[ENTRY])
    assert [d.code for d in caught.value.diagnostics] == ["contradicts-not-found"] * 2
    assert "`not_found` says that facts do not pass `goal: {" in caught.value.diagnostics[0].message


def test_one_alternative_stands_for_each_condition_that_no_stated_fact_passes() -> None:
    used = methodology()
    vocabulary = used.vocabulary
    both = company(used, not_found=[ENTRY]).not_found
    names = [[str(c) for c in shunned] for shunned in alternatives(both, vocabulary)]
    assert names == [["goal: {scopes: one, topic: carbon}"], ["goal: {scopes: two, topic: carbon}"]]
    one = company(used, goal("one")).facts
    assert [[str(c) for c in some] for some in alternatives(both, vocabulary, one)] == names[1:]
    assert alternatives((), vocabulary) == ((),)
    many = 7 * both
    assert MAX_ALTERNATIVES < 2**7
    assert alternatives(many, vocabulary) == ((),)


def test_a_fit_chooses_no_facts_that_were_not_found_together() -> None:
    files = small.files(criterion("both", 3, rule("both", 3, BOTH)))
    used = methodology_from(files)
    for entries, feasible in (([], True), ([ENTRY], False)):
        acme = company(used, not_found=entries or None)
        row = PublishedRow("acme", None, "big", 1, {"whole": Decimal(100)}, Decimal(100), Location(SourceFile("t.csv")))
        dataset = Dataset("d", used.id, (acme,), published=PublishedTable((row,)))
        found, _ = fit(dataset, used)
        assert found.feasible is feasible
