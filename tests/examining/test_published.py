"""Tests of published tables: each mistake has its place."""

import pytest

from cleancloud_rules import Methodology
from cleancloud_rules._findings import Gather
from cleancloud_rules._published import published_from

HEAD = "company,name,cohort,rank,transparency,carbon_reduction,renewable_energy,influence,total\n"
ROW = "gds,GDS,data_center_operator,1,16.67,23.08,37.33,6.00,83.08\n"


def findings(text: str, methodology: Methodology) -> list[tuple[str, int, str]]:
    gather = Gather()
    published_from(text, "table.csv", methodology, gather)
    return [(d.code, d.location.line, d.location.text) for d in gather.diagnostics]


def test_a_good_table_is_read(methodology: Methodology) -> None:
    gather = Gather()
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
        (HEAD + ROW + ROW, ("repeated-id", 3, "gds")),
        (HEAD + ROW.replace(",83.08", ""), ("wrong-columns", 2, "gds")),
    ],
)
def test_a_mistake_has_its_place(methodology: Methodology, text: str, expected: tuple[str, int, str]) -> None:
    assert expected in findings(text, methodology)


def test_all_mistakes_are_found_at_once(methodology: Methodology) -> None:
    text = HEAD + ROW.replace("16.67", "a").replace("6.00", "b")
    assert [found[2] for found in findings(text, methodology)] == ["a", "b"]
