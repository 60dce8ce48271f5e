"""``import``: a dataset of YAML files from a workbook or CSV files."""

from collections.abc import Iterable
from pathlib import Path

import click

from cleancloud_rules import FactsError, Methodology
from cleancloud_rules.cli.inputs import methodology_for
from cleancloud_rules.cli.options import methodology_option
from cleancloud_rules.cli.output import rejections, show_diagnostics, write
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.documents.file_reader import content_of
from cleancloud_rules.documents.file_writer import create_files, write_bytes
from cleancloud_rules.sheets.annotate import annotated
from cleancloud_rules.sheets.load import SheetsRead, load_sheets
from cleancloud_rules.sheets.workbook_reader import is_workbook
from cleancloud_rules.sheets.yaml_files import yaml_files_of


@click.command("import")
@click.argument("sheets", metavar="SHEETS", type=click.Path(exists=True, readable=False, path_type=Path))
@methodology_option
@click.option(
    "-o",
    "--output",
    metavar="FOLDER",
    required=True,
    help="The folder of the dataset. No file in it is replaced.",
)
@click.option(
    "--annotate",
    metavar="FILE.xlsx",
    help="Also write a copy of the workbook with each mistake as a comment at its cell, and with a list of all.",
)
def command(sheets: Path, methodology: str | None, output: str, annotate: str | None) -> None:
    """Make a dataset of YAML files from a workbook or from CSV files.

    SHEETS is a workbook (.xlsx), a folder of CSV files, or a CSV file with facts of all kinds, beside which lie
    `companies.csv` and `sources.csv`. It may also be a folder with a file `tables.yaml` that says what the columns of
    wide tables mean. Every mistake is reported at its cell, all at once, and then nothing is written. A workbook needs
    the extra `xlsx`.
    """
    if annotate is not None and not is_workbook(sheets):
        raise click.UsageError("--annotate needs a workbook: CSV files have no comments")
    with rejections():
        rules = methodology_for(methodology, [sheets])
        read = _read(sheets, rules, annotate)
        show_diagnostics(read.warnings)
        texts = yaml_files_of(read.dataset, rules)
        create_files({Path(output) / name: text for name, text in texts.items()})
    facts = sum(len(company.facts) for company in read.dataset.companies)
    write(f"{len(read.dataset.companies)} companies with {facts} facts in {output}\n", None)


def _read(sheets: Path, rules: Methodology, annotate: str | None) -> SheetsRead:
    """Return what sheets hold. Write the copy with comments if it is asked for, also if they are rejected."""
    try:
        read = load_sheets(sheets, rules)
    except FactsError as error:
        _annotate(sheets, error.diagnostics, annotate)
        raise
    _annotate(sheets, read.warnings, annotate)
    return read


def _annotate(sheets: Path, diagnostics: Iterable[Diagnostic], annotate: str | None) -> None:
    if annotate is not None:
        write_bytes(Path(annotate), annotated(content_of(sheets), str(sheets), diagnostics))
