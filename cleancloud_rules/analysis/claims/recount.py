"""Recounts published claims: which companies meet the condition of each claim, and which may meet it."""

from collections.abc import Iterable, Sequence
from datetime import date

from attrs import evolve, frozen

from cleancloud_rules._version import __version__
from cleancloud_rules.analysis.score_bounds.bounder import compiled_for
from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.documents.extra_keys import extra_keys
from cleancloud_rules.engine.compiler import compiled_rule
from cleancloud_rules.engine.firings import Firings
from cleancloud_rules.engine.ruleset import CompiledRule
from cleancloud_rules.errors import CriteriaError, EngineError, FactsError
from cleancloud_rules.language.wording import value_in_words
from cleancloud_rules.model.claims import PublishedClaim
from cleancloud_rules.model.conditions import conditions_of
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Company, Fact, Field
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import FieldType, Interval
from cleancloud_rules.results.claims import ClaimReport, ClaimResult, ClaimVerdict
from cleancloud_rules.scoring.compiled import CompiledMethodology, compiled
from cleancloud_rules.scoring.cut_off import of_dataset
from cleancloud_rules.scoring.failures import Failures, note
from cleancloud_rules.scoring.recorder import Recorder

_COUNT = Field("published", FieldType.INTEGER)

Truths = frozenset[bool]
"""Whether a condition holds in some completion, and whether it fails in some."""

YES, NO, EITHER = frozenset((True,)), frozenset((False,)), frozenset((True, False))


@frozen
class _Read:
    """A company with its facts that count: the stated ones, and all that were read; None if the engine failed."""

    company: Company
    stated: tuple[Fact, ...] | None = None
    facts: tuple[Fact, ...] | None = None


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

    Raises:
        CriteriaError: if the condition of a claim is too complex.
        EngineError: if the rules engine is missing or fails, or differs from the cross-check.
    """
    dataset, methodology = of_dataset(dataset, methodology, as_of)
    own, recorder = compiled(methodology), Recorder(methodology)
    read = []
    for company in dataset.companies:
        try:
            stated = _counting(own.fire(company))
            facts = _counting(own.fire(company, with_hypothetical=True)) if with_hypothetical else stated
        except (EngineError, FactsError) as error:
            note(error, failures)
            read.append(_Read(company))
        else:
            read.append(_Read(company, stated, facts))
    # No criterion bears on a claim. Without them, and with the conditions of one claim alone, fewer kinds of facts
    # have to be told apart, and no answer depends on what else is asked.
    bare = evolve(methodology, categories=())
    return ClaimReport(
        dataset.title,
        recorder.methodology_record(),
        with_hypothetical,
        tuple(recorder.company(each.company) for each in read),
        tuple(_result(_Question.of(claim, bare), read) for claim in dataset.statements),
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


@frozen
class _Question:
    """A claim that is asked of companies, one by one.

    Args:
        claim: the claim.
        compiled: a methodology that knows the conditions of the claim; None if only the cohort decides.
        rule: the condition of the claim as a rule.
    """

    claim: PublishedClaim
    compiled: CompiledMethodology | None = None
    rule: CompiledRule | None = None

    @classmethod
    def of(cls, claim: PublishedClaim, methodology: Methodology) -> "_Question":
        """Return the question of a claim.

        Raises:
            CriteriaError: if the condition of the claim is too complex.
        """
        if claim.when is None:
            return cls(claim)
        asking = compiled_for(methodology, conditions_of(claim.when))
        try:
            return cls(claim, asking, compiled_rule("", claim.id, claim.when, asking.ruleset.by_condition))
        except Rejected as rejected:
            raise CriteriaError(rejected.diagnostics) from None

    def truths(self, company: Company, facts: Iterable[Fact] | None) -> Truths:
        """Return whether the claim counts a company in some completion of these facts, and whether not in some."""
        of_cohort = self._cohort(company)
        if of_cohort == NO or self.compiled is None or self.rule is None:
            return of_cohort
        if facts is None:
            return EITHER
        searches = self.compiled.completions(company, tuple(facts))
        found = frozenset[bool]().union(*(search.truths(self.rule) for search in searches))
        return frozenset(a and b for a in of_cohort for b in found)

    def _cohort(self, company: Company) -> Truths:
        """Return whether a company can be in the cohort that is counted. If none is stated, it can be in any."""
        if self.claim.cohort is None:
            return YES
        if company.cohort is None:
            return EITHER
        return YES if company.cohort == self.claim.cohort else NO


def _result(question: _Question, read: Sequence[_Read]) -> ClaimResult:
    claim = question.claim
    answers = {str(each.company.id): question.truths(each.company, each.facts) for each in read}
    rests = [
        str(each.company.id)
        for each in read
        if each.facts is not each.stated and question.truths(each.company, each.stated) != answers[str(each.company.id)]
    ]
    yes, cannot_tell, no = (_having(truths, answers) for truths in (YES, EITHER, NO))
    floor, ceiling = len(yes), len(yes) + len(cannot_tell)
    return ClaimResult(
        claim.id,
        claim.title,
        claim.topic,
        value_in_words(claim.published, _COUNT),
        verdict(floor, ceiling, claim.published),
        floor,
        ceiling,
        yes,
        cannot_tell,
        no,
        tuple(sorted(rests)),
        claim.earlier,
        claim.from_words,
        claim.imposed,
        claim.contradicts,
        claim.locator,
        claim.note,
        extra_keys(claim.node),
    )


def _having(truths: Truths, answers: dict[str, Truths]) -> tuple[str, ...]:
    return tuple(sorted(id for id, found in answers.items() if found == truths))


def _counting(firings: Firings) -> tuple[Fact, ...]:
    return tuple(counted.fact for counted in firings.facts if counted.counts)
