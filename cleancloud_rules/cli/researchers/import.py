"""``import``: a dataset of YAML files from a workbook or CSV files."""

import sys
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import click

from cleancloud_rules import Dataset, FactsError, Methodology, load_dataset, rank
from cleancloud_rules.cli.inputs import is_dataset, methodology_for, path_of
from cleancloud_rules.cli.options import methodology_option
from cleancloud_rules.cli.output import REJECTED, rejections, show_diagnostics, show_error, write
from cleancloud_rules.diagnostics.characters import visible
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.documents.file_reader import content_of, is_folder
from cleancloud_rules.documents.file_writer import create_files, rewrite_files, write_bytes
from cleancloud_rules.language.load.dataset_root import DATASET
from cleancloud_rules.sheets.annotate import annotated
from cleancloud_rules.sheets.load import SheetsRead, load_sheets
from cleancloud_rules.sheets.update import update_of
from cleancloud_rules.sheets.workbook_reader import is_workbook
from cleancloud_rules.sheets.yaml_files import yaml_files_of


@click.command("import")
@click.argument("sheets", metavar="SHEETS", type=click.Path(exists=True, readable=False, path_type=Path))
@methodology_option
@click.option("-o", "--output", metavar="FOLDER", help="The folder of a new dataset. No file in it is replaced.")
@click.option("--onto", metavar="DATASET", help="Update the files of this dataset in place instead.")
@click.option("--remove", is_flag=True, help="With --onto, also remove facts that the sheets no longer state.")
@click.option("--dry-run", is_flag=True, help="With --onto, only show what would change.")
@click.option(
    "--annotate",
    metavar="FILE.xlsx",
    help="Also write a copy of the workbook with each mistake as a comment at its cell, and with a list of all.",
)
def command(
    sheets: Path,
    methodology: str | None,
    output: str | None,
    onto: str | None,
    remove: bool,
    dry_run: bool,
    annotate: str | None,
) -> None:
    """Make a dataset of YAML files from a workbook or from CSV files, or update one.

    SHEETS is a workbook (.xlsx), a folder of CSV files, or a CSV file with facts of all kinds, beside which lie
    `companies.csv` and `sources.csv`. It may also be a folder with a file `tables.yaml` that says what the columns of
    wide tables mean. Every mistake is reported at its cell, all at once, and then nothing is written. A workbook needs
    the extra `xlsx`.

    With --onto, the files of a dataset are changed in place: comments, the order of entries and all other lines stay.
    What changes in facts and in scores is shown first. Facts that the sheets no longer state are listed, and removed
    only with --remove. An exported workbook knows what was stated at its export. So changes of the files since then are
    kept, and a fact that both sides have changed is a conflict: then nothing is written.
    """
    if (output is None) == (onto is None):
        raise click.UsageError("give either -o FOLDER for a new dataset, or --onto DATASET for one to be updated")
    if onto is None and (remove or dry_run):
        raise click.UsageError("--remove and --dry-run need --onto")
    path = None if onto is None else path_of(onto, "--onto")
    if path is not None and (not is_dataset(path) or is_workbook(path)):
        raise click.BadParameter(f"`{path}` is not a dataset: it has no {DATASET}", param_hint="--onto")
    if output is not None and is_dataset(Path(output)):
        raise click.UsageError(f"`{output}` is a dataset already: give --onto {output} to update it")
    if annotate is not None and not is_workbook(sheets):
        raise click.UsageError("--annotate needs a workbook: CSV files have no comments")
    with rejections():
        rules = methodology_for(methodology, [path or sheets])
        read = _read(sheets, rules, annotate)
        show_diagnostics(read.warnings)
        if path is not None:
            _update(path if is_folder(path) else path.parent, read, rules, remove=remove, dry_run=dry_run)
            return
        texts = yaml_files_of(read.dataset, rules)
        create_files({Path(output or "") / name: text for name, text in texts.items()})
    companies, facts = len(read.dataset.companies), sum(len(company.facts) for company in read.dataset.companies)
    who = "1 company" if companies == 1 else f"{companies} companies"
    write(f"{who} with {'1 fact' if facts == 1 else f'{facts} facts'} in {output}\n", None)


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


def _update(folder: Path, read: SheetsRead, rules: Methodology, *, remove: bool, dry_run: bool) -> None:
    """Show what an update changes, and write it."""
    old = load_dataset(folder, rules)
    update = update_of(folder, old, read.dataset, read.base, rules, remove=remove)
    for title, lines in (
        ("Facts that change:", update.changes),
        ("No longer in the sheets, and kept (--remove removes facts):", update.gone),
        ("Scores that change:", _scores(old, update.dataset, rules)),
        ("Conflicts, changed on both sides since the export:", update.conflicts),
    ):
        write("".join(f"{visible(line)}\n" for line in (title, *(f"  {line}" for line in lines)) if lines), None)
    if update.conflicts:
        show_error("nothing is written: correct the sheets or the files so that both say the same")
        sys.exit(REJECTED)
    if not update.changes:
        write("The files state what the sheets state.\n", None)
    if not dry_run:
        rewrite_files(update.texts, update.read)


def _scores(old: Dataset, new: Dataset, rules: Methodology) -> list[str]:
    """Return the totals that change, in words."""
    before, after = (
        {row.scorecard.company.id: row.scorecard.total for cohort in rank(each, rules).cohorts for row in cohort.rows}
        for each in (old, new)
    )
    changed = (id for id in sorted({*before, *after}) if before.get(id) != after.get(id))
    return [f"{id}: {_total(before.get(id))} to {_total(after.get(id))}" for id in changed]


def _total(total: Decimal | None) -> str:
    return "no score" if total is None else f"{total:f}"
