"""Warnings about the facts of a company: one function for each code."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from attrs import evolve

from cleancloud_rules.analysis.lint.derivations import failing_derivations
from cleancloud_rules.analysis.lint.warnings import at_fact, at_value, warning
from cleancloud_rules.diagnostics.collector import listed
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location
from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.engine import selection
from cleancloud_rules.engine.eligibility import after_cut_off, outside_window, was_there, why_not
from cleancloud_rules.language.load.added_facts import fully_identified
from cleancloud_rules.language.wording import day_text
from cleancloud_rules.model.cells import fact_passes
from cleancloud_rules.model.conditions import Condition, FieldTest, Members, SetMode, conditions_of
from cleancloud_rules.model.facts import Company, Fact, FactType, ResponseStatus, Selection
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.texts import odd_space
from cleancloud_rules.model.values import FieldType, Interval, Value
from cleancloud_rules.scoring.cut_off import of_company

Analysis = Callable[[Company, Methodology], Iterator[Diagnostic]]


def analyse_facts(companies: Iterable[Company], methodology: Methodology) -> tuple[Diagnostic, ...]:
    """Return warnings about what companies state, in their order. What several share is reported once."""
    dated = ((company, of_company(company, methodology)) for company in companies)
    found = (warned for company, own in dated for analysis in ANALYSES for warned in analysis(company, own))
    return tuple(dict.fromkeys(found))


def uncounted(company: Company, methodology: Methodology) -> Iterator[Diagnostic]:
    """A fact never counts, so it earns nothing.

    Facts outside the window and after the cut-off may be kept on purpose and give no warning.
    """
    for fact in company.facts:
        if after_cut_off(fact, methodology) is not None:
            continue
        reason = why_not(fact, methodology, with_hypothetical=True)
        has_time = fact.period is not None or fact.as_of is not None
        is_accepted = fact.source is not None and fact.source.type in methodology.accepted_sources
        if reason is not None and fact.node is not None and not (is_accepted and has_time):
            yield warning("fact-never-counts", f"this fact does not count: {reason}", at_fact(fact))


def overlapping(company: Company, methodology: Methodology) -> Iterator[Diagnostic]:
    """The period of a fact overlaps the window of its type, and the fact does not count."""
    windows = dict(methodology.windows)
    for fact in (fact for fact in company.facts if fact.period is not None and fact.node is not None):
        window = windows[methodology.vocabulary.by_id[fact.type].horizon]
        assert fact.period is not None and fact.node is not None
        begins_before_end = window.end is None or fact.period.start <= window.end
        ends_after_start = window.start is None or fact.period.end >= window.start
        reason = outside_window(fact, methodology)
        counts_else = why_not(fact, methodology, with_hypothetical=True) == reason
        if reason is not None and counts_else and begins_before_end and ends_after_start:
            message = f"this fact does not count although its period overlaps the window: {reason}"
            yield warning("period-overlaps-window", message, fact.node.value_location("period"))


def undated(company: Company, methodology: Methodology) -> Iterator[Diagnostic]:
    """A source of a fact that counts may have been published after the cut-off.

    The methodology's own sources give no warning, because whoever set the cut-off chose them.
    """
    cut_off, own = methodology.as_of, {source.id for source in methodology.bibliography}
    for fact in company.facts:
        source = fact.source
        if cut_off is None or source is None or source.node is None or source.id in own:
            continue
        if was_there(source, cut_off) is not None:
            continue
        if why_not(fact, methodology, with_hypothetical=False) is None:
            when = day_text(source.published)
            stated = "has no date of publication" if when is None else f"was published in {when}"
            maybe = f"so that it may be later than the cut-off on {cut_off}"
            message = f"the source `{source.id}` {stated}, {maybe}; its facts count"
            where = source.node.location if when is None else at_value(source.node, "published")
            yield warning("undated-source", message, where, "state the day in `published`, or in `accessed`")


def lone(company: Company, methodology: Methodology) -> Iterator[Diagnostic]:
    """A fact is stated, and the fact that it implies is not."""
    for implication in methodology.vocabulary.implications:
        given = _passing(company, implication.given, methodology)
        if given and given[0].node is not None and not _passing(company, implication.then, methodology):
            message = f"this fact implies a fact that passes `{implication.then}`, but none is stated"
            yield warning("implied-fact-missing", message, at_fact(given[0]))


def contradicting(company: Company, methodology: Methodology) -> Iterator[Diagnostic]:
    """Two facts that count say different things of the same: they differ in one field and in nothing else.

    Facts whose key is not known exactly may be about different things. Facts with a single answer for each key are left
    to `differing_answers`.
    """
    first: dict[tuple[Any, ...], tuple[Fact, Value]] = {}
    stated_facts = (fact for fact in company.facts if fact.node is not None)
    for fact in sorted(stated_facts, key=lambda fact: at_fact(fact).sort_key):
        if fact.is_hypothetical or why_not(fact, methodology, with_hypothetical=False) is not None:
            continue
        fact_type = methodology.vocabulary.by_id[fact.type]
        if fact_type.selection is Selection.SINGLE or not selection.has_exact_key(fact, fact_type):
            continue
        time = (fact.period.start, fact.period.end) if fact.period is not None else fact.as_of
        for name in _measures(fact_type):
            value = fact.get(name)
            if value is None:
                continue
            same = tuple((other.id, fact.get(other.id)) for other in fact_type.fields if other.id != name)
            before, stated = first.setdefault((fact.type, fact.entity, time, name, same), (fact, value))
            if _exclude(value, stated):
                message = f"this fact contradicts the one at {at_fact(before)}: they differ in `{name}` alone"
                help = "keep the right one, or state what tells them apart, such as the period or the entity"
                yield warning("contradicting-facts", message, at_fact(fact), help)


def differing_answers(company: Company, methodology: Methodology) -> Iterator[Diagnostic]:
    """Facts that count contradict each other where a fact type has a single answer for each key: an error."""
    counting = (fact for fact in company.facts if why_not(fact, methodology, with_hypothetical=False) is None)
    yield from selection.contradicting(company, selection.contradictions(counting))


def unapplied(company: Company, _: Methodology) -> Iterator[Diagnostic]:
    """A response is accepted, and the facts of the company do not say what it says."""
    stated = {fully_identified(fact).id for fact in company.facts}
    ids = {fact.id for fact in company.facts}
    for response in company.responses:
        if response.status is not ResponseStatus.ACCEPTED or response.node is None:
            continue
        missing = [fact.id for fact in response.facts if fully_identified(fact).id not in stated]
        kept = [id for id in response.disputes if id in ids]
        said = [f"does not state {listed(missing)}"] if missing else []
        said += [f"still states {listed(kept)}"] if kept else []
        if said:
            message = f"the response `{response.id}` is accepted, and the company {' and '.join(said)}"
            help = "change the facts of the company, or the status of the response"
            yield warning("accepted-not-stated", message, at_value(response.node, "status"), help)


def _measures(fact_type: FactType) -> list[str]:
    """Return the fields that measure: a fact states one value of each.

    Texts and sets describe. So do names and booleans of a type without key fields, unless they improve.
    """
    has_key = any(field.key for field in fact_type.fields)
    return [
        field.id
        for field in fact_type.fields
        if not field.key
        and field.type not in (FieldType.TEXT, FieldType.SET)
        and (has_key or field.type.is_ordered or field.better is not None)
    ]


def _exclude(value: Value, other: Value) -> bool:
    """Whether two values cannot both be true."""
    one, another = (v if isinstance(v, Interval) else Interval(v, v) for v in (value, other))  # type: ignore[arg-type]
    if not isinstance(value, Interval) and not isinstance(other, Interval):
        return value != other
    return _is_below(one, another) or _is_below(another, one)


def _is_below(one: Interval, other: Interval) -> bool:
    high: Any = one.high
    low: Any = other.low
    if high is None or low is None:
        return False
    return bool(high < low or (high == low and (one.high_open or other.low_open)))


def apart(company: Company, methodology: Methodology) -> Iterator[Diagnostic]:
    """No fact has all names that a condition asks of a set, and several facts that pass its other tests have them."""
    for criterion in methodology.criteria:
        conditions = (condition for rule in criterion.rules for condition in conditions_of(rule.when))
        found = ((condition, _apart(condition, company, methodology)) for condition in dict.fromkeys(conditions))
        condition, facts = next(((one, facts) for one, facts in found if facts), (None, []))
        if facts:
            who = f"criterion `{criterion.id}` asks one fact for `{condition}`"
            message = f"{who}; no fact has all the names, and this one has them together with others"
            yield warning(
                "names-apart", message, at_fact(facts[0]), "if the source says it as one thing, state one fact"
            )


def _apart(condition: Condition, company: Company, methodology: Methodology) -> list[Fact]:
    """Return the facts that count and have together, but not alone, all names that a condition asks of a set."""
    for test, names in _asking_all(condition):
        others = evolve(condition, tests=tuple(other for other in condition.tests if other is not test))
        sets = {
            fact: value & names
            for fact in _passing(company, others, methodology)
            if fact.node is not None and isinstance(value := fact.get(test.field), frozenset) and value & names
            if why_not(fact, methodology, with_hypothetical=False) is None
        }
        if names not in sets.values() and names == frozenset().union(*sets.values()):
            return sorted(sets, key=lambda fact: at_fact(fact).sort_key)
    return []


def _asking_all(condition: Condition) -> Iterator[tuple[FieldTest, frozenset[str]]]:
    """Yield the tests of a condition that ask a set for several names, with the names."""
    for test in condition.tests:
        match test.test.alternatives:
            case (Members(SetMode.ALL, names),) if not test.test.negated and len(names) > 1:
                yield test, names


def odd_spaces(company: Company, methodology: Methodology) -> Iterator[Diagnostic]:
    """A text that is compared has a space that a reader does not see, so it equals no text without it."""
    for text, where in _compared(company, methodology):
        found = odd_space(text)
        if found is not None:
            message = f"this text has {found}, so that it differs from the text that it looks like"
            yield warning("odd-space", message, where, "write single plain spaces between words")


def _compared(company: Company, methodology: Methodology) -> Iterator[tuple[str, Location]]:
    if company.node is not None:
        yield company.name, company.node.value_location("name")
        for index, alias in enumerate(company.aliases):
            yield alias, company.node.value_location("aliases", index)
    for fact in (fact for fact in company.facts if fact.node is not None):
        assert fact.node is not None
        if fact.entity is not None:
            yield fact.entity, fact.node.value_location("entity")
        stated = fact.node.get(fact.type)
        for field in methodology.vocabulary.by_id[fact.type].fields:
            value = fact.get(field.id)
            if field.type is FieldType.TEXT and isinstance(value, str) and isinstance(stated, MappingNode):
                yield value, stated.value_location(field.id)


ANALYSES: tuple[Analysis, ...] = (
    uncounted,
    overlapping,
    undated,
    lone,
    contradicting,
    differing_answers,
    failing_derivations,
    odd_spaces,
    apart,
    unapplied,
)
"""The analyses, in the order of their explanations in the reference."""


def _passing(company: Company, condition: Condition, methodology: Methodology) -> list[Fact]:
    fact_type = methodology.vocabulary.by_id[condition.fact_type]
    fields = {test.field: methodology.vocabulary.field_of(fact_type.id, test.field) for test in condition.tests}
    known = {name: own for name, own in fields.items() if own is not None}
    return [fact for fact in company.facts if fact_passes(fact, condition, known)]
