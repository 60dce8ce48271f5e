"""Findings for other tools: workflow commands that annotate lines, and SARIF."""

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from cleancloud_rules._version import __version__
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Severity

SARIF_VERSION = "2.1.0"


def as_data(finding: Diagnostic) -> dict[str, Any]:
    """Return a finding as plain data."""
    where = finding.location
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "file": where.source.name,
        "line": where.line,
        "column": where.column,
        "end_line": where.end_line,
        "end_column": where.end_column,
        "path": where.path,
        "help": finding.help,
    }


def workflow_commands(findings: Iterable[Diagnostic]) -> str:
    """Return findings as the workflow commands that annotate lines on GitHub, one a line."""
    return "".join(f"{_command(finding)}\n" for finding in findings)


def _command(finding: Diagnostic) -> str:
    where = finding.location
    properties = {"file": where.source.name, "title": finding.code}
    if where.line:
        places = {"line": where.line, "col": where.column, "endLine": where.end_line, "endColumn": where.end_column}
        properties |= {name: str(number) for name, number in places.items()}
    said = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items())
    return f"::{finding.severity.value} {said}::{_escaped(_sentence(finding))}"


def _escaped(text: str, more: str = "") -> str:
    for character in ("%", "\r", "\n", *more):
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def _sentence(finding: Diagnostic) -> str:
    return f"{finding.message} ({finding.help})" if finding.help else finding.message


def sarif(findings: Iterable[Diagnostic]) -> dict[str, Any]:
    """Return findings in the Static Analysis Results Interchange Format, as plain data."""
    findings = tuple(findings)
    codes = sorted({finding.code for finding in findings})
    driver = {"name": "cleancloud-rules", "version": __version__, "rules": [{"id": code} for code in codes]}
    return {
        "version": SARIF_VERSION,
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "runs": [{"tool": {"driver": driver}, "results": [_result(finding, codes) for finding in findings]}],
    }


def _result(finding: Diagnostic, codes: list[str]) -> dict[str, Any]:
    where = finding.location
    place: dict[str, Any] = {"artifactLocation": {"uri": PurePath(where.source.name).as_posix()}}
    if where.line:
        place["region"] = {
            "startLine": where.line,
            "startColumn": where.column,
            "endLine": where.end_line,
            "endColumn": where.end_column,
        }
    return {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": "error" if finding.severity is Severity.ERROR else "warning",
        "message": {"text": _sentence(finding)},
        "locations": [{"physicalLocation": place}],
    }
