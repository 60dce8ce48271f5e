"""Results of companies after edits of their facts. What is scored once is kept."""

from collections.abc import Iterable, Mapping

from attrs import frozen

from cleancloud_rules.analysis.scoring import plain_scorecard
from cleancloud_rules.errors import FactsError
from cleancloud_rules.language.load.added_facts import FactEdit, edited
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.results.rankings import RankedCompany, ranked
from cleancloud_rules.results.records import NoticeRecord
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.scoring.compiled import compiled
from cleancloud_rules.scoring.failures import Failures, each
from cleancloud_rules.scoring.ranking import ranking_of


@frozen
class Results:
    """The results of all companies after some edits.

    Args:
        rows: the scorecard and the rank of each company by id, in the order of the ranking.
        notices: the notices that they carry.
    """

    rows: Mapping[str, RankedCompany]
    notices: tuple[NoticeRecord, ...]


class EditedResults:
    """Scores and ranks companies after edits of their facts.

    Args:
        companies: the companies by id, as they are stated.
        methodology: the methodology, with the cut-off that applies to them.
        ranks: whether they are ranked.
        with_hypothetical: whether hypothetical facts are read.
        cross_check: whether every rule and its points are evaluated a second time.
        known: the scorecards of companies without edits that are known already.
    """

    def __init__(
        self,
        companies: Mapping[str, Company],
        methodology: Methodology,
        *,
        ranks: bool,
        with_hypothetical: bool,
        cross_check: bool,
        known: Iterable[Scorecard] = (),
    ) -> None:
        self._companies = companies
        self._methodology = methodology
        self._ranks = ranks
        self._with_hypothetical = with_hypothetical
        self._cross_check = cross_check
        self._cards: dict[tuple[str, frozenset[FactEdit]], Scorecard] = {
            (card.company.id, frozenset()): card for card in known
        }

    def score_others(self, edits: Iterable[FactEdit], failures: Failures | None) -> None:
        """Score the companies without edits. Those that have no result are left out if there is a list of failures.

        Raises:
            EngineError: if the engine fails on a company, and there is no list.
            FactsError: if the facts of a company contradict each other, and there is no list.
        """
        having = {edit.company for edit in edits}
        others = [company for id, company in self._companies.items() if id not in having]
        cards = each(others, self._score, failures)
        self._cards.update({(card.company.id, frozenset[FactEdit]()): card for card in cards})
        self._companies = {
            id: company for id, company in self._companies.items() if id in having or (id, frozenset()) in self._cards
        }

    def score_edited(self, edits: Iterable[FactEdit]) -> None:
        """Score the companies with edits, as they are stated and after all edits.

        Raises:
            EngineError: if the engine fails on a company.
            FactsError: with the diagnostics of all companies whose facts that count contradict each other.
        """
        edits = frozenset(edits)
        having = {edit.company for edit in edits}
        errors: list[FactsError] = []
        for company in (company for id, company in self._companies.items() if id in having):
            for own in (frozenset[FactEdit](), edits):
                try:
                    self._card(company, own)
                except FactsError as error:
                    errors.append(error)
        if errors:
            failing = {error.company for error in errors}
            diagnostics = (diagnostic for error in errors for diagnostic in error.diagnostics)
            raise FactsError(diagnostics, failing.pop() if len(failing) == 1 else None)

    def after(self, edits: frozenset[FactEdit]) -> Results:
        """Return the results after edits.

        Raises:
            EngineError: if the engine fails on a company.
            FactsError: if facts that count contradict each other.
        """
        cards = [self._card(company, edits) for company in self._companies.values()]
        if not self._ranks:
            notices = tuple(notice for card in cards for notice in card.notices)
            return Results({card.company.id: ranked(None, card) for card in cards}, notices)
        ranking = ranking_of(cards, self._methodology)
        rows = (row for cohort in ranking.cohorts for row in cohort.rows)
        return Results({row.scorecard.company.id: row for row in rows}, ranking.notices)

    def _card(self, company: Company, edits: frozenset[FactEdit]) -> Scorecard:
        own = frozenset(edit for edit in edits if edit.company == company.id)
        if (company.id, own) not in self._cards:
            self._cards[company.id, own] = self._score(edited(company, own))
        return self._cards[company.id, own]

    def _score(self, company: Company) -> Scorecard:
        return plain_scorecard(
            compiled(self._methodology),
            company,
            with_hypothetical=self._with_hypothetical,
            cross_check=self._cross_check,
        )
