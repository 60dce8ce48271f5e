"""Whether a criterion was searched for in vain, where implications or single answers say what can still be found."""

from typing import Any

import pytest

from cleancloud_rules import Company, Methodology, company_from, methodology_from, score
from cleancloud_rules.analysis import bounds
from cleancloud_rules.results import CriterionResult, Outcome
from tests.reference.additions import Search, could_earn
from tests.support import small
from tests.support.small import criterion, rule

FIELD = {"kind": {"type": "enum", "values": ["good", "bad"]}}
TYPES = {
    "deed": {"title": "Deed", "horizon": "long_term", "fields": FIELD},
    "proof": {"title": "Proof", "horizon": "long_term", "fields": FIELD},
    "word": {"title": "Word", "horizon": "long_term", "selection": "single", "fields": FIELD},
}
GOOD = {"deed": {"kind": "good"}}
IMPLIED = [{"if": GOOD, "then": {"proof": {"kind": "good"}}}]
TWICE = {"count": {"of": {"word": {}}, "at_least": 2}}
BOTH = {"all": [{"word": {"kind": "good"}}, {"word": {"kind": "bad"}}]}


def methodology(when: Any, implies: Any = ()) -> Methodology:
    files = small.files(criterion("asked", 2, rule("some", 2, when)))
    files["facts.yaml"] = {"fact_types": TYPES, **({"implies": list(implies)} if implies else {})}
    return methodology_from(files)


def company(rules: Methodology, not_found: Any, facts: Any = ()) -> Company:
    stated = [{**fact, "source": "report", "period": 2023} for fact in facts]
    return company_from({"id": "acme", "name": "Acme", "facts": stated, "not_found": list(not_found)}, rules)


def asked(rules: Methodology, not_found: Any, facts: Any = ()) -> CriterionResult:
    """Return the result of the criterion. Where nothing was found, bounds must leave nothing to earn."""
    of = company(rules, not_found, facts)
    found = score(of, rules).criterion("asked")
    (limits,) = (c for g in bounds([of], rules).companies[0].groups for c in g.criteria)
    assert limits.ceiling == 0 or found.outcome is not Outcome.NOT_FOUND
    assert could_earn(rules.criterion("asked"), search_of(of, rules)) is (limits.ceiling != 0)
    return found


def search_of(company: Company, rules: Methodology) -> Search:
    return Search(rules, company.not_found, company.facts, company.facts)


@pytest.mark.parametrize(
    ("implies", "not_found", "outcome"),
    [
        ((), [{"proof": {}}], Outcome.NOT_ASSESSED),
        (IMPLIED, [{"proof": {}}], Outcome.NOT_FOUND),
        (IMPLIED, [{"proof": {"kind": "good"}}], Outcome.NOT_FOUND),
        (IMPLIED, [{"proof": {"kind": "bad"}}], Outcome.NOT_ASSESSED),
        (IMPLIED, [{"proof": {}}, {"deed": {"kind": "bad"}}], Outcome.NOT_FOUND),
    ],
)
def test_what_implies_something_that_was_not_found_cannot_be_found(
    implies: Any, not_found: Any, outcome: Outcome
) -> None:
    found = asked(methodology(GOOD, implies), not_found)
    assert found.outcome is outcome
    assert bool(found.looked_for) is (outcome is Outcome.NOT_FOUND)


def test_an_implied_fact_that_is_stated_is_there() -> None:
    rules = methodology(GOOD, IMPLIED)
    stated, searched = {"proof": {"kind": "good"}}, [{"deed": {"kind": "bad"}}]
    assert asked(rules, searched, [stated]).outcome is Outcome.NOT_ASSESSED


@pytest.mark.parametrize("when", [TWICE, BOTH])
@pytest.mark.parametrize("searched", [{"kind": "bad"}, {"entity": "north"}])
def test_a_key_has_no_second_answer(when: Any, searched: Any) -> None:
    rules = methodology(when)
    assert asked(rules, [{"word": searched}]).outcome is Outcome.NOT_FOUND


def test_one_answer_is_not_ruled_out_by_the_other() -> None:
    either = {"any": [{"word": {"kind": "good"}}, {"word": {"kind": "bad"}}]}
    assert asked(methodology(either), [{"word": {"kind": "bad"}}]).outcome is Outcome.NOT_ASSESSED


def test_a_stated_answer_that_rules_out_everything_was_not_searched_for() -> None:
    """The word is given, so no deed can be added that implies another word; nobody looked for the deed in vain."""
    implied = [{"if": GOOD, "then": {"word": {"kind": "good"}}}]
    rules = methodology(GOOD, implied)
    assert asked(rules, [{"word": {"kind": "good"}}]).outcome is Outcome.NOT_FOUND
    stated = [{"word": {"kind": "bad"}}]
    assert score(company(rules, [{"deed": {"kind": "bad"}}], stated), rules).criterion("asked").outcome is (
        Outcome.NOT_ASSESSED
    )
    assert asked(rules, [{"word": {"kind": "good"}}], stated).outcome is Outcome.NOT_ASSESSED


def test_what_is_implied_can_be_unwanted() -> None:
    """Each good deed comes with a good proof, and the criterion wants none."""
    when = {"all": [GOOD, {"none": [{"proof": {}}]}]}
    searched = [{"word": {"kind": "bad"}}, {"deed": {"kind": "bad"}}]
    assert asked(methodology(when), searched).outcome is Outcome.NOT_ASSESSED
    assert asked(methodology(when, IMPLIED), searched).outcome is Outcome.NOT_FOUND


def test_a_stated_fact_owes_what_it_implies() -> None:
    """The company states a good deed, so there is a proof, which a search lets be about some part of it only."""
    when = {"all": [{"word": {"kind": "good"}}, {"none": [{"proof": {"entity": "not(null)"}}]}]}
    rules, searched = methodology(when, IMPLIED), [{"proof": {"entity": "null"}}]
    assert asked(rules, searched).outcome is Outcome.NOT_ASSESSED
    assert asked(rules, searched, [GOOD]).outcome is Outcome.NOT_FOUND
    assert asked(rules, [{"word": {"kind": "bad"}}], [GOOD]).outcome is Outcome.NOT_ASSESSED


def test_the_entries_that_rule_out_an_implied_fact_are_named_and_no_others() -> None:
    chain = [*IMPLIED, {"if": {"proof": {"kind": "good"}}, "then": {"word": {"kind": "good"}}}]
    rules = methodology(GOOD, chain)
    found = asked(rules, [{"word": {"kind": "good"}}, {"proof": {"kind": "bad"}}])
    assert found.outcome is Outcome.NOT_FOUND
    assert found.looked_for == ("word: {kind: good}; by this methodology there is no “Deed” without it",)


OPEN, CLOSED = Outcome.NOT_ASSESSED, Outcome.NOT_FOUND


@pytest.mark.parametrize(
    ("question", "at_least", "single"),
    [
        (["first", "second"], 2, OPEN),
        (["first", "second"], 3, CLOSED),  # the condition names no single key, and there are too few keys
        ("not(null)", 4, OPEN),  # a key that is disclosed, and not known, may be any
        ("null", 1, OPEN),
        ("null", 2, CLOSED),  # a key that is missing is one key
    ],
)
@pytest.mark.parametrize("selection", ["single", "best"])
def test_each_of_two_questions_has_one_answer(question: Any, at_least: int, single: Outcome, selection: str) -> None:
    fields = {
        "question": {"type": "enum", "values": ["first", "second"], "key": True, "optional": True},
        "value": {"type": "enum", "values": ["yes", "no"]},
    }
    when = {"count": {"of": {"answer": {"question": question, "value": "yes"}}, "at_least": at_least}}
    files = small.files(criterion("asked", 2, rule("some", 2, when)))
    answer = {"title": "Answer", "horizon": "long_term", "selection": selection, "fields": fields}
    files["facts.yaml"] = {"fact_types": {"answer": answer}}
    rules = methodology_from(files)
    expected = single if selection == "single" else OPEN
    searched = company(rules, [{"answer": {"value": "no"}}])
    assert score(searched, rules).criterion("asked").outcome is expected
    assert could_earn(rules.criterion("asked"), search_of(searched, rules)) is (expected is OPEN)


def test_searches_for_each_value_of_a_key_leave_a_key_that_is_only_disclosed() -> None:
    fields = {"question": {"type": "enum", "values": ["first", "second"], "key": True, "optional": True}}
    answer = {"title": "Answer", "horizon": "long_term", "selection": "single", "fields": fields}
    files = small.files(criterion("asked", 2, rule("some", 2, {"count": {"of": {"answer": {}}, "at_least": 3}})))
    files["facts.yaml"] = {"fact_types": {"answer": answer}}
    rules = methodology_from(files)
    each = [{"answer": {"question": "first"}}, {"answer": {"question": "second"}}]
    for searched, expected in ((each, OPEN), ([*each, {"answer": {"question": "not(null)"}}], CLOSED)):
        of = company(rules, searched)
        assert score(of, rules).criterion("asked").outcome is expected
        assert could_earn(rules.criterion("asked"), search_of(of, rules)) is (expected is OPEN)


def test_each_type_without_key_fields_has_its_answer() -> None:
    files = small.files(criterion("asked", 2, rule("some", 2, {"saying": {"kind": "good"}})))
    files["facts.yaml"] = {"fact_types": {**TYPES, "saying": {**TYPES["word"], "title": "Saying"}}}
    rules = methodology_from(files)
    stated = [{"word": {"kind": "good"}}, {"saying": {"kind": "bad"}}]
    (limits,) = bounds([company(rules, [], stated)], rules).companies
    assert limits.floor == limits.ceiling == 0


def test_an_implied_answer_that_is_stated_is_there() -> None:
    """No second word can be added, and none need be, since the good one is stated: a good deed may still be found."""
    either = {"any": [GOOD, {"proof": {}}]}
    rules = methodology(either, [{"if": GOOD, "then": {"word": {"kind": "good"}}}])
    searched: list[Any] = [{"proof": {}}]
    assert asked(rules, searched, [{"word": {"kind": "good"}}]).outcome is Outcome.NOT_ASSESSED
    assert asked(rules, searched, [{"word": {"kind": "bad"}}]).outcome is Outcome.NOT_FOUND
