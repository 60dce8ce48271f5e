"""Plain trees: the database adds up, multiplies and rounds what the library would."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cleancloud_rules import Company, Methodology
from cleancloud_rules.model.methodology import Criterion
from cleancloud_rules.scoring.compiled import compiled
from cleancloud_rules.tables.scoring import numbers
from cleancloud_rules.tables.scoring.plain import results as plain_results
from cleancloud_rules.tables.scoring.plain.groups import LeftOut, PlainGroup
from cleancloud_rules.tables.scoring.plain.results import NotPlainError, PlainResults
from cleancloud_rules.tables.scoring.plain.whole_numbers import WideError
from tests.scoring.test_plain_tree import Planing
from tests.support.score_tables import differences, seeded_companies, table_of
from tests.support.small import company, criterion, fact, rule, tree

SEEDS, COMPANIES = 10, 10


class Exempting(Planing):
    """Makes a generated methodology plain, with criteria that do not apply where one of their own rules would fire."""

    def methodology(self, made: Methodology) -> Methodology:
        return evolve(super().methodology(made), rank_by=("total",))

    def _criterion(self, made: Criterion) -> Criterion:
        own = super()._criterion(made)
        if own.not_applicable is None or not made.rules:
            return evolve(own, not_applicable=None)
        return evolve(own, not_applicable=evolve(own.not_applicable, when=self.choices.choice(made.rules).when))


@pytest.fixture
def paths(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count how results were computed, and what plain groups had."""
    found: Counter[str] = Counter()
    of, add = PlainResults.of, PlainGroup.add

    def counted(self: PlainResults, *given: Any) -> str:
        try:
            query = of(self, *given)
        except NotPlainError:
            found["given up"] += 1
            raise
        found["plain"] += 1
        return query

    def noting(self: PlainGroup, *given: Any) -> str:
        joined = add(self, *given)
        found["groups"] += 1
        found["groups with several cases"] += len(self.cases) > 1
        found["groups with wide numbers"] += self.taken.is_wide or self.value.is_wide
        found["groups with values below 0"] += self.value.low < 0
        return joined

    monkeypatch.setattr(PlainResults, "of", counted)
    monkeypatch.setattr(PlainGroup, "add", noting)
    return found


def plain_methodology(seed: int) -> tuple[Methodology, list[Company]] | None:
    """Return a methodology whose tree is plain, with companies; None if the tree of a seed cannot be."""
    made, companies = seeded_companies(seed, COMPANIES)
    plain = Exempting(seed).methodology(made)
    return None if compiled(plain).summing.plain_tree is None else (plain, companies)


def test_generated_plain_trees_have_the_results_of_scoring(paths: Counter[str]) -> None:
    found = [made for seed in range(SEEDS) if (made := plain_methodology(seed)) is not None]
    for number, (methodology, companies) in enumerate(found):
        assert not differences(companies, methodology, with_hypothetical=number % 2 == 0), methodology.id
    assert paths["plain"] > SEEDS / 2
    for part in ("given up", "groups with several cases", "groups with values below 0"):
        assert paths[part] >= 2, paths


def test_what_is_joined_is_what_is_listed(paths: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "MAX_POSITIONS", 8)  # so that some owners have longer lists, and others have not
    for seed in (1, 2):
        made, companies = seeded_companies(seed, COMPANIES)
        assert not differences(companies, made), seed
        plain = plain_methodology(seed)
        assert plain is None or not differences(companies, plain[0]), seed
    assert paths["plain"]


def _of_primes(primes: Sequence[int], **more: Any) -> tuple[Methodology, list[Company]]:
    """Return a mean of shares of a prime number of points, and companies with facts about some of them."""
    uses = ("wind", "solar", "hydro")
    criteria = [
        criterion(
            f"c{prime}",
            prime,
            rule("all", prime, {"goal": {"topic": "energy", "year": place + 2030}}),
            rule("some", place % 7 + 1, {"site": {"uses": uses[place % 3]}}),
        )
        for place, prime in enumerate(primes)
    ]
    criteria[0]["not_applicable"] = {"when": {"site": {"uses": "hydro"}}, "counts_as": "excluded"}
    group = {"id": "sites", "title": "Sites", "aggregate": "mean", "of": "shares", "scale": 100}
    made = tree([group], {"sites": criteria}, aggregate="sum", **more)
    chosen = [use for number in range(len(uses) + 1) for use in combinations(uses, number)]
    facts = [[fact("site", {"region": "R", "uses": list(use)})] if use else [] for use in chosen]
    return made, [evolve(company(made, *own), id=f"c{number}") for number, own in enumerate(facts)]


def test_a_group_may_have_more_parts_than_expressions_may_be_deep(paths: Counter[str]) -> None:
    goals = [criterion(f"c{n}", 2, rule("so", 2, {"goal": {"topic": "carbon"}})) for n in range(1200)]
    goals[7]["not_applicable"] = {"when": {"goal": {"topic": "carbon"}}, "counts_as": "excluded"}
    made = tree([{"id": "goals", "title": "Goals", "weight": 100}], {"goals": goals})
    companies = [
        evolve(company(made, *own), id=id) for id, own in {"a": [fact("goal", {"topic": "carbon"})], "b": []}.items()
    ]
    assert not differences(companies, made)
    assert paths["plain"] == 1


def test_many_groups_are_added_in_several_queries(paths: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_results, "MAX_JOINS", 1)
    made = plain_methodology(3)
    assert made is not None
    assert len(made[0].groups) > 2
    assert not differences(made[1], made[0])
    assert paths["plain"] == 1


PRIMES = (89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191)


@pytest.mark.parametrize("mode", ["half_up", "half_even", "floor", "ceiling"])
def test_wide_numbers_are_exact(paths: Counter[str], mode: str) -> None:
    rounding = {"digits": 6, "mode": mode, "total": "rounded_sum", "points_digits": 0}
    methodology, companies = _of_primes(PRIMES[:10], rounding=rounding)
    assert not differences(companies, methodology)
    assert paths["groups with wide numbers"], paths
    assert paths["plain"] == 1


def test_numbers_that_are_too_large_are_left_to_the_library(paths: Counter[str]) -> None:
    methodology, companies = _of_primes(PRIMES)
    assert not differences(companies, methodology)
    assert (paths["plain"], paths["given up"]) == (0, 1)


def test_a_group_without_a_score_is_left_to_the_library(paths: Counter[str]) -> None:
    own = criterion("only", 4, rule("so", 4, {"site": {"uses": "wind"}}))
    own["not_applicable"] = {"when": {"site": {"uses": "hydro"}}, "counts_as": "excluded"}
    group = {"id": "sites", "title": "Sites", "aggregate": "mean", "of": "shares", "scale": 100}
    made = tree([group], {"sites": [own]}, aggregate="sum")
    sites = {"a": ["wind"], "b": ["hydro"], "c": ["solar"]}
    companies = [
        evolve(company(made, fact("site", {"region": "R", "uses": uses})), id=id) for id, uses in sites.items()
    ]
    assert not differences(companies[::2], made)
    assert paths["plain"] == 1
    assert not differences(companies, made)
    assert paths["given up"] == 1
    # Both results are left to it, if one of them is.
    companies[1] = evolve(company(made, fact("site", {"region": "R", "uses": ["hydro"]}, basis="hypothetical")), id="b")
    assert not differences(companies, made, with_hypothetical=True)
    assert (paths["plain"], paths["given up"]) == (2, 2)


def test_there_are_no_results_of_no_companies() -> None:
    made, _ = _of_primes(PRIMES[:2])
    assert table_of([], made).table.num_rows == 0


LEFT = st.tuples(*[st.sampled_from((0, 6, 14, 40))] * 3)


@given(st.lists(st.lists(LEFT, min_size=1), max_size=8), st.data())
def test_sums_of_what_is_left_out_are_unpacked(parts: list[list[tuple[int, int, int]]], data: st.DataObject) -> None:
    left_out = LeftOut.of(parts)
    chosen = [data.draw(st.sampled_from(lefts)) for lefts in parts]
    sums = tuple(sum(left[kind] for left in chosen) for kind in range(3))
    assert left_out.unpacked(sum(map(left_out.packed, chosen))) == sums


def test_what_is_left_out_must_fit_in_steps() -> None:
    huge = 10**30
    assert LeftOut.of([[(0, 0, 0), (huge, 0, 1)], [(2 * huge, 7, 0)]]).unpacked(3) == (3 * huge, 0, 0)
    with pytest.raises(WideError):
        LeftOut.of([[(huge, 0, 0), (huge + 1, 0, 0)]])
