"""Makes the records of companies, facts, sources and notices that a scorecard contains."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from attrs import frozen

from cleancloud_rules.documents.extra_keys import Extra, extra_keys
from cleancloud_rules.documents.frozen_data import frozen_data
from cleancloud_rules.engine.firings import Counted, Firings
from cleancloud_rules.language.calculations import calculations_of
from cleancloud_rules.language.wording import (
    condition_in_words,
    day_text,
    fact_as_sentence,
    fact_in_words,
    value_as_stated,
)
from cleancloud_rules.model.cells import fact_passes
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.facts import Company, Fact, FactValues, Field, NotFound, Source
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.published import Contradiction, PublishedRow
from cleancloud_rules.model.values import FieldType, Value
from cleancloud_rules.on_demand import Template, is_made, like
from cleancloud_rules.results.records import (
    CompanyRecord,
    ContradictionRecord,
    FactRecord,
    MethodologyRecord,
    NoticeRecord,
    PublishedRecord,
    SearchRecord,
    SourceRecord,
)

KEPT_TEMPLATES = 512
"""How many templates of records of facts are kept."""

KEPT_VALUES = 4096
"""For how many values of facts what they say is kept."""

_Told = tuple[tuple[tuple[str, Any], ...], str, str | None]
"""The fields of a fact, all in words, and the fact as a sentence."""

SHORT = ("id", "fields", "text")
"""The fields in which the records of facts of one type, source and time differ, if they have no others of their own."""

OWN = ("id", "fields", "text", "locator", "note", "derived_from", "says", "calculations")
"""The fields in which the records of facts of one type, source and time differ."""


@frozen
class Depending:
    """What of a company may depend on a contradiction.

    Args:
        company: the company.
        facts: ids of its facts, each with the criteria to which it is relevant.
        searches: its searches without result, each with the criteria that it bears on.
    """

    company: Company
    facts: Mapping[str, Sequence[str]]
    searches: Mapping[NotFound, Sequence[str]]


class Recorder:
    """Makes the records of scorecards and rankings for one methodology."""

    def __init__(self, methodology: Methodology) -> None:
        self.methodology = methodology
        self._cohorts = dict(methodology.vocabulary.cohorts)
        references = (criterion.reference for criterion in methodology.criteria)
        self._kept: dict[int, tuple[FactValues, _Told]] = {}
        self._templates: dict[tuple[object, ...], Template] = {}
        self._references = {r.source.id: source_record(r.source) for r in references if r is not None}

    def methodology_record(self) -> MethodologyRecord:
        """Return the record of the methodology."""
        m = self.methodology
        as_of = None if m.as_of is None else m.as_of.isoformat()
        return MethodologyRecord(m.id, m.title, m.edition, m.publisher, m.sha256, as_of, extra_keys(m.node))

    def company(self, company: Company) -> CompanyRecord:
        """Return the record of a company."""
        title = self._cohorts.get(company.cohort) if company.cohort else None
        published = None if company.published_row is None else _published(company.published_row)
        return CompanyRecord(
            company.id, company.name, company.cohort, title, company.sha256, company.aliases, published,
            extra_keys(company.node),
        )  # fmt: skip

    def contradictions(
        self, found: Iterable[Contradiction], depending: Depending | None = None
    ) -> tuple[ContradictionRecord, ...]:
        """Return the records of contradictions, in their order.

        Args:
            found: the contradictions.
            depending: what of a company may depend on them; None if they are not those of a company.
        """
        return tuple(self._contradiction(c, depending) for c in found)

    def _contradiction(self, c: Contradiction, depending: Depending | None) -> ContradictionRecord:
        facts: list[str] = []
        searches: list[NotFound] = []
        criteria = set(c.criteria)
        if depending is not None:
            stated = depending.company.facts
            facts = sorted({fact.id for condition in c.facts for fact in self._passing(stated, condition)})
            searches = [entry for entry in depending.searches if entry.conditions in c.not_found]
            criteria.update(id for fact in facts for id in depending.facts.get(fact, ()))
            criteria.update(id for entry in searches for id in depending.searches[entry])
        return ContradictionRecord(
            c.id, c.title, c.says, c.data, c.why, c.topic, c.companies,
            tuple(criterion.id for criterion in self.methodology.criteria if criterion.id in criteria),
            c.claims, tuple(facts), tuple(map(str, searches)), c.page, extra_keys(c.node),
        )  # fmt: skip

    def _passing(self, facts: Iterable[Fact], condition: Condition) -> Iterator[Fact]:
        """Yield the facts that pass a condition and are not hypothetical."""
        fields = self.methodology.vocabulary.fields_of(condition)
        for fact in facts:
            own = fact.type == condition.fact_type and not fact.is_hypothetical
            if own and fact_passes(fact, condition, fields):
                yield fact

    def facts(self, counted: Sequence[Counted]) -> tuple[FactRecord, ...]:
        """Return the records of the facts of a company, each with whether it counts."""
        by_id = {one.fact.id: one.fact for one in counted}
        alike: dict[tuple[object, ...], Template] = {}
        return tuple([self._fact(one, by_id, alike) for one in counted])

    def _fact(
        self, counted: Counted, facts: Mapping[str, Fact], alike: dict[tuple[object, ...], Template]
    ) -> FactRecord:
        """Return the record of a fact.

        Args:
            counted: the fact.
            facts: the facts of the company by id.
            alike: what the records of earlier facts of the company are like.
        """
        fact = counted.fact
        fields, text, says = self._told(fact)
        made: FactRecord
        if fact.locator is fact.note is fact.derived_by is says is None:
            made = like(self._template(counted, SHORT, alike), (fact.id, fields, text))
        else:
            calculations = calculations_of(fact, facts, self.methodology.vocabulary)
            own = (fact.id, fields, text, fact.locator, fact.note, fact.derived_from, says, calculations)
            made = like(self._template(counted, OWN, alike), own)
        return made

    def _told(self, fact: Fact) -> _Told:
        """Return what the values of a fact say. Facts of plain data that are equal share their values."""
        values = fact.values
        kept = self._kept.get(id(values))
        if kept is not None and kept[0] is values and not fact.disclosed:
            return kept[1]
        vocabulary = self.methodology.vocabulary
        fields = vocabulary.by_id[fact.type].fields
        stated = tuple(
            [(field.id, _stated(value, field)) for field in fields if (value := values.get(field.id)) is not None]
        )
        told = stated, fact_in_words(fact, vocabulary), fact_as_sentence(fact, vocabulary)
        if not fact.disclosed:
            if len(self._kept) >= KEPT_VALUES:
                self._kept.clear()
            self._kept[id(values)] = values, told
        return told

    def _template(
        self, counted: Counted, names: tuple[str, ...], alike: dict[tuple[object, ...], Template]
    ) -> Template:
        """Return what the record of a fact is like. Facts of one type, source and time share it.

        Args:
            counted: the fact.
            names: the fields in which they differ.
            alike: what the records of earlier facts of the company are like.
        """
        fact = counted.fact
        # A fact that makes its node when it is read is one of plain data without keys of the user's own.
        extra = () if is_made(fact, "_maker") else extra_keys(fact.node)
        if extra:
            return Template(self._like(*self._shared(counted), extra=extra), names)
        # Most facts of a company share the very objects. To look at what these say takes longer.
        same = (
            names, fact.type, fact.disclosed, id(fact.period), fact.as_of, id(fact.basis), id(fact.source), fact.entity,
            fact.derived_by, counted.why_not,
        )  # fmt: skip
        found = alike.get(same)
        if found is None:
            shared = (names, *self._shared(counted))
            found = self._templates.get(shared)
            if found is None:
                if len(self._templates) >= KEPT_TEMPLATES:
                    self._templates.clear()
                found = self._templates[shared] = Template(self._like(*shared[1:]), names)
            alike[same] = found
        return found

    @staticmethod
    def _shared(
        counted: Counted,
    ) -> tuple[str, tuple[str, ...], str | None, str | None, str, str | None, str | None, str | None, str | None]:
        """Return what facts share whose records are alike."""
        fact = counted.fact
        return (
            fact.type,
            fact.disclosed,
            str(fact.period) if fact.period else None,  # equal periods can be written differently
            fact.as_of.isoformat() if fact.as_of else None,
            fact.basis.value,
            fact.source.id if fact.source else None,
            fact.entity,
            fact.derived_by,
            counted.why_not,
        )

    def _like(
        self,
        type_id: str,
        disclosed: tuple[str, ...],
        period: str | None,
        as_of: str | None,
        basis: str,
        source: str | None,
        entity: str | None,
        derived_by: str | None,
        why_not: str | None,
        extra: Extra = (),
    ) -> FactRecord:
        """Return a record without what is its own."""
        title, counts = self.methodology.vocabulary.by_id[type_id].title, why_not is None
        return FactRecord(
            "", type_id, title, (), "", disclosed, period, as_of, basis, source, None, entity, None, derived_by, (),
            counts, why_not, extra=extra,
        )  # fmt: skip

    def search(self, entry: NotFound, criteria: Iterable[str]) -> SearchRecord:
        """Return the record of a search without result, with the criteria that it bears on."""
        source = entry.source.id if entry.source else None
        basis, type_id = entry.basis.value, entry.condition.fact_type
        conditions = [condition_in_words(condition, self.methodology.vocabulary) for condition in entry.conditions]
        return SearchRecord(
            str(entry), type_id, basis, source, entry.locator, entry.note, tuple(criteria),
            " together with ".join(conditions),
        )  # fmt: skip

    def sources(self, company: Company, firings: Firings) -> tuple[SourceRecord, ...]:
        """Return every source that a fact, a search without result or a criterion cites, sorted by id."""
        cited = [*(counted.fact.source for counted in firings.facts), *(entry.source for entry in company.not_found)]
        found = {source.id: source for source in cited if source is not None and source.id not in self._references}
        records = {**self._references, **{id: source_record(source) for id, source in found.items()}}
        return tuple(records[id] for id in sorted(records))

    def notices(self, companies: Iterable[str], *, with_hypothetical: bool) -> tuple[NoticeRecord, ...]:
        """Return the notices of every output.

        Args:
            companies: the names of the companies that it is about; they fill the placeholder ``{company}``.
            with_hypothetical: whether hypothetical facts are read.
        """
        shown = [notice for notice in self.methodology.notices if with_hypothetical or not notice.hypothetical]
        named = companies_in_words(companies) if any(_COMPANY in notice.text for notice in shown) else ""
        return tuple(NoticeRecord(n.code, n.text.replace(_COMPANY, named), extra_keys(n.node)) for n in shown)


MAX_NAMED = 30
"""The maximum number of companies that a notice names; more are counted."""

_COMPANY = "{company}"


def companies_in_words(names: Iterable[str]) -> str:
    """Return the names of companies as a list with *or*, in the place of the name of one company.

    If there are no names, it is *the company*. If there are more than `MAX_NAMED`, it is their number.
    """
    found = list(dict.fromkeys(names))
    if len(found) > MAX_NAMED:
        return f"any of the {len(found):,} companies"
    *others, last = found or ["the company"]
    return f"{', '.join(others)} or {last}" if others else last


def _stated(value: Value, field: Field) -> Any:
    """Return a value as plain data that cannot be changed."""
    if (type(value) is str or type(value) is Decimal) and field.type is not FieldType.QUANTITY:
        return value  # as most values are
    stated = value_as_stated(value, field)
    return frozen_data(stated) if isinstance(stated, dict | list) else stated


def _published(row: PublishedRow) -> PublishedRecord:
    assert row.position is not None
    scores, points, words = tuple(row.scores.items()), tuple(row.points.items()), tuple(row.words.items())
    none = tuple(sorted(row.none))
    return PublishedRecord(row.position, row.rank, row.total, scores, points, words, none, row.ranked)


def source_record(source: Source) -> SourceRecord:
    """Return the record of a source."""
    return SourceRecord(
        source.id, source.type, source.title, source.publisher, day_text(source.published), day_text(source.accessed),
        source.url, source.archived, source.footnotes, source.note, source.public,
        extra_keys(source.node),
    )  # fmt: skip
