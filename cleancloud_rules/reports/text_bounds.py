"""Bounds in text: a table of categories, and for a single company its criteria."""

from cleancloud_rules.bounds import Bounds, CompanyBounds
from cleancloud_rules.reports.text import Outline, add_notices, methodology_in_words, number, table


def bounds_text(bounds: Bounds) -> Outline:
    """Return bounds as a document: the notices, a table of all companies, and the criteria of a single one."""
    outline = Outline()
    add_notices(outline, bounds.notices)
    outline.add(methodology_in_words(bounds.methodology), style="bold")
    outline.add(
        "From floor to ceiling: the least and the most that a score could come to if further facts came to light "
        "that contradict nothing stated here."
    )
    if not bounds.companies:
        return outline
    outline.gap()
    titles = [category.title for category in bounds.companies[0].categories]
    made = table("Company", *titles, "Total", right=range(1, len(titles) + 2))
    for company in bounds.companies:
        cells = [f"{number(c.floor)} to {number(c.ceiling)}" for c in company.categories]
        made.add_row(company.company.name, *cells, f"{number(company.floor)} to {number(company.ceiling)}")
    outline.add_table(made)
    widths = [category.width for company in bounds.companies for category in company.categories]
    outline.gap()
    outline.add(f"Widths of the {len(widths)} category intervals: {min(widths)} to {max(widths)}.")
    if len(bounds.companies) == 1:
        _add_criteria(outline, bounds.companies[0])
    return outline


def _add_criteria(outline: Outline, company: CompanyBounds) -> None:
    for category in company.categories:
        outline.gap()
        outline.add(category.title, style="bold")
        made = table("Criterion", "Stated", "Floor", "Ceiling", "Of", "Why", right=(1, 2, 3, 4), wraps=5)
        for criterion in category.criteria:
            points = (criterion.points, criterion.floor, criterion.ceiling, criterion.max_points)
            made.add_row(criterion.id, *map(number, points), criterion.reason)
        outline.add_table(made)
