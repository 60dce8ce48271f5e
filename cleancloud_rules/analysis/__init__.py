"""Analyses of methodologies and datasets. Each is a function, whose result is a class of `cleancloud_rules.results`."""

from typing import TYPE_CHECKING

from cleancloud_rules.lazy import lazily

if TYPE_CHECKING:
    from cleancloud_rules.analysis.claims.recount import findings as findings
    from cleancloud_rules.analysis.fact_changes.what_if import what_if as what_if
    from cleancloud_rules.analysis.fitting.fit import fit as fit
    from cleancloud_rules.analysis.fitting.fit import points_changes as points_changes
    from cleancloud_rules.analysis.monotonicity.certifier import certify as certify
    from cleancloud_rules.analysis.reproduction.reproducer import reproduce as reproduce
    from cleancloud_rules.analysis.score_bounds.bounder import bounds as bounds
    from cleancloud_rules.scoring.weights import effective_weights as effective_weights
else:
    __getattr__, __dir__, __all__ = lazily(
        __name__,
        {
            "analysis.claims.recount": "findings",
            "analysis.fact_changes.what_if": "what_if",
            "analysis.fitting.fit": "fit points_changes",
            "analysis.monotonicity.certifier": "certify",
            "analysis.reproduction.reproducer": "reproduce",
            "analysis.score_bounds.bounder": "bounds",
            "scoring.weights": "effective_weights",
        },
    )
