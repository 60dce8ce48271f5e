"""Differences between what the library says of a small world and what its companies show."""

from collections.abc import Iterable
from typing import Any

from attrs import frozen


@frozen
class Difference:
    """Something that a result says and a company contradicts.

    Args:
        check: the name of the check.
        of: the criterion or the group, or what else it is said of.
        what: what is said.
        shown: what a company shows.
        company: the company as plain data; None where no company shows it.
    """

    check: str
    of: str
    what: str
    shown: str
    company: dict[str, Any] | None = None


def refuse(found: Iterable[Difference], small: Any) -> None:
    """Fail where there are differences, and show them with the seed and the files of the world.

    Args:
        found: the differences.
        small: the company of the world.
    """
    differences = list(found)
    if differences:
        lines = [f"the world of seed {small.world.seed} contradicts the library:"]
        lines += [f"{one.check}, {one.of}: says {one.what}; shown is {one.shown}, {one.company}" for one in differences]
        lines += [f"{name}: {content}" for name, content in small.world.files.items()]
        raise AssertionError("\n".join((*lines, f"the company: {small.data}")))
