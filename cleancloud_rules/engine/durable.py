"""Driver of durable_rules: fires a ruleset on the facts of one company. The only module that imports the engine.

A loop of our own drives the engine's extension module, because the public loop starts timer threads, swallows
exceptions and keeps global state. Code here that looks odd is a countermeasure to a measured hazard of the engine.
``docs/explanation/engine.md`` describes each of them:

* An anchor begins every batch and a sentinel ends it, and both must fire. So an engine that stops in the middle of a
  batch is noticed, no batch is empty, and no state is deleted in which no rule fired.
* Records hold small integers only, and ids that count from 0 within a batch.
* A firing must name records as they were sent, and must not occur twice.
* Each shard has one live state, under a lock, which is deleted after each batch. If a batch was interrupted, the shard
  is loaded anew before the next one.
* A state is deleted before its ruleset.
"""

import os
import threading
import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from msgspec.json import decode

from cleancloud_rules.engine.eligibility import refuse_contradictions, refuse_foreign, why_not
from cleancloud_rules.engine.firings import Counted, Firing, Firings
from cleancloud_rules.engine.matching import Fired, Found
from cleancloud_rules.engine.records import Record, Routes, numbered, record_of, text_of
from cleancloud_rules.engine.ruleset import ANCHOR, SENTINEL, CompiledRule, Ruleset, Shard
from cleancloud_rules.engine.selection import problem
from cleancloud_rules.errors import EngineError
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Methodology

_ANCHOR_RECORD, _SENTINEL_RECORD = record_of({ANCHOR: 1}), record_of({SENTINEL: 1})
_ONE_RECORD = '":{"a0":'
"""What stands between the name of a rule and its first record in a message of the engine."""
_STATE = "0"
_FUNCTION = "PyEval_CallObject"
"""What the engine names, and Python 3.13 and later lack."""
_LIBRARY = Path(__file__).with_name("pyeval_callobject.so.1")
"""The library that defines it, where the wheel was built with one."""
_FLAG = f"CPPFLAGS=-D{_FUNCTION}=PyObject_CallObject"
_MISSING = (
    "durable_rules is not installed. It is compiled when it is installed, so a C compiler must be present. On Python "
    "3.13 and later, gcc 14, clang 16 and newer compilers need the flag\n"
    f"  {_FLAG} pip install durable_rules==2.0.28"
)
_WITHOUT_FUNCTION = (
    f"durable_rules was built without a flag and calls {_FUNCTION}, which Python 3.13 and later lack; this "
    "installation has no library that defines it. Install durable_rules again with the flag\n"
    f"  {_FLAG} pip install --no-cache-dir --force-reinstall --no-binary durable_rules durable_rules==2.0.28"
)


class Backend(Protocol):
    """The part of the engine's extension module that is used."""

    def create_ruleset(self, name: str, definition: str, /) -> int:
        """Return the handle of a new ruleset."""

    def delete_ruleset(self, handle: int, /) -> Any:
        """Free a ruleset."""

    def assert_facts(self, handle: int, facts: str, /) -> tuple[int, int]:
        """Add facts, a JSON list, and return a code and the state."""

    def start_action_for_state(self, handle: int, state: int, /) -> tuple[str, str] | None:
        """Return the first firing of a state."""

    def complete_and_start_action(self, handle: int, state: int, /) -> str | None:
        """Return the next firing of a state."""

    def delete_state(self, handle: int, sid: str, /) -> Any:
        """Free a state."""


def load_backend() -> ModuleType:
    """Return the engine's extension module.

    Raises:
        EngineError: if it is missing, or lacks a function that cannot be defined; the message says what to do.
        ImportError: if it cannot be loaded for another reason.
    """
    try:
        return _imported()
    except ModuleNotFoundError as error:
        if error.name != "durable_rules_engine":
            raise
        raise EngineError(_MISSING) from error
    except ImportError as error:
        if _FUNCTION not in str(error):
            raise
        _define_function()
    return _imported()


def _imported() -> ModuleType:
    import durable_rules_engine  # noqa: PLC0415 - it may be missing: then the message says what to do

    module: ModuleType = durable_rules_engine
    return module


def _define_function() -> None:
    """Load the library that defines what the engine lacks, globally, so that the next import of the engine sees it."""
    from ctypes import CDLL, RTLD_GLOBAL  # noqa: PLC0415 - most installations need no library

    try:
        CDLL(str(_LIBRARY), mode=RTLD_GLOBAL)
    except OSError as error:
        raise EngineError(_WITHOUT_FUNCTION) from error


class _Session:
    """A shard that is loaded into the engine. Between two batches it holds its rules and no facts.

    Args:
        shard: the shard.
        backend: the engine.
    """

    def __init__(self, shard: Shard, backend: Backend) -> None:
        self.shard = shard
        self._backend = backend
        self._lock = threading.Lock()
        self._handle: int | None = None
        self._is_clean = False
        self._is_closed = False

    def renew_lock(self) -> None:
        """Replace the lock. After a fork its holder may be a thread that exists in the parent process only."""
        self._lock = threading.Lock()

    def close(self) -> None:
        """Free the ruleset in the engine."""
        with self._lock:
            self._is_closed = True
            self._delete()

    def run(self, records: list[Record]) -> list[Fired]:
        """Assert records in a batch of their own and return the firings; record 1 is the first of the records.

        Raises:
            EngineError: if the engine loses a record, fires a rule that it must not fire, or fails.
        """
        # Without the anchor the engine would crash on an empty batch, and on deleting a state in which no rule fired.
        # If it cannot read a record it drops the rest of the batch without an error; then the sentinel does not fire.
        batch = numbered((_ANCHOR_RECORD, *records, _SENTINEL_RECORD))
        with self._lock:
            if self._is_closed:
                raise EngineError("the engine was closed, and cannot be used any more")
            handle = self._handle if self._handle is not None and self._is_clean else self._load()
            # Only a batch that ran to its end leaves the shard clean. After an error or an interrupt its facts are
            # still in the engine, and would fire together with those of the next company.
            self._is_clean = False
            try:
                fired = self._fire(handle, batch)
                self._backend.delete_state(handle, _STATE)
            except EngineError:
                raise
            except Exception as error:
                raise EngineError(f"the engine failed on shard {self.shard.name}: {error!r}") from error
            self._is_clean = True
        return fired

    def _load(self) -> int:
        """Load the rules in place of a ruleset that may still hold the facts of an interrupted batch."""
        try:
            self._delete()
            self._handle = self._backend.create_ruleset(self.shard.name, self.shard.definition)
        except Exception as error:
            raise EngineError(f"the engine refused the rules of shard {self.shard.name}: {error!r}") from error
        return self._handle

    def _delete(self) -> None:
        handle, self._handle = self._handle, None
        if handle is not None:
            self._backend.delete_ruleset(handle)

    def _fire(self, handle: int, batch: list[str]) -> list[Fired]:
        code, state = self._backend.assert_facts(handle, f"[{','.join(batch)}]")
        if code not in (0, 1):
            raise EngineError(f"the engine answered {code} to the facts of shard {self.shard.name}")
        sent, last = {text: number for number, text in enumerate(batch)}, len(batch) - 1
        fired: dict[Fired, None] = {}
        started = self._backend.start_action_for_state(handle, state)
        message = started[1] if started else None
        while message:
            firing = self._checked(message, sent)
            if firing in fired:
                raise EngineError(f"the engine fired a rule of shard {self.shard.name} twice on the same records")
            fired[firing] = None
            message = self._backend.complete_and_start_action(handle, state)
        for guard in ((ANCHOR, (0,)), (SENTINEL, (last,))):
            if guard not in fired:
                raise EngineError(f"the engine lost records of shard {self.shard.name}: its {guard[0]} did not fire")
            del fired[guard]
        return list(fired)

    def _checked(self, message: str, sent: Mapping[str, int]) -> Fired:
        """Return the firing in a message, which must name a rule of the shard and records as they were sent.

        Args:
            message: the name of a rule, and the records that matched its patterns.
            sent: the texts of the records of the batch with their numbers.
        """
        # Most messages name one record, and the engine repeats its text to the byte. So a look-up of the text both
        # checks and finds the record, and nothing has to be decoded.
        end = message.find('"', 2)
        name, number = message[2:end], sent.get(message[end + len(_ONE_RECORD) : -2])
        if number is not None and message.startswith(_ONE_RECORD, end):
            numbers: tuple[int, ...] = (number,)
        else:
            ((name, records),) = decode(message).items()
            numbers = tuple(self._number(name, records[f"a{i}"], sent) for i in range(len(records)))
        is_guard = (name, numbers) in ((ANCHOR, (0,)), (SENTINEL, (len(sent) - 1,)))
        if name not in self.shard.meaning and not is_guard:
            raise EngineError(
                f"the engine fired a rule that shard {self.shard.name} does not have: {name} on {list(numbers)}"
            )
        return name, numbers

    def _number(self, name: str, record: Any, sent: Mapping[str, int]) -> int:
        number = sent.get(text_of(record))
        if number is None:
            raise EngineError(
                f"the engine fired {name} of shard {self.shard.name} on a record that was not sent: {record}"
            )
        return number


class Engine:
    """A loaded ruleset, thread-safe. `close` frees the memory in the engine, and so does garbage collection.

    Args:
        ruleset: the compiled methodology.
        backend: the engine's extension module, or a substitute for it.
    """

    def __init__(self, ruleset: Ruleset, backend: Backend | None = None) -> None:
        self.ruleset = ruleset
        self.methodology = ruleset.methodology
        chosen: Backend = load_backend() if backend is None else backend
        self._routes = Routes(ruleset)
        self._sessions = {shard.name: _Session(shard, chosen) for shard in _shards(ruleset)}
        self._close = weakref.finalize(self, _close, self._sessions)
        self._close.atexit = False  # the end of the process frees everything, and threads may still be running
        _engines.add(self)
        try:
            for session in self._sessions.values():
                session.run([])
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Free the memory in the engine. The object cannot be used afterwards."""
        self._close()

    def renew_locks(self) -> None:
        """Make the engine usable in a process that was forked while a thread fired rules."""
        for session in self._sessions.values():
            session.renew_lock()

    def fire(
        self, company: Company, *, with_hypothetical: bool = False, methodology: Methodology | None = None
    ) -> Firings:
        """Fire the rules on the facts of a company.

        Args:
            company: the facts.
            with_hypothetical: whether hypothetical facts are read.
            methodology: the methodology with another cut-off; None for its own.

        Raises:
            EngineError: if the engine loses a record, fires a rule that it must not fire, or fails.
            FactsError: if the company was loaded for another vocabulary, or if facts that count contradict each other.
        """
        refuse_foreign(company, self.methodology)
        methodology = methodology or self.methodology
        counted = [
            Counted(fact, why_not(fact, methodology, with_hypothetical=with_hypothetical)) for fact in company.facts
        ]
        refuse_contradictions(company, (c.fact for c in counted if c.counts))
        found = Found(self.ruleset, self._routes, self.run, counted)
        found.select()
        found.match([c.fact for c in found.counted if c.counts])
        for join in self.ruleset.joins:
            found.derive(join)
            found.select()
        firings = self._fire_rules(found)
        problems = found.problems.union(map(problem, found.contradictions))
        return Firings(firings, tuple(sorted(found.counted, key=lambda c: c.fact.id)), tuple(sorted(problems)))

    def _fire_rules(self, found: Found) -> tuple[Firing, ...]:
        fired: dict[tuple[str, str], set[int]] = {}
        for condition, ids in found.passing.items():
            for criterion, rule, k in self.ruleset.direct.get(condition, ()) if ids else ():
                fired.setdefault((criterion, rule), set()).add(k)
        literals = found.literals() if self.ruleset.levels else {}
        for level in self.ruleset.levels:
            parts: dict[str, int] = {}
            for shard in level:
                records = [record_of({name: literals[name]}) for name in shard.literals if name in literals]
                if not records and not shard.unconditional:
                    continue
                holding = self.run(shard, records)
                if len(dict(holding)) < len(holding):
                    raise EngineError(f"the engine fired a rule of shard {shard.name} on several sets of records")
                for name, _ in holding:
                    meaning = shard.meaning[name]
                    if isinstance(meaning, str):
                        parts[meaning] = 1
                    else:
                        fired.setdefault(meaning[:2], set()).add(meaning[2])
            literals.update(parts)
        made = (self._firing(self.ruleset.rules[key], disjuncts, found) for key, disjuncts in fired.items())
        return tuple(sorted(made, key=lambda f: (f.criterion, f.rule)))

    def _firing(self, rule: CompiledRule, disjuncts: set[int], found: Found) -> Firing:
        facts: set[str] = set()
        for k in disjuncts:
            for condition in rule.supporting[k]:
                facts |= found.passing.get(condition, set())
        return Firing(rule.criterion, rule.rule, tuple(sorted(facts)))

    def run(self, shard: Shard, records: list[Record]) -> list[Fired]:
        """Assert records into a shard and return what it fires."""
        return self._sessions[shard.name].run(records)


def _shards(ruleset: Ruleset) -> Iterator[Shard]:
    yield from ruleset.matching
    yield from (join.shard for join in ruleset.joins)
    for level in ruleset.levels:
        yield from level


def _close(sessions: Mapping[str, _Session]) -> None:
    for session in sessions.values():
        session.close()


_engines: "weakref.WeakSet[Engine]" = weakref.WeakSet()
"""The engines of this process, whose locks a process forked from it must not inherit."""


def _renew_locks() -> None:
    for engine in tuple(_engines):
        engine.renew_locks()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_locks)
