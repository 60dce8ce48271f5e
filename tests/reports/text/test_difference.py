"""Tests of comparisons as text."""

from decimal import Decimal
from typing import Any

from attrs import evolve

from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.difference import SHOWN_STEPS, difference_text, signed
from cleancloud_rules.results.differences import (
    Change,
    ChangedFigureKind,
    ChangeKind,
    CompanyDifference,
    Contribution,
    Difference,
    Effect,
    FigureChange,
    Step,
    Turn,
    UnreadFile,
    WordChange,
    WordKind,
)
from cleancloud_rules.results.records import CompanyRecord, MethodologyRecord, NoticeRecord

ZERO = Decimal("0.0")


def comparison(steps: int, *unread: UnreadFile, words: tuple[WordChange, ...] = (), **more: Any) -> Difference:
    moves = tuple(Contribution(n, Decimal("0.5")) for n in range(1, steps + 1))
    together = Decimal("0.5") * steps
    figures = (
        FigureChange(ChangedFigureKind.TOTAL, None, Decimal("1.0"), 1 + together, together, moves),
        FigureChange(ChangedFigureKind.RANK, None, Decimal(2), Decimal(2), ZERO, ()),
        FigureChange(ChangedFigureKind.SCORE, "part", None, together, together, moves),
    )
    company = CompanyDifference(CompanyRecord("acme", "Acme", None, None, ""), figures, words)
    made = tuple(Step(n, (n,), None) for n in range(1, steps + 1))
    effect = Effect("Data", "In this order.", made, (company,), unread, **more)
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
    assert "Not compared: a.yaml, which the new edition cannot read.\n  a.yaml:1:1: error\n     help\n" in text
    assert "Its sources are wrong." in as_text(difference_text(comparison(1, UnreadFile("b.yaml", "old", ()))))


def test_a_change_has_its_sign_and_none_has_no_sign() -> None:
    assert [signed(Decimal(text)) for text in ("0.50", "-0.50", "0.00", "-0.0")] == ["+0.50", "-0.50", "0.00", "0.0"]


LABEL = WordChange(WordKind.LABEL, None, "amber", "red", (Turn(2, "amber", "red"),))


def test_words_that_ranks_follow_stand_in_the_table() -> None:
    table = WordChange(WordKind.TABLE, "fit", None, "yes", (Turn(1, None, "yes"),))
    text = as_text(difference_text(comparison(2, words=(LABEL, table), rank_by=("label", "level", "fit", "total"))))
    assert "Rank  was  Company  Label  was    Level  was  fit  was  Total  was  Change" in text
    assert "Acme     red    amber  -      -    yes  -      2.0  1.0    +1.0" in text


def test_words_that_change_are_among_what_moved() -> None:
    there_and_back = (Turn(1, "gold", "silver"), Turn(2, "silver", "gold"))
    words = (
        LABEL,
        WordChange(WordKind.LEVEL, "part", "low", None, (Turn(1, "low", "middle"), Turn(2, "middle", None))),
        WordChange(WordKind.TABLE, "fit", "no", "yes", (Turn(1, "no", "yes"),)),
        WordChange(WordKind.LABEL, "part", "gold", "gold", there_and_back),
    )
    text = as_text(difference_text(comparison(2, words=words)))
    assert "    label: amber to red, by step 2\n" in text
    assert "    level of part: low to -: middle by step 1, - by step 2\n" in text
    assert "    output of fit: no to yes, by step 1\n" in text
    assert "gold" not in text


def test_an_outcome_has_a_line_unless_the_points_tell_it() -> None:
    points = FigureChange(
        ChangedFigureKind.POINTS, "moved", Decimal(0), Decimal(2), Decimal(2), (Contribution(1, Decimal(2)),)
    )
    words = tuple(
        WordChange(WordKind.OUTCOME, id, old, new, (Turn(1, old, new),))
        for id, old, new in (
            (None, "scored", "withheld"), ("moved", "not_met", "awarded"), ("kept", "partial", "awarded"),
            ("other", "not_assessed", "not_met"),
        )
    )  # fmt: skip
    found = comparison(1, words=words)
    assert found.effect is not None
    (company,) = found.effect.companies
    effect = evolve(found.effect, companies=(evolve(company, figures=(*company.figures, points)),))
    text = as_text(difference_text(evolve(found, effect=effect)))
    assert "    outcome: scored to withheld, by step 1\n" in text
    assert "    outcome of kept: partial to awarded, by step 1\n" in text
    assert "    outcome of other: not assessed to not met, by step 1\n" in text
    assert "outcome of moved" not in text
    gated = tuple(evolve(word, new="gated") for word in words if word.id == "moved")
    effect = evolve(effect, companies=(evolve(effect.companies[0], words=gated),))
    assert "    outcome of moved: not met to gated, by step 1\n" in as_text(
        difference_text(evolve(found, effect=effect))
    )


def test_a_rank_that_comes_back_is_not_among_what_moved() -> None:
    moves = (Contribution(1, Decimal(1)), Contribution(2, Decimal(-1)))
    found = comparison(2)
    assert found.effect is not None
    (company,) = found.effect.companies
    ranks = tuple(evolve(f, contributions=moves) if f.kind is ChangedFigureKind.RANK else f for f in company.figures)
    effect = evolve(found.effect, companies=(evolve(company, figures=ranks),))
    text = as_text(difference_text(evolve(found, effect=effect)))
    assert "rank: " not in text
    assert "total: " in text


def test_a_step_that_only_changes_a_word_moves_something() -> None:
    found = comparison(0, words=(LABEL,))
    assert found.effect is not None
    text = as_text(difference_text(evolve(found, effect=evolve(found.effect, steps=(Step(2, (1,), None),)))))
    assert "Step 2: change 1.\n" in text
