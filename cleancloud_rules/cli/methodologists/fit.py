"""``fit``: finds hypothetical facts under which the rules give a published table."""

import sys
from datetime import date
from pathlib import Path

import click

from cleancloud_rules.analysis import fit
from cleancloud_rules.cli.inputs import dataset_in, methodology_for, path_of
from cleancloud_rules.cli.options import as_of_option, format_option, methodology_option, outside_option
from cleancloud_rules.cli.output import REJECTED, rejections, write, write_documents, write_json
from cleancloud_rules.documents.file_writer import make_folder
from cleancloud_rules.errors import CleanCloudError
from cleancloud_rules.reports.text.fit import fit_text


@click.command("fit")
@click.argument("dataset", metavar="DATASET")
@methodology_option
@as_of_option
@outside_option
@format_option
@click.option(
    "-o",
    "--output",
    metavar="OVERLAY",
    type=click.Path(dir_okay=False, readable=False),
    help="Write the facts to the YAML file OVERLAY.",
)
@click.option(
    "--standings", is_flag=True, help="Show for each undetermined condition whether it is forced, open or excluded."
)
def command(
    dataset: str,
    methodology: str | None,
    as_of: date | None,
    allow_outside: bool,
    format: str,
    output: str | None,
    standings: bool,
) -> None:
    """Find few facts under which the rules give the published table, and say whether fewer are possible.

    DATASET is a folder with `dataset.yaml`, that file, or the name of a bundled dataset. The facts contradict no stated
    fact and no search without result. They give each published score of a category, and meet each published claim that
    counts companies, with the companies that it names; refused readings and claims with a window of their own bind
    nothing. No fact is chosen that the dataset lists under `never_hypothetical`. All this stands at the top of OVERLAY.
    The facts are hypothetical: nobody has found them. Exit code 1 if there is no solution; the command then names a
    smallest set of figures that cannot hold together.
    """
    path = path_of(dataset)
    with rejections():
        rules = methodology_for(methodology, [path], allow_outside=allow_outside)
        loaded = dataset_in(path, rules, with_hypothetical=False, allow_outside=allow_outside, as_of=as_of)
        if loaded.published is None:
            raise click.UsageError(f"the dataset `{loaded.title}` has no published table")
        try:
            found, overlay = fit(loaded, rules, with_standings=standings)
        except TimeoutError as error:
            raise CleanCloudError(str(error)) from error
    if output is not None and found.feasible:
        with rejections():
            make_folder(Path(output).parent)
        write(overlay, output)
    if format == "json":
        write_json(found, None)
    else:
        write_documents([fit_text(found)], None)
    if not found.feasible:
        sys.exit(REJECTED)
