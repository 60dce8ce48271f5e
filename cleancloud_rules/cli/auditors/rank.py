"""``rank``: the ranking of a dataset."""

from datetime import date
from pathlib import Path

import click

from cleancloud_rules import Ranking, rank
from cleancloud_rules.analysis import what_if
from cleancloud_rules.cli.inputs import companies_in, methodology_for, path_of, refuse_different_cut_offs, sources_of
from cleancloud_rules.cli.options import failures_of, score_options, what_if_options
from cleancloud_rules.cli.output import exit_if_failed, rejections, write_documents, write_json
from cleancloud_rules.reports.text.ranking import ranking_text
from cleancloud_rules.reports.text.what_if import what_if_text
from cleancloud_rules.results import WhatIf


@click.command("rank")
@click.argument("dataset", metavar="DATASET...", nargs=-1, required=True)
@what_if_options
@score_options
def command(
    dataset: tuple[str, ...],
    facts: tuple[Path, ...],
    without: tuple[str, ...],
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

    DATASET is a dataset, the name of a bundled dataset, a company file, or a folder of company files. With --with or
    --without the command shows what added and removed facts would change, and no ranking. `id` in FACTS names the
    company.
    """
    failures = failures_of(keep_going)
    paths = [path_of(argument) for argument in dataset]
    with rejections():
        rules = methodology_for(methodology, paths, allow_outside=allow_outside)
        companies = companies_in(
            paths, rules, with_hypothetical=with_hypothetical, allow_outside=allow_outside, as_of=as_of
        )
        refuse_different_cut_offs(companies, rules)
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
    if format == "json":
        write_json(found, output)
    else:
        write_documents([what_if_text(found) if isinstance(found, WhatIf) else ranking_text(found)], output)
    exit_if_failed(failures)
