"""Goes on with the other companies where one has no result: the engine fails, or its facts contradict each other."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from cleancloud_rules.errors import EngineError, FactsError
from cleancloud_rules.model.facts import Company

Failures = list[EngineError | FactsError]
"""The errors of companies that were left out. Where no list is given, the first error is raised."""

_Result = TypeVar("_Result")


def each(
    companies: Iterable[Company], evaluate: Callable[[Company], _Result], failures: Failures | None
) -> Iterator[_Result]:
    """Yield the result of each company, without those that have none."""
    for company in companies:
        try:
            result = evaluate(company)
        except (EngineError, FactsError) as error:
            note(error, failures)
        else:
            yield result


def together(evaluate: Callable[[frozenset[str]], _Result], failures: Failures | None) -> _Result:
    """Return the result of companies that are evaluated together, such as a recount, without those that fail.

    Args:
        evaluate: evaluates all companies but those with the given ids.
        failures: where to add the errors.
    """
    # Each company that fails is left out of a new start, so that the result is that of the other companies alone. It
    # ends because a company that was left out cannot fail again.
    left_out: frozenset[str] = frozenset()
    while True:
        try:
            return evaluate(left_out)
        except (EngineError, FactsError) as error:
            left_out |= {note(error, failures)}


def note(error: EngineError | FactsError, failures: Failures | None) -> str:
    """Add an error to the list and return the id of its company; raise it if it must end the command."""
    if failures is None or error.company is None:
        raise error
    failures.append(error)
    return error.company
