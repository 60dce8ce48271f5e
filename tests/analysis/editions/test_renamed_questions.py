"""Tests of questions with new ids: companies that answered by the old ones are compared, no other word is read so."""

from decimal import Decimal
from pathlib import Path

import pytest

from cleancloud_rules import Methodology, diff, load_company, score
from cleancloud_rules.analysis.editions.comparison import compared
from cleancloud_rules.results.differences import ChangedFigureKind, CompanyDifference, Effect
from tests.support.forms import Change, loaded

PAY = "{id: pay, ask: Is pay linked to it?,"
REWARD: Change = ("board", PAY, "{id: reward, replaces: [pay], ask: Is pay linked to it?,")
"""The change by which a question has another id."""

REVIEW = """  review:
    title: Review
    horizon: ever
    fields:
      of: {type: set, values: questions}
      word: {type: enum, values: [pay, other], optional: true}
"""
TOPICS: Change = ("facts", "  incident:\n", f"{REVIEW}  incident:\n")
"""The change by which another fact type names questions, and one of its fields holds words that are none."""


def dataset(folder: Path, company: str) -> Path:
    """Write a dataset of one company, given by what it states."""
    head = "title: Data\nmethodology: survey\ncompanies: [acme.yaml]\n"
    (folder / "dataset.yaml").write_text(head, encoding="utf-8")
    (folder / "acme.yaml").write_text(f"id: acme\nname: Acme\ncohort: large\n{company}", encoding="utf-8")
    return folder


def effect_of(old: Methodology, new: Methodology, data: Path) -> Effect:
    effect = diff(old, new, data).effect
    assert effect is not None
    return effect


def only(effect: Effect) -> CompanyDifference:
    assert effect.unread == ()
    (company,) = effect.companies
    return company


STATED = {
    "as a fact": "facts:\n  - {answer: {question: pay, value: full}, source: form}\n",
    "among answers": "answers: {fact: answer, source: form, values: {pay: full, oversight: none}}\n",
    "in blocks of answers": "answers:\n  - {fact: answer, source: form, values: {oversight: none}}\n"
    "  - {fact: answer, source: form, values: {pay: {is: full, locator: p. 1}}}\n",
    "as not found": "facts: []\nnot_found:\n  - {answer: {question: pay, value: full}, source: form}\n",
    "as not found together": "facts: []\nnot_found:\n  - {review: {of: {all: [oversight, pay]}}, source: form}\n",
    "as one of several": "facts:\n  - {review: {of: [oversight, pay], word: pay}, source: form}\n",
}


@pytest.mark.parametrize("stated", STATED.values(), ids=STATED)
def test_what_is_stated_of_a_question_by_its_old_id_is_read_by_its_new_one(stated: str, tmp_path: Path) -> None:
    old, new = loaded(TOPICS), loaded(TOPICS, REWARD)
    data = dataset(tmp_path, stated)
    company = only(effect_of(old, new, data))
    before = load_company(data / "acme.yaml", old)
    figures = {figure.kind: figure for figure in company.figures}
    assert figures[ChangedFigureKind.TOTAL].old == figures[ChangedFigureKind.TOTAL].new == score(before, old).total
    assert all(figure.contributions == () for figure in company.figures)
    text = (data / "acme.yaml").read_text(encoding="utf-8")
    (data / "acme.yaml").write_text(
        text.replace("pay", "reward").replace("word: reward", "word: pay"), encoding="utf-8"
    )
    after = load_company(data / "acme.yaml", new)
    assert company.company.facts_sha256 == after.sha256


def test_a_new_id_of_a_question_is_the_only_change() -> None:
    found = compared(loaded(), loaded(REWARD))
    assert [change.text for change in found.changes] == ["criterion `pay` was renamed to `reward`"]
    assert found.patches == ()


def test_other_changes_of_the_question_are_told_and_attributed(tmp_path: Path) -> None:
    dearer: Change = (
        "board",
        f"{PAY} answers: {{full: 2,",
        "{id: reward, replaces: [pay], ask: Is pay linked to it?, answers: {full: 3,",
    )
    data = dataset(tmp_path, STATED["among answers"])
    company = only(effect_of(loaded(), loaded(dearer), data))
    points = company.figure(ChangedFigureKind.POINTS, "reward")
    assert (points.old, points.new) == (Decimal(2), Decimal(3))
    assert [part.step for part in points.contributions] == [2]


@pytest.mark.parametrize("word", ["pya", "supply", "PAY"])
def test_no_other_word_is_taken_for_a_question(word: str, tmp_path: Path) -> None:
    data = dataset(tmp_path, STATED["as a fact"].replace("pay", word))
    effect = effect_of(loaded(), loaded(REWARD), data)
    assert effect.companies == ()
    assert [file.edition for file in effect.unread] == ["old", "new"]


def test_a_list_of_words_is_left_as_it_is_though_some_are_ids_of_questions(tmp_path: Path) -> None:
    listed: Change = ("facts", "values: questions, key", "values: [audited, oversight, pay], key")
    new_list: Change = ("facts", "values: questions, key", "values: [audited, oversight, reward], key")
    effect = effect_of(loaded(listed), loaded(new_list, REWARD), dataset(tmp_path, STATED["as a fact"]))
    assert [file.edition for file in effect.unread] == ["new"]


def asking_otherwise(id: str) -> Change:
    """Return the change by which a rule asks for an answer to any question but one, in a test that is text."""
    when = 'when: {share: {percent: "> 0"}}, because: A share'
    answered = f"{{answer: {{question: 'not(\"{id}\")'}}}}"
    return "energy", when, f'when: {{all: [{{share: {{percent: "> 0"}}}}, {answered}]}}, because: A share'


def test_tests_written_as_text_change_like_others_and_companies_are_compared(tmp_path: Path) -> None:
    old, new = loaded(asking_otherwise("pay")), loaded(asking_otherwise("reward"), REWARD)
    texts = [change.text for change in compared(old, new).changes]
    assert "fact type `answer`, field `question`: values `pay` became `reward`" in texts
    company = only(effect_of(old, new, dataset(tmp_path, STATED["among answers"])))
    assert all(figure.contributions == () for figure in company.figures)


def test_a_company_that_has_the_new_id_already_cannot_be_read_by_the_old_edition(tmp_path: Path) -> None:
    data = dataset(tmp_path, STATED["as a fact"].replace("pay", "reward"))
    effect = effect_of(loaded(), loaded(REWARD), data)
    assert [file.edition for file in effect.unread] == ["old"]


IMPLIED = "implies:\n  - {if: {answer: {question: pay, value: full}}, then: {answer: {question: oversight}}}\n"


def test_what_implies_something_has_the_new_id_too() -> None:
    first = "fact_types:\n  answer:"
    old = loaded(("facts", first, IMPLIED + first))
    new = loaded(("facts", first, IMPLIED.replace("pay", "reward") + first), REWARD)
    assert [change.old for change in compared(old, new).changes] == ["pay"]


DERIVED = """derivations:
  - id: asked
    fact: share
    from: {a: {answer: {}}, s: {share: {region: not(null)}}}
    join: [period]
    set: {percent: s.percent}
"""
UNCHANGED: dict[str, Change] = {
    "a field has a test of its own": ("facts", "values: questions, key", "values: questions, valid: 'not(null)', key"),
    "a derivation reads it": ("facts", "fact_types:\n  answer:", f"{DERIVED}fact_types:\n  answer:"),
}


@pytest.mark.parametrize("other", UNCHANGED.values(), ids=UNCHANGED)
def test_where_more_than_conditions_reads_questions_all_that_changed_is_listed(other: Change, tmp_path: Path) -> None:
    old, new = loaded(other), loaded(other, REWARD)
    assert len(compared(old, new).changes) > 1
    company = only(effect_of(old, new, dataset(tmp_path, STATED["among answers"])))
    assert all(figure.contributions == () for figure in company.figures)


@pytest.mark.parametrize(
    "company",
    ["answers: 5", "answers: [5]", "answers: {fact: answer}", "answers: {fact: [], values: {pay: full}}",
     "answers: {fact: nothing, values: {pay: full}}", "facts: 5", "facts: [5]", "facts: [{answer: 5}]",
     "not_found: {answer: {}}"],
)  # fmt: skip
def test_a_file_of_another_form_keeps_its_findings(company: str, tmp_path: Path) -> None:
    effect = effect_of(loaded(), loaded(REWARD), dataset(tmp_path, f"{company}\n"))
    assert [(file.edition, bool(file.diagnostics)) for file in effect.unread] == [("old", True), ("new", True)]
