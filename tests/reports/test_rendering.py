"""Tests that all formats show the same, that their figures are those of JSON, and that texts stay texts."""

import csv
import io
import json
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules import Scorecard
from cleancloud_rules.analysis import bounds, findings, reproduce
from cleancloud_rules.diagnostics.characters import visible
from cleancloud_rules.reports.answers import answers_of
from cleancloud_rules.reports.pages.tables import FORMULA_STARTS
from cleancloud_rules.reports.rendering import FORMATS, Document
from tests.support import samples
from tests.support.hostile_pages import IN_DOCUMENTS, poisoned_card
from tests.support.places import DATASET
from tests.support.result_pages import EXAMPLES, PageReader, example

NUMBER = re.compile(r"(?<![\w.,#/-])[-+\u2212]?\d+\.\d+(?![\w.])")
"""A number with decimal places, as documents show scores and points."""

DETAILS = ("summary", "explanation", "full")

TAGS = {
    "html", "head", "meta", "title", "style", "body", "main", "article", "h1", "h2", "p", "ul", "li", "ol", "b", "i",
    "a", "code", "div", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
"""The elements of a summary as HTML."""


@cache
def results() -> dict[str, Any]:
    """Return one result of each kind that has all formats."""
    methodology = cc.load_methodology("clean_cloud_2024")
    dataset = cc.load_dataset(DATASET, methodology)
    some = [dataset.company(id) for id in ("gds", "alibaba")]
    fitted = cc.load_dataset(DATASET, methodology, with_hypothetical=True)
    return {
        "score": cc.score(some[0], methodology, with_bounds=True),
        "rank": cc.rank(some, methodology, with_bounds=True),
        "bounds": bounds(some, methodology),
        "findings": findings(dataset, methodology),
        "reproduce": reproduce(fitted, methodology),
    }


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("kind", ["score", "rank", "bounds", "findings", "reproduce"])
def test_every_result_has_every_format(kind: str, format: Any) -> None:
    said = cc.render(results()[kind], format)
    notices = results()[kind].notices
    assert said.endswith("\n")
    shown = re.sub(r"\s+", " ", PageReader(said).text if format == "html" else said.replace("\\", ""))
    assert all(notice.text in shown for notice in notices)


def numbers(data: Any) -> set[Decimal]:
    """Return all numbers of data in JSON, and those that its texts name."""
    match data:
        case bool() | None:
            return set()
        case Decimal() | int():
            return {Decimal(data)}
        case str():
            return {Decimal(found) for found in re.findall(r"[-+]?\d+(?:\.\d+)?", data)}
        case dict():
            return {number for value in data.values() for number in numbers(value)}
        case _:
            return {number for item in data for number in numbers(item)}


def sums(card: Scorecard) -> set[Decimal]:
    """Return the figures that documents compute: effects of points, and what criteria are worth together."""
    answers = answers_of(card)
    found = {answer.effect for answer in answers.all} | {answers.gain(answer) for answer in answers.all}
    for category in card.categories:
        inside = {criterion.id for criterion in category.every_criterion}
        own = [a for a in answers.all if a.criterion.id in inside and a.criterion.outcome.value == "not_assessed"]
        found.update(answers.worth(own))
    return {number for number in found if number is not None}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_figure_of_a_document_is_one_of_the_json(name: str) -> None:
    for card in example(name).cards[:6]:
        known = numbers(json.loads(card.to_json(), parse_float=Decimal)) | sums(card)
        for format in ("text", "markdown", "html"):
            for detail in DETAILS[:2]:
                said = cc.render(card, format, detail=detail)  # type: ignore[arg-type] # these are formats and details
                body = PageReader(said).text if format == "html" else said.replace("\\", "")
                shown = {Decimal(found.replace("\u2212", "-")) for found in NUMBER.findall(body)}
                assert shown <= known, (card.company.id, format, detail, shown - known)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_figure_of_a_table_is_that_of_the_json(name: str) -> None:
    for card in example(name).cards:
        rows = list(csv.DictReader(io.StringIO(cc.render(card, "csv"), newline="")))
        data = json.loads(card.to_json(), parse_float=Decimal)
        by_id = {(row["part"], row["id"]): row for row in rows}
        total = by_id["total", ""]
        wanted = (data["total"], data["bounds"]["floor"], data["bounds"]["ceiling"], data["max_total"])
        assert tuple(map(read, (total[c] for c in ("supported", "floor", "ceiling", "maximum")))) == wanted
        printed = data["company"]["published"] or {"total": None, "scores": {}}
        assert read(total["published"]) == printed["total"]
        assert len(rows) == 1 + len(card.groups) + len(card.criteria)
        for group in card.groups:
            row = by_id["group", group.id]
            figure = group.points if group.outcome.value == "unscored" else group.score
            assert read(row["supported"]) == figure
            assert read(row["published"]) == printed["scores"].get(group.id)
        for criterion in card.criteria:
            row = by_id["criterion", criterion.id]
            assert read(row["supported"]) == criterion.points
            assert row["outcome"] == criterion.outcome.value


def read(cell: str) -> Decimal | None:
    return Decimal(cell) if cell else None


def test_the_order_of_a_ranking_is_kept_in_its_table() -> None:
    rows = list(csv.DictReader(io.StringIO(cc.render(results()["rank"], "csv"), newline="")))
    order = [row.company.id for cohort in results()["rank"].cohorts for row in cohort.rows]
    assert [row["company"] for row in rows] == order
    assert all(row["total_published"] and row["total_supported"] and row["total_ceiling"] for row in rows)


def test_what_hypothetical_facts_add_has_a_column_of_its_own() -> None:
    said = cc.render(samples.scorecard(), "csv")
    (total,) = (row for row in csv.DictReader(io.StringIO(said, newline="")) if row["part"] == "total")
    assert (total["supported"], total["hypothetical"]) == ("26.67", "30.00")
    ranked = next(csv.DictReader(io.StringIO(cc.render(samples.ranking(), "csv"), newline="")))
    assert (ranked["total_supported"], ranked["total_hypothetical"]) == ("26.67", "30.00")
    table = Document.of_explanations([samples.scorecard()]).written("csv")
    found = {row["criterion"]: row for row in csv.DictReader(io.StringIO(table, newline=""))}
    assert (found["found"]["points_supported"], found["found"]["points_hypothetical"]) == ("0.0", "1.0")
    assert found["ladder"]["fact"] == "share-1"
    assert found["ladder"]["url"] == "https://example.org/report"


@pytest.mark.parametrize("text", IN_DOCUMENTS)
@pytest.mark.parametrize("name", ["clean_cloud_2024", "careful_water", "open_reading_rooms"])
def test_a_hostile_text_stays_text_in_every_format(name: str, text: str) -> None:
    card = example(name).cards[0]
    harmless, hostile = poisoned_card(card, "harmless"), poisoned_card(card, text)
    _check_text(cc.render(hostile), text)
    assert {tag for tag, _ in PageReader(cc.render(hostile, "html")).tags} <= TAGS
    for detail in DETAILS[1:]:  # a summary is cut by the length of its texts
        written = {form: [cc.render(one, form, detail=detail) for one in (harmless, hostile)] for form in FORMATS}  # type: ignore[arg-type]
        _check_text(written["text"][1], text)
        _check_markdown(*written["markdown"])
        _check_html(written["html"], text)
        _check_csv(*written["csv"])


def _check_text(said: str, text: str) -> None:
    assert set("\u202e\u2066\x00\x1b").isdisjoint(said)
    assert visible(text.replace("\n", " ")).split()[0] in said


def _check_html(written: list[str], text: str) -> None:
    harmless, hostile = written
    found, expected = PageReader(hostile), PageReader(harmless)
    assert [tag for tag, _ in found.tags] == [tag for tag, _ in expected.tags]
    assert found.scripts == []
    assert all(link.startswith(("#", "https://")) for link in found.links)
    assert " ".join(visible(text, keep="\n\t").split()) in found.text
    assert set("\u202e\u2066\x00").isdisjoint(hostile)


def _check_markdown(harmless: str, hostile: str) -> None:
    """Compare the structure of two documents: a text adds no heading, no cell, no list, no note and no HTML."""
    assert _structure(hostile) == _structure(harmless)
    assert set("\u202e\u2066\x00\x1b").isdisjoint(hostile)


def _structure(markdown: str) -> list[tuple[str, int, int]]:
    found = []
    for line in markdown.splitlines():
        start = re.match(r" *(?:- |#+ |\| |\[\^\d+\]: )?", line)
        assert start is not None
        bare = re.sub(r"\\.", "", re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", line))
        assert not re.search(r"<(?!https?://)", bare)
        found.append((re.sub(r"\d+", "", start[0]), bare.count(" | "), len(re.findall(r"\[\^\d+\]", bare))))
    return found


def _check_csv(harmless: str, hostile: str) -> None:
    rows, expected = (list(csv.reader(io.StringIO(one, newline=""))) for one in (hostile, harmless))
    assert [len(row) for row in rows] == [len(row) for row in expected]
    for row, same in zip(rows, expected, strict=True):
        for cell, harmless_cell in zip(row, same, strict=True):
            is_text = cell != harmless_cell
            assert not (is_text and cell.lstrip(" ").startswith(FORMULA_STARTS)), cell


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: cc.render(samples.scorecard(), "pdf"), ValueError, "the format must be `text`, `json`, `markdown`"),  # type: ignore[arg-type]
        (lambda: cc.render(samples.scorecard(), detail="all"), ValueError, "the detail must be `summary`, "),  # type: ignore[arg-type]
        (lambda: cc.render(samples.ranking(), detail="full"), TypeError, "there is no full of Ranking"),
        (lambda: cc.render(3), TypeError, "there is no text of int"),
    ],
)
def test_what_there_is_not_is_an_error(call: Callable[[], str], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=re.escape(said)):
        call()


def test_no_results_are_an_empty_document() -> None:
    assert Document.of([]).written("text") == ""
    assert Document.of([]).written("csv").count("\r\n") == 1
