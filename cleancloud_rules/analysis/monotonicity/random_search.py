"""Random search for counterexamples: generates companies, improves one fact, scores before and after.

It uses the engine, and neither lemmas nor cells, so it checks both. For parts that have too many states to be decided
it is the only means.
"""

from collections.abc import Callable, Iterator

from attrs import define, evolve, field, frozen

from cleancloud_rules.analysis.monotonicity.counterexamples import Refutation
from cleancloud_rules.analysis.monotonicity.improvement import Apart, answers_apart
from cleancloud_rules.analysis.monotonicity.mutation import FactChange, changed, growing, is_fair, is_second_answer
from cleancloud_rules.analysis.monotonicity.witness import Result, counterexample, result
from cleancloud_rules.analysis.monotonicity.witness_files import Data, Pair
from cleancloud_rules.errors import FactsError
from cleancloud_rules.generators.boundary_values import Aims, focused
from cleancloud_rules.generators.choices import Choices
from cleancloud_rules.generators.companies import generated_company
from cleancloud_rules.language.load.files import company_from
from cleancloud_rules.model.facts import Company, Fact
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.results.certificates import Improvement
from cleancloud_rules.scoring.compiled import CompiledMethodology

Progress = Callable[[], None]
"""Is called once for each generated company."""


@frozen
class _Generated:
    """A generated company, the sources that its file lists, and the values that its facts are aimed at."""

    company: Company
    sources: Data
    aims: Aims


@define
class RandomSearch:
    """A random search on one methodology.

    Args:
        compiled: the methodology.
        choices: the source of randomness.
    """

    compiled: CompiledMethodology
    choices: Choices
    _apart: Apart = field(init=False)
    _found: dict[tuple[str, Improvement], tuple[FactChange, _Generated]] = field(factory=dict, init=False)

    @_apart.default
    def _answers_apart(self) -> Apart:
        return answers_apart(self.compiled.methodology)

    @property
    def methodology(self) -> Methodology:
        """The methodology."""
        return self.compiled.methodology

    def run(self, examples: int, progress: Progress) -> None:
        """Generate companies, and keep the changes that cost points.

        Args:
            examples: how many companies are generated.
            progress: is called after each.
        """
        targets = [Aims(target) for target in focused(self.methodology)]
        for number in range(examples):
            aims = targets[number % len(targets)]
            data = generated_company(aims, self.choices)
            data.pop("not_found", None)
            self._try(_Generated(company_from(data, self.methodology), data.get("sources", {}), aims))
            progress()

    @property
    def found(self) -> frozenset[tuple[str, Improvement]]:
        """The keys of the parts that earned less after some change, each with the sense of the change."""
        return frozenset(self._found)

    def refutation(self, key: str, sense: Improvement) -> Refutation | None:
        """Return a small counterexample that was found; None if none was found.

        Args:
            key: the key of the part that earns less.
            sense: the sense of the change.
        """
        if (key, sense) not in self._found:
            return None
        change, generated = self._found[key, sense]
        pair = self._shrunk(change.pair(generated.company, generated.sources), key, sense)
        example = counterexample(pair, key, sense, self.compiled)
        assert example is not None, "scoring is deterministic"
        return pair, example

    def _try(self, generated: _Generated) -> None:
        """Add the facts of a company one by one. Improve each when it is the last one, and when all facts are there."""
        company = generated.company
        last = result(evolve(company, facts=()), self.compiled)
        for stage, fact in growing(company):
            before, last = last, result(stage, self.compiled)
            rest = tuple(other for other in stage.facts if other is not fact)
            if not is_second_answer(fact, rest, self.compiled.answer_keys):
                self._keep(Improvement.EVIDENCE, FactChange(rest, fact), before, last, generated)
            self._improve(fact, stage, last, generated)
        for fact in company.facts[:-1]:
            self._improve(fact, company, last, generated)

    def _improve(self, fact: Fact, stage: Company, before: Result, generated: _Generated) -> None:
        for sense in (Improvement.VALUE, Improvement.NARROWING):
            change = changed(sense, stage, fact, generated.aims, self.choices, self._apart)
            if change is None or is_second_answer(change.new, change.rest, self.compiled.answer_keys):
                continue
            try:
                after = result(change.after(stage), self.compiled)
            except FactsError:
                continue  # the fact contradicts another one now, so that the company has no result
            self._keep(sense, change, before, after, generated)

    def _keep(
        self, sense: Improvement, change: FactChange, before: Result, after: Result, generated: _Generated
    ) -> None:
        """Keep a change for each part that earns less, unless a change of a smaller company is known."""
        for key in _falling(sense, before, after):
            known = self._found.get((key, sense))
            if known is None or len(change.rest) < len(known[0].rest):
                self._found[key, sense] = (change, generated)

    def _shrunk(self, pair: Pair, key: str, sense: Improvement) -> Pair:
        """Return a minimal pair that is still a counterexample: no single fact or field can be removed from it."""
        # Greedy delta debugging: the first removal after which the pair is still a counterexample is kept, and the
        # search begins again. Each round removes a fact or an entry of a fact, so it ends. The result is 1-minimal:
        # every single further removal was tried.
        while True:
            smaller = next((p for p in _smaller(pair) if self._still_falls(p, key, sense)), None)
            if smaller is None:
                return pair
            pair = smaller

    def _still_falls(self, pair: Pair, key: str, sense: Improvement) -> bool:
        try:
            first, second = (company_from(data, self.methodology) for data in (pair.before, pair.after))
        except FactsError:
            return False
        gone, came = set(first.facts) - set(second.facts), set(second.facts) - set(first.facts)
        if len(came) != 1 or len(gone) != (0 if sense is Improvement.EVIDENCE else 1):
            return False
        (new,) = came
        if is_second_answer(new, set(second.facts) - came, self.compiled.answer_keys):
            return False
        try:
            return key in _falling(sense, result(first, self.compiled), result(second, self.compiled))
        except FactsError:
            return False


def _falling(sense: Improvement, before: Result, after: Result) -> tuple[str, ...]:
    """Return the keys of the parts that earn less in the second company, if the two may be compared."""
    if not is_fair(sense, before.problems, after.problems):
        return ()
    return tuple(key for key, points in before.points.items() if after.points[key] < points)


def _smaller(pair: Pair) -> Iterator[Pair]:
    """Yield pairs without one fact, or without one field or one other entry of a fact."""
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
    """Return facts without one field, or one other entry, of one of them."""
    made = []
    for i, fact in enumerate(facts):
        type_id = next(iter(fact))
        values = {key: value for key, value in fact[type_id].items() if i != number or key != name}
        made.append({type_id: values, **{k: v for k, v in fact.items() if k != type_id and (i != number or k != name)}})
    return made
