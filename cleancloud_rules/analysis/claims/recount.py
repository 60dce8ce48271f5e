"""Recounts published claims: which companies each of them counts according to the facts."""

from collections.abc import Iterable, Sequence

from cleancloud_rules._version import __version__
from cleancloud_rules.crosscheck.rules import holds
from cleancloud_rules.engine.firings import Firings
from cleancloud_rules.language.wording import value_in_words
from cleancloud_rules.model.claims import PublishedClaim
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Company, Fact, Field
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import FieldType, Interval
from cleancloud_rules.results.claims import ClaimReport, ClaimResult
from cleancloud_rules.scoring.compiled import compiled
from cleancloud_rules.scoring.recorder import Recorder

_COUNT = Field("published", FieldType.INTEGER)

Fired = Sequence[tuple[Company, Firings, Firings | None]]
"""Companies with what fired on stated facts, and on hypothetical facts too if they were read."""


def findings(dataset: Dataset, methodology: Methodology, *, with_hypothetical: bool = False) -> ClaimReport:
    """Return the published claims of a dataset with the companies that they count according to its facts.

    Args:
        dataset: the dataset; loaded with its overlays if hypothetical facts are to count.
        methodology: the methodology that it was loaded for.
        with_hypothetical: whether hypothetical facts count too; they are shown separately.
    """
    own, recorder = compiled(methodology), Recorder(methodology)
    fired = [
        (company, own.fire(company), own.fire(company, with_hypothetical=True) if with_hypothetical else None)
        for company in dataset.companies
    ]
    return ClaimReport(
        dataset.title,
        recorder.methodology_record(),
        tuple(_result(statement, fired) for statement in dataset.statements),
        recorder.notices("the company", with_hypothetical=with_hypothetical and bool(fired)),
        __version__,
    )


def counts(statement: PublishedClaim, company: Company, facts: Iterable[Fact]) -> bool:
    """Whether a published claim counts a company with these facts."""
    if statement.cohort is not None and company.cohort != statement.cohort:
        return False
    return statement.when is None or holds(statement.when, facts)


def is_met(number: int, published: int | Interval) -> bool:
    """Whether a count equals the published number, or lies within the published bounds."""
    if isinstance(published, int):
        return number == published
    low, high = published.low, published.high
    return (low is None or number >= int(low)) and (high is None or number <= int(high))  # type: ignore[arg-type]


def _result(statement: PublishedClaim, fired: Fired) -> ClaimResult:
    stated = [c.name for c, firings, _ in fired if counts(statement, c, _counting(firings))]
    read = [c.name for c, _, more in fired if more is not None and counts(statement, c, _counting(more))]
    with_hypothetical = len(read) if any(more is not None for _, _, more in fired) else None
    number = len(stated) if with_hypothetical is None else with_hypothetical
    return ClaimResult(
        statement.id,
        statement.title,
        statement.topic,
        value_in_words(statement.published, _COUNT),
        len(stated),
        with_hypothetical,
        is_met(number, statement.published),
        tuple(sorted(stated)),
        tuple(sorted(set(read) - set(stated))),
        statement.earlier,
        statement.from_words,
        statement.imposed,
        statement.contradicts,
        statement.locator,
        statement.note,
    )


def _counting(firings: Firings) -> list[Fact]:
    return [counted.fact for counted in firings.facts if counted.counts]
