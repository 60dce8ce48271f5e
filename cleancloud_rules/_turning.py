"""Why the limits of a group may be wider than need be: what turns, so that its ends need not be reached together."""

from collections.abc import Collection, Iterable, Mapping

from attrs import field, frozen

from cleancloud_rules._ends import rises
from cleancloud_rules._points import range_of
from cleancloud_rules._searching import Range
from cleancloud_rules._structure import Structure
from cleancloud_rules.conditions import conditions_of
from cleancloud_rules.groups import Combining, Requirement
from cleancloud_rules.methodology import Criterion


@frozen
class Turning:
    """What in a methodology does not simply grow with the points of its criteria.

    Args:
        structure: its tree.
    """

    structure: Structure
    _read: dict[str, frozenset[str]] = field(init=False, repr=False)
    _needed: dict[str | None, frozenset[str]] = field(factory=dict, init=False, repr=False)

    @_read.default
    def _types(self) -> dict[str, frozenset[str]]:
        """Return the fact types that each criterion reads, with those that implications tie to them."""
        vocabulary = self.structure.methodology.vocabulary
        tied = [{pair.given.fact_type, pair.then.fact_type} for pair in vocabulary.implications]
        tied += [{d.fact, *(condition.fact_type for _, condition in d.inputs)} for d in vocabulary.derivations]
        found: dict[str, frozenset[str]] = {}
        for criterion in self.structure.methodology.criteria:
            types = {c.fact_type for rule in criterion.rules for c in conditions_of(rule.when)}
            while more := set().union(*(some for some in tied if some & types)) - types:
                types |= more
            found[criterion.id] = frozenset(types)
        return found

    def reason(self, of: str | None, ranges: Mapping[str, Range], maybe: Collection[str]) -> str | None:
        """Return why the limits of a criterion, a group or the whole may be too wide; None where they are reached.

        Args:
            of: its id; None for the whole.
            ranges: what the rules of each criterion can come to.
            maybe: the criteria of which further facts may say that they do not apply.
        """
        needed = self._needed_by(of)
        for id in sorted(needed):
            if id in maybe:
                return f"further facts may say that {id} does not apply"
            if not ranges[id].exact:
                return f"the limits of {id} may be wider than need be"
            if range_of(self.structure.criteria[id]).least < 0 and not self._is_open(id):
                return f"what {id} costs stands behind a gate"
        for name, combining in self._combinings(of, needed):
            if any(cap.given is not None for cap in combining.caps):
                return f"a cap of {name} holds if something is met"
            if not rises(combining):
                return f"the values of the bands of {name} do not rise with its score"
        return self._shared(needed, ranges)

    def _is_open(self, id: str) -> bool:
        place = self.structure.places[id]
        return not place.gates and not place.before

    def _shared(self, needed: Collection[str], ranges: Mapping[str, Range]) -> str | None:
        """Return which criteria one fact may move in opposite directions."""
        for id in sorted(needed):
            if not ranges[id].is_monotone and ranges[id].floor != ranges[id].ceiling:
                for other in sorted(needed):
                    if other != id and self._read[id] & self._read[other]:
                        return f"one fact may earn points in one of {id} and {other} and cost points in the other"
        return None

    def _combinings(self, of: str | None, needed: Collection[str]) -> Iterable[tuple[str, Combining]]:
        """Return the groups that matter to a criterion, a group or the whole."""
        methodology = self.structure.methodology
        if of is None:
            yield "the whole", methodology.combining
        elif of in self.structure.criteria and self._is_open(of):
            return
        for group in methodology.groups:
            if any(criterion.id in needed for criterion in group.every_criterion):
                yield group.id, group

    def _needed_by(self, of: str | None) -> frozenset[str]:
        """Return the criteria on which something depends: those inside it, and those that gates and levels ask for."""
        if of not in self._needed:
            found: set[str] = set()
            waiting: list[str] = [c.id for c in self._inside(of)]
            waiting += [id for combining in self._owned(of) for id in self._asked(combining)]
            while waiting:
                id = waiting.pop()
                if id not in found:
                    found.add(id)
                    place = self.structure.places[id]
                    waiting += [c for r in place.gates for c in self._of(r.of)]
                    waiting += [c for tier in place.before for c in self._of(tier)]
            self._needed[of] = frozenset(found)
        return self._needed[of]

    def _inside(self, of: str | None) -> Iterable[Criterion]:
        return self.structure.methodology.criteria if of is None else self.structure.criteria_in(of)

    def _owned(self, of: str | None) -> Iterable[Combining]:
        methodology = self.structure.methodology
        if of is None:
            return (methodology.combining, *methodology.groups)
        return self.structure.groups[of].every_group if of in self.structure.groups else ()

    def _asked(self, combining: Combining) -> Iterable[str]:
        """Return the criteria that the caps and levels of a group read."""
        requirements: list[Requirement] = [r for level in combining.levels for r in level.requires]
        requirements += [r for cap in combining.caps for r in (cap.given, cap.unless) if r is not None]
        for requirement in requirements:
            yield from self._of(requirement.of)

    def _of(self, id: str) -> Iterable[str]:
        return (criterion.id for criterion in self.structure.criteria_in(id))
