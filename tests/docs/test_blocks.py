"""Tests of the code blocks of all pages: each one runs or is validated, unless the page says why it cannot."""

import csv
import json
import re
import shutil
from collections.abc import Iterator
from functools import cache
from io import StringIO
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from attrs import frozen
from jsonschema import Draft202012Validator

from cleancloud_rules.documents.yaml import read_text
from cleancloud_rules.schemas.catalogue import SCHEMAS
from tests.schemas.test_catalogue import plain
from tests.support.pages import Page
from tests.support.places import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "examples").rglob("*.md"))]
ELSEWHERE = {
    "README.md": "docs/test_readme.py",
    "ci.md": "docs/test_ci_recipe.py",
    "keep-a-record.md": "docs/test_keep_a_record.py",
    "python-api.md": "docs/test_python_api.py",
    "score-a-million-companies.md": "tables/test_page.py",
    **{page.name: "docs/test_pages.py" for page in (ROOT / "docs" / "tutorial").glob("*.md")},
}
"""The pages whose programs and commands have a test of their own: it compares what they print."""

LONG = {"read-a-scorecard", "several-processes"}
"""The pages whose commands take seconds: they are followed when the site is built."""

BLOCK = re.compile(
    r"^(?:<!-- not run: (?P<reason>[^\n]+) -->\n)?(?P<indent> *)```(?P<language>\S*)\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
LANGUAGES = {"console", "csv", "json", "python", "sh", "text", "yaml", "{eval-rst}"}
INPUTS = (
    "cases",
    "company",
    "criteria",
    "dataset",
    "facts",
    "methodology",
    "overlay",
    "sources",
    "statements",
    "tables",
)


@frozen
class Block:
    """A code block.

    Args:
        page: the page.
        line: the line of its first sign.
        language: its language.
        text: the code.
        reason: why it cannot be run or validated, if the page says that in a comment above it.
    """

    page: Path
    line: int
    language: str
    text: str
    reason: str | None

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


def blocks_of(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for found in BLOCK.finditer(text):
        line = text[: found.start()].count("\n") + 1
        yield Block(page, line, found["language"], dedent(found["text"]), found["reason"])


BLOCKS = [block for page in PAGES for block in blocks_of(page)]


def of(language: str) -> list[Block]:
    """Return the blocks of a language, without those that are marked and those that have a test of their own."""
    apart = ELSEWHERE if language in ("console", "python", "sh") else {}
    return [one for one in BLOCKS if (one.language, one.reason) == (language, None) and not _is_apart(one, apart)]


def _is_apart(block: Block, apart: dict[str, str]) -> bool:
    is_example = block.page.is_relative_to(ROOT / "examples")
    return is_example or (block.page.name in apart and block.page.parent != ROOT / "examples")


def test_every_block_is_in_a_language_that_is_run_or_validated() -> None:
    assert [str(block) for block in BLOCKS if block.language not in LANGUAGES] == []
    fences = sum(len(re.findall(r"^ *```", page.read_text(encoding="utf-8"), re.MULTILINE)) for page in PAGES)
    assert fences == 2 * len(BLOCKS), "a block that this test does not see"


def test_a_block_that_is_not_run_says_why() -> None:
    assert [str(block) for block in BLOCKS if block.reason is not None and len(block.reason.split()) < 4] == []


@pytest.mark.parametrize(("page", "test"), ELSEWHERE.items())
def test_a_page_with_a_test_of_its_own_is_named_in_it(page: str, test: str) -> None:
    text = (ROOT / "tests" / test).read_text(encoding="utf-8")
    names = [page, Path(page).stem, "tutorial", "table_folders"]
    assert any(name in text for name in names)


def test_a_script_is_only_on_pages_that_have_a_test_of_their_own() -> None:
    assert [str(block) for block in of("sh")] == []


@pytest.mark.parametrize("block", of("python"), ids=str)
def test_a_program_runs(block: Block, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    exec(compile(block.text, str(block), "exec"), {"__name__": "page"})  # noqa: S102 - the pages are ours


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=page.stem, marks=[pytest.mark.site] if page.stem in LONG else [])
        for page in sorted({block.page for block in of("console")})
    ],
)
def test_who_follows_a_page_sees_what_it_says(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    followed = Page(page)
    followed.follow(tmp_path, monkeypatch)
    assert followed.printed == len(re.findall(r"^\$ (?:cleancloud-rules|python) ", followed.text, re.MULTILINE))


def test_json_can_be_read() -> None:
    assert [str(block) for block in of("json") if json.loads(block.text) is None] == []


@pytest.mark.parametrize("block", of("csv"), ids=str)
def test_every_row_of_a_table_has_all_columns(block: Block) -> None:
    head, *rows = csv.reader(StringIO(block.text))
    assert rows
    assert {len(row) for row in rows} == {len(head)}


@pytest.mark.parametrize("block", of("yaml"), ids=str)
def test_yaml_is_a_file_of_the_language_or_a_part_of_one(block: Block) -> None:
    assert conforms(block.text)


@pytest.mark.parametrize(
    ("text", "is_valid"),
    [
        ("bands:\n- {label: high, score: '>= 80'}\n", True),
        ("bands:\n- {lable: high, score: '>= 80'}\n", False),
        ("- id: one\n  max_points: 3\n", True),
        ("- id: one\n  points_max: 3\n", False),
        ("id: acme\nname: Acme\n", True),
        ("id: acme\nnmae: Acme\n", False),
        ("a: [\n", False),
    ],
)
def test_a_wrong_key_is_noticed_in_a_file_and_in_a_part(text: str, is_valid: bool) -> None:
    assert conforms(text) is is_valid


def conforms(text: str) -> bool:
    """Return whether a text is a file of the language or a part of one: a mapping or a list from inside a file."""
    document, _ = read_text(text)
    if document is not None and any(form.is_valid(plain(document.root)) for form in files()):
        return True
    is_list = text.lstrip().startswith("- ")
    document, _ = read_text(f"items:\n{text}" if is_list else text)
    if document is None:
        return False
    data = plain(document.root)
    parts = data["items"] if is_list else [data]
    return all(any(one.is_valid(part) for one in forms(tuple(sorted(part)))) for part in parts)


@cache
def files() -> list[Draft202012Validator]:
    """Return the forms of files."""
    return [Draft202012Validator(SCHEMAS[name]()) for name in INPUTS]


@cache
def forms(keys: tuple[str, ...]) -> list[Draft202012Validator]:
    """Return the forms that files have, and that mappings in them have, in which all of some keys are known."""
    schemas = [loose(SCHEMAS[name]()) for name in INPUTS]
    parts = [(part, schema.get("$defs", {})) for schema in schemas for part in mappings_in(schema)]
    known = [(part, defs) for part, defs in parts if set(keys) <= {*part["properties"]}]
    return [Draft202012Validator({"$defs": defs, **part}) for part, defs in known]


def loose(schema: Any) -> Any:
    """Return a schema that asks for no key, alone or beside others, since a page may show a part of a file."""
    if isinstance(schema, list):
        return [loose(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    asking = {key for key in ("required", "allOf") if isinstance(schema.get(key), list)}
    kept = {key: part for key, part in schema.items() if key not in asking}
    return {"anyOf" if key == "oneOf" else key: loose(part) for key, part in kept.items()}


def mappings_in(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield every schema of a mapping with known keys inside a schema, itself included."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield schema
        for part in schema.values():
            yield from mappings_in(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from mappings_in(part)
