"""Companies of small worlds: a few stated facts, and searches without result that they do not contradict."""

from random import Random
from typing import Any

from attrs import frozen

from cleancloud_rules import Company, Methodology, company_from
from cleancloud_rules.model.conditions import Condition
from tests.reference.evaluation import searched
from tests.support.worlds.kinds import Kind, Kinds, kind_of, kinds_of
from tests.support.worlds.making import World
from tests.support.worlds.states import Rules, State
from tests.support.worlds.visiting import Visit, visit


@frozen
class Small:
    """A company of a small world, and all facts that could be added to it.

    Args:
        world: the world.
        data: the company as plain data.
        company: the company.
        rules: the rules of the world, which tell also those facts apart that searches speak of.
        kinds: all kinds of facts.
        start: the state of its stated facts.
        searched: the criteria that its searches settle.
    """

    world: World
    data: dict[str, Any]
    company: Company
    rules: Rules
    kinds: Kinds
    start: State
    searched: frozenset[str]

    def visit(self, most: int) -> Visit:
        """Visit everything that further facts make of it; see `visit`."""
        return visit(self.rules, self.start, self.kinds.admitted, most)

    def grown(self, added: tuple[Kind, ...]) -> dict[str, Any]:
        """Return the company with further facts as plain data, each with a locator of its own."""
        more = [{**self.kinds.examples[kind], "locator": f"p. {n}"} for n, kind in enumerate(added, 1)]
        return {**self.data, "facts": [*self.data["facts"], *more]}


def company_of(world: World, random: Random, *, silent: bool = False) -> Small:
    """Return a company of a world.

    Args:
        world: the world.
        random: makes the choices.
        silent: whether it states nothing, and no search is stated.
    """
    methodology = world.methodology
    searches = () if silent else world.searches
    conditions = [_condition(search, methodology) for search in searches]
    rules = Rules(methodology, tuple(conditions))
    kinds = kinds_of(rules.asked)
    cohort: dict[str, Any] = {} if silent else random.choice(({}, {}, {"cohort": "small"}))
    stated: list[Kind] = []
    for _ in range(0 if silent else random.choice((0, 1, 2))):
        kind = random.choice(kinds.every)
        if kind.possible and kind.day in (-1, 1) and kind not in stated and rules.state([*stated, kind]) is not None:
            stated.append(kind)
    data = {
        "id": "acme", "name": "Acme", **cohort, "facts": [kinds.examples[kind] for kind in stated],
        "not_found": [{**search, "source": "report"} for search in searches],
    }  # fmt: skip
    company, start = company_from(data, methodology), rules.state(stated)
    assert start is not None
    return Small(world, data, company, rules, kinds, start, searched(methodology, company))


def small_of(world: World, data: dict[str, Any]) -> Small:
    """Return a company that is given as plain data."""
    company = company_from(data, world.methodology)
    rules = Rules(world.methodology, tuple(entry.condition for entry in company.not_found))
    start = rules.state(kind_of(fact, rules.asked) for fact in company.facts)
    assert start is not None
    return Small(world, data, company, rules, kinds_of(rules.asked), start, searched(world.methodology, company))


def _condition(search: dict[str, Any], methodology: Methodology) -> Condition:
    asking = {"id": "asking", "name": "Asking", "not_found": [{**search, "source": "report"}]}
    return company_from(asking, methodology).not_found[0].condition
