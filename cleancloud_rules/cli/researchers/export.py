"""``export``: a dataset as a workbook or as CSV files."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from cleancloud_rules import Dataset, Methodology, rank
from cleancloud_rules.analysis import findings
from cleancloud_rules.cli.inputs import dataset_in, methodology_for, path_of
from cleancloud_rules.cli.options import methodology_option, outside_option
from cleancloud_rules.cli.output import rejections, write
from cleancloud_rules.documents.comments import has_comments
from cleancloud_rules.documents.extra_keys import extra_keys_within
from cleancloud_rules.documents.file_writer import write_bytes, write_files
from cleancloud_rules.reports.pages.site import Site
from cleancloud_rules.reports.pages.tables import Table
from cleancloud_rules.sheets.export import csv_files_of, page_of_results, result_tables, workbook_of
from cleancloud_rules.sheets.workbook_reader import is_workbook
from cleancloud_rules.tables.reading.written import csv_tables_of


@click.command("export")
@click.argument("dataset", metavar="DATASET")
@click.option(
    "--results/--no-results", default=True, show_default=True, help="Also write results. They are never read."
)
@click.option("--tables", is_flag=True, help="Write a CSV file for each kind of fact, and no results.")
@methodology_option
@outside_option
@click.option(
    "-o",
    "--output",
    metavar="FILE.xlsx|FOLDER",
    required=True,
    help="The workbook, or the folder of the CSV files. Files of the same names are replaced.",
)
def command(
    dataset: str, results: bool, tables: bool, methodology: str | None, allow_outside: bool, output: str
) -> None:
    """Write the facts of a dataset, and its results, as a workbook or as CSV files.

    DATASET is a folder with `dataset.yaml`, that file, the name of a bundled dataset, or a workbook. A workbook has a
    sheet for each kind of fact, and CSV files have the facts of all kinds in one file. With `--tables` there is a file
    for each kind, as scoring of very many companies reads them; this needs the extra `frames`, and has no responses.
    All that is written is read back first: if it did not state the same, nothing would be written. Equal datasets give
    equal bytes. No cell holds a formula. Hypothetical facts, comments of YAML files and keys of your own (`x-...`) are
    not exported, and the command names what stays in the dataset. A workbook needs the extra `xlsx`.
    """
    if tables and is_workbook(Path(output)):
        raise click.UsageError("`--tables` writes a folder, and `-o` names a workbook")
    path = path_of(dataset)
    with rejections():
        rules = methodology_for(methodology, [path], allow_outside=allow_outside)
        loaded = dataset_in(path, rules, with_hypothetical=False, allow_outside=allow_outside)
        if tables:
            _write_texts(Path(output), csv_tables_of(loaded, rules))
        else:
            _write(loaded, rules, Path(output), _results(loaded, rules) if results else ())
    left = _left_out(loaded, has_responses=not tables)
    if left:
        write(f"Not exported, and kept by the dataset: {', '.join(left)}\n", None)


def _write(dataset: Dataset, rules: Methodology, output: Path, results: Sequence[Table]) -> None:
    if is_workbook(output):
        write_bytes(output, workbook_of(dataset, rules, map(page_of_results, results)))
    else:
        _write_texts(output, csv_files_of(dataset, rules) | {f"{table.name}.csv": table.text for table in results})


def _write_texts(folder: Path, texts: Mapping[str, str]) -> None:
    write_files({folder / name: text for name, text in texts.items()})


def _results(dataset: Dataset, rules: Methodology) -> tuple[Table, ...]:
    claims = findings(dataset, rules) if dataset.statements else None
    return result_tables(Site(rank(dataset, rules, with_bounds=True), claims))


def _left_out(dataset: Dataset, *, has_responses: bool) -> list[str]:
    """Return what files of the dataset have and sheets do not: keys of its head, own keys, comments.

    Args:
        dataset: the dataset.
        has_responses: whether the sheets have its responses.
    """
    companies, sources = (one.node for one in dataset.companies), (one.node for one in dataset.bibliography)
    nodes = [node for node in (dataset.node, *companies, *sources) if node is not None]
    held = ("published", "statements", "overlays", "never_hypothetical", "accepted")
    keys = [key for key in held if dataset.node is not None and dataset.node.get(key) is not None]
    keys += ["responses"] if not has_responses and any(company.responses for company in dataset.companies) else []
    keys += sorted(frozenset[str]().union(*map(extra_keys_within, nodes)))
    files = {node.location.file.name: node.location.file for node in nodes}
    return [f"`{key}`" for key in keys] + (["comments"] if any(map(has_comments, files.values())) else [])
