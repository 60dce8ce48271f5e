"""One mistake in each workbook, beside the exact text of its diagnostic in `docs/reference/diagnostics.md`."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from cleancloud_rules import Diagnostic, FactsError, score
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.sheets.responses.answer_sheet import answer_sheet
from cleancloud_rules.sheets.responses.filled_sheet import answers_of, sheets_of_answers
from tests.support.answering import RECEIVED, filled
from tests.support.workbooks import cells, dataset, edited, read, rules

FILE = Path("facts.xlsx")


def _hide(book: Any) -> None:
    book["share"].row_dimensions[3].hidden = True


def _rename(book: Any) -> None:
    book["share"].title = "shares"


def _survey(book: Any) -> None:
    sheet = book.create_sheet("Survey")
    for row in (["Company", "Share", "Remarks"], ["c001", "12.5%", "Estimated"]):
        sheet.append(row)


def _title(book: Any) -> None:
    book["share"].insert_rows(1)
    book["share"]["A1"] = "Shares of renewables"


EDITS: dict[str, Callable[[Any], object]] = {
    "missing-sheet": lambda book: book.remove(book["companies"]),
    "unknown-sheet": _rename,
    "misplaced-heads": _title,
    "not-a-fact": lambda book: book["share"].append(["Total", "100%"]),
    "formula-cell": cells({"share!B2": ("=10+2.5", "General")}),
    "error-cell": cells({"share!B2": ("#DIV/0!", "General")}),
    "merged-cells": lambda book: book["share"].merge_cells("A2:A3"),
    "ambiguous-percent": cells({"share!B2": (0.15, "General")}),
    "date-cell": cells({"share!D2": (date(2023, 1, 1), "yyyy")}),
    "hidden-cells": _hide,
    "repeated-row": lambda book: book["share"].append([cell.value for cell in book["share"][2]]),
    "invisible-character": cells({"share!H2": "page\u200b 1"}),
    "unread-column": _survey,
}
"""What is done to a good workbook, by the code of the diagnostic."""

TEXTS = {
    "bad-workbook": (
        "facts.xlsx: error[bad-workbook]: `facts.xlsx` is no workbook that can be read\n"
        "  help: open it in a spreadsheet program and save it as .xlsx"
    ),
    "missing-sheet": ("facts.xlsx: error[missing-sheet]: there is no sheet `companies`"),
    "unknown-sheet": (
        "facts.xlsx: Sheet `shares`: error[unknown-sheet]: there is no fact type `shares`\n"
        "  help: did you mean `share`?"
    ),
    "misplaced-heads": (
        "facts.xlsx: Sheet `share` cell A2: error[misplaced-heads]: the heads of the columns stand in row 2, "
        "not in the first row\n"
        "  help: delete the rows above them"
    ),
    "not-a-fact": (
        "facts.xlsx: Sheet `share` cell A4: error[not-a-fact]: the row names no company, and lacks its basis or its "
        "source, so it is no fact\n"
        "  help: keep totals, remarks and other tables in a sheet whose name begins with `_`"
    ),
    "formula-cell": (
        "facts.xlsx: Sheet `share` cell B2: error[formula-cell]: the cell holds the formula `=10+2.5`, not a value\n"
        "  help: copy the cell, and paste its value over the formula"
    ),
    "error-cell": (
        "facts.xlsx: Sheet `share` cell B2: error[error-cell]: the cell shows the error `#DIV/0!`\n"
        "  help: write the value"
    ),
    "merged-cells": (
        "facts.xlsx: Sheet `share` cell A2: error[merged-cells]: the cells A2:A3 are merged\n"
        "  help: divide them, and write the value into each cell"
    ),
    "ambiguous-percent": (
        "facts.xlsx: Sheet `share` cell B2: error[ambiguous-percent]: `0.15` can be 15% or 0.15%\n"
        "  help: write `15%` or `0.15%`"
    ),
    "date-cell": (
        "facts.xlsx: Sheet `share` cell D2: error[date-cell]: the spreadsheet has made the date "
        "2023-01-01 of a year or a period\n"
        "  help: format the cell as text, and write it again"
    ),
    "hidden-cells": (
        "facts.xlsx: Sheet `share` cell A3: warning[hidden-cells]: row 3 is hidden, and is read\n"
        "  help: show what is hidden, and look whether it is meant"
    ),
    "repeated-row": (
        "facts.xlsx: Sheet `share` cell A4: warning[repeated-row]: the row states the same as row 2, and counts once\n"
        "  help: correct it if it was copied to be changed, or delete it"
    ),
    "invisible-character": (
        "facts.xlsx: Sheet `share` cell H2: warning[invisible-character]: the text holds "
        "U+200B (zero width space), which no one sees\n"
        "  help: delete the text and type it again"
    ),
    "unread-column": (
        "facts.xlsx: Sheet `Survey` cell C1: warning[unread-column]: column `Remarks` is not read: "
        "`tables.yaml` does not mention it\n"
        "  help: declare it under `columns`, or list it under `unread`"
    ),
    "unread-cell": (
        "facts.xlsx: Sheet `answer` cell D2: warning[unread-cell]: the text under `held` was changed, and is not read\n"
        "  help: answer in the columns from `reason` on"
    ),
}
"""The diagnostics, by code."""


TABLES = """\
tables:
  - file: facts.xlsx
    sheet: Survey
    company: Company
    defaults: {basis: reported, source: report, period: 2023}
    columns:
      Share: {fact: share, field: percent}
"""


def _warnings_of_answers() -> tuple[Diagnostic, ...]:
    """Return what is odd in an answer sheet in which the company has changed what is held."""
    (company,) = dataset().companies
    content = answer_sheet(score(company, rules()), rules())
    FILE.write_bytes(filled(content, [{"criterion": str(rules().criteria[0].id), "held": "It is 20%."}]))
    gather = DiagnosticCollector()
    sheets = sheets_of_answers(FILE, gather)
    read = answers_of(sheets, str(FILE), company.id, rules(), (), RECEIVED, gather)
    assert not gather.failed
    return read.warnings


def shown(code: str) -> str:
    """Return the diagnostics of the workbook in the present folder that has this mistake."""
    if code == "unread-cell":
        return "\n\n".join(map(str, _warnings_of_answers()))
    if code == "bad-workbook":
        FILE.write_bytes(b"company,percent\r\n")
    else:
        edited(FILE, EDITS[code], 2)
    tables = FILE.with_name("tables.yaml")
    if code == "unread-column":
        tables.write_text(TABLES, encoding="utf-8")
    try:
        return "\n\n".join(map(str, read(tables if code == "unread-column" else FILE).warnings))
    except FactsError as error:
        return str(error)
