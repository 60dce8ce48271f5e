"""Lemmas put together: whether they suffice to prove a criterion or a group monotone, and which of them are used."""

from collections.abc import Iterator

from attrs import define, field

from cleancloud_rules import _lemmas as lemmas
from cleancloud_rules._conditions import field_named
from cleancloud_rules.certificates import Sense
from cleancloud_rules.conditions import AllOf, AnyOf, Condition, Count, NoneOf, UnaryTest, When, conditions_of
from cleancloud_rules.facts import Field
from cleancloud_rules.methodology import Criterion, Methodology

_POLICIES = (lemmas.collect_max, lemmas.collect_sum, lemmas.first)


def proof_of(criterion: Criterion, sense: Sense, methodology: Methodology) -> tuple[str, ...] | None:
    """Return the names of lemmas that prove a criterion monotone in a sense; None where they do not suffice."""
    prover = _Prover(sense, methodology, criterion)
    return tuple(sorted(prover.cited)) if prover.proves() else None


@define
class _Prover:
    sense: Sense
    methodology: Methodology
    criterion: Criterion
    cited: set[str] = field(factory=set, init=False)

    def proves(self) -> bool:
        """Whether no rule comes to fail, and the hit policy makes no less of more rules."""
        return (
            any(self.cites(lemma.__name__, lemma(self.criterion)) for lemma in _POLICIES)
            and self.cites("cap", self.criterion.at_most is None or lemmas.cap(self.criterion), quiet=self._uncapped)
            and self.cites("window", lemmas.window(self.sense), quiet=self._always)
            and self._derivations()
            and all(self.lasts(rule.when, holding=True) for rule in self.criterion.rules)
        )

    def cites(self, name: str, applies: bool, *, quiet: bool = False) -> bool:
        """Keep the name of a lemma that applies, unless there is nothing for it to say."""
        if applies and not quiet:
            self.cited.add(name)
        return applies

    @property
    def _uncapped(self) -> bool:
        return self.criterion.at_most is None

    @property
    def _always(self) -> bool:
        window = dict(self.methodology.windows)[self.criterion.horizon]
        return window.start is None and window.end is None

    def _derivations(self) -> bool:
        asked = [part for rule in self.criterion.rules for part in _parts(rule.when)]
        types = frozenset(c.fact_type for rule in self.criterion.rules for c in conditions_of(rule.when))
        counted = frozenset(p.of.fact_type for p in asked if isinstance(p, Count) and p.distinct is None)
        made = any(True for _ in lemmas.derivations_for(types, self.methodology))
        return self.cites("derivation", lemmas.derivation(self.sense, types, counted, self.methodology), quiet=not made)

    def lasts(self, when: When, *, holding: bool) -> bool:
        """Whether what holds keeps holding; or, where it is not `holding`, whether what fails keeps failing."""
        match when:
            case Condition():
                return self._condition(when, holding=holding)
            case Count():
                return self._count(when, holding=holding)
            case NoneOf(parts):
                lasting = [self.lasts(part, holding=not holding) for part in parts]
                return self.cites("none", lemmas.none(lasting))
            case AllOf(parts) | AnyOf(parts):
                lasting = [self.lasts(part, holding=holding) for part in parts]
                return self.cites("all_and_any", lemmas.all_and_any(lasting))

    def _condition(self, condition: Condition, *, holding: bool) -> bool:
        if self.sense is Sense.EVIDENCE:
            return holding and self.cites("existential_condition", lemmas.existential_condition(self.sense))
        if not holding and self._is_derived(condition):
            return False
        return all(self._test(test, self._own(condition, name), holding=holding) for name, test in _tests(condition))

    def _test(self, test: UnaryTest, own: Field, *, holding: bool) -> bool:
        if self.cites("null_test", lemmas.null_test(test)):
            return True
        if self.sense is Sense.NARROWING:
            return holding and self.cites("bounded_value", lemmas.bounded_value(self.sense))
        if self.cites("unordered_field", lemmas.unordered_field(own)):
            return True
        return holding and any(self.cites(lemma.__name__, lemma(test, own)) for lemma in lemmas.OPEN_TESTS)

    def _count(self, asked: Count, *, holding: bool) -> bool:
        if not self._condition(asked.of, holding=holding):
            return False
        if asked.distinct is None:
            return self.cites("count_of_facts", lemmas.count_of_facts(asked))
        own = self._own(asked.of, asked.distinct)
        if not holding and (self.sense is not Sense.VALUE or not lemmas.unordered_field(own)):
            return False
        return self.cites(
            "count_of_distinct_values", lemmas.count_of_distinct_values(asked, self.sense, own)
        )

    def _own(self, condition: Condition, name: str) -> Field:
        vocabulary = self.methodology.vocabulary
        own = field_named(name, vocabulary.by_id[condition.fact_type], vocabulary)
        assert own is not None
        return own

    def _is_derived(self, condition: Condition) -> bool:
        types = frozenset({condition.fact_type})
        return any(True for _ in lemmas.derivations_for(types, self.methodology))


def _tests(condition: Condition) -> Iterator[tuple[str, UnaryTest]]:
    yield from ((test.field, test.test) for test in condition.tests)


def _parts(when: When) -> Iterator[When]:
    yield when
    if not isinstance(when, (Condition, Count)):
        for part in when.parts:
            yield from _parts(part)
