"""Published claims in text: each published count beside the companies that the facts give."""

from collections.abc import Iterable, Mapping

from cleancloud_rules.reports.text.base import Outline, add_contradictions, add_notices, methodology_in_words, table
from cleancloud_rules.results.claims import ClaimReport, ClaimResult


def findings_text(findings: ClaimReport) -> Outline:
    """Return recounted claims as a document: the notices, a table of counts, then companies and notes of each claim."""
    outline = Outline()
    add_notices(outline, findings.notices)
    outline.add(methodology_in_words(findings.methodology), style="bold")
    outline.add(
        "Yes: the company is counted, regardless of further facts. No: it is not counted, regardless of further facts. "
        "Cannot tell: this depends on facts that are not stated here. A published count is possible if it is at least "
        "the number of yes, and at most the number of yes and cannot tell together."
    )
    if findings.with_hypothetical:
        outline.add("Hypothetical facts are counted like stated ones.")
    made = table("Claim", "Published", "Yes", "Cannot\ntell", "No", "Verdict", right=range(1, 5))
    for row in findings.rows:
        numbers = (str(len(some)) for some in (row.yes, row.cannot_tell, row.no))
        made.add_row(row.id, row.published, *numbers, row.verdict.value)
    outline.gap()
    outline.add_table(made)
    names = {company.id: company.name for company in findings.companies}
    for row in findings.rows:
        _add_row(outline, row, names)
    add_contradictions(outline, findings.contradictions)
    return outline


def _add_row(outline: Outline, row: ClaimResult, names: Mapping[str, str]) -> None:
    outline.gap()
    outline.add(f"{row.id}: {row.title}", style="bold")
    if row.locator:
        outline.add(f"where: {row.locator}", 2)
    if row.earlier:
        outline.add("earlier: " + ", ".join(f"{count} in {edition}" for edition, count in row.earlier), 2)
    if row.topic:
        outline.add(f"one of several readings of {row.topic.replace('_', ' ')}", 2)
    if row.contradicts:
        outline.add(f"contradicts: {', '.join(row.contradicts)}", 2)
    if row.from_words:
        outline.add("the count was inferred from words", 2)
    if row.imposed:
        outline.add("imposed on the solver: that hypothetical facts meet it shows nothing", 2)
    outline.add(f"published {row.published}, {_range(row)}: {row.verdict.value}", 2)
    for answer, some in (("yes", row.yes), ("cannot tell", row.cannot_tell), ("no", row.no)):
        outline.add(f"{answer}: {_companies(some, names)}", 2)
    if row.by_hypothetical:
        changed = _companies(row.by_hypothetical, names)
        outline.add(f"HYPOTHETICAL, answered otherwise without the facts that a solver chose: {changed}", 2)
    if row.note:
        outline.add(f"note: {row.note}", 2)


def _range(row: ClaimResult) -> str:
    if row.floor == row.ceiling:
        return f"counted {row.floor}"
    return f"counted {row.floor} to {row.ceiling}"


def _companies(some: Iterable[str], names: Mapping[str, str]) -> str:
    """Return names of companies, sorted."""
    found = sorted(names[id] for id in some)
    if len(found) == len(names) > 1:
        return "all companies"
    return ", ".join(found) or "none"
