"""What all text documents share: notices, facts, sources and plain lines."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.reports.in_words import who
from cleancloud_rules.reports.outline.blocks import Link, Outline
from cleancloud_rules.results.records import (
    ContradictionRecord,
    FactRecord,
    MethodologyRecord,
    NoticeRecord,
    SourceRecord,
)
from cleancloud_rules.results.scorecards import CriterionResult, Scorecard

STYLES: Mapping[Outcome, str] = {
    Outcome.AWARDED: "green",
    Outcome.PARTIAL: "yellow",
    Outcome.NOT_MET: "red",
    Outcome.NOT_FOUND: "red",
    Outcome.NOT_ASSESSED: "dim",
    Outcome.EXCLUDED: "magenta",
    Outcome.GATED: "magenta",
    Outcome.NOT_APPLICABLE: "dim",
}
"""How a terminal shows each outcome."""


WITHOUT_RESULT = (GroupOutcome.WITHHELD, GroupOutcome.NOT_ASSESSED, GroupOutcome.NOT_APPLICABLE)
"""The outcomes of a scorecard without a result."""


def add_notices(outline: Outline, notices: Iterable[NoticeRecord]) -> None:
    """Add the notices with which every document begins."""
    shown = tuple(notices)
    for notice in shown:
        outline.add(notice.text, style="italic")
    if shown:
        outline.gap()


def methodology_in_words(methodology: MethodologyRecord) -> str:
    """Return title, edition and publisher of a methodology, and the cut-off that was applied."""
    cut_off = "" if methodology.as_of is None else f", evidence as of {methodology.as_of}"
    return f"{methodology.title}, edition {methodology.edition}, {methodology.publisher}{cut_off}"


def origin_of(card: Scorecard) -> str:
    """Return the digests and the version with which a scorecard can be reproduced."""
    return (
        f"methodology {card.methodology.id} sha256 {card.methodology.sha256[:16]}, "
        f"facts sha256 {card.company.facts_sha256[:16]}, cleancloud_rules {card.library_version}"
    )


def number(value: Decimal | None) -> str:
    """Return a number with all its digits and without an exponent; a dash for None."""
    return "-" if value is None else f"{value:f}"


def of_maximum(value: Decimal | None, maximum: Decimal | None) -> str:
    """Return a score with its maximum; a dash if there is no score."""
    return number(value) if value is None or maximum is None else f"{number(value)} of {number(maximum)}"


def words(name: str) -> str:
    """Return a name from a file in words, with spaces for underscores."""
    return name.replace("_", " ")


NOT_PUBLIC = "not public"
"""The words for a source that not everybody can read."""


def source_in_words(source: SourceRecord) -> str:
    """Return a source as an entry of a bibliography: title, publisher, date and footnotes."""
    parts = [
        f"“{source.title}”" if source.title else f"untitled ({source.id})",
        source.publisher or "publisher unknown",
        f"published {source.published}" if source.published else "date unknown",
    ]
    if source.footnotes:
        label = "footnote" if len(source.footnotes) == 1 else "footnotes"
        parts.append(f"{label} {', '.join(map(str, source.footnotes))}")
    if source.public is False:
        parts.append(NOT_PUBLIC)
    return ", ".join(parts)


def add_source(outline: Outline, source: SourceRecord, locator: str | None, indent: int) -> None:
    """Add a source, the locator and the addresses."""
    outline.add(f"source: {source_in_words(source)}", indent)
    if locator:
        outline.add(f"where: {locator}", indent)
    if source.url:
        outline.add(("url: ", Link(source.url)), indent, whole=True)
    if source.archived:
        outline.add(("archived: ", Link(source.archived)), indent, whole=True)
    if source.note:
        outline.add(f"note on the source: {source.note}", indent)


def fact_as_sentence(fact: FactRecord) -> str:
    """Return a fact as its sentence, or in words, with its time and its entity."""
    time = f", {fact.period}" if fact.period else f", as of {fact.as_of}" if fact.as_of else ""
    entity = f" ({fact.entity})" if fact.entity else ""
    return f"{fact.says or f'{fact.title}: {fact.text}'}{time}{entity}"


def criterion_points(criterion: CriterionResult) -> str:
    """Return the points of a criterion with their maximum; a dash if it is excluded."""
    if criterion.counts_as == "excluded":
        return "-"
    return f"{number(criterion.points)} of {number(criterion.max_points)}"


def points_in_words(points: Decimal) -> str:
    """Return a number of points."""
    return f"{number(points)} point{'' if points == 1 else 's'}"


def outcome_and_reasons(criterion: CriterionResult) -> str:
    """Return the outcome of a criterion, and in parentheses why it is so."""
    reasons = f" ({'; '.join(criterion.because)})" if criterion.because else ""
    return f"{words(criterion.outcome.value)}{reasons}"


def title_and(title: str, said: str, stop: str = ",") -> str:
    """Return a title and more words. A title that ends a sentence needs no second stop."""
    return f"{title}{'' if title.endswith(('?', '!', '.')) else stop} {said}"


def fact_in_words(fact: FactRecord) -> str:
    """Return a fact as one line: its id, its values, its time and its entity."""
    time = f"; period {fact.period}" if fact.period else f"; as of {fact.as_of}" if fact.as_of else ""
    entity = f"; of {fact.entity}" if fact.entity else ""
    return f"{fact.id}: {fact.text}{time}{entity}"


def add_contradiction_lines(
    outline: Outline, found: Iterable[ContradictionRecord], indent: int, *, with_pages: bool = True
) -> None:
    """Add contradictions and open points of the publisher, a line for each with its page, or one line without."""
    shown = tuple(found)
    if shown and not with_pages:
        titles = "; ".join(f"{one.title} ({one.id})" for one in shown)
        outline.add(f"contradictions and open points of the publisher: {titles}", indent)
    for one in shown if with_pages else ():
        page = f"; see {one.page}" if one.page else ""
        outline.add(f"contradiction {one.id}: {one.title}{page}", indent)


def add_contradictions(outline: Outline, contradictions: Iterable[ContradictionRecord]) -> None:
    """Add the passages in which the publisher contradicts itself, and what the data make of each."""
    found = tuple(contradictions)
    if not found:
        return
    outline.gap()
    outline.heading("Where the publisher contradicts itself or leaves something open")
    for one in found:
        outline.add(f"{one.id}: {one.title}", 2)
        said = {"published": one.says, "in the data": one.data, "why": one.why}
        for what, text in said.items():
            if text:
                outline.add(f"{what}: {text}", 4)


def add_fact(outline: Outline, fact: FactRecord, card: Scorecard, indent: int) -> None:
    """Add a fact with all that an auditor needs to find it again."""
    outline.add(fact_in_words(fact), indent)
    outline.add(f"who says so: {who(fact.basis, card.methodology.publisher)}", indent + 2)
    if fact.disclosed:
        outline.add(f"disclosed, value not at hand: {', '.join(map(words, fact.disclosed))}", indent + 2)
    source = next((source for source in card.sources if source.id == fact.source), None)
    if source:
        add_source(outline, source, fact.locator, indent + 2)
    elif not fact.derived_by:
        outline.add("source: none given", indent + 2)
    if fact.derived_by:
        outline.add(f"derived by {fact.derived_by} from {', '.join(fact.derived_from)}", indent + 2)
        for calculation in fact.calculations:
            outline.add(calculation.text, indent + 2)
        for id in fact.derived_from:
            add_fact(outline, card.fact(id), card, indent + 4)
    if fact.note:
        outline.add(f"note: {fact.note}", indent + 2)
