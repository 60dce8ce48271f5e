"""Checks of what an edition says of earlier ones: the ids that it replaces, and what it changed."""

from collections.abc import Iterator

from cleancloud_rules.diagnostics.collector import did_you_mean
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


def changed(methodology: Methodology) -> Iterator[Diagnostic]:
    """A change is one since an earlier edition, about criteria of this one, and counts no fewer than 0 companies.

    It names each criterion once.
    """
    known = [criterion.id for criterion in methodology.criteria]
    for change in methodology.changes:
        assert change.node is not None
        if change.since == methodology.edition:
            help = "name the earlier edition with which this one is compared"
            where = change.node.value_location("since")
            yield Diagnostic("bad-value", f"`{change.since}` is this edition, not an earlier one", where, help)
        for index, id in enumerate(change.criteria):
            if id not in known:
                help = did_you_mean(id, known, new_ids=methodology.new_ids)
                where = change.node.value_location("criteria", index)
                yield Diagnostic("unknown-reference", f"there is no criterion `{id}`", where, help)
            if id in change.criteria[:index]:
                where = change.node.value_location("criteria", index)
                yield Diagnostic("repeated-value", f"`{id}` is already listed", where, "remove one of the two")
        for name in ("before", "now") if change.count is not None else ():
            if getattr(change.count, name) < 0:
                assert change.count is not None and change.count.node is not None
                where = change.count.node.value_location(name)
                yield Diagnostic("out-of-range", "a number of companies cannot be negative", where)


def says_what_it_replaces(owner: Group | Criterion) -> bool:
    """Whether a group or a criterion has `replaces`, be it empty. Otherwise it is what had its id before."""
    return bool(owner.replaces) or (owner.node is not None and owner.node.get("replaces") is not None)
