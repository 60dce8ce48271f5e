"""Every company of a small world: what its facts come to together, and what a further fact makes of it.

A state keeps no more of the facts than rules can read: which conditions some fact passes, how many facts pass one, the
distinct values, the most that a rule in proportion earns, and which keys are taken.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from cleancloud_rules import Methodology
from cleancloud_rules.model.conditions import AllOf, AnyOf, Condition, Count, NoneOf, When, conditions_of
from cleancloud_rules.model.facts import Selection
from cleancloud_rules.model.methodology import Criterion, Group, Rule
from tests.reference.conditions import counts_in
from tests.reference.evaluation import topics_of
from tests.reference.found import GroupFound
from tests.reference.groups import Standing, Tree
from tests.reference.scores import points_of, rounded
from tests.support.worlds.kinds import Asked, Kind


@frozen
class Summary:
    """What some facts come to together.

    Args:
        passed: the numbers of the conditions that some fact passes.
        numbers: for each count of facts how many are counted, up to the number that is asked for.
        values: for each count of distinct values the values.
        earned: for each rule in proportion the most that facts earn by it, by the condition that they pass.
    """

    passed: frozenset[int]
    numbers: tuple[int, ...]
    values: tuple[frozenset[Any], ...]
    earned: tuple[frozenset[tuple[int, Decimal]], ...]


Slot = tuple[str, Any]
"""A fact type and a key that has one answer; None as the key of all facts that no key tells apart."""

State = tuple[tuple[Slot, int, Summary], ...]
"""For each slot the day of its facts and what they come to, in order."""


@frozen
class Standings:
    """The results of one company.

    Args:
        raw: the points of each criterion by its rules.
        criteria: what each criterion adds to its group.
        groups: the results of the groups, by id, and of the whole, by None.
    """

    raw: Mapping[str, Decimal]
    criteria: Mapping[str, Standing]
    groups: Mapping[str | None, GroupFound]


@frozen
class Rules:
    """How the facts of a world are put together and scored.

    Args:
        methodology: the methodology.
        searches: the conditions that were searched for without result.
    """

    methodology: Methodology
    searches: tuple[Condition, ...] = ()
    asked: Asked = field(init=False)
    _selection: dict[str, Selection] = field(init=False, repr=False)
    _topics: dict[str, frozenset[int]] = field(init=False, repr=False)
    _read: dict[Summary, tuple[Any, ...]] = field(factory=dict, init=False, repr=False)
    _standings: dict[Any, Standings] = field(factory=dict, init=False, repr=False)

    @asked.default
    def _everything_asked(self) -> Asked:
        methodology, whens = self.methodology, list(_whens(self.methodology))
        conditions = [condition for when in whens for condition in conditions_of(when)]
        conditions += [topic for criterion in methodology.criteria for topic in topics_of(criterion, methodology)]
        conditions += [c for pair in methodology.vocabulary.implications for c in (pair.given, pair.then)]
        number = {condition: n for n, condition in enumerate(dict.fromkeys((*conditions, *self.searches)))}
        most: dict[int, int] = {}
        distinct: dict[tuple[int, str, str], None] = {}
        for count in [count for when in whens for count in counts_in(when)]:
            if count.distinct is None:
                most[number[count.of]] = max(count.at_least, most.get(number[count.of], 0))
            else:
                distinct[number[count.of], count.of.fact_type, count.distinct] = None
        rules = [rule for criterion in methodology.criteria for rule in criterion.rules if rule.in_proportion]
        shunned = frozenset(number[condition] for condition in self.searches)
        return Asked(methodology, number, tuple(most.items()), tuple(distinct), tuple(rules), shunned)

    @_selection.default
    def _selections(self) -> dict[str, Selection]:
        return {str(made.id): made.selection for made in self.methodology.vocabulary.fact_types}

    @_topics.default
    def _topics_of_criteria(self) -> dict[str, frozenset[int]]:
        number, methodology = self.asked.conditions, self.methodology
        return {
            str(c.id): frozenset(number[topic] for topic in topics_of(c, methodology)) for c in methodology.criteria
        }

    def alone(self, kind: Kind) -> Summary:
        """Return what one fact comes to."""
        numbers = tuple(int(number in kind.passed) for number, _ in self.asked.counted)
        own = {number for condition, number in self.asked.conditions.items() if condition.fact_type == kind.type}
        earned = tuple(
            frozenset[tuple[int, Decimal]]() if points is None else frozenset((n, points) for n in kind.passed & own)
            for points in kind.earned
        )
        return Summary(kind.passed, numbers, kind.counted, earned)

    def together(self, one: Summary, other: Summary) -> Summary:
        """Return what facts come to together."""
        numbers = tuple(
            min(a + b, most) for a, b, (_, most) in zip(one.numbers, other.numbers, self.asked.counted, strict=True)
        )
        values = tuple(a | b for a, b in zip(one.values, other.values, strict=True))
        earned = tuple(_most(a | b) for a, b in zip(one.earned, other.earned, strict=True))
        return Summary(one.passed | other.passed, numbers, values, earned)

    def adding(self, state: State, kind: Kind) -> State | None:
        """Return a state with one fact more; None if its key has an answer already."""
        slots = {slot: (day, found) for slot, day, found in state}
        slot, alone = (kind.type, kind.key), self.alone(kind)
        if slot not in slots:
            slots[slot] = (kind.day if kind.key is not None else -1, alone)
        elif kind.key is not None and self._selection[kind.type] is Selection.SINGLE:
            return None
        else:
            day, found = slots[slot]
            if kind.key is not None and kind.day != day:
                slots[slot] = (day, found) if kind.day < day else (kind.day, alone)
            else:
                slots[slot] = (day, self.together(found, alone))
        return tuple((slot, *slots[slot]) for slot in sorted(slots, key=repr))

    def state(self, kinds: Iterable[Kind]) -> State | None:
        """Return the state of a company; None if two of its facts have one key that has a single answer."""
        state: State | None = ()
        for kind in kinds:
            state = self.adding(state, kind) if state is not None else None
        return state

    def summary(self, state: State) -> Summary:
        """Return what all facts of a company come to."""
        asked = self.asked
        nothing = frozenset[Any]()
        numbers, values = (0,) * len(asked.counted), (nothing,) * len(asked.distinct)
        found = Summary(nothing, numbers, values, (nothing,) * len(asked.proportions))
        for _, _, own in state:
            found = self.together(found, own)
        return found

    def keeps(self, summary: Summary) -> bool:
        """Whether a company has each fact that its facts imply."""
        number = self.asked.conditions
        return all(
            number[pair.then] in summary.passed
            for pair in self.methodology.vocabulary.implications
            if number[pair.given] in summary.passed
        )

    def standings(self, summary: Summary, cohort: str | None, searched: frozenset[str] = frozenset()) -> Standings:
        """Return the results of a company.

        Args:
            summary: what its facts come to.
            cohort: its cohort.
            searched: the criteria that searches settle.
        """
        if summary not in self._read:
            self._read[summary] = self._reading(summary)
        points, exempt, answered = self._read[summary]
        assessed = answered | searched
        key = (points, exempt, assessed, cohort)
        if key not in self._standings:
            tree = Tree(self.methodology, dict(points), exempt, cohort, assessed)
            groups: dict[str | None, GroupFound] = {str(g.id): tree.group(g.id) for g in self.methodology.groups}
            criteria = {str(c.id): tree.criterion(c.id) for c in self.methodology.criteria}
            self._standings[key] = Standings(dict(points), criteria, {**groups, None: tree.group(None)})
        return self._standings[key]

    def earning(self, summary: Summary) -> frozenset[str]:
        """Return the criteria of which a rule holds that can earn points."""
        rules = ((criterion, rule) for criterion in self.methodology.criteria for rule in criterion.rules)
        return frozenset(str(c.id) for c, rule in rules if rule.range[1] > 0 and self.holds(rule.when, summary))

    def has_one_answer(self, type_id: str) -> bool:
        """Whether a key of a fact type has one answer."""
        return self._selection[type_id] is Selection.SINGLE

    def searchable(self, criterion: Criterion) -> set[str]:
        """Return the fact types that a criterion reads, and those that facts of these imply."""
        found = {str(topic.fact_type) for topic in topics_of(criterion, self.methodology)}
        pairs = [(p.given.fact_type, p.then.fact_type) for p in self.methodology.vocabulary.implications]
        for _ in pairs:
            found |= {then for given, then in pairs if given in found}
        return found

    def _reading(self, summary: Summary) -> tuple[Any, ...]:
        methodology = self.methodology
        points = tuple((str(c.id), self._points(c, summary)) for c in methodology.criteria)
        owners: tuple[Group | Criterion, ...] = (*methodology.groups, *methodology.criteria)
        exempt = frozenset(
            str(owner.id)
            for owner in owners
            if (rule := owner.not_applicable) is not None and rule.when is not None and self.holds(rule.when, summary)
        )
        assessed = frozenset(id for id, topics in self._topics.items() if topics & summary.passed)
        return points, exempt, assessed

    def _points(self, criterion: Criterion, summary: Summary) -> Decimal:
        fired = [rule for rule in criterion.rules if self.holds(rule.when, summary)]
        return points_of(criterion, {str(rule.id): self._earned(rule, summary) for rule in fired})

    def _earned(self, rule: Rule, summary: Summary) -> Decimal:
        if rule.in_proportion is None:
            return rule.points
        by_condition = dict(summary.earned[self.asked.proportions.index(rule)])
        found = [by_condition[n] for n in self.support(rule.when, summary) if n in by_condition]
        digits, mode = rule.in_proportion.digits, rule.in_proportion.mode
        rounding = self.methodology.rounding
        nothing = rounded(
            Fraction(0), rounding.points_digits if digits is None else digits, rounding.mode if mode is None else mode
        )
        return max(found, default=nothing)

    def holds(self, when: When, summary: Summary) -> bool:
        """Whether what a rule asks for holds."""
        number, asked = self.asked.conditions, self.asked
        match when:
            case Condition():
                return number[when] in summary.passed
            case Count(of, least, None):
                return summary.numbers[[n for n, _ in asked.counted].index(number[of])] >= least
            case Count(of, least, name):
                return len(summary.values[asked.distinct.index((number[of], of.fact_type, str(name)))]) >= least
            case AllOf(parts):
                return all(self.holds(part, summary) for part in parts)
            case AnyOf(parts):
                return any(self.holds(part, summary) for part in parts)
            case NoneOf(parts):
                return not any(self.holds(part, summary) for part in parts)

    def support(self, when: When, summary: Summary, *, wanted: bool = True) -> frozenset[int]:
        """Return the conditions by whose facts `when` holds, as the reference counts them."""
        match when:
            case Condition():
                return frozenset([self.asked.conditions[when]] if wanted else [])
            case Count(of):
                return frozenset([self.asked.conditions[of]] if wanted else [])
            case _:
                inner = wanted != isinstance(when, NoneOf)
                speaking = [part for part in when.parts if self.holds(part, summary) == inner]
                return frozenset(n for part in speaking for n in self.support(part, summary, wanted=inner))


def _most(pairs: Iterable[tuple[int, Decimal]]) -> frozenset[tuple[int, Decimal]]:
    found: dict[int, Decimal] = {}
    for number, points in pairs:
        found[number] = max(points, found.get(number, points))
    return frozenset(found.items())


def _whens(methodology: Methodology) -> Iterator[When]:
    """Yield what rules ask for, and what exempts."""
    for criterion in methodology.criteria:
        yield from (rule.when for rule in criterion.rules)
    owners: tuple[Group | Criterion, ...] = (*methodology.groups, *methodology.criteria)
    for owner in owners:
        if owner.not_applicable is not None and owner.not_applicable.when is not None:
            yield owner.not_applicable.when
