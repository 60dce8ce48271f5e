"""Self-contained records of facts, sources, methodologies and companies in results."""

from decimal import Decimal
from typing import Any

from attrs import frozen

from cleancloud_rules.documents.extra_keys import Extra
from cleancloud_rules.on_demand import OnDemand
from cleancloud_rules.one_line import one_line
from cleancloud_rules.results.from_data import Count, Rank
from cleancloud_rules.results.json import form

SCHEMA_VERSION = 1
"""The version of the JSON form of a scorecard. It increases if a key changes its meaning or is removed."""

PAIRS = ("scores", "points", "words")
"""The fields of published figures that JSON has as objects."""


@frozen(field_transformer=one_line)
class ReadValue:
    """A value that a formula read from one of the joined facts.

    Args:
        name: the reading, as the formula names it: ``input.field``.
        fact: id of the fact.
        value: the value in the form in which a company file states it.
        text: the value in words.
    """

    name: str
    fact: str
    value: Any
    text: str


@frozen(field_transformer=one_line)
class Calculation:
    """How a value of a derived fact was computed.

    Args:
        field: the field.
        formula: its formula.
        values: the values that the formula read, in its order, each once.
        text: the calculation with its numbers, as a sentence.
    """

    field: str
    formula: str
    values: tuple[ReadValue, ...]
    text: str


@frozen(field_transformer=one_line)
class FactRecord(OnDemand):
    """A fact in a scorecard.

    Args:
        id: id of the fact.
        type: id of its fact type.
        title: title of its fact type.
        fields: names and values in the form in which a company file states them, without disclosed fields.
        text: the fields in words.
        disclosed: fields that were published but whose value is not at hand.
        period: the time that it is about.
        as_of: the day on which it was true.
        basis: how it is known. It is `assessed` if the publisher of the methodology states it, and `inferred` if the
            data infer it from what the source states.
        source: id of its source.
        locator: the place in the source.
        entity: the part of the company that it is about.
        note: a note for readers.
        derived_by: the derivation that computed it.
        derived_from: ids of the facts from which it was derived.
        counts: whether it counts.
        why_not: the reason why it does not count.
        says: the fact as a sentence; None if its fact type declares none that it can fill.
        calculations: how its values were computed, if it is derived.
        extra: the keys of the user's own.
    """

    id: str
    type: str
    title: str
    fields: tuple[tuple[str, Any], ...]
    text: str
    disclosed: tuple[str, ...]
    period: str | None
    as_of: str | None
    basis: str
    source: str | None
    locator: str | None
    entity: str | None
    note: str | None
    derived_by: str | None
    derived_from: tuple[str, ...]
    counts: bool
    why_not: str | None
    says: str | None = None
    calculations: tuple[Calculation, ...] = ()
    extra: Extra = ()


@frozen(field_transformer=one_line)
class SearchRecord:
    """A documented search without result: who says that something was not found, and where.

    Args:
        text: what was not found, in the words of the file: fact type and tests.
        type: id of the fact type.
        basis: how it is known. It is `assessed` if the publisher of the methodology states it, and `inferred` if the
            data infer it from what the source states.
        source: id of the source that says so.
        locator: the place in the source.
        note: why it is so.
        criteria: ids of the criteria that it bears on, in the order of the methodology.
        says: what was not found, for readers.
    """

    text: str
    type: str
    basis: str
    source: str | None
    locator: str | None
    note: str | None
    criteria: tuple[str, ...]
    says: str


@frozen(field_transformer=one_line)
class SourceRecord:
    """A source in a scorecard. A date is a text: a day or a year; None if unknown.

    Args:
        id: id of the source.
        type: id of its source type.
        title: its title.
        publisher: who published it.
        published: when it was published.
        accessed: when it was read.
        url: its address.
        archived: the address of an archived copy.
        footnotes: its footnotes in the publication that the methodology is from.
        note: a note for readers.
        public: whether everybody can read it; None if nobody has said.
        extra: the keys of the user's own.
    """

    id: str
    type: str
    title: str | None
    publisher: str | None
    published: str | None
    accessed: str | None
    url: str | None
    archived: str | None
    footnotes: tuple[int, ...]
    note: str | None
    public: bool | None = None
    extra: Extra = ()


@frozen(field_transformer=one_line)
class NoticeRecord:
    """A sentence that every output carries.

    Args:
        code: the code of the notice.
        text: the sentence.
        extra: the keys of the user's own.
    """

    code: str
    text: str
    extra: Extra = ()


@frozen(field_transformer=one_line)
class MethodologyRecord:
    """The methodology that was applied, with the digest of its content.

    Args:
        id: its id.
        title: its title.
        edition: its edition.
        publisher: who published it.
        sha256: the digest of its content.
        as_of: the cut-off that was applied: its own, or that of a dataset, a test case or the caller; None if none was.
        extra: the keys of the user's own.
    """

    id: str
    title: str
    edition: str
    publisher: str
    sha256: str
    as_of: str | None = None
    extra: Extra = ()


@frozen(field_transformer=one_line)
class PublishedRecord:
    """What the publisher printed of a company.

    Args:
        position: the number of its row in the published table, counted from 1: the publisher's order.
        rank: its rank in its cohort; None if none is printed.
        total: the total; None if none is printed.
        scores: ids of categories and groups, and their scores.
        points: ids of criteria, and their points.
        words: columns, and the level (its id), the label or the output of a decision table that is printed there.
        none: the columns in which the publisher says that there is no such figure, sorted.
        ranked: how many companies of its cohort have a printed rank; None if the published table does not show it.
    """

    position: Rank
    rank: Count | None
    total: Decimal | None
    scores: tuple[tuple[str, Decimal], ...]
    points: tuple[tuple[str, Decimal], ...]
    words: tuple[tuple[str, str], ...]
    none: tuple[str, ...]
    ranked: Count | None = None


@frozen(field_transformer=one_line)
class ContradictionRecord:
    """A passage in which the publisher contradicts itself or leaves something open, and what the data make of it.

    Args:
        id: its id.
        title: what it is about.
        says: what the publisher says, in words of the dataset.
        data: which reading the data choose.
        why: the reason for that reading.
        topic: the heading under which readers find it.
        companies: ids of the companies whose facts depend on it.
        criteria: ids of the criteria that depend on it, in the order of the methodology. Those of a company include all
            on which such a fact or such a search bears.
        claims: ids of the published claims that it is about.
        facts: ids of the stated facts of the company that depend on it.
        searches: the searches without result of the company that rest on it, in words.
        page: where readers find it.
        extra: the keys of the user's own.
    """

    id: str
    title: str
    says: str
    data: str
    why: str | None
    topic: str | None
    companies: tuple[str, ...]
    criteria: tuple[str, ...]
    claims: tuple[str, ...]
    facts: tuple[str, ...]
    searches: tuple[str, ...]
    page: str | None
    extra: Extra = ()


@frozen(field_transformer=one_line)
class CompanyRecord:
    """The company that was scored, with the digest of its facts.

    Args:
        id: its id.
        name: its name.
        cohort: the id of the cohort in which it is ranked.
        cohort_title: the title of this cohort.
        facts_sha256: the digest of its facts.
        aliases: other names of the same company.
        published: what the publisher printed of it; None if it was loaded without a dataset whose published table has a
            row of it.
        extra: the keys of the user's own.
    """

    id: str
    name: str
    cohort: str | None
    cohort_title: str | None
    facts_sha256: str
    aliases: tuple[str, ...] = ()
    published: PublishedRecord | None = None
    extra: Extra = ()


@frozen(field_transformer=one_line)
class LevelRecord:
    """A level of a ladder that was reached.

    Args:
        id: id of the level.
        title: title of the level.
        extra: the keys of the user's own.
    """

    id: str
    title: str
    extra: Extra = ()


@frozen(field_transformer=one_line)
class LevelStep:
    """A level of a ladder, and what stands in the way of it.

    Args:
        id: its id.
        title: its title.
        reached: whether it is reached: it and all levels below it, with a result that is not withheld.
        criteria: ids of the criteria that it asks for, in the order of the methodology.
        not_met: ids of those that are not met.
        requires: what else it asks for, in words: criteria and groups that must be met or have a minimum, and a score.
        missing: what of that is missing.
    """

    id: str
    title: str
    reached: bool
    criteria: tuple[str, ...]
    not_met: tuple[str, ...]
    requires: tuple[str, ...]
    missing: tuple[str, ...]


@frozen(field_transformer=one_line)
class FittedRow:
    """A row of a decision table that fitted a company.

    Args:
        number: its number in the file, counted from 1.
        tests: its tests in words, input by input; none if it fits every company.
    """

    number: Rank
    tests: tuple[str, ...]


@frozen(field_transformer=one_line)
class TableResult:
    """The result of a decision table.

    Args:
        id: id of the table.
        title: its title.
        outputs: its outputs: several if it collects, none if no row matches.
        because: the values of its inputs.
        rows: the rows that fitted and gave these outputs; none if no row fits.
        extra: the keys of the user's own.
    """

    id: str
    title: str
    outputs: tuple[str, ...]
    because: str
    rows: tuple[FittedRow, ...] = ()
    extra: Extra = ()


form(
    PublishedRecord,
    scores=lambda published: dict(published.scores),
    points=lambda published: dict(published.points),
    words=lambda published: dict(published.words),
)
form(FactRecord, recurs=True, fields=lambda fact: dict(fact.fields))
