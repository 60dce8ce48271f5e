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


def report(found: Iterable[Difference], small: Any) -> str:
    """Return the differences with the seed and the files of the world; an empty text if there are none.

    Args:
        found: the differences.
        small: the company of the world.
    """
    differences = list(found)
    if not differences:
        return ""
    lines = [f"the world of seed {small.world.seed} contradicts the library:"]
    lines += [f"{one.check}, {one.of}: says {one.what}; shown is {one.shown}, {one.company}" for one in differences]
    lines += [f"{name}: {content}" for name, content in small.world.files.items()]
    return "\n".join((*lines, f"the company: {small.data}"))
