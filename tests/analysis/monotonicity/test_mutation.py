"""Tests of companies of which one fact is bettered."""

from attrs import evolve

from cleancloud_rules import Company, Methodology, company_from
from cleancloud_rules.analysis.monotonicity.mutation import FactChange, changed, growing, is_fair
from cleancloud_rules.generators.boundary_values import Aims
from cleancloud_rules.generators.choices import Seeded
from cleancloud_rules.results import Improvement
from tests.support import small

METHODOLOGY = small.methodology(small.GOALS, small.LADDER)
COMPANY = small.company(
    METHODOLOGY,
    small.fact("goal", {"topic": "energy", "year": {"at_most": 2040}}, locator="p. 3", note="Read it."),
    small.fact("share", {"percent": 5}, entity="Unit", basis="calculated"),
    small.fact("energy", {"status": "used"}, disclosed=["amount"]),
)


def change(sense: Improvement, type_id: str, company: Company = COMPANY) -> FactChange | None:
    (fact,) = [fact for fact in company.facts if fact.type == type_id]
    return changed(sense, company, fact, Aims(METHODOLOGY), Seeded(1))


def test_an_added_fact_leaves_the_others_as_they_are() -> None:
    made = change(Improvement.EVIDENCE, "goal")
    assert made is not None
    assert made.after(COMPANY).facts == COMPANY.facts
    assert [fact.type for fact in made.before(COMPANY).facts] == ["energy", "share"]


def test_an_improved_fact_takes_the_place_of_the_old_one_and_has_another_id() -> None:
    made = change(Improvement.VALUE, "share")
    assert made is not None
    assert (made.field, made.old in COMPANY.facts, made.new in COMPANY.facts) == ("percent", True, False)
    assert made.before(COMPANY).facts == COMPANY.facts
    assert made.new.get("percent") != 5
    assert len({fact.id for fact in made.after(COMPANY).facts}) == 3


def test_a_disclosed_field_is_narrowed_by_stating_it() -> None:
    made = change(Improvement.NARROWING, "energy")
    assert made is not None
    assert (made.field, made.new.disclosed) == ("amount", ())
    assert made.new.get("amount") is not None


def test_there_is_nothing_better_than_what_has_no_better() -> None:
    assert change(Improvement.VALUE, "energy") is None
    assert change(Improvement.NARROWING, "share") is None


def test_a_change_that_would_state_a_fact_twice_is_not_made() -> None:
    made = change(Improvement.VALUE, "share")
    assert made is not None
    both = evolve(COMPANY, facts=(*COMPANY.facts, made.new))
    assert made.old is not None
    assert changed(Improvement.VALUE, both, made.old, Aims(METHODOLOGY), Seeded(1)) is None


def test_a_company_grows_fact_by_fact() -> None:
    stages = list(growing(COMPANY))
    assert [len(stage.facts) for stage, _ in stages] == [1, 2, 3]
    assert all(fact in stage.facts for stage, fact in stages)
    assert stages[-1][0] == COMPANY


def loaded(data: dict[str, object], methodology: Methodology = METHODOLOGY) -> Company:
    return company_from(data, methodology)


def test_both_companies_can_be_stated_and_read_again() -> None:
    for sense, type_id in (
        (Improvement.EVIDENCE, "goal"),
        (Improvement.VALUE, "share"),
        (Improvement.NARROWING, "energy"),
    ):
        made = change(sense, type_id)
        assert made is not None
        pair = made.pair(COMPANY, {})
        assert loaded(pair.before).facts == made.before(COMPANY).facts
        assert loaded(pair.after).facts == made.after(COMPANY).facts
        assert pair.after["cohort"] == COMPANY.cohort
        assert (pair.changed, pair.field) == (len(made.rest), made.field)


def test_narrower_values_that_a_derivation_refuses_are_not_compared() -> None:
    assert not is_fair(Improvement.NARROWING, ["old"], ["new"])
    assert is_fair(Improvement.NARROWING, ["old"], ["old"])
    assert is_fair(Improvement.NARROWING, ["old"], [])
    assert is_fair(Improvement.VALUE, [], ["new"])


def test_what_was_refused_before_is_told_without_the_ids_of_facts_which_a_change_renames() -> None:
    def refused(*facts: str) -> list[str]:
        return [f"derivation share_of_use makes nothing of {ids}: it divides by zero" for ids in facts]

    assert is_fair(Improvement.NARROWING, refused("energy-1, energy-2"), refused("energy-1, energy-3"))
    assert not is_fair(Improvement.NARROWING, refused("energy-1"), refused("energy-1", "energy-3"))
    assert not is_fair(
        Improvement.NARROWING, refused("energy-1"), ["derivation other makes nothing of energy-1: it is late"]
    )
