"""Tables of scores say the same as scoring each company where hypothetical facts are read."""

import pytest

from tests.support.score_tables import differences, parts_of, seeded_companies

COMPANIES = 25


@pytest.mark.parametrize("seeds", parts_of(quick=10, deep=780))
def test_it_says_the_same_where_hypothetical_facts_are_read(seeds: range) -> None:
    for seed in seeds:
        methodology, companies = seeded_companies(10_000 + seed, COMPANIES)
        assert not differences(companies, methodology, with_hypothetical=True), seed
