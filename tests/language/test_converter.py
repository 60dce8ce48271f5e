"""Tests of nodes to typed objects: nothing is coerced, every refusal has its place, and all come at once."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cleancloud_rules.diagnostics.collector import EVERYTHING, DiagnosticCollector, Rejected
from cleancloud_rules.documents.nodes import SequenceNode
from cleancloud_rules.language.conditions import Scope
from cleancloud_rules.language.converter import cited, salvage, structure
from cleancloud_rules.language.file_types import CategoryEntry, CompanyFile, FactEntry, MethodologyFile, SourceEntry
from cleancloud_rules.model.facts import Basis, FactType, Field, Source
from cleancloud_rules.model.groups import Requirement
from cleancloud_rules.model.methodology import Criterion, Proportion
from cleancloud_rules.model.rounding import Rounding, RoundingMode, TotalPolicy
from cleancloud_rules.model.texts import Notice
from cleancloud_rules.model.values import FieldType, Id, Interval, Name, Period, Word
from cleancloud_rules.model.vocabulary import Vocabulary, Window
from tests.support.nodes import document, node, refused, seen


def made(text: str, type: Any) -> Any:
    return structure(node(text), type)


@pytest.mark.parametrize(
    ("type", "text", "expected"),
    [
        (str, "a text", "a text"), (bool, "true", True), (int, "-3", -3), (Decimal, "2.50", Decimal("2.5")),
        (date, "2024-06-30", date(2024, 6, 30)), (Id, "clean_cloud_2024", "clean_cloud_2024"),
        (Name, "gds-2023.v1", "gds-2023.v1"),
        (Word, "NO", "NO"), (Basis, "third_party", Basis.THIRD_PARTY), (RoundingMode, '"floor"', RoundingMode.FLOOR),
        (Period, "2023", Period(date(2023, 1, 1), date(2023, 12, 31), "2023")),
        (date | Interval | None, "unknown", None),
        (date | Interval | None, "2024", Interval(date(2024, 1, 1), date(2024, 12, 31))),
        (tuple[int, ...], "[1, 2]", (1, 2)), (tuple[int, ...], "[]", ()), (dict[Id, str], "{a: b}", {"a": "b"}),
        (dict[str, int], '{"CNY x": 1}', {"CNY x": 1}), (str | None, "x", "x"), (Window, "always", Window()),
        (Window, "{from: 2022-01-01}", Window(date(2022, 1, 1))),
        (Window, "{to: 2022-01-01}", Window(None, date(2022, 1, 1))),
        (Rounding, "{}", Rounding()),
        (Rounding, "{digits: 0, total: rounded_sum}", Rounding(0, RoundingMode.HALF_UP, TotalPolicy.ROUNDED_SUM)),
        (Notice, "{code: points, text: Ours.}", Notice(Id("points"), "Ours.")),
    ],
    ids=str,
)  # fmt: skip
def test_a_value_becomes_its_type(type: Any, text: str, expected: Any) -> None:
    found = made(text, type)
    assert found == expected
    assert found.__class__ is expected.__class__


@pytest.mark.parametrize(
    ("type", "text", "findings"),
    [
        (str, "5", [("wrong-type", "5")]), (str, "true", [("wrong-type", "true")]),
        (str, "[a]", [("wrong-type", "[a]")]),
        (bool, '"false"', [("wrong-type", '"false"')]), (bool, "no", [("wrong-type", "no")]),
        (bool, "0", [("wrong-type", "0")]),
        (int, "3.7", [("wrong-type", "3.7")]), (int, "3.0", [("wrong-type", "3.0")]),
        (int, '"5"', [("wrong-type", '"5"')]),
        (Decimal, '"5"', [("wrong-type", '"5"')]), (Decimal, "true", [("wrong-type", "true")]),
        (Id, "A", [("bad-id", "A")]), (Id, "a-b", [("bad-id", "a-b")]), (Id, "2a", [("bad-id", "2a")]),
        (Id, "null", [("empty-value", "null")]),
        (Id, "a b", [("bad-id", "a b")]), (Id, "~", [("empty-value", "~")]), (Name, "-a", [("bad-id", "-a")]),
        (Word, '"a b"', [("bad-id", '"a b"')]),
        (Basis, "Reported", [("unknown-value", "Reported")]), (Basis, "[reported]", [("wrong-type", "[reported]")]),
        (tuple[int, ...], "1", [("wrong-type", "1")]), (tuple[int, ...], "[a, 2, b]", [("wrong-type", "a"),
        ("wrong-type", "b")]),
        (dict[Id, str], "[a]", [("wrong-type", "[a]")]), (dict[Id, str], "{A: 1, b: 2}", [("bad-id", "A"),
        ("wrong-type", "1"), ("wrong-type", "2")]),
        (str | None, "null", [("empty-value", "null")]), (Window, "never", [("wrong-type", "never")]),
        (Window, "[a]", [("wrong-type", "[a]")]),
        (Rounding, "{digit: 1}", [("unknown-key", "digit")]),
        (Notice, "{cod: points}", [("unknown-key", "cod"), ("missing-key", "cod")]),
        (Notice, "{}", [("missing-key", "{}"), ("missing-key", "{}")]),
        (Notice, "{code: Points, text: 5, hypothetical: maybe}", [("bad-id", "Points"), ("wrong-type", "5"),
        ("wrong-type", "maybe")]),
        (Rounding, "5", [("wrong-type", "5")]),
    ],
    ids=str,
)  # fmt: skip
def test_nothing_is_coerced_and_all_findings_come_at_once(
    type: Any, text: str, findings: list[tuple[str, str]]
) -> None:
    assert refused(made, text, type) == findings


def test_a_class_keeps_where_it_was_written() -> None:
    found = made("{id: energy, title: Energy, weight: 40}", CategoryEntry)
    assert (found.id, found.title, found.weight) == ("energy", "Energy", Decimal(40))
    assert found.node.value_location("weight").text == "40"


def test_keys_may_differ_from_the_names_of_attributes() -> None:
    assert made("{from: 2022-01-01, to: 2022-12-31}", Window).start == date(2022, 1, 1)
    assert refused(made, "{start: 2022-01-01}", Window) == [("unknown-key", "start")]


def test_a_missing_key_is_not_reported_beside_its_misspelling() -> None:
    assert refused(made, "{code: points, tex: Ours.}", Notice) == [("unknown-key", "tex")]


def test_what_is_missing_is_shown_at_the_first_key() -> None:
    assert refused(made, "\n  title: Energy\n  weight: 40", CategoryEntry) == [("missing-key", "title")]


def test_a_message_on_a_wrong_form_names_the_keys_that_are_needed() -> None:
    with pytest.raises(Rejected) as caught:
        made("5", CategoryEntry)
    assert caught.value.diagnostics[0].message == "expected a mapping with `id`, `title`, got `5`"


# ---- what is only partly right


def test_what_is_right_is_salvaged_beside_what_is_wrong() -> None:
    root = document("id: acme\nname: 5\naliases: [A]\ncohort: Cloud\nfact: []\n").root
    gather = DiagnosticCollector()
    company, wrong = salvage(root, CompanyFile, gather, name="?")
    assert (company.id, company.name, company.aliases, company.cohort, company.node) == (
        "acme",
        "?",
        ("A",),
        None,
        root,
    )
    assert wrong == {"name", "cohort"}
    assert seen(gather.diagnostics) == [("unknown-key", "fact"), ("wrong-type", "5"), ("bad-id", "Cloud")]


def test_nothing_is_wrong_with_what_is_whole() -> None:
    gather = DiagnosticCollector()
    fact, wrong = salvage(document("basis: assessed\nas_of: 2024-01-19\n").root, FactEntry, gather)
    assert (fact.basis, fact.as_of, wrong) == (Basis.ASSESSED, date(2024, 1, 19), frozenset())
    assert not gather.failed


def test_required_parts_are_replaced_where_they_are_missing() -> None:
    root = document("id: demo\n").root
    gather = DiagnosticCollector()
    nothing = SequenceNode((), root.location)
    head, wrong = salvage(
        root,
        MethodologyFile,
        gather,
        title="",
        edition="",
        publisher="",
        windows={},
        source_types=(),
        categories=nothing,
    )
    assert head.id == "demo"
    assert wrong == {"title", "edition", "publisher", "windows", "source_types", "categories"}
    assert {finding.code for finding in gather.diagnostics} == {"missing-key"}


# ---- what may be named


def test_a_source_is_found_by_its_name() -> None:
    report = Source("report", "report")
    assert cited(node("report"), {"report": report}) is report
    assert refused(cited, node("reprot"), {"report": report}) == [("unknown-source", "reprot")]
    assert refused(cited, node("5 a"), {"report": report}) == [("bad-id", "5 a")]


@pytest.mark.parametrize("broken", [EVERYTHING, frozenset({"lost"})])
def test_a_source_that_was_rejected_is_no_finding_again(broken: Any) -> None:
    with pytest.raises(Rejected) as caught:
        cited(node("lost"), {}, broken)
    assert caught.value.diagnostics == ()


def test_a_criterion_with_a_rejected_part_is_rejected_even_without_a_finding_of_its_own() -> None:
    text = """
  id: c
  title: T
  horizon: h
  max_points: 1
  hit_policy: first
  otherwise: None.
  rules: [{id: r, points: 1, when: {lost: {}}, because: It is.}]
"""
    scope = Scope(Vocabulary(()), broken=frozenset({"lost"}))
    with pytest.raises(Rejected) as caught:
        structure(node(text), Criterion, scope)
    assert caught.value.diagnostics == ()


def test_a_source_entry_reads_days_years_and_unknown() -> None:
    entry = made("{type: report, published: 2024, accessed: unknown, footnotes: [3, 5]}", SourceEntry)
    assert entry.published == Interval(date(2024, 1, 1), date(2024, 12, 31))
    assert (entry.accessed, entry.footnotes) == (None, (3, 5))


# ---- requirements and proportions


def test_a_requirement_is_an_id_or_a_mapping() -> None:
    assert structure(node("board"), Requirement) == Requirement(Id("board"))
    assert structure(node("{of: board}"), Requirement) == Requirement(Id("board"))
    assert structure(node("{of: board, at_least: 0.50}"), Requirement) == Requirement(Id("board"), Decimal("0.5"))
    assert str(structure(node("{of: board, at_least: 5}"), Requirement)) == "board at least 5"


def test_the_place_of_a_requirement_is_that_of_the_id() -> None:
    for text in ("board", "{of: board, at_least: 5}"):
        found = structure(node(text), Requirement).node
        assert found is not None
        assert found.value_location("of").text == "board"


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("5", [("bad-id", "5")]),
        ("Board", [("bad-id", "Board")]),
        ("[board, 5]", [("wrong-type", "[board, 5]")]),
        ("{board: 5}", [("unknown-key", "board"), ("missing-key", "board")]),
        ("{of: board, at_least: half}", [("wrong-type", "half")]),
        ("null", [("empty-value", "null")]),
    ],
)
def test_what_is_no_requirement_is_refused(text: str, findings: list[tuple[str, str]]) -> None:
    assert refused(made, text, Requirement) == findings


NUMBERS = FactType(
    Id("meter"), "Meter", Id("ever"),
    tuple(Field(type.value, type, unit="GWh" if type is FieldType.QUANTITY else None) for type in FieldType),
)  # fmt: skip
METERED = Scope(Vocabulary((NUMBERS,)), broken=frozenset({"lost"}))


@pytest.mark.parametrize("kind", ["integer", "number", "percent", "year", "quantity"])
def test_points_follow_from_a_number(kind: str) -> None:
    found = structure(node(f"{{to: meter.{kind}, over: [80, 0]}}"), Proportion, METERED)
    assert found == Proportion("meter", kind, (Decimal(80), Decimal(0)))


@pytest.mark.parametrize("kind", ["boolean", "date", "enum", "set", "text"])
def test_points_follow_from_nothing_else(kind: str) -> None:
    assert refused(structure, node(f"{{to: meter.{kind}, over: [0, 1]}}"), Proportion, METERED) == [
        ("wrong-type", f"meter.{kind}")
    ]


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("{to: meter.number, over: [0, 1, 2]}", [("bad-value", "[0, 1, 2]")]),
        ("{to: meter.number, over: []}", [("bad-value", "[]")]),
        ("{to: meter.number, over: [1, 1.0]}", [("bad-value", "[1, 1.0]")]),
        ("{to: meter.number, over: 0..1}", [("wrong-type", "0..1")]),
        ("{to: meter.number, over: [0, all]}", [("wrong-type", "all")]),
        ("{to: meter.number, over: [0, 1], mode: up}", [("unknown-value", "up")]),
        ("{to: meter.number, over: [0, 1], digits: 1.5}", [("wrong-type", "1.5")]),
        ("{to: meter.numbr, over: [0, 1]}", [("unknown-field", "meter.numbr")]),
        ("{to: metre.number, over: [0, 1]}", [("unknown-fact-type", "metre.number")]),
        ("{to: meter, over: [0, 1]}", [("bad-value", "meter")]),
        ("{to: lost.number, over: [0, 1]}", []),
        ("{over: [0, 1]}", [("missing-key", "over")]),
    ],
)
def test_what_is_no_proportion_is_refused(text: str, findings: list[tuple[str, str]]) -> None:
    assert refused(structure, node(text), Proportion, METERED) == findings


@pytest.mark.parametrize(
    ("type", "text", "help"),
    [
        (Id, "Demo 2024", "write `demo_2024`"),
        (Name, "Acme & Co. Cloud", "write `Acme-Co-Cloud`"),
        (Name, "极客云", "write it in Latin letters"),
        (Name, "café", ""),
        (Id, "2a", ""),
    ],
)
def test_a_bad_id_comes_with_one_that_is_allowed(type: Any, text: str, help: str) -> None:
    with pytest.raises(Rejected) as caught:
        structure(node(text), type)
    assert [found.help for found in caught.value.diagnostics] == [help]
