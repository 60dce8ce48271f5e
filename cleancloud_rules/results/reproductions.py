"""A published ranking held against its methodology, figure by figure."""

from decimal import Decimal
from enum import Enum

from attrs import frozen

from cleancloud_rules.model.published import FigureKind
from cleancloud_rules.results.records import MethodologyRecord, NoticeRecord


class Diagnosis(Enum):
    """What a printed figure turns out to be."""

    EQUAL = "equal"
    OFF_LATTICE = "off_lattice"
    OUTSIDE_BOUNDS = "outside_bounds"
    OTHER_POINTS = "other_points"
    WRONG_TOTAL = "wrong_total"
    FOLLOWS_OTHER_FIGURES = "follows_other_figures"
    OTHER_POLICY = "other_policy"
    DIFFERS = "differs"


class Order(Enum):
    """Which way of adding gives a printed total."""

    SUM_OF_ROUNDED = "sum_of_rounded"
    ROUNDED_SUM = "rounded_sum"
    BOTH = "both"
    NEITHER = "neither"


class Follows(Enum):
    """Whether a printed figure follows from the other printed figures of its row."""

    EXACTLY = "exactly"
    WITHIN_ROUNDING = "within_rounding"
    NO = "no"


@frozen
class FigureRow:
    """One printed figure.

    Args:
        company: id of the company.
        name: its name.
        cohort: id of its cohort.
        figure: its column: id of a group, a criterion or a decision table, ``total``, ``level`` or ``label``.
        published: as printed; None where the publisher says that there is none.
        computed: from the facts, hypothetical ones included; None where they give none.
        equal: whether both are the same.
        diagnosis: what the printed figure turns out to be.
        explanation: the diagnosis in a sentence.
        points: in an additive methodology, the points that give a printed category score; None where none do.
        stated_points: the points that stated facts alone support; None where points are not added up.
        hypothetical_points: the points that hypothetical facts add; None likewise.
        floor: the least that completions of the stated facts come to; None where it was not looked for.
        ceiling: the most; None likewise.
        adds_up: for an additive total, which way of adding the printed categories gives it.
        kind: what the figure is.
        arithmetic: how it is computed, in a sentence.
        follows: whether it follows from the other figures of its row; None where too few are printed.
        alternatives: policies that are not declared, each of which alone would give it.
    """

    company: str
    name: str
    cohort: str | None
    figure: str
    published: Decimal | str | None
    computed: Decimal | str | None
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


@frozen
class OrderRow:
    """The printed order of one cohort.

    Args:
        cohort: id of the cohort.
        title: its title.
        equal: whether ranks and order are those that are computed.
        follows: whether the printed ranks follow from the printed figures that companies are ranked by; None where
            these are not printed.
        explanation: what differs, in a sentence.
    """

    cohort: str | None
    title: str
    equal: bool
    follows: bool | None
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
        sum_of_rounded: for how many companies an additive total is the sum of the printed category scores.
        rounded_sum: for how many it is the rounded sum of the exact category scores.
        hypothetical_facts: how many hypothetical facts were read.
        rows: one for each figure, in the order of the table.
        orders: one for each cohort of which ranks are printed.
        not_printed: ids of the companies of the dataset of which nothing is printed.
        not_in_dataset: ids of the printed companies that the dataset does not have; nothing is compared for them.
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
    not_printed: tuple[str, ...]
    not_in_dataset: tuple[str, ...]
    notices: tuple[NoticeRecord, ...]
    library_version: str

    @property
    def is_equal(self) -> bool:
        """Whether every figure and every order is reproduced."""
        figures, orders = self.figures_equal == self.figures_total, self.orders_equal == self.orders_total
        return figures and orders and not self.not_in_dataset
