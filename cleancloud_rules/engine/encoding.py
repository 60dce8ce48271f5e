"""Encodes facts as small integers for the engine, and conditions as patterns over them.

The two belong together: a pattern compares the properties of a record. A value is encoded as the first and the last
position of its run of cells, a set as one property for each name that tests distinguish.
"""

from collections.abc import Sequence
from itertools import product
from typing import Any

from cleancloud_rules.diagnostics.collector import Rejected, reject
from cleancloud_rules.documents.nodes import Node
from cleancloud_rules.engine.ruleset import CompiledCondition, FactEncoding, Record, Term
from cleancloud_rules.model.cells import MAX_SET_MEMBERS, FieldCells, cells_of, ends, runs
from cleancloud_rules.model.conditions import Condition, Members, Null, SetMode, UnaryTest
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.values import FieldType
from cleancloud_rules.model.vocabulary import Vocabulary

MAX_PROPERTIES = 200
"""Properties of one record. The engine loses records of 255 properties."""

MAX_PATTERNS = 64
"""Patterns that one condition may need before it is rejected as too complex."""


def encodings_of(conditions: Sequence[Condition], vocabulary: Vocabulary) -> dict[str, FactEncoding]:
    """Return the encodings of facts, by fact type.

    Args:
        conditions: all conditions on them.
        vocabulary: the fact types.

    Raises:
        Rejected: if they distinguish too many names of a set.
    """
    encodings = {}
    for index, fact_type in enumerate(vocabulary.fact_types):
        tests: dict[str, list[UnaryTest]] = {}
        for condition in conditions:
            if condition.fact_type == fact_type.id:
                for test in condition.tests:
                    tests.setdefault(test.field, []).append(test.test)
        names = sorted(tests)
        fields = {name: vocabulary.field_of(fact_type.id, name) for name in names}
        cells = {name: cells_of(f, tests[name]) for name, f in fields.items() if f is not None}
        _check_sets(cells, [c for c in conditions if c.fact_type == fact_type.id])
        properties = {name: f"f{i}" for i, name in enumerate(names)}
        encodings[fact_type.id] = FactEncoding(index, cells, properties)
    return encodings


def _check_sets(cells: dict[str, FieldCells], conditions: list[Condition]) -> None:
    for name, found in cells.items():
        if found.field.type is FieldType.SET and len(found.marks) > MAX_SET_MEMBERS:
            reading = next(c for c in conditions if any(test.field == name for test in c.tests))
            message = f"tests tell {len(found.marks)} names of `{name}` apart, at most {MAX_SET_MEMBERS} are possible"
            raise too_complex(message, reading.node, "ask for fewer names, or keep some of them in another field")


def encode(fact: Fact, encoding: FactEncoding) -> Record:
    """Return a fact as small integers: its type, and for each field that tests read the ends of its run of cells.

    A set is 0 if it is missing, 1 if it is stated and 2 if it was disclosed without its members. Each of its marks is 1
    or 0 if the set is stated, and -1 if it is not.
    """
    record = {"t": encoding.index}
    for name, cells in encoding.cells.items():
        prefix = encoding.properties[name]
        value, disclosed = fact.get(name), name in fact.disclosed
        if cells.field.type is not FieldType.SET:
            record[f"{prefix}l"], record[f"{prefix}h"] = ends(cells.bits_of(value, disclosed))
            continue
        stated = isinstance(value, frozenset)
        record[f"{prefix}s"] = 1 if stated else 2 if disclosed else 0
        for i, inside in enumerate(cells.inside(value if isinstance(value, frozenset) else frozenset())):
            record[f"{prefix}m{i}"] = int(inside) if stated else -1
    return record


def patterns_of(compiled: CompiledCondition, encoding: FactEncoding) -> list[list[Term]]:
    """Return the patterns of a condition: one for each choice of one run of cells for each of its fields."""
    choices: list[list[list[Term]]] = []
    for name in sorted(compiled.passing):
        cells, prefix = encoding.cells[name], encoding.properties[name]
        if cells.field.type is FieldType.SET:
            tests = [t.test for t in compiled.condition.tests if t.field == name]
            choices.extend(set_choices(test, cells, prefix) for test in tests)
        elif compiled.passing[name] != cells.everything:
            choices.append([run_terms(first, last, prefix, cells) for first, last in runs(compiled.passing[name])])
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > MAX_PATTERNS:
        message = f"the tests of this condition fall into {count} separate cases, at most {MAX_PATTERNS} are possible"
        raise too_complex(message, compiled.condition.node, "split it into simpler conditions under `any`")
    width = sum(encoding.width(name) for name in compiled.passing)
    if width > MAX_PROPERTIES:
        message = f"this condition tells {width} marks of a fact apart, at most {MAX_PROPERTIES} are possible"
        raise too_complex(message, compiled.condition.node, "ask for fewer fields in one condition")
    return [[term for terms in combination for term in terms] for combination in product(*choices)]


def run_terms(first: int, last: int, prefix: str, cells: FieldCells) -> list[Term]:
    """Return the comparisons that are true if a value's run of cells lies between two positions."""
    terms: list[Term] = []
    if first > 0:
        terms.append((f"{prefix}l", ">=", first))
    if last < cells.count + 1:
        terms.append((f"{prefix}h", "<=", last))
    return terms


def set_choices(test: UnaryTest, cells: FieldCells, prefix: str) -> list[list[Term]]:
    """Return a test on a set as alternatives, each a list of comparisons of the set's presence and marks."""
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
    members = [(f"{prefix}m{i}", inside) for i, inside in enumerate(cells.inside(alternative.names))]
    if alternative.mode is SetMode.IS:
        return [[(name, "==", int(wanted)) for name, wanted in members]]
    wanted = [name for name, is_wanted in members if is_wanted]
    if alternative.mode is SetMode.ALL:
        return [[(name, "==", 1) for name in wanted]]
    return [[(name, "==", 1)] for name in wanted]


def _set_refusals(alternative: Any, cells: FieldCells, prefix: str) -> list[list[Term]]:
    members = [(f"{prefix}m{i}", inside) for i, inside in enumerate(cells.inside(alternative.names))]
    if alternative.mode is SetMode.IS:
        return [[(name, "==", int(not wanted))] for name, wanted in members]
    wanted = [name for name, is_wanted in members if is_wanted]
    if alternative.mode is SetMode.ALL:
        return [[(name, "==", 0)] for name in wanted]
    return [[(name, "==", 0) for name in wanted]]


def too_complex(message: str, node: Node | None, help: str) -> Rejected:
    """Return the exception for a condition or a rule that exceeds a limit of the engine."""
    assert node is not None
    return reject("too-complex", message, node.location, help)
