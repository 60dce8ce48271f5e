"""A comparison of two records in text: what changed, and what that changed for each company."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from cleancloud_rules.reports.in_words import who
from cleancloud_rules.reports.outline.blocks import Outline, table
from cleancloud_rules.reports.text.base import (
    add_notices,
    fact_in_words,
    methodology_in_words,
    number,
    points_in_words,
    source_in_words,
    words,
)
from cleancloud_rules.reports.text.difference import said, signed
from cleancloud_rules.reports.text.what_if import changes_in_words
from cleancloud_rules.results.differences import (
    ChangedFigureKind,
    ChangeKind,
    FigureChange,
    Step,
    WordChange,
    WordKind,
)
from cleancloud_rules.results.kept_records import (
    ComparedCompany,
    ComparedRecord,
    Comparison,
    CriterionMove,
    Evidence,
    EvidenceChange,
    EvidenceKind,
    Replay,
)
from cleancloud_rules.results.records import FactRecord, SearchRecord, SourceRecord

_BY = Mapping[int, str]
"""The changes of each step, in words."""


def comparison_text(found: Comparison) -> Outline:
    """Return a comparison as a document: the notices, the records, the changes, and their effect on each company."""
    outline = Outline()
    add_notices(outline, found.notices)
    outline.heading(f"Two records of {methodology_in_words(found.new.methodology)}", 1)
    for name, one in (("Old", found.old), ("New", found.new)):
        outline.add(f"{name}: {_record(one)}")
        if one.replay is not Replay.IDENTICAL:
            outline.add(_warning(name.lower(), one), style="bold")
    outline.gap()
    if not found.evidence and not found.changes:
        outline.add("Nothing changed: the same evidence under the same methodology.")
        return outline
    names = {company.company.id: company.company.name for company in found.companies}
    if found.evidence:
        outline.heading(f"Evidence that changed ({len(found.evidence)})")
    for change in found.evidence:
        _add_evidence(outline, change, names, found.new.methodology.publisher)
    if found.changes:
        outline.heading(f"Rules that changed ({len(found.changes)})")
    for rule in found.changes:
        outline.add(f"{rule.number}. {rule.text}", 2)
    for remark in found.remarks:
        outline.add(f"Note: {remark}.")
    _add_effect(outline, found)
    return outline


def _record(one: ComparedRecord) -> str:
    of = f"{one.companies} companies" if one.companies != 1 else "1 company"
    dataset = "" if one.dataset is None else f"{one.dataset}, "
    made = "" if one.made_at is None else f", made {one.made_at}"
    edition = f"methodology sha256 {one.methodology.sha256[:16]}"
    return f"{dataset}{of}{made} by {one.made_by}, {edition}, record sha256 {one.record[:16]}"


def _warning(name: str, one: ComparedRecord) -> str:
    places = f"{one.differing} place{'' if one.differing == 1 else 's'}"
    if one.replay is Replay.SENTENCES:
        return f"The {name} record has other sentences than its replay, at {places}. Those of the replay are shown."
    return (
        f"The {name} record differs from its replay at {places}, which `verify` names. What its files give is compared."
    )


# ---- Evidence


def _add_evidence(outline: Outline, change: EvidenceChange, names: Mapping[str, str], publisher: str) -> None:
    outline.add(f"{change.number}. {evidence_in_words(change, names)}", 2)
    if change.response is not None:
        outline.add(f"accepts the response `{change.response}` of the company", 7)
    if change.of in (EvidenceKind.FACT, EvidenceKind.SEARCH):
        both = change.kind is ChangeKind.CHANGED
        for label, side in (("was: ", change.old), ("now: ", change.new)):
            if side is not None:
                _add_stated(outline, side, label if both else "", publisher)


def change_in_words(found: Comparison, number: int) -> str:
    """Return the change of a number in one line."""
    names = {company.company.id: company.company.name for company in found.companies}
    if number <= len(found.evidence):
        return evidence_in_words(found.evidence[number - 1], names, whole=True)
    return found.changes[number - 1 - len(found.evidence)].text


def _text(side: Evidence) -> str:
    if side.fact is not None:
        return fact_in_words(side.fact)
    return "" if side.search is None else f"not found: {side.search.text}"


def evidence_in_words(change: EvidenceChange, names: Mapping[str, str], *, whole: bool = False) -> str:
    """Return a change of evidence in one line.

    Args:
        change: the change.
        names: the names of companies by id.
        whole: whether a changed fact is given as it was and as it is.
    """
    old, new = change.old or Evidence(), change.new or Evidence()
    name = names.get(change.company or "", change.company or "")
    match change.of:
        case EvidenceKind.CUT_OFF:
            return f"cut-off: {old.as_of or 'none'} became {new.as_of or 'none'}"
        case EvidenceKind.SOURCE:
            return _source_change(change.kind, old.source, new.source)
        case EvidenceKind.COMPANY:
            return _company_change(change, name)
    what = "fact" if change.of is EvidenceKind.FACT else "search without result"
    if change.kind is ChangeKind.CHANGED:
        differing = _differing(old.fact or old.search, new.fact or new.search)
        became = f": {_text(old)} became {_text(new)}" if whole else ""
        return f"{name}: changed {what} ({', '.join(differing)}){became}"
    if change.kind is ChangeKind.ADDED:
        return f"{name}: new {what}, {_text(new)}"
    return f"{name}: {what} gone, {_text(old)}"


def _source_change(kind: ChangeKind, old: SourceRecord | None, new: SourceRecord | None) -> str:
    one = new or old
    assert one is not None
    match kind:
        case ChangeKind.ADDED:
            return f"new source `{one.id}`: {source_in_words(one)}"
        case ChangeKind.REMOVED:
            return f"source `{one.id}` is gone: {source_in_words(one)}"
        case _:
            return f"source `{one.id}` changed ({', '.join(_differing(old, new))}): {source_in_words(one)}"


def _company_change(change: EvidenceChange, name: str) -> str:
    old, new = (None if side is None else side.company for side in (change.old, change.new))
    if old is None:
        return f"new company {name}"
    if new is None:
        return f"company {name} is gone"
    became = (
        f"{key} {_shown(getattr(old, key))} became {_shown(getattr(new, key))}"
        for key in ("name", "aliases", "cohort")
        if getattr(old, key) != getattr(new, key)
    )
    return f"{name}: {', '.join(became)}"


def _shown(value: str | tuple[str, ...] | None) -> str:
    names = value if isinstance(value, tuple) else () if value is None else (value,)
    return ", ".join(f"`{one}`" for one in names) or "none"


_COMPARED = {
    FactRecord: ("fields", "disclosed", "period", "as_of", "basis", "source", "locator", "entity", "note"),
    SearchRecord: ("text", "basis", "source", "locator", "note"),
    SourceRecord: (
        *("type", "title", "publisher", "published", "accessed", "url", "archived", "footnotes", "note", "public"),
    ),
}
"""What can differ between two facts, searches or sources."""

_SPOKEN = {"fields": "values", "text": "what was looked for"}
"""Names that a reader knows by other words."""


def _differing(old: FactRecord | SearchRecord | SourceRecord | None, new: object) -> Iterator[str]:
    """Yield what differs between two facts, searches or sources, in words."""
    names = _COMPARED[type(old)] if old is not None else ()
    return (_SPOKEN.get(name, words(name)) for name in names if getattr(old, name) != getattr(new, name))


def _add_stated(outline: Outline, side: Evidence, label: str, publisher: str) -> None:
    stated = side.fact or side.search
    assert stated is not None
    if label:
        outline.add(f"{label}{_text(side)}", 5)
    where = f"; {stated.locator}" if stated.locator else ""
    source = "no source given" if side.source is None else source_in_words(side.source)
    outline.add(f"{who(stated.basis, publisher)}; {source}{where}", 7)
    if stated.note:
        outline.add(f"note: {stated.note}", 7)
    if side.fact is not None and side.fact.why_not is not None:
        outline.add(f"does not count: {side.fact.why_not}", 7)


# ---- Effect


def _add_effect(outline: Outline, found: Comparison) -> None:
    outline.gap()
    outline.add(found.order)
    by = {step.number: changes_in_words(tuple(sorted(step.changes))) for step in found.steps}
    for step in found.steps:
        if step.because is not None:
            outline.add(_together(step), 2)
    shown = [company for company in found.companies if company.kind is not None]
    for title, some in groupby(shown, key=lambda company: company.company.cohort_title or "Companies"):
        _add_cohort(outline, title, list(some), by, is_ranked=found.is_ranked)
    rest = [company.company.name for company in found.companies if company.kind is None]
    if rest:
        outline.gap()
        outline.add(f"Unchanged results ({len(rest)}): {', '.join(rest)}.")
    moved = [company for company in shown if company.kind is ChangeKind.CHANGED]
    details = [(company, list(_details(company, by))) for company in moved]
    if any(lines for _, lines in details):
        outline.gap()
        outline.heading("What moved, and why")
    for company, lines in details:
        if lines:
            outline.add(company.company.name, 2)
        for indent, text in lines:
            outline.add(text, indent)


def _together(step: Step) -> str:
    numbers = changes_in_words(tuple(sorted(step.changes))).capitalize()
    if step.because is not None and step.because.startswith("No figure"):
        return f"{numbers}: {step.because[0].lower()}{step.because[1:]}"
    return f"{numbers} are one step. {step.because}"


def _add_cohort(
    outline: Outline, title: str, companies: Sequence[ComparedCompany], by: _BY, *, is_ranked: bool
) -> None:
    outline.gap()
    outline.heading(f"{title} ({len(companies)} changed)")
    ranks = ("Rank", "was") if is_ranked else ()
    headers = (*ranks, "Company", "Total", "was", "Change", "By")
    first = len(ranks)
    made = table(*headers, right=(*range(first), *range(first + 1, first + 4)), wraps=len(headers) - 1)
    for company in companies:
        total = company.figure(ChangedFigureKind.TOTAL)
        rank = company.figure(ChangedFigureKind.RANK) if is_ranked else None
        cells = () if rank is None else (number(rank.new), number(rank.old))
        made.add_row(
            *(*cells, company.company.name, number(total.new), number(total.old), signed(total.change)),
            "; ".join(parts_in_words(total, by)),
        )
    outline.add_table(made)


def parts_in_words(figure: FigureChange, by: _BY) -> Iterator[str]:
    """Yield the parts of the change of a figure, each with the changes that it is attributed to."""
    return (f"{signed(part.change)} by {by[part.step]}" for part in figure.contributions)


def _details(company: ComparedCompany, by: _BY) -> Iterator[tuple[int, str]]:
    """Yield lines about what moved, each with its indent: criteria with their sentences, then scores and words."""
    moves = {move.id: move for move in company.criteria}
    for move in company.criteria:
        yield from _criterion(company, move, by)
    for figure in company.figures:
        is_shown = figure.kind is ChangedFigureKind.SCORE or (figure.kind is ChangedFigureKind.RANK and figure.change)
        if is_shown and figure.contributions:
            name = figure.kind.value if figure.id is None else f"score of {figure.id}"
            parts = ", ".join(parts_in_words(figure, by))
            yield 4, f"{name}: {number(figure.old)} to {number(figure.new)}: {parts}"
    for word in company.words:
        if word.old != word.new and word.id not in moves:
            kind = "output" if word.kind is WordKind.TABLE else word.kind.value
            name = kind if word.id is None else f"{kind} of {word.id}"
            yield 4, f"{name}: {said(word, word.old)} to {said(word, word.new)}, {_turns(word, by)}"


def _turns(word: WordChange, by: _BY) -> str:
    return "by " + " and ".join(dict.fromkeys(by[turn.step] for turn in word.turns))


def _criterion(company: ComparedCompany, move: CriterionMove, by: _BY) -> Iterator[tuple[int, str]]:
    figures = (f for f in company.figures if f.kind is ChangedFigureKind.POINTS and f.id == move.id)
    outcomes = (w for w in company.words if w.kind is WordKind.OUTCOME and w.id == move.id)
    parts, steps = [], dict[str, None]()
    for figure in figures:
        now = "-" if figure.new is None else points_in_words(figure.new)
        parts.append(f"{number(figure.old)} to {now}")
        steps.update(dict.fromkeys(by[part.step] for part in figure.contributions))
    for word in outcomes:
        parts.append(f"{said(word, word.old)} to {said(word, word.new)}")
        steps.update(dict.fromkeys(by[turn.step] for turn in word.turns))
    yield 4, f"{move.title} ({move.id}): {', '.join(parts)}, by {' and '.join(steps)}"
    if move.because == move.old_because:
        yield 6, f"as before: {' '.join(move.because)}"
        return
    for label, because in (("now", move.because), ("was", move.old_because)):
        if because:
            yield 6, f"{label}: {' '.join(because)}"
