"""Scorecards to a ranking."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from decimal import Decimal

from cleancloud_rules._combining import ladder
from cleancloud_rules._records import Recorder
from cleancloud_rules._version import __version__
from cleancloud_rules.methodology import Methodology
from cleancloud_rules.scorecards import Cohort, NoticeRecord, RankedCompany, Ranking, Scorecard


def ranking_of(scorecards: Iterable[Scorecard], methodology: Methodology) -> Ranking:
    """Return scorecards ranked within their cohorts by what the methodology says, "1224": equals share a rank."""
    cards = list(scorecards)
    key = _Key(methodology)
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
    """Return the notices of all scorecards, each once; one that names companies is for all of them."""
    shown = {notice.code for card in cards for notice in card.notices}
    named = recorder.notices("the company", with_hypothetical=True)
    return tuple(n for n in named if n.code in shown) or recorder.notices("", with_hypothetical=False)


def _cohort(id: str | None, title: str, cards: list[Scorecard], key: "_Key") -> Cohort:
    keys = sorted(key.of(card) for card in cards)
    ordered = sorted(cards, key=lambda card: (key.of(card), card.company.name, card.company.id))
    return Cohort(id, title, tuple(RankedCompany(1 + bisect_left(keys, key.of(card)), card) for card in ordered))


class _Key:
    """What scorecards are sorted by, the best first; what a card does not have comes last."""

    def __init__(self, methodology: Methodology) -> None:
        combining = methodology.combining
        self._by = methodology.rank_by
        self._levels: dict[str, int] = {level.id: -i for i, level in enumerate(ladder(combining))}
        self._labels = {band.label: i for i, band in reversed(list(enumerate(combining.bands)))}
        self._tables = {table.id: {out: i for i, out in enumerate(table.outputs)} for table in methodology.tables}

    def of(self, card: Scorecard) -> tuple[tuple[bool, Decimal], ...]:
        """Return the sort key of a scorecard."""
        return tuple((place is None, Decimal(0) if place is None else place) for place in self._places(card))

    def _places(self, card: Scorecard) -> Iterator[Decimal | None]:
        for name in self._by:
            if name == "total":
                yield None if card.total is None else -card.total
            elif name == "level":
                yield None if card.level is None else Decimal(self._levels[card.level.id])
            elif name == "label":
                yield None if card.label is None else Decimal(self._labels[card.label])
            else:
                outputs = next(table.outputs for table in card.tables if table.id == name)
                yield Decimal(self._tables[name][outputs[0]]) if outputs else None
