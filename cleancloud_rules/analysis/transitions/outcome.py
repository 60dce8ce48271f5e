"""What a transition from one record to another has shown, as a result."""

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve

from cleancloud_rules._version import __version__
from cleancloud_rules.analysis.stepwise.trajectories import Snapshot, figure_changes, word_changes
from cleancloud_rules.analysis.transitions.evidence import response_to
from cleancloud_rules.analysis.transitions.transition import ORDER, Changed, Side, Transition
from cleancloud_rules.model.facts import Company, Fact, NotFound, Source
from cleancloud_rules.results.differences import ChangedFigureKind, ChangeKind, FigureChange, WordChange, WordKind
from cleancloud_rules.results.kept_records import (
    ComparedCompany,
    ComparedRecord,
    Comparison,
    CriterionMove,
    Evidence,
    EvidenceChange,
    EvidenceKind,
)
from cleancloud_rules.results.rankings import RankedCompany
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.scoring.recorder import Recorder, source_record

_WHOLE = (ChangedFigureKind.TOTAL, ChangedFigureKind.RANK)


def comparison_of(
    old: Side, new: Side, records: tuple[ComparedRecord, ComparedRecord], company: str | None
) -> Comparison:
    """Return what changed from one record to another.

    Args:
        old: what the old record states.
        new: what the new record states.
        records: what the result says of the two records.
        company: the only company that is compared, which both have; None for all.
    """
    found = Transition(old, new, company)
    ends = (_End(old, found.before), _End(new, found.after))
    rank_by = tuple(dict.fromkeys((*new.methodology.rank_by, *old.methodology.rank_by)))
    names = [row.scorecard.company.name for row in found.after.values()]
    return Comparison(
        Recorder(new.methodology).notices(names, with_hypothetical=False),
        *records,
        tuple(_evidence_change(change, *ends) for change in found.changed),
        found.changes,
        found.remarks,
        ORDER,
        tuple(found.steps),
        tuple(_companies(found, is_ranked=company is None)),
        rank_by,
        __version__,
    )


class _End:
    """One of the two ends, with the results of its companies."""

    def __init__(self, side: Side, rows: Mapping[str, RankedCompany]) -> None:
        self._as_of = None if side.as_of is None else side.as_of.isoformat()
        self._recorder = Recorder(side.methodology)
        self._rows = rows
        self.responses = side.responses

    def evidence(self, thing: Fact | NotFound | Source | Company | None, company: str | None) -> Evidence | None:
        """Return a piece of evidence of a company as this end has it; None if it has none."""
        if thing is None:
            return None
        if isinstance(thing, Source):
            return Evidence(source=source_record(thing))
        assert company is not None
        card = self._rows[company].scorecard
        if isinstance(thing, Company):
            return Evidence(company=card.company)
        source = None if thing.source is None else source_record(thing.source)
        if isinstance(thing, Fact):
            return Evidence(fact=card.fact(thing.id), source=source)
        record = self._recorder.search(thing, ())
        search = next((found for found in card.searches if evolve(found, criteria=()) == record), record)
        return Evidence(search=search, source=source)

    def cut_off(self) -> Evidence:
        """Return the cut-off."""
        return Evidence(as_of=self._as_of)


def _evidence_change(change: Changed, old: _End, new: _End) -> EvidenceChange:
    pair = change.pair
    if pair.of is EvidenceKind.CUT_OFF:
        return EvidenceChange(change.number, ChangeKind.CHANGED, pair.of, None, old.cut_off(), new.cut_off())
    before, after = old.evidence(pair.old, change.company), new.evidence(pair.new, change.company)
    answers = [end.responses.get(change.company or "", ()) for end in (old, new)]
    response = response_to(pair, *answers)
    return EvidenceChange(change.number, pair.kind, pair.of, change.company, before, after, response)


def _companies(found: Transition, *, is_ranked: bool) -> Iterator[ComparedCompany]:
    """Yield what changed for each company."""
    for id in (*found.after, *(id for id in found.before if id not in found.after)):
        before, after = (None if row is None else row.scorecard for row in (found.before.get(id), found.after.get(id)))
        steps, snapshots = zip(*found.trajectories[id], strict=True)
        figures = _figures(snapshots, steps[1:], is_ranked=is_ranked)
        words = word_changes(snapshots, steps[1:])
        if before is None or after is None:
            card, kind = (after, ChangeKind.ADDED) if before is None else (before, ChangeKind.REMOVED)
            assert card is not None
            whole = tuple(figure for figure in figures if figure.kind in _WHOLE)
            yield ComparedCompany(card.company, whole, (), kind)
            continue
        moved = any(figure.contributions for figure in figures) or any(word.turns for word in words)
        moves = tuple(_moves(before, after, figures, words))
        yield ComparedCompany(after.company, figures, words, ChangeKind.CHANGED if moved else None, moves)


def _figures(snapshots: tuple[Snapshot, ...], steps: tuple[int, ...], *, is_ranked: bool) -> tuple[FigureChange, ...]:
    figures = figure_changes(snapshots, steps)
    return tuple(figure for figure in figures if is_ranked or figure.kind is not ChangedFigureKind.RANK)


def _moves(
    before: Scorecard, after: Scorecard, figures: Iterable[FigureChange], words: Iterable[WordChange]
) -> Iterator[CriterionMove]:
    """Yield the criteria whose points or outcome are not the same as before."""
    moved = {f.id for f in figures if f.kind is ChangedFigureKind.POINTS and f.old != f.new}
    moved |= {word.id for word in words if word.kind is WordKind.OUTCOME and word.old != word.new}
    old, new = ({criterion.id: criterion for criterion in card.criteria} for card in (before, after))
    for id, criterion in {**new, **old, **new}.items():
        if id in moved:
            because = (side[id].because if id in side else () for side in (old, new))
            yield CriterionMove(id, criterion.title, *because)
