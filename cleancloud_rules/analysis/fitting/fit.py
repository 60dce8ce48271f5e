"""Fits hypothetical facts to a published table, and examines which points a fit needs."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from textwrap import wrap
from typing import Any

from attrs import evolve

from cleancloud_rules._version import __version__
from cleancloud_rules.analysis.fitting import queries
from cleancloud_rules.analysis.fitting.overlay_writer import Writer
from cleancloud_rules.analysis.fitting.solver_model import Model, Problem, Solution, Stated, solver_name
from cleancloud_rules.analysis.score_bounds.bounder import addable, compiled_for
from cleancloud_rules.checking.groups import place
from cleancloud_rules.completions.fact_kinds import MAX_KINDS, Admissible
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.documents.yaml import write_text
from cleancloud_rules.engine.compiler import compiled_rule
from cleancloud_rules.engine.eligibility import known_searches
from cleancloud_rules.engine.ruleset import CompiledRule, Ruleset
from cleancloud_rules.errors import CriteriaError, FactsError
from cleancloud_rules.language.wording import when_in_words
from cleancloud_rules.model.additive import refuse_unless_additive
from cleancloud_rules.model.claims import PublishedClaim
from cleancloud_rules.model.conditions import conditions_of
from cleancloud_rules.model.datasets import Dataset, published_table
from cleancloud_rules.model.exact import add, subtract
from cleancloud_rules.model.facts import Company, Fact
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.published import PublishedTable
from cleancloud_rules.results.fits import ConditionStanding, ConditionStatus, Fit, HypotheticalFact, PointsChange
from cleancloud_rules.scoring.compiled import CompiledMethodology
from cleancloud_rules.scoring.cut_off import of_dataset
from cleancloud_rules.scoring.explanation import FactView
from cleancloud_rules.scoring.recorder import Recorder


def fit(
    dataset: Dataset, methodology: Methodology, *, with_standings: bool = False, as_of: date | None = None
) -> tuple[Fit, str]:
    """Return hypothetical facts under which the rules give the published table, and the overlay that states them.

    Args:
        dataset: a dataset with a published table, loaded without hypothetical facts.
        methodology: the methodology that it was loaded for.
        with_standings: whether each open condition is examined: forced, open or excluded.
        as_of: the cut-off; None for that of the dataset, or else of the methodology.

    Returns:
        The fit, and the text of the overlay; the text is empty if there is no solution.

    Raises:
        MissingExtraError: if the solver is not installed.
        CriteriaError: if the methodology does not add up points, or facts of a type can be of too many kinds.
        FactsError: if a category score is not printed.
        ValueError: if the dataset has no published table.
    """
    dataset, methodology = of_dataset(dataset, methodology, as_of)
    problem = _problem(dataset, methodology)
    model = Model(problem)
    solution = model.solve(minimize=model.fewest())
    recorder = Recorder(methodology)
    found = Fit(
        recorder.methodology_record(),
        solution is not None,
        solution is not None and solution.optimal,
        (),
        (),
        (),
        solver_name(),
        recorder.notices("the company", with_hypothetical=True),
        __version__,
    )
    if solution is None:
        return evolve(found, conflicts=queries.conflicts(model)), ""
    standings = queries.standings(model, solution) if with_standings else {}
    conditions = tuple(
        ConditionStanding(id, _words(number, problem.compiled.ruleset), standing, number in solution.holds[id])
        for (id, number), standing in standings.items()
    )
    facts, overlay = _facts(solution, standings, problem.compiled)
    return evolve(found, facts=facts, conditions=conditions), _overlay_text(overlay)


def points_changes(dataset: Dataset, methodology: Methodology) -> Iterator[PointsChange]:
    """Yield, for each rule with one point more and with one point less, whether the published table can still be met.

    The maxima of the categories stay as they are, because the published figures fix them.

    Raises:
        MissingExtraError: if the solver is not installed.
        ValueError: if the dataset has no published table.
    """
    dataset, methodology = of_dataset(dataset, methodology, None)
    problem = _problem(dataset, methodology)
    for criterion in methodology.criteria:
        for rule in criterion.rules:
            for changed in (subtract(rule.points, 1), add(rule.points, 1)):
                if changed < 0:
                    continue
                other = evolve(problem, changed={(criterion.id, rule.id): changed})
                feasible = Model(other).solve() is not None
                yield PointsChange(criterion.id, rule.id, rule.points, changed, feasible)


def _problem(dataset: Dataset, methodology: Methodology) -> Problem:
    """Return the problem of a fit: the constraints that a dataset sets; see `fit`."""
    refuse_unless_additive(methodology, "a fit")
    table = published_table(dataset)
    _refuse_unless_printed(table, methodology)
    claimed = [c for claim in dataset.statements if claim.when is not None for c in conditions_of(claim.when)]
    joint = [search for company in dataset.companies for search in company.not_found if search.also]
    compiled = compiled_for(methodology, (*claimed, *(c for search in joint for c in search.conditions)))
    companies = {}
    for company in dataset.companies:
        facts = [counted.fact for counted in compiled.fire(company).facts if counted.counts]
        companies[company.id] = _stated(company, facts, compiled)
    _refuse_unless_listed((stated.admissible for stated in companies.values()), methodology)
    imposed = tuple((claim, _rule_of(claim, compiled.ruleset)) for claim in dataset.statements if claim.imposed)
    return Problem(compiled, companies, table, imposed)


def _stated(company: Company, facts: Collection[Fact], compiled: CompiledMethodology) -> Stated:
    searches, number = known_searches(company, compiled.methodology), compiled.ruleset.by_condition
    reading = FactView(compiled.ruleset, facts)
    single = [search.condition for search in searches if not search.also]
    apart = tuple(frozenset(number[c] for c in search.conditions) for search in searches if search.also)
    return Stated(company, reading, addable(single, reading, facts, compiled), apart)


def _rule_of(claim: PublishedClaim, ruleset: Ruleset) -> CompiledRule | None:
    return None if claim.when is None else compiled_rule("", claim.id, claim.when, ruleset.by_condition)


def _facts(
    solution: Solution, standings: dict[tuple[str, int], ConditionStatus], compiled: CompiledMethodology
) -> tuple[tuple[HypotheticalFact, ...], dict[str, Any]]:
    facts: list[HypotheticalFact] = []
    entries: dict[str, list[dict[str, Any]]] = {}
    kinds: set[str] = set()
    ruleset = compiled.ruleset
    counters = {(number, name) for _, number, name in ruleset.counters if name is not None}
    distinct = frozenset((ruleset.conditions[number].condition.fact_type, name) for number, name in counters)
    writer = Writer(compiled.spaces, distinct)
    for id, chosen in sorted(solution.chosen.items()):
        for vector, number in chosen:
            kinds.add(writer.source_type(vector))
            conditions = tuple(_words(n, ruleset) for n in sorted(vector.satisfied))
            standing = _standing(id, vector.satisfied, standings)
            for entry in writer.entries(vector, number):
                entries.setdefault(id, []).append(entry)
                facts.append(HypotheticalFact(id, vector.type, entry, conditions, standing))
    return tuple(facts), writer.document(entries, kinds)


def _words(number: int, ruleset: Ruleset) -> str:
    return when_in_words(ruleset.conditions[number].condition)


def _standing(
    id: str, satisfied: frozenset[int], standings: dict[tuple[str, int], ConditionStatus]
) -> ConditionStatus | None:
    if not standings:
        return None
    forced = any(standings.get((id, number)) is ConditionStatus.FORCED for number in satisfied)
    return ConditionStatus.FORCED if forced else ConditionStatus.OPEN


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


def _overlay_text(overlay: dict[str, Any]) -> str:
    """Return an overlay as the text of its file, its header first."""
    header = "\n".join(f"# {line}" for line in wrap(overlay["hypothetical"], 116))
    return f"{header}\n{write_text(overlay)}"
