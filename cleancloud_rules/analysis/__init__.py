"""Analyses of methodologies and datasets. Each is a function, whose result is a class of `cleancloud_rules.results`."""

from typing import TYPE_CHECKING

from cleancloud_rules.lazy import lazily

if TYPE_CHECKING:
    from cleancloud_rules.analysis.examiner import bounds as bounds
    from cleancloud_rules.analysis.examiner import findings as findings
    from cleancloud_rules.analysis.examiner import fit as fit
    from cleancloud_rules.analysis.examiner import points_changes as points_changes
    from cleancloud_rules.analysis.examiner import reproduce as reproduce
    from cleancloud_rules.analysis.monotonicity.certifier import certify as certify
    from cleancloud_rules.scoring.weights import effective_weights as effective_weights
else:
    __getattr__, __dir__, __all__ = lazily(
        __name__,
        {
            "analysis.examiner": "bounds findings fit points_changes reproduce",
            "analysis.monotonicity.certifier": "certify",
            "scoring.weights": "effective_weights",
        },
    )
