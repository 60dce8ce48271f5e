from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cleancloud_rules.language.wording import (
    Sentence,
    day_text,
    fact_in_words,
    precedence,
    value_as_stated,
    value_in_words,
    when_for_readers,
    when_in_words,
)
from cleancloud_rules.model.facts import Fact, Field
from cleancloud_rules.model.values import FieldType, Interval, Value
from tests.support import small

METHODOLOGY = small.methodology(small.LADDER, small.GOALS)
VOCABULARY = METHODOLOGY.vocabulary

PERCENT = Field("share", FieldType.PERCENT, digits=2)
YEAR = Field("year", FieldType.YEAR)
DATE = Field("day", FieldType.DATE)
AMOUNT = Field("amount", FieldType.QUANTITY, unit="GWh", digits=3)
SCOPES = Field("scopes", FieldType.SET, values=("scope_1", "scope_2", "scope_3"))
KIND = Field("kind", FieldType.ENUM, values=("solar_power",))
DAYS_OF_2023 = Interval(date(2023, 1, 1), date(2023, 12, 31))


def at_least(value: Any) -> Interval:
    return Interval(low=value)


def more_than(value: Any) -> Interval:
    return Interval(low=value, low_open=True)


def at_most(value: Any) -> Interval:
    return Interval(high=value)


def less_than(value: Any) -> Interval:
    return Interval(high=value, high_open=True)


@pytest.mark.parametrize(
    ("value", "field", "words"),
    [
        (None, PERCENT, "not stated"),
        (Decimal("15.43"), PERCENT, "15.43%"),
        (Decimal(100), PERCENT, "100%"),
        (more_than(Decimal(38)), PERCENT, "more than 38%"),
        (at_least(Decimal(38)), PERCENT, "at least 38%"),
        (less_than(Decimal(38)), PERCENT, "less than 38%"),
        (at_most(Decimal(38)), PERCENT, "at most 38%"),
        (Interval(Decimal(30), Decimal(40)), PERCENT, "between 30% and 40%"),
        (Interval(Decimal(30), Decimal(40), low_open=True), PERCENT, "more than 30% and at most 40%"),
        (Interval(Decimal(30), Decimal(40), high_open=True), PERCENT, "at least 30% and less than 40%"),
        (Interval.at(Decimal(5)), PERCENT, "5%"),
        (2030, YEAR, "2030"),
        (at_most(2030), YEAR, "2030 or earlier"),
        (at_least(2040), YEAR, "2040 or later"),
        (more_than(2030), YEAR, "after 2030"),
        (less_than(2030), YEAR, "before 2030"),
        (date(2024, 1, 19), DATE, "2024-01-19"),
        (DAYS_OF_2023, DATE, "2023"),
        (Interval(date(2023, 1, 1), date(2023, 6, 30)), DATE, "between 2023-01-01 and 2023-06-30"),
        (Decimal(1610), AMOUNT, "1610 GWh"),
        (more_than(Decimal(1300)), AMOUNT, "more than 1300 GWh"),
        (frozenset({"scope_1"}), SCOPES, "scope 1"),
        (frozenset({"scope_2", "scope_1"}), SCOPES, "scope 1 and scope 2"),
        (frozenset({"scope_3", "scope_2", "scope_1"}), SCOPES, "scope 1, scope 2 and scope 3"),
        ("solar_power", KIND, "solar power"),
        (True, Field("public", FieldType.BOOLEAN), "yes"),
        (False, Field("public", FieldType.BOOLEAN), "no"),
        ("Any text_at all", Field("name", FieldType.TEXT), "Any text_at all"),
        ("third_party", Field("evidence.source_type", FieldType.ENUM, values=("third_party",)), "third_party"),
    ],
)
def test_a_value_reads_as_a_sentence_says_it(value: Value | None, field: Field, words: str) -> None:
    assert value_in_words(value, field) == words


@pytest.mark.parametrize(
    ("value", "field", "stated"),
    [
        (Decimal("15.43"), PERCENT, Decimal("15.43")),
        (more_than(Decimal(38)), PERCENT, {"more_than": Decimal(38)}),
        (at_most(2030), YEAR, {"at_most": 2030}),
        (Interval(Decimal(3), Decimal(4)), PERCENT, {"between": [3, 4]}),
        (Interval(Decimal(3), Decimal(4), high_open=True), PERCENT, {"at_least": 3, "less_than": 4}),
        (Decimal(1610), AMOUNT, "1610 GWh"),
        (at_least(Decimal(1610)), AMOUNT, {"at_least": "1610 GWh"}),
        (date(2024, 1, 19), DATE, "2024-01-19"),
        (frozenset({"scope_3", "scope_1"}), SCOPES, ["scope_1", "scope_3"]),
        (True, Field("public", FieldType.BOOLEAN), True),
    ],
)
def test_a_value_is_kept_as_a_file_states_it(value: Value, field: Field, stated: object) -> None:
    assert value_as_stated(value, field) == stated


def test_a_day_is_a_day_a_year_or_unknown() -> None:
    assert day_text(date(2024, 3, 1)) == "2024-03-01"
    assert day_text(DAYS_OF_2023) == "2023"
    assert day_text(None) is None


def test_a_fact_reads_field_by_field_in_the_order_of_the_vocabulary() -> None:
    stated = small.fact("goal", {"scopes": ["two", "one"], "year": {"at_most": 2030}, "topic": "energy"})
    assert fact_in_words(one(stated), VOCABULARY) == "topic: energy; year: 2030 or earlier; scopes: one and two"


def test_a_fact_says_what_was_disclosed_without_a_value() -> None:
    stated = small.fact("energy", {"status": "used"}, disclosed=["amount"])
    assert fact_in_words(one(stated), VOCABULARY) == "status: used; amount: disclosed, value not at hand"


def test_the_title_of_a_field_goes_before_its_id() -> None:
    stated = small.fact("share", {"percent": 5, "base": "all_energy"})
    assert fact_in_words(one(stated), VOCABULARY) == "percent: 5%; Share of what: all energy"


HIGH = {"share": {"percent": "> 10"}}
LOW = {"share": {"percent": "< 2"}}
LOW_TEXT = "share: {percent: < 2}"


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (HIGH, "share: {percent: > 10}"),
        ({"all": [HIGH, LOW]}, "share: {percent: > 10} and share: {percent: < 2}"),
        ({"any": [LOW, {"all": [LOW, HIGH]}]}, f"{LOW_TEXT} or ({LOW_TEXT} and share: {{percent: > 10}})"),
        ({"none": [HIGH, LOW]}, "none of (share: {percent: > 10}; share: {percent: < 2})"),
        ({"count": {"of": HIGH, "at_least": 2}}, "at least 2 facts of share: {percent: > 10}"),
        ({"count": {"of": HIGH, "at_least": 1}}, "at least 1 fact of share: {percent: > 10}"),
        (
            {"count": {"of": HIGH, "at_least": 2, "distinct": "base"}},
            "at least 2 different values of base among share: {percent: > 10}",
        ),
    ],
)  # fmt: skip
def test_what_a_rule_asks_for_reads_as_one_line(when: dict[str, Any], words: str) -> None:
    made = small.methodology(small.criterion("c", 1, small.rule("r", 1, when), horizon="short_term"))
    assert when_in_words(made.criterion("c").rules[0].when) == words


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({"share": {}}, "Share"),
        (HIGH, "Share (percent: more than 10%)"),
        ({"share": {"percent": "not(null)", "base": "all_energy"}},
         "Share (percent: any value; Share of what: all energy)"),
        ({"share": {"percent": "null"}}, "Share (percent: not stated)"),
        ({"share": {"percent": "< 2, > 10"}}, "Share (percent: less than 2% or more than 10%)"),
        ({"share": {"percent": "not(> 10)"}}, "Share (percent: not more than 10%)"),
        ({"goal": {"scopes": "one", "year": "<= 2030"}}, "Goal (year: 2030 or earlier; scopes: one)"),
        ({"goal": {"scopes": {"all": ["one", "two"]}}}, "Goal (scopes: all of one and two)"),
        ({"goal": {"scopes": {"is": ["one"]}}}, "Goal (scopes: exactly one)"),
        ({"any": [LOW, {"all": [LOW, HIGH]}]},
         "Share (percent: less than 2%) or (Share (percent: less than 2%) and Share (percent: more than 10%))"),
        ({"none": [HIGH]}, "none of (Share (percent: more than 10%))"),
        ({"count": {"of": HIGH, "at_least": 2, "distinct": "base"}},
         "at least 2 different values of base among Share (percent: more than 10%)"),
    ],
)  # fmt: skip
def test_what_a_rule_asks_for_is_said_for_readers(when: dict[str, Any], words: str) -> None:
    horizon = "long_term" if "goal" in when else "short_term"
    made = small.methodology(small.criterion("c", 1, small.rule("r", 1, when), horizon=horizon))
    assert when_for_readers(made.criterion("c").rules[0].when, made.vocabulary) == words


def one(stated: dict[str, Any]) -> Fact:
    (fact,) = small.company(METHODOLOGY, stated).facts
    return fact


def test_placeholders_take_the_values_of_the_fact_that_speaks() -> None:
    fact = one(small.fact("share", {"percent": {"more_than": 38}}, entity="Acme Cloud"))
    sentence = "{share.percent} of {share.base} in {share.period} ({share.entity}, {share.evidence.source}) {{kept}}"
    said = "more than 38% of not stated in 2023 (Acme Cloud, report) {kept}"
    assert Sentence(sentence, VOCABULARY).filled({"share": fact}) == said


def test_a_placeholder_of_a_type_of_which_no_fact_speaks_is_not_stated() -> None:
    assert Sentence("By {goal.year}.", VOCABULARY).filled({}) == "By not stated."


def test_a_placeholder_of_a_disclosed_field_is_not_at_hand() -> None:
    fact = one(small.fact("energy", {"status": "used"}, disclosed=["amount"]))
    assert Sentence("{energy.status}: {energy.amount}.", VOCABULARY).filled({"energy": fact}) == "used: not at hand."


def best(*stated: dict[str, Any]) -> Fact:
    facts = small.company(METHODOLOGY, *stated).facts
    assert len(facts) == len(stated)
    return min(facts, key=lambda fact: precedence(fact, VOCABULARY))


def share(percent: Any, **more: Any) -> dict[str, Any]:
    return small.fact("share", {"percent": percent}, **more)


@pytest.mark.parametrize(
    ("good", "less"),
    [
        (share(12), share(4)),
        (share({"more_than": 12}), share(12)),
        (share({"at_least": 12}), share({"between": [11, 30]})),
        (share({"between": [1, 2]}), share({"at_most": 90})),
        (small.fact("goal", {"topic": "energy", "year": 2030}), small.fact("goal", {"topic": "energy", "year": 2040})),
        (
            small.fact("goal", {"topic": "energy", "year": {"less_than": 2030}}),
            small.fact("goal", {"topic": "energy", "year": 2030}),
        ),
        (
            small.fact("goal", {"topic": "energy", "year": {"at_least": 2020}}),
            small.fact("goal", {"topic": "energy"}),
        ),
        (
            small.fact("goal", {"topic": "energy", "scopes": ["one", "two"]}),
            small.fact("goal", {"topic": "energy", "scopes": ["three"]}),
        ),
        (
            small.fact("goal", {"topic": "energy", "coverage": "whole"}),
            small.fact("goal", {"topic": "energy", "coverage": "part"}),
        ),
        (
            small.fact("site", {"region": "a", "public": True}),
            small.fact("site", {"region": "a", "public": False}),
        ),
        (
            small.fact("site", {"region": "a", "opened": "2020-01-01"}),
            small.fact("site", {"region": "a", "opened": "2021-01-01"}),
        ),
    ],
)
def test_the_better_fact_speaks(good: dict[str, Any], less: dict[str, Any]) -> None:
    assert best(good, less) == one(good)


def test_of_equally_good_facts_the_newest_speaks() -> None:
    assert best(share(5, period=2022), share(5, period=2023)).period == one(share(5, period=2023)).period


def test_a_date_stands_in_for_a_period() -> None:
    newer = {"share": {"percent": 5}, "as_of": "2024-02-01", "source": "report"}
    assert best(share(5, period=2023), newer).as_of == date(2024, 2, 1)


def test_of_equally_good_and_new_facts_the_lowest_id_speaks() -> None:
    facts = small.company(METHODOLOGY, share(5, note="a"), share(5, note="b")).facts
    assert min(facts, key=lambda fact: precedence(fact, VOCABULARY)).id == min(fact.id for fact in facts)


def test_a_fact_is_stated_by_the_first_sentence_that_it_can_fill() -> None:
    says = ["By {year}, {coverage}, for {scopes}", "By {year} ({topic})", "A {{goal}}"]
    types = {**small.FACT_TYPES, "goal": {**small.FACT_TYPES["goal"], "says": says}}
    methodology = small.methodology(small.GOALS, fact_types=types)
    full = {"topic": "energy", "year": {"at_most": 2030}, "coverage": "part", "scopes": ["two", "one"]}
    goals = (full, {"topic": "carbon", "year": 2040}, {"topic": "carbon"})
    said = {fact.says for fact in small.card(methodology, *(small.fact("goal", goal) for goal in goals)).facts}
    assert said == {"By 2030 or earlier, part, for one and two", "By 2040 (carbon)", "A {goal}"}


def test_a_value_that_is_disclosed_but_not_at_hand_fills_no_sentence() -> None:
    types = {**small.FACT_TYPES, "energy": {**small.FACT_TYPES["energy"], "says": "Used {amount}"}}
    methodology = small.methodology(small.GOALS, fact_types=types)
    (fact,) = small.card(methodology, small.fact("energy", {"status": "used"}, disclosed=["amount"])).facts
    assert fact.says is None
    assert "not at hand" in fact.text


def test_sentences_and_short_titles_change_no_digest_of_those_who_have_none() -> None:
    assert small.methodology(small.GOALS).sha256 != small.methodology({**small.GOALS, "short": "Goals"}).sha256
    card = small.card(small.methodology({**small.GOALS, "short": "Goals"}))
    assert card.criterion("goals").short == "Goals"


def test_a_stated_text_keeps_its_first_letter_at_the_beginning_of_a_sentence() -> None:
    types = {**small.FACT_TYPES, "site": {**small.FACT_TYPES["site"], "says": "{region} is open"}}
    methodology = small.methodology(small.GOALS, fact_types=types)
    (fact,) = small.card(methodology, small.fact("site", {"region": "e.on campus"})).facts
    assert fact.says == "e.on campus is open"
