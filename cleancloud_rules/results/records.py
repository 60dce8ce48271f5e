"""What results say of the facts, sources, methodology and company that they rest on."""

from typing import Any

from attrs import frozen

from cleancloud_rules.results.json import fields_of, own_fields


@frozen
class FactRecord:
    """One fact as a scorecard keeps it.

    Args:
        id: id of the fact.
        type: id of its fact type.
        title: title of its fact type.
        fields: names and values in the form in which a company file states them, disclosed fields left out.
        text: the fields in words.
        disclosed: fields published without a value at hand.
        period: the time that it is about.
        as_of: the day on which it was true.
        basis: how it came to be known.
        source: id of its source.
        locator: where in the source.
        entity: the part of the company that it is about.
        note: anything a reader should know about it.
        derived_by: the derivation that made it.
        derived_from: ids of the facts that it was derived from.
        counts: whether it counts.
        why_not: why it does not.
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


@frozen
class SourceRecord:
    """One source as a scorecard keeps it; dates are texts: a day, a year, or None where unknown."""

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


@frozen
class NoticeRecord:
    """A sentence that every rendering carries."""

    code: str
    text: str


@frozen
class MethodologyRecord:
    """Which methodology was applied."""

    id: str
    title: str
    edition: str
    publisher: str
    sha256: str


@frozen
class CompanyRecord:
    """Which company was scored, from which facts."""

    id: str
    name: str
    cohort: str | None
    cohort_title: str | None
    facts_sha256: str


@fields_of.register
def _(fact: FactRecord) -> dict[str, Any]:
    return {**own_fields(fact), "fields": dict(fact.fields)}
