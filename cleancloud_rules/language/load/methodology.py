"""Loads a methodology from its documents."""

from collections.abc import Mapping as MappingType
from datetime import date
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from cleancloud_rules.diagnostics.collector import EVERYTHING, DiagnosticCollector, did_you_mean
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents.nodes import Document, MappingNode, SequenceNode
from cleancloud_rules.language.conditions import Scope
from cleancloud_rules.language.converter import name_of, salvage, structure
from cleancloud_rules.language.file_types import CriteriaFile, MethodologyFile, SourceEntry
from cleancloud_rules.language.load.decision_tables import Readable, tables_of
from cleancloud_rules.language.load.groups import Categories, combining_of
from cleancloud_rules.language.load.vocabulary import vocabulary_of
from cleancloud_rules.language.questions import (
    Asking,
    answered,
    check_defaults,
    criterion_node,
    is_question,
    question_ids,
)
from cleancloud_rules.language.values import wrong_type
from cleancloud_rules.model.digest import sha256
from cleancloud_rules.model.exact import negate
from cleancloud_rules.model.facts import Source
from cleancloud_rules.model.methodology import Criterion, HitPolicy, Methodology
from cleancloud_rules.model.values import Interval, Name
from cleancloud_rules.model.vocabulary import Vocabulary

HEAD, FACTS = "methodology.yaml", "facts.yaml"
"""The two files that every methodology has. All other files hold criteria."""


@frozen
class Loaded:
    """The result of loading.

    Args:
        methodology: the parts that could be loaded; None if ``methodology.yaml`` is missing or cannot be read.
        complete: whether everything but decision tables could be loaded.
        wrong: the keys of ``methodology.yaml`` whose values were rejected.
    """

    methodology: Methodology | None
    complete: bool = False
    wrong: frozenset[str] = frozenset()


def load(documents: MappingType[str, Document | None], gather: DiagnosticCollector) -> Loaded:
    """Return the methodology that documents describe. Errors are added to `gather`.

    Errors in one file do not keep the others from being checked.

    Args:
        documents: the documents by file name; None for a file that could not be read.
        gather: collects the diagnostics; it holds those of reading already.
    """
    _missing_files(documents, gather)
    head, wrong = _head(documents.get(HEAD), gather)
    assert head.node is not None
    bibliography = sources_of(head.node, head.source_types, gather)
    broken_sources = EVERYTHING if "sources" in wrong else frozenset(head.sources) - frozenset(bibliography)
    cohorts = tuple((str(key), title) for key, title in head.cohorts.items())
    empty = Vocabulary((), (), (), head.source_types, cohorts)
    questions = question_ids(document for name, document in documents.items() if name not in (HEAD, FACTS))
    known = Scope(empty, bibliography, frozenset(), broken_sources)
    scope = vocabulary_of(documents.get(FACTS), known, gather, questions)
    categories = Categories(head, wrong, scope, gather)
    answers_lost = "answers" in wrong or documents.get(HEAD) is None
    for name in sorted(documents):
        document = documents[name]
        if document is not None and name not in (HEAD, FACTS):
            _criteria(document, categories, scope, head, gather, answers_lost=answers_lost)
    if documents.get(HEAD) is None:
        return Loaded(None)
    combining, tree = combining_of(head), categories.in_order()
    whole = not gather.failed and None not in documents.values()
    of_tables = DiagnosticCollector()
    tables = tables_of(head.tables, Readable(tree, combining, whole, wrong), of_tables)
    gather.absorb(of_tables)
    methodology = Methodology(
        head.id, head.title, head.edition, head.publisher, scope.vocabulary, tree,
        windows=tuple((str(key), window) for key, window in head.windows.items()),
        accepted_sources=tuple(sorted(head.source_types if head.accepted_sources is None else head.accepted_sources)),
        as_of=head.as_of,
        rounding=head.rounding,
        points_basis=head.points_basis,
        combining=combining,
        not_applicable=head.not_applicable,
        not_assessed=head.not_assessed,
        tables=tables,
        rank_by=head.rank_by,
        notices=head.notices,
        recommendations=tuple((str(key), text) for key, text in head.recommendations.items()),
        changes=head.changes,
        approved_by=head.approved_by,
        bibliography=tuple(bibliography[key] for key in sorted(bibliography)),
        node=head.node,
    )  # fmt: skip
    wrong |= frozenset() if categories.whole else {"categories"}
    wrong |= {"tables"} if of_tables.failed else frozenset()
    return Loaded(evolve(methodology, sha256=sha256(methodology)), whole, wrong)


def _missing_files(documents: MappingType[str, Document | None], gather: DiagnosticCollector) -> None:
    beside = next((document.location.file.name for document in documents.values() if document is not None), "")
    for name in (HEAD, FACTS):
        if name not in documents:
            where = Location(SourceFile(str(Path(beside).with_name(name)) if beside else name))
            gather.add("missing-file", f"the methodology has no `{name}`", where)


def _head(document: Document | None, gather: DiagnosticCollector) -> tuple[MethodologyFile, frozenset[str]]:
    root = MappingNode((), Location(SourceFile(HEAD))) if document is None else document.root
    head, wrong = salvage(
        root, MethodologyFile, DiagnosticCollector() if document is None else gather,
        id="", title="", edition="", publisher="", windows={}, source_types=(),
        categories=SequenceNode((), root.location),
    )  # fmt: skip
    if not head.source_types and "source_types" not in wrong:
        gather.add("empty-value", "a methodology needs a source type", root.value_location("source_types"))
    if document is None:
        wrong |= {"sources"}
    return head, wrong


def sources_of(listing: MappingNode, source_types: tuple[str, ...], gather: DiagnosticCollector) -> dict[str, Source]:
    """Return the valid sources under the key `sources`. Errors in them are added to `gather`.

    Args:
        listing: the top of a file. Another value than a mapping under `sources` is passed over: it was reported.
        source_types: the types that they can have; any if there are none.
        gather: collects the diagnostics.
    """
    made = {}
    listed = listing.get("sources")
    for place in listed if isinstance(listed, MappingNode) else ():
        part = DiagnosticCollector()
        name, read = part.attempt(name_of, place.key), part.attempt(salvage, place.value, SourceEntry, part, type="")
        gather.absorb(part)
        if read is None:
            continue
        entry, wrong = read
        assert entry.node is not None
        if "type" not in wrong:
            check_source_type(entry.type, source_types, entry.node.value_location("type"), gather)
        if _is_before(entry.accessed, entry.published):
            message = "the source was accessed before it was published"
            gather.add("bad-date", message, entry.node.value_location("accessed"), "correct one of the two dates")
        if name is not None and not part.failed:
            made[name] = Source(
                Name(name), entry.type, entry.title, entry.publisher, entry.published, entry.accessed,
                entry.url, entry.archived, entry.footnotes, entry.note, public=entry.public, node=entry.node,
            )  # fmt: skip
    return made


def check_source_type(type: str, source_types: tuple[str, ...], where: Location, gather: DiagnosticCollector) -> None:
    """Report a type of a source that the methodology does not list, if it lists any."""
    if source_types and type not in source_types:
        help = did_you_mean(type, source_types)
        gather.add("unknown-value", f"`{type}` is not a source type of this methodology", where, help)


def _is_before(one: date | Interval | None, other: date | Interval | None) -> bool:
    """Whether one day certainly lies before another. A year is an unknown day of it."""
    last: Any = one.high if isinstance(one, Interval) else one
    first: Any = other.low if isinstance(other, Interval) else other
    return last is not None and first is not None and bool(last < first)


def _criteria(
    document: Document,
    categories: Categories,
    scope: Scope,
    head: MethodologyFile,
    gather: DiagnosticCollector,
    *,
    answers_lost: bool,
) -> None:
    root = document.root
    file, wrong = salvage(root, CriteriaFile, gather, category="", criteria=SequenceNode((), root.location))
    if "category" not in wrong:
        categories.claim(file.category, root, gather)
    if not isinstance(file.criteria, SequenceNode):
        gather.include(*wrong_type(file.criteria, "a list of criteria").diagnostics)
        return
    part = DiagnosticCollector()
    defaults = part.attempt(check_defaults, file.defaults)
    gather.absorb(part)
    if part.failed:
        return
    answers = None if "answers" in wrong else file.answers or head.answers
    asking = Asking(defaults, answers, "answers" in wrong or answers_lost, scope)
    for item in file.criteria.items:
        full = gather.attempt(criterion_node, item, asking)
        criterion = None if full is None else gather.attempt(structure, full, Criterion, scope)
        if criterion is None:
            continue
        if isinstance(full, MappingNode) and full.get("points_basis") is None:
            criterion = evolve(criterion, points_basis=head.points_basis)
        if answers is not None and is_question(item):
            criterion = evolve(criterion, answered=gather.attempt(answered, answers, scope))
        categories.put(in_order(criterion), file.category)


def in_order(criterion: Criterion) -> Criterion:
    """Return a criterion with its rules in order: under `first` that of the file, else by points and id."""
    if criterion.hit_policy is HitPolicy.FIRST:
        return criterion
    rules = tuple(sorted(criterion.rules, key=lambda rule: (negate(rule.points), rule.id)))
    return criterion if rules == criterion.rules else evolve(criterion, rules=rules)
