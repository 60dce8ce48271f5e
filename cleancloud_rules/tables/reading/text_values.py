"""How the cells of a column are read: the library judges each different content once.

What most cells hold, such as written-out numbers, SQL can convert itself; see `plain_texts`. It takes only what the
library would take too. The library judges everything else, and with it every mistake, which so has its words.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any

from attrs import frozen

from cleancloud_rules.diagnostics.collector import Rejected, reject
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, SourceFile
from cleancloud_rules.language.load.stated_facts import valid_value
from cleancloud_rules.model.exact import is_whole, units_in
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.units import Units
from cleancloud_rules.model.values import FieldType, Interval, Value
from cleancloud_rules.sheets.csv_files import unguarded
from cleancloud_rules.sheets.grid import Cell
from cleancloud_rules.sheets.memory_tables import cell_of
from cleancloud_rules.sheets.values import DISCLOSED, is_word, value_node
from cleancloud_rules.tables.reading.plain_texts import PRINTABLE, Plain, plain_number

ANYWHERE = Location(SourceFile("<tables>"))
"""The place of a content that stands in many rows."""


DISCLOSED_TOO = f"{DISCLOSED}\x1f"
"""How the text of a field begins that has a value and is said to be disclosed without it."""

BOUND_TOO = "\x1e"
"""What stands between the value and the bound of a field that has both."""


class State(IntEnum):
    """What a cell says."""

    EMPTY = 0
    VALUE = 1
    DISCLOSED = 2
    """A field that was published without its value; under `source`, that there is none."""
    WRONG = 3


class Kind(Enum):
    """What the cells of a column are before they become texts."""

    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    FLOAT = "float"
    BOOLEAN = "boolean"
    DAY = "day"
    TIME = "time"
    LIST = "list"
    NOTHING = "nothing"
    OTHER = "other"


Parts = tuple[Any, ...]


@frozen
class Reading:
    """How the cells of a column are read.

    Args:
        parts: the columns that a cell becomes: what follows the name of each, and its type (see `backends.Columns`).
        judge: returns what a cell says, and its parts.
        plain: which texts SQL converts, and how; None if it converts none.
    """

    parts: tuple[tuple[str, str], ...]
    judge: Callable[[Cell], tuple[State, Parts]]
    plain: Plain | None = None


@frozen
class Judged:
    """What the library found in a cell.

    Args:
        state: what the cell says.
        parts: its parts; without any unless it has a value.
        diagnostics: what is wrong with it.
    """

    state: State
    parts: Parts = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def judged(text: str, kind: Kind, reading: Reading, *, is_csv: bool) -> Judged:
    """Return what the library finds in a cell.

    Args:
        text: the content of the cell, as a text.
        kind: what it was.
        reading: how it is read.
        is_csv: whether an apostrophe in front only says that it is no formula.
    """
    cell = cell_of(unguarded(text) if is_csv else content_of(text, kind), ANYWHERE)
    if cell is None:
        return Judged(State.EMPTY)
    try:
        return Judged(*reading.judge(cell))
    except Rejected as rejected:
        return Judged(State.WRONG, (), rejected.diagnostics)


def content_of(text: str, kind: Kind) -> Any:
    """Return what a cell held before it became a text; the text itself if it was something unusual."""
    with suppress(ValueError, ArithmeticError):
        match kind:
            case Kind.WHOLE:
                return int(text)
            case Kind.DECIMAL:
                return Decimal(text)
            case Kind.FLOAT:
                number = Decimal(text)
                return int(number) if number.is_finite() and is_whole(number) else number
            case Kind.BOOLEAN:
                return text == "true"
            case Kind.DAY:
                return date.fromisoformat(text)
            case Kind.TIME:
                return datetime.fromisoformat(text)
            case Kind.LIST:
                return tuple(json.loads(text))
            case Kind.OTHER:
                return text.encode()  # which no cell can hold
    return text


def field_reading(field: Field, units: Units, *, is_answer: bool = False) -> Reading:
    """Return how the cells of a field are read.

    Args:
        field: the field.
        units: the units of quantities.
        is_answer: whether it is the answer to a question, which is never disclosed without its value.
    """
    parts: tuple[tuple[str, str], ...] = (("", "text"),)
    if field.type.is_ordered:
        parts = (
            ("_low", "whole"), ("_high", "whole"),
            ("_low_open", "bool"), ("_high_open", "bool"),
        )  # fmt: skip
    elif field.type is FieldType.SET:
        parts = (("", "texts"),)

    def judge(cell: Cell) -> tuple[State, Parts]:
        if not is_answer and is_word(cell, DISCLOSED):
            return State.DISCLOSED, ()
        if isinstance(cell.value, str) and BOUND_TOO in cell.value:
            raise reject("bad-bound", f"`{field.id}` has a value and a bound", cell.location, "keep one of the two")
        if isinstance(cell.value, str) and cell.value.startswith(DISCLOSED_TOO):
            message = f"`{field.id}` has a value and is listed under `disclosed`"
            raise reject("value-and-disclosed", message, cell.location, "keep one of the two")
        return State.VALUE, parts_of(valid_value(value_node(cell, field), field, units), field)

    return Reading(parts, judge, _plain_field(field, units))


def _plain_field(field: Field, units: Units) -> Plain | None:
    if field.type is FieldType.TEXT and field.valid is None:
        return Plain(PRINTABLE)
    return plain_number(field, units)


def parts_of(value: Value, field: Field) -> Parts:
    """Return the parts of a value of a field."""
    if isinstance(value, frozenset):
        return (sorted(value),)
    if not field.type.is_ordered:
        return (str(value).lower() if isinstance(value, bool) else value,)
    if isinstance(value, Interval):
        return scaled(value.low, field), scaled(value.high, field), value.low_open, value.high_open
    return scaled(value, field), scaled(value, field), False, False


def scaled(value: Any, field: Field) -> Decimal | None:
    """Return an ordered value as a whole number: in units of the last digit of its field, or as the number of a day."""
    match value:
        case None:
            return None
        case date():
            return Decimal(value.toordinal())
        case _:
            return Decimal(units_in(Decimal(value), field.digits))
