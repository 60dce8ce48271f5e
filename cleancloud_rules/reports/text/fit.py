"""A fit in text: how many facts it takes, what is forced, or what cannot hold together."""

from collections import Counter

from cleancloud_rules.reports.text.base import Outline, add_notices, methodology_in_words, table
from cleancloud_rules.results.fits import ConditionStatus, Fit


def fit_text(fit: Fit) -> Outline:
    """Return a fit as a document."""
    outline = Outline()
    add_notices(outline, fit.notices)
    outline.add(methodology_in_words(fit.methodology), style="bold")
    outline.add(f"solver: {fit.solver}")
    if not fit.feasible:
        _add_conflicts(outline, fit)
        return outline
    fewest = "the fewest possible" if fit.optimal else "fewer may be possible"
    outline.add(f"{len(fit.facts)} hypothetical facts give the published table; {fewest}.")
    outline.gap()
    made = table("Company", "Hypothetical facts", right=(1,))
    for company, number in sorted(Counter(fact.company for fact in fit.facts).items()):
        made.add_row(company, str(number))
    outline.add_table(made)
    if fit.conditions:
        _add_standings(outline, fit)
    return outline


def _add_conflicts(outline: Outline, fit: Fit) -> None:
    outline.add(
        "No facts give the published table. These cannot hold together, and without any one of them the rest can:"
    )
    for conflict in fit.conflicts:
        where = f"{conflict.company}, {conflict.figure}" if conflict.company else f"count {conflict.figure}"
        outline.add(f"{where}: {conflict.published}", 2)


def _add_standings(outline: Outline, fit: Fit) -> None:
    counted = Counter(condition.standing for condition in fit.conditions)
    outline.gap()
    outline.add(
        f"Of {len(fit.conditions)} conditions that stated facts leave open, {counted[ConditionStatus.FORCED]} hold in "
        f"every solution, {counted[ConditionStatus.OPEN]} in some, {counted[ConditionStatus.EXCLUDED]} in none."
    )
    made = table("Company", "Condition", wraps=1)
    for condition in fit.conditions:
        if condition.standing is ConditionStatus.FORCED:
            made.add_row(condition.company, condition.condition)
    outline.gap()
    outline.add("Forced, given these points, these counts and these facts:", style="bold")
    outline.add_table(made)
