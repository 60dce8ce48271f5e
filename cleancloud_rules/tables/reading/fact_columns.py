"""The columns that tables of facts share: the company, and what stands beside the fields of a fact."""

from collections.abc import Iterable, Mapping

from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.sheets.layout import COMPANY
from cleancloud_rules.sheets.values import NOTHING
from cleancloud_rules.tables import facts
from cleancloud_rules.tables.reading import readings
from cleancloud_rules.tables.reading.columns import Column, Parsed
from cleancloud_rules.tables.reading.forms import UserTable
from cleancloud_rules.tables.reading.small_tables import TYPES
from cleancloud_rules.tables.reading.text_values import ANYWHERE
from cleancloud_rules.tables.reading.typed_values import PERIOD_END, PERIOD_START, content_of_column, content_of_period

REQUIRED = ("basis", "source")
"""The columns beside the fields that every row needs."""

PERIODS = (PERIOD_START, PERIOD_END)


def company_column(table: UserTable, columns: Mapping[str, int]) -> Column:
    """Return the column that names the company of a row."""
    missing = Diagnostic("missing-key", f"the row has no `{COMPANY}`", ANYWHERE)
    return Column(COMPANY, content_of_column(table, columns, COMPANY), readings.NAMED, missing)


def beside_columns(table: UserTable, columns: Mapping[str, int], names: Iterable[str]) -> list[Column]:
    """Return the columns beside the fields of a fact, or beside a search."""
    found = []
    for name in names:
        content = content_of_column(table, columns, name)
        if name == "period":
            content = content_of_period(table, columns)
        help = f"write `{NOTHING}` if there is none" if name == "source" else ""
        missing = Diagnostic("missing-key", f"the row has no `{name}`", ANYWHERE, help) if name in REQUIRED else None
        found.append(Column(name, content, readings.BESIDE[name], missing))
    return found


def beside_expressions(parsed: Mapping[str, Parsed]) -> dict[str, str]:
    """Return the columns of a normalised table for what stands beside the fields of a fact, by name."""
    parts = {
        f"{key}{ending}": part
        for key, reading in readings.BESIDE.items()
        for (ending, _), part in zip(reading.parts, parsed[key].parts, strict=True)
    }
    return {name: f"CAST({parts[name]} AS {TYPES[type]})" for name, type in facts.BESIDE.items()}
