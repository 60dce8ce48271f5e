"""Every company of a small tree of groups, as far as its groups tell companies apart, combined one by one.

Four criteria read one fact type each, and of its facts the best level alone. So a company is four levels and a cohort,
and a change in any sense is a level that goes up. A further fact alone gives a level where there was none. Where the
tree tells no fact from a fact of level 0, the latter stands for both.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

from attrs import frozen

from cleancloud_rules import Methodology
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.groups import NotAssessed
from cleancloud_rules.model.methodology import Criterion, Group
from cleancloud_rules.model.tree import structure_of
from cleancloud_rules.results import Improvement
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.states import GroupState
from tests.reference.scores import points_of
from tests.support.assessing import assess, differ, without
from tests.support.small import LADDER, criterion, files, rule

TYPES = {"a": "w", "b": "x", "c": "y", "d": "z"}
"""The fact type that each criterion reads."""

GROUPS = ("g", "i", "h", None)
"""The groups, the second inside the first, and the whole."""

LEVELS = (None, 0, 1, 6)
"""The best level of a company: none, one that earns no more than none, one that earns some, one that earns all."""

COHORTS = (None, "tiny")

AGGREGATES = ("sum", "sum", "sum", "weighted sum", "mean", "minimum", "maximum")

Levels = tuple[int | None, ...]
"""The best level of each fact type; None without a fact."""

Given = tuple[str | None, Levels]
"""A company: its cohort and its levels."""


@frozen
class Companies:
    """What every company comes to.

    Args:
        levels: the levels that companies have.
        states: the state of each group and the whole, by company.
    """

    levels: Levels
    states: dict[str | None, dict[Given, GroupState]]

    def worth(self, group: str | None) -> dict[Given, Fraction]:
        """Return the values of a group, 0 without a result."""
        return {company: state.value or Fraction(0) for company, state in self.states[group].items()}

    def falls(self, group: str | None, sense: Improvement) -> bool:
        """Whether a better level of some company makes less of a group."""
        found = self.worth(group)
        return any(
            found[cohort, after] < value
            for (cohort, levels), value in found.items()
            for after in self._bettered(levels, sense)
        )

    def _bettered(self, levels: Levels, sense: Improvement) -> Iterator[Levels]:
        for i, level in enumerate(levels):
            if level is not None or sense is Improvement.EVIDENCE:
                for better in self.levels[1 + self.levels.index(level) :]:
                    yield (*levels[:i], better, *levels[i + 1 :])

    def completions(self, given: Given) -> Iterator[Given]:
        """Return every company with the same facts, and any further ones."""
        cohort, levels = given
        for better in product(*(self.levels[self.levels.index(level) :] for level in levels)):
            yield cohort, better


def every_company(methodology: Methodology) -> Companies:
    """Return the result of every company of a generated tree."""
    levels = LEVELS if _asks_for_assessment(methodology) else LEVELS[1:]
    states: dict[str | None, dict[Given, GroupState]] = {group: {} for group in GROUPS}
    for given in product(COHORTS, product(levels, repeat=len(TYPES))):
        tree = tree_of(methodology, given)
        for group in GROUPS:
            states[group][given] = tree.of(group)
    return Companies(levels, states)


def _asks_for_assessment(methodology: Methodology) -> bool:
    owners: tuple[Group | Criterion, ...] = (*methodology.groups, *methodology.criteria)
    says = (methodology.not_assessed, *(owner.not_assessed for owner in owners))
    covered = (methodology.combining, *methodology.groups)
    return NotAssessed.EXCLUDED in says or any(combining.coverage for combining in covered)


def tree_of(methodology: Methodology, given: Given) -> Combination:
    """Return the tree of one company."""
    cohort, levels = given
    known = dict(zip(TYPES.values(), levels, strict=True))
    points = {str(c.id): points_by_hand(c, known[TYPES[c.id]]) for c in methodology.criteria}
    owners: tuple[Group | Criterion, ...] = (*methodology.groups, *methodology.criteria)
    assessed = {id for id, name in TYPES.items() if known[name] is not None}
    exempt = {str(o.id) for o in owners if _is_exempt(o, known)}
    return Combination(structure_of(methodology), points, exempt, cohort, assessed)


def points_by_hand(asked: Criterion, level: int | None) -> Decimal:
    """Return what a criterion earns by its rules."""
    best = level or 0
    holds = {"all": best >= 5, "some": best >= 1, "none": best < 5, "nothing": best < 1}
    return points_of(asked, {str(rule.id): rule.points for rule in asked.rules if holds[rule.id]})


def _is_exempt(owner: Group | Criterion, known: dict[str, int | None]) -> bool:
    when = owner.not_applicable.when if owner.not_applicable is not None else None
    return isinstance(when, Condition) and known[when.fact_type] == LEVELS[-1]


def decides(form: str, files: dict[str, Any], companies: Companies, chosen: list[Given]) -> bool:
    """Whether some of the chosen companies get another result without a form."""
    other = without(form, files)
    if other is None:
        return False
    trees = [(given, tree_of(other, given)) for given in chosen]
    return any(differ(companies.states[group][given], tree.of(group)) for given, tree in trees for group in GROUPS)


def small_tree(seed: int) -> dict[str, Any]:
    """Return the files of a generated tree; not all are valid, because a part that is required may be missing."""
    random = Random(seed)  # noqa: S311 - nothing secret is made
    return _Planter(random, random.random() < 0.6).files()


@frozen
class _Planter:
    random: Random
    has_forms: bool
    """Whether assessment matters, and points and values have limits."""

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
        if self.has_forms:
            assess(whole, ["g", "h"], ["a", "b", "c", "d"], self.random)
            assess(outer, ["a", "b", "i"], ["a", "b", "c"], self.random)
            assess(inner, ["c"], ["c"], self.random)
            assess(other, ["d"], ["d"], self.random)
            for group in (outer, inner, other):
                if self.chance(20):
                    group.setdefault("caps", []).append({"unless": group["id"], "at_most": self.one(1, 4)})
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
        if self.chance(40 if self.has_forms and id in "cd" else 25):
            when = {"when": {self.one(*TYPES.values()): {"level": ">= 5"}}}
            more["not_applicable"] = {
                **self.one({"cohorts": ["tiny"]}, when, when, when), "counts_as": self.one("full", "zero", "excluded"),
            }  # fmt: skip
        if self.has_forms and self.chance(15):
            more["not_assessed"] = self.one("excluded", "excluded", "zero")
        name = TYPES[id]
        if id != "d" and self.chance(15):
            return criterion(id, 5, rule("none", 5, {"none": [{name: {"level": ">= 5"}}]}), **more)
        rules = [rule("all", 5, {name: {"level": ">= 5"}}), rule("some", 2, {name: {"level": ">= 1"}})]
        if self.has_forms and self.chance(20):
            more |= {"hit_policy": "collect sum"} | self.one({"at_most": 5}, {"at_least": -2})
            penalty = rule("nothing", -3, {"none": [{name: {"level": ">= 1"}}]})
            rules = rules if "at_most" in more else [rules[0], penalty]
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
        if self.chance(50 if self.has_forms else 30) and not is_whole:
            values = self.one((2, 1), (2, 1), (1, 2), (-1, -5), (1, -5))
            tests = (">= 2", "< 2")
            made["bands"] = [
                {"label": f"from {i}", "score": test, "value": value}
                for i, (test, value) in enumerate(zip(tests, values, strict=True))
            ]
        elif self.chance(20):
            step = {"id": "step", "title": "Step", "requires": [self._requirement(others)]}
            made["levels"] = [step if is_whole else {**step, "value": 3}]
        if self.has_forms and self.chance(70):
            self._read_exactly(made, is_whole=is_whole)
        return made

    def _read_exactly(self, made: dict[str, Any], *, is_whole: bool) -> None:
        """Let bands and levels read a number to which values are rounded."""
        if not made.keys() & {"bands", "levels"}:
            return
        made |= {"bands_of": "exact"} | ({} if is_whole else {"rounding": {"digits": 0}})
        limit = Decimal("1.67") if is_whole else self.one(3, 3, 5)
        if "base" not in made and self.chance(70):
            made["scale"] = 7  # 2 of 5 points become 2.8, which is printed as 3
        for level in made.get("levels", ()):
            level["at_least"] = limit
        for band, test in zip(made.get("bands", ()), (">=", "<"), strict=False):
            band["score"] = f"{test} {limit}"
