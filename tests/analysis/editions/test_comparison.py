"""Tests of comparisons: what is replaced has its new id, and each change is one sentence."""

from typing import Any

import pytest

from cleancloud_rules import Methodology, methodology_from
from cleancloud_rules.analysis.editions.comparison import compared
from cleancloud_rules.analysis.editions.differ import mixture
from cleancloud_rules.analysis.editions.flatten import put_together
from cleancloud_rules.results.differences import ChangeKind
from tests.support import small


def asking(*ids: str, **more: Any) -> Methodology:
    rule = small.rule("r", 1, {"goal": {"topic": "energy"}})
    return small.methodology(*(small.criterion(id, 1, rule, **more) for id in ids))


def test_an_edition_does_not_differ_from_itself() -> None:
    found = compared(asking("a"), asking("a"))
    assert (found.changes, found.patches, found.remarks) == ((), (), ())


def test_a_new_id_is_the_only_change_where_nothing_else_changed() -> None:
    found = compared(asking("a"), asking("b", replaces=["a"], title="Title of a", otherwise="Nothing for a."))
    (change,) = found.changes
    assert (change.kind, change.old, change.new) == (ChangeKind.RENAMED, "a", "b")
    assert change.text == "criterion `a` was renamed to `b`"
    assert found.patches == ()


def test_a_category_has_a_new_id_too() -> None:
    files = small.files(small.criterion("a", 1, small.rule("r", 1, {"goal": {}})))
    old = methodology_from(files)
    files["methodology.yaml"]["categories"] = [
        {"id": "all", "title": "Title of whole", "weight": 100, "replaces": ["whole"]}
    ]
    files["whole.yaml"] = {**files["whole.yaml"], "category": "all"}
    found = compared(old, methodology_from(files))
    assert [change.text for change in found.changes] == ["category `whole` was renamed to `all`"]


def test_without_replaces_one_criterion_goes_and_another_comes() -> None:
    found = compared(asking("a"), asking("b"))
    assert [change.kind for change in found.changes] == [ChangeKind.REMOVED, ChangeKind.ADDED]


def test_a_second_id_that_is_replaced_is_taken_away_with_a_remark() -> None:
    found = compared(asking("a", "b"), asking("c", replaces=["a", "b"]))
    kinds = [change.kind for change in found.changes]
    assert kinds[0] is ChangeKind.RENAMED
    assert ChangeKind.REMOVED in kinds
    assert found.remarks == ("`c` replaces `b` too, which is listed as removed",)


def test_an_id_that_the_old_edition_lacks_gives_a_remark() -> None:
    found = compared(asking("a"), asking("a", replaces=["z"]))
    assert found.changes == ()
    assert found.remarks == ("`a` replaces `z`, which the old edition does not have",)


def test_the_parts_of_one_thing_are_changes_of_their_own_and_one_piece() -> None:
    types = {**small.FACT_TYPES, "goal": {**small.FACT_TYPES["goal"]}}
    fields = dict(types["goal"]["fields"])
    fields["year"] = {"type": "year", "title": "Due", "optional": True}
    types["goal"]["fields"] = fields
    rule = small.rule("r", 1, {"goal": {"topic": "energy"}})
    old, new = (
        methodology_from(small.files(small.criterion("a", 1, rule), fact_types=chosen))
        for chosen in (small.FACT_TYPES, types)
    )
    found = compared(old, new)
    assert [change.text for change in found.changes] == [
        "fact type `goal`, field `year`: title `Due` was added",
        "fact type `goal`, field `year`: better `lower` was removed",
    ]
    assert [patch.path for patch in found.patches] == [("fact_types", "goal", "fields", "year")]


def test_a_criterion_that_moves_says_from_where_to_where() -> None:
    a, b, c = (small.criterion(id, 1, small.rule("r", 1, {"goal": {}})) for id in "abc")
    files = small.files(a, b, weights=(50, 50))
    files["part_0.yaml"] = {"category": "part_0", "criteria": [a, c]}
    moved = {**files, "part_0.yaml": {"category": "part_0", "criteria": [a]}}
    moved["part_1.yaml"] = {"category": "part_1", "criteria": [b, c]}
    found = compared(methodology_from(files), methodology_from(moved))
    (change,) = found.changes
    assert (change.kind, change.text) == (ChangeKind.MOVED, "criterion `c` moved from `part_0` to `part_1`")


@pytest.mark.parametrize(
    ("order", "moves"),
    [
        ("abcd", []),
        ("bcda", [("a", "after `d`", None, "d")]),
        ("dabc", [("d", "the first of its group", "c", None)]),
        ("acbd", [("c", "after `a`", "b", "a")]),
        ("badc", [("b", "the first of its group", "a", None), ("d", "after `a`", "c", "a")]),
    ],
)
def test_as_few_criteria_as_possible_moved_inside_their_group(order: str, moves: list[Any]) -> None:
    of = {id: small.criterion(id, 1, small.rule("r", 1, {"goal": {}})) for id in "abcd"}
    old, new = (methodology_from(small.files(*(of[id] for id in ids))) for ids in ("abcd", order))
    found = compared(old, new)
    assert [change.kind for change in found.changes] == [ChangeKind.MOVED] * len(moves)
    for change, (id, where, before, after) in zip(found.changes, moves, strict=True):
        assert change.text == f"criterion `{id}` moved: it is now {where}"
        assert (change.path, change.old, change.new) == (("criteria", id, "order"), before, after)
    assert [(patch.path, patch.is_wording) for patch in found.patches] == [(("criteria", "order"), True)] * bool(moves)
    assert put_together(mixture(found.old, found.new, lambda path: path == ("criteria", "order"))) == put_together(
        found.new
    )
    assert put_together(mixture(found.old, found.new, lambda _: False)) == put_together(found.old)


def test_a_criterion_that_is_still_in_its_old_group_has_its_old_place_there() -> None:
    a, b, c, d = (small.criterion(id, 1, small.rule("r", 1, {"goal": {}})) for id in "abcd")
    files = {**small.files(a, d, weights=(50, 50)), "part_0.yaml": {"category": "part_0", "criteria": [a, b, c]}}
    moved = {**files, "part_0.yaml": {"category": "part_0", "criteria": [a, c]}}
    moved["part_1.yaml"] = {"category": "part_1", "criteria": [d, b]}
    found = compared(methodology_from(files), methodology_from(moved))
    assert put_together(mixture(found.old, found.new, lambda _: False)) == put_together(found.old)
    assert put_together(mixture(found.old, found.new, lambda _: True)) == put_together(found.new)


@pytest.mark.parametrize(
    ("old", "new", "renamed", "kinds"),
    [
        ({"q14": None}, {"q13": ["q14"], "q14": []}, {"q14": "q13"}, ["renamed", "added"]),
        ({"q13": None, "q14": None}, {"q13": ["q14"], "q14": ["q13"]}, {"q13": "q14", "q14": "q13"}, ["renamed"] * 2),
        (
            {"q13": None, "q14": None},
            {"q13": ["q14"], "q14": []},
            {"q14": "q13", "q13": "q13_old"},
            ["renamed", "removed", "added"],
        ),
        ({"q14": None}, {"q14": []}, {"q14": "q14_old"}, ["removed", "added"]),
        ({"q13": None, "q14": None}, {"q13": ["q14"]}, {}, ["removed"]),
        ({"q13": None, "q14": None}, {"q13": ["q14", "q13"]}, {"q14": "q13", "q13": "q13_old"}, ["renamed", "removed"]),
    ],
)
def test_an_id_that_is_in_use_again_is_compared_with_what_it_replaces(
    old: dict[str, Any], new: dict[str, Any], renamed: dict[str, str], kinds: list[str]
) -> None:
    def edition(criteria: dict[str, Any]) -> Methodology:
        rule = small.rule("r", 1, {"goal": {"topic": "energy"}})
        made = (
            small.criterion(id, 1, rule, **({} if replaces is None else {"replaces": replaces}))
            for id, replaces in criteria.items()
        )
        return small.methodology(*made)

    passed_over = (ChangeKind.MOVED, ChangeKind.CHANGED)
    found = compared(edition(old), edition(new))
    assert dict(found.ids) == renamed
    assert [change.kind.value for change in found.changes if change.kind not in passed_over] == kinds
    assert put_together(mixture(found.old, found.new, lambda _: True)) == put_together(found.new)
    aside = [name for name in renamed.values() if name.endswith("_old")]
    assert [remark for remark in found.remarks if "stands for" in remark] == [
        f"`{name}` stands for `{name[:-4]}` of the old edition: in the new one `{name[:-4]}` is something else"
        for name in aside
    ]
