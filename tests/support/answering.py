"""Answer sheets that a company fills in, as with a spreadsheet program, and what their import is to make of them."""

from collections.abc import Iterable, Mapping
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from cleancloud_rules import Company, Methodology
from cleancloud_rules.generators.serialise import stated_fact
from cleancloud_rules.model.facts import Fact, Response, Source
from cleancloud_rules.sheets.layout import ANSWER, BESIDE, REPLY
from cleancloud_rules.sheets.responses.evidence import value_cell
from cleancloud_rules.sheets.yaml_files import source_entry

RECEIVED = date(2026, 2, 3)
BY = "Office of the company"

Answer = Mapping[str, Any]
"""What a company writes into the columns of one row."""


def filled(content: bytes, answers: Iterable[Answer], by: str | None = BY) -> bytes:
    """Return an answer sheet with answers: the first about a criterion in its row, and the others in new rows."""
    book = load_workbook(BytesIO(content))
    sheet: Any = book[ANSWER]
    heads = {cell.value: cell.column for cell in sheet[1]}
    rows = {row[0].value: row[0].row for row in sheet.iter_rows(min_row=2)}
    for answer in answers:
        number = rows.pop(answer.get("criterion"), sheet.max_row + 1)
        for name, value in answer.items():
            write(sheet.cell(number, heads[name]), value)
    if by is not None:
        write(book[REPLY]["B4"], by)
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def write(cell: Any, value: Any) -> None:
    """Write a value into a cell of openpyxl; a text is never a formula."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def answers_to(response: Response, methodology: Methodology) -> list[Answer]:
    """Return the rows in which a company would give a response about its first criterion."""
    own = {source.id for source in methodology.bibliography}
    head = {"reason": response.reason, "wrong": ", ".join(response.disputes)}
    rows: list[Answer] = []
    for fact in response.facts or (None,):
        evidence = {} if fact is None else _evidence(fact, own)
        rows.append({"criterion": response.about[0], **{key: text for key, text in head.items() if text}, **evidence})
        head = {}
    return rows


def _evidence(fact: Fact, own: set[str]) -> Answer:
    stated = stated_fact(fact)
    beside = {name: str(stated[name]) for name in BESIDE if name in stated}
    cells = {"fact": fact.type, "value": value_cell(fact), **beside}
    if fact.source is not None and fact.source.id not in own:
        listed = _published(fact.source)
        cells |= {"source": listed["title"], "source type": listed["type"]}
        cells |= {"published": str(listed["published"])} if "published" in listed else {}
    return cells


def _published(source: Source) -> dict[str, Any]:
    """Return what an answer sheet says of a source that is new to the publisher."""
    entry = {"title": f"Publication {source.id}", **source_entry(source)}
    return {key: entry[key] for key in ("type", "title", "publisher", "published", "url") if key in entry}


def imported(response: Response, company: Company, methodology: Methodology) -> dict[str, Any]:
    """Return the entry of a company file that these rows are to become."""
    own = {source.id for source in methodology.bibliography}
    id = f"{response.about[0]}-{RECEIVED}"
    sources: dict[str, str] = {}
    listed, facts = {}, []
    for fact in response.facts:
        entry = stated_fact(fact)
        if fact.source is not None and fact.source.id not in own:
            entry["source"] = sources.setdefault(fact.source.id, f"{id}-{len(sources) + 1}")
            listed[entry["source"]] = _published(fact.source)
        facts.append(entry)
    disputes = [fact for fact in response.disputes if fact in {one.id for one in company.facts}]
    made = {
        "id": id, "received": RECEIVED, "by": BY, "about": [response.about[0]], "reason": response.reason,
        "sources": listed, "facts": facts, "disputes": disputes,
    }  # fmt: skip
    return {key: value for key, value in made.items() if value}
