"""What companies answer to their scores, with the effect if it were accepted: the what-if of the facts it offers."""

from collections.abc import Iterable, Iterator, Mapping

from cleancloud_rules.analysis.fact_changes.edited_results import EditedResults
from cleancloud_rules.analysis.fact_changes.edits import checked
from cleancloud_rules.analysis.fact_changes.what_if import Question
from cleancloud_rules.analysis.stepwise.trajectories import Snapshot, snapshot_of
from cleancloud_rules.diagnostics.collector import DiagnosticCollector, listed
from cleancloud_rules.engine.eligibility import why_not
from cleancloud_rules.engine.firings import Counted
from cleancloud_rules.engine.selection import contradictions
from cleancloud_rules.errors import FactsError
from cleancloud_rules.language.load.added_facts import FactEdit, edited, fully_identified
from cleancloud_rules.model.facts import Company, Fact, Response, ResponseStatus
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.results.differences import ChangedFigureKind
from cleancloud_rules.results.records import FactRecord
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.results.what_ifs import (
    ResponseEffect,
    ResponseFigure,
    ResponseRank,
    ResponseRecord,
    ResponseWord,
    WhatIf,
)
from cleancloud_rules.scoring.recorder import Recorder, source_record


def accepting(company: Company, response: Response) -> tuple[FactEdit, ...]:
    """Return the edits of facts that accept a response: those that it disputes are removed, and its own are added.

    What the company states already is not added, and what it no longer states is not removed.
    """
    by_id = {fact.id: fact for fact in company.facts}
    removed = [by_id[id] for id in response.disputes if id in by_id]
    stated = {fully_identified(fact).id for fact in company.facts if fact not in removed}
    added = [fact for fact in map(fully_identified, response.facts) if fact.id not in stated]
    return (
        *(FactEdit(company.id, fact, removes=True) for fact in removed),
        *(FactEdit(company.id, fact) for fact in added),
    )


class Responses:
    """Makes the records of responses, each with the effect that it would have.

    Args:
        companies: the companies whose results are known, by id.
        cards: their scorecards.
        methodology: the methodology, with the cut-off that applies to them.
        ranks: whether they are ranked.
        with_hypothetical: whether hypothetical facts are read.
        cross_check: whether every rule and its points are evaluated a second time.
    """

    def __init__(
        self,
        companies: Mapping[str, Company],
        cards: Iterable[Scorecard],
        methodology: Methodology,
        *,
        ranks: bool,
        with_hypothetical: bool,
        cross_check: bool,
    ) -> None:
        self._companies = companies
        self._methodology = methodology
        self._recorder = Recorder(methodology)
        self._with_hypothetical = with_hypothetical
        self._ranks = ranks
        self._scored = EditedResults(
            companies, methodology, ranks=ranks, with_hypothetical=with_hypothetical, cross_check=cross_check,
            known=cards,
        )  # fmt: skip

    def of(self, company: Company) -> tuple[ResponseRecord, ...]:
        """Return the responses of a company.

        Raises:
            EngineError: if the engine fails on the facts of a response, or differs from the cross-check.
        """
        return tuple(self._record(company, response) for response in company.responses)

    def _record(self, company: Company, response: Response) -> ResponseRecord:
        facts = {fact.id: self._fact(fact) for fact in response.facts}
        effect = None
        if response.status is not ResponseStatus.ACCEPTED and (response.facts or response.disputes):
            effect, counted = self._effect(company, accepting(company, response))
            facts.update((id, counted[id]) for id in facts.keys() & counted.keys())
        sources = {fact.source.id: fact.source for fact in response.facts if fact.source is not None}
        return ResponseRecord(
            response.id,
            response.received.isoformat(),
            response.by,
            response.reason,
            response.about,
            tuple(facts.values()),
            tuple(source_record(sources[id]) for id in sorted(sources)),
            response.disputes,
            response.status,
            response.decision,
            effect,
        )

    def _fact(self, fact: Fact) -> FactRecord:
        (record,) = self._recorder.facts([Counted(fact, self._why_not(fact))])
        return record

    def _why_not(self, fact: Fact) -> str | None:
        return why_not(fact, self._methodology, with_hypothetical=self._with_hypothetical)

    def _contradictions(self, company: Company) -> Iterator[str]:
        """Yield which facts of a company contradict each other, without their places in files."""
        for facts in contradictions(f for f in company.facts if self._why_not(f) is None):
            named = listed(sorted(fact.id for fact in facts))
            yield f"{named} would contradict each other: a company states one `{facts[0].type}` for each key"

    def _effect(self, company: Company, edits: tuple[FactEdit, ...]) -> tuple[ResponseEffect, dict[str, FactRecord]]:
        """Return the effect of edits, and the records of the added facts after them by their shortest ids."""
        if not edits:
            return ResponseEffect(ranked=len(self._companies) if self._ranks else 0), {}
        gather = DiagnosticCollector()
        own = {company.id: company}
        edits = checked(edits, own, self._methodology, gather)
        if gather.diagnostics:
            return ResponseEffect(problems=tuple(found.message for found in gather.diagnostics)), {}
        question = Question(
            self._companies, self._methodology, edits, self._scored, with_hypothetical=self._with_hypothetical
        )
        try:
            found = question.answer(is_ranked=self._ranks)
        except FactsError:
            return ResponseEffect(problems=tuple(self._contradictions(edited(company, edits)))), {}
        added = {change.fact.id: change.fact for change in found.changes if change.fact is not None}
        ends = (self._scored.after(some).rows[company.id] for some in (frozenset[FactEdit](), frozenset(edits)))
        return _effect_of(found, *map(snapshot_of, ends)), added


def _effect_of(found: WhatIf, before: Snapshot, after: Snapshot) -> ResponseEffect:
    """Return what a what-if about one company shows, without its steps.

    Args:
        found: the what-if.
        before: the figures of the company as it is.
        after: its figures after all changes. A what-if does not list a score of 0 where there was none.
    """
    drops = tuple(search for change in found.changes for search in change.refutes)
    ranks = tuple(ResponseRank(one.company.id, one.company.name, one.old, one.new) for one in found.ranks)
    (company,) = found.companies
    on_total = {
        part.id: effect.change
        for part in company.parts
        for effect in part.effects
        if effect.kind is ChangedFigureKind.TOTAL
    }
    figures = tuple(
        ResponseFigure(*name, before.figures.get(name), new, on_total.get(name[1]) if name[1] else None)
        for name, new in after.figures.items()
        if name[0] is ChangedFigureKind.TOTAL or before.figures.get(name) != new or name[1] in on_total
        if found.ranked or name[0] is not ChangedFigureKind.RANK
    )
    words = tuple(ResponseWord(one.kind, one.id, one.old, one.new) for one in company.words if one.old != one.new)
    return ResponseEffect(figures, words, ranks, found.ranked, drops)
