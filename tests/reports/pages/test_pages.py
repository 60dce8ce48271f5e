"""Tests of all pages together: links, figures, policy, and that no text becomes a part of a page."""

import json
import re
import time
from base64 import b64encode
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any

import pytest
from attrs import evolve

from cleancloud_rules import Scorecard
from cleancloud_rules.diagnostics.characters import visible
from cleancloud_rules.errors import OutputError
from cleancloud_rules.reports.pages.pages import pages_of, single_page
from cleancloud_rules.reports.pages.site import Site
from cleancloud_rules.results.json import to_json
from tests.support.hostile_pages import HOSTILE, poisoned_pages
from tests.support.result_pages import EXAMPLES, PageReader, example, example_pages, read, site_of, target_of

NUMBER = re.compile(r"(?<![\w.,#-])[-+\u2212]?\d+\.\d+(?![\w.])")
"""A number with decimal places, as pages show scores and points."""


@pytest.fixture(params=[*EXAMPLES, "hypothetical"])
def made(request: pytest.FixtureRequest) -> tuple[Site, dict[str, str]]:
    """Return the results and the pages of each example, and those with hypothetical facts."""
    if request.param == "hypothetical":
        return example("clean_cloud_2024", hypothetical=True), example_pages("clean_cloud_2024", hypothetical=True)
    return example(request.param), example_pages(request.param)


def test_companies_whose_pages_would_be_one_file_are_refused_before_the_first_page() -> None:
    site = example("careful_water")
    first, second = site.cards[:2]
    twins = [evolve(card, company=evolve(card.company, id=id)) for card, id in ((first, "acme"), (second, "ACME"))]
    with pytest.raises(OutputError, match=r"cannot write both `companies/acme\.html` and `companies/ACME\.html`"):
        next(pages_of(site_of(twins, site)))


def test_every_link_leads_to_a_page_and_every_anchor_to_an_element(made: tuple[Site, dict[str, str]]) -> None:
    site, pages = made
    found = {name: read(text) for name, text in pages.items() if name.endswith(".html")}
    for name, page in found.items():
        assert len(page.ids) == len(set(page.ids)), name
        for link in page.links:
            if link.startswith("http"):
                continue
            target, anchor = target_of(name, link)
            assert target in pages, f"{name}: {link}"
            if target == "compare.html" and "," in anchor:
                assert set(anchor.split(",")) <= set(site.names), f"{name}: {link}"
            elif anchor:
                assert anchor in found[target].ids, f"{name}: {link}"


def test_there_is_a_page_for_each_company_and_each_criterion(made: tuple[Site, dict[str, str]]) -> None:
    site, pages = made
    assert {f"companies/{id}.html" for id in site.names} <= set(pages)
    assert {f"criteria/{criterion.id}.html" for criterion in site.criteria} <= set(pages)
    for name, text in pages.items():
        if name.endswith(".html"):
            page = read(text)
            assert [tag for tag, _ in page.tags].count("h1") == 1, name
            for notice in site.ranking.notices:
                assert name.startswith("companies/") or " ".join(notice.text.split()) in page.text, name


def numbers_in(data: Any) -> Iterator[Decimal]:
    """Yield all numbers of results, those in texts and the effects of points among them."""
    match data:
        case bool():
            return
        case Decimal() | int():
            yield Decimal(data)
        case str():
            yield from (Decimal(found.replace("\u2212", "-")) for found in NUMBER.findall(data))
        case dict():
            for value in data.values():
                yield from numbers_in(value)
        case list():
            for item in data:
                yield from numbers_in(item)


def effects_in(card: Scorecard) -> Iterator[Decimal]:
    """Yield what points of rules and criteria do to the total: points times the effect of one, rounded."""
    if card.bounds is None or card.total is None:
        return
    places = -int(card.total.as_tuple().exponent)
    for criterion in card.criteria:
        effect = card.bounds.criterion(criterion.id).point_effect
        if effect is not None:
            for points in (criterion.points, criterion.max_points, *(rule.points for rule in criterion.rules)):
                exact = Fraction(points) * effect * 10**places
                yield Decimal(round(abs(exact) + Fraction(1, 10**9))).scaleb(-places) * (-1 if exact < 0 else 1)


def said(result: object) -> Any:
    """Return what the JSON of a result says, with exact numbers."""
    return json.loads(to_json(result), parse_float=Decimal)


def figures_of(site: Site) -> set[Decimal]:
    """Return all figures that pages may show."""
    found = set(numbers_in(said(site.ranking))) | set(numbers_in(said(site.claims)) if site.claims else ())
    for card in site.cards:
        found |= set(numbers_in(said(card))) | set(effects_in(card))
    found |= {row.total.stated for row in site.rows if row.total.stated is not None}
    return found | {f.stated for row in site.rows for f in row.categories if f.stated is not None}


def test_every_figure_of_a_page_is_one_of_the_results(made: tuple[Site, dict[str, str]]) -> None:
    site, pages = made
    known = {abs(figure) for figure in figures_of(site)}
    for name, text in pages.items():
        if name.endswith(".html"):
            for figure in numbers_in(read(text).text):
                assert abs(figure) in known, f"{name}: {figure}"


def test_a_figure_that_no_result_has_is_noticed() -> None:
    known = figures_of(example("clean_cloud_2024"))
    assert set(numbers_in("supports 28.86 of 100")) - known
    assert not set(numbers_in("supports 28.85 of 100, \u22121.15 in sum")) - known - {Decimal("-1.15")}


def test_a_page_runs_only_its_own_scripts_and_styles_and_loads_nothing(made: tuple[Site, dict[str, str]]) -> None:
    _, pages = made
    for name, text in pages.items():
        if not name.endswith(".html"):
            continue
        page = read(text)
        assert page.policy.startswith("default-src 'none'; "), name
        allowed = set(re.findall(r"'sha256-([^']+)'", page.policy))
        run = [script for script in page.scripts if not script.startswith(("{", "["))]
        assert {b64encode(sha256(part.encode()).digest()).decode() for part in (*run, *page.styles)} == allowed, name
        assert "unsafe" not in page.policy
        for tag, attribute, value in page.attributes:
            assert not attribute.startswith("on"), name
            assert attribute not in ("style", "src", "srcset", "action", "formaction", "ping", "background"), name
            if attribute == "href":
                assert tag == "a"
                assert value.startswith(("https://", "http://")) or ":" not in value, value
        assert not re.search(r"url\(|@import", "".join(page.styles))


def test_equal_results_give_equal_bytes() -> None:
    for name in ("careful_water", "open_reading_rooms"):
        again = evolve(example(name))
        assert dict(pages_of(again)) == example_pages(name)


def test_a_page_of_its_own_leads_nowhere_and_shows_the_same_figures() -> None:
    site = example("clean_cloud_2024")
    alone, linked = read(single_page(site, "gds")), read(example_pages("clean_cloud_2024")["companies/gds.html"])
    assert all(link.startswith(("http", "#")) for link in alone.links)
    assert {link[1:] for link in alone.links if link.startswith("#")} <= set(alone.ids)
    assert [row.cells for row in alone.tables["groups"]] == [row.cells for row in linked.tables["groups"]]
    assert [heading for heading in linked.headings if heading not in alone.headings] == []
    with pytest.raises(KeyError):
        single_page(site, "nobody")


def test_no_ordinary_page_holds_a_hypothetical_fact_figure_or_sentence() -> None:
    ordinary, invented = example("clean_cloud_2024"), example("clean_cloud_2024", hypothetical=True)
    stated = {fact.id for card in ordinary.cards for fact in card.facts}
    ids = {fact.id for card in invented.cards for fact in card.facts} - stated
    assert len(ids) > 50
    sentences = {s for card in invented.cards for criterion in card.criteria for s in criterion.because}
    sentences -= {s for card in ordinary.cards for criterion in card.criteria for s in criterion.because}
    figures = {card.total for card in invented.cards} - figures_of(ordinary)
    for name, text in example_pages("clean_cloud_2024").items():
        assert "ypothetical" not in (read(text).text if name.endswith(".html") else text), name
        assert not [id for id in ids if id in text], name
        assert not [sentence for sentence in sentences if sentence in text], name
        assert not [figure for figure in figures if f">{figure}<" in text], name


def test_every_page_with_hypothetical_facts_is_marked() -> None:
    site = example("clean_cloud_2024", hypothetical=True)
    for name, text in example_pages("clean_cloud_2024", hypothetical=True).items():
        if name.endswith(".html"):
            page = read(text)
            assert page.title.startswith("HYPOTHETICAL, do not cite: "), name
            assert '<meta name="robots" content="noindex">' in text
            assert page.text.count("HYPOTHETICAL do not cite") == 12
            assert "Do not cite." in page.text
    for card in site.cards:
        page = read(example_pages("clean_cloud_2024", hypothetical=True)[f"companies/{card.company.id}.html"])
        notice = next(notice.text for notice in card.notices if notice.code == "hypothetical")
        assert card.company.name in notice
        assert notice in page.text
        invented = [c for c in card.criteria if c.hypothetical_points]
        assert page.text.count("Hypothetical: ") >= len(invented)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["clean_cloud_2024", "careful_water", "open_reading_rooms"])
def test_a_hostile_text_stays_text(name: str, text: str) -> None:
    harmless, hostile = poisoned_pages(name, "harmless"), poisoned_pages(name, text)
    shown = " ".join(visible(text, keep="\n\t").split())
    assert set(hostile) == set(harmless)
    for page, html in hostile.items():
        if not page.endswith(".html"):
            continue
        found, expected = PageReader(html), PageReader(harmless[page])
        assert found.tags == expected.tags, page
        assert shown in found.text, page
        assert found.scripts[-1:] == expected.scripts[-1:]
        assert all("javascript:" not in link for link in found.links)
        assert "\u202e" not in html
        assert "\x00" not in html


def several(site: Site, times: int) -> Site:
    """Return results with each company several times, under other ids."""
    cards = [
        evolve(card, company=evolve(card.company, id=f"{card.company.id}_{number}"))
        for number in range(times)
        for card in site.cards
    ]
    return site_of(cards, site)


@pytest.mark.parametrize("hypothetical", [False, True])
def test_no_page_of_50_companies_has_more_than_150_kilobytes(hypothetical: bool) -> None:
    site = several(example("clean_cloud_2024", hypothetical=hypothetical), 2)
    pages = dict(pages_of(evolve(site, is_hypothetical=hypothetical)))
    sizes = {name: len(text.encode()) for name, text in pages.items() if name.endswith(".html")}
    assert max(sizes.values()) <= 150_000, max(sizes, key=sizes.__getitem__)


def test_pages_of_250_companies_take_a_few_seconds() -> None:
    site = several(example("clean_cloud_2024"), 10)
    start = time.process_time()
    pages = dict(pages_of(site))
    assert time.process_time() - start < 20
    assert sum(name.startswith("companies/") for name in pages) == 250
