"""The fictional examples, for tests of methodologies with levels, answers and nested groups."""

from functools import cache

from cleancloud_rules import Methodology, Ranking, Scorecard, load_company, load_dataset, load_methodology, rank, score
from tests.support.places import ROOT

EXAMPLES = ROOT / "examples"
LIBRARIES, TOOLS, FARMS = "open_reading_rooms", "mendable_tools", "careful_water"
FICTIONAL = (LIBRARIES, TOOLS, FARMS)


@cache
def methodology(example: str) -> Methodology:
    """Return the methodology of an example."""
    return load_methodology(EXAMPLES / example / "methodology")


@cache
def card(example: str, company: str) -> Scorecard:
    """Return what a company of an example comes to."""
    rules = methodology(example)
    return score(load_company(EXAMPLES / example / "companies" / f"{company}.yaml", rules), rules)


@cache
def ranking(example: str) -> Ranking:
    """Return the ranking of an example."""
    rules = methodology(example)
    return rank(load_dataset(EXAMPLES / example, rules), rules)
