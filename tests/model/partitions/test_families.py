"""Families of sets: the algebra of what passes tests on a set field."""

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleancloud_rules.crosscheck.value_tests import acceptor
from cleancloud_rules.model.conditions import Members, Null, SetMode, UnaryTest
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.partitions import families as families_module
from cleancloud_rules.model.partitions import set_cells as set_cells_module
from cleancloud_rules.model.partitions.families import Family, Region, UndecidedError, sets_of
from cleancloud_rules.model.partitions.set_cells import SetCells, partition
from cleancloud_rules.model.values import FieldType

NAMES = ("a", "b", "c", "d")
CELLS = SetCells(Field("s", FieldType.SET, values=NAMES, optional=True), ())
SETS = [frozenset(names) for size in range(1, 5) for names in combinations(NAMES, size)]
VALUES: list[Any] = [*SETS, None, "disclosed"]
POINTS = {value: CELLS.disclosed_bit if value == "disclosed" else CELLS.bits_of(value) for value in VALUES}

some_names = st.frozensets(st.sampled_from(NAMES), min_size=1)
members = st.builds(Members, st.sampled_from(SetMode), some_names)
some_tests = st.one_of(
    st.builds(UnaryTest, st.just("t"), st.lists(members, min_size=1, max_size=3).map(tuple), st.booleans()),
    st.lists(members, max_size=2).map(lambda some: UnaryTest("t", (*some, Null()))),
    st.just(UnaryTest("not", (Null(),), negated=True)),
    st.just(UnaryTest("-", anything=True)),
)

Expression = tuple[Family, frozenset[Any]]
"""A family, and the values that it should have."""


def passing(test: UnaryTest) -> Expression:
    accepts = acceptor(test)
    having = (v for v in VALUES if accepts(None if v == "disclosed" else v, v == "disclosed"))
    return CELLS.passing(test), frozenset(having)


def combined(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda p: (p[0][0] & p[1][0], p[0][1] & p[1][1])),
        pairs.map(lambda p: (p[0][0] | p[1][0], p[0][1] | p[1][1])),
        inner.map(lambda one: (~one[0], frozenset(VALUES) - one[1])),
    )


expressions = st.recursive(some_tests.map(passing), combined, max_leaves=5)


@given(expressions)
def test_a_family_has_the_values_that_pass_its_tests(case: Expression) -> None:
    family, values = case
    assert {value for value, point in POINTS.items() if point & family} == values
    assert {value for value, point in POINTS.items() if point.within(family)} == values
    assert bool(family) is bool(values)
    found = CELLS.example(family)
    assert (found in values) if any(isinstance(value, frozenset) for value in values) else found is None


@given(expressions, expressions)
def test_families_are_compared_by_their_values(case: Expression, other: Expression) -> None:
    assert case[0].within(other[0]) is (case[1] <= other[1])
    assert (case[0].key == other[0].key) is (case[1] == other[1])


@given(expressions, st.lists(expressions, max_size=3), st.booleans())
def test_parts_of_a_family_are_those_that_lie_in_the_same_cuts(
    case: Expression, others: list[Expression], with_all: bool
) -> None:
    cuts = [family for family, _ in others]
    expected: dict[int, set[Any]] = {}
    for value in case[1]:
        places = sum(1 << place for place, (_, values) in enumerate(others) if value in values)
        expected.setdefault(places | with_all << len(others), set()).add(value)
    found = partition(case[0], [*cuts, None] if with_all else cuts)
    assert {
        inside: {value for value, point in POINTS.items() if point & part} for inside, part in found.items()
    } == expected
    simplest = CELLS.classes(case[0], [*cuts, None] if with_all else cuts)
    for inside, one in simplest.items():
        (value,) = (value for value, point in POINTS.items() if point & one)
        assert value in expected[inside]
        assert value is None or None not in expected[inside]
        assert value != "disclosed" or expected[inside] == {"disclosed"}


def hundred(*, valid: UnaryTest | None = None) -> SetCells:
    names = tuple(f"v{i}" for i in range(100))
    return SetCells(Field("s", FieldType.SET, values=names, valid=valid), names)


def test_100_names_are_told_apart_without_listing_their_sets() -> None:
    cells = hundred()
    family = cells.all_values
    for name in cells.marks[1:]:
        family &= ~cells.having(name)
    assert cells.example(family) == frozenset({"v0"})
    assert family.within(cells.passing(UnaryTest("is", (Members(SetMode.IS, frozenset({"v0"})),))))
    assert not family & ~cells.having("v0")
    with pytest.raises(UndecidedError):
        partition(cells.all_values, [cells.having(name) for name in cells.marks])


def test_a_family_that_names_many_names_differs_from_one_that_names_others() -> None:
    cells = hundred()
    same = [UnaryTest("t", (Members(SetMode.ALL, frozenset(names)),)) for names in ({"v0", "v1"}, {"v1", "v0"})]
    assert cells.passing(same[0]).key == cells.passing(same[1]).key
    assert cells.having("v0").key != cells.having("v1").key


def test_valid_limits_what_is_possible() -> None:
    none = UnaryTest("not", (Members(SetMode.CONTAINS, frozenset({"v0"})),), negated=True)
    cells = hundred(valid=none)
    assert not cells.possible & cells.having("v0")
    assert cells.possible & cells.having("v1")
    assert not cells.possible & cells.missing
    assert cells.possible & cells.disclosed_bit


def test_names_that_tests_mention_are_remembered() -> None:
    cells = hundred()
    assert cells.told_apart([cells.having("v3"), ~(cells.having("v1") & cells.having("v0"))]) == ("v0", "v1", "v3")


def test_a_conflict_is_found_by_deciding_names() -> None:
    # Of three names exactly one, of each two at least one: nothing is left. No clause alone decides a name.
    every, pairs = 0b111, (0b011, 0b101, 0b110)
    clauses = [*((pair, 0) for pair in pairs), *((0, pair) for pair in pairs)]
    assert not sets_of(every, 0, every, clauses)
    assert sets_of(every, 0, every, clauses[:5])
    assert sets_of(0b1111, 0, 0b1111, ((0b1100, 0),)).example() == 0b100


def test_a_search_that_takes_too_long_finds_a_set(monkeypatch: pytest.MonkeyPatch) -> None:
    every, pairs = 0b111, (0b011, 0b101, 0b110)
    monkeypatch.setattr(families_module, "MAX_STEPS", 0)
    region = Region(0, every, (*((pair, 0) for pair in pairs), *((0, pair) for pair in pairs)))
    assert region.has_sets
    assert region.sample is None
    with pytest.raises(UndecidedError):
        assert region.example


def test_a_family_of_too_many_regions_and_a_list_of_too_many_classes_are_undecided(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    either = CELLS.having("a") | CELLS.having("b")
    other = CELLS.having("c") | CELLS.having("d")
    monkeypatch.setattr(families_module, "MAX_REGIONS", 3)
    with pytest.raises(UndecidedError):
        assert either & other
    with pytest.raises(UndecidedError):
        partition(CELLS.all_values, [CELLS.having("a"), CELLS.having("b")], 3)
    monkeypatch.setattr(set_cells_module, "MAX_CLASSES", 4)
    assert len(CELLS.classes(CELLS.all_values, [CELLS.having("a"), CELLS.having("b")])) == 4


def test_a_clause_that_leaves_one_choice_decides_it() -> None:
    every = 0b1111
    chosen = sets_of(every, 0, every, ((0b0001, 0), (0b0010, 0b0001)))
    assert chosen == sets_of(every, 0b0011, every)
    assert sets_of(every, 0b0001, every, ((0, 0b0011),)) == sets_of(every, 0b0001, 0b1101)
