"""Reproductions: a published table compared with computed results, figure by figure."""

from decimal import Decimal
from enum import Enum

from attrs import frozen

from cleancloud_rules.model.published import FigureKind
from cleancloud_rules.one_line import one_line
from cleancloud_rules.results.base import Result
from cleancloud_rules.results.from_data import Count
from cleancloud_rules.results.records import SCHEMA_VERSION, MethodologyRecord, NoticeRecord


class Diagnosis(Enum):
    """The diagnosis of a published figure."""

    EQUAL = "equal"
    OFF_LATTICE = "off_lattice"
    OUTSIDE_BOUNDS = "outside_bounds"
    OTHER_POINTS = "other_points"
    WRONG_TOTAL = "wrong_total"
    FOLLOWS_OTHER_FIGURES = "follows_other_figures"
    OTHER_POLICY = "other_policy"
    DIFFERS = "differs"


class Order(Enum):
    """Which order of adding and rounding gives a published total."""

    SUM_OF_ROUNDED = "sum_of_rounded"
    ROUNDED_SUM = "rounded_sum"
    BOTH = "both"
    NEITHER = "neither"


class Follows(Enum):
    """Whether a published figure follows from the other published figures of its row."""

    EXACTLY = "exactly"
    WITHIN_ROUNDING = "within_rounding"
    NO = "no"


@frozen(field_transformer=one_line)
class FigureRow:
    """One published figure.

    Args:
        company: id of the company.
        name: its name.
        cohort: id of its cohort.
        figure: its column: id of a group, a criterion or a decision table, ``total``, ``level`` or ``label``.
        published: the published value; None if the publisher says that there is none.
        computed: the computed value, with hypothetical facts; None if there is none.
        stated: the computed value from stated facts alone; None if there is none, and for words beside hypothetical
            facts.
        equal: whether both are equal.
        diagnosis: the diagnosis of the published figure.
        explanation: the diagnosis in a sentence.
        points: in an additive methodology, the points that give a published category score; None if no points do.
        stated_points: the points from stated facts alone; None if points are not added up.
        hypothetical_points: the points that hypothetical facts add; None if points are not added up.
        floor: the lower bound over completions of the stated facts; None if it was not computed.
        ceiling: the upper bound; None if it was not computed.
        adds_up: for an additive total, which order of adding and rounding gives it from the published categories.
        kind: the kind of figure.
        arithmetic: how it is computed, in a sentence.
        follows: whether it follows from the other figures of its row; None if too few are published.
        alternatives: policies that are not declared. Each of them alone would give the figure.
    """

    company: str
    name: str
    cohort: str | None
    figure: str
    published: Decimal | str | None
    computed: Decimal | str | None
    stated: Decimal | str | None
    equal: bool
    diagnosis: Diagnosis
    explanation: str
    points: Decimal | None
    stated_points: Decimal | None
    hypothetical_points: Decimal | None
    floor: Decimal | None
    ceiling: Decimal | None
    adds_up: Order | None
    kind: FigureKind
    arithmetic: str | None
    follows: Follows | None
    alternatives: tuple[str, ...]


@frozen(field_transformer=one_line)
class OrderRow:
    """The published order of one cohort.

    Args:
        cohort: id of the cohort.
        title: its title.
        equal: whether ranks and order are equal to the computed ones.
        follows: whether the published ranks follow from the published figures that companies are ranked by; None if
            these figures are not published.
        explanation: the difference in a sentence.
    """

    cohort: str | None
    title: str
    equal: bool
    follows: bool | None
    explanation: str


@frozen(field_transformer=one_line)
class Reproduction(Result):
    """The comparison of a published table with computed results.

    Args:
        dataset: title of the dataset.
        methodology: the methodology.
        figures_total: the number of published figures.
        figures_equal: the number of published figures that are equal to the computed ones.
        orders_total: the number of published orders.
        orders_equal: the number of published orders that are equal to the computed ones.
        sum_of_rounded: the number of companies whose additive total is the sum of the published category scores.
        rounded_sum: the number of companies whose additive total is the rounded sum of the exact category scores.
        hypothetical_facts: the number of hypothetical facts that were read.
        rows: one for each figure, in the order of the table.
        orders: one for each cohort with published ranks.
        not_printed: ids of companies of the dataset without a published figure.
        not_in_dataset: ids of published companies that the dataset does not have; nothing is compared for them.
        without_figure: ids of published companies whose row has neither a rank nor a figure.
        notices: the notices that every output carries.
        library_version: the version of the library.
        schema_version: the version of the JSON form.
    """

    dataset: str
    methodology: MethodologyRecord
    figures_total: Count
    figures_equal: Count
    orders_total: Count
    orders_equal: Count
    sum_of_rounded: Count
    rounded_sum: Count
    hypothetical_facts: Count
    rows: tuple[FigureRow, ...]
    orders: tuple[OrderRow, ...]
    not_printed: tuple[str, ...]
    not_in_dataset: tuple[str, ...]
    without_figure: tuple[str, ...]
    notices: tuple[NoticeRecord, ...]
    library_version: str
    schema_version: int = SCHEMA_VERSION

    @property
    def is_equal(self) -> bool:
        """Whether something is published, every row has a figure, and every figure and every order is reproduced."""
        figures, orders = self.figures_equal == self.figures_total, self.orders_equal == self.orders_total
        return self.is_compared and figures and orders and not self.not_in_dataset and not self.without_figure

    @property
    def is_compared(self) -> bool:
        """Whether anything is compared: a figure or an order."""
        return self.figures_total + self.orders_total > 0
