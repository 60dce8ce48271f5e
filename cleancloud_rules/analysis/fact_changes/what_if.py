"""What added and removed facts would change for companies and their ranks, before anything is written."""

from collections.abc import Iterable, Mapping
from datetime import date

from attrs import evolve

from cleancloud_rules._version import __version__
from cleancloud_rules.analysis.fact_changes.edited_results import EditedResults, Results
from cleancloud_rules.analysis.fact_changes.edits import AddedFacts, edits_of, several_facts, several_ids
from cleancloud_rules.analysis.fact_changes.effects import company_effects
from cleancloud_rules.analysis.stepwise.search import StepSearch
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.documents.contents import Data
from cleancloud_rules.errors import FactsError
from cleancloud_rules.language.load.added_facts import FactEdit, edited, fully_identified
from cleancloud_rules.language.load.datasets import refuse_repeated
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Bibliography, Company, NotFound
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.results.differences import Step
from cleancloud_rules.results.records import NoticeRecord, SearchRecord
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.results.what_ifs import RankChange, WhatIf, WhatIfChange, WhatIfKind
from cleancloud_rules.scoring.cut_off import of_companies
from cleancloud_rules.scoring.failures import Failures
from cleancloud_rules.scoring.recorder import Recorder

NOTICE = NoticeRecord(
    "what_if",
    "WHAT IF: facts are added or removed here to show what that would change. Nobody says that an added fact is true. "
    "This is no scorecard and no ranking. Do not cite.",
)
"""The first notice of every what-if."""

ORDER = (
    "The changes are applied one after another, in the order in which they are listed. After each step the companies "
    "are scored again, and the difference counts for that step. A change that is not valid alone, because facts would "
    "contradict each other, waits for the changes that it needs. Likewise the results of criteria are replaced one "
    "after another, in the order of the methodology, and the difference that this makes to a score counts for that "
    "criterion. So the steps add up to the whole change, and so do the criteria."
)
"""For which step and which criterion a difference counts, in words."""


def what_if(
    companies: Company | Dataset | Iterable[Company],
    methodology: Methodology,
    *,
    facts: AddedFacts | Iterable[AddedFacts] = (),
    without: str | Iterable[str] = (),
    sources: Data | Bibliography | None = None,
    with_hypothetical: bool = False,
    cross_check: bool = True,
    failures: Failures | None = None,
    as_of: date | None = None,
) -> WhatIf:
    """Return what added and removed facts would change: points, scores, totals and ranks. Nothing is written.

    Args:
        companies: a company, or a dataset or companies, which are ranked.
        methodology: the methodology that their facts were loaded for.
        facts: the facts to add, in the form of a company file without `name`, `aliases` and `cohort`: plain data, YAML
            or JSON text, or the path of a file; or several of these. `id` names the company that they are about; only
            for a single company it can be left out.
        without: the id of a fact to remove, or several. If several companies state the fact, the id of the company and
            a colon come before it.
        sources: a bibliography that the facts can cite, as for `company_from`; None for that of the dataset. The
            sources that a company's facts cite can be cited too.
        with_hypothetical: whether hypothetical facts are read.
        cross_check: as for `score`.
        failures: as for `rank`, for companies whose facts stay as they are.
        as_of: the cut-off; None for that of the companies, or else of the methodology.

    Returns:
        For each company that changes its points, scores and total before and after, and with several companies
        every rank.

    Raises:
        EngineError: as for `score`.
        FactsError: as for `score`, and with all diagnostics of the facts to add and to remove.
        ValueError: if no fact is given, or as for `rank`.
        TypeError: as for `rank`, and if `facts` or `without` is something else.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> company = cc.load_company("gds", methodology)
        >>> found = cc.analysis.what_if(company, methodology, without=company.facts[0].id)
        >>> [(figure.kind.value, figure.id, figure.change) for figure in found.companies[0].figures[:2]]
        [('total', None, Decimal('-6.92')), ('score', 'carbon_reduction', Decimal('-6.92'))]
    """
    is_one = isinstance(companies, Company)
    chosen, dated = of_companies([companies] if isinstance(companies, Company) else companies, methodology, as_of)
    by_id = _by_id(chosen)
    if sources is None and isinstance(companies, Dataset):
        sources = {source.id: source for source in companies.bibliography}
    added, removed = several_facts(facts), several_ids(without)
    if not added and not removed:
        raise ValueError("a what-if needs facts to add or to remove")
    edits = edits_of(by_id, dated, added, removed, sources, with_hypothetical=with_hypothetical)
    scored = EditedResults(by_id, dated, ranks=not is_one, with_hypothetical=with_hypothetical, cross_check=cross_check)
    scored.score_edited(edits)
    scored.score_others(edits, failures)
    return Question(by_id, dated, edits, scored, with_hypothetical=with_hypothetical).answer(is_ranked=not is_one)


def _by_id(companies: Iterable[Company]) -> dict[str, Company]:
    companies = tuple(companies)
    gather = DiagnosticCollector()
    refuse_repeated(companies, gather)
    if gather.diagnostics:
        raise FactsError(gather.diagnostics)
    return {company.id: company for company in companies}


class Question:
    """A what-if, from checked edits to its answer.

    Args:
        companies: the companies by id.
        methodology: the methodology, with the cut-off that applies to them.
        edits: the edits.
        scored: the results of these companies after edits.
        with_hypothetical: whether hypothetical facts are read.
    """

    def __init__(
        self,
        companies: Mapping[str, Company],
        methodology: Methodology,
        edits: tuple[FactEdit, ...],
        scored: EditedResults,
        *,
        with_hypothetical: bool,
    ) -> None:
        self._companies = companies
        self._edits = edits
        self._scored = scored
        self._recorder = Recorder(methodology)
        self._with_hypothetical = with_hypothetical

    def answer(self, *, is_ranked: bool) -> WhatIf:
        """Return the what-if."""
        methodology = self._recorder.methodology
        steps, states = self._steps()
        before, after = states[0], states[-1]
        applied = [
            [self._edits[number - 1] for step in steps[:count] for number in step.changes]
            for count in range(len(states))
        ]
        changes = tuple(self._change(number, edit, before, after) for number, edit in enumerate(self._edits, 1))
        companies = tuple(
            company_effects(
                [edited(company, some) for some in applied],
                [results.rows[company.id] for results in states],
                methodology,
                steps,
                changes,
                is_ranked=is_ranked,
                with_hypothetical=self._with_hypothetical,
            )
            for company in self._companies.values()
            if any(edit.company == company.id for edit in self._edits)
        )
        notices = {notice.code: notice for notice in (NOTICE, *before.notices, *after.notices)}
        ranks = (
            RankChange(before.rows[id].scorecard.company, before.rows[id].rank, row.rank)
            for id, row in after.rows.items()
            if before.rows[id].rank != row.rank
        )
        return WhatIf(
            tuple(notices.values()),
            self._recorder.methodology_record(),
            changes,
            ORDER,
            steps,
            companies,
            tuple(ranks),
            len(after.rows) if is_ranked else 0,
            methodology.rank_by,
            __version__,
        )

    def _steps(self) -> tuple[tuple[Step, ...], tuple[Results, ...]]:
        """Return the steps, and the results before them and after each."""
        before = self._scored.after(frozenset())
        numbers = {edit: number for number, edit in enumerate(self._edits, 1)}
        steps: list[Step] = []
        states = [before]
        for taken, state in StepSearch(self._state_after)(self._edits):
            because = "They are valid only together." if len(taken) > 1 else None
            steps.append(Step(len(steps) + 1, tuple(sorted(numbers[edit] for edit in taken)), because))
            states.append(state)
        return tuple(steps), tuple(states)

    def _state_after(self, edits: frozenset[FactEdit], is_last: bool) -> Results | None:
        try:
            return self._scored.after(edits)
        except FactsError:
            if is_last:
                raise
            return None

    def _change(self, number: int, edit: FactEdit, before: Results, after: Results) -> WhatIfChange:
        kind = WhatIfKind.REMOVED if edit.removes else WhatIfKind.ADDED
        card = (before if edit.removes else after).rows[edit.company].scorecard
        fact = search = None
        if edit.search is not None:
            search = self._search(edit.search, card)
        elif edit.fact is not None:
            fact = card.fact(edit.fact.id if edit.removes else self._id_after(edit))
        cited = fact.source if fact is not None else search.source if search is not None else None
        source = next((source for source in card.sources if source.id == cited), None)
        stated = before.rows[edit.company].scorecard
        refutes = tuple(self._search(search, stated) for search in edit.refutes)
        return WhatIfChange(number, kind, edit.company, fact, search, source, refutes)

    def _id_after(self, edit: FactEdit) -> str:
        """Return the id of an added fact in the edited company. It is longer if other facts have the same digits."""
        company = edited(self._companies[edit.company], self._edits)
        assert edit.fact is not None
        return next(fact.id for fact in company.facts if fully_identified(fact).id == edit.fact.id)

    def _search(self, search: NotFound, card: Scorecard) -> SearchRecord:
        record = self._recorder.search(search, ())
        return next((found for found in card.searches if evolve(found, criteria=()) == record), record)
