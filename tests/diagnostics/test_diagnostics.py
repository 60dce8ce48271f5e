"""Tests of diagnostics as data and as text, and of their reference."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cleancloud_rules import (
    CriteriaError,
    FactsError,
    InputError,
    Ranking,
    check,
    compare,
    load_company,
    load_methodology,
)
from cleancloud_rules.analysis import what_if
from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, Severity, SourceFile, ordered, render
from cleancloud_rules.formatting.formatter import formatted
from cleancloud_rules.formatting.upgrade import upgraded
from tests.support import small
from tests.support.bad_workbooks import TEXTS
from tests.support.kept import kept
from tests.support.places import ROOT
from tests.system.test_bad_files import CASES, CRITERIA, expected

REFERENCE = (ROOT / "docs" / "reference" / "diagnostics.md").read_text(encoding="utf-8")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


# ---- the reference


@cache
def codes_in_source() -> dict[str, str]:
    """Return every code that the library can give a diagnostic, each with a place in its source."""
    found: dict[str, str] = {}
    for file in sorted((ROOT / "cleancloud_rules").rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for code in _codes_of(call):
                found.setdefault(code, f"{file.name}:{getattr(call, 'lineno', 0)}")
    return found


def _codes_of(call: ast.AST) -> Iterator[str]:
    if not isinstance(call, ast.Call):
        return
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    given = (
        [call.args[0]]
        if name in ("Diagnostic", "reject", "add", "_find", "_warn", "warning", "note") and len(call.args) > 1
        else []
    )
    given += [keyword.value for keyword in call.keywords if keyword.arg == "code"]
    for value in given:
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and _CODE.fullmatch(value.value):
            yield value.value


PATHS = {
    "unreadable-file": "nowhere.yaml: error[unreadable-file]: cannot read `nowhere.yaml`: no such file or directory",
    "file-too-large": (
        "large.yaml: error[file-too-large]: cannot read `large.yaml`: it has more than 16,777,216 bytes\n"
        "  help: split it into several files"
    ),
    "unknown-methodology": (
        "clean_cloud_2023: error[unknown-methodology]: "
        "`clean_cloud_2023` is neither a folder nor a bundled methodology\n"
        "  help: did you mean `clean_cloud_2024`?"
    ),
    "cannot-format": (
        "demo/energy.yaml:2:3: error[cannot-format]: a key that begins with `?` cannot be formatted\n"
        "      2 | ? title\n"
        "        |   ^^^^^\n"
        "  help: write `key: value`"
    ),
    "cannot-upgrade": (
        "demo/more.yaml:2:1: error[cannot-upgrade]: `defaults` would hold for the criteria of `demo/energy.yaml` too\n"
        "      2 | defaults: {horizon: recent}\n"
        "        | ^^^^^^^^\n"
        "  help: write its keys in each criterion of this file"
    ),
    "unreadable-result": (
        "<json>:3:21: error[unreadable-result]: this JSON is no result of this version: "
        "`schema_version` must be 1, and got 2\n"
        '      3 |   "schema_version": 2\n'
        "        |                     ^"
    ),
    "records-not-comparable": (
        "<record>: error[records-not-comparable]: the methodologies of the two records have no criterion in common: "
        "`careful_water` of `<record>`, `green_kitchens` of `<record>`"
    ),
    "unknown-fact": (
        "<without>: error[unknown-fact]: the company `acme` states no fact `share-65a3f12`\n"
        "  help: did you mean `share-65a3f129`?"
    ),
    "ambiguous-fact": (
        "<without>: error[ambiguous-fact]: the fact `share-65a3f129` is stated by 2 companies\n"
        "  help: write one of `acme:share-65a3f129`, `beta:share-65a3f129`"
    ),
    "already-stated": (
        "<facts>:facts[0].share: error[already-stated]: "
        "the company `acme` states this fact already, as `share-65a3f129`"
    ),
}
"""The diagnostics about paths, of `fmt`, of a what-if and about results, which no bad file can show."""


def said() -> list[str]:
    """Return every diagnostic that the bad files show, as text."""
    texts = [expected(case).read_text(encoding="utf-8").rstrip("\n") for case in CASES]
    return [*PATHS.values(), *TEXTS.values(), *(diagnostic for text in texts for diagnostic in text.split("\n\n"))]


SAID = said()


def test_the_codes_are_found() -> None:
    codes = codes_in_source()
    assert len(codes) > 60
    assert {"wrong-type", "yaml-tab", "key-without-value", "too-complex", "points-above-max"} <= codes.keys()


def test_every_code_has_a_case() -> None:
    shown = {code for diagnostic in SAID for code in re.findall(r"\[([^\]]+)\]: ", diagnostic.split("\n")[0])}
    assert {code: place for code, place in codes_in_source().items() if code not in shown} == {}


def test_every_code_has_a_section_with_an_example_that_a_case_shows() -> None:
    for code in codes_in_source():
        assert_section(code)


def assert_section(code: str) -> None:
    sections = re.findall(rf"^### `{code}`\n(.*?)(?=^##|\Z)", REFERENCE, re.MULTILINE | re.DOTALL)
    assert len(sections) == 1, f"docs/reference/diagnostics.md has {len(sections)} sections on {code}"
    (example,) = re.findall(r"```text\n(.*?)\n```", sections[0], re.DOTALL)
    assert re.search(rf"(error|warning|note)\[{code}\]: ", example), code
    assert example in SAID, code
    assert len(sections[0].replace(f"```text\n{example}\n```", "").split("\n\n")) >= 3, (
        f"the section on {code} says what it means and what to do"
    )


def test_the_reference_has_no_section_on_what_does_not_exist() -> None:
    assert set(re.findall(r"^### `(.*)`$", REFERENCE, re.MULTILINE)) == codes_in_source().keys()


def test_a_file_that_is_not_there_is_reported() -> None:
    with pytest.raises(FactsError) as caught:
        load_company("nowhere.yaml", load_methodology(CRITERIA / "good"))
    assert str(caught.value) == PATHS["unreadable-file"]


def test_a_file_that_is_too_large_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Path("large.yaml").open("wb") as file:
        file.truncate(2**24 + 1)
    with pytest.raises(FactsError) as caught:
        load_company("large.yaml", load_methodology(CRITERIA / "good"))
    assert str(caught.value) == PATHS["file-too-large"]


def test_what_cannot_be_formatted_is_reported() -> None:
    _, diagnostics = formatted("id: energy\n? title\n: Energy\n", "demo/energy.yaml")
    assert [str(diagnostic) for diagnostic in diagnostics] == [PATHS["cannot-format"]]


def test_what_cannot_be_upgraded_is_reported() -> None:
    one, two = (f"category: energy\n{more}criteria:\n  - id: c\n" for more in ("", "defaults: {horizon: recent}\n"))
    with pytest.raises(Rejected) as caught:
        upgraded({"demo/energy.yaml": one, "demo/more.yaml": two.replace("id: c", "id: d")})
    assert [str(diagnostic) for diagnostic in caught.value.diagnostics] == [PATHS["cannot-upgrade"]]


def test_what_a_what_if_cannot_add_or_remove_is_reported() -> None:
    own = small.methodology(small.LADDER)
    share = small.fact("share", {"percent": 5, "base": "electricity"})
    acme, beta = (small.company(own, share, id=id) for id in ("acme", "beta"))
    id = acme.facts[0].id

    def rejected(companies: Any, **question: Any) -> list[str]:
        with pytest.raises(FactsError) as caught:
            what_if(companies, own, **question)
        return [str(diagnostic) for diagnostic in caught.value.diagnostics]

    assert rejected(acme, without=id[:-1]) == [PATHS["unknown-fact"]]
    assert rejected([acme, beta], without=id) == [PATHS["ambiguous-fact"]]
    assert rejected(acme, facts={"facts": [share]}) == [PATHS["already-stated"]]


def test_a_methodology_that_is_not_there_is_reported() -> None:
    assert [str(diagnostic) for diagnostic in check("clean_cloud_2023")] == [PATHS["unknown-methodology"]]


def test_json_that_is_no_result_is_reported() -> None:
    with pytest.raises(InputError) as caught:
        Ranking.from_json('{\n  "cohorts": [],\n  "schema_version": 2\n}\n')
    assert str(caught.value) == PATHS["unreadable-result"]


def test_records_without_anything_in_common_are_reported() -> None:
    with pytest.raises(InputError) as caught:
        compare(kept("careful_water"), kept("first_edition"))
    assert str(caught.value) == PATHS["records-not-comparable"]


def test_messages_keep_the_rules() -> None:
    """They start in lower case, end without a full stop, and name neither a class nor the engine."""
    for diagnostic in SAID:
        assert_keeps_the_rules(diagnostic)


def assert_keeps_the_rules(diagnostic: str) -> None:
    head, *rest = diagnostic.split("\n")
    message = head.split("]: ", 1)[1]
    assert message[0].islower() or message[0] == "`", diagnostic
    assert not message.endswith("."), diagnostic
    help = [line.removeprefix("  help: ") for line in rest if line.startswith("  help: ")]
    for sentence in (message, *(h for h in help if not h.startswith("write: "))):
        assert sentence[0].islower() or sentence[0] == "`", diagnostic
        for word in ("durable", "Scalar", "Decimal", "Lark", "NoneType", "Traceback", "attrs"):
            assert word not in sentence, diagnostic


# ---- text


def at(line: str, column: int, end_column: int, number: int = 1) -> Location:
    return Location(SourceFile("a.yaml", "\n" * (number - 1) + line), number, column, number, end_column)


def test_a_diagnostic_is_rendered_with_its_place_its_line_and_its_help() -> None:
    diagnostic = Diagnostic("some-code", "`b` is wrong", at("a: b", 4, 5, 12), "write `c`")
    assert render(diagnostic) == (
        "a.yaml:12:4: error[some-code]: `b` is wrong\n     12 | a: b\n        |    ^\n  help: write `c`"
    )


def test_a_diagnostic_without_a_line_has_no_excerpt() -> None:
    diagnostic = Diagnostic("some-code", "it is wrong", Location(SourceFile("<data>"), path="a.b[2]"))
    assert str(diagnostic) == "<data>:a.b[2]: error[some-code]: it is wrong"
    assert str(Diagnostic("some-code", "it is wrong", Location(SourceFile("a.yaml")))) == (
        "a.yaml: error[some-code]: it is wrong"
    )


def test_a_warning_is_called_so_and_is_no_error() -> None:
    diagnostic = Diagnostic("some-code", "it is odd", Location(SourceFile("a.yaml")), severity=Severity.WARNING)
    assert not diagnostic.is_error
    assert str(diagnostic).startswith("a.yaml: warning[some-code]")


def test_chinese_characters_take_two_columns() -> None:
    excerpt = render(Diagnostic("some-code", "wrong", at("name: 阿里云 cloud", 7, 10))).split("\n")
    assert excerpt[1:] == ["      1 | name: 阿里云 cloud", "        |       ^^^^^^"]


def test_a_mark_after_chinese_characters_stands_under_its_word() -> None:
    excerpt = render(Diagnostic("some-code", "wrong", at("name: 阿里云 cloud", 11, 16))).split("\n")
    assert excerpt[2] == "        | " + " " * (6 + 6 + 1) + "^^^^^"


def test_combining_marks_take_no_column() -> None:
    excerpt = render(Diagnostic("some-code", "wrong", at("cafe\N{COMBINING ACUTE ACCENT}: x", 8, 9))).split("\n")
    assert excerpt[2] == "        | " + " " * 6 + "^"


def test_tabs_and_control_characters_do_not_move_the_terminal() -> None:
    diagnostic = Diagnostic("some-code", "got `a\nb\x1b[31m`", at("a:\t\x1b[31mred", 4, 5))
    head, excerpt, marks = str(diagnostic).split("\n")
    assert head == "a.yaml:1:4: error[some-code]: got `a\\nb\\x1b[31m`"
    assert excerpt == "      1 | a: \\x1b[31mred"
    assert marks == "        |    ^^^^"


def test_of_a_very_long_line_only_what_is_near_the_place_is_shown() -> None:
    line = "x" * 5000 + "HERE" + "y" * 5000
    head, excerpt, marks = str(Diagnostic("some-code", "wrong", at(line, 5001, 5005))).split("\n")
    assert head.startswith("a.yaml:1:5001:")
    assert len(excerpt) < 200
    assert excerpt[marks.index("^") : marks.rindex("^") + 1] == "HERE"
    assert excerpt.split("| ")[1][0] == excerpt[-1] == "…"


def test_diagnostics_are_sorted_by_file_line_and_column_and_shown_once() -> None:
    def diagnostic(name: str, line: int, column: int, code: str = "b") -> Diagnostic:
        return Diagnostic(code, "wrong", Location(SourceFile(name), line, column, line, column + 1))

    last, first, double = diagnostic("b.yaml", 1, 1), diagnostic("a.yaml", 2, 3), diagnostic("a.yaml", 2, 3)
    other, earlier = diagnostic("a.yaml", 2, 3, "a"), diagnostic("a.yaml", 2, 1)
    assert ordered([last, first, double, other, earlier]) == (earlier, other, first, last)


def test_errors_are_value_errors_that_carry_their_diagnostics() -> None:
    diagnostic = Diagnostic("some-code", "it is wrong", Location(SourceFile("a.yaml")))
    error = CriteriaError([diagnostic, diagnostic])
    assert isinstance(error, ValueError)
    assert error.diagnostics == (diagnostic,)
    assert str(error) == str(diagnostic)


# ---- places


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_lines_are_counted_as_yaml_counts_them(end: str) -> None:
    source = SourceFile("a.yaml", f"one{end}two\x0bstill two{end}")
    assert source.lines == ("one", "two\x0bstill two", "")
    assert (source.line(0), source.line(2), source.line(9)) == ("", "two\x0bstill two", "")


def test_a_place_of_several_lines_underlines_the_first() -> None:
    where = Location(SourceFile("a.yaml", "a:\n  b: 1\n  c: 2\n"), 2, 3, 4, 1)
    assert where.text == "b: 1"
