"""A reproduction in text: the verdict, the orders, and each figure that is not reproduced."""

from collections.abc import Callable
from decimal import Decimal

from cleancloud_rules.model.published import FigureKind
from cleancloud_rules.reports.outline.blocks import Outline, table
from cleancloud_rules.reports.text.base import add_notices, methodology_in_words, number
from cleancloud_rules.reports.text.figures import SUPPORTED, WITH_HYPOTHETICAL
from cleancloud_rules.results.reproductions import FigureRow, Reproduction


def reproduction_text(found: Reproduction, *, all_rows: bool = False) -> Outline:
    """Return a reproduction as a document.

    Args:
        found: the reproduction.
        all_rows: whether reproduced figures are shown as well.
    """
    outline = Outline()
    add_notices(outline, found.notices)
    outline.heading(f"{found.dataset}: published table", 1)
    outline.add(methodology_in_words(found.methodology))
    outline.add(f"Figures reproduced: {found.figures_equal} of {found.figures_total}.")
    outline.add(f"Orders reproduced: {found.orders_equal} of {found.orders_total}.")
    outline.add(f"Hypothetical facts read: {found.hypothetical_facts}.")
    companies = sum(row.figure == "total" for row in found.rows)
    if any(row.adds_up is not None for row in found.rows):
        outline.add(
            f"The total is the sum of the printed category scores for {found.sum_of_rounded} of {companies} companies, "
            f"and the rounded sum of the exact scores for {found.rounded_sum}."
        )
    if found.not_printed:
        outline.add(f"Companies of the dataset without a printed figure: {', '.join(found.not_printed)}.")
    if found.not_in_dataset:
        outline.add(f"Printed companies that the dataset does not have: {', '.join(found.not_in_dataset)}.")
    if found.without_figure:
        outline.add(f"Printed companies without any figure or rank: {', '.join(found.without_figure)}.")
    outline.add(_verdict(found), style="bold")
    for order in found.orders:
        outline.add(f"{order.title}: {order.explanation}.", 2)
    _add_totals(outline, found)
    rows = [row for row in found.rows if all_rows or not row.equal]
    if rows:
        outline.gap()
        made = table(
            "Company", "Figure", "Published", SUPPORTED, "Possible", "Computed", "Stated\npoints",
            "Hypothetical\npoints", "Diagnosis", "Explanation", right=(2, 3, 4, 5, 6, 7), wraps=9,
        )  # fmt: skip
        for row in rows:
            made.add_row(
                row.name, row.figure, _figure(row.published), _figure(row.stated), _possible(row),
                _figure(row.computed),
                "" if row.stated_points is None else number(row.stated_points),
                "" if row.hypothetical_points is None else number(row.hypothetical_points),
                row.diagnosis.value.replace("_", " "), row.explanation,
            )  # fmt: skip
        outline.add_table(made)
    return outline


def _add_totals(outline: Outline, found: Reproduction) -> None:
    """Add each published total beside what stated facts alone support of it."""
    totals = [row for row in found.rows if row.kind is FigureKind.TOTAL]
    if not totals:
        return
    columns: dict[str, Callable[[FigureRow], str]] = {
        "Published": lambda row: _figure(row.published),
        SUPPORTED: lambda row: _figure(row.stated),
    }
    if any(_possible(row) for row in totals):
        columns["Possible with\nfurther facts"] = _possible
    if found.hypothetical_facts:
        columns[WITH_HYPOTHETICAL] = lambda row: _figure(row.computed)
    numbers = range(1, len(columns) + 1)
    outline.gap()
    outline.heading("Published totals, and what stated facts support of them")
    made = table("Company", *columns, right=numbers, whole=numbers)
    for row in totals:
        made.add_row(row.name, *(cell(row) for cell in columns.values()))
    outline.add_table(made)


def _possible(row: FigureRow) -> str:
    return "" if row.floor is None and row.ceiling is None else f"{number(row.floor)} to {number(row.ceiling)}"


def _figure(value: Decimal | str | None) -> str:
    return value if isinstance(value, str) else number(value)


def _verdict(found: Reproduction) -> str:
    if not found.is_compared:
        return "Verdict: nothing is compared, because no figure is printed."
    if found.without_figure and found.figures_equal == found.figures_total:
        return "Verdict: the published table is not complete: some of its rows have no figure."
    if not found.is_equal:
        return "Verdict: the facts read do not give the published table."
    if found.hypothetical_facts:
        return (
            "Verdict: with the hypothetical facts the rules give the published table. This shows that they can. It "
            "does not show that these facts are true, nor that these are the publisher's points."
        )
    return "Verdict: the stated facts give the published table."
