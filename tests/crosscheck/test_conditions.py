"""Which facts pass which conditions: the prepared conditions compared with each condition on its own."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleancloud_rules.crosscheck.conditions import Conditions, passes
from cleancloud_rules.crosscheck.rules import Rules
from cleancloud_rules.model.conditions import conditions_of
from cleancloud_rules.testing import companies, methodologies
from tests.support import small
from tests.support.sizes import sized


@settings(sized(40), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_a_fact_is_found_where_it_passes(data: st.DataObject) -> None:
    methodology = data.draw(methodologies())
    facts = data.draw(companies(methodology)).facts
    conditions = list(dict.fromkeys(c for _, _, when in methodology.asked for c in conditions_of(when)))
    found = Conditions(conditions).passing(facts)
    for number, condition in enumerate(conditions):
        expected = [fact for fact in facts if fact.type == condition.fact_type and passes(condition)(fact)]
        assert found.get(number, []) == expected
    holding = Rules(methodology.asked).holding(facts)
    for owner, name, when in methodology.asked:
        assert ((owner, name) in holding) is bool(Rules([("", "", when)]).holding(facts))


def test_a_bound_passes_the_conditions_that_name_all_its_values() -> None:
    rules = [
        small.rule(name, 1, {"goal": {"year": years}})
        for name, years in {"r2029": 2029, "r2030": 2030, "both": [2029, 2030], "later": [2030, 2031]}.items()
    ]
    wide = small.rule("wide", 1, {"goal": {"year": "<= 2030"}})
    methodology = small.methodology(small.criterion("c", 5, *rules, wide, hit_policy="collect sum"))
    exact = {"topic": "energy", "year": 2030}
    bound = {"topic": "energy", "year": {"at_least": 2030, "at_most": 2030}}
    one = {"r2030", "both", "later", "wide"}
    other = {"topic": "energy", "year": {"at_least": 2029, "at_most": 2030}}
    for values, expected in ((exact, one), (bound, one), (other, {"both", "wide"})):
        company = small.company(methodology, small.fact("goal", values))
        assert {rule for _, rule in Rules(methodology.asked).holding(company.facts)} == expected


def test_a_rule_about_absence_holds_without_facts_and_fails_with_them() -> None:
    absent = small.rule("absent", 1, {"none": [{"goal": {"topic": "carbon"}}]})
    methodology = small.methodology(small.criterion("c", 1, absent))
    rules = Rules(methodology.asked)
    assert dict(rules.holding(())) == {("c", "absent"): ()}
    for topic, expected in (("energy", {("c", "absent"): ()}), ("carbon", {})):
        company = small.company(methodology, small.fact("goal", {"topic": topic}))
        assert dict(rules.holding(company.facts)) == expected
