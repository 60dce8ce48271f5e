"""Warnings about derivations that make nothing of the facts of a company."""

from collections.abc import Iterator
from itertools import islice, product
from typing import Any

from attrs import frozen

from cleancloud_rules.analysis.lint.unused import operands
from cleancloud_rules.analysis.lint.warnings import at_fact, warning
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.engine.derivation import derive, join_values, without_ids
from cleancloud_rules.engine.eligibility import outside_window, why_not
from cleancloud_rules.engine.selection import contradictions, problem, superseded
from cleancloud_rules.model.cells import fact_passes
from cleancloud_rules.model.derivations import Derivation
from cleancloud_rules.model.facts import Company, Fact
from cleancloud_rules.model.methodology import Methodology

_SHOWN = 3
"""The maximum number of values that a message names for each input."""

_Joined = tuple[Fact, ...]


@frozen
class _Joining:
    """The facts of each input of a derivation, those that are joined, and the values by which they are joined."""

    derivation: Derivation
    inputs: tuple[dict[tuple[Any, ...] | None, list[Fact]], ...]

    @property
    def keys(self) -> list[tuple[Any, ...]]:
        """The values that facts of every input have."""
        return [key for key in self.inputs[0] if key is not None and all(key in by_key for by_key in self.inputs)]

    def chosen(self) -> Iterator[_Joined]:
        """Yield one fact for each input, in every way in which they can be joined."""
        for key in self.keys:
            yield from product(*(by_key[key] for by_key in self.inputs))

    def left(self) -> list[list[Fact]]:
        """Return for each input the facts that are joined with none, and have all values that the formulas read."""
        joined = set(self.keys)
        read: dict[str, set[str]] = {name: set() for name, _ in self.derivation.inputs}
        for operand in operands(self.derivation):
            read[operand.input].add(operand.field)
        return [
            [
                fact
                for key, facts in by_key.items()
                for fact in facts
                if key not in joined and all(fact.get(field) is not None for field in read[name])
            ]
            for (name, _), by_key in zip(self.derivation.inputs, self.inputs, strict=True)
        ]


def failing_derivations(company: Company, methodology: Methodology) -> Iterator[Diagnostic]:
    """A derivation makes nothing of facts: some facts of each input agree with none of the others, or it fails."""
    vocabulary = methodology.vocabulary
    if not vocabulary.derivations:
        return
    counting = [fact for fact in company.facts if why_not(fact, methodology, with_hypothetical=False) is None]
    if contradictions(counting):
        return  # an error of its own, and there is no result
    eligible, origins = list(counting), dict[str, tuple[Fact, ...]]()
    known = _selected(eligible)
    for derivation in vocabulary.derivations:
        joining = _joining(derivation, known, methodology)
        yield from _unjoined(joining)
        made: dict[str, Fact] = {}
        for facts in joining.chosen():
            result = derive(derivation, facts, vocabulary)
            if isinstance(result, Fact):
                made[result.id] = result
                origins[result.id] = tuple(stated for fact in facts for stated in origins.get(fact.id, (fact,)))
            elif result is not None:
                first = next((fact for fact in facts if fact.node is not None), None)
                if first is not None:
                    yield warning("derivation-failed", f"{without_ids(result)}; nothing is derived", at_fact(first))
        eligible += [fact for fact in made.values() if outside_window(fact, methodology) is None]
        known = _selected(eligible)
    for clashing in contradictions(eligible):
        stated = [origin for fact in clashing for origin in origins.get(fact.id, (fact,)) if origin.node is not None]
        if stated:
            place = max((at_fact(origin) for origin in stated), key=lambda where: where.sort_key)
            yield warning("derivation-failed", problem(clashing), place)


def _joining(derivation: Derivation, known: list[Fact], methodology: Methodology) -> _Joining:
    inputs = []
    for _, condition in derivation.inputs:
        read = {t.field: methodology.vocabulary.field_of(condition.fact_type, t.field) for t in condition.tests}
        fields = {name: field for name, field in read.items() if field is not None}
        by_key: dict[tuple[Any, ...] | None, list[Fact]] = {}
        for fact in known:
            if fact_passes(fact, condition, fields):
                by_key.setdefault(join_values(fact, derivation.join), []).append(fact)
        inputs.append(by_key)
    return _Joining(derivation, tuple(inputs))


def _unjoined(joining: _Joining) -> Iterator[Diagnostic]:
    left = joining.left()
    first = next((fact for facts in left for fact in facts if fact.node is not None), None)
    if first is None or not all(left):
        return
    derivation = joining.derivation
    join = " and ".join(f"`{name}`" for name in derivation.join)
    has = [
        f"`{name}` has {_values(facts, derivation.join)}"
        for (name, _), facts in zip(derivation.inputs, left, strict=True)
    ]
    message = f"derivation `{derivation.id}` makes nothing of this fact, for no facts agree in {join}: {', '.join(has)}"
    yield warning("derivation-not-joined", message, at_fact(first))


def _values(facts: list[Fact], join: tuple[str, ...]) -> str:
    """Return the values of the join fields of some facts, in words."""
    found = sorted({" and ".join(_value(fact, name) for name in join) for fact in facts})
    more = ["..."] if len(found) > _SHOWN else []
    return ", ".join([*islice(found, _SHOWN), *more])


def _value(fact: Fact, name: str) -> str:
    value = fact.period if name == "period" else fact.get(name)
    return f"no {name}" if value is None else str(value)


def _selected(facts: list[Fact]) -> list[Fact]:
    """Return facts without those that a later one supersedes, and those that contradict each other."""
    left_out = {*superseded(facts), *(fact.id for some in contradictions(facts) for fact in some)}
    return [fact for fact in facts if fact.id not in left_out]
