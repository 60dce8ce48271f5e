"""Facts that must change nothing: published after the cut-off, or superseded by a later answer."""

from datetime import date, timedelta

from attrs import evolve

from cleancloud_rules.generators.boundary_values import Aims
from cleancloud_rules.generators.choices import Choices
from cleancloud_rules.model.digest import identified
from cleancloud_rules.model.facts import Fact, Selection
from cleancloud_rules.model.values import Interval


def published_late(fact: Fact, cut_off: date) -> Fact | None:
    """Return a fact, published on the day after the cut-off; None if it has no source.

    Args:
        fact: the fact.
        cut_off: the cut-off.
    """
    if fact.source is None:
        return None
    late = evolve(fact.source, id=f"{fact.source.id}-late", published=cut_off + timedelta(days=1), accessed=None)
    return identified(evolve(fact, source=late))


def superseded_by(fact: Fact, aims: Aims, choices: Choices) -> Fact | None:
    """Return an earlier fact of the same key that says something else; None if there is none.

    Args:
        fact: the later fact.
        aims: the values that facts may state.
        choices: decides what the earlier fact says.
    """
    fact_type, day = fact.values.fact_type, fact.period.end if fact.period else fact.as_of
    keys = [field.id for field in fact_type.fields if field.key]
    others = [field.id for field in fact_type.fields if not field.key and field.id not in fact.disclosed]
    is_exact = not any(key in fact.disclosed or isinstance(fact.get(key), Interval) for key in keys)
    if fact_type.selection is Selection.BEST or day is None or not others or not is_exact:
        return None
    name = choices.any_of(others)
    options = [held.value for held in aims.options(fact.type, name) if held.is_exact and held.value != fact.get(name)]
    if not options:
        return None
    values = {**dict(fact.values.items()), name: choices.any_of(options)}
    earlier = evolve(fact, values=fact_type.model(**values), period=None, as_of=day - timedelta(days=1))
    return identified(earlier)
