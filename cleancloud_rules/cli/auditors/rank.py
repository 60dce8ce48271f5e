"""``rank``: the ranking of a dataset."""

from datetime import date

import click

from cleancloud_rules import rank
from cleancloud_rules.cli.inputs import companies_in, methodology_for, path_of, refuse_different_cut_offs
from cleancloud_rules.cli.options import failures_of, score_options
from cleancloud_rules.cli.output import exit_if_failed, rejections, write_documents, write_json
from cleancloud_rules.reports.text.ranking import ranking_text


@click.command("rank")
@click.argument("dataset", metavar="DATASET...", nargs=-1, required=True)
@score_options
def command(
    dataset: tuple[str, ...],
    methodology: str | None,
    as_of: date | None,
    with_hypothetical: bool,
    allow_outside: bool,
    cross_check: bool,
    bounds: bool,
    keep_going: bool,
    format: str,
    output: str | None,
) -> None:
    """Rank the companies of a dataset, in one table for each cohort.

    DATASET is a dataset, the name of a bundled dataset, a company file, or a folder of company files.
    """
    failures = failures_of(keep_going)
    paths = [path_of(argument) for argument in dataset]
    with rejections():
        rules = methodology_for(methodology, paths, allow_outside=allow_outside)
        companies = companies_in(
            paths, rules, with_hypothetical=with_hypothetical, allow_outside=allow_outside, as_of=as_of
        )
        refuse_different_cut_offs(companies, rules)
        ranking = rank(
            companies,
            rules,
            with_hypothetical=with_hypothetical,
            cross_check=cross_check,
            failures=failures,
            with_bounds=bounds,
        )
    if format == "json":
        write_json(ranking, output)
    else:
        write_documents([ranking_text(ranking)], output)
    exit_if_failed(failures)
