"""``diff``: compares two editions of a methodology."""

import sys
from datetime import date

import click

from cleancloud_rules import diff, load_methodology
from cleancloud_rules.cli.inputs import is_dataset, methodology_named, path_of
from cleancloud_rules.cli.options import (
    as_of_option,
    failures_of,
    format_option,
    keep_going_option,
    output_option,
    outside_option,
)
from cleancloud_rules.cli.output import REJECTED, exit_if_failed, rejections, write_documents, write_json
from cleancloud_rules.reports.text.difference import difference_text


@click.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--data", metavar="DATASET", help="Show the effect of the changes on the companies of this dataset.")
@as_of_option
@outside_option
@keep_going_option
@format_option
@output_option
def command(
    old: str,
    new: str,
    data: str | None,
    as_of: date | None,
    allow_outside: bool,
    keep_going: bool,
    format: str,
    output: str | None,
) -> None:
    """Show what changed between two editions of a methodology.

    OLD and NEW are folders or bundled methodologies. DATASET is a folder with `dataset.yaml`, that file, or the name
    of a bundled dataset. Changes are applied one after another in the order of the list, and the effects of all steps
    add up to the full change of each figure. Exit code 1 if one of the editions cannot read a company.
    """
    failures = failures_of(keep_going)
    path = None if data is None else path_of(data)
    if path is not None and not is_dataset(path):
        raise click.BadParameter(f"`{path}` is not a dataset", param_hint="--data")
    names = [methodology_named(name) for name in (old, new)]
    with rejections():
        before, after = (load_methodology(name) for name in names)
        found = diff(before, after, path, allow_outside=allow_outside, failures=failures, as_of=as_of)
    if format == "json":
        write_json(found, output)
    else:
        write_documents([difference_text(found)], output)
    exit_if_failed(failures)
    if found.effect is not None and found.effect.unread:
        sys.exit(REJECTED)
