"""What the files of a rating say, in sentences: one function for each part of the files that can answer an item."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Any

from attrs import frozen

from cleancloud_rules.documents.canonical_json import canonical_json
from cleancloud_rules.language.regulation_file_types import AskedPart
from cleancloud_rules.model.facts import Company, Source
from cleancloud_rules.model.groups import NotAssessed
from cleancloud_rules.model.methodology import Criterion, Group, Methodology, PointsBasis
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.model.texts import EditionChange
from cleancloud_rules.model.vocabulary import PeriodCounts, Window
from cleancloud_rules.records.inputs import METHODOLOGY, Loaded
from cleancloud_rules.reports.in_words import who
from cleancloud_rules.results.of_records.disclosures import AnsweredBy

TO_BE_STATED = "to be stated by the provider"
"""What stands where the files do not say something."""


@frozen
class Answer:
    """What the files say about a part of an item.

    Args:
        says: the sentences; none if the files say nothing.
        left: what is left for the provider to state; empty if nothing is.
    """

    says: tuple[str, ...] = ()
    left: str = ""


@frozen
class Rated:
    """What an item is answered from.

    Args:
        loaded: what the input files state.
        data: the record but for its digests; without `made` if no record is kept.
    """

    loaded: Loaded
    data: Mapping[str, Any]

    @property
    def methodology(self) -> Methodology:
        """The methodology."""
        return self.loaded.methodology

    @property
    def made(self) -> Mapping[str, Any]:
        """What the record says of its making; nothing if none is kept."""
        made: Mapping[str, Any] = self.data.get("made", {})
        return made


def answer(part: AskedPart, rated: Rated) -> Answer:
    """Return what the files say about a part of an item."""
    return _ANSWERS[part.source](rated, part)


def _said(*sentences: str) -> Answer:
    return Answer(sentences) if sentences else Answer(left=TO_BE_STATED)


def _people(rated: Rated, part: AskedPart) -> Answer:
    named = [one for one in rated.made.get("by", ()) if one["role"] in part.roles]
    return _said(*(f"{one['name']} ({one['role']})." for one in named))


def _solicited(rated: Rated, _: AskedPart) -> Answer:
    said = rated.made.get("solicited")
    return _said() if said is None else _said("Solicited." if said else "Not solicited.")


def _date(rated: Rated, _: AskedPart) -> Answer:
    return _said(f"The record was made at {rated.made['at']}.") if rated.made else _said()


def _publisher(rated: Rated, _: AskedPart) -> Answer:
    own = rated.methodology
    others = sum(criterion.points_basis is PointsBasis.PROJECT for criterion in own.criteria)
    says = [f"The methodology names as its publisher: {own.publisher}."]
    if not others:
        return Answer((*says, "The publisher has devised the points of all criteria."))
    says.append(
        f"The points of {others:,} of {_number(len(own.criteria), 'criterion', 'criteria')} are not the publisher's."
    )
    return Answer(tuple(says), f"{TO_BE_STATED}: who has devised those points")


def _approved_by(rated: Rated, _: AskedPart) -> Answer:
    approved = rated.methodology.approved_by
    return _said() if approved is None else _said(f"The methodology names as who approved it: {approved}.")


def _methodology(rated: Rated, _: AskedPart) -> Answer:
    own = rated.methodology
    return _said(f"{own.title}, edition {own.edition}, with the id `{own.id}` and the SHA-256 {own.sha256}.")


def _files(rated: Rated, _: AskedPart) -> Answer:
    names = rated.data["inputs"]
    digest = sha256(canonical_json(names).encode()).hexdigest()
    rules = sum(name.startswith(METHODOLOGY) for name in names)
    counts = f"{_number(rules, 'file')} of the methodology and {_number(len(names) - rules, 'file')} of facts"
    kept = "The record holds the text and the SHA-256 of each." if rated.made else "A record would hold each of them."
    return _said(f"{counts}, which together have the SHA-256 {digest}. {kept}")


def _overview(rated: Rated, _: AskedPart) -> Answer:
    own = rated.methodology
    categories = _number(len(own.categories), "category", "categories")
    head = f"{own.title} has {_number(len(own.criteria), 'criterion', 'criteria')} in {categories}."
    return _said(head, *(f"{_group(group)}." for group in own.categories))


def _group(group: Group) -> str:
    weight = "" if group.weight is None else f", with the weight {group.weight:f}"
    return f"{group.title}: {_number(len(group.every_criterion), 'criterion', 'criteria')}{weight}"


def _changes(rated: Rated, _: AskedPart) -> Answer:
    return _said(*map(_change, rated.methodology.changes))


def _change(change: EditionChange) -> str:
    counts = "" if change.count is None else f" Before: {change.count.before}; now: {change.count.now}."
    return f"Since edition {change.since}: {change.text}{counts}"


def _windows(rated: Rated, _: AskedPart) -> Answer:
    cut_off = rated.data["as_of"]
    evidence = () if cut_off is None else (f"Evidence counts that was there by {cut_off}.",)
    return _said(
        *(f"{id.replace('_', ' ')}: {_window(window)}." for id, window in rated.methodology.windows), *evidence
    )


_COUNTS = {
    PeriodCounts.END: "a period counts if its end lies in it",
    PeriodCounts.OVERLAP: "a period counts if a part of it lies in it",
    PeriodCounts.WHOLE: "a period counts if all of it lies in it",
}


def _window(window: Window) -> str:
    if not window.has_ends:
        return "facts of any time count"
    start = "" if window.start is None else f"from {window.start} "
    end = "" if window.end is None else f"to {window.end}"
    return f"facts count {f'{start}{end}'.strip()}; {_COUNTS[window.counts]}"


def _sources(rated: Rated, _: AskedPart) -> Answer:
    found = _cited(rated.loaded.companies)
    kinds = Counter(source.type.replace("_", " ") for source in found)
    if not found:
        return _said("Nothing cites a source.")
    return _said(f"Facts and searches without result cite {_number(len(found), 'source')}: {_tally(kinds)}.")


def _public_sources(rated: Rated, _: AskedPart) -> Answer:
    found = _cited(rated.loaded.companies)
    if not found:
        return _said("Nothing cites a source.")
    public = Counter(source.public for source in found)
    says = [f"{_number(public[said], 'source')} {words}" for said, words in
            ((True, "said to be public"), (False, "said not to be public")) if public[said]]  # fmt: skip
    closed = ", ".join(source.title or source.id for source in found if source.public is False)
    sentences = [f"{', '.join(says)}.", *([f"Not public: {closed}."] if closed else [])] if says else []
    left = f"whether {_number(public[None], 'other source' if says else 'source')} can be read by everybody"
    return Answer(tuple(sentences), f"{TO_BE_STATED}: {left}" if public[None] else "")


def _missing_data(rated: Rated, _: AskedPart) -> Answer:
    results, own = rated.data["results"]["companies"].values(), rated.methodology
    is_hypothetical = rated.data["hypothetical"]
    outcomes = Counter(one["outcome"] for company in results for one in company["criteria"].values())
    facts = [fact for company in rated.loaded.companies for fact in company.facts]
    derived = sum(len(company.get("derived", ())) for company in results)
    counts = "is left out" if own.not_assessed is NotAssessed.EXCLUDED else "counts with 0 points"
    parts: tuple[Group | Criterion, ...] = (*own.groups, *own.criteria)
    other = any(part.not_assessed not in (None, own.not_assessed) for part in parts)
    unless = ", unless its group says otherwise" if other else ""
    says = ["HYPOTHETICAL facts, which a solver chose and nobody has stated, are counted."] if is_hypothetical else []
    says += [
        f"A criterion without evidence is not assessed and {counts}{unless}; nothing is estimated in its place.",
        f"Not assessed: {outcomes[Outcome.NOT_ASSESSED.value]:,} of {outcomes.total():,} results of criteria.",
    ]
    if any("bounds" in company for company in results):
        says.append("Beside scores stand a lower and an upper bound over all facts that could still be found.")
    if facts:
        bases = Counter(who(fact.basis.value, own.publisher) for fact in facts)
        says.append(f"{_number(len(facts), 'fact is', 'facts are')} stated in the files.")
        says += [f"Facts {name}: {count:,}." for name, count in _by_count(bases)]
    if derived:
        says.append(f"{_number(derived, 'fact was', 'facts were')} derived from stated ones by the methodology.")
    return _said(*says)


def _provider(_rated: Rated, _part: AskedPart) -> Answer:
    return _said()


def _cited(companies: Iterable[Company]) -> list[Source]:
    """Return the sources that facts and searches without result cite, by id."""
    cited = [one.source for company in companies for one in company.facts]
    cited += [one.source for company in companies for one in company.not_found]
    found = {source.id: source for source in cited if source is not None}
    return [found[id] for id in sorted(found)]


def _tally(counts: Mapping[str, int]) -> str:
    """Return how often there is what, the most frequent first."""
    return ", ".join(f"{name} {count:,}" for name, count in _by_count(counts))


def _by_count(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def _number(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


_ANSWERS: Mapping[AnsweredBy, Callable[[Rated, AskedPart], Answer]] = {
    AnsweredBy.PEOPLE: _people,
    AnsweredBy.SOLICITED: _solicited,
    AnsweredBy.DATE: _date,
    AnsweredBy.PUBLISHER: _publisher,
    AnsweredBy.APPROVED_BY: _approved_by,
    AnsweredBy.METHODOLOGY: _methodology,
    AnsweredBy.FILES: _files,
    AnsweredBy.OVERVIEW: _overview,
    AnsweredBy.CHANGES: _changes,
    AnsweredBy.WINDOWS: _windows,
    AnsweredBy.SOURCES: _sources,
    AnsweredBy.PUBLIC_SOURCES: _public_sources,
    AnsweredBy.MISSING_DATA: _missing_data,
    AnsweredBy.PROVIDER: _provider,
}
"""What answers each part."""
