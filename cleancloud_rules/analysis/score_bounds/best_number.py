"""The best number that further facts could state, for points in proportion."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from cleancloud_rules.completions.fact_kinds import Admissible
from cleancloud_rules.model.cells import FieldCells, cells_of
from cleancloud_rules.model.conditions import AllOf, AnyOf, Condition, Count, NoneOf, When
from cleancloud_rules.model.exact import add, subtract, unit
from cleancloud_rules.model.methodology import Proportion, Rule
from cleancloud_rules.model.partitions.families import Bits
from cleancloud_rules.scoring.points import exact_of


def best_number(rule: Rule, proportion: Proportion, admissible: Admissible) -> Fraction | None:
    """Return the number that an added fact could state and that would earn most under a rule in proportion.

    Args:
        rule: the rule.
        proportion: how its points follow from a number.
        admissible: the facts that could be added.
    """
    worst, best = proportion.over
    target = best if rule.points >= proportion.least else worst
    vocabulary = admissible.spaces.methodology.vocabulary
    field = vocabulary.by_id[proportion.fact_type].get(proportion.field)
    assert field is not None
    space = admissible.space(proportion.fact_type)
    cells = space.cells.get(field.id) or cells_of(field, ())
    assert isinstance(cells, FieldCells)
    possible = space.possible.get(field.id, cells.possible) & cells.all_values
    ruleset = admissible.spaces.ruleset
    asked = [ruleset.by_condition[c] for c in _asked(rule.when) if c.fact_type == proportion.fact_type]

    def has_room(bits: Bits, *, as_stated: bool = True) -> bool:
        narrowed = {field.id: bits} if field.id in space.cells else {}
        return any(admissible.room(number, narrowed, as_stated=as_stated) for number in asked)

    # The points of a bounded value are those of the worst number in it, so they are at most those of its true value.
    # That may be a number which no fact can state, because it would imply what cannot be.
    is_bounded = bool(admissible.impossible) and has_room(cells.bounded_bits(lambda _: True))
    reached = [
        Fraction(_nearest(cells, cell, target))
        for cell in range(cells.count)
        if possible & (bit := 2 << cell) and (has_room(bit) or (is_bounded and has_room(bit, as_stated=False)))
    ]
    return max(reached, key=lambda number: exact_of(rule, proportion, number), default=None)


def _asked(when: When) -> Iterator[Condition]:
    """Yield the conditions whose facts can make a rule hold."""
    match when:
        case Condition():
            yield when
        case Count():
            yield when.of
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _asked(part)
        case NoneOf():
            return


def _nearest(cells: FieldCells, cell: int, target: Decimal) -> Decimal:
    """Return the number in a cell that is nearest to `target`."""
    step = unit(cells.field.digits)
    index, at_mark = divmod(cell, 2)
    if at_mark:
        return Decimal(cells.marks[index])
    low = add(Decimal(cells.marks[index - 1]), step) if index > 0 else None
    high = subtract(Decimal(cells.marks[index]), step) if index < len(cells.marks) else None
    if low is not None and target < low:
        return low
    return high if high is not None and target > high else target
