"""Checks of `replaces`: ids of the edition before."""

from collections.abc import Iterator

from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.model.methodology import Criterion, Group, Methodology


def replaced(methodology: Methodology) -> Iterator[Diagnostic]:
    """A replaced id is gone from this edition, and only one thing replaces it."""
    owners: tuple[Group | Criterion, ...] = (*methodology.groups, *methodology.criteria)
    present = {owner.id for owner in owners}
    taken: dict[str, str] = {}
    for owner in owners:
        assert owner.node is not None
        for index, id in enumerate(owner.replaces):
            where = owner.node.value_location("replaces", index)
            if id in present:
                message = f"`{owner.id}` cannot replace `{id}`, which is still in this edition"
                help = "`replaces` lists ids of the edition before that are gone"
                yield Diagnostic("repeated-id", message, where, help)
            elif id in taken:
                yield Diagnostic("repeated-id", f"`{id}` is already replaced by `{taken[id]}`", where)
            taken.setdefault(id, owner.id)
