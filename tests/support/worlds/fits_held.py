"""What a fit says of a published table, held against all facts that could be added to the company of a small world."""

from collections.abc import Iterator
from random import Random
from typing import Any

from cleancloud_rules import CriteriaError
from cleancloud_rules.analysis import fit
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Selection
from cleancloud_rules.model.published import PublishedRow, PublishedTable
from tests.support.worlds.companies import Small
from tests.support.worlds.differences import Difference
from tests.support.worlds.kinds import Kind


def differences(small: Small, most: int) -> Iterator[Difference]:
    """Yield where a fit and the completions of a company differ.

    Args:
        small: the company, of a world whose total is a sum of weighted categories.
        most: how many states are visited.
    """
    visited = small.visit(most)
    tables: dict[tuple[tuple[str, Any], ...], tuple[Kind, ...] | None] = {}
    for summary, added in visited.completions(small.rules):
        groups = small.rules.standings(summary, small.company.cohort).groups
        scores = tuple((str(id), found.score) for id, found in groups.items() if id is not None)
        tables[scores] = tables.get(scores, added)
    random = Random(small.world.seed)  # noqa: S311 - nothing secret is made
    asked = dict(random.sample(sorted(tables.items(), key=repr), min(2, len(tables))))
    if visited.whole and tables:
        mixed = tuple((id, dict(random.choice(list(tables)))[id]) for id, _ in next(iter(tables)))
        asked.setdefault(mixed, tables.get(mixed))
    for table, nearest in asked.items():
        yield from _held(small, dict(table), nearest)


def _held(small: Small, scores: dict[str, Any], added: tuple[Kind, ...] | None) -> Iterator[Difference]:
    row = PublishedRow("acme", None, None, None, scores, None, Location(SourceFile("table")))
    dataset = Dataset("Table", small.world.methodology.id, (small.company,), published=PublishedTable((row,)))
    try:
        found, overlay = fit(dataset, small.world.methodology)
    except CriteriaError as error:
        if "supersede stated ones" not in str(error):
            raise
        return
    what = f"{scores}: feasible {found.feasible}, optimal {found.optimal}, {[fact.entry for fact in found.facts]}"
    if added is None and found.feasible:
        yield Difference("a fit where no facts give the table", "fit", what, overlay)
    if added is not None and not found.feasible:
        yield Difference("no fit where facts give the table", "fit", what, str(len(added)), small.grown(added))
    if added is not None and found.feasible:
        if found.optimal and len(found.facts) > len(added):
            yield Difference("a fit that is not the smallest", "fit", what, str(len(added)), small.grown(added))
        if len(found.facts) < len(added) and not any(
            own.selection is Selection.LATEST for own in small.world.methodology.vocabulary.fact_types
        ):
            yield Difference("a fit with fewer facts than any completion", "fit", what, str(len(added)))
