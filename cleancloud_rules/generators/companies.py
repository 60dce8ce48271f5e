"""Random companies for any methodology: their facts are aimed at the conditions of its rules, and sometimes miss."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from attrs import asdict, define, evolve, field

from cleancloud_rules.generators.boundary_values import Aims, Held, Time
from cleancloud_rules.generators.choices import Choices
from cleancloud_rules.generators.drafts import Draft, Source, stated_source
from cleancloud_rules.generators.searches import generated_searches
from cleancloud_rules.generators.serialise import stated_value
from cleancloud_rules.model.conditions import AllOf, AnyOf, Condition, Count, FieldTest, NoneOf, When, conditions_of
from cleancloud_rules.model.derivations import Derivation, Formula, Operand, Operation
from cleancloud_rules.model.facts import Basis, Selection
from cleancloud_rules.model.groups import NOT_APPLICABLE
from cleancloud_rules.model.methodology import Criterion, HitPolicy
from cleancloud_rules.model.values import FieldType, Interval

_MISSES = 9
"""In how many of 100 cases a value is chosen regardless of whether it passes the test."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


_EVIDENCE = {"id": "evidence.source", "type": "evidence.source_type", "published": "evidence.published"}


def generated_company(aims: Aims, choices: Choices) -> dict[str, Any]:
    """Return the file of a company as plain data.

    Args:
        aims: the values that facts are aimed at.
        choices: the source of randomness.
    """
    return _Company(aims, choices, without_sources=choices.chance(8)).file()


@define
class _Company:
    aims: Aims
    choices: Choices
    without_sources: bool = False
    drafts: list[Draft] = field(factory=list)
    sources: dict[str, Source] = field(factory=dict)

    def file(self) -> dict[str, Any]:
        """Return the company as its file states it."""
        methodology, choices = self.aims.methodology, self.choices
        self._earn()
        if methodology.vocabulary.derivations and choices.chance(60):
            self._join(choices.any_of(methodology.vocabulary.derivations))
        for _ in range(choices.one((0, 0, 1))):
            self._add(Condition(choices.any_of(methodology.vocabulary.fact_types).id))
        self._repeat()
        self._settle()
        not_found = (
            generated_searches(self.aims, choices, self._is_passed, self._is_bounded) if choices.chance(65) else []
        )
        cohorts = [id for id, _ in methodology.vocabulary.cohorts]
        answers = self._answers()
        answered = [draft for drafts in answers for draft in drafts]
        facts = [self._stated(draft) for draft in self.drafts if draft not in answered]
        file: dict[str, Any] = {"id": "generated", "name": "Generated", "facts": facts}
        if answers:
            file["answers"] = [self._block(drafts) for drafts in answers]
        if cohorts and choices.chance(80):
            file["cohort"] = choices.any_of(cohorts)
        if self.sources:
            file["sources"] = {source.id: stated_source(source) for source in self.sources.values()}
        return {**file, "not_found": not_found} if not_found else file

    def _earn(self) -> None:
        """Add answers that assess nothing, facts that make rules or all of the best fire, and facts that exempt."""
        methodology, choices = self.aims.methodology, self.choices
        unsure = [criterion for criterion in methodology.criteria if criterion.answered is not None]
        for question in choices.some(unsure, 1, 4) if unsure and choices.chance(85) else ():
            self._leave_open(question)
        if choices.chance(20):
            for criterion in methodology.criteria:
                adds = criterion.hit_policy is HitPolicy.COLLECT_SUM
                for rule in criterion.rules if adds else criterion.rules[:1]:
                    if rule.points > 0:
                        self._satisfy(rule.when)
        else:
            more = choices.between(0, min(max(len(methodology.criteria) - 4, 0), 5))
            for _ in range(choices.one((5, 4, 6, 3, 7, 2, 1, 0)) + more):
                self._satisfy(choices.any_of(choices.any_of(methodology.criteria).rules).when)
        exemptions = [when for _, name, when in methodology.asked if name == NOT_APPLICABLE]
        if exemptions and choices.chance(35):
            self._satisfy(choices.any_of(exemptions))
        if methodology.as_of is not None and not self.without_sources and choices.chance(35):
            self._publish_late()

    def _publish_late(self) -> None:
        """Add facts that make a rule fire if the cut-off does not keep them out."""
        methodology, others = self.aims.methodology, len(self.drafts)
        self._satisfy(self.choices.any_of(self.choices.any_of(methodology.criteria).rules).when)
        assert methodology.as_of is not None
        published = methodology.as_of + timedelta(days=1)
        late = Source(self._fresh_id(), methodology.accepted_sources[0], published)
        for draft in self.drafts[others:]:
            draft.source = self.sources[late.id] = late

    def _leave_open(self, question: Criterion) -> None:
        """Add an answer that does not assess a question."""
        answered = question.answered
        assert answered is not None
        asked = conditions_of(question.rules[0].when)[0]
        names = {test.field for test in answered.tests}
        tests = [evolve(test, test=evolve(test.test, negated=False)) for test in answered.tests]
        kept = [test for test in asked.tests if test.field not in names]
        self._add(evolve(asked, tests=(*kept, *tests)))

    def _repeat(self) -> None:
        """Add some facts again for another time and with another value, where a later one counts in their place."""
        by_id, choices = self.aims.methodology.vocabulary.by_id, self.choices
        for draft in list(self.drafts):
            fact_type = by_id[draft.type]
            if fact_type.selection is not Selection.BEST and choices.chance(50):
                held = dict(draft.held)
                others = [own.id for own in fact_type.fields if not own.key]
                if others and choices.chance(80):
                    name = choices.any_of(others)
                    held[name] = choices.any_of(self.aims.options(draft.type, name))
                time = choices.any_of(self.aims.times(draft.type))
                self.drafts.append(evolve(draft, held=held, time=time))
            if fact_type.selection is Selection.SINGLE and choices.chance(15):
                self.drafts.append(evolve(draft, locator="another page"))

    def _settle(self) -> None:
        """Leave out facts that would contradict others where each key has a single answer; or let them not count."""
        by_id, kept = self.aims.methodology.vocabulary.by_id, dict[Any, Draft]()
        for draft in list(self.drafts):
            keys = [draft.held[own.id] for own in by_id[draft.type].fields if own.key]
            if by_id[draft.type].selection is not Selection.SINGLE or draft.source is None:
                continue
            about = (draft.type, draft.entity, draft.time.day or date.min, *keys)
            if kept.setdefault(about, draft).held != draft.held:
                self.drafts.remove(draft)
                if self.choices.chance(25):
                    self.drafts.append(evolve(draft, source=None))

    def _answers(self) -> list[list[Draft]]:
        """Return facts that are written in the compact form of answers; in each list every question comes once."""
        blocks: list[list[Draft]] = []
        for fact_type in self.aims.methodology.vocabulary.fact_types:
            if len(fact_type.fields) != 2 or not self.choices.chance(60):
                continue
            question, answer = sorted(fact_type.fields, key=lambda own: not own.key)
            if not question.key or question.type is not FieldType.ENUM or question.optional:
                continue
            if answer.key or answer.optional:
                continue
            found: dict[Any, Draft] = {}
            for draft in (draft for draft in self.drafts if draft.type == fact_type.id):
                if draft.held[question.id].is_exact and draft.held[answer.id].is_exact:
                    found.setdefault(draft.held[question.id].value, draft)
            blocks += [list(found.values())] if found else []
        return blocks

    def _block(self, drafts: list[Draft]) -> dict[str, Any]:
        """Return answers in their compact form; entries that all of them share are written once."""
        fields = self.aims.methodology.vocabulary.by_id[drafts[0].type].fields
        question, answer = sorted(fields, key=lambda own: not own.key)
        stated = [self._stated(draft) for draft in drafts]
        values = [facts.pop(draft.type) for draft, facts in zip(drafts, stated, strict=True)]
        shared = {key: value for key, value in stated[0].items() if all(s.get(key) == value for s in stated)}
        block: dict[str, Any] = {"fact": drafts[0].type, "values": {}, **shared}
        for named, facts in zip(values, stated, strict=True):
            own = {key: value for key, value in facts.items() if key not in shared}
            said = named[answer.id]
            block["values"][named[question.id]] = {"is": said, **own} if own else said
        return block

    def _satisfy(self, when: When, *, wanted: bool = True) -> None:
        match when:
            case Condition():
                if wanted:
                    self._add(when)
            case Count():
                if wanted:
                    self._add_several(when)
            case AllOf(parts) | AnyOf(parts) | NoneOf(parts):
                every = wanted != isinstance(when, AnyOf)
                for part in parts if every else [self.choices.any_of(parts)]:
                    self._satisfy(part, wanted=wanted != isinstance(when, NoneOf))

    def _add(self, condition: Condition, *, present: Iterable[str] = ()) -> Draft:
        draft = self._draft(condition, frozenset(present))
        self.drafts.append(draft)
        return draft

    def _add_several(self, count: Count) -> None:
        wanted = min(count.at_least, 5) - (1 if self.choices.chance(15) else 0)
        used: set[Any] = set()
        for number in range(wanted):
            draft = self._add(count.of, present={count.distinct} if count.distinct else ())
            draft.locator = None if self.choices.chance(10) else f"p. {number}"
            if count.distinct in draft.held:
                tests = [t for t in count.of.tests if t.field == count.distinct]
                fitting = self.aims.fitting(draft.type, count.distinct, tests)
                fresh = [held for held in fitting.exact if held.value not in used]
                draft.held[count.distinct] = self.choices.any_of(fresh) if fresh else draft.held[count.distinct]
                used.add(draft.held[count.distinct].value)
            elif count.distinct == "entity":
                draft.entity = f"part {number}"
            elif count.distinct == "period":
                times = [t for t in self.aims.times(draft.type) if t.period and t.period.end not in used]
                draft.time = self.choices.any_of(times) if times else draft.time
                used.add(draft.time.period and draft.time.period.end)

    def _join(self, derivation: Derivation) -> None:
        """Add facts that a derivation can join: with equal join fields, and with the values that its formulas read."""
        read = [reading for a in derivation.assignments if a.is_formula for reading in _readings(a.value)]
        own_keys = [key for key in derivation.join if key not in ("period", "entity")]
        first: Draft | None = None
        for name, condition in derivation.inputs:
            present = [*own_keys, *(reading.field for reading in read if reading.input == name)]
            draft = self._add(condition, present=present)
            if first is None:
                first = draft
                if "period" in derivation.join and draft.time.period is None:
                    times = [time for time in self.aims.times(draft.type) if time.period]
                    draft.time = self.choices.any_of(times) if times else draft.time
                if "entity" in derivation.join:
                    draft.entity = draft.entity or "unit"
            if "period" in derivation.join or self.choices.chance(50):
                draft.time = first.time
            if "entity" in derivation.join or self.choices.chance(50):
                draft.entity = first.entity
            for key in own_keys:
                if self.aims.field(draft.type, key) == self.aims.field(first.type, key):
                    draft.held[key] = first.held[key]

    def _draft(self, condition: Condition, present: frozenset[str]) -> Draft:
        type_id, choices = condition.fact_type, self.choices
        fields = self.aims.methodology.vocabulary.by_id[type_id].fields
        return Draft(
            type_id,
            {own.id: self._held(condition, own.id, own.id in present) for own in fields},
            self._time(condition),
            self._basis(condition),
            self._entity(condition),
            None if self.without_sources or choices.chance(4) else self._source(condition),
        )

    def _tests(self, condition: Condition, name: str) -> list[FieldTest]:
        """Return the tests on a field that the fact must pass; sometimes none."""
        tests = [test for test in condition.tests if test.field == name]
        return [] if tests and self.choices.chance(_MISSES) else tests

    def _held(self, condition: Condition, name: str, present: bool) -> Held:
        tests = self._tests(condition, name)
        fitting = self.aims.fitting(condition.fact_type, name, tests)
        exact, bounded, other, missing = fitting.exact, fitting.bounded, fitting.other, fitting.missing
        if present:
            kinds = [exact, exact, exact, bounded]
        elif tests:
            kinds = [exact, exact, exact, bounded, bounded, other]
        else:
            kinds = [missing, missing, missing, exact, exact, bounded, other]
        kinds = [kind for kind in kinds if kind] or [list(fitting.all or self.aims.options(condition.fact_type, name))]
        return self.choices.any_of(self.choices.any_of(kinds))

    def _time(self, condition: Condition) -> Time:
        tests = self._tests(condition, "period")
        straddling = self.aims.straddling(condition.fact_type, tests)
        if straddling and self.choices.chance(35):
            return self.choices.any_of(straddling)
        inside = not self.choices.chance(_MISSES)
        times = self.aims.times(condition.fact_type, tests, inside=inside)
        return self.choices.any_of(times or (Time(),))

    def _basis(self, condition: Condition) -> str:
        tests = self._tests(condition, "basis")
        bases = [basis.value for basis in Basis if basis is not Basis.HYPOTHETICAL or self.choices.chance(40)]
        fitting = [b for b in bases if all(self.aims.passes(t, condition.fact_type, Held(b)) for t in tests)]
        return self.choices.any_of(fitting or bases) if tests or self.choices.chance(30) else bases[0]

    def _entity(self, condition: Condition) -> str | None:
        tests = self._tests(condition, "entity")
        entities = [None, *self.aims.texts("entity"), "unit"]
        fitting = [e for e in entities if all(self.aims.passes(t, condition.fact_type, Held(e)) for t in tests)]
        return self.choices.any_of(fitting or entities) if tests or self.choices.chance(30) else None

    def _source(self, condition: Condition) -> Source:
        """Return a source of the methodology, one that was cited before, or a new one."""
        choices, methodology = self.choices, self.aims.methodology
        tests = [t for name in ("id", "type", "published") for t in self._tests(condition, _EVIDENCE[name])]
        hits = not choices.chance(_MISSES)
        types = methodology.accepted_sources if hits else methodology.vocabulary.source_types
        known = [*self.sources.values(), *(Source(s.id, s.type, s.published) for s in methodology.bibliography)]
        cut_off = methodology.as_of
        known = [s for s in known if s.type in types and self._passes(s, tests, condition)]
        known = [s for s in known if not (hits and s.is_late(cut_off))]
        if known and choices.chance(60):
            return choices.any_of(known)
        taken, fresh = self._taken_ids(), self._fresh_id()
        named = [text for text in self.aims.texts("evidence.source") if _NAME.fullmatch(text) and text not in taken]
        new = Source(fresh, types[0], None)
        for name, options in (("id", [fresh, *named]), ("type", types), ("published", self.aims.publication_days)):
            about = [test for test in tests if test.field == _EVIDENCE[name]]
            made = [Source(**{**asdict(new, recurse=False), name: option}) for option in options]
            fitting = [source for source in made if self._passes(source, about, condition)]
            fitting = [source for source in fitting if not (hits and source.is_late(cut_off))]
            if fitting:
                new = choices.any_of(fitting)
        if new.published is None and cut_off is not None and choices.chance(30):
            new = evolve(new, accessed=cut_off + timedelta(days=choices.between(0, 1)))
        self.sources[new.id] = new
        return new

    def _taken_ids(self) -> set[str]:
        return {*self.sources, *(source.id for source in self.aims.methodology.bibliography)}

    def _fresh_id(self) -> str:
        taken = self._taken_ids()
        return next(f"source-{n}" for n in range(1000) if f"source-{n}" not in taken)

    def _passes(self, source: Source, tests: Sequence[FieldTest], condition: Condition) -> bool:
        holds = {_EVIDENCE[name]: Held(getattr(source, name)) for name in _EVIDENCE}
        return all(self.aims.passes(test, condition.fact_type, holds[test.field]) for test in tests)

    def _is_passed(self, condition: Condition) -> bool:
        return any(self._draft_passes(draft, condition) for draft in self.drafts)

    def _is_bounded(self, condition: Condition) -> bool:
        """Whether a fact states bounds for a field that a condition tests."""
        drafts = [draft for draft in self.drafts if draft.type == condition.fact_type]
        held = (draft.read(test.field).value for draft in drafts for test in condition.tests)
        return any(isinstance(value, Interval) and not value.is_point for value in held)

    def _draft_passes(self, draft: Draft, condition: Condition) -> bool:
        return draft.type == condition.fact_type and all(
            self.aims.truly_passes(test, draft.type, draft.read(test.field)) for test in condition.tests
        )

    def _stated(self, draft: Draft) -> dict[str, Any]:
        fields = self.aims.methodology.vocabulary.by_id[draft.type].fields
        values = {own.id: stated_value(value, own) for own in fields if (value := draft.held[own.id].value) is not None}
        period = draft.time.period
        stated = {
            draft.type: values,
            "period": period and (int(period.text) if period.text.isdigit() else period.text),
            "as_of": draft.time.as_of,
            "basis": draft.basis if draft.basis != Basis.REPORTED.value else None,
            "entity": draft.entity,
            "locator": draft.locator,
            "source": draft.source and draft.source.id,
            "disclosed": [own.id for own in fields if draft.held[own.id].disclosed] or None,
        }
        return {key: value for key, value in stated.items() if value is not None}


def _readings(formula: Formula | Any) -> list[Operand]:
    match formula:
        case Operand():
            return [formula]
        case Operation(_, left, right):
            return [*_readings(left), *_readings(right)]
        case _:
            return []
