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
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from operator import attrgetter
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, TypeVar

from cleancloud_rules.engine.batches import Batch, Fired, twice
from cleancloud_rules.engine.eligibility import judged, refuse_foreign
from cleancloud_rules.engine.firings import Firing, Firings
from cleancloud_rules.engine.matching import Found
from cleancloud_rules.engine.records import Routes, record_of
from cleancloud_rules.engine.ruleset import Alternative, Ruleset, Shard
from cleancloud_rules.engine.selection import contradicting, problem
from cleancloud_rules.errors import EngineError, FactsError
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Methodology

_Given = TypeVar("_Given")
_Got = TypeVar("_Got")
MAX_MESSAGES = 20_000
"""More messages than any batch leads to: 40 rules on 402 records, or 10,000 combinations of facts, and the guards."""
KEPT_MEMORY = 2**23
"""How much freed memory, in bytes, the C library keeps at the end of the heap: more than any batch needs."""
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
    _keep_freed_memory()
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


@cache
def _keep_freed_memory() -> None:
    """Let the C library keep memory that is freed, once for the process.

    The engine frees what a batch took. Where that lies at the end of the heap, glibc gives it back to the system and
    has to get it again for the next batch, which took up to five times as long. When a large block is freed, glibc
    adapts by itself: it keeps free memory up to twice the size of the block (`mallopt(3)`, `M_MMAP_THRESHOLD`), unless
    the user has set the thresholds. The block is never written to, so it takes no memory.
    """
    block = bytes(KEPT_MEMORY // 2)
    del block


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
        self._handle: int | None = None
        self._is_clean = False

    def close(self) -> None:
        """Free the ruleset in the engine."""
        handle, self._handle = self._handle, None
        if handle is not None:
            self._backend.delete_ruleset(handle)

    def send(self, batch: Batch) -> dict[str, None]:
        """Assert a batch and return the messages about what fires.

        Raises:
            EngineError: if the engine fails or repeats itself.
        """
        handle = self._handle if self._handle is not None and self._is_clean else self._load()
        # Only a batch that ran to its end leaves the shard clean. After an error or an interrupt its facts are still in
        # the engine, and would fire together with those of the next company.
        self._is_clean = False
        messages = self._messages(handle, batch.text)
        self._backend.delete_state(handle, _STATE)
        self._is_clean = True
        return messages

    def _load(self) -> int:
        """Load the rules in place of a ruleset that may still hold the facts of an interrupted batch."""
        try:
            self.close()
            self._handle = self._backend.create_ruleset(self.shard.name, self.shard.definition)
        except Exception as error:
            raise EngineError(f"the engine refused the rules of shard {self.shard.name}: {error!r}") from error
        return self._handle

    def _messages(self, handle: int, text: str) -> dict[str, None]:
        code, state = self._backend.assert_facts(handle, text)
        if code not in (0, 1):
            raise EngineError(f"the engine answered {code} to the facts of shard {self.shard.name}")
        following = self._backend.complete_and_start_action
        messages: dict[str, None] = {}
        started = self._backend.start_action_for_state(handle, state)
        message = started[1] if started else None
        while message:
            if message in messages:
                raise twice(self.shard)
            if len(messages) == MAX_MESSAGES:
                raise EngineError(f"the engine told of more than {MAX_MESSAGES} firings of shard {self.shard.name}")
            messages[message] = None
            message = following(handle, state)
        return messages


class _Sessions:
    """The loaded shards of an engine. One thread at a time can use the engine.

    Args:
        shards: the shards.
        backend: the engine.
    """

    def __init__(self, shards: Iterable[Shard], backend: Backend) -> None:
        self._by_name = {shard.name: _Session(shard, backend) for shard in shards}
        self._lock = threading.Lock()
        self._is_closed = False

    def renew_lock(self) -> None:
        """Replace the lock. After a fork its holder may be a thread that exists in the parent process only."""
        self._lock = threading.Lock()

    def close(self) -> None:
        """Free the rulesets in the engine."""
        with self._lock:
            self._is_closed = True
            for session in self._by_name.values():
                session.close()

    def load(self) -> None:
        """Load all rules, and send each shard a batch without records."""
        self.run([Batch(session.shard, (), ()) for session in self._by_name.values()])

    def run(self, batches: Sequence[Batch]) -> list[list[Fired]]:
        """Assert batches, and return what fires on each.

        Raises:
            EngineError: if the engine loses a record, fires a rule that it must not fire, or fails.
        """
        # All batches are sent before the first answer is read. In turns, the engine and this code would take each
        # other's memory out of the caches of the processor.
        with self._lock:
            if self._is_closed:
                raise EngineError("the engine was closed, and cannot be used any more")
            answers = [_of_engine(batch.shard, self._by_name[batch.shard.name].send, batch) for batch in batches]
        return [_of_engine(batch.shard, batch.fired, told) for batch, told in zip(batches, answers, strict=True)]


def _of_engine(shard: Shard, step: Callable[[_Given], _Got], given: _Given) -> _Got:
    """Take a step that depends on what the engine does, in which any error is one of the engine."""
    try:
        return step(given)
    except EngineError:
        raise
    except Exception as error:
        raise EngineError(f"the engine failed on shard {shard.name}: {error!r}") from error


class Engine:
    """A loaded ruleset, thread-safe. `close` frees the memory in the engine, and so does garbage collection.

    Args:
        ruleset: the compiled methodology.
        backend: the engine's extension module, or a substitute for it.
    """

    def __init__(self, ruleset: Ruleset, backend: Backend | None = None) -> None:
        self.ruleset = ruleset
        self.methodology: Methodology = ruleset.methodology
        chosen: Backend = load_backend() if backend is None else backend
        self._routes = Routes(ruleset)
        # Rules are numbered in the order in which they are reported.
        self._keys = list(ruleset.rules)
        self._numbers = {key: number for number, key in enumerate(self._keys)}
        self._direct = {number: [self._numbers[key] for key in keys] for number, keys in ruleset.direct.items()}
        self._sessions = _Sessions(_shards(ruleset), chosen)
        self._close = weakref.finalize(self, self._sessions.close)
        self._close.atexit = False  # the end of the process frees everything, and threads may still be running
        _engines.add(self)
        try:
            self._sessions.load()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Free the memory in the engine. The object cannot be used afterwards."""
        self._close()

    def renew_locks(self) -> None:
        """Make the engine usable in a process that was forked while a thread fired rules."""
        self._sessions.renew_lock()

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
        known = sorted(company.facts, key=attrgetter("id"))
        stated = judged(known, methodology or self.methodology, with_hypothetical=with_hypothetical)
        found = Found(self.ruleset, self._routes, self._sessions.run, stated)
        found.select()
        if found.contradictions:
            raise FactsError(contradicting(company, found.contradictions), company.id)
        found.match([counted.fact for counted in found.counted if counted.why_not is None])
        for join in self.ruleset.joins:
            found.derive(join)
            found.select()
        problems = found.problems.union(map(problem, found.contradictions))
        facts = tuple(sorted(found.counted, key=attrgetter("fact.id")) if self.ruleset.joins else found.counted)
        return Firings(self._firings(found), facts, tuple(sorted(problems)))

    def _firings(self, found: Found) -> tuple[Firing, ...]:
        """Return the rules that fire, sorted, each with the facts that make one of its alternatives hold."""
        held: dict[int, list[str]] = {}
        for condition, ids in found.passing.items():
            for number in self._direct.get(condition, ()):
                held[number] = [*held[number], *ids] if number in held else ids
        for criterion, rule, k in self._conjunctions(found):
            number = self._numbers[criterion, rule]
            more = (found.passing.get(c, ()) for c in self.ruleset.rules[criterion, rule].supporting[k])
            held[number] = [*held.get(number, ()), *(id for ids in more for id in ids)]
        return tuple(
            [
                Firing(*self._keys[number], tuple(ids) if len(ids) == 1 else tuple(sorted(set(ids))))
                for number, ids in sorted(held.items())
            ]
        )

    def _conjunctions(self, found: Found) -> Iterator[Alternative]:
        """Yield the alternatives that the later stages find to hold."""
        literals = found.literals() if self.ruleset.levels else {}
        for level in self.ruleset.levels:
            batches = []
            for shard in level:
                records = [record_of({name: literals[name]}) for name in shard.literals if name in literals]
                if records or shard.unconditional:
                    batches.append(Batch(shard, records, records))
            for batch, fired in zip(batches, self._sessions.run(batches), strict=True):
                holding = [meaning for meaning, _ in fired]
                if len(set(holding)) < len(holding):
                    raise EngineError(f"the engine fired a rule of shard {batch.shard.name} on several sets of records")
                for meaning in holding:
                    if isinstance(meaning, str):
                        literals[meaning] = 1
                    else:
                        yield meaning


def _shards(ruleset: Ruleset) -> Iterator[Shard]:
    yield from ruleset.matching
    yield from (join.shard for join in ruleset.joins)
    for level in ruleset.levels:
        yield from level


_engines: "weakref.WeakSet[Engine]" = weakref.WeakSet()
"""The engines of this process, whose locks a process forked from it must not inherit."""


def _renew_locks() -> None:
    for engine in tuple(_engines):
        engine.renew_locks()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_locks)
