"""Tests of certificates, and of their agreement with `bounds`: no company of a small world contradicts them."""

from random import Random

import pytest

from cleancloud_rules.analysis import certify
from tests.support.worlds import agreement, certificates_held
from tests.support.worlds.companies import company_of
from tests.support.worlds.differences import report
from tests.support.worlds.making import world

STATES = 200
"""How many states of one company are visited."""


FEW = 8
"""The maximum number of kinds of facts in the worlds of the quick run: exact decisions of larger ones take long."""


def hold_against_companies(seed: int, kinds: int) -> int:
    """Compare the certificate of a world with its companies, if it has few kinds of facts; return how many worlds."""
    small = company_of(world(seed), Random(seed), silent=True)  # noqa: S311 - nothing secret is made
    if len(small.kinds.every) > kinds:
        return 0
    certificate = certify(small.world.methodology, examples=0)
    assert not report(certificates_held.differences(small, STATES, certificate), small)
    assert not report(agreement.differences(small, certificate), small)
    return 1


def test_no_company_contradicts_a_certificate() -> None:
    assert sum(hold_against_companies(seed, FEW) for seed in range(60)) >= 12


@pytest.mark.deep(part="worlds")
@pytest.mark.parametrize("part", range(40))
def test_no_company_contradicts_a_certificate_in_two_thousand_worlds(part: int) -> None:
    for seed in range(1000 + 50 * part, 1050 + 50 * part):
        hold_against_companies(seed, 10**9)
