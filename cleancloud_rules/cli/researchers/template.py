"""``template``: an empty workbook for the facts of a methodology, or one in which a company answers its score."""

from pathlib import Path

import click

from cleancloud_rules import load_company, load_methodology, score
from cleancloud_rules.cli.inputs import methodology_named
from cleancloud_rules.cli.output import rejections
from cleancloud_rules.documents.file_writer import write_bytes
from cleancloud_rules.sheets.export import template
from cleancloud_rules.sheets.responses.answer_sheet import answer_sheet


@click.command("template")
@click.argument("methodology", metavar="METHODOLOGY")
@click.option("--answer", metavar="COMPANY", help="Write a sheet in which this company can answer its score.")
@click.option("-o", "--output", metavar="FILE.xlsx", required=True, help="The workbook. It is replaced if it is there.")
def command(methodology: str, answer: str | None, output: str) -> None:
    """Write an empty workbook in which researchers can keep facts.

    METHODOLOGY is a bundled methodology or a folder. The workbook has a sheet for each kind of fact, with drop-downs
    and with comments that say what each column means, and sheets for companies, sources and searches without result. If
    the methodology asks questions, it has a sheet of answers too. `check`, `score` and `rank` read the workbook
    directly, and `import` makes YAML files of it. It needs the extra `xlsx`.

    With --answer the workbook has a row for each criterion: what it asks, what is held about the company, with the
    sources, and the points; and empty columns for its evidence and its reasons. COMPANY is a company file, or the id,
    the name or an alias of a company of one bundled dataset. `import --answer` adds what the company fills in to its
    file, as responses.
    """
    with rejections():
        rules = load_methodology(methodology_named(methodology))
        if answer is None:
            write_bytes(Path(output), template(rules))
        else:
            write_bytes(Path(output), answer_sheet(score(load_company(answer, rules), rules), rules))
