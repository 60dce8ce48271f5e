"""What a methodology gets wrong about the edition before it."""

from collections.abc import Iterator

from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.model.methodology import Criterion, Group, Methodology


def replaced(methodology: Methodology) -> Iterator[Diagnostic]:
    """What is replaced is gone, and is replaced once."""
    owners: tuple[Group | Criterion, ...] = (*methodology.groups, *methodology.criteria)
    present = {owner.id for owner in owners}
    taken: dict[str, str] = {}
    for owner in owners:
        assert owner.node is not None
        for index, id in enumerate(owner.replaces):
            where = owner.node.value_location("replaces", index)
            if id in present:
                message = f"`{id}` is in this edition, so `{owner.id}` does not replace it"
                yield Diagnostic(
                    "repeated-id", message, where, "`replaces` names ids of the edition before that are gone"
                )
            elif id in taken:
                yield Diagnostic("repeated-id", f"`{id}` is replaced already, by `{taken[id]}`", where)
            taken.setdefault(id, owner.id)
