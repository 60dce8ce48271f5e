"""Results as one table for programs: CSV, in which each score column says whose figure it is.

The form of the table, and what keeps a spreadsheet from taking a text for a formula, are those of the tables beside
the pages.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from cleancloud_rules.model.exact import subtract
from cleancloud_rules.model.outcomes import GroupOutcome
from cleancloud_rules.reports.answers import Answer, stated
from cleancloud_rules.reports.of_records.comparison import change_in_words
from cleancloud_rules.reports.pages.site import Site
from cleancloud_rules.reports.pages.tables import Column, Table, Value, ranking_table
from cleancloud_rules.reports.text.figures import NOTHING, is_hypothetical
from cleancloud_rules.results.bounds import Bounds, CompanyBounds, GroupBounds
from cleancloud_rules.results.claims import ClaimReport, ClaimResult
from cleancloud_rules.results.kept_records import ComparedCompany, Comparison
from cleancloud_rules.results.rankings import Ranking
from cleancloud_rules.results.records import FactRecord, NoticeRecord
from cleancloud_rules.results.reproductions import Reproduction
from cleancloud_rules.results.scorecards import CriterionResult, GroupScore, Scorecard

_Row = tuple[Value, ...]

_COMPANY = (Column("company", "string", "Id of the company."), Column("name", "string", "Name of the company."))
_PART = (
    Column("part", "string", "total, group or criterion."),
    Column("id", "string", "Id of the group or the criterion."),
    Column("title", "string", "Its title."),
)
_NOTICES = Column("notices", "string", "The notices that every output carries.")


def _columns(*names: str) -> tuple[Column, ...]:
    """Return columns without descriptions, for which CSV has no place."""
    return tuple(Column(name, "string", "") for name in names)


def _table(name: str, columns: Sequence[Column], rows: Iterable[_Row], notices: Iterable[NoticeRecord]) -> Table:
    """Return a table with the notices in its last column: a row that is copied elsewhere takes them along."""
    said = " ".join(notice.text for notice in notices)
    return Table(name, name, (*columns, _NOTICES), (), tuple((*row, said) for row in rows))


def scorecards_table(cards: Sequence[Scorecard]) -> Table:
    """Return a row for the total, each group and each criterion of some companies."""
    hypothetical = is_hypothetical(cards)
    columns = (
        *_COMPANY,
        *_PART,
        *_columns("outcome", "published", "supported"),
        *(_columns("hypothetical") if hypothetical else ()),
        *_columns("floor", "ceiling", "maximum", "unit", "label", "level", "because"),
    )
    rows = (row for card in cards for row in _parts(card, hypothetical=hypothetical))
    return _table("score", columns, rows, _notices(cards))


def _notices(cards: Iterable[Scorecard]) -> tuple[NoticeRecord, ...]:
    return tuple(dict.fromkeys(notice for card in cards for notice in card.notices))


def _parts(card: Scorecard, *, hypothetical: bool) -> Iterable[_Row]:
    bounds, printed = card.bounds, card.company.published or NOTHING
    ends = (None, None) if bounds is None else (bounds.floor, bounds.ceiling)
    level = None if card.level is None else card.level.title
    supported = _supported(card.total, card.hypothetical_total, hypothetical=hypothetical)
    head = (card.company.id, card.company.name)
    because = "; ".join(filter(None, (card.arithmetic, *card.because)))
    yield (
        *(*head, "total", None, "Total", card.outcome.value, printed.total, *supported, *ends),
        *(card.max_total, "score", card.label, level, because),
    )
    for group in card.groups:
        yield (*head, *_group(card, group, hypothetical=hypothetical))
        for criterion in group.criteria:
            yield (*head, *_criterion(card, criterion, hypothetical=hypothetical))


def _supported(figure: Decimal | None, added: Decimal | None, *, hypothetical: bool) -> _Row:
    """Return what stated facts support of a figure; with hypothetical facts, also what these add to it."""
    own = figure if figure is None or added is None else subtract(figure, added)
    return (own, added) if hypothetical else (own,)


def _group(card: Scorecard, group: GroupScore, *, hypothetical: bool) -> _Row:
    bounds = None if card.bounds is None else card.bounds.category(group.id)
    printed = dict((card.company.published or NOTHING).scores).get(group.id)
    level = None if group.level is None else group.level.title
    because = "; ".join(filter(None, (group.arithmetic, *group.because)))
    maximum: Decimal | None
    ends: _Row
    if group.outcome is GroupOutcome.UNSCORED:
        figures = _supported(group.points, group.hypothetical_points, hypothetical=hypothetical)
        ends = (None, None) if bounds is None else (bounds.floor_points, bounds.ceiling_points)
        maximum, unit = group.max_points, "points"
    else:
        figures = _supported(group.score, group.hypothetical_score, hypothetical=hypothetical)
        ends = (None, None) if bounds is None else (bounds.floor, bounds.ceiling)
        maximum, unit = group.max_score, "score"
    named = ("group", group.id, group.title, group.outcome.value, printed)
    return (*named, *figures, *ends, maximum, unit, group.label, level, because)


def _criterion(card: Scorecard, criterion: CriterionResult, *, hypothetical: bool) -> _Row:
    bounds = None if card.bounds is None else card.bounds.criterion(criterion.id)
    printed = dict((card.company.published or NOTHING).points).get(criterion.id)
    ends = (None, None) if bounds is None else (bounds.floor, bounds.ceiling)
    figures = _supported(criterion.points, criterion.hypothetical_points, hypothetical=hypothetical)
    named = ("criterion", criterion.id, criterion.title, criterion.outcome.value, printed)
    return (*named, *figures, *ends, criterion.max_points, "points", None, None, " ".join(criterion.because))


def explanations_table(cards: Sequence[Scorecard], criterion: str | None = None) -> Table:
    """Return a row for each criterion and each fact on which it rests.

    Args:
        cards: the scorecards.
        criterion: id of the only criterion; None for all.
    """
    hypothetical = is_hypothetical(cards)
    columns = (
        *_COMPANY,
        *_columns("criterion", "title", "outcome", "points_supported"),
        *(_columns("points_hypothetical") if hypothetical else ()),
        *_columns("points_floor", "points_ceiling", "max_points", "rules", "because", "fact", "fact_text"),
        *_columns("period", "as_of", "basis", "source", "source_title", "publisher", "url", "locator", "note"),
    )
    rows = (
        row
        for card in cards
        for found in card.criteria
        if criterion in (None, found.id)
        for row in _explained(Answer(card, found), hypothetical=hypothetical)
    )
    return _table("explain", columns, rows, _notices(cards))


def _explained(answer: Answer, *, hypothetical: bool) -> Iterable[_Row]:
    card, found, bounds = answer.card, answer.criterion, answer.bounds
    ends = (None, None) if bounds is None else (bounds.floor, bounds.ceiling)
    head = (
        *(card.company.id, card.company.name, found.id, found.title, found.outcome.value),
        *_supported(found.points, found.hypothetical_points, hypothetical=hypothetical),
        *(*ends, found.max_points, " ".join(rule.id for rule in answer.won), " ".join(found.because)),
    )
    facts: Sequence[FactRecord | None] = stated((fact.id for fact in answer.facts), card) or (None,)
    for fact in facts:
        yield (*head, *_fact(card, fact))


def _fact(card: Scorecard, fact: FactRecord | None) -> _Row:
    if fact is None:
        return (None,) * 10
    source = next((source for source in card.sources if source.id == fact.source), None)
    cited = (None, None, None) if source is None else (source.title, source.publisher, source.url)
    text = f"{fact.title}: {fact.text}"
    return (fact.id, text, fact.period, fact.as_of, fact.basis, fact.source, *cited, fact.locator, fact.note)


def rankings_table(ranking: Ranking) -> Table:
    """Return a row for each company of a ranking, in its order."""
    rows = [row for cohort in ranking.cohorts for row in cohort.rows]
    hypothetical = is_hypothetical([row.scorecard for row in rows])
    made = ranking_table(Site(ranking, is_hypothetical=hypothetical))
    cells = {row[0]: row for row in made.rows}
    return _table("rank", made.columns, (cells[row.company.id] for row in rows), ranking.notices)


def bounds_table(bounds: Bounds) -> Table:
    """Return a row for the total, each group and each criterion of some companies, with their bounds."""
    columns = (
        *_COMPANY,
        *_PART,
        *_columns("published", "supported", "floor", "ceiling", "maximum", "unit", "exact", "reason"),
    )
    rows = (row for company in bounds.companies for row in _bounds(company))
    return _table("bounds", columns, rows, bounds.notices)


def _bounds(company: CompanyBounds) -> Iterable[_Row]:
    printed = company.company.published or NOTHING
    scores, points = dict(printed.scores), dict(printed.points)
    head = (company.company.id, company.company.name)
    ends = (company.total, company.floor, company.ceiling)
    yield (*head, "total", None, "Total", printed.total, *ends, None, "score", company.exact, company.reason)
    for group in company.groups:
        yield (*head, "group", group.id, group.title, scores.get(group.id), *_of_group(group))
        for one in group.criteria:
            figures = (points.get(one.id), one.points, one.floor, one.ceiling, one.max_points)
            yield (*head, "criterion", one.id, one.title, *figures, "points", one.exact, one.reason)


def _of_group(group: GroupBounds) -> _Row:
    figures: _Row
    if group.score is None and group.floor is None and group.ceiling is None:
        figures = (group.points, group.floor_points, group.ceiling_points, group.max_points, "points")
    else:
        figures = (group.score, group.floor, group.ceiling, None, "score")
    return (*figures, group.exact, group.reason)


def claims_table(findings: ClaimReport) -> Table:
    """Return a row for each published claim, with the companies that it counts."""
    columns = _columns(
        *("claim", "title", "kind", "published", "verdict", "yes", "cannot_tell", "no", "floor", "ceiling"),
        *("companies_yes", "companies_cannot_tell", "companies_no", "why", "locator", "note"),
    )
    rows: list[_Row] = [_claim(row, "claim") for row in findings.rows]
    rows += [_claim(row, "refused reading") for row in findings.refused]
    rows += [
        (one.id, one.title, "cannot be answered", *(None,) * 10, one.why, one.locator, one.note)
        for one in findings.unanswerable
    ]
    return _table("findings", columns, rows, findings.notices)


def _claim(row: ClaimResult, kind: str) -> _Row:
    sets = (row.yes, row.cannot_tell, row.no)
    counts = (*map(len, sets), row.floor, row.ceiling)
    named = (row.id, row.title, kind, row.published, row.verdict.value)
    return (*named, *counts, *(" ".join(ids) or None for ids in sets), row.reason, row.locator, row.note)


def reproductions_table(found: Reproduction) -> Table:
    """Return a row for each published figure."""
    columns = (
        *_COMPANY,
        *_columns("cohort", "figure", "kind", "published", "supported", "floor", "ceiling", "computed", "equal"),
        *_columns("supported_points", "hypothetical_points", "diagnosis", "explanation"),
    )
    rows = (
        (
            *(row.company, row.name, row.cohort, row.figure, row.kind.value, row.published, row.stated),
            *(row.floor, row.ceiling, row.computed, row.equal, row.stated_points, row.hypothetical_points),
            *(row.diagnosis.value, row.explanation),
        )
        for row in found.rows
    )
    return _table("reproduce", columns, rows, found.notices)


def comparisons_table(found: Comparison) -> Table:
    """Return a row for each figure and each word of a company that changed, and below it one for each part of it.

    The total has a row also where it did not change. A part names the changes that it is attributed to.
    """
    columns = (
        *_COMPANY,
        *_PART,
        *_columns("before", "after", "difference", "changes", "what"),
    )
    rows = (row for company in found.companies for row in _compared(found, company))
    return _table("compare", columns, rows, found.notices)


def _compared(found: Comparison, company: ComparedCompany) -> Iterable[_Row]:
    head = (company.company.id, company.company.name)
    titles = {move.id: move.title for move in company.criteria}
    because = {move.id: " ".join(move.because) for move in company.criteria}
    by = {step.number: sorted(step.changes) for step in found.steps}
    for figure in company.figures:
        id = figure.id
        named = (figure.kind.value, id, titles.get(id or ""))
        yield (*head, *named, figure.old, figure.new, figure.change, None, because.get(id or ""))
        for part in figure.contributions:
            numbers = by[part.step]
            what = "; ".join(change_in_words(found, number) for number in numbers)
            yield (*head, *named, None, None, part.change, " ".join(map(str, numbers)), what)
    for word in company.words:
        if word.old != word.new:
            named = (word.kind.value, word.id, titles.get(word.id or ""))
            numbers = sorted({number for turn in word.turns for number in by[turn.step]})
            told = because.get(word.id or "")
            yield (*head, *named, word.old, word.new, None, " ".join(map(str, numbers)), told)
