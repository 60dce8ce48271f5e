"""``check``: what is wrong in criteria or facts."""

import sys
from pathlib import Path
from typing import Any

import click

from cleancloud_rules._bundled import bundled_methodology
from cleancloud_rules.cli.inputs import companies_in, methodology_for, methodology_named, path_of
from cleancloud_rules.cli.options import format_option, methodology_option, output_option
from cleancloud_rules.cli.output import REJECTED, rejections, show_findings, write_json
from cleancloud_rules.diagnostics import Diagnostic
from cleancloud_rules.errors import FactsError


@click.command("check")
@click.argument("subjects", metavar="METHODOLOGY...", nargs=-1, required=True)
@methodology_option
@format_option
@output_option
def command(subjects: tuple[str, ...], methodology: str | None, format: str, output: str | None) -> None:
    """Report what is wrong in a methodology, or in datasets and company files.

    METHODOLOGY is a bundled one or a folder; it may also be a dataset, a company file or a folder of company
    files, which are then checked against -m. Nothing is written where all is well. Errors give exit code 1,
    warnings do not.
    """
    findings = [finding for subject in subjects for finding in _findings(subject, methodology)]
    if format == "json":
        write_json([_as_data(finding) for finding in findings], output)
    elif findings:
        show_findings(findings)
    if any(finding.is_error for finding in findings):
        sys.exit(REJECTED)


def _findings(subject: str, methodology: str | None) -> tuple[Diagnostic, ...]:
    from cleancloud_rules import check_methodology

    if bundled_methodology(subject) or (Path(subject) / "methodology.yaml").is_file():
        return check_methodology(methodology_named(subject))
    path = path_of(subject)
    with rejections():
        rules = methodology_for(methodology, [path])
    try:
        companies_in([path], rules)
    except FactsError as error:
        return error.diagnostics
    return ()


def _as_data(finding: Diagnostic) -> dict[str, Any]:
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
