"""Parser of conditions, simple and combined, against a vocabulary."""

from collections.abc import Container, Iterable
from typing import Any

from attrs import evolve, field, frozen

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, Rejected, did_you_mean, listed, reject
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.documents.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.documents.unknown_keys import unknown_key
from cleancloud_rules.language.unary_tests import test_of
from cleancloud_rules.language.values import enum_of, integer_of, word_of, wrong_type
from cleancloud_rules.model.conditions import AllOf, AnyOf, Condition, Count, FieldTest, NoneOf, When
from cleancloud_rules.model.facts import Bibliography, FactType, Field
from cleancloud_rules.model.values import FieldType
from cleancloud_rules.model.vocabulary import Vocabulary

TOGETHER = "together"
"""The test on a set that several facts can pass together, one for each name."""

COMBINATORS = ("all", "any", "none", "count")
"""The keys that combine conditions. They cannot name a fact type."""

RESERVED = ("evidence", "basis", "period", "entity")
"""The keys of a condition that read the fields of every fact. They cannot name a field of a fact type."""

_JOIN = "join conditions with `all: [...]` or `any: [...]`"
_ONE = "write a single condition `{fact_type: {field: test}}`"

EVIDENCE = ("source_type", "published", "source")
"""The keys under `evidence` in a condition: they read the source of a fact."""


@frozen(eq=False)
class Scope:
    """The names that a condition can use.

    Args:
        vocabulary: the fact types.
        bibliography: the sources that can be cited.
        broken: fact types that were declared and rejected. What reads them is rejected without a further diagnostic.
        broken_sources: sources that were declared and rejected. Citing them gives no further diagnostic.
        tests: the tests that were read already, because the same tests stand in many conditions.
    """

    vocabulary: Vocabulary
    bibliography: Bibliography = field(factory=dict)
    broken: Container[str] = frozenset()
    broken_sources: Container[str] = frozenset()
    tests: dict[tuple[Any, ...], FieldTest] = field(factory=dict, init=False, repr=False)


def when_of(node: Node, scope: Scope, *, is_asked: bool = True) -> When:
    """Return the condition of a rule, simple or combined.

    Args:
        node: the condition.
        scope: the names that it can use.
        is_asked: whether the condition must hold, and not fail as under `none`.

    Raises:
        Rejected: with all diagnostics of the node.
    """
    entry = _single_entry(node, _JOIN)
    match str(entry.key.value):
        case "all":
            return AllOf(_parts(entry, scope, is_asked=is_asked))
        case "any":
            return AnyOf(_parts(entry, scope, is_asked=is_asked))
        case "none":
            return NoneOf(_parts(entry, scope, is_asked=False))
        case "count":
            return _count(entry.value, scope)
        case _:
            separate = _written_out(node, scope) if is_asked else ()
            return _together(separate, scope) if separate else condition_of(node, scope, COMBINATORS)


def conditions_together(node: Node, scope: Scope) -> tuple[Condition, ...]:
    """Return a condition, or under `together` one condition for each name.

    Raises:
        Rejected: with all diagnostics of the node.
    """
    separate = _written_out(node, scope)
    return _together(separate, scope).parts if separate else (condition_of(node, scope),)  # type: ignore[return-value]


def condition_of(node: Node, scope: Scope, combinators: tuple[str, ...] = ()) -> Condition:
    """Return a condition on the facts of one type.

    Args:
        node: the condition.
        scope: the names that it can use.
        combinators: the combinators that could stand in its place.

    Raises:
        Rejected: with all diagnostics of the node; with none if its fact type was rejected before.
    """
    entry = _single_entry(node, _ONE)
    name = str(entry.key.value)
    if name in scope.broken:
        raise Rejected
    fact_type = scope.vocabulary.by_id.get(name)
    if fact_type is None:
        if name in COMBINATORS:
            raise reject("several-conditions", "only one condition can stand here", entry.key.location, _ONE)
        known = (*scope.vocabulary.by_id, *combinators)
        message = f"there is no fact type `{name}`"
        raise reject("unknown-fact-type", message, entry.key.location, did_you_mean(name, known))
    if not isinstance(entry.value, MappingNode):
        raise wrong_type(entry.value, f"tests on the fields of `{name}`, or `{{}}`")
    gather = DiagnosticCollector()
    tests: list[FieldTest] = []
    for item in entry.value:
        gather.attempt(_field_tests, item, entry.value.flow, fact_type, scope, tests)
    gather.raise_if_any()
    assert isinstance(node, MappingNode)
    return Condition(name, tuple(sorted(tests, key=lambda test: test.field)), node=node)


def _written_out(node: Node, scope: Scope) -> tuple[MappingNode, ...]:
    """Return a condition with a test `together` as one condition for each name; nothing if it has no such test.

    Each has the other tests, and one name in place of that test.

    Raises:
        Rejected: if `together` does not list names of a set, or stands in the condition twice.
    """
    entry = _single_entry(node, _ONE)
    fact_type = scope.vocabulary.by_id.get(str(entry.key.value))
    stated = entry.value
    if fact_type is None or not isinstance(stated, MappingNode) or not isinstance(node, MappingNode):
        return ()
    found = [
        e for e in stated if isinstance(e.value, MappingNode) and e.value.entry(TOGETHER) and e.key.raw != "evidence"
    ]
    if not found:
        return ()
    if len(found) > 1:
        message = f"`{TOGETHER}` stands in this condition twice"
        raise reject("bad-test", message, found[1].key.location, "write a condition for each, under `all`")
    names = _names_together(found[0], scope.vocabulary.field_of(fact_type.id, found[0].key.raw))
    tests = (tuple(evolve(e, value=name) if e is found[0] else e for e in stated) for name in names)
    return tuple(evolve(node, entries=(evolve(entry, value=evolve(stated, entries=some)),)) for some in tests)


def _names_together(test: Entry, field: Field | None) -> tuple[Node, ...]:
    """Return the names that a test `together` lists."""
    assert isinstance(test.value, MappingNode)
    listing = test.value.get(TOGETHER)
    if field is None:
        return ()
    if field.type is not FieldType.SET:
        raise wrong_type(test.value, f"a test on `{field.id}`")
    if len(test.value.entries) > 1 or not isinstance(listing, SequenceNode) or len(listing.items) < 2:
        message = f"`{TOGETHER}` stands alone, with a list of two names or more"
        raise reject("bad-test", message, test.value.location, f"write `{{{TOGETHER}: [a, b]}}`")
    gather = DiagnosticCollector()
    for name in listing.items:
        gather.attempt(enum_of, name, field)
    gather.raise_if_any()
    return listing.items


def _together(separate: Iterable[MappingNode], scope: Scope) -> AllOf:
    gather = DiagnosticCollector()
    parts = [gather.attempt(condition_of, node, scope) for node in separate]
    gather.raise_if_any()
    return AllOf(tuple(part for part in parts if part is not None))


def _single_entry(node: Node, help: str) -> Entry:
    """Return the single entry of a condition; `help` says what to do where there are several."""
    if not isinstance(node, MappingNode):
        raise wrong_type(node, "a condition such as `{fact_type: {field: test}}`")
    if not node.entries:
        message = "the condition is empty"
        raise reject("empty-value", message, node.location, "write `{fact_type: {field: test}}`")
    if len(node.entries) > 1:
        second = node.entries[1].key
        message = f"`{second.value}` is a second condition"
        raise reject("several-conditions", message, second.location, help)
    return node.entries[0]


def _parts(entry: Entry, scope: Scope, *, is_asked: bool) -> tuple[When, ...]:
    name = entry.key.value
    if not isinstance(entry.value, SequenceNode):
        help = f"write `{name}: [{{...}}]`" if isinstance(entry.value, MappingNode) else ""
        raise wrong_type(entry.value, f"a list of conditions under `{name}`", help)
    if not entry.value.items:
        raise reject("empty-value", f"`{name}` has no conditions", entry.value.location)
    gather = DiagnosticCollector()
    parts = [gather.attempt(when_of, item, scope, is_asked=is_asked) for item in entry.value.items]
    gather.raise_if_any()
    return tuple(part for part in parts if part is not None)


def _count(node: Node, scope: Scope) -> Count:
    known = ("of", "distinct", "at_least")
    if not isinstance(node, MappingNode):
        raise wrong_type(node, "a mapping with `of`, `distinct` and `at_least`")
    gather = DiagnosticCollector()
    for entry in node:
        if entry.key.value not in known:
            gather.include(_unknown_in_count(entry, known, flow=node.flow))
    of, least, distinct = (node.get(name) for name in ("of", "at_least", "distinct"))
    for name, child in (("of", of), ("at_least", least)):
        if child is None:
            gather.add("missing-key", f"key `{name}` is missing", node.beginning)
    condition = gather.attempt(condition_of, of, scope) if of else None
    number = gather.attempt(_at_least, least) if least else None
    field = gather.attempt(_distinct, distinct, condition, scope) if distinct and condition else None
    gather.raise_if_any()
    assert condition is not None and number is not None
    return Count(condition, number, field)


def _unknown_in_count(entry: Entry, known: tuple[str, ...], *, flow: bool) -> Diagnostic:
    message = f"unknown key `{entry.key.value}`"
    further = {"at_most": 1, "less_than": 0}.get(entry.key.raw)
    if further is None:
        return unknown_key(entry, known, flow=flow, code="unknown-key", message=message)
    number = entry.value.value if isinstance(entry.value, ScalarNode) else None
    limit = number + further if type(number) is int else "N"
    help = f"a count has no upper bound; write `none: [{{count: {{of: ..., at_least: {limit}}}}}]`"
    return Diagnostic("unknown-key", message, entry.key.location, help)


def _at_least(node: Node) -> int:
    number = integer_of(node)
    if number < 1:
        raise reject("out-of-range", f"`at_least` is {number}; it must be 1 or more", node.location)
    return number


def _distinct(node: Node, condition: Condition, scope: Scope) -> str:
    fact_type = scope.vocabulary.by_id[condition.fact_type]
    name = word_of(node, f"a field of `{fact_type.id}`")
    if scope.vocabulary.field_of(fact_type.id, name) is None:
        raise _unknown_field(name, fact_type, node)
    return name


def _field_tests(entry: Entry, flow: bool, fact_type: FactType, scope: Scope, tests: list[FieldTest]) -> None:
    name = str(entry.key.value)
    if name == "evidence":
        _evidence_tests(entry.value, scope, tests)
        return
    field = scope.vocabulary.field_of(fact_type.id, name)
    if field is None or "." in name:
        known = (*(field.id for field in fact_type.fields), *RESERVED)
        message = f"fact type `{fact_type.id}` has no field `{name}`"
        raise Rejected(unknown_key(entry, known, flow=flow, code="unknown-field", message=message))
    tests.append(_field_test(entry.value, field, fact_type, scope))


def _field_test(node: Node, field: Field, fact_type: FactType, scope: Scope) -> FieldTest:
    """Return the test of a field that a node describes. Of tests in equal words, the first is read."""
    if not isinstance(node, ScalarNode):
        return FieldTest(field.id, test_of(node, field, scope.vocabulary.units))
    words = (fact_type.id, field.id, type(node.value), node.raw, node.style)
    found = scope.tests.get(words)
    if found is None:
        found = scope.tests[words] = FieldTest(field.id, test_of(node, field, scope.vocabulary.units))
    return found


def _unknown_field(name: str, fact_type: FactType, node: Node) -> Rejected:
    known = (*(field.id for field in fact_type.fields), *RESERVED)
    message = f"fact type `{fact_type.id}` has no field `{name}`"
    return reject("unknown-field", message, node.location, did_you_mean(name, known))


def _evidence_tests(node: Node, scope: Scope, tests: list[FieldTest]) -> None:
    if not isinstance(node, MappingNode):
        raise wrong_type(node, f"tests on the evidence, {listed(EVIDENCE)}")
    gather = DiagnosticCollector()
    for entry in node:
        name = str(entry.key.value)
        if name not in EVIDENCE:
            message = f"evidence has no field `{name}`"
            gather.include(unknown_key(entry, EVIDENCE, flow=node.flow, code="unknown-field", message=message))
            continue
        field = scope.vocabulary.reserved_field(f"evidence.{name}")
        assert field is not None
        if field.type is FieldType.ENUM and not field.values:
            raise Rejected(*gather.diagnostics)  # the source types were rejected
        test = gather.attempt(test_of, entry.value, field, scope.vocabulary.units)
        if test is not None:
            tests.append(FieldTest(field.id, test))
    gather.raise_if_any()
