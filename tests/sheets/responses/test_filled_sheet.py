"""Tests of filled answer sheets: what a company wrote becomes responses, or every mistake is reported at its cell."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from openpyxl import load_workbook

from cleancloud_rules import Company, Diagnostic, Methodology, score
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.documents.nodes import Document
from cleancloud_rules.documents.yaml import write_blocks
from cleancloud_rules.errors import OutputError
from cleancloud_rules.sheets.csv_files import csv_text
from cleancloud_rules.sheets.layout import ANSWER, REPLY
from cleancloud_rules.sheets.responses.additions import Additions, additions_of, citable
from cleancloud_rules.sheets.responses.answer_sheet import answer_sheet
from cleancloud_rules.sheets.responses.filled_sheet import answers_of, sheets_of_answers
from cleancloud_rules.sheets.workbook_reader import sheets_of_content
from tests.analysis.fact_changes.test_acceptance import check
from tests.sheets.test_export import ODD_TEXTS
from tests.support import small
from tests.support.answering import BY, RECEIVED, Answer, answers_to, filled, imported, write
from tests.support.responding import Answered, answered_cases
from tests.support.responding import read_file_text as read

DEEP = pytest.mark.deep(part="records")
SEEDS = [*range(2), *(pytest.param(seed, marks=DEEP) for seed in range(2, 100))]
SOURCE = {"source": "Letter", "source type": "report", "published": "2024-02-01"}


def brought(
    content: bytes, document: Document, company: Company, methodology: Methodology
) -> tuple[Additions | None, list[Diagnostic], tuple[Diagnostic, ...]]:
    """Return what an answer sheet adds to a company, the mistakes in it, and the warnings."""
    gather = DiagnosticCollector()
    sheets = sheets_of_content(content, "a.xlsx")
    known = citable(document, {}, methodology)
    answers = answers_of(sheets, "a.xlsx", company.id, methodology, known, RECEIVED, gather)
    made = additions_of(document, company, answers.responses, methodology, {}, gather)
    return made, list(gather.diagnostics), answers.warnings


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_company_fills_in_is_a_response_that_does_what_it_announces_when_it_is_accepted(seed: int) -> None:
    for case in answered_cases(seed, 5):
        methodology, company = case.methodology, evolve(case.companies[0], responses=())
        (response,) = case.companies[0].responses
        before, _, _ = case.document.location.file.text.partition("\nresponses:\n")
        document, _ = read(before, methodology)
        sheet = filled(answer_sheet(score(company, methodology), methodology), answers_to(response, methodology))
        made, wrong, odd = brought(sheet, document, company, methodology)
        assert (wrong, odd) == ([], ())
        assert made is not None
        assert made.text.startswith(before)
        told = write_blocks({"responses": [imported(response, company, methodology)]})
        assert made.company == read(f"{before}\n{told}", methodology)[1]
        assert made.company.responses == made.added
        after, _ = read(made.text, methodology)
        check(Answered(methodology, after, (made.company, *case.companies[1:])))


@pytest.fixture(scope="module")
def own() -> Methodology:
    return small.methodology(small.LADDER, small.GOALS)


FILE = """\
id: acme # as in the register
name: Acme
cohort: big
facts:
  - share: {percent: 5}
    source: report
    period: 2023
"""


def answered(
    own: Methodology, *answers: Answer, file: str = FILE, **more: Any
) -> tuple[Additions | None, list[tuple[str, str]]]:
    """Return what answers add to the file of a company, and the code and the cell of each mistake and each oddity."""
    document, company = read(file, own)
    sheet = filled(answer_sheet(score(company, own), own), answers, **more)
    made, wrong, odd = brought(sheet, document, company, own)
    return made, [(found.code, found.location.cell.name if found.location.cell else "") for found in (*wrong, *odd)]


def test_rows_about_one_criterion_are_one_response_and_each_publication_is_listed_once(own: Methodology) -> None:
    made, wrong = answered(
        own,
        {"criterion": "ladder", "reason": "It is more.", "fact": "share", "value": "12%", "period": 2024, **SOURCE},
        {
            "criterion": "ladder",
            "reason": "Much more.",
            "fact": "share",
            "value": "percent: >50%",
            "period": 2023,
            **SOURCE,
        },
        {"criterion": "goals", "reason": "Nobody asked."},
        {"criterion": "goals", "reason": "Nobody asked."},
    )
    assert (made and made.text, wrong) == (
        FILE
        + """\
responses:
  - id: ladder-2026-02-03
    received: 2026-02-03
    by: Office of the company
    about: [ladder]
    reason: |-
      It is more.
      Much more.
    sources:
      ladder-2026-02-03-1: {type: report, title: Letter, published: 2024-02-01}
    facts:
      - share: {percent: 12}
        period: 2024
        source: ladder-2026-02-03-1
      - share:
          percent: {more_than: 50}
        period: 2023
        source: ladder-2026-02-03-1
  - id: goals-2026-02-03
    received: 2026-02-03
    by: Office of the company
    about: [goals]
    reason: Nobody asked.
""",
        [],
    )


SHARE = {"criterion": "ladder", "reason": "It is more.", "fact": "share", "value": "12%", "period": 2024}


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ({"reason": None}, [("missing-key", "H2")]),
        (
            {"reason": None, "fact": None, "value": None, "period": None, "wrong": "share-0"},
            [("missing-key", "H2"), ("unknown-fact", "I2")],
        ),
        ({"wrong": "share-12345678"}, [("unknown-fact", "I2")]),
        ({"value": "12"}, []),
        ({"value": 0.5}, [("ambiguous-percent", "K2")]),
        ({"value": "percnt: 12%"}, [("unknown-field", "K2")]),
        ({"value": "=1+1"}, [("wrong-type", "K2")]),
        ({"fact": "shares"}, [("unknown-fact-type", "J2")]),
        ({"fact": None}, [("missing-key", "K2")]),
        ({"period": date(2024, 1, 1)}, [("date-cell", "L2")]),
        ({"period": "2024-13"}, [("wrong-type", "L2")]),
        ({"basis": "hypothetical"}, [("bad-value", "T2")]),
        ({"source": "Letter"}, [("missing-key", "O2")]),
        ({"source type": "report"}, [("missing-key", "O2")]),
        ({"source": "report", "published": "2024"}, [("misplaced-key", "Q2")]),
        ({"source": "report"}, []),
        ({"source": "(none)"}, []),
        ({**SOURCE, "source type": "reprt"}, [("unknown-value", "O2")]),
        ({**SOURCE, "published": "soon"}, [("wrong-type", "Q2")]),
        ({"held": "It is 12%."}, [("unread-cell", "D2")]),
        ({"points": "4.0"}, [("unread-cell", "F2")]),
    ],
)
def test_each_mistake_is_reported_at_its_cell(own: Methodology, answer: Answer, found: list[tuple[str, str]]) -> None:
    made, wrong = answered(own, {**SHARE, **answer})
    assert wrong == found
    assert (made is None) == any(code != "unread-cell" for code, _ in found)


def test_all_mistakes_of_all_rows_are_reported_at_once(own: Methodology) -> None:
    made, wrong = answered(
        own,
        {**SHARE, "value": "percent: x; bse: electricity", "source": "Letter", "wrong": "share-1"},
        {"criterion": "goal", "reason": "Why?", "fact": "goal", "value": "topic: enrgy"},
        {"reason": "And this."},
        by=None,
    )
    assert made is None
    assert sorted(code for code, _ in wrong) == [
        "missing-key", "missing-key", "missing-key", "unknown-fact", "unknown-field", "unknown-reference",
        "unknown-value", "wrong-type",
    ]  # fmt: skip


def test_an_empty_sheet_says_nothing(own: Methodology) -> None:
    made, wrong = answered(own)
    assert (made and made.text, made and made.added, wrong) == (FILE, (), [])


def test_the_same_answers_are_not_added_again(own: Methodology) -> None:
    made, _ = answered(own, SHARE)
    assert made is not None
    again, wrong = answered(own, SHARE, file=made.text)
    assert (again and again.added, again and again.text, wrong) == ((), made.text, [])
    rejected = f"{made.text}    status: rejected\n    decision: No.\n"
    again, wrong = answered(own, SHARE, file=rejected)
    assert (again and again.text, wrong) == (rejected, [])
    assert answered(own, {**SHARE, "value": "13%"}, file=made.text) == (None, [("repeated-id", "A2")])
    accepted = f"{made.text}    status: accepted\n"
    assert answered(own, SHARE, file=accepted) == (None, [("repeated-id", "A2")])


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda book: write(book[REPLY]["B2"], "other"), [("unknown-company", "B2")]),
        (lambda book: write(book[REPLY]["B3"], "other"), [("wrong-methodology", "B3")]),
        (lambda book: write(book[REPLY]["B4"], None), [("missing-key", "B4")]),
        (lambda book: write(book[REPLY]["A4"], "bye"), [("unknown-key", "A4"), ("missing-key", "")]),
        (lambda book: write(book[REPLY]["A3"], "by"), [("repeated-key", "A4")]),
        (lambda book: book.remove(book[REPLY]), [("missing-sheet", "")]),
        (lambda book: book.remove(book[ANSWER]), [("missing-sheet", "")]),
        (lambda book: book.create_sheet("More"), [("unknown-sheet", "")]),
        (lambda book: book.create_sheet("_mine"), []),
        (lambda book: write(book[ANSWER]["H1"], "reasons"), [("unknown-column", "H1")]),
    ],
)
def test_a_sheet_that_is_not_an_answer_of_the_company_is_refused(
    own: Methodology, change: Callable[[Any], object], found: list[tuple[str, str]]
) -> None:
    document, company = read(FILE, own)
    book = load_workbook(BytesIO(filled(answer_sheet(score(company, own), own), [])))
    change(book)
    saved = BytesIO()
    book.save(saved)
    made, wrong, _ = brought(saved.getvalue(), document, company, own)
    assert [(each.code, each.location.cell.name if each.location.cell else "") for each in wrong] == found
    assert (made is None) == bool(found)


def test_a_file_that_cannot_be_changed_in_place_stays(own: Methodology) -> None:
    text = f"{FILE}responses: [{{id: a, received: 2026-01-01, by: B, reason: C, about: [goals]}}]\n"
    with pytest.raises(OutputError, match="cannot be changed in place"):
        answered(own, SHARE, file=text)


@pytest.mark.parametrize("text", [*(text for text in ODD_TEXTS if "\r" not in text), 'a; b: "c"'])
def test_words_of_a_company_are_kept_whatever_a_spreadsheet_would_take_them_for(own: Methodology, text: str) -> None:
    text = text.strip()
    quoted = '"' + text.replace('"', '""') + '"'
    answer = {"criterion": "ladder", "reason": text, "fact": "site", "value": f"region: {quoted}", "note": text}
    made, wrong = answered(own, answer, by=text)
    assert (wrong, made is not None) == ([], True)
    (response,) = made.added if made is not None else ()
    assert (response.reason, response.by) == (text, text)
    assert [(fact.get("region"), fact.note) for fact in response.facts] == [(text, text)]


def test_csv_files_are_read_like_the_workbook(own: Methodology, tmp_path: Path) -> None:
    document, company = read(FILE, own)
    rows = [("criterion", "reason", "fact", "value"), ("ladder", "=It is more.", "share", "12%")]
    (tmp_path / "answer.csv").write_text(csv_text(rows), encoding="utf-8", newline="")
    (tmp_path / "reply.csv").write_text(csv_text([("key", "value"), ("by", BY)]), encoding="utf-8", newline="")
    for path in (tmp_path, tmp_path / "answer.csv"):
        gather = DiagnosticCollector()
        answers = answers_of(sheets_of_answers(path, gather), "csv", "acme", own, (), RECEIVED, gather)
        made = additions_of(document, company, answers.responses, own, {}, gather)
        assert (list(gather.diagnostics), made is not None) == ([], True)
        assert made is not None
        assert [response.reason for response in made.added] == ["=It is more."]
