"""Scores and ranks companies."""

from collections.abc import Iterable
from datetime import date

from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.results.rankings import Ranking
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.scoring.compiled import compiled
from cleancloud_rules.scoring.cut_off import of_companies, of_company
from cleancloud_rules.scoring.failures import Failures, each
from cleancloud_rules.scoring.ranking import ranking_of


def score(
    company: Company,
    methodology: Methodology,
    *,
    with_hypothetical: bool = False,
    cross_check: bool = True,
    as_of: date | None = None,
) -> Scorecard:
    """Return the scorecard of a company.

    Args:
        company: its facts.
        methodology: the methodology that its facts were loaded for.
        with_hypothetical: whether hypothetical facts are read; their points are shown separately.
        cross_check: whether every rule and its points are evaluated a second time, and the results are compared.
        as_of: the cut-off; None for that of the company's dataset, or else of the methodology.

    Raises:
        EngineError: if the rules engine is missing or fails, or if the second evaluation differs. It names the company,
            and each rule with its place and both results.
        FactsError: if the company was loaded for another methodology's vocabulary, or if facts that count contradict
            each other under `selection: single`.
    """
    own = compiled(of_company(company, methodology, as_of))
    firings = own.fire(company, cross_check=cross_check)
    stated = own.sums(company, firings, cross_check=cross_check)
    if not with_hypothetical or not any(fact.is_hypothetical for fact in company.facts):
        return own.scorer.scorecard(company, firings, stated)
    firings = own.fire(company, with_hypothetical=True, cross_check=cross_check)
    return own.scorer.scorecard(company, firings, own.sums(company, firings, cross_check=cross_check), stated)


def rank(
    companies: Dataset | Iterable[Company],
    methodology: Methodology,
    *,
    with_hypothetical: bool = False,
    cross_check: bool = True,
    failures: Failures | None = None,
    as_of: date | None = None,
) -> Ranking:
    """Return companies ranked within their cohorts by what the methodology ranks by; equals share a rank.

    Args:
        companies: a dataset, or companies.
        methodology: the methodology that their facts were loaded for.
        with_hypothetical: whether hypothetical facts are read.
        cross_check: as for `score`.
        failures: a list for the errors of companies without a result: the engine fails on them or differs from the
            cross-check, or their facts contradict each other. These companies are
            left out. Without a list, the first error is raised.
        as_of: the cut-off; None for that of the companies, or else of the methodology.

    Raises:
        EngineError: as for `score`.
        FactsError: as for `score`.
        ValueError: if the companies have different cut-offs, and none is given.
    """
    chosen, dated = of_companies(companies, methodology, as_of)

    def scored(company: Company) -> Scorecard:
        return score(company, dated, with_hypothetical=with_hypothetical, cross_check=cross_check)

    return ranking_of(list(each(chosen, scored, failures)), dated)
