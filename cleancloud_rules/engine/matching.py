"""Working memory of one company: its facts are matched and joined, stage by stage."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import prod
from typing import Any

from cleancloud_rules.engine.batches import Batch, Fired
from cleancloud_rules.engine.derivation import derive, join_values
from cleancloud_rules.engine.eligibility import count, outside_window
from cleancloud_rules.engine.firings import Counted
from cleancloud_rules.engine.records import Record, Routes, record_of
from cleancloud_rules.engine.ruleset import Join, Ruleset, Shard
from cleancloud_rules.engine.selection import contradictions, superseded
from cleancloud_rules.errors import EngineError
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.vocabulary import Vocabulary

MAX_RECORDS = 400
"""Records in one batch of stage 1. Each fact is matched alone, so batches can be cut anywhere."""

MAX_COMBINATIONS = 10_000
"""Combinations of facts that one derivation may join in one company."""

Run = Callable[[Sequence[Batch]], list[list[Fired]]]
"""Asserts batches and returns what fires on each."""


class Found:
    """The working memory of one company: which facts count, and which conditions they pass.

    Args:
        ruleset: the compiled methodology.
        routes: where each fact is sent in stage 1.
        run: asserts batches and returns what fires on each.
        counted: the company's facts, each with whether it counts.
    """

    def __init__(self, ruleset: Ruleset, routes: Routes, run: Run, counted: list[Counted]) -> None:
        self.ruleset = ruleset
        self.routes = routes
        self.vocabulary: Vocabulary = ruleset.methodology.vocabulary
        self.run = run
        self.counted: list[Counted] = counted
        self.passing: defaultdict[int, list[str]] = defaultdict(list)
        self.problems: set[str] = set()
        self.facts: dict[str, Fact] = {}
        self.contradictions: tuple[tuple[Fact, ...], ...] = ()

    def select(self) -> None:
        """Remove the facts that a later fact supersedes, and those that contradict each other."""
        selecting = self.ruleset.selecting
        if not selecting:
            return
        eligible = [c.fact for c in self.counted if c.fact.type in selecting and c.is_eligible]
        later = superseded(eligible)
        self.contradictions = contradictions(eligible)
        others = {
            fact.id: tuple(sorted(other.id for other in facts if other is not fact))
            for facts in self.contradictions
            for fact in facts
        }
        if not later and not others:
            return
        self.counted = [_selected(counted, later, others) for counted in self.counted]
        gone = {*later, *others}
        left = {condition: [id for id in ids if id not in gone] for condition, ids in self.passing.items()}
        self.passing = defaultdict(list, {condition: ids for condition, ids in left.items() if ids})

    def match(self, facts: list[Fact]) -> None:
        """Find which conditions new facts pass: stage 1."""
        sent: defaultdict[int, list[tuple[Record, str]]] = defaultdict(list)
        routes = self.routes
        for fact in facts:
            id = fact.id
            self.facts[id] = fact
            for position, record in routes.of(fact):
                sent[position].append((record, id))
        batches = [
            Batch(self.ruleset.matching[position], *zip(*found[start : start + MAX_RECORDS], strict=True))
            for position, found in sorted(sent.items())
            for start in range(0, len(found), MAX_RECORDS)
        ]
        for batch, fired in zip(batches, self.run(batches), strict=True):
            self._passed(batch.shard, fired)

    def _passed(self, shard: Shard, fired: list[Fired]) -> None:
        """Note which conditions facts pass."""
        passing = self.passing
        for condition, ids in fired:
            if len(ids) != 1 or ids[0] is None:
                raise EngineError(f"the engine fired condition {condition} of shard {shard.name} on no fact")
            passing[condition].append(ids[0])
        if len(shard.reads) == 1:
            return
        for condition, (id,) in fired:
            if self.facts[id].type != self.ruleset.conditions[condition].condition.fact_type:
                told = f"the engine fired condition {condition} of shard {shard.name} on a fact of another type"
                raise EngineError(told)

    def derive(self, join: Join) -> None:
        """Join facts for a derivation, and match the derived facts."""
        inputs = [sorted(set(self.passing.get(number, ()))) for number in join.conditions]
        if not all(inputs):
            return
        keys: dict[Any, int] = {}
        records: list[Record] = []
        facts: list[Fact] = []
        partners: dict[tuple[Any, ...], list[int]] = {}
        inputs_of: list[set[int]] = [set() for _ in inputs]
        for position, ids in enumerate(inputs):
            for id in ids:
                fact = self.facts[id]
                values = join_values(fact, join.derivation.join)
                if values is None:
                    continue
                partners.setdefault(values, [0] * len(inputs))[position] += 1
                joined = {f"j{i}": keys.setdefault((i, v), len(keys)) for i, v in enumerate(values)}
                records.append(record_of({f"q{position}": 1, **joined}))
                facts.append(fact)
                inputs_of[position].add(len(facts))
        made: dict[str, Fact] = {}
        for numbers in self._joined(join, records, inputs_of, partners.values()):
            chosen = tuple(facts[number - 1] for number in numbers)
            result = derive(join.derivation, chosen, self.vocabulary)
            if isinstance(result, str):
                self.problems.add(result)
            elif result is not None:
                made[result.id] = result
        new = [fact for id, fact in sorted(made.items()) if id not in self.facts]
        judged = [Counted(fact, outside_window(fact, self.ruleset.methodology)) for fact in new]
        self.counted.extend(judged)
        self.match([counted.fact for counted in judged if counted.counts])

    def _joined(
        self, join: Join, records: list[Record], inputs: list[set[int]], partners: Iterable[list[int]]
    ) -> list[tuple[int, ...]]:
        """Return the combinations of records that the engine joins, whose number must be the expected one.

        Args:
            join: the derivation.
            records: the records.
            inputs: the numbers of the records of each input.
            partners: for each key how many facts each input has under it.
        """
        # The number of combinations is known before the engine runs: for each key it is the product of the numbers of
        # facts that the inputs have under it. If the engine loses a combination, its number is lower.
        expected = sum(prod(counts) for counts in partners)
        if expected > MAX_COMBINATIONS:
            raise EngineError(
                f"derivation {join.derivation.id} joins {expected} combinations of facts, "
                f"at most {MAX_COMBINATIONS} are possible"
            )
        if not expected:
            return []
        (fired,) = self.run([Batch(join.shard, records, range(1, len(records) + 1))])
        found = [numbers for _, numbers in fired]
        if any(len(n) != len(inputs) or any(a not in b for a, b in zip(n, inputs, strict=True)) for n in found):
            raise EngineError(
                f"the engine joined facts for derivation {join.derivation.id} that do not belong together"
            )
        if len(found) != expected:
            message = f"the engine joined {len(found)} of {expected} combinations for derivation {join.derivation.id}"
            raise EngineError(message)
        return sorted(found)

    def literals(self) -> dict[str, int]:
        """Return the literals that hold, as properties of the records of later stages."""
        literals = {f"p{condition}": 1 for condition in self.passing}
        for condition in self.ruleset.absences:
            if condition not in self.passing:
                literals[f"n{condition}"] = 1
        for name, condition, distinct in self.ruleset.counters:
            number = count((self.facts[id] for id in self.passing.get(condition, ())), distinct)
            if number or name in self.ruleset.from_zero:
                literals[name] = number
        return literals


def _selected(counted: Counted, later: Mapping[str, str], others: Mapping[str, tuple[str, ...]]) -> Counted:
    fact = counted.fact
    if (last := later.get(fact.id)) is not None:
        return Counted(fact, f"a later fact counts in its place: {last}", last)
    if (differing := others.get(fact.id)) is not None:
        return Counted(fact, f"it contradicts {', '.join(differing)}, and neither counts", contradicts=differing)
    return counted
