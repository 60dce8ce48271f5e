"""Tests of what requirements, tiers, levels and shared evidence get wrong; each mistake has its case in `bad_forms`."""

import pytest

from cleancloud_rules import CriteriaError
from cleancloud_rules.checking.references import circles
from tests.support.forms import Change, energy, loaded, supply, wrong


def gate(requirement: str) -> Change:
    """Return the change that makes a criterion of the energy group require something else."""
    return "energy", "[{of: use, at_least: 1}, oversight]", f"[{requirement}]"


@pytest.mark.parametrize(
    ("requirement", "findings"),
    [
        ("use", []),
        ("audits", []),
        ("{of: supply, at_least: 0.5}", []),
        ("{of: use, at_least: 5}", []),
        ("{of: use, at_least: -1}", []),
        ("{of: use, at_least: 5.1}", [("out-of-range", "5.1")]),
        ("{of: incidents, at_least: 1}", [("out-of-range", "1")]),
        ("usage", [("unknown-reference", "usage")]),
        ("total", [("unknown-reference", "total")]),
        ("{of: use, at_lest: 1}", [("unknown-key", "at_lest")]),
        ("{at_least: 1}", [("missing-key", "at_least")]),
        ("{of: use, at_least: all}", [("wrong-type", "all")]),
        ("Use", [("bad-id", "Use")]),
    ],
)
def test_a_requirement_asks_for_what_there_is(requirement: str, findings: list[tuple[str, str]]) -> None:
    assert wrong(gate(requirement)) == findings


SHARING: Change = ("energy", "id: incidents\n", "id: incidents\n    shared_with: [usage]\n")


@pytest.mark.parametrize("change", [gate("usage"), SHARING])
def test_an_id_of_the_edition_before_is_said_with_what_it_is_called_now(change: Change) -> None:
    with pytest.raises(CriteriaError) as refused:
        loaded(("energy", "id: use\n", "id: use\n    replaces: [usage]\n"), change)
    assert [finding.help for finding in refused.value.diagnostics] == ["it is called `use` now"]


def test_a_group_without_a_score_can_be_met_and_cannot_have_a_score() -> None:
    none = supply("aggregate: none")
    assert wrong(none, gate("supply")) == []
    assert wrong(none, gate("{of: supply, at_least: 1}")) == [("misplaced-key", "at_least")]


def test_requirements_are_looked_for_wherever_they_stand() -> None:
    assert wrong(supply("requires: [x_1]")) == [("unknown-reference", "x_1")]
    assert wrong(supply("caps: [{if: x_1, at_most: 3}, {unless: x_2, at_most: 3}]")) == [
        ("unknown-reference", "x_1"),
        ("unknown-reference", "x_2"),
    ]
    levels = "levels: [{id: a, title: A, requires: [x_1]}], top_level: {id: b, title: B, requires: [x_2]}"
    assert [code for code, _ in wrong(supply(levels))] == ["unknown-reference"] * 2


# ---- circles


@pytest.mark.parametrize(
    ("changes", "findings"),
    [
        ([gate("open_data")], ["open_data"]),
        ([gate("energy")], ["energy"]),
        ([supply("requires: [audits]")], ["audits"]),
        ([supply("requires: [governance]")], ["governance"]),
        ([supply("requires: [energy]"), gate("audits")], ["audits"]),
        ([supply("caps: [{unless: open_data, at_most: 1}]"), gate("{of: supply, at_least: 1}")], ["supply"]),
        ([supply("levels: [{id: a, title: A, requires: [supply]}]")], []),
        ([supply("caps: [{unless: supply, at_most: 1}]")], []),
        ([supply("caps: [{unless: supply, at_most: 1}]"), gate("{of: supply, at_least: 1}")], []),
        ([supply("caps: [{if: {of: supply, at_least: 1}, at_most: 1}]")], ["supply"]),
        ([energy("levels: [{id: a, title: A, requires: [open_data]}]")], []),
        ([supply("requires: [board]")], []),
        ([energy("requires: [audits]"), gate("audited")], []),
    ],
)
def test_no_requirement_depends_on_itself(changes: list[Change], findings: list[str]) -> None:
    assert wrong(*changes) == [("circular-requirement", text) for text in findings]


def test_a_tier_cannot_ask_for_a_later_one_and_a_later_one_for_an_earlier() -> None:
    board = "{id: board, title: Board, needs: must"
    assert wrong(("methodology", board, f"{board}, requires: [audited]")) == [("circular-requirement", "audited")]
    assert wrong(supply("requires: [oversight]")) == []


def test_every_circle_is_reported_once_and_as_the_path_that_it_is() -> None:
    two = (gate("open_data"), supply("requires: [audits]"))
    with pytest.raises(CriteriaError) as caught:
        loaded(*two)
    assert [finding.message for finding in caught.value.diagnostics] == [
        "circular requirement: `open_data` needs `open_data`",
        "circular requirement: `audited` needs `audits` needs `audited`",
    ]


def test_there_is_no_circle_where_all_is_right() -> None:
    assert list(circles(loaded())) == []


# ---- tiers and levels


def test_tiers_are_parts_of_their_group_and_may_be_criteria() -> None:
    assert wrong(energy("tiers: [use, open_data]")) == []
    assert wrong(energy("tiers: [use, audited]")) == [("unknown-reference", "audited")]
    assert wrong(energy("tiers: [use, use]")) == [("repeated-value", "use")]


def test_a_level_is_one_of_a_ladder_around_the_criterion() -> None:
    own = energy("levels: [{id: a, title: A}]")
    line = "    max_points: 5\n"
    assert wrong(own, ("energy", line, f"{line}    level: a\n")) == []
    assert wrong(own, ("board", "level: aware", "level: a")) == [("unknown-reference", "a")]
    assert wrong(("board", "level: aware", "level: star")) == [("unknown-reference", "star")], "nothing asks for it"


def test_a_result_needs_a_word_that_some_criterion_has() -> None:
    assert wrong(("methodology", "aggregate: weighted mean\n", "aggregate: weighted mean\nneeds: should\n")) == []
    assert wrong(supply("needs: must")) == [("unknown-reference", "must")], "the musts of other groups are not meant"


# ---- shared evidence


def test_evidence_is_shared_with_another_criterion_and_either_may_say_so() -> None:
    assert wrong(("energy", "    shared_with: [use]\n", "")) == []
    assert wrong(("energy", "shared_with: [use]", "shared_with: [use, energy]")) == [("unknown-reference", "energy")]
