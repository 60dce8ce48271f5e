"""Recounts published claims: which companies meet the condition of each claim, and which may meet it."""

from collections.abc import Collection, Sequence
from datetime import date

from attrs import evolve

from cleancloud_rules._version import __version__
from cleancloud_rules.analysis.claims.questions import EITHER, NO, YES, Answers, Truths, question_of
from cleancloud_rules.analysis.claims.reading import Read, Reader, within
from cleancloud_rules.documents.extra_keys import extra_keys
from cleancloud_rules.language.wording import value_in_words
from cleancloud_rules.model.claims import PublishedClaim, Reading, UnanswerableClaim
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import FieldType, Interval
from cleancloud_rules.results.claims import ClaimReport, ClaimResult, ClaimVerdict, UnanswerableRecord
from cleancloud_rules.scoring.cut_off import of_dataset
from cleancloud_rules.scoring.failures import Failures
from cleancloud_rules.scoring.recorder import Recorder

_COUNT = Field("published", FieldType.INTEGER)


def findings(
    dataset: Dataset,
    methodology: Methodology,
    *,
    with_hypothetical: bool = False,
    failures: Failures | None = None,
    as_of: date | None = None,
) -> ClaimReport:
    """Return the published claims of a dataset, each with the companies that meet its condition.

    A company meets a condition if every completion of its facts does, and does not meet it if no completion does.
    Otherwise its facts cannot tell. The completions are those of `bounds`.

    Args:
        dataset: the dataset; loaded with its overlays if hypothetical facts are to count.
        methodology: the methodology that it was loaded for.
        with_hypothetical: whether hypothetical facts count like stated ones.
        failures: a list for the errors of companies without a result: the engine fails on them or differs from the
            cross-check, or their facts contradict each other. The facts of these
            companies cannot tell. Without a list, the first error is raised.
        as_of: the cut-off; None for that of the dataset, or else of the methodology.

    Returns:
        The report: for each claim the published count, and which companies are counted, are not, or cannot be told.

    Raises:
        CriteriaError: if the condition of a claim is too complex.
        EngineError: if the rules engine is missing or fails, or differs from the cross-check.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> dataset = cc.load_dataset("clean_cloud_2024", methodology)
        >>> claim = cc.analysis.findings(dataset, methodology).rows[0]
        >>> claim.id
        'cloud_providers'
    """
    dataset, methodology = of_dataset(dataset, methodology, as_of)
    recorder, reader = Recorder(methodology), Reader(with_hypothetical, failures)
    read = reader.read(dataset.companies, methodology)
    # No criterion bears on a claim. Without them, and with the conditions of one claim alone, fewer kinds of facts
    # have to be told apart, and no answer depends on what else is asked.
    bare = evolve(methodology, categories=())
    results = [(claim.reading, _result(claim, bare, reader, read)) for claim in dataset.statements]
    return ClaimReport(
        dataset.title,
        recorder.methodology_record(),
        with_hypothetical,
        tuple(recorder.company(each.company) for each in read),
        tuple(result for reading, result in results if reading is Reading.CHOSEN),
        tuple(result for reading, result in results if reading is Reading.REFUSED),
        tuple(map(_unanswerable, dataset.unanswerable)),
        recorder.notices(
            [company.name for company in dataset.companies if any(fact.is_hypothetical for fact in company.facts)],
            with_hypothetical=with_hypothetical and bool(read),
        ),
        __version__,
        recorder.contradictions(dataset.contradictions),
    )


def is_met(number: int, published: int | Interval) -> bool:
    """Whether a count equals the published number, or lies within the published bounds."""
    if isinstance(published, int):
        return number == published
    low, high = published.low, published.high
    return (low is None or number >= int(low)) and (high is None or number <= int(high))  # type: ignore[arg-type]


def verdict(floor: int, ceiling: int, published: int | Interval) -> ClaimVerdict:
    """Return whether all, some or none of the counts from `floor` to `ceiling` are the published one."""
    met = {is_met(number, published) for number in range(floor, ceiling + 1)}
    if False not in met:
        return ClaimVerdict.AGREES
    return ClaimVerdict.POSSIBLE if True in met else ClaimVerdict.DISAGREES


def _result(claim: PublishedClaim, methodology: Methodology, reader: Reader, read: Sequence[Read]) -> ClaimResult:
    methodology = within(claim.window, methodology)
    if claim.window is not None:
        read = reader.read_again(read, methodology)
    ask = question_of(claim, [each.company for each in read], methodology)
    answers = ask([(each.company, each.facts) for each in read])
    before = ask([(each.company, each.stated) for each in read]) if reader.with_hypothetical else answers
    yes, cannot_tell, no = (_having(truths, answers) for truths in (YES, EITHER, NO))
    floor, ceiling = len(yes), len(yes) + len(cannot_tell)
    return ClaimResult(
        claim.id,
        claim.title,
        claim.topic,
        value_in_words(claim.published, _COUNT),
        _verdict(claim, yes, cannot_tell),
        floor,
        ceiling,
        yes,
        cannot_tell,
        no,
        claim.companies,
        tuple(sorted(id for id in answers if answers[id] != before[id])),
        claim.earlier,
        claim.from_words,
        claim.reason,
        claim.contradicts,
        claim.locator,
        claim.note,
        extra_keys(claim.node),
    )


def _verdict(claim: PublishedClaim, yes: Collection[str], cannot_tell: Collection[str]) -> ClaimVerdict:
    """Return whether the published count, and the companies that the publisher names, are those of the facts."""
    named, may_be = set(claim.companies), {*yes, *cannot_tell}
    if not named <= may_be:
        return ClaimVerdict.DISAGREES
    with_named = verdict(len(named.union(yes)), len(may_be), claim.published)
    if with_named is ClaimVerdict.AGREES and not named <= set(yes):
        return ClaimVerdict.POSSIBLE
    return with_named


def _unanswerable(claim: UnanswerableClaim) -> UnanswerableRecord:
    return UnanswerableRecord(claim.id, claim.title, claim.why, claim.locator, claim.note, extra_keys(claim.node))


def _having(truths: Truths, answers: Answers) -> tuple[str, ...]:
    return tuple(sorted(id for id, found in answers.items() if found == truths))
