"""``compare``: what changed between two records."""

import sys
from pathlib import Path

import click

from cleancloud_rules import compare
from cleancloud_rules.cli.options import output_option, report_format_option
from cleancloud_rules.cli.output import REJECTED, rejections, write_json, write_results
from cleancloud_rules.reports.rendering import Document, Format
from cleancloud_rules.results import Replay


@click.command("compare")
@click.argument("old", metavar="OLD", type=click.Path(path_type=Path))
@click.argument("new", metavar="NEW", type=click.Path(path_type=Path))
@report_format_option
@output_option
def command(old: Path, new: Path, format: Format, output: str | None) -> None:
    """Show what changed between two records, and what that changed for each company.

    OLD and NEW are files that `record` has written. Facts, searches without result, sources and rules that are gone,
    new or changed are listed with numbers, and each difference of a total, of a rank and of points is attributed to
    these changes, so that the parts add up exactly. If one record is of one company, only this company is compared.
    Both records are replayed. Exit code 1 if one of them does not verify: what its files give is compared then.
    """
    with rejections():
        found = compare(old, new)
    if format == "json":
        write_json(found, output)
    else:
        write_results(Document.of([found]), format, output)
    if Replay.DIFFERENT in (found.old.replay, found.new.replay):
        sys.exit(REJECTED)
