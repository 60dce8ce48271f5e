"""A methodology with one policy changed: what a publisher may have done instead of what is declared."""

from collections.abc import Callable, Iterator

from attrs import evolve, frozen

from cleancloud_rules.model.groups import Aggregation, BandsOf, CountsAs, Parts
from cleancloud_rules.model.methodology import Criterion, Group, Methodology, Proportion
from cleancloud_rules.model.rounding import RoundingMode, TotalPolicy

MODES = {
    RoundingMode.HALF_UP: "rounding scores half up",
    RoundingMode.HALF_EVEN: "rounding scores half to even",
    RoundingMode.FLOOR: "rounding scores down",
    RoundingMode.CEILING: "rounding scores up",
}
"""The modes of scores, in words."""

TOTALS = {
    TotalPolicy.SUM_OF_ROUNDED: "rounding the categories before they are combined",
    TotalPolicy.ROUNDED_SUM: "combining exact categories and rounding once",
}
"""The policies of totals, in words."""

_COUNTED = {
    CountsAs.EXCLUDED: "excluding criteria that do not apply",
    CountsAs.FULL: "counting criteria that do not apply as earned in full",
    CountsAs.ZERO: "counting criteria that do not apply as 0",
}


@frozen
class Alternative:
    """A policy that could have been declared.

    Args:
        words: the policy, as the subject of "would give it".
        methodology: the methodology with this policy, and nothing else changed.
    """

    words: str
    methodology: Methodology


def alternatives_of(methodology: Methodology) -> tuple[Alternative, ...]:
    """Return the alternatives to a methodology, each with one policy changed."""
    makers = (_modes, _modes_of_points, _totals, _parts, _exemptions, _bands)
    made = (alternative for maker in makers for alternative in maker(methodology))
    return tuple(alternative for alternative in made if alternative.methodology != methodology)


def _modes(methodology: Methodology) -> Iterator[Alternative]:
    for mode, words in MODES.items():

        def change(group: Group, mode: RoundingMode = mode) -> Group:
            own = group.rounding
            return group if own is None or own.mode is None else evolve(group, rounding=evolve(own, mode=mode))

        points = _modes_in(methodology.rounding.mode, instead_of=mode)
        rounding = evolve(methodology.rounding, mode=mode)
        yield Alternative(words, evolve(_each(methodology, change, points), rounding=rounding))


def _modes_of_points(methodology: Methodology) -> Iterator[Alternative]:
    declared = methodology.rounding.mode
    for mode, words in MODES.items():

        def change(proportion: Proportion, mode: RoundingMode = mode) -> Proportion:
            return proportion if (proportion.mode or declared) is mode else evolve(proportion, mode=mode)

        yield Alternative(words.replace("scores", "points"), _each(methodology, criteria=_proportions(change)))


def _modes_in(declared: RoundingMode, *, instead_of: RoundingMode) -> Callable[[Criterion], Criterion]:
    """Return a change of a criterion: points in proportion keep the declared mode in a methodology of another mode."""

    def change(proportion: Proportion) -> Proportion:
        follows = proportion.mode is None and declared is not instead_of
        return evolve(proportion, mode=declared) if follows else proportion

    return _proportions(change)


def _proportions(change: Callable[[Proportion], Proportion]) -> Callable[[Criterion], Criterion]:
    """Return the change of a criterion that changes each of its points in proportion."""

    def changed(criterion: Criterion) -> Criterion:
        rules = (r if (p := r.in_proportion) is None else evolve(r, in_proportion=change(p)) for r in criterion.rules)
        return evolve(criterion, rules=tuple(rules))

    return changed


def _totals(methodology: Methodology) -> Iterator[Alternative]:
    if methodology.combining.aggregate is not Aggregation.NONE:
        for policy, said in TOTALS.items():
            yield Alternative(said, evolve(methodology, rounding=evolve(methodology.rounding, total=policy)))


def _parts(methodology: Methodology) -> Iterator[Alternative]:
    words = {
        Parts.ROUNDED: "rounding the parts of {} before they are combined",
        Parts.EXACT: "combining the exact parts of {}",
    }
    for of in (group.id for group in methodology.groups if group.groups):
        for parts, said in words.items():

            def change(group: Group, of: str = of, parts: Parts = parts) -> Group:
                return evolve(group, parts=parts) if group.id == of else group

            yield Alternative(said.format(of), _each(methodology, change))


def _exemptions(methodology: Methodology) -> Iterator[Alternative]:
    for counts_as, words in _COUNTED.items():

        def group(group: Group, counts_as: CountsAs = counts_as) -> Group:
            exemption = group.not_applicable
            return group if exemption is None else evolve(group, not_applicable=evolve(exemption, counts_as=counts_as))

        def criterion(criterion: Criterion, counts_as: CountsAs = counts_as) -> Criterion:
            exemption = criterion.not_applicable
            if exemption is None:
                return criterion
            return evolve(criterion, not_applicable=evolve(exemption, counts_as=counts_as))

        yield Alternative(words, _each(methodology, group, criterion))


def _bands(methodology: Methodology) -> Iterator[Alternative]:
    words = {BandsOf.SCORE: "reading bands of rounded scores", BandsOf.EXACT: "reading bands before rounding"}
    for bands_of, said in words.items():

        def change(group: Group, bands_of: BandsOf = bands_of) -> Group:
            return evolve(group, bands_of=bands_of) if group.reads_number else group

        combining = methodology.combining
        whole = evolve(combining, bands_of=bands_of) if combining.reads_number else combining
        yield Alternative(said, evolve(_each(methodology, change), combining=whole))


def _each(
    methodology: Methodology,
    groups: Callable[[Group], Group] = lambda group: group,
    criteria: Callable[[Criterion], Criterion] = lambda criterion: criterion,
) -> Methodology:
    """Return a methodology with each of its groups and criteria changed."""

    def changed(group: Group) -> Group:
        inside = evolve(group, groups=tuple(map(changed, group.groups)), criteria=tuple(map(criteria, group.criteria)))
        return groups(inside)

    return evolve(methodology, categories=tuple(map(changed, methodology.categories)))
