"""Candidates for test cases: generated companies that are aimed at a mutant, as plain data."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen

from cleancloud_rules.cases.mutation.mutants import Mutant
from cleancloud_rules.generators.boundary_values import Aims
from cleancloud_rules.generators.choices import Choices, Seeded
from cleancloud_rules.generators.companies import generated_company
from cleancloud_rules.generators.serialise import stated_condition, stated_fact, stated_value
from cleancloud_rules.model.conditions import AllOf, AnyOf, Count, NoneOf, When, conditions_of
from cleancloud_rules.model.exact import add, multiply, unit
from cleancloud_rules.model.facts import Company, Field, Source
from cleancloud_rules.model.groups import Combining
from cleancloud_rules.model.methodology import Criterion, Group, Methodology, Rule
from cleancloud_rules.model.tree import dependencies, structure_of
from cleancloud_rules.model.values import FieldType, Id, Interval
from cleancloud_rules.scoring.points import earned_of

_SCANNED = 5000
"""The maximum number of numbers that are tried for points in proportion."""

_VALUES = 6
"""How many values are taken that only one of two tests accepts."""

_TUNED = 4
"""How many numbers are taken for which the points differ."""

Data = dict[str, Any]
"""A company as its file states it."""


def aimed_at(mutant: Mutant, original: Methodology) -> Methodology:
    """Return a methodology whose rules ask what a mutant and the original ask, so that companies are aimed at both.

    It has the conditions of what the mutant changes, each also alone, and the criteria on which that depends.
    """
    asked = [w for m in (original, mutant.methodology) for owner, _, w in m.asked if owner == mutant.owner]
    tree = structure_of(original)
    others = [tree.criteria[id] for id in sorted(dependencies(mutant.owner, tree)) if id in tree.criteria]
    some = next(rule for criterion in original.criteria for rule in criterion.rules)
    first = next((c for c in others if c.id == mutant.owner), others[0])
    target = evolve(first, rules=_rules(some, asked)) if asked else first
    criteria = (target, *(criterion for criterion in others if criterion is not first))
    group = Group(id=Id("aimed"), title="", criteria=tuple(_free(criterion) for criterion in criteria))
    return evolve(original, categories=(group,), combining=Combining(), tables=(), rank_by=("total",))


def _rules(some: Rule, asked: Iterable[When]) -> tuple[Rule, ...]:
    alone = [when for whole in asked for when in (whole, *conditions_of(whole))]
    return tuple(evolve(some, id=Id(f"rule_{number}"), when=when) for number, when in enumerate(dict.fromkeys(alone)))


def _free(criterion: Criterion) -> Criterion:
    return evolve(criterion, requires=(), level=None)


def generated(methodology: Methodology, seed: int) -> Iterator[Data]:
    """Yield companies whose facts are aimed at the rules of a methodology, without end."""
    aims = Aims(methodology)
    while True:
        yield generated_company(aims, Seeded(seed))
        seed += 1


def data_of(company: Company, methodology: Methodology) -> Data:
    """Return a company as its file states it, with the sources that it cites."""
    vocabulary = methodology.vocabulary
    known = {source.id for source in methodology.bibliography}
    cited = [*(fact.source for fact in company.facts), *(entry.source for entry in company.not_found)]
    made: Data = {"id": "example", "name": "Example"}
    if company.cohort is not None:
        made["cohort"] = company.cohort
    sources = {s.id: _stated_source(s) for s in cited if s is not None and s.id not in known}
    if sources:
        made["sources"] = sources
    made["facts"] = [stated_fact(fact) for fact in company.facts]
    missing = []
    for entry in company.not_found:
        tests = entry.condition.tests
        fields = {t.field: vocabulary.field_of(entry.condition.fact_type, t.field) for t in tests}
        stated = stated_condition(entry.condition, {name: own for name, own in fields.items() if own is not None})
        beside = {"basis": entry.basis.value, "source": entry.source and entry.source.id}
        missing.append({**stated, **{key: value for key, value in beside.items() if value is not None}})
    return {**made, "not_found": missing} if missing else made


def _stated_source(source: Source) -> Data:
    published = source.published
    if isinstance(published, Interval):
        assert isinstance(published.low, date)
        return {"type": source.type, "published": published.low.year}
    return {"type": source.type, "published": "unknown" if published is None else published}


@frozen
class Fragments:
    """Parts of companies that are put together to further companies.

    Args:
        methodology: the methodology.
        companies: the companies.
    """

    methodology: Methodology
    companies: list[Data]

    def varied(self, company: Data, choices: Choices) -> Data:
        """Return a company with some facts added, removed or changed."""
        facts, sources = list(company.get("facts", ())), dict(company.get("sources", {}))
        for _ in range(choices.one((1, 1, 2, 3))):
            turn = choices.below(3)
            if turn == 0 and facts:
                facts.pop(choices.below(len(facts)))
            elif turn == 1 and facts:
                index = choices.below(len(facts))
                facts[index] = self._changed(facts[index], choices)
            else:
                other = choices.any_of(self.companies)
                added = other.get("facts", ())
                if added:
                    facts.append(choices.any_of(added))
                    sources |= other.get("sources", {})
        return {**company, "facts": facts, **({"sources": sources} if sources else {})}

    def _changed(self, fact: Data, choices: Choices) -> Data:
        """Return a fact with one of its numbers moved by one, two or five steps of some size."""
        by_id = self.methodology.vocabulary.by_id
        type_id = next(key for key in fact if key in by_id)
        numbers = [
            own for own in by_id[type_id].fields
            if own.type.is_computable and _number(fact[type_id].get(own.id)) is not None
        ]  # fmt: skip
        if not numbers:
            return fact
        own = choices.any_of(numbers)
        number = _number(fact[type_id][own.id])
        assert number is not None
        size = multiply(unit(own.digits), Decimal(10) ** choices.below(own.digits + 3))
        moved = add(number, multiply(size, Decimal(choices.one((1, -1, 2, -2, 5, -5)))))
        return _with_number(fact, type_id, own, moved)


def _number(stated: Any) -> Decimal | None:
    if isinstance(stated, str):
        stated = stated.split(" ")[0]
        return Decimal(stated) if stated.replace(".", "", 1).lstrip("-").isdigit() else None
    if isinstance(stated, bool) or not isinstance(stated, int | Decimal):
        return None
    return Decimal(stated)


def fitted(mutant: Mutant, original: Methodology, companies: Iterable[Data]) -> Iterator[Data]:
    """Yield companies that are changed so that they can tell a mutant which random companies hardly tell.

    Where a rule counts facts, companies have as many as it asks for, one less and one more. Where points are in
    proportion to a number, they have numbers for which the mutant gives other points. Where a test was changed, they
    have values that only one of the two tests accepts.
    """
    asked = [w for m in (original, mutant.methodology) for owner, _, w in m.asked if owner == mutant.owner]
    counts = dict.fromkeys(count for when in asked for count in _counts(when))
    tuned = dict.fromkeys(_telling_numbers(mutant, original))
    values = _telling_values(mutant, original)
    for company in companies:
        for count in counts:
            yield from _repeated(company, count, original)
        for type_id, name, number in tuned:
            own = original.vocabulary.field_of(type_id, name)
            assert own is not None
            facts = [_with_number(fact, type_id, own, number) for fact in company.get("facts", ())]
            yield {**company, "facts": facts}
        for type_id, name, value in values:
            facts = [
                {**fact, type_id: {**fact[type_id], name: value}} if type_id in fact else fact
                for fact in company.get("facts", ())
            ]
            yield {**company, "facts": facts}


def simplifications(company: Data) -> Iterator[Callable[[Data], Data]]:
    """Yield changes that make a company simpler: facts without what is optional, and exact values for bounded ones."""
    for index, fact in enumerate(company.get("facts", ())):
        for key in ("basis", "entity", "locator"):
            if key in fact:
                yield lambda data, index=index, key=key: _with_fact(  # type: ignore[misc]
                    data, index, {k: v for k, v in data["facts"][index].items() if k != key}
                )
        for type_id, values in fact.items():
            for name, value in values.items() if isinstance(values, dict) else ():
                for end in value.values() if isinstance(value, dict) else ():
                    for exact in end if isinstance(end, list) else [end]:
                        yield lambda data, index=index, type_id=type_id, name=name, exact=exact: _with_fact(  # type: ignore[misc]
                            data,
                            index,
                            {**data["facts"][index], type_id: {**data["facts"][index][type_id], name: exact}},
                        )


def _with_fact(company: Data, index: int, fact: Data) -> Data:
    facts = list(company["facts"])
    facts[index] = fact
    return {**company, "facts": facts}


def _counts(when: When) -> Iterator[Count]:
    match when:
        case Count():
            yield when
        case AllOf(parts) | AnyOf(parts) | NoneOf(parts):
            for part in parts:
                yield from _counts(part)


def _repeated(company: Data, count: Count, methodology: Methodology) -> Iterator[Data]:
    """Yield a company in which one fact of the type of a count is repeated, with other values of what is counted."""
    type_id = count.of.fact_type
    facts = company.get("facts", [])
    one = next((fact for fact in facts if type_id in fact), None)
    if one is None:
        return
    rest = [fact for fact in facts if type_id not in fact]
    own = None if count.distinct is None else methodology.vocabulary.field_of(type_id, count.distinct)
    values = own.values if own is not None and own.values else [f"place {n}" for n in range(1, count.at_least + 2)]
    for number in (count.at_least - 1, count.at_least, count.at_least + 1):
        copies = [{**one, "locator": f"p. {n}"} for n in range(1, number + 1)]
        if own is not None and own.type.is_worded:
            chosen = zip(copies, values, strict=False)
            copies = [{**fact, type_id: {**fact[type_id], own.id: value}} for fact, value in chosen]
        yield {**company, "facts": [*rest, *copies]}


def _telling_numbers(mutant: Mutant, original: Methodology) -> Iterator[tuple[str, str, Decimal]]:
    """Yield fact types, fields and numbers for which a changed rule in proportion gives other points."""
    owners = [c for m in (original, mutant.methodology) for c in m.criteria if c.id == mutant.owner]
    if len(owners) < 2:
        return
    for before, after in zip(owners[0].rules, owners[1].rules, strict=False):
        old, new = before.in_proportion, after.in_proportion
        if old is None or new is None or (before.points, old) == (after.points, new):
            continue
        own = original.vocabulary.field_of(old.fact_type, old.field)
        assert own is not None
        low, high = min(*old.over, *new.over), max(*old.over, *new.over)
        step = unit(own.digits)
        while (high - low) / step > _SCANNED:
            step *= 2
        found, number = 0, low
        while number <= high and found < _TUNED:
            points = [
                earned_of(rule, proportion, Fraction(number), original.rounding)
                for rule, proportion in ((before, old), (after, new))
            ]
            if points[0] != points[1]:
                found += 1
                yield old.fact_type, old.field, number
            number = add(number, step)


def _telling_values(mutant: Mutant, original: Methodology) -> list[tuple[str, str, Any]]:
    """Return fact types, fields and values that pass a changed test and not the original one, or the reverse."""
    if mutant.conditions is None:
        return []
    aims = Aims(aimed_at(mutant, original))
    found: list[tuple[str, str, Any]] = []
    before, after = ({test.field: test for test in condition.tests} for condition in mutant.conditions)
    type_id = mutant.conditions[0].fact_type
    fields = original.vocabulary.by_id[type_id]
    for name in before:
        own = fields.get(name)
        if before[name] == after.get(name) or own is None:
            continue
        for held in aims.options(type_id, name):
            passes = [test is None or aims.passes(test, type_id, held) for test in (before[name], after.get(name))]
            if passes[0] != passes[1] and held.value is not None:
                found.append((type_id, name, stated_value(held.value, own)))
    return found[:_VALUES]


def _with_number(fact: Data, type_id: str, own: Field, number: Decimal) -> Data:
    if type_id not in fact:
        return fact
    return {**fact, type_id: {**fact[type_id], own.id: _stated(number, own)}}


def _stated(number: Decimal, own: Field) -> Any:
    if own.type is FieldType.QUANTITY:
        return f"{number:f} {own.unit}"
    return int(number) if own.type in (FieldType.INTEGER, FieldType.YEAR) else number
