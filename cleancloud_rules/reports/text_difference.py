"""A comparison of two editions in text: what changed, and what each step does to each company."""

from decimal import Decimal
from itertools import groupby

from cleancloud_rules.differences import (
    CompanyDifference,
    Difference,
    Effect,
    FigureChange,
    FigureKind,
    Step,
    UnreadFile,
)
from cleancloud_rules.reports.text import Outline, add_notices, number, table

SHOWN_STEPS = 8
"""How many steps have a column of their own; of more, each company's lines alone tell."""


def difference_text(found: Difference) -> Outline:
    """Return a comparison as a document: the notices, the changes, and where a dataset was given what they do."""
    outline = Outline()
    add_notices(outline, found.notices)
    old, new = found.old, found.new
    outline.add(f"{new.title}, edition {new.edition}, compared with {old.title}, edition {old.edition}", style="bold")
    outline.gap()
    if not found.changes:
        outline.add("Nothing changed.")
    else:
        outline.add(f"Changes ({len(found.changes)})", style="bold")
    for change in found.changes:
        outline.add(f"{change.number}. {change.text}", 2)
    for remark in found.remarks:
        outline.add(f"Note: {remark}.")
    if found.effect is not None:
        outline.gap()
        _add_effect(outline, found.effect)
    return outline


def _add_effect(outline: Outline, effect: Effect) -> None:
    outline.add(f"Effect on {effect.dataset}", style="bold")
    for file in effect.unread:
        _add_unread(outline, file)
    moving = {c.step for company in effect.companies for f in company.figures for c in f.contributions}
    if effect.steps:
        outline.add(effect.order)
        outline.gap()
    for step in effect.steps:
        outline.add(_step_in_words(step, moves=step.number in moving), 2)
    steps = [step for step in effect.steps if step.number in moving]
    for title, companies in groupby(effect.companies, key=lambda company: company.company.cohort_title or "Companies"):
        _add_cohort(outline, title, list(companies), steps)
    moved = [company for company in effect.companies if _details(company)]
    if moved:
        outline.gap()
        outline.add("What moved", style="bold")
    for company in moved:
        outline.add(company.company.name, 2)
        for line in _details(company):
            outline.add(line, 4)


def _add_unread(outline: Outline, file: UnreadFile) -> None:
    outline.add(f"Left out: {file.file}, which the {file.edition} edition cannot read.")
    for finding in file.findings or ("Its sources are wrong.",):
        for line in finding.splitlines():
            outline.add(line, 2, whole=True)
    outline.gap()


def _step_in_words(step: Step, *, moves: bool) -> str:
    label = "change" if len(step.changes) == 1 else "changes"
    text = f"Step {step.number}: {label} {', '.join(map(str, step.changes))}."
    if step.because is not None:
        text += f" {step.because}"
    return text if moves or (step.because and step.because.startswith("No figure")) else f"{text} Nothing moves."


def _add_cohort(outline: Outline, title: str, companies: list[CompanyDifference], steps: list[Step]) -> None:
    outline.gap()
    outline.add(f"{title} ({len(companies)})", style="bold")
    columns = [f"Step {step.number}" for step in steps] if len(steps) <= SHOWN_STEPS else []
    headers = ["Rank", "was", "Company", "Total", "was", "Change", *columns]
    made = table(*headers, right=[i for i in range(len(headers)) if i != 2])
    for company in companies:
        rank, total = company.figure(FigureKind.RANK), company.figure(FigureKind.TOTAL)
        moves = {contribution.step: contribution.change for contribution in total.contributions}
        made.add_row(
            number(rank.new), number(rank.old), company.company.name, number(total.new), number(total.old),
            signed(total.change), *(signed(moves[s.number]) if s.number in moves else "" for s in steps if columns),
        )  # fmt: skip
    outline.add_table(made)


def _details(company: CompanyDifference) -> list[str]:
    """Return a line for each figure of a company that some step moves."""
    return [_detail(figure) for figure in company.figures if figure.contributions]


def _detail(figure: FigureChange) -> str:
    name = figure.kind.value if figure.id is None else f"{figure.kind.value} of {figure.id}"
    steps = ", ".join(f"{signed(c.change)} by step {c.step}" for c in figure.contributions)
    return f"{name}: {number(figure.old)} to {number(figure.new)}, {signed(figure.change)}: {steps}"


def signed(value: Decimal) -> str:
    """Return a change with its sign."""
    return f"{value:+f}" if value else f"{abs(value):f}"
