"""The JSON Schema of ``tables.yaml``, which says what the columns of wide tables mean."""

from cleancloud_rules.language.table_file_types import NoIs
from cleancloud_rules.schemas.facts import beside_facts, value
from cleancloud_rules.schemas.parts import BASICS, ID, Schema, choice, document, listing, mapping, named, ref, text


def tables_schema() -> Schema:
    """Return the schema of ``tables.yaml``."""
    body = mapping(
        "What the columns of tables mean that have a row for each company. They lie in the folder of this file.",
        {"tables": listing("The tables.", _table())},
        ["tables"],
    )
    return document("tables", "Wide tables", body, {**BASICS, "value": value()})


def _table() -> Schema:
    column = "The columns that are read, by the text in the first row of the table."
    return mapping(
        "A table with a row for each company.",
        {
            "file": text("The workbook (.xlsx) or the CSV file, in the folder of this file."),
            "sheet": text("The sheet of the workbook. A CSV file has none."),
            "company": text("The column with the id, the name or an alias of the company."),
            "unread": listing(
                "The columns that are not read. One that stands nowhere is a warning.", text("A column.")
            ),
            "defaults": mapping("What stands beside all facts of the table, unless a column says more.", _beside()),
            "columns": {
                "type": "object",
                "description": column,
                "additionalProperties": _column(),
            },
        },
        ["file", "company", "columns"],
    )


def _column() -> Schema:
    return mapping(
        "What a column means: each of its cells is a fact. An empty cell says nothing.",
        {
            "fact": ref("id", "The fact type."),
            "field": ref("id", "The field whose value stands in the cell."),
            "set": named("The values of other fields, the same in all rows.", ref("value"), ID),
            "no_is": choice(
                "What `no` means, for a field of type boolean: `fact`: a fact; `not_found`: something that was looked "
                "for and not found; `nothing`: nothing. Default: fact.",
                (each.value for each in NoIs),
            ),
            **_beside(),
        },
        ["fact", "field"],
    )


def _beside() -> dict[str, Schema]:
    own = {key: made for key, made in beside_facts().items() if key != "disclosed"}
    return {**own, "locator": text("The place in the source. `{column}` in it is the name of the column.")}
