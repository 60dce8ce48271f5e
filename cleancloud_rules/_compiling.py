"""A methodology to a ruleset: the only place that writes the engine's own form.

Three kinds of engine rules, each small enough for the engine's limits:

* stage 1: a pattern over one encoded fact; the patterns of a condition are its disjoint runs of cells;
* joins: the facts that pass the conditions of a derivation's inputs, with equal join keys;
* later levels: conjunctions over what stage 1 found, asserted once per condition; long conjunctions are
  chained over several levels.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from cleancloud_rules._cells import FieldCells, cells_of, runs
from cleancloud_rules._conditions import field_named
from cleancloud_rules._findings import reject
from cleancloud_rules.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Count,
    Members,
    NoneOf,
    Null,
    SetMode,
    UnaryTest,
    When,
    conditions_of,
)
from cleancloud_rules.facts import Field
from cleancloud_rules.methodology import Methodology, Vocabulary
from cleancloud_rules.rulesets import (
    ANCHOR,
    SENTINEL,
    CompiledCondition,
    CompiledRule,
    Conjunction,
    FactEncoding,
    Join,
    Literal,
    Ruleset,
    Shard,
    Term,
)

MAX_RULES = 40
"""Engine rules in one shard; the engine fails at 64 patterns that one fact matches and at 256 that share one."""

MAX_LITERALS = 15
"""Literals in one conjunction; the engine fails at 17."""

MAX_PATTERNS = 64
"""Patterns that one condition may need, before it is refused as too complex."""

MAX_DISJUNCTS = 256
"""Conjunctions that one rule may need, before it is refused as too complex."""


def compile_methodology(methodology: Methodology) -> Ruleset:
    """Return the compiled form of a methodology.

    Raises:
        Rejected: where a condition or a rule is too complex for the engine.
    """
    vocabulary = methodology.vocabulary
    whens = [rule.when for criterion in methodology.criteria for rule in criterion.rules]
    inputs = [condition for d in vocabulary.derivations for _, condition in d.inputs]
    distinct = sorted({c for when in whens for c in conditions_of(when)} | set(inputs), key=_condition_key)
    numbers = {condition: index for index, condition in enumerate(distinct)}
    encodings = _encodings(distinct, vocabulary)
    conditions = tuple(_compiled(i, c, encodings, vocabulary) for i, c in enumerate(distinct))
    rules: dict[tuple[str, str], CompiledRule] = {
        (criterion.id, rule.id): _rule(criterion.id, rule.id, rule.when, numbers)
        for criterion in methodology.criteria
        for rule in criterion.rules
    }
    literals = {literal for rule in rules.values() for d in rule.disjuncts for literal in d}
    counters = {(x.counter, x.condition, x.distinct) for x in literals if x.kind in ("at_least", "fewer")}
    return Ruleset(
        conditions,
        encodings,
        _matching(conditions, encodings),
        tuple(_join(i, d, numbers) for i, d in enumerate(vocabulary.derivations)),
        _levels(rules.values()),
        rules,
        tuple(sorted(counters, key=lambda c: c[0])),
        frozenset(x.condition for x in literals if x.kind == "absent"),
        numbers,
    )


def _condition_key(condition: Condition) -> tuple[str, str]:
    return (condition.fact_type, str(condition))


def _fields(condition: Condition, vocabulary: Vocabulary) -> dict[str, Field]:
    fact_type = vocabulary.by_id[condition.fact_type]
    found = {t.field: field_named(t.field, fact_type, vocabulary) for t in condition.tests}
    return {name: field for name, field in found.items() if field is not None}


def _encodings(conditions: list[Condition], vocabulary: Vocabulary) -> dict[str, FactEncoding]:
    encodings = {}
    for index, fact_type in enumerate(vocabulary.fact_types):
        tests: dict[str, list[UnaryTest]] = {}
        for condition in conditions:
            if condition.fact_type == fact_type.id:
                for test in condition.tests:
                    tests.setdefault(test.field, []).append(test.test)
        names = sorted(tests)
        fields = {name: field_named(name, fact_type, vocabulary) for name in names}
        cells = {name: cells_of(f, tests[name]) for name, f in fields.items() if f is not None}
        properties = {name: f"f{i}" for i, name in enumerate(names)}
        encodings[fact_type.id] = FactEncoding(index, cells, properties)
    return encodings


def _compiled(
    index: int, condition: Condition, encodings: dict[str, FactEncoding], vocabulary: Vocabulary
) -> CompiledCondition:
    encoding = encodings[condition.fact_type]
    fact_type = vocabulary.by_id[condition.fact_type]
    passing: dict[str, int] = {}
    for test in condition.tests:
        bits = encoding.cells[test.field].passing(test.test)
        passing[test.field] = passing.get(test.field, bits) & bits
    keys = {field.id for field in fact_type.fields if field.key}
    key_passing = {name: bits for name, bits in passing.items() if name in keys}
    return CompiledCondition(index, condition, passing, key_passing)


def _matching(conditions: tuple[CompiledCondition, ...], encodings: dict[str, FactEncoding]) -> tuple[Shard, ...]:
    rules: list[tuple[str, str, list[list[Term]], int]] = []
    for compiled in conditions:
        type_id = compiled.condition.fact_type
        for k, terms in enumerate(_patterns(compiled, encodings[type_id])):
            name = f"m{compiled.index}_{k}"
            rules.append((type_id, name, [[("t", "==", encodings[type_id].index), *terms]], compiled.index))
    rules.sort(key=lambda rule: (rule[0], rule[3], rule[1]))
    shards = []
    for number, group in enumerate(_grouped(rules)):
        meaning = {name: index for _, name, _, index in group}
        definition = _definition({name: patterns for _, name, patterns, _ in group})
        reads = frozenset(type_id for type_id, *_ in group)
        shards.append(Shard(f"match{number}", definition, meaning, reads, len(group)))
    return tuple(shards)


def _grouped(rules: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rules), MAX_RULES):
        yield rules[start : start + MAX_RULES]


def _patterns(compiled: CompiledCondition, encoding: FactEncoding) -> list[list[Term]]:
    """Return the patterns of a condition: one for each choice of a run of cells of each of its fields."""
    choices: list[list[list[Term]]] = []
    for name in sorted(compiled.passing):
        cells, prefix = encoding.cells[name], encoding.properties[name]
        if cells.field.type == "set":
            tests = [t.test for t in compiled.condition.tests if t.field == name]
            choices.extend(set_choices(test, cells, prefix) for test in tests)
        elif compiled.passing[name] != cells.everything:
            choices.append([run_terms(first, last, prefix, cells) for first, last in runs(compiled.passing[name])])
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > MAX_PATTERNS:
        message = f"the tests of this condition fall into {count} separate cases, at most {MAX_PATTERNS} are possible"
        node = compiled.condition.node
        assert node is not None
        raise reject("too-complex", message, node.location, "split it into simpler conditions under `any`")
    return [[term for terms in combination for term in terms] for combination in product(*choices)]


def run_terms(first: int, last: int, prefix: str, cells: FieldCells) -> list[Term]:
    """Return the comparisons that hold a value's run of cells between two positions."""
    terms: list[Term] = []
    if first > 0:
        terms.append((f"{prefix}l", ">=", first))
    if last < cells.count + 1:
        terms.append((f"{prefix}h", "<=", last))
    return terms


def set_choices(test: UnaryTest, cells: FieldCells, prefix: str) -> list[list[Term]]:
    """Return the alternatives of a test on a set, each as comparisons of its members and of its presence.

    The presence property is 0 for a missing set, 1 for a set and 2 for one that was disclosed without its members;
    each member's property is 1 or 0 where the set is present and -1 where it is not.
    """
    presence = f"{prefix}s"
    if test.anything:
        return [[]]
    if not test.negated:
        return [terms for a in test.alternatives for terms in _set_alternative(a, cells, prefix)]
    if test.alternatives == (Null(),):
        return [[(presence, ">=", 1)]]
    refusals = [_set_refusals(a, cells, prefix) for a in test.alternatives if not isinstance(a, Null)]
    present: Term = (presence, "==", 1)
    return [[present, *(term for terms in choice for term in terms)] for choice in product(*refusals)]


def _set_alternative(alternative: Any, cells: FieldCells, prefix: str) -> list[list[Term]]:
    if isinstance(alternative, Null):
        return [[(f"{prefix}s", "==", 0)]]
    assert isinstance(alternative, Members)
    members = [(f"{prefix}m{i}", name in alternative.names) for i, name in enumerate(cells.marks)]
    if alternative.mode is SetMode.IS:
        return [[(name, "==", int(wanted)) for name, wanted in members]]
    wanted = [name for name, is_wanted in members if is_wanted]
    if alternative.mode is SetMode.ALL:
        return [[(name, "==", 1) for name in wanted]]
    return [[(name, "==", 1)] for name in wanted]


def _set_refusals(alternative: Any, cells: FieldCells, prefix: str) -> list[list[Term]]:
    members = [(f"{prefix}m{i}", name in alternative.names) for i, name in enumerate(cells.marks)]
    if alternative.mode is SetMode.IS:
        return [[(name, "==", int(not wanted))] for name, wanted in members]
    wanted = [name for name, is_wanted in members if is_wanted]
    if alternative.mode is SetMode.ALL:
        return [[(name, "==", 0)] for name in wanted]
    return [[(name, "==", 0) for name in wanted]]


def _rule(criterion: str, rule: str, when: When, numbers: dict[Condition, int]) -> CompiledRule:
    try:
        disjuncts = _alternatives(when, numbers, wanted=True)
    except OverflowError:
        node = conditions_of(when)[0].node
        assert node is not None
        message = f"rule `{rule}` falls into more than {MAX_DISJUNCTS} alternatives"
        raise reject("too-complex", message, node.location, "split it into several rules") from None
    return CompiledRule(criterion, rule, disjuncts)


def _alternatives(when: When, numbers: dict[Condition, int], *, wanted: bool) -> tuple[Conjunction, ...]:
    """Return what is asked as alternatives of literals; what is not `wanted` is turned round on the way down."""
    match when:
        case Condition():
            return ((Literal(numbers[when], "present" if wanted else "absent"),),)
        case Count(of, number, distinct):
            return ((Literal(numbers[of], "at_least" if wanted else "fewer", number, distinct),),)
        case NoneOf(parts):
            return _combined([_alternatives(p, numbers, wanted=not wanted) for p in parts], every=wanted)
        case AllOf(parts):
            return _combined([_alternatives(p, numbers, wanted=wanted) for p in parts], every=wanted)
        case AnyOf(parts):
            return _combined([_alternatives(p, numbers, wanted=wanted) for p in parts], every=not wanted)


def _combined(parts: list[tuple[Conjunction, ...]], *, every: bool) -> tuple[Conjunction, ...]:
    if not every:
        found = {disjunct for part in parts for disjunct in part}
    else:
        found = {()}
        for part in parts:
            found = {tuple(sorted({*a, *b}, key=literal_key)) for a in found for b in part}
            if len(found) > MAX_DISJUNCTS:
                raise OverflowError
    if len(found) > MAX_DISJUNCTS:
        raise OverflowError
    return tuple(sorted(found, key=lambda conjunction: [literal_key(x) for x in conjunction]))


def literal_key(literal: Literal) -> tuple[int, str, int, str]:
    """Return what literals are sorted by."""
    return (literal.condition, literal.kind, literal.number, literal.distinct or "")


def _levels(rules: Iterable[CompiledRule]) -> tuple[tuple[Shard, ...], ...]:
    """Return the levels of conjunctions; those longer than the engine takes are cut and chained."""
    pending: list[tuple[Any, list[Term]]] = []
    for rule in rules:
        for k, disjunct in enumerate(rule.disjuncts):
            pending.append(((rule.criterion, rule.rule, k), [literal.term for literal in disjunct]))
    levels: list[tuple[Shard, ...]] = []
    parts = 0
    while pending:
        ready, later = [], []
        for meaning, terms in pending:
            if len(terms) <= MAX_LITERALS:
                ready.append((meaning, terms))
                continue
            names: list[Term] = []
            for start in range(0, len(terms), MAX_LITERALS):
                name = f"x{parts}"
                parts += 1
                ready.append((name, terms[start : start + MAX_LITERALS]))
                names.append((name, "==", 1))
            later.append((meaning, names))
        levels.append(_level(len(levels), ready))
        pending = later
    return tuple(levels)


def _level(level: int, rules: list[tuple[Any, list[Term]]]) -> tuple[Shard, ...]:
    shards = []
    for number, group in enumerate(_grouped(rules)):
        meaning = {f"r{i}": what for i, (what, _) in enumerate(group)}
        patterns: dict[str, list[list[Term]]] = {}
        for i, (_, terms) in enumerate(group):
            patterns[f"r{i}"] = [[term] for term in terms] or [[(ANCHOR, "==", 1)]]
        reads = frozenset(name for _, terms in group for name, _, _ in terms)
        shards.append(Shard(f"level{level}_{number}", _definition(patterns), meaning, reads, len(group)))
    return tuple(shards)


def _join(index: int, derivation: Any, numbers: dict[Condition, int]) -> Join:
    conditions = tuple(numbers[condition] for _, condition in derivation.inputs)
    keys = [f"j{i}" for i in range(len(derivation.join))]
    expressions: list[dict[str, Any]] = []
    for position in range(len(conditions)):
        parts: list[dict[str, Any]] = [{f"q{position}": 1}]
        if position:
            parts.extend({key: {"i0": key}} for key in keys)
        expressions.append({f"i{position}": parts[0] if len(parts) == 1 else {"$and": parts}})
    rules = {**_guards(), "join": {"all": expressions}}
    shard = Shard(f"join{index}", json.dumps(rules), {"join": derivation.id}, frozenset(), 1)
    return Join(derivation, conditions, shard)


def _guards() -> dict[str, Any]:
    return {ANCHOR: {"all": [{"m": {ANCHOR: 1}}]}, SENTINEL: {"all": [{"m": {SENTINEL: 1}}]}}


def _definition(patterns: dict[str, list[list[Term]]]) -> str:
    rules: dict[str, Any] = _guards()
    for name, records in patterns.items():
        rules[name] = {"all": [{f"a{i}": _expression(terms)} for i, terms in enumerate(records)]}
    return json.dumps(rules)


def _expression(terms: list[Term]) -> dict[str, Any]:
    operators = {">=": "$gte", "<=": "$lte", "<": "$lt"}
    parts: list[dict[str, Any]] = [
        {name: value} if operator == "==" else {operators[operator]: {name: value}} for name, operator, value in terms
    ]
    return parts[0] if len(parts) == 1 else {"$and": parts}
