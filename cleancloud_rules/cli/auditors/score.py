"""``score``: scorecards."""

from datetime import date
from functools import partial

import click

from cleancloud_rules import score
from cleancloud_rules.cli.inputs import companies_in, methodology_for, path_of
from cleancloud_rules.cli.options import companies_argument, failures_of, score_options
from cleancloud_rules.cli.output import exit_if_failed, one_or_all, rejections, write_documents, write_json
from cleancloud_rules.reports.text.scorecard import scorecard_text
from cleancloud_rules.scoring.failures import each


@click.command("score")
@companies_argument
@score_options
def command(
    companies: tuple[str, ...],
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
    """Score companies.

    COMPANY is a company file, a folder of company files or a dataset. In JSON, one scorecard is an object and several
    are a list.
    """
    failures = failures_of(keep_going)
    paths = [path_of(argument) for argument in companies]
    with rejections():
        rules = methodology_for(methodology, paths, allow_outside=allow_outside)
        facts = companies_in(
            paths, rules, with_hypothetical=with_hypothetical, allow_outside=allow_outside, as_of=as_of
        )
        scored = partial(
            score,
            methodology=rules,
            with_hypothetical=with_hypothetical,
            cross_check=cross_check,
            with_bounds=bounds,
        )
        cards = list(each(facts, scored, failures))
    if format == "json":
        write_json(one_or_all(cards), output)
    else:
        write_documents(map(scorecard_text, cards), output)
    exit_if_failed(failures)
