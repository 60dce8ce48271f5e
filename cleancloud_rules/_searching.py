"""A search for counterexamples on the engine itself: companies are invented, one fact of each is bettered, both scored.

It knows nothing of lemmas and cells, and so checks them; and it is all there is for what is too large to decide.
"""

from collections.abc import Callable, Iterator
from typing import Any

from attrs import define, field, frozen

from cleancloud_rules._api import company_from
from cleancloud_rules._confirming import Bench, Result, is_fair
from cleancloud_rules._improving import is_change
from cleancloud_rules._inventing.aims import Aims, Held
from cleancloud_rules._inventing.choices import Choices
from cleancloud_rules._inventing.companies import invented_company
from cleancloud_rules._inventing.stating import stated_value
from cleancloud_rules._realising import Data, Pair
from cleancloud_rules._refuting import Refutation
from cleancloud_rules.certificates import Sense
from cleancloud_rules.errors import FactsError
from cleancloud_rules.facts import CompanyFacts, Fact, Field
from cleancloud_rules.methodology import Methodology

Progress = Callable[[], None]
"""Is called once for each company that was tried."""


@frozen
class _Case:
    """A pair of companies and what it does to each part of the methodology."""

    sense: Sense
    pair: Pair
    falling: frozenset[str]


@define
class Search:
    """A search on one methodology.

    Args:
        bench: scores companies.
        choices: what companies are invented from.
    """

    bench: Bench
    choices: Choices
    _found: dict[tuple[str, Sense], Pair] = field(factory=dict, init=False)

    @property
    def methodology(self) -> Methodology:
        """The methodology."""
        return self.bench.methodology

    def run(self, examples: int, progress: Progress) -> dict[tuple[str, Sense], Refutation]:
        """Return the smallest counterexamples that were found, by what earns less and by sense.

        Args:
            examples: how many companies are invented.
            progress: is called after each.
        """
        aims = Aims(self.methodology)
        for _ in range(examples):
            data = invented_company(aims, self.choices)
            data.pop("not_found", None)
            for case in self._cases(data, aims):
                self._keep(case)
            progress()
        made: dict[tuple[str, Sense], Refutation] = {}
        for (id, sense), pair in sorted(self._found.items(), key=lambda item: (item[0][0], item[0][1].value)):
            shrunk = self._shrunk(pair, id, sense)
            example = self.bench.counterexample(shrunk, id, sense)
            if example is not None:
                made[id, sense] = (shrunk, example)
        return made

    def _keep(self, case: _Case) -> None:
        for id in case.falling:
            known = self._found.get((id, case.sense))
            if known is None or _size(case.pair) < _size(known):
                self._found[id, case.sense] = case.pair

    def _cases(self, data: Data, aims: Aims) -> Iterator[_Case]:
        company = company_from(data, self.methodology)
        result = self.bench.result(company)
        for number in range(len(data["facts"])):
            rest = [fact for i, fact in enumerate(data["facts"]) if i != number]
            pair = Pair({**data, "facts": rest}, {**data, "facts": [*rest, data["facts"][number]]}, len(rest))
            yield from self._case(Sense.EVIDENCE, pair, None, result)
        for number, fact in enumerate(data["facts"]):
            for sense in (Sense.VALUE, Sense.NARROWING):
                changed = self._bettered(fact, sense, aims)
                if changed is not None:
                    better, name = changed
                    facts = [better if i == number else other for i, other in enumerate(data["facts"])]
                    yield from self._case(sense, Pair(data, {**data, "facts": facts}, number, name), result, None)

    def _case(self, sense: Sense, pair: Pair, before: Result | None, after: Result | None) -> Iterator[_Case]:
        falling = self._falling(sense, pair, before, after)
        if falling:
            yield _Case(sense, pair, falling)

    def _falling(
        self, sense: Sense, pair: Pair, before: Result | None = None, after: Result | None = None
    ) -> frozenset[str]:
        """Return what earns less in the second company."""
        try:
            first, second = (company_from(data, self.methodology) for data in (pair.before, pair.after))
        except FactsError:
            return frozenset()
        if not _differ_in_one(sense, first, second):
            return frozenset()
        before, after = before or self.bench.result(first), after or self.bench.result(second)
        if not is_fair(sense, before, after):
            return frozenset()
        return frozenset(id for id, points in before.points.items() if after.points[id] < points)

    def _bettered(self, fact: Data, sense: Sense, aims: Aims) -> tuple[Data, str] | None:
        """Return a fact with one field bettered, and that field; None where the search knows of nothing better."""
        type_id = next(iter(fact))
        stated = self._stated(fact)
        if stated is None:
            return None
        options: list[tuple[Field, Held]] = []
        for own in self.methodology.vocabulary.by_id[type_id].fields:
            old = Held(stated.get(own.id), own.id in stated.disclosed)
            options += [(own, new) for new in aims.options(type_id, own.id) if is_change(sense, new, old, own)]
        if not options:
            return None
        own, new = self.choices.any_of(options)
        assert new.value is not None
        values: Data = {**fact[type_id], own.id: stated_value(new.value, own)}
        disclosed = [name for name in fact.get("disclosed", ()) if name != own.id]
        better: Data = {**fact, type_id: values, "disclosed": disclosed}
        return {key: value for key, value in better.items() if key != "disclosed" or value}, own.id

    def _stated(self, fact: Data) -> Fact | None:
        source = {key: value for key, value in fact.items() if key != "source"}
        (stated,) = company_from({"id": "one", "name": "One", "facts": [source]}, self.methodology).facts
        return stated

    def _shrunk(self, pair: Pair, id: str, sense: Sense) -> Pair:
        """Return a smaller pair that still is a counterexample: without facts, and without fields, it does not need."""
        while True:
            smaller = next((p for p in _smaller(pair) if id in self._falling(sense, p)), None)
            if smaller is None:
                return pair
            pair = smaller


def _size(pair: Pair) -> tuple[int, int]:
    return len(pair.after["facts"]), sum(len(fact[next(iter(fact))]) for fact in pair.after["facts"])


def _differ_in_one(sense: Sense, first: CompanyFacts, second: CompanyFacts) -> bool:
    """Whether one fact was added, or one replaced by one that was not stated already."""
    gone, came = set(first.facts) - set(second.facts), set(second.facts) - set(first.facts)
    return len(came) == 1 and len(gone) == (0 if sense is Sense.EVIDENCE else 1)


def _smaller(pair: Pair) -> Iterator[Pair]:
    """Return pairs with one fact less, or with one field, or one thing beside it, less in a fact."""
    before, after = pair.before["facts"], pair.after["facts"]
    for number, fact in enumerate(after):
        if number != pair.changed:
            yield _without(pair, [f for f in before if f != fact], [f for f in after if f is not fact], number)
    for number, fact in enumerate(after):
        type_id = next(iter(fact))
        for part in (*fact[type_id], *(key for key in fact if key != type_id)):
            if part != pair.field:
                other = before[number] if number < len(before) else None
                yield Pair(
                    {**pair.before, "facts": _put(before, number, other and _cut(other, type_id, part))},
                    {**pair.after, "facts": _put(after, number, _cut(fact, type_id, part))},
                    pair.changed,
                    pair.field,
                )


def _without(pair: Pair, before: list[Data], after: list[Data], number: int) -> Pair:
    changed = pair.changed - (1 if number < pair.changed else 0)
    return Pair({**pair.before, "facts": before}, {**pair.after, "facts": after}, changed, pair.field)


def _put(facts: list[Data], number: int, fact: Data | None) -> list[Data]:
    return [fact if i == number and fact is not None else other for i, other in enumerate(facts)]


def _cut(fact: Data, type_id: str, part: str) -> Data:
    values: Any = {name: value for name, value in fact[type_id].items() if name != part}
    beside = {key: value for key, value in fact.items() if key not in (type_id, part)}
    return {type_id: values, **beside}
