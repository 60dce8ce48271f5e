"""Certificates and bounds of questionnaires compared with an enumeration of all their companies."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from cleancloud_rules import Company, CriteriaError, Methodology, company_from, methodology_from
from cleancloud_rules.analysis import bounds, certify
from cleancloud_rules.model.rounding import RoundingMode
from cleancloud_rules.results import GroupBounds, Improvement, Verdict
from tests.reference.scores import rounded
from tests.support.enumerating_questionnaires import (
    EVERY,
    QUESTIONS,
    Companies,
    Given,
    completions,
    every_company,
    small_questionnaire,
)


def hold_against_enumeration(seed: int, seen: Counter[str]) -> None:
    """Fail where a certificate or bounds of a generated questionnaire and all its companies do not agree."""
    try:
        methodology = methodology_from(small_questionnaire(seed))
    except CriteriaError:
        return
    seen["questionnaires"] += 1
    companies = every_company(methodology)
    certificate = certify(methodology, examples=0)
    parts = [(part.id, part) for part in (*certificate.criteria, *certificate.groups, *certificate.categories)]
    for id, part in (*parts, (None, certificate.total)):
        evidence = part.judgement(Improvement.EVIDENCE)
        kind = "criterion" if id in companies.points else "group"
        seen[f"{kind} {evidence.verdict.value} by {evidence.by.value}"] += 1
        seen["proved as unanswered"] += evidence.verdict is Verdict.PROVED and "unanswered" in evidence.lemmas
        if evidence.verdict is not Verdict.UNDECIDED:
            assert companies.falls(id) is (evidence.verdict is Verdict.REFUTED), (seed, id)
        for sense in (Improvement.VALUE, Improvement.NARROWING):
            assert part.judgement(sense).verdict is not Verdict.CONTRADICTED, (seed, id)
        values = companies.worth(id).values()
        if part.least is not None and part.greatest is not None:
            least, greatest = (_rounded(Fraction(end)) for end in (part.least, part.greatest))
            lowest, highest = (_rounded(end) for end in (min(values), max(values)))
            assert least <= lowest <= highest <= greatest, (seed, id)
            if part.reached:
                seen["limits that are reached"] += 1
                assert (least, greatest) == (lowest, highest), (seed, id)
    random = Random(seed)  # noqa: S311 - nothing secret is made
    for given in random.sample(EVERY, 6):
        hold_bounds(given, methodology, companies, seen, seed)


def _rounded(value: Fraction) -> Decimal:
    return rounded(value, 2, RoundingMode.HALF_UP)


def hold_bounds(given: Given, methodology: Methodology, companies: Companies, seen: Counter[str], seed: int) -> None:
    """Fail where a completion leaves the bounds of a company, or bounds that are said to be exact are not reached."""
    (found,) = bounds([_company(given, methodology)], methodology).companies
    every = list(completions(given))
    for criterion in (c for category in found.categories for g in category.every_group for c in g.criteria):
        assert criterion.floor <= criterion.ceiling, (seed, given, criterion.id)
    groups: list[GroupBounds] = [g for category in found.categories for g in category.every_group]
    for id, floor, ceiling, exact in (
        *((str(g.id), g.floor, g.ceiling, g.exact) for g in groups),
        (None, found.floor, found.ceiling, found.exact),
    ):
        scores = [companies.states[id][one].score for one in every]
        known = [score for score in scores if score is not None]
        if floor is None or ceiling is None or not known:
            continue
        assert floor <= min(known), (seed, given, id)
        assert max(known) <= ceiling, (seed, given, id)
        seen["bounds"] += 1
        if exact:
            seen["exact bounds"] += 1
            assert (floor, ceiling) == (min(known), max(known)), (seed, given, id)


def _company(given: Given, methodology: Methodology) -> Company:
    values = {q: answer for q, answer in zip(QUESTIONS, given, strict=True) if answer is not None}
    facts = [{"answer": {"question": q, "value": value}, "source": "form"} for q, value in values.items()]
    return company_from({"id": "acme", "name": "Acme", "facts": facts}, methodology)


def test_certificates_and_bounds_agree_with_every_company() -> None:
    seen: Counter[str] = Counter()
    for seed in range(14):
        hold_against_enumeration(seed, seen)
    assert seen["questionnaires"] >= 12
    assert not any("undecided" in name for name in seen)
    assert seen["proved as unanswered"] >= 10
    assert seen["exact bounds"] >= 100
    assert seen["group refuted by exact decision"] >= 5


@pytest.mark.deep(part="enumeration")
@pytest.mark.parametrize("part", range(10))
def test_certificates_and_bounds_agree_on_two_thousand_questionnaires(part: int) -> None:
    seen: Counter[str] = Counter()
    for seed in range(1000 + 200 * part, 1200 + 200 * part):
        hold_against_enumeration(seed, seen)
    print(sorted(seen.items()))  # noqa: T201
