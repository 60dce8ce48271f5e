"""The steps from one record to the next: changes of evidence and rules, and the results after each."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import count

from attrs import evolve, field, frozen

from cleancloud_rules.analysis.editions.company_files import CompanyFiles
from cleancloud_rules.analysis.editions.comparison import compared
from cleancloud_rules.analysis.editions.steps import TOGETHER, Steps, Taken, no_figure
from cleancloud_rules.analysis.stepwise.search import StepSearch
from cleancloud_rules.analysis.stepwise.trajectories import Snapshot, snapshot_of
from cleancloud_rules.analysis.transitions.evidence import (
    Edit,
    Pair,
    cited_by,
    company_pairs,
    key_of,
    source_pairs,
)
from cleancloud_rules.analysis.transitions.states import Done, Readings, States
from cleancloud_rules.model.facts import Company, Response, Source
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.results.differences import Change, Step
from cleancloud_rules.results.kept_records import EvidenceKind
from cleancloud_rules.results.rankings import RankedCompany, ranked
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.scoring.ranking import ranking_of

ORDER = (
    "The changes are applied one after another, in the order in which they are listed: first those of the evidence, "
    "under the old methodology, and then those of the methodology. After each step the companies are scored again, and "
    "the difference counts for that step. So the steps add up to the whole change. A change that is not valid alone, "
    "because facts would contradict each other, or because the methodology would not load or could not read the "
    "companies, waits for the changes that it needs."
)
"""In which order changes are applied, in words."""


@frozen
class Side:
    """One of the two ends of a transition.

    Args:
        methodology: the methodology.
        files: the company files, with the cut-off of the companies.
        bibliography: the sources of the dataset, by id.
        responses: what companies answer to their scores, by id of the company.
    """

    methodology: Methodology
    files: CompanyFiles
    bibliography: Mapping[str, Source] = field(factory=dict)
    responses: Mapping[str, tuple[Response, ...]] = field(factory=dict)

    @property
    def as_of(self) -> date | None:
        """The cut-off that applies."""
        return self.files.as_of or self.methodology.as_of


@frozen
class Changed:
    """A numbered change of evidence.

    Args:
        number: its number.
        company: the id of the company; None for the cut-off and for sources.
        pair: what changed.
    """

    number: int
    company: str | None
    pair: Pair


class Transition:
    """The way from one record to another.

    Args:
        old: where it begins.
        new: where it ends.
        company: the only company that is compared, which both have; None for all.

    Attributes:
        changed: the changes of the evidence, in their order.
        changes: the changes of the methodology.
        remarks: remarks on ids under `replaces`.
        steps: the steps.
        trajectories: for each company its results at the beginning and after each step that changes them, each with
            the number of the step.
        before: the results of each company at the beginning.
        after: the results of each company at the end, in the order of the ranking.
    """

    def __init__(self, old: Side, new: Side, company: str | None = None) -> None:
        self._found = compared(old.methodology, new.methodology)
        self._company = company
        self._methodology = self._found.start
        readings = [Readings(evolve(side.files, questions=self._found.questions)) for side in (old, new)]
        self._numbers = count(1)
        self.changed: list[Changed] = []
        self.steps: list[Step] = []
        own = self._companies(readings[0], self._methodology), self._companies(readings[1], new.methodology)
        self._edits = self._compare(old, new, *own)
        self._states = States(readings[0], readings[1], self._edits)
        self._done: dict[str, Done] = {id: frozenset() for id in own[0]}
        self._coming = {
            one.pair.new.id: one.number
            for one in self.changed
            if one.pair.old is None and isinstance(one.pair.new, Company)
        }
        offset = len(self.changed)
        self.changes: tuple[Change, ...] = tuple(evolve(one, number=offset + one.number) for one in self._found.changes)
        self.remarks: tuple[str, ...] = self._found.remarks
        self.before: dict[str, RankedCompany] = self._rows()
        self.after: dict[str, RankedCompany] = self.before
        self.trajectories: dict[str, list[tuple[int, Snapshot]]] = {
            id: [(0, _snapshot(self.before.get(id)))] for id in {**own[0], **own[1]}
        }
        self._go(offset)

    def _companies(self, readings: Readings, methodology: Methodology) -> dict[str, Company]:
        read = readings.under(methodology)
        return {id: read[id] for id in sorted(read) if self._company in (None, id)}

    # ---- What changed in the evidence

    def _compare(
        self, old: Side, new: Side, before: Mapping[str, Company], after: Mapping[str, Company]
    ) -> dict[str, Done]:
        """Number the changes of the evidence, and return those of each company that both records have."""
        both = [id for id in before if id in after]
        edits: dict[str, list[Edit]] = {id: [] for id in both}
        if old.files.as_of != new.files.as_of:
            pair = Pair(EvidenceKind.CUT_OFF)
            number = self._number(None, pair)
            for id in both:
                edits[id].append(Edit(number, id, pair))
        own = {id: _sources_of(old, new, before[id], after[id]) for id in both}
        everything = [_sources(side, companies) for side, companies in ((old, before), (new, after))]
        numbers = {}
        for pair in [*source_pairs(*everything), *(pair for pairs in own.values() for pair in pairs)]:
            if key_of(pair) not in numbers:
                numbers[key_of(pair)] = self._number(None, pair)
        for id, pairs in own.items():
            edits[id] += [Edit(numbers[key_of(pair)], id, pair) for pair in pairs]
        for id in (id for id in before if id not in after):
            self._number(id, Pair(EvidenceKind.COMPANY, before[id], None))
        for id in (id for id in after if id not in before):
            self._number(id, Pair(EvidenceKind.COMPANY, None, after[id]))
        for id in both:
            edits[id] += [Edit(self._number(id, pair), id, pair) for pair in company_pairs(before[id], after[id])]
        return {id: frozenset(some) for id, some in edits.items()}

    def _number(self, company: str | None, pair: Pair) -> int:
        number = next(self._numbers)
        self.changed.append(Changed(number, company, pair))
        return number

    # ---- The steps

    def _go(self, offset: int) -> None:
        """Apply all changes."""
        if self._found.renamed:
            self._step([offset + n for n in self._found.renamed], no_figure(len(self._found.renamed)))
        for one in self.changed:
            if one.company is None:
                self._apply_to_all(one.number)
            elif one.pair.of is EvidenceKind.COMPANY and one.pair.new is None:
                del self._done[one.company]
                self._step([one.number])
        self._apply_what_can_be()
        for taken in Steps(self._found.old, self._found.new, self._accepts)(self._found.patches):
            self._take(taken, offset)
            self._apply_what_can_be()
        assert self._done == {id: self._edits.get(id, frozenset()) for id in self._done}
        assert not self._coming, "the new methodology reads all companies of the new record"

    def _apply_to_all(self, number: int) -> None:
        """Apply a change of the cut-off or of a source to all companies that it leaves a result."""
        is_applied = False
        for id, done in self._done.items():
            own = {edit for edit in self._edits.get(id, ()) if edit.number == number}
            if own and self._card(id, done | own) is not None:
                self._done[id] = done | own
                is_applied = True
        if is_applied:
            self._step([number])

    def _apply_what_can_be(self) -> None:
        """Apply all changes of evidence that the present methodology can read."""
        for id, number in tuple(self._coming.items()):
            if self._card(id, frozenset()) is not None:
                del self._coming[id]
                self._done[id] = frozenset()
                self._step([number])
        for id, edits in self._edits.items():
            if self._done[id] != edits and self._states.is_between(id, self._methodology):
                self._apply(id, edits)

    def _apply(self, id: str, edits: Done) -> None:
        """Apply the changes of one company, step by step."""
        start = self._done[id]

        def card_after(some: frozenset[Edit], is_last: bool) -> Scorecard | None:
            return self._states.card(id, start | some, self._methodology, is_last=is_last)

        for taken, _ in StepSearch(card_after)(sorted(edits - start, key=lambda edit: edit.number)):
            self._done[id] |= set(taken)
            self._step(sorted(edit.number for edit in taken), TOGETHER if len(taken) > 1 else None)

    def _accepts(self, methodology: Methodology) -> bool:
        """Whether all companies have results under a methodology, as they are now or with all their changes."""
        return all(
            self._states.card(id, done, methodology) or self._states.card(id, self._all(id), methodology)
            for id, done in self._done.items()
        )

    def _take(self, taken: Taken, offset: int) -> None:
        """Apply changes of the methodology, and with them those of companies that it cannot read otherwise."""
        self._methodology = taken.methodology
        numbers = [offset + number for number in taken.changes]
        forced: set[int] = set()
        for id, done in self._done.items():
            if self._card(id, done) is None:
                forced |= {edit.number for edit in self._all(id) - done}
                self._done[id] = self._all(id)
        self._states.keep(taken.methodology)
        self._step([*sorted(forced), *numbers], TOGETHER if forced else taken.because)

    def _all(self, id: str) -> Done:
        return self._edits.get(id, frozenset())

    def _card(self, id: str, done: Done) -> Scorecard | None:
        return self._states.card(id, done, self._methodology)

    # ---- The results after each step

    def _step(self, numbers: Iterable[int], because: str | None = None) -> None:
        """Note a step, and the results of the companies that it changes."""
        self.steps.append(Step(len(self.steps) + 1, tuple(numbers), because))
        rows = self._rows()
        for id, trajectory in self.trajectories.items():
            row, last = rows.get(id), self.after.get(id)
            if row is last or (row and last and row.scorecard is last.scorecard and row.rank == last.rank):
                continue
            trajectory.append((len(self.steps), _snapshot(row)))
        self.after = rows

    def _rows(self) -> dict[str, RankedCompany]:
        """Return the present results, in the order of the ranking."""
        cards = []
        for id, done in self._done.items():
            card = self._states.card(id, done, self._methodology, is_last=True)
            assert card is not None, "each step leads to a methodology that can read all companies"
            cards.append(card)
        if self._company is not None:
            return {card.company.id: ranked(None, card) for card in cards}
        cohorts = ranking_of(cards, self._methodology).cohorts
        return {row.scorecard.company.id: row for cohort in cohorts for row in cohort.rows}


def _snapshot(row: RankedCompany | None) -> Snapshot:
    return Snapshot({}, {}) if row is None else snapshot_of(row)


def _sources(side: Side, companies: Mapping[str, Company]) -> dict[str, Source]:
    """Return the sources of a dataset and those that its companies cite, but for those of the methodology."""
    found = {**side.bibliography}
    for company in companies.values():
        found = {**cited_by(company), **found}
    own = {source.id for source in side.methodology.bibliography}
    return {id: source for id, source in found.items() if id not in own}


def _sources_of(old: Side, new: Side, before: Company, after: Company) -> list[Pair]:
    """Return the changed sources that a company cites in both records."""
    sources = [
        _sources(evolve(side, bibliography={}), {"": company}) for side, company in ((old, before), (new, after))
    ]
    return [pair for pair in source_pairs(*sources) if pair.old is not None and pair.new is not None]
