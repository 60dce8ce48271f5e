"""Updates the YAML files of a dataset in place from sheets: a merge of what both sides changed since the export."""

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from attrs import define, field, frozen

from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.documents.contents import read_document
from cleancloud_rules.documents.file_reader import content_of, files_below
from cleancloud_rules.errors import FactsError, OutputError
from cleancloud_rules.generators.serialise import stated_fact
from cleancloud_rules.language.load.dataset_root import DATASET
from cleancloud_rules.language.load.files import dataset_from
from cleancloud_rules.language.wording import condition_in_words, fact_in_words
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.digest import Identity, identity_of
from cleancloud_rules.model.facts import Company, Fact, NotFound, Response, Source
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.vocabulary import Vocabulary
from cleancloud_rules.sheets.rows import ids_of, listed_sources, response_id, search_id
from cleancloud_rules.sheets.yaml_edits import FileEdits
from cleancloud_rules.sheets.yaml_files import (
    SOURCES,
    company_text,
    own_sources,
    response_entry,
    search_entry,
    source_entry,
    sources_text,
)

FACTS, NOT_FOUND, RESPONSES = "facts", "not_found", "responses"

Base = Mapping[str, frozenset[str]]
"""What each company stated when the sheets were exported: the ids of its facts and searches."""


@frozen
class Stated:
    """A fact, a search without result or a response.

    Args:
        id: its id.
        key: the list in which it stands.
        slot: what it is about: two facts with one slot state the same thing differently.
        says: what it states, in words.
        entry: the entry of a company file that states it.
        line: the line of its entry in the file; 0 if it is in none.
    """

    id: str
    key: str
    slot: Identity
    says: str
    entry: Mapping[str, Any]
    line: int

    def __str__(self) -> str:
        id = self.id if self.key != RESPONSES else self.slot[0]
        return f"`{id}` ({self.says})"


@frozen
class Update:
    """What an update changes.

    Args:
        texts: the new texts of files.
        read: the contents of the files that are there, as they were read.
        changes: the changes in words.
        gone: what the sheets no longer state and the files keep, in words.
        conflicts: what both sides changed, in words.
        dataset: the dataset after the update.
    """

    texts: Mapping[Path, str]
    read: Mapping[Path, bytes]
    changes: tuple[str, ...]
    gone: tuple[str, ...]
    conflicts: tuple[str, ...]
    dataset: Dataset


def update_of(
    folder: Path, old: Dataset, sheets: Dataset, base: Base | None, methodology: Methodology, *, remove: bool
) -> Update:
    """Return what must change in the files of a dataset so that they state what sheets state.

    Args:
        folder: the folder of the dataset.
        old: the dataset in it.
        sheets: the dataset that the sheets hold.
        base: what was stated when the sheets were exported; None if that is not known.
        methodology: for which both were loaded.
        remove: whether facts that the sheets no longer state are removed.

    Raises:
        OutputError: if a file cannot be changed in place, or does not state then what it should.
    """
    updater = _Updater(folder, old, base, methodology, remove)
    updater.sources(sheets)
    for company in sheets.companies:
        updater.company(company)
    stated = {company.id for company in sheets.companies}
    updater.gone += [f"{company.id}: the company" for company in old.companies if company.id not in stated]
    return updater.update()


@define
class _Updater:
    """Collects the changes of an update."""

    folder: Path
    old: Dataset
    base: Base | None
    methodology: Methodology
    remove: bool
    edits: dict[str, FileEdits] = field(factory=dict)
    new: dict[Path, str] = field(factory=dict)
    changes: list[str] = field(factory=list)
    gone: list[str] = field(factory=list)
    conflicts: list[str] = field(factory=list)
    expected: dict[str, set[str]] = field(factory=dict)
    _companies: Mapping[str, Company] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._companies = {company.id: company for company in self.old.companies}

    def company(self, company: Company) -> None:
        """Add the changes of a company."""
        old = self._companies.get(company.id)
        if old is None:
            folder = Path(self._file(self.old.companies[0])).parent if self.old.companies else self.folder / "companies"
            self.new[folder / f"{company.id}.yaml"] = company_text(company, self.methodology.vocabulary)
            facts = "1 fact" if len(company.facts) == 1 else f"{len(company.facts)} facts"
            self.changes.append(f"{company.id}: a new company with {facts}")
            self.expected[company.id] = set(ids_of(company))
            return
        for key in ("name", "cohort", "aliases"):
            before, now = getattr(old, key), getattr(company, key)
            if before != now:
                value = list(now) if isinstance(now, tuple) else now
                self._edit(self._file(old)).set_value((key,), value or None)
                self.changes.append(f"{company.id}: `{key}` is now {_words(now)}, and was {_words(before)}")
        self._merge(old, company)

    def _merge(self, old: Company, company: Company) -> None:
        vocabulary = self.methodology.vocabulary
        listed = {response.id: own_sources(response, vocabulary) for response in old.responses}
        now, then = _stated(company, vocabulary, listed), _stated(old, vocabulary, listed)
        base = then.keys() if self.base is None else self.base.get(old.id, frozenset())
        added = {id: thing for id, thing in now.items() if id not in base and id not in then}
        gone = {id: thing for id, thing in then.items() if id in base and id not in now}
        ours = {(thing.key, thing.slot): id for id, thing in then.items() if id not in base and id not in now}
        expected = set(then)
        edits = self._edit(self._file(old))
        appended: dict[str, list[Mapping[str, Any]]] = {FACTS: [], NOT_FOUND: [], RESPONSES: []}
        for id, thing in added.items():
            if (thing.key, thing.slot) in ours and thing.key != NOT_FOUND:
                self.conflicts.append(
                    f"{old.id}: {thing} of the sheets and {then[ours[thing.key, thing.slot]]} of the files"
                )
                continue
            before = next(
                (other for other in gone.values() if (other.key, other.slot) == (thing.key, thing.slot)), None
            )
            expected.add(id)
            if before is None:
                appended[thing.key].append(thing.entry)
                self.changes.append(f"{old.id}: new, {thing}")
            else:
                del gone[before.id]
                expected.discard(before.id)
                edits.replace_item(thing.key, before.line, thing.entry)
                self.changes.append(f"{old.id}: changed, {before} is now {thing}")
        for id, thing in gone.items():
            if self.remove:
                expected.discard(id)
                self.changes.append(f"{old.id}: removed, {thing}")
            else:
                self.gone.append(f"{old.id}: {thing}")
        for key, entries in appended.items():
            removed = [thing for thing in gone.values() if thing.key == key] if self.remove else []
            if len(removed) == sum(thing.key == key for thing in then.values()) > 0 and not entries:
                edits.set_value((key,), None)
            else:
                for thing in removed:
                    edits.replace_item(key, thing.line, None)
                edits.add_items(key, entries)
        self.expected[old.id] = expected

    def sources(self, sheets: Dataset) -> None:
        """Add the changes of sources. None is removed: what nothing cites does no harm."""
        before = {source.id: source for source in listed_sources(self.old, self.methodology)}
        changed = [source for source in sheets.bibliography if before.get(source.id) != source]
        shared = next((each.node.location.file.name for each in self.old.bibliography if each.node is not None), None)
        new = [source for source in changed if source.id not in before]
        if new and shared is None:
            self._edit(str(self.folder / DATASET)).set_value(("sources",), SOURCES)
            self.new[self.folder / SOURCES] = sources_text(new)
        for source in changed:
            node = before[source.id].node if source.id in before else None
            file = shared if node is None else node.location.file.name
            if file is not None:
                self._edit(file).set_value(("sources", source.id), source_entry(source))
            self.changes.append(f"source `{source.id}`: {'changed' if source.id in before else 'new'}")

    def update(self) -> Update:
        """Return the update, after the changed files were read as a dataset."""
        edited = {Path(name): edits.text for name, edits in self.edits.items()}
        read = {path: content_of(path) for path in edited}
        texts = {
            path: text for path, text in edited.items() if text.encode() != read[path].removeprefix(b"\xef\xbb\xbf")
        }
        texts |= self.new
        after = self._reloaded(texts)
        found = {company.id: set(ids_of(company)) for company in after.companies}
        wrong = [id for id, ids in self.expected.items() if found.get(id) != ids]
        if wrong and not self.conflicts:
            raise OutputError(
                f"nothing is written: the changed files of {', '.join(wrong)} would not state what they should"
            )
        return Update(texts, read, tuple(self.changes), tuple(self.gone), tuple(self.conflicts), after)

    def _reloaded(self, texts: Mapping[Path, str]) -> Dataset:
        """Return the dataset with the new texts, from memory."""
        gather = DiagnosticCollector()
        files: dict[str, str | bytes] = {
            PurePosixPath(path.relative_to(self.folder)).as_posix(): content_of(path)
            for path in files_below(self.folder, gather)
            if path.suffix in (".yaml", ".yml", ".json", ".csv")
        }
        files |= {PurePosixPath(path.relative_to(self.folder)).as_posix(): text for path, text in texts.items()}
        try:
            return dataset_from(files, self.methodology)
        except FactsError as error:
            raise OutputError(f"nothing is written: the changed files could not be read\n{error}") from error

    def _file(self, company: Company) -> str:
        assert company.node is not None
        return company.node.location.file.name

    def _edit(self, name: str) -> FileEdits:
        if name not in self.edits:
            document = read_document(Path(name), DiagnosticCollector())
            assert document is not None
            self.edits[name] = FileEdits(document)
        return self.edits[name]


def _stated(company: Company, vocabulary: Vocabulary, listed: Mapping[str, Iterable[Source]]) -> dict[str, Stated]:
    """Return what a company states by id.

    Args:
        company: the company.
        vocabulary: the fact types.
        listed: the sources that a response lists itself in the file of the company, by the id of the response.
    """
    facts = [
        Stated(fact.id, FACTS, identity_of(fact), _fact_in_words(fact, vocabulary), stated_fact(fact), _line(fact))
        for fact in company.facts
    ]
    searches = [
        Stated(
            search_id(each),
            NOT_FOUND,
            identity_of(each),
            condition_in_words(each.condition, vocabulary),
            search_entry(each, vocabulary),
            _line(each),
        )
        for each in company.not_found
    ]
    responses = [
        Stated(
            response_id(each),
            RESPONSES,
            (each.id,),
            f"the response of {each.received}",
            response_entry(each, listed.get(each.id, ())),
            _line(each),
        )
        for each in company.responses
    ]
    return {thing.id: thing for thing in (*facts, *searches, *responses)}


def _fact_in_words(fact: Fact, vocabulary: Vocabulary) -> str:
    """Return the values of a fact, and its time."""
    time = fact.period or fact.as_of
    return fact_in_words(fact, vocabulary) + (f"; {time}" if time else "")


def _line(thing: Fact | NotFound | Response) -> int:
    return 0 if thing.node is None else thing.node.location.line


def _words(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else f"`{value}`" if value is not None else "nothing"
