"""``verify``: computes a record again."""

import sys
from pathlib import Path

import click

from cleancloud_rules import verify
from cleancloud_rules.cli.options import format_option, output_option
from cleancloud_rules.cli.output import REJECTED, rejections, write_documents, write_json
from cleancloud_rules.reports.replays import verification_text
from cleancloud_rules.results import Replay


@click.command("verify")
@click.argument("record", metavar="RECORD", type=click.Path(path_type=Path))
@click.option(
    "--company",
    metavar="ID",
    help="Score only this company again, which is quicker. Ranks, claims and notices are not compared then.",
)
@format_option
@output_option
def command(record: Path, company: str | None, format: str, output: str | None) -> None:
    """Compute a record again from the input files that it holds, and compare.

    RECORD is a file that `record` has written. It is identical, or the first places that differ are shown with what
    they ought to be. Exit code 1 if anything differs; if only sentences for readers do, the first line says so. When a
    record was made and by whom follows from no file: only a signature shows that.
    """
    with rejections():
        found = verify(record, company=company)
    if format == "json":
        write_json(found, output)
    else:
        write_documents([verification_text(found)], output)
    if found.replay is not Replay.IDENTICAL:
        sys.exit(REJECTED)
