"""The lemmas of ``docs/explanation/monotonicity.md``, one function each, of the same name.

A function says whether its lemma can be applied to a part of a criterion. What is said of *the change* holds in each of
the three senses: a fact is added, a field of a fact improves, or a bounded value of a fact becomes more exact.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from cleancloud_rules._cells import FieldCells, cells_of
from cleancloud_rules.certificates import Sense
from cleancloud_rules.conditions import Condition, Count, Members, Null, SetMode, UnaryTest
from cleancloud_rules.facts import Better, Field
from cleancloud_rules.methodology import Criterion, Derivation, Formula, HitPolicy, Methodology, Operation, Reading
from cleancloud_rules.values import Interval


def existential_condition(sense: Sense) -> bool:
    """Some fact that passes is enough: a condition that a fact passes still holds when another one is added."""
    return sense is Sense.EVIDENCE


def all_and_any(directions: Iterable[bool]) -> bool:
    """Where no part comes to fail, neither `all` nor `any` of them does; and where none comes to hold, likewise."""
    return all(directions)


def none(directions: Iterable[bool]) -> bool:
    """`none` turns a part round: it does not come to fail where no part comes to hold, and the other way about."""
    return all(directions)


def count_of_facts(asked: Count) -> bool:
    """A count of facts never falls when no fact that was counted comes to fail."""
    return asked.distinct is None


def count_of_distinct_values(asked: Count, sense: Sense, own: Field) -> bool:
    """A count of distinct values never falls when values are only added: facts, members of sets, exact for bounded."""
    return asked.distinct is not None and (sense is not Sense.VALUE or own.better in (None, Better.MORE))


def collect_max(criterion: Criterion) -> bool:
    """The best of what holds never falls when nothing that holds comes to fail."""
    return criterion.hit_policy is HitPolicy.COLLECT_MAX


def collect_sum(criterion: Criterion) -> bool:
    """A sum of points, none below zero, never falls when nothing that holds comes to fail."""
    return criterion.hit_policy is HitPolicy.COLLECT_SUM and all(rule.points >= 0 for rule in criterion.rules)


def first(criterion: Criterion) -> bool:
    """The first of rules that earn less and less is the best of them."""
    points = [rule.points for rule in criterion.rules]
    return criterion.hit_policy is HitPolicy.FIRST and points == sorted(points, reverse=True)


def cap(criterion: Criterion) -> bool:
    """The lesser of what is earned and a fixed number grows with what is earned, and never exceeds the number."""
    return criterion.at_most is not None or criterion.max_points >= Decimal(0)


def open_threshold(test: UnaryTest, own: Field) -> bool:
    """A threshold without an end on the good side accepts whatever is better than a value that it accepts."""
    intervals = _intervals(test, own)
    if own.better is Better.HIGHER:
        return bool(intervals) and all(interval.high is None for interval in intervals)
    return own.better is Better.LOWER and bool(intervals) and all(interval.low is None for interval in intervals)


def ranges(test: UnaryTest, own: Field) -> bool:
    """Ranges that together leave no gap up to the good end accept whatever is better than a value they accept."""
    return bool(_intervals(test, own)) and _leaves_no_gap(test, own)


def negated_test(test: UnaryTest, own: Field) -> bool:
    """A test that refuses all that is worse than something it refuses accepts whatever is better than what it takes."""
    return own.type in _ORDERED and test.negated and not _null(test) and _leaves_no_gap(test, own)


def equality(test: UnaryTest, own: Field) -> bool:
    """What accepts the best value that is valid, and nothing worse, cannot be left by an improvement."""
    if own.type == "boolean":
        best = own.better is Better.HIGHER
        return not test.negated and all(i.low is best for i in _present(test) if isinstance(i, Interval))
    intervals = _intervals(test, own)
    if len(intervals) != 1 or not intervals[0].is_point or own.valid is None:
        return False
    end = intervals[0].low
    limits = _intervals(own.valid, own)
    higher = own.better is Better.HIGHER
    return bool(limits) and all((limit.high if higher else limit.low) == end for limit in limits)


def set_test(test: UnaryTest, own: Field) -> bool:
    """A set that contains a name, one of several or all of them still does when it holds more."""
    members = [a for a in _present(test) if isinstance(a, Members)]
    return own.type == "set" and not test.negated and all(a.mode is not SetMode.IS for a in members)


def ordered_enum(test: UnaryTest, own: Field) -> bool:
    """Names up to the end of the list accept whatever stands later than a name that is accepted."""
    if own.better is not Better.LISTED or _null(test):
        return False
    named = {str(a.low) for a in _present(test) if isinstance(a, Interval)}
    accepted = set(own.values) - named if test.negated else named
    return accepted == set(own.values[len(own.values) - len(accepted) :])


def unordered_field(own: Field) -> bool:
    """A field without `better` never improves, so that no test on it is touched: unordered enums, texts, periods."""
    return own.better is None


def null_test(test: UnaryTest) -> bool:
    """Whether a value is there does not change when it improves or becomes more exact: `null`, `not(null)`, `-`."""
    return test.anything or _null(test)


def bounded_value(sense: Sense) -> bool:
    """A test holds for a bound when it holds for every value inside; so it does for those inside a narrower bound."""
    return sense is Sense.NARROWING


def window(sense: Sense) -> bool:
    """Whether a fact counts depends on its source and its time: no change but that of these two touches it."""
    return sense in Sense


def derivation(sense: Sense, types: frozenset[str], counted: frozenset[str], methodology: Methodology) -> bool:
    """What is derived only grows: more facts join more; an improvement that no join and no formula reads leaves what
    was derived; narrower inputs make narrower results, unless a result is refused.

    Args:
        sense: the sense.
        types: the fact types that are asked about.
        counted: those of which facts, and not values, are counted.
        methodology: the methodology.
    """
    made = tuple(derivations_for(types, methodology))
    if sense is Sense.EVIDENCE:
        return True
    if sense is Sense.NARROWING:
        return not any(d.fact in counted and _has_twins(d) for d in made)
    return all(_keeps(d, methodology) for d in made)


def sum_of_parts(weights: Iterable[Decimal]) -> bool:
    """A sum of parts, each times a weight that is not below zero, never falls when no part falls."""
    return all(weight >= 0 for weight in weights)


def rounding(methodology: Methodology) -> bool:
    """Of two numbers the greater is not rounded below the lesser, whatever the mode."""
    return methodology.rounding.digits >= 0


LEMMAS: dict[str, Callable[..., bool]] = {
    function.__name__: function
    for function in (
        existential_condition, all_and_any, none, count_of_facts, count_of_distinct_values, collect_max, collect_sum,
        first, cap, open_threshold, ranges, negated_test, equality, set_test, ordered_enum, unordered_field, null_test,
        bounded_value, window, derivation, sum_of_parts, rounding,
    )
}  # fmt: skip
"""Every lemma by its name."""

_ORDERED = frozenset({"integer", "number", "percent", "year", "date", "quantity"})


def _null(test: UnaryTest) -> bool:
    return bool(test.alternatives) and all(isinstance(a, Null) for a in test.alternatives)


def _present(test: UnaryTest) -> list[Interval | Members]:
    return [a for a in test.alternatives if not isinstance(a, Null)]


def _intervals(test: UnaryTest, own: Field) -> list[Interval]:
    """Return what a test on an ordered field accepts, where it is not negated."""
    if own.type not in _ORDERED or test.negated:
        return []
    return [a for a in _present(test) if isinstance(a, Interval)]


def _leaves_no_gap(test: UnaryTest, own: Field) -> bool:
    """Whether what is accepted reaches from some cell up to the last on the good side."""
    cells = _bare_cells(test, own)
    accepted = cells.passing(test) & cells.all_values
    ordered = [bool(accepted & (2 << cell)) for cell in range(cells.count)]
    if own.better is Better.LOWER:
        ordered.reverse()
    return own.better in (Better.HIGHER, Better.LOWER) and ordered == sorted(ordered)


def _bare_cells(test: UnaryTest, own: Field) -> FieldCells:
    return cells_of(own, (test,))


def derivations_for(types: frozenset[str], methodology: Methodology) -> Iterator[Derivation]:
    """Return the derivations that make facts of some types, and those that these read, the last first."""
    wanted = set(types)
    for made in reversed(methodology.vocabulary.derivations):
        if made.fact in wanted:
            wanted |= {condition.fact_type for _, condition in made.inputs}
            yield made


def _has_twins(made: Derivation) -> bool:
    """Whether one fact could stand for two inputs, so that two results could become one."""
    types = [condition.fact_type for _, condition in made.inputs]
    return len(set(types)) < len(types)


def _keeps(made: Derivation, methodology: Methodology) -> bool:
    """Whether an improvement of a joined fact leaves what was derived from it as it was."""
    read = {(r.input, r.field) for a in made.assignments if a.is_formula for r in readings(a.value)}  # type: ignore[arg-type]
    for name, condition in made.inputs:
        for own in methodology.vocabulary.by_id[condition.fact_type].fields:
            if own.better is None:
                continue
            tests = [t.test for t in condition.tests if t.field == own.id]
            if (name, own.id) in read or own.id in made.join or not all(is_open(test, own) for test in tests):
                return False
    return True


def readings(formula: Formula) -> Iterator[Reading]:
    """Return what a formula reads."""
    match formula:
        case Reading():
            yield formula
        case Operation(_, left, right):
            yield from readings(left)
            yield from readings(right)


OPEN_TESTS: tuple[Callable[[UnaryTest, Field], bool], ...] = (
    open_threshold, ranges, negated_test, equality, set_test, ordered_enum,
)  # fmt: skip
"""The lemmas of which one is needed for a test on a field that can improve."""


def is_open(test: UnaryTest, own: Field) -> bool:
    """Whether some lemma says that what is better than an accepted value is accepted."""
    return null_test(test) or any(lemma(test, own) for lemma in OPEN_TESTS)


def tests_of(condition: Condition) -> tuple[tuple[str, UnaryTest], ...]:
    """Return the tests of a condition with the fields that they read."""
    return tuple((test.field, test.test) for test in condition.tests)
