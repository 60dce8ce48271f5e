"""A what-if in text: the facts that are added and removed, and what that would change."""

from collections.abc import Iterable, Iterator, Mapping

from cleancloud_rules.reports.in_words import who
from cleancloud_rules.reports.outline.blocks import Outline, table
from cleancloud_rules.reports.text.base import add_notices, add_source, fact_in_words, methodology_in_words, number
from cleancloud_rules.reports.text.difference import said, signed
from cleancloud_rules.results.differences import ChangedFigureKind, FigureChange, WordChange, WordKind
from cleancloud_rules.results.records import SearchRecord
from cleancloud_rules.results.what_ifs import PartEffect, WhatIf, WhatIfChange, WhatIfCompany, WhatIfKind

SHOWN_STEPS = 4
"""The maximum number of steps with a column of their own."""

_SCORES = (ChangedFigureKind.SCORE, ChangedFigureKind.TOTAL)


def what_if_text(found: WhatIf) -> Outline:
    """Return a what-if as a document: the notices, the changes, then each company and the ranks."""
    outline = Outline()
    add_notices(outline, found.notices)
    names = {company.company.id: company.company.name for company in found.companies}
    outline.heading(f"What changes if {_question(found.changes)}?", 1)
    outline.add(methodology_in_words(found.methodology))
    for change in found.changes:
        outline.gap()
        _add_change(outline, change, names[change.company], found.methodology.publisher)
    if len(found.changes) > 1 or any(len(company.parts) > 1 for company in found.companies):
        outline.gap()
        outline.add(found.order)
    by = {step.number: changes_in_words(step.changes) for step in found.steps}
    for step in found.steps:
        if step.because is not None:
            outline.add(f"{by[step.number].capitalize()} are one step. {step.because}", 2)
    for company in found.companies:
        outline.gap()
        _add_company(outline, company, by)
    if found.ranked:
        outline.gap()
        _add_ranks(outline, found)
    return outline


def _question(changes: Iterable[WhatIfChange]) -> str:
    counts = {"added": [0, 0], "removed": [0, 0]}
    for change in changes:
        counts[change.kind.value][change.fact is None] += 1
    parts = []
    for verb, (facts, searches) in counts.items():
        parts += [f"{facts} {'fact is' if facts == 1 else 'facts are'} {verb}"] if facts else []
        what = "search without result is" if searches == 1 else "searches without result are"
        parts += [f"{searches} {what} {verb}"] if searches else []
    return " and ".join(parts)


def _add_change(outline: Outline, change: WhatIfChange, name: str, publisher: str) -> None:
    adds = change.kind is WhatIfKind.ADDED
    outline.add(f"{change.number}. {'Added to' if adds else 'Removed from'} {name}{' (what if)' if adds else ''}")
    mark = " (added in this what-if)" if adds else ""
    if change.fact is not None:
        outline.add(fact_in_words(change.fact), 5)
        outline.add(f"who says so: {who(change.fact.basis, publisher)}{mark}", 7)
        locator, note = change.fact.locator, change.fact.note
    else:
        assert change.search is not None
        outline.add(f"not found: {change.search.text}", 5)
        outline.add(f"who says so: {who(change.search.basis, publisher)}{mark}", 7)
        locator, note = change.search.locator, change.search.note
    if change.source is not None:
        add_source(outline, change.source, locator, 7)
    else:
        outline.add("source: none given", 7)
    if note:
        outline.add(f"note: {note}", 7)
    if change.fact is not None and change.fact.why_not is not None:
        outline.add(f"does not count: {change.fact.why_not}", 7)
    for search in change.refutes:
        outline.add(f"refutes, and so drops: {_search_in_words(search, publisher)}", 7)


def _search_in_words(search: SearchRecord, publisher: str) -> str:
    where = f" ({search.locator})" if search.locator else ""
    return f"not found: {search.text}; who says so: {who(search.basis, publisher)}{where}"


def changes_in_words(numbers: tuple[int, ...]) -> str:
    """Return the numbers of changes as a list."""
    if len(numbers) == 1:
        return f"change {numbers[0]}"
    return f"changes {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _add_company(outline: Outline, company: WhatIfCompany, by: Mapping[int, str]) -> None:
    cohort = f" ({company.company.cohort_title})" if company.company.cohort_title else ""
    outline.heading(f"{company.company.name}{cohort}")
    shown = [word for word in company.words if word.old != word.new and not _is_of_part(word, company)]
    figures = [figure for figure in company.figures if figure.contributions]
    if not figures and not shown and not company.parts:
        outline.add("Nothing changes.")
        return
    if company.parts:
        _add_parts(outline, company)
    scores = [figure for figure in figures if figure.kind in _SCORES]
    if scores:
        outline.gap()
        _add_scores(outline, scores, company.parts, by)
    lines = [*_rank_lines(figures, by), *(_word_line(word, by) for word in shown)]
    if lines:
        outline.gap()
    for line in lines:
        outline.add(line)


def _is_of_part(word: WordChange, company: WhatIfCompany) -> bool:
    """Whether the table of criteria shows a change of an outcome."""
    return word.kind is WordKind.OUTCOME and any(part.id == word.id for part in company.parts)


def _add_parts(outline: Outline, company: WhatIfCompany) -> None:
    made = table("Criterion", "Was", "Now", "Change", "Outcome", "By", right=(1, 2, 3), wraps=4)
    points = {figure.id: figure for figure in company.figures if figure.kind is ChangedFigureKind.POINTS}
    outcomes = {word.id: word for word in company.words if word.kind is WordKind.OUTCOME}
    for part in company.parts:
        figure, outcome = points.get(part.id), outcomes.get(part.id)
        numbers = ("-", "-", "-") if figure is None else (number(figure.old), number(figure.new), signed(figure.change))
        became = "" if outcome is None else f"{said(outcome, outcome.old)} to {said(outcome, outcome.new)}. "
        made.add_row(part.id, *numbers, became + " ".join(part.because), ", ".join(map(str, part.changes)))
    outline.add_table(made)


def _add_scores(
    outline: Outline, scores: list[FigureChange], parts: Iterable[PartEffect], by: Mapping[int, str]
) -> None:
    moving = sorted({part.step for figure in scores for part in figure.contributions})
    columns = moving if 1 < len(moving) <= SHOWN_STEPS else []
    headers = ["Score", "Was", "Now", "Change", *(f"By {by[step]}".replace(" change", "\nchange") for step in columns)]
    made = table(*headers, "By criterion", right=range(1, len(headers)), wraps=len(headers))
    ordered = sorted(scores, key=lambda figure: figure.kind is ChangedFigureKind.TOTAL)
    for figure in ordered:
        moves = {part.step: part.change for part in figure.contributions}
        made.add_row(
            figure.id or "Total",
            number(figure.old),
            number(figure.new),
            signed(figure.change),
            *(signed(moves[step]) if step in moves else "" for step in columns),
            ", ".join(_shares(figure, parts)),
        )
    outline.add_table(made)


def _shares(figure: FigureChange, parts: Iterable[PartEffect]) -> Iterator[str]:
    for part in parts:
        for effect in part.effects:
            if (effect.kind, effect.id) == (figure.kind, figure.id):
                yield f"{signed(effect.change)} {part.id}"


def _rank_lines(figures: Iterable[FigureChange], by: Mapping[int, str]) -> Iterator[str]:
    for figure in figures:
        if figure.kind is ChangedFigureKind.RANK and figure.change:
            moves = [f"{signed(part.change)} by {by[part.step]}" for part in figure.contributions]
            yield f"Rank: {number(figure.old)} to {number(figure.new)}: {', '.join(moves)}"


def _word_line(word: WordChange, by: Mapping[int, str]) -> str:
    kind = ("output" if word.kind is WordKind.TABLE else word.kind.value).capitalize()
    name = kind if word.id is None else f"{kind} of {word.id}"
    became = f"{name}: {said(word, word.old)} to {said(word, word.new)}"
    if len(word.turns) == 1:
        return f"{became}, by {by[word.turns[0].step]}"
    return f"{became}: " + ", ".join(f"{said(word, turn.new)} by {by[turn.step]}" for turn in word.turns)


def _add_ranks(outline: Outline, found: WhatIf) -> None:
    if not found.ranks:
        many = "company is" if found.ranked == 1 else "companies are"
        outline.add(f"No rank changes. {found.ranked} {many} ranked.")
        return
    outline.heading(f"Ranks that change: {len(found.ranks)} of {found.ranked}")
    made = table("Rank", "was", "Company", "Cohort", right=(0, 1))
    for change in found.ranks:
        company = change.company
        made.add_row(_rank(change.new), _rank(change.old), company.name, company.cohort_title or "-")
    outline.add_table(made)


def _rank(rank: int | None) -> str:
    return "-" if rank is None else str(rank)
