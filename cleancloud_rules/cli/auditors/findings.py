"""``findings``: the publisher's aggregate claims, recounted."""

from datetime import date

import click

from cleancloud_rules.analysis import findings
from cleancloud_rules.cli.inputs import dataset_in, methodology_for, path_of
from cleancloud_rules.cli.options import failures_of, keep_going_option, result_options
from cleancloud_rules.cli.output import exit_if_failed, rejections, write_json, write_results
from cleancloud_rules.reports.rendering import Document, Format


@click.command("findings")
@click.argument("dataset", metavar="DATASET")
@keep_going_option
@result_options
def command(
    dataset: str,
    methodology: str | None,
    as_of: date | None,
    with_hypothetical: bool,
    allow_outside: bool,
    keep_going: bool,
    format: Format,
    output: str | None,
) -> None:
    """Recount the publisher's aggregate claims, and name the companies that each claim counts.

    DATASET is a folder with `dataset.yaml`, that file, or the name of a bundled dataset. For each company the answer is
    yes (it is counted, regardless of further facts), no (it is not counted, regardless of further facts) or cannot
    tell. A claim agrees if the published count follows from the facts, is possible if some further facts would give
    it, and disagrees if none would. Companies that the publisher names must be counted too. Refused readings and claims
    that no fact can answer are shown apart. No verdict changes the exit code.
    """
    failures = failures_of(keep_going)
    path = path_of(dataset)
    with rejections():
        rules = methodology_for(methodology, [path], allow_outside=allow_outside)
        loaded = dataset_in(path, rules, with_hypothetical=with_hypothetical, allow_outside=allow_outside, as_of=as_of)
        found = findings(loaded, rules, with_hypothetical=with_hypothetical, failures=failures)
    if format == "json":
        write_json(found, output)
    else:
        write_results(Document.of([found]), format, output)
    exit_if_failed(failures)
