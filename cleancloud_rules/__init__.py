"""Score companies by published rules, with every point traced to a rule, a fact and a source."""

from cleancloud_rules._version import __version__
from cleancloud_rules.analysis.editions.attribution import diff
from cleancloud_rules.analysis.examiner import bounds, findings, fit, points_changes, reproduce
from cleancloud_rules.analysis.monotonicity.certifier import certify
from cleancloud_rules.api import check_companies, check_methodology, load_methodology, methodology_from
from cleancloud_rules.cases.runner import load_cases, run_cases
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, Severity, SourceFile
from cleancloud_rules.engine.firings import Firing
from cleancloud_rules.errors import CleanCloudError, CriteriaError, EngineError, FactsError, MissingExtraError
from cleancloud_rules.language.load.files import company_from, load_company, load_dataset
from cleancloud_rules.model.cases import Case
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Company, Fact, FactType, Field, Source
from cleancloud_rules.model.methodology import Criterion, Group, Methodology, Rule
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.model.rounding import Rounding
from cleancloud_rules.results.bounds import Bounds
from cleancloud_rules.results.case_reports import CaseReport, CaseResult, Coverage
from cleancloud_rules.results.certificates import (
    Certificate,
    Certified,
    Counterexample,
    Improvement,
    Judgement,
    Verdict,
)
from cleancloud_rules.results.claims import ClaimReport
from cleancloud_rules.results.differences import Difference
from cleancloud_rules.results.fits import Fit
from cleancloud_rules.results.rankings import Ranking
from cleancloud_rules.results.reproductions import Reproduction
from cleancloud_rules.results.scorecards import CriterionResult, GroupScore, RuleResult, Scorecard
from cleancloud_rules.results.weights import CriterionWeight
from cleancloud_rules.scoring.session import rank, score
from cleancloud_rules.scoring.weights import weights_of

__all__ = [
    "Bounds",
    "Case",
    "CaseReport",
    "CaseResult",
    "Certificate",
    "Certified",
    "ClaimReport",
    "CleanCloudError",
    "Company",
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
    "Fact",
    "FactType",
    "FactsError",
    "Field",
    "Firing",
    "Fit",
    "Group",
    "GroupScore",
    "Improvement",
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
    "Severity",
    "Source",
    "SourceFile",
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
