"""Compares what the engine fired, and the points that follow from it, with a second evaluation of all rules.

So an engine that loses a firing, fires a rule that does not hold, or names a fact that does not pass is noticed before
any points are awarded; and so is a wrong result of the arithmetic of points, proportions and derivations.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter

from cleancloud_rules.crosscheck.counting import counting_of, lies_in
from cleancloud_rules.crosscheck.derivations import Content, Derived, content_of, in_words
from cleancloud_rules.crosscheck.points import CriterionPoints
from cleancloud_rules.crosscheck.rules import Key, Rules
from cleancloud_rules.crosscheck.selection import contradicted, latest
from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.engine.derivation import opening_of_problem
from cleancloud_rules.engine.firings import Firing, Firings
from cleancloud_rules.engine.selection import problem
from cleancloud_rules.errors import Disagreement, EngineError
from cleancloud_rules.model.conditions import conditions_of
from cleancloud_rules.model.facts import Company, Fact, Selection
from cleancloud_rules.model.groups import ASSESSED, NOT_APPLICABLE
from cleancloud_rules.model.methodology import Criterion, Group, Methodology
from cleancloud_rules.model.rounding import short
from cleancloud_rules.model.vocabulary import Window

_rule = attrgetter("rule")


class CrossCheck:
    """A second evaluation of a methodology, prepared for any company.

    Args:
        methodology: the methodology.
    """

    def __init__(self, methodology: Methodology) -> None:
        self.methodology = methodology
        vocabulary = methodology.vocabulary
        self._rules = Rules(methodology.asked)
        self._derived = [Derived(derivation, vocabulary) for derivation in vocabulary.derivations]
        self._selects = any(t.selection is not Selection.BEST for t in vocabulary.fact_types)
        rounding = methodology.rounding
        self._points: dict[str, CriterionPoints] = {c.id: CriterionPoints(c, rounding) for c in methodology.criteria}

    def at(self, methodology: Methodology) -> "CrossCheck":
        """Return the second evaluation of the same methodology with another cut-off."""
        if methodology.as_of == self.methodology.as_of:
            return self
        other = copy(self)
        other.methodology = methodology
        return other

    def firings(self, company: Company, firings: Firings, *, with_hypothetical: bool = False) -> None:
        """Raise `EngineError` unless the firings are exactly those that the rules give for the facts of a company.

        Args:
            company: the company.
            firings: what fired.
            with_hypothetical: whether hypothetical facts were read.
        """
        disagreements = list(self._about_facts(company, firings, with_hypothetical))
        if not disagreements:  # rules are compared on facts about which the engine and the cross-check agree
            counting = [counted.fact for counted in firings.facts if counted.why_not is None]
            disagreements = self._about_rules(firings, self._rules.holding(counting))
        _refuse(company, disagreements)

    def points(
        self,
        company: Company,
        firings: Firings,
        earned: Mapping[str, Mapping[str, Decimal]],
        points: Mapping[str, Decimal],
    ) -> None:
        """Raise `EngineError` unless points are those that the rules that fired earn.

        Args:
            company: the company.
            firings: what fired.
            earned: the points of each rule that fired, by criterion and rule.
            points: the points of these criteria.
        """
        fired: dict[str, list[Firing]] = {}
        for firing in firings.firings:
            if firing.rule not in (NOT_APPLICABLE, ASSESSED):
                fired.setdefault(firing.criterion, []).append(firing)
        # Most criteria come out as they did for an earlier company.
        others = [
            criterion
            for criterion in {*fired, *points, *earned}
            if (prepared := self._points.get(criterion)) is None
            or not prepared.is_right(
                tuple(map(_rule, fired.get(criterion, ()))), earned.get(criterion), points.get(criterion)
            )
        ]
        if others:
            facts = {counted.fact.id: counted.fact for counted in firings.facts if counted.counts}
            found = [
                self._about_points(id, fired.get(id, []), earned.get(id, {}), points.get(id), facts)
                for id in sorted(others)
            ]
            _refuse(company, [disagreement for some in found for disagreement in some])

    def _about_points(
        self,
        criterion: str,
        fired: list[Firing],
        earned: Mapping[str, Decimal],
        points: Decimal | None,
        facts: Mapping[str, Fact],
    ) -> list[Disagreement]:
        """Return the disagreements about the points of a criterion.

        Args:
            criterion: its id.
            fired: its rules that fired.
            earned: the points of each of them.
            points: its points.
            facts: the facts that count, by id.
        """
        own, expected, taken = self._points.get(criterion), dict[str, Fraction](), None
        if own is not None:
            expected = {firing.rule: own.earned(firing.rule, (facts[id] for id in firing.facts)) for firing in fired}
            taken = own.taken(expected) if expected else None
        pairs = [(rule, earned.get(rule), expected.get(rule)) for rule in dict.fromkeys((*expected, *earned))]
        found = [
            self._disagreement(criterion, rule, _in_words(given), _in_words(wanted))
            for rule, given, wanted in (*pairs, (None, points, taken))
            if (None if given is None else Fraction(given)) != wanted
        ]
        if own is not None and not found:
            own.note(tuple(map(_rule, fired)), earned, points)
        return found

    def _about_facts(self, company: Company, firings: Firings, with_hypothetical: bool) -> Iterator[Disagreement]:
        """Return the disagreements about facts: those of the company, those that were derived, and those that count."""
        derived = [counted for counted in firings.facts if counted.fact.derived_by is not None]
        stated, own = len(firings.facts) - len(derived), len(company.facts)
        if stated != own:
            yield Disagreement("facts of the company", f"it read {stated}", f"the company states {own}")
        eligible = [c.fact for c in firings.facts if c.fact.derived_by is None and c.is_eligible]
        counting = {fact.id for fact in eligible}
        wanted = {fact.id for fact in counting_of(company, self.methodology, with_hypothetical=with_hypothetical)}
        if counting != wanted:
            yield Disagreement("facts that count", _listed(counting - wanted), _listed(wanted - counting))
        if not self._derived and not self._selects:
            if derived or firings.problems:
                yield Disagreement("derivations", f"they computed {len(derived)} facts", "there are no derivations")
            return
        known, problems = self._selected(eligible)
        openings: set[str] = set()
        for prepared in self._derived:
            derivation = prepared.derivation
            computed = prepared.computed(known)
            openings.update(opening_of_problem(derivation, ids) for ids in computed.failed)
            found = [counted.fact for counted in derived if counted.fact.derived_by == derivation.id]
            contents = {content_of(fact) for fact in found}
            if contents != computed.contents or len(found) != len(contents):
                location = None if derivation.node is None else derivation.node.location
                what = f"derivation `{derivation.id}`"
                more, missing = _made(contents - computed.contents), _made(computed.contents - contents)
                if contents == computed.contents:
                    more, missing = "several facts are equal", "each fact is computed once"
                yield Disagreement(what, more, missing, location=location)
            eligible += [fact for fact in found if lies_in(fact, self._window(fact))]
            known, problems = self._selected(eligible)
        openings |= problems
        found_openings = {problem for problem in firings.problems if not problem.startswith(tuple(openings) or ("\0",))}
        silent = {opening for opening in openings if not any(p.startswith(opening) for p in firings.problems)}
        if found_openings or silent:
            yield Disagreement("problems of derivations", _listed(found_openings), _listed(silent))
        counting, wanted = {c.fact.id for c in firings.facts if c.counts}, {fact.id for fact in known}
        if counting != wanted:
            yield Disagreement("facts that count", _listed(counting - wanted), _listed(wanted - counting))

    def _window(self, fact: Fact) -> Window:
        return dict(self.methodology.windows)[self.methodology.vocabulary.by_id[fact.type].horizon]

    def _selected(self, facts: list[Fact]) -> tuple[list[Fact], set[str]]:
        """Return the facts that count among eligible ones, and the problems of those that contradict each other."""
        if not self._selects:
            return facts, set()
        clashing = contradicted(facts)
        left_out = {fact.id for some in clashing for fact in some}
        return [fact for fact in latest(facts) if fact.id not in left_out], set(map(problem, clashing))

    def _about_rules(self, firings: Firings, holding: Mapping[Key, tuple[str, ...]]) -> list[Disagreement]:
        fired = {(firing.criterion, firing.rule): firing.facts for firing in firings.firings}
        if fired == holding and len(fired) == len(firings.firings):
            return []
        where = {counted.fact.id: counted.fact for counted in firings.facts}
        return [
            self._disagreement(
                *key, _fired("it fired", fired.get(key), where), _fired("it holds", holding.get(key), where)
            )
            for key in sorted({*fired, *holding})
            if fired.get(key) != holding.get(key)
        ] or [Disagreement("rules", "one fired more than once", "each fires at most once")]

    def _disagreement(self, owner: str, rule: str | None, engine: str, cross_check: str) -> Disagreement:
        kind = "criterion" if owner in self._points else "group"
        what = f"points of {kind} `{owner}`" if rule is None else f"rule `{rule}` of {kind} `{owner}`"
        return Disagreement(what, engine, cross_check, owner, rule, self._location(owner, rule))

    def _location(self, owner: str, rule: str | None) -> Location | None:
        """Return the place of a rule, or of the criterion or group that has it."""
        owners: tuple[Criterion | Group, ...] = (*self.methodology.criteria, *self.methodology.groups)
        found = next((thing for thing in owners if thing.id == owner), None)
        if found is None:
            return None
        node = found.node
        if rule == NOT_APPLICABLE and found.not_applicable is not None and found.not_applicable.when is not None:
            node = conditions_of(found.not_applicable.when)[0].node
        rules = found.rules if isinstance(found, Criterion) else ()
        node = next((named.node for named in rules if named.id == rule), node)
        return None if node is None else node.location


def _refuse(company: Company, disagreements: list[Disagreement]) -> None:
    if disagreements:
        where = "" if company.node is None else f" ({company.node.location.file.name})"
        head = f"the rules engine and the cross-check differ on company `{company.id}`{where}; it has no result"
        raise EngineError("\n  ".join([head, *map(str, disagreements)]), company.id, disagreements)


def _in_words(points: Decimal | Fraction | None) -> str:
    return "no points" if points is None else f"{short(points)} point{'' if points == 1 else 's'}"


def _fired(verb: str, ids: tuple[str, ...] | None, facts: Mapping[str, Fact]) -> str:
    if ids is None:
        return verb.replace("fired", "did not fire").replace("holds", "does not hold")
    named = _listed(_with_place(id, facts.get(id)) for id in ids)
    return f"{verb} because of {named}" if ids else f"{verb} without a fact"


def _with_place(id: str, fact: Fact | None) -> str:
    return id if fact is None or fact.node is None else f"{id} ({fact.node.location})"


def _made(contents: Iterable[Content]) -> str:
    """Return the facts that one of the two computed and the other did not, in words."""
    return _listed(map(in_words, contents))


def _listed(things: Iterable[str]) -> str:
    return "; ".join(sorted(things)) or "none"
