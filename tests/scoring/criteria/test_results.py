from typing import Any

import pytest
from attrs import evolve

from cleancloud_rules import score
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.on_demand import Pattern, template_of
from cleancloud_rules.results.scorecards import CriterionResult
from cleancloud_rules.scoring.compiled import compiled
from cleancloud_rules.scoring.criteria import results
from tests.support import small
from tests.support.seeded import seeded_cases

METHODOLOGY = small.methodology(small.LADDER, small.GOALS)


def ladder(*facts: dict[str, Any], **more: Any) -> CriterionResult:
    return small.card(METHODOLOGY, *facts, **more).criterion("ladder")


def goals(*facts: dict[str, Any], **more: Any) -> CriterionResult:
    return small.card(METHODOLOGY, *facts, **more).criterion("goals")


def share(percent: Any, **more: Any) -> dict[str, Any]:
    return small.fact("share", {"percent": percent}, **more)


def goal(topic: str = "energy", **fields: Any) -> dict[str, Any]:
    return small.fact("goal", {"topic": topic, **fields})


def test_all_points_are_awarded() -> None:
    found = ladder(share(12))
    assert (found.outcome, str(found.points), str(found.points_forgone)) == (Outcome.AWARDED, "4.0", "0.0")


def test_some_points_are_partial() -> None:
    found = ladder(share(5))
    assert (found.outcome, str(found.points), str(found.points_forgone)) == (Outcome.PARTIAL, "1.0", "3.0")


def test_facts_that_are_not_good_enough_do_not_meet_it() -> None:
    assert ladder(share(0)).outcome is Outcome.NOT_MET


def test_facts_none_of_which_counts_are_excluded() -> None:
    found = ladder(share(12, period=2021), share(12, source="leaflet"))
    assert found.outcome is Outcome.EXCLUDED
    assert len(found.facts) == 2
    assert ladder(share(12, period=2021), share(0)).outcome is Outcome.NOT_MET


def test_without_a_fact_nothing_is_assessed() -> None:
    assert ladder().outcome is Outcome.NOT_ASSESSED
    assert ladder(goal()).outcome is Outcome.NOT_ASSESSED


def test_a_fact_about_something_else_is_not_kin() -> None:
    found = goals(goal("carbon", year=2025))
    assert (found.outcome, found.facts) == (Outcome.NOT_ASSESSED, ())


def test_a_kin_fact_that_fails_other_tests_is_named() -> None:
    found = goals(goal())
    assert (found.outcome, len(found.facts)) == (Outcome.NOT_MET, 1)


def test_a_fact_is_kin_that_is_about_one_of_the_conditions() -> None:
    topics = ("energy", "carbon")
    rules = [small.rule(topic, 1, {"goal": {"topic": topic, "year": "<= 2030"}}) for topic in topics]
    methodology = small.methodology(small.criterion("c", 1, *rules))
    found = small.card(methodology, goal("energy", year=2040)).criterion("c")
    assert (found.outcome, len(found.facts)) == (Outcome.NOT_MET, 1)


def test_a_rule_without_points_that_holds_by_absence_leaves_the_outcome_as_it_was() -> None:
    free = small.rule("free", 0, {"none": [{"goal": {"topic": "carbon"}}]})
    methodology = small.methodology(small.criterion("c", 1, free, small.rule("paid", 1, {"goal": {"topic": "energy"}})))
    assert small.card(methodology).criterion("c").outcome is Outcome.NOT_ASSESSED
    missing = [{"goal": {"topic": "energy"}}]
    assert small.card(methodology, not_found=missing).criterion("c").outcome is Outcome.NOT_FOUND


def test_what_was_looked_for_in_vain_is_not_found_where_it_leaves_nothing() -> None:
    nothing = {"share": {"percent": "> 0"}, "note": "Says the report."}
    found = ladder(not_found=[nothing])
    assert found.outcome is Outcome.NOT_FOUND
    assert found.looked_for == ("share: {percent: > 0} (Says the report.)",)
    assert goals(not_found=[nothing]).outcome is Outcome.NOT_ASSESSED


def test_what_was_looked_for_in_vain_leaves_a_criterion_open_where_less_could_be_earned() -> None:
    found = ladder(not_found=[{"share": {"percent": "> 10"}}])
    assert found.outcome is Outcome.NOT_ASSESSED
    assert found.looked_for == ("share: {percent: > 10}",)


def test_what_was_looked_for_is_kept_beside_what_was_found() -> None:
    found = ladder(share(5), not_found=[{"share": {"percent": "> 10"}}, {"share": {"percent": "> 50"}}])
    assert found.outcome is Outcome.PARTIAL
    assert found.looked_for == ("share: {percent: > 10}",)


def test_a_kin_fact_goes_before_what_was_not_found() -> None:
    entry = {"share": {"percent": "> 0"}}
    assert ladder(share(0), not_found=[entry]).outcome is Outcome.NOT_MET
    assert ladder(share(12, period=2021, source="leaflet")).outcome is Outcome.EXCLUDED


def test_the_sentence_is_that_of_the_rule_that_won() -> None:
    assert ladder(share(12)).because == ("A share of 12% of not stated.",)
    assert ladder(share(5)).because == ("A low share of 5%.",)
    assert ladder().because == ("Nothing for ladder.",)


def test_a_rule_whose_points_were_not_taken_says_nothing() -> None:
    high, low = ladder(share(12)).rules
    assert (high.fired, high.won, high.because) == (True, True, "A share of 12% of not stated.")
    assert (low.fired, low.won, low.because, low.unmet) == (True, False, None, ())


def test_a_rule_that_did_not_fire_says_why() -> None:
    high, low = ladder(share(5)).rules
    assert (high.fired, high.won, high.facts, high.because) == (False, False, (), None)
    assert high.unmet[0].tests == ("percent: > 10 (the fact says 5%)",)
    assert low.won


def test_all_facts_are_named_and_the_best_speaks() -> None:
    card = small.card(METHODOLOGY, share(12, period=2022), share(20, period=2023), share(4))
    found = card.criterion("ladder")
    assert [dict(card.fact(id).fields)["percent"] for id in found.rules[0].facts] == [20, 12]
    assert [dict(card.fact(id).fields)["percent"] for id in found.rules[1].facts] == [20, 12, 4]
    assert found.because == ("A share of 20% of not stated.",)
    assert len(found.facts) == 3
    assert list(found.facts) == sorted(found.facts)


def test_a_remedy_is_there_only_where_points_are_known_to_be_missing() -> None:
    def advice(result: CriterionResult) -> tuple[Outcome, str | None, str | None, str | None]:
        return result.outcome, result.remedy, result.recommendation, result.recommendation_text

    full = ("Raise it.", "R1", METHODOLOGY.recommendations[0][1])
    nothing = (None, None, None)
    assert advice(ladder(share(5))) == (Outcome.PARTIAL, *full)
    assert advice(ladder(share(0))) == (Outcome.NOT_MET, *full)
    assert advice(ladder()) == (Outcome.NOT_ASSESSED, *nothing)
    in_part = {"share": {"percent": "> 50"}, "source": "report"}
    assert advice(ladder(not_found=[in_part])) == (Outcome.NOT_ASSESSED, *nothing)
    assert advice(ladder(share(12))) == (Outcome.AWARDED, *nothing)
    assert advice(ladder(share(5, period=2021))) == (Outcome.EXCLUDED, *nothing)
    assert advice(ladder(not_found=[{"share": {"percent": "> 0"}, "source": "report"}])) == (Outcome.NOT_FOUND, *full)
    assert advice(goals()) == (goals().outcome, *nothing)


def test_a_criterion_says_what_it_rests_on() -> None:
    found = goals()
    assert (found.reference, found.guidance) == ("report, Goals", "A public goal.")
    assert (found.basis, found.rationale, found.points_basis) == (None, None, "project")
    assert (found.horizon, found.hit_policy, str(found.max_points)) == ("long_term", "collect max", "6.0")


def test_whose_a_condition_is_stands_with_it() -> None:
    whose = {"basis": "project", "rationale": "We say so."}
    made = small.criterion("c", 1, small.rule("r", 1, {"goal": {}}, **whose), **whose, points_basis="published")
    found = small.card(small.methodology(made)).criterion("c")
    assert (found.basis, found.rationale, found.points_basis) == ("project", "We say so.", "published")
    assert (found.rules[0].basis, found.rules[0].rationale) == ("project", "We say so.")


def test_a_cap_stands_with_the_hit_policy() -> None:
    parts = [small.rule(f"r{i}", 1, {"goal": {"topic": "energy"}}) for i in range(3)]
    made = small.criterion("c", 2, *parts, hit_policy="collect sum", at_most=2)
    found = small.card(small.methodology(made), goal()).criterion("c")
    assert (found.hit_policy, str(found.points), found.outcome) == ("collect sum, at most 2", "2.0", Outcome.AWARDED)
    assert [rule.won for rule in found.rules] == [True, True, True]


def test_a_rule_may_hold_by_absence() -> None:
    made = small.criterion("c", 1, small.rule("r", 1, {"none": [{"goal": {"topic": "carbon"}}]}))
    methodology = small.methodology(made)
    found = small.card(methodology).criterion("c")
    assert (found.outcome, found.facts, found.because) == (Outcome.AWARDED, (), ("Because of r.",))
    assert (found.rules[0].fired, found.rules[0].facts) == (True, ())
    broken = small.card(methodology, goal("carbon")).criterion("c")
    assert broken.outcome is Outcome.NOT_MET
    assert (broken.rules[0].unmet[0].forbidden, broken.rules[0].unmet[0].nearest) == (True, broken.facts[0])


def test_points_by_hypothetical_facts_are_told_apart() -> None:
    company = small.company(METHODOLOGY, share(5), share(50, basis="hypothetical"))
    found = score(company, METHODOLOGY, with_hypothetical=True).criterion("ladder")
    assert (str(found.points), str(found.hypothetical_points), found.outcome) == ("4.0", "3.0", Outcome.AWARDED)
    without = score(company, METHODOLOGY).criterion("ladder")
    assert (str(without.points), str(without.hypothetical_points), without.outcome) == ("1.0", "0.0", Outcome.PARTIAL)


def test_points_that_hypothetical_facts_cost_are_negative() -> None:
    made = small.criterion("c", 1, small.rule("r", 1, {"none": [{"goal": {"topic": "carbon"}}]}))
    methodology = small.methodology(made)
    company = small.company(methodology, small.fact("goal", {"topic": "carbon"}, basis="hypothetical"))
    found = score(company, methodology, with_hypothetical=True, cross_check=True).criterion("c")
    assert (str(found.points), str(found.hypothetical_points), found.outcome) == ("0.0", "-1.0", Outcome.NOT_MET)


def test_a_derived_fact_speaks_like_any_other() -> None:
    used = small.fact("energy", {"status": "used", "amount": "200 GWh"})
    bought = small.fact("energy", {"status": "bought", "amount": "30 GWh"})
    card = small.card(METHODOLOGY, used, bought)
    found = card.criterion("ladder")
    assert found.because == ("A share of 15% of electricity.",)
    (fact,) = (card.fact(id) for id in found.facts)
    assert (fact.derived_by, fact.basis, len(fact.derived_from)) == ("share_of_use", "calculated", 2)


def test_criteria_without_facts_share_one_result() -> None:
    assert ladder() is ladder(goal())


def test_results_like_earlier_ones_say_what_they_say_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    alike = 0
    for seed in range(3):
        for methodology, company in seeded_cases(seed):
            for one in [company, *(evolve(company, facts=(fact,), not_found=()) for fact in company.facts[:6])]:
                with monkeypatch.context() as without:
                    without.setattr(results, "KEPT_KINDS", 0)
                    expected = score(one, methodology, cross_check=False)
                    text = expected.to_json()
                score(one, methodology, cross_check=False).to_json()
                assert score(one, methodology, cross_check=False).to_json() == text, (seed, company.id)
                found = score(one, methodology, cross_check=False)
                alike += sum(isinstance(template_of(criterion), Pattern) for criterion in found.criteria)
                assert found == expected, (seed, company.id)
    assert alike > 50


def test_patterns_are_kept_for_some_kinds_of_facts_and_for_some_criteria(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "KEPT_KINDS", 1)
    methodology = small.methodology(small.LADDER, small.GOALS)
    for percent in (5, 5, 5, 12, 12, 12):
        assert small.card(methodology, share(percent)) == small.card(METHODOLOGY, share(percent))
    kept = compiled(methodology).scorer.results._kinds["ladder"]
    assert len(kept) == 1


def test_a_sentence_with_a_character_of_marks_is_said_as_it_is() -> None:
    rule = small.rule("any", 4, {"share": {"percent": "> 0"}}, because="\0" + "0" + "\0 {share.percent}")
    methodology = small.methodology(small.criterion("odd", 4, rule, horizon="short_term"))
    for percent in (5, 6, 7, 8):
        found = small.card(methodology, share(percent)).criterion("odd")
        assert found.because == ("\0" + "0" + f"\0 {percent}%",)


BOTH = {"goal": {"topic": "energy", "year": "<= 2030", "coverage": "whole"}}
NAMES = {"count": {"of": {"goal": {"topic": "energy"}}, "distinct": "scopes", "at_least": 3}}


@pytest.mark.parametrize("when", [BOTH, NAMES], ids=["tests", "names"])
def test_results_alike_say_what_their_own_fact_fails(when: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    rule = small.rule("own", 4, when, because="In {goal.year}.")
    methodology = small.methodology(small.criterion("own", 4, rule, horizon="long_term"))
    facts = [
        goal(year=2031, coverage="whole", scopes=["one"]),
        goal(year=2029, coverage="part", scopes=["one", "two"]),
        goal(year=2028, coverage="whole", scopes=["one", "two", "three"]),
        goal(scopes=["two"]),
    ]
    with monkeypatch.context() as without:
        without.setattr(results, "KEPT_KINDS", 0)
        expected = [small.card(methodology, fact).to_json() for fact in facts]
    for _ in range(3):
        assert [small.card(methodology, fact).to_json() for fact in facts] == expected


def test_results_in_proportion_have_the_figures_of_their_own_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    proportion = {"to": "share.percent", "over": [20, 80], "digits": 1}
    rules = [
        small.rule("share", 4, {"share": {}}, in_proportion=proportion, because="At {share.percent}."),
        small.rule("fixed", 2, {"share": {"percent": ">= 60"}}, because="Above."),
    ]
    for policy in ("collect max", "collect min", "first"):
        methodology = small.methodology(
            small.criterion("c", 4, *rules, horizon="short_term", hit_policy=policy, remedy={"text": "Do more."})
        )
        facts = [
            share(percent) for percent in (0, 20, 26, 33, 59, 60, 79, 80, 100, {"more_than": 50}, {"less_than": 3})
        ]
        facts.append(small.fact("share", {}, disclosed=["percent"]))
        with monkeypatch.context() as without:
            without.setattr(results, "KEPT_KINDS", 0)
            expected = [small.card(methodology, fact) for fact in facts]
            texts = [card.to_json() for card in expected]
        for _ in range(3):
            assert [small.card(methodology, fact).to_json() for fact in facts] == texts
            assert [small.card(methodology, fact) for fact in facts] == expected
        found = small.card(methodology, share(33)).criterion("c")
        assert isinstance(template_of(found), Pattern)
        assert str(found.points) == str(found.rules[0].points) == "0.9"


def test_a_criterion_that_does_not_apply_is_like_that_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    exemption = {"not_applicable": {"when": {"share": {"percent": "< 10"}}, "counts_as": "full"}}
    rule = small.rule("high", 4, {"share": {"percent": ">= 50"}}, because="At {share.percent}.")
    methodology = small.methodology(small.criterion("c", 4, rule, horizon="short_term", **exemption))
    percents = (5, 6, 30, 70, 7)
    with monkeypatch.context() as without:
        without.setattr(results, "KEPT_KINDS", 0)
        expected = [small.card(methodology, share(percent)).to_json() for percent in percents]
    for _ in range(3):
        assert [small.card(methodology, share(percent)).to_json() for percent in percents] == expected
    found = small.card(methodology, share(4)).criterion("c")
    assert isinstance(template_of(found), Pattern)
    assert (found.outcome, found.counts_as, found.exempted_by) == (Outcome.NOT_APPLICABLE, "full", found.facts)


def test_a_criterion_whose_gate_does_not_apply_counts_also_from_a_pattern() -> None:
    exemption = {"not_applicable": {"when": {"share": {"percent": "< 10"}}}}
    gate = small.criterion("a", 4, small.rule("high", 4, {"share": {"percent": ">= 50"}}), **exemption)
    behind = small.criterion("b", 4, small.rule("any", 4, {"goal": {"topic": "energy"}}), requires=["a"])
    methodology = small.methodology({**gate, "horizon": "short_term"}, behind)
    for _ in range(3):
        found = small.card(methodology, share(5), goal()).criterion("b")
        assert (found.outcome, str(found.points)) == (Outcome.AWARDED, "4.0")
    assert isinstance(template_of(found), Pattern)


def test_a_question_with_points_in_proportion_has_no_pattern() -> None:
    proportion = {"to": "share.percent", "over": [20, 80], "digits": 1}
    rule = small.rule("share", 4, {"share": {}}, in_proportion=proportion)
    methodology = small.methodology(small.criterion("c", 4, rule, horizon="short_term"))
    prepared, criterion = compiled(methodology).scorer.questions, methodology.criterion("c")
    when = criterion.rules[0].when
    assert isinstance(when, Condition)
    assert prepared._tested(criterion) == {"share": ()}
    assert prepared._tested(evolve(criterion, answered=when)) is None
