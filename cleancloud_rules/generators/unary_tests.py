"""Random unary tests of every form for a field, as a criteria file writes them."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

from attrs import frozen

from cleancloud_rules.generators.choices import Choices
from cleancloud_rules.model.exact import add, multiply, unit
from cleancloud_rules.model.values import FieldType

ANY_FORMS = ("equal", "one_of", "not_equal", "not_null", "null", "anything")
SET_FORMS = (
    "equal",
    "equal",
    "equal",
    "one_of",
    "all",
    "all",
    "all",
    "is",
    "is",
    "is",
    "is",
    "not_equal",
    "not_null",
    "null",
)

_PATTERNS = {
    "less": ("< {1}",),
    "at_most": ("<= {1}",),
    "more": ("> {0}",),
    "at_least": (">= {0}",),
    "closed": ("[{0}..{1}]",),
    "open": ("({0}..{1})", "]{0}..{1}["),
    "low_open": ("({0}..{1}]", "]{0}..{1}]"),
    "high_open": ("[{0}..{1})", "[{0}..{1}["),
    "two_sides": ("< {0}, > {1}", "<= {0}, >= {2}", "[{0}..{1}], > {1}", "< {0}, {0}, > {0}"),
    "not_range": ("not([{0}..{1}])", "not(< {0})", "not(<= {0}, > {1})", "not({0}, {2})"),
    "null_or_more": ("> {0}, null",),
}
ORDERED_FORMS = tuple(_PATTERNS)
_YEARS_ALLOWED = ("less", "at_most", "more", "at_least")

TEXTS = ("north", "south east", "<= 5", "null", "Süd")
"""Texts, two of which look like tests."""

DAYS = (date(2022, 1, 1), date(2022, 7, 1), date(2023, 12, 31), date(2024, 2, 29), date(2024, 6, 30))
"""Days in order; some of them are the first or the last day of the generated window."""


@frozen
class Spec:
    """The properties of a field that matter to a test on it.

    Args:
        id: the field.
        type: its type.
        values: what an enum or a set may hold, or the texts that are likely.
        unit: the unit of a quantity, and another one with how many of it make one.
        digits: decimal places.
        optional: whether it may be missing.
    """

    id: str
    type: FieldType
    values: tuple[str, ...] = ()
    unit: tuple[str, str, int] | None = None
    digits: int = 0
    optional: bool = True


def forms_for(spec: Spec) -> tuple[str, ...]:
    """Return the forms of tests that a field allows; forms that few fields allow are listed several times."""
    if spec.type is FieldType.SET:
        forms: tuple[str, ...] = SET_FORMS
    else:
        forms = ANY_FORMS + (2 * ORDERED_FORMS if spec.type.is_ordered else ())
    return forms if spec.optional else tuple(form for form in forms if form != "null")


def generated_test(form: str, spec: Spec, choices: Choices) -> Any:
    """Return a test of one form on a field, as plain data.

    Args:
        form: one of `forms_for` the field.
        spec: the field.
        choices: the source of randomness.
    """
    if form in ("null", "not_null", "anything"):
        return {"null": "null", "not_null": "not(null)", "anything": "-"}[form]
    if form in ORDERED_FORMS:
        return _ordered_test(form, spec, choices)
    if form in ("all", "is"):
        return {form: choices.some(spec.values, 1, 2)}
    options = literal_options(spec)
    if form == "equal":
        return _written(choices.any_of(options), spec)
    if form == "one_of":
        several = choices.some(options, 2, 2)
        in_one_text = spec.type.is_worded and choices.chance(50)
        return ", ".join(_quoted(v, spec) for v in several) if in_one_text else [_written(v, spec) for v in several]
    refused = choices.some(options, 1, min(2, len(options) - 1))
    return f"not({', '.join(_quoted(value, spec) for value in refused)})"


def _ordered_test(form: str, spec: Spec, choices: Choices) -> str:
    options = literal_options(spec)
    pairs = list(combinations(range(len(options)), 2))
    first, second = choices.any_of(pairs)
    ends = [_quoted(options[index], spec, choices if form in _YEARS_ALLOWED else None) for index in (first, second)]
    ends.append(_quoted(_beside(options[first], spec), spec))
    return choices.any_of(_PATTERNS[form]).format(*ends)


def _beside(value: Any, spec: Spec) -> Any:
    """Return the next value of a type whose values have neighbours; the value itself for other types."""
    if not spec.type.has_neighbours:
        return value
    return value + timedelta(days=1) if isinstance(value, date) else value + 1


def literal_options(spec: Spec) -> tuple[Any, ...]:
    """Return the values that tests on a field may name, in order; no two are adjacent."""
    match spec.type:
        case FieldType.BOOLEAN:
            return (True, False)
        case FieldType.INTEGER:
            return (-2, 0, 3, 10)
        case FieldType.YEAR:
            return (2024, 2027, 2030)
        case FieldType.DATE:
            return DAYS
        case FieldType.NUMBER | FieldType.PERCENT | FieldType.QUANTITY:
            step = unit(spec.digits)
            return (Decimal(0), multiply(step, 2), Decimal(10), add(step, 50), Decimal(90))
        case _:
            return spec.values


def _written(value: Any, spec: Spec) -> Any:
    """Return a value as a test of its own, without quotes if its type allows that."""
    if spec.type is FieldType.TEXT or spec.type is FieldType.QUANTITY:
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
        return f"{multiply(value, factor):f} {other}" if convert else f"{value:f} {own}"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
