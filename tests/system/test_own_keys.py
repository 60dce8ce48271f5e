"""Keys of the user's own, which begin with ``x-``: they are allowed, kept in results, and change nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import cleancloud_rules as cc
from cleancloud_rules.documents.yaml import write_text
from cleancloud_rules.formatting.formatter import formatted
from cleancloud_rules.schemas.catalogue import SCHEMAS
from tests.support import small
from tests.support.places import ROOT


def methodology_files() -> dict[str, Any]:
    """Return the files of a methodology with levels, a decision table and nested groups."""
    level = {"id": "some", "title": "Some", "at_least": 1}
    table = {"id": "verdict", "title": "Verdict", "inputs": {"level": {"level": "total"}}, "outputs": ["good", "bad"]}
    files = small.files(
        small.LADDER,
        small.GOALS,
        levels=[level],
        tables=[{**table, "rows": [{"level": "some", "then": "good"}], "otherwise": "bad"}],
    )
    whole = files["methodology.yaml"]["categories"][0]
    whole["groups"] = [{"id": "inner", "title": "Inner"}]
    files["inner.yaml"] = {"category": "inner", "criteria": [{**small.LADDER, "id": "other"}]}
    return dict(json.loads(json.dumps(files)))


COMPANY = {
    "id": "acme",
    "name": "Acme",
    "cohort": "big",
    "sources": {"own": {"type": "report", "title": "Own report"}},
    "facts": [
        {**small.fact("share", {"percent": 20}), "source": "own"},
        small.fact("goal", {"topic": "energy", "year": 2040}),
    ],
    "not_found": [{"goal": {"topic": "carbon"}, "source": "own"}],
}

PLACES = {
    "methodology": ("methodology.yaml",),
    "source of the methodology": ("methodology.yaml", "sources", "report"),
    "rounding": ("methodology.yaml", "rounding"),
    "window": ("methodology.yaml", "windows", "short_term"),
    "notice": ("methodology.yaml", "notices", 0),
    "category": ("methodology.yaml", "categories", 0),
    "group": ("methodology.yaml", "categories", 0, "groups", 0),
    "level": ("methodology.yaml", "levels", 0),
    "decision table": ("methodology.yaml", "tables", 0),
    "vocabulary": ("facts.yaml",),
    "fact type": ("facts.yaml", "fact_types", "share"),
    "field": ("facts.yaml", "fact_types", "share", "fields", "percent"),
    "derivation": ("facts.yaml", "derivations", 0),
    "criteria file": ("whole.yaml",),
    "criterion": ("whole.yaml", "criteria", 0),
    "rule": ("whole.yaml", "criteria", 0, "rules", 0),
    "remedy": ("whole.yaml", "criteria", 0, "remedy"),
    "reference": ("whole.yaml", "criteria", 1, "reference"),
}
"""Mappings of a methodology that may hold keys of the user's own."""

IN_COMPANY: dict[str, tuple[str | int, ...]] = {
    "company": (),
    "source of the company": ("sources", "own"),
    "fact": ("facts", 0),
    "search without result": ("not_found", 0),
}

KEPT = {
    "methodology", "source of the methodology", "notice", "category", "group", "level", "decision table", "criterion",
    "rule", "company", "source of the company", "fact",
}  # fmt: skip
"""The mappings whose object is a part of a scorecard, which keeps their keys."""

VALUE = {"owner": "Ines", "steps": [1, "two", None, True], "share": "0.50"}


def with_own_keys(data: Any, places: dict[str, tuple[str | int, ...]]) -> Any:
    """Return a copy of data with a key of the user's own at each place; its value names the place."""
    made = json.loads(json.dumps(data))
    for name, path in places.items():
        part = made
        for step in path:
            part = part[step]
        part["x-own"] = {**VALUE, "place": name}
    return made


def found_in(data: Any) -> Iterator[str]:
    """Yield the places whose key a result holds."""
    if isinstance(data, list):
        for item in data:
            yield from found_in(item)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key == "x-own":
                assert {name: value[name] for name in VALUE} == VALUE
                yield value["place"]
            else:
                yield from found_in(value)


def without_own(data: Any) -> Any:
    """Return a result without the keys of the user's own."""
    if isinstance(data, list):
        return [without_own(item) for item in data]
    if isinstance(data, dict):
        return {key: without_own(value) for key, value in data.items() if key != "x-own"}
    return data


PLAIN = cc.methodology_from(methodology_files())
OWN = cc.methodology_from(with_own_keys(methodology_files(), PLACES))
PLAIN_CARD = cc.score(cc.company_from(COMPANY, PLAIN), PLAIN)
CARD = cc.score(cc.company_from(with_own_keys(COMPANY, IN_COMPANY), OWN), OWN)


def test_a_scorecard_keeps_them() -> None:
    assert set(found_in(json.loads(CARD.to_json()))) == KEPT


def test_they_change_nothing_else() -> None:
    assert without_own(json.loads(CARD.to_json())) == json.loads(PLAIN_CARD.to_json())
    assert (OWN.sha256, CARD.company.facts_sha256) == (PLAIN.sha256, PLAIN_CARD.company.facts_sha256)
    assert OWN == PLAIN
    assert cc.check(OWN) == cc.check(PLAIN)


def test_a_scorecard_is_read_back_with_them() -> None:
    again = cc.Scorecard.from_json(CARD.to_json())
    assert again == CARD
    assert again.to_json() == CARD.to_json()


def test_the_schemas_know_them() -> None:
    files = with_own_keys(methodology_files(), PLACES)
    documents = {
        "methodology": files["methodology.yaml"],
        "facts": files["facts.yaml"],
        "criteria": files["whole.yaml"],
        "company": with_own_keys(COMPANY, IN_COMPANY),
        "scorecard": json.loads(CARD.to_json()),
    }
    for name, document in documents.items():
        assert [error.message for error in Draft202012Validator(SCHEMAS[name]()).iter_errors(document)] == []


@pytest.mark.parametrize("name", ["xown", "x_own", "x-", "own", "y-own"])
def test_other_unknown_keys_are_refused(name: str) -> None:
    files = methodology_files()
    files["whole.yaml"]["criteria"][0][name] = 1
    with pytest.raises(cc.CriteriaError, match="unknown key"):
        cc.methodology_from(files)


def test_tests_and_values_have_no_own_keys() -> None:
    files = methodology_files()
    files["whole.yaml"]["criteria"][0]["rules"][0]["when"]["share"]["x-own"] = 1
    with pytest.raises(cc.CriteriaError, match="unknown-field"):
        cc.methodology_from(files)
    wrong = {**COMPANY, "facts": [small.fact("share", {"percent": 20, "x-own": 1})]}
    with pytest.raises(cc.FactsError, match="unknown-field"):
        cc.company_from(wrong, PLAIN)


def test_the_formatter_keeps_them_after_the_keys_of_the_language() -> None:
    criterion = "criteria:\n- x-own: 1\n  title: T\n  id: a\n  rules: []\n"
    text, _ = formatted("category: c\n" + criterion)
    assert text is not None
    assert text.index("id: a") < text.index("title: T") < text.index("rules: []") < text.index("x-own: 1")
    assert formatted(text)[0] == text


def test_questions_and_the_defaults_of_a_file_have_them(tmp_path: Path) -> None:
    for file in (ROOT / "examples" / "mendable_tools" / "methodology").glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        text = text.replace("\ndefaults: {", "\ndefaults: {x-own: default, ")
        text = text.replace("ask: Is there a drawing", "x-asked: yes, ask: Is there a drawing")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    methodology = cc.load_methodology(tmp_path)
    company = cc.company_from({"id": "empty", "name": "Empty", "facts": []}, methodology)
    kept = [dict(criterion.extra) for criterion in cc.score(company, methodology).criteria]
    assert kept
    assert {"x-own": "default", "x-asked": "yes"} in kept


def test_test_cases_keep_them(tmp_path: Path) -> None:
    for name, content in methodology_files().items():
        (tmp_path / name).write_text(write_text(content), encoding="utf-8")
    (tmp_path / "cases").mkdir()
    case = {"name": "nothing", "x-own": "a case", "expect": {"total": 0}}
    (tmp_path / "cases" / "cases.yaml").write_text(write_text({"cases": [case]}), encoding="utf-8")
    report = cc.run_cases(tmp_path)
    assert report.passed
    assert json.loads(report.to_json())["cases"][0]["x-own"] == "a case"
