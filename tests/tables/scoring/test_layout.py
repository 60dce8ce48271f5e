"""Where the bits of profiles stand."""

from collections.abc import Callable
from functools import partial

import pytest

from cleancloud_rules import Methodology, methodology_from
from cleancloud_rules.engine.ruleset import Ruleset
from cleancloud_rules.scoring.compiled import compiled
from cleancloud_rules.tables.scoring.keys import WORD
from cleancloud_rules.tables.scoring.layout import Layout, literals_of
from tests.benchmarks import questionnaire
from tests.support.score_tables import seeded_companies
from tests.support.small import criterion, methodology, rule


def asked(ruleset: Ruleset) -> dict[str, list[int]]:
    """Return the conditions that each criterion and each group asks about, but for counts."""
    found: dict[str, set[int]] = {str(criterion.id): set() for criterion in ruleset.methodology.criteria}
    for (owner, _), own in ruleset.rules.items():
        found.setdefault(owner, set()).update(x.condition for x in literals_of([own]) if not x.counts)
    return {owner: sorted(numbers) for owner, numbers in found.items()}


def places(layout: Layout, ruleset: Ruleset) -> dict[str, list[tuple[int, int]]]:
    """Return the words and the places of the bits of each criterion and each group."""
    found = {owner: [layout.condition(owner, n) for n in numbers] for owner, numbers in asked(ruleset).items()}
    for own in ruleset.methodology.criteria:
        found[str(own.id)] += [layout.relevant(str(own.id), counting=counting) for counting in (True, False)]
    return found


def generated(seed: int) -> Methodology:
    """Return a generated methodology."""
    return seeded_companies(seed, 1)[0]


def wide() -> Methodology:
    """Return a methodology with a criterion that asks about more conditions than a word has bits."""
    rules = [rule(f"r{n}", n, {"share": {"percent": f">= {n}"}}) for n in range(1, WORD + 9)]
    return methodology(
        criterion("wide", 70, *rules, horizon="short_term"),
        criterion("narrow", 1, rule("so", 1, {"share": {}}), horizon="short_term"),
    )


MADE: dict[str, Callable[[], Methodology]] = {
    "questionnaire": lambda: methodology_from(questionnaire.files()),
    "wide": wide,
    **{f"seed {seed}": partial(generated, seed) for seed in range(12)},
}


@pytest.mark.parametrize("name", MADE)
def test_the_bits_of_a_criterion_follow_one_another_in_one_word_if_they_fit(name: str) -> None:
    ruleset = compiled(MADE[name]()).ruleset
    layout = Layout(ruleset, with_implied=False)
    found = places(layout, ruleset)
    every = [place for own in found.values() for place in own]
    assert len(set(every)) == len(every)
    assert {word for word, _ in every} == set(layout.words)
    for own in found.values():
        first = own[0][0] * WORD + own[0][1] if own else 0
        assert [divmod(first + n, WORD) for n in range(len(own))] == own
        assert len({word for word, _ in own}) <= max(1, -(-len(own) // WORD) + (len(own) > WORD))


@pytest.mark.parametrize("name", MADE)
def test_facts_set_the_bits_of_what_they_pass_and_of_what_they_are_relevant_to(name: str) -> None:
    ruleset = compiled(MADE[name]()).ruleset
    layout = Layout(ruleset, with_implied=False)

    def bits(*places: tuple[int, int]) -> int:
        return sum(1 << WORD * word + place for word, place in places)

    by_owner = asked(ruleset)
    for number in range(len(ruleset.conditions)):
        own = [layout.condition(owner, number) for owner, numbers in by_owner.items() if number in numbers]
        assert layout.passing([number]) == bits(*own)
    numbers = range(len(ruleset.conditions))
    assert layout.passing(numbers) == bits(*(layout.condition(own, n) for own in by_owner for n in by_owner[own]))
    ids = [str(own.id) for own in ruleset.methodology.criteria]
    for id in ids:
        assert layout.touching([id], counts=False) == bits(layout.relevant(id, counting=False))
        both = layout.relevant(id, counting=False), layout.relevant(id, counting=True)
        assert layout.touching([id], counts=True) == bits(*both)
    assert layout.touching(ids, counts=False) == bits(*(layout.relevant(id, counting=False) for id in ids))
