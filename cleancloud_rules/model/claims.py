"""Published claims: what a publisher states about its companies together."""

from enum import Enum

from attrs import field, frozen

from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.model.conditions import Condition, When
from cleancloud_rules.model.facts import Source
from cleancloud_rules.model.values import Interval
from cleancloud_rules.model.vocabulary import Window


class Reading(Enum):
    """Whether the data take a sentence to mean what a claim counts."""

    CHOSEN = "chosen"
    REFUSED = "refused"


@frozen
class Highest:
    """A superlative: no other company has a higher value.

    Args:
        of: the condition of the facts whose values are compared.
        field: the field that holds the value.
    """

    of: Condition
    field: str


@frozen
class PublishedClaim:
    """A published count of companies.

    Args:
        id: unique within the dataset.
        title: what is counted.
        published: the number of companies as published: an exact number or a bound.
        when: the condition for a company to be counted; None if only the cohort or a superlative decides.
        highest: the superlative that decides in place of a condition; None if there is none.
        cohort: the cohort that is counted; None for all companies.
        companies: ids of the companies that the publisher names among them.
        window: the days whose facts are read, in place of the windows of the methodology; None for these.
        earlier: counts of earlier editions, by edition.
        from_words: whether the number was inferred from words such as "nearly 90%".
        reading: whether its sentence is taken to mean this.
        reason: why the reading is refused; None if it is not.
        topic: claims of one topic are readings of the same sentence, or contradict each other.
        contradicts: ids of claims that cannot be true together with this one.
        source: where it is published.
        locator: where in the source.
        note: anything a reader should know about it.
    """

    id: str
    title: str
    published: int | Interval
    when: When | None = None
    highest: Highest | None = field(default=None, kw_only=True)
    cohort: str | None = None
    companies: tuple[str, ...] = field(default=(), kw_only=True)
    window: Window | None = field(default=None, kw_only=True)
    earlier: tuple[tuple[str, int], ...] = ()
    from_words: bool = False
    reading: Reading = Reading.CHOSEN
    reason: str | None = None
    topic: str | None = None
    contradicts: tuple[str, ...] = ()
    source: Source | None = None
    locator: str | None = None
    note: str | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)

    @property
    def binds(self) -> bool:
        """Whether facts that a solver chooses must meet it. They lie in the windows of the methodology."""
        return self.reading is Reading.CHOSEN and self.window is None


@frozen
class UnanswerableClaim:
    """A published claim that no fact of the vocabulary can answer.

    Args:
        id: unique within the dataset.
        title: what is claimed.
        why: why no fact can answer it.
        source: where it is published.
        locator: where in the source.
        note: anything a reader should know about it.
    """

    id: str
    title: str
    why: str
    source: Source | None = None
    locator: str | None = None
    note: str | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)
