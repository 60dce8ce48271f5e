"""Documented searches without result, as conditions that no added fact passes."""

from collections.abc import Collection
from itertools import product
from math import prod

from cleancloud_rules.model.cells import fact_passes
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.facts import Fact, NotFound
from cleancloud_rules.model.vocabulary import Vocabulary

MAX_ALTERNATIVES = 64
"""The maximum number of alternatives that are told apart. If there are more, searches under `together` are not used."""


def alternatives(
    searches: Collection[NotFound], vocabulary: Vocabulary, facts: Collection[Fact] = ()
) -> tuple[tuple[Condition, ...], ...]:
    """Return the conditions that no added fact passes, one list for each alternative.

    Args:
        searches: the documented searches without result.
        vocabulary: the fact types.
        facts: the stated facts that count.
    """
    # Facts do not pass all conditions of a search together exactly if one of the conditions is passed by no fact. So a
    # search under `together` stands for one alternative for each of its conditions that no stated fact passes. The
    # completions are those of all alternatives.
    single = tuple(entry.condition for entry in searches if not entry.also)
    tested = {c: vocabulary.fields_of(c) for entry in searches if entry.also for c in entry.conditions}
    met = {c for c, fields in tested.items() if any(fact_passes(fact, c, fields) for fact in facts)}
    joint = [conditions for e in searches if e.also and (conditions := [c for c in e.conditions if c not in met])]
    if prod(map(len, joint)) > MAX_ALTERNATIVES:
        return (single,)
    return tuple((*single, *chosen) for chosen in product(*joint))
