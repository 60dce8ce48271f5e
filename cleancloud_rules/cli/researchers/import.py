"""``import``: a dataset of YAML files from a workbook or CSV files."""

from pathlib import Path

import click

from cleancloud_rules.cli.inputs import methodology_for
from cleancloud_rules.cli.options import methodology_option
from cleancloud_rules.cli.output import rejections, show_diagnostics, write
from cleancloud_rules.documents.file_writer import create_files
from cleancloud_rules.sheets.load import load_sheets
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
def command(sheets: Path, methodology: str | None, output: str) -> None:
    """Make a dataset of YAML files from a workbook or from CSV files.

    SHEETS is a workbook (.xlsx), a folder of CSV files, or a CSV file with facts of all kinds, beside which lie
    `companies.csv` and `sources.csv`. Every mistake is reported at its cell, all at once, and then nothing is written.
    A workbook needs the extra `xlsx`.
    """
    with rejections():
        rules = methodology_for(methodology, [sheets])
        read = load_sheets(sheets, rules)
        show_diagnostics(read.warnings)
        texts = yaml_files_of(read.dataset, rules)
        create_files({Path(output) / name: text for name, text in texts.items()})
    facts = sum(len(company.facts) for company in read.dataset.companies)
    write(f"{len(read.dataset.companies)} companies with {facts} facts in {output}\n", None)
