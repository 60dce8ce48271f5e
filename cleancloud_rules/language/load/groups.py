"""Loads the tree of categories and groups."""

from attrs import evolve, fields

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, did_you_mean
from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.documents.nodes import MappingNode, Node, SequenceNode
from cleancloud_rules.language.conditions import Scope
from cleancloud_rules.language.converter import structure
from cleancloud_rules.language.file_types import CategoryEntry, MethodologyFile
from cleancloud_rules.language.values import wrong_type
from cleancloud_rules.model.groups import Combining
from cleancloud_rules.model.methodology import Criterion, Group

_COMBINING = tuple(a.name for a in fields(Combining))


def combining_of(entry: Combining) -> Combining:
    """Return how the root combines its parts, from the top of ``methodology.yaml``."""
    return Combining(**{name: getattr(entry, name) for name in _COMBINING})


class Categories:
    """The categories of a methodology, to which criteria are added.

    Args:
        head: the top of ``methodology.yaml``.
        wrong: its keys whose values were rejected.
        scope: the names that its conditions can use.
        gather: collects the diagnostics.
    """

    def __init__(self, head: MethodologyFile, wrong: frozenset[str], scope: Scope, gather: DiagnosticCollector) -> None:
        self._by_id: dict[str, Group] = {}
        self._criteria: dict[str, list[Criterion]] = {}
        self._files: dict[str, Location] = {}
        self._scope = scope
        part = DiagnosticCollector()
        self._top = self._read(head.categories, "a list of categories", part)
        self.whole: bool = "categories" not in wrong and not part.failed
        gather.absorb(part)

    def _read(self, node: Node, expected: str, gather: DiagnosticCollector) -> tuple[str, ...]:
        """Read categories and the groups inside them; return the ids of the outer ones."""
        if not isinstance(node, SequenceNode):
            gather.include(*wrong_type(node, expected).diagnostics)
            return ()
        ids = []
        for item in node.items:
            entry = gather.attempt(structure, item, CategoryEntry, self._scope)
            if entry is None or entry.node is None:
                continue
            if entry.id in self._by_id:
                message = f"category `{entry.id}` is already declared"
                gather.add("repeated-id", message, entry.node.value_location("id"))
                continue
            self._by_id[entry.id] = made = _category(entry)
            inside = () if entry.groups is None else self._read(entry.groups, "a list of groups", gather)
            self._by_id[entry.id] = evolve(made, groups=tuple(self._by_id[id] for id in inside))
            ids.append(str(entry.id))
        return tuple(ids)

    def claim(self, id: str, root: MappingNode, gather: DiagnosticCollector) -> None:
        """Note that a file has the criteria of a category; report a category that is unknown or has them elsewhere.

        An unknown category is not reported if it may be one of those that were rejected.
        """
        where = root.value_location("category")
        if id not in self._by_id:
            if self.whole:
                gather.add("unknown-category", f"there is no category `{id}`", where, did_you_mean(id, self._by_id))
        elif id in self._files:
            message = f"category `{id}` already has its criteria at {self._files[id]}"
            gather.add("second-file", message, where, "put them together, or make two groups")
        else:
            self._files[id] = where

    def put(self, criterion: Criterion, id: str) -> None:
        """Add a criterion to the category with this id."""
        self._criteria.setdefault(id, []).append(criterion)

    def in_order(self) -> tuple[Group, ...]:
        """Return the categories and the criteria of each, in the order of their files."""
        return tuple(self._filled(self._by_id[id]) for id in self._top)

    def _filled(self, category: Group) -> Group:
        criteria = tuple(self._criteria.get(category.id, ()))
        return evolve(category, criteria=criteria, groups=tuple(self._filled(group) for group in category.groups))


def _category(entry: CategoryEntry) -> Group:
    shared = {name: getattr(entry, name) for name in _COMBINING}
    return Group(
        entry.id, entry.title, entry.weight, parts=entry.parts, rounding=entry.rounding, requires=entry.requires,
        not_applicable=entry.not_applicable, not_assessed=entry.not_assessed, replaces=entry.replaces, node=entry.node,
        **shared,
    )  # fmt: skip
