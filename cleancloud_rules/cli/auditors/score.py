"""``score``: scorecards."""

from datetime import date
from functools import partial
from pathlib import Path

import click

from cleancloud_rules import Company, Scorecard, score
from cleancloud_rules.analysis import what_if
from cleancloud_rules.cli.inputs import companies_in, company_paths, methodology_for, sources_of
from cleancloud_rules.cli.options import companies_argument, failures_of, refuse_table, score_options, what_if_options
from cleancloud_rules.cli.output import exit_if_failed, one_or_all, rejections, write_json, write_results
from cleancloud_rules.cli.responses import with_ranks
from cleancloud_rules.reports.rendering import Document, Format
from cleancloud_rules.results import WhatIf
from cleancloud_rules.scoring.failures import each


@click.command("score")
@companies_argument
@what_if_options
@score_options
def command(
    companies: tuple[str, ...],
    dataset: str | None,
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
    """Score companies.

    COMPANY is a company file, a folder of company files, a dataset, or the id, the name or an alias of a company of a
    bundled dataset. In JSON, one scorecard is an object and several are a list. With --with or --without the command
    shows what added and removed facts would change for one company, and no scorecard and no bounds; `rank` shows it for
    several.
    """
    if facts or without:
        refuse_table(format)
    failures = failures_of(keep_going)
    with rejections():
        paths = company_paths(companies, dataset, allow_outside=allow_outside)
        rules = methodology_for(methodology, paths, allow_outside=allow_outside)
        given = companies_in(
            paths, rules, with_hypothetical=with_hypothetical, allow_outside=allow_outside, as_of=as_of
        )
        found: list[Scorecard] | list[WhatIf]
        if facts or without:
            found = [
                what_if(
                    _only(given),
                    rules,
                    facts=facts,
                    without=without,
                    sources=sources_of(paths, rules, allow_outside=allow_outside),
                    with_hypothetical=with_hypothetical,
                    cross_check=cross_check,
                )
            ]
        else:
            scored = partial(
                score,
                methodology=rules,
                with_hypothetical=with_hypothetical,
                cross_check=cross_check,
                with_bounds=bounds and not with_hypothetical,
            )
            cards = list(each(given, scored, failures))
            found = with_ranks(
                cards, given, dataset, rules, failures, with_hypothetical=with_hypothetical,
                allow_outside=allow_outside, cross_check=cross_check, as_of=as_of,
            )  # fmt: skip
    if format == "json":
        write_json(one_or_all(found), output)
    else:
        write_results(Document.of(found), format, output)
    exit_if_failed(failures)


def _only(companies: tuple[Company, ...]) -> Company:
    if len(companies) != 1:
        message = f"--with and --without take one company, and there are {len(companies)}: name its file, or use `rank`"
        raise click.UsageError(message)
    return companies[0]
