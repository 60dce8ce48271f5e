"""Warnings about the companies of a dataset as a set, and what the dataset accepts."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from statistics import median_low

from attrs import frozen

from cleancloud_rules.analysis.lint.companies import analyse_facts
from cleancloud_rules.analysis.lint.files import unread_files
from cleancloud_rules.analysis.lint.warnings import at_key, at_value, note, warning
from cleancloud_rules.diagnostics.collector import listed
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.model.datasets import Accepted, Dataset
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Criterion, Group, Methodology
from cleancloud_rules.model.texts import look_alike

FEW = 4
"""A company has few facts if it has less than the median of all companies divided by this."""


def analyse_companies(companies: Iterable[Company], methodology: Methodology) -> tuple[Diagnostic, ...]:
    """Return warnings and notes about companies, each alone and as a set."""
    companies = tuple(companies)
    return (
        *analyse_facts(companies, methodology),
        *without_cohort(companies, methodology),
        *similar_companies(companies),
        *few_facts(companies),
    )


def analyse_dataset(dataset: Dataset, methodology: Methodology) -> tuple[Diagnostic, ...]:
    """Return warnings and notes about a dataset, without those that it accepts."""
    found = (*analyse_companies(dataset.companies, methodology), *unread_files(dataset.left_out))
    accepting = [_Accepting.of(entry) for entry in dataset.accepted]
    left = tuple(d for d in found if d.is_error or not any(entry.takes(d) for entry in accepting))
    return (*left, *(entry.without_effect() for entry in accepting if not any(map(entry.takes, found))))


def without_cohort(companies: Sequence[Company], methodology: Methodology) -> Iterator[Diagnostic]:
    """A company has no cohort, where the cohort decides what applies or where other companies have one."""
    owners: tuple[Group | Criterion, ...] = (*methodology.groups, *methodology.criteria)
    deciding = [o.id for o in owners if o.not_applicable is not None and o.not_applicable.cohorts]
    others = any(company.cohort is not None for company in companies)
    known = listed(id for id, _ in methodology.vocabulary.cohorts)
    for company in companies:
        if company.cohort is not None or company.node is None or not (deciding or others):
            continue
        effect = f"the cohort decides whether `{deciding[0]}` applies" if deciding else "other companies have one"
        help = f"add `cohort`, one of {known}"
        yield warning("missing-cohort", f"`{company.id}` has no cohort, and {effect}", at_key(company.node, "id"), help)


def similar_companies(companies: Sequence[Company]) -> Iterator[Diagnostic]:
    """Two companies have ids, names or aliases that differ only in case, spaces or Unicode form."""
    seen: dict[str, tuple[Company, str]] = {}
    for company in companies:
        words = [("id", company.id), ("name", company.name), *(("aliases", alias) for alias in company.aliases)]
        told: set[str] = set()
        for key, word in words:
            other, same = seen.setdefault(look_alike(word), (company, word))
            if other.id == company.id or other.id in told or company.node is None:
                continue
            told.add(other.id)
            how = "is called the same" if same == word else "differs only in case, spaces or Unicode form"
            message = f"`{word}` of `{company.id}`: `{same}` of `{other.id}` {how}"
            help = "give one company one file, or the two names that tell them apart"
            yield warning("similar-companies", message, at_value(company.node, key), help)


def few_facts(companies: Sequence[Company]) -> Iterator[Diagnostic]:
    """A company states nothing, or much less than half of the companies do."""
    numbers = [len(company.facts) + len(company.not_found) for company in companies]
    middle = median_low(numbers) if numbers else 0
    for company, number in zip(companies, numbers, strict=True):
        if company.node is None or (number and number * FEW >= middle):
            continue
        compared = f"; half of the companies state {middle} or more" if middle else ""
        message = f"`{company.id}` states {number or 'no'} {'fact' if number == 1 else 'facts'}{compared}"
        yield note("few-facts", message, at_key(company.node, "id"))


@frozen
class _Accepting:
    """An entry of `accepted`, with the file that it names as diagnostics name it."""

    entry: Accepted
    file: str
    place: str

    @classmethod
    def of(cls, entry: Accepted) -> "_Accepting":
        assert entry.node is not None
        name, _, place = entry.where.partition(":")
        folder = PurePath(entry.node.location.file.name).parent
        return cls(entry, os.path.normpath(folder / name), place.strip())

    def takes(self, diagnostic: Diagnostic) -> bool:
        """Whether the entry accepts a diagnostic."""
        where = diagnostic.location
        if diagnostic.code != self.entry.code or os.path.normpath(where.file.name) != self.file:
            return False
        rest = where.path.removeprefix(self.place)
        return where.path.startswith(self.place) and (not self.place or not rest or rest[0] in ".[")

    def without_effect(self) -> Diagnostic:
        """Return the warning about an entry that accepts nothing."""
        message = f"there is no warning `{self.entry.code}` at `{self.entry.where}`, so that nothing is accepted"
        return warning("accepts-nothing", message, at_value(self.entry.node, "where"), "remove the entry")
