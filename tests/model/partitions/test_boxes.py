"""Points of a box that lie outside of other boxes."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleancloud_rules.model.conditions import Members, SetMode, UnaryTest
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.partitions import boxes as boxes_module
from cleancloud_rules.model.partitions.boxes import Box, fits_outside, within
from cleancloud_rules.model.partitions.set_cells import SetCells
from cleancloud_rules.model.values import FieldType

EVERYTHING = {"x": 0b111, "y": 0b11}


@pytest.mark.parametrize(
    ("box", "holes", "fits_in"),
    [
        ({"x": 0b111, "y": 0b11}, [], True),
        ({"x": 0b000}, [], False),
        ({"x": 0b011}, [{"x": 0b001}], True),
        ({"x": 0b011}, [{"x": 0b001}, {"x": 0b110}], False),
        ({"x": 0b111, "y": 0b11}, [{"x": 0b011}, {"y": 0b01}], True),
        ({"x": 0b111, "y": 0b11}, [{"x": 0b011}, {"y": 0b01}, {"x": 0b100, "y": 0b10}], False),
        ({"x": 0b001}, [{"y": 0b01}], True),
        ({"x": 0b001}, [{"y": 0b01}, {"y": 0b10}], False),
        ({"x": 0b001}, [{}], False),
    ],
)
def test_a_point_of_a_box_outside_all_holes_is_found_where_there_is_one(
    box: dict[str, int], holes: list[dict[str, int]], fits_in: bool
) -> None:
    assert fits_outside(box, holes, EVERYTHING) is fits_in


@given(
    st.dictionaries(st.sampled_from("xy"), st.integers(0, 3)),
    st.lists(st.dictionaries(st.sampled_from("xy"), st.integers(0, 3)), max_size=4),
)
def test_points_outside_holes_are_those_that_a_search_of_all_points_finds(
    box: dict[str, int], holes: list[dict[str, int]]
) -> None:
    everything = {"x": 0b11, "y": 0b11}

    def inside(point: dict[str, int], some: dict[str, int]) -> bool:
        return all(point[name] & bits for name, bits in some.items())

    points = [{"x": x, "y": y} for x in (1, 2) for y in (1, 2)]
    found = any(inside(p, box) and not any(inside(p, hole) for hole in holes) for p in points)
    assert fits_outside(box, holes, everything) is found


PARTS = SetCells(Field("s", FieldType.SET, values=("a", "b", "c")), ())
MIXED = {"s": PARTS.all_values, "t": PARTS.all_values, "x": 0b111}
SETS = [frozenset(names) for size in (1, 2, 3) for names in combinations("abc", size)]

some_sets = st.builds(
    lambda mode, names, negated: PARTS.passing(UnaryTest("t", (Members(mode, names),), negated)),
    st.sampled_from(SetMode), st.frozensets(st.sampled_from("abc"), min_size=1), st.booleans(),
)  # fmt: skip
mixed = st.fixed_dictionaries({}, optional={"s": some_sets, "t": some_sets, "x": st.integers(0, 7)})


@given(mixed, st.lists(mixed, max_size=4))
def test_points_with_sets_outside_holes_are_those_that_a_search_of_all_points_finds(box: Box, holes: list[Box]) -> None:
    points = [
        {"s": PARTS.bits_of(s), "t": PARTS.bits_of(t), "x": x} for s in SETS for t in SETS for x in (0b1, 0b10, 0b100)
    ]

    def inside(point: Box, some: Box) -> bool:
        return all(within(point[name], bits) for name, bits in some.items())

    found = any(inside(point, box) and not any(inside(point, hole) for hole in holes) for point in points)
    assert fits_outside(box, holes, MIXED) is found


def many(count: int) -> tuple[SetCells, Box]:
    names = tuple(f"v{i}" for i in range(count))
    cells = SetCells(Field("s", FieldType.SET, values=names), names)
    return cells, {"key": 0b11, "s": cells.all_values}


def test_holes_for_each_of_100_names_leave_out_what_none_of_them_forbids() -> None:
    cells, everything = many(100)
    holes: list[Box] = [{"key": 0b01, "s": cells.having(name)} for name in cells.marks]
    assert not fits_outside({"key": 0b01}, holes, everything)
    assert fits_outside({"key": 0b01}, holes[1:], everything)
    assert fits_outside({"key": 0b11}, holes, everything)
    assert not fits_outside({"key": 0b11}, [*holes, {"key": 0b10}], everything)


def test_what_is_too_much_to_tell_apart_may_lie_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    cells, everything = many(3)
    everything = {**everything, "t": cells.all_values}
    # Both fields have the first name or neither has, and both differ in it: nothing is left.
    first, others = cells.having("v0"), ~cells.having("v0")
    holes: list[Box] = [{"s": first, "t": others}, {"s": others, "t": first}]
    holes += [{"s": first, "t": first}, {"s": others, "t": others}]
    assert not fits_outside({}, holes, everything)
    assert not fits_outside({}, holes, everything)
    monkeypatch.setattr(boxes_module, "MAX_CLASSES", 1)
    assert fits_outside({}, holes, everything)
