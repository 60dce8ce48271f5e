"""Score companies by published rules, with every point traced to a rule, a fact and a source."""

from cleancloud_rules._api import (
    check_companies,
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
from cleancloud_rules._case_running import load_cases, run_cases
from cleancloud_rules._certifying import certify
from cleancloud_rules._examining import bounds, findings, fit, points_changes, reproduce
from cleancloud_rules._version import __version__
from cleancloud_rules._weighing import weights_of
from cleancloud_rules.bounds import Bounds
from cleancloud_rules.cases import Case, CaseReport, CaseResult, Coverage
from cleancloud_rules.certificates import Certificate, Certified, Counterexample, Judgement, Sense, Verdict
from cleancloud_rules.datasets import Dataset
from cleancloud_rules.diagnostics import Diagnostic, Location, Severity, Source
from cleancloud_rules.differences import Difference
from cleancloud_rules.errors import CleanCloudError, CriteriaError, EngineError, FactsError, MissingExtraError
from cleancloud_rules.facts import CompanyFacts, Evidence, Fact, FactType, Field
from cleancloud_rules.firings import Firing, Outcome
from cleancloud_rules.fits import Fit
from cleancloud_rules.methodology import Category, Criterion, Methodology, Rule
from cleancloud_rules.rankings import Ranking
from cleancloud_rules.reproductions import Reproduction
from cleancloud_rules.rounding import Rounding
from cleancloud_rules.scorecards import CategoryScore, CriterionResult, RuleResult, Scorecard
from cleancloud_rules.statements import Findings
from cleancloud_rules.weights import CriterionWeight

__all__ = [
    "Bounds",
    "Case",
    "CaseReport",
    "CaseResult",
    "Category",
    "CategoryScore",
    "Certificate",
    "Certified",
    "CleanCloudError",
    "CompanyFacts",
    "Counterexample",
    "Coverage",
    "CriteriaError",
    "Criterion",
    "CriterionResult",
    "CriterionWeight",
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
    "Judgement",
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
    "Sense",
    "Severity",
    "Source",
    "Verdict",
    "__version__",
    "bounds",
    "certify",
    "check_companies",
    "check_methodology",
    "company_from",
    "diff",
    "findings",
    "fit",
    "load_cases",
    "load_company",
    "load_dataset",
    "load_methodology",
    "methodology_from",
    "points_changes",
    "rank",
    "reproduce",
    "run_cases",
    "score",
    "weights_of",
]
