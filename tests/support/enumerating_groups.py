"""Every company of a small tree of groups, as far as its groups tell companies apart, combined one by one.

Four criteria read one fact type each, and of its facts the best level alone. So a company is four levels and a cohort,
and a change in any sense is a level that goes up.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

from attrs import frozen

from cleancloud_rules import Methodology
from cleancloud_rules.model.conditions import Condition, NoneOf
from cleancloud_rules.model.methodology import Criterion, Group
from cleancloud_rules.model.tree import structure_of
from cleancloud_rules.scoring.combination import Combination
from tests.support.small import LADDER, criterion, files, rule

TYPES = {"a": "w", "b": "x", "c": "y", "d": "z"}
"""The fact type that each criterion reads."""

GROUPS = ("g", "i", "h", None)
"""The groups, the second inside the first, and the whole."""

LEVELS = (0, 1, 6)
"""The best level of a company: one that earns no more than none, one that earns some, one that earns all."""

AGGREGATES = ("sum", "sum", "sum", "weighted sum", "mean", "minimum", "maximum")

Levels = tuple[int, ...]


@frozen
class Companies:
    """What every company comes to.

    Args:
        values: the exact value of each group and the whole, None without a result, by cohort and levels.
    """

    values: dict[str | None, dict[tuple[str | None, Levels], Fraction | None]]

    def worth(self, group: str | None) -> dict[tuple[str | None, Levels], Fraction]:
        """Return the values of a group, 0 without a result."""
        return {company: value or Fraction(0) for company, value in self.values[group].items()}

    def falls(self, group: str | None) -> bool:
        """Whether a better level of some company makes less of a group."""
        found = self.worth(group)
        return any(
            found[cohort, after] < value for (cohort, levels), value in found.items() for after in _bettered(levels)
        )


def _bettered(levels: Levels) -> Iterator[Levels]:
    for i, level in enumerate(levels):
        for better in LEVELS[1 + LEVELS.index(level) :]:
            yield (*levels[:i], better, *levels[i + 1 :])


def every_company(methodology: Methodology) -> Companies:
    """Return the result of every company of a generated tree."""
    structure = structure_of(methodology)
    found: dict[str | None, dict[tuple[str | None, Levels], Fraction | None]] = {group: {} for group in GROUPS}
    for cohort, levels in product((None, "big", "tiny"), product(LEVELS, repeat=len(TYPES))):
        known = dict(zip(TYPES.values(), levels, strict=True))
        points = {str(c.id): _points(c, known[TYPES[c.id]]) for c in methodology.criteria}
        owners: tuple[Group | Criterion, ...] = (*methodology.groups, *methodology.criteria)
        tree = Combination(structure, points, {str(o.id) for o in owners if _is_exempt(o, known)}, cohort)
        for group in GROUPS:
            state = tree.whole() if group is None else tree.group(group)
            found[group][cohort, levels] = state.value
    return Companies(found)


def _points(asked: Criterion, level: int) -> Decimal:
    if isinstance(asked.rules[0].when, NoneOf):
        return Decimal(0 if level == LEVELS[-1] else 5)
    return Decimal({0: 0, 1: 2, 6: 5}[level])


def _is_exempt(owner: Group | Criterion, known: dict[str, int]) -> bool:
    when = owner.not_applicable.when if owner.not_applicable is not None else None
    return isinstance(when, Condition) and known[when.fact_type] == LEVELS[-1]


def small_tree(seed: int) -> dict[str, Any]:
    """Return the files of a generated tree; not all are valid, because a part that is required may be missing."""
    return _Planter(Random(seed)).files()  # noqa: S311 - nothing secret is made


@frozen
class _Planter:
    random: Random

    def one(self, *options: Any) -> Any:
        return self.random.choice(options)

    def chance(self, percent: int) -> bool:
        return self.random.random() * 100 < percent

    def files(self) -> dict[str, Any]:
        inner = {"id": "i", "title": "I", **self._combining(["a", "d", "h"])}
        outer = {"id": "g", "title": "G", "groups": [inner], **self._combining(["c", "d", "h", "i"])}
        other = {"id": "h", "title": "H", **self._combining(["d"])}
        whole = self._combining(["a", "b", "c", "d", "g", "h", "i"], is_whole=True)
        for part, around in ((outer, whole), (other, whole), (inner, outer)):
            if "weighted" in around["aggregate"]:
                part["weight"] = self.one(0, 1, 2)
        fields = {"level": {"type": "integer", "better": "higher"}}
        types = {name: {"title": name, "horizon": "long_term", "fields": fields} for name in TYPES.values()}
        rounding = {
            "digits": 2, "mode": "half_up", "points_digits": 1, "total": self.one("sum_of_rounded", "rounded_sum"),
        }  # fmt: skip
        made = files(LADDER, fact_types=types, categories=[outer, other], rounding=rounding, **whole)
        del made["whole.yaml"]
        inside: dict[str, dict[str, list[str]]] = {
            "g": {"a": ["d", "h"], "b": ["c", "d", "i"]}, "i": {"c": ["d", "h"]}, "h": {"d": []},
        }  # fmt: skip
        for group in (outer, inner, other):
            id = group["id"]
            asked = [self._criterion(name, others, group) for name, others in inside[id].items()]
            made[f"{id}.yaml"] = {"category": id, "criteria": asked}
        return made

    def _criterion(self, id: str, others: list[str], around: dict[str, Any]) -> dict[str, Any]:
        more: dict[str, Any] = {"requirement": "must"} if self.chance(60) else {}
        if others and self.chance(30):
            more["requires"] = [self._requirement(others)]
        if "weighted" in around["aggregate"]:
            more["weight"] = self.one(0, 1, 2)
        if self.chance(25):
            when = {"when": {self.one(*TYPES.values()): {"level": ">= 5"}}}
            more["not_applicable"] = {
                **self.one({"cohorts": ["tiny"]}, when), "counts_as": self.one("full", "zero", "excluded"),
            }  # fmt: skip
        name = TYPES[id]
        if id != "d" and self.chance(15):
            return criterion(id, 5, rule("none", 5, {"none": [{name: {"level": ">= 5"}}]}), **more)
        rules = [rule("all", 5, {name: {"level": ">= 5"}}), rule("some", 2, {name: {"level": ">= 1"}})]
        return criterion(id, 5, *rules, **more)

    def _requirement(self, others: list[str]) -> Any:
        of = self.one(*others)
        return self.one(of, {"of": of, "at_least": self.one(1, 2, 5)})

    def _combining(self, others: list[str], *, is_whole: bool = False) -> dict[str, Any]:
        made: dict[str, Any] = {"aggregate": self.one(*AGGREGATES)}
        if self.chance(30):
            made["of"] = "shares"
        elif made["aggregate"] == "sum" and self.chance(40):
            made["base"] = self.one(-10, -6, -2, 3)
        if self.chance(25):
            made["scale"] = self.one(10, 100)
        if self.chance(15):
            made["at_most"] = self.one(-3, 1, 7)
        elif self.chance(15):
            made["at_least"] = self.one(0, 1)
        if self.chance(30):
            word = self.one("unless", "unless", "if")
            made["caps"] = [{word: self._requirement(others), "at_most": self.one(-3, 1, 4)}]
        if self.chance(20):
            made["needs"] = "must"
        if self.chance(30) and not is_whole:
            values = self.one((2, 1), (2, 1), (1, 2), (-1, -5), (1, -5))
            tests = (">= 2", "< 2")
            made["bands"] = [
                {"label": f"from {i}", "score": test, "value": value}
                for i, (test, value) in enumerate(zip(tests, values, strict=True))
            ]
        elif self.chance(20):
            step = {"id": "step", "title": "Step", "requires": [self._requirement(others)]}
            made["levels"] = [step if is_whole else {**step, "value": 3}]
        return made
