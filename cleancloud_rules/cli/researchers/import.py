"""``import``: a dataset of YAML files from a workbook or CSV files."""

import sys
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import click
from attrs import evolve

from cleancloud_rules import Dataset, FactsError, Methodology, load_company, load_dataset, rank, score
from cleancloud_rules.cli.inputs import company_paths, is_dataset, methodology_for, path_of, sources_of
from cleancloud_rules.cli.options import day_of, methodology_option
from cleancloud_rules.cli.output import REJECTED, rejections, show_diagnostics, show_error, write
from cleancloud_rules.diagnostics.characters import visible
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.documents.contents import read_document
from cleancloud_rules.documents.file_reader import content_of, is_file, is_folder
from cleancloud_rules.documents.file_writer import create_files, rewrite_files, write_bytes
from cleancloud_rules.language.load.dataset_root import DATASET
from cleancloud_rules.reports.responses import effect_in_words
from cleancloud_rules.sheets.annotate import annotated
from cleancloud_rules.sheets.load import SheetsRead, load_sheets
from cleancloud_rules.sheets.responses.additions import additions_of, citable
from cleancloud_rules.sheets.responses.filled_sheet import answers_of, sheets_of_answers
from cleancloud_rules.sheets.update import update_of
from cleancloud_rules.sheets.workbook_reader import is_workbook
from cleancloud_rules.sheets.yaml_files import yaml_files_of


@click.command("import")
@click.argument("sheets", metavar="SHEETS", type=click.Path(exists=True, readable=False, path_type=Path))
@methodology_option
@click.option("-o", "--output", metavar="FOLDER", help="The folder of a new dataset. No file in it is replaced.")
@click.option("--onto", metavar="DATASET", help="Update the files of this dataset in place instead.")
@click.option("--answer", metavar="COMPANY", help="Add the responses of an answer sheet to this company instead.")
@click.option(
    "--received",
    metavar="DATE",
    callback=day_of,
    help="With --answer, the day on which the answer sheet was received.",
)
@click.option("--remove", is_flag=True, help="With --onto, also remove facts that the sheets no longer state.")
@click.option("--dry-run", is_flag=True, help="With --onto or --answer, only show what would change.")
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
    answer: str | None,
    received: date | None,
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

    With --answer, SHEETS is an answer sheet that a company has filled in: a workbook that `template --answer` made, a
    folder with its sheets as CSV files, or the CSV file of its sheet `answer`. What it says about a criterion is added
    to the company file as a response, whose id is the criterion and the day, and all other lines stay. What it would
    change is shown. COMPANY is a company file, or the id, the name or an alias of a company of one bundled dataset.
    """
    _refuse_options(output, onto, answer, received, remove=remove, dry_run=dry_run)
    path = None if onto is None else path_of(onto, "--onto")
    if path is not None and (not is_dataset(path) or is_workbook(path)):
        raise click.BadParameter(f"`{path}` is not a dataset: it has no {DATASET}", param_hint="--onto")
    if output is not None and is_dataset(Path(output)):
        raise click.UsageError(f"`{output}` is a dataset already: give --onto {output} to update it")
    if annotate is not None and not is_workbook(sheets):
        raise click.UsageError("--annotate needs a workbook: CSV files have no comments")
    with rejections():
        if answer is not None and received is not None:
            _add_answers(sheets, answer, received, methodology, annotate, dry_run=dry_run)
            return
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


def _refuse_options(
    output: str | None, onto: str | None, answer: str | None, received: date | None, *, remove: bool, dry_run: bool
) -> None:
    """Refuse options that do not go together.

    Raises:
        click.UsageError: if there are some.
    """
    if sum(target is not None for target in (output, onto, answer)) != 1:
        message = "give either -o FOLDER for a new dataset, --onto DATASET for one to be updated"
        raise click.UsageError(f"{message}, or --answer COMPANY for an answer sheet")
    if remove and onto is None:
        raise click.UsageError("--remove needs --onto")
    if dry_run and output is not None:
        raise click.UsageError("--dry-run needs --onto or --answer")
    if (answer is None) != (received is None):
        raise click.UsageError("--answer and --received need each other: say when the answer sheet was received")


def _add_answers(
    sheets: Path, company: str, received: date, methodology: str | None, annotate: str | None, *, dry_run: bool
) -> None:
    """Add the responses of an answer sheet to a company file, and show what they would change."""
    (path,) = company_paths((company,), None, allow_outside=False)
    if not isinstance(path, Path) or not is_file(path) or is_dataset(path):
        raise click.BadParameter(f"`{company}` is no company file", param_hint="--answer")
    rules = methodology_for(methodology, [path])
    before = load_company(path, rules)
    document = read_document(path, DiagnosticCollector())
    assert document is not None
    shared = sources_of([path], rules)
    gather = DiagnosticCollector()
    found = gather.attempt(sheets_of_answers, sheets, gather)
    known = citable(document, shared, rules)
    answers = answers_of(found or (), str(sheets), before.id, rules, known, received, gather)
    made = additions_of(document, before, answers.responses, rules, shared, gather)
    _annotate(sheets, (*gather.diagnostics, *answers.warnings), annotate)
    if made is None:
        raise FactsError(gather.diagnostics)
    show_diagnostics(answers.warnings)
    card = score(evolve(before, responses=made.company.responses), rules)
    new = {response.id for response in made.added}
    lines = [
        f"{response.id}: {effect_in_words(response, card)[0]}" for response in card.responses if response.id in new
    ]
    nothing = "the file holds these responses already" if answers.responses else "the answer sheet is empty"
    lines = lines or [f"nothing new: {nothing}"]
    write("".join(f"{visible(line)}\n" for line in (f"{before.id}:", *(f"  {line}" for line in lines))), None)
    if not dry_run:
        rewrite_files({path: made.text}, {path: content_of(path)})


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
