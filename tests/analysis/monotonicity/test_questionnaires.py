"""Certificates and bounds of questionnaires compared with an enumeration of all their companies."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from cleancloud_rules import Company, CriteriaError, Methodology, company_from, methodology_from
from cleancloud_rules.analysis import bounds, certify
from cleancloud_rules.model.rounding import RoundingMode
from cleancloud_rules.results import Improvement, Verdict
from tests.reference.scores import rounded
from tests.support.assessing import WITHOUT
from tests.support.enumerating_questionnaires import (
    QUESTIONS,
    Companies,
    Given,
    decides,
    every_company,
    every_given,
    small_questionnaire,
)
from tests.support.holding_bounds import hold_bounds_of_groups


def hold_against_enumeration(seed: int, seen: Counter[str]) -> None:
    """Fail where a certificate or bounds of a generated questionnaire and all its companies do not agree."""
    files = small_questionnaire(seed)
    try:
        methodology = methodology_from(files)
    except CriteriaError:
        return
    seen["questionnaires"] += 1
    companies = every_company(methodology)
    certificate = certify(methodology, examples=0)
    parts = [(part.id, part) for part in (*certificate.criteria, *certificate.groups, *certificate.categories)]
    for id, part in (*parts, (None, certificate.total)):
        kind = "criterion" if id in companies.points else "group"
        for judgement in part.judgements:
            sense, verdict = judgement.sense, judgement.verdict
            if sense is not Improvement.VALUE:
                seen[f"{kind} {verdict.value} in {sense.value} by {judgement.by.value}"] += 1
            for lemma in ("unanswered", "coverage", "assessment"):
                seen[f"proved as {lemma}"] += verdict is Verdict.PROVED and lemma in judgement.lemmas
            assert verdict is not Verdict.UNDECIDED, (seed, id, sense)
            assert companies.falls(id, sense) is (verdict is Verdict.REFUTED), (seed, id, sense)
        values = companies.worth(id).values()
        if part.least is not None and part.greatest is not None:
            digits = companies.digits.get(id, 2)
            least, greatest = (_rounded(Fraction(end), digits) for end in (part.least, part.greatest))
            lowest, highest = (_rounded(end, digits) for end in (min(values), max(values)))
            assert least <= lowest <= highest <= greatest, (seed, id)
            if part.reached:
                seen["limits that are reached"] += 1
                assert (least, greatest) == (lowest, highest), (seed, id)
    random = Random(seed)  # noqa: S311 - nothing secret is made
    every = every_given(methodology)
    for form in WITHOUT:
        seen[f"decided by {form}"] += decides(form, files, companies, random.sample(every, 25))
    for given in random.sample(every, 6):
        hold_bounds(given, methodology, companies, seen, seed)


def _rounded(value: Fraction, digits: int) -> Decimal:
    return rounded(value, digits, RoundingMode.HALF_UP)


def hold_bounds(given: Given, methodology: Methodology, companies: Companies, seen: Counter[str], seed: int) -> None:
    """Fail where a completion leaves the bounds of a company, or bounds that are said to be exact are not reached."""
    (found,) = bounds([_company(given, methodology)], methodology).companies
    every = list(companies.completions(given))
    for criterion in (c for category in found.categories for g in category.every_group for c in g.criteria):
        points = [companies.earned[criterion.id][one] for one in every]
        assert criterion.floor <= min(points) <= max(points) <= criterion.ceiling, (seed, given, criterion.id)
        if criterion.exact:
            seen["exact bounds of criteria"] += 1
            assert (criterion.floor, criterion.ceiling) == (min(points), max(points)), (seed, given, criterion.id)
    stated = {id: states[given] for id, states in companies.states.items()}
    completions = {id: [states[one] for one in every] for id, states in companies.states.items()}
    hold_bounds_of_groups(found, stated, completions, seen, (seed, given))


def _company(given: Given, methodology: Methodology) -> Company:
    facts: list[dict[str, object]] = []
    for question, answer in zip(QUESTIONS, given, strict=False):
        match answer:
            case None:
                continue
            case "disclosed":
                facts.append({"answer": {"question": question}, "disclosed": ["value"], "source": "form"})
            case _:
                facts.append({"answer": {"question": question, "value": answer}, "source": "form"})
    return company_from({"id": "acme", "name": "Acme", "facts": facts}, methodology)


def test_limits_are_not_reached_where_the_answer_that_would_reach_them_makes_the_criterion_not_applicable() -> None:
    hold_against_enumeration(1657, Counter())


def test_certificates_and_bounds_agree_with_every_company() -> None:
    seen: Counter[str] = Counter()
    for seed in range(24):
        hold_against_enumeration(seed, seen)
    assert seen["questionnaires"] >= 20
    assert seen["proved as unanswered"] >= 10
    assert seen["proved as assessment"] >= 10
    assert seen["exact bounds"] >= 100
    assert seen["no lower bound"] >= 20
    assert seen["group refuted in evidence by exact decision"] >= 5
    assert seen["decided by excluded"] >= 8
    for form in WITHOUT:
        assert seen[f"decided by {form}"], form


@pytest.mark.deep(part="enumeration")
@pytest.mark.parametrize("part", range(10))
def test_certificates_and_bounds_agree_on_two_thousand_questionnaires(part: int) -> None:
    seen: Counter[str] = Counter()
    for seed in range(1000 + 200 * part, 1200 + 200 * part):
        hold_against_enumeration(seed, seen)
    print(sorted(seen.items()))  # noqa: T201
    for form in WITHOUT:
        assert seen[f"decided by {form}"] >= 5, form
