"""Decimal contexts of the program that calls the library. No result may depend on them."""

import decimal
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

MODES = (
    decimal.ROUND_CEILING,
    decimal.ROUND_DOWN,
    decimal.ROUND_FLOOR,
    decimal.ROUND_HALF_DOWN,
    decimal.ROUND_HALF_EVEN,
    decimal.ROUND_HALF_UP,
    decimal.ROUND_UP,
    decimal.ROUND_05UP,
)
LARGEST = 28
"""The precision of Python's own context."""


@contextmanager
def context(precision: int, mode: str) -> Iterator[None]:
    """Let the caller's decimal context have a precision and a rounding mode."""
    with decimal.localcontext() as own:
        own.prec, own.rounding = precision, mode
        yield


def context_of(seed: int) -> AbstractContextManager[None]:
    """Return the decimal context of a seed: each precision from 2 to 28 with each rounding mode, in turn."""
    return context(2 + seed % (LARGEST - 1), MODES[seed % len(MODES)])
