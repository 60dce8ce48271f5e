"""Derived facts: facts are joined in the database, and the library derives from each distinct combination once."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from cleancloud_rules.engine.derivation import derive
from cleancloud_rules.engine.eligibility import outside_window
from cleancloud_rules.engine.matching import MAX_COMBINATIONS
from cleancloud_rules.engine.ruleset import Join
from cleancloud_rules.model.derivations import Derivation
from cleancloud_rules.model.exact import plain
from cleancloud_rules.model.facts import Basis, Fact, Field, Source
from cleancloud_rules.model.values import FieldType, Interval, Value
from cleancloud_rules.tables.facts import STATED, columns_of, field_row
from cleancloud_rules.tables.scoring.evidence import Evidence, TypePlan, is_exact
from cleancloud_rules.tables.scoring.keys import prefix_of, words_of
from cleancloud_rules.tables.scoring.read_again import columns_read
from cleancloud_rules.tables.scoring.stated import period_of
from cleancloud_rules.tables.sql import listed

APART = 10**15
"""The lines of derived facts are below 0, and those of a derivation so many below those of the one before.

Spark numbers the rows of each part of a table from a multiple of 2**33, and tables have at most some 10,000 parts.
"""

_LEFT_OUT = ("company", "line", "locator", "period_is_year", "note")


def add_derived(evidence: Evidence) -> None:
    """Add the facts of all derivations to the facts of their types."""
    for place, join in enumerate(evidence.ruleset.joins):
        _add(evidence, join, -place * APART)


def _add(evidence: Evidence, join: Join, last: int) -> None:
    derivation = join.derivation
    target = evidence.plans[derivation.fact]
    plans = [evidence.plans[condition.fact_type] for _, condition in derivation.inputs]
    read = [(place, name) for place, names in enumerate(_columns_read(derivation, plans)) for name in names]
    joined = evidence.lookups.new(_joined(evidence, join, plans))
    problem = f"'derivation {derivation.id} joins more than {MAX_COMBINATIONS} combinations of facts' AS problem"
    count = f"FROM {joined} AS joined GROUP BY company HAVING COUNT(*) > {MAX_COMBINATIONS}"
    evidence.failing.append(f"SELECT company, {problem} {count}")
    given = {name: kind for name, kind in columns_of(target.fact_type).items() if name not in _LEFT_OUT}

    def answers(rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[Any, ...] | None]:
        for row in rows:
            held: list[dict[str, Any]] = [{} for _ in plans]
            for (place, name), value in zip(read, row, strict=True):
                held[place][name] = value
            facts = tuple(_fact(plan, of, str(n)) for n, (plan, of) in enumerate(zip(plans, held, strict=True)))
            made = derive(derivation, facts, evidence.methodology.vocabulary)
            yield _row(target, made, evidence) if isinstance(made, Fact) else None

    asked = {f"c{n}": f"i{place}_{name}" for n, (place, name) in enumerate(read)}
    found = evidence.lookups.answered(joined, asked, answers, {**given, "timely": "bool"}, ("company", "made_of"))
    distinct = f"SELECT DISTINCT company, made_of, {', '.join(given)}, timely FROM {found} AS found"
    made = evidence.lookups.new(f"SELECT {last} - ROW_NUMBER() OVER () AS line, * FROM ({distinct}) AS made")
    new = evidence.staged(made, target, [0] * len(target.places), "facts.timely")
    names = ", ".join(target.columns())
    stated = f"SELECT {names} FROM {evidence.rows[derivation.fact]} AS facts"
    both = f"({stated} UNION ALL SELECT {names} FROM {new} AS facts)"
    evidence.rows[derivation.fact] = evidence.selected(target, both)


def _columns_read(derivation: Derivation, plans: Sequence[TypePlan]) -> list[list[str]]:
    """Return the columns that a derivation reads of each of its inputs."""
    inputs = zip(derivation.inputs, plans, strict=True)
    return [columns_read(derivation, name, plan.fact_type) for (name, _), plan in inputs]


def _joined(evidence: Evidence, join: Join, plans: Sequence[TypePlan]) -> str:
    """Return a query for the combinations of facts that a derivation joins, with what it reads of them."""
    derivation = join.derivation
    most = {name: max(plan.places_of(name) for plan in plans) for name in derivation.join}
    parts, columns = [], []
    for place, (number, plan, read) in enumerate(
        zip(join.conditions, plans, _columns_read(derivation, plans), strict=True)
    ):
        keys = [_join_key(plan, name, most[name]) for name in derivation.join]
        names = {f"i{place}_{name}": name for name in read}
        held = {"company": "company", "id": f"'{plan.number}:' || line", **names}
        held |= {f"j{n}": value for n, (value, _) in enumerate(keys)}
        tests = " AND ".join([evidence.passes(number), *(test for _, test in keys)])
        parts.append(f"(SELECT {listed(held)} FROM {_with_bits(evidence, plan)} AS facts WHERE {tests}) AS a{place}")
        columns += [f"a{place}.{name}" for name in names]
    equal = ("company", *(f"j{n}" for n in range(len(derivation.join))))
    joined = parts[0]
    for place, part in enumerate(parts[1:], 1):
        joined += f" JOIN {part} ON {' AND '.join(f'a0.{name} = a{place}.{name}' for name in equal)}"
    ids = ", ".join(f"a{place}.id" for place in range(len(parts)))
    return f"SELECT a0.company, LIST_SORT(LIST_DISTINCT([{ids}])) AS made_of, {', '.join(columns)} FROM {joined}"


def _with_bits(evidence: Evidence, plan: TypePlan) -> str:
    """Return a query in brackets for the facts of a type, with bits of the conditions that they pass."""

    def answers(keys: Sequence[tuple[Any, ...]]) -> Iterator[tuple[int, ...]]:
        for key in keys:
            yield words_of(plan.passing.holding(key), plan.conditions.start, plan.words)

    given = {f"p{word}": "int" for word in plan.words}
    asked = {f"key_{name}": name for name in plan.code.columns}
    evidence.keep(plan)
    columns = evidence.inputs(plan)
    return evidence.lookups.answered(evidence.coded(plan, columns), asked, answers, given, columns)


def _join_key(plan: TypePlan, name: str, places: int) -> tuple[str, str]:
    """Return the expression of a value by which facts are joined, and the condition that it is present and exact.

    Args:
        plan: the plan of the type of the facts.
        name: the name of a field, or ``period`` or ``entity``.
        places: the decimal places in whose units numbers count.
    """
    if name == "period":
        return "first_day * 10000000 + period_low", "first_day IS NOT NULL AND period_low IS NOT NULL"
    if name == "entity":
        return "entity", "entity IS NOT NULL"
    own, prefix = plan.fact_type.get(name), prefix_of(name, plan.fact_type)
    assert own is not None
    number = f"CAST({prefix}_low * {10 ** (places - plan.places_of(name))} AS DECIMAL(38, 0))"
    return number if own.type.is_ordered else prefix, is_exact(prefix, own, missing=False)


def _fact(plan: TypePlan, held: dict[str, Any], id: str) -> Fact:
    """Return a fact with what a derivation reads of it."""
    moment, source = held["moment"], held["source"]
    return Fact(
        id,
        plan.fact_type.id,
        plan.fact_type.model(**values_of(plan, held)),
        period=period_of(held["first_day"], held["period_low"]),
        as_of=None if moment is None else date.fromordinal(moment),
        entity=held["entity"],
        basis=Basis(held["basis"]),
        source=None if source is None else Source(source, ""),
    )


def _row(plan: TypePlan, fact: Fact, evidence: Evidence) -> tuple[Any, ...]:
    """Return a derived fact as a row: its fields, what stands beside them, and whether it lies in its window."""
    fields = zip(plan.fact_type.fields, plan.places, strict=True)
    said = (value for own, places in fields for value in field_row(fact, own, places))
    start, end = (None, None) if fact.period is None else (fact.period.start, fact.period.end)
    source = None if fact.source is None else fact.source.id
    timely = outside_window(fact, evidence.methodology) is None
    return *said, fact.entity, start, end, fact.as_of, fact.basis.value, source, timely


def values_of(plan: TypePlan, held: dict[str, Any]) -> dict[str, Value]:
    """Return the values of the fields whose columns are held, by name.

    Args:
        plan: the plan of a fact type.
        held: the values of columns, by name.
    """
    found: dict[str, Value] = {}
    for number, (own, places) in enumerate(zip(plan.fact_type.fields, plan.places, strict=True)):
        if held.get(f"f{number}_state") == STATED:
            found[own.id] = _value(own, places, held, f"f{number}")
    return found


def _value(own: Field, places: int, held: dict[str, Any], prefix: str) -> Value:
    if not own.type.is_ordered:
        value: Any = held[prefix]
        if own.type is FieldType.SET:
            return frozenset(value)
        return value == "true" if own.type is FieldType.BOOLEAN else value  # type: ignore[no-any-return]
    low, high = (_number(own, places, held[f"{prefix}_{end}"]) for end in ("low", "high"))
    if low is not None and low == high:
        return low  # type: ignore[no-any-return]
    return Interval(low, high, held[f"{prefix}_low_open"], held[f"{prefix}_high_open"])


def _number(own: Field, places: int, number: Decimal | None) -> Any:
    if number is None:
        return None
    if own.type is FieldType.DATE:
        return date.fromordinal(int(number))
    return plain(Decimal(f"{number:f}E-{places}")) if own.type.is_decimal else int(number)
