"""Why the bounds of a group may not be tight: parts that are not monotone, or do not reach their bounds together."""

from collections.abc import Collection, Iterable, Mapping

from attrs import field, frozen

from cleancloud_rules.analysis.monotonicity.lemmas import unanswered
from cleancloud_rules.analysis.score_bounds.criterion_range import Range
from cleancloud_rules.completions.answered import AnswerKeys, Reading
from cleancloud_rules.model.conditions import conditions_of
from cleancloud_rules.model.groups import Combining, CountsAs
from cleancloud_rules.model.tree import ScoreTree, dependencies
from cleancloud_rules.results.certificates import Improvement
from cleancloud_rules.scoring.points import range_of
from cleancloud_rules.scoring.tree_bounds.tree import rises


@frozen
class Tightness:
    """The parts of a methodology that are not monotone in the points of its criteria.

    Args:
        structure: its tree.
        keys: the keys under which a company has one answer each.
    """

    structure: ScoreTree
    keys: AnswerKeys
    _read: dict[str, Reading] = field(init=False, repr=False)
    _asked_once: dict[str, bool] = field(factory=dict, init=False, repr=False)
    _needed: dict[str | None, frozenset[str]] = field(factory=dict, init=False, repr=False)

    @_read.default
    def _readings(self) -> dict[str, Reading]:
        """Return what each criterion reads, and the fact types that implications and derivations tie to it."""
        vocabulary = self.structure.methodology.vocabulary
        tied = [{pair.given.fact_type, pair.then.fact_type} for pair in vocabulary.implications]
        tied += [{d.fact, *(condition.fact_type for _, condition in d.inputs)} for d in vocabulary.derivations]
        found: dict[str, Reading] = {}
        for criterion in self.structure.methodology.criteria:
            conditions = [condition for rule in criterion.rules for condition in conditions_of(rule.when)]
            read = self.keys.reading(conditions)
            types = set(read.types) | ({c.fact_type for c in conditions} & set().union(*tied))
            while more := set().union(*(some for some in tied if some & types)) - types:
                types |= more
            found[criterion.id] = Reading(frozenset(types), read.keys)
        return found

    def is_settled(self, id: str, found: Range, counts_as: CountsAs) -> bool:
        """Whether a criterion that may turn out not to apply reaches its bounds where it applies.

        Its rules and its exemption read one answer, which is not given yet. So no answer gives its lower bound, and the
        best answer its upper bound. Only if it is excluded then, or counts in full, must that be its maximum.

        Args:
            id: its id.
            found: its range.
            counts_as: how it counts where it does not apply.
        """
        criterion = self.structure.criteria[id]
        if [owner.id for owner in self.structure.places[id].exempting] != [id] or not found.exact:
            return False
        if id not in self._asked_once:
            vocabulary, senses = self.structure.methodology.vocabulary, (Improvement.EVIDENCE, Improvement.NARROWING)
            self._asked_once[id] = all(unanswered(criterion, self.keys, sense, vocabulary, {}) for sense in senses)
        return self._asked_once[id] and (counts_as is CountsAs.ZERO or found.ceiling == criterion.max_points)

    def reason(self, of: str | None, ranges: Mapping[str, Range], maybe: Mapping[str, CountsAs]) -> str | None:
        """Return why the bounds of a criterion, a group or the root may not be tight; None if they are.

        Args:
            of: its id; None for the root.
            ranges: the range of each criterion.
            maybe: the criteria that may not apply because of further facts, and what they count as then.
        """
        needed = self.needed_by(of)
        criteria = sorted(needed & self.structure.criteria.keys())
        for id in criteria:
            if id in maybe and not self.is_settled(id, ranges[id], maybe[id]):
                return f"further facts may say that {id} does not apply"
            if not ranges[id].exact:
                return f"the bounds of {id} may not be tight"
            if range_of(self.structure.criteria[id]).least < 0 and not self._is_open(id):
                return f"the penalty of {id} is behind a gate"
        for name, combining in self._combinings(of, needed):
            if any(cap.given is not None for cap in combining.caps):
                return f"a cap of {name} applies if a requirement is met"
            if not rises(combining):
                return f"the values of the bands of {name} do not rise with its score"
        return self._shared(criteria, ranges)

    def shared_with(self, id: str, needed: Collection[str]) -> str | None:
        """Return another criterion that one fact may bear on together with a criterion; None if there is none."""
        others = sorted(other for other in needed if other in self.structure.criteria and other != id)
        return next((other for other in others if self._read[id].touches(self._read[other])), None)

    def _is_open(self, id: str) -> bool:
        place = self.structure.places[id]
        return not place.gates and not place.before

    def _shared(self, criteria: Collection[str], ranges: Mapping[str, Range]) -> str | None:
        """Return which two criteria one fact may move in opposite directions, as a sentence; None if there are none.

        If a key has one answer, that answer may not be the best one for two criteria.
        """
        wide = [id for id in criteria if ranges[id].floor != ranges[id].ceiling]
        for id in wide:
            if not ranges[id].is_monotone:
                for other in criteria:
                    if other != id and self._read[id].touches(self._read[other]):
                        return f"one fact may earn points in one of {id} and {other} and cost points in the other"
        names = self.keys.names.keys()
        answering = [id for id in wide if self._read[id].keys or self._read[id].types & names]
        for number, id in enumerate(answering):
            for other in answering[:number]:
                if self._read[id].touches(self._read[other]):
                    return f"one answer may not be the best one for both {other} and {id}"
        return None

    def _combinings(self, of: str | None, needed: Collection[str]) -> Iterable[tuple[str, Combining]]:
        """Yield the groups that a criterion, a group or the root depends on, each with its name in sentences."""
        methodology = self.structure.methodology
        if of is None:
            yield "the total", methodology.combining
        yield from ((group.id, group) for group in methodology.groups if group.id in needed)

    def needed_by(self, of: str | None) -> frozenset[str]:
        """Return the ids of the criteria and groups that a criterion, a group or the root depends on."""
        if of not in self._needed:
            self._needed[of] = dependencies(of, self.structure)
        return self._needed[of]
