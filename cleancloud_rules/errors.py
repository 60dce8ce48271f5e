"""The exceptions, each named after who must act: the author of criteria, the author of facts, or the maintainers."""

from collections.abc import Iterable

from cleancloud_rules.diagnostics.diagnostic import Diagnostic, ordered


class CleanCloudError(Exception):
    """The base class of all exceptions that this library raises on purpose."""


class InputError(CleanCloudError, ValueError):
    """Input was rejected.

    Attributes:
        diagnostics: all diagnostics, sorted by place.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = ordered(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return "\n".join(str(diagnostic) for diagnostic in self.diagnostics)


class CriteriaError(InputError):
    """A methodology or its test cases were rejected: files in its folder must change."""


class FactsError(InputError):
    """Company facts, a bibliography or a dataset were rejected: those files must change."""


class EngineError(CleanCloudError, RuntimeError):
    """The rules engine is missing, or it did something that must never happen."""


class OutputError(CleanCloudError, OSError):
    """A file could not be written. It is as it was: nothing is lost."""


class MissingExtraError(CleanCloudError, ImportError):
    """A package, or a part of one, that a function needs is not installed; the message says how to install it."""
