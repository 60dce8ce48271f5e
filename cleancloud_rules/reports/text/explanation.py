"""The explanation in text: for each rule whether it fired, on which facts, and what is missing for more points."""

from decimal import Decimal

from rich.text import Text

from cleancloud_rules.model.exact import with_places
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.reports.text.base import (
    STYLES,
    Outline,
    add_contradiction_line,
    add_contradictions,
    add_fact,
    add_notices,
    add_origin,
    number,
    words,
)
from cleancloud_rules.reports.text.figures import figures_of_group
from cleancloud_rules.reports.text.scorecard import (
    add_facts_that_do_not_count,
    add_head,
    add_total,
    criterion_points,
)
from cleancloud_rules.results.bounds import CriterionBounds
from cleancloud_rules.results.records import SearchRecord
from cleancloud_rules.results.scorecards import CriterionResult, GroupScore, RuleResult, Scorecard, Unmet


def explanation_text(card: Scorecard, criterion: str | None = None) -> Outline:
    """Return the explanation of a scorecard as a document.

    Args:
        card: the scorecard.
        criterion: id of the only criterion to explain; None for all.

    Raises:
        KeyError: if the scorecard has no such criterion.
    """
    outline = Outline()
    add_notices(outline, card.notices)
    add_head(outline, card)
    if criterion is not None:
        card.criterion(criterion)
    if card.arithmetic or card.because:
        outline.gap()
        add_total(outline, card)
    for category in card.categories:
        _add_category(outline, category, criterion, card)
    if criterion is None:
        add_facts_that_do_not_count(outline, card)
    _add_contradictions(outline, card, criterion)
    return outline


def _add_contradictions(outline: Outline, card: Scorecard, criterion: str | None) -> None:
    """Add the contradictions that no page explains, and the lines of those that stand at no criterion."""
    about = [c for c in card.contradictions if criterion in (None, *c.criteria)]
    add_contradictions(outline, (c for c in about if c.page is None))
    others = [c for c in about if c.page is not None and not c.criteria]
    if others:
        outline.gap()
    for one in others:
        add_contradiction_line(outline, one, 0)


def _add_category(
    outline: Outline, category: GroupScore, criterion: str | None, card: Scorecard, above: tuple[str, ...] = ()
) -> None:
    """Add a category and the groups inside it; the heading of a group includes the titles of its parents."""
    if all(criterion not in (None, c.id) for c in category.every_criterion):
        return
    titles = (*above, category.title)
    outline.gap()
    outline.add(": ".join(filter(None, (" / ".join(titles), category.arithmetic))), style="bold")
    if card.company.published is not None:
        outline.add(figures_of_group(card, category, card.company.published).in_words())
    for sentence in category.because:
        outline.add(sentence)
    for result in category.criteria:
        if criterion in (None, result.id):
            add_criterion(outline, result, card)
    for group in category.groups:
        _add_category(outline, group, criterion, card, titles)


def add_criterion(outline: Outline, criterion: CriterionResult, card: Scorecard) -> None:
    """Add the result of a criterion with every rule, and what is missing for more points."""
    outline.gap()
    outcome = Text(words(criterion.outcome.value), style=STYLES[criterion.outcome])
    points = "" if criterion.counts_as == "excluded" else f", {criterion_points(criterion)} points"
    stop = "" if criterion.title.endswith(("?", "!", ".")) else ":"
    outline.add(Text.assemble((criterion.id, "bold"), f": {criterion.title}{stop} ", outcome, points))
    for sentence in criterion.because:
        outline.add(sentence, 2)
    printed = dict(card.company.published.points) if card.company.published else {}
    if criterion.id in printed:
        outline.add(f"published: {number(printed[criterion.id])} points", 2)
    outline.add(f"arithmetic: {_arithmetic(criterion)}", 2)
    if card.bounds is not None:
        outline.add(_possible(card.bounds.criterion(criterion.id), criterion.points), 2)
    _add_terms(outline, criterion)
    facts = _Facts(card)
    if criterion.exempted_by:
        outline.add("not applicable because of these facts:", 2)
        for id in criterion.exempted_by:
            facts.add(outline, id, 4)
    for rule in criterion.rules:
        if rule.fired or criterion.counts_as is None:
            _add_rule(outline, rule, facts)
    _add_facts_that_earn_nothing(outline, criterion, facts)
    for one in card.contradictions:
        if criterion.id in one.criteria:
            add_contradiction_line(outline, one, 2)
    if criterion.remedy:
        outline.add(f"remedy: {criterion.remedy}", 2)
    if criterion.recommendation_text:
        outline.add(f"recommendation {criterion.recommendation}: {criterion.recommendation_text}", 2)


def _arithmetic(criterion: CriterionResult) -> str:
    missing = f"; {number(criterion.points_forgone)} not earned" if criterion.points_forgone else ""
    hypothetical = criterion.hypothetical_points
    part = f", including {number(hypothetical)} from hypothetical facts alone" if hypothetical else ""
    return f"{criterion.arithmetic}{part}{missing}"


def _possible(bounds: CriterionBounds, points: Decimal) -> str:
    """Return what further facts could do for a criterion, and which rule would add points next.

    Args:
        bounds: the bounds of the criterion.
        points: its points, with as many decimal places as are shown.
    """
    places = -int(points.as_tuple().exponent)
    floor, ceiling = (number(with_places(end, places)) for end in (bounds.floor, bounds.ceiling))
    if floor == ceiling:
        return f"given these facts and searches, its points stay {ceiling}"
    said = f"possible with further facts: {floor} to {ceiling} points"
    if not bounds.next_rules:
        return said
    gain = bounds.next_rules[0]
    total = f" and {number(gain.total)} to the total" if gain.total is not None else ""
    return f"{said}; the next rule is {gain.id}: it could add {number(with_places(gain.points, places))}{total}"


def _add_terms(outline: Outline, criterion: CriterionResult) -> None:
    """Add the terms of the criterion: basis of the points, horizon, requirement, level, weight and references."""
    outline.add(f"points devised by: {_whose(criterion.points_basis)}; horizon: {words(criterion.horizon)}", 2)
    terms = {"requirement": criterion.requirement, "level": criterion.level, "weight": criterion.weight}
    for name, value in terms.items():
        if value is not None:
            outline.add(f"{name}: {value}", 2)
    if criterion.shared_with:
        outline.add(f"reads the same evidence as {', '.join(criterion.shared_with)}", 2)
    if criterion.reference:
        outline.add(f"reference: {criterion.reference}", 2)
    if criterion.outcome is Outcome.NOT_ASSESSED:
        outline.add(f"not assessed: what would count: {criterion.guidance or 'facts that a rule below asks for.'}", 2)
    elif criterion.guidance:
        outline.add(f"what counts: {criterion.guidance}", 2)
    _add_basis(outline, criterion.basis, criterion.rationale, 2)


def _add_basis(outline: Outline, basis: str | None, rationale: str | None, indent: int) -> None:
    if basis:
        reason = f": {rationale}" if rationale else ""
        outline.add(f"condition devised by {_whose(basis)}{reason}", indent)


def _whose(basis: str) -> str:
    return {"project": "this project", "published": "the publisher"}.get(basis, basis)


def _add_rule(outline: Outline, rule: RuleResult, facts: "_Facts") -> None:
    if rule.fired:
        state, style = ("holds, points taken", "green") if rule.won else ("holds, points not taken", "yellow")
    else:
        state, style = "does not hold", "dim"
    outline.add(Text.assemble(f"rule {rule.id}, {number(rule.points)} points: ", (state, style)), 2)
    outline.add(f"asks for {rule.when}", 4)
    if rule.in_proportion:
        outline.add(f"earns {rule.in_proportion}{f'; {rule.arithmetic}' if rule.arithmetic else ''}", 4)
    _add_basis(outline, rule.basis, rule.rationale, 4)
    if rule.fired:
        outline.add("on these facts:" if rule.facts else "on no fact: it asks for the absence of facts", 4)
        for id in rule.facts:
            facts.add(outline, id, 6)
    for unmet in rule.unmet:
        _add_unmet(outline, unmet, facts)


def _add_unmet(outline: Outline, unmet: Unmet, facts: "_Facts") -> None:
    if unmet.forbidden:
        counted = f" ({', '.join(unmet.tests)})" if unmet.tests else ""
        outline.add(f"holds but must not: {unmet.condition}{counted}", 4)
        if unmet.nearest:
            facts.add(outline, unmet.nearest, 6)
    elif unmet.nearest is None:
        counts = not all(test in unmet.condition for test in unmet.tests)
        outline.add(f"not met: {unmet.condition} ({', '.join(unmet.tests) if counts else 'by no fact'})", 4)
    else:
        outline.add(f"not met: {unmet.condition}; the nearest fact", 4)
        facts.add(outline, unmet.nearest, 6)
        for test in unmet.tests:
            outline.add(f"fails {test}", 6)


def _add_facts_that_earn_nothing(outline: Outline, criterion: CriterionResult, facts: "_Facts") -> None:
    """Add relevant facts that do not count, and documented searches without result."""
    for id in criterion.facts:
        fact = facts.card.fact(id)
        if not fact.counts:
            outline.add(f"does not count: {fact.why_not}", 2)
            facts.add(outline, id, 4)
    own = [search for search in facts.card.searches if criterion.id in search.criteria]
    for said in dict.fromkeys(criterion.looked_for):
        outline.add(f"looked for and not found: {said}", 2)
        for search in own:
            if _says(said, search):
                add_origin(outline, search, facts.card, 4)


def _says(said: str, search: SearchRecord) -> bool:
    """Return whether words are those of a search: its text, perhaps why it bears on the criterion, and its note."""
    note = f" ({search.note})" if search.note else ""
    if not said.startswith(search.text) or not said.endswith(note):
        return False
    between = said[len(search.text) : len(said) - len(note)]
    return not between or between.startswith("; by this methodology ")


class _Facts:
    """The facts that a criterion names: in full at the first mention, then by id."""

    def __init__(self, card: Scorecard) -> None:
        self.card = card
        self.seen: set[str] = set()

    def add(self, outline: Outline, id: str, indent: int) -> None:
        """Add a fact."""
        if id in self.seen:
            outline.add(f"{id}, as above", indent)
        else:
            add_fact(outline, self.card.fact(id), self.card, indent)
            about = [one.id for one in self.card.contradictions if id in one.facts]
            if about:
                outline.add(f"depends on a contradiction: {', '.join(about)}", indent + 2)
        self.seen.add(id)
