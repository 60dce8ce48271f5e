"""Published order compared with the computed order, and with the order that the printed figures give.

The order is that of the printed ranks. The order of the rows says nothing: publishers also sort tables by name. Where a
table shows a part of a longer ranking, its ranks give the order of its rows, and no more.
"""

from collections.abc import Container, Mapping

from attrs import frozen

from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.published import Printed, PublishedRow
from cleancloud_rules.results.reproductions import OrderRow
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.scoring.ranking import RankKey


def orders_of(
    rows: tuple[PublishedRow, ...],
    cards: Mapping[str, Scorecard],
    methodology: Methodology,
    unlisted: Container[str | None] = (),
) -> tuple[OrderRow, ...]:
    """Return the diagnosis of each printed order: one for each cohort that has printed ranks.

    Args:
        rows: rows of companies that have a scorecard.
        cards: the scorecards, by company.
        methodology: the methodology that ranks them.
        unlisted: the cohorts of the companies that the table does not list.
    """
    ranked: dict[str | None, list[PublishedRow]] = {}
    for row in rows:
        if row.rank is not None:
            ranked.setdefault(row.cohort or cards[row.company].company.cohort, []).append(row)
    titles = dict(methodology.vocabulary.cohorts)
    found = []
    for cohort, some in ranked.items():
        order = _Order(tuple(some), cards, methodology, _is_part(some, cohort in unlisted))
        found.append(order.examined(cohort, titles.get(cohort or "", "Companies")))
    return tuple(found)


@frozen
class _Order:
    """The rows of a cohort that have printed ranks.

    Args:
        rows: the rows.
        cards: the scorecards, by company.
        methodology: the methodology that ranks them.
        is_part: whether they are a part of a longer ranking.
    """

    rows: tuple[PublishedRow, ...]
    cards: Mapping[str, Scorecard]
    methodology: Methodology
    is_part: bool

    def examined(self, cohort: str | None, title: str) -> OrderRow:
        printed, computed, by_printed = self._printed(), self._computed(), self._by_printed()
        unlike = [row for row in self.rows if printed[row.company] != computed[row.company]]
        broken = [row for row in self.rows if by_printed and printed[row.company] != by_printed[row.company]]
        follows = None if by_printed is None else not broken
        parts: list[str] = []
        by = self.methodology.rank_by
        figures = " and ".join(by)
        for row in broken:
            assert by_printed is not None
            gives = "gives" if len(by) == 1 else "give"
            said = f"{self._name(row)} is printed as {self._place(row)}, but its printed {figures} {gives} "
            parts.append(f"{said}{by_printed[row.company]}")
        if not broken:
            unlike_words = ((self._name(r), self._place(r), computed[r.company]) for r in unlike)
            parts += [f"{name} is printed as {place} and computed as {rank}" for name, place, rank in unlike_words]
        same = "the printed ranks equal the computed ranks"
        if self.is_part:
            same = "the rows are a part of a longer ranking, and their order equals the computed order"
        if by_printed is not None:
            same += f", and those that the printed {figures}{'s give' if len(by) == 1 else ' give'}"
        return OrderRow(cohort, title, not unlike, follows, "; ".join(parts) or same)

    def _name(self, row: PublishedRow) -> str:
        return row.name or self.cards[row.company].company.name

    def _place(self, row: PublishedRow) -> str:
        """Return the printed rank; in a part of a ranking also the place among the rows."""
        among = f", place {self._printed()[row.company]} of {len(self.rows)}" if self.is_part else ""
        return f"{row.rank}{among}"

    def _printed(self) -> dict[str, int]:
        """Return the printed ranks; in a part of a ranking the places that they give to the rows."""
        printed = {row.company: row.rank for row in self.rows if row.rank is not None}
        if not self.is_part:
            return printed
        return {id: 1 + sum(other < rank for other in printed.values()) for id, rank in printed.items()}

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


def _is_part(rows: list[PublishedRow], is_unlisted: bool) -> bool:
    """Return whether rows are a part of a ranking: others are not listed, or none of them is the first."""
    return is_unlisted or all(row.rank != 1 for row in rows)


def _best(printed: Printed | None) -> Printed | None:
    """Return a figure; of several outputs of a decision table the best one."""
    return printed.split("; ")[0] if isinstance(printed, str) else printed


def _ranks(keys: Mapping[str, tuple[tuple[bool, object], ...]]) -> dict[str, int]:
    """Return ranks by company. Equals share a rank, as in 1, 2, 2, 4."""
    values = list(keys.values())
    return {id: 1 + sum(other < key for other in values) for id, key in keys.items()}
