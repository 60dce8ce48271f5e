"""The problem of a fit: companies with the facts that could be added, a published table, and published claims."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from attrs import field, frozen

from cleancloud_rules.analysis.fitting.offers import Offers
from cleancloud_rules.completions import state_search
from cleancloud_rules.completions.fact_kinds import Vector
from cleancloud_rules.engine.ruleset import CompiledRule, Literal
from cleancloud_rules.model.claims import PublishedClaim
from cleancloud_rules.model.facts import Company, Fact, Selection
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.published import PublishedTable
from cleancloud_rules.scoring.compiled import CompiledMethodology
from cleancloud_rules.scoring.criteria.explanation import FactView


@frozen
class Stated:
    """One company as a fit sees it.

    Args:
        company: the company.
        facts: its facts that count.
        reading: these, as conditions see them.
        offers: the facts that could be added.
        apart: sets of conditions that facts do not pass together.
    """

    company: Company
    facts: tuple[Fact, ...]
    reading: FactView
    offers: Offers
    apart: tuple[frozenset[int], ...] = ()


@frozen
class Solution:
    """One solution.

    Args:
        chosen: for each company the chosen vectors, each with the number of facts of that kind.
        holds: for each company the conditions that hold.
        optimal: whether no solution has fewer facts.
    """

    chosen: dict[str, tuple[tuple[Vector, int], ...]]
    holds: dict[str, frozenset[int]]
    optimal: bool

    @property
    def size(self) -> int:
        """The number of chosen facts."""
        return sum(number for chosen in self.chosen.values() for _, number in chosen)


@frozen
class Problem:
    """A published table and published claims that facts must give.

    Args:
        compiled: the methodology, compiled with the conditions of the claims.
        companies: the companies with their stated facts, by id.
        table: the published table.
        statements: the published claims that must be met, with their compiled form.
        changed: other points for some rules, by criterion and rule.
    """

    compiled: CompiledMethodology
    companies: dict[str, Stated]
    table: PublishedTable
    statements: tuple[tuple[PublishedClaim, CompiledRule | None], ...]
    changed: Mapping[tuple[str, str], Decimal] = field(factory=dict)

    @property
    def methodology(self) -> Methodology:
        """The methodology."""
        return self.compiled.methodology

    @property
    def superseding(self) -> frozenset[str]:
        """The fact types of stated facts that a further fact may supersede, which a fit does not choose."""
        stated = {fact.values.fact_type for one in self.companies.values() for fact in one.facts}
        return frozenset(own.id for own in stated if own.selection is Selection.LATEST)

    @property
    def literals(self) -> frozenset[Literal]:
        """The literals of all rules and of the published claims."""
        return literals_of(self.compiled, self.statements)


def literals_of(
    compiled: CompiledMethodology, statements: Iterable[tuple[PublishedClaim, CompiledRule | None]]
) -> frozenset[Literal]:
    """Return the literals of all rules and of published claims."""
    claimed = (rule for _, rule in statements if rule is not None)
    return frozenset(state_search.literals_of((*compiled.ruleset.rules.values(), *claimed)))
