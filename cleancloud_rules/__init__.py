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
from cleancloud_rules._version import __version__
from cleancloud_rules.datasets import Dataset
from cleancloud_rules.diagnostics import Diagnostic, Location, Severity, Source
from cleancloud_rules.errors import CleanCloudError, CriteriaError, EngineError, FactsError
from cleancloud_rules.facts import CompanyFacts, Evidence, Fact, FactType, Field
from cleancloud_rules.firings import Firing, Outcome
from cleancloud_rules.methodology import Category, Criterion, Methodology, Rounding, Rule
from cleancloud_rules.scorecards import CategoryScore, CriterionResult, Ranking, RuleResult, Scorecard

__all__ = [
    "Category",
    "CategoryScore",
    "CleanCloudError",
    "CompanyFacts",
    "CriteriaError",
    "Criterion",
    "CriterionResult",
    "Dataset",
    "Diagnostic",
    "EngineError",
    "Evidence",
    "Fact",
    "FactType",
    "FactsError",
    "Field",
    "Firing",
    "Location",
    "Methodology",
    "Outcome",
    "Ranking",
    "Rounding",
    "Rule",
    "RuleResult",
    "Scorecard",
    "Severity",
    "Source",
    "__version__",
    "check_methodology",
    "company_from",
    "load_company",
    "load_dataset",
    "load_methodology",
    "methodology_from",
    "rank",
    "score",
]
