"""Documents to a methodology."""

from collections.abc import Mapping as MappingType
from pathlib import Path

from attrs import evolve, frozen

from cleancloud_rules._conditions import Scope
from cleancloud_rules._converters import salvage, structure
from cleancloud_rules._digest import sha256
from cleancloud_rules._findings import EVERYTHING, Gather, did_you_mean
from cleancloud_rules._loading_vocabulary import vocabulary_of
from cleancloud_rules._shapes import CategoryEntry, CriteriaFile, MethodologyFile, SourceEntry
from cleancloud_rules._values import wrong_type
from cleancloud_rules.diagnostics import Location, Source
from cleancloud_rules.documents import Document, Mapping, Node, Sequence
from cleancloud_rules.facts import Evidence
from cleancloud_rules.methodology import Category, Criterion, HitPolicy, Methodology, Vocabulary
from cleancloud_rules.values import Name

HEAD, FACTS = "methodology.yaml", "facts.yaml"
"""The two files that every methodology has; all others hold criteria."""


@frozen
class Loaded:
    """What loading came to.

    Args:
        methodology: as far as it could be made; None where nothing was there to make it of.
        complete: whether nothing was left out.
        wrong: the keys of ``methodology.yaml`` whose values were left out.
    """

    methodology: Methodology | None
    complete: bool = False
    wrong: frozenset[str] = frozenset()


def load(documents: MappingType[str, Document | None], gather: Gather) -> Loaded:
    """Return the methodology that documents describe; what is wrong is added to `gather`.

    What is wrong in one file does not keep the others from being examined.

    Args:
        documents: the documents by file name; None for a file that could not be read.
        gather: takes the findings; those of reading are in it already.
    """
    _missing_files(documents, gather)
    head, wrong = _head(documents.get(HEAD), gather)
    bibliography = sources_of(head.sources, head.source_types, gather)
    broken_sources = EVERYTHING if "sources" in wrong else frozenset(head.sources) - frozenset(bibliography)
    cohorts = tuple((str(key), title) for key, title in head.cohorts.items())
    empty = Vocabulary((), (), (), head.source_types, cohorts)
    scope = vocabulary_of(documents.get(FACTS), Scope(empty, bibliography, frozenset(), broken_sources), gather)
    categories = _Categories(head, wrong, gather)
    for name in sorted(documents):
        document = documents[name]
        if document is not None and name not in (HEAD, FACTS):
            _criteria(document, categories, scope, head, gather)
    if documents.get(HEAD) is None:
        return Loaded(None)
    methodology = Methodology(
        head.id, head.title, head.edition, head.publisher, scope.vocabulary, categories.in_order(),
        windows=tuple((str(key), window) for key, window in head.windows.items()),
        accepted_sources=tuple(sorted(head.source_types if head.accepted_sources is None else head.accepted_sources)),
        rounding=head.rounding,
        points_basis=head.points_basis,
        notices=head.notices,
        recommendations=tuple((str(key), text) for key, text in head.recommendations.items()),
        bibliography=tuple(bibliography[key] for key in sorted(bibliography)),
        node=head.node,
    )  # fmt: skip
    complete = not gather.failed and None not in documents.values()
    wrong |= frozenset() if categories.whole else {"categories"}
    return Loaded(evolve(methodology, sha256=sha256(methodology)), complete, wrong)


def _missing_files(documents: MappingType[str, Document | None], gather: Gather) -> None:
    beside = next((document.location.source.name for document in documents.values() if document is not None), "")
    for name in (HEAD, FACTS):
        if name not in documents:
            where = Location(Source(str(Path(beside).with_name(name)) if beside else name))
            gather.add("missing-file", f"the methodology has no `{name}`", where)


def _head(document: Document | None, gather: Gather) -> tuple[MethodologyFile, frozenset[str]]:
    root = Mapping((), Location(Source(HEAD))) if document is None else document.root
    head, wrong = salvage(
        root, MethodologyFile, Gather() if document is None else gather,
        id="", title="", edition="", publisher="", windows={}, source_types=(), categories=Sequence((), root.location),
    )  # fmt: skip
    if not head.source_types and "source_types" not in wrong:
        gather.add("empty-value", "a methodology needs a type of source", root.value_location("source_types"))
    if document is None:
        wrong |= {"sources"}
    return head, wrong


def sources_of(entries: MappingType[Name, Node], source_types: tuple[str, ...], gather: Gather) -> dict[str, Evidence]:
    """Return the sources of a bibliography that are right; what is wrong is added to `gather`."""
    made = {}
    for name, node in entries.items():
        entry = gather.attempt(structure, node, SourceEntry)
        if entry is None or entry.node is None:
            continue
        if entry.type not in source_types and source_types:
            where = entry.node.value_location("type")
            help = did_you_mean(entry.type, source_types)
            gather.add("unknown-value", f"`{entry.type}` is not a type of source here", where, help)
        made[str(name)] = Evidence(
            name, entry.type, entry.title, entry.publisher, entry.published, entry.accessed,
            entry.url, entry.archived, entry.footnotes, entry.note, node=entry.node,
        )  # fmt: skip
    return made


class _Categories:
    """The categories of a methodology, into which criteria are put."""

    def __init__(self, head: MethodologyFile, wrong: frozenset[str], gather: Gather) -> None:
        self._by_id: dict[str, Category] = {}
        self.whole = "categories" not in wrong
        part = Gather()
        if not isinstance(head.categories, Sequence):
            part.include(*wrong_type(head.categories, "a list of categories").diagnostics)
        for node in head.categories.items if isinstance(head.categories, Sequence) else ():
            entry = part.attempt(structure, node, CategoryEntry)
            if entry is None or entry.node is None:
                continue
            if entry.id in self._by_id:
                part.add("repeated-id", f"category `{entry.id}` is declared already", entry.node.value_location("id"))
            else:
                self._by_id[entry.id] = Category(entry.id, entry.title, entry.weight, node=entry.node)
        self.whole = self.whole and not part.failed
        gather.absorb(part)

    def refuse_unknown(self, id: str, root: Mapping, gather: Gather) -> None:
        """Report that criteria belong to no category, unless theirs may be one of those that were rejected."""
        if id not in self._by_id and self.whole:
            where = root.value_location("category")
            gather.add("unknown-category", f"there is no category `{id}`", where, did_you_mean(id, self._by_id))

    def put(self, criterion: Criterion, id: str) -> None:
        """Put a criterion into a category, if there is one."""
        category = self._by_id.get(id)
        if category is not None:
            self._by_id[id] = evolve(category, criteria=(*category.criteria, criterion))

    def in_order(self) -> tuple[Category, ...]:
        """Return the categories in the order of the file, the criteria of each by id."""
        return tuple(
            evolve(category, criteria=tuple(sorted(category.criteria, key=lambda c: c.id)))
            for category in self._by_id.values()
        )


def _criteria(document: Document, categories: _Categories, scope: Scope, head: MethodologyFile, gather: Gather) -> None:
    root = document.root
    file, wrong = salvage(root, CriteriaFile, gather, category="", criteria=Sequence((), root.location))
    if "category" not in wrong:
        categories.refuse_unknown(file.category, root, gather)
    if not isinstance(file.criteria, Sequence):
        gather.include(*wrong_type(file.criteria, "a list of criteria").diagnostics)
        return
    for item in file.criteria.items:
        criterion = gather.attempt(structure, item, Criterion, scope)
        if criterion is None:
            continue
        if isinstance(item, Mapping) and item.get("points_basis") is None:
            criterion = evolve(criterion, points_basis=head.points_basis)
        categories.put(_in_order(criterion), file.category)


def _in_order(criterion: Criterion) -> Criterion:
    if criterion.hit_policy is HitPolicy.FIRST:
        return criterion
    return evolve(criterion, rules=tuple(sorted(criterion.rules, key=lambda rule: (-rule.points, rule.id))))
