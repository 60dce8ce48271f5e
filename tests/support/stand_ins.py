"""Engines that are not what they should be: stand-ins for the extension module behind the library's engine."""

import json
from collections.abc import Callable
from typing import Any

from cleancloud_rules.engine.durable import Backend, load_backend

Told = tuple[str, dict[str, Any]]
"""One firing as the engine tells of it: name of the rule, and records by alias."""

Lie = Callable[[str, list[Told]], list[Told]]
"""What is made of the firings of a shard, anchor and sentinel included."""

GUARDS = ("anchor", "sentinel")


class Spy:
    """The engine itself, which keeps a list of the calls that it got."""

    def __init__(self) -> None:
        self.real: Backend = load_backend()
        self.calls: list[tuple[str, tuple[Any, ...]]] = []

    def create_ruleset(self, name: str, definition: str, /) -> int:
        return int(self._call("create_ruleset", name, definition))

    def delete_ruleset(self, handle: int, /) -> Any:
        return self._call("delete_ruleset", handle)

    def assert_facts(self, handle: int, facts: str, /) -> tuple[int, int]:
        code, state = self._call("assert_facts", handle, facts)
        return code, state

    def start_action_for_state(self, handle: int, state: int, /) -> tuple[str, str] | None:
        started: tuple[str, str] | None = self._call("start_action_for_state", handle, state)
        return started

    def complete_and_start_action(self, handle: int, state: int, /) -> str | None:
        text: str | None = self._call("complete_and_start_action", handle, state)
        return text

    def delete_state(self, handle: int, sid: str, /) -> Any:
        return self._call("delete_state", handle, sid)

    def _call(self, name: str, *arguments: Any) -> Any:
        self.calls.append((name, arguments))
        return getattr(self.real, name)(*arguments)

    def named(self, name: str) -> list[tuple[Any, ...]]:
        """Return the arguments of every call of a function."""
        return [arguments for called, arguments in self.calls if called == name]


class Liar(Spy):
    """An engine that tells something else than what fired.

    Args:
        lie: what it makes of the firings of a batch. The batches that are run on loading are told of as they are.
    """

    def __init__(self, lie: Lie) -> None:
        super().__init__()
        self.lie = lie
        self._names: dict[int, str] = {}
        self._told: list[str] = []

    def create_ruleset(self, name: str, definition: str, /) -> int:
        handle = super().create_ruleset(name, definition)
        self._names[handle] = name
        return handle

    def start_action_for_state(self, handle: int, state: int, /) -> tuple[str, str] | None:
        fired: list[Told] = []
        started = super().start_action_for_state(handle, state)
        text = started[1] if started else None
        while text:
            fired.extend(json.loads(text).items())
            text = self.real.complete_and_start_action(handle, state)
        told = fired if len(fired) == len(GUARDS) else self.lie(self._names[handle], fired)
        self._told = [self.written({name: records}) for name, records in told]
        return ("{}", self._told.pop(0)) if self._told else None

    def complete_and_start_action(self, handle: int, state: int, /) -> str | None:
        return self._told.pop(0) if self._told else None

    def written(self, message: dict[str, Any]) -> str:
        """Return a message as the engine writes it: without spaces."""
        return json.dumps(message, separators=(",", ":"))


class Breaker(Spy):
    """An engine of which one function raises, from a certain call on.

    Args:
        name: the function.
        error: what it raises.
        after: how many calls pass before.
        times: how many calls raise.
    """

    def __init__(self, name: str, error: BaseException, *, after: int = 0, times: int = 1_000_000) -> None:
        super().__init__()
        self.name, self.error, self.after, self.times = name, error, after, times

    def _call(self, name: str, *arguments: Any) -> Any:
        if name == self.name:
            self.after -= 1
            if self.after < 0 < self.times:
                self.times -= 1
                raise self.error
        return super()._call(name, *arguments)
