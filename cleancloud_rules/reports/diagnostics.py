"""Diagnostics for other tools: JSON, workflow commands that annotate lines, and SARIF."""

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from cleancloud_rules._version import __version__
from cleancloud_rules.diagnostics.characters import visible
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Severity

SARIF_VERSION = "2.1.0"

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def as_data(diagnostic: Diagnostic) -> dict[str, Any]:
    """Return a diagnostic as plain data."""
    where = diagnostic.location
    cell = {} if where.cell is None else {"sheet": where.cell.sheet, "cell": where.cell.name}
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "file": where.file.name,
        "line": where.line,
        "column": where.column,
        "end_line": where.end_line,
        "end_column": where.end_column,
        "path": where.path,
        **cell,
        "help": diagnostic.help,
    }


def workflow_commands(diagnostics: Iterable[Diagnostic]) -> str:
    """Return diagnostics as workflow commands that annotate lines on GitHub, one on each line."""
    return "".join(f"{_command(diagnostic)}\n" for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    where = diagnostic.location
    properties = {"file": where.file.name, "title": diagnostic.code}
    if where.line:
        places = {"line": where.line, "col": where.column, "endLine": where.end_line, "endColumn": where.end_column}
        properties |= {name: str(number) for name, number in places.items()}
    written = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items())
    return f"::{_COMMANDS[diagnostic.severity]} {written}::{_escaped(_sentence(diagnostic))}"


def _escaped(text: str, more: str = "") -> str:
    text = visible(text, keep="\r\n")
    for character in ("%", "\r", "\n", *more):
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def _sentence(diagnostic: Diagnostic) -> str:
    cell = diagnostic.location.cell
    message = diagnostic.message if cell is None else f"{cell}: {diagnostic.message}"
    return f"{message} ({diagnostic.help})" if diagnostic.help else message


def sarif(diagnostics: Iterable[Diagnostic]) -> dict[str, Any]:
    """Return diagnostics in the Static Analysis Results Interchange Format (SARIF), as plain data."""
    diagnostics = tuple(diagnostics)
    codes = sorted({diagnostic.code for diagnostic in diagnostics})
    driver = {"name": "cleancloud-rules", "version": __version__, "rules": [{"id": code} for code in codes]}
    return {
        "version": SARIF_VERSION,
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "runs": [{"tool": {"driver": driver}, "results": [_result(diagnostic, codes) for diagnostic in diagnostics]}],
    }


def _result(diagnostic: Diagnostic, codes: list[str]) -> dict[str, Any]:
    where = diagnostic.location
    place: dict[str, Any] = {"artifactLocation": {"uri": PurePath(where.file.name).as_posix()}}
    if where.line:
        place["region"] = {
            "startLine": where.line,
            "startColumn": where.column,
            "endLine": where.end_line,
            "endColumn": where.end_column,
        }
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": codes.index(diagnostic.code),
        "level": diagnostic.severity.value,
        "message": {"text": _sentence(diagnostic)},
        "locations": [{"physicalLocation": place}],
    }
