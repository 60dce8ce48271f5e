"""A methodology of nearly every form, companies of it, and tables as a publisher might have printed them."""

from typing import Any

from attrs import evolve

from cleancloud_rules import Company, Dataset, Methodology, company_from
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.language.load.published import published_from
from tests.support import small
from tests.system.test_bad_files import FORMS

GOOD = FORMS / "good"


def asked(id: str, region: str, max_points: float = 2, **more: Any) -> dict[str, Any]:
    """Return a criterion that a site in a region meets."""
    return small.criterion(id, max_points, small.rule("r", max_points, {"site": {"region": region}}), **more)


def averages(**more: Any) -> Methodology:
    """Return a methodology of means: two categories, one of them with two groups."""
    inner = [{"id": "g1", "title": "G1"}, {"id": "g2", "title": "G2"}]
    categories = [
        {"id": "deep", "title": "Deep", "aggregate": "mean", "scale": 10, "groups": inner, **more.pop("deep", {})},
        {"id": "flat", "title": "Flat", "scale": 10},
    ]
    criteria = {
        "g1": [asked("a", "north"), asked("b", "south", 1)],
        "g2": [asked("c", "east", 3)],
        "flat": [asked("d", "west"), asked("e", "west_end", 1)],
    }
    rounding = {"digits": 1, "mode": "half_up", "total": "rounded_sum", "points_digits": 1}
    return small.tree(categories, criteria, **{"aggregate": "mean", "rounding": rounding, **more})


def company(methodology: Methodology, *regions: str, id: str = "acme") -> Company:
    """Return a company with sites."""
    facts = [{"site": {"region": region}, "source": "report"} for region in regions]
    return company_from({"id": id, "name": id.capitalize(), "cohort": "big", "facts": facts}, methodology, sources=None)


def dataset(methodology: Methodology, table: str, *companies: Company) -> Dataset:
    """Return a dataset with a published table, which must be good."""
    gather = DiagnosticCollector()
    published = published_from(table, "table.csv", methodology, gather)
    assert not gather.diagnostics, [str(finding) for finding in gather.diagnostics]
    rows = {row.company: row for row in published.rows} if published is not None else {}
    found = (evolve(one, published_row=rows.get(one.id)) for one in sorted(companies, key=lambda c: c.id))
    return Dataset("Small", "small", tuple(found), published=published)


def partly_applicable() -> Methodology:
    """Return a methodology of two levels and no scores, with a category that does not apply to big companies."""
    categories = [{"id": id, "title": id.capitalize(), "aggregate": "none"} for id in ("one", "two")]
    criteria = {
        "one": [asked("a", "north", level="very_high")],
        "two": [asked("b", "south", not_applicable={"cohorts": ["big"]})],
    }
    levels = [{"id": "low", "title": "Low level"}, {"id": "very_high", "title": "Very High"}]
    return small.tree(categories, criteria, aggregate="none", levels=levels, rank_by=["level"])
