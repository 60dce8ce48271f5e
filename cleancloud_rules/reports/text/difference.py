"""A comparison of two editions in text: the changes, and the effect of each step on each company."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from cleancloud_rules.model.exact import magnitude
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.reports.outline.blocks import Outline, table
from cleancloud_rules.reports.text.base import add_notices, number
from cleancloud_rules.results.differences import (
    ChangedFigureKind,
    CompanyDifference,
    Difference,
    Effect,
    FigureChange,
    Step,
    UnreadFile,
    WordChange,
    WordKind,
)

SHOWN_STEPS = 8
"""The maximum number of steps with a column of their own. More steps appear only in the lines of each company."""


def difference_text(found: Difference) -> Outline:
    """Return a comparison as a document: the notices, the changes, and their effect if a dataset was given."""
    outline = Outline()
    add_notices(outline, found.notices)
    old, new = found.old, found.new
    outline.heading(f"{new.title}, edition {new.edition}, compared with {old.title}, edition {old.edition}", 1)
    outline.gap()
    if not found.changes:
        outline.add("Nothing changed.")
    else:
        outline.heading(f"Changes ({len(found.changes)})")
    for change in found.changes:
        outline.add(f"{change.number}. {change.text}", 2)
    for remark in found.remarks:
        outline.add(f"Note: {remark}.")
    if found.effect is not None:
        outline.gap()
        _add_effect(outline, found.effect)
    return outline


def _add_effect(outline: Outline, effect: Effect) -> None:
    outline.heading(f"Effect on {effect.dataset}")
    for file in effect.unread:
        _add_unread(outline, file)
    moving = {step for company in effect.companies for step in _moving(company)}
    if effect.steps:
        outline.add(effect.order)
        outline.gap()
    for step in effect.steps:
        outline.add(_step_in_words(step, moves=step.number in moving), 2)
    steps = [step for step in effect.steps if step.number in moving]
    for title, companies in groupby(effect.companies, key=lambda company: company.company.cohort_title or "Companies"):
        _add_cohort(outline, title, list(companies), steps, effect.rank_by)
    moved = [company for company in effect.companies if _details(company)]
    if moved:
        outline.gap()
        outline.heading("Changed results")
    for company in moved:
        outline.add(company.company.name, 2)
        for line in _details(company):
            outline.add(line, 4)


def _moving(company: CompanyDifference) -> set[int]:
    """Return the numbers of the steps that change something about a company."""
    by_figures = {part.step for figure in company.figures for part in figure.contributions}
    return by_figures | {turn.step for word in company.words for turn in word.turns}


def _add_unread(outline: Outline, file: UnreadFile) -> None:
    outline.add(f"Not compared: {file.file}, which the {file.edition} edition cannot read.")
    for diagnostic in file.diagnostics or ("Its sources are wrong.",):
        for line in diagnostic.splitlines():
            outline.add(line, 2, whole=True)
    outline.gap()


def _step_in_words(step: Step, *, moves: bool) -> str:
    label = "change" if len(step.changes) == 1 else "changes"
    text = f"Step {step.number}: {label} {', '.join(map(str, step.changes))}."
    if step.because is not None:
        text += f" {step.because}"
    return text if moves or (step.because and step.because.startswith("No figure")) else f"{text} No result changes."


def _add_cohort(
    outline: Outline, title: str, companies: list[CompanyDifference], steps: list[Step], rank_by: tuple[str, ...]
) -> None:
    outline.gap()
    outline.heading(f"{title} ({len(companies)})")
    columns = [f"Step {step.number}" for step in steps] if len(steps) <= SHOWN_STEPS else []
    marks = [name for name in rank_by if name != ChangedFigureKind.TOTAL.value]
    marked = [header for name in marks for header in (_mark_header(name), "was")]
    headers = ["Rank", "was", "Company", *marked, "Total", "was", "Change", *columns]
    made = table(*headers, right=(0, 1, *range(3 + len(marked), len(headers))))
    for company in companies:
        rank, total = company.figure(ChangedFigureKind.RANK), company.figure(ChangedFigureKind.TOTAL)
        moves = {contribution.step: contribution.change for contribution in total.contributions}
        made.add_row(
            number(rank.new), number(rank.old), company.company.name, *_marks(company, marks),
            number(total.new), number(total.old), signed(total.change),
            *(signed(moves[s.number]) if s.number in moves else "" for s in steps if columns),
        )  # fmt: skip
    outline.add_table(made)


_OF_THE_WHOLE = {kind.value: kind for kind in (WordKind.LEVEL, WordKind.LABEL)}
"""The words by which companies may be ranked, except those of decision tables, which have ids."""


_BY_POINTS = {outcome.value for outcome in (Outcome.AWARDED, Outcome.PARTIAL, Outcome.NOT_MET)}
"""The outcomes of a criterion between which its points decide."""


def _mark_header(name: str) -> str:
    return name.capitalize() if name in _OF_THE_WHOLE else name


def _marks(company: CompanyDifference, names: list[str]) -> Iterator[str]:
    """Return the words by which companies are ranked, each as it is and as it was."""
    words = {(word.kind, word.id): word for word in company.words}
    for name in names:
        key = (_OF_THE_WHOLE[name], None) if name in _OF_THE_WHOLE else (WordKind.TABLE, name)
        word = words.get(key)
        yield from ("-", "-") if word is None else (word.new or "-", word.old or "-")


def _details(company: CompanyDifference) -> list[str]:
    """Return a line for each figure that some step changes, and for each word and rank that differs."""
    figures = (f for f in company.figures if f.contributions and (f.change or f.kind is not ChangedFigureKind.RANK))
    words = (word for word in company.words if word.old != word.new and not _is_told_by_points(word, company))
    return [*map(_figure_detail, figures), *map(_word_detail, words)]


def _is_told_by_points(word: WordChange, company: CompanyDifference) -> bool:
    """Whether a changed outcome only repeats that a criterion earns more or less."""
    if word.kind is not WordKind.OUTCOME or not {word.old, word.new} <= _BY_POINTS:
        return False
    return any(f.kind is ChangedFigureKind.POINTS and f.id == word.id and f.change for f in company.figures)


def _figure_detail(figure: FigureChange) -> str:
    name = figure.kind.value if figure.id is None else f"{figure.kind.value} of {figure.id}"
    steps = ", ".join(f"{signed(c.change)} by step {c.step}" for c in figure.contributions)
    return f"{name}: {number(figure.old)} to {number(figure.new)}, {signed(figure.change)}: {steps}"


def _word_detail(word: WordChange) -> str:
    kind = "output" if word.kind is WordKind.TABLE else word.kind.value
    name = kind if word.id is None else f"{kind} of {word.id}"
    became = f"{name}: {said(word, word.old)} to {said(word, word.new)}"
    if len(word.turns) == 1:
        return f"{became}, by step {word.turns[0].step}"
    return f"{became}: " + ", ".join(f"{said(word, turn.new)} by step {turn.step}" for turn in word.turns)


def said(word: WordChange, value: str | None) -> str:
    """Return a word as readers see it; a dash for none."""
    shown = value or "-"
    return shown.replace("_", " ") if word.kind is WordKind.OUTCOME else shown


def signed(value: Decimal) -> str:
    """Return a change with its sign."""
    return f"{value:+f}" if value else f"{magnitude(value):f}"
