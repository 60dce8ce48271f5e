"""Scores and ranks companies."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal, overload

from cleancloud_rules.analysis.fact_changes.responses import Responses
from cleancloud_rules.analysis.score_bounds.bounder import Bounder, compiled_for
from cleancloud_rules.analysis.scoring import evidence_of
from cleancloud_rules.language.arguments import check_methodology
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.on_demand import changed
from cleancloud_rules.results.points import Points
from cleancloud_rules.results.rankings import Ranking
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.scoring.compiled import CompiledMethodology, compiled, with_cut_off
from cleancloud_rules.scoring.cut_off import checked, of_companies, of_company
from cleancloud_rules.scoring.failures import Failures, each
from cleancloud_rules.scoring.ranking import ranking_of


@overload
def score(
    company: Company,
    methodology: Methodology,
    *,
    with_hypothetical: bool = False,
    cross_check: bool = True,
    as_of: date | None = None,
    with_bounds: bool = False,
    explain: Literal[True] = True,
) -> Scorecard: ...


@overload
def score(
    company: Company,
    methodology: Methodology,
    *,
    with_hypothetical: bool = False,
    cross_check: bool = True,
    as_of: date | None = None,
    with_bounds: Literal[False] = False,
    explain: Literal[False],
) -> Points: ...


@overload
def score(
    company: Company,
    methodology: Methodology,
    *,
    with_hypothetical: bool = False,
    cross_check: bool = True,
    as_of: date | None = None,
    with_bounds: Literal[False] = False,
    explain: bool,
) -> Scorecard | Points: ...


def score(
    company: Company,
    methodology: Methodology,
    *,
    with_hypothetical: bool = False,
    cross_check: bool = True,
    as_of: date | None = None,
    with_bounds: bool = False,
    explain: bool = True,
) -> Scorecard | Points:
    """Return the scorecard of a company, or its points, outcomes and scores alone.

    What explains a scorecard is made when it is first read, from the facts and firings that it keeps. The responses of
    the company stand beside its score, each with the effect that it would have. `rank` knows the ranks, too.

    Args:
        company: its facts.
        methodology: the methodology that its facts were loaded for.
        with_hypothetical: whether hypothetical facts are read; their points are shown separately.
        cross_check: whether every rule and its points are evaluated a second time, and the results are compared.
        as_of: the cut-off; None for that of the company's dataset, or else of the methodology.
        with_bounds: whether the scorecard has the bounds of the company; see `cleancloud_rules.analysis.bounds`.
            They are those of the stated facts, even if hypothetical facts are read.
        explain: whether the result can be explained. If not, it is a `Points`, which keeps no fact and is small.

    Returns:
        The scorecard. Points and scores are in the units of the methodology, as `Decimal`; a score that does not
        exist is None.

    Raises:
        EngineError: if the rules engine is missing or fails, or if the second evaluation differs. It names the company,
            and each rule with its place and both results.
        FactsError: if the company was loaded for another methodology's vocabulary, or if facts that count contradict
            each other under `selection: single`.
        CriteriaError: if bounds are asked for, and an implication of the vocabulary is too complex for them.
        TypeError: if bounds are asked for a result that is not explained.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> company = cc.load_company("gds", methodology)
        >>> card = cc.score(company, methodology)
        >>> card.total, card.criterion("renewable_target").because
        (Decimal('26.54'), ('Committed to 100% renewable energy across the company by 2030 or earlier.',))
    """
    if with_bounds and not explain:
        raise TypeError("points alone have no bounds: leave out `with_bounds` or `explain=False`")
    dated = of_company(company, methodology, as_of)
    own = compiled(dated)
    if not explain:
        _, evidence = evidence_of(own, company, with_hypothetical=with_hypothetical, cross_check=cross_check)
        return own.scorer.points(company, *evidence)
    bounder = Bounder(compiled_for(dated)) if with_bounds else None
    card = _scorecard(own, company, bounder, with_hypothetical, cross_check)
    if not company.responses:
        return card
    (found,) = _with_responses(
        [card], [company], dated, ranks=False, with_hypothetical=with_hypothetical, cross_check=cross_check
    )
    return found


def _scorecard(
    own: CompiledMethodology, company: Company, bounder: Bounder | None, with_hypothetical: bool, cross_check: bool
) -> Scorecard:
    stated, evidence = evidence_of(own, company, with_hypothetical=with_hypothetical, cross_check=cross_check)
    card = own.scorer.scorecard(company, *evidence)
    return card if bounder is None else changed(card, bounds=bounder.of_fired(company, *stated))


def _with_responses(
    cards: list[Scorecard],
    companies: Iterable[Company],
    methodology: Methodology,
    *,
    ranks: bool,
    with_hypothetical: bool,
    cross_check: bool,
) -> list[Scorecard]:
    """Return scorecards with the responses of their companies, and the effect that each would have."""
    by_id = {company.id: company for company in companies}
    known = {card.company.id: by_id[card.company.id] for card in cards}
    if not any(company.responses for company in known.values()):
        return cards
    made = Responses(
        known, cards, methodology, ranks=ranks, with_hypothetical=with_hypothetical, cross_check=cross_check
    )
    return [
        changed(card, responses=made.of(known[card.company.id])) if known[card.company.id].responses else card
        for card in cards
    ]


def rank(
    companies: Dataset | Iterable[Company] | Iterable[Scorecard],
    methodology: Methodology,
    *,
    with_hypothetical: bool = False,
    cross_check: bool = True,
    failures: Failures | None = None,
    as_of: date | None = None,
    with_bounds: bool = False,
) -> Ranking:
    """Return companies ranked within their cohorts by what the methodology ranks by; equals share a rank.

    Args:
        companies: a dataset, or companies; or their scorecards, which are ranked as they are.
        methodology: the methodology that their facts were loaded for.
        with_hypothetical: whether hypothetical facts are read.
        cross_check: as for `score`.
        failures: a list for the errors of companies without a result: the engine fails on them or differs from the
            cross-check, or their facts contradict each other. These companies are
            left out. Without a list, the first error is raised.
        as_of: the cut-off; None for that of the companies, or else of the methodology.
        with_bounds: whether each scorecard has the bounds of its company, as for `score`.

    Returns:
        The ranking: its cohorts, each with its rows, the first rank first.

    Raises:
        EngineError: as for `score`.
        FactsError: as for `score`.
        CriteriaError: as for `score`.
        ValueError: if the companies have different cut-offs, and none is given, or if a scorecard is of another
            methodology or has another cut-off.
        TypeError: if scorecards are given together with companies or with options that say how to score.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> dataset = cc.load_dataset("clean_cloud_2024", methodology)
        >>> first = cc.rank(dataset, methodology).cohorts[0].rows[0]
        >>> first.rank, first.company.name, first.total
        (1, 'Tencent', Decimal('31.33'))
    """
    check_methodology(methodology)
    given: Dataset | list[Any] = companies if isinstance(companies, Dataset) else list(companies)
    if isinstance(given, list) and any(isinstance(one, Scorecard) for one in given):
        if with_hypothetical or not cross_check or failures is not None or with_bounds:
            raise TypeError("scorecards are ranked as they are: leave out the options that say how to score")
        return _ranked(given, methodology, as_of)
    chosen, dated = of_companies(given, methodology, as_of)

    bounder = Bounder(compiled_for(dated)) if with_bounds else None

    def scored(company: Company) -> Scorecard:
        return _scorecard(compiled(dated), company, bounder, with_hypothetical, cross_check)

    cards = _with_responses(
        list(each(chosen, scored, failures)),
        chosen,
        dated,
        ranks=True,
        with_hypothetical=with_hypothetical,
        cross_check=cross_check,
    )
    return ranking_of(cards, dated)


def _ranked(cards: list[Any], methodology: Methodology, as_of: date | None) -> Ranking:
    """Return scorecards ranked by the methodology that they were made by."""
    if not all(isinstance(card, Scorecard) for card in cards):
        raise TypeError("scorecards and companies cannot be ranked together: score the companies first")
    day = checked(as_of)
    days = {card.methodology.as_of for card in cards} | ({day.isoformat()} if day is not None else set())
    if len(days) > 1:
        shown = ", ".join(sorted("none" if day is None else day for day in days))
        raise ValueError(f"the scorecards have different cut-offs: {shown}")
    (text,) = days
    dated = methodology if text is None else with_cut_off(methodology, date.fromisoformat(text))
    for card in cards:
        if card.methodology.sha256 != dated.sha256:
            raise ValueError(f"the scorecard of `{card.company.id}` was made by another methodology or version of it")
    return ranking_of(cards, dated)
