"""A published ranking held against its methodology, figure by figure."""

from decimal import Decimal
from enum import Enum

from attrs import frozen

from cleancloud_rules.scorecards import MethodologyRecord, NoticeRecord


class Diagnosis(Enum):
    """What a printed figure turns out to be."""

    EQUAL = "equal"
    OFF_LATTICE = "off_lattice"
    OUTSIDE_BOUNDS = "outside_bounds"
    OTHER_POINTS = "other_points"
    WRONG_TOTAL = "wrong_total"
    FOLLOWS_OTHER_FIGURES = "follows_other_figures"


class Order(Enum):
    """Which way of adding gives a printed total."""

    SUM_OF_ROUNDED = "sum_of_rounded"
    ROUNDED_SUM = "rounded_sum"
    BOTH = "both"
    NEITHER = "neither"


@frozen
class FigureRow:
    """One printed figure.

    Args:
        company: id of the company.
        name: its name.
        cohort: id of its cohort.
        figure: id of the category, or ``total``.
        published: as printed.
        computed: from the facts, hypothetical ones included; None where they give no score.
        equal: whether both are the same.
        diagnosis: what the printed figure turns out to be.
        explanation: the diagnosis in a sentence.
        points: for a category the points that give the printed figure; None where none do.
        stated_points: the points that stated facts alone support; None for a total.
        hypothetical_points: the points that hypothetical facts add; None for a total.
        floor: the least that completions of the stated facts come to.
        ceiling: the most.
        adds_up: for a total, which way of adding the printed categories gives it; None for a category.
    """

    company: str
    name: str
    cohort: str | None
    figure: str
    published: Decimal
    computed: Decimal | None
    equal: bool
    diagnosis: Diagnosis
    explanation: str
    points: Decimal | None
    stated_points: Decimal | None
    hypothetical_points: Decimal | None
    floor: Decimal
    ceiling: Decimal
    adds_up: Order | None


@frozen
class OrderRow:
    """The printed order of one cohort.

    Args:
        cohort: id of the cohort.
        title: its title.
        equal: whether ranks and order are those that are computed.
        follows: whether the printed ranks follow from the printed totals.
        explanation: what differs, in a sentence.
    """

    cohort: str | None
    title: str
    equal: bool
    follows: bool
    explanation: str


@frozen
class Reproduction:
    """A published table, examined.

    Args:
        dataset: its title.
        methodology: which methodology was applied.
        figures_total: how many figures are printed.
        figures_equal: how many of them are computed too.
        orders_total: how many orders are printed.
        orders_equal: how many of them are computed too.
        sum_of_rounded: for how many companies the total is the sum of the printed category scores.
        rounded_sum: for how many it is the rounded sum of the exact category scores.
        hypothetical_facts: how many hypothetical facts were read.
        rows: one for each figure, in the order of the table.
        orders: one for each cohort.
        notices: what every rendering says.
        library_version: the version that computed it.
    """

    dataset: str
    methodology: MethodologyRecord
    figures_total: int
    figures_equal: int
    orders_total: int
    orders_equal: int
    sum_of_rounded: int
    rounded_sum: int
    hypothetical_facts: int
    rows: tuple[FigureRow, ...]
    orders: tuple[OrderRow, ...]
    notices: tuple[NoticeRecord, ...]
    library_version: str

    @property
    def is_equal(self) -> bool:
        """Whether every figure and every order is reproduced."""
        return self.figures_equal == self.figures_total and self.orders_equal == self.orders_total
