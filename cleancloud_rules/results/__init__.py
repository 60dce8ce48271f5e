"""Results: what checking, scoring and analyses return."""

from typing import TYPE_CHECKING

from cleancloud_rules.lazy import lazily

if TYPE_CHECKING:
    from cleancloud_rules.diagnostics.diagnostic import Diagnostic as Diagnostic
    from cleancloud_rules.diagnostics.diagnostic import Location as Location
    from cleancloud_rules.diagnostics.diagnostic import Severity as Severity
    from cleancloud_rules.diagnostics.diagnostic import SheetCell as SheetCell
    from cleancloud_rules.diagnostics.diagnostic import SourceFile as SourceFile
    from cleancloud_rules.errors import Disagreement as Disagreement
    from cleancloud_rules.model.outcomes import GroupOutcome as GroupOutcome
    from cleancloud_rules.model.outcomes import Outcome as Outcome
    from cleancloud_rules.results.base import Result as Result
    from cleancloud_rules.results.bounds import Bounds as Bounds
    from cleancloud_rules.results.bounds import CompanyBounds as CompanyBounds
    from cleancloud_rules.results.bounds import CoverageBounds as CoverageBounds
    from cleancloud_rules.results.bounds import CriterionBounds as CriterionBounds
    from cleancloud_rules.results.bounds import Ends as Ends
    from cleancloud_rules.results.bounds import GroupBounds as GroupBounds
    from cleancloud_rules.results.bounds import RuleGain as RuleGain
    from cleancloud_rules.results.case_reports import CaseReport as CaseReport
    from cleancloud_rules.results.case_reports import CaseResult as CaseResult
    from cleancloud_rules.results.case_reports import Coverage as Coverage
    from cleancloud_rules.results.case_reports import Mismatch as Mismatch
    from cleancloud_rules.results.case_reports import RuleCoverage as RuleCoverage
    from cleancloud_rules.results.case_reports import TestCoverage as TestCoverage
    from cleancloud_rules.results.certificates import Certificate as Certificate
    from cleancloud_rules.results.certificates import Certified as Certified
    from cleancloud_rules.results.certificates import Counterexample as Counterexample
    from cleancloud_rules.results.certificates import Improvement as Improvement
    from cleancloud_rules.results.certificates import Judgement as Judgement
    from cleancloud_rules.results.certificates import Means as Means
    from cleancloud_rules.results.certificates import Place as Place
    from cleancloud_rules.results.certificates import RuleInvolved as RuleInvolved
    from cleancloud_rules.results.certificates import Verdict as Verdict
    from cleancloud_rules.results.claims import ClaimReport as ClaimReport
    from cleancloud_rules.results.claims import ClaimResult as ClaimResult
    from cleancloud_rules.results.claims import ClaimVerdict as ClaimVerdict
    from cleancloud_rules.results.claims import UnanswerableRecord as UnanswerableRecord
    from cleancloud_rules.results.differences import Change as Change
    from cleancloud_rules.results.differences import ChangedFigureKind as ChangedFigureKind
    from cleancloud_rules.results.differences import ChangeKind as ChangeKind
    from cleancloud_rules.results.differences import CompanyDifference as CompanyDifference
    from cleancloud_rules.results.differences import Contribution as Contribution
    from cleancloud_rules.results.differences import Difference as Difference
    from cleancloud_rules.results.differences import Effect as Effect
    from cleancloud_rules.results.differences import FigureChange as FigureChange
    from cleancloud_rules.results.differences import Step as Step
    from cleancloud_rules.results.differences import Turn as Turn
    from cleancloud_rules.results.differences import UnreadFile as UnreadFile
    from cleancloud_rules.results.differences import WordChange as WordChange
    from cleancloud_rules.results.differences import WordKind as WordKind
    from cleancloud_rules.results.fits import ConditionStanding as ConditionStanding
    from cleancloud_rules.results.fits import ConditionStatus as ConditionStatus
    from cleancloud_rules.results.fits import Fit as Fit
    from cleancloud_rules.results.fits import HypotheticalFact as HypotheticalFact
    from cleancloud_rules.results.fits import PointsChange as PointsChange
    from cleancloud_rules.results.fits import Target as Target
    from cleancloud_rules.results.kept_records import ComparedCompany as ComparedCompany
    from cleancloud_rules.results.kept_records import ComparedRecord as ComparedRecord
    from cleancloud_rules.results.kept_records import Comparison as Comparison
    from cleancloud_rules.results.kept_records import CriterionMove as CriterionMove
    from cleancloud_rules.results.kept_records import Evidence as Evidence
    from cleancloud_rules.results.kept_records import EvidenceChange as EvidenceChange
    from cleancloud_rules.results.kept_records import EvidenceKind as EvidenceKind
    from cleancloud_rules.results.kept_records import Record as Record
    from cleancloud_rules.results.kept_records import RecordDifference as RecordDifference
    from cleancloud_rules.results.kept_records import Replay as Replay
    from cleancloud_rules.results.kept_records import Verification as Verification
    from cleancloud_rules.results.mutants import MutantKind as MutantKind
    from cleancloud_rules.results.mutants import MutantResult as MutantResult
    from cleancloud_rules.results.mutants import MutantVerdict as MutantVerdict
    from cleancloud_rules.results.mutants import MutationReport as MutationReport
    from cleancloud_rules.results.of_records.disclosures import DisclosedItem as DisclosedItem
    from cleancloud_rules.results.of_records.disclosures import DisclosedPart as DisclosedPart
    from cleancloud_rules.results.of_records.disclosures import Disclosure as Disclosure
    from cleancloud_rules.results.of_records.disclosures import Said as Said
    from cleancloud_rules.results.points import CriterionPoints as CriterionPoints
    from cleancloud_rules.results.points import GroupPoints as GroupPoints
    from cleancloud_rules.results.points import Points as Points
    from cleancloud_rules.results.rankings import Cohort as Cohort
    from cleancloud_rules.results.rankings import RankedBounds as RankedBounds
    from cleancloud_rules.results.rankings import RankedCategory as RankedCategory
    from cleancloud_rules.results.rankings import RankedCategoryBounds as RankedCategoryBounds
    from cleancloud_rules.results.rankings import RankedCompany as RankedCompany
    from cleancloud_rules.results.rankings import RankedName as RankedName
    from cleancloud_rules.results.rankings import Ranking as Ranking
    from cleancloud_rules.results.rankings import RowOrder as RowOrder
    from cleancloud_rules.results.records import Calculation as Calculation
    from cleancloud_rules.results.records import CompanyRecord as CompanyRecord
    from cleancloud_rules.results.records import ContradictionRecord as ContradictionRecord
    from cleancloud_rules.results.records import FactRecord as FactRecord
    from cleancloud_rules.results.records import FittedRow as FittedRow
    from cleancloud_rules.results.records import LevelRecord as LevelRecord
    from cleancloud_rules.results.records import LevelStep as LevelStep
    from cleancloud_rules.results.records import MethodologyRecord as MethodologyRecord
    from cleancloud_rules.results.records import NoticeRecord as NoticeRecord
    from cleancloud_rules.results.records import PublishedRecord as PublishedRecord
    from cleancloud_rules.results.records import ReadValue as ReadValue
    from cleancloud_rules.results.records import SearchRecord as SearchRecord
    from cleancloud_rules.results.records import SourceRecord as SourceRecord
    from cleancloud_rules.results.records import TableResult as TableResult
    from cleancloud_rules.results.reproductions import Diagnosis as Diagnosis
    from cleancloud_rules.results.reproductions import FigureRow as FigureRow
    from cleancloud_rules.results.reproductions import Follows as Follows
    from cleancloud_rules.results.reproductions import Order as Order
    from cleancloud_rules.results.reproductions import OrderRow as OrderRow
    from cleancloud_rules.results.reproductions import Reproduction as Reproduction
    from cleancloud_rules.results.scorecards import CriterionResult as CriterionResult
    from cleancloud_rules.results.scorecards import GroupScore as GroupScore
    from cleancloud_rules.results.scorecards import PartsAssessed as PartsAssessed
    from cleancloud_rules.results.scorecards import RequirementsMet as RequirementsMet
    from cleancloud_rules.results.scorecards import RuleResult as RuleResult
    from cleancloud_rules.results.scorecards import Scorecard as Scorecard
    from cleancloud_rules.results.scorecards import Unmet as Unmet
    from cleancloud_rules.results.weights import CriterionWeight as CriterionWeight
    from cleancloud_rules.results.what_ifs import FigureEffect as FigureEffect
    from cleancloud_rules.results.what_ifs import PartEffect as PartEffect
    from cleancloud_rules.results.what_ifs import RankChange as RankChange
    from cleancloud_rules.results.what_ifs import ResponseEffect as ResponseEffect
    from cleancloud_rules.results.what_ifs import ResponseFigure as ResponseFigure
    from cleancloud_rules.results.what_ifs import ResponseRank as ResponseRank
    from cleancloud_rules.results.what_ifs import ResponseRecord as ResponseRecord
    from cleancloud_rules.results.what_ifs import ResponseWord as ResponseWord
    from cleancloud_rules.results.what_ifs import WhatIf as WhatIf
    from cleancloud_rules.results.what_ifs import WhatIfChange as WhatIfChange
    from cleancloud_rules.results.what_ifs import WhatIfCompany as WhatIfCompany
    from cleancloud_rules.results.what_ifs import WhatIfKind as WhatIfKind
else:
    __getattr__, __dir__, __all__ = lazily(
        __name__,
        {
            "diagnostics.diagnostic": "Diagnostic Location Severity SheetCell SourceFile",
            "errors": "Disagreement",
            "model.outcomes": "GroupOutcome Outcome",
            "results.base": "Result",
            "results.bounds": "Bounds CompanyBounds CoverageBounds CriterionBounds Ends GroupBounds RuleGain",
            "results.case_reports": "CaseReport CaseResult Coverage Mismatch RuleCoverage TestCoverage",
            "results.certificates": (
                "Certificate Certified Counterexample Improvement Judgement Means Place RuleInvolved Verdict"
            ),
            "results.claims": "ClaimReport ClaimResult ClaimVerdict UnanswerableRecord",
            "results.differences": (
                "Change ChangeKind ChangedFigureKind CompanyDifference Contribution Difference Effect "
                "FigureChange Step Turn UnreadFile WordChange WordKind"
            ),
            "results.of_records.disclosures": "DisclosedItem DisclosedPart Disclosure Said",
            "results.fits": "ConditionStanding ConditionStatus Fit HypotheticalFact PointsChange Target",
            "results.kept_records": (
                "ComparedCompany ComparedRecord Comparison CriterionMove Evidence EvidenceChange EvidenceKind "
                "Record RecordDifference Replay Verification"
            ),
            "results.mutants": "MutantKind MutantResult MutantVerdict MutationReport",
            "results.points": "CriterionPoints GroupPoints Points",
            "results.rankings": (
                "Cohort RankedBounds RankedCategory RankedCategoryBounds RankedCompany RankedName Ranking RowOrder"
            ),
            "results.records": (
                "Calculation CompanyRecord ContradictionRecord FactRecord FittedRow LevelRecord LevelStep "
                "MethodologyRecord NoticeRecord PublishedRecord ReadValue SearchRecord SourceRecord TableResult"
            ),
            "results.reproductions": "Diagnosis FigureRow Follows Order OrderRow Reproduction",
            "results.scorecards": (
                "CriterionResult GroupScore PartsAssessed RequirementsMet RuleResult Scorecard Unmet"
            ),
            "results.weights": "CriterionWeight",
            "results.what_ifs": (
                "WhatIfChange WhatIfKind FigureEffect PartEffect RankChange WhatIf WhatIfCompany "
                "ResponseEffect ResponseFigure ResponseRank ResponseRecord ResponseWord"
            ),
        },
    )
