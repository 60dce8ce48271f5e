"""A verification of a record in text: whether a replay gave the same, else each place that differs."""

from cleancloud_rules.reports.outline.blocks import Outline
from cleancloud_rules.results.kept_records import Replay, Verification

SHOWN = 10
"""How many differences are shown."""


def verification_text(found: Verification) -> Outline:
    """Return a verification as a document."""
    outline = Outline()
    outline.heading(_headline(found), 1)
    many = "company" if found.companies == 1 else "companies"
    if found.company is not None:
        outline.add(
            f"Only `{found.company}` was scored again. The input files, their meaning and all digests were compared as "
            "well. Results of other companies, ranks, claims and notices were not."
        )
    outline.add(f"Made by {found.made_by}; recomputed for {found.companies} {many} by {found.library_version}.")
    outline.add(f"Record sha256 {found.record}")
    for difference in found.differences[:SHOWN]:
        outline.gap()
        outline.add(difference.path)
        outline.add(f"in the record: {difference.recorded or 'nothing'}", 2)
        outline.add(f"ought to be: {difference.replayed or 'nothing'}", 2)
    if found.differing > SHOWN:
        outline.gap()
        outline.add(f"and {found.differing - SHOWN} more places")
    return outline


def _headline(found: Verification) -> str:
    places = f"{found.differing} place{'' if found.differing == 1 else 's'}"
    match found.replay:
        case Replay.IDENTICAL:
            return (
                "Identical: same facts, same results, same bytes"
                if found.company is None
                else f"Identical for `{found.company}`: same facts, same results"
            )
        case Replay.SENTENCES:
            return f"Only sentences differ, at {places}: same facts, same figures, outcomes and ranks"
        case _:
            return f"Different at {places}"
