"""Documents to the tree of categories, and to the decision tables over it."""

from attrs import evolve, fields

from cleancloud_rules._conditions import Scope
from cleancloud_rules._converters import salvage, structure
from cleancloud_rules._findings import Gather, Rejected, did_you_mean, listed, reject
from cleancloud_rules._shapes import CategoryEntry, MethodologyFile, TableEntry
from cleancloud_rules._unary import test_of
from cleancloud_rules._values import text_of, wrong_type
from cleancloud_rules.diagnostics import Diagnostic
from cleancloud_rules.documents import Mapping, Node, Sequence
from cleancloud_rules.facts import Field
from cleancloud_rules.groups import Combining, DecisionTable, Reads, TableInput, TableRow
from cleancloud_rules.methodology import Category, Criterion
from cleancloud_rules.units import Units

_COMBINING = tuple(a.name for a in fields(Combining))


def combining_of(entry: Combining) -> Combining:
    """Return how the whole combines its parts, out of what stands at the top of ``methodology.yaml``."""
    return Combining(**{name: getattr(entry, name) for name in _COMBINING})


class Categories:
    """The categories of a methodology, into which criteria are put.

    Args:
        head: the top of ``methodology.yaml``.
        wrong: the keys of it that could not be read.
        scope: what its conditions may name.
        gather: takes the findings.
    """

    def __init__(self, head: MethodologyFile, wrong: frozenset[str], scope: Scope, gather: Gather) -> None:
        self._by_id: dict[str, Category] = {}
        self._criteria: dict[str, list[Criterion]] = {}
        self._scope = scope
        part = Gather()
        self._top = self._read(head.categories, "a list of categories", part)
        self.whole = "categories" not in wrong and not part.failed
        gather.absorb(part)

    def _read(self, node: Node, expected: str, gather: Gather) -> tuple[str, ...]:
        """Read categories and the groups inside them; return the ids of the outer ones."""
        if not isinstance(node, Sequence):
            gather.include(*wrong_type(node, expected).diagnostics)
            return ()
        ids = []
        for item in node.items:
            entry = gather.attempt(structure, item, CategoryEntry, self._scope)
            if entry is None or entry.node is None:
                continue
            if entry.id in self._by_id:
                message = f"category `{entry.id}` is declared already"
                gather.add("repeated-id", message, entry.node.value_location("id"))
                continue
            self._by_id[entry.id] = made = _category(entry)
            inside = () if entry.groups is None else self._read(entry.groups, "a list of groups", gather)
            self._by_id[entry.id] = evolve(made, groups=tuple(self._by_id[id] for id in inside))
            ids.append(str(entry.id))
        return tuple(ids)

    def refuse_unknown(self, id: str, root: Mapping, gather: Gather) -> None:
        """Report that criteria belong to no category, unless theirs may be one of those that were rejected."""
        if id not in self._by_id and self.whole:
            where = root.value_location("category")
            gather.add("unknown-category", f"there is no category `{id}`", where, did_you_mean(id, self._by_id))

    def put(self, criterion: Criterion, id: str) -> None:
        """Put a criterion into a category, if there is one."""
        self._criteria.setdefault(id, []).append(criterion)

    def in_order(self) -> tuple[Category, ...]:
        """Return the categories in the order of the file, the criteria of each by id."""
        return tuple(self._filled(self._by_id[id]) for id in self._top)

    def _filled(self, category: Category) -> Category:
        criteria = tuple(sorted(self._criteria.get(category.id, ()), key=lambda c: c.id))
        return evolve(category, criteria=criteria, groups=tuple(self._filled(group) for group in category.groups))


def _category(entry: CategoryEntry) -> Category:
    shared = {name: getattr(entry, name) for name in _COMBINING}
    return Category(
        entry.id, entry.title, entry.weight, parts=entry.parts, rounding=entry.rounding, requires=entry.requires,
        not_applicable=entry.not_applicable, replaces=entry.replaces, node=entry.node, **shared,
    )  # fmt: skip


def tables_of(
    node: Node | None, categories: tuple[Category, ...], combining: Combining, gather: Gather
) -> tuple[DecisionTable, ...]:
    """Return the decision tables of a methodology; what is wrong is added to `gather`.

    Args:
        node: the list of them, if there is one.
        categories: what they may read, criteria included.
        combining: how the whole is combined.
        gather: takes the findings.
    """
    if node is None:
        return ()
    if not isinstance(node, Sequence):
        gather.include(*wrong_type(node, "a list of decision tables").diagnostics)
        return ()
    made: dict[str, DecisionTable] = {}
    for item in node.items:
        table = gather.attempt(_table, item, categories, combining, made)
        if table is not None:
            made[table.id] = table
    return tuple(made.values())


def _table(
    node: Node, categories: tuple[Category, ...], combining: Combining, earlier: dict[str, DecisionTable]
) -> DecisionTable:
    if not isinstance(node, Mapping):
        raise wrong_type(node, "a mapping with `id`, `title`, `inputs`, `outputs` and `rows`")
    gather = Gather()
    entry, wrong = salvage(node, TableEntry, gather, id="", title="", inputs={}, outputs=(), rows=node)
    if entry.id in earlier:
        gather.add("repeated-id", f"table `{entry.id}` is declared already", node.value_location("id"))
    readable: dict[str, Category] = {group.id: group for category in categories for group in category.every_group}
    criteria: set[str] = {c.id for category in categories for c in category.every_criterion}
    inputs = {}
    for name, part in entry.inputs.items():
        found = gather.attempt(_input, name, part, readable, criteria, combining, earlier)
        if found is not None:
            inputs[str(name)] = found
    if entry.otherwise is not None and entry.otherwise not in entry.outputs:
        gather.include(_no_output(entry.otherwise, entry.outputs, node.get("otherwise")))
    rows: list[TableRow] = []
    if not wrong & {"rows", "inputs", "outputs"} and len(inputs) == len(entry.inputs):
        if not isinstance(entry.rows, Sequence):
            raise wrong_type(entry.rows, "a list of rows")
        for item in entry.rows.items:
            row = gather.attempt(_row, item, inputs, entry.outputs)
            rows += [] if row is None else [row]
    gather.raise_if_any()
    return DecisionTable(
        entry.id, entry.title, tuple(inputs.values()), entry.hit_policy, entry.outputs, tuple(rows), entry.otherwise,
        node=node,
    )  # fmt: skip


def _input(
    name: str,
    node: Node,
    groups: dict[str, Category],
    criteria: set[str],
    combining: Combining,
    earlier: dict[str, DecisionTable],
) -> TableInput:
    kinds = [kind.value for kind in Reads]
    if not isinstance(node, Mapping) or len(node.entries) != 1:
        raise wrong_type(node, f"what is read and of what, such as `{{score: total}}`: one of {listed(kinds)}")
    key, value = node.entries[0].key, node.entries[0].value
    if key.raw not in kinds:
        help = did_you_mean(key.raw, kinds)
        raise reject("unknown-key", f"`{key.raw}` is not one of {listed(kinds)}", key.location, help)
    reads, of = Reads(key.raw), text_of(value)
    if reads is Reads.TABLE:
        if of not in earlier:
            help = did_you_mean(of, earlier)
            raise reject("unknown-reference", f"there is no table `{of}` above this one", value.location, help)
        return TableInput(name, reads, of, Field(name, "text", optional=True))
    if of in criteria and reads in (Reads.POINTS, Reads.MET):
        return TableInput(name, reads, of, _field(name, reads))
    if of != "total" and of not in groups:
        known = ("total", *groups, *(criteria if reads in (Reads.POINTS, Reads.MET) else ()))
        raise reject("unknown-reference", f"there is nothing `{of}` with a {reads.value}", value.location,
                     did_you_mean(of, known))  # fmt: skip
    read = combining if of == "total" else groups[of]
    empty = {Reads.LABEL: not read.bands, Reads.LEVEL: not read.levels}
    if empty.get(reads, False):
        raise reject("unknown-reference", f"`{of}` has no {reads.value}s", value.location)
    return TableInput(name, reads, None if of == "total" else of, _field(name, reads))


def _field(name: str, reads: Reads) -> Field:
    match reads:
        case Reads.MET:
            return Field(name, "boolean")
        case Reads.SCORE | Reads.POINTS:
            return Field(name, "number", digits=12, optional=True)
        case _:
            return Field(name, "text", optional=True)


def _row(node: Node, inputs: dict[str, TableInput], outputs: tuple[str, ...]) -> TableRow:
    if not isinstance(node, Mapping):
        raise wrong_type(node, "a mapping of inputs to tests, with `then`")
    gather = Gather()
    tests = []
    for entry in node:
        name = entry.key.raw
        if name == "then":
            continue
        if name not in inputs:
            help = did_you_mean(name, (*inputs, "then"))
            gather.add("unknown-key", f"the table has no input `{name}`", entry.key.location, help)
            continue
        test = gather.attempt(test_of, entry.value, inputs[name].field, Units())
        if test is not None:
            tests.append((name, test))
    then = node.get("then")
    output = gather.attempt(text_of, then) if then is not None else None
    if then is None:
        gather.add("missing-key", "key `then` is missing", node.beginning)
    elif output is not None and output not in outputs:
        gather.include(_no_output(output, outputs, then))
    gather.raise_if_any()
    if output is None:
        raise Rejected
    return TableRow(tuple(tests), output, node=node)


def _no_output(word: str, outputs: tuple[str, ...], node: Node | None) -> Diagnostic:
    assert node is not None
    message = f"`{word}` is not one of the outputs {listed(outputs)}"
    return Diagnostic("unknown-value", message, node.location, did_you_mean(word, outputs))
