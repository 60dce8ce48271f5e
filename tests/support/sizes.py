"""How many examples Hypothesis makes of a property, in the quick run and in the deep one."""

from hypothesis import settings

QUICK, DEEP = 100, 1_000
"""Examples of a property in `make test` and in `make test-deep`, unless a test takes others with `sized`."""


def sized(quick: int) -> settings:
    """Return settings for a property whose examples take long.

    Args:
        quick: how many examples the quick run makes; the deep run makes ten times as many.
    """
    assert settings.default is not None
    return settings(max_examples=max(1, quick * settings.default.max_examples // QUICK))
