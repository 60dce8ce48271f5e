from typing import Any

import pytest

from cleancloud_rules import Methodology, load_methodology, methodology_from
from cleancloud_rules.analysis.lint.methodology import analyse
from tests.support import small
from tests.support.forms import loaded

GOAL = {"goal": {"topic": "energy"}}
SOON = {"goal": {"topic": "energy", "year": "<= 2030"}}
SOONER = {"goal": {"topic": "energy", "year": "<= 2025"}}
FEW = {"none": [{"count": {"of": GOAL, "at_least": 3}}]}
SITE = {"site": {"region": '"north"'}}


def codes(methodology: Methodology, *, unread: bool = False) -> list[tuple[str, str]]:
    """Return codes and underlined texts; what is not read only where it is asked for."""
    found = [(finding.code, finding.location.path.rsplit(".", 1)[-1]) for finding in analyse(methodology)]
    return [(code, place) for code, place in found if unread or not code.startswith("unread")]


def of(policy: str, *rules: tuple[str, int, object], most: int = 2) -> Methodology:
    made = [small.rule(id, points, when) for id, points, when in rules]
    return small.methodology(small.criterion("c", most, *made, hit_policy=policy))


def test_nothing_is_said_about_the_bundled_methodology() -> None:
    assert analyse(load_methodology("clean_cloud_2024")) == ()


@pytest.mark.parametrize(
    "when",
    [
        {"all": [GOAL, {"none": [{"goal": {}}]}]},
        {"goal": {"basis": "hypothetical"}},
        {"share": {"evidence": {"source_type": "leaflet"}}},
    ],
)
def test_a_rule_that_asks_for_what_cannot_be_never_fires(when: object) -> None:
    rules = (small.rule("r", 2, {"share": {"percent": "> 1"}}), small.rule("odd", 1, when))
    horizon = "short_term" if "share" in str(when) else "long_term"
    used = small.criterion("c", 2, *(rules if horizon == "short_term" else (small.rule("r", 2, GOAL), rules[1])))
    found = codes(small.methodology({**used, "horizon": horizon}))
    assert ("never-fires", "when") in found


NO_GOAL: dict[str, object] = {"none": [{"goal": {}}]}


@pytest.mark.parametrize(
    ("policy", "rules", "is_earned"),
    [
        ("collect sum", [("a", 1, SOON), ("b", 1, NO_GOAL)], False),
        ("collect sum", [("a", 1, SITE), ("b", 1, NO_GOAL)], True),
        ("collect sum", [("a", 1, SOON), ("b", 1, {"none": [{"goal": {"topic": "carbon"}}]})], True),
        ("collect sum", [("a", 1, SOON), ("b", 1, {"goal": {"basis": "hypothetical"}})], False),
        ("collect sum", [("a", 1, {"count": {"of": GOAL, "at_least": 3}}), ("b", 1, FEW)], False),
        ("collect sum", [("a", 1, {"count": {"of": GOAL, "at_least": 2}}), ("b", 1, FEW)], True),
        ("collect max", [("a", 1, SOON), ("b", 2, {"all": [SOON, NO_GOAL]})], False),
        ("collect max", [("a", 1, SOON), ("b", 2, NO_GOAL)], True),
        ("collect sum", [("a", 2, SOONER), ("b", -1, SOON)], False),
        ("collect sum", [("a", 2, SOON), ("b", -1, SOONER)], True),
        ("first", [("a", 1, SOON), ("b", 2, SOONER)], False),
        ("first", [("a", 1, SOONER), ("b", 2, SOON)], True),
    ],
)
def test_what_no_company_can_earn_is_no_maximum(
    policy: str, rules: list[tuple[str, int, object]], is_earned: bool
) -> None:
    found = codes(of(policy, *rules))
    assert (("max-never-earned", "max_points") in found) is not is_earned


@pytest.mark.parametrize(
    ("policy", "rules", "losers"),
    [
        ("collect max", [("a", 2, SOON), ("b", 1, SOONER)], 1),
        ("collect max", [("a", 2, SOONER), ("b", 1, SOON)], 0),
        ("collect max", [("a", 2, SOON), ("b", 1, {"all": [SOON, SITE]})], 1),
        ("collect max", [("a", 2, {"any": [SOON, SITE]}), ("b", 1, SITE)], 1),
        ("collect max", [("a", 2, {"count": {"of": GOAL, "at_least": 2}}), ("b", 1, GOAL)], 0),
        ("collect max", [("a", 2, GOAL), ("b", 1, {"count": {"of": SOON, "at_least": 2}})], 1),
        ("collect max", [("a", 2, {"none": [SOON]}), ("b", 1, {"none": [GOAL]})], 1),
        ("collect sum", [("a", 2, SOON), ("b", 0, SOONER)], 0),
        ("first", [("a", 2, GOAL), ("b", 1, SOON)], 1),
        ("collect min", [("a", 2, SOONER), ("b", 1, SOON)], 1),
    ],
)
def test_a_rule_never_wins_where_another_goes_before_it_whenever_it_holds(
    policy: str, rules: list[tuple[str, int, object]], losers: int
) -> None:
    assert [code for code, _ in codes(of(policy, *rules))].count("never-wins") == losers


@pytest.mark.parametrize(
    ("second", "said"),
    [({"any": [SOON, SITE]}, True), ({"none": [GOAL]}, False), ({"goal": {"topic": "carbon"}}, True)],
)
def test_under_first_a_lesser_rule_before_a_greater_one_is_told_where_both_can_hold(second: object, said: bool) -> None:
    found = codes(of("first", ("a", 1, GOAL), ("b", 2, second)))
    assert (("overlapping-rules", "id") in found) is said


VALUES = "{type: enum, values: [full, partial, none, not_asked]}"


@pytest.mark.parametrize(
    ("values", "meant"),
    [
        ("full, partial, none, not_asked", "none, partial, full, not_asked"),
        ("not_asked, none, full, partial", "not_asked, none, partial, full"),
        ("none, partial, not_asked, full", None),
    ],
)
def test_a_list_whose_later_values_earn_less_is_told_with_the_one_that_is_meant(values: str, meant: str | None) -> None:
    listed = loaded(("facts", VALUES, f"{{type: enum, values: [{values}], better: listed}}"))
    helps = {f"under `better: listed` later values are better: write `[{meant}]`"} if meant else set()
    assert {finding.help for finding in analyse(listed) if finding.code == "listed-backwards"} == helps


def test_no_list_is_told_to_be_turned_round_where_its_order_says_nothing() -> None:
    assert "listed-backwards" not in [code for code, _ in codes(loaded())]
    exempt = "{id: pay, ask: Pay?, monotone: false, rationale: R., answers: {full: 0, partial: 1}}"
    listed = ("facts", VALUES, "{type: enum, values: [none, partial, full, not_asked], better: listed}")
    pay = "{id: pay, ask: Is pay linked to it?, answers: {full: 2, none: 0}, requirement: should}"
    assert "listed-backwards" not in [code for code, _ in codes(loaded(listed, ("board", pay, exempt)))]
    said = codes(loaded(listed, ("board", pay, exempt.replace("monotone: false, ", ""))))
    assert [code for code, _ in said].count("listed-backwards") == 1


def test_evidence_that_counts_twice_is_told_unless_it_is_meant() -> None:
    first, second = small.criterion("a", 2, small.rule("r", 2, SOON)), small.criterion("b", 2, small.rule("r", 2, SOON))
    assert ("shared-evidence", "when") in codes(small.methodology(first, second))
    assert ("shared-evidence", "when") not in codes(small.methodology(first, {**second, "shared_with": ["a"]}))
    other = small.criterion("b", 2, small.rule("r", 2, SOONER))
    assert ("shared-evidence", "when") not in codes(small.methodology(first, other))


@pytest.mark.parametrize(
    ("bands", "gaps"),
    [
        ([">= 60", "< 60"], 0),
        ([">= 60", "< 50"], 1),
        (["> 60", "< 60"], 1),
        (["> 60", "[10..50]", "< 5"], 2),
        (["[60..100]", "[0..60)"], 0),
    ],
)
def test_gaps_between_bands_are_told(bands: list[str], gaps: int) -> None:
    listed = [{"label": f"band {i}", "score": test} for i, test in enumerate(bands)]
    used = small.methodology(small.criterion("a", 2, small.rule("r", 2, SOON)), bands=listed)
    assert [code for code, _ in codes(used)].count("band-gap") == gaps


SMALL_ONES = {"cohorts": ["tiny"]}


@pytest.mark.parametrize(
    ("exemption", "more", "is_told"),
    [
        (SMALL_ONES, {}, True),
        (SMALL_ONES, {"scale": 100}, False),
        (SMALL_ONES, {"aggregate": "weighted mean", "of": "shares"}, False),
        (SMALL_ONES, {"aggregate": "weighted sum"}, True),
        (SMALL_ONES, {"aggregate": "sum", "at_most": 40}, False),
        (SMALL_ONES, {"rank_by": ["level"], "levels": [{"id": "l0", "title": "0"}]}, False),
        (SMALL_ONES, {"rank_by": ["label"], "bands": [{"label": "all", "score": ">= 0"}]}, True),
        (SMALL_ONES, {"not_applicable": "zero"}, False),
        ({**SMALL_ONES, "counts_as": "full"}, {}, False),
        ({"when": SITE}, {}, True),
        (None, {}, False),
        (None, {"not_assessed": "excluded"}, True),
        (None, {"not_assessed": "excluded", "coverage": [{"at_least": "100%"}]}, False),
        (None, {"not_assessed": "excluded", "coverage": [{"at_least": "50%"}]}, True),
    ],
)
def test_a_sum_whose_maximum_differs_is_told_where_companies_are_compared_by_it(
    exemption: object, more: dict[str, Any], is_told: bool
) -> None:
    second = small.criterion("b", 2, small.rule("r", 2, SOONER), shared_with=["a"])
    second |= {} if exemption is None else {"not_applicable": exemption}
    made = small.files(small.criterion("a", 2, small.rule("r", 2, SOON)), second, weights=(60, 40), **more)
    assert ("uneven-sum" in [code for code, _ in codes(methodology_from(made))]) is is_told


def test_a_sum_of_sums_is_told_with_both_maxima_where_what_is_left_out_counts() -> None:
    def made(**left_out: object) -> list[str]:
        rules = {id: small.criterion(id, 2, small.rule("r", 2, SOON), shared_with=["a"]) for id in ("b", "c")}
        first = small.criterion("a", 6, small.rule("r", 6, SOON))
        inner = {"id": "inner", "title": "Inner", **left_out}
        categories: list[dict[str, Any]] = [
            {"id": "one", "title": "One"},
            {"id": "two", "title": "Two", "groups": [inner]},
        ]
        exempt = {**rules["c"], "not_applicable": SMALL_ONES}
        methodology = small.tree(categories, {"one": [first], "inner": [rules["b"], exempt]})
        return [finding.message for finding in analyse(methodology) if finding.code == "uneven-sum"]

    told = "the methodology is a sum that ranks companies, but its maximum is 10, and 8 where `c` is left out"
    assert made() == [told]
    assert made(scale=10) == []


def test_what_nothing_reads_is_told() -> None:
    used = small.methodology(
        small.criterion("a", 2, small.rule("r", 2, SOON, because="By {goal.coverage}.")),
        small.criterion(
            "b", 1, small.rule("r", 1, {"count": {"of": {"site": {}}, "distinct": "region", "at_least": 2}})
        ),
    )
    messages = [finding.message for finding in analyse(used) if finding.code.startswith("unread")]
    assert "nothing reads `scopes` of `goal`" in messages
    assert "nothing reads `coverage` of `goal`" not in messages
    assert "nothing reads `region` of `site`" not in messages
    assert "nothing reads `topic` of `goal`" not in messages
    assert not any("`energy`" in message and message.startswith("no rule") for message in messages)


def test_a_level_that_asks_for_nothing_is_told_but_for_the_lowest() -> None:
    levels = [{"id": "l0", "title": "0"}, {"id": "l1", "title": "1"}, {"id": "l2", "title": "2", "at_least": 3}]
    used = small.methodology(small.criterion("a", 2, small.rule("r", 2, SOON)), levels=levels)
    assert codes(used) == [("empty-level", "id")]
