"""Methodologies and companies made from numbers: the same number makes the same ones, on every machine."""

from collections.abc import Iterator
from typing import Any

from attrs import evolve

from cleancloud_rules import Company, Methodology, company_from, methodology_from
from cleancloud_rules.generators.boundary_values import Aims
from cleancloud_rules.generators.choices import Choices, Seeded
from cleancloud_rules.generators.companies import generated_company
from cleancloud_rules.generators.methodologies import generated_files
from cleancloud_rules.model import Fact, Selection, Source
from cleancloud_rules.model.digest import with_distinct

COMPANIES = 10
"""How many companies are made for each methodology, so that its loading does not take most of the time."""


def seeded_cases(seed: int, count: int = COMPANIES) -> Iterator[tuple[Methodology, Company]]:
    """Make the methodology of a seed, and yield it with each of its companies."""
    choices = Seeded(seed)
    methodology = methodology_from(generated_files(choices))
    aims = Aims(methodology)
    for number in range(count):
        made = generated_company(aims, choices)
        if number % 4 == 3:
            disclose_keys(made, methodology, choices)
        yield methodology, company_from(made, methodology)


def disclose_keys(company: dict[str, Any], methodology: Methodology, choices: Choices) -> None:
    """Leave some facts of which only the latest count with a key that is disclosed without its value."""
    for fact_type in methodology.vocabulary.fact_types:
        keys = [str(own.id) for own in fact_type.fields if own.key]
        stated = [fact for fact in company["facts"] if fact_type.id in fact]
        for fact in stated if fact_type.selection is Selection.LATEST else []:
            values = fact[fact_type.id]
            for key in [key for key in keys if key in values and choices.chance(70)]:
                del values[key]
                fact["disclosed"] = [*fact.get("disclosed", []), key]


def grown(company: Company, other: Company) -> Company:
    """Return a company that also states the facts of another one. No source has the id of one of its own.

    Where each key has a single answer, facts under a key that has one are left out.
    """
    facts = list(company.facts)
    for fact in map(_renamed, other.facts):
        if not any(_answers_again(fact, stated) for stated in facts):
            facts.append(fact)
    return evolve(company, facts=tuple(facts))


def _answers_again(fact: Fact, stated: Fact) -> bool:
    """Whether a fact answers what another one answers; an entity is no other key."""
    fact_type = fact.values.fact_type
    if fact_type.selection is not Selection.SINGLE or stated.type != fact.type:
        return False
    keys = [own.id for own in fact_type.fields if own.key]
    held = [(one.get(key), key in one.disclosed) for one in (fact, stated) for key in keys]
    return held[: len(keys)] == held[len(keys) :]


def _renamed(fact: Fact) -> Fact:
    source = fact.source
    return fact if source is None or source.id == "own" else evolve(fact, source=evolve(source, id=f"more-{source.id}"))


def agreeing(seed: int) -> tuple[Methodology, tuple[Company, ...]]:
    """Return a generated methodology, and companies for it that mean the same source by an id."""
    listed: dict[str, Source] = {}
    chosen = []
    cases = list(seeded_cases(seed))
    for number, (_, company) in enumerate(cases):
        cited = [*(fact.source for fact in company.facts), *(search.source for search in company.not_found)]
        sources = [source for source in cited if source is not None]
        own = {source.id: source for source in sources}
        if all(listed.get(id, source) == source for id, source in own.items()):
            listed |= own
            chosen.append(with_distinct(evolve(company, id=f"c{number}"), company.facts))
    return cases[0][0], tuple(chosen)
