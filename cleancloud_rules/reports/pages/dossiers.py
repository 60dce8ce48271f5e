"""The page of a company: what counts, what was not found, what is not assessed, and what would change the score."""

from collections.abc import Iterable
from functools import cached_property

from attrs import frozen

from cleancloud_rules.model.facts import Basis
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.reports.answers import Answer, Answers, basis_of, with_origins
from cleancloud_rules.reports.in_words import rank_in_words
from cleancloud_rules.reports.numbers import number_text
from cleancloud_rules.reports.pages.figures import Figures, group_figures
from cleancloud_rules.reports.pages.site import Group, Place, Row, Site
from cleancloud_rules.reports.pages.terms import LEVEL, Term
from cleancloud_rules.results.records import FactRecord, SourceRecord
from cleancloud_rules.results.scorecards import GroupScore, Scorecard

SHOWN = 8
"""How many possible gains a page shows; the rest is folded."""


@frozen(slots=False)
class Entry(Answer):
    """A criterion of a company.

    Args:
        card: the scorecard.
        criterion: the result.
        place: where it stands in the methodology.
    """

    place: Place

    @property
    def facts(self) -> tuple[FactRecord, ...]:
        """The facts on which its result rests, those that they were derived from after them."""
        return tuple(with_origins(self.grounds, self.card))

    @property
    def rule(self) -> str | None:
        """The id of the first rule that earned its points; None if none did."""
        return next((rule.id for rule in self.won), None)

    @property
    def by_absence(self) -> bool:
        """Whether its points rest on the absence of facts."""
        return any(not rule.facts for rule in self.won)

    @property
    def basis(self) -> str:
        """Whose the rules are that earned its points, in words."""
        return basis_of(self.criterion, self.won)


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
    def answers(self) -> Answers[Entry]:
        """Its criteria."""
        places = self.site.places
        return Answers(self.card, tuple(Entry(self.card, one, places[one.id]) for one in self.card.criteria))

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
        total, earning = self.row.total, len(self.answers.counting)
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

    @cached_property
    def not_met(self) -> tuple[Entry, ...]:
        """The criteria that the facts answer, and that earn nothing or cost points."""
        return self.answers.having(Outcome.NOT_MET)

    @cached_property
    def not_found(self) -> tuple[Entry, ...]:
        """The criteria that documented searches without result decide."""
        return self.answers.having(Outcome.NOT_FOUND)

    @cached_property
    def not_counting(self) -> tuple[FactRecord, ...]:
        """The facts that do not count."""
        return tuple(fact for fact in self.card.facts if not fact.counts)

    @cached_property
    def set_aside(self) -> tuple[Entry, ...]:
        """The criteria that do not apply, are gated or are left out."""
        return self.answers.having(Outcome.GATED, Outcome.EXCLUDED, Outcome.NOT_APPLICABLE)

    @cached_property
    def not_assessed(self) -> tuple[Entry, ...]:
        """The criteria on which the facts give no answer."""
        return self.answers.having(Outcome.NOT_ASSESSED)

    @cached_property
    def open(self) -> tuple[Entry, ...]:
        """The criteria by which further facts could raise the score, the largest gain first."""
        open_ones = (
            one for one in self.answers.all if one.more_points or one.criterion.outcome is Outcome.NOT_ASSESSED
        )
        return self.answers.by_gain(open_ones)

    @cached_property
    def recommendations(self) -> dict[str, str]:
        """The texts of the recommendations behind its next steps, by id."""
        found = {
            entry.criterion.recommendation: entry.criterion.recommendation_text
            for entry in self.answers.all
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
