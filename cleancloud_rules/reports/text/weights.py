"""Declared and effective weights of criteria in text."""

from collections.abc import Iterable
from decimal import Decimal

from cleancloud_rules.model.rounding import RoundingMode, rounded
from cleancloud_rules.reports.outline.blocks import Outline, table
from cleancloud_rules.reports.text.base import number
from cleancloud_rules.results.weights import CriterionWeight

DIGITS = 2
"""Decimal places of a percentage."""


def weights_text(weights: Iterable[CriterionWeight]) -> Outline:
    """Return a table of criteria with their declared and effective weights."""
    outline = Outline()
    outline.add("Effective weight: the part of the maximum total that is lost if only this criterion earns nothing.")
    made = table("Group", "Criterion", "Points", "Declared", "Effective", "Of the total", right=(2, 3, 4, 5))
    for weight in weights:
        effective = None if weight.effective is None else rounded(weight.effective, DIGITS, RoundingMode.HALF_UP)
        share = "-" if weight.share is None else f"{_percent(weight)}%"
        groups = " / ".join(weight.groups)
        declared = number(weight.weight)
        made.add_row(groups, weight.criterion, number(weight.max_points), declared, number(effective), share)
    outline.add_table(made)
    return outline


def _percent(weight: CriterionWeight) -> Decimal:
    assert weight.share is not None
    return rounded(weight.share * 100, DIGITS, RoundingMode.HALF_UP)
