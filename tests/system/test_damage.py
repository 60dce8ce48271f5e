"""Tests of damaged files: whatever a slip of the finger leaves, it loads or is reported at a place in the file."""

import random
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import pytest

import cleancloud_rules as cc
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.errors import InputError
from tests.support import forms
from tests.support.nodes import lies_in_its_file
from tests.support.places import COMPANIES, CRITERIA, DATASET
from tests.system.test_bad_files import FORMS as BAD_FORMS

FILES = {path.name: path.read_text(encoding="utf-8") for path in sorted(CRITERIA.glob("*.yaml"))}
SOURCES = (DATASET / "sources.yaml").read_text(encoding="utf-8")
METHODOLOGY = cc.methodology_from(FILES)
FORMS = forms.loaded()
TYPED = "{}[]\"':,>|&*!%@`-#\t\n 0e.~?=<()é\u2028\x07"

CHUNK = 500
"""How many places of a file one test of the deep run damages."""

Damage = Callable[[str, int], str]


def without(text: str, position: int) -> str:
    """Return a text without one character."""
    return text[:position] + text[position + 1 :]


def swapped(text: str, number: int) -> str:
    """Return a text of which a line and the next one have changed places."""
    lines = text.splitlines(keepends=True)
    lines[number : number + 2] = reversed(lines[number : number + 2])
    return "".join(lines)


def replaced(text: str, position: int) -> str:
    """Return a text of which one character is another one."""
    other = TYPED[position % len(TYPED)]
    return text[:position] + other + text[position + 1 :]


def inserted(text: str, position: int) -> str:
    """Return a text with one character more."""
    return text[:position] + TYPED[position % len(TYPED)] + text[position:]


def places(text: str, damage: Damage) -> list[int]:
    """Return where a text can be damaged, once for each text that comes of it where a character goes."""
    if damage is swapped:
        return list(range(len(text.splitlines()) - 1))
    if damage is without:
        return [place for place in range(len(text)) if text[place] != text[place - 1] or place == 0]
    return list(range(len(text)))


def sample(name: str, text: str, damage: Damage, size: int) -> list[int]:
    """Return some of the places where a text can be damaged, always the same ones."""
    everywhere = places(text, damage)
    return sorted(random.Random(f"{name} {damage.__name__}").sample(everywhere, min(size, len(everywhere))))  # noqa: S311


def findings(load: Callable[[], object]) -> tuple[Diagnostic, ...]:
    """Return what is wrong; any other exception than that for input fails the test."""
    try:
        load()
    except InputError as error:
        return error.diagnostics
    return ()


def check_criteria(name: str, text: str) -> None:
    for finding in findings(lambda: cc.methodology_from({**FILES, name: text})):
        assert finding.location.file.name in FILES
        assert finding.location.line == 0 or lies_in_its_file(finding.location)
        assert str(finding)


def check_forms(name: str, text: str) -> None:
    files = {**forms.GOOD, name.removeprefix("forms/"): text}
    for finding in findings(lambda: cc.methodology_from(files)):
        assert finding.location.file.name in files
        assert finding.location.line == 0 or lies_in_its_file(finding.location)
        assert str(finding)


def check_answers(_: str, text: str) -> None:
    for finding in findings(lambda: cc.company_from(text, FORMS)):
        assert finding.location.line == 0 or lies_in_its_file(finding.location)
        assert str(finding)


def check_company(_: str, text: str) -> None:
    for finding in findings(lambda: cc.company_from(text, METHODOLOGY, sources=SOURCES)):
        assert finding.location.file.name in ("<text>", "<sources>")
        assert finding.location.line == 0 or lies_in_its_file(finding.location)
        assert str(finding)


def check_sources(_: str, text: str) -> None:
    gds = (COMPANIES / "gds.yaml").read_text(encoding="utf-8")
    for finding in findings(lambda: cc.company_from(gds, METHODOLOGY, sources=text)):
        assert finding.location.line == 0 or lies_in_its_file(finding.location)
        assert str(finding)


DAMAGES: tuple[Damage, ...] = (without, swapped, replaced, inserted)
ALL: dict[str, tuple[Path, Callable[[str, str], None], int]] = {
    **{path.name: (path, check_criteria, 4) for path in sorted(CRITERIA.glob("*.yaml"))},
    **{path.name: (path, check_company, 4) for path in sorted(COMPANIES.glob("*.yaml"))},
    "sources.yaml": (DATASET / "sources.yaml", check_sources, 20),
    **{f"forms/{name}": (BAD_FORMS / "good" / name, check_forms, 3) for name in forms.GOOD},
    "forms/acme.yaml": (BAD_FORMS / "good" / "companies" / "acme.yaml", check_answers, 10),
}
"""The shipped files and those of all forms, what reads them, and how many places of each the quick tests damage."""


def text_of(name: str) -> str:
    """Return the text of a file that is damaged."""
    return ALL[name][0].read_text(encoding="utf-8")


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("name", ALL)
def test_a_slip_is_reported_at_a_place_in_its_file_or_does_no_harm(name: str, damage: Damage) -> None:
    _, check, size = ALL[name]
    text = text_of(name)
    for place in sample(name, text, damage, size):
        check(name, damage(text, place))


def everywhere() -> Iterator[object]:
    """Give all places where a file can be damaged, some hundred at a time, dealt out to the parts of the deep run."""
    part = cycle(pytest.mark.deep(part=f"damage-{n}") for n in (1, 2, 3))
    for name in ALL:
        text = text_of(name)
        for damage in (without, swapped):
            for start in range(0, len(places(text, damage)), CHUNK):
                chunk = range(start, start + CHUNK)
                yield pytest.param(name, damage, chunk, marks=next(part), id=f"{name}-{damage.__name__}-{start}")


@pytest.mark.parametrize(("name", "damage", "chunk"), list(everywhere()))
def test_every_single_slip_is(name: str, damage: Damage, chunk: range) -> None:
    _, check, _ = ALL[name]
    text = text_of(name)
    for place in places(text, damage)[chunk.start : chunk.stop]:
        check(name, damage(text, place))


@pytest.mark.parametrize("end", [0.0, 0.1, 0.5, 0.9])
@pytest.mark.parametrize("name", ALL)
def test_a_file_that_was_cut_off_is(name: str, end: float) -> None:
    _, check, _ = ALL[name]
    text = text_of(name)
    check(name, text[: int(len(text) * end)])
