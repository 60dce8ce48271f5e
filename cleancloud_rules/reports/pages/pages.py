"""All pages of a set of results, by name."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from attrs import evolve

from cleancloud_rules.errors import OutputError
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.reports.pages.claims import ClaimsPage
from cleancloud_rules.reports.pages.comparison import comparison_data
from cleancloud_rules.reports.pages.criteria import HEADINGS, MEANINGS, criterion_pages
from cleancloud_rules.reports.pages.dossiers import SHOWN, Dossier, dossiers
from cleancloud_rules.reports.pages.environment import filled
from cleancloud_rules.reports.pages.heat_map import STATES, heat_maps
from cleancloud_rules.reports.pages.methodology import MethodologyPage
from cleancloud_rules.reports.pages.overview import Overview, orders, sort_keys
from cleancloud_rules.reports.pages.site import Site
from cleancloud_rules.reports.pages.sources import DataPage
from cleancloud_rules.reports.pages.tables import PACKAGE, package_of, tables_of
from cleancloud_rules.reports.pages.weighting import DRAWS, SHARE, Weighting, can_weigh


def pages_of(site: Site) -> Iterator[tuple[str, str]]:
    """Yield the pages of results: the name of each below the folder, and its text.

    Raises:
        OutputError: if the names of two pages differ only in case; then no page is yielded.
        MissingExtraError: if Jinja is missing; the message says what to install.
    """
    _refuse_clashes(site)
    site = evolve(site, has_weights=not site.is_hypothetical and can_weigh(site))
    page = partial(filled, site=site, notices=site.ranking.notices, root="")
    finding: dict[str, Any] = {"orders": orders(site), "keys": sort_keys}
    yield (
        "index.html",
        page("index.html", ["filter.js"], page="index.html", view=Overview(site), **finding),
    )
    for name, heat_map in heat_maps(site):
        yield (
            name,
            page(
                "heatmap.html",
                ["filter.js", "heatmap.js"],
                page="heatmap.html",
                view=heat_map,
                states=STATES,
                **finding,
            ),
        )
    if site.has_comparison:
        yield "compare.html", page("compare.html", ["compare.js"], page="compare.html", data=comparison_data(site))
    if site.claims is not None:
        yield "findings.html", page("findings.html", page="findings.html", view=ClaimsPage(site.claims))
    if site.has_weights:
        yield (
            "weights.html",
            page("weights.html", ["weights.js"], page="weights.html", view=Weighting(site), draws=DRAWS, share=SHARE),
        )
    criteria = tuple(criterion_pages(site))
    words: dict[str, Any] = {"headings": HEADINGS, "meanings": MEANINGS}
    for dossier in dossiers(site):
        yield _name_of(dossier.card.company.id), dossier_page(dossier)
    for view in criteria:
        text = page("criterion.html", page="", view=view, **words, root="../")
        yield f"criteria/{view.criterion.id}.html", text
    methodology = MethodologyPage(site, criteria)
    name = "methodology.html"
    yield name, page(name, page=name, view=methodology, not_assessed=Outcome.NOT_ASSESSED, **words)
    tables = tables_of(site)
    yield "data.html", page("data.html", page="data.html", view=DataPage(site, tables))
    for table in tables:
        yield table.path, table.text
    yield PACKAGE, package_of(site, tables)


def _name_of(company: str) -> str:
    return f"companies/{company}.html"


def _refuse_clashes(site: Site) -> None:
    """Refuse companies whose pages would be one file where the names of files ignore case."""
    seen: dict[str, str] = {}
    for card in site.cards:
        name = _name_of(card.company.id)
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            both = "which is one file where names ignore case: change the id of a company"
            raise OutputError(f"cannot write both `{other}` and `{name}`, {both}")


def single_page(site: Site, company: str) -> str:
    """Return the page of a company as a page that stands alone.

    Args:
        site: the results.
        company: the id of the company.

    Raises:
        KeyError: if there is no such company.
        MissingExtraError: if Jinja is missing; the message says what to install.
    """
    for dossier in dossiers(evolve(site, is_single=True)):
        if dossier.card.company.id == company:
            return dossier_page(dossier)
    raise KeyError(company)


def dossier_page(dossier: Dossier) -> str:
    """Return the page of a company."""
    site = dossier.site
    return filled(
        "company.html",
        site=site,
        notices=dossier.card.notices,
        root="" if site.is_single else "../",
        page="",
        dossier=dossier,
        headings=HEADINGS,
        shown=SHOWN,
    )
