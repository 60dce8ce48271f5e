"""The head of scorecards and explanations: the result in a sentence, and the three figures side by side."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from cleancloud_rules.model.outcomes import GroupOutcome
from cleancloud_rules.reports.in_words import level_titles
from cleancloud_rules.reports.outline.blocks import Outline, Styled, table
from cleancloud_rules.reports.text.base import WITHOUT_RESULT, number, points_in_words, words
from cleancloud_rules.reports.text.bounds import MAY_BE_TOO_WIDE
from cleancloud_rules.reports.text.figures import (
    NOTHING,
    Figures,
    figures_of_group,
    figures_of_total,
    printed_words,
)
from cleancloud_rules.results.bounds import Ends, GroupBounds
from cleancloud_rules.results.records import TableResult
from cleancloud_rules.results.scorecards import GroupScore, Scorecard

_Cells = Mapping[str, str]

_Ends = tuple[Decimal | None, Decimal | None, str | None]
"""The lower bound, the upper bound, and why they may be too wide."""


def add_head(outline: Outline, card: Scorecard) -> None:
    """Add what is published and the result in a sentence, and by which methodology it is."""
    outline.heading(f"{card.company.name}: {'; '.join(filter(None, (_published(card), _result(card))))}.", 1)
    methodology = card.methodology
    parts = [f"{methodology.title}, edition {methodology.edition} ({methodology.publisher})"]
    parts += [card.company.cohort_title] if card.company.cohort_title else []
    parts += [f"evidence as of {methodology.as_of}"] if methodology.as_of else []
    outline.add("; ".join(parts))


def _result(card: Scorecard) -> str:
    if card.outcome in WITHOUT_RESULT:
        return f"no result by stated facts: {words(card.outcome.value)}"
    found = figures_of_total(card, card.company.published or NOTHING)
    of = "" if card.max_total is None else f" of {number(card.max_total)}"
    parts = []
    if card.total is not None:
        parts.append(f"stated facts support {found.supported}{of}")
        if found.with_hypothetical is not None:
            parts.append(f"with HYPOTHETICAL facts {found.with_hypothetical}")
    parts += [f"label {card.label}"] if card.label else []
    if card.level is not None:
        parts.append(f"level {card.level.title}")
    elif card.bounds is not None and card.bounds.levels is not None:
        parts.append("no level is reached")
    elif card.total is None and not parts:
        return "no total"
    if card.total is None and card.company.published is not None:
        parts[0] = f"by stated facts {parts[0]}"
    return ", ".join(parts)


def _published(card: Scorecard) -> str:
    printed = card.company.published
    if printed is None:
        return ""
    if "total" in printed.none:
        return "published no score"
    found = [] if printed.total is None else [number(printed.total)]
    found += [f"{words(name)} {word}" for name, word in printed_words(printed, card).items() if "." not in name]
    return f"published {', '.join(found)}" if found else ""


def add_figures(outline: Outline, card: Scorecard) -> None:
    """Add published, supported and possible figures of categories, groups and the total, in this order."""
    table_of = _Figures(card)
    if not table_of.rows:
        return
    outline.gap()
    headers = [name for name in table_of.columns if any(row.get(name) for _, row in table_of.rows)]
    numbers = range(1, len(headers) + 1)
    made = table("", *headers, right=numbers, whole=numbers)
    for title, row in table_of.rows:
        made.add_row(Styled(title, "bold") if title == "Total" else title, *(row.get(name, "") for name in headers))
    outline.add_table(made)
    if card.bounds is not None and card.bounds.may_be_too_wide:
        outline.add(MAY_BE_TOO_WIDE)


class _Figures:
    """The rows of the table of figures.

    Args:
        card: the scorecard.
    """

    def __init__(self, card: Scorecard) -> None:
        self.card = card
        self.published = card.company.published or NOTHING
        self.only_upwards = _only_upwards(card)
        self.possible = "possible up to" if self.only_upwards else "possible"
        self.columns = ("published", "supported", "with HYPOTHETICAL", self.possible, "of")
        self.rows: list[tuple[str, _Cells]] = []
        for category in card.categories:
            self._add_group(category, 0)
        self._add_total()

    def _add_group(self, group: GroupScore, depth: int) -> None:
        found = figures_of_group(self.card, group, self.published)
        is_points = group.outcome is GroupOutcome.UNSCORED
        of = group.max_points if is_points else group.max_score
        bounds = None if self.card.bounds is None else self.card.bounds.category(group.id)
        cells = self._cells(found, None if bounds is None else _ends(bounds, is_points=is_points))
        if group.outcome is GroupOutcome.NOT_APPLICABLE:
            cells = {"published": cells["published"], "supported": "not applicable"}
        elif group.outcome in WITHOUT_RESULT:
            cells["supported"] = words(group.outcome.value)
        else:
            cells["of"] = number(of) if found.supported != "-" else ""
            if is_points and found.supported != "-":
                cells["supported"] = points_in_words(Decimal(found.supported))
            mark = " ".join(filter(None, (group.label, group.level.title if group.level else None)))
            cells["supported"] += f" {mark}" if mark else ""
        self.rows.append(("  " * depth + group.title, cells))
        for inner in group.groups:
            self._add_group(inner, depth + 1)

    def _add_total(self) -> None:
        card, printed = self.card, self.published
        bounds = card.bounds
        is_known = bounds is not None and (bounds.floor is not None or bounds.ceiling is not None)
        if card.total is not None or printed.total is not None or "total" in printed.none or is_known:
            ends = None if bounds is None else (bounds.floor, bounds.ceiling, bounds.reason)
            cells = self._cells(figures_of_total(card, printed), ends)
            if card.outcome in WITHOUT_RESULT:
                cells["supported"] = words(card.outcome.value)
            cells["of"] = "" if card.max_total is None else number(card.max_total)
            self.rows.append(("Total", cells))
        said = printed_words(printed, card)
        titles = level_titles(card)
        if card.label or (bounds is not None and bounds.labels):
            self._add_words("Label", said.get("label", ""), card.label, bounds.labels if bounds else None, str)
        if card.level or (bounds is not None and bounds.levels):
            reached = card.level.title if card.level else None
            levels = bounds.levels if bounds else None
            self._add_words(
                "Level", said.get("level", ""), reached, levels, lambda level: titles.get(level, words(level))
            )
        if printed.rank is not None:
            of = "" if printed.ranked is None else f" of {printed.ranked}"
            cohort = "" if card.company.cohort_title is None else f" {card.company.cohort_title}"
            among = f"{of}{cohort}" if of else f" among{cohort}" if cohort else ""
            self.rows.append((f"Rank{among}", {"published": str(printed.rank)}))

    def _add_words(
        self, title: str, published: str, stated: str | None, ends: Ends | None, shown: Callable[[str], str]
    ) -> None:
        floor, ceiling = (shown(end) if end else "none" for end in ((ends.floor, ends.ceiling) if ends else ("", "")))
        possible = "" if ends is None else floor if floor == ceiling else f"{floor} to {ceiling}"
        self.rows.append((title, {"published": published, "supported": stated or "none", self.possible: possible}))

    def _cells(self, found: Figures, ends: _Ends | None) -> dict[str, str]:
        published = "no score" if found.says_none else "" if found.published == "-" else found.published
        cells = {"published": published, "supported": found.supported}
        if found.with_hypothetical is not None:
            cells["with HYPOTHETICAL"] = found.with_hypothetical
        if ends is not None:
            cells[self.possible] = self._range(ends[0], ends[1]) + ("" if ends[2] is None else " *")
        return cells

    def _range(self, floor: Decimal | None, ceiling: Decimal | None) -> str:
        if ceiling is None:
            return "not known" if floor is None else f"{number(floor)} or more"
        if self.only_upwards or floor == ceiling:
            return number(ceiling)
        return f"up to {number(ceiling)}" if floor is None else f"{number(floor)} to {number(ceiling)}"


def _ends(bounds: GroupBounds, *, is_points: bool) -> _Ends:
    """Return the bounds of a group, in points if nothing adds up to a score, and why they may be too wide."""
    if is_points:
        return bounds.floor_points, bounds.ceiling_points, bounds.reason
    return bounds.floor, bounds.ceiling, bounds.reason


def _only_upwards(card: Scorecard) -> bool:
    """Whether no further fact can lower a figure, so that what is supported is the lower bound everywhere."""
    if card.bounds is None:
        return True
    terms = [card.bounds.labels, card.bounds.levels]
    terms += [term for group in card.bounds.groups for term in (group.labels, group.levels)]
    if any(term is not None for term in terms):
        return False
    pairs = [(card.bounds.floor, card.total)]
    pairs += [(card.bounds.category(group.id).floor, group.score) for group in card.groups]
    return all(floor == supported for floor, supported in pairs)


def add_marks(outline: Outline, card: Scorecard) -> None:
    """Add why there is no result, the band and the level, the requirements met, and decision tables."""
    for sentence in card.because:
        outline.add(f"{sentence[:1].upper()}{sentence[1:]}.")
    for group in card.groups:
        if group.outcome in WITHOUT_RESULT and group.because:
            outline.add(f"{group.title}: {'; '.join(group.because)}.")
    if card.requirements:
        met = ", ".join(f"{met.met} of {met.of} {met.word}" for met in card.requirements)
        outline.add(f"Requirements met: {met}.")
    for found in card.tables:
        outline.add(f"{found.title}: {', '.join(found.outputs) or 'none'} ({found.because}{_rows(found)}).")


def _rows(table: TableResult) -> str:
    """Return the rows of a decision table that fitted, in words."""
    said = (f"; row {row.number} fits{': ' if row.tests else ''}{' and '.join(row.tests)}" for row in table.rows)
    return "".join(said)
