"""Encodes facts as small integers for the engine, and conditions as patterns over them.

The two belong together: a pattern compares the properties of a record. A value is encoded as the first and the last
position of its run of cells. A cell that a condition asks for alone is a property of its own, so that the engine finds
the patterns that ask for it by the name and compares no others. A set is encoded as the number of its names and, for
each list of names that a test gives, how many of them it has. So a record grows with the tests, however many names they
tell apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from attrs import evolve

from cleancloud_rules.diagnostics.collector import Rejected, reject
from cleancloud_rules.documents.nodes import Node
from cleancloud_rules.engine.ruleset import CompiledCondition, FactEncoding, Term
from cleancloud_rules.model.cells import FieldCells, cells_of, ends
from cleancloud_rules.model.conditions import Condition, Members, Null, SetMode, UnaryTest
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.partitions.runs import runs
from cleancloud_rules.model.partitions.set_cells import SetCells, alternatives_of
from cleancloud_rules.model.vocabulary import Vocabulary

MAX_PROPERTIES = 200
"""Properties of one record. The engine loses records of 255 properties."""

MAX_PATTERNS = 64
"""Patterns that one condition may need before it is rejected as too complex."""

_NO_CELLS: Mapping[int, str] = {}


def encodings_of(conditions: Sequence[Condition], vocabulary: Vocabulary) -> dict[str, FactEncoding]:
    """Return the encodings of facts, by fact type.

    Args:
        conditions: all conditions on them.
        vocabulary: the fact types.
    """
    by_type: dict[str, dict[str, list[UnaryTest]]] = {}
    for condition in conditions:
        tests = by_type.setdefault(condition.fact_type, {})
        for test in condition.tests:
            tests.setdefault(test.field, []).append(test.test)
    encodings = {}
    for index, fact_type in enumerate(vocabulary.fact_types):
        tests = by_type.get(fact_type.id, {})
        names = sorted(tests)
        fields = {name: vocabulary.field_of(fact_type.id, name) for name in names}
        cells = {name: cells_of(f, tests[name]) for name, f in fields.items() if f is not None}
        properties = {name: f"f{i}" for i, name in enumerate(names)}
        lists = {name: lists_of(tests[name]) for name, found in cells.items() if isinstance(found, SetCells)}
        encodings[fact_type.id] = FactEncoding(index, cells, properties, lists)
    return encodings


def with_own_cells(
    encodings: Mapping[str, FactEncoding], conditions: Iterable[CompiledCondition]
) -> dict[str, FactEncoding]:
    """Return encodings in which each cell that a condition asks for alone has a property of its own.

    Args:
        encodings: the encodings, by fact type.
        conditions: all conditions.
    """
    number = 0
    own: dict[str, dict[str, dict[int, str]]] = {type_id: defaultdict(dict) for type_id in encodings}
    for compiled in conditions:
        cells = encodings[compiled.condition.fact_type].cells
        for name, bits in compiled.passing.items():
            for first, last in runs(bits) if isinstance(cells[name], FieldCells) else ():
                known = own[compiled.condition.fact_type][name]
                if first == last and first not in known:
                    known[first] = f"k{number}"
                    number += 1
    return {type_id: evolve(encoding, own=dict(own[type_id])) for type_id, encoding in encodings.items()}


def lists_of(tests: Iterable[UnaryTest]) -> dict[int, frozenset[str]]:
    """Return each list of names that tests on a set give once, by its number."""
    return dict(enumerate(dict.fromkeys(names for test in tests for names in _given(test))))


def _given(test: UnaryTest) -> tuple[frozenset[str], ...]:
    """Return the lists of names that a test on a set compares it with; none for a test on another field."""
    return tuple(a.names for a in alternatives_of(test) if isinstance(a, Members))


def encode(fact: Fact, encoding: FactEncoding) -> dict[str, int]:
    """Return a fact as small integers: its type, and for each field that tests read the ends of its run of cells.

    If the run is one cell, and the cell has a property of its own, that is 1. A set is 0 if it is missing, 1 if it is
    stated and 2 if it was disclosed without its members. Beside this stand the number of its names, and how many names
    of each list it has.
    """
    record = {"t": encoding.index}
    for name, cells in encoding.cells.items():
        prefix = encoding.properties[name]
        value, disclosed = fact.get(name), name in fact.disclosed
        if isinstance(cells, FieldCells):
            first, last = ends(cells.bits_of(value, disclosed))
            record[f"{prefix}l"], record[f"{prefix}h"] = first, last
            if first == last and (own := encoding.own.get(name, _NO_CELLS).get(first)):
                record[own] = 1
            continue
        names = value if isinstance(value, frozenset) else frozenset[str]()
        record[f"{prefix}s"] = 1 if isinstance(value, frozenset) else 2 if disclosed else 0
        record[f"{prefix}n"] = len(names)
        for number, listed in encoding.lists[name].items():
            record[f"{prefix}m{number}"] = len(names & listed)
    return record


def _width(condition: Condition, encoding: FactEncoding) -> int:
    """Return how many properties of a fact a condition reads: 2 for a field, and 1 for each list of names of a set."""
    lists = {
        (test.field, names) for test in condition.tests if test.field in encoding.lists for names in _given(test.test)
    }
    return 2 * len({test.field for test in condition.tests}) + len(lists)


def patterns_of(compiled: CompiledCondition, encoding: FactEncoding) -> list[list[Term]]:
    """Return the patterns of a condition: one for each choice of one run of cells for each of its fields."""
    choices: list[list[list[Term]]] = []
    for name in sorted(compiled.passing):
        cells, prefix = encoding.cells[name], encoding.properties[name]
        if isinstance(cells, SetCells):
            tests = [t.test for t in compiled.condition.tests if t.field == name]
            choices.extend(set_choices(test, encoding.numbers[name], prefix) for test in tests)
        elif compiled.passing[name] != cells.everything:
            own = encoding.own.get(name, _NO_CELLS)
            choices.append([run_terms(first, last, prefix, cells, own) for first, last in runs(compiled.passing[name])])
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > MAX_PATTERNS:
        message = f"the tests of this condition fall into {count} separate cases, at most {MAX_PATTERNS} are possible"
        raise too_complex(message, compiled.condition.node, "split it into simpler conditions under `any`")
    width = _width(compiled.condition, encoding)
    if width > MAX_PROPERTIES:
        message = f"this condition reads {width} properties of a fact, at most {MAX_PROPERTIES} are possible"
        raise too_complex(message, compiled.condition.node, "ask for fewer fields in one condition")
    return [[term for terms in combination for term in terms] for combination in product(*choices)]


def run_terms(first: int, last: int, prefix: str, cells: FieldCells, own: Mapping[int, str]) -> list[Term]:
    """Return the comparisons that are true if a value's run of cells lies between two positions.

    Args:
        first: the first position.
        last: the last position.
        prefix: the beginning of the names of the field's properties.
        cells: the cells of the field.
        own: the names of the properties of single cells, by position.
    """
    if first == last and first in own:
        return [(own[first], "==", 1)]
    terms: list[Term] = []
    if first > 0:
        terms.append((f"{prefix}l", ">=", first))
    if last < cells.count + 1:
        terms.append((f"{prefix}h", "<=", last))
    return terms


def set_choices(test: UnaryTest, numbers: Mapping[frozenset[str], int], prefix: str) -> list[list[Term]]:
    """Return a test on a set as alternatives, each a list of comparisons of the set's presence and numbers of names.

    Args:
        test: the test.
        numbers: the number of each list of names.
        prefix: the beginning of the names of the field's properties.
    """
    presence = f"{prefix}s"
    if test.anything:
        return [[]]
    if not test.negated:
        return [_set_alternative(a, numbers, prefix) for a in alternatives_of(test)]
    if test.alternatives == (Null(),):
        return [[(presence, ">=", 1)]]
    refusals = [_set_refusals(a, numbers, prefix) for a in alternatives_of(test) if isinstance(a, Members)]
    present: Term = (presence, "==", 1)
    return [[present, *(term for terms in choice for term in terms)] for choice in product(*refusals)]


def _set_alternative(alternative: Members | Null, numbers: Mapping[frozenset[str], int], prefix: str) -> list[Term]:
    if isinstance(alternative, Null):
        return [(f"{prefix}s", "==", 0)]
    having, wanted = f"{prefix}m{numbers[alternative.names]}", len(alternative.names)
    match alternative.mode:
        case SetMode.IS:
            return [(having, "==", wanted), (f"{prefix}n", "==", wanted)]
        case SetMode.ALL:
            return [(having, "==", wanted)]
        case _:
            return [(having, ">=", 1)]


def _set_refusals(alternative: Members, numbers: Mapping[frozenset[str], int], prefix: str) -> list[list[Term]]:
    having, refused = f"{prefix}m{numbers[alternative.names]}", len(alternative.names)
    match alternative.mode:
        case SetMode.IS:
            # A set that has all the names is another one exactly if it has more names.
            return [[(having, "<", refused)], [(f"{prefix}n", ">=", refused + 1)]]
        case SetMode.ALL:
            return [[(having, "<", refused)]]
        case _:
            return [[(having, "==", 0)]]


def too_complex(message: str, node: Node | None, help: str) -> Rejected:
    """Return the exception for a condition or a rule that exceeds a limit of the engine."""
    assert node is not None
    return reject("too-complex", message, node.location, help)
