"""``explain``: which rules hold, on which facts and sources, and what is missing for more points."""

from datetime import date
from functools import partial

import click

from cleancloud_rules import Methodology, score
from cleancloud_rules.cli.inputs import companies_in, company_paths, methodology_for
from cleancloud_rules.cli.options import companies_argument, failures_of, score_options
from cleancloud_rules.cli.output import exit_if_failed, one_or_all, rejections, write_json, write_results
from cleancloud_rules.cli.responses import with_ranks
from cleancloud_rules.diagnostics.collector import did_you_mean
from cleancloud_rules.reports.explanation_json import explanation
from cleancloud_rules.reports.rendering import Document, Format
from cleancloud_rules.scoring.failures import each


@click.command("explain")
@companies_argument
@click.option("--criterion", metavar="ID", help="Explain only this criterion, in full.")
@click.option("--full", is_flag=True, help="Explain every criterion in full, also those that are not assessed.")
@click.option("--rules", "syntax", is_flag=True, help="Show the conditions of rules as files write them.")
@score_options
def command(
    companies: tuple[str, ...],
    dataset: str | None,
    criterion: str | None,
    full: bool,
    syntax: bool,
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
    """Show for each criterion which rules hold, on which facts and sources, and what is missing for more points.

    COMPANY is a company file, a folder of company files, a dataset, or the id, the name or an alias of a company of a
    bundled dataset. In JSON an explanation is the scorecard, or with --criterion the part of the scorecard about that
    criterion. For several companies it is a list.
    """
    failures = failures_of(keep_going)
    with rejections():
        paths = company_paths(companies, dataset, allow_outside=allow_outside)
        rules = methodology_for(methodology, paths, allow_outside=allow_outside)
        if criterion is not None:
            _require(criterion, rules)
        facts = companies_in(
            paths, rules, with_hypothetical=with_hypothetical, allow_outside=allow_outside, as_of=as_of
        )
        scored = partial(
            score,
            methodology=rules,
            with_hypothetical=with_hypothetical,
            cross_check=cross_check,
            with_bounds=bounds and not with_hypothetical,
        )
        cards = list(each(facts, scored, failures))
        cards = with_ranks(
            cards, facts, dataset, rules, failures, with_hypothetical=with_hypothetical,
            allow_outside=allow_outside, cross_check=cross_check, as_of=as_of,
        )  # fmt: skip
    if format == "json":
        write_json(one_or_all(cards, lambda card: explanation(card, criterion) if criterion else card), output)
    else:
        write_results(Document.of_explanations(cards, criterion, full=full, rules=syntax), format, output)
    exit_if_failed(failures)


def _require(criterion: str, methodology: Methodology) -> None:
    known = [c.id for c in methodology.criteria]
    if criterion not in known:
        hint = did_you_mean(criterion, known, new_ids=methodology.new_ids)
        message = f"methodology `{methodology.id}` has no criterion `{criterion}`" + (f"; {hint}" if hint else "")
        raise click.BadParameter(message, param_hint="--criterion")
