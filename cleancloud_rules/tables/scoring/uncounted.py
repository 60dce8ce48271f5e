"""The facts of tables that do not count, by reason."""

from collections import Counter

from cleancloud_rules.engine.eligibility import after_cut_off, outside_window
from cleancloud_rules.model.facts import Basis
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.tables.facts import FactTables
from cleancloud_rules.tables.scoring.evidence import Evidence
from cleancloud_rules.tables.scoring.stated import Alike, dated, depends_on_time

Reasons = tuple[tuple[str, int], ...]
"""Reasons in words, each with the number of facts, the most frequent first."""


def uncounted(tables: FactTables, evidence: Evidence, *, with_hypothetical: bool) -> Reasons:
    """Return why stated facts do not count, each reason with the number of facts.

    The first reason of a fact is taken, as `eligibility.why_not` does.
    """
    found = Counter[str]()
    for facts in evidence.alike:
        reason = _reason(facts, evidence.methodology, with_hypothetical=with_hypothetical)
        if reason is not None:
            found[reason] += facts.number
    earlier = " UNION ALL ".join(
        f"SELECT 1 FROM {evidence.rows[id]} AS facts WHERE eligible AND NOT counts AND NOT contradicts"
        for id in evidence.plans
        if id in evidence.ruleset.selecting
    )
    if earlier:
        ((found["a later fact supersedes them"],),) = tables.backend.rows(f"SELECT COUNT(*) FROM ({earlier}) AS facts")
    return tuple(sorted((+found).items(), key=lambda one: (-one[1], one[0])))


def _reason(facts: Alike, methodology: Methodology, *, with_hypothetical: bool) -> str | None:
    """Return why facts do not count that are alike; None if they count."""
    if facts.basis == Basis.HYPOTHETICAL.value and not with_hypothetical:
        return "hypothetical facts are read only on request"
    if facts.source_type is None:
        return "no source is given"
    if facts.source_type not in methodology.accepted_sources:
        return f"sources of type {facts.source_type} are not accepted"
    if not facts.accepted:
        return f"their source was published after the cut-off on {methodology.as_of}"
    fact_type = methodology.vocabulary.by_id[facts.type]
    if not depends_on_time(fact_type, methodology):
        return None
    fact = dated(facts.type, facts.days, methodology)
    if after_cut_off(fact, methodology) is not None:
        return f"their time is after the cut-off on {methodology.as_of}"
    return f"their time is outside the window {fact_type.horizon}" if outside_window(fact, methodology) else None
