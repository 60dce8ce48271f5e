"""``report``: results as pages for a browser."""

from datetime import date
from pathlib import Path

import click

from cleancloud_rules import EngineError, FactsError, Methodology, rank
from cleancloud_rules.analysis import findings
from cleancloud_rules.cli.inputs import dataset_in, methodology_for, path_of
from cleancloud_rules.cli.options import (
    as_of_option,
    failures_of,
    keep_going_option,
    methodology_option,
    outside_option,
)
from cleancloud_rules.cli.output import exit_if_failed, rejections, write
from cleancloud_rules.documents.file_writer import write_folder
from cleancloud_rules.model.datasets import no_company
from cleancloud_rules.model.texts import called
from cleancloud_rules.reports.pages.pages import pages_of, single_page
from cleancloud_rules.reports.pages.site import Site


@click.command("report")
@click.argument("dataset", metavar="DATASET")
@click.option(
    "--company", metavar="COMPANY", help="Write only the page of this company, as one file: its id, name or alias."
)
@click.option(
    "--with-hypothetical",
    is_flag=True,
    help="Also write pages that count facts that were chosen by a solver, into FOLDER/hypothetical. All are marked.",
)
@keep_going_option
@methodology_option
@as_of_option
@outside_option
@click.option(
    "-o",
    "--output",
    metavar="FOLDER",
    required=True,
    help="The folder of the pages: a new or an empty one, or that of an earlier report, whose files are replaced or "
    "removed, and no others; with --company, the file.",
)
def command(
    dataset: str,
    company: str | None,
    with_hypothetical: bool,
    keep_going: bool,
    methodology: str | None,
    as_of: date | None,
    allow_outside: bool,
    output: str,
) -> None:
    """Write results as pages that a browser shows: the ranking, each company, each criterion, comparisons and sources.

    DATASET is a folder with `dataset.yaml`, that file, or the name of a bundled dataset. The pages are plain files
    that load nothing from the network. They show what is published, what stated facts support and what is possible, in
    this order, and equal inputs give equal bytes. They need the extra `pages`.
    """
    if company is not None and with_hypothetical:
        raise click.UsageError("--company and --with-hypothetical cannot be used together")
    if not output:
        raise click.BadParameter("the name is empty; write `.` for the current folder", param_hint="--output")
    failures = failures_of(keep_going)
    path = path_of(dataset)
    with rejections():
        rules = methodology_for(methodology, [path], allow_outside=allow_outside)
        sites = [_site(path, rules, as_of, allow_outside, failures, hypothetical=False)]
        if with_hypothetical:
            sites.append(_site(path, rules, as_of, allow_outside, failures, hypothetical=True))
        if company is not None:
            write(single_page(sites[0], _id_of(company, sites[0])), output)
        else:
            write_folder(Path(output), {_below(site, name): text for site in sites for name, text in pages_of(site)})
    exit_if_failed(failures)


def _site(
    path: Path,
    rules: Methodology,
    as_of: date | None,
    allow_outside: bool,
    failures: list[EngineError | FactsError] | None,
    *,
    hypothetical: bool,
) -> Site:
    options = {"with_hypothetical": hypothetical, "allow_outside": allow_outside}
    loaded = dataset_in(path, rules, as_of=as_of, **options)
    ranking = rank(loaded, rules, with_hypothetical=hypothetical, failures=failures, with_bounds=not hypothetical)
    left_out = {failure.company for failure in failures or ()}
    claims = None
    if loaded.statements and not left_out and not hypothetical:
        claims = findings(loaded, rules)
    return Site(ranking, claims, is_hypothetical=hypothetical)


def _below(site: Site, name: str) -> str:
    return f"hypothetical/{name}" if site.is_hypothetical else name


def _id_of(name: str, site: Site) -> str:
    """Return the id of the company that an option names by its id, its name or an alias."""
    words = {card.company.id: (card.company.id, card.company.name, *card.company.aliases) for card in site.cards}
    found = called(name, words)
    if len(found) != 1:
        said = no_company(name, found, [word for own in words.values() for word in own])
        raise click.BadParameter(f"the dataset has {said}", param_hint="--company")
    return found[0]
