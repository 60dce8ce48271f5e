"""The score of a group, or the total, as a formula over its parts."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from cleancloud_rules.documentation.inline import places_in_words
from cleancloud_rules.documentation.page import Code, Inline, Text
from cleancloud_rules.model.exact import total
from cleancloud_rules.model.groups import Aggregation, Combining, CountsAs, Parts, Taken
from cleancloud_rules.model.methodology import Criterion, Group
from cleancloud_rules.model.rounding import ROUNDED, Rounding, TotalPolicy
from cleancloud_rules.model.tree import ScoreTree
from cleancloud_rules.scoring.aggregation import Part, formula, part_of
from cleancloud_rules.scoring.combination import Combination

POINTS = "points"
"""The name in a formula for the sum of the points of all criteria directly in a group."""


@frozen
class _Owner:
    """A group or the root, with all that its formula depends on."""

    combining: Combining
    criteria: tuple[Criterion, ...]
    groups: tuple[Group, ...]
    every_criterion: tuple[Criterion, ...]
    scale: Decimal | None
    rounding: Rounding
    takes_scores: bool

    @property
    def names_points(self) -> bool:
        """Whether the formula names only the sum of the points of its criteria."""
        combining = self.combining
        return bool(self.criteria) and combining.aggregate is Aggregation.SUM and combining.of is Taken.POINTS

    @property
    def has_figures(self) -> bool:
        """Whether numbers in the formula depend on which parts apply."""
        aggregate, of = self.combining.aggregate, self.combining.of
        is_mean = aggregate in (Aggregation.MEAN, Aggregation.WEIGHTED_MEAN)
        return self.scale is not None or is_mean or of is Taken.SHARES


def formula_in_words(id: str | None, structure: ScoreTree) -> Text:
    """Return the formula of a score, with its numbers; nothing if there is no score.

    Args:
        id: the id of the group; None for the total.
        structure: the score tree of the methodology.
    """
    owner = _owner(id, structure)
    combining, rounding = owner.combining, owner.rounding
    if combining.aggregate is Aggregation.NONE:
        return ()
    text = formula(combining, tuple(_parts(owner, structure)), owner.scale)
    if text is None:
        return ()
    is_limited = combining.at_least is not None or combining.at_most is not None or combining.caps
    words: list[Inline] = [
        "Total = " if id is None else "Score = ",
        Code(text),
        ", within the limits below" if is_limited else "",
        f", {ROUNDED[rounding.mode]} to {places_in_words(rounding.digits)}",
        *_meaning(owner),
        ".",
    ]
    if owner.has_figures and any(_may_be_excluded(criterion, structure) for criterion in owner.every_criterion):
        words.append(" If a criterion is not applicable and excluded, the numbers are those of the remaining parts.")
    return tuple(word for word in words if word)


def _owner(id: str | None, structure: ScoreTree) -> _Owner:
    methodology = structure.methodology
    if id is None:
        root, rounding = methodology.combining, methodology.rounding
        takes_scores = rounding.total is TotalPolicy.SUM_OF_ROUNDED
        return _Owner(root, (), methodology.categories, methodology.criteria, root.scale, rounding, takes_scores)
    group = structure.groups[id]
    return _Owner(
        group,
        group.criteria,
        group.groups,
        group.every_criterion,
        structure.scale_of(id),
        methodology.rounding_of(group),
        group.parts is Parts.ROUNDED,
    )


def _parts(owner: _Owner, structure: ScoreTree) -> Iterator[Part]:
    """Yield the parts that a formula names, each at its maximum."""
    combining = owner.combining
    if owner.names_points:
        maximum = Fraction(total(criterion.max_points for criterion in owner.criteria))
        yield part_of(combining.of, maximum, maximum, None, POINTS)
    else:
        for criterion in owner.criteria:
            maximum = Fraction(criterion.max_points)
            if maximum > 0 or combining.of is Taken.POINTS:
                yield part_of(combining.of, maximum, maximum, criterion.weight, criterion.id)
    full = Combination(structure, {c.id: c.max_points for c in structure.methodology.criteria}, (), None)
    for group in owner.groups:
        state = full.group(group.id)
        passed = state.rounded if owner.takes_scores else state.exact
        if passed is not None and (passed.most > 0 or combining.of is Taken.POINTS):
            yield part_of(combining.of, passed.most, passed.most, group.weight, group.id)


def _meaning(owner: _Owner) -> Text:
    """Return the meaning of the names in the formula."""
    criteria: Text = ()
    if owner.names_points:
        criteria = (Code(POINTS), " is the sum of the points of its criteria")
    elif owner.criteria:
        criteria = ("the id of a criterion stands for its points",)
    groups: Text = ("the id of a group stands for its value",) if owner.groups else ()
    between: Text = (" and ",) if criteria and groups else ()
    return (", where ", *criteria, *between, *groups)


def _may_be_excluded(criterion: Criterion, structure: ScoreTree) -> bool:
    exemptions = (owner.not_applicable for owner in structure.places[criterion.id].exempting)
    default = structure.methodology.not_applicable
    return any(e is not None and (e.counts_as or default) is CountsAs.EXCLUDED for e in exemptions)
