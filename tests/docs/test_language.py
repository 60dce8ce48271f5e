"""Tests of the reference of the language: its examples are YAML, and those that make a methodology load and score."""

import json
import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import attrs
import pytest

from cleancloud_rules import FactsError, company_from, load_dataset, load_methodology, methodology_from, score
from cleancloud_rules.language.case_file_types import CaseEntry, ExpectEntry
from cleancloud_rules.language.claim_file_types import ContradictionEntry, StatementEntry, StatementsFile
from cleancloud_rules.language.coverage import CoverageEntry
from cleancloud_rules.language.file_types import (
    AnswersEntry,
    CategoryEntry,
    CompanyFile,
    DatasetFile,
    DerivationEntry,
    FactEntry,
    FactsFile,
    FactTypeEntry,
    FieldEntry,
    MethodologyFile,
    NotFoundEntry,
    OverlayFile,
    ProportionEntry,
    SourceEntry,
    TableEntry,
)
from cleancloud_rules.language.wording import when_in_words
from cleancloud_rules.model.groups import (
    Aggregation,
    Band,
    Combining,
    CountsAs,
    Empty,
    Level,
    NotApplicable,
    NotAssessed,
    Reads,
    RequirementWord,
    TableHitPolicy,
)
from cleancloud_rules.model.methodology import Criterion, HitPolicy, Rule
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.model.rounding import Rounding
from cleancloud_rules.model.values import Interval
from cleancloud_rules.results import PartsAssessed
from tests.support.nodes import document
from tests.support.places import ROOT

FOLDER = ROOT / "docs" / "reference" / "language"
PAGES = {page.stem: page.read_text(encoding="utf-8") for page in sorted(FOLDER.glob("*.md"))}
FEEL = (ROOT / "docs" / "explanation" / "feel.md").read_text(encoding="utf-8")


def blocks(*pages: str) -> list[str]:
    """Return the examples in YAML of some pages."""
    return [text for page in pages for text in re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)]


BLOCKS = blocks(*PAGES.values())

SHARE = """
  renewable_share:
    title: Share
    horizon: ever
    fields: {percent: {type: percent, digits: 2}}
"""
ENERGY = """
category: energy
criteria:
  - id: use
    title: Use
    horizon: ever
    max_points: 5
    hit_policy: collect max
    otherwise: Nothing.
    rules:
"""
STATED = """
  - id: share_stated
    title: Stated
    horizon: ever
    max_points: 1
    hit_policy: first
    otherwise: Nothing.
    rules: [{id: any, points: 1, when: {renewable_share: {percent: not(null)}}, because: It is.}]
"""


def block(page: str, beginning: str) -> str:
    """Return the example of a page that begins like this."""
    (found,) = (text for text in blocks(PAGES[page]) if text.startswith(beginning))
    return found


FILES = {
    "methodology.yaml": block("groups", "id: survey"),
    "facts.yaml": block("questions", "fact_types:\n  answer:") + SHARE,
    "board.yaml": block("questions", "category: board"),
    "suppliers.yaml": block("questions", "category: board")
    .replace("category: board", "category: suppliers")
    .replace("id: oversight", "id: audits")
    .replace("id: pay", "id: visits"),
    "energy.yaml": ENERGY + block("criteria", "      - id: by_share") + STATED,
}
COMPANY = (
    "id: acme\nname: Acme\ncohort: small\n"
    + block("companies", "answers:\n  fact: answer                        # a fact type")
    + "facts:\n  - renewable_share: {percent: 38}\n    source: form\n"
)


@pytest.mark.parametrize("text", BLOCKS, ids=lambda text: text.split("\n")[0][:30])
def test_every_example_is_yaml(text: str) -> None:
    assert document(text if not text.startswith(" ") else f"rules:\n{text}").root.entries


def test_the_examples_of_the_new_forms_load_and_score() -> None:
    methodology = methodology_from(FILES)
    card = score(company_from(COMPANY, methodology), methodology)
    assert {c.id: c.outcome for c in card.criteria} == {
        "oversight": Outcome.AWARDED,
        "pay": Outcome.NOT_MET,
        "audits": Outcome.NOT_APPLICABLE,
        "visits": Outcome.NOT_APPLICABLE,
        "use": Outcome.PARTIAL,
        "share_stated": Outcome.AWARDED,
    }
    governance, energy = card.categories
    assert governance.score == Decimal("33.3"), "1 of 3 points of the board; no supplier group is in the mean"
    assert energy.score == Decimal("56.7"), "(2.4 + 1) / 6, scaled to 100"
    assert (energy.label, card.level and card.level.id) == ("fair", "active")
    assert [table.outputs for table in card.tables] == [("good",)]
    assert card.total == Decimal("41.1"), "(2 x 33.33 + 56.67) / 3, rounded once"


@pytest.mark.parametrize("percent", ["-3", "120"])
def test_a_percent_takes_any_number_unless_valid_says_otherwise(percent: str) -> None:
    assert "A percent without `valid` takes any number, -3 and 120 too" in PAGES["facts"]
    stated = COMPANY.replace("percent: 38", f"percent: {percent}")
    facts = company_from(stated, methodology_from(FILES)).facts
    assert any(getattr(fact.values, "percent", None) == Decimal(percent) for fact in facts)
    bounded = SHARE.replace("digits: 2", 'digits: 2, valid: "[0..100]"')
    methodology = methodology_from({**FILES, "facts.yaml": block("questions", "fact_types:\n  answer:") + bounded})
    with pytest.raises(FactsError):
        company_from(stated, methodology)


ORDERED = """
category: energy
criteria:
  - {id: zeal, title: Z, horizon: ever, max_points: 2, hit_policy: POLICY, otherwise: Nothing., rules: [
      {id: b, points: 1, when: {renewable_share: {percent: "> 1", basis: reported}}, because: It is.},
      {id: c, points: 2, when: {renewable_share: {percent: "> 3"}}, because: It is.},
      {id: a, points: 1, when: {renewable_share: {percent: "> 2"}}, because: It is.}]}
  - {id: arts, title: A, horizon: ever, max_points: 1, hit_policy: first, otherwise: Nothing., rules: [
      {id: any, points: 1, when: {renewable_share: {}}, because: It is.}]}
"""


@pytest.mark.parametrize(("policy", "rules"), [("collect max", ["c", "a", "b"]), ("first", ["b", "c", "a"])])
def test_the_order_is_the_one_that_the_page_tells(policy: str, rules: list[str]) -> None:
    methodology = methodology_from(FILES | {"energy.yaml": ORDERED.replace("POLICY", policy) + STATED})
    assert [group.id for group in methodology.categories] == ["governance", "energy"]
    criteria = methodology.categories[1].criteria
    assert [criterion.id for criterion in criteria] == ["zeal", "arts", "share_stated"]
    assert [rule.id for rule in criteria[0].rules] == rules
    (asked,) = (when_in_words(rule.when) for rule in criteria[0].rules if rule.id == "b")
    assert asked == "renewable_share: {basis: reported, percent: > 1}"


def test_the_example_of_assessment_loads_and_scores() -> None:
    asked = "".join(f"  - {{id: q{number}, ask: Is it so?}}\n" for number in range(4))
    files = {
        "methodology.yaml": block("assessment", "id: harbours"),
        "facts.yaml": block("questions", "fact_types:\n  answer:"),
        "air.yaml": f"category: air\ncriteria:\n{asked}",
    }
    methodology = methodology_from(files)
    answers = "answers: {fact: answer, source: form, values: {q0: full, q1: VALUE, q2: none, q3: unsure}}\n"
    card = score(company_from(f"id: a\nname: A\n{answers}".replace("VALUE", "partial"), methodology), methodology)
    assert card.total == Decimal("1.00"), "(2 + 1 + 0) / 3: what nobody knows is left out"
    assert card.categories[0].coverage == (PartsAssessed(2, 3), PartsAssessed(3, 3))
    card = score(company_from(f"id: a\nname: A\n{answers}".replace("VALUE", "unsure"), methodology), methodology)
    assert card.total is None
    assert card.categories[0].because == ("no score: 2 of 4 criteria are assessed, 3 (60%) are needed",)


def named(*pages: str) -> set[str]:
    """Return every word, and every two words side by side, that stand in code in some pages."""
    prose = [re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL) for page in pages]
    code = [*blocks(*pages), *(span for text in prose for span in re.findall(r"`([^`]+)`", text))]
    single = [re.findall(r"[a-z_]+", part) for part in code]
    return {word for words in single for word in (*words, *map(" ".join, pairwise(words)))}


@pytest.mark.parametrize(
    ("cls", "page"),
    [
        (MethodologyFile, "methodology"),
        (Rounding, "methodology"),
        (SourceEntry, "methodology"),
        (FactsFile, "facts"),
        (FactTypeEntry, "facts"),
        (FieldEntry, "facts"),
        (DerivationEntry, "derivations"),
        (Criterion, "criteria"),
        (Rule, "criteria"),
        (ProportionEntry, "criteria"),
        (AnswersEntry, "questions"),
        (Combining, "groups"),
        (CategoryEntry, "groups"),
        (CoverageEntry, "assessment"),
        (NotApplicable, "requirements"),
        (Band, "bands-and-levels"),
        (Level, "bands-and-levels"),
        (TableEntry, "decision-tables"),
        (CompanyFile, "companies"),
        (FactEntry, "companies"),
        (NotFoundEntry, "companies"),
        (DatasetFile, "datasets"),
        (OverlayFile, "datasets"),
        (StatementsFile, "published-claims"),
        (StatementEntry, "published-claims"),
        (ContradictionEntry, "published-claims"),
        (CaseEntry, "test-cases"),
        (ExpectEntry, "test-cases"),
    ],
)
def test_every_key_is_described_on_its_page(cls: type, page: str) -> None:
    attributes = [a for a in attrs.fields(cls) if a.name != "node" and "made" not in a.metadata]
    inherited = {a.name for a in attrs.fields(Combining)} if cls is MethodologyFile else set()
    keys = {str(a.metadata.get("key", a.name)) for a in attributes if a.name not in inherited}
    assert keys - named(PAGES[page]) == set()


@pytest.mark.parametrize(
    "kind",
    [
        Aggregation,
        CountsAs,
        Empty,
        GroupOutcome,
        HitPolicy,
        NotAssessed,
        Outcome,
        Reads,
        RequirementWord,
        TableHitPolicy,
    ],
)
def test_every_word_is_described(kind: type) -> None:
    words = {member.value for member in kind}  # type: ignore[attr-defined]
    assert words - named(*PAGES.values()) == set()


@pytest.mark.parametrize("kind", [HitPolicy, TableHitPolicy])
def test_every_hit_policy_is_set_beside_those_of_dmn(kind: type) -> None:
    assert {member.value for member in kind} - named(FEEL) == set()  # type: ignore[attr-defined]


def test_the_index_leads_to_every_page() -> None:
    rows = re.findall(r"^\| \[[^]]+\]\(([a-z-]+)\.md\) \|", PAGES["index"], re.MULTILINE)
    assert sorted([*rows, "index"]) == list(PAGES)


def test_the_published_claims_and_the_overlay_of_the_pages_are_read(tmp_path: Path) -> None:
    methodology = load_methodology("clean_cloud_2024")
    (notice,) = (notice.text for notice in methodology.notices if notice.hypothetical)
    overlay = block("datasets", "hypothetical:").splitlines()
    files = {
        "dataset.yaml": block("datasets", "title:")
        .replace("companies: companies ", "companies: [gds.yaml, tencent.yaml] ")
        .replace("sources: sources.yaml ", "overlays: [overlay.yaml] ")
        .replace("published: published.csv ", "statements: claims.yaml "),
        "gds.yaml": "id: gds\nname: GDS\n",
        "tencent.yaml": "id: tencent\nname: Tencent\n",
        "claims.yaml": block("published-claims", "statements:\n  - id: renewable_by_2030"),
        "overlay.yaml": "\n".join([f"hypothetical: {json.dumps(notice)}", *overlay[1:]]),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    dataset = load_dataset(tmp_path, methodology, with_hypothetical=True)
    assert [(claim.id, str(claim.published)) for claim in dataset.statements] == [
        ("renewable_by_2030", "8"),
        ("emissions_or_energy", str(Interval(22, None))),
        ("emissions_and_energy", str(Interval(22, None))),
    ]
    for example in ("statements:\n  - id: highest", "statements:\n  - id: share_above_30", "statements: []"):
        (tmp_path / "claims.yaml").write_text(block("published-claims", example), encoding="utf-8")
        loaded = load_dataset(tmp_path, methodology)
        assert len((*loaded.statements, *loaded.unanswerable)) == 1
    assert [fact.is_hypothetical for company in dataset.companies for fact in company.facts] == [True]
