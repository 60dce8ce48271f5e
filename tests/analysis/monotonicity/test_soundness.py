"""Decision, lemmas and search compared with an enumeration of all small companies, on generated methodologies.

`make test-deep` tries 10,000 methodologies, and prints what was found; the quick run tries a sample.
"""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from attrs import define, field

from cleancloud_rules import Company, CriteriaError, Methodology, company_from, methodology_from
from cleancloud_rules.analysis import bounds, certify
from cleancloud_rules.analysis.monotonicity.proof import proof_of
from cleancloud_rules.analysis.monotonicity.random_search import RandomSearch
from cleancloud_rules.generators.choices import Seeded
from cleancloud_rules.generators.methodologies import generated_files
from cleancloud_rules.model.methodology import Criterion, Group
from cleancloud_rules.model.rounding import RoundingMode
from cleancloud_rules.model.tree import dependencies, structure_of
from cleancloud_rules.results import Improvement, Verdict
from cleancloud_rules.scoring.compiled import compiled
from cleancloud_rules.scoring.tree_bounds.assessment import Assessment
from cleancloud_rules.scoring.tree_bounds.tree import ends, maybe_exempt, without_limits
from tests.reference.scores import rounded
from tests.support.assessing import WITHOUT
from tests.support.enumerating import enumerated, small_files
from tests.support.enumerating_groups import (
    LEVELS,
    TYPES,
    Given,
    decides,
    every_company,
    points_by_hand,
    small_tree,
)
from tests.support.holding_bounds import hold_bounds_of_groups

EXAMPLES = 1000
"""How many companies the search may invent for one methodology."""

BATCH = 50

FORMS = [form for form in WITHOUT if form != "unsure"]
"""The forms about assessment and limits that trees have."""


@define
class Tally:
    """What was found on a number of methodologies, sense by sense."""

    seen: Counter[str] = field(factory=Counter)

    def show(self) -> None:
        print("", *(f"{name}: {count}" for name, count in sorted(self.seen.items())), sep="\n  ")  # noqa: T201


def hold_against_enumeration(seed: int, tally: Tally) -> None:
    """Fail where the certificate of a generated methodology and all its small companies do not agree."""
    methodology = methodology_from(small_files(seed))
    (criterion,) = methodology.criteria
    companies = enumerated(criterion, methodology)
    least = companies.least_violations(companies.most)
    certified = certify(methodology, examples=0).criterion(criterion.id)
    tally.seen["methodologies"] += 1
    for sense in Improvement:
        judgement = certified.judgement(sense)
        tally.seen[f"{sense.value}: {judgement.verdict.value} by {judgement.by.value}"] += 1
        if sense in least:
            assert proof_of(criterion, sense, methodology) is None, (seed, sense)
            assert judgement.verdict is not Verdict.PROVED, (seed, sense)
        if judgement.verdict is Verdict.REFUTED:
            # each counterexample was scored; one that is small enough is among the companies that were enumerated
            smallest = judgement.counterexamples[0].size
            assert least.get(sense, companies.most + 1) == min(smallest, companies.most + 1), (seed, sense)
    assert certified.least is not None
    assert certified.greatest is not None
    assert_holds_all(companies.extremes(companies.most), (certified.least, certified.greatest), seed)


def assert_holds_all(inner: tuple[Decimal, Decimal], outer: tuple[Decimal, Decimal], seed: int) -> None:
    assert outer[0] <= inner[0] <= inner[1] <= outer[1], seed


@pytest.mark.parametrize("part", range(2))
def test_decision_and_enumeration_never_differ(part: int) -> None:
    tally = Tally()
    for seed in range(20 * part, 20 * part + 20):
        hold_against_enumeration(seed, tally)
    assert sum(count for name, count in tally.seen.items() if "undecided" in name) == 0


@pytest.mark.deep(part="enumeration")
@pytest.mark.parametrize("part", range(20))
def test_decision_and_enumeration_never_differ_on_ten_thousand_methodologies(part: int) -> None:
    tally = Tally()
    for seed in range(1000 + 500 * part, 1500 + 500 * part):
        hold_against_enumeration(seed, tally)
    tally.show()


def hold_groups_against_enumeration(seed: int, tally: Tally) -> None:
    """Fail where the certificate or bounds of a generated tree of groups and all its companies do not agree."""
    files = small_tree(seed)
    try:
        methodology = methodology_from(files)
    except CriteriaError:
        return
    companies = every_company(methodology)
    certificate = certify(methodology, examples=0)
    tally.seen["trees"] += 1
    tally.seen["trees in which assessment matters"] += None in companies.levels
    parts = [(part.id, part) for part in (*certificate.groups, *certificate.categories)]
    for id, part in (*parts, (None, certificate.total)):
        for judgement in part.judgements:
            tally.seen[f"{judgement.verdict.value} by {judgement.by.value}"] += 1
            for lemma in ("assessment", "coverage"):
                tally.seen[f"proved as {lemma}"] += judgement.verdict is Verdict.PROVED and lemma in judgement.lemmas
            if judgement.verdict is not Verdict.UNDECIDED:
                falls = companies.falls(id, judgement.sense)
                assert falls is (judgement.verdict is Verdict.REFUTED), (seed, id, judgement.sense)
        digits = 2 if id is None else methodology.rounding_of(structure_of(methodology).groups[id]).digits
        values = companies.worth(id).values()
        ends = [rounded(pick(values), digits, RoundingMode.HALF_UP) for pick in (min, max)]
        if part.reached:
            tally.seen["limits that are reached"] += 1
            assert [part.least, part.greatest] == ends, (seed, id)
        if part.least is None or part.greatest is None:
            tally.seen["limits that are not known"] += 1
        else:
            assert part.least <= ends[0] <= ends[1] <= part.greatest, (seed, id)
    random = Random(seed)  # noqa: S311 - nothing secret is made
    every = list(companies.states[None])
    for form in FORMS:
        tally.seen[f"decided by {form}"] += decides(form, files, companies, random.sample(every, 25))
    for given in random.sample(every, 5):
        (found,) = bounds([_company(given, methodology)], methodology).companies
        stated = {id: states[given] for id, states in companies.states.items()}
        further = list(companies.completions(given))
        completions = {id: [states[one] for one in further] for id, states in companies.states.items()}
        hold_bounds_of_groups(found, stated, completions, tally.seen, (seed, given))


def _company(given: Given, methodology: Methodology) -> Company:
    cohort, levels = given
    facts = [
        {name: {"level": level}, "source": "report", "period": 2023}
        for name, level in zip(TYPES.values(), levels, strict=True)
        if level is not None
    ]
    named = {} if cohort is None else {"cohort": cohort}
    return company_from({"id": "acme", "name": "Acme", **named, "facts": facts}, methodology)


def test_certificates_of_groups_and_all_their_companies_never_differ() -> None:
    tally = Tally()
    for seed in range(14):
        hold_groups_against_enumeration(seed, tally)
    assert tally.seen["trees"] >= 10
    assert tally.seen["trees in which assessment matters"] >= 5
    assert tally.seen["proved as assessment"] >= 2
    assert tally.seen["exact bounds"] >= 50
    assert tally.seen["decided by excluded"] >= 4
    assert sum(tally.seen[f"decided by {form}"] > 0 for form in FORMS) >= 6


@pytest.mark.deep(part="enumeration")
@pytest.mark.parametrize("part", range(10))
def test_certificates_of_groups_and_all_their_companies_never_differ_on_a_thousand_trees(part: int) -> None:
    tally = Tally()
    for seed in range(1000 + 100 * part, 1100 + 100 * part):
        hold_groups_against_enumeration(seed, tally)
    tally.show()
    for form in FORMS:
        assert tally.seen[f"decided by {form}"], form


def hold_open_exemptions_against_enumeration(seed: int, tally: Tally) -> None:
    """Fail where a company leaves the limits of a tree in which it is open what facts exempt and assess."""
    try:
        methodology = methodology_from(small_tree(seed))
    except CriteriaError:
        return
    structure, companies = structure_of(methodology), every_company(methodology)
    owners: tuple[Group | Criterion, ...] = (*methodology.groups, *methodology.criteria)
    maybe = maybe_exempt(structure, {owner.id for owner in owners if owner.not_applicable is not None})
    points = {str(c.id): [points_by_hand(c, level) for level in LEVELS] for c in methodology.criteria}
    sides = ({id: min(some) for id, some in points.items()}, {id: max(some) for id, some in points.items()})
    counted = {str(c.id): (sides[0][c.id], sides[1][c.id]) for c in methodology.counted}
    both = ends(structure, sides, (), None, maybe, Assessment(undecided=counted) if counted else None)
    for id, states in companies.states.items():
        needed = dependencies(id, structure)
        unknown = [both[0].unknown(of) for of in {id, *(needed & structure.groups.keys())}]
        if without_limits(structure, maybe, id, needed) is not None or any(unknown):
            tally.seen["without limits"] += 1
            continue
        tally.seen["with limits"] += 1
        tally.seen["with limits of what is assessed"] += bool(needed & counted.keys())
        low, high = (end.of(id).value for end in both)
        if both[0].may_count_as_empty(id):  # then it counts as 0, regardless of its base and its limits
            low = None if low is None else min(low, Fraction(0))
            high = None if high is None else max(high, Fraction(0))
        for value in (state.value for state in states.values()):
            assert low is None or value is None or low <= value, (seed, id)
            assert high is None or value is None or value <= high, (seed, id)


def test_a_part_that_is_gated_or_not_applicable_can_be_assessed() -> None:
    # The criterion is gated and may turn out not to apply. It was taken for one that does not apply in any case.
    hold_groups_against_enumeration(1296, Tally())


def test_no_company_leaves_the_limits_of_what_may_not_apply() -> None:
    tally = Tally()
    for seed in (*range(20), 1135):  # in the last one a group may be empty, whose minimum is above 0
        hold_open_exemptions_against_enumeration(seed, tally)
    assert tally.seen["with limits"] >= 20
    assert tally.seen["with limits of what is assessed"] >= 10
    assert tally.seen["without limits"] >= 5


@pytest.mark.deep(part="enumeration")
def test_no_company_leaves_the_limits_of_what_may_not_apply_in_a_thousand_trees() -> None:
    tally = Tally()
    for seed in range(1000, 2000):
        hold_open_exemptions_against_enumeration(seed, tally)
    tally.show()


def refuted_by_search(methodology: Methodology, seed: int) -> dict[Improvement, int]:
    """Return for each sense in which the only criterion is violated how many companies the search needed, 0 for all."""
    (criterion,) = methodology.criteria
    violated = set(certify(methodology, examples=0).criterion(criterion.id).senses(Verdict.REFUTED))
    found = dict.fromkeys(violated, 0)
    search = RandomSearch(compiled(methodology), Seeded(seed))
    for tried in range(BATCH, EXAMPLES + 1, BATCH):
        if all(found.values()):
            break
        search.run(BATCH, lambda: None)
        for sense in violated:
            if not found[sense] and (criterion.id, sense) in search.found:
                found[sense] = tried
    return found


def hold_search(seeds: range) -> Counter[str]:
    """Return how often the search refuted what is violated, in all and by how many companies."""
    counted: Counter[str] = Counter()
    for seed in seeds:
        for sense, tried in refuted_by_search(methodology_from(small_files(seed)), seed).items():
            counted["violated"] += 1
            counted[f"in {sense.value}"] += 1
            if tried:
                counted["found"] += 1
                counted[f"found within {tried}"] += 1
            else:
                counted[f"missed in {sense.value}"] += 1
    return counted


def test_the_search_refutes_most_of_what_is_violated() -> None:
    counted = hold_search(range(100, 112))
    assert counted["violated"] >= 8
    assert counted["found"] >= 0.8 * counted["violated"]


@pytest.mark.deep(part="search")
def test_the_search_refutes_most_of_what_is_violated_in_many_methodologies() -> None:
    counted = hold_search(range(200))
    Tally(counted).show()
    assert counted["found"] >= 0.9 * counted["violated"]


@pytest.mark.parametrize("seed", range(2))
def test_the_search_refutes_nothing_that_is_proved_of_larger_methodologies(seed: int) -> None:
    methodology = methodology_from(generated_files(Seeded(seed)))
    certificate = certify(methodology, examples=20, seed=seed)  # raises where the search refutes what is proved
    assert certificate.examples == 20
    for part in certificate.all:
        assert part.is_within
        for judgement in part.judgements:
            assert (judgement.verdict is Verdict.REFUTED) == bool(judgement.counterexamples)


@pytest.mark.deep(part="search")
@pytest.mark.parametrize("part", range(10))
def test_the_search_refutes_nothing_that_is_proved_of_many_larger_methodologies(part: int) -> None:
    tally = Tally()
    for seed in range(1000 + 4 * part, 1004 + 4 * part):
        certificate = certify(methodology_from(generated_files(Seeded(seed))), examples=200, seed=seed)
        for certified in certificate.criteria:
            for judgement in certified.judgements:
                tally.seen[f"{judgement.sense.value}: {judgement.verdict.value} by {judgement.by.value}"] += 1
    tally.show()
