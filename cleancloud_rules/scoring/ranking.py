"""Ranks scorecards."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from decimal import Decimal

from cleancloud_rules._version import __version__
from cleancloud_rules.model.exact import negate
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.outcomes import GroupOutcome
from cleancloud_rules.results.rankings import Cohort, Ranking, ranked
from cleancloud_rules.results.records import NoticeRecord
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.scoring.recorder import Recorder


def ranking_of(scorecards: Iterable[Scorecard], methodology: Methodology) -> Ranking:
    """Return scorecards ranked within their cohorts by `rank_by`. Equals share a rank, as in 1, 2, 2, 4."""
    cards = list(scorecards)
    key = RankKey(methodology)
    order = [(id, title) for id, title in methodology.vocabulary.cohorts]
    cohorts = [_cohort(id, title, [c for c in cards if c.company.cohort == id], key) for id, title in order]
    outside = [card for card in cards if card.company.cohort is None]
    if outside:
        cohorts.append(_cohort(None, "Companies", outside, key))
    recorder = Recorder(methodology)
    return Ranking(
        recorder.methodology_record(),
        tuple(cohort for cohort in cohorts if cohort.rows),
        _notices(cards, recorder),
        __version__,
        methodology.rank_by,
    )


def _notices(cards: list[Scorecard], recorder: Recorder) -> tuple[NoticeRecord, ...]:
    """Return the notices of all scorecards, each once. A notice that names the company names all that have it."""
    names: dict[str, list[str]] = {}
    for card in cards:
        for notice in card.notices:
            names.setdefault(notice.code, []).append(card.company.name)
    if not names:
        return recorder.notices((), with_hypothetical=False)
    codes = (notice.code for notice in recorder.methodology.notices if notice.code in names)
    return tuple(
        notice
        for code in codes
        for notice in recorder.notices(names[code], with_hypothetical=True)
        if notice.code == code
    )


def _cohort(id: str | None, title: str, cards: list[Scorecard], key: "RankKey") -> Cohort:
    keys = sorted(key.of(card) for card in cards if key.ranks(card))
    ordered = sorted(cards, key=lambda card: (not key.ranks(card), key.of(card), card.company.name, card.company.id))
    ranks = (1 + bisect_left(keys, key.of(card)) if key.ranks(card) else None for card in ordered)
    return Cohort(id, title, tuple(map(ranked, ranks, ordered)))


_OF_TOTAL = ("total", "level", "label")


class RankKey:
    """The sort key of companies, the best first; a company without a value comes last."""

    def __init__(self, methodology: Methodology) -> None:
        combining = methodology.combining
        self._by = methodology.rank_by
        self._places: dict[str, dict[str, int]] = {
            "level": {str(level.id): -i for i, level in enumerate(combining.ladder)},
            "label": {band.label: i for i, band in reversed(list(enumerate(combining.bands)))},
            **{table.id: {out: i for i, out in enumerate(table.outputs)} for table in methodology.tables},
        }

    def ranks(self, card: Scorecard) -> bool:
        """Whether a company is ranked: not if it is ranked by a total that is not assessed, by its level or label."""
        return self.ranks_outcome(card.outcome)

    def ranks_outcome(self, outcome: GroupOutcome) -> bool:
        """Whether a company whose total has this outcome is ranked."""
        by_total = any(name in _OF_TOTAL for name in self._by)
        return not by_total or outcome is not GroupOutcome.NOT_ASSESSED

    def of(self, card: Scorecard) -> tuple[tuple[bool, Decimal], ...]:
        """Return the sort key of a scorecard."""
        outputs = {table.id: table.outputs[0] if table.outputs else None for table in card.tables}
        level = card.level.id if card.level is not None else None
        return self.of_values({"total": card.total, "level": level, "label": card.label, **outputs})

    def of_values(self, values: Mapping[str, Decimal | str | None]) -> tuple[tuple[bool, Decimal], ...]:
        """Return the sort key of a total, the id of a level, a label and the best outputs of tables, by name."""
        places = [self._place(name, values[name]) for name in self._by]
        return tuple((place is None, Decimal(0) if place is None else place) for place in places)

    def _place(self, name: str, value: Decimal | str | None) -> Decimal | None:
        if value is None:
            return None
        return negate(value) if isinstance(value, Decimal) else Decimal(self._places[name][value])
