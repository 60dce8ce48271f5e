"""The generated methodologies and companies are right, and not empty."""

from collections import Counter
from functools import cache
from itertools import islice

import pytest
from attrs import Factory, define
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st

from cleancloud_rules import company_from, load_methodology, methodology_from, score
from cleancloud_rules.model.additive import is_additive
from cleancloud_rules.model.conditions import conditions_of, reserved_fields
from cleancloud_rules.model.facts import Basis, Company, Fact
from cleancloud_rules.model.methodology import HitPolicy, Methodology
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.model.rounding import RoundingMode, TotalPolicy
from cleancloud_rules.model.values import FieldType, Interval
from cleancloud_rules.testing import companies, company_data, methodologies, methodology_files
from tests.reference import evaluate
from tests.reference.conditions import fact_passes
from tests.support import small
from tests.support.deciding import COMBINATORS, OPERATORS, deciding
from tests.support.deciding_forms import AGGREGATES, COMMON, FORMS, NEAR_AN_END, forms_that_decide
from tests.support.seeded import seeded_cases
from tests.support.sizes import sized

METHODOLOGIES, CASES = 200, 600
"""How many methodologies are made from seeds, two companies for each, and how many cases Hypothesis makes: enough for a
share of 8 in 100 to be told from one of 5."""

RAREST = {"bands of the exact score"}
"""What seldom decides: a score must lie within half a digit of the end of a band; test_combining shows it."""

measured = settings(database=None, phases=[Phase.generate], derandomize=False)


@define
class Tally:
    """What a number of cases held."""

    cases: int = 0
    facts: int = 0
    matching: int = 0
    counting: int = 0
    derived: int = 0
    seen: Counter[str] = Factory(Counter)

    def share(self, what: str) -> float:
        return self.seen[what] / self.cases

    def add(self, methodology: Methodology, company: Company) -> None:
        found = evaluate(methodology, company)
        counting = [found.facts[id] for id in found.counting]
        asked = [c for criterion in methodology.criteria for rule in criterion.rules for c in conditions_of(rule.when)]
        asked += [c for derivation in methodology.vocabulary.derivations for _, c in derivation.inputs]
        self.cases += 1
        self.facts += len(company.facts)
        self.counting += sum(fact.id in found.counting for fact in company.facts)
        self.matching += sum(
            fact.id in found.counting and any(fact_passes(fact, condition) for condition in asked)
            for fact in company.facts
        )
        self.derived += len(found.facts) > len(company.facts)
        decided = {
            name
            for criterion in methodology.criteria
            for name in deciding(criterion, found.criteria[criterion.id].earned, counting)
        }
        outcomes = {criterion.outcome.value for criterion in found.criteria.values()}
        self.seen.update(
            decided | outcomes | traits(methodology, company) | forms_that_decide(methodology, company, found)
        )


def traits(methodology: Methodology, company: Company) -> set[str]:
    """Return what a case holds that nothing decides."""
    rounding = methodology.rounding
    held = {rounding.mode.value, rounding.total.value, f"{rounding.points_digits} points digits"}
    for fact in company.facts:
        held |= traits_of(fact)
    held |= {"additive"} if is_additive(methodology) else set()
    return held | ({"not_found entry"} if company.not_found else set())


def traits_of(fact: Fact) -> set[str]:
    """Return what a fact holds."""
    values = [value for _, value in fact.values.items()]
    types = {field.type.value for field in fact.values.fact_type.fields if fact.get(field.id) is not None}
    return {
        *types,
        *(["bounded"] if any(isinstance(value, Interval) for value in values) else []),
        *(["disclosed"] if fact.disclosed else []),
        *(["as of"] if fact.as_of else []),
        *(["period"] if fact.period else []),
        *(["entity"] if fact.entity else []),
        *(["hypothetical"] if fact.basis is Basis.HYPOTHETICAL else []),
        *(["no source"] if fact.source is None else []),
    }


@cache
def made_from_seeds() -> Tally:
    tally = Tally()
    for number in range(METHODOLOGIES):
        for methodology, company in islice(seeded_cases(number), 2):
            tally.add(methodology, company)
    return tally


@cache
def made_by_hypothesis() -> Tally:
    tally = Tally()

    @seed(1)
    @settings(measured, max_examples=CASES)
    @given(st.data())
    def measure(data: st.DataObject) -> None:
        methodology = data.draw(methodologies())
        tally.add(methodology, data.draw(companies(methodology)))

    measure()
    return tally


DEEP = pytest.param(made_by_hypothesis, marks=pytest.mark.deep(part="properties"))


@pytest.fixture(params=[made_from_seeds, DEEP])
def tally(request: pytest.FixtureRequest) -> Tally:
    made: Tally = request.param()
    return made


def test_every_operator_combinator_and_hit_policy_decides_a_win_in_one_case_of_twenty(tally: Tally) -> None:
    wanted = (*OPERATORS, *COMBINATORS, *(policy.value for policy in HitPolicy))
    assert tally.cases >= 2 * METHODOLOGIES
    assert not {name: tally.share(name) for name in wanted if tally.share(name) < 0.05}


def test_caps_and_tests_on_evidence_basis_period_and_entity_decide_wins_too(tally: Tally) -> None:
    wanted = ("at most", *reserved_fields)
    assert not {name: tally.share(name) for name in wanted if tally.share(name) < 0.03}


def test_every_form_of_groups_gates_grades_and_tables_decides_something_in_one_case_of_two_hundred(
    tally: Tally,
) -> None:
    wanted = set(FORMS) - RAREST
    assert not {name: tally.share(name) for name in wanted if tally.share(name) < 0.005}


def test_what_is_common_decides_something_in_one_case_of_twenty(tally: Tally) -> None:
    assert not {name: tally.share(name) for name in COMMON if tally.share(name) < 0.05}


def test_aggregates_and_what_decides_near_an_end_decide_something_in_one_case_of_fifty(tally: Tally) -> None:
    wanted = (*AGGREGATES, *NEAR_AN_END)
    assert not {name: tally.share(name) for name in wanted if tally.share(name) < 0.02}


@sized(40)
@given(methodologies(additive=True))
def test_methodologies_that_add_up_are_made_alone_where_that_is_asked_for(methodology: Methodology) -> None:
    assert is_additive(methodology)


def test_half_of_the_methodologies_add_up() -> None:
    assert 0.35 < made_from_seeds().share("additive") < 0.65


def test_half_of_the_facts_count_and_match_something(tally: Tally) -> None:
    assert tally.facts > 3 * tally.cases
    assert tally.matching >= tally.facts / 2
    assert tally.counting < tally.facts * 0.97
    assert tally.derived > tally.cases / 20


def test_every_type_of_value_rounding_and_outcome_occurs(tally: Tally) -> None:
    wanted = (
        *(type.value for type in FieldType), *(mode.value for mode in RoundingMode),
        *(policy.value for policy in TotalPolicy), *(outcome.value for outcome in Outcome),
        "bounded", "disclosed", "as of", "period", "entity", "hypothetical", "no source", "not_found entry",
        "0 points digits", "2 points digits",
    )  # fmt: skip
    assert not {name: tally.share(name) for name in wanted if tally.share(name) < 0.02}


@sized(20)
@given(methodology_files())
def test_the_files_of_a_methodology_are_plain_data_that_load(files: dict[str, dict[str, object]]) -> None:
    assert {"methodology.yaml", "facts.yaml"} < files.keys()
    assert methodology_from(files).sha256 == methodology_from(dict(reversed(files.items()))).sha256


@sized(20)
@given(st.data())
def test_a_company_is_plain_data_that_loads(data: st.DataObject) -> None:
    methodology = data.draw(methodologies())
    assert company_from(data.draw(company_data(methodology)), methodology).name == "Generated"


@sized(20)
@given(st.data())
def test_companies_are_made_where_no_value_passes_a_test(data: st.DataObject) -> None:
    number = {"type": "integer", "valid": "[1..3]"}
    types = {"level": {"title": "Level", "horizon": "long_term", "fields": {"number": number}}}
    impossible = small.rule("r", 1, {"level": {"number": "> 3"}})
    methodology = small.methodology(small.criterion("c", 1, impossible), fact_types=types)
    company = data.draw(companies(methodology))
    assert score(company, methodology).criterion("c").points == 0


def test_companies_are_made_for_any_methodology() -> None:
    methodology = load_methodology("clean_cloud_2024")
    tally = Tally()
    seen: set[Outcome] = set()

    @seed(1)
    @settings(measured, max_examples=20)
    @given(companies(methodology))
    def measure(company: Company) -> None:
        tally.add(methodology, company)
        seen.update(criterion.outcome for criterion in score(company, methodology).criteria)

    measure()
    assert tally.matching >= tally.facts / 2
    assert seen == set(Outcome) - {Outcome.GATED, Outcome.NOT_APPLICABLE}


def test_a_search_leaves_each_bounded_fact_a_value() -> None:
    """One of these companies states less than something, and a search for the lowest value that the field allows."""
    assert all(company.facts for _, company in seeded_cases(4862))
