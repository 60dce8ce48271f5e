"""Loads test cases, against the methodology in whose folder they are."""

from collections.abc import Collection, Container, Iterable
from pathlib import Path

from attrs import evolve, frozen

from cleancloud_rules.diagnostics.collector import NOTHING, DiagnosticCollector, Rejected, reject
from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.documents.contents import read_document
from cleancloud_rules.documents.file_reader import Kind, files_in, kind_of
from cleancloud_rules.documents.nodes import Document, Entry, MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.language.answers import answered_facts
from cleancloud_rules.language.case_file_types import CaseEntry, CasesFile
from cleancloud_rules.language.converter import cited, salvage
from cleancloud_rules.language.file_types import FactDefaults
from cleancloud_rules.language.load.companies import company_of
from cleancloud_rules.language.load.expectations import expectations
from cleancloud_rules.language.load.stated_facts import bibliography_of
from cleancloud_rules.language.values import wrong_type
from cleancloud_rules.model.cases import Case
from cleancloud_rules.model.facts import Bibliography, Company
from cleancloud_rules.model.methodology import Methodology

CASES = "cases"
"""The folder in a methodology's folder that holds its files of test cases."""

_TIMES = frozenset({"period", "as_of"})
_OF_NOT_FOUND = frozenset({"source"})


@frozen
class _Setting:
    """What the test cases of a file share.

    Args:
        methodology: whose vocabulary they use, and which they test.
        sources: the sources that the file lists.
        broken: the sources that were rejected.
        defaults: the keys that facts have unless they have their own.
        location: the file.
    """

    methodology: Methodology
    sources: Bibliography
    broken: Container[str]
    defaults: tuple[Entry, ...]
    location: Location

    def read(self, node: Node | None, gather: DiagnosticCollector) -> tuple[Entry, ...]:
        """Return the valid defaults that a node lists; those of the file if there is no node."""
        if node is None:
            return self.defaults
        made = gather.attempt(self._defaults, node, gather)
        return () if made is None else made

    def _defaults(self, node: Node, gather: DiagnosticCollector) -> tuple[Entry, ...]:
        if not isinstance(node, MappingNode):
            raise wrong_type(node, "a mapping with `source`, `period` or `as_of`")
        _, wrong = salvage(node, FactDefaults, gather)
        source = node.get("source")
        bibliography = {**{s.id: s for s in self.methodology.bibliography}, **self.sources}
        if source is not None and "source" not in wrong:
            gather.attempt(cited, source, bibliography, self.broken)
        known = ("source", "period", "as_of")
        return tuple(e for e in node if e.key.value in known and e.key.value not in wrong)


def case_files(folder: Path) -> tuple[Path, ...]:
    """Return the files of test cases of the methodology in a folder, sorted.

    Raises:
        Rejected: if the folder of the cases cannot be read.
    """
    inside = folder / CASES
    return files_in(inside) if kind_of(inside) is Kind.FOLDER else ()


def is_case_file(name: str) -> bool:
    """Return whether a file of a methodology in memory has test cases: whether its name is in the folder of cases."""
    return name.startswith(f"{CASES}/")


def read_cases(path: Path, methodology: Methodology, gather: DiagnosticCollector) -> tuple[Case, ...]:
    """Return the test cases of a file, in its order. Errors are added to `gather`."""
    document = read_document(path, gather)
    return () if document is None else cases_of(document, methodology, gather)


def cases_of(document: Document, methodology: Methodology, gather: DiagnosticCollector) -> tuple[Case, ...]:
    """Return the test cases in a document, in its order. Errors are added to `gather`."""
    root = document.root
    file, wrong = salvage(root, CasesFile, gather, cases=SequenceNode((), root.location))
    sources, broken = _own_sources(document, methodology, gather)
    alone = _Setting(methodology, sources, broken, (), document.location)
    setting = evolve(alone, defaults=alone.read(file.defaults, gather))
    if not isinstance(file.cases, SequenceNode):
        gather.include(*wrong_type(file.cases, "a list of test cases").diagnostics)
        return ()
    if not file.cases.items and "cases" not in wrong:
        gather.add("empty-value", "the file has no test cases", file.cases.location)
    made = [gather.attempt(_case, node, number, setting) for number, node in enumerate(file.cases.items, 1)]
    cases = tuple(case for case in made if case is not None)
    _refuse_repeated(cases, gather)
    return cases


def _own_sources(
    document: Document, methodology: Methodology, gather: DiagnosticCollector
) -> tuple[Bibliography, Container[str]]:
    entry = document.root.entry("sources")
    if entry is None:
        return {}, NOTHING
    alone = MappingNode((entry,), entry.key.location)
    return bibliography_of(Document(alone, document.location), methodology, gather)


def _refuse_repeated(cases: Iterable[Case], gather: DiagnosticCollector) -> None:
    seen: dict[str, Location] = {}
    for case in cases:
        if case.name in seen:
            first = seen[case.name]
            place = f"on line {first.line}" if first.line else f"at {first}"
            gather.add("repeated-id", f"test case `{case.name}` is already declared {place}", case.location)
        seen.setdefault(case.name, case.location)


def _case(node: Node, number: int, setting: _Setting) -> Case:
    if not isinstance(node, MappingNode):
        raise wrong_type(node, "a test case with `name`, `facts` and `expect`")
    gather = DiagnosticCollector()
    entry, wrong = salvage(node, CaseEntry, gather, name="", expect=MappingNode((), node.beginning))
    company = _company(entry, number, setting, gather)
    expected = gather.attempt(expectations, entry.expect, setting.methodology) if "expect" not in wrong else ()
    gather.raise_if_any()
    assert company is not None
    assert expected is not None
    company = evolve(company, cut_off=entry.as_of)
    return Case(entry.name, company, expected, entry.note, location=node.value_location("name"), node=node)


def _company(entry: CaseEntry, number: int, setting: _Setting, gather: DiagnosticCollector) -> Company | None:
    """Return the company of a test case: the company that a file with the same facts describes."""
    assert entry.node is not None
    defaults = setting.read(entry.defaults, gather)
    where = entry.node.value_location("name")
    made: dict[str, Node] = {
        "id": ScalarNode(f"case-{number}", where, f"case-{number}", "data"),
        "name": ScalarNode(entry.name or "case", where, entry.name or "case", "data"),
    }
    if entry.cohort is not None:
        made["cohort"] = entry.cohort
    facts = _stated(entry, setting.methodology, gather)
    if facts is not None:
        made["facts"] = _with_defaults(facts, defaults)
    if entry.not_found is not None:
        made["not_found"] = _with_defaults(entry.not_found, [e for e in defaults if e.key.value in _OF_NOT_FOUND])
    entries = tuple(Entry(_key(key, entry.node, where), value) for key, value in made.items())
    root = MappingNode(entries, entry.node.location)
    document = Document(root, setting.location)
    return company_of(document, setting.methodology, setting.sources, gather, setting.broken)


def _key(key: str, node: MappingNode, where: Location) -> ScalarNode:
    written = node.entry(key)
    return written.key if written is not None else ScalarNode(key, where, key, "data")


def _stated(entry: CaseEntry, methodology: Methodology, gather: DiagnosticCollector) -> Node | None:
    """Return the facts of a test case, including its answers to questions."""
    if entry.answers is None:
        return entry.facts
    blocks = entry.answers.items if isinstance(entry.answers, SequenceNode) else (entry.answers,)
    answered = [gather.attempt(answered_facts, block, methodology.vocabulary) or () for block in blocks]
    items = tuple(item for block in answered for item in block)
    if entry.facts is None:
        return SequenceNode(items, entry.answers.location)
    return (
        evolve(entry.facts, items=(*entry.facts.items, *items))
        if isinstance(entry.facts, SequenceNode)
        else entry.facts
    )


def _with_defaults(node: Node, defaults: Collection[Entry]) -> Node:
    """Return a list of entries, each completed with the defaults."""
    if not isinstance(node, SequenceNode):
        return node
    return evolve(node, items=tuple(_beside(item, defaults) for item in node.items))


def _beside(item: Node, defaults: Iterable[Entry]) -> Node:
    """Return an entry completed with the defaults. If it has a `period` or an `as_of`, it gets no other time."""
    if not isinstance(item, MappingNode):
        return item
    given = {str(entry.key.value) for entry in item}
    left_out = given | (_TIMES if given & _TIMES else frozenset())
    return evolve(item, entries=(*item.entries, *(e for e in defaults if e.key.value not in left_out)))


def no_cases(location: Location) -> Rejected:
    """Return the exception for a methodology without test cases: a run that tests nothing must not pass."""
    help = f"add a file of test cases in the folder `{CASES}` of the methodology"
    return reject("missing-file", "the methodology has no test cases", location, help)
