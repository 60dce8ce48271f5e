"""Improves one fact of a company: adds it, improves one field, or states one value more exactly."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from attrs import evolve, frozen

from cleancloud_rules.analysis.monotonicity.improvement import Apart, is_change
from cleancloud_rules.analysis.monotonicity.witness_files import Data, Pair
from cleancloud_rules.completions.answered import AnswerKeys
from cleancloud_rules.engine.derivation import without_ids
from cleancloud_rules.generators.boundary_values import Aims, Held
from cleancloud_rules.generators.choices import Choices
from cleancloud_rules.generators.serialise import stated_fact
from cleancloud_rules.model.digest import identified
from cleancloud_rules.model.facts import Company, Fact
from cleancloud_rules.results.certificates import Improvement


@frozen
class FactChange:
    """A change of one fact of a company.

    Args:
        rest: the facts that stay.
        new: the fact after the change.
        old: the fact before it; None where it is added.
        field: the field that was changed.
    """

    rest: tuple[Fact, ...]
    new: Fact
    old: Fact | None = None
    field: str | None = None

    def before(self, company: Company) -> Company:
        """Return a company with these facts before the change."""
        return _with(company, self.rest if self.old is None else (*self.rest, self.old))

    def after(self, company: Company) -> Company:
        """Return a company with these facts after the change."""
        return _with(company, (*self.rest, self.new))

    def pair(self, company: Company, sources: Data) -> Pair:
        """Return a company with these facts, before and after the change, as company files state them.

        Args:
            company: the company.
            sources: the sources that its file lists.
        """
        rest = [stated_fact(fact) for fact in self.rest]
        old = [stated_fact(self.old)] if self.old is not None else []
        beside = {"cohort": company.cohort, "sources": sources}
        file: Data = {"id": "example", "name": "Example", **{key: value for key, value in beside.items() if value}}
        before, after = {**file, "facts": [*rest, *old]}, {**file, "facts": [*rest, stated_fact(self.new)]}
        return Pair(before, after, len(rest), self.field)


def _with(company: Company, facts: tuple[Fact, ...]) -> Company:
    return evolve(company, facts=tuple(sorted(facts, key=lambda fact: fact.id)))


def growing(company: Company) -> Iterator[tuple[Company, Fact]]:
    """Yield a company with its first fact, its first two facts, and so on, each time with the last of them.

    Most mistakes show in companies of few facts.
    """
    for number, fact in enumerate(company.facts, 1):
        yield _with(company, company.facts[:number]), fact


def changed(
    sense: Improvement, company: Company, fact: Fact, aims: Aims, choices: Choices, apart: Apart | None = None
) -> FactChange | None:
    """Return a change of one fact of a company; None if there is no improvement.

    A change must not make a fact equal to another one, because the two would then count as one.

    Args:
        sense: the sense of the change.
        company: the company.
        fact: the fact.
        aims: the values that facts may state.
        choices: decides among several changes.
        apart: the answers that stand outside the order of `better`.
    """
    rest = tuple(other for other in company.facts if other is not fact)
    if sense is Improvement.EVIDENCE:
        return FactChange(rest, fact)
    options = [
        (own.id, new.value)
        for own in fact.values.fact_type.fields
        for new in aims.options(fact.type, own.id)
        if is_change(
            sense,
            new,
            Held(fact.get(own.id), own.id in fact.disclosed),
            own,
            (apart or {}).get((fact.type, own.id), ()),
        )
    ]
    if not options:
        return None
    name, value = choices.any_of(options)
    values: Any = {**dict(fact.values.items()), name: value}
    disclosed = tuple(other for other in fact.disclosed if other != name)
    new = identified(evolve(fact, values=fact.values.fact_type.model(**values), disclosed=disclosed))
    return None if any(other.id == new.id for other in rest) else FactChange(rest, new, fact, name)


def is_second_answer(new: Fact, rest: Iterable[Fact], keys: AnswerKeys) -> bool:
    """Whether a fact comes under a key that has an answer: that is a new state of affairs and no change.

    Args:
        new: the fact after the change.
        rest: the other facts.
        keys: the keys under which a company has one answer each.
    """
    key = keys.of_fact(new)
    return key is not None and any(keys.of_fact(other) == key for other in rest)


def is_fair(sense: Improvement, before: Collection[str], after: Collection[str]) -> bool:
    """Whether two companies may be compared: no derivation rejects the narrower value.

    A change gives a fact another id, so problems are compared without the ids of facts.

    Args:
        sense: the sense of the change.
        before: the problems of derivations in the first company.
        after: those in the second.
    """
    return sense is not Improvement.NARROWING or _refusals(after) <= _refusals(before)


def _refusals(problems: Collection[str]) -> Counter[str]:
    return Counter(without_ids(problem) for problem in set(problems))
