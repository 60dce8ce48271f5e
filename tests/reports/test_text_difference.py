"""Tests of comparisons as text."""

from decimal import Decimal

from cleancloud_rules.differences import (
    Change,
    ChangeKind,
    CompanyDifference,
    Contribution,
    Difference,
    Effect,
    FigureChange,
    FigureKind,
    Step,
    UnreadFile,
)
from cleancloud_rules.records import CompanyRecord, MethodologyRecord, NoticeRecord
from cleancloud_rules.reports.text import as_text
from cleancloud_rules.reports.text_difference import SHOWN_STEPS, difference_text, signed

ZERO = Decimal("0.0")


def comparison(steps: int, *unread: UnreadFile) -> Difference:
    moves = tuple(Contribution(n, Decimal("0.5")) for n in range(1, steps + 1))
    together = Decimal("0.5") * steps
    figures = (
        FigureChange(FigureKind.TOTAL, None, Decimal("1.0"), 1 + together, together, moves),
        FigureChange(FigureKind.RANK, None, Decimal(2), Decimal(2), ZERO, ()),
        FigureChange(FigureKind.SCORE, "part", None, together, together, moves),
    )
    company = CompanyDifference(CompanyRecord("acme", "Acme", None, None, ""), figures)
    made = tuple(Step(n, (n,), None) for n in range(1, steps + 1))
    effect = Effect("Data", "In this order.", made, (company,), unread)
    changes = tuple(Change(n, ChangeKind.CHANGED, ("x",), f"thing {n}", "1", "2") for n in range(1, steps + 1))
    old, new = (MethodologyRecord("m", "Demo", edition, "Nobody", "") for edition in "12")
    return Difference(old, new, changes, ("a remark",), effect, (NoticeRecord("n", "A notice."),), "1")


def test_the_steps_of_a_total_stand_in_columns() -> None:
    text = as_text(difference_text(comparison(2)))
    assert text.startswith("A notice.\n")
    assert "Demo, edition 2, compared with Demo, edition 1" in text
    assert "Rank  was  Company  Total  was  Change  Step 1  Step 2" in text
    assert "Acme       2.0  1.0    +1.0    +0.5    +0.5" in text
    assert "score of part: - to 1.0, +1.0: +0.5 by step 1, +0.5 by step 2" in text
    assert "Note: a remark." in text


def test_many_steps_have_no_columns() -> None:
    text = as_text(difference_text(comparison(SHOWN_STEPS + 1)))
    assert "Change\n" in text
    assert f"+0.5 by step {SHOWN_STEPS + 1}" in text


def test_an_unread_file_is_shown_with_its_findings() -> None:
    text = as_text(difference_text(comparison(1, UnreadFile("a.yaml", "new", ("a.yaml:1:1: error\n   help",)))))
    assert "Left out: a.yaml, which the new edition cannot read.\n  a.yaml:1:1: error\n     help\n" in text
    assert "Its sources are wrong." in as_text(difference_text(comparison(1, UnreadFile("b.yaml", "old", ()))))


def test_a_change_has_its_sign_and_none_has_no_sign() -> None:
    assert [signed(Decimal(text)) for text in ("0.50", "-0.50", "0.00", "-0.0")] == ["+0.50", "-0.50", "0.00", "0.0"]
