"""Tests of floors and ceilings."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules import Dataset, Methodology
from cleancloud_rules.completions import fact_kinds
from tests.support import small
from tests.support.known import known

HEAD = {
    "id": "tiny", "title": "Tiny", "edition": "first", "publisher": "Nobody",
    "windows": {"ever": "always"}, "source_types": ["paper"],
    "sources": {"paper": {"type": "paper"}},
    "categories": [{"id": "only", "title": "Only", "weight": 100}],
}  # fmt: skip
FACTS = {
    "fact_types": {
        "deed": {
            "title": "Deed",
            "horizon": "ever",
            "fields": {
                "kind": {"type": "enum", "values": ["good", "bad", "odd"], "key": True},
                "share": {"type": "percent", "better": "higher", "optional": True},
            },
        }
    }
}


def tiny(
    rules: Sequence[Mapping[str, Any]],
    policy: str = "collect max",
    implies: Any = (),
    head: Any = HEAD,
    exempt: Any = None,
) -> Methodology:
    criterion = {**tiny_criterion("one", rules, policy), **({"not_applicable": exempt} if exempt else {})}
    facts = {**FACTS, "implies": list(implies)} if implies else FACTS
    files = {"methodology.yaml": head, "facts.yaml": facts, "a.yaml": {"category": "only", "criteria": [criterion]}}
    return cc.methodology_from(files)


def tiny_criterion(id: str, rules: Sequence[Mapping[str, Any]], policy: str = "collect max") -> dict[str, Any]:
    most = max(rule["points"] for rule in rules)
    return {
        "id": id, "title": "One", "horizon": "ever", "max_points": most, "hit_policy": policy,
        "rules": [{"id": f"r{i}", "because": "So.", **rule} for i, rule in enumerate(rules)], "otherwise": "Not so.",
    }  # fmt: skip


def bounds_of(methodology: Methodology, facts: Any = (), not_found: Any = ()) -> tuple[int, int, bool]:
    stated = [{"source": "paper", **fact} for fact in facts]
    company = cc.company_from({"id": "x", "name": "X", "facts": stated, "not_found": list(not_found)}, methodology)
    criterion = cc.analysis.bounds([company], methodology).companies[0].categories[0].criteria[0]
    return int(criterion.floor), int(criterion.ceiling), criterion.exact


NOBODY = {"id": "x", "name": "X", "facts": []}
GOOD = {"points": 4, "when": {"deed": {"kind": "good"}}}
NOT_BAD = {"points": 3, "when": {"none": [{"deed": {"kind": "bad"}}]}}


def test_without_facts_everything_may_still_be_earned() -> None:
    assert bounds_of(tiny([GOOD])) == (0, 4, True)


def test_what_was_not_found_lowers_the_ceiling() -> None:
    assert bounds_of(tiny([GOOD]), not_found=[{"deed": {"kind": "good"}}]) == (0, 0, True)
    assert bounds_of(tiny([GOOD]), not_found=[{"deed": {"kind": "good", "share": "> 10"}}]) == (0, 4, True)


def test_what_is_earned_raises_the_floor() -> None:
    assert bounds_of(tiny([GOOD]), [{"deed": {"kind": "good"}}]) == (4, 4, True)


def test_a_rule_on_absence_can_be_lost() -> None:
    assert bounds_of(tiny([NOT_BAD])) == (0, 3, True)
    assert bounds_of(tiny([NOT_BAD]), [{"deed": {"kind": "bad"}}]) == (0, 0, True)
    assert bounds_of(tiny([NOT_BAD]), not_found=[{"deed": {"kind": "bad"}}]) == (3, 3, True)


def test_a_bounded_fact_can_pass_less_than_any_exact_one() -> None:
    some, few, many = ({"deed": {"kind": "good", "share": test}} for test in ("> 0", "(0..50]", "> 50"))
    unclear = {"points": 3, "when": {"all": [some, {"none": [few, many]}]}}
    assert bounds_of(tiny([unclear])) == (0, 3, True)
    assert bounds_of(tiny([unclear]), not_found=[few]) == (0, 3, True)
    assert bounds_of(tiny([unclear]), not_found=[few, many]) == (0, 0, True)
    assert bounds_of(tiny([unclear]), not_found=[{"deed": {"share": "< 40"}}]) == (0, 3, True)


def test_a_fact_without_its_value_can_pass_less_than_any_other() -> None:
    said, few, many = ({"deed": {"kind": "good", "share": test}} for test in ("not(null)", "[0..50]", "> 50"))
    unclear = {"points": 3, "when": {"all": [said, {"none": [few, many]}]}}
    assert bounds_of(tiny([unclear])) == (0, 3, True)


def test_a_group_has_no_floor_where_it_may_have_no_score() -> None:
    methodology = tiny([{**GOOD, "id": "r"}], exempt={"when": {"deed": {"kind": "odd"}}})
    (found,) = cc.analysis.bounds([cc.company_from(NOBODY, methodology)], methodology).companies
    assert (found.categories[0].floor, found.floor) == (None, None)
    assert found.ceiling == found.categories[0].ceiling == 100


def test_a_criterion_that_coverage_counts_keeps_its_points_without_facts() -> None:
    head = {**HEAD, "coverage": [{"at_least": 1}]}
    methodology = tiny([GOOD], head=head)
    (found,) = cc.analysis.bounds([cc.company_from(NOBODY, methodology)], methodology).companies
    criterion = found.categories[0].criteria[0]
    assert [int(x) for x in (criterion.floor, criterion.points, criterion.ceiling)] == [0, 0, 4]


@pytest.mark.parametrize(
    ("published", "ceiling"),
    [("2024-07-01", 0), (">= 2025-01-01", 0), ("> 2024-06-01", 4), ("[2024-01-01..2024-12-31]", 4)],
)
def test_a_source_that_was_published_after_the_cut_off_brings_nothing(published: str, ceiling: int) -> None:
    rule = {"points": 4, "when": {"deed": {"kind": "good", "evidence": {"published": published}}}}
    assert bounds_of(tiny([rule], head={**HEAD, "as_of": "2024-06-30"})) == (0, ceiling, True)


def test_rules_that_exclude_each_other_are_searched() -> None:
    both = {"points": 5, "when": {"all": [{"deed": {"kind": "good"}}, {"none": [{"deed": {"kind": "odd"}}]}]}}
    assert bounds_of(tiny([both, NOT_BAD])) == (0, 5, True)
    assert bounds_of(tiny([both, NOT_BAD]), [{"deed": {"kind": "odd"}}]) == (0, 3, True)


def test_a_lesser_rule_first_makes_evidence_cost_points() -> None:
    first = [{"points": 1, "when": {"deed": {"kind": "odd"}}}, GOOD]
    assert bounds_of(tiny(first, "first"), [{"deed": {"kind": "good"}}]) == (1, 4, True)


@pytest.mark.parametrize("kinds", [fact_kinds.MAX_KINDS, 0])
def test_what_a_fact_implies_must_be_possible_too(kinds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fact_kinds, "MAX_KINDS", kinds)
    implies = [{"if": {"deed": {"kind": "good"}}, "then": {"deed": {"kind": "odd"}}}]
    assert bounds_of(tiny([GOOD], implies=implies)) == (0, 4, True)
    assert bounds_of(tiny([GOOD], implies=implies), not_found=[{"deed": {"kind": "odd"}}]) == (0, 0, True)


def test_bounds_are_not_exact_where_a_stated_fact_owes_another() -> None:
    implies = [{"if": {"deed": {"kind": "odd"}}, "then": {"deed": {"kind": "good"}}}]
    owing, paid = [{"deed": {"kind": "odd"}}], [{"deed": {"kind": "odd"}}, {"deed": {"kind": "good"}}]
    assert bounds_of(tiny([GOOD], implies=implies), owing) == (0, 4, False)
    assert bounds_of(tiny([GOOD], implies=implies), paid) == (4, 4, True)


def test_a_group_whose_weighty_part_may_go_has_no_floor() -> None:
    parts = [
        {**tiny_criterion("heavy", [GOOD]), "weight": 1, "not_applicable": {"when": {"deed": {"kind": "odd"}}}},
        {**tiny_criterion("light", [NOT_BAD]), "weight": 0},
    ]
    category = {"id": "only", "title": "Only", "aggregate": "weighted mean", "empty": "zero"}
    head = {**HEAD, "categories": [category]}
    files: dict[str, Any] = {"methodology.yaml": head, "facts.yaml": FACTS}
    files["a.yaml"] = {"category": "only", "criteria": parts}
    methodology = cc.methodology_from(files)
    (found,) = cc.analysis.bounds([cc.company_from(NOBODY, methodology)], methodology).companies
    assert found.categories[0].floor is None


@pytest.mark.parametrize(
    ("limit", "ends"),
    [({"at_least": 1}, (0, 4)), ({}, (0, 4)), ({"at_most": -1, "not_assessed": "excluded"}, (None, 0))],
)
def test_a_group_that_may_be_empty_may_count_as_0(limit: dict[str, Any], ends: tuple[int | None, int]) -> None:
    bands: list[dict[str, Any]] = [
        {"label": "some", "score": "> 0"},
        {"label": "none", "score": 0},
        {"label": "less", "score": "< 0"},
    ]
    category = {"id": "only", "title": "Only", "empty": "zero", "scale": None, "bands": bands, **limit}
    head = {**HEAD, "categories": [{key: value for key, value in category.items() if value is not None}]}
    methodology = tiny([GOOD], head=head, exempt={"when": {"deed": {"kind": "odd"}}})
    (found,) = cc.analysis.bounds([cc.company_from(NOBODY, methodology)], methodology).companies
    (group,) = found.categories
    assert (group.floor, group.ceiling) == tuple(end if end is None else Decimal(end) for end in ends)
    assert group.labels is not None
    assert (group.labels.floor == "none") is (ends[0] == 0)
    assert (group.labels.ceiling == "none") is (ends[1] == 0)


def test_what_a_fact_implies_takes_away_what_looks_at_its_absence() -> None:
    alone = {"points": 4, "when": {"all": [GOOD["when"], {"none": [{"deed": {"kind": "odd"}}]}]}}
    implies = [{"if": {"deed": {"kind": "good"}}, "then": {"deed": {"kind": "odd"}}}]
    assert bounds_of(tiny([alone])) == (0, 4, True)
    assert bounds_of(tiny([alone], implies=implies)) == (0, 0, True)


def test_a_count_can_be_reached_by_further_facts() -> None:
    count = {"points": 2, "when": {"count": {"of": {"deed": {}}, "distinct": "kind", "at_least": 3}}}
    assert bounds_of(tiny([count])) == (0, 2, True)
    missing = [{"deed": {"kind": "odd"}}]
    assert bounds_of(tiny([count]), not_found=missing) == (0, 0, True)
    assert bounds_of(tiny([count]), [{"deed": {"kind": "good"}}], missing) == (0, 0, True)  # good counts once


def test_a_further_fact_need_not_state_a_further_value() -> None:
    """A rule that goes before a greater one does not take its place where two facts state one value alone."""
    days = {"count": {"of": {"deed": {"kind": "not(null)"}}, "distinct": "share", "at_least": 2}}
    facts = {"count": {"of": {"deed": {"kind": "good"}}, "at_least": 2}}
    used = tiny([{"points": 1, "when": days}, {"points": 2, "when": facts}], "first")
    assert bounds_of(used) == (0, 2, False)


def test_one_fact_can_state_several_members_of_a_set() -> None:
    uses = {"site": {"uses": "not(null)"}}
    members = {"count": {"of": uses, "distinct": "uses", "at_least": 2}}
    alone = {"all": [members, {"none": [{"count": {"of": uses, "at_least": 2}}]}]}
    used = small.methodology(small.criterion("c", 2, small.rule("r", 2, alone)))
    one = small.fact("site", {"region": "north", "uses": ["wind", "solar"]})
    assert small.card(used, one).criterion("c").points == 2
    found = cc.analysis.bounds([small.company(used)], used).companies[0].criterion("c")
    assert (found.floor, found.ceiling) == (Decimal(0), Decimal(2))


def test_no_more_values_are_counted_than_facts_could_state() -> None:
    shares = {"count": {"of": {"deed": {"kind": "not(null)"}}, "distinct": "share", "at_least": 1}}
    either = {"any": [shares, {"none": [{"deed": {"kind": "bad"}}]}]}
    used = tiny([{"points": 2, "when": either}])
    assert bounds_of(used, [{"deed": {"kind": "bad"}}]) == (0, 2, False)
    assert bounds_of(used, [{"deed": {"kind": "bad"}}], [{"deed": {"share": "not(null)"}}]) == (0, 0, False)


def test_an_implied_fact_passes_further_conditions() -> None:
    implies = [{"if": {"deed": {"kind": "good"}}, "then": {"deed": {"kind": "odd", "share": ">= 50"}}}]
    few = {"points": 2, "when": {"none": [{"deed": {"share": "> 10"}}]}}
    assert bounds_of(tiny([few], implies=implies), [{"deed": {"kind": "bad"}}]) == (0, 2, True)
    assert bounds_of(tiny([few], implies=implies), [{"deed": {"kind": "good"}}]) == (0, 0, True)


def test_a_fact_that_does_not_count_stands_in_the_way_of_nothing() -> None:
    head = {**HEAD, "source_types": ["paper", "rumour"], "accepted_sources": ["paper"]}
    head["sources"] = {"paper": {"type": "paper"}, "talk": {"type": "rumour"}}
    used = tiny([NOT_BAD], head=head)
    for source, found in (("paper", (0, 0, True)), ("talk", (0, 3, True))):
        assert bounds_of(used, [{"deed": {"kind": "bad"}, "source": source}]) == found
    some = {"points": 2, "when": {"count": {"of": {"deed": {"kind": "good"}}, "at_least": 3}}}
    assert bounds_of(tiny([some])) == (0, 2, True)


@pytest.mark.parametrize("kind", ["> 10", "> 0"])
def test_a_narrower_value_is_a_further_fact(kind: str) -> None:
    wide = {"points": 2, "when": {"deed": {"share": kind}}}
    assert bounds_of(tiny([wide]), [{"deed": {"kind": "odd", "share": {"at_least": 0}}}]) == (0, 2, True)


def test_every_published_category_score_lies_between_floor_and_ceiling(
    methodology: Methodology, stated: Dataset
) -> None:
    assert stated.published is not None
    found = {company.company.id: company for company in cc.analysis.bounds(stated, methodology).companies}
    compared = 0
    for row in stated.published.rows:
        for category in methodology.categories:
            bounds = found[row.company].category(category.id)
            assert known(bounds.floor) <= row.scores[category.id] <= known(bounds.ceiling), (row.company, category.id)
            compared += 1
    assert compared == 100


def test_the_bounds_of_the_example_are_exact_and_leave_room(methodology: Methodology, stated: Dataset) -> None:
    found = cc.analysis.bounds(stated, methodology)
    assert all(company.exact for company in found.companies)
    widths = [known(category.width) for company in found.companies for category in company.categories]
    assert min(widths) == Decimal("5.71")
    assert max(widths) == Decimal("36.00")


def test_bounds_are_the_same_where_kinds_of_facts_are_too_many_to_be_listed(
    methodology: Methodology, stated: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = cc.analysis.bounds(stated, methodology)
    monkeypatch.setattr(fact_kinds, "MAX_KINDS", 0)
    assert cc.analysis.bounds(stated, methodology) == before


def test_what_looks_at_absence_has_its_own_limits_where_kinds_of_facts_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad = {"deed": {"kind": "bad"}}
    assert bounds_of(tiny([NOT_BAD]), [bad]) == (0, 0, True)
    monkeypatch.setattr(fact_kinds, "MAX_KINDS", 0)
    assert bounds_of(tiny([NOT_BAD]), [bad]) == (0, 0, True)  # its own conditions tell few kinds apart
    monkeypatch.setattr(fact_kinds, "MAX_KINDS_AMONG", 0)
    assert bounds_of(tiny([NOT_BAD]), [bad]) == (0, 3, False)


def test_what_surely_does_not_apply_is_not_open() -> None:
    # The cohort exempts the category. Its criterion could exempt itself as well, which makes no difference.
    exempting = small.criterion(
        "e1", 2, small.rule("r", 2, {"goal": {"topic": "carbon"}}),
        not_applicable={"when": {"goal": {"topic": "energy"}}, "counts_as": "excluded"},
    )  # fmt: skip
    asking = small.criterion("s", 5, small.rule("r", 5, {"share": {"percent": "> 10"}}), horizon="short_term")
    categories = [
        {"id": "a", "title": "A", "weight": 50},
        {"id": "e", "title": "E", "weight": 50, "not_applicable": {"cohorts": ["big"], "counts_as": "excluded"}},
    ]
    gated = {**asking, "requires": [{"of": "e", "at_least": 1}]}
    methodology = small.tree(categories, {"a": [gated], "e": [exempting]})
    company = small.company(methodology, small.fact("share", {"percent": 50}))
    (found,) = cc.analysis.bounds([company], methodology).companies
    assert {found.floor, found.total, found.ceiling} == {Decimal(50)}
