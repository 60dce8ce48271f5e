"""Random trees of groups: groups inside groups, their aggregates, gates, exemptions, levels and caps.

Bands, caps, minima and gates have numbers near those that a group can have. A criterion or a group requires only parts
that come before it in one order of all criteria, so that nothing depends on itself.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Any

from attrs import define, field

from cleancloud_rules.generators.assessment import NOT_ASSESSED, assessment_of_group
from cleancloud_rules.generators.choices import Choices
from cleancloud_rules.generators.conditions import generated_when
from cleancloud_rules.generators.criteria import MODES, Criteria, most_of, types_read
from cleancloud_rules.generators.fact_types import Data
from cleancloud_rules.model.exact import shifted

_AGGREGATES = ("sum", "sum", "mean", "weighted mean", "weighted sum", "minimum", "maximum", "mean")
_LEVELS = ("basic", "good", "best")
_LABELS = ("A", "B", "C", "D")
_WORDS = ("must", "should", "suggested", "must")
_WEIGHTED = ("weighted sum", "weighted mean")
_COUNTS_AS = ("excluded", "full", "zero")


@define(eq=False)
class Part:
    """A criterion, a group, or the root.

    Args:
        id: its id; the root has ``total``.
        data: its entry in the file.
        is_group: whether it is a group or the root.
        criteria: the criteria of a group.
        groups: the groups inside it.
        answers: the `answers` of the file of a group.
        above: the groups around it: the root, then the outermost group, and so on.
        start: the place of its first criterion in the order in which parts may require each other.
        end: the place after its last criterion.
        most: its approximate maximum.
    """

    id: str
    data: Data
    is_group: bool = True
    criteria: list["Part"] = field(factory=list)
    groups: list["Part"] = field(factory=list)
    answers: Data | None = None
    above: tuple["Part", ...] = ()
    start: int = 0
    end: int = 0
    most: Fraction = Fraction(0)

    @property
    def parts(self) -> list["Part"]:
        """Its criteria and the groups inside it."""
        return [*self.criteria, *self.groups]

    @property
    def aggregate(self) -> str:
        """Its aggregate."""
        aggregate: str = self.data.get("aggregate", "sum")
        return aggregate

    def everything(self) -> Iterator["Part"]:
        """Yield itself and all parts inside it, each before its own parts."""
        yield self
        for part in self.parts:
            yield from part.everything()


def generated_tree(criteria: Criteria, choices: Choices, digits: int, answers: Data | None) -> Part:
    """Return the tree of a methodology.

    Args:
        criteria: makes criteria.
        choices: the source of randomness.
        digits: decimal places of scores.
        answers: how questions are answered; None if there are no questions.
    """
    whole = Part("total", {})
    for id in ("first", "second", "third")[: choices.one((2, 1, 3))]:
        whole.groups.append(_group(id, 1, criteria, choices, answers))
    _put(whole, ())
    _order(whole, reverse=choices.chance(50))
    _Combining(criteria, choices, digits).combine(whole)
    _Standing(criteria, choices, digits).stand(whole)
    return whole


def near(part: Part, choices: Choices, digits: int) -> Decimal:
    """Return a number between 0 and the approximate maximum of a part."""
    return _decimal(
        part.most * choices.any_of((Fraction(1, 2), Fraction(1, 4), Fraction(1, 3), Fraction(2, 3))), digits
    )


def _decimal(number: Fraction, digits: int, whole: Callable[[Fraction], int] = int) -> Decimal:
    return shifted(whole(number * 10**digits), digits)


def _share(one: Part, other: Part) -> bool:
    return bool(types_read(one.data) & types_read(other.data))


# The shape


def _group(id: str, depth: int, criteria: Criteria, choices: Choices, answers: Data | None) -> Part:
    group = Part(id, {"id": id, "title": id.capitalize()})
    if depth < 3 and choices.chance((0, 45, 35)[depth]):
        for letter in "ab"[: choices.between(1, 2)]:
            group.groups.append(_group(f"{id}_{letter}", depth + 1, criteria, choices, answers))
    count = choices.one((1, 2, 0)) if group.groups else choices.one((2, 1, 3))
    if answers is not None and choices.chance(70):
        group.answers = answers if choices.chance(50) else criteria.answers()
    for number in range(count):
        asks = group.answers is not None and (number == 0 or choices.chance(40))
        name = f"{id}_{number}"
        group.criteria.append(Part(name, criteria.question(name) if asks else criteria.ladder(name), is_group=False))
    if count and choices.chance(15):
        group.criteria.append(Part(f"{id}_{count}", criteria.penalty(f"{id}_{count}"), is_group=False))
    return group


def _put(part: Part, above: tuple[Part, ...]) -> None:
    part.above = above
    for inner in part.parts:
        _put(inner, (*above, part))


def _order(whole: Part, *, reverse: bool) -> None:
    found = [part for part in whole.everything() if not part.is_group]
    for place, criterion in enumerate(found[::-1] if reverse else found):
        criterion.start, criterion.end = place, place + 1
    for group in [part for part in whole.everything() if part.is_group][::-1]:
        inside = [part for part in group.everything() if not part.is_group]
        group.start, group.end = min(p.start for p in inside), max(p.end for p in inside)


# How groups combine their parts


@define
class _Combining:
    criteria: Criteria
    choices: Choices
    digits: int

    def combine(self, whole: Part) -> None:
        """Choose how the root and each group combine their parts, and compute their approximate maxima."""
        for part in whole.everything():
            if part.is_group:
                self._aggregate(part)
        self._most(whole)

    def _aggregate(self, group: Part) -> None:
        choices, data = self.choices, group.data
        aggregate = "none" if choices.chance(5) else choices.any_of(_AGGREGATES)
        if aggregate != "sum" or choices.chance(20):
            data["aggregate"] = aggregate
        can_share = all(part.is_group or most_of(part.data, group.answers) for part in group.parts)
        if can_share and choices.chance(30):
            data["of"] = "shares"
        if aggregate == "sum" and "of" not in data and choices.chance(30):
            data["base"] = choices.one((5, -3, -20, Decimal("0.5")))
        self._weigh(group)
        weighed_in_sum = bool(group.above) and group.above[-1].aggregate == "sum" and "weight" in data
        if aggregate != "none" and not weighed_in_sum and choices.chance(35):
            data["scale"] = choices.one((100, 10, Decimal("2.5")))
        if group.groups and group.above and choices.chance(70):
            data["parts"] = "rounded"
        if group.above and choices.chance(25):
            data["rounding"] = {"digits": choices.below(3), "mode": choices.any_of(MODES)}
            for left_out in choices.one(((), ("mode",), ("digits",))):
                del data["rounding"][left_out]

    def _weigh(self, group: Part) -> None:
        choices = self.choices
        if group.aggregate in _WEIGHTED:
            for part in group.parts:
                part.data["weight"] = choices.one((1, 2, Decimal("0.5"), 10, 0))
        elif group.aggregate == "sum" and not group.above and choices.chance(60):
            cuts = sorted(choices.any_of((20, 50, 33, 70)) for _ in group.groups[1:])
            for part, (low, high) in zip(group.groups, pairwise([0, *cuts, 100]), strict=True):
                part.data["weight"] = high - low
        elif group.aggregate == "sum" and group.above:
            for part in group.groups:
                if choices.chance(40):
                    part.data["weight"] = choices.one((10, 40, 7))

    def _most(self, part: Part) -> None:
        """Compute the approximate maximum of a part, and give it a minimum, a cap and bands."""
        for inner in part.parts:
            inner.answers = inner.answers if inner.is_group else part.answers
            self._most(inner)
        if not part.is_group:
            part.most = Fraction(most_of(part.data, part.answers))
            return
        part.most = self._raw(part)
        above = part.above[-1].aggregate if part.above else ""
        scale = part.data.get("weight") if above == "sum" else None
        scale = part.data.get("scale", scale)
        if scale is not None and part.most:
            part.most = Fraction(scale)
        if part.aggregate != "none":
            self._hold(part)

    def _raw(self, group: Part) -> Fraction:
        shares = group.data.get("of") == "shares"
        values = [Fraction(1) if shares else part.most for part in group.parts]
        weights = [Fraction(part.data.get("weight", 1)) for part in group.parts]
        weighed = sum((v * w for v, w in zip(values, weights, strict=True)), Fraction(0))
        match group.aggregate:
            case "minimum":
                return min(values)
            case "maximum":
                return max(values)
            case "mean":
                return sum(values, Fraction(0)) / len(values)
            case "weighted sum":
                return weighed
            case "weighted mean":
                return weighed / (sum(weights, Fraction(0)) or 1)
            case _:
                return sum(values, Fraction(group.data.get("base", 0)))

    def _hold(self, group: Part) -> None:
        choices, data = self.choices, group.data
        if choices.chance(12):
            data["at_least"] = choices.one((0, _decimal(group.most / 4, self.digits)))
        if choices.chance(12) and group.most > 0:
            data["at_most"] = _decimal(group.most * 2 / 3, self.digits)
            group.most = Fraction(data["at_most"])
        if choices.chance(40):
            self._bands(group)

    def _bands(self, group: Part) -> None:
        choices, data = self.choices, group.data
        steps = [Fraction(1, 4), Fraction(1, 3), Fraction(1, 2), Fraction(2, 3), Fraction(3, 4)]
        digits = data.get("rounding", {}).get("digits", self.digits)
        cuts = sorted({_decimal(group.most * step, digits, ceil) for step in choices.some(steps, 1, 3)})
        tests = slices(cuts, choices, gap=choices.chance(15))[::-1]
        data["bands"] = [{"label": label, "score": test} for label, test in zip(_LABELS, tests, strict=False)]
        if choices.chance(50):
            data["bands_of"] = "exact"
        if group.above and choices.chance(40):
            numbers = choices.any_of(("4 3 2 1", "3 1.5 0 1", "100 50 20 0")).split()
            for band, number in zip(data["bands"], numbers, strict=False):
                band["value"] = Decimal(number)
            group.most = max(Fraction(band["value"]) for band in data["bands"])


def slices(cuts: Sequence[Decimal], choices: Choices, *, gap: bool = False) -> list[str]:
    """Return tests that together accept every number exactly once, in order.

    Args:
        cuts: the numbers at which one test ends and the next begins.
        choices: the source of randomness.
        gap: whether the lowest range is dropped.
    """
    closed_below = choices.chance(65)
    first, last = ("< {}", ">= {}") if closed_below else ("<= {}", "> {}")
    inner = "[{}..{})" if closed_below else "({}..{}]"
    between = [inner.format(low, high) for low, high in pairwise(cuts)]
    return [*([] if gap else [first.format(cuts[0])]), *between, last.format(cuts[-1])]


# Gates, exemptions, levels and caps


@define
class _Standing:
    criteria: Criteria
    choices: Choices
    digits: int

    def stand(self, whole: Part) -> None:
        """Choose for each part what it requires, when it does not apply, and which levels and caps it has."""
        parts = list(whole.everything())
        for part in parts:
            if part.is_group:
                self._ladder(part, parts)
                self._limits(part, parts)
        for part in parts[1:]:
            self._gate(part, parts)
            if not part.is_group:
                self._words(part, parts)
        for part in parts:
            asked = sorted(
                {str(inner.data["requirement"]) for inner in part.everything() if "requirement" in inner.data}
            )
            if part.is_group and asked and self.choices.chance(15):
                part.data["needs"] = self.choices.any_of(asked)
        if self.choices.chance(50):
            whole.data["not_applicable"] = self.choices.any_of(_COUNTS_AS)
        if self.choices.chance(35):
            whole.data["not_assessed"] = self.choices.any_of(NOT_ASSESSED)
        for part in parts:
            self._assess(part)

    def _assess(self, part: Part) -> None:
        if part.above and self.choices.chance(10):
            part.data["not_assessed"] = self.choices.any_of(NOT_ASSESSED)
        if part.is_group:
            criteria = [inner.id for inner in part.everything() if not inner.is_group]
            ids, inside = [inner.id for inner in part.parts], bool(part.above)
            assessment_of_group(part.data, ids, criteria, self.choices, is_inside=inside)

    def _gate(self, part: Part, parts: list[Part]) -> None:
        choices = self.choices
        before = [other for other in parts[1:] if other.end <= part.start]
        if before and choices.chance(12 if part.is_group else 32):
            part.data["requires"] = [self._requirement(choices.any_of(before)) for _ in range(choices.one((1, 1, 2)))]
        if choices.chance(12 if part.is_group else 20):
            entry: Data = {}
            if choices.chance(60):
                entry["cohorts"] = choices.some(("north", "south"), 1, 1)
            if not entry or choices.chance(50):
                entry["when"] = generated_when(self.criteria.kinds, choices)
            if choices.chance(60):
                entry["counts_as"] = choices.any_of(_COUNTS_AS)
            part.data["not_applicable"] = entry

    def _requirement(self, other: Part) -> Any:
        if other.aggregate == "none" or self.choices.chance(40):
            return other.id
        least = near(other, self.choices, self.digits if other.is_group else self.criteria.points_digits)
        return {"of": other.id, "at_least": least}

    def _inside_or_before(self, group: Part, parts: list[Part]) -> list[Part]:
        return [p for p in parts[1:] if p.end <= group.end and p is not group and p not in group.above]

    def _asked_of(self, group: Part, parts: list[Part], chance: int) -> Any:
        """Return a requirement in a cap or a level of a group; by some chance on the group itself."""
        if group.above and self.choices.chance(chance):
            return group.id
        return self._requirement(self.choices.any_of(self._inside_or_before(group, parts)))

    def _limits(self, group: Part, parts: list[Part]) -> None:
        choices, data = self.choices, group.data
        if group.aggregate != "none" and choices.chance(50):
            cap = {choices.any_of(("unless", "if", "unless")): self._asked_of(group, parts, 80)}
            data["caps"] = [{**cap, "at_most": _decimal(group.most / choices.any_of((5, 10, 2)), self.digits)}]
        if len(group.parts) > 1 and choices.chance(18):
            ordered = sorted(group.parts, key=lambda part: part.start)
            data["tiers"] = [part.id for part in choices.some(ordered, 2, 3)]

    def _ladder(self, group: Part, parts: list[Part]) -> None:
        choices, data = self.choices, group.data
        if not choices.chance(42 if group.above else 50):
            return
        levels = [self._level(id, group, parts) for id in _LEVELS[: choices.between(2, 3)]]
        levels += [self._level("top", group, parts)] if choices.chance(70) else []
        rising = sorted(level["at_least"] for level in levels if "at_least" in level)
        for level, least in zip([level for level in levels if "at_least" in level], rising, strict=True):
            level["at_least"] = least
        if group.above and choices.chance(40):
            for level, number in zip(
                levels, choices.any_of(("1 2 3 4", "0 2.5 1 7", "10 10 50 100")).split(), strict=False
            ):
                level["value"] = Decimal(number)
        if rising and choices.chance(95):
            data["bands_of"] = "exact"
        data["levels"] = [level for level in levels if level["id"] != "top"]
        data |= {"top_level": levels[-1]} if levels[-1]["id"] == "top" else {}

    def _level(self, id: str, group: Part, parts: list[Part]) -> Data:
        level: Data = {"id": id, "title": id.capitalize()}
        if self.choices.chance(30):
            level["requires"] = [self._asked_of(group, parts, 20)]
        if group.aggregate != "none" and self.choices.chance(85):
            digits = group.data.get("rounding", {}).get("digits", self.digits)
            level["at_least"] = near(group, self.choices, digits)
        return level

    def _words(self, criterion: Part, parts: list[Part]) -> None:
        choices, data = self.choices, criterion.data
        ladders = [level["id"] for group in criterion.above for level in group.data.get("levels", ())]
        if ladders and choices.chance(65):
            data["level"] = choices.any_of(ladders)
        if choices.chance(55):
            data["requirement"] = choices.any_of(_WORDS)
        if criterion.most and choices.chance(25):
            data["met_at"] = max(near(criterion, choices, self.criteria.points_digits), self.criteria.unit)
        others = [part.id for part in parts if not part.is_group and part is not criterion and _share(part, criterion)]
        if others and choices.chance(10):
            data["shared_with"] = [choices.any_of(others)]
