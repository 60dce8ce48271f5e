"""Published claims in text: each published count beside the companies that the facts give."""

from collections.abc import Iterable, Mapping

from cleancloud_rules.reports.outline.blocks import Outline, table
from cleancloud_rules.reports.text.base import (
    add_contradiction_lines,
    add_contradictions,
    add_notices,
    methodology_in_words,
)
from cleancloud_rules.results.claims import ClaimReport, ClaimResult, UnanswerableRecord


def findings_text(findings: ClaimReport) -> Outline:
    """Return recounted claims as a document: the notices, a table of counts, then companies and notes of each claim."""
    outline = Outline()
    add_notices(outline, findings.notices)
    outline.heading(methodology_in_words(findings.methodology), 1)
    outline.add(
        "Yes: the company is counted, regardless of further facts. No: it is not counted, regardless of further facts. "
        "Cannot tell: this depends on facts that are not stated here. A published count is possible if it is at least "
        "the number of yes, and at most the number of yes and cannot tell together."
    )
    if findings.with_hypothetical:
        outline.add(
            "Hypothetical facts are counted like stated ones. A solver chose them so that they meet the published "
            "counts: that they do shows nothing."
        )
    _add_counts(outline, findings.rows)
    shown = _Shown(outline, findings)
    for row in findings.rows:
        shown.add_row(row)
    if findings.refused:
        outline.gap()
        outline.heading("Refused readings: what a sentence could mean, and is not taken to mean")
        _add_counts(outline, findings.refused)
    for row in findings.refused:
        shown.add_row(row)
    if findings.unanswerable:
        outline.gap()
        outline.heading("Claims that no fact can answer")
    for claim in findings.unanswerable:
        shown.add_unanswerable(claim)
    add_contradictions(outline, findings.contradictions)
    return outline


def _add_counts(outline: Outline, rows: Iterable[ClaimResult]) -> None:
    made = table("Claim", "Published", "Yes", "Cannot\ntell", "No", "Verdict", right=range(1, 5))
    for row in rows:
        numbers = (str(len(some)) for some in (row.yes, row.cannot_tell, row.no))
        made.add_row(row.id, row.published, *numbers, row.verdict.value)
    outline.gap()
    outline.add_table(made)


class _Shown:
    """Adds claims to a document, each with the contradictions that are about it."""

    def __init__(self, outline: Outline, findings: ClaimReport) -> None:
        self.outline = outline
        self.names = {company.id: company.name for company in findings.companies}
        self.contradictions = findings.contradictions

    def add_row(self, row: ClaimResult) -> None:
        """Add a count."""
        _add_row(self.outline, row, self.names)
        self._add_contradictions(row.id)

    def add_unanswerable(self, claim: UnanswerableRecord) -> None:
        """Add a claim that no fact can answer."""
        _add_head(self.outline, claim)
        self.outline.add(f"no fact can answer it: {claim.why}", 2)
        if claim.note:
            self.outline.add(f"note: {claim.note}", 2)
        self._add_contradictions(claim.id)

    def _add_contradictions(self, id: str) -> None:
        add_contradiction_lines(self.outline, (one for one in self.contradictions if id in one.claims), 2)


def _add_head(outline: Outline, claim: ClaimResult | UnanswerableRecord) -> None:
    outline.gap()
    outline.heading(f"{claim.id}: {claim.title}", 3)
    if claim.locator:
        outline.add(f"where: {claim.locator}", 2)


def _add_row(outline: Outline, row: ClaimResult, names: Mapping[str, str]) -> None:
    _add_head(outline, row)
    if row.reason:
        outline.add(f"refused: {row.reason}", 2)
    if row.earlier:
        outline.add("earlier: " + ", ".join(f"{count} in {edition}" for edition, count in row.earlier), 2)
    if row.topic:
        outline.add(f"one of several readings of {row.topic.replace('_', ' ')}", 2)
    if row.contradicts:
        outline.add(f"contradicts: {', '.join(row.contradicts)}", 2)
    if row.from_words:
        outline.add("the count was inferred from words", 2)
    outline.add(f"published {row.published}, {_range(row)}: {row.verdict.value}", 2)
    if row.named:
        outline.add(f"named by the publisher: {_companies(row.named, names)}", 2)
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
