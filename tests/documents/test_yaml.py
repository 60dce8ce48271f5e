"""Tests of reading: text, files and plain data to documents with a place for everything."""

import json
import string
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from cleancloud_rules.documents.limits import MAX_DEPTH
from cleancloud_rules.documents.nodes import MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.documents.plain_data import read_data
from cleancloud_rules.documents.yaml import read_file, read_text, resolve, write_blocks
from tests.support.nodes import document, lies_in_its_file, node, plain, seen
from tests.support.places import ROOT


def nodes_of(thing: Node) -> Iterator[Node]:
    yield thing
    match thing:
        case MappingNode():
            for entry in thing:
                yield entry.key
                yield from nodes_of(entry.value)
        case SequenceNode():
            for item in thing.items:
                yield from nodes_of(item)


# ---- values


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("", None), ("null", None), ("~", None), ("true", True), ("false", False),
        ("0", 0), ("-3", -3), ("1300", 1300), ("0.5", Decimal("0.5")), ("-1.50", Decimal("-1.50")),
        ("NO", "NO"), ("yes", "yes"), ("on", "on"), ("Null", "Null"), ("True", "True"), ("TRUE", "TRUE"),
        ("12:30", "12:30"), ("1e-9", "1e-9"), ("1_000", "1_000"), ("0o17", "0o17"), ("017", "017"), ("0x1F", "0x1F"),
        ("+5", "+5"), (".5", ".5"), ("5.", "5."), (".inf", ".inf"), (".nan", ".nan"), ("2024-06-30", "2024-06-30"),
        ("٣", "٣"), ("-", "-"), ("--1", "--1"),
    ],
)  # fmt: skip
def test_a_plain_word_is_what_yaml_1_2_makes_of_it(raw: str, value: Any) -> None:
    assert resolve(raw) == value
    assert type(resolve(raw)) is type(value)


def test_a_number_too_long_for_python_is_kept_and_not_lost() -> None:
    assert resolve("9" * 5000) == Decimal("9" * 5000)


@pytest.mark.parametrize(
    ("text", "style"), [('"true"', "quoted"), ("'5'", "quoted"), (">-\n  5", "block"), ("|-\n  true", "block")]
)
def test_a_quoted_and_a_block_text_are_always_texts(text: str, style: str) -> None:
    found = node(text)
    assert isinstance(found, ScalarNode)
    assert isinstance(found.value, str)
    assert found.style == style


# ---- places


def test_every_key_and_every_value_has_its_place() -> None:
    root = document('a: 1\nbc: "two"\nd:\n  - x\n  - {e: f}\n').root
    places = [
        (n.raw, n.location.line, n.location.column, n.location.text)
        for n in nodes_of(root)
        if isinstance(n, ScalarNode)
    ]
    assert places == [
        ("a", 1, 1, "a"), ("1", 1, 4, "1"), ("bc", 2, 1, "bc"), ("two", 2, 5, '"two"'), ("d", 3, 1, "d"),
        ("x", 4, 5, "x"), ("e", 5, 6, "e"), ("f", 5, 9, "f"),
    ]  # fmt: skip


def test_every_value_has_its_path() -> None:
    root = document("a:\n  - b\n  - c: [d, e]\n").root
    assert [n.location.path for n in nodes_of(root) if isinstance(n, ScalarNode) and n.raw in "bde"] == [
        "a[0]", "a[1].c[0]", "a[1].c[1]",
    ]  # fmt: skip


def test_places_count_characters_and_not_bytes() -> None:
    value = document("阿里云: 😀é, b\n").root.entries[0].value
    assert (value.location.column, value.location.text) == (6, "😀é, b")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_places_are_the_same_with_every_line_end(end: str) -> None:
    value = document(f"a: 1{end}b: two{end}").root.value_location("b")
    assert (value.line, value.column, value.text) == (2, 4, "two")


def test_a_byte_order_mark_moves_nothing() -> None:
    where = document("\N{BYTE ORDER MARK}a: 1").root.value_location("a")
    assert (where.line, where.column, where.text) == (1, 4, "1")


@pytest.mark.parametrize("text", ["below 10 km", '"below 10 km"', "'below 10 km'"])
def test_a_span_inside_a_value_is_found(text: str) -> None:
    found = node(text)
    assert isinstance(found, ScalarNode)
    assert found.span(9, 11).text == "km"
    assert found.span(11, 11).column == found.span(10, 11).column + 1, "the end is a place too"


def test_a_span_inside_a_folded_text_is_found_by_its_words() -> None:
    found = document("x: >-\n  one two\n  two {three}\n").root.get("x")
    assert isinstance(found, ScalarNode)
    start = found.raw.index("{three}")
    assert (found.span(start, start + 7).line, found.span(start, start + 7).text) == (3, "{three}")
    second = found.raw.rindex("two")
    assert found.span(second, second + 3).line == 3


def test_a_span_that_cannot_be_found_is_the_whole_value() -> None:
    found = document('x: "a\\tb"').root.get("x")
    assert isinstance(found, ScalarNode)
    assert found.span(0, 3).text == '"a\\tb"'
    assert found.span(2, 3).text == "b"


def test_what_is_missing_is_shown_where_its_mapping_begins() -> None:
    inner = document("a:\n  b: 1\n  c: [2, 3]\n").root.get("a")
    assert isinstance(inner, MappingNode)
    assert inner.key_location("z").text == inner.value_location("z").text == inner.beginning.text == "b"
    assert inner.value_location("c", 1).text == "3"
    assert inner.value_location("c", 2).text == "[2, 3]"
    assert MappingNode((), inner.location).beginning == inner.location


# ---- what is refused


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("a: 1\na: 2", [("repeated-key", "a")]),
        ('a: 1\n"a": 2', [("repeated-key", '"a"')]),
        ("a: &b 1\nc: *b", [("yaml-alias", "&b 1"), ("yaml-alias", "*b")]),
        ("a: !!str 1", [("yaml-tag", "!!str 1")]),
        ("a: !x 1", [("yaml-tag", "!x 1")]),
        ("a: ! 1", [("yaml-tag", "! 1")]),
        ("[a]: 1\nb: 2", [("yaml-key", "[a]")]),
        ("? |\n  a\n: 1\nb: 2", [("yaml-key", "|")]),
        ("? \n: 1\nb: 2", [("yaml-key", "")]),
        ("a: 1\n---\nb: 2\n---\nc: 3", [("yaml-documents", "---")]),
        ("a:\n\tb: 1", [("yaml-tab", "\t")]),
        ("a: 1\n\tb: 1", [("yaml-tab", "\t")]),
        ("a: [", [("yaml-syntax", "[")]),
        ("a: [1,\n\n\n", [("yaml-syntax", ",")]),
        ("a: {b: 1\nc: 2", [("yaml-syntax", ":")]),
        ("a: 'b", [("yaml-syntax", "'")]),
        ("a: b: c", [("yaml-syntax", ":")]),
        ("a: @b", [("yaml-syntax", "@")]),
        ("a: > 10", [("yaml-syntax", "1")]),
        ("a: {b: > 10}", [("yaml-syntax", ">")]),
        ("a: 1\nb 2\nc: 3", [("yaml-syntax", "b")]),
        ("%YAML 3.0\n---\na: 1", [("yaml-syntax", "%")]),
        ("", [("empty-document", "")]),
        ("# only a remark\n", [("empty-document", "")]),
        ("null", [("empty-document", "")]),
        ("- a", [("document-not-a-mapping", "- a")]),
        ("a", [("document-not-a-mapping", "a")]),
        ("a: \x07", [("yaml-character", "\x07")]),
        ("a: 1\nb: é\ud800", [("yaml-character", "\ud800")]),
        ("a: \N{BYTE ORDER MARK}b", [("yaml-character", "\N{BYTE ORDER MARK}")]),
    ],
)  # fmt: skip
def test_what_is_not_read_is_reported_at_its_place(text: str, findings: list[tuple[str, str]]) -> None:
    assert seen(read_text(text)[1]) == findings


@pytest.mark.parametrize("trap", ["a: > 10", "a: {b: > 10}", "a: {b: | 10}", "a: [> 10]"])
def test_an_unquoted_comparison_is_told_to_be_quoted(trap: str) -> None:
    (finding,) = read_text(trap)[1]
    assert finding.help == 'a text that begins with `>` or `|` must be quoted: `"> 10"`'


def test_the_first_of_two_equal_keys_is_kept_with_the_rest() -> None:
    found, _ = read_text("a: 1\na: {b: [2]}\nc: 3")
    assert found is not None
    assert plain(found.root) == {"a": 1, "c": 3}


def test_a_key_that_is_no_word_is_left_out_with_its_value() -> None:
    found, _ = read_text("[a, {b: c}]: {d: e}\nf: 1")
    assert found is not None
    assert plain(found.root) == {"f": 1}


def test_an_alias_is_no_value_of_its_own() -> None:
    found, _ = read_text("a: &b 1\nc: *b")
    assert found is not None
    value = found.root.get("c")
    assert isinstance(value, ScalarNode)
    assert (value.value, value.style) == (None, "broken")


@pytest.mark.parametrize("opening", ["[", "{a: "])
def test_nesting_has_a_limit_and_costs_nothing_beyond_it(opening: str) -> None:
    closing = {"[": "]", "{a: ": "}"}[opening]
    within = "x: " + opening * (MAX_DEPTH - 1) + closing * (MAX_DEPTH - 1)
    assert read_text(within)[1] == ()
    beyond = "x: " + opening * 5000 + closing * 5000
    assert [finding.code for finding in read_text(beyond)[1]] == ["yaml-depth"]


def test_plain_data_has_the_same_limit_of_nesting() -> None:
    data: Any = []
    for _ in range(MAX_DEPTH - 2):
        data = [data]
    assert read_data({"x": data})[1] == ()
    assert seen(read_data({"x": [data]})[1]) == [("yaml-depth", "")]


# ---- without libyaml

WITHOUT_LIBYAML = """\
PyYAML is installed without libyaml, and its parser in Python rejects valid files. Install PyYAML again; where it has \
no wheel, install libyaml with its headers first (libyaml-dev on Debian)
  PYYAML_FORCE_LIBYAML=1 pip install --no-cache-dir --force-reinstall PyYAML"""


def test_the_parser_in_python_rejects_a_valid_file() -> None:
    text = "{ask: Can it be repaired?, points: 2}"
    assert plain(document(text).root) == {"ask": "Can it be repaired?", "points": 2}
    with pytest.raises(yaml.YAMLError):
        list(yaml.parse(text, Loader=yaml.BaseLoader))


@pytest.mark.parametrize(
    "arguments", [("check", "clean_cloud_2024"), ("rank", "clean_cloud_2024"), ("fmt", "criteria/clean_cloud_2024")]
)
def test_without_libyaml_nothing_is_read_and_the_error_says_what_to_install(arguments: tuple[str, ...]) -> None:
    program = "import sys; sys.modules['yaml._yaml'] = None; from cleancloud_rules.cli import main; main()"
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"error: {WITHOUT_LIBYAML}\n")


# ---- files


def test_a_file_is_read_with_its_name(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes("\N{BYTE ORDER MARK}a: 1\r\nb: [\r\n".encode())
    _, findings = read_file(file)
    assert [str(finding.location) for finding in findings] == [f"{file}:2:4"]


def test_a_file_of_bytes_that_are_no_text_is_shown_its_first_bad_byte(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes("a: é\nname: K".encode() + b"\xf6ln\n")
    _, (finding,) = read_file(file)
    assert (finding.code, finding.location.line, finding.location.column) == ("not-utf-8", 2, 8)
    assert "0xf6" in finding.message
    assert finding.location.file.line(2) == "name: K�ln"


def test_a_file_in_utf_16_is_not_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: 1", encoding="utf-16")
    assert [finding.code for finding in read_file(file)[1]] == ["not-utf-8"]


@pytest.mark.parametrize("name", ["nowhere.yaml", "", "a\0b"])
def test_what_cannot_be_opened_is_reported(tmp_path: Path, name: str) -> None:
    (finding,) = read_file(tmp_path / name)[1]
    assert finding.code == "unreadable-file"


@pytest.mark.parametrize(
    ("text", "place", "help"),
    [
        ("a: {b} of", "o", "put a text that begins with `{` in quotes"),
        ("a: {b}, {c}.", ",", "put a text that begins with `{` in quotes"),
        ("a:\n  - {b: {c: d}} of\n", "o", "put a text that begins with `{` in quotes"),
        ("a: [b, [c]] of", "o", "put a text that begins with `[` in quotes"),
        ("a: {b: c: d}", ":", "put a text that contains `: ` in quotes"),
        ("a: [b: c: d]", ":", "put a text that contains `: ` in quotes"),
        ("a: b: c", ":", "put a text that contains `: ` in quotes"),
        ("a: {b: 'c': d}", ":", "the mapping begins on line 1"),
        ("a: {b: c\nd: e}", ":", "the mapping begins on line 1"),
    ],
)
def test_a_text_that_yaml_reads_as_more_is_told_to_stand_in_quotes(text: str, place: str, help: str) -> None:
    (finding,) = read_text(text)[1]
    assert (finding.code, finding.location.text, finding.help) == ("yaml-syntax", place, help)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a:\n  - b: c\n    d: e\n    - b: f", 2),
        ("a:\n  - {b: c}\n    - {b: f}", 2),
        ("a:\n  - b: c\n  - b: d\n   - b: f", 2),
        ("a:\n    - b: c\n      d:\n        - e\n  - b: f", 2),
        ("a:\n  - b: c\n    d:\n      - e\n    - b: f", 2),
    ],
)
def test_a_list_item_out_of_line_is_told_with_which_line_it_stands(text: str, line: int) -> None:
    (finding,) = read_text(text)[1]
    assert (finding.code, finding.location.text) == ("yaml-syntax", "-")
    assert finding.help == f"align `- ` with the item on line {line}"


def test_a_list_item_without_a_list_is_told_of_keys() -> None:
    (finding,) = read_text("q:\n  - x\na:\n  b: c\n  - d: e")[1]
    assert (finding.location.line, finding.message) == (5, "expected a key here")


# ---- JSON and plain data


def test_json_is_read_as_yaml() -> None:
    text = '{"a":1,"b":[true,null,"\\u00e9\\n\\/"],\n\t"c":{"d":-0.5}}'
    assert plain(document(text).root) == {"a": 1, "b": [True, None, "é\n/"], "c": {"d": Decimal("-0.5")}}


def test_a_json_file_is_json_even_where_its_text_does_not_look_so() -> None:
    assert plain(document('\n\t{"a": 1}', "a.json").root) == {"a": 1}


def test_repeated_keys_in_json_are_reported() -> None:
    assert seen(read_text('{"a": 1, "a": 2}')[1]) == [("repeated-key", '"a"')]


def test_pairs_of_escapes_in_json_mean_one_character_and_move_nothing() -> None:
    root = document('{"a": "\\ud83d\\ude00!", "b": 12}').root
    assert plain(root) == {"a": "😀!", "b": 12}
    assert root.value_location("b").text == "12"


def test_an_escape_without_its_pair_is_reported() -> None:
    assert [finding.code for finding in read_text('{"a": "\\ud83d"}')[1]] == ["yaml-syntax"]


CHARACTERS = st.characters(
    codec="utf-8", exclude_categories=["Cc"], exclude_characters="\u2028\u2029\ufeff\uffff\ufffe"
)
TEXTS = st.text(CHARACTERS, max_size=20)
KEYS = st.text(CHARACTERS, min_size=1, max_size=40)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, PLAIN, max_size=5))
def test_json_and_plain_data_are_the_same_document(data: dict[str, Any]) -> None:
    from_data, findings = read_data(data)
    assert findings == ()
    assert from_data is not None
    assert plain(from_data.root) == data
    for text in (json.dumps(data), json.dumps(data, ensure_ascii=False, indent="\t")):
        assert plain(document(text).root) == data


class Colour(Enum):
    RED = "red"


class Word(StrEnum):
    GREEN = "green"


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (1, 1), (True, True), (None, None), (0.1, Decimal("0.1")), (1e22, Decimal("1e22")), (2.0, Decimal("2.0")),
        (Decimal("1E+3"), Decimal(1000)), (date(2024, 6, 30), date(2024, 6, 30)), ("NO", "NO"), (Word.GREEN, "green"),
        ((1, "b"), [1, "b"]), ({"b": {"c": 1}}, {"b": {"c": 1}}),
    ],
)  # fmt: skip
def test_plain_data_is_taken_as_it_is(data: Any, value: Any) -> None:
    found, findings = read_data({"a": data})
    assert findings == ()
    assert found is not None
    assert plain(found.root) == {"a": value}


@pytest.mark.parametrize(
    "data",
    [float("inf"), Decimal("Infinity"), {1, 2}, object(), Colour.RED, datetime(2024, 6, 30), b"x", 1j],  # noqa: DTZ001
    ids=lambda data: type(data).__name__,
)
def test_what_no_file_could_hold_is_refused_at_its_path(data: Any) -> None:
    found, (finding,) = read_data({"a": [1, {"b": data}]})
    assert (finding.code, str(finding.location)) == ("wrong-type", "<data>:a[1].b")
    assert found is not None


def test_keys_of_plain_data_are_texts() -> None:
    _, findings = read_data({"a": {1: "b"}})
    assert [(finding.code, str(finding.location)) for finding in findings] == [("yaml-key", "<data>:a")]


def test_plain_data_that_is_no_mapping_is_refused() -> None:
    data: Any = ["a"]
    assert [finding.code for finding in read_data(data)[1]] == ["document-not-a-mapping"]
    assert [finding.code for finding in read_data({})[1]] == []


# ---- whatever is written

YAML_LIKE = st.text(alphabet="ab01 :-,.[]{}\"'#&*!|>%@`?~\n\t\r\\<=/é阿\u2028\x85\x07\ud800", max_size=60)
ANYTHING = YAML_LIKE | st.text(max_size=40) | st.text(alphabet=string.printable, max_size=60)


@given(ANYTHING)
@example("a: \ud800")
@example("a: |\n  b")
@example("\ufeffa: [")
@example("a: 'b''c'\nd: \"\\\n e\"")
def test_no_text_stops_the_reader_and_all_places_lie_in_it(text: str) -> None:
    found, findings = read_text(text)
    assert found is not None or findings
    for finding in findings:
        assert str(finding)
        assert not finding.location.line or lies_in_its_file(finding.location)
    for part in nodes_of(found.root) if found else ():
        assert lies_in_its_file(part.location)
        if isinstance(part, ScalarNode):
            for end in range(1, len(part.raw) + 1):
                assert lies_in_its_file(part.span(end - 1, end))


def test_the_place_of_each_value_is_its_text() -> None:
    root = document('a: "x"\nb:\n  - {c: 1, d: [é, 2]}\n').root
    assert [n.location.text for n in nodes_of(root) if isinstance(n, ScalarNode)] == [
        "a", '"x"', "b", "c", "1", "d", "é", "2",
    ]  # fmt: skip
    assert [seen(read_text(text)[1]) for text in ("a:\n\tb: 1", "a: &b 1", "a: 1\na: 2", "a: [1")] == [
        [("yaml-tab", "\t")], [("yaml-alias", "&b 1")], [("repeated-key", "a")], [("yaml-syntax", "[")],
    ]  # fmt: skip


BLOCKS = {
    "sources": {
        "a-1": {"title": "One: two", "note": "first\n\n- second", "footnotes": [1, 2]},
        "2030": {"type": "true"},
    },
    "facts": [{"share": {"percent": Decimal("1.50")}, "note": " spaced\nlines "}],
    "empty": {},
}


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_blocks_are_read_back(depth: int) -> None:
    document, diagnostics = read_text(write_blocks(BLOCKS, depth))
    assert diagnostics == ()
    assert document is not None
    assert plain(document.root) == BLOCKS


def test_blocks_stand_below_each_other() -> None:
    assert write_blocks({"a": {"b": {"c": 1, "d": "e\nf"}}}, 3) == "a:\n  b:\n    c: 1\n    d: |-\n      e\n      f\n"
