"""``rank``: the ranking of a dataset."""

from datetime import date
from pathlib import Path

import click

from cleancloud_rules import Ranking, rank
from cleancloud_rules.analysis import what_if
from cleancloud_rules.cli.inputs import companies_in, methodology_for, path_of, refuse_different_cut_offs, sources_of
from cleancloud_rules.cli.options import failures_of, refuse_table, score_options, what_if_options
from cleancloud_rules.cli.output import exit_if_failed, rejections, write_json, write_results
from cleancloud_rules.reports.rendering import Document, Format
from cleancloud_rules.results import RowOrder, WhatIf


@click.command("rank")
@click.argument("dataset", metavar="DATASET...", nargs=-1, required=True)
@click.option(
    "--order",
    type=click.Choice([order.value for order in RowOrder]),
    default=RowOrder.RANK.value,
    show_default=True,
    help="The order of the rows: by rank, or that of the published table of the dataset.",
)
@what_if_options
@score_options
def command(
    dataset: tuple[str, ...],
    order: str,
    facts: tuple[Path, ...],
    without: tuple[str, ...],
    methodology: str | None,
    as_of: date | None,
    with_hypothetical: bool,
    allow_outside: bool,
    cross_check: bool,
    bounds: bool,
    keep_going: bool,
    format: Format,
    output: str | None,
) -> None:
    """Rank the companies of a dataset, cohort by cohort.

    DATASET is a dataset, the name of a bundled dataset, a company file, or a folder of company files. With --with or
    --without the command shows what added and removed facts would change, and no ranking. `id` in FACTS names the
    company. Where the dataset has a published table, each published figure stands beside the one that stated facts
    support, and beside its lower and upper bound.
    """
    failures = failures_of(keep_going)
    paths = [path_of(argument) for argument in dataset]
    is_published = order == RowOrder.PUBLISHED.value
    if is_published and (facts or without):
        raise click.UsageError("--order cannot be combined with --with and --without, which show no ranking")
    if facts or without:
        refuse_table(format)
    with rejections():
        rules = methodology_for(methodology, paths, allow_outside=allow_outside)
        companies = companies_in(
            paths, rules, with_hypothetical=with_hypothetical, allow_outside=allow_outside, as_of=as_of
        )
        refuse_different_cut_offs(companies, rules)
        if is_published and all(company.published_row is None for company in companies):
            raise click.UsageError("--order published: no company has a row in a published table")
        found: Ranking | WhatIf
        if facts or without:
            found = what_if(
                companies,
                rules,
                facts=facts,
                without=without,
                sources=sources_of(paths, rules, allow_outside=allow_outside),
                with_hypothetical=with_hypothetical,
                cross_check=cross_check,
                failures=failures,
            )
        else:
            found = rank(
                companies,
                rules,
                with_hypothetical=with_hypothetical,
                cross_check=cross_check,
                failures=failures,
                with_bounds=bounds and not with_hypothetical,
            )
            found = found.in_published_order() if is_published else found
    if format == "json":
        write_json(found, output)
    else:
        write_results(Document.of([found]), format, output)
    exit_if_failed(failures)
