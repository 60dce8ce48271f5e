"""``template``: an empty workbook for the facts of a methodology."""

from pathlib import Path

import click

from cleancloud_rules import load_methodology
from cleancloud_rules.cli.inputs import methodology_named
from cleancloud_rules.cli.output import rejections
from cleancloud_rules.documents.file_writer import write_bytes
from cleancloud_rules.sheets.export import template


@click.command("template")
@click.argument("methodology", metavar="METHODOLOGY")
@click.option("-o", "--output", metavar="FILE.xlsx", required=True, help="The workbook. It is replaced if it is there.")
def command(methodology: str, output: str) -> None:
    """Write an empty workbook in which researchers can keep facts.

    METHODOLOGY is a bundled methodology or a folder. The workbook has a sheet for each kind of fact, with drop-downs
    and with comments that say what each column means, and sheets for companies, sources and searches without result. If
    the methodology asks questions, it has a sheet of answers too. `check`, `score` and `rank` read the workbook
    directly, and `import` makes YAML files of it. It needs the extra `xlsx`.
    """
    with rejections():
        write_bytes(Path(output), template(load_methodology(methodology_named(methodology))))
