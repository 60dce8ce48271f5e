"""Published order compared with the computed order, and with the order that the printed figures give.

The order is that of the printed ranks. The order of the rows says nothing: publishers also sort tables by name.
"""

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
    """Return the diagnosis of each printed order: one for each cohort that has printed ranks.

    Args:
        rows: rows of companies that have a scorecard.
        cards: the scorecards, by company.
        methodology: the methodology that ranks them.
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
    """The rows of a cohort that have printed ranks."""

    rows: tuple[PublishedRow, ...]
    cards: Mapping[str, Scorecard]
    methodology: Methodology

    def examined(self, cohort: str | None, title: str) -> OrderRow:
        computed, by_printed = self._computed(), self._by_printed()
        unlike = [row for row in self.rows if row.rank != computed[row.company]]
        broken = [row for row in self.rows if by_printed and row.rank != by_printed[row.company]]
        follows = None if by_printed is None else not broken
        parts: list[str] = []
        by = self.methodology.rank_by
        figures = " and ".join(by)
        for row in broken:
            assert by_printed is not None
            gives = "gives" if len(by) == 1 else "give"
            said = f"{self._name(row)} is printed as {row.rank}, but its printed {figures} {gives} "
            parts.append(f"{said}{by_printed[row.company]}")
        if not broken:
            parts += [f"{self._name(r)} is printed as {r.rank} and computed as {computed[r.company]}" for r in unlike]
        same = "the printed ranks equal the computed ranks"
        if by_printed is not None:
            same += f", and those that the printed {figures}{'s give' if len(by) == 1 else ' give'}"
        return OrderRow(cohort, title, not unlike, follows, "; ".join(parts) or same)

    def _name(self, row: PublishedRow) -> str:
        return row.name or self.cards[row.company].company.name

    def _computed(self) -> dict[str, int]:
        key = RankKey(self.methodology)
        return _ranks({row.company: key.of(self.cards[row.company]) for row in self.rows})

    def _by_printed(self) -> dict[str, int] | None:
        """Return the ranks that the printed figures give; None if some of these figures are not printed."""
        key, by = RankKey(self.methodology), self.methodology.rank_by
        printed = {row.company: row.printed() for row in self.rows}
        if any(name not in figures for figures in printed.values() for name in by):
            return None
        return _ranks(
            {id: key.of_values({name: _best(figures[name]) for name in by}) for id, figures in printed.items()}
        )


def _best(printed: Printed | None) -> Printed | None:
    """Return a figure; of several outputs of a decision table the best one."""
    return printed.split("; ")[0] if isinstance(printed, str) else printed


def _ranks(keys: Mapping[str, tuple[tuple[bool, object], ...]]) -> dict[str, int]:
    """Return ranks by company. Equals share a rank, as in 1, 2, 2, 4."""
    values = list(keys.values())
    return {id: 1 + sum(other < key for other in values) for id, key in keys.items()}
