"""Unary tests of every form, invented for a field, as a criteria file writes them."""

from datetime import date
from decimal import Decimal
from typing import Any

from attrs import frozen

from cleancloud_rules._choosing import Choices

ORDERED = ("integer", "number", "percent", "year", "date", "quantity")
"""The types that `<` and ranges can be asked of."""

ANY_FORMS = ("equal", "one_of", "not_equal", "null", "not_null", "anything")
ORDERED_FORMS = (
    "less", "at_most", "more", "at_least", "closed", "open", "low_open", "high_open", "two_sides", "not_range",
    "null_or_more",
)  # fmt: skip
SET_FORMS = ("equal", "one_of", "not_equal", "not_null", "null", "anything", "all", "is")

TEXTS = ("north", "south east", "<= 5", "null", "Süd")
"""Texts, two of which look like tests."""

DAYS = (date(2022, 1, 1), date(2021, 12, 31), date(2022, 7, 1), date(2023, 12, 31), date(2024, 6, 30), date(2024, 2, 29))
"""Days, of which some are ends of the invented windows."""


@frozen
class Spec:
    """A field as far as a test on it is concerned.

    Args:
        id: the field.
        type: its type.
        values: what an enum or a set may hold, or the texts that are likely.
        unit: the unit of a quantity, and another one with how many of it make one.
        digits: decimal places.
        optional: whether it may be missing.
    """

    id: str
    type: str
    values: tuple[str, ...] = ()
    unit: tuple[str, str, int] | None = None
    digits: int = 0
    optional: bool = True


def forms_for(spec: Spec) -> tuple[str, ...]:
    """Return the forms of tests that can be asked of a field."""
    if spec.type == "set":
        forms: tuple[str, ...] = SET_FORMS
    else:
        forms = ANY_FORMS + (ORDERED_FORMS if spec.type in ORDERED else ())
    return forms if spec.optional else tuple(form for form in forms if form != "null")


def invented_test(form: str, spec: Spec, choices: Choices) -> Any:
    """Return a test of one form on a field, as plain data.

    Args:
        form: one of `forms_for` the field.
        spec: the field.
        choices: what decides.
    """
    if form in ("null", "not_null", "anything"):
        return {"null": "null", "not_null": "not(null)", "anything": "-"}[form]
    if form in ORDERED_FORMS:
        return _ordered_test(form, spec, choices)
    if form in ("all", "is"):
        return {form: choices.some(spec.values, 1, 2)}
    several = choices.some(literal_options(spec), 1 if form == "not_equal" else 2, 2)
    if form == "equal":
        return _written(several[0], spec)
    if form == "one_of":
        as_list = choices.chance(50)
        return [_written(v, spec) for v in several] if as_list else ", ".join(_quoted(v, spec) for v in several)
    return f"not({', '.join(_quoted(value, spec) for value in several)})"


def _ordered_test(form: str, spec: Spec, choices: Choices) -> str:
    options = literal_options(spec)
    low_index = choices.below(len(options) - 1)
    low = _quoted(options[low_index], spec, choices)
    high = _quoted(options[choices.between(low_index + 1, len(options) - 1)], spec, choices)
    match form:
        case "less":
            return f"< {high}"
        case "at_most":
            return f"<= {high}"
        case "more":
            return f"> {low}"
        case "at_least":
            return f">= {low}"
        case "closed":
            return f"[{low}..{high}]"
        case "open":
            return choices.one((f"({low}..{high})", f"]{low}..{high}["))
        case "low_open":
            return f"({low}..{high}]"
        case "high_open":
            return f"[{low}..{high})"
        case "two_sides":
            return f"< {low}, > {high}"
        case "not_range":
            return choices.one((f"not([{low}..{high}])", f"not(< {low})", f"not({low}, > {high})"))
        case _:
            return f"null, > {low}"


def literal_options(spec: Spec) -> tuple[Any, ...]:
    """Return the values that tests on a field name: in order, and never next to each other."""
    match spec.type:
        case "boolean":
            return (True, False)
        case "integer":
            return (0, 3, 10, -2) if spec.id == "unordered" else (-2, 0, 3, 10)
        case "year":
            return (2024, 2027, 2030)
        case "date":
            return tuple(sorted(DAYS))
        case "number" | "percent" | "quantity":
            step = Decimal(1).scaleb(-spec.digits)
            return (Decimal(0), 2 * step, Decimal(10), Decimal(50) + step, Decimal(90))
        case _:
            return spec.values


def _written(value: Any, spec: Spec) -> Any:
    """Return a value as a test of its own: bare where the type allows it."""
    if spec.type == "text" or spec.type == "quantity":
        return _quoted(value, spec)
    return value


def _quoted(value: Any, spec: Spec, choices: Choices | None = None) -> str:
    """Return a value as it stands inside a test."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, date):
        return str(value.year) if choices is not None and choices.chance(25) else value.isoformat()
    if spec.unit is not None:
        own, other, factor = spec.unit
        convert = choices is not None and choices.chance(30)
        return f"{value * factor:f} {other}" if convert else f"{value:f} {own}"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
