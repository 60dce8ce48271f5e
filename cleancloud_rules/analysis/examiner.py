"""Bounds, published claims, reproductions and fits of a dataset, from one compiled methodology."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache
from textwrap import wrap
from typing import Any

from attrs import evolve, field, frozen

from cleancloud_rules._version import __version__
from cleancloud_rules.analysis.claims.recount import findings_of
from cleancloud_rules.analysis.fitting import queries, solver_model
from cleancloud_rules.analysis.fitting.overlay_writer import Writer
from cleancloud_rules.analysis.reproduction.reproducer import Reproducer
from cleancloud_rules.analysis.score_bounds.bounder import Bounder
from cleancloud_rules.checking.groups import place
from cleancloud_rules.completions.fact_kinds import MAX_KINDS, Admissible
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.documents.yaml import write_text
from cleancloud_rules.engine.compiler import compile_methodology, compiled_rule
from cleancloud_rules.engine.durable import Engine
from cleancloud_rules.engine.firings import Firings
from cleancloud_rules.engine.ruleset import CompiledRule, Ruleset
from cleancloud_rules.errors import CriteriaError, FactsError
from cleancloud_rules.language.wording import when_in_words
from cleancloud_rules.model.additive import refuse_unless_additive
from cleancloud_rules.model.claims import PublishedClaim
from cleancloud_rules.model.conditions import Condition, conditions_of
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.published import PublishedTable
from cleancloud_rules.results.bounds import Bounds, CompanyBounds
from cleancloud_rules.results.claims import ClaimReport
from cleancloud_rules.results.fits import ConditionStanding, ConditionStatus, Fit, HypotheticalFact, PointsChange
from cleancloud_rules.results.reproductions import Reproduction
from cleancloud_rules.scoring.recorder import Recorder
from cleancloud_rules.scoring.session import rank


def _also(methodology: Methodology, statements: Iterable[PublishedClaim]) -> list[Condition]:
    implied = [c for pair in methodology.vocabulary.implications for c in (pair.given, pair.then)]
    return implied + [c for s in statements if s.when is not None for c in conditions_of(s.when)]


@frozen
class Examiner:
    """Examines datasets of one methodology. Close it to free the engine.

    Args:
        methodology: the methodology.
        statements: the published claims whose conditions are compiled too.
        version: the library's version.
    """

    methodology: Methodology
    statements: tuple[PublishedClaim, ...]
    version: str
    ruleset: Ruleset = field(init=False, repr=False)
    engine: Engine = field(init=False, repr=False)
    bounder: Bounder = field(init=False, repr=False)

    @ruleset.default
    def _ruleset(self) -> Ruleset:
        return compile_methodology(self.methodology, _also(self.methodology, self.statements))

    @engine.default
    def _engine(self) -> Engine:
        return Engine(self.ruleset)

    @bounder.default
    def _bounder(self) -> Bounder:
        return Bounder(self.methodology, self.ruleset, self.version)

    def close(self) -> None:
        """Free the engine."""
        self.engine.close()

    def bounds(self, companies: Iterable[Company]) -> Bounds:
        """Return the bounds of companies."""
        return self.bounder.bounds((company, self.engine.fire(company)) for company in companies)

    def company_bounds(self, companies: Iterable[Company]) -> dict[str, CompanyBounds]:
        """Return the bounds of companies by id."""
        return {found.company.id: found for found in self.bounds(companies).companies}

    def findings(self, dataset: Dataset, *, with_hypothetical: bool) -> ClaimReport:
        """Return the published claims of a dataset with the companies that they count."""
        fired: list[tuple[Company, Firings, Firings | None]] = []
        for company in dataset.companies:
            more = self.engine.fire(company, with_hypothetical=True) if with_hypothetical else None
            fired.append((company, self.engine.fire(company), more))
        return findings_of(dataset, self.methodology, fired, self.version)

    def problem(self, dataset: Dataset, table: PublishedTable) -> solver_model.Problem:
        """Return the problem of a fit: the constraints that a dataset sets."""
        companies = {}
        for company in dataset.companies:
            facts = [counted.fact for counted in self.engine.fire(company).facts if counted.counts]
            companies[company.id] = solver_model.stated_company(self.bounder, company, facts)
        _refuse_unless_listed((stated.admissible for stated in companies.values()), self.methodology)
        imposed = tuple((s, self._compiled(s)) for s in dataset.statements if s.imposed)
        return solver_model.Problem(self.bounder, companies, table, imposed)

    def _compiled(self, statement: PublishedClaim) -> CompiledRule | None:
        if statement.when is None:
            return None
        return compiled_rule("", statement.id, statement.when, self.ruleset.by_condition)

    def fit(self, dataset: Dataset, table: PublishedTable, *, with_standings: bool) -> tuple[Fit, dict[str, Any]]:
        """Return a fit, and the overlay with its facts as plain data.

        Args:
            dataset: the dataset, whose published claims must be met.
            table: the published table, which must be met.
            with_standings: whether each open condition is examined, which takes longer.
        """
        model = solver_model.Model(self.problem(dataset, table))
        solution = model.solve(minimize=model.fewest())
        recorder = Recorder(self.methodology)
        fit = Fit(
            recorder.methodology_record(),
            solution is not None,
            solution is not None and solution.optimal,
            (),
            (),
            (),
            solver_model.solver_name(),
            recorder.notices("the company", with_hypothetical=True),
            self.version,
        )
        if solution is None:
            return evolve(fit, conflicts=queries.conflicts(model)), {}
        standings = queries.standings(model, solution) if with_standings else {}
        conditions = tuple(
            ConditionStanding(id, self._words(number), standing, number in solution.holds[id])
            for (id, number), standing in standings.items()
        )
        facts, overlay = self._facts(solution, standings)
        return evolve(fit, facts=facts, conditions=conditions), overlay

    def _facts(
        self, solution: solver_model.Solution, standings: dict[tuple[str, int], ConditionStatus]
    ) -> tuple[tuple[HypotheticalFact, ...], dict[str, Any]]:
        facts: list[HypotheticalFact] = []
        entries: dict[str, list[dict[str, Any]]] = {}
        kinds: set[str] = set()
        counters = {(number, name) for _, number, name in self.ruleset.counters if name is not None}
        conditions_by_number = self.ruleset.conditions
        distinct = frozenset((conditions_by_number[n].condition.fact_type, name) for n, name in counters)
        writer = Writer(self.methodology, self.bounder.spaces, distinct)
        for id, chosen in sorted(solution.chosen.items()):
            for vector, number in chosen:
                kinds.add(writer.source_type(vector))
                conditions = tuple(self._words(n) for n in sorted(vector.satisfied))
                standing = _standing(id, vector.satisfied, standings)
                for entry in writer.entries(vector, number):
                    entries.setdefault(id, []).append(entry)
                    facts.append(HypotheticalFact(id, vector.type, entry, conditions, standing))
        return tuple(facts), writer.document(entries, kinds)

    def _words(self, number: int) -> str:
        return when_in_words(self.ruleset.conditions[number].condition)

    def points_changes(self, dataset: Dataset, table: PublishedTable) -> Iterable[PointsChange]:
        """Yield, for each rule with one point more and with one point less, whether the table can still be met."""
        problem = self.problem(dataset, table)
        for criterion in self.methodology.criteria:
            for rule in criterion.rules:
                for changed in (rule.points - 1, rule.points + 1):
                    if changed < 0:
                        continue
                    other = evolve(problem, changed={(criterion.id, rule.id): Decimal(changed)})
                    feasible = solver_model.Model(other).solve() is not None
                    yield PointsChange(criterion.id, rule.id, rule.points, Decimal(changed), feasible)


def _standing(
    id: str, satisfied: frozenset[int], standings: dict[tuple[str, int], ConditionStatus]
) -> ConditionStatus | None:
    if not standings:
        return None
    forced = any(standings.get((id, number)) is ConditionStatus.FORCED for number in satisfied)
    return ConditionStatus.FORCED if forced else ConditionStatus.OPEN


class Lazily(Mapping[str, CompanyBounds]):
    """The bounds of companies, each computed when it is read."""

    def __init__(self, ids: list[str], find: Callable[[str], CompanyBounds]) -> None:
        self._ids = ids
        self._find = lru_cache(None)(find)

    def __getitem__(self, id: str) -> CompanyBounds:
        return self._find(id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


@contextmanager
def examiner(methodology: Methodology, statements: Iterable[PublishedClaim] = ()) -> Iterator[Examiner]:
    """Yield an examiner, and free its engine afterwards."""
    made = Examiner(methodology, tuple(statements), __version__)
    try:
        yield made
    finally:
        made.close()


def bounds(companies: Dataset | Iterable[Company], methodology: Methodology) -> Bounds:
    """Return the lower and the upper bounds of companies' scores, given what is still unknown.

    They are bounds over all completions. A completion adds finitely many facts that count, that pass no condition which
    was searched for without result, and that obey the implications of the vocabulary.

    Args:
        companies: a dataset, or companies.
        methodology: the methodology that their facts were loaded for.
    """
    chosen = companies.companies if isinstance(companies, Dataset) else tuple(companies)
    with examiner(methodology) as made:
        return made.bounds(chosen)


def findings(dataset: Dataset, methodology: Methodology, *, with_hypothetical: bool = False) -> ClaimReport:
    """Return the published claims of a dataset with the companies that they count according to its facts.

    Args:
        dataset: the dataset; loaded with its overlays if hypothetical facts are to count.
        methodology: the methodology that it was loaded for.
        with_hypothetical: whether hypothetical facts count too; they are shown separately.
    """
    with examiner(methodology, dataset.statements) as made:
        return made.findings(dataset, with_hypothetical=with_hypothetical)


def reproduce(dataset: Dataset, methodology: Methodology) -> Reproduction:
    """Compare the published table of a dataset with computed scores, figure by figure.

    Args:
        dataset: a dataset with a published table, loaded with its overlays of hypothetical facts if it has any.
        methodology: the methodology that it was loaded for.

    Raises:
        ValueError: if the dataset has no published table.
    """
    table = _table(dataset)
    companies = {company.id: company for company in dataset.companies}
    listed = [companies[row.company] for row in table.rows if row.company in companies]
    ranking = rank(listed, methodology, with_hypothetical=True)
    with examiner(methodology) as made:

        def fired(id: str) -> Firings:
            return made.engine.fire(companies[id], with_hypothetical=True)

        def bounded(id: str) -> CompanyBounds:
            stated = tuple(fact for fact in companies[id].facts if not fact.is_hypothetical)
            return made.company_bounds([evolve(companies[id], facts=stated)])[id]

        reproducer = Reproducer(methodology, __version__)
        found = Lazily([company.id for company in listed], bounded)
        return reproducer.reproduction(dataset.title, table, ranking, found, fired, companies)


def fit(dataset: Dataset, methodology: Methodology, *, with_standings: bool = False) -> tuple[Fit, str]:
    """Return hypothetical facts under which the rules give the published table, and the overlay that states them.

    Args:
        dataset: a dataset with a published table, loaded without hypothetical facts.
        methodology: the methodology that it was loaded for.
        with_standings: whether each open condition is examined: forced, open or excluded.

    Returns:
        The fit, and the text of the overlay; the text is empty if there is no solution.

    Raises:
        MissingExtraError: if the solver is not installed.
        CriteriaError: if the methodology does not add up points, or facts of a type can be of too many kinds.
        FactsError: if a category score is not printed.
        ValueError: if the dataset has no published table.
    """
    refuse_unless_additive(methodology, "a fit")
    table = _table(dataset)
    _refuse_unless_printed(table, methodology)
    with examiner(methodology, dataset.statements) as made:
        found, overlay = made.fit(dataset, table, with_standings=with_standings)
    return found, overlay_text(overlay) if overlay else ""


def points_changes(dataset: Dataset, methodology: Methodology) -> Iterator[PointsChange]:
    """Yield, for each rule with one point more and with one point less, whether the published table can still be met.

    The maxima of the categories stay as they are, because the published figures fix them.

    Raises:
        MissingExtraError: if the solver is not installed.
        ValueError: if the dataset has no published table.
    """
    refuse_unless_additive(methodology, "a fit")
    table = _table(dataset)
    _refuse_unless_printed(table, methodology)
    with examiner(methodology, dataset.statements) as made:
        yield from made.points_changes(dataset, table)


def _table(dataset: Dataset) -> PublishedTable:
    if dataset.published is None:
        raise ValueError(f"the dataset `{dataset.title}` has no published table")
    return dataset.published


def _refuse_unless_printed(table: PublishedTable, methodology: Methodology) -> None:
    """Raise `FactsError` if a category score is not printed, because a fit meets all of them."""
    diagnostics = [
        Diagnostic("missing-column", f"a fit needs the score of `{category.id}` of each company", row.location)
        for row in table.rows
        for category in methodology.categories
        if category.id not in row.scores
    ]
    if diagnostics:
        raise FactsError(diagnostics)


def _refuse_unless_listed(admissible: Iterable[Admissible], methodology: Methodology) -> None:
    """Raise `CriteriaError` if the kinds of facts of a type are not listed, because a fit chooses among them."""
    diagnostics = [
        Diagnostic(
            "too-complex",
            f"facts of `{id}` can be of more than {MAX_KINDS:,} kinds, too many for a fit to choose among",
            place(methodology.vocabulary.by_id[id].node, "title"),
            "let fewer tests, or fewer fields, be read of it",
        )
        for id in sorted(frozenset[str]().union(*(each.unlisted for each in admissible)))
    ]
    if diagnostics:
        raise CriteriaError(diagnostics)


def overlay_text(overlay: dict[str, Any]) -> str:
    """Return an overlay as the text of its file, its header first."""
    header = "\n".join(f"# {line}" for line in wrap(overlay["hypothetical"], 116))
    return f"{header}\n{write_text(overlay)}"
