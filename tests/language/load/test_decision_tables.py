"""Tests of documents to decision tables: what they read, and what is said of what is wrong in them."""

from decimal import Decimal

import pytest

from cleancloud_rules.model.groups import Reads, TableHitPolicy
from cleancloud_rules.model.values import Interval
from tests.support.forms import Change, energy, loaded, supply, wrong

INPUTS = "{energy: {label: energy}, governance: {score: governance}, level: {level: total}}"
ROW = "{energy: weak, level: ahead, then: mixed}"


def reads(what: str, test: str = '"-"') -> Change:
    """Return the change that adds a table with one input."""
    table = f"  - {{id: more, title: More, inputs: {{x: {what}}}, outputs: [a], rows: [{{x: {test}, then: a}}]}}\n"
    return "methodology", "rank_by: [level, total]", f"{table}rank_by: [level, total]"


def test_a_table_holds_what_its_entry_says() -> None:
    (table,) = loaded().tables
    assert (table.id, table.hit_policy, table.otherwise) == ("status", TableHitPolicy.UNIQUE, "poor")
    assert table.outputs == ("good", "mixed", "poor")
    assert [(entry.name, entry.reads, entry.of) for entry in table.inputs] == [
        ("energy", Reads.LABEL, "energy"),
        ("governance", Reads.SCORE, "governance"),
        ("level", Reads.LEVEL, None),
    ]
    assert [entry.field.values for entry in table.inputs] == [
        ("strong", "fair", "weak"),
        (),
        ("aware", "active", "ahead", "star"),
    ]
    first, second = table.rows
    assert (first.then, second.then) == ("good", "mixed")
    assert dict(first.tests)["governance"].alternatives == (Interval(low=Decimal(50)),)


@pytest.mark.parametrize(
    ("what", "test"),
    [
        ("{label: energy}", "[strong, fair]"),
        ("{label: total}", "leader"),
        ("{level: total}", "star"),
        ("{score: total}", '">= 5"'),
        ("{score: audits}", "1"),
        ("{points: use}", '"[0..2.5]"'),
        ("{points: audits}", "1"),
        ("{points: total}", "1"),
        ("{met: use}", "true"),
        ("{met: audits}", "false"),
        ("{met: total}", "false"),
        ("{table: status}", "good"),
    ],
)
def test_an_input_reads_what_a_part_came_to(what: str, test: str) -> None:
    assert wrong(reads(what, test)) == []


@pytest.mark.parametrize(
    ("what", "findings"),
    [
        ("energy", [("wrong-type", "energy")]),
        ("{label: energy, score: energy}", [("wrong-type", "{label: energy, score: energy}")]),
        ("{labels: energy}", [("unknown-key", "labels")]),
        ("{label: audits}", [("unknown-reference", "audits")]),
        ("{level: audits}", [("unknown-reference", "audits")]),
        ("{score: use}", [("unknown-reference", "use")]),
        ("{label: use}", [("unknown-reference", "use")]),
        ("{points: us}", [("unknown-reference", "us")]),
        ("{table: more}", [("unknown-reference", "more")]),
        ("{table: 5}", [("wrong-type", "5")]),
        ("{score: [total]}", [("wrong-type", "[total]")]),
    ],
)
def test_an_input_that_reads_nothing_is_refused(what: str, findings: list[tuple[str, str]]) -> None:
    assert wrong(reads(what)) == findings


@pytest.mark.parametrize(
    ("what", "test", "findings"),
    [
        ("{label: energy}", "strnog", [("unknown-value", "strnog")]),
        ("{label: energy}", '">= 5"', [("bad-test", ">= 5")]),
        ("{label: energy}", "5", [("unknown-value", "5")]),
        ("{level: total}", "Aware", [("unknown-value", "Aware")]),
        ("{table: status}", "bad", [("unknown-value", "bad")]),
        ("{score: total}", "high", [("wrong-type", "high")]),
        ("{score: total}", "5..6", [("bad-test", "5..6")]),
        ("{met: use}", "yes", [("wrong-type", "yes")]),
    ],
)
def test_a_row_asks_for_what_its_input_can_be(what: str, test: str, findings: list[tuple[str, str]]) -> None:
    assert wrong(reads(what, test)) == findings


@pytest.mark.parametrize(
    ("row", "findings"),
    [
        ("{energy: weak}", [("missing-key", "energy")]),
        ("{energi: weak, then: mixed}", [("unknown-key", "energi")]),
        ("{energy: week, then: mixd}", [("unknown-value", "week"), ("unknown-value", "mixd")]),
        ("{energy: weak, then: [mixed]}", [("wrong-type", "[mixed]")]),
        ("weak", [("wrong-type", "weak")]),
    ],
)
def test_everything_in_a_row_is_examined(row: str, findings: list[tuple[str, str]]) -> None:
    assert wrong(("methodology", ROW, row)) == findings


def test_a_row_is_not_held_against_inputs_or_outputs_that_are_not_read() -> None:
    assert wrong(("methodology", INPUTS, "[energy]")) == [("wrong-type", "[energy]")]
    assert wrong(("methodology", "outputs: [good, mixed, poor]", "outputs: good")) == [("wrong-type", "good")]
    assert wrong(("methodology", "{label: energy}", "{label: energi}")) == [("unknown-reference", "energi")]


def test_a_table_may_read_what_was_rejected_elsewhere() -> None:
    lost = ("audits", "ask: Are", "askk: 5, ask: Are")
    assert wrong(lost, reads("{points: audited}")) == [("unknown-key", "askk")]
    assert wrong(supply("parts: 5"), reads("{score: audits}")) == [("unknown-value", "5")]
    twice = (reads("{score: totl}")[2]).replace("rank_by: [level, total]", "")
    second = twice + "  - {id: last, title: L, inputs: {x: {table: more}}, outputs: [a], rows: [{x: a, then: a}]}\n"
    both = ("methodology", "rank_by: [level, total]", f"{second}rank_by: [level, total]")
    assert wrong(both) == [("unknown-reference", "totl")]


def test_labels_and_levels_that_are_not_read_are_not_missed() -> None:
    band = ("methodology", '{label: leader, score: ">= 75"}', '{labl: leader, score: ">= 75"}')
    assert wrong(band, reads("{label: total}", "leader")) == [("unknown-key", "labl")]
    assert wrong(energy("parts: 5"), reads("{label: energy}", "strong")) == [("unknown-value", "5")]


def test_a_table_that_collects_is_read_by_no_other() -> None:
    collects = ("methodology", "    otherwise: poor\n", "    otherwise: poor\n    hit_policy: collect\n")
    assert wrong(collects, reads("{table: status}", "good")) == [("bad-value", "status")]


def test_tables_are_a_list_of_mappings() -> None:
    tables = reads("{score: total}")
    assert wrong((tables[0], tables[1], "  - more\nrank_by: [level, total]")) == [("wrong-type", "more")]
