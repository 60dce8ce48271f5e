"""Diagnostics for other tools: JSON, and workflow commands that annotate lines."""

from collections.abc import Iterable
from typing import Any

from cleancloud_rules.diagnostics.characters import visible
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Severity

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
    return f"::{_COMMANDS[diagnostic.severity]} {written}::{_escaped(sentence(diagnostic))}"


def _escaped(text: str, more: str = "") -> str:
    text = visible(text, keep="\r\n")
    for character in ("%", "\r", "\n", *more):
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def sentence(diagnostic: Diagnostic) -> str:
    """Return the message of a diagnostic with its cell and its help."""
    cell = diagnostic.location.cell
    message = diagnostic.message if cell is None else f"{cell}: {diagnostic.message}"
    return f"{message} ({diagnostic.help})" if diagnostic.help else message
