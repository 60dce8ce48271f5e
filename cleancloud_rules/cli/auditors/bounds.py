"""``bounds``: lower and upper bounds on scores, given what is still unknown."""

from datetime import date

import click

from cleancloud_rules.analysis import bounds
from cleancloud_rules.cli.inputs import companies_in, company_paths, methodology_for, refuse_different_cut_offs
from cleancloud_rules.cli.options import (
    as_of_option,
    companies_argument,
    failures_of,
    keep_going_option,
    methodology_option,
    output_option,
    outside_option,
    report_format_option,
)
from cleancloud_rules.cli.output import exit_if_failed, rejections, write_json, write_results
from cleancloud_rules.reports.rendering import Document, Format


@click.command("bounds")
@companies_argument
@methodology_option
@as_of_option
@outside_option
@keep_going_option
@report_format_option
@output_option
def command(
    companies: tuple[str, ...],
    dataset: str | None,
    methodology: str | None,
    as_of: date | None,
    allow_outside: bool,
    keep_going: bool,
    format: Format,
    output: str | None,
) -> None:
    """Show the lower and the upper bound of every criterion, every category and the total.

    COMPANY is a company file, a folder of company files, a dataset, or the id, the name or an alias of a company of a
    bundled dataset. The bounds are the lowest and the highest value over all completions: the stated facts together
    with further facts that contradict neither them nor a documented search without result. For a single company every
    criterion is shown.
    """
    failures = failures_of(keep_going)
    with rejections():
        paths = company_paths(companies, dataset, allow_outside=allow_outside)
        rules = methodology_for(methodology, paths, allow_outside=allow_outside)
        facts = companies_in(paths, rules, allow_outside=allow_outside, as_of=as_of)
        refuse_different_cut_offs(facts, rules)
        found = bounds(facts, rules, failures=failures)
    if format == "json":
        write_json(found, output)
    else:
        write_results(Document.of([found]), format, output)
    exit_if_failed(failures)
