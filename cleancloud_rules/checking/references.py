"""Checks of references: unknown ids in requirements, tiers, levels and shared evidence; circular requirements."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from cleancloud_rules.checking.groups import combinings, item, key, place
from cleancloud_rules.diagnostics.collector import did_you_mean
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.model.conditions import fact_types_in
from cleancloud_rules.model.groups import Aggregation, Requirement
from cleancloud_rules.model.methodology import Criterion, Group, Methodology
from cleancloud_rules.model.tree import Need, asked_by, needs_of, structure_of
from cleancloud_rules.scoring.coverage import counted_by


def requirements(methodology: Methodology) -> Iterator[Diagnostic]:
    """A requirement names a criterion or a group, and asks for no more than that can have."""
    criteria = {criterion.id: criterion for criterion in methodology.criteria}
    groups = {group.id: group for group in methodology.groups}
    known = {*criteria, *groups}
    for requirement in _requirements(methodology):
        of, least = requirement.of, requirement.at_least
        if of not in known:
            message = f"there is no criterion or group `{of}`"
            help = did_you_mean(of, known, new_ids=methodology.new_ids)
            yield Diagnostic("unknown-reference", message, place(requirement.node, "of"), help)
        elif least is None:
            continue
        elif of in criteria and least > criteria[of].max_points:
            most = criteria[of].max_points
            message = f"`{of}` can earn at most {most:f}, less than the required {least:f}"
            yield Diagnostic("out-of-range", message, place(requirement.node, "at_least"))
        elif of in groups and groups[of].aggregate is Aggregation.NONE:
            message = f"`{of}` has no score, so it cannot have at least {least:f}"
            help = "remove `at_least`; then all criteria of the group must be met"
            yield Diagnostic("misplaced-key", message, key(requirement.node, "at_least"), help)


def _requirements(methodology: Methodology) -> Iterator[Requirement]:
    owners: tuple[Group | Criterion, ...] = (*methodology.groups, *methodology.criteria)
    for owner in owners:
        yield from owner.requires
    for combining, *_ in combinings(methodology):
        yield from asked_by(combining)


def tiers(methodology: Methodology) -> Iterator[Diagnostic]:
    """Tiers are parts of their group, each named once."""
    for combining, node, name, parts in combinings(methodology):
        ids = [part.id for part in parts]
        for index, tier in enumerate(combining.tiers):
            if tier not in ids:
                message = f"`{tier}` is not a part of {name}"
                help = did_you_mean(tier, ids, new_ids=methodology.new_ids)
                yield Diagnostic("unknown-reference", message, item(node, "tiers", index), help)
            elif tier in combining.tiers[:index]:
                yield Diagnostic("repeated-value", f"`{tier}` is repeated", item(node, "tiers", index))


def coverage(methodology: Methodology) -> Iterator[Diagnostic]:
    """A line of `coverage` counts parts of its group, and needs no more of them than there are."""
    for combining, _, name, parts in combinings(methodology):
        ids = [part.id for part in parts]
        criteria = combining.every_criterion if isinstance(combining, Group) else methodology.criteria
        for line in combining.coverage:
            for index, id in enumerate(line.of or ()):
                if id not in ids:
                    help = did_you_mean(id, ids, new_ids=methodology.new_ids)
                    message = f"`{id}` is not a part of {name}"
                    yield Diagnostic("unknown-reference", message, item(line.node, "of", index), help)
            counted = len(counted_by(line, parts, criteria))
            if not line.is_share and line.at_least > counted:
                kind = ("criterion" if counted == 1 else "criteria") if line.of_criteria else _parts(counted)
                message = f"`at_least` is {line.at_least:f}, but {counted} {kind} of {name} can be assessed"
                yield Diagnostic("out-of-range", message, place(line.node, "at_least"))


def _parts(number: int) -> str:
    return "part" if number == 1 else "parts"


def levels(methodology: Methodology) -> Iterator[Diagnostic]:
    """Each criterion with a `level` names a level of a group around it or of the methodology."""
    structure = structure_of(methodology)
    asked = {criterion.id for criteria in structure.ladders.values() for criterion in criteria}
    for criterion in methodology.criteria:
        if criterion.level is not None and criterion.id not in asked:
            known = [level.id for combining, *_ in combinings(methodology) for level in combining.levels]
            message = f"neither the methodology nor a group around `{criterion.id}` has a level `{criterion.level}`"
            where = place(criterion.node, "level")
            yield Diagnostic("unknown-reference", message, where, did_you_mean(criterion.level, known))


def needs(methodology: Methodology) -> Iterator[Diagnostic]:
    """If a group `needs` the criteria with a requirement word, it has such a criterion."""
    for combining, node, name, _ in combinings(methodology):
        word = combining.needs
        inside = combining.every_criterion if isinstance(combining, Group) else methodology.criteria
        if word is not None and all(criterion.requirement is not word for criterion in inside):
            message = f"no criterion of {name} has the requirement `{word.value}`"
            help = f"add `requirement: {word.value}` to a criterion, or remove `needs`"
            yield Diagnostic("unknown-reference", message, place(node, "needs"), help)


def shared_evidence(methodology: Methodology) -> Iterator[Diagnostic]:
    """Criteria that share evidence are two different ones, and read facts of the same type."""
    by_id = {criterion.id: criterion for criterion in methodology.criteria}
    for criterion in methodology.criteria:
        for index, other in enumerate(criterion.shared_with):
            where = item(criterion.node, "shared_with", index)
            if other not in by_id or other == criterion.id:
                known = by_id.keys() - {criterion.id}
                message = f"there is no other criterion `{other}`"
                help = did_you_mean(other, known, new_ids=methodology.new_ids)
                yield Diagnostic("unknown-reference", message, where, help)
            elif not _read_by(criterion) & _read_by(by_id[other]):
                message = f"`{criterion.id}` and `{other}` read no facts of the same type"
                yield Diagnostic("bad-value", message, where)


def _read_by(criterion: Criterion) -> frozenset[str]:
    return fact_types_in(rule.when for rule in criterion.rules)


def circles(methodology: Methodology) -> Iterator[Diagnostic]:
    """No requirement depends on itself, directly or through others."""
    structure = structure_of(methodology)
    nodes = [*map(Need, structure.places), *(Need(id, only_met=True) for id in structure.groups)]
    edges = {node: needs_of(node, structure) for node in sorted(nodes)}
    # Each round finds one cycle by topological sorting and removes the edges of one requirement in it, so the loop
    # ends. Every cycle has a requirement: the other edges lead from groups to their parts and from criteria to those of
    # earlier tiers, and these form no cycle. A requirement without `at_least` depends on the criteria of a group alone,
    # so a cap or a level of a group may ask for the group itself. Only an id that is declared twice can make a cycle
    # without a requirement; it has a diagnostic of its own.
    while True:
        try:
            TopologicalSorter({need: sorted(to) for need, to in edges.items()}).prepare()
        except CycleError as error:
            circle: list[Need] = error.args[1][::-1]
            turns = circle.index(min(circle))
            circle = [*circle[turns:-1], *circle[: turns + 1]]
            passed = [edges[a][b] for a, b in pairwise(circle)]
            places = [place(requirement.node, "of") for requirement in passed if requirement is not None]
            if not places:
                for a, b in pairwise(circle):
                    edges[a].pop(b, None)
                continue
            where = min(places, key=lambda location: location.sort_key)
            message = f"circular requirement: {' needs '.join(f'`{need.id}`' for need in circle)}"
            yield Diagnostic("circular-requirement", message, where)
            for to in edges.values():
                for need in [need for need, r in to.items() if r is not None and place(r.node, "of") == where]:
                    del to[need]
        else:
            return
