"""Which of the parts that may be left out give a group its lowest or its highest value.

The value of a group is a quotient: what its parts add, divided by what they weigh. Which parts to take is a question of
fractional programming, answered exactly.
"""

from collections.abc import Sequence
from fractions import Fraction

from attrs import frozen

from cleancloud_rules.model.groups import Aggregation, Combining
from cleancloud_rules.scoring.aggregation import Part


@frozen
class _Term:
    """What a part adds above and below the line of the quotient."""

    part: Part
    above: Fraction
    below: Fraction


def chosen(
    combining: Combining,
    scale: object,
    always: Sequence[Part],
    optional: Sequence[Part],
    at_least: int,
    *,
    is_high: bool,
) -> tuple[Part, ...] | None:
    """Return the parts with which a group has its lowest or its highest value; None if that is not known.

    Args:
        combining: how the group combines its parts.
        scale: its scale; None if it is not scaled.
        always: the parts that it takes in any case.
        optional: the parts that it takes or leaves out.
        at_least: the minimum number of optional parts that it takes.
        is_high: whether the highest value is wanted.
    """
    at_least = max(at_least, 0 if always else 1)
    if not optional or at_least >= len(optional):
        return (*always, *optional)
    aggregate = combining.aggregate
    if aggregate is Aggregation.NONE:
        return (*always, *optional)
    if aggregate in (Aggregation.MINIMUM, Aggregation.MAXIMUM):
        return None if scale is not None else _by_rank(aggregate, always, optional, at_least, is_high=is_high)
    sign = 1 if is_high else -1
    fixed = [_term(combining, scale, part, sign) for part in always]
    base = sign * Fraction(combining.base)
    above = sum((term.above for term in fixed), base)
    below = sum((term.below for term in fixed), Fraction(combining.base) if scale is not None else Fraction(0))
    terms = [_term(combining, scale, part, sign) for part in optional]
    if any(term.below < 0 for term in (*fixed, *terms)):
        return None
    if aggregate in (Aggregation.SUM, Aggregation.WEIGHTED_SUM) and scale is None:
        taken = _best(terms, Fraction(0), at_least)
    elif below < 0 or (combining.base and scale is not None):
        return None
    else:
        taken = _of_quotient(above, below, terms, at_least)
    return (*always, *(term.part for term in taken))


def _by_rank(
    aggregate: Aggregation, always: Sequence[Part], optional: Sequence[Part], at_least: int, *, is_high: bool
) -> tuple[Part, ...]:
    """Return the parts for a minimum or a maximum: all for its own end, as few as possible for the other."""
    own_end = is_high is (aggregate is Aggregation.MAXIMUM)
    ranked = sorted(optional, key=lambda part: part.value, reverse=is_high)
    return (*always, *(ranked if own_end else ranked[:at_least]))


def _term(combining: Combining, scale: object, part: Part, sign: int) -> _Term:
    weight = Fraction(part.weight) if combining.aggregate.is_weighted else Fraction(1)
    return _Term(part, sign * weight * part.value, weight * part.most if scale is not None else weight)


def _best(terms: Sequence[_Term], quotient: Fraction, at_least: int) -> list[_Term]:
    """Return the terms that add most to `above - quotient x below`, at least so many of them."""
    gains = sorted(terms, key=lambda term: term.above - quotient * term.below, reverse=True)
    rising = sum(term.above - quotient * term.below > 0 for term in gains)
    return gains[: max(rising, at_least)]


def _of_quotient(above: Fraction, below: Fraction, terms: Sequence[_Term], at_least: int) -> list[_Term]:
    """Return the terms with the highest quotient `(above + ...) / (below + ...)`, at least so many of them."""
    # Dinkelbach's algorithm for fractional programming: the quotient q of a choice is the highest one exactly if no
    # other choice has a higher `above - q x below`. Each round takes the choice for which that is highest, so q rises
    # from round to round, and there are finitely many choices.
    weighty = [term for term in terms if term.below > 0]
    taken = list(terms[:at_least]) if below > 0 else _with_weight(terms, weighty, at_least)
    while True:
        quotient = _quotient(above, below, taken)
        if quotient is None:
            return taken
        better = _best(terms, quotient, at_least)
        if below == 0 and not any(term.below > 0 for term in better):
            heaviest = max(weighty, key=lambda term: term.above - quotient * term.below)
            better = [*better[: max(at_least - 1, 0)], heaviest]
        found = _quotient(above, below, better)
        if found is None or found <= quotient:
            return taken
        taken = better


def _with_weight(terms: Sequence[_Term], weighty: Sequence[_Term], at_least: int) -> list[_Term]:
    """Return a first choice, one term in it with a weight if there is such a term."""
    if not weighty:
        return list(terms)
    others = [term for term in terms if term is not weighty[0]]
    return [weighty[0], *others[: max(at_least - 1, 0)]]


def _quotient(above: Fraction, below: Fraction, taken: Sequence[_Term]) -> Fraction | None:
    """Return the quotient of a choice; None if it weighs nothing."""
    weight = below + sum((term.below for term in taken), Fraction(0))
    return (above + sum((term.above for term in taken), Fraction(0))) / weight if weight else None
