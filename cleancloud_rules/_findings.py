"""How the steps of loading report what is wrong without stopping at the first finding."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import ParamSpec, TypeVar

from cleancloud_rules.diagnostics import Diagnostic, Location

_Args = ParamSpec("_Args")
_Result = TypeVar("_Result")


class Rejected(Exception):  # noqa: N818 - said of input, as DMN and compilers say it
    """A part of the input is wrong, for these reasons."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics


def reject(code: str, message: str, location: Location, help: str = "") -> Rejected:
    """Return the exception for a single finding, to be raised."""
    return Rejected(Diagnostic(code, message, location, help))


class Gather:
    """Collects the findings of several parts, so that all are reported at once."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def attempt(self, function: Callable[_Args, _Result], *args: _Args.args, **kwargs: _Args.kwargs) -> _Result | None:
        """Return what `function` returns; where it rejects its input keep the findings and return None."""
        try:
            return function(*args, **kwargs)
        except Rejected as rejected:
            self.diagnostics.extend(rejected.diagnostics)
            return None

    def add(self, code: str, message: str, location: Location, help: str = "") -> None:
        """Keep a finding."""
        self.diagnostics.append(Diagnostic(code, message, location, help))

    def raise_if_any(self) -> None:
        """Reject the whole if any part was rejected."""
        if self.diagnostics:
            raise Rejected(*self.diagnostics)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known word, or all of them where they are few."""
    words = sorted(set(known))
    near = get_close_matches(word, words, n=1, cutoff=0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"known: {listed(words)}" if 0 < len(words) <= 12 else ""


def listed(words: Iterable[str]) -> str:
    """Return words in backticks with commas between them."""
    return ", ".join(f"`{word}`" for word in words)
