"""Scorecards to a ranking."""

from collections.abc import Iterable

from cleancloud_rules._records import Recorder
from cleancloud_rules._version import __version__
from cleancloud_rules.methodology import Methodology
from cleancloud_rules.scorecards import Cohort, NoticeRecord, RankedCompany, Ranking, Scorecard


def ranking_of(scorecards: Iterable[Scorecard], methodology: Methodology) -> Ranking:
    """Return scorecards ranked by total within their cohorts, "1224": equal totals share a rank."""
    cards = list(scorecards)
    order = [(id, title) for id, title in methodology.vocabulary.cohorts]
    cohorts = [_cohort(id, title, [c for c in cards if c.company.cohort == id]) for id, title in order]
    outside = [card for card in cards if card.company.cohort is None]
    if outside:
        cohorts.append(_cohort(None, "Companies", outside))
    recorder = Recorder(methodology)
    return Ranking(
        recorder.methodology_record(),
        tuple(cohort for cohort in cohorts if cohort.rows),
        _notices(cards, recorder),
        __version__,
    )


def _notices(cards: list[Scorecard], recorder: Recorder) -> tuple[NoticeRecord, ...]:
    """Return the notices of all scorecards, each once; one that names companies is for all of them."""
    shown = {notice.code for card in cards for notice in card.notices}
    named = recorder.notices("the company", with_hypothetical=True)
    return tuple(n for n in named if n.code in shown) or recorder.notices("", with_hypothetical=False)


def _cohort(id: str | None, title: str, cards: list[Scorecard]) -> Cohort:
    ordered = sorted(cards, key=lambda card: (-card.total, card.company.name, card.company.id))
    rows = tuple(RankedCompany(1 + sum(other.total > card.total for other in cards), card) for card in ordered)
    return Cohort(id, title, rows)
