"""Semantic checks of a methodology: one function for each kind of mistake."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from cleancloud_rules.checking import decision_tables as tables
from cleancloud_rules.checking import groups, references, sentences
from cleancloud_rules.checking.bands import bands
from cleancloud_rules.checking.editions import changed, replaced
from cleancloud_rules.diagnostics.collector import did_you_mean
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location
from cleancloud_rules.documents.nodes import MappingNode, SequenceNode
from cleancloud_rules.model import exact
from cleancloud_rules.model.conditions import Condition, conditions_of, fact_types_in
from cleancloud_rules.model.facts import Selection
from cleancloud_rules.model.groups import NOT_APPLICABLE, Aggregation
from cleancloud_rules.model.methodology import MAX_SHORT, Criterion, Group, HitPolicy, Methodology, PointsBasis, Rule
from cleancloud_rules.model.vocabulary import PeriodCounts
from cleancloud_rules.scoring.points import range_of


def check(methodology: Methodology, *, complete: bool, wrong: frozenset[str] = frozenset()) -> tuple[Diagnostic, ...]:
    """Return the semantic errors of a methodology.

    Args:
        methodology: the parts that could be loaded.
        complete: whether everything but decision tables could be loaded. If not, checks that need it are skipped.
        wrong: the keys of ``methodology.yaml`` that could not be loaded. Checks that need one of them are skipped.
    """
    checks = [function for function, needed in _PARTS.items() if not wrong & needed]
    checks.extend(_WHOLE if complete else ())
    return tuple(diagnostic for function in checks for diagnostic in function(methodology))


def _at(node: MappingNode | None, key: str) -> Location:
    assert node is not None, "checked objects come from documents"
    return node.value_location(key)


def _inside(node: MappingNode | None, outer: str, key: str) -> Location:
    """Return the location of a value in a mapping that is itself a value."""
    inside = node.get(outer) if node is not None else None
    return inside.value_location(key) if isinstance(inside, MappingNode) else _at(node, outer)


def _item(node: MappingNode | None, key: str, word: str) -> Location:
    """Return the location of a word in a list."""
    items = node.get(key) if node is not None else None
    places = (
        (item.location for item in items.items if getattr(item, "raw", "") == word)
        if isinstance(items, SequenceNode)
        else ()
    )
    return next(iter(places), _at(node, key))


def repeated_ids(methodology: Methodology) -> Iterator[Diagnostic]:
    """Ids are unique: among criteria and groups together, and among the rules of each criterion."""
    categories = {category.id: "category" for category in methodology.groups}
    owners: list[Group | Criterion] = [*methodology.groups, *methodology.criteria]
    yield from _repeated((o.id, _at(o.node, "id"), categories.get(o.id, "criterion")) for o in owners)
    for criterion in methodology.criteria:
        for rule in criterion.rules:
            if rule.id == NOT_APPLICABLE:
                message = f"`{rule.id}` is reserved and cannot name a rule"
                yield Diagnostic("reserved-name", message, _at(rule.node, "id"))
        yield from _repeated((r.id, _at(r.node, "id"), "rule") for r in criterion.rules)
    yield from _repeated(
        (n.code, node.value_location("code"), "notice") for n, node in sentences.notices_of(methodology)
    )
    yield from _repeated((c.id, _at(c.node, "id"), "change") for c in methodology.changes)


def _repeated(ids: Iterable[tuple[str, Location, str]]) -> Iterator[Diagnostic]:
    seen: dict[str, Location] = {}
    for id, where, kind in sorted(ids, key=lambda item: item[1].sort_key):
        if id in seen:
            yield Diagnostic("repeated-id", f"{kind} `{id}` is already declared at {seen[id]}", where)
        seen.setdefault(id, where)


def points_within_max(methodology: Methodology) -> Iterator[Diagnostic]:
    """No rule, cap or sum earns more than the criterion's `max_points`."""
    for criterion in (criterion for criterion in methodology.criteria if criterion.max_points >= 0):
        most = criterion.max_points
        for rule in criterion.rules:
            if rule.range[1] > most:
                message = f"rule `{rule.id}` earns {rule.range[1]:f}, above `max_points` {most:f} of `{criterion.id}`"
                yield Diagnostic("points-above-max", message, _at(rule.node, "points"))
        if criterion.at_most is not None and criterion.hit_policy is not HitPolicy.COLLECT_SUM:
            message = f"`at_most` caps a `collect sum`, but the hit policy is `{criterion.hit_policy.value}`"
            yield Diagnostic("misplaced-key", message, _key(criterion.node, "at_most"))
        elif criterion.at_most is not None and criterion.at_most > most:
            message = f"`at_most` is {criterion.at_most:f}, above `max_points` {most:f}"
            yield Diagnostic("points-above-max", message, _at(criterion.node, "at_most"))
        elif _adds_above_max(criterion) and not _may_exclude(criterion, methodology):
            together = f"earn {sum_of(criterion):f} together, above `max_points` {most:f}"
            message, help = f"the rules of `{criterion.id}` {together}", f"cap the sum with `at_most: {most:f}`"
            yield Diagnostic("points-above-max", message, _at(criterion.node, "max_points"), help)


def sum_of(criterion: Criterion) -> Decimal:
    """Return what all rules of a criterion that earn points earn together."""
    return exact.total(max(rule.range[1], Decimal(0)) for rule in criterion.rules)


def _adds_above_max(criterion: Criterion) -> bool:
    is_sum = criterion.hit_policy is HitPolicy.COLLECT_SUM and criterion.at_most is None
    return is_sum and sum_of(criterion) > criterion.max_points >= 0


def sums_above_max(methodology: Methodology) -> Iterator[Criterion]:
    """Yield the criteria whose rules add up to more than `max_points`, without a cap, and may exclude each other."""
    yield from (c for c in methodology.criteria if _adds_above_max(c) and _may_exclude(c, methodology))


def _may_exclude(criterion: Criterion, methodology: Methodology) -> bool:
    """Whether a rule asks for absence, or for an answer besides which there is no other."""
    # All other rules can fire together: facts can be added until all that they ask for is there.
    types = fact_types_in(rule.when for rule in criterion.rules)
    single = any(methodology.vocabulary.by_id[id].selection is Selection.SINGLE for id in types)
    absent = any(sentences.positive_conditions(r.when) != tuple(conditions_of(r.when)) for r in criterion.rules)
    return single or absent


def _key(node: MappingNode | None, key: str) -> Location:
    assert node is not None
    return node.key_location(key)


def maximum_reachable(methodology: Methodology) -> Iterator[Diagnostic]:
    """Some choice of rules earns the criterion's `max_points`."""
    for criterion in (criterion for criterion in methodology.criteria if criterion.rules):
        best = range_of(criterion).most
        if best < criterion.max_points and (criterion.at_most is None or criterion.at_most >= 0):
            message = f"the rules of `{criterion.id}` earn at most {best:f} of its {criterion.max_points:f} points"
            yield Diagnostic("max-unreachable", message, _at(criterion.node, "max_points"))


def points_digits(methodology: Methodology) -> Iterator[Diagnostic]:
    """Points have at most the declared decimal places, and `max_points` and `at_most` are not negative."""
    digits = max(methodology.rounding.points_digits, 0)  # a number below 0 is the mistake of `rounding`
    for criterion in methodology.criteria:
        own = ("max_points", "at_most", "at_least", "met_at")
        places = [(points, _at(criterion.node, key)) for key in own if (points := getattr(criterion, key)) is not None]
        places.extend((rule.points, _at(rule.node, "points")) for rule in criterion.rules)
        for rule in criterion.rules:
            yield from _proportion_digits(rule, digits)
        for points, where in places:
            if _places(points) > digits:
                message = f"`{points:f}` has {_places(points)} decimal places; points may have at most {digits}"
                yield Diagnostic("too-many-digits", message, where, "see `points_digits` under `rounding`")
        for key in ("max_points", "at_most"):
            most = getattr(criterion, key)
            if most is not None and most < 0:
                message = f"`{key}` is {most:f}; it must be 0 or more"
                help = "for a penalty, give a rule negative `points`"
                yield Diagnostic("out-of-range", message, _at(criterion.node, key), help)


def _proportion_digits(rule: Rule, digits: int) -> Iterator[Diagnostic]:
    proportion = rule.in_proportion
    if proportion is None:
        return
    if _places(proportion.least) > digits:
        places = _places(proportion.least)
        message = f"`{proportion.least:f}` has {places} decimal places; points may have at most {digits}"
        where = _inside(rule.node, "in_proportion", "least")
        yield Diagnostic("too-many-digits", message, where, "see `points_digits` under `rounding`")
    if proportion.digits is not None and not 0 <= proportion.digits <= digits:
        message = f"`digits` is {proportion.digits}; it must be between 0 and {digits}, as for all points"
        yield Diagnostic("out-of-range", message, _inside(rule.node, "in_proportion", "digits"))
    elif proportion.digits is not None and _has_more_places((rule.points, proportion.least), proportion.digits):
        ends = f"`least` {proportion.least:f} or `points` {rule.points:f}"
        message = f"{ends} has more decimal places than `digits` {proportion.digits}"
        help = "rounding could give points outside this range"
        yield Diagnostic("too-many-digits", message, _inside(rule.node, "in_proportion", "digits"), help)
    if proportion.fact_type not in {condition.fact_type for condition in sentences.positive_conditions(rule.when)}:
        message = f"rule `{rule.id}` reads no fact of type `{proportion.fact_type}`"
        help = "add a condition on one under `when`"
        yield Diagnostic("bad-value", message, _inside(rule.node, "in_proportion", "to"), help)


def _has_more_places(numbers: Iterable[Decimal], digits: int) -> bool:
    return not all(exact.has_places(number, digits) for number in numbers)


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return -exponent


def weights_sum(methodology: Methodology) -> Iterator[Diagnostic]:
    """The weights of categories that are added are 0 or more, have at most the digits of scores, and sum to 100."""
    node = methodology.node
    weighed = [category for category in methodology.categories if category.weight is not None]
    if methodology.combining.aggregate is not Aggregation.SUM or (not weighed and methodology.categories):
        return
    for category in weighed:
        assert category.weight is not None
        if category.weight < 0:
            message = f"the weight of `{category.id}` is {category.weight:f}; it must be 0 or more"
            yield Diagnostic("out-of-range", message, _at(category.node, "weight"))
        places = _places(category.weight)
        if places > max(methodology.rounding.digits, 0):
            allowed = f"scores may have at most {methodology.rounding.digits}"
            message = f"`{category.weight:f}` has {places} decimal places; {allowed}"
            help = "see `digits` under `rounding`: the maximum score could be rounded above such a weight"
            yield Diagnostic("too-many-digits", message, _at(category.node, "weight"), help)
    weights_given = [category.weight for category in weighed if category.weight is not None]
    total = exact.total(weights_given)
    if total != 100 and len(weighed) == len(methodology.categories):
        weights = " + ".join(f"{weight:f}" for weight in weights_given) or "0"
        yield Diagnostic(
            "weights-not-100", f"the weights sum to {total:f}, not 100: {weights}", _key(node, "categories")
        )


def empty_groups(methodology: Methodology) -> Iterator[Diagnostic]:
    """Every group has a criterion. If its score is scaled, one of its criteria can earn points."""
    summed = methodology.combining.aggregate is Aggregation.SUM
    for category in methodology.groups:
        outer = summed if category in methodology.categories else True
        is_scaled = category.scale is not None or (outer and category.weight is not None)
        if not category.every_criterion or (is_scaled and not category.max_points):
            message = f"category `{category.id}` has no criterion that can earn points"
            begins = f"begin a criteria file beside `methodology.yaml` with `category: {category.id}`"
            help = "" if category.every_criterion else f"{begins}; files in other folders are not read"
            yield Diagnostic("empty-category", message, _at(category.node, "id"), help)


def empty_criteria(methodology: Methodology) -> Iterator[Diagnostic]:
    """Every criterion has a rule."""
    for criterion in methodology.criteria:
        if not criterion.rules:
            yield Diagnostic("empty-value", f"criterion `{criterion.id}` has no rules", _at(criterion.node, "rules"))


_ONE_WINDOW = "all fact types of a criterion share one window: change a fact type's `horizon`, or split the criterion"


def horizons(methodology: Methodology) -> Iterator[Diagnostic]:
    """Horizons are declared windows, and a criterion has the same horizon as every fact type that it reads."""
    known = dict(methodology.windows)
    for fact_type in methodology.vocabulary.fact_types:
        if fact_type.horizon not in known:
            help = did_you_mean(fact_type.horizon, known)
            message = f"there is no window `{fact_type.horizon}`"
            yield Diagnostic("unknown-horizon", message, _at(fact_type.node, "horizon"), help)
    for criterion in methodology.criteria:
        where = _at(criterion.node, "horizon")
        if criterion.horizon not in known:
            help = did_you_mean(criterion.horizon, known)
            yield Diagnostic("unknown-horizon", f"there is no window `{criterion.horizon}`", where, help)
            continue
        for condition in _conditions(criterion):
            horizon = methodology.vocabulary.by_id[condition.fact_type].horizon
            if horizon != criterion.horizon and horizon in known:
                message = (
                    f"`{condition.fact_type}` counts in the window `{horizon}`, "
                    f"but criterion `{criterion.id}` in `{criterion.horizon}`"
                )
                assert condition.node is not None
                where = condition.node.entries[0].key.location
                yield Diagnostic("horizon-mismatch", message, where, _ONE_WINDOW)


def windows(methodology: Methodology) -> Iterator[Diagnostic]:
    """A window does not end before it begins, and a whole period can lie in it by the cut-off."""
    for name, window in methodology.windows:
        if window.is_empty:
            message = f"window `{name}` ends on {window.end}, before it begins on {window.start}"
            yield Diagnostic("bad-date", message, _inside(methodology.node, "windows", name))
        cut_off = methodology.as_of
        begins_late = cut_off is not None and window.start is not None and window.start > cut_off
        if begins_late and window.counts is PeriodCounts.WHOLE:
            message = (
                f"window `{name}` begins on {window.start}, after the cut-off on {cut_off}, and counts whole "
                "periods, so that no fact can count"
            )
            yield Diagnostic("bad-date", message, _inside(methodology.node, "windows", name))


def rounding(methodology: Methodology) -> Iterator[Diagnostic]:
    """The decimal places of scores and of points are in range."""
    for key, digits in (("digits", methodology.rounding.digits), ("points_digits", methodology.rounding.points_digits)):
        if not 0 <= digits <= 12:
            where = _inside(methodology.node, "rounding", key)
            yield Diagnostic("out-of-range", f"`{key}` is {digits}; it must be between 0 and 12", where)


def _conditions(criterion: Criterion) -> tuple[Condition, ...]:
    return tuple(condition for rule in criterion.rules for condition in conditions_of(rule.when))


def recommendations(methodology: Methodology) -> Iterator[Diagnostic]:
    """A remedy refers to a recommendation of the methodology."""
    known = dict(methodology.recommendations)
    for criterion in methodology.criteria:
        remedy = criterion.remedy
        if remedy is not None and remedy.recommendation is not None and remedy.recommendation not in known:
            message = f"there is no recommendation `{remedy.recommendation}`"
            help = did_you_mean(remedy.recommendation, known)
            where = _inside(criterion.node, "remedy", "recommendation")
            yield Diagnostic("unknown-recommendation", message, where, help)


def accepted_sources(methodology: Methodology) -> Iterator[Diagnostic]:
    """Accepted source types are declared."""
    known = methodology.vocabulary.source_types
    for name in methodology.accepted_sources:
        if name not in known:
            message = f"`{name}` is not a source type of this methodology"
            where = _item(methodology.node, "accepted_sources", name)
            yield Diagnostic("unknown-value", message, where, did_you_mean(name, known))


def rationales(methodology: Methodology) -> Iterator[Diagnostic]:
    """A `basis: project` and a `monotone: false` have a `rationale`."""
    for criterion in methodology.criteria:
        things: list[Criterion | Rule] = [criterion, *criterion.rules]
        for thing in things:
            if thing.basis is PointsBasis.PROJECT and not thing.rationale:
                message = f"`{thing.id}` has `basis: project` but no `rationale`"
                help = "say why it goes beyond the publisher's words"
                yield Diagnostic("missing-rationale", message, _at(thing.node, "basis"), help)
    owners: tuple[Criterion | Group, ...] = (*methodology.criteria, *methodology.groups)
    named = [(f"`{owner.id}`", owner.monotone, owner.rationale, owner.node) for owner in owners]
    whole = methodology.combining
    for name, monotone, rationale, node in (
        *named,
        ("the methodology", whole.monotone, whole.rationale, methodology.node),
    ):
        if not monotone and not rationale:
            message = f"{name} has `monotone: false` but no `rationale`"
            help = "say why better evidence may cost points"
            yield Diagnostic("missing-rationale", message, _at(node, "monotone"), help)


def short_titles(methodology: Methodology) -> Iterator[Diagnostic]:
    """A short title fits into a narrow place."""
    for criterion in methodology.criteria:
        if criterion.short is not None and len(criterion.short) > MAX_SHORT:
            message = f"the short title has {len(criterion.short)} characters; the maximum is {MAX_SHORT}"
            yield Diagnostic("out-of-range", message, _at(criterion.node, "short"))


_Check = Callable[[Methodology], Iterator[Diagnostic]]

_PARTS: dict[_Check, frozenset[str]] = {
    repeated_ids: frozenset(),
    points_within_max: frozenset(),
    points_digits: frozenset({"rounding"}),
    maximum_reachable: frozenset(),
    weights_sum: frozenset({"categories", "rounding", "aggregate"}),
    empty_criteria: frozenset(),
    horizons: frozenset({"windows"}),
    windows: frozenset(),
    rounding: frozenset(),
    recommendations: frozenset({"recommendations"}),
    accepted_sources: frozenset({"source_types", "accepted_sources"}),
    rationales: frozenset(),
    short_titles: frozenset(),
    sentences.placeholders: frozenset(),
    sentences.of_facts: frozenset(),
    sentences.other_sentences: frozenset(),
    groups.part_weights: frozenset({"categories", "aggregate"}),
    groups.some_weights: frozenset({"categories", "aggregate"}),
    groups.ranges: frozenset({"rounding"}),
    groups.misplaced_keys: frozenset({"aggregate"}),
    groups.level_ids: frozenset(),
    groups.level_numbers: frozenset(),
    groups.caps: frozenset(),
    bands: frozenset({"rounding"}),
    groups.penalties: frozenset(),
    groups.exemptions: frozenset({"cohorts"}),
    tables.tables: frozenset(),
    tables.ranked_by: frozenset({"tables", "rank_by", "aggregate", "levels", "top_level", "bands"}),
}
"""The checks of single parts, each with the keys of ``methodology.yaml`` that it needs."""

_WHOLE: tuple[_Check, ...] = (
    empty_groups,
    references.requirements,
    references.tiers,
    references.coverage,
    references.levels,
    references.needs,
    references.shared_evidence,
    references.circles,
    tables.names_in_tables,
    replaced,
    changed,
)
"""The checks that need the complete methodology, apart from decision tables."""
