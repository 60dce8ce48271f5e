"""Copies of workbooks in which each mistake is a comment at its cell."""

import re
import warnings
from collections.abc import Iterable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from cleancloud_rules.diagnostics.characters import visible
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.sheets.workbook_reader import opened

LIST = "_mistakes"
"""The sheet with all mistakes. It is not read when the copy is imported."""

_HEADS = ("place", "severity", "code", "message", "help")
_COLOURS = {True: "FFC7CE", False: "FFEB9C"}
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def annotated(content: bytes, name: str, diagnostics: Iterable[Diagnostic]) -> bytes:
    """Return a copy of a workbook with a comment at each cell that has diagnostics, and with a list of all of them.

    Equal workbooks and diagnostics give equal bytes.

    Args:
        content: the bytes of the workbook.
        name: its name.
        diagnostics: the diagnostics.

    Raises:
        MissingExtraError: if openpyxl is missing; the message says what to install.
        Rejected: if it is no workbook.
    """
    book = opened(content, name)
    from openpyxl.comments import Comment  # noqa: PLC0415 - an extra for workbooks alone
    from openpyxl.styles import PatternFill  # noqa: PLC0415 - as above

    if LIST in book.sheetnames:
        book.remove(book[LIST])
    listing = book.create_sheet(LIST, 0)
    listing.append(_HEADS)
    for number, found in enumerate(diagnostics, 2):
        cell = found.location.cell
        row = (str(cell or found.location), found.severity.value, found.code, found.message, found.help)
        for column, text in enumerate(row, 1):
            listed = listing.cell(number, column, visible(text))
            listed.data_type = "s"  # no text is a formula
        if cell is None or cell.sheet not in book.sheetnames:
            continue
        place = book[cell.sheet].cell(max(cell.row, 1), max(cell.column, 1))
        if type(place).__name__ == "MergedCell":
            continue
        earlier = f"{place.comment.text}\n\n" if place.comment is not None else ""
        text = f"{found.severity.value}[{found.code}]: {found.message}" + (f"\n{found.help}" if found.help else "")
        place.comment = Comment(earlier + visible(text, keep="\n"), "cleancloud-rules", height=140, width=320)
        place.fill = PatternFill("solid", fgColor=_COLOURS[found.is_error])
    book.active = 0
    written = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book.save(written)
    return _without_clock(written.getvalue())


def _without_clock(content: bytes) -> bytes:
    """Return a workbook whose bytes do not depend on the time at which it was written."""
    written = BytesIO()
    with ZipFile(BytesIO(content)) as parts, ZipFile(written, "w", ZIP_DEFLATED) as made:
        for part in parts.infolist():
            data = parts.read(part.filename)
            if part.filename == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>2024-01-01T00:00:00Z", data)
            made.writestr(ZipInfo(part.filename, _FIRST_DAY), data, ZIP_DEFLATED)
    return written.getvalue()
