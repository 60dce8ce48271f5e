"""Tests of trajectories: each figure and each word is followed from step to step."""

from decimal import Decimal

from cleancloud_rules import rank
from cleancloud_rules.analysis.stepwise.trajectories import (
    Figures,
    Snapshot,
    Words,
    figure_changes,
    snapshot_of,
    word_changes,
)
from cleancloud_rules.results.differences import ChangedFigureKind, Contribution, Turn, WordKind
from tests.support import small

ALWAYS: Figures = {(ChangedFigureKind.TOTAL, None): Decimal(1), (ChangedFigureKind.RANK, None): Decimal(1)}
LEVEL, LABEL, TABLE = (WordKind.LEVEL, None), (WordKind.LABEL, None), (WordKind.TABLE, "t")
OF_A_GROUP = (WordKind.LABEL, "g")
OUTCOME = (WordKind.OUTCOME, None)


def trajectory(*points: Decimal | None) -> list[Snapshot]:
    return [Snapshot({**ALWAYS, (ChangedFigureKind.POINTS, "a"): value}, {}) for value in points]


def worded(*words: Words) -> list[Snapshot]:
    return [Snapshot(ALWAYS, word) for word in words]


def test_contributions_add_up_and_nothing_counts_as_0() -> None:
    *always, points = figure_changes(trajectory(None, Decimal(2), Decimal(2), Decimal(1)))
    assert [(figure.kind, figure.contributions) for figure in always] == [
        (ChangedFigureKind.TOTAL, ()),
        (ChangedFigureKind.RANK, ()),
    ]
    assert (points.old, points.new, points.change) == (None, Decimal(1), Decimal(1))
    assert points.contributions == (Contribution(1, Decimal(2)), Contribution(3, Decimal(-1)))


def test_a_figure_that_no_step_moves_is_left_out() -> None:
    assert [figure.kind for figure in figure_changes(trajectory(Decimal(2), Decimal(2)))] == [
        ChangedFigureKind.TOTAL,
        ChangedFigureKind.RANK,
    ]


def test_each_turn_of_a_word_has_its_step() -> None:
    (label,) = word_changes(worded({LABEL: "amber"}, {LABEL: None}, {LABEL: None}, {LABEL: "red"}))
    assert (label.old, label.new) == ("amber", "red")
    assert label.turns == (Turn(1, "amber", None), Turn(3, None, "red"))


def test_a_word_that_an_edition_does_not_know_is_none_there() -> None:
    changes = word_changes(worded({LABEL: "amber"}, {LEVEL: "first"}))
    assert [(word.kind, word.old, word.new) for word in changes] == [
        (WordKind.LEVEL, None, "first"),
        (WordKind.LABEL, "amber", None),
    ]


def test_words_that_stay_are_shown_of_the_whole_and_of_tables() -> None:
    words: Words = {LEVEL: None, LABEL: "amber", TABLE: "keep", OF_A_GROUP: "low"}
    assert [(word.kind, word.id) for word in word_changes(worded(words, words))] == [LABEL, TABLE]
    changed = word_changes(worded(words, {**words, OF_A_GROUP: "high"}))
    assert [(word.kind, word.id) for word in changed] == [LABEL, TABLE, OF_A_GROUP]


def test_an_outcome_is_a_change_only_of_what_both_editions_have() -> None:
    of_one, of_both = (WordKind.OUTCOME, "removed"), (WordKind.OUTCOME, "kept")
    changes = word_changes(worded({of_one: "gated", of_both: "not_met", OUTCOME: "scored"},
                                  {of_both: "gated", OUTCOME: "scored"}))  # fmt: skip
    assert [(word.kind, word.id, word.old, word.new) for word in changes] == [(*of_both, "not_met", "gated")]
    assert changes[0].turns == (Turn(1, "not_met", "gated"),)


def test_a_standing_has_what_the_scorecard_says() -> None:
    bands = [{"score": ">= 50", "label": "good"}, {"score": "< 50", "label": "poor"}]
    methodology = small.methodology(small.LADDER, bands=bands)
    ranking = rank([small.company(methodology, small.fact("share", {"percent": 20}))], methodology)
    snapshot = snapshot_of(ranking.cohorts[0].rows[0])
    assert snapshot.figures == {
        (ChangedFigureKind.TOTAL, None): Decimal("100.00"),
        (ChangedFigureKind.RANK, None): Decimal(1),
        (ChangedFigureKind.SCORE, "whole"): Decimal("100.00"),
        (ChangedFigureKind.POINTS, "ladder"): Decimal("4.0"),
    }
    assert snapshot.words == {
        LEVEL: None,
        LABEL: "good",
        (WordKind.LEVEL, "whole"): None,
        (WordKind.LABEL, "whole"): None,
        OUTCOME: "scored",
        (WordKind.OUTCOME, "whole"): "scored",
        (WordKind.OUTCOME, "ladder"): "awarded",
    }
