"""Loads decision tables, which read results of groups, criteria and other tables."""

from functools import cached_property

from attrs import evolve, field, frozen

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, Rejected, did_you_mean, listed, reject
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location
from cleancloud_rules.documents.nodes import MappingNode, Node, SequenceNode
from cleancloud_rules.language.converter import salvage
from cleancloud_rules.language.file_types import TableEntry
from cleancloud_rules.language.unary_tests import test_of
from cleancloud_rules.language.values import text_of, wrong_type
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.groups import (
    Aggregation,
    Combining,
    DecisionTable,
    Reads,
    TableHitPolicy,
    TableInput,
    TableRow,
)
from cleancloud_rules.model.methodology import Group
from cleancloud_rules.model.units import Units
from cleancloud_rules.model.values import FieldType

_THEN = "then"
"""The key of a row for its output."""

_NEEDED = {Reads.LABEL: {"bands"}, Reads.LEVEL: {"levels", "top_level"}, Reads.SCORE: {"aggregate"}}
"""The keys of ``methodology.yaml`` that declare what a table can read of the root."""


@frozen
class Readable:
    """What decision tables can read.

    Args:
        categories: the categories with their criteria.
        combining: how the root combines its parts.
        whole: whether this is all that the files declare; if not, an unknown name may be one that was rejected.
        wrong: the keys of ``methodology.yaml`` whose values were rejected.
        tables: the tables above, by id.
    """

    categories: tuple[Group, ...]
    combining: Combining
    whole: bool
    wrong: frozenset[str] = frozenset()
    tables: dict[str, DecisionTable] = field(factory=dict)

    @cached_property
    def groups(self) -> dict[str, Group]:
        """The groups by id."""
        return {group.id: group for category in self.categories for group in category.every_group}

    @cached_property
    def criteria(self) -> frozenset[str]:
        """The ids of all criteria."""
        return frozenset(str(c.id) for category in self.categories for c in category.every_criterion)


def tables_of(node: Node | None, readable: Readable, gather: DiagnosticCollector) -> tuple[DecisionTable, ...]:
    """Return the decision tables of a methodology. Errors are added to `gather`.

    Args:
        node: the list of tables, if there is one.
        readable: what they can read.
        gather: collects the diagnostics.
    """
    if node is None:
        return ()
    if not isinstance(node, SequenceNode):
        gather.include(*wrong_type(node, "a list of decision tables").diagnostics)
        return ()
    for item in node.items:
        table = gather.attempt(_table, item, readable)
        if table is not None:
            readable.tables[table.id] = table
        else:
            readable = evolve(readable, whole=False)
    return tuple(readable.tables.values())


def _table(node: Node, readable: Readable) -> DecisionTable:
    if not isinstance(node, MappingNode):
        raise wrong_type(node, "a mapping with `id`, `title`, `inputs`, `outputs` and `rows`")
    gather = DiagnosticCollector()
    entry, wrong = salvage(node, TableEntry, gather, id="", title="", inputs={}, outputs=(), rows=node)
    if entry.id in readable.tables:
        gather.add("repeated-id", f"table `{entry.id}` is already declared", node.value_location("id"))
    places = node.get("inputs")
    inputs = {}
    for name, part in entry.inputs.items():
        if name == _THEN and isinstance(places, MappingNode):
            message = f"`{_THEN}` is the output of a row and cannot name an input"
            gather.add("reserved-name", message, places.key_location(name))
            continue
        found = gather.attempt(_input, name, part, readable)
        if found is not None:
            inputs[str(name)] = found
    outputs_known = "outputs" not in wrong
    if outputs_known and entry.otherwise is not None and entry.otherwise not in entry.outputs:
        gather.include(_no_output(entry.otherwise, entry.outputs, node.value_location("otherwise")))
    rows: list[TableRow] = []
    if "rows" not in wrong and not isinstance(entry.rows, SequenceNode):
        gather.include(*wrong_type(entry.rows, "a list of rows").diagnostics)
    elif not wrong & {"rows", "inputs", "outputs"} and len(inputs) == len(entry.inputs):
        for item in entry.rows.items if isinstance(entry.rows, SequenceNode) else ():
            row = gather.attempt(_row, item, inputs, entry.outputs)
            rows += [] if row is None else [row]
    gather.raise_if_any()
    return DecisionTable(
        entry.id, entry.title, tuple(inputs.values()), entry.hit_policy, entry.outputs, tuple(rows), entry.otherwise,
        node=node,
    )  # fmt: skip


def _input(name: str, node: Node, readable: Readable) -> TableInput:
    kinds = [kind.value for kind in Reads]
    if not isinstance(node, MappingNode) or len(node.entries) != 1:
        raise wrong_type(node, f"a mapping with one of the keys {listed(kinds)}, such as `{{score: total}}`")
    key, value = node.entries[0].key, node.entries[0].value
    if key.raw not in kinds:
        help = did_you_mean(key.raw, kinds)
        raise reject("unknown-key", f"`{key.raw}` is not one of {listed(kinds)}", key.location, help)
    reads, of = Reads(key.raw), text_of(value)
    if reads is Reads.TABLE:
        return _table_input(name, of, value, readable)
    if of in readable.criteria and reads in (Reads.POINTS, Reads.MET):
        return TableInput(name, reads, of, _field(name, reads, ()))
    if of != "total" and of not in readable.groups:
        if not readable.whole:
            raise Rejected
        known = ("total", *readable.groups, *(readable.criteria if reads in (Reads.POINTS, Reads.MET) else ()))
        help = did_you_mean(of, known)
        message = f"there is no {'criterion or group' if reads in (Reads.POINTS, Reads.MET) else 'group'} `{of}`"
        if of in readable.criteria:
            message = f"criterion `{of}` has no {reads.value}"
            help = f"a table can read its `{Reads.POINTS.value}` or `{Reads.MET.value}`"
        raise reject("unknown-reference", message, value.location, help)
    if of == "total" and readable.wrong & _NEEDED.get(reads, set()):
        raise Rejected
    read = readable.combining if of == "total" else readable.groups[of]
    names = _names(read, reads)
    if not names and reads in (Reads.LABEL, Reads.LEVEL):
        help = {Reads.LABEL: "add `bands` to it", Reads.LEVEL: "add `levels` to it"}[reads]
        raise reject("unknown-reference", f"`{of}` has no {reads.value}s", value.location, help)
    if reads is Reads.SCORE and read.aggregate is Aggregation.NONE:
        raise reject("unknown-reference", f"`{of}` has no score", value.location, "`aggregate: none` gives no score")
    return TableInput(name, reads, None if of == "total" else of, _field(name, reads, names))


def _table_input(name: str, of: str, value: Node, readable: Readable) -> TableInput:
    if of not in readable.tables:
        if not readable.whole:
            raise Rejected
        help = did_you_mean(of, readable.tables)
        raise reject("unknown-reference", f"there is no table `{of}` above this one", value.location, help)
    table = readable.tables[of]
    if table.hit_policy is TableHitPolicy.COLLECT:
        raise reject("bad-value", f"table `{of}` collects, so it may give several outputs", value.location)
    return TableInput(name, Reads.TABLE, of, _field(name, Reads.TABLE, table.outputs))


def _names(read: Combining, reads: Reads) -> tuple[str, ...]:
    """Return the labels or the levels that a group or the root can have."""
    if reads is Reads.LABEL:
        return tuple(dict.fromkeys(band.label for band in read.bands))
    if reads is Reads.LEVEL:
        return tuple(str(level.id) for level in (*read.levels, *((read.top_level,) if read.top_level else ())))
    return ()


def _field(name: str, reads: Reads, names: tuple[str, ...]) -> Field:
    match reads:
        case Reads.MET:
            return Field(name, FieldType.BOOLEAN)
        case Reads.SCORE | Reads.POINTS:
            return Field(name, FieldType.NUMBER, digits=12, optional=True)
        case _:
            return Field(name, FieldType.ENUM, values=names, optional=True)


def _row(node: Node, inputs: dict[str, TableInput], outputs: tuple[str, ...]) -> TableRow:
    if not isinstance(node, MappingNode):
        raise wrong_type(node, "a mapping of inputs to tests, with `then`")
    gather = DiagnosticCollector()
    tests = []
    for entry in node:
        name = entry.key.raw
        if name == _THEN:
            continue
        if name not in inputs:
            help = did_you_mean(name, (*inputs, _THEN))
            gather.add("unknown-key", f"the table has no input `{name}`", entry.key.location, help)
            continue
        test = gather.attempt(test_of, entry.value, inputs[name].field, Units())
        if test is not None:
            tests.append((name, test))
    then = node.get(_THEN)
    output = gather.attempt(text_of, then) if then is not None else None
    if then is None:
        gather.add("missing-key", f"key `{_THEN}` is missing", node.beginning)
    elif output is not None and output not in outputs:
        gather.include(_no_output(output, outputs, then.location))
    gather.raise_if_any()
    if output is None:
        raise Rejected
    return TableRow(tuple(tests), output, node=node)


def _no_output(word: str, outputs: tuple[str, ...], where: Location) -> Diagnostic:
    message = f"`{word}` is not one of the outputs {listed(outputs)}"
    return Diagnostic("unknown-value", message, where, did_you_mean(word, outputs, few=0))
