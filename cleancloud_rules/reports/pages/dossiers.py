"""The page of a company: what counts, what was not found, what is not assessed, and what would change the score."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from attrs import frozen

from cleancloud_rules.model.facts import Basis
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.reports.in_words import rank_in_words
from cleancloud_rules.reports.pages.figures import Figures, digits_of, group_figures, number_text, rounded
from cleancloud_rules.reports.pages.site import Group, Place, Row, Site
from cleancloud_rules.reports.pages.terms import LEVEL, Term
from cleancloud_rules.results.bounds import CriterionBounds
from cleancloud_rules.results.records import FactRecord, SearchRecord, SourceRecord
from cleancloud_rules.results.scorecards import CriterionResult, GroupScore, RuleResult, Scorecard

SHOWN = 8
"""How many possible gains a page shows; the rest is folded."""


@frozen(slots=False)
class Entry:
    """A criterion of a company.

    Args:
        card: the scorecard.
        criterion: the result.
        place: where it stands in the methodology.
    """

    card: Scorecard
    criterion: CriterionResult
    place: Place

    @cached_property
    def bounds(self) -> CriterionBounds | None:
        """Its bounds; None if they were not asked for."""
        return None if self.card.bounds is None else self.card.bounds.criterion(self.criterion.id)

    @cached_property
    def effect(self) -> Decimal | None:
        """What its points do to the total; None if that is not known."""
        return effect_of(self.criterion.points, self.card, self.bounds)

    @property
    def gain(self) -> Decimal | None:
        """How much the total could rise with further facts; None if that is not known."""
        gains = [rule.total for rule in self.bounds.next_rules if rule.total is not None] if self.bounds else []
        return max(gains, default=None)

    @property
    def more_points(self) -> Decimal | None:
        """How many points further facts could add; None if none."""
        gains = [rule.points for rule in self.bounds.next_rules] if self.bounds else []
        return max(gains, default=None)

    @property
    def next_gain(self) -> Decimal | None:
        """How much the total would rise with the next rule; None if that is not known."""
        return next((rule.total for rule in self.bounds.next_rules), None) if self.bounds else None

    @property
    def facts(self) -> tuple[FactRecord, ...]:
        """The facts on which its points rest, those that they were derived from after them."""
        won = [id for rule in self.criterion.rules if rule.won for id in rule.facts]
        held = [unmet.nearest for rule in self.criterion.rules for unmet in rule.unmet if unmet.nearest]
        shown = won or (held if self.criterion.outcome is Outcome.NOT_MET else []) or list(self.criterion.exempted_by)
        return tuple(with_origins(shown, self.card))

    @property
    def rule(self) -> str | None:
        """The id of the first rule that earned its points; None if none did."""
        return next((rule.id for rule in self.criterion.rules if rule.won), None)

    @property
    def by_absence(self) -> bool:
        """Whether its points rest on the absence of facts."""
        return any(rule.won and not rule.facts for rule in self.criterion.rules)

    @property
    def searches(self) -> tuple[SearchRecord, ...]:
        """The searches without result that bear on it."""
        return tuple(search for search in self.card.searches if self.criterion.id in search.criteria)

    @property
    def basis(self) -> str:
        """Whose the rules are that earned its points, in words."""
        return basis_of(self.criterion, [rule for rule in self.criterion.rules if rule.won])


@frozen(slots=False)
class Dossier:
    """All that a page shows of a company.

    Args:
        site: the results.
        cohort: the table in which it stands.
        row: its row.
    """

    site: Site
    cohort: Group
    row: Row

    @property
    def card(self) -> Scorecard:
        """The scorecard."""
        return self.row.card

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Its criteria in the methodology's order."""
        return tuple(Entry(self.card, result, self.site.places[result.id]) for result in self.card.criteria)

    @property
    def lede(self) -> tuple[str, ...]:
        """The result in a few sentences."""
        return tuple(filter(None, (self._ranked, self._supported, self._open)))

    @property
    def _ranked(self) -> str:
        rank = rank_in_words(self.card.company)
        return "" if rank is None else f"Published rank {rank}."

    @property
    def _supported(self) -> str:
        if self.site.is_hypothetical:
            return self._hypothetical
        total, earning = self.row.total, len(self.counting)
        criteria = f"{earning} of {len(self.card.criteria)} criteria"
        if total.stated is None:
            return f"Stated facts earn points on {criteria}."
        of = "" if total.maximum is None else f" of {number_text(total.maximum)}"
        return f"Stated facts support {number_text(total.stated)}{of}, through {criteria}."

    @property
    def _hypothetical(self) -> str:
        total, name = self.row.total, self.card.company.name
        chosen = sum(fact.basis == Basis.HYPOTHETICAL.value for fact in self.card.facts)
        facts = "1 hypothetical fact" if chosen == 1 else f"{chosen} hypothetical facts"
        parts = ""
        if total.supported is not None and total.stated is not None and total.hypothetical is not None:
            stated, added = number_text(total.stated), number_text(total.hypothetical)
            parts = (
                f" a total of {number_text(total.supported)}: {stated} from stated facts, and {added} from facts that a"
                " solver chose"
            )
        return f"With {facts} the rules give {name}{parts}. This tests the rules. It shows nothing about {name}."

    @property
    def _open(self) -> str:
        left = len(self.not_assessed)
        if not left or self.site.is_hypothetical:
            return ""
        counted = "1 criterion" if left == 1 else f"{left} criteria"
        ceiling = self.row.total.ceiling
        more = "" if ceiling is None else f"; with it the total could be up to {number_text(ceiling)}"
        return f"For {counted} no stated evidence decides either way{more}."

    def having(self, *outcomes: Outcome) -> tuple[Entry, ...]:
        """Return the criteria that have one of some outcomes."""
        return tuple(entry for entry in self.entries if entry.criterion.outcome in outcomes)

    @cached_property
    def counting(self) -> tuple[Entry, ...]:
        """The criteria that earn points, the largest effect first."""
        found = self.having(Outcome.AWARDED, Outcome.PARTIAL)
        return tuple(sorted(found, key=lambda entry: -(entry.effect or 0)))

    @cached_property
    def not_met(self) -> tuple[Entry, ...]:
        """The criteria that the facts answer, and that earn nothing or cost points."""
        return self.having(Outcome.NOT_MET)

    @cached_property
    def not_found(self) -> tuple[Entry, ...]:
        """The criteria that documented searches without result decide."""
        return self.having(Outcome.NOT_FOUND)

    @cached_property
    def other_searches(self) -> tuple[SearchRecord, ...]:
        """The searches without result that decide no criterion alone."""
        decided = {entry.criterion.id for entry in self.not_found}
        return tuple(search for search in self.card.searches if not decided.intersection(search.criteria))

    @cached_property
    def not_counting(self) -> tuple[FactRecord, ...]:
        """The facts that do not count."""
        return tuple(fact for fact in self.card.facts if not fact.counts)

    @cached_property
    def set_aside(self) -> tuple[Entry, ...]:
        """The criteria that do not apply, are gated or are left out."""
        return self.having(Outcome.GATED, Outcome.EXCLUDED, Outcome.NOT_APPLICABLE)

    @cached_property
    def not_assessed(self) -> tuple[Entry, ...]:
        """The criteria on which the facts give no answer."""
        return self.having(Outcome.NOT_ASSESSED)

    @cached_property
    def open(self) -> tuple[Entry, ...]:
        """The criteria by which further facts could raise the score, the largest gain first."""
        found = [
            entry for entry in self.entries if entry.more_points or entry.criterion.outcome is Outcome.NOT_ASSESSED
        ]
        return tuple(sorted(found, key=lambda entry: (-(entry.gain or 0), -(entry.more_points or 0))))

    @cached_property
    def recommendations(self) -> dict[str, str]:
        """The texts of the recommendations behind its next steps, by id."""
        found = {
            entry.criterion.recommendation: entry.criterion.recommendation_text
            for entry in self.entries
            if entry.criterion.remedy is not None
        }
        return {id: text for id, text in found.items() if id is not None and text is not None}

    def number_of(self, recommendation: str) -> int:
        """Return the number of a recommendation on the page, counted from 1."""
        return list(self.recommendations).index(recommendation) + 1

    @cached_property
    def groups(self) -> tuple[tuple[int, GroupScore, Figures], ...]:
        """The categories and the groups inside them, each with its depth and its figures."""

        def visit(group: GroupScore, depth: int) -> Iterable[tuple[int, GroupScore, Figures]]:
            yield depth, group, group_figures(self.card, group)
            for inner in group.groups:
                yield from visit(inner, depth + 1)

        return tuple(line for category in self.card.categories for line in visit(category, 0))

    @property
    def terms(self) -> tuple[Term, ...]:
        """Its label and its outputs of decision tables; its level stands on the ladder."""
        return tuple(term for term in self.row.terms.values() if term.title != LEVEL)

    @property
    def withheld(self) -> tuple[tuple[str | None, tuple[str, ...]], ...]:
        """The groups (None: the total) whose result is withheld, each with the ids of the criteria that are not met."""
        groups = ((group.title, group.withheld_by) for group in self.card.groups)
        return tuple((title, ids) for title, ids in ((None, self.card.withheld_by), *groups) if ids)

    @property
    def above(self) -> Row | None:
        """The company before it in its table."""
        place = self.cohort.rows.index(self.row)
        return self.cohort.rows[place - 1] if place else None

    @property
    def sources(self) -> dict[str, SourceRecord]:
        """The sources of the scorecard by id."""
        return {source.id: source for source in self.card.sources}

    def title_of(self, criterion: str) -> str:
        """Return the title of a criterion."""
        return self.card.criterion(criterion).title


def dossiers(site: Site) -> Iterable[Dossier]:
    """Yield the companies, cohort by cohort."""
    for cohort in site.cohorts:
        for row in cohort.rows:
            yield Dossier(site, cohort, row)


def effect_of(points: Decimal, card: Scorecard, bounds: CriterionBounds | None) -> Decimal | None:
    """Return what points of a criterion do to the total, with the digits of the total; None if that is not known."""
    if bounds is None or bounds.point_effect is None or card.total is None:
        return None
    return rounded(Fraction(points) * bounds.point_effect, digits_of(card.total))


def basis_of(criterion: CriterionResult, rules: Iterable[RuleResult]) -> str:
    """Return whose a criterion, its rules and its points are, in words."""
    if any(rule.basis == "project" for rule in rules):
        return "Rule by this project, beyond the publisher’s words"
    if criterion.basis == "project":
        return "Read by this project, beyond the publisher’s words"
    whose = {"project": "this project", "published": "the publisher"}
    return f"Criterion of the publisher, points of {whose.get(criterion.points_basis, criterion.points_basis)}"


def with_origins(ids: Iterable[str], card: Scorecard) -> Iterable[FactRecord]:
    """Yield facts, each once, with those that they were derived from after them."""
    seen: set[str] = set()
    left = list(ids)[::-1]
    while left:
        id = left.pop()
        if id not in seen:
            seen.add(id)
            fact = card.fact(id)
            yield fact
            left.extend(reversed(fact.derived_from))
