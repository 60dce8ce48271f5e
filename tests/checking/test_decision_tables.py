"""Tests of what decision tables and rankings get wrong; each mistake has its case in `bad_forms`."""

import pytest

from tests.support.forms import Change, supply, wrong

FIRST = '      - {energy: [strong, fair], governance: ">= 50", then: good}\n'
SECOND = "      - {energy: weak, level: ahead, then: mixed}\n"


def rows(first: str, second: str, more: str = "") -> tuple[Change, ...]:
    """Return the changes that give the table two other rows."""
    return (
        ("methodology", FIRST, f"      - {{{first}, then: good}}\n"),
        ("methodology", SECOND, f"      - {{{second}, then: mixed}}\n"),
        ("methodology", "    otherwise: poor\n", f"    otherwise: poor\n{more}"),
    )


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ("energy: strong", "energy: fair", False),
        ("energy: strong", "energy: [fair, strong]", True),
        ("energy: strong", "level: aware", True),
        ("energy: strong, level: aware", "energy: strong, level: ahead", False),
        ('governance: ">= 50"', 'governance: "< 50"', False),
        ('governance: ">= 50"', 'governance: "<= 50"', True),
        ('governance: "not([10..20])"', 'governance: "[10..20]"', False),
        ("governance: null", "governance: not(null)", False),
        ('governance: "-"', "governance: null", True),
        ("energy: 'not(\"weak\")'", "energy: weak", False),
        ("energy: 'not(\"weak\")'", "energy: [weak, fair]", True),
        ('energy: \'not("weak", "fair")\'', "energy: 'not(\"strong\")'", False),
        ("energy: 'not(\"weak\")'", "energy: null", False),
        ("level: star", "level: [aware, active, ahead]", False),
    ],
)
def test_no_two_rows_of_a_unique_table_fit_together(first: str, second: str, overlap: bool) -> None:
    assert [code for code, _ in wrong(*rows(first, second))] == ["overlapping-rows"] * overlap
    assert wrong(*rows(first, second, "    hit_policy: first\n")) == []


def test_each_row_that_overlaps_an_earlier_one_is_reported() -> None:
    third = "      - {level: aware, then: poor}\n"
    three = (("methodology", SECOND, "      - {energy: strong, then: mixed}\n" + third),)
    assert wrong(*three) == [("overlapping-rows", "energy"), ("overlapping-rows", "level")]


def test_a_table_has_inputs_outputs_and_rows() -> None:
    inputs = "inputs: {energy: {label: energy}, governance: {score: governance}, level: {level: total}}"
    without = (
        ("methodology", FIRST, ""),
        ("methodology", SECOND, ""),
        ("methodology", "    rows:\n", "    rows: []\n"),
    )
    assert wrong(*without) == [("empty-value", "[]")]
    assert wrong(*without, ("methodology", inputs, "inputs: {}")) == [("empty-value", "{}"), ("empty-value", "[]")]


@pytest.mark.parametrize("name", ["total", "level", "label"])
def test_a_table_is_not_called_as_what_companies_are_ranked_by(name: str) -> None:
    assert wrong(("methodology", "- id: status", f"- id: {name}")) == [("reserved-name", name)]


def test_a_part_may_be_called_total_where_there_are_no_tables() -> None:
    named = ("audits", "{id: audited,", "{id: total,")
    assert wrong(named) == [("reserved-name", "total")]
    head = "tables:\n  - id: status\n    title: Status\n"
    inputs = "    inputs: {energy: {label: energy}, governance: {score: governance}, level: {level: total}}\n"
    outputs = "    outputs: [good, mixed, poor]\n    rows:\n"
    gone = (head + inputs + outputs + FIRST + SECOND + "    otherwise: poor\n", "")
    assert wrong(named, ("methodology", *gone)) == []


# ---- rankings


@pytest.mark.parametrize(
    ("names", "findings"),
    [
        ("level, total", []),
        ("label, status, total", []),
        ("status", []),
        ("totl", [("unknown-reference", "totl")]),
        ("energy", [("unknown-reference", "energy")]),
        ("total, total", [("repeated-value", "total")]),
        ("", [("empty-value", "[]")]),
    ],
)
def test_companies_are_ranked_by_what_they_come_to(names: str, findings: list[tuple[str, str]]) -> None:
    assert wrong(("methodology", "rank_by: [level, total]", f"rank_by: [{names}]")) == findings


def test_a_table_that_collects_ranks_nobody() -> None:
    collects = ("methodology", "    otherwise: poor\n", "    otherwise: poor\n    hit_policy: collect\n")
    assert wrong(collects) == []
    by = ("methodology", "rank_by: [level, total]", "rank_by: [status]")
    assert wrong(collects, by) == [("unknown-reference", "status")]


def test_a_ladder_of_a_group_ranks_nobody() -> None:
    ladder = "  - {id: aware, title: Aware}\n  - {id: active, title: Active, requires: [{of: energy, at_least: 40}]}\n"
    whole = f"levels:\n{ladder}  - {{id: ahead, title: Ahead, at_least: 70}}\ntop_level: {{id: star, title: Star}}\n"
    changes = (
        ("methodology", whole, ""),
        ("methodology", "inputs: {energy: {label: energy}, governance: {score: governance}, level: {level: total}}",
         "inputs: {energy: {label: energy}, governance: {score: governance}}"),
        ("methodology", "level: ahead, ", ""),
        ("board", "level: aware, ", ""),
    )  # fmt: skip
    found = wrong(*changes, supply("levels: [{id: a, title: A}]"))
    assert found == [("unknown-reference", "level")]


def test_what_is_not_read_is_not_missed_in_a_ranking() -> None:
    assert wrong(("methodology", "  - {id: aware, title: Aware}", "  - {id: aware}")) == [("missing-key", "id")]
