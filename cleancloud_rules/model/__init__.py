"""The model: what a methodology declares and what a dataset states."""

from typing import TYPE_CHECKING

from cleancloud_rules.lazy import lazily

if TYPE_CHECKING:
    from cleancloud_rules.model.cases import Case as Case
    from cleancloud_rules.model.cases import Expected as Expected
    from cleancloud_rules.model.claims import Highest as Highest
    from cleancloud_rules.model.claims import PublishedClaim as PublishedClaim
    from cleancloud_rules.model.claims import Reading as Reading
    from cleancloud_rules.model.claims import UnanswerableClaim as UnanswerableClaim
    from cleancloud_rules.model.conditions import AllOf as AllOf
    from cleancloud_rules.model.conditions import Alternative as Alternative
    from cleancloud_rules.model.conditions import AnyOf as AnyOf
    from cleancloud_rules.model.conditions import Condition as Condition
    from cleancloud_rules.model.conditions import Count as Count
    from cleancloud_rules.model.conditions import FieldTest as FieldTest
    from cleancloud_rules.model.conditions import Members as Members
    from cleancloud_rules.model.conditions import NoneOf as NoneOf
    from cleancloud_rules.model.conditions import Null as Null
    from cleancloud_rules.model.conditions import SetMode as SetMode
    from cleancloud_rules.model.conditions import UnaryTest as UnaryTest
    from cleancloud_rules.model.conditions import When as When
    from cleancloud_rules.model.datasets import Accepted as Accepted
    from cleancloud_rules.model.datasets import Dataset as Dataset
    from cleancloud_rules.model.datasets import NeverHypothetical as NeverHypothetical
    from cleancloud_rules.model.derivations import Assignment as Assignment
    from cleancloud_rules.model.derivations import Derivation as Derivation
    from cleancloud_rules.model.derivations import Formula as Formula
    from cleancloud_rules.model.derivations import Operand as Operand
    from cleancloud_rules.model.derivations import Operation as Operation
    from cleancloud_rules.model.derivations import Operator as Operator
    from cleancloud_rules.model.facts import Basis as Basis
    from cleancloud_rules.model.facts import Better as Better
    from cleancloud_rules.model.facts import Bibliography as Bibliography
    from cleancloud_rules.model.facts import Company as Company
    from cleancloud_rules.model.facts import Fact as Fact
    from cleancloud_rules.model.facts import FactType as FactType
    from cleancloud_rules.model.facts import FactValues as FactValues
    from cleancloud_rules.model.facts import Field as Field
    from cleancloud_rules.model.facts import NotFound as NotFound
    from cleancloud_rules.model.facts import Response as Response
    from cleancloud_rules.model.facts import ResponseStatus as ResponseStatus
    from cleancloud_rules.model.facts import Selection as Selection
    from cleancloud_rules.model.facts import Source as Source
    from cleancloud_rules.model.groups import Aggregation as Aggregation
    from cleancloud_rules.model.groups import Band as Band
    from cleancloud_rules.model.groups import BandsOf as BandsOf
    from cleancloud_rules.model.groups import Cap as Cap
    from cleancloud_rules.model.groups import Combining as Combining
    from cleancloud_rules.model.groups import CountsAs as CountsAs
    from cleancloud_rules.model.groups import CoverageLine as CoverageLine
    from cleancloud_rules.model.groups import DecisionTable as DecisionTable
    from cleancloud_rules.model.groups import Empty as Empty
    from cleancloud_rules.model.groups import Level as Level
    from cleancloud_rules.model.groups import NotApplicable as NotApplicable
    from cleancloud_rules.model.groups import NotAssessed as NotAssessed
    from cleancloud_rules.model.groups import Parts as Parts
    from cleancloud_rules.model.groups import Reads as Reads
    from cleancloud_rules.model.groups import Requirement as Requirement
    from cleancloud_rules.model.groups import RequirementWord as RequirementWord
    from cleancloud_rules.model.groups import ScoreRounding as ScoreRounding
    from cleancloud_rules.model.groups import TableHitPolicy as TableHitPolicy
    from cleancloud_rules.model.groups import TableInput as TableInput
    from cleancloud_rules.model.groups import TableRow as TableRow
    from cleancloud_rules.model.groups import Taken as Taken
    from cleancloud_rules.model.methodology import Criterion as Criterion
    from cleancloud_rules.model.methodology import Group as Group
    from cleancloud_rules.model.methodology import HitPolicy as HitPolicy
    from cleancloud_rules.model.methodology import Methodology as Methodology
    from cleancloud_rules.model.methodology import PointsBasis as PointsBasis
    from cleancloud_rules.model.methodology import Proportion as Proportion
    from cleancloud_rules.model.methodology import Reference as Reference
    from cleancloud_rules.model.methodology import Rule as Rule
    from cleancloud_rules.model.published import Contradiction as Contradiction
    from cleancloud_rules.model.published import FigureKind as FigureKind
    from cleancloud_rules.model.published import PublishedRow as PublishedRow
    from cleancloud_rules.model.published import PublishedTable as PublishedTable
    from cleancloud_rules.model.rounding import Rounding as Rounding
    from cleancloud_rules.model.rounding import RoundingMode as RoundingMode
    from cleancloud_rules.model.rounding import TotalPolicy as TotalPolicy
    from cleancloud_rules.model.texts import CountChange as CountChange
    from cleancloud_rules.model.texts import EditionChange as EditionChange
    from cleancloud_rules.model.texts import Notice as Notice
    from cleancloud_rules.model.texts import Remedy as Remedy
    from cleancloud_rules.model.units import Unit as Unit
    from cleancloud_rules.model.units import Units as Units
    from cleancloud_rules.model.values import Bound as Bound
    from cleancloud_rules.model.values import FieldType as FieldType
    from cleancloud_rules.model.values import Interval as Interval
    from cleancloud_rules.model.values import Period as Period
    from cleancloud_rules.model.values import Value as Value
    from cleancloud_rules.model.vocabulary import Implication as Implication
    from cleancloud_rules.model.vocabulary import PeriodCounts as PeriodCounts
    from cleancloud_rules.model.vocabulary import Vocabulary as Vocabulary
    from cleancloud_rules.model.vocabulary import Window as Window
else:
    __getattr__, __dir__, __all__ = lazily(
        __name__,
        {
            "model.cases": "Case Expected",
            "model.claims": "Highest PublishedClaim Reading UnanswerableClaim",
            "model.conditions": (
                "AllOf Alternative AnyOf Condition Count FieldTest Members NoneOf Null SetMode UnaryTest When"
            ),
            "model.datasets": "Accepted Dataset NeverHypothetical",
            "model.derivations": "Assignment Derivation Formula Operand Operation Operator",
            "model.facts": "Basis Better Bibliography Company Fact FactType FactValues Field NotFound Response "
            "ResponseStatus Selection Source",
            "model.groups": (
                "Aggregation Band BandsOf Cap Combining CountsAs CoverageLine DecisionTable Empty Level "
                "NotApplicable NotAssessed Parts Reads "
                "Requirement RequirementWord ScoreRounding TableHitPolicy TableInput TableRow Taken"
            ),
            "model.methodology": ("Criterion Group HitPolicy Methodology PointsBasis Proportion Reference Rule"),
            "model.published": "Contradiction FigureKind PublishedRow PublishedTable",
            "model.rounding": "Rounding RoundingMode TotalPolicy",
            "model.texts": "CountChange EditionChange Notice Remedy",
            "model.units": "Unit Units",
            "model.values": "Bound FieldType Interval Period Value",
            "model.vocabulary": "Implication PeriodCounts Vocabulary Window",
        },
    )
