"""How the steps of loading report what is wrong without stopping at the first finding."""

from collections.abc import Callable, Container, Iterable, Mapping
from difflib import get_close_matches
from typing import ParamSpec, TypeVar

from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location


class _Everything:
    """Holds every word."""

    def __contains__(self, word: object) -> bool:
        return True


EVERYTHING: Container[str] = _Everything()
"""In place of the names that were declared and rejected, where it is not known which names were declared."""

NOTHING: Container[str] = frozenset()
"""In place of such names, where none was rejected."""

_Args = ParamSpec("_Args")
_Result = TypeVar("_Result")


class Rejected(Exception):  # noqa: N818 - said of input, as DMN and compilers say it
    """A part of the input is wrong, for these reasons; for none where they were given elsewhere."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics


def reject(code: str, message: str, location: Location, help: str = "") -> Rejected:
    """Return the exception for a single finding, to be raised."""
    return Rejected(Diagnostic(code, message, location, help))


class DiagnosticCollector:
    """Collects the findings of several parts, so that all are reported at once."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.failed = False

    def attempt(self, function: Callable[_Args, _Result], *args: _Args.args, **kwargs: _Args.kwargs) -> _Result | None:
        """Return what `function` returns; where it rejects its input keep the findings and return None."""
        try:
            return function(*args, **kwargs)
        except Rejected as rejected:
            self.diagnostics.extend(rejected.diagnostics)
            self.failed = True
            return None

    def add(self, code: str, message: str, location: Location, help: str = "") -> None:
        """Keep a finding."""
        self.diagnostics.append(Diagnostic(code, message, location, help))
        self.failed = True

    def include(self, *diagnostics: Diagnostic) -> None:
        """Keep findings that were made elsewhere."""
        self.diagnostics.extend(diagnostics)
        self.failed = self.failed or bool(diagnostics)

    def absorb(self, part: "DiagnosticCollector") -> None:
        """Take over what a part came to."""
        self.diagnostics.extend(part.diagnostics)
        self.failed = self.failed or part.failed

    def raise_if_any(self) -> None:
        """Reject the whole if any part was rejected, be it for reasons that were given elsewhere."""
        if self.failed:
            raise Rejected(*self.diagnostics)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most like another one; None where none is like it."""
    near = get_close_matches(word, sorted(set(known)), n=1, cutoff=0.6)
    return near[0] if near else None


def did_you_mean(word: str, known: Iterable[str], few: int = 12, new_ids: Mapping[str, str] | None = None) -> str:
    """Return a hint that names the nearest known word, or all of them where they are no more than `few`.

    Args:
        word: the word that is not known.
        known: those that are.
        few: how many of them are not too many to be named.
        new_ids: what words of the edition before are called now; such a word is not looked for among the others.
    """
    words = sorted(set(known))
    now = (new_ids or {}).get(word)
    if now in words:
        return f"it is called `{now}` now"
    near = nearest(word, words)
    if near is not None:
        return f"did you mean `{near}`?"
    return f"known: {listed(words)}" if 0 < len(words) <= few else ""


def listed(words: Iterable[str]) -> str:
    """Return words in backticks with commas between them."""
    return ", ".join(f"`{word}`" for word in words)
