"""The aggregation of a group or of the total in words, with bands and levels."""

from collections.abc import Iterable
from decimal import Decimal

from cleancloud_rules.documentation.formulas import formula_in_words
from cleancloud_rules.documentation.inline import listed
from cleancloud_rules.documentation.page import Block, Code, Listing, Paragraph, Table, Text
from cleancloud_rules.model.groups import Aggregation, BandsOf, Cap, Combining, CoverageLine, Level, Requirement, Taken
from cleancloud_rules.model.methodology import Criterion
from cleancloud_rules.model.rounding import short
from cleancloud_rules.model.tree import ScoreTree

AGGREGATES = {
    Aggregation.SUM: "Aggregate: the sum of the {}.",
    Aggregation.WEIGHTED_SUM: "Aggregate: the weighted sum of the {}.",
    Aggregation.MEAN: "Aggregate: the mean of the {}.",
    Aggregation.WEIGHTED_MEAN: "Aggregate: the weighted mean of the {}.",
    Aggregation.MINIMUM: "Aggregate: the minimum of the {}.",
    Aggregation.MAXIMUM: "Aggregate: the maximum of the {}.",
    Aggregation.NONE: "Its parts are not aggregated: there is no score.",
}
"""The aggregate in words."""

TAKEN = {
    Taken.POINTS: "values of its parts",
    Taken.SHARES: "shares of its parts (the value of each divided by its maximum)",
}
"""What is aggregated."""

CRITERIA_TAKEN = {
    Taken.POINTS: "points of its criteria",
    Taken.SHARES: "shares of its criteria (the points of each divided by its maximum)",
}
"""What is aggregated if all parts are criteria."""


def combining_blocks(combining: Combining, owner: str | None, structure: ScoreTree) -> tuple[Block, ...]:
    """Return the aggregation of parts in words, as a formula and in steps, then bands and levels.

    Args:
        combining: the declaration of the aggregation.
        owner: the id of the group; None for the total.
        structure: the score tree of the methodology.
    """
    has_groups = owner is None or structure.groups[owner].groups
    sentence = AGGREGATES[combining.aggregate].format((TAKEN if has_groups else CRITERIA_TAKEN)[combining.of])
    blocks: list[Block] = [Paragraph((sentence,))]
    made = formula_in_words(owner, structure)
    if made:
        blocks.append(Paragraph(made))
    items = _steps(combining)
    if items:
        blocks.append(Listing(tuple(items)))
    if combining.bands:
        blocks.append(_bands(combining))
    if combining.levels or combining.top_level is not None:
        blocks.append(Paragraph(("A level is reached if all is met that it and all lower levels ask for.",)))
        blocks.append(_levels(combining, owner, structure))
    return tuple(blocks)


def _steps(combining: Combining) -> list[Text]:
    items: list[Text] = []
    if combining.base:
        items.append((f"The sum starts from {short(combining.base)}.",))
    if combining.scale is not None:
        items.append((f"Scale: if all parts have their maximum, the value is {short(combining.scale)}.",))
    if combining.at_least is not None:
        items.append((f"Minimum: a lower value is raised to {short(combining.at_least)}.",))
    if combining.at_most is not None:
        items.append((f"Cap: a higher value is lowered to {short(combining.at_most)}.",))
    items.extend(_cap(cap) for cap in combining.caps)
    if combining.tiers:
        items.append(
            (
                "Tiers: each of these earns points only if all before it are complete: ",
                *listed(map(Code, combining.tiers)),
                ".",
            )
        )
    if combining.needs is not None:
        items.append(
            (
                "The result is withheld, with no score, label or level, unless every criterion marked ",
                Code(combining.needs.value),
                " is met.",
            )
        )
    if not combining.monotone:
        why = f": {combining.rationale}" if combining.rationale else ""
        items.append((f"Exception from monotonicity: better evidence may lower the result{why}",))
    items.extend(map(_coverage, combining.coverage))
    if combining.empty is not None:
        items.append(("If nothing in it applies, its score is 0.",))
    return items


def _coverage(line: CoverageLine) -> Text:
    share = f"{short(line.at_least)}% of those that apply" if line.is_share else short(line.at_least)
    which: Text = (" of its parts",)
    if line.of_criteria:
        which = (" of all criteria in it",)
    elif line.of is not None:
        which = (" of ", *listed(map(Code, line.of)))
    return ("Coverage: there is no score, label or level unless so many", *which, f" are assessed: {share}.")


def _cap(cap: Cap) -> Text:
    if cap.given is not None:
        return ("If ", *requirement_in_words(cap.given), f", the value is at most {short(cap.at_most)}.")
    assert cap.unless is not None
    return ("Unless ", *requirement_in_words(cap.unless), f", the value is at most {short(cap.at_most)}.")


def requirement_in_words(requirement: Requirement) -> Text:
    """Return a requirement on a criterion or a group in words."""
    minimum = requirement.at_least
    return (Code(requirement.of), " is met" if minimum is None else f" is at least {short(minimum)}")


def requirements_in_words(requirements: Iterable[Requirement]) -> Text:
    """Return several requirements in words. All of them must be met."""
    words: list[Text] = [requirement_in_words(requirement) for requirement in requirements]
    return tuple(part for index, text in enumerate(words) for part in ((" and ", *text) if index else text))


def _bands(combining: Combining) -> Table:
    read = _read(combining)
    with_value = any(band.value is not None for band in combining.bands)
    rows = tuple(
        ((band.label,), (Code(band.score.text),), *((_or_dash(band.value),) if with_value else ()))
        for band in combining.bands
    )
    return Table("Labels", ("Label", read, *(("Counts in the group above as",) if with_value else ())), rows)


def _read(combining: Combining) -> str:
    return "Score" if combining.bands_of is BandsOf.SCORE else "Value before rounding"


def _levels(combining: Combining, owner: str | None, structure: ScoreTree) -> Table:
    rows = [_level(level, structure.ladders.get((owner, level.id), ())) for level in combining.levels]
    if combining.top_level is not None:
        title, name, asked, *rest = _level(combining.top_level, ())
        rows.append((title, name, ("every criterion", *(() if asked == ("-",) else ("; ", *asked))), *rest))
    return Table(
        "Levels, the lowest first",
        ("Level", "Id", "Asks for", _read(combining), "Counts in the group above as"),
        tuple(rows),
    )


def _level(level: Level, criteria: Iterable[Criterion]) -> tuple[Text, ...]:
    named = tuple(listed(Code(criterion.id) for criterion in criteria))
    more = requirements_in_words(level.requires)
    asked = (*named, *(("; ",) if named and more else ()), *more) or ("-",)
    score = "any" if level.at_least is None else f"at least {short(level.at_least)}"
    return (level.title,), (Code(level.id),), asked, (score,), _or_dash(level.value)


def _or_dash(value: Decimal | None) -> Text:
    return ("-",) if value is None else (short(value),)
