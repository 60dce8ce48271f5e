"""Writes the table of what happens to the published scores when one rule's points change by one.

Run by ``make points-table``; it takes several minutes, and so the table is kept.
"""

import sys
from collections import Counter
from pathlib import Path

import cleancloud_rules as cc
from cleancloud_rules.results.fits import PointsChange
from tests.support.places import DATASET

HEAD = """# One rule's points changed by one

Made by `make points-table`, about {dataset}. For each rule of {methodology}, once with one point more and
once with one less: are there still facts, contradicting nothing stated and meeting the published counts, under which
the rules give every published category score? The maxima of the categories are kept, because the published figures
fix them.

Of {total} changes {feasible} leave such facts and {infeasible} leave none. So the published scores do not tell the
points of most rules.

| criterion | rule | points | changed to | published scores can still be given |
|---|---|---|---|---|
"""


def main(target: Path) -> None:
    """Write the table for the shipped dataset."""
    methodology = cc.load_methodology("clean_cloud_2024")
    dataset = cc.load_dataset(DATASET, methodology)
    rows: list[PointsChange] = []
    for row in cc.points_changes(dataset, methodology):
        rows.append(row)
        sys.stderr.write(f"{row.criterion}.{row.rule}: {row.points} to {row.changed}: {row.feasible}\n")
    counted = Counter(row.feasible for row in rows)
    head = HEAD.format(
        dataset=dataset.title,
        methodology=methodology.title,
        total=len(rows),
        feasible=counted[True],
        infeasible=counted[False],
    )
    lines = (
        f"| {r.criterion} | {r.rule} | {r.points:f} | {r.changed:f} | {'yes' if r.feasible else 'no'} |" for r in rows
    )
    target.write_text(head + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
