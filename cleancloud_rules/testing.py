"""Hypothesis strategies for methodologies and for companies. The only module that imports Hypothesis.

`methodologies` makes small, dense methodologies in which every operator, type of field, hit policy, combinator, window
and rounding occurs; in half of them groups nest, weigh, average, gate, exempt, cap and grade. `companies` makes
companies for any methodology, with facts at, just below and just above every threshold that its rules name. Both are
right by construction, so that next to nothing is discarded. ::

    from hypothesis import given
    from cleancloud_rules import load_methodology, score
    from cleancloud_rules.testing import companies

    mine = load_methodology("my_methodology")

    @given(companies(mine))
    def test_no_category_exceeds_its_weight(company):
        assert all(category.score <= category.weight for category in score(company, mine).categories)

Hypothesis is optional: install ``cleancloud-rules[testing]``.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from cleancloud_rules._api import company_from, methodology_from
from cleancloud_rules._inventing.aims import Aims
from cleancloud_rules._inventing.choices import Choices
from cleancloud_rules._inventing.companies import invented_company
from cleancloud_rules._inventing.files import invented_files
from cleancloud_rules.facts import CompanyFacts
from cleancloud_rules.methodology import Methodology

__all__ = ["companies", "company_data", "methodologies", "methodology_files"]


@cache
def _below(count: int) -> SearchStrategy[int]:
    return st.integers(0, count - 1)


class _Drawn(Choices):
    """Choices that Hypothesis makes, shrinks and replays."""

    def __init__(self, draw: Callable[[SearchStrategy[int]], int]) -> None:
        self._draw = draw

    def below(self, count: int) -> int:
        return self._draw(_below(count)) if count > 1 else 0


def methodology_files(*, additive: bool = False) -> SearchStrategy[dict[str, dict[str, Any]]]:
    """Return a strategy for the files of methodologies: their names, and what they hold as plain data.

    The data are what `cleancloud_rules.methodology_from` takes.

    Args:
        additive: whether all of them add up weighted categories of points, and not just half.
    """
    return _methodology_files(additive)


@st.composite
def _methodology_files(draw: DrawFn, additive: bool) -> dict[str, dict[str, Any]]:
    return invented_files(_Drawn(draw), additive=additive)


def methodologies(*, additive: bool = False) -> SearchStrategy[Methodology]:
    """Return a strategy for methodologies.

    Args:
        additive: whether all of them add up weighted categories of points, and not just half.
    """
    return methodology_files(additive=additive).map(methodology_from)


def company_data(methodology: Methodology) -> SearchStrategy[dict[str, Any]]:
    """Return a strategy for what company files hold, as plain data; each lists its own sources.

    Some facts do not count: they lie outside their window, name no source or one that is not accepted, or are
    hypothetical. What a company says was not found is passed by none of its stated facts.

    Args:
        methodology: whose vocabulary the facts use and whose rules they are aimed at.
    """
    return _company_data(Aims(methodology))


@st.composite
def _company_data(draw: DrawFn, aims: Aims) -> dict[str, Any]:
    return invented_company(aims, _Drawn(draw))


def companies(methodology: Methodology) -> SearchStrategy[CompanyFacts]:
    """Return a strategy for companies; see `company_data`.

    Args:
        methodology: whose vocabulary the facts use and whose rules they are aimed at.
    """
    return company_data(methodology).map(lambda data: company_from(data, methodology))
