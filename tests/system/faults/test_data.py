"""Mistakes in criteria and in data about which `check` once was silent, or spoke without cause."""

from typing import Any

import pytest

from cleancloud_rules import Methodology, check
from tests.support import small

PLAN: dict[str, Any] = {
    "plan": {
        "title": "Plan",
        "horizon": "long_term",
        "fields": {
            "topic": {"type": "enum", "values": ["coal", "gas"], "key": True},
            "phase_out": {"type": "year", "better": "lower", "optional": True},
            "share": {"type": "percent", "digits": 1, "better": "higher", "optional": True},
            "cost": {"type": "number", "digits": 1, "better": "lower", "optional": True},
            "public": {"type": "boolean", "better": "higher", "optional": True},
        },
    },
    "deed": {"title": "Deed", "horizon": "long_term", "fields": {"kind": {"type": "text"}}},
}
COAL = {"plan": {"topic": "coal"}}


def warnings(methodology: Methodology) -> list[tuple[str, str]]:
    """Return codes and messages, without those about what nothing reads."""
    found = [(diagnostic.code, diagnostic.message) for diagnostic in check(methodology)]
    return [(code, message) for code, message in found if not code.startswith("unread")]


def codes(methodology: Methodology) -> list[str]:
    return [code for code, _ in warnings(methodology)]


def of(*rules: dict[str, Any], most: float = 4, **more: Any) -> Methodology:
    """Return a methodology of one criterion about plans."""
    return small.methodology(small.criterion("c", most, *rules, **more), fact_types=PLAN)


def plan(**tests: Any) -> dict[str, Any]:
    return {"plan": tests}


# ---- thresholds and proportions against `better`


@pytest.mark.parametrize(
    ("rules", "is_against"),
    [
        ([(4, plan(phase_out=">= 2030"))], True),
        ([(4, plan(phase_out="<= 2030"))], False),
        ([(4, plan(phase_out="[2025..2030]"))], True),
        ([(2, plan(phase_out="[2025..2030]")), (4, plan(phase_out="< 2025"))], False),
        ([(4, plan(phase_out="[2025..2030]")), (2, plan(phase_out="< 2025"))], True),
        ([(4, plan(share="< 50"))], True),
        ([(4, plan(public=False))], True),
        ([(4, plan(public=True))], False),
        ([(4, {"all": [{"deed": {}}, plan(topic="coal", phase_out="> 2030")]})], True),
        ([(4, {"any": [{"deed": {}}, plan(phase_out="> 2030")]})], True),
        ([(4, {"none": [plan(phase_out="<= 2030")]})], True),
        ([(4, {"all": [plan(), {"none": [plan(phase_out="<= 2030")]}]})], True),
        ([(4, {"all": [plan(), {"none": [plan(phase_out="> 2030")]}]})], False),
        ([(4, {"count": {"of": plan(share="<= 10"), "at_least": 2}})], True),
        ([(4, {"count": {"of": plan(share=">= 10"), "at_least": 2}})], False),
        ([(4, plan(topic="coal", phase_out="<= 2030")), (2, plan(topic="gas", phase_out="<= 2040"))], False),
    ],
)
def test_a_threshold_against_better_is_reported(rules: list[tuple[int, Any]], is_against: bool) -> None:
    made = [small.rule(f"r{i}", points, when) for i, (points, when) in enumerate(rules)]
    assert ("against-better" in codes(of(*made))) is is_against
    assert "against-better" not in codes(of(*made, monotone=False, rationale="On purpose."))


def test_a_penalty_for_a_better_value_is_reported() -> None:
    rules = [small.rule("r", 4, COAL), small.rule("p", -1, plan(share="> 50"))]
    found = warnings(of(*rules, hit_policy="collect sum"))
    message = "`share` `50` earns 4 points of `c`, and `> 50`, which is better, earns 3 points"
    assert ("against-better", message) in found


@pytest.mark.parametrize(
    ("to", "over", "least", "is_against"),
    [
        ("share", [0, 80], 0, False),
        ("share", [80, 0], 0, True),
        ("cost", [80, 0], 0, False),
        ("cost", [0, 80], 0, True),
        ("cost", [0, 80], 4, False),
    ],
)
def test_a_proportion_against_better_is_reported(to: str, over: list[int], least: int, is_against: bool) -> None:
    proportion = {"to": f"plan.{to}", "over": over, "least": least}
    found = codes(of(small.rule("r", 4, COAL, in_proportion=proportion)))
    assert ("against-better" in found) is is_against


# ---- weights, gates and exemptions


@pytest.mark.parametrize(("aggregate", "is_said"), [("weighted mean", True), ("weighted sum", True)])
@pytest.mark.parametrize("weights", [(0, 0), (0, 1)])
def test_weights_that_are_all_zero_are_reported(aggregate: str, is_said: bool, weights: tuple[int, int]) -> None:
    one, two = (small.criterion(id, 1, small.rule("r", 1, COAL, because="A plan.")) for id in ("one", "two"))
    two["rules"] = [small.rule("r", 1, {"deed": {}})]
    methodology = small.methodology(one, two, weights=weights, aggregate=aggregate, fact_types=PLAN)
    assert ("no-weight" in codes(methodology)) is (is_said and not any(weights))


def gated(**second: Any) -> Methodology:
    first = small.criterion("a", 1, small.rule("r", 1, COAL))
    rules = [small.rule("good", 2, plan(public=True)), small.rule("bad", -5, {"deed": {}})]
    penalised = small.criterion("b", 2, *rules, hit_policy="collect sum", **{"at_least": -5, **second})
    return small.methodology(first, penalised, fact_types=PLAN)


def test_a_penalty_that_is_lost_with_a_gate_is_reported() -> None:
    message = "the -5 points of rule `bad` are lost with the gate: they count only if `a` is met"
    assert ("penalty-behind-gate", message) in warnings(gated(requires=["a"]))
    assert "penalty-behind-gate" not in codes(gated())
    assert "penalty-behind-gate" not in codes(gated(requires=["a"], monotone=False, rationale="On purpose."))


@pytest.mark.parametrize(
    ("exemption", "never"),
    [
        (plan(topic="coal"), True),
        (plan(public=True), False),
        ({"none": [COAL]}, False),
        ({"any": [COAL, plan()]}, True),
    ],
)
def test_a_rule_that_its_own_exemption_excludes_is_reported(exemption: Any, never: bool) -> None:
    rule = small.rule("r", 4, plan(topic="coal", share="> 50"))
    assert ("never-applies" in codes(of(rule, not_applicable={"when": exemption}))) is never


# ---- decision tables

HIGH_AND_LOW = [{"label": "high", "score": ">= 60"}, {"label": "low", "score": "< 60"}]


def with_table(*rows: dict[str, Any], policy: str = "first", **more: Any) -> Methodology:
    table = {
        "id": "verdict",
        "title": "Verdict",
        "hit_policy": policy,
        "inputs": {"score": {"score": "total"}, "label": {"label": "total"}},
        "outputs": ["good", "poor"],
        "rows": list(rows),
        **more,
    }
    goal = small.criterion("c", 1, small.rule("r", 1, COAL))
    return small.methodology(goal, fact_types=PLAN, bands=HIGH_AND_LOW, tables=[table])


GOOD = {"score": ">= 50", "then": "good"}
POOR = {"score": "< 50", "then": "poor"}


@pytest.mark.parametrize(
    ("policy", "rows", "said"),
    [
        ("first", [GOOD, POOR], None),
        ("first", [GOOD, {"score": "> 80", "label": "low", "then": "poor"}], "whenever it fits, row 1 fits too"),
        ("first", [{"score": "> 80", "label": "low", "then": "poor"}, GOOD], None),
        ("first", [GOOD, POOR, {"score": "[20..70]", "then": "good"}], "whenever it fits, earlier rows fit too"),
        ("first", [GOOD, POOR, {"label": "high", "then": "good"}], None),
        ("first", [GOOD, {"score": "> 80", "then": "good"}, POOR], "whenever it fits, row 1 fits too"),
        ("first", [GOOD, {"then": "poor"}], None),
        ("first", [{"then": "poor"}, GOOD], "whenever it fits, row 1 fits too"),
        ("collect", [GOOD, {"score": "> 80", "then": "poor"}], None),
        ("collect", [GOOD, {"score": "> 80", "then": "good"}, POOR], "whenever it fits, row 1 fits too"),
    ],
)
def test_a_row_without_effect_is_reported(policy: str, rows: list[dict[str, Any]], said: str | None) -> None:
    found = dict(warnings(with_table(*rows, policy=policy))).get("row-without-effect")
    assert (found is None) is (said is None)
    assert said is None or (found or "").endswith(said)


def test_an_output_that_no_row_gives_is_reported() -> None:
    assert ("output-never-given", "no row of `verdict` gives the output `poor`") in warnings(with_table(GOOD))
    assert "output-never-given" not in codes(with_table(GOOD, POOR))
    assert "output-never-given" not in codes(with_table(GOOD, otherwise="poor"))


# ---- warnings without cause


def test_points_in_proportion_to_different_fields_are_not_the_same_evidence() -> None:
    def two(*fields: str) -> Methodology:
        return small.methodology(
            *(
                small.criterion(id, 4, small.rule("r", 4, plan(), in_proportion={"to": f"plan.{field}", "over": over}))
                for id, field, over in zip("ab", fields, ([80, 0], [80, 0]), strict=True)
            ),
            fact_types={**PLAN, "plan": {**PLAN["plan"], "fields": {**PLAN["plan"]["fields"], "waste": COST}}},
        )

    assert "shared-evidence" not in codes(two("cost", "waste"))
    assert "shared-evidence" in codes(two("cost", "cost"))


COST = {"type": "number", "digits": 1, "better": "lower", "optional": True}


@pytest.mark.parametrize(
    ("first", "second", "end"),
    [
        (plan(public=False), plan(public=True), "both can hold if two `plan` facts differ in `public`"),
        (plan(topic="coal"), plan(topic="gas"), "both can hold"),
        (plan(), plan(public=True), "both can hold"),
        (plan(public=False), {"any": [plan(public=True), {"deed": {}}]}, "both can hold"),
    ],
)
def test_rules_that_only_two_facts_can_meet_say_so(first: Any, second: Any, end: str) -> None:
    found = dict(warnings(of(small.rule("a", 1, first), small.rule("b", 4, second), hit_policy="first")))
    assert found["overlapping-rules"].endswith(end)
