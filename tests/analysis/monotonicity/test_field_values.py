"""Tests of what fields can hold: enough of it, and nothing that no fact can state."""

from decimal import Decimal
from typing import Any

import pytest

from cleancloud_rules.analysis.monotonicity import field_values as holdings_module
from cleancloud_rules.analysis.monotonicity.field_values import exact_values, holdings
from cleancloud_rules.completions.fact_kinds import TooLargeError
from cleancloud_rules.generators.boundary_values import Held
from cleancloud_rules.model import Field
from cleancloud_rules.model.cells import cells_of
from cleancloud_rules.model.conditions import Members, SetMode, UnaryTest
from cleancloud_rules.model.values import FieldType, Interval


def test_of(*alternatives: Any) -> UnaryTest:
    return UnaryTest("some", alternatives)


test_of.__test__ = False  # type: ignore[attr-defined] # it makes a test of the language, and is none of pytest's
AT_LEAST_10 = test_of(Interval(Decimal(10), None))
SHARE = Field("share", FieldType.PERCENT, digits=1, valid=test_of(Interval(Decimal(0), Decimal(100))), optional=True)


def exact(field: Field, *tests: UnaryTest, each: int = 2) -> list[Any]:
    return list(exact_values(cells_of(field, tests), each))


def test_every_cell_that_is_valid_has_exact_values_with_no_more_digits_than_the_field_takes() -> None:
    assert exact(SHARE, AT_LEAST_10) == [Decimal(0), Decimal(1), Decimal(2), Decimal(10), Decimal(11), Decimal(12), 100]
    narrow = test_of(Interval(Decimal(10), Decimal("10.2"), True, True))
    assert exact(SHARE, narrow)[3:6] == [Decimal(10), Decimal("10.1"), Decimal("10.2")]


def test_a_cell_without_a_value_that_a_fact_may_state_has_none() -> None:
    whole = Field("level", FieldType.INTEGER)
    assert exact(whole, test_of(Interval(1, 2))) == [0, -1, 1, 2, 3, 4]
    year = Field("aim", FieldType.YEAR)
    assert exact(year, test_of(Interval(1000, None))) == [1000, 1001, 1002]


def test_bounds_reach_from_every_end_to_every_other_and_allow_something_valid() -> None:
    bounds = [held.value for held in holdings(SHARE, [AT_LEAST_10]) if isinstance(held.value, Interval)]
    assert Interval(Decimal(10), None) in bounds
    assert Interval(Decimal(10), None, True) in bounds
    assert Interval(None, Decimal(10), False, True) in bounds
    assert Interval(Decimal(100), None) in bounds  # 100 alone of its values is valid
    assert Interval(Decimal(100), None, True) not in bounds
    assert not any(bound.is_point or bound.is_empty for bound in bounds)


def test_a_field_may_be_disclosed_and_an_optional_one_may_be_missing() -> None:
    assert Held() in holdings(SHARE, ())
    assert Held(disclosed=True) in holdings(SHARE, ())
    required = Field("flag", FieldType.BOOLEAN)
    assert holdings(required, ()) == (Held(False), Held(True), Held(disclosed=True))


def test_of_a_set_each_cell_has_its_least_and_its_greatest_value() -> None:
    names = Field("parts", FieldType.SET, values=("a", "b", "c"))
    contains = test_of(Members(SetMode.CONTAINS, frozenset({"a"})))
    assert exact(names, contains) == [frozenset("b"), frozenset("bc"), frozenset("a"), frozenset("abc")]
    exactly = test_of(Members(SetMode.IS, frozenset({"a"})))
    assert frozenset("a") in exact(names, exactly)
    assert len(exact(names, contains, each=3)) == 7


def test_texts_are_those_that_tests_name_and_others() -> None:
    label = Field("label", FieldType.TEXT)
    found = exact(label, test_of(Interval("north", "north")), each=6)
    assert found[0] == "north"
    assert len(set(found)) == len(found) == 7


def test_too_many_values_are_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holdings_module, "MAX_VALUES", 20)
    with pytest.raises(TooLargeError):
        holdings(SHARE, [test_of(*(Interval(Decimal(n), None) for n in range(10, 60, 10)))])
    with pytest.raises(TooLargeError):
        exact(Field("parts", FieldType.SET, values=tuple("abcdef")), each=3)
