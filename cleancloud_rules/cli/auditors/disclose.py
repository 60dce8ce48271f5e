"""``disclose``: what the files of a rating say about each item that a regulation asks for."""

from datetime import date

import click

from cleancloud_rules import disclose
from cleancloud_rules.cli.inputs import methodology_path_for, path_of
from cleancloud_rules.cli.options import as_of_option, methodology_option, output_option, outside_option
from cleancloud_rules.cli.output import rejections, write_json, write_results
from cleancloud_rules.documents.file_reader import is_file
from cleancloud_rules.language.load.dataset_root import DATASET
from cleancloud_rules.records.disclosure import disclose_files
from cleancloud_rules.records.regulations import regulation_names
from cleancloud_rules.reports.rendering import Document, Format
from cleancloud_rules.sheets.workbook_reader import is_workbook


@click.command("disclose")
@click.argument("subject", metavar="DATASET|RECORD")
@click.option(
    "--for",
    "regulation",
    required=True,
    type=click.Choice(regulation_names()),
    help="The list of items that a regulation asks for.",
)
@methodology_option
@as_of_option
@outside_option
@click.option(
    "--format",
    type=click.Choice(["text", "json", "markdown", "html"]),
    default="text",
    show_default=True,
    help="Text for people, JSON for programs, Markdown or HTML for documents.",
)
@output_option
def command(
    subject: str,
    regulation: str,
    methodology: str | None,
    as_of: date | None,
    allow_outside: bool,
    format: Format,
    output: str | None,
) -> None:
    """Show what files say about each item that a regulation asks for, and what its provider has to state.

    DATASET is what `record` takes for one. RECORD is a file that `record`
    has written. It says more: when it was made, and by whom. Nothing is added to what the files say. This is no legal
    advice, and only some items are looked at.
    """
    path = path_of(subject)
    is_record = is_file(path) and path.name != DATASET and not is_workbook(path)
    if is_record and (methodology is not None or as_of is not None):
        raise click.UsageError("a record has its methodology and its cut-off: leave out --methodology and --as-of")
    with rejections():
        if is_record:
            found = disclose(path, regulation)
        else:
            found = disclose_files(
                path,
                methodology_path_for(methodology, [path], allow_outside=allow_outside),
                regulation,
                as_of=as_of,
                allow_outside=allow_outside,
            )
    if format == "json":
        write_json(found, output)
    else:
        write_results(Document.of([found]), format, output)
