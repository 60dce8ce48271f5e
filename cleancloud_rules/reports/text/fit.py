"""A fit in text: the number of hypothetical facts, forced conditions, or the figures in conflict."""

from collections import Counter

from cleancloud_rules.reports.outline.blocks import Outline, table
from cleancloud_rules.reports.text.base import add_notices, methodology_in_words
from cleancloud_rules.results.fits import ConditionStatus, Fit


def fit_text(fit: Fit) -> Outline:
    """Return a fit as a document."""
    outline = Outline()
    add_notices(outline, fit.notices)
    outline.heading(methodology_in_words(fit.methodology), 1)
    outline.add(f"solver: {fit.solver}")
    if not fit.feasible:
        _add_conflicts(outline, fit)
        return outline
    minimum = "this is the minimum" if fit.optimal else "fewer may be possible"
    number = len(fit.facts)
    facts = "1 hypothetical fact gives" if number == 1 else f"{number} hypothetical facts give"
    outline.add(f"{facts} the published table; {minimum}.")
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
        "No facts give the published table. These figures cannot hold together, but without any one of them the others "
        "can:"
    )
    for conflict in fit.conflicts:
        where = f"{conflict.company}, {conflict.figure}" if conflict.company else f"claim {conflict.figure}"
        outline.add(f"{where}: {conflict.published}", 2)


def _add_standings(outline: Outline, fit: Fit) -> None:
    counted = Counter(condition.standing for condition in fit.conditions)
    outline.gap()
    outline.add(
        f"Stated facts leave {len(fit.conditions)} conditions undecided: {counted[ConditionStatus.FORCED]} are forced "
        f"(hold in every solution), {counted[ConditionStatus.OPEN]} open (in some), "
        f"{counted[ConditionStatus.EXCLUDED]} excluded (in none)."
    )
    made = table("Company", "Condition", wraps=1)
    for condition in fit.conditions:
        if condition.standing is ConditionStatus.FORCED:
            made.add_row(condition.company, condition.condition)
    outline.gap()
    outline.heading("Conditions forced by these points, claims and facts:")
    outline.add_table(made)
