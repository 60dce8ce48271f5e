"""Every small company of a methodology over small domains, and whether bettering one of its facts ever costs points.

This knows nothing of cells, literals and states: values are listed one by one, tests are asked by plain comparison, and
companies are all collections of up to a number of facts. Facts that no condition tells apart are listed once.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations, combinations_with_replacement, product
from random import Random
from typing import Any

from attrs import field, frozen

from cleancloud_rules import Methodology
from cleancloud_rules.model.conditions import AllOf, AnyOf, Condition, Count, NoneOf, When, conditions_of
from cleancloud_rules.model.facts import Better, Field
from cleancloud_rules.model.methodology import Criterion
from cleancloud_rules.model.values import FieldType, Interval
from cleancloud_rules.results import Improvement
from tests.reference.conditions import counts_in, passes
from tests.reference.scores import points_of

ENDS = (None, -1, 0, 1, 2, 3, 4, 5)
"""Ends of bounds on whole numbers, where tests name 1 to 3: two beyond on either side."""


@frozen
class Stated:
    """A value that a field may hold: exact, bounded, missing (None), or disclosed without being at hand."""

    value: Any = None
    disclosed: bool = False


@frozen
class Seen:
    """A fact as conditions see it: the conditions that it passes, and the exact values that may be counted."""

    type: str
    passed: frozenset[int]
    values: tuple[tuple[str, frozenset[Any]], ...]


Company = tuple[int, ...]
"""Numbers of facts, in order."""


@frozen
class Enumeration:
    """All companies of one criterion.

    Args:
        criterion: the criterion.
        facts: every fact, once for each way in which conditions see it.
        steps: for each sense what one change of a fact makes of which fact, by their numbers; None where it is added.
    """

    criterion: Criterion
    facts: tuple[Seen, ...]
    steps: dict[Improvement, tuple[tuple[int | None, int], ...]]
    _conditions: dict[Condition, int]
    _known: dict[Company, Decimal] = field(factory=dict)

    @property
    def most(self) -> int:
        """How many facts a company may have, so that not too many companies are to be tried."""
        return 3 if len(self.facts) <= 25 else 2

    def least_violations(self, most: int) -> dict[Improvement, int]:
        """Return for each sense that is violated how many facts the smallest company has that shows it.

        Args:
            most: how many facts a company has at most.
        """
        found: dict[Improvement, int] = {}
        for size in range(most):
            for rest in combinations_with_replacement(range(len(self.facts)), size):
                for sense in [sense for sense in Improvement if sense not in found]:
                    if any(self.points(rest, new) < self.points(rest, old) for old, new in self.steps[sense]):
                        found[sense] = size + 1
        return found

    def extremes(self, most: int) -> tuple[Decimal, Decimal]:
        """Return the least and the greatest points of companies of at most so many facts."""
        numbers = range(len(self.facts))
        points = {self.points(c) for size in range(most + 1) for c in combinations_with_replacement(numbers, size)}
        return min(points), max(points)

    def points(self, company: Company, more: int | None = None) -> Decimal:
        """Return the points of a company, with one fact more if there is one."""
        key = company if more is None else tuple(sorted((*company, more)))
        if key not in self._known:
            facts = [self.facts[number] for number in key]
            fired: dict[str, Decimal] = {
                rule.id: rule.points for rule in self.criterion.rules if self.holds(rule.when, facts)
            }
            self._known[key] = points_of(self.criterion, fired)
        return self._known[key]

    def holds(self, when: When, company: Sequence[Seen]) -> bool:
        """Whether what a rule asks for holds of a company."""
        match when:
            case Condition():
                return bool(self._passing(when, company))
            case Count(of, number, None):
                return len(self._passing(of, company)) >= number
            case Count(of, number, name):
                values = (dict(fact.values).get(str(name), frozenset()) for fact in self._passing(of, company))
                return len(frozenset().union(*values)) >= number
            case AllOf(parts):
                return all(self.holds(part, company) for part in parts)
            case AnyOf(parts):
                return any(self.holds(part, company) for part in parts)
            case NoneOf(parts):
                return not any(self.holds(part, company) for part in parts)

    def _passing(self, condition: Condition, company: Sequence[Seen]) -> list[Seen]:
        number = self._conditions[condition]
        return [fact for fact in company if number in fact.passed]


def enumerated(criterion: Criterion, methodology: Methodology) -> Enumeration:
    """Return everything that facts can be to a criterion."""
    asked = [condition for rule in criterion.rules for condition in conditions_of(rule.when)]
    conditions = {condition: number for number, condition in enumerate(dict.fromkeys(asked))}
    counted = {(c.of.fact_type, c.distinct) for rule in criterion.rules for c in counts_in(rule.when) if c.distinct}
    facts: dict[Seen, None] = {}
    changes: dict[Improvement, dict[tuple[Seen, Seen], None]] = {Improvement.VALUE: {}, Improvement.NARROWING: {}}
    for fact_type in methodology.vocabulary.fact_types:
        own = {condition: n for condition, n in conditions.items() if condition.fact_type == fact_type.id}
        places = [(i, f.id) for i, f in enumerate(fact_type.fields) if (fact_type.id, f.id) in counted]
        groups = [_groups(f, own, (fact_type.id, f.id) in counted) for f in fact_type.fields]
        seen = {chosen: _seen(fact_type.id, chosen, own, places) for chosen in product(*groups)}
        facts.update(dict.fromkeys(seen.values()))
        for sense, made in changes.items():
            for i, f in enumerate(fact_type.fields):
                pairs = _pairs(sense, groups[i], f)
                for chosen, old in seen.items():
                    after = (seen[(*chosen[:i], new, *chosen[i + 1 :])] for new in pairs.get(chosen[i], ()))
                    made.update(dict.fromkeys((old, new) for new in after if new != old))
    ordered = tuple(sorted(facts, key=repr))
    number = {fact: i for i, fact in enumerate(ordered)}
    steps: dict[Improvement, tuple[tuple[int | None, int], ...]] = {
        Improvement.EVIDENCE: tuple((None, i) for i in range(len(ordered))),
        **{sense: tuple((number[old], number[new]) for old, new in made) for sense, made in changes.items()},
    }
    return Enumeration(criterion, ordered, steps, conditions)


def _pairs(sense: Improvement, groups: "dict[_Group, list[Stated]]", own: Field) -> "dict[_Group, list[_Group]]":
    """Return what a change may make of the values of each group."""
    return {
        a: [b for b in groups if any(_betters(sense, new, old, own) for old in groups[a] for new in groups[b])]
        for a in groups
    }


_Group = tuple[frozenset[int], frozenset[Any]]
"""The conditions whose tests on a field pass, and the exact values that are counted there."""


def _groups(own: Field, conditions: dict[Condition, int], is_counted: bool) -> dict[_Group, list[Stated]]:
    found: dict[_Group, list[Stated]] = {}
    for stated in values_of(own):
        passed = frozenset(
            number
            for condition, number in conditions.items()
            if all(
                passes(t.test, stated.value, disclosed=stated.disclosed) for t in condition.tests if t.field == own.id
            )
        )
        value = stated.value
        values = value if isinstance(value, frozenset) else frozenset() if _is_open(value) else frozenset({value})
        found.setdefault((passed, values if is_counted else frozenset()), []).append(stated)
    return found


def _is_open(value: Any) -> bool:
    return value is None or isinstance(value, Interval)


def _seen(
    type_id: str, groups: Sequence[_Group], conditions: dict[Condition, int], counted: Sequence[tuple[int, str]]
) -> Seen:
    passed = frozenset(conditions.values()).intersection(*(group[0] for group in groups))
    return Seen(type_id, passed, tuple((name, groups[i][1]) for i, name in counted))


def values_of(own: Field) -> Iterator[Stated]:
    """Return everything that a field may hold."""
    if own.optional:
        yield Stated()
    yield Stated(disclosed=True)
    match own.type:
        case FieldType.BOOLEAN:
            yield from (Stated(value) for value in (False, True))
        case FieldType.ENUM:
            yield from (Stated(name) for name in own.values)
        case FieldType.SET:
            sizes = range(1, len(own.values) + 1)
            yield from (Stated(frozenset(names)) for size in sizes for names in combinations(own.values, size))
        case FieldType.TEXT:
            yield from (Stated(text) for text in ("here", "there", "elsewhere", "nowhere"))
        case _:
            yield from (Stated(value) for value in _numbers(own))


def _numbers(own: Field) -> Iterator[Any]:
    """Return whole numbers that are valid, and bounds that allow one."""
    valid = [n for n in range(-1, 6) if own.valid is None or passes(own.valid, n)]
    yield from valid
    for low, high in product(ENDS, repeat=2):
        inside = [n for n in valid if (low is None or low <= n) and (high is None or n <= high)]
        if (low, high) != (None, None) and inside and (low is None or high is None or low < high):
            yield Interval(low, high)


def _betters(sense: Improvement, new: Stated, old: Stated, own: Field) -> bool:
    if new.value is None:
        return False
    if sense is Improvement.NARROWING:
        return old.disclosed or (isinstance(old.value, Interval) and new != old and _inside(new.value, old.value))
    return old.value is not None and own.better is not None and _is_better(new.value, old.value, own)


def _ends(value: Any) -> tuple[float, float]:
    """Return the ends of a whole number or of a bound; infinite where there is none."""
    if not isinstance(value, Interval):
        return value, value
    low: Any = value.low
    high: Any = value.high
    return float("-inf") if low is None else low, float("inf") if high is None else high


def _inside(new: Any, old: Interval) -> bool:
    (low, high), (least, most) = _ends(new), _ends(old)
    return least <= low and high <= most


def _is_better(new: Any, old: Any, own: Field) -> bool:
    match own.better:
        case Better.MORE:
            return bool(new > old)
        case Better.LISTED:
            return own.values.index(new) > own.values.index(old)
        case Better.HIGHER:
            return _ends(new)[0] > _ends(old)[0]
        case _:
            return _ends(new)[1] < _ends(old)[1]


# Methodologies


def small_files(seed: int) -> dict[str, Any]:
    """Return the files of a methodology over small domains, with one criterion."""
    return _Inventor(Random(seed)).files()  # noqa: S311 - nothing secret is made


def _pick(random: Random, options: Iterable[Any]) -> Any:
    return random.choice(tuple(options))


@frozen
class _Inventor:
    random: Random

    def one(self, *options: Any) -> Any:
        return _pick(self.random, options)

    def files(self) -> dict[str, Any]:
        types = {name: self._fields() for name in ("alpha", "beta")[: self.one(1, 1, 2)]}
        policy = self.one("collect max", "collect max", "collect sum", "first")
        points = [self.one(1, 2, 3, 5) for _ in range(self.one(1, 2, 3, 4))]
        most = sum(points) if policy == "collect sum" else max(points)
        criterion: dict[str, Any] = {
            "id": "only", "title": "Only", "horizon": "ever", "max_points": most, "hit_policy": policy,
            "rules": [
                {"id": f"rule_{i}", "points": earned, "when": self._when(types, 0), "because": "It holds."}
                for i, earned in enumerate(points)
            ],
            "otherwise": "Nothing.",
        }  # fmt: skip
        if policy == "collect sum" and self.one(True, False):
            criterion["at_most"] = criterion["max_points"] = max(points)
        fact_types = {name: {"title": name, "horizon": "ever", "fields": fields} for name, fields in types.items()}
        return {
            "methodology.yaml": {
                "id": "small", "title": "Small", "edition": "1", "publisher": "Nobody",
                "sources": {"report": {"type": "report"}}, "windows": {"ever": "always"}, "source_types": ["report"],
                "categories": [{"id": "whole", "title": "Whole", "weight": 100}],
            },
            "facts.yaml": {"fact_types": fact_types},
            "whole.yaml": {"category": "whole", "criteria": [criterion]},
        }  # fmt: skip

    def _fields(self) -> dict[str, Any]:
        names = self.random.sample(("level", "kind", "parts", "flag", "place"), self.one(1, 2, 2, 3))
        return {name: {**self._field(name), "optional": self.one(True, False)} for name in names}

    def _field(self, name: str) -> dict[str, Any]:
        match name:
            case "level":
                better = self.one({"better": "higher"}, {"better": "lower"}, {})
                return {"type": "integer", **better, **self.one({}, {"valid": "[1..3]"}, {"valid": ">= 1"})}
            case "kind":
                return {"type": "enum", "values": ["a", "b", "c"], **self.one({"better": "listed"}, {})}
            case "parts":
                return {"type": "set", "values": ["a", "b"], **self.one({"better": "more"}, {})}
            case "flag":
                return {"type": "boolean", **self.one({"better": "higher"}, {})}
            case _:
                return {"type": "text"}

    def _when(self, types: dict[str, Any], depth: int) -> dict[str, Any]:
        forms = ("condition", "condition", "all", "any", "none", "count", "beside") if depth < 2 else ("condition",)
        match self.one(*forms):
            case "condition":
                return self._condition(types)
            case "count":
                return {"count": self._count(types)}
            case "beside":
                return {"all": [self._condition(types), {"none": [self._when(types, depth + 1)]}]}
            case form:
                return {form: [self._when(types, depth + 1) for _ in range(self.one(1, 2))]}

    def _count(self, types: dict[str, Any]) -> dict[str, Any]:
        of = self._condition(types)
        distinct = self.one(None, *types[next(iter(of))])
        return {"of": of, "at_least": self.one(1, 2, 2), **({"distinct": distinct} if distinct else {})}

    def _condition(self, types: dict[str, Any]) -> dict[str, Any]:
        name = self.one(*types)
        fields = types[name]
        tested = self.random.sample(tuple(fields), self.one(*range(len(fields) + 1), len(fields)))
        return {name: {field: self._test(fields[field]) for field in tested}}

    def _test(self, spec: dict[str, Any]) -> Any:
        general = ("not(null)", "-", *(("null",) if spec["optional"] else ()))
        own: tuple[Any, ...]
        match spec["type"]:
            case "integer":
                marks = (1, 2, 3)
                mark = self.one(*marks)
                own = (
                    f">= {mark}", f">= {mark}", f"> {mark}", f"<= {mark}", f"<= {mark}", f"< {mark}", mark,
                    f"not({mark})", f"not(<= {mark})", f"not(> {mark})", "[1..2]", "[2..3]", "(1..3)", "1, > 2",
                )  # fmt: skip
            case "enum":
                own = ("a", "b", "c", ["b", "c"], ["a", "c"], 'not("a")', 'not("b")', 'not("c")')
            case "set":
                own = ("a", "b", ["a", "b"], {"all": ["a", "b"]}, {"is": ["a"]}, {"is": ["a", "b"]}, 'not("a")')
            case "boolean":
                own = (True, False, "not(true)")
            case _:
                own = ("here", "there", 'not("here")')
        return self.one(*own, *own, *general)
