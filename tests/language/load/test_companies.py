"""Tests of documents to companies: what a fact says, what contradicts what, and that all findings come at once."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules import Company, FactsError
from cleancloud_rules.documents.nodes import Document
from cleancloud_rules.documents.yaml import read_file
from cleancloud_rules.model import Fact
from cleancloud_rules.model.facts import Basis
from cleancloud_rules.model.values import Interval
from tests.support.nodes import document, plain
from tests.system.test_bad_files import CASES, COMPANIES, CRITERIA

METHODOLOGY = cc.load_methodology(CRITERIA / "good")
SOURCES = (COMPANIES / "good" / "sources.yaml").read_text(encoding="utf-8")
HEAD = "id: acme\nname: Acme\n"


def company(text: str) -> Company:
    return cc.company_from(HEAD + text, METHODOLOGY, sources=SOURCES)


def fact(entry: str) -> Fact:
    (found,) = company(f"facts:\n  - {entry}\n").facts
    return found


def found(text: str, sources: Any = SOURCES) -> list[tuple[str, str]]:
    """Return code and underlined text of what is wrong with a company."""
    try:
        cc.company_from(text, METHODOLOGY, sources=sources)
    except FactsError as error:
        return [(finding.code, finding.location.text) for finding in error.diagnostics]
    return []


def wrong(entry: str) -> list[tuple[str, str]]:
    """Return what is wrong with an entry of `facts`."""
    return found(f"{HEAD}facts:\n  - {entry}\n")


# ---- what it says


def test_a_company_without_facts_is_one() -> None:
    made = company("aliases: [Acme Cloud, A]\ncohort: cloud\n")
    assert (made.id, made.name, made.aliases, made.cohort) == ("acme", "Acme", ("Acme Cloud", "A"), "cloud")
    assert (made.facts, made.not_found) == ((), ())
    assert len(made.sha256) == 64


def test_a_fact_says_everything_that_stands_in_its_entry() -> None:
    made = fact("""share: {percent: 12.50}
    period: 2022-04-01/2023-03-31
    as_of: 2023-05-01
    basis: calculated
    source: acme-report
    locator: p. 12
    entity: Acme Cloud
    disclosed: [denominator]
    note: Rounded by the source.""")
    assert made.values.items() == (("percent", Decimal("12.5")),)
    assert (made.period.start, made.period.end) == (date(2022, 4, 1), date(2023, 3, 31)) if made.period else False
    assert (made.as_of, made.basis, made.disclosed) == (date(2023, 5, 1), Basis.CALCULATED, ("denominator",))
    assert made.source is not None
    assert (made.source.id, made.source.published, made.source.footnotes) == ("acme-report", date(2024, 3, 1), (3,))
    assert (made.locator, made.entity, made.note) == ("p. 12", "Acme Cloud", "Rounded by the source.")
    assert made.id.startswith("share-")


def test_what_an_entry_leaves_out_is_not_there() -> None:
    made = fact("energy: {amount: 1.61 TWh}")
    assert (made.period, made.as_of, made.source, made.locator, made.entity, made.note) == (None,) * 6
    assert made.basis is Basis.REPORTED
    assert made.get("region") is None
    assert made.get("amount") == Decimal(1610)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("basis", "assessed"), ("period", date(2023, 12, 31)), ("entity", None), ("evidence.source", "acme-report"),
        ("evidence.source_type", "report"), ("evidence.published", date(2024, 3, 1)),
        ("percent", Interval(Decimal(38), None, True)),
    ],
)  # fmt: skip
def test_rules_can_read_every_reserved_field(name: str, value: Any) -> None:
    made = fact("share: {percent: {more_than: 38}}\n    period: 2023\n    basis: assessed\n    source: acme-report")
    assert made.get(name) == value


def test_the_fact_may_stand_anywhere_in_its_entry() -> None:
    assert fact("period: 2023\n    share: {percent: 5}") == fact("share: {percent: 5}\n    period: 2023")


def test_a_required_field_may_be_disclosed_instead() -> None:
    made = fact("energy: {sites: 3}\n    disclosed: [amount]")
    assert (made.get("amount"), made.disclosed) == (None, ("amount",))


def test_equal_facts_are_one_and_ids_depend_on_content_alone() -> None:
    one = "  - share: {percent: 5, denominator: energy}\n    period: 2023\n"
    same = "  - period: 2023\n    # the same\n    share: {denominator: 'energy', percent: 5.00}\n"
    other = "  - share: {percent: 6}\n"
    assert len(company(f"facts:\n{one}{same}").facts) == 1
    forth, back = company(f"facts:\n{one}{other}"), company(f"facts:\n{other}{same}")
    assert [made.id for made in forth.facts] == [made.id for made in back.facts]
    assert forth.sha256 == back.sha256
    assert forth == back


def test_a_change_of_the_cited_source_changes_the_digest() -> None:
    text = HEAD + "facts:\n  - share: {percent: 5}\n    source: acme-report\n"
    one = cc.company_from(text, METHODOLOGY, sources=SOURCES)
    other = cc.company_from(text, METHODOLOGY, sources=SOURCES.replace("footnotes: [3]", "footnotes: [4]"))
    assert one.sha256 != other.sha256


def test_sources_come_from_the_methodology_the_bibliography_and_the_company() -> None:
    made = company("""sources:
  leaflet: {type: news}
facts:
  - share: {percent: 1}
    source: leaflet
  - share: {percent: 2}
    source: rulebook
  - share: {percent: 3}
    source: acme-report
""")
    assert sorted(str(f.source.id) for f in made.facts if f.source) == ["acme-report", "leaflet", "rulebook"]


def test_what_was_not_found_keeps_its_condition_and_its_source() -> None:
    (entry,) = company("""not_found:
  - commitment: {topic: carbon_neutrality, target_year: "<= 2030"}
    basis: inferred
    source: rulebook
    locator: p. 3
    note: The report counts all that have one.
""").not_found
    assert str(entry.condition) == "commitment: {target_year: <= 2030, topic: carbon_neutrality}"
    assert (entry.basis, entry.locator) == (Basis.INFERRED, "p. 3")
    assert entry.source is not None


# ---- contradictions


@pytest.mark.parametrize(
    ("stated", "missing", "contradicts"),
    [
        ("share: {percent: 12}", 'share: {percent: "> 10"}', True),
        ("share: {percent: 10}", 'share: {percent: "> 10"}', False),
        ("share: {percent: {more_than: 10}}", 'share: {percent: "> 10"}', True),
        ("share: {percent: {at_least: 10}}", 'share: {percent: "> 10"}', False),
        ("share: {percent: 12}", "share: {}", True),
        ("share: {percent: 12}", "energy: {}", False),
        ("share: {percent: 12}", "share: {denominator: null}", True),
        ("share: {percent: 12}", "share: {denominator: energy}", False),
        ("energy: {sites: 3}\n    disclosed: [amount]", "energy: {amount: not(null)}", True),
        ("energy: {sites: 3}\n    disclosed: [amount]", 'energy: {amount: "> 1 GWh"}', False),
        ("share: {percent: 12}\n    source: acme-report", "share: {evidence: {source_type: report}}", True),
        ("share: {percent: 12}\n    period: 2023", "share: {period: 2023}", True),
        ("share: {percent: 12}\n    period: 2023", 'share: {period: ">= 2024"}', False),
    ],
)
def test_a_fact_contradicts_what_was_not_found_if_it_certainly_passes(
    stated: str, missing: str, contradicts: bool
) -> None:
    name = stated.split(":", maxsplit=1)[0]
    expected = [("contradicts-not-found", name)] if contradicts else []
    assert found(f"{HEAD}facts:\n  - {stated}\nnot_found:\n  - {missing}\n") == expected


@pytest.mark.parametrize(
    ("stated", "missing", "contradicts"),
    [
        ("{between: [5, 20]}", ("[0..10]", "> 10"), True),
        ("{between: [5, 20]}", ("[0..10]", "> 11"), False),
        ("{at_least: 5}", ("[0..10]", "(10..100]"), True),  # a percentage is at most 100
        ("{at_least: 5}", ("[0..10]", "(10..100)"), False),
        ("{at_least: 5}", ("(10..100]", "< 3", "[4..10]"), True),
    ],
)
def test_a_bounded_fact_contradicts_entries_that_together_leave_no_value(
    stated: str, missing: tuple[str, ...], contradicts: bool
) -> None:
    entries = "".join(f'  - share: {{percent: "{test}"}}\n' for test in missing)
    text = f"{HEAD}facts:\n  - share: {{percent: {stated}}}\nnot_found:\n{entries}"
    assert found(text) == ([("contradicts-not-found", "share")] if contradicts else [])


def test_a_contradiction_names_both_places() -> None:
    text = HEAD + "facts:\n  - period: 2023\n    share: {percent: 12}\nnot_found:\n  - share: {}\n"
    with pytest.raises(FactsError) as caught:
        cc.company_from(text, METHODOLOGY)
    (finding,) = caught.value.diagnostics
    assert (finding.location.line, finding.location.text, finding.help) == (5, "share", "see <text>:7:5")


# ---- all at once


def test_everything_that_is_wrong_is_found_in_one_run() -> None:
    assert found("""id: Acme Cloud
nam: Acme
aliases: [5]
cohort: clouds
sources:
  leaflet: {type: leaflet, published: 2024-13-01}
  rulebook: {type: report}
facts:
  - share: {percent: 120, denominator: heat}
    period: 23
    basis: guessed
    source: nowhere
    disclosed: [percnt]
    locatr: p. 3
  - shares: {percent: 5}
    source: leaflet
  - share
not_found:
  - share: {percnt: 5}
    source: nobody
  - commitment: {topic: carbon}
    period: 2023
""") == [
        ("bad-id", "Acme Cloud"), ("unknown-key", "nam"), ("wrong-type", "5"), ("unknown-cohort", "clouds"),
        ("unknown-value", "leaflet"), ("bad-date", "2024-13-01"), ("repeated-id", "rulebook"), ("out-of-range", "120"),
        ("unknown-value", "heat"),
        ("bad-date", "23"), ("unknown-value", "guessed"), ("unknown-source", "nowhere"), ("unknown-field", "percnt"),
        ("unknown-key", "locatr"), ("unknown-fact-type", "shares"), ("wrong-type", "share"),
        ("unknown-field", "percnt"), ("unknown-source", "nobody"), ("unknown-value", "carbon"),
        ("unknown-key", "period"),
    ]  # fmt: skip


def test_citing_nothing_is_found_where_no_source_is_wrong() -> None:
    assert wrong("share: {percent: 5}\n    source: nowhere") == [("unknown-source", "nowhere")]


@pytest.mark.parametrize(
    "sources",
    ["sources: [a]", "sources: {acme-report: {typ: report}}", "source: {}", "sources: [", "- a", {"sources": 5}],
)
def test_a_bibliography_that_is_wrong_is_found_once_however_often_it_is_cited(sources: Any) -> None:
    text = (
        HEAD
        + "facts:\n  - share: {percent: 5}\n    source: acme-report\n  - share: {percent: 6}\n    source: acme-report\n"
    )
    codes = [code for code, _ in found(text, sources)]
    assert len(codes) == 1
    assert codes != ["unknown-source"]


@pytest.mark.parametrize(
    ("entry", "findings"),
    [
        ("share: {percent: 5}\n    energy: {amount: 1 GWh}", [("several-facts", "energy")]),
        ("share: {percent: 5}\n    all: [a]", [("unknown-key", "all")]),
        ("all: [{share: {}}]", [("unknown-fact-type", "all")]),
        ("{share: {percent: 5}, period}", [("empty-value", "")]),
        ("{share: {percent: 5}, proofs}", [("key-without-value", "proofs")]),
        ("share: {percent: 5, period: 2023}", [("unknown-field", "period")]),
        ("share: {percent: 5, evidence: {}}", [("unknown-field", "evidence")]),
        ("share: {prcent: 5}", [("unknown-field", "prcent")]),
        ("share: {}", [("missing-key", "share")]),
        ("share: []", [("wrong-type", "[]")]),
        ("share: {percent: {more_than: 100}}", [("out-of-range", "{more_than: 100}")]),
        ("share: {percent: {at_least: 100}}", []),
        ("share: {percent: {less_than: 0}}", [("out-of-range", "{less_than: 0}")]),
        ("share: {percent: 5}\n    disclosed: percent", [("wrong-type", "percent")]),
        ("share: {percent: 5}\n    entity: null", [("empty-value", "null")]),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused(entry: str, findings: list[tuple[str, str]]) -> None:
    assert wrong(entry) == findings


STYLES = {"ambiguous-text", "key-without-value", "empty-value"}
"""What a text can get wrong in ways that data cannot."""


def readable(case: Path) -> Document | None:
    document, findings = read_file(case)
    return None if findings else document


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.parent == COMPANIES / "company" and readable(case)],
    ids=lambda case: str(case.stem),
)
def test_a_mistake_has_the_same_code_and_path_from_text_data_and_json(case: Path) -> None:
    text = case.read_text(encoding="utf-8")
    data = plain(document(text).root)

    def codes(content: Any) -> list[tuple[str, str]]:
        try:
            company = cc.company_from(content, METHODOLOGY, sources=SOURCES)
        except FactsError as error:
            found = error.diagnostics
        else:
            found = cc.check([company], METHODOLOGY)
        assert found
        return sorted((finding.location.path, finding.code) for finding in found)

    if STYLES & {code for _, code in codes(text)}:
        return
    assert codes(data) == codes(text)
    as_json = json.dumps(data, default=float)
    if json.loads(as_json, parse_float=Decimal) == data:
        assert codes(as_json) == codes(text)
