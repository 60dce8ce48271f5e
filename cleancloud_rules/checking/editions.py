"""Checks of `replaces`: ids of the edition before."""

from collections.abc import Iterator

from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.model.methodology import Criterion, Group, Methodology


def replaced(methodology: Methodology) -> Iterator[Diagnostic]:
    """Only one thing replaces an id. What has the id in this edition, if anything, says itself what it replaces."""
    owners: tuple[Group | Criterion, ...] = (*methodology.groups, *methodology.criteria)
    silent = {owner.id for owner in owners if not says_what_it_replaces(owner)}
    taken: dict[str, str] = {}
    for owner in owners:
        assert owner.node is not None
        for index, id in enumerate(owner.replaces):
            where = owner.node.value_location("replaces", index)
            if id in silent:
                message = f"`{owner.id}` cannot replace `{id}`, which is still in this edition"
                help = f"if `{id}` is something else now, say what it replaces; `replaces: []` if it is new"
                yield Diagnostic("repeated-id", message, where, help)
            elif id in taken:
                yield Diagnostic("repeated-id", f"`{id}` is already replaced by `{taken[id]}`", where)
            taken.setdefault(id, owner.id)


def says_what_it_replaces(owner: Group | Criterion) -> bool:
    """Whether a group or a criterion has `replaces`, be it empty. Otherwise it is what had its id before."""
    return bool(owner.replaces) or (owner.node is not None and owner.node.get("replaces") is not None)
