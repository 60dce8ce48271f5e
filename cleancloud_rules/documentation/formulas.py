"""The score of a group, or the total, as a formula over what its parts come to."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from cleancloud_rules.documentation.inline import places_in_words
from cleancloud_rules.documentation.page import Code, Inline, Text
from cleancloud_rules.model.groups import Aggregation, Combining, CountsAs, Parts, ScoreRounding, Taken
from cleancloud_rules.model.methodology import Criterion, Group
from cleancloud_rules.model.rounding import ROUNDED, Rounding, TotalPolicy
from cleancloud_rules.model.tree import ScoreTree
from cleancloud_rules.scoring.aggregation import Part, formula, part_of
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.points import ZERO

POINTS = "points"
"""What stands in a formula for the points of all criteria that stand directly in a group."""


@frozen
class _Owner:
    """What has a score: a group, or the whole."""

    combining: Combining
    criteria: tuple[Criterion, ...]
    groups: tuple[Group, ...]
    every_criterion: tuple[Criterion, ...]
    scale: Decimal | None
    rounding: Rounding | ScoreRounding
    takes_scores: bool

    @property
    def names_points(self) -> bool:
        """Whether the points of its criteria stand in the formula as one."""
        combining = self.combining
        return bool(self.criteria) and combining.aggregate is Aggregation.SUM and combining.of is Taken.POINTS

    @property
    def has_figures(self) -> bool:
        """Whether figures in the formula depend on which parts there are."""
        aggregate, of = self.combining.aggregate, self.combining.of
        is_mean = aggregate in (Aggregation.MEAN, Aggregation.WEIGHTED_MEAN)
        return self.scale is not None or is_mean or of is Taken.SHARES


def formula_in_words(id: str | None, structure: ScoreTree) -> Text:
    """Return the formula of a score, with its figures; nothing where there is no score.

    Args:
        id: the id of the group; None for the whole.
        structure: of the methodology.
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
        ", held to the limits below" if is_limited else "",
        f", {ROUNDED[rounding.mode]} to {places_in_words(rounding.digits)}",
        *_meaning(owner),
        ".",
    ]
    if owner.has_figures and any(_may_be_left_out(criterion, structure) for criterion in owner.every_criterion):
        words.append(" Where a criterion does not apply and is left out, the figures are those of what is left.")
    return tuple(word for word in words if word)


def _owner(id: str | None, structure: ScoreTree) -> _Owner:
    methodology = structure.methodology
    if id is None:
        whole, rounding = methodology.combining, methodology.rounding
        takes_scores = rounding.total is TotalPolicy.SUM_OF_ROUNDED
        return _Owner(whole, (), methodology.categories, methodology.criteria, whole.scale, rounding, takes_scores)
    group = structure.groups[id]
    return _Owner(
        group,
        group.criteria,
        group.groups,
        group.every_criterion,
        structure.scale_of(id),
        group.rounding or methodology.rounding,
        group.parts is Parts.ROUNDED,
    )


def _parts(owner: _Owner, structure: ScoreTree) -> Iterator[Part]:
    """Give what a formula names, each at its most."""
    combining = owner.combining
    if owner.names_points:
        most = Fraction(sum((criterion.max_points for criterion in owner.criteria), ZERO))
        yield part_of(combining, most, most, None, POINTS)
    else:
        for criterion in owner.criteria:
            most = Fraction(criterion.max_points)
            if most > 0 or combining.of is Taken.POINTS:
                yield part_of(combining, most, most, criterion.weight, criterion.id)
    full = Combination(structure, {c.id: c.max_points for c in structure.methodology.criteria}, (), None)
    for group in owner.groups:
        state = full.group(group.id)
        passed = state.rounded if owner.takes_scores else state.exact
        if passed is not None and (passed.most > 0 or combining.of is Taken.POINTS):
            yield part_of(combining, passed.most, passed.most, group.weight, group.id)


def _meaning(owner: _Owner) -> Text:
    """Return what the names in the formula stand for."""
    criteria: Text = ()
    if owner.names_points:
        criteria = (Code(POINTS), " are those of its criteria together")
    elif owner.criteria:
        criteria = ("the name of a criterion stands for its points",)
    groups: Text = ("the name of a group stands for what it comes to",) if owner.groups else ()
    between: Text = (" and ",) if criteria and groups else ()
    return (", where ", *criteria, *between, *groups)


def _may_be_left_out(criterion: Criterion, structure: ScoreTree) -> bool:
    exemptions = (owner.not_applicable for owner in structure.places[criterion.id].exempting)
    default = structure.methodology.not_applicable
    return any(e is not None and (e.counts_as or default) is CountsAs.EXCLUDED for e in exemptions)
