"""Texts that went wrong once: odd characters in files, in names and in what a terminal shows."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from cleancloud_rules import FactsError, company_from
from cleancloud_rules.cli import main
from cleancloud_rules.diagnostics.characters import visible, visible_json
from tests.formatting.test_formatter import content, tidy
from tests.support import small
from tests.support.places import edit
from tests.system.test_bad_files import COMPANIES, CRITERIA, OF_CASES


@pytest.mark.parametrize(
    "text",
    [
        "l: {4}",
        "\u2028a: 1",
        "x: 1\n\x85a: 1",
        'a: "a\\0b"',
        'a: "a\\rb"',
        'a: "\\e[31m"',
        "s:\n  #\n t:",
        'a: "a\\u202eb"',
    ],
)
def test_an_odd_text_is_formatted_once_and_for_all_and_means_the_same(text: str) -> None:
    made = tidy(text)
    assert tidy(made) == made
    assert content(made) == content(text)
    assert "\u202e" not in made


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to a folder with a methodology, `m`, its test cases, and a dataset, `d`; and return it."""
    for folder, good in (("m", CRITERIA), ("m", OF_CASES), ("d", COMPANIES)):
        shutil.copytree(good / "good", tmp_path / folder, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rename(demo: Path, name: str) -> None:
    """Give the company, the criterion and a test case another name, in YAML."""
    edit(demo / "d" / "companies" / "acme.yaml", "name: Acme\n", f"name: {name}\n")
    edit(demo / "m" / "energy.yaml", "title: Share of renewables", f"title: {name}")
    edit(demo / "m" / "cases" / "energy.yaml", '"Example A: above 10%"', name)


def written(encoding: str, *arguments: str) -> str:
    """Return what the command writes, read as UTF-8, to a pipe on a system with another encoding."""
    command = [sys.executable, "-m", "cleancloud_rules", *arguments]
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    return subprocess.run(command, capture_output=True, check=True, env=environment).stdout.decode("utf-8")


@pytest.mark.parametrize("encoding", ["cp1252", "cp936", "ascii"])
def test_what_is_not_a_terminal_gets_utf_8(demo: Path, encoding: str) -> None:
    rename(demo, "腾讯 😀 ≥ é")
    assert "腾讯 😀 ≥ é" in written(encoding, "rank", "d", "-m", "m")
    data = written(encoding, "rank", "d", "-m", "m", "--format", "json")
    assert "腾讯 😀 ≥ é" in data
    assert json.loads(data)


ODD = r'"A\e[31mB\u202eC\x9bD\x7fE\u200bF\nG\tH\u2028I"'
"""The name of a company, in YAML, with what may move, colour, reorder or hide other characters."""

HIDDEN = "\x1b\u202e\x9b\x7f\u200b\u2028"

ESCAPED = re.compile(r"A\\+(x|u00)1b\\?\[31mB\\+u202eC")

COMMANDS = [
    "score d -m m",
    "score d -m m --format json",
    "rank d -m m",
    "rank d -m m --with added.yaml",
    "score d/companies/acme.yaml -m m --with added.yaml",
    "explain d/companies/acme.yaml -m m",
    "bounds d -m m",
    "findings d -m m",
    "diff m m --data d",
    "test m --junit junit.xml",
    "docs m",
    "docs m --format html",
]


@pytest.mark.parametrize("arguments", COMMANDS)
def test_no_command_writes_a_character_that_does_not_show_itself(demo: Path, arguments: str) -> None:
    rename(demo, ODD)
    (demo / "added.yaml").write_text("id: acme\nfacts:\n  - share: {percent: 3}\n", encoding="utf-8")
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    junit = demo / "junit.xml"
    written = result.output + (junit.read_text(encoding="utf-8") if junit.exists() else "")
    assert not set(HIDDEN) & set(written)
    assert ESCAPED.search(written)


def test_json_means_the_same_with_escapes(demo: Path) -> None:
    rename(demo, ODD)
    data = json.loads(CliRunner().invoke(main, "score d -m m --format json").stdout)
    assert data["company"]["name"] == "A\x1b[31mB\u202eC\x9bD\x7fE\u200bF\nG\tH\u2028I"


def test_junit_is_xml(demo: Path) -> None:
    rename(demo, ODD)
    assert CliRunner().invoke(main, "test m --junit junit.xml").exit_code == 0
    names = [case.attrib["name"] for case in ET.parse(demo / "junit.xml").iter("testcase")]  # noqa: S314 - our own
    assert names[0].startswith(r"A\x1b[31mB\u202eC\x9bD\x7fE\u200bF")


def test_a_lone_surrogate_is_an_escape_in_every_output() -> None:
    assert visible("a\ud800b") == r"a\ud800b"
    assert json.loads(visible_json('{"a": "\ud800"}')) == {"a": "\ud800"}


@pytest.mark.parametrize("text", ["می\u200cخواهم", "👩\u200d💻", "½\u00a0é 腾讯", "no\u3000more"])
def test_what_shows_itself_stays(text: str) -> None:
    assert visible(text) == text


def test_a_joiner_between_letters_that_do_not_join_is_an_escape() -> None:
    assert visible("po\u200dints\u200d") == r"po\u200dints\u200d"


@pytest.mark.parametrize(
    ("old", "new", "wrong", "right"),
    [
        (
            "max_points: 4",
            "max_points: ２０３０",
            "unquoted",
            "write `2030`: `2` in place of U+FF12 (fullwidth digit two)",
        ),
        ('{percent: "> 10"}', "{percent: ≥ 10}", "quotes", "U+2265 (greater-than or equal to)"),
        ("    max_points", "  \u00a0 max_points", "column", "expected a space, got U+00A0 (no-break space)"),
        ("title: ", "title：", "key: value", "expected `:`, got U+FF1A (fullwidth colon)"),
        ('"> 10"', '"（1..2]"', "quotes", "`(` in place of U+FF08 (fullwidth left parenthesis)"),
        ('share: {percent: "> 10"}', "energy: {amount: 1,300 MWh}", "`1 MWh`", "between its digits: `1300 MWh`"),
        ('share: {percent: "> 10"}', "count: {of: {share: {}}, at_most: 1}", "did you mean", "at_least: 2}}]`"),
    ],
)
def test_no_hint_makes_a_mistake_worse(demo: Path, old: str, new: str, wrong: str, right: str) -> None:
    edit(demo / "m" / "energy.yaml", old, new)
    said = CliRunner().invoke(main, "check m").stderr
    assert right in said
    assert wrong not in said


SHARE = "  - share: {percent: 5}\n    source: report\n    period: 2023\n"
COMPANY = f"id: acme\nname: Acme\nfacts:\n{SHARE}"


@pytest.mark.parametrize(
    ("old", "new", "help"),
    [
        ("5}", "1 300}", "write it in digits, unquoted: `1300`"),
        ("5}", "1\u00a0300}", "write it in digits, unquoted: `1300`, without U+00A0 (no-break space)"),
        ("5}", "1'300}", "write it in digits, unquoted: `1300`"),
        ("5}", "“5”}", "write it in digits, unquoted: `5`, without U+201C (left double quotation mark)"),
        ("{percent: 5}", "{percent：5}", "write `:` and a space in place of U+FF1A (fullwidth colon)"),
        ("5}", "{more_than：5}}", "write `:` and a space in place of U+FF1A (fullwidth colon)"),
        ("share: {", "share：{", "write `:` and a space in place of U+FF1A (fullwidth colon)"),
        (SHARE, "\u3000- share: {percent: 5}\n", "write a space in place of U+3000 (ideographic space)"),
        (SHARE, "  – share: {percent: 5}\n", "write `-` in place of U+2013 (en dash)"),
        ("share: {percent: 5}", "energy: {status: bought, amount: 1 300 MWh}", "`1300 MWh`"),
        ("share: {percent: 5}", "energy: {status: bought, amount: 1\u202f300 MWh}", "`1300 MWh`"),
        ("share: {percent: 5}", "energy: {status: bought, amount: 1'300 MWh}", "`1300 MWh`"),
        ("share: {percent: 5}", "energy: {status: bought, amount: 1,3 GWh}", "`1.3 GWh`"),
        ("share: {percent: 5}", "energy:\n      status: bought\n      amount: 1,3 GWh", "`1.3 GWh`"),
    ],
)
def test_a_hint_leads_to_what_was_meant(old: str, new: str, help: str) -> None:
    with pytest.raises(FactsError) as refused:
        company_from(COMPANY.replace(old, new), small.methodology(small.LADDER, small.GOALS))
    found = [diagnostic.help for diagnostic in refused.value.diagnostics if diagnostic.help]
    assert found
    assert all(said.endswith(help) for said in found), found
