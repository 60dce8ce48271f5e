"""The printed ranks of a table, held against what is computed and against the printed figures."""

from collections.abc import Mapping

from attrs import frozen

from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.published import Printed, PublishedRow
from cleancloud_rules.results.reproductions import OrderRow
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.scoring.ranking import RankKey


def orders_of(
    rows: tuple[PublishedRow, ...], cards: Mapping[str, Scorecard], methodology: Methodology
) -> tuple[OrderRow, ...]:
    """Return the printed orders, examined: one for each cohort of which ranks are printed.

    Args:
        rows: rows of companies that have a scorecard.
        cards: what is computed, by company.
        methodology: what they are ranked by.
    """
    ranked: dict[str | None, list[PublishedRow]] = {}
    for row in rows:
        if row.rank is not None:
            ranked.setdefault(row.cohort or cards[row.company].company.cohort, []).append(row)
    titles = dict(methodology.vocabulary.cohorts)
    return tuple(
        _Order(tuple(some), cards, methodology).examined(cohort, titles.get(cohort or "", "Companies"))
        for cohort, some in ranked.items()
    )


@frozen
class _Order:
    """The rows of a cohort that have ranks."""

    rows: tuple[PublishedRow, ...]
    cards: Mapping[str, Scorecard]
    methodology: Methodology

    def examined(self, cohort: str | None, title: str) -> OrderRow:
        ranks = [row.rank for row in self.rows if row.rank is not None]
        in_order = ranks == sorted(ranks)
        computed, by_printed = self._computed(), self._by_printed()
        unlike = [row for row in self.rows if row.rank != computed[row.company]]
        broken = [row for row in self.rows if by_printed and row.rank != by_printed[row.company]]
        follows = None if by_printed is None else not broken and in_order
        parts = [] if in_order else ["the rows do not stand in the order of their ranks"]
        by = self.methodology.rank_by
        figures = " and ".join(by)
        for row in broken:
            assert by_printed is not None
            gives = "gives" if len(by) == 1 else "give"
            said = f"{self._name(row)} is printed as {row.rank}, and its printed {figures} {gives} "
            parts.append(f"{said}{by_printed[row.company]}")
        if not broken:
            parts += [f"{self._name(r)} is printed as {r.rank} and computed as {computed[r.company]}" for r in unlike]
        same = (
            "printed and computed"
            if by_printed is None
            else f"printed, computed and by printed {figures}{'s' if len(by) == 1 else ''}"
        )
        return OrderRow(cohort, title, not unlike and in_order, follows, "; ".join(parts) or f"{same} the same")

    def _name(self, row: PublishedRow) -> str:
        return row.name or self.cards[row.company].company.name

    def _computed(self) -> dict[str, int]:
        key = RankKey(self.methodology)
        return _ranks({row.company: key.of(self.cards[row.company]) for row in self.rows})

    def _by_printed(self) -> dict[str, int] | None:
        """Return the ranks that printed figures give; None where not all of them are printed."""
        key, by = RankKey(self.methodology), self.methodology.rank_by
        printed = {row.company: row.printed() for row in self.rows}
        if any(name not in figures for figures in printed.values() for name in by):
            return None
        return _ranks(
            {id: key.of_values({name: _best(figures[name]) for name in by}) for id, figures in printed.items()}
        )


def _best(printed: Printed | None) -> Printed | None:
    """Return a figure, and of the outcomes of a table that collects them the best."""
    return printed.split("; ")[0] if isinstance(printed, str) else printed


def _ranks(keys: Mapping[str, tuple[tuple[bool, object], ...]]) -> dict[str, int]:
    """Return ranks by company; equals share one, and the next leaves room for them."""
    values = list(keys.values())
    return {id: 1 + sum(other < key for other in values) for id, key in keys.items()}
