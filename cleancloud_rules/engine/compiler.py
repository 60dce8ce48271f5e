"""Compiles a methodology to a ruleset. The only module that writes the engine's own form.

There are three kinds of engine rules, each small enough for the engine's limits:

* Stage 1: a pattern over one encoded fact. The patterns of a condition are its disjoint runs of cells. A rule that asks
  for one condition has fired with it.
* Joins: the facts that pass the conditions of a derivation's inputs, with equal join keys.
* Later levels: all other conjunctions, over the results of stage 1, which are asserted once for each condition. Long
  conjunctions are chained over several levels.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, reduce
from operator import or_
from typing import Any

from attrs import evolve, frozen

from cleancloud_rules.engine.encoding import MAX_PROPERTIES, encodings_of, patterns_of, too_complex, with_own_cells
from cleancloud_rules.engine.ruleset import (
    ANCHOR,
    SENTINEL,
    CompiledCondition,
    CompiledRule,
    Conjunction,
    FactEncoding,
    Join,
    Key,
    Literal,
    LiteralKind,
    Pattern,
    Ruleset,
    Shard,
    Term,
)
from cleancloud_rules.model.conditions import AllOf, AnyOf, Condition, Count, FieldTest, NoneOf, When, conditions_of
from cleancloud_rules.model.derivations import Derivation
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.partitions.boxes import Box
from cleancloud_rules.model.partitions.families import Bits, Family
from cleancloud_rules.model.vocabulary import Vocabulary

MAX_RULES = 40
"""Engine rules in one shard. The engine fails if one record matches 65 patterns, and if 256 rules share a pattern."""

MAX_TESTS = 200
"""Distinct tests at the beginning of patterns in one shard. The engine hangs at 512."""

MAX_LITERALS = 15
"""Patterns in one conjunction, and inputs of one derivation. The engine fails at 17."""

MAX_KEYS = 25
"""Fields by which a derivation may join. The engine fails at 30."""

MAX_DISJUNCTS = 256
"""Conjunctions that one rule may need before it is rejected as too complex."""


def compile_methodology(methodology: Methodology, also: Iterable[Condition] = ()) -> Ruleset:
    """Return the compiled form of a methodology.

    Args:
        methodology: the methodology.
        also: further conditions that no rule reads and whose facts are found too.

    Raises:
        Rejected: if a condition or a rule is too complex for the engine.
    """
    vocabulary = methodology.vocabulary
    whens = [when for _, _, when in methodology.asked]
    inputs = [condition for d in vocabulary.derivations for _, condition in d.inputs]
    read = {condition for when in whens for condition in conditions_of(when)}
    distinct = sorted({*read, *inputs, *also}, key=_condition_key)
    numbers = {condition: index for index, condition in enumerate(distinct)}
    encodings = encodings_of(distinct, vocabulary)
    topics: dict[Any, int] = {}
    passing = cache(lambda type_id, test: encodings[type_id].cells[test.field].passing(test.test))
    conditions = tuple(_compiled(i, c, passing, vocabulary, topics) for i, c in enumerate(distinct))
    encodings = with_own_cells(encodings, conditions)
    made = {(owner, name): compiled_rule(owner, name, when, numbers) for owner, name, when in methodology.asked}
    rules: dict[Key, CompiledRule] = dict(sorted(made.items(), key=lambda item: item[0]))
    literals = {literal for rule in rules.values() for d in rule.disjuncts for literal in d}
    counts = sorted({(x.counter, x.condition, x.distinct) for x in literals if x.counts}, key=lambda c: c[0])
    counters = {counter: f"c{i}" for i, (counter, _, _) in enumerate(counts)}
    return Ruleset(
        methodology,
        conditions,
        encodings,
        _matching(conditions, encodings),
        tuple(_join(i, d, numbers) for i, d in enumerate(vocabulary.derivations)),
        _direct(rules.values()),
        _levels(rules.values(), counters),
        rules,
        tuple((counters[counter], condition, distinct) for counter, condition, distinct in counts),
        frozenset(counters[x.counter] for x in literals if x.kind is LiteralKind.FEWER),
        frozenset(x.condition for x in literals if x.kind is LiteralKind.ABSENT),
        numbers,
    )


def _condition_key(condition: Condition) -> tuple[str, str]:
    return (condition.fact_type, str(condition))


def _compiled(
    index: int,
    condition: Condition,
    passing_of: Callable[[str, FieldTest], Bits],
    vocabulary: Vocabulary,
    topics: dict[Any, int],
) -> CompiledCondition:
    fact_type = vocabulary.by_id[condition.fact_type]
    passing: Box = {}
    for test in condition.tests:
        bits = passing_of(condition.fact_type, test)
        passing[test.field] = passing.get(test.field, bits) & bits
    keys = {field.id for field in fact_type.fields if field.key}
    key_passing = {name: bits for name, bits in passing.items() if name in keys}
    topic = topics.setdefault((condition.fact_type, *sorted(key_passing.items(), key=lambda p: p[0])), len(topics))
    return CompiledCondition(index, condition, passing, key_passing, topic)


@frozen
class _EngineRule:
    """An engine rule before it is written.

    Args:
        name: unique within its shard.
        meaning: what a firing of it means.
        patterns: the patterns that must match, each on a record of its own.
        reads: what it adds to the figures that the limits of a shard apply to.
    """

    name: str
    meaning: Any
    patterns: tuple[Pattern, ...]
    reads: frozenset[Any]

    def without_type(self) -> "_EngineRule":
        """Return a rule of stage 1 for a shard of one fact type: the type is compared only if nothing else is."""
        ((of_type, *others),) = self.patterns
        return evolve(self, patterns=(tuple(others or [of_type]),))


def _matching(conditions: tuple[CompiledCondition, ...], encodings: dict[str, FactEncoding]) -> tuple[Shard, ...]:
    by_type: dict[str, list[CompiledCondition]] = {}
    for compiled in conditions:
        by_type.setdefault(compiled.condition.fact_type, []).append(compiled)
    rules = []
    for type_id in sorted(by_type):
        of_type: Term = ("t", "==", encodings[type_id].index)
        for compiled in by_type[type_id]:
            for k, terms in enumerate(patterns_of(compiled, encodings[type_id])):
                named = frozenset((type_id, name) for name, _, _ in terms)
                # Comparisons of single cells come first: by their names the engine leaves most patterns alone.
                pattern = (of_type, *sorted(terms, key=lambda term: term[1] != "=="))
                rules.append(_EngineRule(f"m{compiled.index}_{k}", compiled.index, (pattern,), named))

    def properties(named: Iterable[tuple[str, str]]) -> int:
        return max(Counter(type_id for type_id, _ in named).values(), default=0)

    shards = []
    for number, some in enumerate(_grouped(rules, properties, MAX_PROPERTIES)):
        types = sorted({conditions[rule.meaning].condition.fact_type for rule in some})
        group = some if len(types) > 1 else [rule.without_type() for rule in some]
        read: dict[str, set[str]] = {type_id: set() for type_id in types}
        for rule in group:
            read[conditions[rule.meaning].condition.fact_type].update(name for name, _, _ in rule.patterns[0])
        meaning = {rule.name: rule.meaning for rule in group}
        inside = [conditions[number] for number in dict.fromkeys(meaning.values())]
        allowed = {t: _allowed([c for c in inside if c.condition.fact_type == t]) for t in types}
        reads = {type_id: frozenset(names) for type_id, names in read.items()}
        shards.append(Shard(f"match{number}", _definition(group), meaning, reads, allowed))
    return tuple(shards)


def _allowed(conditions: list[CompiledCondition]) -> Box:
    """Return, for each field without sets that all conditions test, the cells that at least one of them allows."""
    first, *rest = (compiled.passing for compiled in conditions)
    names = {name for name, bits in first.items() if not isinstance(bits, Family)}.intersection(*rest)
    return {name: reduce(or_, (compiled.passing[name] for compiled in conditions)) for name in sorted(names)}


def _grouped(
    rules: Iterable[_EngineRule], weight: Callable[[frozenset[Any]], int], most: int
) -> Iterator[list[_EngineRule]]:
    """Divide rules, in their order, into groups of at most `MAX_RULES` whose `reads` together weigh at most `most`.

    This is next-fit bin packing: a rule that does not fit closes the group and begins the next one.
    """
    group: list[_EngineRule] = []
    reads: frozenset[Any] = frozenset()
    for rule in rules:
        together = reads | rule.reads
        if group and (len(group) == MAX_RULES or weight(together) > most):
            yield group
            group, together = [], rule.reads
        group.append(rule)
        reads = together
    if group:
        yield group


def compiled_rule(criterion: str, rule: str, when: When, numbers: dict[Condition, int]) -> CompiledRule:
    """Return what a rule asks for in disjunctive normal form: alternatives of literals over numbered conditions.

    Raises:
        Rejected: if there are too many alternatives.
    """
    try:
        disjuncts = _alternatives(when, numbers, wanted=True)
    except OverflowError:
        message = f"rule `{rule}` falls into more than {MAX_DISJUNCTS} alternatives"
        raise too_complex(message, conditions_of(when)[0].node, "split it into several rules") from None
    return CompiledRule(criterion, rule, disjuncts)


def _alternatives(when: When, numbers: dict[Condition, int], *, wanted: bool) -> tuple[Conjunction, ...]:
    """Return `when`, or its negation if it is not `wanted`, in disjunctive normal form."""
    # Negations are pushed down to the literals by De Morgan's laws (negation normal form), so that no `$not` reaches
    # the engine. An `all` that is wanted and an `any` that is not are conjunctions of their parts; a `none` that is
    # wanted is a conjunction of negated parts. The other three are disjunctions.
    match when:
        case Condition():
            return ((Literal(numbers[when], LiteralKind.PRESENT if wanted else LiteralKind.ABSENT),),)
        case Count(of, number, distinct):
            kind = LiteralKind.AT_LEAST if wanted else LiteralKind.FEWER
            return ((Literal(numbers[of], kind, number, distinct),),)
        case NoneOf(parts):
            return _combined([_alternatives(p, numbers, wanted=not wanted) for p in parts], every=wanted)
        case AllOf(parts):
            return _combined([_alternatives(p, numbers, wanted=wanted) for p in parts], every=wanted)
        case AnyOf(parts):
            return _combined([_alternatives(p, numbers, wanted=wanted) for p in parts], every=not wanted)


def _combined(parts: list[tuple[Conjunction, ...]], *, every: bool) -> tuple[Conjunction, ...]:
    """Return the disjunction of parts in normal form; or their conjunction, if `every` part must hold."""
    if not every:
        found = {disjunct for part in parts for disjunct in part}
    else:
        # The distributive law multiplies the alternatives of the parts, which is exponential in the number of parts.
        # So the limit is checked after each part, before the product can grow far beyond it.
        found = {()}
        for part in parts:
            found = {tuple(sorted({*a, *b}, key=literal_key)) for a in found for b in part}
            if len(found) > MAX_DISJUNCTS:
                raise OverflowError
    if len(found) > MAX_DISJUNCTS:
        raise OverflowError
    return tuple(sorted(found, key=lambda conjunction: [literal_key(x) for x in conjunction]))


def literal_key(literal: Literal) -> tuple[int, str, int, str]:
    """Return the sort key of a literal."""
    return (literal.condition, literal.kind.value, literal.number, literal.distinct or "")


def _direct(rules: Iterable[CompiledRule]) -> dict[int, tuple[Key, ...]]:
    """Return the rules with an alternative that asks for one condition and nothing else, by its number."""
    found: dict[int, list[Key]] = {}
    for rule in rules:
        for disjunct in rule.disjuncts:
            if _is_direct(disjunct):
                found.setdefault(disjunct[0].condition, []).append((rule.criterion, rule.rule))
    return {condition: tuple(asking) for condition, asking in found.items()}


def _is_direct(disjunct: Conjunction) -> bool:
    return len(disjunct) == 1 and disjunct[0].kind is LiteralKind.PRESENT


def _levels(rules: Iterable[CompiledRule], counters: Mapping[str, str]) -> tuple[tuple[Shard, ...], ...]:
    """Return the levels of conjunctions that stage 1 leaves over. Those that are too long are cut and chained."""
    # A conjunction of n > MAX_LITERALS patterns is cut into ceil(n / MAX_LITERALS) pieces. Each piece is a rule of this
    # level with a name of its own, and the conjunction of these names is left to the next level. The loop ends because
    # each level divides the length of what is left by MAX_LITERALS.
    pending: list[tuple[Any, list[Pattern]]] = []
    for rule in rules:
        for k, disjunct in enumerate(rule.disjuncts):
            if not _is_direct(disjunct):
                pending.append(((rule.criterion, rule.rule, k), literal_patterns(disjunct, counters)))
    levels: list[tuple[Shard, ...]] = []
    parts = 0
    while pending:
        ready, later = [], []
        for meaning, patterns in pending:
            if len(patterns) <= MAX_LITERALS:
                ready.append((meaning, patterns))
                continue
            names: list[Pattern] = []
            for start in range(0, len(patterns), MAX_LITERALS):
                name = f"x{parts}"
                parts += 1
                ready.append((name, patterns[start : start + MAX_LITERALS]))
                names.append(((name, "==", 1),))
            later.append((meaning, names))
        levels.append(_level(len(levels), ready))
        pending = later
    return tuple(levels)


def literal_patterns(disjunct: Conjunction, counters: Mapping[str, str]) -> list[Pattern]:
    """Return a conjunction as patterns over the results of stage 1.

    All limits on one count stand in one pattern, because a record satisfies only one pattern of a conjunction in the
    engine.

    Args:
        disjunct: the conjunction.
        counters: for each counter the name under which its count is sent.
    """
    asked: dict[str, dict[str, int]] = {}
    for literal in disjunct:
        if not literal.counts:
            asked[f"{'p' if literal.is_positive else 'n'}{literal.condition}"] = {"==": 1}
            continue
        limits = asked.setdefault(counters[literal.counter], {})
        if literal.is_positive:
            limits[">="] = max(literal.number, limits.get(">=", literal.number))
        else:
            limits["<"] = min(literal.number, limits.get("<", literal.number))
    return [tuple((name, sign, number) for sign, number in limits.items()) for name, limits in asked.items()]


def _level(level: int, conjunctions: list[tuple[Any, list[Pattern]]]) -> tuple[Shard, ...]:
    rules = []
    for i, (meaning, patterns) in enumerate(conjunctions):
        asked = tuple(patterns) or (((ANCHOR, "==", 1),),)
        rules.append(_EngineRule(f"r{i}", meaning, asked, frozenset(pattern[0] for pattern in asked)))
    shards = []
    for number, group in enumerate(_grouped(rules, len, MAX_TESTS)):
        names = {name for rule in group for pattern in rule.patterns for name, _, _ in pattern}
        meaning = {rule.name: rule.meaning for rule in group}
        shards.append(
            Shard(
                f"level{level}_{number}",
                _definition(group),
                meaning,
                literals=tuple(sorted(names - {ANCHOR})),
                unconditional=ANCHOR in names,
            )
        )
    return tuple(shards)


def _join(index: int, derivation: Derivation, numbers: dict[Condition, int]) -> Join:
    for what, found, most in (
        ("inputs", len(derivation.inputs), MAX_LITERALS),
        ("fields to join by", len(derivation.join), MAX_KEYS),
    ):
        if found > most:
            message = f"derivation `{derivation.id}` has {found} {what}, at most {most} are possible"
            raise too_complex(message, derivation.node, "make it in several steps")
    conditions = tuple(numbers[condition] for _, condition in derivation.inputs)
    keys = [f"j{i}" for i in range(len(derivation.join))]
    expressions: list[dict[str, Any]] = []
    for position in range(len(conditions)):
        parts: list[dict[str, Any]] = [{f"q{position}": 1}]
        if position:
            parts.extend({key: {"a0": key}} for key in keys)
        expressions.append({f"a{position}": parts[0] if len(parts) == 1 else {"$and": parts}})
    rules = {**_guards(), "join": {"all": expressions}}
    shard = Shard(f"join{index}", json.dumps(rules), {"join": derivation.id})
    return Join(derivation, conditions, shard)


def _guards() -> dict[str, Any]:
    return {name: {"all": [{"a0": {name: 1}}]} for name in (ANCHOR, SENTINEL)}


def _definition(group: Iterable[_EngineRule]) -> str:
    rules: dict[str, Any] = _guards()
    for rule in group:
        rules[rule.name] = {"all": [{f"a{i}": _expression(terms)} for i, terms in enumerate(rule.patterns)]}
    return json.dumps(rules)


def _expression(terms: Pattern) -> dict[str, Any]:
    operators = {">=": "$gte", "<=": "$lte", "<": "$lt"}
    parts: list[dict[str, Any]] = [
        {name: value} if operator == "==" else {operators[operator]: {name: value}} for name, operator, value in terms
    ]
    return parts[0] if len(parts) == 1 else {"$and": parts}
