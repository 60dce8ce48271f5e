"""Collects diagnostics, so that loading does not stop at the first one; hints for misspelt names."""

from collections.abc import Callable, Container, Iterable, Mapping
from difflib import get_close_matches
from typing import ParamSpec, TypeVar

from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location
from cleancloud_rules.diagnostics.lookalikes import lookalike_hint, meant, sign_in_place_of, structural_in


class _Everything:
    """A container of every word."""

    def __contains__(self, word: object) -> bool:
        return True


EVERYTHING: Container[str] = _Everything()
"""The rejected names, where the declarations could not be read: any name may be one of them."""

NOTHING: Container[str] = frozenset()
"""The rejected names, where none was rejected."""

_Args = ParamSpec("_Args")
_Result = TypeVar("_Result")


class Rejected(Exception):  # noqa: N818 - the input is rejected; the diagnostics are the errors
    """A part of the input is wrong. The diagnostics say why; there are none if they were reported elsewhere."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(diagnostics)
        self.diagnostics: tuple[Diagnostic, ...] = diagnostics


def reject(code: str, message: str, location: Location, help: str = "") -> Rejected:
    """Return an exception with a single diagnostic, for the caller to raise."""
    return Rejected(Diagnostic(code, message, location, help))


class DiagnosticCollector:
    """Collects the diagnostics of several parts, so that all are reported at once."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.failed: bool = False

    def attempt(self, function: Callable[_Args, _Result], *args: _Args.args, **kwargs: _Args.kwargs) -> _Result | None:
        """Call a function and return its result. If it rejects its input, keep the diagnostics and return None."""
        try:
            return function(*args, **kwargs)
        except Rejected as rejected:
            self.diagnostics.extend(rejected.diagnostics)
            self.failed = True
            return None

    def add(self, code: str, message: str, location: Location, help: str = "") -> None:
        """Add a diagnostic."""
        self.diagnostics.append(Diagnostic(code, message, location, help))
        self.failed = True

    def include(self, *diagnostics: Diagnostic) -> None:
        """Add diagnostics that were made elsewhere."""
        self.diagnostics.extend(diagnostics)
        self.failed = self.failed or bool(diagnostics)

    def absorb(self, part: "DiagnosticCollector") -> None:
        """Add the diagnostics of another collector. If it failed, this one fails too."""
        self.diagnostics.extend(part.diagnostics)
        self.failed = self.failed or part.failed

    def raise_if_any(self) -> None:
        """Raise `Rejected` if any part was rejected, even if its diagnostics were reported elsewhere."""
        if self.failed:
            raise Rejected(*self.diagnostics)


_CONTRARIES = frozenset(
    frozenset(pair.split())
    for pair in (
        "least most", "less more", "min max", "minimum maximum", "low high", "lower higher", "worst best",
        "lowest highest", "above below", "before after", "first last", "start end", "from to", "all none", "all any",
        "any none", "with without", "include exclude", "included excluded", "met unmet", "true false", "yes no",
    )
)  # fmt: skip
"""Words that are similar in form or place, and the contrary of each other."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most similar to a word and not its contrary; None if none is similar."""
    words = (other for other in sorted(set(known)) if not _are_contrary(word, other))
    near = get_close_matches(meant(word).strip(), words, n=1, cutoff=0.6)
    return near[0] if near else None


def _are_contrary(word: str, other: str) -> bool:
    """Whether two names differ only in words that are each other's contrary, such as `at_least` and `at_most`."""
    parts, others = word.split("_"), other.split("_")
    differing = [frozenset(pair) for pair in zip(parts, others, strict=False) if pair[0] != pair[1]]
    return len(parts) == len(others) and bool(differing) and all(pair in _CONTRARIES for pair in differing)


def did_you_mean(
    word: str,
    known: Iterable[str],
    few: int = 12,
    new_ids: Mapping[str, str] | None = None,
    otherwise: str = "",
) -> str:
    """Return a hint that names the nearest known word. If none is near, list all known words, up to `few`.

    Args:
        word: the unknown word.
        known: the known words.
        few: the maximum number of words in a list.
        new_ids: new ids by the ids that they replace. For such an old id, the hint is the new one.
        otherwise: what else can be done if no word is near.
    """
    words = sorted(set(known))
    now = (new_ids or {}).get(word)
    if now in words:
        return f"it is called `{now}` now"
    if meant(word).strip() in words and (hint := lookalike_hint(word)):
        return hint
    if found := structural_in(word):
        return sign_in_place_of(found[0])
    near = nearest(word, words)
    if near is not None:
        return f"did you mean `{near}`?"
    listing = f"known: {listed(words)}" if 0 < len(words) <= few else ""
    return "; ".join(filter(None, (listing, otherwise)))


def listed(words: Iterable[str]) -> str:
    """Return words in backticks with commas between them."""
    return ", ".join(f"`{word}`" for word in words)
