"""Random keys about assessment: how what is not assessed counts, coverage, and groups in which nothing applies."""

from collections.abc import Sequence

from cleancloud_rules.generators.choices import Choices
from cleancloud_rules.generators.fact_types import Data

NOT_ASSESSED = ("excluded", "zero", "excluded")
"""How what is not assessed counts."""


def assessment_of_group(
    data: Data, parts: Sequence[str], criteria: Sequence[str], choices: Choices, *, is_inside: bool
) -> None:
    """Add to a group what of it must be assessed, and how it counts if nothing in it applies.

    Args:
        data: its entry in the file.
        parts: the ids of its parts.
        criteria: the ids of all criteria inside it.
        choices: the source of randomness.
        is_inside: whether it is a group, and not the root.
    """
    if choices.chance(12):
        data["coverage"] = [_line(parts, criteria, choices) for _ in range(choices.one((1, 1, 2)))]
    if choices.chance(35):
        data["empty"] = "zero"
        if is_inside and choices.chance(40):
            entry = data.setdefault("not_applicable", {"cohorts": choices.some(("north", "south"), 1, 1)})
            entry["counts_as"] = "excluded"


def _line(parts: Sequence[str], criteria: Sequence[str], choices: Choices) -> Data:
    line: Data = {}
    counted = parts
    if choices.chance(25):
        counted, line["of"] = criteria, "criteria"
    elif choices.chance(50):
        counted = line["of"] = choices.some(parts, 1, 2)
    share = choices.any_of(("50%", "60%", "100%", "0.5 %"))
    line["at_least"] = share if choices.chance(40) else choices.between(1, len(counted))
    return line
