"""Every company of a small questionnaire, and what adding answers makes of it.

A company answers each of a few questions in one of a few ways, or not at all. Nothing here knows of states, lemmas or
completions: points, exemptions and what is assessed are looked up by hand, and a company with more answers is one of
the companies.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

from attrs import frozen

from cleancloud_rules import Methodology
from cleancloud_rules.model.conditions import AllOf, AnyOf, Condition, Count, NoneOf, When, conditions_of
from cleancloud_rules.model.groups import Aggregation
from cleancloud_rules.model.methodology import Criterion, Group
from cleancloud_rules.model.tree import structure_of
from cleancloud_rules.model.values import Interval
from cleancloud_rules.results import Improvement
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.states import GroupState
from tests.reference.scores import points_of
from tests.support.assessing import assess, differ, without

UNSURE = "unsure"
"""The answer that assesses no question, in the questionnaires that have it."""

DISCLOSED = "disclosed"
"""An answer that is known to have been given, and no more. Where there is `UNSURE`, it assesses no question either."""

ANSWERS: tuple[str, ...] = ("full", "partly", "none", "na")
QUESTIONS = ("q0", "q1", "q2", "q3")
GROUPS = ("g", "i", "h", None)
"""The groups, the second inside the first, and the whole."""

Given = tuple[str | None, ...]
"""The answer to each question; None where there is none."""


@frozen
class Companies:
    """What every company comes to.

    Args:
        answers: the answers that a question has.
        digits: the decimal places of the score of each group and the whole.
        points: the points of each criterion, before gates and exemptions, by company.
        earned: the points of each criterion in its group, by company.
        states: the state of each group and the whole, by company.
        steps: how many levels are reached where a group has levels and no score.
    """

    answers: tuple[str, ...]
    digits: dict[str | None, int]
    points: dict[str, dict[Given, Decimal]]
    earned: dict[str, dict[Given, Decimal]]
    states: dict[str | None, dict[Given, GroupState]]
    steps: dict[str | None, dict[Given, int]]

    def worth(self, part: str | None) -> Mapping[Given, Fraction]:
        """Return what a criterion, a group or the whole is worth to every company."""
        if part in self.points:
            return {given: Fraction(points) for given, points in self.points[str(part)].items()}
        steps = self.steps[part]
        return {given: Fraction(steps[given]) if s.value is None else s.value for given, s in self.states[part].items()}

    def falls(self, part: str | None, sense: Improvement) -> bool:
        """Whether one more answer of some company, or one that becomes known, makes less of a part."""
        # No answer is better than another one: in value there is no change. In narrowing it may become known which
        # question an answer is about, which is as if it were added.
        changing = {Improvement.EVIDENCE: (None,), Improvement.NARROWING: (None, DISCLOSED)}.get(sense, ())
        found = self.worth(part)
        return any(found[more] < value for given, value in found.items() for more in self._changed(given, changing))

    def _changed(self, given: Given, changing: Given) -> Iterator[Given]:
        for i, answer in enumerate(given):
            if answer in changing:
                yield from ((*given[:i], more, *given[i + 1 :]) for more in self.answers)

    def completions(self, given: Given) -> Iterator[Given]:
        """Return every company that gives the same answers, and any to what is open."""
        yield from product(*((None, *self.answers) if answer is None else (answer,) for answer in given))


def _values(methodology: Methodology, name: str) -> tuple[str, ...]:
    own = methodology.vocabulary.field_of("answer", name)
    assert own is not None
    return tuple(map(str, own.values))


def every_given(methodology: Methodology) -> tuple[Given, ...]:
    """Return every company."""
    answers = (None, *_values(methodology, "value"), DISCLOSED)
    return tuple(product(answers, repeat=len(_values(methodology, "question"))))


def every_company(methodology: Methodology) -> Companies:
    """Return the result of every company of a questionnaire."""
    answers, structure = (*_values(methodology, "value"), DISCLOSED), structure_of(methodology)
    points: dict[str, dict[Given, Decimal]] = {str(c.id): {} for c in methodology.criteria}
    earned: dict[str, dict[Given, Decimal]] = {id: {} for id in points}
    states: dict[str | None, dict[Given, GroupState]] = {group: {} for group in GROUPS}
    steps: dict[str | None, dict[Given, int]] = {group: {} for group in GROUPS}
    for given in every_given(methodology):
        by_rules = points_by_hand(methodology, given)
        tree = tree_of(methodology, given, by_rules)
        for id, found in by_rules.items():
            points[id][given], earned[id][given] = found, tree.criterion(id).points
        for group in GROUPS:
            combining = methodology.combining if group is None else structure.groups[group]
            state = states[group][given] = tree.of(group)
            is_ladder = combining.aggregate is Aggregation.NONE and state.level is not None
            steps[group][given] = 1 + combining.ladder.index(state.level) if is_ladder and state.level else 0
    digits: dict[str | None, int] = {str(g.id): methodology.rounding_of(g).digits for g in methodology.groups}
    return Companies(answers, digits | {None: methodology.rounding.digits}, points, earned, states, steps)


def points_by_hand(methodology: Methodology, given: Given) -> dict[str, Decimal]:
    """Return what each criterion earns by its rules."""
    found = {}
    for criterion in methodology.criteria:
        fired: dict[str, Decimal] = {r.id: r.points for r in criterion.rules if _holds(r.when, given)}
        found[str(criterion.id)] = points_of(criterion, fired)
    return found


def tree_of(
    methodology: Methodology, given: Given, points: Mapping[str, Decimal], *, has_unsure: bool | None = None
) -> Combination:
    """Return the tree of one company.

    Args:
        methodology: the questionnaire.
        given: the company.
        points: what each criterion earns by its rules.
        has_unsure: whether some answers assess no question; None for what the answers are.
    """
    has_unsure = UNSURE in _values(methodology, "value") if has_unsure is None else has_unsure
    unknown = (None, UNSURE, DISCLOSED) if has_unsure else (None,)
    owners: tuple[Group | Criterion, ...] = (*methodology.groups, *methodology.criteria)
    exempt = {str(o.id) for o in owners if o.not_applicable and _holds(o.not_applicable.when, given)}
    assessed = {str(c.id) for c in methodology.criteria if _is_assessed(c, given, unknown)}
    return Combination(structure_of(methodology), points, exempt, None, assessed)


def _is_assessed(criterion: Criterion, given: Given, unknown: Given) -> bool:
    """Whether a question has an answer by which somebody knows; of another criterion, whether it reads any answer."""
    if criterion.id in QUESTIONS:
        return given[QUESTIONS.index(criterion.id)] not in unknown
    tests = [test for rule in criterion.rules for c in conditions_of(rule.when) for test in c.tests]
    asked = {a.low for t in tests if t.field == "question" for a in t.test.alternatives if isinstance(a, Interval)}
    return any(answer is not None and question in asked for question, answer in zip(QUESTIONS, given, strict=False))


def decides(form: str, files: dict[str, Any], companies: Companies, chosen: list[Given]) -> bool:
    """Whether some of the chosen companies get another result without a form."""
    other = without(form, files)
    if other is None:
        return False
    has_unsure = False if form == "unsure" else None
    trees = [(one, tree_of(other, one, points_by_hand(other, one), has_unsure=has_unsure)) for one in chosen]
    return any(differ(companies.states[group][one], tree.of(group)) for one, tree in trees for group in GROUPS)


def _holds(when: When | None, given: Given) -> bool:
    match when:
        case Condition():
            return any(_passes(when, question, answer) for question, answer in zip(QUESTIONS, given, strict=False))
        case Count(of, at_least, None):
            passing = [_passes(of, question, answer) for question, answer in zip(QUESTIONS, given, strict=False)]
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
    random = Random(seed)  # noqa: S311 - nothing secret is made
    has_forms, answers = random.random() < 0.7, ANSWERS
    if has_forms:
        some = random.sample((*ANSWERS[1:], UNSURE), random.choice((2, 2, 2, 3)))
        answers = tuple(answer for answer in (*ANSWERS, UNSURE) if answer in ("full", *some))
    questions = QUESTIONS if len(answers) < len(ANSWERS) and random.random() < 0.4 else QUESTIONS[:-1]
    return _Planter(random, questions, answers, has_forms).files()


@frozen
class _Planter:
    random: Random
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    has_forms: bool
    """Whether assessment matters, and points and values have limits."""

    def one(self, *options: Any) -> Any:
        return self.random.choice(options)

    def chance(self, percent: int) -> bool:
        return self.random.random() * 100 < percent

    def files(self) -> dict[str, Any]:
        points = {"full": 2, "partly": 1, "none": self.one(0, 0, 0, -1)}
        answers: dict[str, Any] = {
            "fact": "answer", "question": "question", "answer": "value", "points": self._answered(points),
            "because": "So.", "otherwise": "Not so.",
        }  # fmt: skip
        answers |= {"not_applicable": ["na"]} if "na" in self.answers else {}
        answers |= {"not_assessed": [UNSURE]} if UNSURE in self.answers else {}
        whole = self._whole()
        outer, inner, other = (self._combining(id) for id in "gih")
        for part, around in ((outer, whole), (inner, outer), (other, whole)):
            if "weighted" in around["aggregate"]:
                part["weight"] = self.one(1, 2)
        outer["groups"] = [inner]
        fields = {
            "question": {"type": "enum", "values": list(self.questions), "key": True},
            "value": {"type": "enum", "values": list(self.answers)},
        }
        answer = {"title": "Answer", "horizon": "ever", "selection": "single", "fields": fields}
        made: dict[str, list[dict[str, Any]]] = {}
        homes = [self.one("g", "i", "h") for _ in self.questions]
        for id, group in (("g", outer), ("i", inner), ("h", other)):
            criteria = [self._question(q, group) for q, home in zip(self.questions, homes, strict=True) if home == id]
            criteria += [self._further(f"{id}_more", group)] if not criteria or self.chance(35) else []
            made[id] = criteria
        if self.has_forms:
            own = {id: [str(criterion["id"]) for criterion in criteria] for id, criteria in made.items()}
            assess(whole, ["g", "h"], [*own["g"], *own["i"], *own["h"]], self.random)
            assess(outer, [*own["g"], "i"], own["g"] + own["i"], self.random)
            assess(inner, own["i"], own["i"], self.random)
            assess(other, own["h"], own["h"], self.random)
        head: dict[str, Any] = {
            "id": "survey", "title": "Survey", "edition": "1", "publisher": "Nobody", "windows": {"ever": "always"},
            "sources": {"form": {"type": "report", "published": 2024}}, "source_types": ["report"],
            "rounding": {"digits": 2, "points_digits": 1}, "answers": answers, "categories": [outer, other],
            "not_applicable": self.one("excluded", "excluded", "full", "zero"), **whole,
        }  # fmt: skip
        files: dict[str, Any] = {"methodology.yaml": head, "facts.yaml": {"fact_types": {"answer": answer}}}
        return files | {f"{id}.yaml": {"category": id, "criteria": criteria} for id, criteria in made.items()}

    def _answered(self, points: dict[str, int]) -> dict[str, int]:
        return {answer: number for answer, number in points.items() if answer in self.answers}

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
            made |= {"caps": [{"unless": id, "at_most": 1}]} if self.has_forms and self.chance(15) else {}
        if aggregate == "none" or self.chance(20):
            made["levels"] = [{"id": f"{id}_one", "title": "One"}, {"id": f"{id}_two", "title": "Two"}]
        if aggregate != "none" and self.has_forms and self.chance(35):
            made |= {"bands_of": "exact", "rounding": {"digits": 0}} | self._read_exactly(made)
        return made

    def _read_exactly(self, made: dict[str, Any]) -> dict[str, Any]:
        """Return levels or bands at a number to which values are rounded."""
        limit = self.one(*{10: (5, 7), 100: (17, 67)}.get(made.get("scale", 1), (1, 1, 2)))
        if "levels" in made:
            first, second = made["levels"]
            numbers = self.one(({}, {}), ({"value": 1}, {"value": 2}))
            return {"levels": [first | numbers[0], second | numbers[1] | {"at_least": limit}]}
        high = {"label": "high", "score": f">= {limit}", "value": 3}
        return {"bands": [high, {"label": "low", "score": f"< {limit}", "value": self.one(0, 0, 1)}]}

    def _question(self, id: str, group: dict[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {"id": id, "ask": "Is it so?", **self._beside(group)}
        if self.chance(15):
            made["answers"] = self._answered({"full": self.one(1, 3), "partly": self.one(0, 1), "none": 0})
        if self.chance(12):
            asked = {"answer": {"question": self.one(*self.questions), "value": self.one(*self.answers)}}
            made["not_applicable"] = {"when": asked}
        return made

    def _further(self, id: str, group: dict[str, Any]) -> dict[str, Any]:
        """Return a criterion that is no question: it always applies, and may read answers that questions read."""
        asked = {"answer": {"question": self.one(*self.questions), "value": self.one(*self.answers)}}
        when = self.one(asked, asked, {"count": {"of": asked, "at_least": self.one(1, 2)}})
        when = {"none": [when]} if self.chance(10) else when
        rules = [{"id": "yes", "points": 2, "when": when, "because": "So."}]
        if self.chance(40):
            again = {"answer": {"question": self.one(*self.questions), "value": self.one(*self.answers)}}
            rules.append({"id": "more", "points": 1, "when": again, "because": "So too."})
        adds = len(rules) > 1 and self.chance(50)
        limits: dict[str, Any] = {}
        if adds and self.has_forms and self.chance(75):
            limits = self.one({"at_least": -1}, {"at_most": 2})
            rules[1]["points"] = -2 if "at_least" in limits else 1
        return {
            "id": id, "title": "More", "horizon": "ever", "max_points": 3 if adds and not limits else 2, "rules": rules,
            "hit_policy": "collect sum" if adds else "collect max", "otherwise": "Not so.", **limits,
            **self._beside(group),
        }  # fmt: skip

    def _beside(self, group: dict[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        if "levels" in group:
            made["level"] = f"{group['id']}_{self.one('one', 'two')}"
        if "weighted" in group["aggregate"]:
            made["weight"] = self.one(1, 2, 3)
        if self.has_forms and self.chance(15):
            made["not_assessed"] = self.one("excluded", "excluded", "zero")
        return made
