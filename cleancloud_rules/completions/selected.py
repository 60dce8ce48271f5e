"""Which fact types rules read, with those that they are derived from, and where one fact replaces another."""

from collections.abc import Iterator

from cleancloud_rules.model.derivations import Derivation
from cleancloud_rules.model.facts import FactType, Selection
from cleancloud_rules.model.methodology import Methodology


def derivations_for(types: frozenset[str], methodology: Methodology) -> Iterator[Derivation]:
    """Yield the derivations that make facts of some types, and those that make what these read, the last first."""
    wanted = set(types)
    for made in reversed(methodology.vocabulary.derivations):
        if made.fact in wanted:
            wanted |= {condition.fact_type for _, condition in made.inputs}
            yield made


def latest_of(types: frozenset[str], methodology: Methodology) -> tuple[FactType, ...]:
    """Return the fact types among some, and those from which they are derived, in which a further fact supersedes.

    Those are the types with `selection: latest`, and with `single` those that derivations make.
    """
    made = {derivation.fact for derivation in methodology.vocabulary.derivations}
    return tuple(
        fact_type
        for fact_type in _read(types, methodology)
        if fact_type.selection is Selection.LATEST or (fact_type.selection is Selection.SINGLE and fact_type.id in made)
    )


def single_of(types: frozenset[str], methodology: Methodology) -> tuple[FactType, ...]:
    """Return the stated fact types with `selection: single` among some types and those from which they are derived."""
    moving = latest_of(types, methodology)
    read = _read(types, methodology)
    return tuple(t for t in read if t.selection is Selection.SINGLE and t not in moving)


def _read(types: frozenset[str], methodology: Methodology) -> list[FactType]:
    inputs = {condition.fact_type for made in derivations_for(types, methodology) for _, condition in made.inputs}
    return [methodology.vocabulary.by_id[id] for id in sorted(types | inputs)]
