"""A ruleset fired on the facts of one company. The only module that imports durable_rules.

The engine is driven through its extension module in a loop of our own, because the public one starts timer
threads, swallows exceptions and keeps global state. What is done here and looks odd is a remedy for a measured
hazard of the engine; each is described in ``docs/explanation/engine.md``:

* every batch is led by an anchor and ended by a sentinel, and both must fire: an engine that stops in the
  middle of a batch is noticed, no batch is empty, and no state is deleted in which nothing started;
* records carry small integers only, and ids that count from 0 within a batch;
* one live state for each shard, under a lock, deleted after each company;
* states are deleted before their ruleset.
"""

import json
import threading
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Protocol

from attrs import frozen

from cleancloud_rules._cells import ends
from cleancloud_rules._counting import count, why_not
from cleancloud_rules._derivation import derive, join_values
from cleancloud_rules.errors import EngineError
from cleancloud_rules.facts import CompanyFacts, Fact
from cleancloud_rules.firings import Counted, Firing, Firings
from cleancloud_rules.methodology import Methodology
from cleancloud_rules.rulesets import ANCHOR, SENTINEL, CompiledRule, FactEncoding, Join, Ruleset, Shard

MAX_RECORDS = 400
"""Records in one batch of stage 1; each fact is judged alone, so batches can be cut anywhere."""

_STATE = "0"

Record = dict[str, int]
"""One record as the engine takes it, without its id."""

Message = tuple[str, dict[str, dict[str, int]]]
"""One firing as the engine reports it: name of the rule, and the records by alias."""


class Backend(Protocol):
    """What is used of the engine's extension module."""

    def create_ruleset(self, name: str, definition: str, /) -> int: ...
    def delete_ruleset(self, handle: int, /) -> Any: ...
    def assert_facts(self, handle: int, facts: str, /) -> tuple[int, int]: ...
    def start_action_for_state(self, handle: int, state: int, /) -> tuple[str, str] | None: ...
    def complete_and_start_action(self, handle: int, state: int, /) -> str | None: ...
    def delete_state(self, handle: int, sid: str, /) -> Any: ...


def load_backend() -> ModuleType:
    """Return the engine's extension module.

    Raises:
        EngineError: with what to do, where it is missing or was built in a way that cannot work.
    """
    try:
        import durable_rules_engine
    except ImportError as error:
        raise EngineError(_missing(error)) from error
    module: ModuleType = durable_rules_engine
    return module


def _missing(error: ImportError) -> str:
    if "PyEval_CallObject" in str(error):
        return (
            "durable_rules was built without a flag that it needs on Python 3.13 and later; install it again with\n"
            "  CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject pip install --no-cache-dir --force-reinstall "
            "--no-binary durable_rules durable_rules==2.0.28"
        )
    return (
        "durable_rules cannot be imported; it is compiled when it is installed, so a C compiler must be present:\n"
        "  CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject pip install durable_rules==2.0.28"
    )


@frozen
class _Loaded:
    shard: Shard
    handle: int
    lock: threading.Lock


class Engine:
    """A loaded ruleset. Safe to use from several threads; `close` frees what the engine holds.

    Args:
        ruleset: the compiled methodology.
        methodology: the methodology that it was compiled from.
        backend: the engine's extension module, or a stand-in for it.
    """

    def __init__(self, ruleset: Ruleset, methodology: Methodology, backend: Backend | None = None) -> None:
        self.ruleset = ruleset
        self.methodology = methodology
        self._backend: Backend = backend or load_backend()
        self._loaded: dict[str, _Loaded] = {}
        try:
            for shard in self._shards():
                self._load(shard)
        except BaseException:
            self.close()
            raise

    def _shards(self) -> Iterator[Shard]:
        yield from self.ruleset.matching
        yield from (join.shard for join in self.ruleset.joins)
        for level in self.ruleset.levels:
            yield from level

    def _load(self, shard: Shard) -> None:
        try:
            handle = self._backend.create_ruleset(shard.name, shard.definition)
        except Exception as error:
            raise EngineError(f"the engine refused the rules of shard {shard.name}: {error}") from error
        self._loaded[shard.name] = _Loaded(shard, handle, threading.Lock())
        self._run(shard, [])

    def close(self) -> None:
        """Free what the engine holds. The object cannot be used afterwards."""
        loaded, self._loaded = self._loaded, {}
        for item in loaded.values():
            with item.lock:
                self._backend.delete_ruleset(item.handle)

    def fire(self, company: CompanyFacts, *, with_hypothetical: bool = False) -> Firings:
        """Fire the rules on the facts of a company.

        Args:
            company: the facts.
            with_hypothetical: whether hypothetical facts are read.

        Raises:
            EngineError: where the engine loses a record, fires what it must not, or fails.
        """
        counted = [self._judge(fact, with_hypothetical) for fact in company.facts]
        found = _Found(self, counted)
        found.match([c.fact for c in counted if c.counts])
        for join in self.ruleset.joins:
            found.derive(join)
        firings = self._fire_rules(found)
        return Firings(firings, tuple(sorted(found.counted, key=lambda c: c.fact.id)), tuple(sorted(found.problems)))

    def _judge(self, fact: Fact, with_hypothetical: bool) -> Counted:
        return Counted(fact, why_not(fact, self.methodology, with_hypothetical=with_hypothetical))

    def _fire_rules(self, found: "_Found") -> tuple[Firing, ...]:
        literals = found.literals()
        fired: dict[tuple[str, str], set[int]] = {}
        for level in self.ruleset.levels:
            parts: dict[str, int] = {}
            for shard in level:
                records = [{name: literals[name]} for name in sorted(shard.reads) if name in literals]
                if not records and ANCHOR not in shard.reads:
                    continue
                for name, _ in self._run(shard, records):
                    meaning = shard.meaning[name]
                    if isinstance(meaning, str):
                        parts[meaning] = 1
                    else:
                        fired.setdefault(meaning[:2], set()).add(meaning[2])
            literals.update(parts)
        made = (self._firing(self.ruleset.rules[key], disjuncts, found) for key, disjuncts in fired.items())
        return tuple(sorted(made, key=lambda f: (f.criterion, f.rule)))

    def _firing(self, rule: CompiledRule, disjuncts: set[int], found: "_Found") -> Firing:
        facts: set[str] = set()
        for k in disjuncts:
            for literal in rule.disjuncts[k]:
                if literal.kind in ("present", "at_least"):
                    facts |= found.passing[literal.condition]
        return Firing(rule.criterion, rule.rule, tuple(sorted(facts)))

    def _run(self, shard: Shard, records: list[Record]) -> list[Message]:
        """Assert records into a fresh state of a shard and return its firings without anchor and sentinel."""
        loaded = self._loaded[shard.name]
        batch = [{ANCHOR: 1}, *records, {SENTINEL: 1}]
        text = json.dumps([{"id": i, "sid": 0, **record} for i, record in enumerate(batch)])
        with loaded.lock:
            try:
                code, state = self._backend.assert_facts(loaded.handle, text)
                if code not in (0, 1):
                    raise EngineError(f"the engine answered {code} to the facts of shard {shard.name}")
                messages = list(self._drain(loaded.handle, state))
                self._backend.delete_state(loaded.handle, _STATE)
            except EngineError:
                raise
            except Exception as error:
                raise EngineError(f"the engine failed on shard {shard.name}: {error}") from error
        return _checked(messages, shard)

    def _drain(self, handle: int, state: int) -> Iterator[Message]:
        started = self._backend.start_action_for_state(handle, state)
        text = started[1] if started else None
        while text:
            ((name, records),) = json.loads(text).items()
            yield name, records
            text = self._backend.complete_and_start_action(handle, state)

    def encode(self, fact: Fact) -> Record:
        """Return a fact as the engine takes it: its type and the cells of the fields that tests read."""
        return encode(fact, self.ruleset.encodings[fact.type])

    def run_matching(self, facts: list[Fact]) -> dict[int, set[str]]:
        """Return for each condition the ids of the facts that pass it, as stage 1 finds them."""
        passing: dict[int, set[str]] = {}
        for shard in self.ruleset.matching:
            relevant = [fact for fact in facts if fact.type in shard.reads]
            for start in range(0, len(relevant), MAX_RECORDS):
                chunk = relevant[start : start + MAX_RECORDS]
                for name, records in self._run(shard, [self.encode(fact) for fact in chunk]):
                    fact = chunk[records["a0"]["id"] - 1] if "a0" in records else chunk[records["m"]["id"] - 1]
                    passing.setdefault(shard.meaning[name], set()).add(fact.id)
        return passing

    def run_join(self, shard: Shard, records: list[Record]) -> list[tuple[int, ...]]:
        """Return the joined records of each firing, by index."""
        found = []
        for _, joined in self._run(shard, records):
            found.append(tuple(joined[alias]["id"] - 1 for alias in sorted(joined, key=lambda a: int(a[1:]))))
        return sorted(found)


def _checked(messages: list[Message], shard: Shard) -> list[Message]:
    guards = [name for name, _ in messages if name in (ANCHOR, SENTINEL)]
    if sorted(guards) != [ANCHOR, SENTINEL]:
        raise EngineError(f"the engine lost records of shard {shard.name}: of anchor and sentinel it fired {guards}")
    rest = [message for message in messages if message[0] not in (ANCHOR, SENTINEL)]
    unknown = sorted({name for name, _ in rest if name not in shard.meaning})
    if unknown:
        raise EngineError(f"the engine fired rules that shard {shard.name} does not have: {unknown}")
    once = {(name, tuple(sorted((alias, r["id"]) for alias, r in records.items()))) for name, records in rest}
    if len(once) != len(rest):
        raise EngineError(f"the engine fired a rule of shard {shard.name} twice on the same records")
    return rest


class _Found:
    """What has been found so far in the facts of one company."""

    def __init__(self, engine: Engine, counted: list[Counted]) -> None:
        self.engine = engine
        self.counted = counted
        self.passing: dict[int, set[str]] = {}
        self.problems: set[str] = set()
        self.facts: dict[str, Fact] = {}

    def match(self, facts: list[Fact]) -> None:
        """Find which conditions new facts pass."""
        self.facts.update((fact.id, fact) for fact in facts)
        for condition, ids in self.engine.run_matching(facts).items():
            self.passing.setdefault(condition, set()).update(ids)

    def derive(self, join: Join) -> None:
        """Join facts for a derivation and match what it makes."""
        inputs = [sorted(self.passing.get(number, ())) for number in join.conditions]
        if not all(inputs):
            return
        keys: dict[Any, int] = {}
        records: list[Record] = []
        facts: list[Fact] = []
        for position, ids in enumerate(inputs):
            for id in ids:
                fact = self.facts[id]
                values = join_values(fact, join.derivation.join)
                if values is None:
                    continue
                joined = {f"j{i}": keys.setdefault((i, v), len(keys)) for i, v in enumerate(values)}
                records.append({f"q{position}": 1, **joined})
                facts.append(fact)
        made: dict[str, Fact] = {}
        if records:
            for indices in self.engine.run_join(join.shard, records):
                chosen = tuple(facts[index] for index in indices)
                result = derive(join.derivation, chosen, self.engine.methodology.vocabulary)
                if isinstance(result, str):
                    self.problems.add(result)
                elif result is not None:
                    made[result.id] = result
        new = [fact for id, fact in sorted(made.items()) if id not in self.facts]
        self.counted.extend(Counted(fact) for fact in new)
        self.match(new)

    def literals(self) -> Record:
        """Return the literals that hold, as properties of records for the later stages."""
        ruleset = self.engine.ruleset
        literals = {f"p{condition}": 1 for condition, ids in self.passing.items() if ids}
        for condition in ruleset.absences:
            if not self.passing.get(condition):
                literals[f"n{condition}"] = 1
        for name, condition, distinct in ruleset.counters:
            facts = [self.facts[id] for id in self.passing.get(condition, ())]
            literals[name] = count(facts, distinct)
        return literals


def encode(fact: Fact, encoding: FactEncoding) -> Record:
    """Return a fact as small integers: its type, and for each field that tests read the ends of its run of cells."""
    record = {"t": encoding.index}
    for name, cells in encoding.cells.items():
        prefix = encoding.properties[name]
        value, disclosed = fact.get(name), name in fact.disclosed
        if cells.field.type == "set":
            record[f"{prefix}s"] = 1 if value is not None else 2 if disclosed else 0
            for i, member in enumerate(cells.marks):
                record[f"{prefix}m{i}"] = int(member in value) if isinstance(value, frozenset) else -1
            continue
        record[f"{prefix}l"], record[f"{prefix}h"] = ends(cells.bits_of(value, disclosed))
    return record
