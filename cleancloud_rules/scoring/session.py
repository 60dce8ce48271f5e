"""Scores and ranks companies."""

from collections.abc import Iterable

from cleancloud_rules.engine.crosscheck import verify
from cleancloud_rules.engine.firings import Firings
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.results.rankings import Ranking
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.scoring.compiled import compiled
from cleancloud_rules.scoring.ranking import ranking_of


def score(
    company: Company,
    methodology: Methodology,
    *,
    with_hypothetical: bool = False,
    cross_check: bool = False,
) -> Scorecard:
    """Return the scorecard of a company.

    Args:
        company: its facts.
        methodology: the methodology that its facts were loaded for.
        with_hypothetical: whether hypothetical facts are read; their points are shown separately.
        cross_check: whether every rule is evaluated a second time, independently, and the results are compared.

    Raises:
        EngineError: if the rules engine is missing or fails, or the second evaluation differs.
        FactsError: if the company was loaded for another methodology's vocabulary.
    """
    engine, scorer = compiled(methodology).engine, compiled(methodology).scorer

    def fire(*, hypothetical: bool) -> Firings:
        firings = engine.fire(company, with_hypothetical=hypothetical)
        if cross_check:
            verify(firings, methodology)
        return firings

    stated = fire(hypothetical=False)
    if not with_hypothetical or not any(fact.is_hypothetical for fact in company.facts):
        return scorer.scorecard(company, stated)
    return scorer.scorecard(company, fire(hypothetical=True), stated)


def rank(
    companies: Dataset | Iterable[Company],
    methodology: Methodology,
    *,
    with_hypothetical: bool = False,
    cross_check: bool = False,
) -> Ranking:
    """Return companies ranked within their cohorts by what the methodology ranks by; equals share a rank.

    Args:
        companies: a dataset, or companies.
        methodology: the methodology that their facts were loaded for.
        with_hypothetical: whether hypothetical facts are read.
        cross_check: as for `score`.

    Raises:
        EngineError: as for `score`.
    """
    chosen = companies.companies if isinstance(companies, Dataset) else companies
    cards = [
        score(company, methodology, with_hypothetical=with_hypothetical, cross_check=cross_check) for company in chosen
    ]
    return ranking_of(cards, methodology)
