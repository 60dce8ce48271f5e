"""Bounds in text: a table of categories, and for a single company also its criteria."""

from collections.abc import Sequence
from textwrap import fill

from cleancloud_rules.reports.outline.blocks import Outline, table
from cleancloud_rules.reports.text.base import add_notices, methodology_in_words, number
from cleancloud_rules.reports.text.figures import (
    BETWEEN,
    NOTHING,
    SUPPORTED,
    range_in_words,
    supported_to_possible,
)
from cleancloud_rules.reports.text.ranking_columns import HEADER_WIDTH
from cleancloud_rules.results.bounds import Bounds, CompanyBounds, GroupBounds

MAY_BE_TOO_WIDE = "* These bounds may be too wide. For the reason, run `bounds` with that company alone."
"""What the mark beside bounds means."""


def bounds_text(bounds: Bounds) -> Outline:
    """Return bounds as a document: the notices, a table of all companies, and the criteria of a single company."""
    outline = Outline()
    add_notices(outline, bounds.notices)
    outline.heading(methodology_in_words(bounds.methodology), 1)
    outline.add(
        "Lower and upper bound of each score: its lowest and highest value over all further facts that contradict "
        "nothing stated here."
    )
    if not bounds.companies:
        return outline
    outline.gap()
    if any(company.company.published is not None for company in bounds.companies):
        _add_published(outline, bounds.companies)
    else:
        titles = [category.title for category in bounds.companies[0].categories]
        made = table("Company", *titles, "Total", right=range(1, len(titles) + 2))
        for company in bounds.companies:
            made.add_row(company.company.name, *map(range_in_words, company.categories), range_in_words(company))
        outline.add_table(made)
    widths = [c.width for company in bounds.companies for c in company.categories if c.width is not None]
    outline.gap()
    if widths:
        outline.add(f"Distance between the bounds of {len(widths)} category scores: {min(widths)} to {max(widths)}.")
    if len(bounds.companies) == 1:
        _add_criteria(outline, bounds.companies[0])
    elif any(company.may_be_too_wide for company in bounds.companies):
        outline.add(MAY_BE_TOO_WIDE)
    return outline


def _add_published(outline: Outline, companies: Sequence[CompanyBounds]) -> None:
    """Add published scores beside what stated facts support of them and what is possible.

    A single company has a row for each category, and several companies have a row for each company.
    """
    headers = ("Published", SUPPORTED, "Possible with\nfurther facts")
    totals = {company.company.id: _of_total(company) for company in companies}
    if len(companies) == 1:
        (company,) = companies
        outline.heading(company.company.name)
        made = table("Category", *headers, right=(1, 2, 3), whole=(1, 2, 3))
        for group in company.groups:
            made.add_row(group.title, *_of_group(company, group))
        made.add_row("Total", *totals[company.company.id])
        outline.add_table(made)
        return
    made = table("Company", *headers, right=(1, 2, 3), whole=(1, 2, 3))
    for company in companies:
        made.add_row(company.company.name, *totals[company.company.id])
    outline.add_table(made)
    outline.gap()
    outline.add(f"Categories: published{BETWEEN}supported by stated facts to possible with further facts")
    titles = [fill(category.title, HEADER_WIDTH) for category in companies[0].categories]
    made = table("Company", *titles, right=range(1, len(titles) + 1))
    for company in companies:
        figures = (_of_group(company, category) for category in company.categories)
        cells = (f"{published}{BETWEEN}{supported_to_possible(*others)}" for published, *others in figures)
        made.add_row(company.company.name, *cells)
    outline.add_table(made)


def _of_total(company: CompanyBounds) -> tuple[str, str, str]:
    printed = (company.company.published or NOTHING).total
    return number(printed), number(company.total), range_in_words(company)


def _of_group(company: CompanyBounds, group: GroupBounds) -> tuple[str, str, str]:
    printed = dict((company.company.published or NOTHING).scores).get(group.id)
    return number(printed), number(group.score), range_in_words(group)


def _add_coverage(outline: Outline, part: GroupBounds | CompanyBounds) -> None:
    """Add what must be assessed for a result, and what further facts could assess."""
    for line in part.coverage:
        if line.found >= line.needed:
            outline.add(f"Coverage: {line.needed} needed, {line.found} assessed.")
        else:
            could = f"further facts could assess {line.possible}"
            outline.add(f"No score yet: {line.needed} must be assessed, {line.found} are; {could}.")


def _add_criteria(outline: Outline, company: CompanyBounds) -> None:
    if company.reason is not None:
        outline.add(f"* The bounds of the total may be too wide: {company.reason}.")
    _add_coverage(outline, company)
    for category in company.groups:
        outline.gap()
        outline.heading(category.title)
        if category.reason is not None:
            outline.add(f"* {range_in_words(category)[:-2]}: these bounds may be too wide, because {category.reason}.")
        _add_coverage(outline, category)
        if not category.criteria:
            continue
        headers = ("Criterion", "Stated", "Lower\nbound", "Upper\nbound", "Maximum", "Reason")
        made = table(*headers, right=(1, 2, 3, 4), wraps=5)
        for criterion in category.criteria:
            points = (criterion.points, criterion.floor, criterion.ceiling, criterion.max_points)
            made.add_row(criterion.id, *map(number, points), criterion.reason)
        outline.add_table(made)
