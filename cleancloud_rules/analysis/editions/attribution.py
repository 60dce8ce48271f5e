"""Compares two editions, and attributes the effect on each company to the changes, step by step."""

import os
from collections.abc import Mapping
from datetime import date
from typing import Any

from cleancloud_rules._version import __version__
from cleancloud_rules.analysis.editions.company_files import CompanyFiles, reads_like
from cleancloud_rules.analysis.editions.comparison import Compared, compared
from cleancloud_rules.analysis.editions.steps import Steps, no_figure
from cleancloud_rules.analysis.session import rank
from cleancloud_rules.analysis.stepwise.trajectories import Snapshot, figure_changes, snapshot_of, word_changes
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.documents.contents import Data
from cleancloud_rules.errors import FactsError
from cleancloud_rules.language.arguments import check_methodology
from cleancloud_rules.language.load.datasets import DatasetDocuments, dataset_documents, refuse_repeated
from cleancloud_rules.language.load.files import PathLike, Rows, memory_of, source_of
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.results.differences import (
    CompanyDifference,
    Difference,
    Effect,
    Step,
    UnreadFile,
)
from cleancloud_rules.results.rankings import Ranking
from cleancloud_rules.scoring.cut_off import checked
from cleancloud_rules.scoring.failures import Failures, together
from cleancloud_rules.scoring.recorder import Recorder

ORDER = (
    "The changes are applied to the old edition one after another, in the order in which they are listed. After each "
    "step all companies are scored again, and the difference is attributed to the step. So the steps add up to the "
    "whole change. New ids and changes of wording, on which no figure depends, come first. A change that is not valid "
    "alone, because the methodology would not load or the companies could not be read, waits for the changes that it "
    "needs."
)
"""The order in which changes are applied, in words."""


def diff(
    old: Methodology,
    new: Methodology,
    data: PathLike | Mapping[str, Data | Rows] | None = None,
    *,
    allow_outside: bool = False,
    failures: Failures | None = None,
    as_of: date | None = None,
) -> Difference:
    """Return what changed between two editions of a methodology, and the effect on companies.

    Args:
        old: the old edition.
        new: the new edition.
        data: a dataset: its folder, its file, the name of a bundled one, or its files as `dataset_from` takes them.
            Its companies are read under both editions. Hypothetical facts are not read.
        allow_outside: whether the dataset may name files outside of its folder.
        failures: a list for the errors of companies without a result: the engine fails on them or differs from the
            cross-check, or their facts contradict each other. These companies are
            left out. Without a list, the first error is raised.
        as_of: the cut-off under both editions; None for that of the dataset, or else of each edition.

    Returns:
        The changes, each with a number; with a dataset also how much of the change of each figure each of them
        makes.

    Raises:
        EngineError: if the rules engine is missing or fails, or differs from the cross-check.
        FactsError: if the dataset itself is wrong, or is made for another methodology. A company that one of the
            editions cannot read is no error: it is in the result, with its diagnostics.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> from attrs import evolve
        >>> difference = cc.diff(methodology, evolve(methodology, edition="2025"))
        >>> [(change.old, change.new) for change in difference.changes]
        [('2024', '2025')]
    """
    check_methodology(old, "`old`")
    check_methodology(new, "`new`")
    found = compared(old, new)
    effect = None
    if data is not None:
        documents = _documents(data, old, new, allow_outside)
        day = checked(as_of) or documents.file.as_of
        files = CompanyFiles(documents.sources, documents.companies, day, found.questions)
        title = documents.file.title
        effect = together(
            lambda left_out: _effect(found, _Companies(title, files, old, new, left_out), old, new), failures
        )
    recorders = Recorder(old), Recorder(new)
    return Difference(
        recorders[0].methodology_record(),
        recorders[1].methodology_record(),
        found.changes,
        found.remarks,
        effect,
        recorders[1].notices(
            () if effect is None else [c.company.name for c in effect.companies], with_hypothetical=False
        ),
        __version__,
    )


def _documents(data: Any, old: Methodology, new: Methodology, allow_outside: bool) -> DatasetDocuments:
    """Return the files of a dataset that is made for one of the two methodologies."""
    if isinstance(data, Dataset):
        raise TypeError("`diff` reads the companies under both editions: give the folder or the files of the dataset")
    gather = DiagnosticCollector()
    source = source_of(data, gather) if isinstance(data, str | os.PathLike) else memory_of(data, gather)
    documents = None if source is None else dataset_documents(source, gather, allow_outside=allow_outside)
    if documents is not None and documents.file.methodology and documents.file.methodology not in (old.id, new.id):
        assert documents.file.node is not None
        ids = " or ".join(f"`{id}`" for id in dict.fromkeys((old.id, new.id)))
        message = f"the dataset is made for `{documents.file.methodology}`, not for {ids}"
        gather.add("wrong-methodology", message, documents.file.node.value_location("methodology"))
    if documents is None or gather.diagnostics:
        raise FactsError(gather.diagnostics)
    return documents


class _Companies:
    """The companies that both editions can read, under any methodology between them."""

    def __init__(
        self, title: str, dataset: CompanyFiles, old: Methodology, new: Methodology, left_out: frozenset[str]
    ) -> None:
        self._dataset = dataset
        self.title = title
        before, wrong_before = dataset.read(old)
        after, wrong_after = dataset.read(new)
        gather = DiagnosticCollector()
        refuse_repeated(before.values(), gather)
        if gather.diagnostics:
            raise FactsError(gather.diagnostics)
        self._names = {name for name in before.keys() & after.keys() if before[name].id not in left_out}
        self._read: list[tuple[Methodology, dict[str, Company]]] = [(old, before), (new, after)]
        wrong = {"old": wrong_before, "new": wrong_after}
        self.unread = tuple(
            UnreadFile(name, edition, files[name]) for edition, files in wrong.items() for name in sorted(files)
        )

    def under(self, methodology: Methodology) -> tuple[Company, ...] | None:
        """Return the companies as a methodology reads them; None if it cannot read all of them."""
        companies = next((read for known, read in self._read if reads_like(known, methodology)), None)
        if companies is None:
            companies, _ = self._dataset.read(methodology)
            self._read.append((methodology, companies))
        if not companies.keys() >= self._names:
            return None
        return tuple(companies[name] for name in sorted(self._names))


def _effect(found: Compared, companies: _Companies, old: Methodology, new: Methodology) -> Effect:
    steps: list[Step] = []
    last = _snapshots(found.start, companies)
    trajectory = [last]
    if found.renamed:
        steps.append(Step(1, found.renamed, no_figure(len(found.renamed))))
        trajectory.append(last)
    for taken in Steps(found.old, found.new, lambda m: companies.under(m) is not None)(found.patches):
        last = last if taken.is_wording else _snapshots(taken.methodology, companies)
        trajectory.append(last)
        steps.append(Step(len(steps) + 1, taken.changes, taken.because))
    ranking = _ranked(new, companies)
    cards = [row.scorecard for cohort in ranking.cohorts for row in cohort.rows]
    trajectories = {card.company: [snapshots[card.company.id] for snapshots in trajectory] for card in cards}
    made = tuple(
        CompanyDifference(company, figure_changes(through), word_changes(through))
        for company, through in trajectories.items()
    )
    rank_by = tuple(dict.fromkeys((*new.rank_by, *old.rank_by)))
    return Effect(companies.title, ORDER, tuple(steps), made, companies.unread, rank_by)


def _ranked(methodology: Methodology, companies: _Companies) -> Ranking:
    read = companies.under(methodology)
    assert read is not None, "every step leads to a methodology that can read all companies"
    return rank(read, methodology)


def _snapshots(methodology: Methodology, companies: _Companies) -> dict[str, Snapshot]:
    """Return the figures and words of each company under a methodology, by id."""
    return {
        row.scorecard.company.id: snapshot_of(row)
        for cohort in _ranked(methodology, companies).cohorts
        for row in cohort.rows
    }
