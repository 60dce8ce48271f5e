"""What a certificate says of a methodology, held against its companies."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from cleancloud_rules import company_from
from cleancloud_rules.model.groups import Aggregation, Combining
from cleancloud_rules.results import Certificate, Certified, Improvement, Verdict
from tests.reference.evaluation import evaluate
from tests.reference.found import GroupFound
from tests.reference.scores import points_of
from tests.support.worlds.companies import Small
from tests.support.worlds.differences import Difference
from tests.support.worlds.kinds import Kind
from tests.support.worlds.states import Standings, State

COMPANIES = 60
"""How many companies a change of one of whose facts is tried, in each sense."""


def differences(small: Small, most: int, certificate: Certificate) -> Iterator[Difference]:
    """Yield where the certificate and the companies of a world differ.

    Args:
        small: a company that states nothing.
        most: how many states are visited.
        certificate: the certificate of its methodology.
    """
    assert not small.company.facts
    held = Held(small, most, certificate)
    yield from held.limits()
    yield from held.verdicts()
    yield from held.counterexamples()


class Held:
    """A certificate, and the companies of its world in each cohort."""

    def __init__(self, small: Small, most: int, certificate: Certificate) -> None:
        self.small, self.certificate = small, certificate
        self.methodology = small.world.methodology
        self.visited = small.visit(most)
        self.cohorts: tuple[str | None, ...] = (None, "small")
        self.groups: dict[str, Combining] = {str(g.id): g for g in self.methodology.groups}

    @property
    def parts(self) -> list[tuple[str | None, Certified, bool]]:
        """The id of each criterion, of each group, and None for the total; and whether it is a criterion."""
        criteria = [(one.id, one, True) for one in self.certificate.criteria]
        groups = [(one.id, one, False) for one in (*self.certificate.groups, *self.certificate.categories)]
        return [*criteria, *groups, (None, self.certificate.total, False)]

    def limits(self) -> Iterator[Difference]:
        """Yield where values lie outside of their limits, or do not reach them."""
        found: dict[tuple[str | None, bool], dict[Decimal | None, tuple[State, str | None]]] = {}
        for state in self.visited.nearest:
            summary = self.small.rules.summary(state)
            for cohort in self.cohorts:
                one = self.small.rules.standings(summary, cohort)
                for id, _, is_criterion in self.parts:
                    value = one.raw[str(id)] if is_criterion else one.groups[id].score
                    found.setdefault((id, is_criterion), {}).setdefault(value, (state, cohort))
        for id, part, is_criterion in self.parts:
            yield from self._within(id, part, found[id, is_criterion])

    def _within(
        self, id: str | None, part: Certified, found: dict[Decimal | None, tuple[State, str | None]]
    ) -> Iterator[Difference]:
        values = [value for value in found if value is not None]
        what = f"{part.least} to {part.greatest}, reached {part.reached}"
        for value in values:
            if part.least is not None and value < part.least:
                yield Difference("a value below the least", str(id), what, str(value), self._shown(*found[value]))
            if part.greatest is not None and value > part.greatest:
                yield Difference("a value above the greatest", str(id), what, str(value), self._shown(*found[value]))
        if self.visited.whole and part.reached and values:
            # Without a result a part is worth 0.
            reached = {*values, *([Decimal(0)] if None in found else [])}
            if part.least is not None and min(reached) > part.least:
                yield Difference("a least value that is not reached", str(id), what, str(min(reached)))
            if part.greatest is not None and max(reached) < part.greatest:
                yield Difference("a greatest value that is not reached", str(id), what, str(max(reached)))

    def _shown(self, state: State, cohort: str | None) -> dict[str, Any]:
        return self._company(self.visited.nearest[state], cohort)

    def _company(self, kinds: tuple[Kind, ...], cohort: str | None) -> dict[str, Any]:
        return {**self.small.grown(kinds), **({"cohort": cohort} if cohort else {})}

    def worth(self, one: Standings, id: str | None, *, is_criterion: bool) -> Fraction:
        """Return what must not fall: points by the rules; a value, the number of levels reached, 0 without a result."""
        if is_criterion:
            return Fraction(one.raw[str(id)])
        found = one.groups[id]
        combining = self.methodology.combining if id is None else self.groups[id]
        if found.exact is not None:
            return found.exact
        if combining.aggregate is Aggregation.NONE and found.level is not None:
            ladder = [*combining.levels, *([combining.top_level] if combining.top_level else [])]
            return Fraction(1 + [str(level.id) for level in ladder].index(found.level))
        return Fraction(0)

    def changes(self) -> Iterator[tuple[Improvement, tuple[Kind, ...], tuple[Kind, ...]]]:
        """Yield companies before and after a change of one fact."""
        rules, near = self.small.rules, self.visited.nearest
        for before, kind in self.visited.steps.values():
            yield Improvement.EVIDENCE, near[before], (*near[before], kind)
        random = Random(self.small.world.seed)  # noqa: S311 - nothing secret is made
        every = self.small.kinds.every
        for sense, steps in self.small.kinds.steps.items():
            chosen: list[tuple[tuple[Kind, Kind], list[Kind]]] = [(step, []) for step in steps[:COMPANIES]]
            chosen += [
                (random.choice(steps), random.choices(every, k=random.choice((1, 2))))
                for _ in range(COMPANIES if steps else 0)
            ]
            for (old, new), rest in chosen:
                sides = ((*rest, old), (*rest, new))
                if all(rules.state(side) is not None for side in sides):
                    yield sense, *sides

    def verdicts(self) -> Iterator[Difference]:
        """Yield where something falls that is proved not to fall."""
        proved = {
            sense: [one for one in self.parts if one[1].judgement(sense).verdict is Verdict.PROVED]
            for sense in Improvement
        }
        for _, part, _ in self.parts:
            notes = [judgement.note for judgement in part.judgements if judgement.verdict is Verdict.CONTRADICTED]
            yield from (Difference("a verdict that is contradicted", part.id, note, "") for note in notes)
        told: set[tuple[Improvement, str]] = set()
        for sense, before, after in self.changes():
            for cohort in self.cohorts:
                for id, part, is_criterion in proved[sense]:
                    if (sense, part.id) not in told:
                        worth, less = (self._worth(side, cohort, id, is_criterion) for side in (before, after))
                        if less < worth:
                            told.add((sense, part.id))
                            judgement = part.judgement(sense)
                            what = f"proved in {sense.value} by {judgement.by.value}, {judgement.lemmas}"
                            shown = f"falls from {worth} to {less}: {self._company(before, cohort)}"
                            company = self._company(after, cohort)
                            yield Difference("a proof that a change contradicts", part.id, what, shown, company)

    def _worth(self, kinds: tuple[Kind, ...], cohort: str | None, id: str | None, is_criterion: bool) -> Fraction:
        rules = self.small.rules
        state = rules.state(kinds)
        assert state is not None
        return self.worth(rules.standings(rules.summary(state), cohort), id, is_criterion=is_criterion)

    def counterexamples(self) -> Iterator[Difference]:
        """Yield where the files of a counterexample show no fall."""
        for id, part, is_criterion in self.parts:
            for judgement in part.judgements:
                if (judgement.verdict is Verdict.REFUTED) != bool(judgement.counterexamples):
                    yield Difference("a refutation without a counterexample", part.id, judgement.verdict.value, "")
                for found in judgement.counterexamples:
                    worths = [self.worth(self._read(text), id, is_criterion=is_criterion) for text in found.files]
                    if worths[1] >= worths[0]:
                        what = f"{judgement.sense.value}: {found.points_before} to {found.points_after}"
                        yield Difference("a counterexample without a fall", part.id, what, str(worths))

    def _read(self, text: str) -> Standings:
        """Return the results of a company file."""
        found = evaluate(self.methodology, company_from(text, self.methodology))
        raw = {str(c.id): points_of(c, found.criteria[str(c.id)].earned) for c in self.methodology.criteria}
        groups: dict[str | None, GroupFound] = {None: found.whole}
        groups.update(found.groups)
        return Standings(raw, {}, groups)
