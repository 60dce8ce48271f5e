"""Tests of the words that are read: nothing that the documentation says uses a word that the glossary retires."""

import re
from pathlib import Path

import pytest
from click import Context

from cleancloud_rules.cli import main
from tests.support.places import ROOT
from tests.support.retired import RETIRED, Retired, headings, help_texts, plain, prose, retired_in, sentences

DOCS = ROOT / "docs"
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted(DOCS.rglob("*.md")),
    *sorted((ROOT / "examples").rglob("*.md")),
]
BY_OTHERS = {
    DOCS / "clean-cloud-2024" / "clean-cloud-2024.md",
    DOCS / "reference" / "command-line.md",
    DOCS / "reference" / "python-api.md",
}
"""Pages that programs write: only their headings are searched here."""

PACKAGE = ROOT / "cleancloud_rules"
FOLDERS = sorted({module.parent for module in PACKAGE.rglob("*.py")})


def name(page: Path) -> str:
    """Return where a file is, as a test's id."""
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("word", RETIRED, ids=lambda word: word.word)
def test_a_pattern_finds_its_phrase_and_spares_another(word: Retired) -> None:
    assert word.pattern.search(word.found)
    assert not word.pattern.search(word.spared)
    assert not word.pattern.search(word.use), "the words to use are not retired"


def test_the_glossary_lists_the_retired_words() -> None:
    section = (DOCS / "reference" / "glossary.md").read_text(encoding="utf-8").split("## Retired words")[1]
    rows = re.findall(r"^\| `(.+?)` \| (.+) \|$", section, re.MULTILINE)
    assert rows == [(word.word, word.use) for word in RETIRED]


def test_the_glossary_has_one_entry_for_each_term_in_order() -> None:
    section = (DOCS / "reference" / "glossary.md").read_text(encoding="utf-8").split("## Terms")[1].split("\n## ")[0]
    terms = re.findall(r"^\| ([^|]+?) \| [^|]+ \| [^|]+\|$", section, re.MULTILINE)[1:]
    assert len(terms) > 100
    assert terms == sorted(set(terms), key=str.lower)


def test_code_and_quotations_may_hold_any_word() -> None:
    text = "Run `invent`:\n\n    invent it\n\n```text\ninvented\n```\n\n> An invented notice.\n\nA company is invented."
    (found,) = retired_in(prose(text))
    assert found == "'Run `: A company is invented.': instead of `invent` use generate; an example is fictional"


def test_docstrings_and_messages_are_read_and_names_are_not() -> None:
    source = (
        '"""Make it.\n\nArgs:\n    kin: the facts.\n"""\nKEY = "kin"\nTEXT = f"no kin of {KEY} counts"\n'
        'def f(kin: int) -> str:\n    """Return the kin."""\n    return "it came to nothing"\n'
    )
    found = {line: retired_in(plain(text)) for line, text in sentences(source)}
    assert {line: len(words) for line, words in found.items()} == {1: 0, 7: 1, 9: 1, 10: 1}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_heading_uses_a_retired_word(page: Path) -> None:
    assert [word for text in headings(page.read_text(encoding="utf-8")) for word in retired_in(plain(text))] == []


@pytest.mark.parametrize("page", [page for page in PAGES if page not in BY_OTHERS], ids=name)
def test_no_page_uses_a_retired_word(page: Path) -> None:
    assert retired_in(prose(page.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("command", main.list_commands(Context(main)))
def test_no_help_text_uses_a_retired_word(command: str) -> None:
    found = main.get_command(Context(main), command)
    assert found is not None
    texts = [(where, plain(text)) for where, text in help_texts(found, command)]
    assert len([text for _, text in texts if text]) > 1
    assert [(where, word) for where, text in texts for word in retired_in(text)] == []


@pytest.mark.parametrize("folder", [*FOLDERS, ROOT], ids=name)
def test_no_docstring_and_no_message_uses_a_retired_word(folder: Path) -> None:
    found = [
        (module.name, line, word)
        for module in sorted(folder.glob("*.py"))
        for line, text in sentences(module.read_text(encoding="utf-8"))
        for word in retired_in(plain(text))
    ]
    assert found == []
