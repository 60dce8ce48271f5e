"""Diagnostics in the Static Analysis Results Interchange Format (SARIF), version 2.1.0."""

import os
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any
from urllib.parse import quote_from_bytes, urljoin

from cleancloud_rules._version import __version__
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.reports.codes import PAGE, code_texts
from cleancloud_rules.reports.diagnostics import sentence

SARIF_VERSION = "2.1.0"
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif(diagnostics: Iterable[Diagnostic], documentation: str | None = None) -> dict[str, Any]:
    """Return diagnostics as plain data in the form of SARIF.

    Args:
        diagnostics: the diagnostics.
        documentation: the address at which the documentation is published; each code is then linked to its entry.
    """
    diagnostics = tuple(diagnostics)
    codes = sorted({diagnostic.code for diagnostic in diagnostics})
    driver: dict[str, Any] = {"name": "cleancloud-rules", "version": __version__, "semanticVersion": __version__}
    if documentation is not None:
        driver["informationUri"] = documentation
    driver["rules"] = [_rule(code, documentation) for code in codes]
    results = [_result(diagnostic, codes) for diagnostic in diagnostics]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"version": SARIF_VERSION, "$schema": _SCHEMA, "runs": [run]}


def _rule(code: str, documentation: str | None) -> dict[str, Any]:
    says = code_texts()[code]
    rule: dict[str, Any] = {
        "id": code,
        "shortDescription": {"text": says.summary},
        "fullDescription": {"text": says.meaning},
        "help": {"text": says.cure, "markdown": says.cure},
    }
    if documentation is not None:
        base = documentation if documentation.endswith("/") else f"{documentation}/"
        rule["helpUri"] = f"{urljoin(base, PAGE)}#{code}"
    return rule


def _result(diagnostic: Diagnostic, codes: list[str]) -> dict[str, Any]:
    where = diagnostic.location
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri_of(where.file.name)}}
    if where.line:
        physical["region"] = {
            "startLine": where.line,
            "startColumn": where.column,
            "endLine": where.end_line,
            "endColumn": where.end_column,
        }
    place: dict[str, Any] = {"physicalLocation": physical}
    if logical := str(where.cell or where.path):
        place["logicalLocations"] = [{"fullyQualifiedName": logical}]
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": codes.index(diagnostic.code),
        "level": diagnostic.severity.value,
        "message": {"text": sentence(diagnostic)},
        "locations": [place],
    }


def uri_of(name: str) -> str:
    """Return the address of a file: relative as its name is, and a ``file:`` address of an absolute path.

    What has a meaning in addresses is percent-encoded, and so is everything beyond ASCII: spaces, `#`, `?`, `%`, and a
    colon, which would end the scheme of an address.
    """
    path = PurePath(name)
    return path.as_uri() if path.is_absolute() else quote_from_bytes(os.fsencode(path.as_posix()), safe="/")
