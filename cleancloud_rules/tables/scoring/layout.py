"""Where the bits of profiles stand: those that one criterion reads follow one another in one word."""

from collections.abc import Iterable, Sequence

from cleancloud_rules.engine.ruleset import CompiledRule, Literal, Ruleset
from cleancloud_rules.tables.scoring.keys import WORD

_COUNTING, _ANY = "counting", "any"
"""The bits that a fact which counts is relevant to a criterion, and that any fact is."""


def literals_of(rules: Iterable[CompiledRule]) -> set[Literal]:
    """Return the literals of rules."""
    return {literal for rule in rules for disjunct in rule.disjuncts for literal in disjunct}


class Layout:
    """The places of the bits that facts set in the profile of their company.

    There is a bit for each condition that a criterion, or a group with rules of its own, asks about. It stands once for
    each of them. Criteria have two further bits: whether a fact that counts is relevant to them, and whether any is.

    Args:
        ruleset: the compiled rules.
        with_implied: whether there are bits for the conditions of implications, too.
    """

    # A criterion then reads one part of one word, and most facts set bits in one word alone. Criteria about the same
    # fact types stand beside one another, so that facts of a type set bits in few words.

    def __init__(self, ruleset: Ruleset, *, with_implied: bool) -> None:
        self._places: dict[tuple[str, int | str], int] = {}
        self._used = 0
        criteria = {str(criterion.id) for criterion in ruleset.methodology.criteria}
        asked: dict[str, set[int]] = {str(criterion.id): set() for criterion in ruleset.methodology.criteria}
        for (owner, _), rule in ruleset.rules.items():
            own = asked.setdefault(owner, set())
            own |= {literal.condition for literal in literals_of([rule]) if not literal.counts}
        types = {own: sorted({ruleset.conditions[n].condition.fact_type for n in asked[own]}) for own in asked}
        for owner in sorted(asked, key=lambda own: types[own]):
            self._add(owner, [*sorted(asked[owner]), *((_COUNTING, _ANY) if owner in criteria else ())])
        if with_implied:
            implied = ruleset.methodology.vocabulary.implied
            self._add("", sorted({ruleset.by_condition[condition] for condition in implied}))
        self._passing = [0] * len(ruleset.conditions)
        for (_, name), place in self._places.items():
            if isinstance(name, int):
                self._passing[name] |= 1 << place

    def _add(self, owner: str, names: Sequence[int | str]) -> None:
        if len(names) <= WORD < self._used % WORD + len(names):
            self._used += -self._used % WORD
        for name in names:
            self._places[owner, name] = self._used
            self._used += 1

    @property
    def words(self) -> range:
        """The words of a profile."""
        return range(-(-self._used // WORD))

    def condition(self, owner: str, number: int) -> tuple[int, int]:
        """Return the word and the place of the bit of a condition.

        Args:
            owner: the id of the criterion or the group that asks about it; empty for an implication.
            number: the number of the condition.
        """
        return divmod(self._places[owner, number], WORD)

    def relevant(self, criterion: str, *, counting: bool) -> tuple[int, int]:
        """Return the word and the place of the bit that a fact, or one that counts, is relevant to a criterion."""
        return divmod(self._places[criterion, _COUNTING if counting else _ANY], WORD)

    def passing(self, numbers: Iterable[int]) -> int:
        """Return the bits of all words that a fact sets which counts and passes some conditions."""
        found = 0
        for number in numbers:
            found |= self._passing[number]
        return found

    def touching(self, criteria: Iterable[str], *, counts: bool) -> int:
        """Return the bits of all words that a fact sets which is relevant to some criteria."""
        found = 0
        for criterion in criteria:
            found |= 1 << self._places[criterion, _ANY]
            found |= 1 << self._places[criterion, _COUNTING] if counts else 0
        return found
