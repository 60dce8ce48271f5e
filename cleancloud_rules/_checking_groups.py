"""What well-shaped groups, gates, levels, bands and tables get wrong: one function for each kind of mistake."""

from collections.abc import Iterator
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from itertools import combinations

from cleancloud_rules._cells import cells_of
from cleancloud_rules._combining import ladder
from cleancloud_rules._findings import did_you_mean, listed
from cleancloud_rules._structure import Structure, structure_of
from cleancloud_rules.conditions import UnaryTest
from cleancloud_rules.diagnostics import Diagnostic, Location
from cleancloud_rules.documents import Mapping, Sequence
from cleancloud_rules.facts import Field
from cleancloud_rules.groups import (
    Aggregation,
    Combining,
    DecisionTable,
    Requirement,
    TableHitPolicy,
    Taken,
)
from cleancloud_rules.methodology import Category, Criterion, Methodology

SCORE = Field("score", "number", digits=12)

Owner = Category | Criterion


def _place(node: Mapping | None, key: str) -> Location:
    assert node is not None, "checked objects come from documents"
    return node.value_location(key)


def _key(node: Mapping | None, key: str) -> Location:
    assert node is not None
    return node.key_location(key)


def combinings(methodology: Methodology) -> Iterator[tuple[Combining, Mapping | None, str, tuple[Owner, ...]]]:
    """Return each group and the whole: how it combines, where it was written, what it is called, and its parts."""
    yield methodology.combining, methodology.node, "the whole", methodology.categories
    for group in methodology.groups:
        yield group, group.node, f"`{group.id}`", (*group.criteria, *group.groups)


def part_weights(methodology: Methodology) -> Iterator[Diagnostic]:
    """Parts have weights where their group weighs them, and only there; a group inside a sum may have one too."""
    for combining, _, name, parts in combinings(methodology):
        aggregate = combining.aggregate
        for part in parts:
            is_group = isinstance(part, Category)
            where = _key(part.node, "weight" if part.weight is not None else "id")
            if aggregate.is_weighted:
                if part.weight is None:
                    message = f"`{part.id}` has no weight, and {name} is a {aggregate.value}"
                    yield Diagnostic("missing-key", message, where, "give it a `weight`")
                elif part.weight < 0:
                    message = f"the weight of `{part.id}` is {part.weight:f}, it must be 0 or more"
                    yield Diagnostic("out-of-range", message, _place(part.node, "weight"))
            elif part.weight is not None and not (is_group and aggregate is Aggregation.SUM):
                message = f"`{part.id}` has a weight, and {name} is a {aggregate.value}"
                help = "weights belong to parts of a `weighted sum` or `weighted mean`, and to groups inside a `sum`"
                yield Diagnostic("misplaced-key", message, where, help)
            elif isinstance(part, Category) and part.weight is not None and part.scale is not None:
                message = f"the weight of `{part.id}` is its scale already"
                yield Diagnostic("misplaced-key", message, _key(part.node, "scale"), "leave out `scale` or `weight`")


def some_weights(methodology: Methodology) -> Iterator[Diagnostic]:
    """Where one category of a sum has a weight, all have."""
    weighed = [category for category in methodology.categories if category.weight is not None]
    if methodology.combining.aggregate is Aggregation.SUM and weighed:
        for category in methodology.categories:
            if category.weight is None:
                message = f"category `{category.id}` has no weight, and others have"
                yield Diagnostic("missing-key", message, _key(category.node, "id"), "give it a `weight`")


def combinations_of_keys(methodology: Methodology) -> Iterator[Diagnostic]:
    """Scales are above 0, floors not above caps, and a group without a number has nothing that needs one."""
    for combining, node, name, parts in combinings(methodology):
        if combining.scale is not None and combining.scale <= 0:
            message = f"`scale` is {combining.scale:f}, it must be above 0"
            yield Diagnostic("out-of-range", message, _place(node, "scale"))
        if combining.at_least is not None and combining.at_most is not None and combining.at_least > combining.at_most:
            message = f"`at_least` is {combining.at_least:f}, above `at_most` {combining.at_most:f}"
            yield Diagnostic("out-of-range", message, _place(node, "at_least"))
        if combining.base and (combining.aggregate is not Aggregation.SUM or combining.of is not Taken.POINTS):
            message = f"{name} does not add points, so it begins with nothing"
            yield Diagnostic("misplaced-key", message, _key(node, "base"), "see `aggregate` and `of`")
        if combining.of is Taken.SHARES:
            for part in parts:
                if isinstance(part, Criterion) and not part.max_points:
                    message = f"`{part.id}` cannot earn points, so there is no share to take in {name}"
                    yield Diagnostic("misplaced-key", message, _key(part.node, "max_points"))
        if combining.aggregate is Aggregation.NONE:
            numbers = ("scale", "at_least", "at_most", "caps", "bands")
            for key in (key for key in numbers if getattr(combining, key) not in (None, ())):
                message = f"{name} has no score, so `{key}` has nothing to hold"
                yield Diagnostic("misplaced-key", message, _key(node, key), "see `aggregate`")


def references(methodology: Methodology) -> Iterator[Diagnostic]:
    """Requirements, tiers, levels and shared evidence name what there is."""
    structure = structure_of(methodology)
    known = {**structure.criteria, **structure.groups}
    for requirement in _requirements(methodology):
        if requirement.of not in known:
            help = did_you_mean(requirement.of, known)
            message = f"there is no criterion or group `{requirement.of}`"
            yield Diagnostic("unknown-reference", message, _place(requirement.node, "of"), help)
    for combining, node, name, parts in combinings(methodology):
        ids = [part.id for part in parts]
        for index, tier in enumerate(combining.tiers):
            where = _item(node, "tiers", index)
            if tier not in ids:
                message = f"`{tier}` is not a part of {name}"
                yield Diagnostic("unknown-reference", message, where, did_you_mean(tier, ids))
            elif tier in combining.tiers[:index]:
                yield Diagnostic("repeated-value", f"`{tier}` is repeated", where)
    for criterion in methodology.criteria:
        yield from _level_known(criterion, structure)
        for index, other in enumerate(criterion.shared_with):
            if other not in structure.criteria or other == criterion.id:
                message = f"there is no other criterion `{other}`"
                where = _item(criterion.node, "shared_with", index)
                yield Diagnostic("unknown-reference", message, where, did_you_mean(other, structure.criteria))


def levels(methodology: Methodology) -> Iterator[Diagnostic]:
    """The levels of a ladder have names of their own; either all have a number or none has."""
    for combining, node, name, _ in combinings(methodology):
        numbers = [level.value is not None for level in ladder(combining)]
        if any(numbers) and not all(numbers):
            message = f"some levels of {name} have a `value` and some have none"
            yield Diagnostic("missing-key", message, _key(node, "levels"))
        seen: set[str] = set()
        for level in ladder(combining):
            if level.id in seen:
                yield Diagnostic("repeated-id", f"level `{level.id}` is declared already", _place(level.node, "id"))
            seen.add(level.id)


def _level_known(criterion: Criterion, structure: Structure) -> Iterator[Diagnostic]:
    asked = {c.id for criteria in structure.ladders.values() for c in criteria}
    if criterion.level is not None and criterion.id not in asked:
        levels = [level.id for combining, *_ in combinings(structure.methodology) for level in combining.levels]
        message = f"neither the whole nor a group around `{criterion.id}` has a level `{criterion.level}`"
        where = _place(criterion.node, "level")
        yield Diagnostic("unknown-reference", message, where, did_you_mean(criterion.level, levels))


def _item(node: Mapping | None, key: str, index: int) -> Location:
    assert node is not None
    return node.value_location(key, index)


def _requirements(methodology: Methodology) -> Iterator[Requirement]:
    owners: tuple[Owner, ...] = (*methodology.groups, *methodology.criteria)
    for owner in owners:
        yield from owner.requires
    for combining, *_ in combinings(methodology):
        for cap in combining.caps:
            yield from (requirement for requirement in (cap.given, cap.unless) if requirement is not None)
        for level in (*combining.levels, *((combining.top_level,) if combining.top_level else ())):
            yield from level.requires


def caps(methodology: Methodology) -> Iterator[Diagnostic]:
    """A cap that depends on something says on what: `if` or `unless`, not both."""
    for combining, *_ in combinings(methodology):
        for cap in combining.caps:
            if (cap.given is None) is (cap.unless is None):
                message = "a cap has one of `if` and `unless`"
                yield Diagnostic(
                    "missing-key", message, _key(cap.node, "at_most"), "a cap that always holds: `at_most`"
                )


def circles(methodology: Methodology) -> Iterator[Diagnostic]:
    """No requirement depends on itself, over whatever detour."""
    structure = structure_of(methodology)
    needs = {id: sorted(_needs(id, structure)) for id in sorted(structure.places)}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        circle = error.args[1][::-1]
        first = min(circle)
        owner: Owner = structure.criteria.get(first) or structure.groups[first]
        message = f"what `{first}` requires depends on itself: {' needs '.join(circle)}"
        yield Diagnostic("circular-requirement", message, _key(owner.node, "id"))


def _needs(id: str, structure: Structure) -> list[str]:
    place = structure.places[id]
    if id in structure.criteria:
        return [*(r.of for r in place.gates), *place.before]
    group = structure.groups[id]
    asked = [r for cap in group.caps for r in (cap.given, cap.unless) if r is not None]
    asked += [r for level in (*group.levels, group.top_level) if level is not None for r in level.requires]
    return [*(r.of for r in asked), *(c.id for c in group.criteria), *(g.id for g in group.groups)]


def bands(methodology: Methodology) -> Iterator[Diagnostic]:
    """No score lies in two bands; either all bands of a group have a number or none has."""
    for combining, node, name, _ in combinings(methodology):
        cells = cells_of(SCORE, [band.score for band in combining.bands])
        for first, second in combinations(combining.bands, 2):
            if cells.passing(first.score) & cells.passing(second.score) & cells.all_values:
                message = f"scores lie in `{second.label}` and in `{first.label}` too"
                yield Diagnostic("overlapping-bands", message, _place(second.node, "score"))
        numbers = [band.value is not None for band in combining.bands]
        if any(numbers) and not all(numbers):
            message = f"some bands of {name} have a `value` and some have none"
            yield Diagnostic("missing-key", message, _key(node, "bands"))


def tables(methodology: Methodology) -> Iterator[Diagnostic]:
    """Of a decision table with the hit policy `unique` no two rows fit together; outputs are each listed once."""
    for table in methodology.tables:
        if not table.outputs:
            yield Diagnostic("empty-value", f"table `{table.id}` has no outputs", _place(table.node, "outputs"))
        if table.hit_policy is TableHitPolicy.UNIQUE:
            yield from _overlaps(table)


def _overlaps(table: DecisionTable) -> Iterator[Diagnostic]:
    tests: dict[str, list[UnaryTest]] = {}
    for row in table.rows:
        for name, test in row.tests:
            tests.setdefault(name, []).append(test)
    cells = {entry.name: cells_of(entry.field, tests.get(entry.name, ())) for entry in table.inputs}
    boxes = [{name: cells[name].passing(test) for name, test in row.tests} for row in table.rows]
    for (i, first), (j, second) in combinations(enumerate(boxes), 2):
        shared = first.keys() & second.keys()
        if all(first[name] & second[name] for name in shared):
            message = f"rows {i + 1} and {j + 1} of `{table.id}` can fit together, and its hit policy is `unique`"
            help = "tell them apart, or say `hit_policy: first`"
            node = table.rows[j].node
            assert node is not None
            yield Diagnostic("overlapping-rows", message, node.beginning, help)


def ranked_by(methodology: Methodology) -> Iterator[Diagnostic]:
    """Companies are ranked by what they come to."""
    has = {
        "total": methodology.combining.aggregate is not Aggregation.NONE,
        "level": bool(methodology.combining.levels),
        "label": bool(methodology.combining.bands),
        **{table.id: table.hit_policy is not TableHitPolicy.COLLECT for table in methodology.tables},
    }
    known = [name for name, present in has.items() if present]
    written = methodology.node.get("rank_by") if methodology.node is not None else None
    for index, name in enumerate(methodology.rank_by):
        if has.get(name, False):
            continue
        where = (
            _item(methodology.node, "rank_by", index) if isinstance(written, Sequence) else _key(methodology.node, "id")
        )
        message = f"companies cannot be ranked by `{name}`, which the methodology does not give"
        yield Diagnostic("unknown-reference", message, where, f"there is {listed(known)}" if known else "")


def penalties(methodology: Methodology) -> Iterator[Diagnostic]:
    """Floors of criteria are 0 or below, and a criterion is met at points that it can have."""
    for criterion in methodology.criteria:
        if criterion.at_least is not None and criterion.at_least > 0:
            message = f"`at_least` is {criterion.at_least:f}, a floor of points is 0 or below"
            yield Diagnostic("out-of-range", message, _place(criterion.node, "at_least"))
        if criterion.met_at is not None and not Decimal(0) < criterion.met_at <= criterion.max_points:
            message = f"`met_at` is {criterion.met_at:f}, it lies above 0 and at most at {criterion.max_points:f}"
            yield Diagnostic("out-of-range", message, _place(criterion.node, "met_at"))
