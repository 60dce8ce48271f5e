"""The exceptions, each named after who must act: the author of criteria, the author of facts, or the maintainers."""

from collections.abc import Iterable

from attrs import frozen

from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, ordered


class CleanCloudError(Exception):
    """The base class of all exceptions that this library raises on purpose."""


class InputError(CleanCloudError, ValueError):
    """Input was rejected.

    Attributes:
        diagnostics: all diagnostics, sorted by place.

    Example:
        >>> import cleancloud_rules as cc
        >>> try:
        ...     cc.methodology_from({"methodology.yaml": {"id": "doors"}})
        ... except cc.InputError as error:
        ...     print(type(error).__name__, len(error.diagnostics), error.diagnostics[0].code)
        CriteriaError 7 missing-file
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = ordered(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return "\n".join(str(diagnostic) for diagnostic in self.diagnostics)


class CriteriaError(InputError):
    """A methodology or its test cases were rejected: files in its folder must change."""


class FactsError(InputError):
    """Company facts, a bibliography or a dataset were rejected: those files must change.

    Attributes:
        company: the id of the company whose facts contradict each other; None if something else is wrong.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic], company: str | None = None) -> None:
        super().__init__(diagnostics)
        self.company = company

    def __reduce__(self) -> tuple[type["FactsError"], tuple[tuple[Diagnostic, ...], str | None]]:
        return (type(self), (self.diagnostics, self.company))


@frozen
class Disagreement:
    """Something about which the rules engine and the cross-check differ.

    Args:
        what: the rule, the points or the derivation, in words.
        engine: what follows from what the engine fired.
        cross_check: what follows from the second evaluation.
        criterion: the id of the criterion or the group; None for a derivation.
        rule: the id of the rule; None for the points of a criterion, and for a derivation.
        location: its place in the files of the methodology; None if it was not read from a file.
    """

    what: str
    engine: str
    cross_check: str
    criterion: str | None = None
    rule: str | None = None
    location: Location | None = None

    def __str__(self) -> str:
        where = "" if self.location is None else f"{self.location}: "
        return f"{where}{self.what}\n    engine: {self.engine}\n    cross-check: {self.cross_check}"


class EngineError(CleanCloudError, RuntimeError):
    """The rules engine is missing, or it did something that must never happen.

    Attributes:
        company: the id of the company whose facts were evaluated; None if the engine cannot be used at all.
        disagreements: everything about which the engine and the cross-check differ; empty if the engine failed.
    """

    def __init__(self, message: str, company: str | None = None, disagreements: Iterable[Disagreement] = ()) -> None:
        self.company = company
        self.disagreements: tuple[Disagreement, ...] = tuple(disagreements)
        super().__init__(message)

    def __reduce__(self) -> tuple[type["EngineError"], tuple[str, str | None, tuple[Disagreement, ...]]]:
        return (type(self), (str(self), self.company, self.disagreements))


class OutputError(CleanCloudError, OSError):
    """A file could not be written. It is as it was: nothing is lost."""


class MissingExtraError(CleanCloudError, ImportError):
    """A package, or a part of one, that a function needs is not installed; the message says how to install it."""
