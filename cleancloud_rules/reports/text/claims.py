"""Published claims in text: each published count beside the count that the facts give."""

from cleancloud_rules.reports.text.base import Outline, add_notices, methodology_in_words, table
from cleancloud_rules.results.claims import ClaimReport, ClaimResult


def findings_text(findings: ClaimReport) -> Outline:
    """Return recounted claims as a document: the notices, a table of counts, then companies and notes of each claim."""
    outline = Outline()
    add_notices(outline, findings.notices)
    outline.add(methodology_in_words(findings.methodology), style="bold")
    hypothetical = any(row.with_hypothetical is not None for row in findings.rows)
    headers = ["Claim", "Published", "From stated\nfacts"]
    headers += ["With hypothetical\nfacts"] if hypothetical else []
    headers += ["Met", "Counts"]
    made = table(*headers, right=range(1, len(headers) - 2), wraps=len(headers) - 1)
    for row in findings.rows:
        extra = [str(row.with_hypothetical)] if hypothetical else []
        made.add_row(row.id, row.published, str(row.stated), *extra, "yes" if row.met else "no", row.title)
    outline.gap()
    outline.add_table(made)
    for row in findings.rows:
        _add_row(outline, row)
    return outline


def _add_row(outline: Outline, row: ClaimResult) -> None:
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
    outline.add(f"companies, from stated facts: {', '.join(row.companies) or 'none'}", 2)
    if row.hypothetical_companies:
        outline.add(f"HYPOTHETICAL, only with facts chosen by a solver: {', '.join(row.hypothetical_companies)}", 2)
    if row.note:
        outline.add(f"note: {row.note}", 2)
