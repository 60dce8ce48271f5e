"""Tests that a fit finds the fewest facts and no false "no solution", and that what it writes can be read back."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules import Dataset, Methodology
from cleancloud_rules.analysis.fitting import offers
from cleancloud_rules.analysis.fitting import read_back as reading
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents import yaml
from cleancloud_rules.language.load.overlays import with_overlay
from cleancloud_rules.model.published import PublishedRow, PublishedTable
from cleancloud_rules.results import Fit
from tests.support import small

FLAGS = {"a": {"type": "boolean", "optional": True}, "b": {"type": "boolean", "optional": True}}
A, B = {"f": {"a": True}}, {"f": {"b": True}}
BOTH = {"all": [A, B]}


def methodology(
    when: Any, fields: dict[str, Any] | None = None, *, vocabulary: Any = None, **type_keys: Any
) -> Methodology:
    """Return a methodology with one rule of two points on facts `f`."""
    files = small.files(small.criterion("k", 2, small.rule("r", 2, when)))
    own = {"title": "F", "horizon": "long_term", "fields": fields or FLAGS, **type_keys}
    files["facts.yaml"] = {"fact_types": {"f": own, **(vocabulary or {}).pop("types", {})}, **(vocabulary or {})}
    return cc.methodology_from(files)


def fitted(used: Methodology, score: str = "100.00", *facts: dict[str, Any], **more: Any) -> tuple[Fit, str]:
    """Return the fit of one company to the score of the only category, and its overlay."""
    return cc.analysis.fit(dataset(used, score, *facts, **more), used)


def dataset(used: Methodology, score: str, *facts: dict[str, Any], **more: Any) -> Dataset:
    scores = {"whole": Decimal(score)}
    row = PublishedRow("acme", None, None, None, scores, None, Location(SourceFile("published.csv")))
    return Dataset("D", "small", (small.company(used, *facts, **more),), published=PublishedTable((row,)))


def values(fit: Fit) -> list[Any]:
    """Return the values of the chosen facts, as plain data."""
    return [_thawed(fact.entry[fact.type]) for fact in fit.facts]


def _thawed(value: Any) -> Any:
    match value:
        case Mapping():
            return {key: _thawed(one) for key, one in value.items()}
        case tuple():
            return [_thawed(one) for one in value]
        case _:
            return value


def test_one_fact_that_passes_both_conditions_is_fewer_than_two() -> None:
    fit, _ = fitted(methodology(BOTH))
    assert fit.optimal
    assert values(fit) == [{"a": True, "b": True}]


def test_one_fact_is_found_where_a_second_one_is_not_allowed() -> None:
    alone = {"none": [{"count": {"of": {"f": {}}, "at_least": 2}}]}
    fit, _ = fitted(methodology({"all": [A, B, alone]}))
    assert fit.feasible
    assert values(fit) == [{"a": True, "b": True}]


def test_two_facts_are_chosen_where_one_must_not_pass_both_conditions() -> None:
    fit, _ = fitted(methodology({"all": [A, B, {"none": [{"f": {"a": True, "b": True}}]}]}))
    assert fit.optimal
    assert [sorted(one) for one in values(fit)] == [["a"], ["b"]]


def test_as_many_facts_are_chosen_as_a_count_asks_for_and_all_differ() -> None:
    fit, overlay = fitted(methodology({"count": {"of": {"f": {}}, "at_least": 12}}))
    assert (fit.optimal, len(fit.facts)) == (True, 12)
    assert len({str(fact.entry) for fact in fit.facts}) == 12
    assert overlay.count("basis: hypothetical") == 12


def test_a_count_that_nobody_reaches_leaves_the_rest_of_the_table_to_be_fitted() -> None:
    fit, _ = fitted(methodology({"count": {"of": {"f": {}}, "at_least": 10**8}}), "0.00")
    assert (fit.feasible, fit.optimal, fit.facts) == (True, True, ())


def counting(of: dict[str, Any], at_least: int = 3) -> dict[str, Any]:
    return {"count": {"of": {"f": of}, "distinct": "n", "at_least": at_least}}


DISTINCT: dict[str, tuple[dict[str, Any], dict[str, Any], list[Any], list[Any] | None]] = {
    "a text": ({"type": "text"}, {}, [], ["hypothetical 1", "hypothetical 2", "hypothetical 3"]),
    "a text beside a stated one": ({"type": "text"}, {}, ["x"], ["hypothetical 1", "hypothetical 2"]),
    "a boolean": ({"type": "boolean"}, {}, [], None),
    "an enum": ({"type": "enum", "values": ["x", "y", "z"]}, {}, ["y"], ["x", "z"]),
    "an enum with too few values": ({"type": "enum", "values": ["x", "y", "z"]}, {"n": ["x", "y"]}, [], None),
    "a range": ({"type": "integer"}, {"n": "[1..3]"}, [2], [1, 3]),
    "a range with too few values": ({"type": "integer"}, {"n": "(1..4)"}, [2], None),
    "a set": ({"type": "set", "values": ["x", "y", "z"]}, {}, [], [["x", "y", "z"]]),
    "a set without one of its names": (
        {"type": "set", "values": ["x", "y", "z"]},
        {"n": 'not("x")'},
        ["x"],
        [["y", "z"]],
    ),
}


@pytest.mark.parametrize("name", DISTINCT)
def test_distinct_values_are_chosen_one_by_one(name: str) -> None:
    own, tested, stated, expected = DISTINCT[name]
    condition = tested if name != "a set without one of its names" else {}
    facts = [small.fact("f", {"n": value}) for value in stated]
    fit, _ = fitted(methodology(counting(condition), {"n": own}), "100.00", *facts)
    assert fit.feasible is (expected is not None)
    assert fit.optimal is (expected is not None)
    assert sorted(map(str, (one["n"] for one in values(fit)))) == sorted(map(str, expected or []))


ANSWERS: dict[str, Any] = {
    "question": {"type": "enum", "values": ["p", "q", "r"], "key": True},
    "value": {"type": "enum", "values": ["no", "yes"]},
}


def test_answers_are_counted_under_different_keys_and_never_under_one_that_is_answered() -> None:
    yes = {"count": {"of": {"f": {"value": "yes"}}, "at_least": 2}}
    used = methodology(yes, ANSWERS, selection="single")
    stated = small.fact("f", {"question": "q", "value": "no"})
    fit, _ = fitted(used, "100.00", stated)
    assert fit.optimal
    assert sorted(one["question"] for one in values(fit)) == ["p", "r"]
    more = {"count": {"of": {"f": {"value": "yes"}}, "at_least": 3}}
    unsure, _ = fitted(methodology(more, ANSWERS, selection="single"), "100.00", stated)
    assert [fact.entry.get("disclosed") for fact in unsure.facts].count(("question",)) == 1, "that key may be any other"


def test_a_fact_is_dated_like_the_latest_one_of_its_key_so_that_neither_supersedes_the_other() -> None:
    both = {"all": [{"f": {"question": "q", "value": value}} for value in ("yes", "no")]}
    used = methodology(both, ANSWERS, selection="latest")
    stated = small.fact("f", {"question": "q", "value": "no"}, period=2020)
    fit, _ = fitted(used, "100.00", stated)
    assert [fact.entry["period"] for fact in fit.facts] == [2020]
    assert not fit.optimal, "a later fact could supersede a stated one"


def test_where_a_stated_fact_may_be_superseded_no_solution_is_not_claimed() -> None:
    used = methodology({"none": [{"f": {"value": "no"}}]}, ANSWERS, selection="latest")
    with pytest.raises(cc.CriteriaError, match="does not choose facts that supersede stated ones"):
        fitted(used, "100.00", small.fact("f", {"question": "q", "value": "no"}, period=2020))


def derived(when: Any) -> Methodology:
    """Return a methodology in which a fact `made` is derived from one fact of each input."""
    made = {"title": "Made", "horizon": "long_term", "fields": {"n": {"type": "number"}}}
    rule = {"id": "d", "fact": "made", "from": {"x": A, "y": B}, "join": [], "set": {"n": "x.m + y.m"}}
    fields = {**FLAGS, "m": {"type": "number", "optional": True}}
    return methodology(when, fields, vocabulary={"types": {"made": made}, "derivations": [rule]})


def test_where_a_derived_fact_may_come_for_free_fewer_may_be_possible() -> None:
    fit, _ = fitted(derived({"all": [A, B, {"made": {"n": 1}}]}))
    assert (len(fit.facts), fit.optimal) == (2, False)
    again, _ = fitted(derived({"all": [A, {"made": {"n": 1}}]}))
    assert (len(again.facts), again.optimal) == (2, False)
    alone, _ = fitted(derived({"made": {"n": 1}}))
    assert (len(alone.facts), alone.optimal) == (1, True)


def test_facts_keep_the_implications_also_of_types_that_no_rule_reads() -> None:
    implies = [{"if": A, "then": {"other": {}}}]
    other = {"title": "Other", "horizon": "long_term", "fields": {}}
    fit, _ = fitted(methodology(A, vocabulary={"types": {"other": other}, "implies": implies}))
    assert fit.optimal
    assert sorted(fact.type for fact in fit.facts) == ["f", "other"]


def test_facts_of_more_kinds_than_can_be_chosen_among_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offers, "MAX_OFFERED", 2)
    with pytest.raises(cc.CriteriaError, match="facts of `f` can be of more than"):
        fitted(methodology(BOTH))


def read(overlay: str, used: Methodology, companies: Iterable[cc.Company]) -> list[str]:
    """Return what is wrong with an overlay that is read."""
    gather = DiagnosticCollector()
    document, diagnostics = yaml.read_text(overlay, "overlay.yaml")
    assert document is not None
    gather.include(*diagnostics)
    with_overlay(list(companies), document, used, {}, gather)
    return [str(diagnostic) for diagnostic in gather.diagnostics]


def test_an_overlay_without_facts_can_be_read() -> None:
    used = methodology(A)
    fit, overlay = fitted(used, "0.00")
    assert fit.facts == ()
    assert read(overlay, used, [small.company(used)]) == []


def test_without_a_notice_on_hypothetical_facts_nothing_is_fitted() -> None:
    files = small.files(small.criterion("k", 2, small.rule("r", 2, A)), notices=[])
    files["facts.yaml"] = {"fact_types": {"f": {"title": "F", "horizon": "long_term", "fields": FLAGS}}}
    used = cc.methodology_from(files)
    with pytest.raises(cc.CriteriaError) as raised:
        fitted(used)
    (found,) = raised.value.diagnostics
    assert found.code == "hypothetical-without-header"
    assert "hypothetical: true" in found.help


def test_facts_that_do_not_give_the_table_are_never_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    used = methodology(A)
    right = reading.read_back
    wrong = "hypothetical: 'Guessed for {company}.'\nmethodology: small\nsources: {}\ncompanies: []\n"
    monkeypatch.setattr("cleancloud_rules.analysis.fitting.fit.read_back", lambda _, problem: right(wrong, problem))
    with pytest.raises(cc.EngineError, match=r"acme, whole: 0\.00 in place of 100\.00"):
        fitted(used)


def test_a_bounded_fact_is_found_where_no_exact_one_will_do() -> None:
    parts = [{"f": {"n": "> 0"}}, {"none": [{"f": {"n": "[1..2]"}}, {"f": {"n": "[3..4]"}}]}]
    fit, overlay = fitted(methodology({"all": parts}, {"n": {"type": "integer", "valid": "[0..4]"}}))
    assert (fit.feasible, fit.optimal) == (True, True)
    assert values(fit) == [{"n": {"between": [1, 3]}}]
    assert "between" in overlay
