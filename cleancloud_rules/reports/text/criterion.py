"""One criterion in text: its result, the rules and facts behind it, and what is missing for more points."""

from collections.abc import Iterable

from cleancloud_rules.model.exact import with_places
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.reports.answers import Answer, basis_of
from cleancloud_rules.reports.in_words import reference_in_words, who
from cleancloud_rules.reports.numbers import digits_of, signed
from cleancloud_rules.reports.outline.blocks import Outline, Styled, Text
from cleancloud_rules.reports.text.base import (
    STYLES,
    add_contradiction_lines,
    add_fact,
    criterion_points,
    fact_in_words,
    number,
    points_in_words,
    source_in_words,
    words,
)
from cleancloud_rules.reports.text.sources import Sources
from cleancloud_rules.results.records import FactRecord, SearchRecord
from cleancloud_rules.results.scorecards import CriterionResult, RuleResult, Scorecard, Unmet


class CriterionText:
    """Adds criteria to a document.

    Args:
        outline: the document.
        card: the scorecard.
        sources: numbers the sources; without it each fact is followed by its source.
        full: whether rules that earned nothing are shown too, with all that is declared about the criterion.
        rules: whether conditions are shown as files write them.
    """

    def __init__(
        self,
        outline: Outline,
        card: Scorecard,
        sources: Sources | None = None,
        *,
        full: bool = True,
        rules: bool = True,
    ) -> None:
        self.outline = outline
        self.card = card
        self.full = full
        self.rules = rules
        self.sources = sources
        self.facts: Facts = Facts(outline, card, sources, full=full)

    def add(self, criterion: CriterionResult, level: int) -> None:
        """Add a criterion under a heading."""
        answer = Answer(self.card, criterion)
        self.outline.heading(self._head(answer), level)
        for sentence in criterion.because:
            self.outline.add(sentence, 2)
        self._add_points(criterion)
        if self.full:
            self._add_terms(criterion)
        if criterion.exempted_by:
            self.outline.add("not applicable because of these facts:", 2)
            for id in criterion.exempted_by:
                self.facts.add(id, 4)
        for rule in criterion.rules:
            if rule.won or (self.full and (rule.fired or criterion.counts_as is None)):
                self._add_rule(rule)
        if criterion.outcome is Outcome.NOT_MET and not self.full and not answer.won:
            for fact in answer.facts:
                self.facts.add(fact.id, 4)
        self._add_what_earns_nothing(answer)
        about = (one for one in self.card.contradictions if criterion.id in one.criteria)
        add_contradiction_lines(self.outline, about, 2, with_pages=self.full)
        self._add_missing(answer)

    def _head(self, answer: Answer) -> Text:
        criterion = answer.criterion
        outcome = Styled(words(criterion.outcome.value), f"bold {STYLES[criterion.outcome]}")
        points = "" if criterion.counts_as == "excluded" else f", {criterion_points(criterion)} points"
        effect = "" if answer.effect is None or not criterion.points else f", {signed(answer.effect)} on the total"
        return (f"{criterion.title} ({criterion.id}): ", outcome, points + effect)

    def _add_points(self, criterion: CriterionResult) -> None:
        printed = dict(self.card.company.published.points) if self.card.company.published else {}
        if criterion.id in printed:
            self.outline.add(f"published: {number(printed[criterion.id])} points", 2)
        if self.full or criterion.hypothetical_points or sum(rule.won for rule in criterion.rules) > 1:
            self.outline.add(f"arithmetic: {_arithmetic(criterion)}", 2)

    def _add_terms(self, criterion: CriterionResult) -> None:
        """Add the terms of the criterion: basis of the points, horizon, requirement, level, weight and references."""
        add = self.outline.add
        add(f"points devised by: {_whose(criterion.points_basis)}; horizon: {words(criterion.horizon)}", 2)
        terms = {"requirement": criterion.requirement, "level": criterion.level, "weight": criterion.weight}
        for name, value in terms.items():
            if value is not None:
                add(f"{name}: {value}", 2)
        if criterion.shared_with:
            add(f"reads the same evidence as {', '.join(criterion.shared_with)}", 2)
        if criterion.reference:
            add(f"reference: {reference_in_words(criterion.reference, self.card)}", 2)
        if criterion.outcome is Outcome.NOT_ASSESSED:
            add(f"not assessed: what would count: {criterion.guidance or 'facts that a rule asks for.'}", 2)
        elif criterion.guidance:
            add(f"what counts: {criterion.guidance}", 2)
        self._add_basis(criterion.basis, criterion.rationale, 2)

    def _add_basis(self, basis: str | None, rationale: str | None, indent: int) -> None:
        if basis:
            words_of = {"project": "by this project, beyond the publisher's words", "published": "by the publisher"}
            reason = f": {rationale}" if rationale else ""
            self.outline.add(f"{words_of.get(basis, basis)}{reason}", indent)

    def _add_rule(self, rule: RuleResult) -> None:
        points = f"rule {rule.id}, {number(rule.points)} points"
        if self.full:
            won = ("holds, points taken", "green") if rule.won else ("holds, points not taken", "yellow")
            state = Styled(*(won if rule.fired else ("does not hold", "dim")))
            self.outline.add((f"{points}: ", state), 2)
        else:
            self.outline.add(f"{points}, rests on:", 2)
        if self.rules:
            self.outline.add(f"asks for {rule.when}", 4)
        if rule.in_proportion:
            self.outline.add(f"earns {rule.in_proportion}{f'; {rule.arithmetic}' if rule.arithmetic else ''}", 4)
        if self.full:
            self._add_basis(rule.basis, rule.rationale, 4)
        if rule.fired and self.full and rule.facts:
            self.outline.add("on these facts:", 4)
        if rule.fired and not rule.facts:
            self.outline.add("on no fact: it asks for the absence of facts", 4)
        for id in rule.facts:
            self.facts.add(id, 6 if self.full else 4)
        for unmet in rule.unmet:
            self._add_unmet(unmet)

    def _add_unmet(self, unmet: Unmet) -> None:
        """Add a condition that is not met; without the syntax of rules only the fact that is nearest to it."""
        if not self.rules:
            if unmet.nearest is not None:
                self.outline.add("a fact that must not be there:" if unmet.forbidden else "the nearest fact:", 4)
                self.facts.add(unmet.nearest, 6)
        elif unmet.forbidden:
            counted = f" ({', '.join(unmet.tests)})" if unmet.tests else ""
            self.outline.add(f"holds but must not: {unmet.condition}{counted}", 4)
            if unmet.nearest:
                self.facts.add(unmet.nearest, 6)
        elif unmet.nearest is None:
            counts = not all(test in unmet.condition for test in unmet.tests)
            self.outline.add(f"not met: {unmet.condition} ({', '.join(unmet.tests) if counts else 'by no fact'})", 4)
        else:
            self.outline.add(f"not met: {unmet.condition}; the nearest fact", 4)
            self.facts.add(unmet.nearest, 6)
            for test in unmet.tests:
                self.outline.add(f"fails {test}", 6)

    def _add_what_earns_nothing(self, answer: Answer) -> None:
        """Add relevant facts that do not count, and documented searches without result."""
        for id in answer.criterion.facts if self.full else ():
            fact = self.card.fact(id)
            if not fact.counts:
                self.outline.add(f"does not count: {fact.why_not}", 2)
                self.facts.add(id, 4)
        self.add_searches(answer, 2)

    def add_searches(self, answer: Answer, indent: int) -> None:
        """Add the documented searches without result that bear on a criterion, with who says so."""
        said_by: dict[str, list[SearchRecord]] = {}
        for search in answer.searches:
            text = self._looked_for(search, answer.criterion.looked_for)
            said_by.setdefault(text, []).append(search)
        for text, searches in said_by.items():
            self.outline.add(f"looked for and not found: {text}", indent)
            for search in searches:
                self.outline.add(self._origin(search), indent + 2)
        for said in () if said_by else answer.criterion.looked_for:
            self.outline.add(f"looked for and not found: {said}", indent)

    def add_search(self, search: SearchRecord) -> None:
        """Add a documented search without result by itself, with who says so."""
        self.outline.add(self._looked_for(search), 2)
        self.outline.add(self._origin(search), 4)

    def _looked_for(self, search: SearchRecord, looked_for: Iterable[str] = ()) -> str:
        return _in_full(search) if self.rules else _for_readers(search, looked_for)

    def _origin(self, search: SearchRecord) -> Text:
        said = who(search.basis, self.card.methodology.publisher)
        where = f"; {search.locator}" if search.locator else ""
        return (said + where, *_cited(search.source, self.card, self.sources))

    def _add_missing(self, answer: Answer) -> None:
        """Add whose the points are, which rules would add more, and the remedy."""
        criterion = answer.criterion
        if not self.full and answer.won:
            devised = [rule.rationale for rule in answer.won if rule.basis == "project" and rule.rationale]
            why = "; ".join(dict.fromkeys(devised)).removesuffix(".")
            self.outline.add(f"{basis_of(criterion, answer.won)}{f': {why}' if why else ''}.", 2)
        if answer.bounds is not None and (self.full or criterion.points != criterion.max_points):
            self.outline.add(_possible(answer), 2)
        if criterion.remedy:
            self.outline.add(f"next step: {criterion.remedy if self.full else answer.remedy}", 2)
        if self.full and criterion.recommendation_text:
            self.outline.add(f"recommendation {criterion.recommendation}: {criterion.recommendation_text}", 2)


def _for_readers(search: SearchRecord, looked_for: Iterable[str]) -> str:
    """Return a search in words; with the reason why it bears on the criterion, if that is another fact."""
    of_it = (said.removeprefix(search.text) for said in looked_for if said.startswith(search.text))
    further = next((said for said in of_it if said.startswith((";", " ("))), f" ({search.note})" if search.note else "")
    return search.says + further


def _in_full(search: SearchRecord) -> str:
    return f"{search.text}{f' ({search.note})' if search.note else ''}"


def _cited(id: str | None, card: Scorecard, sources: Sources | None) -> Text:
    """Return a reference to a source, or the source itself where sources have no numbers."""
    if sources is not None:
        return tuple(part for ref in sources.refs([id]) for part in (" ", ref))
    source = next((source for source in card.sources if source.id == id), None)
    return () if source is None else (f"; source: {source_in_words(source)}",)


def _arithmetic(criterion: CriterionResult) -> str:
    forgone = f"; {number(criterion.points_forgone)} not earned" if criterion.points_forgone else ""
    hypothetical = criterion.hypothetical_points
    part = f", including {number(hypothetical)} from hypothetical facts alone" if hypothetical else ""
    return f"{criterion.arithmetic}{part}{forgone}"


def _possible(answer: Answer) -> str:
    """Return what further facts could do for a criterion, and which rule would add points next."""
    bounds = answer.bounds
    assert bounds is not None
    places = digits_of(answer.criterion.points)
    floor, ceiling = (number(with_places(end, places)) for end in (bounds.floor, bounds.ceiling))
    if floor == ceiling:
        return f"given these facts and searches, its points stay {ceiling}"
    said = f"possible with further facts: {floor} to {ceiling} points"
    gain = answer.next_gain
    if gain is None:
        return said
    total = f", {signed(gain.total)} on the total" if gain.total is not None else ""
    more = points_in_words(with_places(gain.points, places))
    return f"{said}; rule {gain.id} could add {more}{total}"


def _whose(basis: str) -> str:
    return {"project": "this project", "published": "the publisher"}.get(basis, basis)


class Facts:
    """Adds facts to a document: in full at the first mention, then by id.

    Args:
        outline: the document.
        card: the scorecard.
        sources: numbers the sources; without it each fact is followed by its source.
        full: whether the contradictions on which a fact depends are named.
    """

    def __init__(self, outline: Outline, card: Scorecard, sources: Sources | None, *, full: bool) -> None:
        self.full = full
        self.outline = outline
        self.card = card
        self.sources = sources
        self.seen: set[str] = set()

    def add(self, id: str, indent: int) -> None:
        """Add a fact."""
        if id in self.seen:
            self.outline.add(f"{id}, as above", indent)
            return
        self.seen.add(id)
        fact = self.card.fact(id)
        if self.sources is None:
            add_fact(self.outline, fact, self.card, indent)
        else:
            self._add(fact, self.sources, indent)
        about = [one.id for one in self.card.contradictions if id in one.facts] if self.full else []
        if about:
            self.outline.add(f"depends on a contradiction: {', '.join(about)}", indent + 2)

    def _add(self, fact: FactRecord, sources: Sources, indent: int) -> None:
        add = self.outline.add
        add(f"{fact.title}, {fact_in_words(fact)}", indent)
        if fact.disclosed:
            add(f"disclosed, value not at hand: {', '.join(map(words, fact.disclosed))}", indent + 2)
        if fact.derived_by:
            add(f"derived by {fact.derived_by} from {', '.join(fact.derived_from)}", indent + 2)
            for calculation in fact.calculations:
                add(calculation.text, indent + 2)
            for id in fact.derived_from:
                self.add(id, indent + 4)
        else:
            where = f"; {fact.locator}" if fact.locator else ""
            source = _cited(fact.source, self.card, sources) or ("; source: none given",)
            add((who(fact.basis, self.card.methodology.publisher) + where, *source), indent + 2)
        if fact.note:
            add(f"note: {fact.note}", indent + 2)
