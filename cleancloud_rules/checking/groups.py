"""Checks of groups: weights, keys that do not go together, limits, levels, caps and exemptions."""

from collections.abc import Iterator
from itertools import pairwise

from cleancloud_rules.diagnostics.collector import did_you_mean
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location
from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.groups import Aggregation, Combining, Taken
from cleancloud_rules.model.methodology import Criterion, Group, Methodology
from cleancloud_rules.model.values import FieldType
from cleancloud_rules.scoring.points import range_of

MAX_DIGITS = 12
"""The maximum number of decimal places of a score."""

SCORE = Field("score", FieldType.NUMBER, digits=MAX_DIGITS)
"""A score as a field, so that tests on scores are treated like tests on fields."""

Owner = Group | Criterion


def place(node: MappingNode | None, name: str) -> Location:
    """Return the location of the value of a key."""
    assert node is not None, "checked objects come from documents"
    return node.value_location(name)


def key(node: MappingNode | None, name: str) -> Location:
    """Return the location of a key."""
    assert node is not None
    return node.key_location(name)


def item(node: MappingNode | None, name: str, index: int) -> Location:
    """Return the location of an item of the list under a key."""
    assert node is not None
    return node.value_location(name, index)


def combinings(methodology: Methodology) -> Iterator[tuple[Combining, MappingNode | None, str, tuple[Owner, ...]]]:
    """Yield the root and each group: how it combines its parts, its node, its name in messages, and its parts."""
    yield methodology.combining, methodology.node, "the methodology", methodology.categories
    for group in methodology.groups:
        yield group, group.node, f"`{group.id}`", (*group.criteria, *group.groups)


def part_weights(methodology: Methodology) -> Iterator[Diagnostic]:
    """Each part of a weighted group has a weight. Of all other parts, only a group inside a sum may have one."""
    for combining, _, name, parts in combinings(methodology):
        aggregate = combining.aggregate
        for part in parts:
            if part.weight is None:
                if aggregate.is_weighted:
                    message = f"`{part.id}` has no `weight`, but {name} has `aggregate: {aggregate.value}`"
                    yield Diagnostic("missing-key", message, place(part.node, "id"), "give it a `weight`")
            elif aggregate.is_weighted or (aggregate is Aggregation.SUM and combining is not methodology.combining):
                yield from _weight(part, aggregate, name)
            elif aggregate is not Aggregation.SUM:
                yield _no_weight(part, aggregate, name)
            if isinstance(part, Group) and aggregate is Aggregation.SUM and None not in (part.weight, part.scale):
                message = f"`{part.id}` has both `weight` and `scale`; inside a sum they mean the same"
                yield Diagnostic("misplaced-key", message, key(part.node, "scale"), "remove one of the two")


def _weight(part: Owner, aggregate: Aggregation, name: str) -> Iterator[Diagnostic]:
    if isinstance(part, Criterion) and not aggregate.is_weighted:
        yield _no_weight(part, aggregate, name)
    elif part.weight is not None and part.weight < 0:
        message = f"the weight of `{part.id}` is {part.weight:f}; it must be 0 or more"
        yield Diagnostic("out-of-range", message, place(part.node, "weight"))


def _no_weight(part: Owner, aggregate: Aggregation, name: str) -> Diagnostic:
    message = f"`{part.id}` has a `weight`, but {name} has `aggregate: {aggregate.value}`"
    help = "only parts of a `weighted sum` or `weighted mean`, and groups inside a `sum`, have weights"
    return Diagnostic("misplaced-key", message, key(part.node, "weight"), help)


def some_weights(methodology: Methodology) -> Iterator[Diagnostic]:
    """If one category of a sum has a weight, all have one."""
    weighed = [category for category in methodology.categories if category.weight is not None]
    if methodology.combining.aggregate is Aggregation.SUM and weighed:
        for category in methodology.categories:
            if category.weight is None:
                message = f"category `{category.id}` has no `weight`, but other categories have one"
                yield Diagnostic("missing-key", message, place(category.node, "id"), "give it a `weight`")


def ranges(methodology: Methodology) -> Iterator[Diagnostic]:
    """`scale` is above 0, `at_least` not above `at_most`, `digits` in range, and the minima of levels do not fall."""
    for combining, node, _, _ in combinings(methodology):
        if combining.scale is not None and combining.scale <= 0:
            message = f"`scale` is {combining.scale:f}; it must be above 0"
            yield Diagnostic("out-of-range", message, place(node, "scale"))
        if combining.at_least is not None and combining.at_most is not None and combining.at_least > combining.at_most:
            message = f"`at_least` is {combining.at_least:f}, above `at_most` {combining.at_most:f}"
            yield Diagnostic("out-of-range", message, place(node, "at_least"))
        rounding = combining.rounding if isinstance(combining, Group) else None
        digits = 0 if rounding is None or rounding.digits is None else rounding.digits
        if node is not None and not 0 <= digits <= MAX_DIGITS:
            inside = node.get("rounding")
            assert isinstance(inside, MappingNode)
            message = f"`digits` is {digits}; it must be between 0 and {MAX_DIGITS}"
            yield Diagnostic("out-of-range", message, inside.value_location("digits"))
        asking = [level for level in combining.levels if level.at_least is not None]
        for lower, higher in pairwise(asking):
            assert lower.at_least is not None and higher.at_least is not None
            if higher.at_least < lower.at_least:
                message = f"level `{higher.id}` asks for {higher.at_least:f}, less than level `{lower.id}` below it"
                yield Diagnostic("out-of-range", message, place(higher.node, "at_least"), "list the lowest level first")


_HELD = ("scale", "at_least", "at_most", "caps", "bands")
"""The keys that need a score."""

_NO_SCORE = "`aggregate: none` gives no score"


def misplaced_keys(methodology: Methodology) -> Iterator[Diagnostic]:
    """A key stands only where it has an effect: where there is a score, a share or a group above."""
    for combining, node, name, parts in combinings(methodology):
        if combining.of is Taken.SHARES:
            for part in parts:
                if isinstance(part, Criterion) and not part.max_points:
                    message = f"`{part.id}` has no points to earn, so {name} cannot take its share"
                    yield Diagnostic("misplaced-key", message, place(part.node, "max_points"))
        if combining.aggregate is Aggregation.NONE:
            yield from _without_score(combining, node, name)
        written = {entry.key.value for entry in node or ()}
        if "parts" in written and "groups" not in written:
            yield Diagnostic("misplaced-key", f"{name} has `parts` but no `groups`", key(node, "parts"))
        if "bands_of" in written and not combining.reads_number:
            message = f"{name} has `bands_of` but no `bands` and no level with `at_least`"
            yield Diagnostic("misplaced-key", message, key(node, "bands_of"))
        if combining.base and (combining.aggregate is not Aggregation.SUM or combining.of is not Taken.POINTS):
            message = f"`base` has no effect: {name} does not add points"
            yield Diagnostic("misplaced-key", message, key(node, "base"), "it needs `aggregate: sum` and `of: points`")
        for band in combining.bands if combining is methodology.combining else ():
            if band.value is not None:
                message = f"the `value` of band `{band.label}` has no effect: there is no group above the methodology"
                yield Diagnostic("misplaced-key", message, key(band.node, "value"))


def _without_score(combining: Combining, node: MappingNode | None, name: str) -> Iterator[Diagnostic]:
    for held in (held for held in _HELD if getattr(combining, held) not in (None, ())):
        message = f"`{held}` has no effect: {name} has no score"
        yield Diagnostic("misplaced-key", message, key(node, held), _NO_SCORE)
    for level in (level for level in combining.ladder if level.at_least is not None):
        message = f"level `{level.id}` asks for a score, but {name} has none"
        yield Diagnostic("misplaced-key", message, key(level.node, "at_least"), _NO_SCORE)


def level_ids(methodology: Methodology) -> Iterator[Diagnostic]:
    """No two levels of a ladder have the same id."""
    for combining, *_ in combinings(methodology):
        seen: set[str] = set()
        for level in combining.ladder:
            if level.id in seen:
                yield Diagnostic("repeated-id", f"level `{level.id}` is already declared", place(level.node, "id"))
            seen.add(level.id)


def level_numbers(methodology: Methodology) -> Iterator[Diagnostic]:
    """Either all levels of a ladder have a `value` or none has."""
    for combining, node, name, _ in combinings(methodology):
        numbers = [level.value is not None for level in combining.ladder]
        if any(numbers) and not all(numbers):
            message = f"some levels of {name} have a `value`, others have none"
            yield Diagnostic("missing-key", message, key(node, "levels"))


def caps(methodology: Methodology) -> Iterator[Diagnostic]:
    """An entry of `caps` has exactly one of `if` and `unless`."""
    for combining, *_ in combinings(methodology):
        for cap in combining.caps:
            if cap.given is None and cap.unless is None:
                message = "a cap under `caps` needs `if` or `unless`"
                help = f"for a cap without condition, write `at_most: {cap.at_most:f}` beside `caps`"
                yield Diagnostic("missing-key", message, key(cap.node, "at_most"), help)
            elif cap.given is not None and cap.unless is not None:
                message = "a cap cannot have both `if` and `unless`"
                yield Diagnostic("misplaced-key", message, key(cap.node, "unless"), "write two caps")


def penalties(methodology: Methodology) -> Iterator[Diagnostic]:
    """`at_least` of a criterion is 0 or below, and `met_at` lies above its minimum and not above its maximum."""
    for criterion in methodology.criteria:
        if criterion.at_least is not None and criterion.at_least > 0:
            message = f"`at_least` is {criterion.at_least:f}; for a criterion it must be 0 or below"
            yield Diagnostic("out-of-range", message, place(criterion.node, "at_least"))
        least = range_of(criterion).least
        if criterion.met_at is not None and not least < criterion.met_at <= criterion.max_points:
            allowed = f"above {least:f} and at most {criterion.max_points:f}"
            message = f"`met_at` is {criterion.met_at:f}; it must be {allowed}"
            yield Diagnostic("out-of-range", message, place(criterion.node, "met_at"))


def exemptions(methodology: Methodology) -> Iterator[Diagnostic]:
    """`not_applicable` names cohorts or a condition, and its cohorts are declared."""
    known = dict(methodology.vocabulary.cohorts)
    owners: tuple[Owner, ...] = (*methodology.groups, *methodology.criteria)
    for owner in owners:
        exemption = owner.not_applicable
        if exemption is None:
            continue
        if not exemption.cohorts and exemption.when is None:
            message = f"`not_applicable` of `{owner.id}` needs `cohorts` or `when`"
            help = "add `cohorts: [...]` or `when: {...}`"
            yield Diagnostic("missing-key", message, key(owner.node, "not_applicable"), help)
        for index, cohort in enumerate(exemption.cohorts):
            if cohort not in known:
                message = f"there is no cohort `{cohort}`"
                where = item(exemption.node, "cohorts", index)
                yield Diagnostic("unknown-cohort", message, where, did_you_mean(cohort, known))
