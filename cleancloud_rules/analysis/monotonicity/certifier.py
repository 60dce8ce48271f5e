"""Certifies a methodology: proof by lemmas first, then the exact decision, then the random search."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction

from attrs import define, evolve, field

from cleancloud_rules._version import __version__
from cleancloud_rules.analysis.monotonicity.counterexamples import Refutation, refutations
from cleancloud_rules.analysis.monotonicity.decision import Decision
from cleancloud_rules.analysis.monotonicity.proof import proof_of
from cleancloud_rules.analysis.monotonicity.random_search import RandomSearch
from cleancloud_rules.analysis.monotonicity.score_functions import (
    Named,
    Scored,
    ScoredCriterion,
    ScoredGroup,
    criteria_of,
    group_key,
)
from cleancloud_rules.analysis.monotonicity.scored_methodology import scored_total
from cleancloud_rules.analysis.monotonicity.superseding import Superseding
from cleancloud_rules.analysis.monotonicity.vanishing import Exemptions
from cleancloud_rules.analysis.monotonicity.witness import counterexample, place_of
from cleancloud_rules.completions.answered import Reading
from cleancloud_rules.completions.fact_kinds import TooLargeError
from cleancloud_rules.generators.choices import Seeded
from cleancloud_rules.language.arguments import check_methodology
from cleancloud_rules.model.exact import negate
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.results.certificates import Certificate, Certified, Improvement, Judgement, Means, Verdict
from cleancloud_rules.scoring.compiled import CompiledMethodology, compiled
from cleancloud_rules.scoring.recorder import Recorder

EXAMPLES = 200
"""How many companies are generated and scored by default."""

EXAMPLE = "example"
"""The message to `progress` for each generated company."""

Progress = Callable[[str], None]
"""Receives the id of each part that is finished, and `EXAMPLE` for each generated company."""

Extremes = tuple[Fraction, Fraction, bool] | tuple[None, None, bool]
"""The minimum and the maximum of a value, None if they are not known, and whether some companies reach them."""

UNKNOWN: Extremes = (None, None, False)


def _ignore(_: str) -> None:
    return None


def certify(
    methodology: Methodology, *, examples: int = EXAMPLES, seed: int = 0, progress: Progress = _ignore
) -> Certificate:
    """Return the certificate of a methodology: whether each part is monotone, and its minimum and maximum.

    Args:
        methodology: the methodology.
        examples: how many companies are generated and scored, to check the proofs and to search for counterexamples
            where there is no proof; 0 for none.
        seed: the random seed of the generated companies; the same seed gives the same certificate.
        progress: receives the id of each part that is finished, and ``example`` for each generated company.

    Returns:
        The certificate: for each criterion, each group and the total the verdicts, and the minimum and the maximum
        in points.

    Raises:
        EngineError: if the rules engine is missing or fails.

    Example:
        >>> import cleancloud_rules as cc
        >>> files = {
        ...     "methodology.yaml": '''{id: doors, title: Doors, edition: "1", publisher: Nobody, points_basis: project,
        ...         windows: {always: always}, source_types: [visit], sources: {visit: {type: visit, title: A visit}},
        ...         categories: [{id: hours, title: Opening hours, weight: 100}]}''',
        ...     "facts.yaml": "fact_types: {open: {title: Open, horizon: always, fields: {hours: {type: integer}}}}",
        ...     "hours.yaml": '''{category: hours, criteria: [{id: long_day, title: A long day, horizon: always,
        ...         max_points: 2, hit_policy: collect max, otherwise: No hours are on record., rules: [{id: eight,
        ...         points: 2, when: {open: {hours: ">= 8"}}, because: "Open {open.hours} hours."}]}]}''',
        ... }
        >>> total = cc.analysis.certify(cc.methodology_from(files), examples=0).total
        >>> total.floor, total.ceiling, [judgement.verdict.value for judgement in total.judgements]
        (Decimal('0.00'), Decimal('100.00'), ['proved', 'proved', 'proved'])
    """
    check_methodology(methodology)
    own = compiled(methodology)
    search = RandomSearch(own, Seeded(seed))
    search.run(examples, lambda: progress(EXAMPLE))
    return _Certifier(own, examples, seed, search, progress).certificate()


@define
class _Certifier:
    """Judges every part of one methodology, each after the parts inside it."""

    compiled: CompiledMethodology
    examples: int
    seed: int
    search: RandomSearch
    progress: Progress
    _made: dict[str, Certified] = field(factory=dict, init=False)
    _extreme: dict[str, Extremes] = field(factory=dict, init=False)
    _refuted: dict[tuple[str, Improvement], list[Refutation]] = field(factory=dict, init=False)
    _exemptions: Exemptions = field(init=False)

    @_exemptions.default
    def _of_this_methodology(self) -> Exemptions:
        return Exemptions(self.compiled)

    @property
    def methodology(self) -> Methodology:
        """The methodology."""
        return self.compiled.methodology

    def certificate(self) -> Certificate:
        """Return the whole certificate."""
        recorder, outermost = Recorder(self.methodology), self.methodology.categories
        total = self._certified(scored_total(self.compiled))
        return Certificate(
            recorder.methodology_record(),
            self.examples,
            self.seed,
            tuple(self._made[criterion.id] for criterion in self.methodology.criteria),
            tuple(self._made[group_key(group.id)] for group in self.methodology.groups if group not in outermost),
            tuple(self._made[group_key(category.id)] for category in outermost),
            total,
            recorder.notices((), with_hypothetical=False),
            __version__,
        )

    def _certified(self, scored: Scored) -> Certified:
        if scored.named.key in self._made:
            return self._made[scored.named.key]
        parts = [self._certified(part) for part in _judged_before(scored)]
        decision = Decision(scored, self.compiled.ruleset, self.compiled.answer_keys)
        judgements = tuple(self._judged(scored, sense, parts, decision) for sense in Improvement)
        named = scored.named
        least, greatest, reached = self._extreme[named.key] = self._extremes(scored, decision)
        exception = None if scored.owner.monotone else scored.owner
        made = self._made[named.key] = Certified(
            named.id,
            named.title,
            place_of(named.place),
            exception is not None,
            exception.rationale if exception else None,
            _shown(least, named),
            _shown(greatest, named),
            reached,
            _shown(named.floor, named),
            _shown(named.ceiling, named),
            tuple(leaf.criterion.id for leaf in criteria_of(scored)),
            scored.groups if isinstance(scored, ScoredGroup) else (),
            judgements,
        )
        self.progress(named.id)
        return made

    def _judged(self, scored: Scored, sense: Improvement, parts: Sequence[Certified], decision: Decision) -> Judgement:
        key = scored.named.key
        proof = self._proof(scored, sense, parts)
        if proof is not None:
            judgement = Judgement(sense, Verdict.PROVED, Means.LEMMAS, proof)
        else:
            judgement = self._by_parts(scored, sense) or self._decided(scored, sense, decision)
        found = self.search.refutation(key, sense) if judgement.verdict is not Verdict.REFUTED else None
        if found is None:
            return judgement
        if judgement.verdict is Verdict.PROVED:
            return self._contradiction(key, judgement, found)
        return self._refutation(key, sense, Means.SEARCH, [found])

    def _contradiction(self, key: str, proved: Judgement, found: Refutation) -> Judgement:
        """Return the judgement on a part that is proved and refuted: both sides, since one of them must be wrong."""
        self._refuted[key, proved.sense] = [found]
        by = f"by the lemmas {', '.join(proved.lemmas)}" if proved.lemmas else f"by {proved.by.value}"
        note = f"proved monotone {by}, and refuted by a generated company"
        return evolve(proved, verdict=Verdict.CONTRADICTED, note=note, counterexamples=(found[1],))

    def _proof(self, scored: Scored, sense: Improvement, parts: Sequence[Certified]) -> tuple[str, ...] | None:
        """Return the lemmas that prove that something is monotone; None if they do not suffice."""
        match scored:
            case ScoredCriterion(criterion=criterion):
                return proof_of(criterion, sense, self.methodology)
            case ScoredGroup() if all(part.judgement(sense).verdict is Verdict.PROVED for part in parts):
                return scored.lemmas.get(sense)
            case _:
                return None

    def _by_parts(self, scored: Scored, sense: Improvement) -> Judgement | None:
        """Refute a group by a counterexample to one of its parts, if no other part compensates for it."""
        if not isinstance(scored, ScoredGroup):
            return None
        key = scored.named.key
        pairs = [pair for part in _judged_before(scored) for pair, _ in self._refuted.get((part.named.key, sense), ())]
        made = [(pair, counterexample(pair, key, sense, self.compiled)) for pair in pairs]
        different = {found.files: (pair, found) for pair, found in reversed(made) if found is not None}
        falling = list(reversed(different.values()))
        return self._refutation(key, sense, Means.EXACT_DECISION, falling) if falling else None

    def _decided(self, scored: Scored, sense: Improvement, decision: Decision) -> Judgement:
        key, reason = scored.named.key, scored.undecidable(sense)
        try:
            if reason is not None:
                later = Superseding(self.compiled).refutation(decision.reach, key, sense)
                if later is not None:
                    return self._refutation(key, sense, Means.EXACT_DECISION, [later])
                return self._undecided(sense, reason)
            found = list(refutations(decision.violations(sense), key, sense, self.compiled))
            if found:
                return self._refutation(key, sense, Means.EXACT_DECISION, found)
            reason = decision.undecided(sense)
        except TooLargeError:
            reason = "it has too many states to be decided"
        if reason is None:
            return Judgement(sense, Verdict.PROVED, Means.EXACT_DECISION)
        return self._undecided(sense, reason)

    def _undecided(self, sense: Improvement, reason: str) -> Judgement:
        tried = f"{self.examples} generated companies do not refute it" if self.examples else "no company was generated"
        return Judgement(sense, Verdict.UNDECIDED, Means.NOTHING, note=f"{reason}; {tried}")

    def _refutation(self, key: str, sense: Improvement, by: Means, found: list[Refutation]) -> Judgement:
        found = sorted(found, key=lambda one: (one[1].size, negate(one[1].lost)))
        self._refuted[key, sense] = found
        return Judgement(sense, Verdict.REFUTED, by, counterexamples=tuple(example for _, example in found))

    def _extremes(self, scored: Scored, decision: Decision) -> Extremes:
        decided = self._decided_extremes(scored, decision) if scored.undecidable(None) is None else None
        if isinstance(scored, ScoredGroup):
            inner = [self._extreme[part.named.key] for part in scored.parts]
            is_joint = Improvement.EVIDENCE in scored.lemmas and not scored.assessments and self._is_joint(scored)
            if decided is not None and not is_joint:
                return decided
            lowest = [least for least, _, _ in inner if least is not None]
            highest = [greatest for _, greatest, _ in inner if greatest is not None]
            limits = scored.limits(lowest, highest) if len(lowest) == len(inner) else None
            if limits is None or not is_joint:
                return UNKNOWN if limits is None else (*limits, False)
            together = all(reached for _, _, reached in inner)
            return (*limits, together and limits == self._with_all(scored, lowest, highest))
        floor, ceiling = scored.named.floor, scored.named.ceiling
        if decided is not None or floor is None or ceiling is None:
            return decided or UNKNOWN
        return Fraction(floor), Fraction(ceiling), False

    def _decided_extremes(self, scored: Scored, decision: Decision) -> Extremes | None:
        """Return the extremes of all states, and of all cohorts if these matter; None if there are too many states."""
        if not isinstance(scored, ScoredGroup) or len(scored.cohorts) == 1:
            return decision.extremes()
        each = (evolve(scored, cohort=cohort) for cohort in scored.cohorts)
        found = [Decision(one, self.compiled.ruleset, self.compiled.answer_keys).extremes() for one in each]
        known = [extremes for extremes in found if extremes is not None]
        if len(known) < len(found):
            return None
        least, greatest, reached = zip(*known, strict=True)
        return min(least), max(greatest), all(reached)

    def _with_all(
        self, group: ScoredGroup, lowest: Sequence[Fraction], highest: Sequence[Fraction]
    ) -> tuple[Fraction, Fraction]:
        """Return the extremes of a group in which everything that facts could exempt applies."""
        found = [
            group.combine(some, frozenset(), frozenset(), cohort)
            for cohort in group.cohorts
            for some in (lowest, highest)
        ]
        return min(found), max(found)

    def _is_joint(self, group: ScoredGroup) -> bool:
        """Whether one company can bring all criteria of a group to their extremes.

        No fact of one lowers another, no two need different answers under one key, and none of them can make one of
        them not applicable.
        """
        names = self.compiled.answer_keys.names.keys()
        read = {str(leaf.criterion.id): self._reading(leaf) for leaf in criteria_of(group)}
        for id, own in read.items():
            is_monotone = self._made[id].judgement(Improvement.EVIDENCE).verdict is Verdict.PROVED
            if not is_monotone or own.keys or own.types & names:
                shared = [other for key, other in read.items() if key != id and own.touches(other)]
                if any(not is_monotone or other.keys or other.types & names for other in shared):
                    return False
        ends = {str(leaf.criterion.id): self._extreme[leaf.named.key] for leaf in criteria_of(group)}
        return self._exemptions.spare(read, {id: (least, most) for id, (least, most, _) in ends.items()})

    def _reading(self, leaf: ScoredCriterion) -> Reading:
        """Return what a criterion reads, with the fact types from which it is derived."""
        conditions = self.compiled.ruleset.conditions
        return self._exemptions.reading(conditions[literal.condition].condition for literal in leaf.literals)


def _judged_before(scored: Scored) -> tuple[Scored, ...]:
    """Return what is judged before something: the groups inside a group, and its parts."""
    return (*scored.inner, *scored.parts) if isinstance(scored, ScoredGroup) else ()


def _shown(value: Fraction | Decimal | None, named: Named) -> Decimal | None:
    return None if value is None else named.shown(value)
