"""The page about the engine says what is so."""

import re

import pytest

from cleancloud_rules.completions import fact_kinds
from cleancloud_rules.engine import compiler, matching
from cleancloud_rules.engine import encoding as encoding_module
from tests.support.places import ROOT

PAGE = (ROOT / "docs" / "explanation" / "engine.md").read_text(encoding="utf-8")
TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
}


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_[a-z0-9_]+)`", PAGE))))
def test_a_test_that_the_page_names_exists(name: str) -> None:
    assert name in TESTS


def test_every_hazard_names_its_tests() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| what happens")]
    hazards = [row for row in rows if row.count("|") == 4]
    assert len(hazards) == 28
    assert all("`test_" in row.split("|")[3] for row in hazards)


def test_every_test_of_a_misuse_stands_on_the_page() -> None:
    for path in (ROOT / "tests" / "hazards").glob("test_*.py"):
        text = path.read_text(encoding="utf-8")
        for name, body in re.findall(r"^def (test_\w+)\(.*?\n(.*?)(?=^def |\Z)", text, re.MULTILINE | re.DOTALL):
            assert "misused(" not in body or f"`{name}`" in PAGE, name


def test_the_limits_are_those_of_the_code() -> None:
    told = dict(re.findall(r"^\| (alternatives|separate|properties|inputs).*?\| ([\d and]+) \|$", PAGE, re.MULTILINE))
    assert told == {
        "alternatives": str(compiler.MAX_DISJUNCTS),
        "separate": str(encoding_module.MAX_PATTERNS),
        "properties": str(encoding_module.MAX_PROPERTIES),
        "inputs": f"{compiler.MAX_LITERALS} and {compiler.MAX_KEYS}",
    }
    text = " ".join(PAGE.split())
    assert f"more than {matching.MAX_COMBINATIONS:,} combinations" in text
    assert f"at most {fact_kinds.MAX_KINDS:,} kinds of facts" in text
    assert f"rulesets of at most {compiler.MAX_RULES}" in text
    assert f"at most {compiler.MAX_TESTS} different tests" in text
    assert f"at most {encoding_module.MAX_PROPERTIES} properties" in text
    assert f"Conjunctions of more than {compiler.MAX_LITERALS} are cut" in text
