"""A search for counterexamples on the engine itself: companies are invented, one fact of each is bettered, both scored.

It knows nothing of lemmas and cells, and so checks them; and it is all there is for what is too large to decide.
"""

from collections.abc import Callable, Iterator
from typing import Any

from attrs import define, evolve, field, frozen

from cleancloud_rules._api import company_from
from cleancloud_rules._confirming import Bench, Result, is_fair
from cleancloud_rules._digest import identified
from cleancloud_rules._improving import is_change
from cleancloud_rules._inventing.aims import Aims, Held
from cleancloud_rules._inventing.choices import Choices
from cleancloud_rules._inventing.companies import invented_company
from cleancloud_rules._inventing.stating import stated_fact
from cleancloud_rules._realising import Data, Pair
from cleancloud_rules._refuting import Refutation
from cleancloud_rules.certificates import Sense
from cleancloud_rules.errors import FactsError
from cleancloud_rules.facts import CompanyFacts, Fact
from cleancloud_rules.methodology import Methodology

Progress = Callable[[], None]
"""Is called once for each company that was tried."""


@frozen
class _Step:
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

    def companies(self, company: CompanyFacts) -> tuple[CompanyFacts, CompanyFacts]:
        """Return a company of these facts before and after the change."""
        old = (self.old,) if self.old is not None else ()
        return tuple(evolve(company, facts=_sorted((*self.rest, *more))) for more in (old, (self.new,)))  # type: ignore[return-value]

    def pair(self, sources: Data) -> Pair:
        """Return both companies as company files state them."""
        rest = [stated_fact(fact) for fact in self.rest]
        old = [stated_fact(self.old)] if self.old is not None else []
        file: Data = {"id": "example", "name": "Example", **({"sources": sources} if sources else {})}
        before, after = {**file, "facts": [*rest, *old]}, {**file, "facts": [*rest, stated_fact(self.new)]}
        return Pair(before, after, len(rest), self.field)


def _sorted(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    return tuple(sorted(facts, key=lambda fact: fact.id))


@define
class Search:
    """A search on one methodology.

    Args:
        bench: scores companies.
        choices: what companies are invented from.
    """

    bench: Bench
    choices: Choices
    _found: dict[tuple[str, Sense], tuple[_Step, Data]] = field(factory=dict, init=False)

    @property
    def methodology(self) -> Methodology:
        """The methodology."""
        return self.bench.methodology

    def run(self, examples: int, progress: Progress) -> None:
        """Invent companies, and keep what costs points.

        Args:
            examples: how many companies are invented.
            progress: is called after each.
        """
        aims = Aims(self.methodology)
        for _ in range(examples):
            data = invented_company(aims, self.choices)
            data.pop("not_found", None)
            self._try(company_from(data, self.methodology), data.get("sources", {}), aims)
            progress()

    @property
    def found(self) -> frozenset[tuple[str, Sense]]:
        """What earned less in some company, and in which sense."""
        return frozenset(self._found)

    def refutation(self, key: str, sense: Sense) -> Refutation | None:
        """Return a small counterexample that was found; None where none was.

        Args:
            key: what earns less.
            sense: the sense.
        """
        if (key, sense) not in self._found:
            return None
        step, sources = self._found[key, sense]
        pair = self._shrunk(step.pair(sources), key, sense)
        example = self.bench.counterexample(pair, key, sense)
        assert example is not None, "what was scored once is scored alike again"
        return pair, example

    def _try(self, company: CompanyFacts, sources: Data, aims: Aims) -> None:
        """Try every fact of a company: left out and added again, improved, and narrowed."""
        whole = self.bench.result(company)
        for sense, step in self._steps(company, aims):
            before, after = step.companies(company)
            if sense is Sense.EVIDENCE:
                falling = _falling(sense, self.bench.result(before), whole)
            else:
                falling = _falling(sense, whole, self.bench.result(after))
            for key in falling:
                known = self._found.get((key, sense))
                if known is None or len(step.rest) < len(known[0].rest):
                    self._found[key, sense] = (step, sources)

    def _steps(self, company: CompanyFacts, aims: Aims) -> Iterator[tuple[Sense, _Step]]:
        ids = {fact.id for fact in company.facts}
        for fact in company.facts:
            rest = tuple(other for other in company.facts if other is not fact)
            yield Sense.EVIDENCE, _Step(rest, fact)
            for sense in (Sense.VALUE, Sense.NARROWING):
                step = self._bettered(fact, rest, sense, aims)
                if step is not None and step.new.id not in ids:
                    yield sense, step

    def _bettered(self, fact: Fact, rest: tuple[Fact, ...], sense: Sense, aims: Aims) -> _Step | None:
        """Return a change of one field of a fact; None where the search knows of nothing better."""
        options = [
            (own.id, new.value)
            for own in fact.values.fact_type.fields
            for new in aims.options(fact.type, own.id)
            if is_change(sense, new, Held(fact.get(own.id), own.id in fact.disclosed), own)
        ]
        if not options:
            return None
        name, value = self.choices.any_of(options)
        values: Any = {**dict(fact.values.items()), name: value}
        disclosed = tuple(other for other in fact.disclosed if other != name)
        better = identified(evolve(fact, values=fact.values.fact_type.model(**values), disclosed=disclosed))
        return _Step(rest, better, fact, name)

    def _shrunk(self, pair: Pair, key: str, sense: Sense) -> Pair:
        """Return a smaller pair that still is a counterexample: without facts, and without fields, it does not need."""
        while True:
            smaller = next((p for p in _smaller(pair) if self._still_falls(p, key, sense)), None)
            if smaller is None:
                return pair
            pair = smaller

    def _still_falls(self, pair: Pair, key: str, sense: Sense) -> bool:
        try:
            first, second = (company_from(data, self.methodology) for data in (pair.before, pair.after))
        except FactsError:
            return False
        gone, came = set(first.facts) - set(second.facts), set(second.facts) - set(first.facts)
        if len(came) != 1 or len(gone) != (0 if sense is Sense.EVIDENCE else 1):
            return False
        return key in _falling(sense, self.bench.result(first), self.bench.result(second))


def _falling(sense: Sense, before: Result, after: Result) -> tuple[str, ...]:
    """Return what earns less in the second company, where the two may be compared."""
    if not is_fair(sense, before, after):
        return ()
    return tuple(key for key, points in before.points.items() if after.points[key] < points)


def _smaller(pair: Pair) -> Iterator[Pair]:
    """Return pairs with one fact less, or with one field, or one thing beside it, less in a fact."""
    before, after = pair.before["facts"], pair.after["facts"]
    for number in range(len(after)):
        if number != pair.changed:
            yield _with_facts(pair, _drop(before, number), _drop(after, number), pair.changed - 1)
    for number, fact in enumerate(after):
        type_id = next(iter(fact))
        for name in (*fact[type_id], *(key for key in fact if key != type_id)):
            if name != pair.field or number != pair.changed:
                yield _with_facts(pair, _cut(before, number, name), _cut(after, number, name), pair.changed)


def _with_facts(pair: Pair, before: list[Data], after: list[Data], changed: int) -> Pair:
    return Pair({**pair.before, "facts": before}, {**pair.after, "facts": after}, changed, pair.field)


def _drop(facts: list[Data], number: int) -> list[Data]:
    return [fact for i, fact in enumerate(facts) if i != number]


def _cut(facts: list[Data], number: int, name: str) -> list[Data]:
    """Return facts of which one leaves out a field, or something beside the fields."""
    made = []
    for i, fact in enumerate(facts):
        type_id = next(iter(fact))
        values = {key: value for key, value in fact[type_id].items() if i != number or key != name}
        made.append({type_id: values, **{k: v for k, v in fact.items() if k != type_id and (i != number or k != name)}})
    return made
