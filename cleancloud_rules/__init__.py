"""Score companies by published rules, with every point traced to a rule, a fact and a source."""

from cleancloud_rules._api import (
    check_methodology,
    company_from,
    load_company,
    load_dataset,
    load_methodology,
    methodology_from,
    rank,
    score,
)
from cleancloud_rules._attributing import diff
from cleancloud_rules._examining import bounds, findings, fit, points_changes, reproduce
from cleancloud_rules._version import __version__
from cleancloud_rules.bounds import Bounds
from cleancloud_rules.datasets import Dataset
from cleancloud_rules.diagnostics import Diagnostic, Location, Severity, Source
from cleancloud_rules.differences import Difference
from cleancloud_rules.errors import CleanCloudError, CriteriaError, EngineError, FactsError, MissingExtraError
from cleancloud_rules.facts import CompanyFacts, Evidence, Fact, FactType, Field
from cleancloud_rules.firings import Firing, Outcome
from cleancloud_rules.fits import Fit
from cleancloud_rules.methodology import Category, Criterion, Methodology, Rule
from cleancloud_rules.reproductions import Reproduction
from cleancloud_rules.rounding import Rounding
from cleancloud_rules.scorecards import CategoryScore, CriterionResult, Ranking, RuleResult, Scorecard
from cleancloud_rules.statements import Findings

__all__ = [
    "Bounds",
    "Category",
    "CategoryScore",
    "CleanCloudError",
    "CompanyFacts",
    "CriteriaError",
    "Criterion",
    "CriterionResult",
    "Dataset",
    "Diagnostic",
    "Difference",
    "EngineError",
    "Evidence",
    "Fact",
    "FactType",
    "FactsError",
    "Field",
    "Findings",
    "Firing",
    "Fit",
    "Location",
    "Methodology",
    "MissingExtraError",
    "Outcome",
    "Ranking",
    "Reproduction",
    "Rounding",
    "Rule",
    "RuleResult",
    "Scorecard",
    "Severity",
    "Source",
    "__version__",
    "bounds",
    "check_methodology",
    "company_from",
    "diff",
    "findings",
    "fit",
    "load_company",
    "load_dataset",
    "load_methodology",
    "methodology_from",
    "points_changes",
    "rank",
    "reproduce",
    "score",
]
