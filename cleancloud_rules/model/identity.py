"""What a fact and a search without result are about: two facts with one identity state the same thing differently."""

from collections.abc import Hashable

from cleancloud_rules.model.facts import Fact, NotFound

Identity = tuple[Hashable, ...]
"""What something stated is about."""


def identity_of(stated: Fact | NotFound) -> Identity:
    """Return what a fact is about: its type, key fields, entity and time. A search is about its conditions."""
    if isinstance(stated, NotFound):
        return (str(stated),)
    keys = tuple(str(stated.get(own.id)) for own in stated.values.fact_type.fields if own.key)
    return (stated.type, keys, stated.entity, str(stated.period), str(stated.as_of))
