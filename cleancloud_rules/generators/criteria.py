"""Random criteria with their rules: ladders, sums, penalties, points in proportion, and questions."""

from decimal import Decimal
from typing import Any

from attrs import frozen

from cleancloud_rules.generators.choices import Choices
from cleancloud_rules.generators.conditions import generated_condition, generated_when
from cleancloud_rules.generators.fact_types import LONG_LIST, Data, Kind, selection
from cleancloud_rules.generators.unary_tests import Spec, literal_options
from cleancloud_rules.model.exact import has_places, shifted, subtract, total
from cleancloud_rules.model.values import FieldType

MODES = ("half_up", "half_even", "floor", "ceiling")
"""The ways to round."""

SURVEY = "survey"
"""The fact type that holds the answers to questions."""

_PLAIN_POLICIES = ("collect max", "collect sum", "first")
_POLICIES = ("collect max", "collect sum", "first", "collect min", "collect min")


@frozen
class Criteria:
    """Makes criteria.

    Args:
        kinds: the fact types that rules may ask for.
        points_digits: decimal places of points.
        choices: the source of randomness.
        is_additive: whether no rule has negative points or points in proportion.
    """

    kinds: list[Kind]
    points_digits: int
    choices: Choices
    is_additive: bool

    @property
    def unit(self) -> Decimal:
        """The smallest number of points above zero."""
        return self._units(1)

    def _units(self, number: int) -> Decimal:
        return shifted(number, self.points_digits)

    def ladder(self, id: str) -> Data:
        """Return a criterion that can earn points, with a hit policy of any kind."""
        choices = self.choices
        if self._long_lists and choices.chance(60):
            return self.checklist(id)
        policy = choices.any_of(_PLAIN_POLICIES if self.is_additive else _POLICIES)
        points = [self._units(choices.one((3, 1, 2, 5, 7, 10, 0))) for _ in range(choices.between(1, 4))]
        points[0] = points[0] or self.unit
        if not self.is_additive and choices.chance(20):
            points.append(self._units(-choices.one((1, 2, 5))))
        entry = self._criterion(id, policy, points)
        mosts = [_most(rule) for rule in entry["rules"]]
        together, best = total(mosts), max(mosts)
        entry["max_points"] = best if policy != "collect sum" else together
        if policy == "collect sum" and choices.chance(75):
            entry["max_points"] = entry["at_most"] = max(
                best, subtract(together, self._units(choices.one((3, 5, 8, 1, 0))))
            )
        if points[-1] < 0 and choices.chance(50):
            entry["at_least"] = self._units(-choices.one((1, 0, 3)))
        return entry

    @property
    def _long_lists(self) -> list[tuple[Kind, Spec]]:
        lists = ((kind, spec) for kind in self.kinds for spec in kind.fields if spec.type is FieldType.SET)
        return [(kind, spec) for kind, spec in lists if len(spec.values) == len(LONG_LIST)]

    def checklist(self, id: str) -> Data:
        """Return a criterion that adds up points for each name in a set of many, and for some sets."""
        choices = self.choices
        kind, spec = choices.any_of(self._long_lists)
        names = choices.some(spec.values, 17, 20)
        tests: list[Any] = [*names, {"all": choices.some(names, 2, 4)}, {"is": choices.some(names, 1, 3)}]
        refused = ", ".join(f'"{name}"' for name in choices.some(names, 1, 2))
        tests.append(f"not({refused})")
        rules = [
            {"id": f"rule_{i}", "points": self.unit, "when": {kind.id: {spec.id: test}}, "because": "It is listed."}
            for i, test in enumerate(tests)
        ]
        entry = {"id": id, "title": id.replace("_", " ").capitalize(), "horizon": kind.horizon, "rules": rules}
        most = self._units(len(rules) - 2)
        return {
            **entry,
            "hit_policy": "collect sum",
            "at_most": most,
            "max_points": most,
            "otherwise": "None is listed.",
        }

    def penalty(self, id: str) -> Data:
        """Return a criterion that can only lose points."""
        points = [self._units(-self.choices.one((3, 1, 2, 5))) for _ in range(self.choices.between(1, 2))]
        entry = self._criterion(id, self.choices.any_of(_POLICIES), points)
        if self.choices.chance(50):
            entry["at_least"] = self._units(-self.choices.one((2, 4, 0)))
        return entry | {"max_points": 0}

    def _criterion(self, id: str, policy: str, points: list[Decimal]) -> Data:
        horizon = self.choices.any_of(sorted({kind.horizon for kind in self.kinds}))
        own = [kind for kind in self.kinds if kind.horizon == horizon]
        return {
            "id": id,
            "title": id.replace("_", " ").capitalize(),
            "horizon": horizon,
            "hit_policy": policy,
            "rules": [self._rule(f"rule_{i}", earned, own) for i, earned in enumerate(points)],
            "otherwise": "Nothing was earned.",
        }

    def _rule(self, id: str, points: Decimal, kinds: list[Kind]) -> Data:
        numbers = [(kind, spec) for kind in kinds for spec in kind.fields if spec.type.is_numeric]
        if numbers and points and not self.is_additive and self.choices.chance(30):
            return self._proportional(id, points, kinds, *self.choices.any_of(numbers))
        when = generated_when(kinds, self.choices)
        return {"id": id, "points": points, "when": when, "because": self._because(when)}

    def _proportional(self, id: str, points: Decimal, kinds: list[Kind], kind: Kind, spec: Spec) -> Data:
        """Return a rule with points in proportion: rising or falling, with or without a `least`."""
        choices = self.choices
        condition = generated_condition([kind], choices, most=2)
        when = {"all": [condition, generated_when(kinds, choices, 1)]} if choices.chance(30) else condition
        over = choices.some(literal_options(spec), 2, 2)
        proportion: Data = {"to": f"{kind.id}.{spec.id}", "over": over[::-1] if choices.chance(50) else over}
        if choices.chance(40):
            proportion["least"] = self._units(choices.one((1, 2, 0)) * (-1 if points < 0 else 1))
        if choices.chance(40):
            ends = (points, proportion.get("least", Decimal(0)))
            exact = [n for n in range(self.points_digits + 1) if all(has_places(end, n) for end in ends)]
            proportion["digits"] = choices.any_of(exact)
        if choices.chance(60):
            proportion["mode"] = choices.any_of(MODES)
        rule = {"id": id, "points": points, "in_proportion": proportion, "when": when}
        return {**rule, "because": f"It is {{{kind.id}.{spec.id}}}."}

    def _because(self, when: Data) -> str:
        (name, inside), *_ = when.items()
        combines = name in ("all", "any", "none", "count")
        if isinstance(inside, dict) and not combines and inside and self.choices.chance(50):
            field = next(iter(inside))
            return f"It holds by {{{name}.{'evidence.source' if field == 'evidence' else field}}}."
        return "It holds."

    # Questions

    def answers(self) -> Data:
        """Return the `answers` of a file: how questions are answered."""
        said: Data = {
            "fact": SURVEY,
            "question": "question",
            "answer": "answer",
            "points": self._points_of_answers(),
            "because": f"Answered {{{SURVEY}.answer}}.",
            "otherwise": "Not answered.",
        }
        said |= {"not_applicable": ["skip"]} if self.choices.chance(70) else {}
        return said | ({"not_assessed": ["unsure"]} if self.choices.chance(85) else {})

    def _points_of_answers(self) -> Data:
        yes, no = self._units(self.choices.one((4, 2, 10))), self._units(self.choices.one((0, 0, -1)))
        return {"yes": yes, "partly": subtract(yes, self.unit), "no": no}

    def question(self, id: str) -> Data:
        """Return a criterion in the compact form; its file has a default source for its section."""
        entry: Data = {"id": id, "ask": f"Is it so of {id}?"}
        if self.choices.chance(30):
            entry["answers"] = self._points_of_answers()
        return entry | ({"section": "1.2"} if self.choices.chance(30) else {})


def survey_type(choices: Choices) -> Data:
    """Return the fact type that holds the answers to questions, as `facts.yaml` declares it."""
    fields = {
        "question": {"type": "enum", "values": "questions", "key": True},
        "answer": {"type": "enum", "values": ["yes", "partly", "no", "skip", "unsure"]},
    }
    entry: Data = {"title": "Survey", "horizon": choices.any_of(("ever", "recent")), "fields": fields}
    return entry | selection(choices, 80)


def _most(rule: Data) -> Decimal:
    least = Decimal(rule.get("in_proportion", {}).get("least", 0))
    return max(Decimal(rule["points"]), least, Decimal(0))


def most_of(entry: Data, answers: Data | None) -> Decimal:
    """Return the maximum of a criterion.

    Args:
        entry: the criterion as its file has it.
        answers: the `answers` of its file.
    """
    if "ask" not in entry:
        return Decimal(entry["max_points"])
    points: Data = entry["answers"] if "answers" in entry or answers is None else answers["points"]
    return Decimal(max(points.values()))


def types_read(entry: Data) -> set[str]:
    """Return the fact types that a criterion reads."""
    if "ask" in entry:
        return {SURVEY}
    return {name for rule in entry["rules"] for name in _types(rule["when"])}


def _types(when: Data) -> set[str]:
    (name, inside), *_ = when.items()
    if name == "count":
        return _types(inside["of"])
    if name in ("all", "any", "none"):
        return {type_id for part in inside for type_id in _types(part)}
    return {name}
