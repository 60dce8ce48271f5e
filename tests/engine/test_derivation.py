"""What a derivation computes from joined facts."""

from decimal import Decimal
from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules.engine.derivation import derive, join_values
from cleancloud_rules.model.facts import Basis, Fact
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import Interval
from tests.support import small

FACT_TYPES: dict[str, Any] = {
    "use": {
        "title": "Use",
        "horizon": "short_term",
        "fields": {
            "kind": {"type": "enum", "values": ["green", "all"], "key": True},
            "amount": {"type": "quantity", "unit": "GWh", "digits": 3, "optional": True},
            "sites": {"type": "integer", "optional": True},
            "region": {"type": "text", "optional": True},
            "uses": {"type": "set", "values": ["wind", "solar"], "optional": True},
        },
    },
    "ratio": {
        "title": "Ratio",
        "horizon": "short_term",
        "fields": {
            "percent": {"type": "percent", "digits": 4, "optional": True, "valid": "[0..500]"},
            "whole": {"type": "integer", "optional": True},
            "note": {"type": "text", "optional": True},
        },
    },
}


def methodology(set: dict[str, Any], **more: Any) -> Methodology:
    """Return a methodology with a derivation of `ratio` facts from the green part and the total of a use."""
    asked = small.criterion("c", 1, small.rule("r", 1, {"ratio": {}}), horizon="short_term")
    files = small.files(asked, fact_types=FACT_TYPES)
    made = {
        "id": "made",
        "fact": "ratio",
        "from": {"green": {"use": {"kind": "green"}}, "total": {"use": {"kind": "all"}}},
        "join": ["period", "region"],
        "set": set,
        **more,
    }
    files["facts.yaml"]["derivations"] = [made]
    return cc.methodology_from(files)


def use(kind: str, amount: Any = None, **values: Any) -> dict[str, Any]:
    more = {key: values.pop(key) for key in ("period", "basis", "source", "entity", "as_of") if key in values}
    stated = {"kind": kind, "region": "North", "amount": amount, **values}
    return small.fact("use", {key: value for key, value in stated.items() if value is not None}, **more)


def derived(used: Methodology, *facts: dict[str, Any]) -> Fact | str | None:
    """Return what the derivation makes of a green fact and a total."""
    stated = small.company(used, *facts).facts
    green = next(fact for fact in stated if fact.get("kind") == "green")
    total = next(fact for fact in stated if fact.get("kind") == "all")
    return derive(used.vocabulary.derivations[0], (green, total), used.vocabulary)


def value(made: Fact | str | None, field: str = "percent") -> Any:
    assert isinstance(made, Fact), made
    return made.get(field)


SHARE = methodology({"percent": "green.amount / total.amount * 100"}, round={"digits": 2, "mode": "half_up"})


@pytest.mark.parametrize(
    ("green", "total", "expected"),
    [
        ("2 GWh", "3 GWh", "66.67"),
        ("1 GWh", "3 GWh", "33.33"),
        ("2000 MWh", "4 GWh", "50"),
        ("0 GWh", "4 GWh", "0"),
        ("0.001 GWh", "40 GWh", "0"),
        ("0.002 GWh", "40 GWh", "0.01"),
    ],
)
def test_a_share_is_computed_exactly_and_rounded_once(green: str, total: str, expected: str) -> None:
    assert value(derived(SHARE, use("green", green), use("all", total))) == Decimal(expected)


@pytest.mark.parametrize(("mode", "expected"), [("half_up", 3), ("half_even", 2), ("floor", 2), ("ceiling", 3)])
def test_a_computed_value_is_rounded_as_declared(mode: str, expected: int) -> None:
    used = methodology({"percent": "green.amount / total.amount"}, round={"digits": 0, "mode": mode})
    assert value(derived(used, use("green", "5 GWh"), use("all", "2 GWh"))) == expected


def test_a_bounded_input_gives_a_bounded_value() -> None:
    green = use("green", {"more_than": "1 GWh", "at_most": "2 GWh"})
    assert value(derived(SHARE, green, use("all", "3 GWh"))) == Interval(Decimal("33.33"), Decimal("66.67"))
    at_least = use("all", {"at_least": "3 GWh"})
    assert value(derived(SHARE, use("green", "1 GWh"), at_least)) == Interval(Decimal(0), Decimal("33.33"))


def test_a_bound_that_rounds_to_a_single_value_is_that_value() -> None:
    green = use("green", {"between": ["1 GWh", "1.001 GWh"]})
    assert value(derived(SHARE, green, use("all", "100000 GWh"))) == Decimal(0)


def test_a_missing_value_makes_nothing() -> None:
    assert derived(SHARE, use("green"), use("all", "3 GWh")) is None
    assert derived(SHARE, use("green", "1 GWh"), use("all")) is None


def test_a_division_by_what_may_be_zero_is_reported() -> None:
    for total in ("0 GWh", {"at_most": "3 GWh"}):
        made = derived(SHARE, use("green", "1 GWh"), use("all", total))
        assert isinstance(made, str)
        assert made.startswith("derivation made makes nothing of use-")
        assert made.endswith(": green.amount / total.amount * 100 divides by zero")


def test_a_value_outside_valid_is_reported() -> None:
    used = methodology({"percent": "green.amount / total.amount * 100"}, valid="[0..100]")
    made = derived(used, use("green", "4 GWh"), use("all", "3 GWh"))
    assert isinstance(made, str)
    assert made.endswith("133.3333 is not valid, the value must pass `[0..100]`")
    made = derived(SHARE, use("green", "16 GWh"), use("all", "3 GWh"))
    assert isinstance(made, str), "the field has a limit of its own"
    assert made.endswith("533.33 is not valid, the value must pass `[0..500]`")


def test_a_bounded_value_is_refused_only_where_nothing_inside_it_is_valid() -> None:
    used = methodology({"percent": "green.amount / total.amount * 100"}, valid="[0..100]")
    assert value(derived(used, use("green", {"more_than": "2 GWh"}), use("all", "3 GWh"))).low == Decimal("66.6667")
    made = derived(used, use("green", {"more_than": "4 GWh"}), use("all", "3 GWh"))
    assert isinstance(made, str)
    assert made.endswith("every value it allows is not valid, the value must pass `[0..100]`")


def test_a_whole_number_is_set_where_the_result_is_one() -> None:
    used = methodology({"whole": "green.sites + total.sites"})
    assert value(derived(used, use("green", sites=2), use("all", sites=3)), "whole") == 5
    half = methodology({"whole": "green.sites / total.sites"})
    assert value(derived(half, use("green", sites=6), use("all", sites=3)), "whole") == 2
    made = derived(half, use("green", sites=1), use("all", sites=2))
    assert isinstance(made, str)
    assert made.endswith("green.sites / total.sites is not a whole number")


def test_a_literal_is_set_as_it_stands() -> None:
    used = methodology({"note": "computed", "whole": 3, "percent": "green.amount"})
    made = derived(used, use("green", "1 GWh"), use("all", "3 GWh"))
    assert (value(made, "note"), value(made, "whole"), value(made)) == ("computed", 3, 1)


def test_a_derived_fact_tells_where_it_comes_from() -> None:
    made = derived(SHARE, use("green", "1 GWh"), use("all", "3 GWh"))
    assert isinstance(made, Fact)
    assert made.basis is Basis.CALCULATED
    assert made.derived_by == "made"
    assert len(made.derived_from) == 2
    assert made.source is not None
    assert made.source.id == "report"
    assert str(made.period) == "2023"
    assert made.id.startswith("ratio-")


def test_what_the_inputs_do_not_share_is_left_out() -> None:
    made = derived(SHARE, use("green", "1 GWh", source="book", entity="A"), use("all", "3 GWh", entity="B"))
    assert isinstance(made, Fact)
    assert made.source is None
    assert made.entity is None
    same = derived(SHARE, use("green", "1 GWh", entity="A"), use("all", "3 GWh", entity="A"))
    assert isinstance(same, Fact)
    assert same.entity == "A"


def test_what_is_derived_from_a_hypothetical_fact_is_hypothetical() -> None:
    made = derived(SHARE, use("green", "1 GWh", basis="hypothetical"), use("all", "3 GWh"))
    assert isinstance(made, Fact)
    assert made.basis is Basis.HYPOTHETICAL


def test_equal_inputs_give_equal_facts() -> None:
    facts = [use("green", "1 GWh"), use("all", "3 GWh")]
    assert derived(SHARE, *facts) == derived(SHARE, *reversed(facts))
    assert derived(SHARE, use("green", "2 GWh"), facts[1]) != derived(SHARE, *facts)


@pytest.mark.parametrize("periods", [(2023, "2023-01-01/2023-12-31"), ("2023-01-01/2023-12-31", 2023)])
def test_a_period_is_spelt_alike_whichever_input_spells_it_so(periods: tuple[Any, Any]) -> None:
    made = derived(SHARE, use("green", "1 GWh", period=periods[0]), use("all", "3 GWh", period=periods[1]))
    assert isinstance(made, Fact)
    assert str(made.period) == "2023"


def test_inputs_that_change_places_make_one_fact() -> None:
    both = methodology(
        {"whole": "green.amount + total.amount"}, **{"from": {"green": {"use": {}}, "total": {"use": {}}}}
    )
    stated = use("green", "1 GWh", period=2023), use("green", "3 GWh", period="2023-01-01/2023-12-31")
    wholes = [fact for fact in small.card(both, *stated).facts if fact.derived_by and len(fact.derived_from) == 2]
    assert [(dict(fact.fields)["whole"], fact.period) for fact in wholes] == [(4, "2023")]


def keys(join: tuple[str, ...], fact: dict[str, Any]) -> tuple[Any, ...] | None:
    return join_values(small.company(SHARE, fact).facts[0], join)


def test_facts_are_joined_by_exact_values_that_are_present() -> None:
    assert keys(("region",), use("green")) == ("North",)
    assert keys(("region", "sites"), use("green", sites=3)) == ("North", 3)
    assert keys(("sites",), use("green")) is None
    assert keys(("sites",), use("green", sites={"more_than": 3})) is None
    assert keys(("sites",), use("green", sites={"between": [3, 3]})) == (3,)
    assert keys(("uses",), use("green", uses=["wind", "solar"])) == (frozenset({"wind", "solar"}),)
    assert keys(("entity",), use("green", entity="A")) == ("A",)
    assert keys((), use("green")) == ()


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"type": "integer"}, "`amount` has different types: integer in `ratio`, GWh in `use`"),
        (
            {"type": "quantity", "unit": "MWh", "digits": 0},
            "`amount` has different types: MWh in `ratio`, GWh in `use`",
        ),
        ({"type": "quantity", "unit": "GWh", "digits": 0}, None),
    ],
)
def test_facts_are_joined_by_fields_of_one_type_and_unit(other: dict[str, Any], told: str | None) -> None:
    asked = small.criterion("c", 1, small.rule("r", 1, {"ratio": {}}), horizon="short_term")
    ratio = {**FACT_TYPES["ratio"], "fields": {**FACT_TYPES["ratio"]["fields"], "amount": {**other, "optional": True}}}
    files = small.files(asked, fact_types={**FACT_TYPES, "ratio": ratio})
    files["facts.yaml"]["derivations"] = [
        {
            "id": "d", "fact": "ratio", "join": ["amount"], "set": {"note": "joined"},
            "from": {"a": {"use": {}}, "b": {"ratio": {"note": "null"}}},
        }
    ]  # fmt: skip
    if told is None:
        assert cc.methodology_from(files).vocabulary.derivations[0].join == ("amount",)
        return
    with pytest.raises(cc.CriteriaError) as caught:
        cc.methodology_from(files)
    assert [(finding.code, finding.message) for finding in caught.value.diagnostics] == [("wrong-type", told)]


def test_periods_are_joined_by_both_their_days() -> None:
    year = keys(("period",), use("green", period=2023))
    assert year == keys(("period",), use("green", period="2023-01-01/2023-12-31"))
    assert year != keys(("period",), use("green", period="2023-07-01/2023-12-31"))


def scored(*facts: dict[str, Any]) -> list[Any]:
    company = small.company(SHARE, *facts)
    card = cc.score(company, SHARE, cross_check=True)
    return sorted(dict(fact.fields)["percent"] for fact in card.facts if fact.derived_by)


def test_only_facts_with_equal_keys_are_joined() -> None:
    north, south = use("green", "1 GWh"), use("green", "2 GWh", region="South")
    assert scored(north, south, use("all", "4 GWh")) == [25]
    assert scored(north, south, use("all", "4 GWh"), use("all", "8 GWh", region="South")) == [25, 25]
    assert scored(north, use("all", "4 GWh", period=2022)) == []
    assert scored(north, use("all", "4 GWh", region=None)) == []


def test_every_pair_of_facts_with_equal_keys_is_joined() -> None:
    greens = [use("green", f"{n} GWh") for n in (1, 2)]
    totals = [use("all", f"{n} GWh") for n in (4, 5, 10)]
    assert scored(*greens, *totals) == [10, 20, 20, 25, 40, 50]


def test_facts_that_do_not_count_are_not_joined() -> None:
    assert scored(use("green", "1 GWh", source="leaflet"), use("all", "4 GWh")) == []
    assert scored(use("green", "1 GWh", period=2020), use("all", "4 GWh", period=2020)) == []


def test_what_one_derivation_makes_a_later_one_may_read() -> None:
    asked = small.criterion("c", 1, small.rule("r", 1, {"ratio": {"whole": 50}}), horizon="short_term")
    files = small.files(asked, fact_types=FACT_TYPES)
    first = {
        "id": "first", "fact": "ratio", "join": ["period"], "set": {"percent": "green.amount"},
        "from": {"green": {"use": {"kind": "green"}}},
    }  # fmt: skip
    second = {
        "id": "second", "fact": "ratio", "join": ["period"], "set": {"whole": "made.percent * 2"},
        "from": {"made": {"ratio": {"percent": "> 0"}}},
    }  # fmt: skip
    facts = [use("green", "25 GWh")]
    for derivations, total in (([first, second], 100), ([second, first], 0)):
        files["facts.yaml"]["derivations"] = derivations
        assert small.card(cc.methodology_from(files), *facts).total == total
