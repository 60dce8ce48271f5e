"""Methodologies and companies made from numbers: the same number makes the same ones, on every machine."""

from collections.abc import Iterator

from attrs import evolve

from cleancloud_rules import Company, Methodology, company_from, methodology_from
from cleancloud_rules.generators.boundary_values import Aims
from cleancloud_rules.generators.choices import Seeded
from cleancloud_rules.generators.companies import generated_company
from cleancloud_rules.generators.methodologies import generated_files
from cleancloud_rules.model import Fact

COMPANIES = 10
"""How many companies are made for each methodology, so that its loading does not take most of the time."""


def seeded_cases(seed: int) -> Iterator[tuple[Methodology, Company]]:
    """Make the methodology of a seed, and yield it with each of its companies."""
    choices = Seeded(seed)
    methodology = methodology_from(generated_files(choices))
    aims = Aims(methodology)
    for _ in range(COMPANIES):
        yield methodology, company_from(generated_company(aims, choices), methodology)


def grown(company: Company, other: Company) -> Company:
    """Return a company that also states the facts of another one. No source has the id of one of its own."""
    return evolve(company, facts=(*company.facts, *map(_renamed, other.facts)))


def _renamed(fact: Fact) -> Fact:
    source = fact.source
    return fact if source is None or source.id == "own" else evolve(fact, source=evolve(source, id=f"more-{source.id}"))
