"""What is not assessed, coverage of groups, and groups in which nothing applies."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from cleancloud_rules import Methodology, Scorecard, company_from, methodology_from, rank, score
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.results import PartsAssessed

FACTS: dict[str, Any] = {
    "fact_types": {
        "answer": {
            "title": "Answer",
            "horizon": "ever",
            "selection": "latest",
            "fields": {
                "question": {"type": "enum", "values": "questions", "key": True},
                "value": {"type": "enum", "values": ["yes", "no", "na", "unsure"]},
            },
        },
        "spill": {"title": "Spill", "horizon": "ever", "fields": {"site": {"type": "text"}}},
    }
}
ANSWERS: dict[str, Any] = {
    "fact": "answer",
    "question": "question",
    "answer": "value",
    "points": {"yes": 4, "no": 0},
    "not_applicable": ["na"],
    "not_assessed": ["unsure"],
    "because": "Answered {answer.value}.",
    "otherwise": "Not answered.",
}


def ask(id: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "ask": f"Is it so of {id}?", **more}


SPILLS: dict[str, Any] = {
    "id": "spills",
    "title": "Spills",
    "horizon": "ever",
    "max_points": 4,
    "hit_policy": "collect max",
    "otherwise": "There was a spill.",
    "rules": [{"id": "none", "points": 4, "when": {"none": [{"spill": {}}]}, "because": "No spill is on record."}],
}


def made(
    groups: list[dict[str, Any]], criteria: dict[str, list[dict[str, Any]]], facts: Any = None, **head: Any
) -> Methodology:
    files: dict[str, Any] = {
        "methodology.yaml": {
            "id": "harbours",
            "title": "Harbours",
            "edition": "1",
            "publisher": "Nobody",
            "sources": {"form": {"type": "report", "title": "Form"}},
            "windows": {"ever": "always"},
            "source_types": ["report", "rumour"],
            "accepted_sources": ["report"],
            "cohorts": {"big": "Big", "small": "Small"},
            "rounding": {"digits": 2, "total": "rounded_sum"},
            "categories": [{"title": group["id"].capitalize(), **group} for group in groups],
            "answers": ANSWERS,
            **head,
        },
        "facts.yaml": FACTS if facts is None else facts,
    }
    for category, some in criteria.items():
        files[f"{category}.yaml"] = {"category": category, "criteria": some}
    return methodology_from(files)


def air(*criteria: dict[str, Any], **group: Any) -> Methodology:
    """Return a methodology of one group, a mean of questions."""
    return made([{"id": "air", "aggregate": "mean", **group}], {"air": list(criteria)})


def card(methodology: Methodology, *, cohort: str = "big", not_found: Any = (), **answers: str) -> Scorecard:
    data: dict[str, Any] = {"id": "acme", "name": "Acme", "cohort": cohort}
    if answers:
        data["answers"] = {"fact": "answer", "source": "form", "values": answers}
    if not_found:
        data["not_found"] = list(not_found)
    return score(company_from(data, methodology), methodology)


THREE = (ask("a"), ask("b"), ask("c"))


@pytest.mark.parametrize(
    ("answers", "total"),
    [
        ({"a": "yes", "b": "no"}, "2.00"),
        ({"a": "yes", "b": "unsure"}, "4.00"),
        ({"a": "yes", "b": "na"}, "4.00"),
        ({"a": "no"}, "0.00"),
        ({"a": "unsure"}, None),
        ({"a": "na"}, None),
        ({}, None),
    ],
)
def test_what_is_not_assessed_is_left_out_of_a_mean(answers: dict[str, str], total: str | None) -> None:
    found = card(air(*THREE, not_assessed="excluded"), **answers)
    assert found.total == (None if total is None else Decimal(total))


def test_what_is_not_assessed_counts_as_zero_by_default() -> None:
    assert card(air(*THREE), a="yes", b="unsure").total == Decimal("1.33")


def test_the_innermost_key_decides() -> None:
    methodology = made(
        [{"id": "air", "aggregate": "mean", "not_assessed": "excluded"}, {"id": "sea", "aggregate": "mean"}],
        {"air": [ask("a"), ask("b", not_assessed="zero"), ask("c")], "sea": [ask("d"), ask("e")]},
        not_assessed="zero",
    )
    found = card(methodology, a="yes", d="yes")
    assert [(group.id, group.score) for group in found.categories] == [("air", Decimal(2)), ("sea", Decimal(2))]
    methodology = made([{"id": "sea", "aggregate": "mean"}], {"sea": [ask("d"), ask("e")]}, not_assessed="excluded")
    assert card(methodology, d="yes").total == 4


def test_what_is_left_out_says_so() -> None:
    found = card(air(*THREE, not_assessed="excluded"), a="yes", b="unsure").criterion("b")
    assert (found.outcome, found.points, found.counts_as) == (Outcome.NOT_ASSESSED, Decimal(0), "excluded")
    assert found.because == ("it is not assessed: excluded",)
    assert found.arithmetic == "no rule holds: 0; not assessed: left out"
    assert (found.points_forgone, found.remedy) == (Decimal(0), None)
    assert len(found.facts) == 1


def test_an_answer_that_nobody_knows_leaves_a_question_not_assessed_where_it_counts_as_zero_too() -> None:
    found = card(air(*THREE), a="unsure", b="no")
    assert [criterion.outcome for criterion in found.criteria] == [
        Outcome.NOT_ASSESSED,
        Outcome.NOT_MET,
        Outcome.NOT_ASSESSED,
    ]


def test_facts_that_do_not_count_assess_nothing() -> None:
    methodology = air(*THREE, not_assessed="excluded")
    data: dict[str, Any] = {
        "id": "acme",
        "name": "Acme",
        "sources": {"blog": {"type": "rumour"}},
        "facts": [
            {"answer": {"question": "a", "value": "no"}, "source": "blog"},
            {"answer": {"question": "b", "value": "yes"}, "source": "form"},
        ],
    }
    found = score(company_from(data, methodology), methodology)
    assert (found.total, found.criterion("a").outcome) == (Decimal(4), Outcome.EXCLUDED)


@pytest.mark.parametrize(
    ("entry", "total", "outcome"),
    [
        ({"answer": {"question": "b"}}, "2.00", Outcome.NOT_FOUND),
        ({"answer": {"question": "b", "value": "yes"}}, "2.00", Outcome.NOT_FOUND),
        ({"answer": {"question": "b", "value": "no"}}, "4.00", Outcome.NOT_ASSESSED),
    ],
)
def test_a_search_that_leaves_nothing_to_be_found_or_to_earn_assesses(
    entry: dict[str, Any], total: str, outcome: Outcome
) -> None:
    methodology = air(ask("a"), ask("b"), ask("c"), not_assessed="excluded")
    found = card(methodology, not_found=[{**entry, "source": "form"}], a="yes")
    assert (found.total, found.criterion("b").outcome) == (Decimal(total), outcome)


def test_absence_alone_assesses_nothing_and_a_search_does() -> None:
    methodology = air(SPILLS, ask("a"), not_assessed="excluded")
    found = card(methodology, a="no")
    assert (found.total, found.criterion("spills").outcome) == (Decimal(0), Outcome.NOT_ASSESSED)
    found = card(methodology, not_found=[{"spill": {}, "source": "form"}], a="no")
    assert (found.total, found.criterion("spills").outcome) == (Decimal(2), Outcome.AWARDED)
    assert card(air(SPILLS, ask("a")), a="no").total == 2, "where it counts as zero it has the points of its rules"


def test_a_search_for_something_else_does_not_assess_a_penalty() -> None:
    fine = {
        **SPILLS, "id": "fine", "max_points": 0,
        "rules": [{"id": "spill", "points": -1, "when": {"spill": {"site": "north"}}, "because": "There was one."}],
    }  # fmt: skip
    methodology = air(fine, ask("a"), not_assessed="excluded")
    assert card(methodology, not_found=[{"spill": {"site": "south"}, "source": "form"}], a="yes").total == 4
    assert card(methodology, not_found=[{"spill": {}, "source": "form"}], a="yes").total == 2


def test_what_is_left_out_satisfies_no_requirement_and_no_level() -> None:
    methodology = made(
        [
            {
                "id": "air",
                "not_assessed": "excluded",
                "levels": [{"id": "low", "title": "Low"}, {"id": "high", "title": "High"}],
                "top_level": {"id": "top", "title": "Top"},
                "caps": [{"if": {"of": "a", "at_least": 0}, "at_most": 3}],
            }
        ],
        {"air": [ask("a", level="high"), ask("b", level="low"), ask("c", requires=[{"of": "a", "at_least": 0}])]},
    )
    found = card(methodology, b="yes", c="yes")
    assert (found.criterion("c").outcome, found.criterion("b").outcome) == (Outcome.GATED, Outcome.AWARDED)
    assert found.categories[0].level is not None
    assert (found.categories[0].level.id, found.total) == ("low", Decimal(4))
    found = card(methodology, a="na", b="yes", c="yes")
    assert (found.criterion("c").outcome, found.total) == (Outcome.AWARDED, Decimal(3))


def test_a_criterion_that_is_left_out_is_so_behind_a_gate_too() -> None:
    methodology = air(ask("a"), ask("b", requires=["a"]), not_assessed="excluded")
    assert card(methodology, a="no").criterion("b").outcome is Outcome.NOT_ASSESSED
    assert card(methodology, a="no", b="yes").criterion("b").outcome is Outcome.GATED


def test_a_must_that_is_left_out_withholds() -> None:
    methodology = air(ask("a", requirement="must"), ask("b"), not_assessed="excluded", needs="must")
    found = card(methodology, b="yes").categories[0]
    assert (found.outcome, found.requirements[0].met, found.requirements[0].of) == (GroupOutcome.WITHHELD, 0, 1)


# Coverage


@pytest.mark.parametrize(
    ("line", "answers", "needed", "found"),
    [
        ({"at_least": 2}, {"a": "no", "b": "yes"}, 2, 2),
        ({"at_least": 2}, {"a": "no", "b": "unsure"}, 2, 1),
        ({"at_least": 2}, {"a": "no", "b": "na"}, 2, 1),
        ({"at_least": "60%"}, {"a": "no", "b": "no"}, 2, 2),
        ({"at_least": "70%"}, {"a": "no", "b": "no"}, 3, 2),
        ({"at_least": "70%"}, {"a": "no", "b": "no", "c": "na"}, 2, 2),
        ({"at_least": 1, "of": ["a", "c"]}, {"b": "no"}, 1, 0),
        ({"at_least": 1, "of": ["a", "c"]}, {"c": "no"}, 1, 1),
        ({"at_least": "50%", "of": ["a", "c"]}, {"a": "na", "b": "no", "c": "na"}, 0, 0),
    ],
)
def test_coverage_counts_assessed_parts_that_apply(
    line: dict[str, Any], answers: dict[str, str], needed: int, found: int
) -> None:
    group = card(air(*THREE, coverage=[line]), **answers).categories[0]
    assert group.coverage == (PartsAssessed(needed, found),)
    assert group.outcome is (GroupOutcome.SCORED if found >= needed else GroupOutcome.NOT_ASSESSED)


def test_without_coverage_there_is_no_score_label_or_level() -> None:
    bands = [{"label": "good", "score": ">= 2"}, {"label": "lagging", "score": "< 2"}]
    methodology = air(
        *THREE, coverage=[{"at_least": "60%"}, {"at_least": 1, "of": ["c"]}], bands=bands,
        levels=[{"id": "low", "title": "Low"}],
    )  # fmt: skip
    group = card(methodology, a="yes").categories[0]
    assert (group.score, group.label, group.level, group.points) == (None, None, None, Decimal(4))
    assert group.because == (
        "no score: 1 of 3 parts are assessed, 2 (60%) are needed; 0 of 1 parts (c) are assessed, 1 is needed",
    )
    group = card(methodology, a="yes", c="no").categories[0]
    assert (group.score, group.label, group.level and group.level.id) == (Decimal("1.33"), "lagging", "low")


@pytest.mark.parametrize(("says", "total"), [("excluded", "4.00"), ("zero", "2.00")])
def test_the_group_above_treats_a_group_without_coverage_as_its_own_key_says(says: str, total: str) -> None:
    methodology = made(
        [
            {
                "id": "air",
                "aggregate": "mean",
                "of": "shares",
                "scale": 4,
                "groups": [
                    {"id": "soot", "title": "Soot", "coverage": [{"at_least": 2}], "not_assessed": says},
                    {"id": "dust", "title": "Dust"},
                ],
            }
        ],
        {"soot": [ask("a", not_assessed="zero"), ask("b", not_assessed="zero")], "dust": [ask("c")]},
    )
    found = card(methodology, a="yes", c="yes")
    assert found.category("soot").outcome is GroupOutcome.NOT_ASSESSED
    assert found.total == Decimal(total)


def test_a_group_without_coverage_counts_as_zero_of_its_maximum_if_all_of_it_were_assessed() -> None:
    methodology = made(
        [
            {
                "id": "air",
                "scale": 100,
                "groups": [
                    {"id": "soot", "title": "Soot", "coverage": [{"at_least": 2}]},
                    {"id": "dust", "title": "Dust"},
                ],
            }
        ],
        {"soot": [ask(id, not_assessed="excluded") for id in ("a", "b", "d")], "dust": [ask("c")]},
    )
    found = card(methodology, a="yes", c="yes")
    assert found.total == 25, "4 of 4 + 3 x 4"
    assert card(methodology, a="yes", c="yes", d="na").total == Decimal("33.33"), "4 of 4 + 2 x 4"


def test_groups_and_criteria_at_any_depth_are_counted() -> None:
    groups = [{"id": id, "title": id} for id in ("soot", "dust")]
    lines = [{"at_least": 2}, {"at_least": 3, "of": "criteria"}]
    methodology = made(
        [{"id": "air", "groups": [groups[0] | {"coverage": [{"at_least": 2}]}, groups[1]], "coverage": lines}],
        {"soot": [ask("a"), ask("b")], "dust": [ask("c"), ask("d")]},
    )
    assert card(methodology, a="no", c="no", d="no").categories[0].coverage == (
        PartsAssessed(2, 1),
        PartsAssessed(3, 3),
    ), "a group without its own coverage is not assessed, its criteria are"
    found = card(methodology, a="no", b="no", c="no").categories[0]
    assert (found.coverage, found.score) == ((PartsAssessed(2, 2), PartsAssessed(3, 3)), Decimal(0))


def test_a_group_whose_parts_are_all_left_out_is_not_assessed() -> None:
    methodology = made(
        [{"id": "air", "groups": [{"id": "soot", "title": "Soot"}, {"id": "dust", "title": "Dust"}]}],
        {"soot": [ask("a")], "dust": [ask("c")]},
        not_assessed="excluded",
    )
    found = card(methodology, a="na", c="unsure")
    outcomes = [(group.id, group.outcome) for group in found.groups]
    assert outcomes == [
        ("air", GroupOutcome.NOT_ASSESSED),
        ("soot", GroupOutcome.NOT_APPLICABLE),
        ("dust", GroupOutcome.NOT_ASSESSED),
    ]
    assert (found.outcome, found.because) == (GroupOutcome.NOT_ASSESSED, ("no score: nothing in it is assessed",))


def test_coverage_is_checked_before_needs_and_a_withheld_group_still_gives_zero() -> None:
    methodology = made(
        [
            {
                "id": "air",
                "aggregate": "mean",
                "not_assessed": "excluded",
                "groups": [
                    {"id": "soot", "title": "Soot", "needs": "must", "coverage": [{"at_least": 2}]},
                    {"id": "dust", "title": "Dust"},
                ],
            }
        ],
        {"soot": [ask("a", requirement="must"), ask("b")], "dust": [ask("c")]},
    )
    found = card(methodology, a="no", c="yes")
    assert (found.category("soot").outcome, found.total) == (GroupOutcome.NOT_ASSESSED, Decimal(4))
    found = card(methodology, a="no", b="yes", c="yes")
    assert (found.category("soot").outcome, found.total) == (GroupOutcome.WITHHELD, Decimal(2))


def test_a_company_of_which_too_little_is_assessed_has_no_total_and_no_rank() -> None:
    """A bank without a single fact is not rated, where 60% of the points had to be assessed."""
    bands = [{"label": "good", "score": ">= 2"}, {"label": "lagging", "score": "< 2"}]
    methodology = made(
        [{"id": "air", "aggregate": "mean"}],
        {"air": list(THREE)},
        coverage=[{"at_least": "60%", "of": "criteria"}],
        bands=bands,
    )

    def company(id: str, **answers: str) -> Any:
        stated = {"answers": {"fact": "answer", "source": "form", "values": answers}} if answers else {}
        return company_from({"id": id, "name": id, "cohort": "big", **stated}, methodology)

    some = [company("x"), company("y", a="no", b="no"), company("z", a="yes", b="yes", c="yes")]
    rows = rank(some, methodology).cohorts[0].rows
    assert [(row.rank, row.scorecard.company.id, row.scorecard.label) for row in rows] == [
        (1, "z", "good"),
        (2, "y", "lagging"),
        (None, "x", None),
    ]
    assert rows[2].scorecard.outcome is GroupOutcome.NOT_ASSESSED
    assert rows[2].scorecard.coverage == (PartsAssessed(2, 0),)


# Groups in which nothing applies

LADDER: dict[str, Any] = {
    "levels": [{"id": "low", "title": "Low"}, {"id": "high", "title": "High", "at_least": 1}],
    "top_level": {"id": "top", "title": "Top"},
}
NONE_APPLIES = {"a": "na", "b": "na", "c": "na"}


def test_a_group_in_which_nothing_applies_has_neither_score_nor_level() -> None:
    group = card(air(*THREE, **LADDER), **NONE_APPLIES).categories[0]
    assert (group.outcome, group.score, group.level) == (GroupOutcome.NOT_APPLICABLE, None, None)


def test_an_empty_group_that_counts_as_zero_has_the_lowest_level_and_no_more() -> None:
    group = card(air(*THREE, empty="zero", **LADDER), **NONE_APPLIES).categories[0]
    assert (group.outcome, group.score, group.max_score) == (GroupOutcome.SCORED, Decimal(0), Decimal(4))
    assert group.level is not None
    assert (group.level.id, group.exact) == ("low", Fraction(0))
    assert group.because == ("nothing in it applies, so it counts as 0",)


@pytest.mark.parametrize("asks", [{"at_least": 1}, {"requires": ["a"]}])
def test_the_lowest_level_of_an_empty_group_must_ask_for_nothing(asks: dict[str, Any]) -> None:
    levels = [{"id": "low", "title": "Low", **asks}]
    assert card(air(*THREE, empty="zero", levels=levels), **NONE_APPLIES).categories[0].level is None
    levels = [{"id": "low", "title": "Low"}]
    asked = (ask("a", level="low"), ask("b"), ask("c"))
    assert card(air(*asked, empty="zero", levels=levels), **NONE_APPLIES).categories[0].level is None


def test_the_whole_can_be_empty_too() -> None:
    """A company whose every question does not apply has the lowest level, where that asks for nothing."""
    methodology = made([{"id": "air"}], {"air": list(THREE)}, empty="zero", **LADDER)
    found = card(methodology, **NONE_APPLIES)
    assert (found.total, found.max_total, found.level and found.level.id) == (Decimal(0), Decimal(12), "low")
    methodology = made([{"id": "air"}], {"air": list(THREE)}, **LADDER)
    found = card(methodology, **NONE_APPLIES)
    assert (found.total, found.level, found.outcome) == (None, None, GroupOutcome.NOT_APPLICABLE)


def test_an_empty_group_gives_zero_of_what_could_be_earned_to_the_group_above() -> None:
    methodology = made(
        [
            {"id": "air", "empty": "zero", "base": 50, "at_least": 7},
            {"id": "sea"},
        ],
        {"air": list(THREE), "sea": [ask("d")]},
        scale=100,
    )
    found = card(methodology, **NONE_APPLIES, d="yes")
    assert (found.categories[0].score, found.categories[0].max_score) == (Decimal(0), Decimal(62))
    assert found.total == Decimal("6.06"), "4 of 62 + 4"


def test_an_empty_group_without_an_aggregate_has_a_level_and_no_score() -> None:
    levels = [{"id": "low", "title": "Low", "value": 1}, {"id": "high", "title": "High", "value": 3}]
    methodology = made([{"id": "air", "aggregate": "none", "empty": "zero", "levels": levels}], {"air": list(THREE)})
    found = card(methodology, **NONE_APPLIES)
    assert found.categories[0].level is not None
    assert (found.categories[0].outcome, found.categories[0].level.id) == (GroupOutcome.UNSCORED, "low")
    assert (found.total, found.max_total) == (Decimal(1), Decimal(3))


def test_an_empty_group_has_a_label_and_satisfies_requirements() -> None:
    methodology = made(
        [
            {
                "id": "air",
                "empty": "zero",
                "bands": [{"label": "none", "score": 0}, {"label": "some", "score": "> 0"}],
            },
            {"id": "sea", "requires": [{"of": "air", "at_least": 3}]},
        ],
        {"air": list(THREE), "sea": [ask("d")]},
    )
    found = card(methodology, **NONE_APPLIES, d="yes")
    assert (found.categories[0].label, found.criterion("d").points) == ("none", Decimal(4))
