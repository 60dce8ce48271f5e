"""What the engine makes of rules and values, where it is not what the criteria language says."""

import json

import pytest

import cleancloud_rules as cc
from cleancloud_rules.engine.compiler import compile_methodology
from cleancloud_rules.engine.durable import Engine
from tests.hazards.children import HANGS, crashes, misused
from tests.hazards.use import methodology, stated
from tests.support import small
from tests.support.known import known
from tests.support.stand_ins import Spy


def total(when: object, *facts: dict[str, object], **more: object) -> int:
    """Return the total of a company by one rule of all points."""
    used = small.methodology(small.criterion("c", 1, small.rule("r", 1, when)))
    return int(known(small.card(used, *facts, **more).total))


def test_a_negated_pattern_fires_wrongly_where_the_fact_comes_later() -> None:
    together_late, together_early, one_by_one = misused("negate_a_fact_that_comes_later").value
    assert together_early == []
    assert together_late == one_by_one == ["r"]


def test_a_rule_of_negated_patterns_alone_never_fires_and_its_state_crashes() -> None:
    assert crashes("negate_alone")


def test_a_rule_that_asks_for_absence_alone_fires_for_ever_in_the_public_host() -> None:
    assert misused("ask_for_absence_alone").value == ["r", "r"]
    assert misused("ask_the_public_host_for_absence", timeout=HANGS).hung


@pytest.mark.parametrize("years", [[], [2030], [2041, 2030], [2030, 2041]])
def test_absence_is_told_whatever_the_order_of_facts(years: list[int]) -> None:
    facts = [small.fact("goal", {"topic": "energy", "year": year}) for year in years]
    assert total({"none": [{"goal": {"year": "> 2040"}}]}, *facts) == (0 if 2041 in years else 100)
    both = {"none": [{"goal": {"year": "> 2040"}}, {"goal": {"topic": "carbon"}}]}
    assert total(both, *facts) == (0 if 2041 in years else 100)


def test_division_by_zero_in_the_engine_kills_the_process() -> None:
    assert misused("divide_by_zero").signal == "SIGFPE"
    assert misused("divide_integers").value == ["r"], "7 / 2 is 3"


def test_division_by_zero_in_a_derivation_is_reported_and_quotients_are_exact() -> None:
    asked = small.criterion("c", 1, small.rule("r", 1, {"share": {"percent": 66.67}}), horizon="short_term")
    used = small.methodology(asked)
    bought = small.fact("energy", {"status": "bought", "amount": "2 GWh"})
    total = small.fact("energy", {"status": "used", "amount": "3 GWh"})
    assert small.card(used, bought, total).total == 100
    nothing = small.fact("energy", {"status": "used", "amount": "0 GWh"})
    card = small.card(used, bought, nothing)
    assert card.total == 0
    assert [problem.endswith("divides by zero") for problem in card.problems] == [True]


def test_the_engine_compares_across_types() -> None:
    assert misused("compare_across_types").value == {
        '"3" >= 3': True,
        '"abc" > 10': True,
        '"true" == true': True,
        "1 == true": True,
        "2 ** 63 == 2 ** 70": True,
        "2 ** 53 + 1 == 2.0 ** 53": True,
    }


@pytest.mark.parametrize("text", ['"3"', "abc", "true", "1.0", "1e3"])
def test_no_value_is_taken_for_one_of_another_type(text: str) -> None:
    used = methodology(1, small.rule("r", 1, {"numbers": {"n0": ">= 1"}}))
    fact = f"{{id: a, name: A, facts: [{{numbers: {{n0: {text}}}, source: report}}]}}"
    with pytest.raises(cc.FactsError) as caught:
        cc.company_from(fact, used)
    assert [finding.code for finding in caught.value.diagnostics] == ["wrong-type"]


@pytest.mark.parametrize(
    "number",
    [0, 1, -1, 2**31, 2**53, 2**53 + 1, 2**63 - 1, 2**63, 2**64, 2**70, -(2**63), -(2**63) - 1, 10**23],
)
def test_integers_of_any_size_are_compared_exactly(number: int) -> None:
    asked = [("r0", number - 1), ("r1", number), ("r2", number + 1)]
    used = methodology(1, *(small.rule(id, 1, {"numbers": {"n0": f">= {limit}"}}) for id, limit in asked))
    card = small.card(used, small.fact("numbers", {"n0": number}))
    (criterion,) = card.categories[0].criteria
    assert {rule.id: rule.fired for rule in criterion.rules} == {"r0": True, "r1": True, "r2": False}


@pytest.mark.parametrize(
    ("stated", "asked", "passes"),
    [
        ("0.1", "> 0.1", False),
        ("0.1", ">= 0.1", True),
        ("0.1", "[0.1..0.2)", True),
        ("0.30", "[0.3..0.3]", True),
        ("12345678901234567890123.1", "> 12345678901234567890123", True),
        ("12345678901234567890123.1", "> 12345678901234567890123.1", False),
        ("-0.0", "[0..0]", True),
        ("0", "< 0", False),
    ],
)
def test_decimals_are_compared_exactly_in_every_notation(stated: str, asked: str, passes: bool) -> None:
    types = {"f": {"title": "F", "horizon": "long_term", "fields": {"n": {"type": "number", "digits": 2}}}}
    used = small.methodology(small.criterion("c", 1, small.rule("r", 1, {"f": {"n": asked}})), fact_types=types)
    text = f"{{id: a, name: A, facts: [{{f: {{n: {stated}}}, source: report}}]}}"
    assert cc.score(cc.company_from(text, used), used, cross_check=True).total == (100 if passes else 0)


def test_ids_of_one_hash_lose_a_fact() -> None:
    assert misused("send_ids_with_one_hash").value == [2, ["company-fact-649192"]]


def test_properties_of_one_hash_are_one_to_the_engine() -> None:
    assert misused("name_properties_with_one_hash").value == ["r"]


def fnv(text: str) -> int:
    """Return the hash by which the engine knows ids and names: FNV-1a of 32 bits."""
    found = 0x811C9DC5
    for byte in text.encode():
        found = (found ^ byte) * 0x01000193 % 2**32
    return found


def test_the_hash_is_the_one_that_the_engine_uses() -> None:
    assert fnv("company-fact-649192") == fnv("company-fact-412789")
    assert fnv("gnlg") == fnv("gapashare")


def test_no_two_names_that_the_library_sends_have_one_hash() -> None:
    numbered = range(20_000)
    names = [f"{letter}{n}" for letter in "pncxk" for n in numbered]
    names += [f"f{n}{end}" for n in range(1000) for end in ("l", "h", "s", *(f"m{i}" for i in range(17)))]
    names += [f"{letter}{n}" for letter in "aqj" for n in range(100)]
    names += ["t", "id", "sid", "$s", "anchor", "sentinel", "all", "any", "pri", "count", "cap", "dist", "$and", "$or"]
    names += ["$lt", "$lte", "$gt", "$gte", "$eq", "$neq", "$mt", "$imt", "$iall", "$iany", "$ex", "$nex", "$m", "$i"]
    assert len({fnv(name) for name in names}) == len(set(names))


def test_no_two_ids_of_a_batch_have_one_hash() -> None:
    ids = [*(str(n) for n in range(40_000)), "sid-0"]
    assert len({fnv(id) for id in ids}) == len(ids)


def test_names_that_users_give_are_never_sent() -> None:
    count = {"of": {"site": {"region": "North"}}, "distinct": "uses", "at_least": 2}
    asked = small.criterion("uses", 1, small.rule("r", 1, {"count": count}))
    used = small.methodology(small.LADDER, small.GOALS, asked)
    spy = Spy()
    site = small.fact("site", {"region": "North", "uses": ["wind", "hydro"]}, entity="Acme Sub")
    Engine(compile_methodology(used), spy).fire(small.company(used, site, small.fact("share", {"percent": 5})))
    sent = json.dumps(spy.named("assert_facts") + spy.named("create_ruleset"))
    for word in ("North", "uses", "wind", "percent", "share", "acme", "Acme", "ladder", "topic"):
        assert word not in sent


def test_facts_of_equal_content_are_one_fact() -> None:
    used = methodology(1, small.rule("r", 1, {"count": {"of": {"numbers": {}}, "at_least": 2}}))
    twice = stated(used, {"n0": 1}, {"n0": 1})
    assert len(twice.facts) == 1
    assert cc.score(twice, used, cross_check=True).total == 0
    assert cc.score(stated(used, {"n0": 1}, {"n0": 2}), used, cross_check=True).total == 100


def test_alternatives_fire_once_each_in_the_engine() -> None:
    assert misused("match_two_alternatives").value == ["r", "r"]


def test_a_rule_fires_once_however_many_of_its_alternatives_hold() -> None:
    used = small.methodology(
        small.criterion(
            "c",
            1,
            small.rule("r", 1, {"any": [{"goal": {"topic": "energy"}}, {"goal": {"year": 2030}}, {"goal": {}}]}),
            hit_policy="collect sum",
        )
    )  # fmt: skip
    goal = small.fact("goal", {"topic": "energy", "year": 2030})
    company = small.company(used, goal)
    firings = Engine(compile_methodology(used)).fire(company).firings
    assert [(firing.rule, firing.facts) for firing in firings] == [("r", (company.facts[0].id,))]


def test_a_record_speaks_for_one_pattern_of_a_conjunction_only() -> None:
    assert misused("ask_twice_of_one_record").value == [[], ["r"]]


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6])
def test_a_count_may_be_held_between_two_limits(number: int) -> None:
    of: dict[str, object] = {"of": {"goal": {}}}
    when = {"all": [{"count": {**of, "at_least": 2}}, {"count": {**of, "at_least": 3}},
                    {"none": [{"count": {**of, "at_least": 6}}, {"count": {**of, "at_least": 5}}]}]}  # fmt: skip
    facts = [small.fact("goal", {"topic": "energy", "year": 2030 + n}) for n in range(number)]
    assert total(when, *facts) == (100 if 3 <= number < 5 else 0)


def test_one_fact_may_satisfy_all_conditions_of_a_rule() -> None:
    when = {"all": [{"goal": {"topic": "energy"}}, {"goal": {"year": "<= 2030"}}, {"goal": {"coverage": "whole"}}]}
    assert total(when, small.fact("goal", {"topic": "energy", "year": 2030, "coverage": "whole"})) == 100


def test_conditions_over_many_facts_fire_once_for_each_combination() -> None:
    assert misused("combine_records").value == 100


def test_a_rule_over_many_facts_fires_once() -> None:
    used = small.methodology(
        small.criterion("c", 1, small.rule("r", 1, {"all": [{"goal": {"topic": t}} for t in ("energy", "carbon")]}))
    )
    facts = [small.fact("goal", {"topic": t, "year": 2030 + n}) for t in ("energy", "carbon") for n in range(10)]
    spy = Spy()
    engine = Engine(compile_methodology(used), spy)
    spy.calls.clear()
    assert len(engine.fire(small.company(used, *facts)).firings[0].facts) == 20
    assert len(spy.named("complete_and_start_action")) == (20 + 2) + (1 + 2)


def test_firings_come_in_the_order_of_assertion() -> None:
    assert misused("fire_in_the_order_of_assertion").value == [[3, 2, 1], [2, 1, 3]]


def test_events_fire_one_rule_each_and_facts_all() -> None:
    assert misused("post_an_event").value == [["r"], ["r", "s"]]
