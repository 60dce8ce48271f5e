"""From the points of criteria to the values, labels and levels of groups."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from attrs import evolve, field, frozen

from cleancloud_rules.model.groups import (
    Aggregation,
    BandsOf,
    Combining,
    CountsAs,
    Level,
    NotAssessed,
    Parts,
    Requirement,
    RequirementWord,
    Taken,
)
from cleancloud_rules.model.methodology import Criterion, Group, Methodology
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.model.rounding import Rounding, TotalPolicy
from tests.reference.conditions import accepts
from tests.reference.found import GroupFound
from tests.reference.numbers import total
from tests.reference.scores import rounded
from tests.support.known import known

NOTHING = Decimal(0)


@frozen
class Standing:
    """What a criterion adds to its group.

    Args:
        points: its points.
        most: the most that they could be.
        met: whether it is met, or does not apply.
        kept_out: why its own points do not count, if they do not.
        left_out: whether the group is reckoned as if there were no such criterion.
    """

    points: Decimal
    most: Decimal
    met: bool
    kept_out: Outcome | None = None
    left_out: bool = False


@frozen
class Tree:
    """The criteria of one company, in their groups.

    Args:
        methodology: the methodology.
        points: what each criterion earns by its rules.
        exempt: ids of what, by the facts, does not apply.
        cohort: the company's cohort.
        assessed: ids of the criteria of which enough is known; None for every one.
    """

    methodology: Methodology
    points: Mapping[str, Decimal]
    exempt: Collection[str]
    cohort: str | None
    assessed: Collection[str] | None = None
    _standings: dict[str, Standing] = field(factory=dict, init=False, eq=False)
    _found: dict[str | None, GroupFound] = field(factory=dict, init=False, eq=False)

    def criterion(self, id: str) -> Standing:
        """Return what a criterion adds to its group."""
        if id not in self._standings:
            self._standings[id] = self._standing(id)
        return self._standings[id]

    def group(self, id: str | None) -> GroupFound:
        """Return what a group comes to; of None what everything does."""
        if id not in self._found:
            self._found[id] = self._whole() if id is None else self._group(id)
        return self._found[id]

    def _standing(self, id: str) -> Standing:
        path = path_to(id, self.methodology.categories)
        criterion = path[-1]
        assert isinstance(criterion, Criterion)
        most = criterion.max_points
        for owner in path:
            rule = owner.not_applicable
            if rule is not None and (self.cohort in rule.cohorts or owner.id in self.exempt):
                match rule.counts_as or self.methodology.not_applicable:
                    case CountsAs.EXCLUDED:
                        return Standing(NOTHING, NOTHING, True, Outcome.NOT_APPLICABLE, left_out=True)
                    case CountsAs.FULL:
                        return Standing(most, most, True, Outcome.NOT_APPLICABLE)
                    case CountsAs.ZERO:
                        return Standing(NOTHING, most, True, Outcome.NOT_APPLICABLE)
        if self._leaves_out(path) and not self._knows(id):
            return Standing(NOTHING, NOTHING, False, Outcome.NOT_ASSESSED, left_out=True)
        gates = [requirement for owner in path for requirement in owner.requires]
        if not all(self.fulfils(gate) for gate in gates) or not all(self.complete(tier) for tier in self._tiers(path)):
            return Standing(NOTHING, most, False, Outcome.GATED)
        enough = most if criterion.met_at is None else criterion.met_at
        return Standing(self.points[id], most, self.points[id] >= enough)

    def _knows(self, id: str) -> bool:
        return self.assessed is None or id in self.assessed

    def _leaves_out(self, path: Sequence[Group | Criterion]) -> bool:
        """Whether the last on a path is left out where it is not assessed: the innermost that says so decides."""
        says = [self.methodology.not_assessed, *(owner.not_assessed for owner in path if owner.not_assessed)]
        return says[-1] is NotAssessed.EXCLUDED

    def _open(self, id: str) -> bool:
        """Whether a part applies, in whole or in part."""
        inside = criteria_in(named(id, self.methodology))
        return any(self.criterion(criterion.id).kept_out is not Outcome.NOT_APPLICABLE for criterion in inside)

    def _counts(self, id: str) -> bool:
        """Whether a part that applies is assessed."""
        part = named(id, self.methodology)
        known = [c for c in criteria_in(part) if self._knows(c.id) and self._open(c.id)]
        return bool(known) and (isinstance(part, Criterion) or self.group(id).outcome is not GroupOutcome.NOT_ASSESSED)

    def _coverage(self, combining: Combining, id: str | None) -> list[tuple[int, int]]:
        """Return for each line of a coverage how many are needed and how many are found."""
        group = None if id is None else named(id, self.methodology)
        lines = []
        for line in combining.coverage:
            parts: Sequence[Group | Criterion] = self.methodology.categories
            if isinstance(group, Group):
                parts = [*group.criteria, *group.groups]
            if line.of_criteria:
                parts = [criterion for part in parts for criterion in criteria_in(part)]
            names = [str(part.id) for part in parts] if line.of is None else [str(name) for name in line.of]
            names = [name for name in names if self._open(name)]
            needed = -(-Fraction(line.at_least) * len(names) // 100) if line.is_share else line.at_least
            lines.append((int(needed), len([name for name in names if self._counts(name)])))
        return lines

    def _tiers(self, path: Sequence[Group | Criterion]) -> Iterator[str]:
        """Yield the tiers that must be complete before anything on a path earns points."""
        for holder, part in zip([self.methodology.combining, *path], path, strict=False):
            assert isinstance(holder, Combining)
            for tier in holder.tiers if part.id in holder.tiers else ():
                if tier == part.id:
                    break
                yield tier

    def complete(self, id: str) -> bool:
        """Whether a criterion, or each in a group, is met or does not apply."""
        return all(self.criterion(criterion.id).met for criterion in criteria_in(named(id, self.methodology)))

    def fulfils(self, requirement: Requirement) -> bool:
        """Whether what is required is so."""
        of, least = requirement.of, requirement.at_least
        if least is None:
            return self.complete(of)
        if isinstance(named(of, self.methodology), Criterion):
            standing = self.criterion(of)
            if standing.kept_out is Outcome.NOT_ASSESSED:
                return False
            return standing.kept_out is Outcome.NOT_APPLICABLE or standing.points >= least
        inside = criteria_in(named(of, self.methodology))
        if all(self.criterion(criterion.id).kept_out is Outcome.NOT_APPLICABLE for criterion in inside):
            return True
        score = self.group(of).score
        return score is not None and score >= least

    def _whole(self) -> GroupFound:
        made, rounding = self.methodology, self.methodology.rounding
        rounds = rounding.total is TotalPolicy.SUM_OF_ROUNDED
        parts = self._groups(made.combining, made.categories, rounds=rounds)
        exact = self._groups(made.combining, made.categories, rounds=False)
        return self._combined(made.combining, parts, exact, made.criteria, made.combining.scale, rounding, None)

    def _group(self, id: str) -> GroupFound:
        group = named(id, self.methodology)
        assert isinstance(group, Group)
        around = path_to(id, self.methodology.categories)[:-1]
        above = around[-1] if around else self.methodology.combining
        assert isinstance(above, Combining)
        scale = group.weight if above.aggregate is Aggregation.SUM and group.weight is not None else group.scale
        own = group.rounding
        rounding = self.methodology.rounding
        if own is not None and own.digits is not None:
            rounding = evolve(rounding, digits=own.digits)
        if own is not None and own.mode is not None:
            rounding = evolve(rounding, mode=own.mode)
        parts = [*self._criteria(group), *self._groups(group, group.groups, rounds=group.parts is Parts.ROUNDED)]
        exact = [*self._criteria(group), *self._groups(group, group.groups, rounds=False)]
        return self._combined(group, parts, exact, criteria_in(group), scale, rounding, group.id)

    def _criteria(self, group: Group) -> Iterator[tuple[Fraction, Fraction, Fraction]]:
        for criterion in group.criteria:
            standing = self.criterion(criterion.id)
            if not standing.left_out:
                yield from _part(group, standing.points, standing.most, criterion.weight)

    def _groups(
        self, above: Combining, groups: Sequence[Group], *, rounds: bool
    ) -> Iterator[tuple[Fraction, Fraction, Fraction]]:
        for group in groups:
            passed_on = self.group(group.id).passed_on
            if passed_on is not None:
                value, most = passed_on[rounds]
                yield from _part(above, value, most, group.weight)

    def _combined(
        self,
        combining: Combining,
        parts: Iterable[tuple[Fraction, Fraction, Fraction]],
        exact: Iterable[tuple[Fraction, Fraction, Fraction]],
        criteria: Sequence[Criterion],
        scale: Decimal | None,
        rounding: Rounding,
        id: str | None,
    ) -> GroupFound:
        standings = {str(criterion.id): self.criterion(criterion.id) for criterion in criteria}
        found = GroupFound(
            outcome=GroupOutcome.UNSCORED,
            points=total(s.points for s in standings.values()),
            max_points=total(s.most for s in standings.values()),
            words=_words(criteria, standings),
        )
        parts = list(parts)
        kept_out = [standing.kept_out for standing in standings.values() if standing.left_out]
        if not parts and len(kept_out) == len(standings) and Outcome.NOT_ASSESSED not in kept_out:
            return self._empty(found, combining, rounding, id)
        found = evolve(found, coverage=self._coverage(combining, id))
        enough = all(have >= needed for needed, have in found.coverage)
        if not enough or (not parts and self._all_unknown(id)):
            return self._unknown(found, combining, parts, list(exact), scale, rounding, id)
        if combining.aggregate is not Aggregation.NONE:
            found = self._scored(found, combining, parts, list(exact), scale, rounding)
        reached = self._level(found, combining, criteria, id)
        found = _by_level(found, combining, reached)
        needed = [c for c in criteria if combining.needs is not None and c.requirement is combining.needs]
        if not all(standings[c.id].met for c in needed):
            nothing = None if found.passed_on is None else [(Fraction(0), most) for _, most in found.passed_on]
            return evolve(
                found, outcome=GroupOutcome.WITHHELD, exact=None, score=None, max_score=None, label=None,
                passed_on=nothing, marked=None, most=None,
            )  # fmt: skip
        return evolve(found, level=reached)

    def _empty(self, found: GroupFound, combining: Combining, rounding: Rounding, id: str | None) -> GroupFound:
        """Return what a group comes to of which nothing applies."""
        if combining.empty is None:
            return evolve(found, outcome=GroupOutcome.NOT_APPLICABLE)
        most = self._at_best(evolve(self, exempt=(), cohort=None)).group(id).most
        if most is not None:
            found = _as_scored(found, combining, Fraction(0), most, rounding, Fraction(0))
        lowest = combining.levels[0] if combining.levels else None
        if lowest is not None:
            asked = [c for c in self.methodology.criteria if c.level == lowest.id and self._ladder_of(c) == id]
            high = lowest.at_least is not None and (found.marked is None or found.marked < lowest.at_least)
            lowest = None if asked or lowest.requires or high else lowest
        found = _by_level(found, combining, None if lowest is None else lowest.id)
        return evolve(found, level=None if lowest is None else lowest.id)

    def _at_best(self, tree: "Tree") -> "Tree":
        """Return a tree in which everything is assessed and earns the most."""
        return evolve(tree, points={str(c.id): c.max_points for c in self.methodology.criteria}, assessed=None)

    def _all_unknown(self, id: str | None) -> bool:
        """Whether a part of a group is left out because it is not assessed."""
        group = None if id is None else named(id, self.methodology)
        criteria = group.criteria if isinstance(group, Group) else ()
        groups = group.groups if isinstance(group, Group) else self.methodology.categories
        return any(self.criterion(c.id).kept_out is Outcome.NOT_ASSESSED for c in criteria) or any(
            self.group(inner.id).outcome is GroupOutcome.NOT_ASSESSED for inner in groups
        )

    def _unknown(
        self,
        found: GroupFound,
        combining: Combining,
        parts: list[tuple[Fraction, Fraction, Fraction]],
        exact: list[tuple[Fraction, Fraction, Fraction]],
        scale: Decimal | None,
        rounding: Rounding,
        id: str | None,
    ) -> GroupFound:
        """Return what a group comes to of which too little is assessed."""
        found = evolve(found, outcome=GroupOutcome.NOT_ASSESSED)
        if id is None or self._leaves_out(path_to(id, self.methodology.categories)):
            return found
        if self.assessed is not None:
            full = self._at_best(self).group(id)
        elif combining.aggregate is Aggregation.NONE:
            full = _by_level(found, combining, None)
        else:
            full = _by_level(self._scored(found, combining, parts, exact, scale, rounding), combining, None)
        nothing = None if full.passed_on is None else [(Fraction(0), most) for _, most in full.passed_on]
        return evolve(found, passed_on=nothing)

    def _scored(
        self,
        found: GroupFound,
        combining: Combining,
        parts: list[tuple[Fraction, Fraction, Fraction]],
        exact: list[tuple[Fraction, Fraction, Fraction]],
        scale: Decimal | None,
        rounding: Rounding,
    ) -> GroupFound:
        held = self._held(combining, parts, scale)
        if held is None:
            return found
        value, most = held
        unrounded = self._held(combining, exact, scale)
        return _as_scored(found, combining, value, most, rounding, None if unrounded is None else unrounded[0])

    def _held(
        self, combining: Combining, parts: list[tuple[Fraction, Fraction, Fraction]], scale: Decimal | None
    ) -> tuple[Fraction, Fraction] | None:
        """Return what a group makes of its parts within its limits, and the most that could be."""
        made = made_of(combining, parts, scale)
        if made is None:
            return None
        value, most = made
        if combining.at_least is not None:
            value, most = max(value, Fraction(combining.at_least)), max(most, Fraction(combining.at_least))
        if combining.at_most is not None:
            value, most = min(value, Fraction(combining.at_most)), min(most, Fraction(combining.at_most))
        for cap in combining.caps:
            if self.fulfils(known(cap.given)) if cap.given is not None else not self.fulfils(known(cap.unless)):
                value = min(value, Fraction(cap.at_most))
        return value, most

    def _level(
        self, found: GroupFound, combining: Combining, criteria: Sequence[Criterion], id: str | None
    ) -> str | None:
        reached = None
        for level in combining.levels:
            asked = [c for c in criteria if c.level == level.id and self._ladder_of(c) == id]
            if not self._reached(level, asked, found):
                return reached
            reached = level.id
        top = combining.top_level
        return top.id if top is not None and self._reached(top, criteria, found) else reached

    def _reached(self, level: Level, criteria: Sequence[Criterion], found: GroupFound) -> bool:
        enough = level.at_least is None or (found.marked is not None and found.marked >= level.at_least)
        met = all(self.criterion(criterion.id).met for criterion in criteria)
        return enough and met and all(self.fulfils(requirement) for requirement in level.requires)

    def _ladder_of(self, criterion: Criterion) -> str | None:
        """Return the innermost group around a criterion that has its level; None for the whole."""
        for group in path_to(criterion.id, self.methodology.categories)[-2::-1]:
            assert isinstance(group, Group)
            if criterion.level in [level.id for level in group.levels]:
                return group.id
        return None


def _as_scored(
    found: GroupFound,
    combining: Combining,
    value: Fraction,
    most: Fraction,
    rounding: Rounding,
    unrounded: Fraction | None,
) -> GroupFound:
    """Return a group of a value, with its label and what it passes on."""
    score = rounded(value, rounding.digits, rounding.mode)
    max_score = rounded(most, rounding.digits, rounding.mode)
    marked = Fraction(score) if combining.bands_of is BandsOf.SCORE else unrounded
    passed_on, label = [(value, most), (Fraction(score), Fraction(max_score))], None
    for band in combining.bands:
        if marked is not None and accepts(band.score, marked):
            label = band.label
            if band.value is not None:
                best = max(Fraction(known(band.value)) for band in combining.bands)
                passed_on = 2 * [(Fraction(band.value), best)]
    return evolve(
        found, outcome=GroupOutcome.SCORED, exact=value, most=most, score=score, label=label, passed_on=passed_on,
        max_score=max_score, marked=marked,
    )  # fmt: skip


def _by_level(found: GroupFound, combining: Combining, reached: str | None) -> GroupFound:
    """Return a group that passes on the number of its level, where its levels have numbers."""
    ladder = [*combining.levels, *([] if combining.top_level is None else [combining.top_level])]
    numbers = {str(level.id): Fraction(known(level.value)) for level in ladder if level.value is not None}
    if not numbers:
        return found
    number = Fraction(0) if reached is None else numbers[reached]
    return evolve(found, passed_on=2 * [(number, max(numbers.values()))])


def _part(
    above: Combining, value: Decimal | Fraction, most: Decimal | Fraction, weight: Decimal | None
) -> Iterator[tuple[Fraction, Fraction, Fraction]]:
    """Yield what a group takes of a part: value, most and weight; nothing where a share of nothing is asked for."""
    weighs = Fraction(1 if weight is None else weight)
    if above.of is Taken.POINTS:
        yield Fraction(value), Fraction(most), weighs
    elif most > 0:
        yield Fraction(value) / Fraction(most), Fraction(1), weighs


def made_of(
    combining: Combining, parts: list[tuple[Fraction, Fraction, Fraction]], scale: Decimal | None
) -> tuple[Fraction, Fraction] | None:
    """Return what a group makes of its parts, and the most that could be; None where there is no such number."""
    if not parts:
        return None
    if combining.base:
        parts = [*parts, (Fraction(combining.base), Fraction(combining.base), Fraction(1))]
    if combining.aggregate is Aggregation.WEIGHTED_MEAN and all(weight == 0 for _, _, weight in parts):
        return None
    value = aggregate(combining.aggregate, [(value, weight) for value, _, weight in parts])
    most = aggregate(combining.aggregate, [(most, weight) for _, most, weight in parts])
    if scale is None:
        return value, most
    return (Fraction(scale) * value / most, Fraction(scale)) if most > 0 else None


def aggregate(how: Aggregation, parts: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """Return what a group makes of values and weights."""
    values = [value for value, _ in parts]
    weighed = sum((value * weight for value, weight in parts), Fraction(0))
    made = {
        Aggregation.SUM: sum(values, Fraction(0)),
        Aggregation.WEIGHTED_SUM: weighed,
        Aggregation.MEAN: sum(values, Fraction(0)) / len(values),
        Aggregation.MINIMUM: min(values),
        Aggregation.MAXIMUM: max(values),
    }
    return weighed / sum(weight for _, weight in parts) if how is Aggregation.WEIGHTED_MEAN else made[how]


def _words(criteria: Sequence[Criterion], standings: Mapping[str, Standing]) -> dict[str, tuple[int, int]]:
    found = {}
    for word in RequirementWord:
        asked = [standings[criterion.id] for criterion in criteria if criterion.requirement is word]
        applying = [standing for standing in asked if standing.kept_out is not Outcome.NOT_APPLICABLE]
        if applying:
            found[word.value] = (sum(standing.met for standing in applying), len(applying))
    return found


def path_to(id: str, groups: Sequence[Group]) -> list[Group | Criterion]:
    """Return what stands around a criterion or a group, the outermost first, and it itself; nothing if it is absent."""
    for group in groups:
        if group.id == id:
            return [group]
        for criterion in group.criteria:
            if criterion.id == id:
                return [group, criterion]
        inside = path_to(id, group.groups)
        if inside:
            return [group, *inside]
    return []


def named(id: str, methodology: Methodology) -> Group | Criterion:
    """Return the criterion or group of an id."""
    return path_to(id, methodology.categories)[-1]


def criteria_in(part: Group | Criterion) -> list[Criterion]:
    """Return a criterion, or all in a group."""
    if isinstance(part, Criterion):
        return [part]
    return [*part.criteria, *(criterion for group in part.groups for criterion in criteria_in(group))]
