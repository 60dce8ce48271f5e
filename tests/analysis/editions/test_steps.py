"""Tests of steps: what can stand alone does, what cannot is taken with as few others as possible."""

from typing import Any

from cleancloud_rules import Methodology, methodology_from
from cleancloud_rules.analysis.editions.comparison import compared
from cleancloud_rules.analysis.editions.flatten import flattened
from cleancloud_rules.analysis.editions.steps import Steps, stands
from tests.support import small


def steps_between(old: Methodology, new: Methodology) -> list[tuple[str, ...]]:
    """Return the sentences of each step, and assert that each leads to what can stand, the last one to the new."""
    found = compared(old, new)
    said = []
    last = old
    for taken in Steps(found.old, found.new, lambda _: True)(found.patches):
        last = taken.methodology
        assert stands(last, flattened(last))
        numbers = sorted(number for patch in taken.patches for number in patch.changes)
        said.append(tuple(found.changes[number - 1].text for number in numbers))
    assert flattened(last) == flattened(new)
    return said


def points(most: int, *, id: str = "c", ask: Any = None) -> dict[str, Any]:
    return small.criterion(id, most, small.rule("r", most, ask or {"goal": {"topic": "energy"}}))


def test_weights_that_sum_to_100_move_together_and_nothing_else_with_them() -> None:
    criteria = [points(1), points(2, id="d"), points(3, id="e")]
    old = methodology_from(small.files(*criteria, weights=(50, 30, 20)))
    other = [points(1), points(4, id="d"), points(3, id="e")]
    new = methodology_from(small.files(*other, weights=(40, 35, 25)))
    steps = steps_between(old, new)
    assert steps == [
        (
            "category `part_0`: weight 50 became 40",
            "category `part_1`: weight 30 became 35",
            "category `part_2`: weight 20 became 25",
        ),
        ("criterion `d`: max points 2 became 4", "criterion `d`, rule `r`: points 2 became 4"),
    ]


def test_two_pairs_that_wait_side_by_side_stay_two_steps() -> None:
    old = methodology_from(small.files(points(1), points(2, id="d"), weights=(50, 50)))
    new = methodology_from(small.files(points(3), points(4, id="d"), weights=(50, 50)))
    assert [len(step) for step in steps_between(old, new)] == [2, 2]


def test_a_fact_type_goes_after_the_criterion_that_reads_it() -> None:
    kept = {name: entry for name, entry in small.FACT_TYPES.items() if name != "site"}
    both = [points(1), points(1, id="d", ask={"site": {}})]
    old = methodology_from(small.files(*both, fact_types=small.FACT_TYPES))
    new = methodology_from(small.files(both[0], fact_types=kept))
    steps = steps_between(old, new)
    assert [len(step) for step in steps] == [1, 1]
    assert steps[0][0].startswith("criterion `d` was removed")
    assert steps[1][0].startswith("fact type `site` was removed")


def test_a_fact_type_comes_before_the_criterion_that_reads_it() -> None:
    kept = {name: entry for name, entry in small.FACT_TYPES.items() if name != "site"}
    both = [points(1), points(1, id="d", ask={"site": {}})]
    old = methodology_from(small.files(both[0], fact_types=kept))
    new = methodology_from(small.files(*both, fact_types=small.FACT_TYPES))
    assert [step[0].split(" was ")[0] for step in steps_between(old, new)] == ["fact type `site`", "criterion `d`"]


def test_a_test_that_would_be_read_otherwise_moves_with_its_field() -> None:
    def with_unit(unit: str, test: str) -> Methodology:
        fields = {"amount": {"type": "quantity", "unit": unit, "digits": 3}}
        types = {"energy": {"title": "Energy", "horizon": "long_term", "fields": fields}}
        return methodology_from(small.files(points(1, ask={"energy": {"amount": test}}), fact_types=types))

    assert [len(step) for step in steps_between(with_unit("GWh", "> 1 GWh"), with_unit("MWh", "> 2000 MWh"))] == [2]


def test_a_table_goes_before_the_bands_that_it_reads() -> None:
    bands = [{"label": "A", "score": ">= 50"}, {"label": "B", "score": "< 50"}]
    row = {"a": "A", "then": "yes"}
    table = {"id": "t", "title": "T", "inputs": {"a": {"label": "total"}}, "outputs": ["yes"], "rows": [row]}
    old = small.methodology(points(1), bands=bands, tables=[table])
    steps = steps_between(old, small.methodology(points(1)))
    assert [[text.split(" was ")[0] for text in step] for step in steps] == [
        ["table `t`"],
        ["the total, band `A`", "the total, band `B`"],
    ]


def test_bands_move_together_and_leave_no_gap_between_them() -> None:
    def parted_at(score: int) -> Methodology:
        bands = [{"label": "A", "score": f">= {score}"}, {"label": "B", "score": f"< {score}"}]
        return small.methodology(points(1), bands=bands)

    (step,) = steps_between(parted_at(50), parted_at(60))
    assert step == (
        "the total, band `A`: score `>= 50` became `>= 60`",
        "the total, band `B`: score `< 50` became `< 60`",
    )


def test_wording_comes_first_in_one_step() -> None:
    old = small.methodology(points(1), edition="1")
    new = methodology_from(small.files(points(2) | {"title": "Another"}, edition="2"))
    steps = steps_between(old, new)
    assert steps[0] == ("the methodology: edition `1` became `2`", "criterion `c`: title `Title of c` became `Another`")
    assert len(steps) == 2


def test_what_cannot_be_accepted_alone_waits_for_the_end() -> None:
    found = compared(small.methodology(points(1)), small.methodology(points(2)))
    (step,) = Steps(found.old, found.new, lambda _: False)(found.patches)
    assert len(step.patches) == 2
    assert flattened(step.methodology) == found.new
