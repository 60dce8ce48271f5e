"""Proof by lemmas: whether they suffice to prove that a criterion is monotone, and which of them are used."""

from collections.abc import Callable, Iterable, Iterator

from attrs import define, field

from cleancloud_rules.analysis.monotonicity import lemmas
from cleancloud_rules.completions.selected import derivations_for, latest_of, single_of
from cleancloud_rules.model.conditions import Condition, Count, NoneOf, UnaryTest, When, conditions_of
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.methodology import Criterion, Methodology, Rule
from cleancloud_rules.results.certificates import Improvement


def proof_of(criterion: Criterion, sense: Improvement, methodology: Methodology) -> tuple[str, ...] | None:
    """Return the names of lemmas that prove that a criterion is monotone in a sense; None if they do not suffice."""
    prover = _Prover(sense, methodology)
    return tuple(sorted(prover.cited)) if prover.proves(criterion) else None


@define
class _Prover:
    sense: Improvement
    methodology: Methodology
    cited: set[str] = field(factory=set, init=False)

    def proves(self, criterion: Criterion) -> bool:
        """Whether every rule lasts, and the hit policy gives no fewer points if more rules fire."""
        if lemmas.cap(criterion):
            self.cited.add("cap")
        if lemmas.window(dict(self.methodology.windows)[criterion.horizon], self.methodology.as_of):
            self.cited.add("window")
        return (
            any(self.uses(lemma, criterion) for lemma in lemmas.POLICIES)
            and self._keeps_what_is_derived(criterion)
            and self._keeps_what_is_selected(criterion)
            and all(self.lasts(rule.when) and self._rises(rule) for rule in criterion.rules)
        )

    def uses(self, lemma: Callable[..., bool], *things: object) -> bool:
        """Whether a lemma applies. If it does, it is cited."""
        applies = lemma(*things)
        if applies:
            self.cited.add(lemma.__name__)
        return applies

    def _rises(self, rule: Rule) -> bool:
        """Whether a rule that fires earns no less after a change."""
        if rule.in_proportion is None:
            return True
        own = self.methodology.vocabulary.by_id[rule.in_proportion.fact_type].get(rule.in_proportion.field)
        assert own is not None
        return self.uses(lemmas.proportion, rule, own, self.sense)

    def _keeps_what_is_selected(self, criterion: Criterion) -> bool:
        types = frozenset(c.fact_type for rule in criterion.rules for c in conditions_of(rule.when))
        if not latest_of(types, self.methodology) and not single_of(types, self.methodology):
            return True
        return self.uses(lemmas.selection, types, self.methodology, self.sense)

    def _keeps_what_is_derived(self, criterion: Criterion) -> bool:
        types = frozenset(c.fact_type for rule in criterion.rules for c in conditions_of(rule.when))
        if not any(True for _ in derivations_for(types, self.methodology)):
            return True
        parts = (part for rule in criterion.rules for part in _parts(rule.when))
        counted = frozenset(p.of.fact_type for p in parts if isinstance(p, Count) and p.distinct is None)
        return self.uses(lemmas.derivation, self.sense, types, counted, self.methodology)

    def lasts(self, when: When, *, holding: bool = True) -> bool:
        """Whether `when` lasts; or, if not `holding`, whether it stays false."""
        # Structural induction over the combinators. `none` swaps the two claims: it lasts if its parts stay false.
        match when:
            case Condition():
                return self.uses(lemmas.existential_condition, when) and self._condition(when, holding=holding)
            case Count():
                return self._condition(when.of, holding=holding) and self._count(when, holding=holding)
            case NoneOf():
                return self.uses(lemmas.none, when) and self._parts(when.parts, holding=not holding)
            case _:
                return self.uses(lemmas.all_and_any, when) and self._parts(when.parts, holding=holding)

    def _parts(self, parts: Iterable[When], *, holding: bool) -> bool:
        return all(self.lasts(part, holding=holding) for part in parts)

    def _condition(self, condition: Condition, *, holding: bool) -> bool:
        """Whether a fact that passes still does after a change; if not `holding`, whether no fact starts to pass."""
        if self.sense is Improvement.EVIDENCE:
            return holding
        if not holding and self._is_derived(condition):
            return False
        return all(self._test(t.test, self._own(condition, t.field), holding=holding) for t in condition.tests)

    def _test(self, test: UnaryTest, own: Field, *, holding: bool) -> bool:
        if self.uses(lemmas.null_test, test):
            return True
        if self.sense is Improvement.NARROWING:
            return holding and self.uses(lemmas.bounded_value, test)
        if self.uses(lemmas.unordered_field, own):
            return True
        return holding and any(self.uses(lemma, test, own) for lemma in lemmas.TESTS)

    def _count(self, asked: Count, *, holding: bool) -> bool:
        if asked.distinct is None:
            return self.uses(lemmas.count_of_facts, asked)
        own = self._own(asked.of, asked.distinct)
        if not holding and (self.sense is not Improvement.VALUE or not self.uses(lemmas.unordered_field, own)):
            return False
        return self.uses(lemmas.count_of_distinct_values, asked, own, self.sense)

    def _own(self, condition: Condition, name: str) -> Field:
        vocabulary = self.methodology.vocabulary
        own = vocabulary.field_of(condition.fact_type, name)
        assert own is not None
        return own

    def _is_derived(self, condition: Condition) -> bool:
        return any(True for _ in derivations_for(frozenset({condition.fact_type}), self.methodology))


def _parts(when: When) -> Iterator[When]:
    yield when
    if not isinstance(when, (Condition, Count)):
        for part in when.parts:
            yield from _parts(part)
