"""The distinct values that further facts could have in a field."""

from cleancloud_rules.completions.fact_kinds import Admissible
from cleancloud_rules.model.partitions.set_cells import SetCells
from cleancloud_rules.model.values import FieldType


def distinct_values(number: int, name: str, admissible: Admissible) -> set[object] | None:
    """Return the distinct values that added facts could have in a field; None if there are too many to list.

    Args:
        number: the number of the condition that the facts pass.
        name: the name of the field.
        admissible: the facts that could be added.
    """
    compiled = admissible.spaces.ruleset.conditions[number]
    fact_type = admissible.spaces.methodology.vocabulary.by_id[compiled.condition.fact_type]
    cells = admissible.space(fact_type.id).cells.get(name)
    field = fact_type.get(name)
    if cells is None:
        if field is None or field.type not in (FieldType.ENUM, FieldType.BOOLEAN, FieldType.SET):
            return None
        return {False, True} if field.type is FieldType.BOOLEAN else set(field.values)
    if isinstance(cells, SetCells):
        return {member for member in cells.field.values if admissible.room(number, {name: cells.having(member)})}
    found: set[object] = set()
    for cell, example in enumerate(cells.examples()):
        if example is None or not admissible.room(number, {name: 2 << cell}):
            continue
        if cells.field.type in (FieldType.ENUM, FieldType.BOOLEAN) or example in cells.marks:
            found.add(example)
        else:
            return None
    return found
