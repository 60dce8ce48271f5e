"""Every company of a small questionnaire, and what adding answers makes of it.

A company answers each of a few questions in one of a few ways, or not at all. Nothing here knows of states, lemmas or
completions: points and exemptions are looked up by hand, and a company with more answers is one of the companies.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

from attrs import frozen

from cleancloud_rules import Methodology
from cleancloud_rules.model.conditions import AllOf, AnyOf, Condition, Count, NoneOf, When
from cleancloud_rules.model.groups import Aggregation
from cleancloud_rules.model.methodology import Criterion, Group
from cleancloud_rules.model.tree import structure_of
from cleancloud_rules.model.values import Interval
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.states import GroupState
from tests.reference.scores import points_of

ANSWERS = ("full", "partly", "none", "na")
QUESTIONS = ("q0", "q1", "q2", "q3")
GROUPS = ("g", "i", "h", None)
"""The groups, the second inside the first, and the whole."""

Given = tuple[str | None, ...]
"""The answer to each question; None where there is none."""

EVERY: tuple[Given, ...] = tuple(product((None, *ANSWERS), repeat=len(QUESTIONS)))


@frozen
class Companies:
    """What every company comes to.

    Args:
        points: the points of each criterion, before gates and exemptions, by company.
        states: the state of each group and the whole, by company.
        steps: how many levels are reached where a group has levels and no score.
    """

    points: dict[str, dict[Given, Decimal]]
    states: dict[str | None, dict[Given, GroupState]]
    steps: dict[str | None, dict[Given, int]]

    def worth(self, part: str | None) -> Mapping[Given, Fraction]:
        """Return what a criterion, a group or the whole is worth to every company."""
        if part in self.points:
            return {given: Fraction(points) for given, points in self.points[str(part)].items()}
        steps = self.steps[part]
        return {given: Fraction(steps[given]) if s.value is None else s.value for given, s in self.states[part].items()}

    def falls(self, part: str | None) -> bool:
        """Whether one more answer of some company makes less of a part."""
        found = self.worth(part)
        return any(found[more] < value for given, value in found.items() for more in _with_one_more(given))


def _with_one_more(given: Given) -> Iterator[Given]:
    for i, answer in enumerate(given):
        if answer is None:
            yield from ((*given[:i], more, *given[i + 1 :]) for more in ANSWERS)


def completions(given: Given) -> Iterator[Given]:
    """Return every company that gives the same answers, and any to what is open."""
    yield from product(*((None, *ANSWERS) if answer is None else (answer,) for answer in given))


def every_company(methodology: Methodology) -> Companies:
    """Return the result of every company of a questionnaire."""
    structure = structure_of(methodology)
    criteria = {str(c.id): c for c in methodology.criteria}
    owners: tuple[Group | Criterion, ...] = (*methodology.groups, *methodology.criteria)
    points: dict[str, dict[Given, Decimal]] = {id: {} for id in criteria}
    states: dict[str | None, dict[Given, GroupState]] = {group: {} for group in GROUPS}
    steps: dict[str | None, dict[Given, int]] = {group: {} for group in GROUPS}
    for given in EVERY:
        for id, criterion in criteria.items():
            fired: dict[str, Decimal] = {r.id: r.points for r in criterion.rules if _holds(r.when, given)}
            points[id][given] = points_of(criterion, fired)
        exempt = {str(o.id) for o in owners if o.not_applicable and _holds(o.not_applicable.when, given)}
        tree = Combination(structure, {id: found[given] for id, found in points.items()}, exempt, None)
        for group in GROUPS:
            combining = methodology.combining if group is None else structure.groups[group]
            state = states[group][given] = tree.whole() if group is None else tree.group(group)
            is_ladder = combining.aggregate is Aggregation.NONE and state.level is not None
            steps[group][given] = 1 + combining.ladder.index(state.level) if is_ladder and state.level else 0
    return Companies(points, states, steps)


def _holds(when: When | None, given: Given) -> bool:
    match when:
        case Condition():
            return any(_passes(when, question, answer) for question, answer in zip(QUESTIONS, given, strict=True))
        case Count(of, at_least, None):
            passing = [_passes(of, question, answer) for question, answer in zip(QUESTIONS, given, strict=True)]
            return sum(passing) >= at_least
        case AllOf(parts):
            return all(_holds(part, given) for part in parts)
        case AnyOf(parts):
            return any(_holds(part, given) for part in parts)
        case NoneOf(parts):
            return not any(_holds(part, given) for part in parts)
        case _:
            raise AssertionError(when)


def _passes(condition: Condition, question: str, answer: str | None) -> bool:
    stated = {"question": question, "value": answer}
    return answer is not None and all(
        stated[test.field] in {a.low for a in test.test.alternatives if isinstance(a, Interval)}
        for test in condition.tests
    )


def small_questionnaire(seed: int) -> dict[str, Any]:
    """Return the files of a generated questionnaire; not all are valid."""
    return _Planter(Random(seed)).files()  # noqa: S311 - nothing secret is made


@frozen
class _Planter:
    random: Random

    def one(self, *options: Any) -> Any:
        return self.random.choice(options)

    def chance(self, percent: int) -> bool:
        return self.random.random() * 100 < percent

    def files(self) -> dict[str, Any]:
        answers: dict[str, Any] = {
            "fact": "answer", "question": "question", "answer": "value", "not_applicable": ["na"],
            "points": {"full": 2, "partly": 1, "none": self.one(0, 0, 0, -1)}, "because": "So.", "otherwise": "Not so.",
        }  # fmt: skip
        whole = self._whole()
        outer, inner, other = (self._combining(id) for id in "gih")
        for part, around in ((outer, whole), (inner, outer), (other, whole)):
            if "weighted" in around["aggregate"]:
                part["weight"] = self.one(1, 2)
        outer["groups"] = [inner]
        head: dict[str, Any] = {
            "id": "survey", "title": "Survey", "edition": "1", "publisher": "Nobody", "windows": {"ever": "always"},
            "sources": {"form": {"type": "report", "published": 2024}}, "source_types": ["report"],
            "rounding": {"digits": 2, "points_digits": 1}, "answers": answers, "categories": [outer, other],
            "not_applicable": self.one("excluded", "excluded", "full", "zero"), **whole,
        }  # fmt: skip
        fields = {
            "question": {"type": "enum", "values": list(QUESTIONS), "key": True},
            "value": {"type": "enum", "values": list(ANSWERS)},
        }
        answer = {"title": "Answer", "horizon": "ever", "selection": "single", "fields": fields}
        files: dict[str, Any] = {"methodology.yaml": head, "facts.yaml": {"fact_types": {"answer": answer}}}
        homes = [self.one("g", "i", "h") for _ in QUESTIONS]
        for id, group in (("g", outer), ("i", inner), ("h", other)):
            criteria = [self._question(q, group) for q, home in zip(QUESTIONS, homes, strict=True) if home == id]
            criteria += [self._further(f"{id}_more", group)] if not criteria or self.chance(35) else []
            files[f"{id}.yaml"] = {"category": id, "criteria": criteria}
        return files

    def _whole(self) -> dict[str, Any]:
        made: dict[str, Any] = {"aggregate": self.one("sum", "mean", "weighted mean", "minimum", "maximum")}
        return made | ({"of": "shares"} if self.chance(30) else {})

    def _combining(self, id: str) -> dict[str, Any]:
        aggregate = self.one("sum", "mean", "mean", "weighted mean", "minimum", "maximum", "none")
        made: dict[str, Any] = {"id": id, "title": id.upper(), "aggregate": aggregate}
        if aggregate != "none":
            made |= {"of": "shares"} if self.chance(40) else {}
            made |= {"scale": self.one(10, 100)} if self.chance(50) else {}
            made |= {"at_least": 1} if self.chance(8) else {}
            made |= {"at_most": 1} if self.chance(10) else {}
        if aggregate == "none" or self.chance(20):
            made["levels"] = [{"id": f"{id}_one", "title": "One"}, {"id": f"{id}_two", "title": "Two"}]
        return made

    def _question(self, id: str, group: dict[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {"id": id, "ask": "Is it so?", **self._beside(group)}
        if self.chance(15):
            made["answers"] = {"full": self.one(1, 3), "partly": self.one(0, 1), "none": 0}
        if self.chance(12):
            asked = {"answer": {"question": self.one(*QUESTIONS), "value": self.one(*ANSWERS)}}
            made["not_applicable"] = {"when": asked}
        return made

    def _further(self, id: str, group: dict[str, Any]) -> dict[str, Any]:
        """Return a criterion that is no question: it always applies, and may read answers that questions read."""
        asked = {"answer": {"question": self.one(*QUESTIONS), "value": self.one(*ANSWERS)}}
        when = self.one(asked, asked, {"count": {"of": asked, "at_least": self.one(1, 2)}})
        when = {"none": [when]} if self.chance(10) else when
        rules = [{"id": "yes", "points": 2, "when": when, "because": "So."}]
        if self.chance(40):
            again = {"answer": {"question": self.one(*QUESTIONS), "value": self.one(*ANSWERS)}}
            rules.append({"id": "more", "points": 1, "when": again, "because": "So too."})
        adds = len(rules) > 1 and self.chance(50)
        return {
            "id": id, "title": "More", "horizon": "ever", "max_points": 3 if adds else 2, "rules": rules,
            "hit_policy": "collect sum" if adds else "collect max", "otherwise": "Not so.", **self._beside(group),
        }  # fmt: skip

    def _beside(self, group: dict[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        if "levels" in group:
            made["level"] = f"{group['id']}_{self.one('one', 'two')}"
        if "weighted" in group["aggregate"]:
            made["weight"] = self.one(1, 2, 3)
        return made
