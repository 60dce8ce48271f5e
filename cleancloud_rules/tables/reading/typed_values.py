"""Typed columns become texts, as a cell of a spreadsheet would hold them, so that there is one way of reading.

A number becomes the text of its digits, which loses nothing. The ends of a bound, in columns of their own, become
`>= 5 and < 9`, and a unit follows its number.
"""

from collections.abc import Mapping

from attrs import frozen

from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.model.facts import Field
from cleancloud_rules.sheets.layout import column_of
from cleancloud_rules.sheets.values import DISCLOSED
from cleancloud_rules.tables import sql
from cleancloud_rules.tables.reading.forms import UserTable
from cleancloud_rules.tables.reading.text_values import BOUND_TOO, DISCLOSED_TOO, Kind

LOW, HIGH, LOW_OPEN, HIGH_OPEN, UNIT, WITHOUT_VALUE = (
    ".low", ".high", ".low_open", ".high_open", ".unit", ".disclosed",
)  # fmt: skip
"""What follows the name of a field in those of its further columns."""

_FLAGS = (LOW_OPEN, HIGH_OPEN, WITHOUT_VALUE)

PERIOD_START, PERIOD_END = "period_start", "period_end"
"""The columns of the first and the last day of a period."""


@frozen
class Content:
    """What the cells of a column hold, as texts.

    Args:
        name: the name of the column.
        text: the expression of the texts.
        kind: what they were.
    """

    name: str
    text: str
    kind: Kind = Kind.TEXT


def further_columns(field: Field) -> tuple[str, ...]:
    """Return the further columns that a field can have in a typed table."""
    name = column_of(field)
    bounds = (LOW, HIGH, LOW_OPEN, HIGH_OPEN, UNIT) if field.type.is_ordered else ()
    return tuple(f"{name}{ending}" for ending in (*bounds, WITHOUT_VALUE))


def content_of_column(table: UserTable, columns: Mapping[str, int], name: str) -> Content | None:
    """Return what a column holds; None if there is none of this name."""
    number = columns.get(name)
    if number is None:
        return None
    kind = table.kinds[number]
    return Content(name, _text(table, table.columns[number], kind), kind)


def content_of_period(table: UserTable, columns: Mapping[str, int]) -> Content | None:
    """Return what the column `period` holds, or those of its first and last day; None if there are none."""
    ends = [content_of_column(table, columns, name) for name in (PERIOD_START, PERIOD_END)]
    whole = content_of_column(table, columns, "period")
    if ends == [None, None]:
        return whole
    first, last = ("''" if end is None else f"COALESCE({end.text}, '')" for end in ends)
    days = f"NULLIF({first} || '/' || {last}, '/')"
    name = next(end.name for end in ends if end is not None)
    if whole is None:
        return Content(name, days)
    return Content("period", f"NULLIF(CONCAT_WS(' and ', {whole.text}, {days}), '')")


def content_of_field(
    table: UserTable, columns: Mapping[str, int], field: Field, gather: DiagnosticCollector
) -> Content | None:
    """Return what the columns of a field hold; None if there are none. Errors are added to `gather`."""
    name = column_of(field)
    exact = content_of_column(table, columns, name)
    further = {
        ending: found
        for ending in (LOW, HIGH, UNIT, *_FLAGS)
        if (found := content_of_column(table, columns, f"{name}{ending}")) is not None
    }
    if not further:
        return exact
    for ending in _FLAGS:
        flag = further.get(ending)
        if flag is not None and flag.kind not in (Kind.BOOLEAN, Kind.NOTHING):
            cell = table.sheet.head.cell(columns[flag.name])
            assert cell is not None
            gather.add("wrong-type", f"column `{flag.name}` must hold `true` and `false`", cell.location)
    texts = {ending: found.text for ending, found in further.items()}
    after = f" || COALESCE(' ' || {texts[UNIT]}, '')" if UNIT in texts else ""
    stated = "NULL" if exact is None else f"{_as_one(table.columns[columns[name]], exact)}{after}"
    ends = [_end(texts, *names, after) for names in ((LOW, LOW_OPEN, ">"), (HIGH, HIGH_OPEN, "<"))]
    bound = f"NULLIF(CONCAT_WS(' and ', {', '.join(ends)}), '')"
    value = f"NULLIF(CONCAT_WS({sql.text(BOUND_TOO)}, {stated}, {bound}), '')"
    if WITHOUT_VALUE in texts:
        both = f"COALESCE({sql.text(DISCLOSED_TOO)} || {value}, {sql.text(DISCLOSED)})"
        value = f"CASE WHEN {texts[WITHOUT_VALUE]} = 'true' THEN {both} ELSE {value} END"
    return Content(exact.name if exact is not None else next(iter(further.values())).name, value)


def _as_one(column: str, content: Content) -> str:
    """Return the text of a column; of a list, its names with commas between them."""
    return f"ARRAY_TO_STRING({column}, ', ')" if content.kind is Kind.LIST else content.text


def _end(texts: Mapping[str, str], end: str, is_open: str, sign: str, unit: str) -> str:
    """Return one end of a bound; null if there is none."""
    flag = f"{texts[is_open]} = 'true'" if is_open in texts else "FALSE"
    without = f"CASE WHEN {flag} THEN '{sign}' END"  # an open end without a number is a mistake
    if end not in texts:
        return without
    return f"COALESCE(CASE WHEN {flag} THEN '{sign} ' ELSE '{sign}= ' END || {texts[end]}{unit}, {without})"


def _text(table: UserTable, column: str, kind: Kind) -> str:
    """Return the content of a column as text."""
    text = f"CAST({column} AS VARCHAR)"
    match kind:
        case Kind.TEXT:
            return column if table.csv is not None else text
        case Kind.FLOAT:
            return f"CASE WHEN NOT ISNAN({column}) THEN REGEXP_REPLACE({text}, '\\.0$', '') END"
        case Kind.TIME:
            day = f"CAST({column} AS DATE)"
            return f"CASE WHEN {column} = {day} THEN CAST({day} AS VARCHAR) ELSE {text} END"
        case Kind.LIST:
            return f"CAST(TO_JSON({column}) AS VARCHAR)"
        case _:
            return text
