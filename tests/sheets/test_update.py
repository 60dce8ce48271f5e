"""Tests of updates in place: afterwards the files state what the sheets state, and nothing else has changed."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from attrs import evolve
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cleancloud_rules import Dataset, dataset_from, load_dataset, load_methodology
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents.yaml import read_text
from cleancloud_rules.errors import OutputError
from cleancloud_rules.sheets.export import differences
from cleancloud_rules.sheets.update import update_of
from cleancloud_rules.sheets.yaml_edits import FileEdits
from cleancloud_rules.sheets.yaml_files import yaml_files_of
from cleancloud_rules.testing import companies, methodologies
from tests.support.places import ROOT
from tests.support.workbooks import dataset, rules


@settings(max_examples=5, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.data())
def test_files_of_generated_facts_are_updated_to_other_generated_facts(data: st.DataObject) -> None:
    methodology = data.draw(methodologies())
    one, two = (data.draw(companies(methodology)) for _ in range(2))
    before = Dataset("Generated", methodology.id, (one,))
    after = dataset_from(yaml_files_of(evolve(before, companies=(evolve(two, id=one.id),)), methodology), methodology)
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in yaml_files_of(before, methodology).items():
            (folder / file).parent.mkdir(exist_ok=True)
            (folder / file).write_text(text, encoding="utf-8", newline="")
        old = load_dataset(folder, methodology)
        update = update_of(folder, old, after, None, methodology, remove=True)
        assert [company.facts for company in update.dataset.companies] == [company.facts for company in after.companies]
        assert {each.not_found for each in update.dataset.companies} == {each.not_found for each in after.companies}
        assert update.conflicts == ()
        assert update_of(folder, old, old, None, methodology, remove=True).texts == {}


def edits(text: str) -> FileEdits:
    document, _ = read_text(text, "a.yaml")
    assert document is not None
    return FileEdits(document)


def test_lines_around_an_entry_stay() -> None:
    text = "a:\r\n# one\r\n- x: 1 # two\r\n  y: >-\r\n    z\r\n\r\n# three\r\n- x: 2\r\nb: 3"
    made = edits(text)
    made.replace_item("a", 4, {"x": 5})
    made.add_items("a", [{"x": 6}])
    made.set_value(("b",), 4)
    assert made.text == "a:\r\n# one\r\n- {x: 5}\r\n\r\n# three\r\n- x: 2\r\n- {x: 6}\r\nb: 4\r\n"


def test_a_list_inside_an_entry_ends_where_its_last_item_ends() -> None:
    made = edits("a:\n  - x:\n      - 1\n      - 2\n  # end\n  - y: [1,\n      2]\nb: 3\n")
    made.replace_item("a", 2, {"x": 0})
    made.add_items("a", [{"z": 0}])
    assert made.text == "a:\n  - {x: 0}\n  # end\n  - y: [1,\n      2]\n  - {z: 0}\nb: 3\n"


@pytest.mark.parametrize(("old", "new"), [("facts", "not_found"), ("not_found", "facts")])
def test_a_new_list_stands_behind_the_items_of_the_last_one(old: str, new: str) -> None:
    made = edits(f"id: a\n{old}:\n  - x: 1\n")
    for key in ("facts", "not_found"):
        made.add_items(key, [{"y": 2}])
    assert made.text == f"id: a\n{old}:\n  - x: 1\n  - {{y: 2}}\n{new}:\n  - {{y: 2}}\n"


def test_a_list_that_is_missing_or_empty_is_made() -> None:
    for text, now in (
        ("id: a\n", "id: a\nfacts:\n  - {x: 1}\n"),
        ("facts: []\nid: a\n", "facts:\n  - {x: 1}\nid: a\n"),
    ):
        made = edits(text)
        made.add_items("facts", [{"x": 1}])
        assert made.text == now


def test_a_key_is_added_changed_and_removed() -> None:
    made = edits("id: a\nname: A\ncohort: c\n")
    made.set_value(("aliases",), ["b"])
    made.set_value(("name",), "B: C")
    made.set_value(("cohort",), None)
    made.set_value(("note",), None)
    assert made.text == "id: a\naliases: [b]\nname: 'B: C'\n"


def test_answers_are_not_changed_in_place() -> None:
    folder = ROOT / "examples" / "mendable_tools"
    methodology = load_methodology(folder / "methodology")
    old = load_dataset(folder, methodology)
    company = next(company for company in old.companies if len(company.facts) > 1)
    fewer = evolve(old, companies=tuple(
        evolve(each, facts=each.facts[1:]) if each is company else each for each in old.companies
    ))  # fmt: skip
    assert update_of(folder, old, fewer, None, methodology, remove=False).gone != ()
    with pytest.raises(OutputError, match="cannot be changed in place"):
        update_of(folder, old, fewer, None, methodology, remove=True)


ANSWERS = """\
answers:
  fact: answer
  source: round-2025
  values:
    screws: yes # as shown
    handles:
      is: no
      locator: p. 2
    cord: partly
"""


def questions(text: str, *names: str) -> list[Location]:
    """Return the places of questions in a text."""
    lines = text.splitlines()
    return [
        Location(SourceFile("a.yaml"), number, line.index(f"{name}:") + 1, number, line.index(f"{name}:") + 5)
        for name in names
        for number, line in enumerate(lines, 1)
        if f"{name}:" in line
    ]


@pytest.mark.parametrize(
    ("text", "names", "now"),
    [
        (ANSWERS, ["handles"], ANSWERS.replace("    handles:\n      is: no\n      locator: p. 2\n", "")),
        (
            ANSWERS,
            ["screws", "cord"],
            ANSWERS.replace("    screws: yes # as shown\n", "").replace("    cord: partly\n", ""),
        ),
        (f"id: a\n{ANSWERS}name: A\n", ["screws", "handles", "cord"], "id: a\nname: A\n"),
        (
            "answers: {fact: a, values: {one: 'x, y', two: no}} # two\n",
            ["two"],
            "answers: {fact: a, values: {one: 'x, y'}} # two\n",
        ),
        (
            "answers:\n  - fact: a\n    values: {one: yes, two: no}\n  - fact: a\n    values: {three: yes}\n",
            ["one", "three"],
            "answers:\n  - fact: a\n    values: {two: no}\n",
        ),
    ],
)
def test_answers_are_removed_one_by_one(text: str, names: list[str], now: str) -> None:
    made = edits(text)
    places = questions(text, *names)
    assert all(made.is_answer("answers", place) for place in places)
    assert not made.is_answer("facts", places[0])
    made.remove_answers("answers", places)
    assert made.text == now


def test_answers_with_a_comment_inside_braces_stay() -> None:
    text = "answers:\n  fact: a\n  values: {one: yes, # first\n    two: no}\n"
    with pytest.raises(OutputError, match="cannot be changed in place"):
        edits(text).remove_answers("answers", questions(text, "two"))


def test_sources_are_added_to_a_dataset_that_has_none(tmp_path: Path) -> None:
    head = "title: T # mine\nmethodology: demo\ncompanies: companies\n"
    (tmp_path / "companies").mkdir()
    (tmp_path / "dataset.yaml").write_text(head, encoding="utf-8")
    (tmp_path / "companies" / "a.yaml").write_text("id: a\nname: A\ncohort: cloud\n", encoding="utf-8")
    old = load_dataset(tmp_path, rules())
    sheets = evolve(dataset(), companies=old.companies)
    update = update_of(tmp_path, old, sheets, None, rules(), remove=False)
    assert [source.id for source in update.dataset.bibliography] == ["report"]
    assert update.texts[tmp_path / "dataset.yaml"].startswith("title: T # mine\nsources: sources.yaml\n")


def test_what_was_exported_is_the_same_as_its_files() -> None:
    folder = ROOT / "examples" / "careful_water"
    methodology = load_methodology(folder / "methodology")
    old = load_dataset(folder, methodology)
    update = update_of(folder, old, old, None, methodology, remove=True)
    assert (update.texts, update.changes, update.gone) == ({}, (), ())
    assert differences(old, update.dataset) == []
