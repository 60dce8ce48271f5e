"""Steps by which numbers of a methodology are moved."""

from decimal import Decimal

from cleancloud_rules.model.exact import add, magnitude, multiply, plain, subtract, unit

_SIZES = 5
"""The maximum number of sizes in which a number is moved."""


def moves(number: Decimal, digits: int, room: Decimal | None = None) -> tuple[tuple[Decimal, ...], tuple[Decimal, ...]]:
    """Return a number moved down and moved up, each in several sizes, the smallest first.

    A score cannot have every number: no company may lie within a step of the last digit. So the number is moved by one
    such step, by ten, by a hundred and so on.

    Args:
        number: the number.
        digits: the decimal places that make the smallest size.
        room: how far it may be moved; None for one step only.
    """
    sizes = [unit(digits)]
    while room is not None and len(sizes) < _SIZES and (larger := multiply(sizes[-1], Decimal(10))) <= room:
        sizes.append(larger)
    if room is not None and room > sizes[-1]:
        sizes.append(room)
    return tuple(subtract(number, size) for size in sizes), tuple(add(number, size) for size in sizes)


def half(number: Decimal) -> Decimal:
    """Return half of the magnitude of a number: the room that a limit without neighbours has."""
    return multiply(magnitude(number), Decimal("0.5"))


def said(number: Decimal | None) -> str:
    """Return a number as a file writes it."""
    return "none" if number is None else f"{plain(number):f}" if number else "0"
