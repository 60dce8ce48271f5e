"""The ranks that responses of companies would change, where an option names the dataset."""

from collections.abc import Iterable, Sequence
from datetime import date

from cleancloud_rules import Company, EngineError, FactsError, Methodology, Scorecard, rank
from cleancloud_rules.cli.inputs import dataset_in, is_dataset, path_of
from cleancloud_rules.on_demand import changed


def with_ranks(
    cards: Sequence[Scorecard],
    given: Iterable[Company],
    dataset: str | None,
    rules: Methodology,
    failures: list[EngineError | FactsError] | None,
    *,
    with_hypothetical: bool,
    allow_outside: bool,
    cross_check: bool,
    as_of: date | None,
) -> list[Scorecard]:
    """Return scorecards whose responses also say which ranks of a dataset they would change.

    Args:
        cards: the scorecards.
        given: the companies that are scored.
        dataset: the dataset that an option names; None if there is none. Then they are returned as they are.
        rules: the methodology.
        failures: collects why others of its companies have no result; None to raise that.
        with_hypothetical: whether hypothetical facts are read.
        allow_outside: whether the dataset may name files outside of its folder.
        cross_check: whether every rule and its points are evaluated a second time.
        as_of: the cut-off of an option.

    Raises:
        EngineError: if the engine fails on a company of the dataset, and there is no list.
        FactsError: if the facts of one contradict each other, and there is no list.
    """
    path = None if dataset is None else path_of(dataset, "--dataset")
    if path is None or not is_dataset(path) or not any(card.responses for card in cards):
        return list(cards)
    whole = dataset_in(path, rules, with_hypothetical=with_hypothetical, allow_outside=allow_outside, as_of=as_of)
    others: list[EngineError | FactsError] | None = None if failures is None else []
    ranking = rank(whole, rules, with_hypothetical=with_hypothetical, cross_check=cross_check, failures=others)
    if failures is not None and others is not None:
        known = {company.id for company in given}
        failures += [error for error in others if error.company not in known]
    ranked = {row.company.id: row.scorecard.responses for cohort in ranking.cohorts for row in cohort.rows}
    return [changed(card, responses=ranked.get(card.company.id, card.responses)) for card in cards]
