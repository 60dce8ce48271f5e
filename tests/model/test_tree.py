from cleancloud_rules.model.tree import ladder_of, structure_of
from tests.scoring.test_combination import group, one
from tests.support import small

TREE = small.tree(
    [
        group("x", groups=[group("x1", tiers=["b", "a"]), group("x2", requires=["c"])], tiers=["x1", "x2"]),
        group("y", not_applicable={"cohorts": ["tiny"]}, levels=[{"id": "l", "title": "L"}]),
    ],
    {"x1": [one("a"), one("b")], "x2": [one("d", requires=["a"])], "y": [one("c", level="l"), one("e")]},
)


def test_what_lies_above_is_known_the_outermost_first() -> None:
    places = structure_of(TREE).places
    assert [above.id for above in places["a"].above] == ["x", "x1"]
    assert places["x"].above == ()


def test_gates_are_inherited_from_the_groups_around() -> None:
    places = structure_of(TREE).places
    assert [str(gate) for gate in places["d"].gates] == ["c", "a"]
    assert [owner.id for owner in places["c"].exempting] == ["y"]


def test_tiers_wait_for_those_before_them_those_of_outer_groups_included() -> None:
    places = structure_of(TREE).places
    assert (places["b"].before, places["a"].before, places["d"].before) == ((), ("b",), ("x1",))


def test_only_what_nothing_keeps_out_is_plain() -> None:
    places = structure_of(TREE).places
    assert {id for id, place in places.items() if place.is_plain} == {"x", "x1", "b"}


def test_a_level_asks_for_the_criteria_that_name_it() -> None:
    structure = structure_of(TREE)
    assert {key: [c.id for c in criteria] for key, criteria in structure.ladders.items()} == {("y", "l"): ["c"]}
    assert ladder_of(structure.criteria["e"], structure.places["e"].above, TREE) is None


def test_a_group_holds_every_criterion_inside_it() -> None:
    structure = structure_of(TREE)
    assert [c.id for c in structure.criteria_in("x")] == ["a", "b", "d"]
    assert [c.id for c in structure.criteria_in("a")] == ["a"]
    assert [g.id for g in TREE.groups] == ["x", "x1", "x2", "y"]


def test_a_weight_is_a_scale_inside_a_sum_alone() -> None:
    methodology = small.tree(
        [
            group("x", weight=60, groups=[group("x1", weight=5), group("x2")]),
            group(
                "y",
                weight=40,
                aggregate="weighted mean",
                groups=[group("y1", weight=5), group("y2", weight=1, scale=10)],
            ),
        ],
        {"x1": [one("a")], "x2": [one("b")], "y1": [one("c")], "y2": [one("d")]},
    )
    structure = structure_of(methodology)
    assert {id: structure.scale_of(id) for id in structure.groups} == {
        "x": 60, "x1": 5, "x2": None, "y": 40, "y1": None, "y2": 10,
    }  # fmt: skip
