"""Disclosures in text: for each item of a regulation what the files say, and what is left to the provider."""

from cleancloud_rules.reports.outline.blocks import Outline, Styled
from cleancloud_rules.reports.text.base import add_notices, methodology_in_words
from cleancloud_rules.results.of_records.disclosures import DisclosedPart, Disclosure


def disclosure_text(found: Disclosure) -> Outline:
    """Return a disclosure as a document: what a reader must know, then item by item."""
    outline = Outline()
    if found.with_hypothetical:
        add_notices(outline, found.notices)
    outline.heading(f"{found.subject}: what the files say for {found.title}", 1)
    for note in found.notes:
        outline.add(note, style="bold")
    outline.gap()
    many = "company" if found.companies == 1 else "companies"
    outline.add(f"{found.companies:,} {many}, {methodology_in_words(found.methodology)}.")
    outline.add("Made from files that were not recorded." if found.record is None else f"Record sha256 {found.record}")
    parts = sum(len(item.parts) for item in found.items)
    outline.add(f"{found.left} of {parts} parts are left to the provider of the rating, as a whole or in part.")
    for item in found.items:
        outline.gap()
        outline.heading(f"{item.place}: {item.asks}")
        for part in item.parts:
            _add_part(outline, part)
    if not found.with_hypothetical:
        outline.gap()
        add_notices(outline, found.notices)
    return outline


def _add_part(outline: Outline, part: DisclosedPart) -> None:
    outline.add(Styled(part.asks, "bold"), 2)
    for sentence in part.says:
        outline.add(sentence, 4)
    if part.left is not None:
        outline.add(Styled(f"{part.left[:1].upper()}{part.left[1:]}.", "yellow"), 4)
    if part.add is not None:
        outline.add(Styled(f"({part.add})", "dim"), 4)
