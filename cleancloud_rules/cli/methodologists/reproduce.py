"""``reproduce``: compares a published table with computed scores, figure by figure."""

import sys
from datetime import date

import click

from cleancloud_rules.analysis import reproduce
from cleancloud_rules.cli.inputs import dataset_in, methodology_for, path_of
from cleancloud_rules.cli.options import (
    as_of_option,
    failures_of,
    keep_going_option,
    methodology_option,
    output_option,
    outside_option,
    report_format_option,
)
from cleancloud_rules.cli.output import REJECTED, exit_if_failed, rejections, write_json, write_results
from cleancloud_rules.reports.csv_tables import reproductions_table
from cleancloud_rules.reports.rendering import Document, Format
from cleancloud_rules.reports.text.reproduction import reproduction_text


@click.command("reproduce")
@click.argument("dataset", metavar="DATASET")
@methodology_option
@as_of_option
@outside_option
@keep_going_option
@report_format_option
@output_option
@click.option("--all", "all_rows", is_flag=True, help="Show also the figures that are reproduced.")
def command(
    dataset: str,
    methodology: str | None,
    as_of: date | None,
    allow_outside: bool,
    keep_going: bool,
    format: Format,
    output: str | None,
    all_rows: bool,
) -> None:
    """Compare the published table of a dataset with computed scores.

    DATASET is a folder with `dataset.yaml`, that file, or the name of a bundled dataset. This command reads the
    hypothetical facts of the dataset, if it has any, and shows their points separately. Exit code 1 unless every row
    has a figure or a rank, and every figure and every order is reproduced.
    """
    failures = failures_of(keep_going)
    path = path_of(dataset)
    with rejections():
        rules = methodology_for(methodology, [path], allow_outside=allow_outside)
        loaded = dataset_in(path, rules, with_hypothetical=True, allow_outside=allow_outside, as_of=as_of)
        if loaded.published is None:
            raise click.UsageError(f"the dataset `{loaded.title}` has no published table")
        found = reproduce(loaded, rules, failures=failures)
    if format == "json":
        write_json(found, output)
    else:
        document = Document(lambda: [reproduction_text(found, all_rows=all_rows)], lambda: reproductions_table(found))
        write_results(document, format, output)
    exit_if_failed(failures)
    if not found.is_equal:
        sys.exit(REJECTED)
