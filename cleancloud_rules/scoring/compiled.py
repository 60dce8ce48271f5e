"""One compiled form of each methodology, shared by everything that scores, checks or analyses it."""

import weakref
from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import cached_property, lru_cache

from attrs import evolve, frozen

from cleancloud_rules._version import __version__
from cleancloud_rules.completions.answered import AnswerKeys
from cleancloud_rules.completions.earnable import Completion
from cleancloud_rules.completions.fact_kinds import Admissible, VectorSpaces
from cleancloud_rules.completions.fact_space import KEPT_SPACES
from cleancloud_rules.completions.known import Known, met_by
from cleancloud_rules.completions.searches import alternatives
from cleancloud_rules.completions.state_search import StateSearch
from cleancloud_rules.crosscheck.verifier import CrossCheck
from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.engine.compiler import compile_methodology
from cleancloud_rules.engine.durable import Engine
from cleancloud_rules.engine.eligibility import known_searches
from cleancloud_rules.engine.firings import Firings
from cleancloud_rules.engine.ruleset import Ruleset
from cleancloud_rules.errors import CriteriaError, EngineError
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.facts import Company, Fact, NotFound
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.tree import ScoreTree, structure_of
from cleancloud_rules.scoring.criteria.explanation import FactView
from cleancloud_rules.scoring.scorer import Scorer
from cleancloud_rules.scoring.sums import Summing, Sums


@frozen(eq=False)
class CompiledMethodology:
    """A methodology with all that follows from it alone. Each part is made when it is first used, and kept.

    Args:
        ruleset: the rules and conditions for the engine.
    """

    # The cached properties of attrs take no lock, those of functools do before Python 3.12: a forked process could
    # inherit a lock while a thread holds it that exists in the parent only. If two threads come first at the same time,
    # both make the part and one of the two is kept; an engine that is not kept is freed after its last use.

    ruleset: Ruleset
    _plain: "CompiledMethodology | None" = None

    @property
    def methodology(self) -> Methodology:
        """The methodology: an equal one, not the one that was asked for."""
        return self.ruleset.methodology

    @cached_property
    def tree(self) -> ScoreTree:
        """The score tree."""
        return structure_of(self.methodology)

    @cached_property
    def summing(self) -> Summing:
        """What turns firings into points and scores."""
        return Summing(self.tree)

    @cached_property
    def spaces(self) -> VectorSpaces:
        """The facts that could be added."""
        return VectorSpaces(self.ruleset)

    @cached_property
    def answer_keys(self) -> AnswerKeys:
        """The keys under which a company has one answer each."""
        return AnswerKeys(self.ruleset)

    @cached_property
    def engine(self) -> Engine:
        """The engine that fires the rules.

        Raises:
            EngineError: if the rules engine is missing or fails.
        """
        return Engine(self.ruleset) if self._plain is None else self._plain.engine

    @cached_property
    def cross_check(self) -> CrossCheck:
        """The second evaluation of the rules."""
        if self._plain is None:
            return CrossCheck(self.methodology)
        return self._plain.cross_check.at(self.methodology)

    def fire(self, company: Company, *, with_hypothetical: bool = False, cross_check: bool = True) -> Firings:
        """Return what the engine fires on the facts of a company.

        Args:
            company: the company.
            with_hypothetical: whether hypothetical facts are read.
            cross_check: whether every rule is evaluated a second time and the results are compared.

        Raises:
            EngineError: if the engine is missing or fails, or if the second evaluation differs.
            FactsError: if the company was loaded for another vocabulary, or if facts that count contradict each other.
        """
        engine = self.engine
        try:
            firings = engine.fire(company, with_hypothetical=with_hypothetical, methodology=self.methodology)
        except EngineError as error:
            raise EngineError(f"company `{company.id}` has no result: {error}", company.id) from error
        if cross_check:
            self.cross_check.firings(company, firings, with_hypothetical=with_hypothetical)
        searches = known_searches(company, self.methodology) if self.methodology.watched else ()
        if not searches:
            return firings
        stated = [counted.fact for counted in firings.facts if counted.counts]
        return evolve(firings, searched=self.searched(searches, met_by(stated, self.methodology.vocabulary)))

    @cached_property
    def searched(self) -> Callable[[tuple[NotFound, ...], frozenset[Condition]], frozenset[str]]:
        """Return the ids of the criteria that searches without result assess. Most companies share their searches."""
        # Answers do not matter here: whether a search assesses a criterion must not change when facts are added.
        spaces, keys = self.spaces, self.answer_keys
        return lru_cache(KEPT_SPACES)(lambda found, met: Completion(spaces, keys, found, Known(met=met)).assessed)

    def sums(self, company: Company, firings: Firings, *, cross_check: bool = True) -> Sums:
        """Return the points and scores that firings give a company.

        Raises:
            EngineError: if the second evaluation of the points differs.
        """
        found = self.summing.sums(firings, company.cohort)
        if cross_check:
            self.cross_check.points(company, firings, found.earned, found.points)
        return found

    @cached_property
    def scorer(self) -> Scorer:
        """What turns firings into scorecards."""
        return Scorer(self.tree, self.ruleset, self.spaces, self.answer_keys, __version__)

    def completions(self, company: Company, facts: Collection[Fact]) -> tuple[StateSearch, ...]:
        """Return the completions of a company, in several parts if a search without result speaks of facts together.

        The ruleset must know the conditions of its implications; see `including`.

        Args:
            company: the company.
            facts: its facts that count.
        """
        reading = FactView(self.ruleset, facts)
        found = alternatives(known_searches(company, self.methodology), self.methodology.vocabulary, facts)
        addable = (self.addable(shunned, reading, facts) for shunned in found)
        return tuple(StateSearch(self.ruleset, self.answer_keys, some, reading.satisfying) for some in addable)

    def addable(self, shunned: Iterable[Condition], reading: FactView, facts: Collection[Fact]) -> Admissible:
        """Return the facts that could be added to stated ones that count, and that pass none of the shunned conditions.

        Args:
            shunned: the conditions that were not found.
            reading: the stated facts that count, as conditions see them.
            facts: these facts.
        """
        satisfied = frozenset(c.index for c in self.ruleset.conditions if reading.satisfying(c.condition))
        shunning = (*shunned, *self.answer_keys.closed(facts))
        return Admissible(self.spaces, self.methodology.vocabulary.implications, shunning, satisfied)

    @property
    def with_implications(self) -> "CompiledMethodology":
        """It with a ruleset that also knows the conditions of the implications of the vocabulary.

        Raises:
            CriteriaError: if a condition is too complex.
        """
        return self._with_implications or self

    @cached_property
    def _with_implications(self) -> "CompiledMethodology | None":
        found = self.including(self.methodology.vocabulary.implied)
        return None if found is self else found

    def including(self, conditions: Iterable[Condition]) -> "CompiledMethodology":
        """Return it with a ruleset that knows further conditions, which no rule reads. The engine is the same.

        Raises:
            CriteriaError: if a condition is too complex.
        """
        further = [condition for condition in conditions if condition not in self.ruleset.by_condition]
        return CompiledMethodology(_ruleset(self.methodology, further), self) if further else self


KEPT_CUT_OFFS = 32
"""For how many other cut-offs a methodology is kept."""

_compiled: dict[int, CompiledMethodology] = {}
_with_cut_off: dict[int, dict[date, Methodology]] = {}


def compiled(methodology: Methodology) -> CompiledMethodology:
    """Return the compiled form of a methodology. It is made once and freed when the methodology is.

    Raises:
        CriteriaError: if a condition or a rule is too complex for the engine.
    """
    found = _compiled.get(id(methodology))
    # Compiled from a copy: what is kept must not keep alive the methodology whose end frees it. No lock, because of
    # forks; if two threads come first at the same time, the first entry stays.
    return found or _kept(methodology, CompiledMethodology(_ruleset(evolve(methodology))))


def with_cut_off(methodology: Methodology, day: date | None) -> Methodology:
    """Return a methodology with another cut-off. It shares the engine, and is kept while the methodology is.

    Args:
        methodology: the methodology.
        day: the cut-off; None for its own.
    """
    if day is None or day == methodology.as_of:
        return methodology
    key = id(methodology)
    if key not in _with_cut_off:
        _with_cut_off[key] = {}
        weakref.finalize(methodology, _with_cut_off.pop, key, None).atexit = False
    others = _with_cut_off[key]
    found = others.get(day)
    if found is None:
        if len(others) >= KEPT_CUT_OFFS:
            others.pop(next(iter(others)), None)
        found = others.setdefault(day, evolve(methodology, as_of=day))
        own = compiled(methodology)
        _kept(found, CompiledMethodology(evolve(own.ruleset, methodology=evolve(found)), own))
    return found


def _kept(methodology: Methodology, made: CompiledMethodology) -> CompiledMethodology:
    """Keep a compiled methodology until the methodology is freed, unless one is kept already."""
    key = id(methodology)
    found = _compiled.setdefault(key, made)
    if found is made:
        weakref.finalize(methodology, _compiled.pop, key, None).atexit = False
    return found


def _ruleset(methodology: Methodology, further: Iterable[Condition] = ()) -> Ruleset:
    try:
        return compile_methodology(methodology, further)
    except Rejected as rejected:
        raise CriteriaError(rejected.diagnostics) from None
