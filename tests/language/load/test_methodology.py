"""Tests of documents to a methodology: what it holds, and that all findings come at once, whatever its form."""

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules import CriteriaError, Diagnostic, Methodology
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.documents.nodes import Document
from cleancloud_rules.documents.yaml import read_file
from cleancloud_rules.language.load.methodology import FACTS, HEAD, load
from cleancloud_rules.model.facts import Better
from cleancloud_rules.model.methodology import HitPolicy, PointsBasis
from cleancloud_rules.model.rounding import RoundingMode, TotalPolicy
from cleancloud_rules.model.texts import CountChange, EditionChange
from cleancloud_rules.model.values import Id
from tests.support.nodes import document, plain
from tests.system.test_bad_files import CASES, CRITERIA

GOOD = {path.name: path.read_text(encoding="utf-8") for path in sorted((CRITERIA / "good").iterdir())}
ENERGY = "energy.yaml"


def loaded(**changes: str) -> Methodology:
    """Return the good methodology with changed files, named without their ending."""
    return cc.methodology_from({**GOOD, **{f"{name}.yaml": text for name, text in changes.items()}})


def findings(files: dict[str, Any]) -> tuple[Diagnostic, ...]:
    try:
        cc.methodology_from(files)
    except CriteriaError as error:
        return error.diagnostics
    return ()


def found(**changes: str) -> list[tuple[str, str, str]]:
    """Return file, code and underlined text of what is wrong with the good methodology and changed files."""
    files = {**GOOD, **{f"{name}.yaml": text for name, text in changes.items()}}
    return [(f.location.file.name.removesuffix(".yaml"), f.code, f.location.text) for f in findings(files)]


def edited(name: str, *pairs: tuple[str, str]) -> str:
    text = GOOD[f"{name}.yaml"]
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


# ---- what it holds


def test_a_methodology_holds_what_its_edition_changed_and_its_digest_does_not() -> None:
    about = "criteria: [renewable_share], count: {before: 1, now: 5}, where: p. 3"
    entry = f'{{id: share, since: "2022", text: More., {about}}}'
    methodology = loaded(methodology=GOOD[HEAD] + f"changes:\n  - {entry}\n")
    ids = (Id("renewable_share"),)
    assert methodology.changes == (EditionChange(Id("share"), "2022", "More.", ids, CountChange(1, 5), "p. 3"),)
    assert methodology.sha256 == loaded().sha256


def test_a_methodology_holds_what_its_head_says() -> None:
    methodology = loaded()
    assert (methodology.id, methodology.edition, methodology.publisher) == ("demo", "2024", "Demo Institute")
    assert [name for name, _ in methodology.windows] == ["recent", "ever"]
    assert dict(methodology.windows)["ever"].start is None
    assert methodology.accepted_sources == ("assessment", "news", "report"), "all of them, where none are listed"
    assert methodology.vocabulary.cohorts == (("cloud", "Cloud providers"),)
    assert methodology.rounding.points_digits == 1
    assert (methodology.rounding.mode, methodology.rounding.total) == (RoundingMode.HALF_UP, TotalPolicy.SUM_OF_ROUNDED)
    assert methodology.recommendations == (("R1", "Use more renewable energy."),)
    assert methodology.changes == ()
    assert [source.id for source in methodology.bibliography] == ["rulebook"]
    assert [(notice.code, notice.hypothetical) for notice in methodology.notices] == [
        ("points", False),
        ("hypothetical", True),
    ]


def test_a_vocabulary_holds_its_types_and_their_fields_in_order() -> None:
    vocabulary = loaded().vocabulary
    assert [fact_type.id for fact_type in vocabulary.fact_types] == ["commitment", "energy", "share"]
    fields = {field.id: field for field in vocabulary.by_id["commitment"].fields}
    assert list(fields) == ["topic", "scopes", "target_year", "announced", "public"]
    assert fields["topic"].key
    assert fields["scopes"].better is Better.MORE
    assert fields["topic"].values == ("renewable_energy", "carbon_neutrality")
    percent = vocabulary.by_id["share"].get("percent")
    assert percent is not None
    assert percent.valid is not None
    assert (percent.digits, percent.valid.text) == (2, "[0..100]")


def test_declared_units_convert_like_the_built_in_ones() -> None:
    extra = "    fields:\n      price: {type: quantity, unit: CNY, digits: 2, optional: true}\n"
    facts = edited("facts", ("    horizon: ever\n    fields:\n", "    horizon: ever\n" + extra)) + (
        "units:\n  money: {CNY: 1, million CNY: 1000000}\n  energy: {MWh thermal: 1000000}\n"
    )
    vocabulary = loaded(facts=facts).vocabulary
    million = vocabulary.units.get("million CNY")
    assert million is not None
    assert (million.dimension, million.size) == ("money", Decimal(1000000))
    assert vocabulary.units.like("energy") == ("Wh", "kWh", "MWh", "MWh thermal", "GWh", "TWh")


def test_criteria_keep_their_order_and_rules_are_sorted_but_for_those_of_which_the_first_decides() -> None:
    rules = (
        "    rules:\n      - {id: low, points: 1, when: {share: {}}, because: Low.}\n"
        "      - {id: high, points: 4, when: {share: {percent: 5}}, because: High.}\n"
        "      - {id: a_low, points: 1, when: {share: {percent: 6}}, because: Low.}\n    otherwise: None.\n"
    )
    both = "category: energy\ncriteria:\n"
    for id, policy in (("z", "collect max"), ("a", "first")):
        both += f"  - id: {id}\n    title: T\n    horizon: recent\n    max_points: 4\n    hit_policy: {policy}\n{rules}"
    criteria = loaded(energy=both).criteria
    assert [criterion.id for criterion in criteria] == ["z", "a"]
    assert [rule.id for rule in criteria[0].rules] == ["high", "a_low", "low"]
    assert criteria[1].hit_policy is HitPolicy.FIRST
    assert [rule.id for rule in criteria[1].rules] == ["low", "high", "a_low"]


def test_the_basis_of_points_is_that_of_the_methodology_unless_a_criterion_has_its_own() -> None:
    published = GOOD[HEAD] + "points_basis: published\n"
    assert loaded(methodology=published).criteria[0].points_basis is PointsBasis.PUBLISHED
    own = edited("energy", ("    max_points: 4\n", "    max_points: 4\n    points_basis: project\n"))
    assert loaded(methodology=published, energy=own).criteria[0].points_basis is PointsBasis.PROJECT


# ---- form makes no difference


def test_remarks_styles_and_orders_make_no_difference() -> None:
    head = (
        "# A remark\n"
        + edited("methodology", ("title: Demonstration\n", ""), ("id: demo\n", "id: 'demo'\n"))
        + "title: >-\n  Demonstration\n"
    )
    facts = edited(
        "facts", ("{type: year, better: lower, optional: true}", "{optional: true, better: lower, type: year}")
    )
    assert loaded(methodology=head, facts=facts).sha256 == loaded().sha256
    assert loaded(methodology=head, facts=facts) == loaded()
    assert cc.methodology_from(dict(reversed(GOOD.items()))).sha256 == loaded().sha256


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("methodology", "Demo Institute", "Demo Institut"), ("methodology", "published: 2024", "published: 2023"),
        ("facts", "digits: 3", "digits: 2"), ("energy", "> 10", ">= 10"),
        ("energy", "No share is", "There is no share"),
    ],
)  # fmt: skip
def test_every_word_of_content_does(name: str, old: str, new: str) -> None:
    assert loaded(**{name: edited(name, (old, new))}).sha256 != loaded().sha256


def test_the_ending_of_a_file_says_json_or_yaml_and_means_the_same(tmp_path: Path) -> None:
    shutil.copytree(CRITERIA / "good", tmp_path / "demo")
    (tmp_path / "demo" / "energy.yaml").unlink()
    (tmp_path / "demo" / "energy.json").write_text(json.dumps(plain(document(GOOD[ENERGY]).root)), encoding="utf-8")
    (tmp_path / "demo" / "README.md").write_text("not read", encoding="utf-8")
    assert cc.load_methodology(tmp_path / "demo").sha256 == loaded().sha256


STYLES = {"ambiguous-text", "key-without-value", "empty-value"}
"""What a text can get wrong in ways that data cannot."""


def readable(case: Path) -> Document | None:
    if case.is_dir() or not case.is_relative_to(CRITERIA):
        return None
    document, found = read_file(case)
    return None if found else document


def as_json(data: Any) -> str:
    return json.dumps(data, default=float)


@pytest.mark.parametrize(
    "case", [case for case in CASES if readable(case)], ids=lambda case: f"{case.parent.name}/{case.stem}"
)
def test_a_mistake_has_the_same_code_and_path_from_text_data_and_json(case: Path) -> None:
    name = f"{case.parent.name}.yaml"
    found = readable(case)
    assert found is not None
    data = plain(found.root)
    from_data = findings({**GOOD, name: data})
    from_text = findings({**GOOD, name: case.read_text(encoding="utf-8")})
    if not STYLES & {finding.code for finding in from_text}:
        assert codes(from_text) == codes(from_data)
    if json.loads(as_json(data), parse_float=Decimal) == data:
        assert codes(findings({**GOOD, name: as_json(data)})) == codes(from_data)
    for finding in from_data:
        assert finding.location.line == 0 or finding.location.file.name != name
        assert str(finding).startswith(f"{finding.location.file.name}:")


def codes(found: tuple[Diagnostic, ...]) -> list[tuple[str, str, str]]:
    return sorted((finding.location.file.name, finding.location.path, finding.code) for finding in found)


# ---- all at once


def test_a_mistake_in_each_file_is_found_in_one_run() -> None:
    assert found(
        methodology=edited("methodology", ("publisher:", "publishr:"), ("weight: 100", "weight: 90")),
        facts=edited("facts", ("{type: boolean, optional: true}", "{type: bool, optional: true}")),
        energy=edited("energy", ("max_points: 4", "max_points: 2"), ('"> 10"', '">> 10"')),
    ) == [
        ("energy", "bad-test", ">"),
        ("facts", "unknown-type", "bool"),
        ("methodology", "unknown-key", "publishr"),
        ("methodology", "weights-not-100", "categories"),
    ]


def test_each_kind_of_part_is_examined_though_others_are_wrong() -> None:
    facts = """fact_types:
  share: {title: Share, horizon: recent, fields: {percent: {type: percent}, bad: {type: enum}}}
  energy: {title: Energy, horizon: recent, fields: {sum: {type: quantity, unit: CNY}, worse: {type: text, digits: 2}}}
  good: {title: Good, horizon: recent, fields: {number: {type: number}}}
units:
  money: {CNY: -1}
implies:
  - {if: {good: {numbr: 1}}, then: {share: {}}}
  - {if: {good: {}}}
derivations:
  - {id: a, fact: good, from: {x: {good: {}}}, join: [], set: {number: x.numbr}}
  - {id: b, fact: good, from: {x: {good: {}}}, join: [], set: {number: "x.number +"}}
  - {id: b}
"""
    assert found(facts=facts) == [
        ("facts", "missing-key", "enum"),
        ("facts", "misplaced-key", "digits"),
        ("facts", "out-of-range", "-1"),
        ("facts", "unknown-field", "numbr"),
        ("facts", "missing-key", "if"),
        ("facts", "unknown-field", "x.numbr"),
        ("facts", "bad-formula", "+"),
        ("facts", "missing-key", "id"),
        ("facts", "missing-key", "id"),
        ("facts", "missing-key", "id"),
    ]


def test_criteria_are_examined_without_a_readable_head() -> None:
    energy = edited(
        "energy",
        ("share: {percent", "shares: {percent"),
        ("    horizon: recent", "    reference: {source: rulebook}\n    horizon: recent"),
    )
    for head in (
        "title: [",
        "- a",
        "id: demo\nwindows: [1]\nsources: [a]\nsource_types: x\ncategories: x\ncohorts: 5\n",
    ):
        files = found(methodology=head, energy=energy)
        assert ("energy", "unknown-fact-type", "shares") in files
        assert {file for file, _, _ in files} == {"energy", "methodology"}
        assert not {"unknown-source", "unknown-category", "unknown-horizon"} & {code for _, code, _ in files}


def test_criteria_are_examined_without_a_readable_vocabulary() -> None:
    energy = edited("energy", ("max_points: 4", "max_points: four"), ("otherwise:", "otherwize:"))
    for facts in ("fact_types: [", "fact_types: [share]", "fact_typs: {}", ""):
        files = found(facts=facts, energy=energy)
        assert [(code, text) for file, code, text in files if file == "energy"] == [
            ("wrong-type", "four"), ("unknown-key", "otherwize"),
        ]  # fmt: skip
        assert [file for file, _, _ in files].count("facts") == 1


def test_a_source_that_is_wrong_is_found_once_however_often_it_is_cited() -> None:
    head = edited("methodology", ("type: assessment,", "type: assessment, titel: Rules,"))
    energy = edited("energy", ("    horizon: recent", "    reference: {source: rulebook}\n    horizon: recent"))
    assert found(methodology=head, energy=energy) == [("methodology", "unknown-key", "titel")]


def test_a_type_of_source_in_a_condition_waits_for_the_list_to_be_right() -> None:
    energy = edited("energy", ('percent: "> 10"', 'percent: "> 10", evidence: {source_type: report}'))
    head = edited("methodology", ("source_types: [report, news, assessment]", "source_types: report, news"))
    assert found(methodology=head, energy=energy) == [("methodology", "wrong-type", "report, news")]


def test_a_category_that_is_wrong_is_not_missed_by_its_criteria() -> None:
    head = edited("methodology", ("title: Energy, weight: 100", "titel: Energy, weight: 100"))
    assert found(methodology=head) == [("methodology", "unknown-key", "titel")]


def test_what_needs_a_part_that_is_wrong_is_not_checked_and_the_rest_is() -> None:
    head = edited("methodology", ("windows:", "window:"), ("recommendations:", "recomendations:"))
    energy = edited("energy", ("max_points: 4", "max_points: 9"))
    assert found(methodology=head, energy=energy) == [
        ("energy", "max-unreachable", "9"), ("methodology", "unknown-key", "window"),
        ("methodology", "unknown-key", "recomendations"),
    ]  # fmt: skip


def test_what_only_the_whole_can_show_waits_for_the_whole() -> None:
    head = edited("methodology", ("weight: 100}", "weight: 60}\n  - {id: goals, title: Goals, weight: 40}"))
    assert found(methodology=head) == [("methodology", "empty-category", "goals")]
    assert found(methodology=head, energy=edited("energy", ("max_points:", "max_point:"))) == [
        ("energy", "unknown-key", "max_point")
    ]


# ---- files that are missing


def test_a_methodology_of_no_files_lacks_both_that_it_needs() -> None:
    assert [(str(f.location), f.code) for f in findings({})] == [(FACTS, "missing-file"), (HEAD, "missing-file")]


def test_a_missing_file_is_named_where_it_should_be(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(CRITERIA / "good", folder)
    (folder / FACTS).unlink()
    assert [str(f.location) for f in cc.check(folder)] == [str(folder / FACTS)]


def test_a_file_that_cannot_be_read_is_not_called_missing(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(CRITERIA / "good", folder)
    (folder / FACTS).write_bytes(b"\xff\xfe")
    assert [f.code for f in cc.check(folder)] == ["not-utf-8"]


def test_loading_says_what_it_left_out() -> None:
    gather = DiagnosticCollector()
    result = load({name: document(text, name) for name, text in GOOD.items()}, gather)
    assert (result.complete, result.wrong, gather.diagnostics) == (True, frozenset(), [])
    documents: dict[str, Document | None] = {name: document(text, name) for name, text in GOOD.items()}
    result = load({**documents, ENERGY: None}, gather)
    assert (result.complete, result.wrong) == (False, frozenset())
    result = load({**documents, HEAD: document(GOOD[HEAD].replace("windows:", "windowz:"), HEAD)}, gather)
    assert (result.complete, result.wrong) == (False, frozenset({"windows"}))
    assert load({**documents, HEAD: None}, gather).methodology is None
