"""What a fact is about: the topics of the conditions that criteria ask for, and so the criteria that it bears on."""

from collections.abc import Mapping
from typing import NamedTuple

from cleancloud_rules.engine.by_cells import Boxes, ByCells
from cleancloud_rules.engine.ruleset import CompiledCondition
from cleancloud_rules.model.cells import Cells
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.partitions.boxes import Box


class About(NamedTuple):
    """What a fact is about.

    Args:
        criteria: ids of the criteria to which it is relevant.
        topics: the topics of conditions, by number.
    """

    criteria: tuple[str, ...] = ()
    topics: tuple[int, ...] = ()


NOTHING = About()
"""What a fact is about that no criterion asks for."""


class Topic:
    """What relevant facts are about: the tests on key fields that conditions share.

    Args:
        compiled: one of these conditions.

    Attributes:
        criteria: the ids of the criteria that ask for it, in order.
    """

    def __init__(self, compiled: CompiledCondition) -> None:
        self.number: int = compiled.topic
        self.box: Box = compiled.key_passing
        self.criteria: dict[str, None] = {}


def about_of(topics: tuple[Topic, ...], cells: Mapping[str, Cells]) -> ByCells[About]:
    """Return what facts of a type are about.

    Args:
        topics: the topics of the type.
        cells: the cells of the fields of the type.
    """
    boxes = Boxes([topic.box for topic in topics], cells)

    def about(fact: Fact) -> About:
        found = [topics[position] for position in boxes.holding(fact)]
        criteria = dict.fromkeys(id for topic in found for id in topic.criteria)
        return About(tuple(criteria), tuple(topic.number for topic in found))

    return ByCells(boxes.cells, about)
