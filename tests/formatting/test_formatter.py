"""Tests of formatting: meaning and comments are kept, and what is formatted stays as it is."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from cleancloud_rules import load_dataset, load_methodology
from cleancloud_rules.documents.nodes import MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.documents.yaml import read_text
from cleancloud_rules.formatting.formatter import formatted
from cleancloud_rules.scaffold import TEMPLATE
from tests.support.fragments import fragments
from tests.support.messy import messy_texts
from tests.support.places import CRITERIA, DATASET, ROOT
from tests.support.sizes import sized

SHIPPED = [
    path
    for folder in (ROOT / "criteria", ROOT / "examples", TEMPLATE)
    for path in sorted(folder.rglob("*.yaml"))
    if path.parent.name != "hypothetical"
]


def tidy(text: str) -> str:
    made, findings = formatted(text)
    assert made is not None, findings
    return made


def content(text: str) -> Any:
    document, findings = read_text(text)
    assert document is not None, findings
    assert findings == ()
    return plain(document.root)


def plain(node: Node) -> Any:
    match node:
        case ScalarNode(value):
            return type(value).__name__, value
        case SequenceNode(items):
            return [plain(item) for item in items]
        case MappingNode(entries):
            return {entry.key.value: plain(entry.value) for entry in entries}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_shipped_file_is_in_its_usual_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert tidy(text) == text, "run `cleancloud-rules fmt`"


@sized(60)
@given(messy_texts())
def test_an_untidy_file_keeps_its_meaning_and_its_comments(text: str) -> None:
    made = tidy(text)
    assert content(made) == content(text)
    comments = re.findall(r"# c\d+\.", text)
    assert sorted(re.findall(r"# c\d+\.", made)) == sorted(comments)
    assert tidy(made) == made
    assert made.endswith("\n")
    assert "\r" not in made
    assert not made.startswith("\n")


@sized(300)
@given(fragments())
def test_every_text_is_formatted_or_reported(text: str) -> None:
    made, diagnostics = formatted(text)
    assert (made is None) == bool(diagnostics)
    assert "without a change of its meaning" not in "".join(diagnostic.message for diagnostic in diagnostics)
    if made is not None:
        ended = text if text[-1] in "\n\r\x85\u2028\u2029" else f"{text}\n"
        assert content(made) == content(ended)
        assert tidy(made) == made


EACH = [
    ("line ends", "a: 1\r\nb: 2\r\n", "a: 1\nb: 2\n"),
    ("a byte order mark", "\ufeffa: 1\n", "a: 1\n"),
    ("the last line's end", "a: 1", "a: 1\n"),
    ("empty lines at the ends", "\n\na: 1\n\n\n", "a: 1\n"),
    ("several empty lines", "a: 1\n\n\n\nb: 2\n", "a: 1\n\nb: 2\n"),
    ("trailing blanks", "a: 1  \nb:\t\n  c: 2 \n", "a: 1\nb:\n  c: 2\n"),
    ("trailing blanks inside a text stay", "a: |\n  x  \n  y\n", "a: |\n  x  \n  y\n"),
    ("empty lines that a text keeps", "a: |+\n  x\n\n\n", "a: |+\n  x\n\n\n"),
    ("blanks that a text holds", "a:\n- |\n x\n   \nb: 1\n", "a:\n  - |\n   x\n     \nb: 1\n"),
    ("a text with its own indentation", "a:\n    b: |2\n          x\n", "a:\n  b: |2\n        x\n"),
    ("a text that ends the file", "a: |\n  x", "a: |\n  x\n"),
    ("indentation", "a:\n    b:\n     - c: 1\n       d: 2\n", "a:\n  b:\n    - c: 1\n      d: 2\n"),
    ("a list under its key", "a:\n- 1\n- 2\n", "a:\n  - 1\n  - 2\n"),
    ("a list in a list", "a:\n-  - 1\n   - 2\n", "a:\n  - - 1\n    - 2\n"),
    (
        "a text of several lines moves along",
        "a:\n    b: >-\n        x\n          y\n",
        "a:\n  b: >-\n      x\n        y\n",
    ),
    ("spaces in brackets", "a: { b : 1,c: [ x,y ] }\n", None),
    ("spaces in braces", "a: { b: 1,  c: [ x, y ] }\n", "a: {b: 1, c: [x, y]}\n"),
    ("spaces after a colon and a dash", "a:   1\nb:\n  -   x\n", "a: 1\nb:\n  - x\n"),
    ("needless quotes", "a: \"x y\"\nb: 'z'\n", "a: x y\nb: z\n"),
    (
        "quotes that are needed",
        'a: "1"\nb: "NO"\nc: [">= 1", "x, y", "-"]\n',
        'a: "1"\nb: "NO"\nc: [">= 1", "x, y", "-"]\n',
    ),
    ("a key without a value in braces", "l: {4}\n", "l: {4}\n"),
    ("a key without a value, with its colon", "l: {a: , 'b' :}\n", "l: {a: , b: }\n"),
    ("quotes around a character that does not print", 'a: "a\\0b"\n', 'a: "a\\0b"\n'),
    ("quotes around an end of a line", 'a: "a\\rb"\n', 'a: "a\\rb"\n'),
    ("quotes around a colour", 'a: "x\\e[31m"\n', 'a: "x\\e[31m"\n'),
    ("quotes around a change of direction", 'a: "a\\u202eb"\n', 'a: "a\\u202eb"\n'),
    ("quotes right before a comment", "a: 'x'# c\n", "a: 'x'# c\n"),
    ("other ends of lines", "a: 1\u2028b: 2\x85c: 3\n", "a: 1\nb: 2\nc: 3\n"),
    ("a line end before a key", "\u2028a: 1\n", "a: 1\n"),
    ("a comment above a deeper key", "s:\n  #\n t:", "s:\n  #\n  t:\n"),
    ("a comment that looks like an item", "a:\n  -\n #- x\n    b\n", "a:\n  -\n #- x\n    b\n"),
    ("dashes that would end the document", "b:\n      a: 'x\n  --- y'\n", "b:\n  a: 'x\n --- y'\n"),
    ("lines inside brackets stay", "a: [x,\n    y] # c\n", "a: [x,\n    y] # c\n"),
    (
        "comments",
        "# top\na: 1 # side\n  # deeper\nb:\n    # inner\n    c: 2\n# end\n",
        "# top\na: 1 # side\n# deeper\nb:\n  # inner\n  c: 2\n# end\n",
    ),
    ("a comment that ends a list", "a:\n    - b: 1\n      # about b\nc: 2\n", "a:\n  - b: 1\n    # about b\nc: 2\n"),
]


@pytest.mark.parametrize(("what", "text", "expected"), EACH, ids=[what for what, *_ in EACH])
def test_one_thing_is_made_even(what: str, text: str, expected: str | None) -> None:
    made = tidy(text)
    assert made == ("a: {b: 1, c: [x, y]}\n" if expected is None else expected), what
    assert tidy(made) == made


CRITERIA_FILE = """\
category: energy
criteria:
  - title: First
    # about the id
    id: one
    rules:
      - because: So.
        points: 1
        id: r
        when: {a: {}}
    max_points: 1 # all
  # about the second
  - id: two
    title: Second
  - {id: three, ask: Yes?}
  - {id: four, ask: No?}
"""

IN_ORDER = """\
category: energy
criteria:
  # about the id
  - id: one
    title: First
    max_points: 1 # all
    rules:
      - id: r
        points: 1
        when: {a: {}}
        because: So.

  # about the second
  - id: two
    title: Second

  - {id: three, ask: Yes?}
  - {id: four, ask: No?}
"""


def test_criteria_and_rules_have_their_keys_in_the_order_of_the_reference_and_a_line_between_them() -> None:
    assert tidy(CRITERIA_FILE) == IN_ORDER
    assert tidy(IN_ORDER) == IN_ORDER


def test_unknown_keys_leave_the_order_alone() -> None:
    text = "criteria:\n  - titel: A\n    id: a\n"
    assert tidy(text) == text


@pytest.mark.parametrize("text", ['{"a": 1}\n', "hypothetical: so\na:\n- 1\n"])
def test_json_and_what_a_solver_wrote_are_left_alone(text: str) -> None:
    assert tidy(text) == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: [\n", "yaml-syntax"),
        ("a: 1\na: 2\n", "repeated-key"),
        ("", "empty-document"),
        ("? a\n: b\n", "cannot-format"),
        ("a: x\u2028  y\n", "cannot-format"),
    ],
)
def test_what_cannot_be_read_is_reported(text: str, code: str) -> None:
    made, findings = formatted(text)
    assert made is None
    assert code in [finding.code for finding in findings]


def test_no_figure_depends_on_the_form(tmp_path: Path) -> None:
    for file in CRITERIA.glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        untidy = re.sub(r"(?m)^( *)(- )?(points|max_points|horizon|weight|type): ", r"\1\2\3:   ", text)
        assert untidy != text
        (tmp_path / file.name).write_text(tidy(untidy), encoding="utf-8")
        assert tidy(untidy) == text
    made, kept = load_methodology(tmp_path), load_methodology(CRITERIA)
    assert made.sha256 == kept.sha256
    assert load_dataset(DATASET, made) == load_dataset(DATASET, kept)
