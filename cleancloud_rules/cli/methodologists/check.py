"""``check``: errors in criteria and facts, and warnings about what is probably not meant."""

import re
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import click

from cleancloud_rules import Diagnostic, InputError, Methodology, check, load_methodology
from cleancloud_rules.analysis import certify, effective_weights
from cleancloud_rules.analysis.lint.files import unread_files
from cleancloud_rules.cli.inputs import (
    companies_in,
    dataset_in,
    is_dataset,
    methodology_for,
    methodology_named,
    path_of,
)
from cleancloud_rules.cli.options import as_of_option, methodology_option, output_option, outside_option
from cleancloud_rules.cli.output import (
    REJECTED,
    one_or_all,
    rejections,
    show_diagnostics,
    showing_progress,
    write,
    write_documents,
    write_json,
)
from cleancloud_rules.diagnostics.diagnostic import ordered
from cleancloud_rules.documents.file_reader import is_file, is_folder, left_out
from cleancloud_rules.reports.diagnostics import as_data, workflow_commands
from cleancloud_rules.reports.sarif import sarif
from cleancloud_rules.reports.text.certificate import certificate_text
from cleancloud_rules.reports.text.weights import weights_text
from cleancloud_rules.resources import bundled_methodology
from cleancloud_rules.results import Certificate, Severity
from cleancloud_rules.sheets.load import load_sheets
from cleancloud_rules.sheets.workbook_reader import is_workbook

_ADDRESS = re.compile(r"https?://[!-~]+")

TOTAL = "total"
"""The name of the total for --allow."""

EXAMPLES = 200
"""The default number of companies generated for each methodology."""


def _address(_: click.Context, __: click.Parameter, text: str | None) -> str | None:
    """Return the address that the option names.

    Raises:
        click.BadParameter: if it is no address of a web page.
    """
    if text is not None and not _ADDRESS.fullmatch(text):
        raise click.BadParameter(f"`{text}` is no address such as https://example.org/docs/")
    return text


@click.command("check")
@click.argument("subjects", metavar="METHODOLOGY...", nargs=-1, required=True)
@methodology_option
@as_of_option
@outside_option
@click.option(
    "--format",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="Text for people, JSON for programs, or a form for services that annotate lines with diagnostics.",
)
@output_option
@click.option(
    "--documentation",
    metavar="URL",
    callback=_address,
    help="Where the documentation is published: --format sarif then links each code to its entry.",
)
@click.option("--properties", is_flag=True, help="Verify monotonicity: better evidence never lowers a score.")
@click.option(
    "--examples",
    metavar="N",
    type=click.IntRange(0),
    default=EXAMPLES,
    show_default=True,
    help="Number of companies that --properties generates and scores; 0 for none.",
)
@click.option(
    "--seed", metavar="N", type=int, default=0, show_default=True, help="Random seed for the generated companies."
)
@click.option(
    "--allow", metavar="ID", multiple=True, help="Accept that the monotonicity of a criterion or a group is refuted."
)
@click.option(
    "--strict",
    is_flag=True,
    help="Exit with code 1 on warnings as well, and on undecided verdicts of --properties. Notes never change the exit"
    " code.",
)
@click.option("--weights", is_flag=True, help="Show the declared and the effective weight of each criterion.")
def command(
    subjects: tuple[str, ...],
    methodology: str | None,
    as_of: date | None,
    allow_outside: bool,
    format: str,
    output: str | None,
    documentation: str | None,
    properties: bool,
    examples: int,
    seed: int,
    allow: tuple[str, ...],
    strict: bool,
    weights: bool,
) -> None:
    """Report diagnostics of a methodology, or of datasets and company files.

    METHODOLOGY is a bundled methodology or a folder. It may also be a dataset, a company file or a folder of company
    files; these are checked against the methodology of -m. If there are no diagnostics, nothing is printed. Diagnostics
    as text go to the standard error, or to FILE. Errors give exit code 1, warnings only with --strict. With --weights
    the weights are the result, and diagnostics go to the standard error.

    With --properties each methodology gets a certificate. For each criterion, each group and the total it says
    whether points can be lost when a fact is added, when a field of a fact improves, and when a bounded value becomes
    more exact. It also gives the lowest and the highest value. A refutation gives exit code 1, and with --strict also
    an undecided verdict, unless what it is about, or something inside, declares `monotone: false` with a rationale or
    --allow names it.
    """
    if documentation is not None and format != "sarif":
        raise click.UsageError("--documentation is for --format sarif")
    if properties:
        _properties(subjects, allow, examples, seed, format, output, strict=strict)
        return
    with rejections():
        diagnostics = [
            diagnostic
            for subject in subjects
            for diagnostic in _diagnostics(subject, methodology, as_of, allow_outside=allow_outside)
        ]
    fails = any(
        diagnostic.is_error or (strict and diagnostic.severity is Severity.WARNING) for diagnostic in diagnostics
    )
    if weights:
        show_diagnostics(diagnostics)
        if not any(diagnostic.is_error for diagnostic in diagnostics):
            _show_weights(subjects, format, output)
    else:
        _show(diagnostics, format, output, documentation)
    if fails:
        sys.exit(REJECTED)


def _show(diagnostics: list[Diagnostic], format: str, output: str | None, documentation: str | None) -> None:
    match format:
        case "json":
            write_json([as_data(diagnostic) for diagnostic in diagnostics], output)
        case "sarif":
            write_json(sarif(diagnostics, documentation), output)
        case "github":
            write(workflow_commands(diagnostics), output)
        case _ if output is None:
            show_diagnostics(diagnostics)
        case _:
            write("\n".join(f"{diagnostic}\n" for diagnostic in diagnostics), output)


def _show_weights(subjects: tuple[str, ...], format: str, output: str | None) -> None:
    methodologies = [load_methodology(methodology_named(name)) for name in subjects if _is_methodology(name)]
    if format == "json":
        write_json([weight for methodology in methodologies for weight in effective_weights(methodology)], output)
    else:
        write_documents([weights_text(effective_weights(methodology)) for methodology in methodologies], output)


def _is_methodology(subject: str) -> bool:
    return bundled_methodology(subject) is not None or is_file(Path(subject) / "methodology.yaml")


def _diagnostics(
    subject: str, methodology: str | None, as_of: date | None, *, allow_outside: bool
) -> tuple[Diagnostic, ...]:
    if _is_methodology(subject):
        return check(methodology_named(subject))
    path = path_of(subject)
    try:
        rules = methodology_for(methodology, [path], allow_outside=allow_outside)
        if is_workbook(path):
            read = load_sheets(path, rules)
            return ordered((*read.warnings, *check(read.dataset, rules, as_of=as_of)))
        if is_dataset(path):
            whole = dataset_in(path, rules, with_hypothetical=False, allow_outside=allow_outside, as_of=as_of)
            return check(whole, rules)
        companies = companies_in([path], rules, allow_outside=allow_outside, as_of=as_of)
    except InputError as error:
        return error.diagnostics
    return ordered((*check(companies, rules), *(unread_files(left_out(path)) if is_folder(path) else ())))


def _properties(
    subjects: tuple[str, ...],
    allow: tuple[str, ...],
    examples: int,
    seed: int,
    format: str,
    output: str | None,
    *,
    strict: bool,
) -> None:
    with rejections():
        certificates = [_certificate(found, examples, seed) for found in _methodologies(subjects, allow)]
    if format == "json":
        write_json(one_or_all(certificates), output)
    else:
        write_documents([certificate_text(certificate, allow) for certificate in certificates], output)
    if any(certificate.failing(allow) or (strict and certificate.undecided(allow)) for certificate in certificates):
        sys.exit(REJECTED)


def _methodologies(subjects: Iterable[str], allow: Iterable[str]) -> list[Methodology]:
    for subject in subjects:
        if not _is_methodology(subject):
            raise click.BadParameter(f"`{subject}` is not a methodology; --properties examines methodologies only")
    found = [load_methodology(methodology_named(subject)) for subject in subjects]
    known = {criterion.id for methodology in found for criterion in methodology.criteria}
    known |= {group.id for methodology in found for group in methodology.groups}
    for id in allow:
        if id not in known and id != TOTAL:
            raise click.BadParameter(f"there is no criterion or group `{id}`", param_hint="--allow")
    return found


def _certificate(methodology: Methodology, examples: int, seed: int) -> Certificate:
    steps = examples + len(methodology.criteria) + len(methodology.groups) + 1
    with showing_progress(methodology.title, steps) as advance:
        return certify(methodology, examples=examples, seed=seed, progress=lambda _: advance())
