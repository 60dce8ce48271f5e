"""Floors and ceilings: the least and the most points over all completions of the stated facts."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from attrs import field, frozen

from cleancloud_rules._additive import exact_score, weight_of
from cleancloud_rules._counting import count
from cleancloud_rules._explaining import Reading
from cleancloud_rules._records import Recorder
from cleancloud_rules._rounding import rounded
from cleancloud_rules._vectors import Admissible, TooLargeError, VectorSpaces
from cleancloud_rules.bounds import Bounds, CategoryBounds, CompanyBounds, CriterionBounds
from cleancloud_rules.facts import CompanyFacts, Fact
from cleancloud_rules.firings import Firings
from cleancloud_rules.methodology import Category, Criterion, HitPolicy, Methodology
from cleancloud_rules.rounding import TotalPolicy
from cleancloud_rules.rulesets import CompiledRule, Literal, Ruleset

MAX_STATES = 20_000
"""How many states the search for a criterion that is not monotone may visit."""

MANY = 10**9
"""A count that no rule asks for: as many as one likes."""

State = tuple[frozenset[int], tuple[tuple[str, int], ...]]
"""Conditions that hold, and counts by name, none above what a rule asks for."""


@frozen
class Bounder:
    """Computes bounds for one methodology.

    Args:
        methodology: the methodology.
        ruleset: its compiled form, with the conditions of its implications among the conditions.
        version: the library's version.
    """

    methodology: Methodology
    ruleset: Ruleset
    version: str
    spaces: VectorSpaces = field(init=False, repr=False)

    @spaces.default
    def _spaces(self) -> VectorSpaces:
        return VectorSpaces(self.methodology, self.ruleset)

    def admissible(self, company: CompanyFacts, facts: Iterable[Fact]) -> tuple[Reading, Admissible]:
        """Return a company's counting facts as conditions see them, and what could be added to them."""
        reading = Reading(self.ruleset, self.methodology.vocabulary, facts)
        satisfied = frozenset(c.index for c in self.ruleset.conditions if reading.satisfying(c.condition))
        missing = (entry.condition for entry in company.not_found)
        implications = self.methodology.vocabulary.implications
        return reading, Admissible(self.spaces, implications, missing, satisfied)

    def bounds(self, found: Iterable[tuple[CompanyFacts, Firings]]) -> Bounds:
        """Return the bounds of companies, given what fired for each on its stated facts."""
        recorder = Recorder(self.methodology)
        companies = sorted((self.company(company, firings) for company, firings in found), key=lambda c: c.company.id)
        notices = recorder.notices("", with_hypothetical=False)
        return Bounds(recorder.methodology_record(), tuple(companies), notices, self.version)

    def company(self, company: CompanyFacts, firings: Firings) -> CompanyBounds:
        """Return the bounds of one company."""
        reading, admissible = self.admissible(company, [c.fact for c in firings.facts if c.counts])
        search = _Search(self, reading, admissible)
        categories = tuple(self._category(category, search) for category in self.methodology.categories)
        return CompanyBounds(
            Recorder(self.methodology).company(company),
            self._total(categories, "points"),
            self._total(categories, "floor_points"),
            self._total(categories, "ceiling_points"),
            all(criterion.exact for category in categories for criterion in category.criteria),
            categories,
        )

    def _total(self, categories: tuple[CategoryBounds, ...], which: str) -> Decimal:
        rounding = self.methodology.rounding
        pairs = zip(self.methodology.categories, categories, strict=True)
        exact = [exact_score(category, getattr(bounds, which)) for category, bounds in pairs]
        if rounding.total is TotalPolicy.SUM_OF_ROUNDED:
            return sum((rounded(part, rounding.digits, rounding.mode) for part in exact), Decimal(0))
        return rounded(sum(exact, Fraction(0)), rounding.digits, rounding.mode)

    def _category(self, category: Category, search: "_Search") -> CategoryBounds:
        criteria = tuple(search.criterion(criterion) for criterion in category.criteria)
        rounding = self.methodology.rounding

        def score(points: Decimal) -> Decimal:
            exact = exact_score(category, points)
            return rounded(exact, rounding.digits, rounding.mode)

        points, floor, ceiling = (
            sum((getattr(c, name) for c in criteria), Decimal(0)) for name in ("points", "floor", "ceiling")
        )
        return CategoryBounds(
            category.id, category.title, weight_of(category), points, floor, ceiling, category.max_points,
            score(points), score(floor), score(ceiling), criteria,
        )  # fmt: skip


class _Search:
    """The completions of one company."""

    def __init__(self, bounder: Bounder, reading: Reading, admissible: Admissible) -> None:
        self.bounder = bounder
        self.reading = reading
        self.admissible = admissible

    def criterion(self, criterion: Criterion) -> CriterionBounds:
        """Return the bounds of a criterion."""
        rules = [self.bounder.ruleset.rules[criterion.id, rule.id] for rule in criterion.rules]
        literals = {literal for rule in rules for disjunct in rule.disjuncts for literal in disjunct}
        points = self._points(criterion, self._state(literals, self.admissible.satisfied, ()))
        if is_monotone(criterion, literals):
            most = self._state(literals, self.admissible.reachable, literals)
            return self._made(criterion, points, points, self._points(criterion, most), exact=True)
        try:
            reached = [self._points(criterion, state) for state in self._states(literals)]
        except TooLargeError:
            return self._made(criterion, points, Decimal(0), criterion.max_points, exact=False)
        return self._made(criterion, points, min(reached), max(reached), exact=True)

    def _made(
        self, criterion: Criterion, points: Decimal, floor: Decimal, ceiling: Decimal, *, exact: bool
    ) -> CriterionBounds:
        if not exact:
            reason = "too many completions to search: the limits are those of the criterion itself"
        elif ceiling == floor and ceiling == criterion.max_points:
            reason = "earned in full, and no further fact can cost points"
        elif ceiling == floor:
            reason = "what was looked for and not found leaves nothing more to earn"
        elif ceiling < criterion.max_points:
            reason = "what was looked for and not found rules out a part of it"
        else:
            reason = "further facts could earn it in full"
        if exact and floor < points:
            reason += "; further facts could also cost points"
        return CriterionBounds(
            criterion.id, criterion.title, points, floor, ceiling, criterion.max_points, exact, reason
        )

    def _points(self, criterion: Criterion, state: State) -> Decimal:
        fired = [rule for rule in criterion.rules if _holds(self.bounder.ruleset.rules[criterion.id, rule.id], state)]
        if not fired:
            return Decimal(0)
        cap = criterion.max_points if criterion.at_most is None else min(criterion.at_most, criterion.max_points)
        if criterion.hit_policy is HitPolicy.FIRST:
            return min(fired[0].points, cap)
        points = [rule.points for rule in fired]
        together = sum(points, Decimal(0)) if criterion.hit_policy is HitPolicy.COLLECT_SUM else max(points)
        return min(together, cap)

    def _state(self, literals: set[Literal], conditions: frozenset[int], grown: Iterable[Literal]) -> State:
        """Return the state in which conditions hold; the counts of `grown` literals are as high as they can be."""
        growing = {literal.counter for literal in grown}
        counts = {}
        for literal in literals:
            if literal.kind not in ("at_least", "fewer"):
                continue
            number = self._stated_count(literal)
            if literal.counter in growing:
                number += self._room(literal)
            counts[literal.counter] = number
        return conditions, tuple(sorted(counts.items()))

    def _stated_count(self, literal: Literal) -> int:
        condition = self.bounder.ruleset.conditions[literal.condition].condition
        return count(self.reading.satisfying(condition), literal.distinct)

    def _room(self, literal: Literal) -> int:
        """Return how many more facts, or distinct values, could be counted."""
        if not self.admissible.room(literal.condition):
            return 0
        if literal.distinct is None:
            return MANY
        values = distinct_values(literal.condition, literal.distinct, self.admissible)
        return MANY if values is None else len(values - self._stated_values(literal))

    def _stated_values(self, literal: Literal) -> set[object]:
        condition = self.bounder.ruleset.conditions[literal.condition].condition
        found: set[object] = set()
        for fact in self.reading.satisfying(condition):
            value = fact.get(literal.distinct or "")
            found |= value if isinstance(value, frozenset) else {value}
        return found

    def _states(self, literals: set[Literal]) -> set[State]:
        """Return every state that completions reach, by adding kinds of facts until nothing new comes up."""
        named = {literal.condition for literal in literals}
        for given, then in self.admissible.pairs:
            if given in named or then in named:
                named |= {given, then}
        limits = {
            x.counter: x.number for x in sorted(literals, key=lambda x: x.number) if x.kind in ("at_least", "fewer")
        }
        counters = {x.counter: x for x in literals if x.counter in limits and x.kind in ("at_least", "fewer")}
        vectors = {
            frozenset(v.satisfied & named)
            for some in self.admissible.vectors.values()
            for v in some
            if v.satisfied & named
        }
        conditions, counts = self._state(literals, self.admissible.satisfied & named, ())
        start = (conditions, tuple((name, min(number, limits[name])) for name, number in counts))
        seen, queue = {start}, [start]
        while queue:
            held, numbers = queue.pop()
            for vector in vectors:
                grown = tuple(
                    (name, min(number + (counters[name].condition in vector), limits[name])) for name, number in numbers
                )
                state = (held | vector, grown)
                if state not in seen:
                    seen.add(state)
                    queue.append(state)
            if len(seen) > MAX_STATES:
                raise TooLargeError
        return {s for s in seen if all(then in s[0] for given, then in self.admissible.pairs if given in s[0])} or {
            start
        }


def is_monotone(criterion: Criterion, literals: Iterable[Literal]) -> bool:
    """Whether no further fact can cost points: no rule looks at absence, and no lesser rule goes before a greater."""
    if any(literal.kind in ("absent", "fewer") for literal in literals):
        return False
    if criterion.hit_policy is not HitPolicy.FIRST:
        return True
    points = [rule.points for rule in criterion.rules]
    return points == sorted(points, reverse=True)


def _holds(rule: CompiledRule, state: State) -> bool:
    conditions, counts = state[0], dict(state[1])
    return any(all(_literal_holds(x, conditions, counts) for x in disjunct) for disjunct in rule.disjuncts)


def _literal_holds(literal: Literal, conditions: frozenset[int], counts: dict[str, int]) -> bool:
    match literal.kind:
        case "present":
            return literal.condition in conditions
        case "absent":
            return literal.condition not in conditions
        case "at_least":
            return counts[literal.counter] >= literal.number
        case _:
            return counts[literal.counter] < literal.number


def distinct_values(number: int, name: str, admissible: Admissible) -> set[object] | None:
    """Return the distinct values that added facts could have in a field; None where there is no end of them.

    Args:
        number: of the condition that the facts pass.
        name: of the field.
        admissible: what could be added.
    """
    compiled = admissible.spaces.ruleset.conditions[number]
    fact_type = admissible.spaces.methodology.vocabulary.by_id[compiled.condition.fact_type]
    cells = admissible.space(fact_type.id).cells.get(name)
    field = fact_type.get(name)
    if cells is None:
        if field is None or field.type not in ("enum", "boolean", "set"):
            return None
        return {False, True} if field.type == "boolean" else set(field.values)
    found: set[object] = set()
    for cell, example in enumerate(cells.examples()):
        if example is None or not admissible.room(number, **{name: 2 << cell}):
            continue
        if isinstance(example, frozenset):
            found |= cells.names_in(cell)
        elif cells.field.type in ("enum", "boolean") or example in cells.marks:
            found.add(example)
        else:
            return None
    return found
