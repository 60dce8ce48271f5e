"""Tests of published tables: each mistake has its place."""

from decimal import Decimal

import pytest

from cleancloud_rules import Methodology, methodology_from
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.language.load.published import published_from
from tests.support import small
from tests.support.examined_forms import averages

HEAD = "company,name,cohort,rank,transparency,carbon_reduction,renewable_energy,influence,total\n"
ROW = "gds,GDS,data_center_operator,1,16.67,23.08,37.33,6.00,83.08\n"


def findings(text: str, methodology: Methodology) -> list[tuple[str, int, str]]:
    gather = DiagnosticCollector()
    published_from(text, "table.csv", methodology, gather)
    return [(d.code, d.location.line, d.location.text) for d in gather.diagnostics]


def test_a_good_table_is_read(methodology: Methodology) -> None:
    gather = DiagnosticCollector()
    table = published_from(HEAD + ROW, "table.csv", methodology, gather)
    assert table is not None
    assert not gather.diagnostics
    assert str(table.row("gds").scores["transparency"]) == "16.67"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("empty-document", 0, "")),
        (HEAD.replace("influence", "influense") + ROW, ("unknown-column", 1, "influense")),
        (HEAD + ROW.replace("23.08,37", "23.x8,37"), ("wrong-type", 2, "23.x8")),
        (HEAD + ROW.replace("6.00", "6.001"), ("too-many-digits", 2, "6.001")),
        (
            HEAD + ROW.replace("data_center_operator", "data_centre_operator"),
            ("unknown-cohort", 2, "data_centre_operator"),
        ),
        (HEAD + ROW.replace(",1,", ",first,"), ("wrong-type", 2, "first")),
        (HEAD + ROW.replace(",1,", f",{'1' * 25},"), ("too-many-digits", 2, "1" * 25)),
        (HEAD + ROW.replace(",1,", f",{'1' * 5_000},"), ("too-many-digits", 2, "1" * 5_000)),
        (HEAD + ROW + ROW, ("repeated-id", 3, "gds")),
        (HEAD + ROW.replace(",83.08", ""), ("wrong-columns", 2, "gds")),
    ],
)
def test_a_mistake_has_its_place(methodology: Methodology, text: str, expected: tuple[str, int, str]) -> None:
    assert expected in findings(text, methodology)


def test_all_mistakes_are_found_at_once(methodology: Methodology) -> None:
    text = HEAD + ROW.replace("16.67", "a").replace("6.00", "b")
    assert [found[2] for found in findings(text, methodology)] == ["a", "b"]


# ---- methodologies of other forms


FORM = averages(
    levels=[{"id": "low", "title": "Low"}, {"id": "high", "title": "High", "at_least": 7}],
    bands=[{"label": "A", "score": ">= 7"}, {"label": "B", "score": "< 7"}],
    deep={"rounding": {"digits": 0}},
)


def test_figures_of_any_depth_are_read_and_what_is_not_printed_is_left_out() -> None:
    gather = DiagnosticCollector()
    head = "company,name,rank,total,level,label,deep,g1,a,b\n"
    table = published_from(f"{head}x,X,2,7.5,High,A,8,2.5,n/a,\ny,,-,N/A,low,-,,,1,\n", "table.csv", FORM, gather)
    assert table is not None
    assert not gather.diagnostics
    x, y = table.rows
    assert (x.name, x.cohort, x.rank, x.total) == ("X", None, 2, Decimal("7.5"))
    assert x.printed() == {
        "a": None, "deep": Decimal(8), "g1": Decimal("2.5"), "level": "high", "label": "A", "total": Decimal("7.5"),
    }  # fmt: skip
    assert (y.name, y.rank) == (None, None)
    assert y.printed() == {"total": None, "label": None, "level": "low", "a": Decimal(1)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("company,level\nx,Hihg\n", ("unknown-value", 2, "Hihg")),
        ("company,label\nx,C\n", ("unknown-value", 2, "C")),
        ("company,deep\nx,8.3\n", ("too-many-digits", 2, "8.3")),
        ("company,a\nx,1.25\n", ("too-many-digits", 2, "1.25")),
        ("company,total\nx,–\n", ("wrong-type", 2, "–")),
        ("company,deep.level\nx,High\n", ("unknown-column", 1, "deep.level")),
        ("company,name\nx,X\n", ("missing-column", 1, "name")),
        ("name,total\nX,7.5\n", ("missing-column", 1, "total")),
    ],
)
def test_a_mistake_in_any_figure_has_its_place(text: str, expected: tuple[str, int, str]) -> None:
    assert findings(text, FORM) == [expected]


def test_each_figure_takes_the_digits_of_its_own_rounding() -> None:
    assert findings("company,total,g1,deep,a\nx,7.5,2.5,8,1.5\n", FORM) == []


def test_a_table_that_collects_may_give_several_outcomes() -> None:
    table = {
        "id": "marks", "title": "Marks", "hit_policy": "collect", "inputs": {"t": {"score": "total"}},
        "outputs": ["good", "fair"], "rows": [{"t": ">= 5", "then": "good"}, {"t": ">= 1", "then": "fair"}],
    }  # fmt: skip
    gather = DiagnosticCollector()
    read = published_from("company,marks\nx,fair; good\n", "table.csv", averages(tables=[table]), gather)
    assert read is not None
    assert read.rows[0].words == {"marks": "good; fair"}


def test_a_column_that_has_the_id_of_the_edition_before_is_said_with_the_one_that_it_has_now() -> None:
    files = small.files({**small.LADDER, "replaces": ["rungs"]})
    gather = DiagnosticCollector()
    published_from("company,rungs\nacme,4\n", "table.csv", methodology_from(files), gather)
    assert [(d.code, d.help) for d in gather.diagnostics][:1] == [("unknown-column", "it is called `ladder` now")]
