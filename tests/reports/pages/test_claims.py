"""Tests of the page of published claims."""

import re

from attrs import evolve

from cleancloud_rules.reports.pages.claims import ClaimsPage
from cleancloud_rules.results.claims import ClaimVerdict
from tests.support.result_pages import EXAMPLES, example, example_pages, read


def test_each_claim_shows_its_range_its_verdict_and_its_companies() -> None:
    site, text = example("clean_cloud_2024"), example_pages("clean_cloud_2024")["findings.html"]
    page = read(text)
    assert site.claims is not None
    assert [row.id for row in page.tables["claims"]] == [claim.id for claim in site.claims.rows]
    for claim, row in zip(site.claims.rows, page.tables["claims"], strict=True):
        assert row["Published"] == claim.published
        low, _, high = row["From facts"].partition(" to ")
        assert (int(low), int(high or low)) == (claim.floor, claim.ceiling)
        assert row["Verdict"].startswith(claim.verdict.value.capitalize())
        for answer, ids in (("Yes", claim.yes), ("Cannot tell", claim.cannot_tell), ("No", claim.no)):
            assert (f"{answer} ({len(ids)}): " in row["Verdict"]) is bool(ids)
            assert all(site.names[id] in row["Verdict"] for id in ids)


def test_the_page_counts_the_verdicts() -> None:
    site = example("clean_cloud_2024")
    assert site.claims is not None
    claim = site.claims.rows[0]
    agreeing, disagreeing = (
        evolve(claim, verdict=verdict) for verdict in (ClaimVerdict.AGREES, ClaimVerdict.DISAGREES)
    )
    report = evolve(site.claims, rows=(agreeing, agreeing, disagreeing))
    assert ClaimsPage(report).verdicts == "2 agree and 1 disagrees"
    shown = read(example_pages("clean_cloud_2024")["findings.html"]).text
    assert f"Of {len(site.claims.rows)} published counts, {ClaimsPage(site.claims).verdicts}." in shown


def test_refused_readings_and_what_no_fact_can_answer_say_why() -> None:
    site, page = example("clean_cloud_2024"), read(example_pages("clean_cloud_2024")["findings.html"])
    assert site.claims is not None
    assert site.claims.refused
    assert site.claims.unanswerable
    rows = page.tables["claims refused"]
    assert [row.id for row in rows] == [claim.id for claim in site.claims.refused]
    for refused, row in zip(site.claims.refused, rows, strict=True):
        assert refused.reason is not None
        assert refused.reason in row["Statement"]
    for claim in site.claims.unanswerable:
        assert claim.id in page.ids
        assert " ".join(claim.why.split()) in page.text


def test_the_diamond_stands_at_the_published_number() -> None:
    site = example("clean_cloud_2024")
    assert site.claims is not None
    view, claim = ClaimsPage(site.claims), site.claims.rows[0]
    assert view.published(evolve(claim, published="at least 23")) == 23
    assert view.published(evolve(claim, published="8")) == 8
    assert view.published(evolve(claim, published="7 to 9")) is None
    assert view.at(10) == "40%"
    diamonds = re.findall(r'<svg x="([\d.]+%)" y="10"', example_pages("clean_cloud_2024")["findings.html"])
    claims = (*site.claims.rows, *site.claims.refused)
    assert diamonds == [view.at(n) for c in claims if (n := view.published(c)) is not None]


def test_without_published_claims_there_is_no_page_of_them() -> None:
    for name in EXAMPLES:
        has = example(name).claims is not None
        assert ("findings.html" in example_pages(name)) is has
        assert ("findings.html" in read(example_pages(name)["index.html"]).links) is has
