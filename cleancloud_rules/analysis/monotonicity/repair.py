"""Suggested fix: why a criterion lost points when a fact improved, and the change of its rules that prevents it."""

from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from typing import Any, Protocol

from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.engine.eligibility import count
from cleancloud_rules.language.unary_test_text import interval_text
from cleancloud_rules.model.cells import fact_passes, test_passes
from cleancloud_rules.model.conditions import AllOf, AnyOf, Condition, Count, FieldTest, Members, NoneOf, SetMode, When
from cleancloud_rules.model.facts import Better, Fact, Field, Selection
from cleancloud_rules.model.methodology import Criterion, HitPolicy, Methodology, Rule
from cleancloud_rules.model.values import FieldType, Interval
from cleancloud_rules.scoring.points import Earned, winners

EXCEPTION = ", or declare it: `monotone: false` with a `rationale`"
"""The alternative to a fix, unless the criterion declares it already."""

Changed = tuple[Fact | None, Fact, str | None]
"""The changed fact before the change (None if it was added) and after it, and the changed field."""


class Scoring(Protocol):
    """The results of a company that are needed here."""

    @property
    def earned(self) -> MappingType[str, Earned]:
        """The points of the rules that fired, by criterion."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts of the company."""


def suggested_fix(
    criterion: Criterion, methodology: Methodology, changed: Changed, before: Scoring, after: Scoring
) -> tuple[Location, str]:
    """Return the place to change, and the suggested fix in words.

    Args:
        criterion: the criterion that loses points.
        methodology: its methodology.
        changed: the changed fact.
        before: the company that earns more.
        after: the company that earns less.
    """
    exception = EXCEPTION if criterion.monotone else ""
    first, second = (some.earned.get(criterion.id, {}) for some in (before, after))
    lost = [rule for rule in winners(criterion, first) if rule.id not in second]
    if lost:
        cause = _Cause(methodology, changed, before.facts, after.facts, exception)
        return cause.of(max(lost, key=lambda rule: rule.points))
    had, has = winners(criterion, first), winners(criterion, second)
    if criterion.hit_policy is HitPolicy.FIRST and had and has:
        advice = (
            f"put rule `{had[0].id}`, which earns {had[0].points:f}, before `{has[0].id}`, which earns "
            f"{has[0].points:f}; or take the best of all with `hit_policy: collect max`"
        )
        return _key(has[0].node, "id"), advice
    return _key(
        criterion.node, "id"
    ), f"give no negative points to a rule that better evidence can make true{exception}"


def _key(node: MappingNode | None, key: str) -> Location:
    assert node is not None, "a methodology comes from documents"
    return node.value_location(key)


class _Cause:
    """Finds the reason why a rule no longer fires."""

    def __init__(
        self,
        methodology: Methodology,
        changed: Changed,
        before: Sequence[Fact],
        after: Sequence[Fact],
        exception: str,
    ) -> None:
        self.methodology = methodology
        self.exception = exception
        self.old, self.new, self.field = changed
        self.before, self.after = before, after

    def of(self, rule: Rule) -> tuple[Location, str]:
        """Return the place of the cause, and the suggested fix."""
        part, wanted = self._turned(rule.when, wanted=True)
        condition = part.of if isinstance(part, Count) else part
        assert condition.node is not None, "a methodology comes from documents"
        where = condition.node.beginning
        if not wanted:
            return where, (
                f"rule `{rule.id}` requires that this does not hold, and better evidence can make it hold: "
                f"remove this part{self.exception}"
            )
        failing = self._failing_test(condition)
        if failing is not None:
            own = self._own(condition, failing.field)
            advice = opened(failing, own)
            return self._place(
                condition, failing.field
            ), f"let rule `{rule.id}` still hold when `{own.id}` improves: {advice}"
        if isinstance(part, Count) and part.distinct is not None and part.distinct == self.field:
            return where, (
                f"rule `{rule.id}` counts distinct values of `{part.distinct}`, and an improved value may equal one "
                f"that was counted already: count facts, without `distinct`{self.exception}"
            )
        return self._derivation(condition, where, rule)

    def _turned(self, when: When, *, wanted: bool) -> tuple[Condition | Count, bool]:
        """Return the part that decides: it held before and fails now, or, if it is not `wanted`, the reverse."""
        # A combinator whose truth changed has a part whose truth changed in the same direction (in the opposite one
        # under `none`), so the descent always finds one and ends at a condition or a count.
        if isinstance(when, (Condition, Count)):
            return when, wanted
        inner = wanted != isinstance(when, NoneOf)
        for part in when.parts:
            held, holds = self._holds(part, self.before), self._holds(part, self.after)
            if (held, holds) == ((True, False) if inner else (False, True)):
                return self._turned(part, wanted=inner)
        raise AssertionError(when)

    def _failing_test(self, condition: Condition) -> FieldTest | None:
        """Return the test that the changed fact passed before and fails now."""
        old, new = self.old, self.new
        if old is None or old.type != condition.fact_type:
            return None
        for test in condition.tests:
            own = self._own(condition, test.field)
            passed, passes = (
                test_passes(test.test, own, fact.get(test.field), test.field in fact.disclosed) for fact in (old, new)
            )
            if passed and not passes:
                return test
        return None

    def _own(self, condition: Condition, name: str) -> Field:
        vocabulary = self.methodology.vocabulary
        own = vocabulary.field_of(condition.fact_type, name)
        assert own is not None
        return own

    def _place(self, condition: Condition, name: str) -> Location:
        assert condition.node is not None
        tests = condition.node.get(condition.fact_type)
        return tests.value_location(name) if isinstance(tests, MappingNode) else condition.node.beginning

    def _derivation(self, condition: Condition, where: Location, rule: Rule) -> tuple[Location, str]:
        gone = [fact for fact in self.before if fact not in self.after and fact.derived_by is not None]
        made = next((fact.derived_by for fact in gone if fact.type == condition.fact_type), None)
        derivation = next((d for d in self.methodology.vocabulary.derivations if d.id == made), None)
        if derivation is None:
            return self._selection(condition) or (
                where,
                f"let rule `{rule.id}` still hold when facts improve{self.exception}",
            )
        return _key(derivation.node, "id"), (
            f"derivation `{derivation.id}` computes another fact, or none, when `{self.field}` changes: make its "
            f"inputs and formulas independent of it, or remove `better` from `{self.field}`"
        )

    def _selection(self, condition: Condition) -> tuple[Location, str] | None:
        fact_type = self.methodology.vocabulary.by_id[condition.fact_type]
        if fact_type.selection is not Selection.LATEST:
            return None
        return _key(fact_type.node, "selection"), (
            f"under `selection: latest` a later `{fact_type.id}` supersedes one that earned more: "
            f"write `selection: best`{self.exception}"
        )

    def _holds(self, when: When, facts: Sequence[Fact]) -> bool:
        match when:
            case Condition():
                return bool(self._passing(when, facts))
            case Count(of, number, distinct):
                return count(self._passing(of, facts), distinct) >= number
            case AllOf(parts):
                return all(self._holds(part, facts) for part in parts)
            case AnyOf(parts):
                return any(self._holds(part, facts) for part in parts)
            case NoneOf(parts):
                return not any(self._holds(part, facts) for part in parts)

    def _passing(self, condition: Condition, facts: Sequence[Fact]) -> list[Fact]:
        fields = {test.field: self._own(condition, test.field) for test in condition.tests}
        return [fact for fact in facts if fact_passes(fact, condition, fields)]


def opened(test: FieldTest, own: Field) -> str:
    """Return a form of a test that also accepts every value better than one that it accepts."""
    name = own.id
    match own.better:
        case Better.MORE:
            exact = [a for a in test.test.alternatives if isinstance(a, Members) and a.mode is SetMode.IS]
            if exact and not test.test.negated:
                return f"write `{name}: {{all: [{', '.join(sorted(exact[0].names))}]}}`"
        case Better.LISTED:
            accepted = [a.low for a in test.test.alternatives if isinstance(a, Interval)]
            first = min((own.values.index(str(v)) for v in accepted), default=0)
            if first and not test.test.negated:
                return f"write `{name}: [{', '.join(own.values[first:])}]`"
        case Better.HIGHER | Better.LOWER if own.type is FieldType.BOOLEAN:
            return f"write `{name}: {str(own.better is Better.HIGHER).lower()}`"
        case Better.HIGHER | Better.LOWER if not test.test.negated:
            return _threshold(test, own, higher=own.better is Better.HIGHER)
    return f"write `{name}: not(null)`"


def _threshold(test: FieldTest, own: Field, *, higher: bool) -> str:
    intervals = [a for a in test.test.alternatives if isinstance(a, Interval)]
    ends: list[tuple[Any, bool]] = [(i.low, i.low_open) if higher else (i.high, i.high_open) for i in intervals]
    if any(end is None for end, _ in ends):
        far = next((i for i in intervals if (i.low if higher else i.high) is None), None)
        turned = (far.high if higher else far.low) if far is not None else None
        if turned is None:
            return f"write `{own.id}: not(null)`"
        other = Interval(turned, None) if higher else Interval(None, turned)
        return f"write `{own.id}: not(null)`, or `{interval_text(other, own)}` where the other direction is meant"
    end, is_open = min(ends, key=lambda e: (e[0], e[1])) if higher else max(ends, key=lambda e: (e[0], not e[1]))
    made = Interval(end, None, is_open) if higher else Interval(None, end, False, is_open)
    return f'write `{own.id}: "{interval_text(made, own)}"`'
