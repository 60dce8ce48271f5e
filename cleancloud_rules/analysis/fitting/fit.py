"""Fits hypothetical facts to a published table, and examines which points a fit needs."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from textwrap import wrap
from typing import Any

from attrs import evolve

from cleancloud_rules._version import __version__
from cleancloud_rules.analysis.fitting import queries
from cleancloud_rules.analysis.fitting.exclusions import with_exclusions
from cleancloud_rules.analysis.fitting.offers import MAX_OFFERED, Apart, Offers
from cleancloud_rules.analysis.fitting.overlay_writer import Writer
from cleancloud_rules.analysis.fitting.problem import Problem, Solution, Stated, literals_of
from cleancloud_rules.analysis.fitting.read_back import read_back
from cleancloud_rules.analysis.fitting.solver_model import Model, solver_name
from cleancloud_rules.analysis.score_bounds.bounder import compiled_for
from cleancloud_rules.checking.groups import place
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.documents.frozen_data import frozen_data
from cleancloud_rules.documents.yaml import write_text
from cleancloud_rules.engine.compiler import compiled_rule
from cleancloud_rules.engine.eligibility import known_searches
from cleancloud_rules.engine.ruleset import CompiledRule, Literal, Ruleset
from cleancloud_rules.errors import CriteriaError, FactsError
from cleancloud_rules.language.load.overlays import hypothetical_notice
from cleancloud_rules.language.wording import value_in_words, when_in_words
from cleancloud_rules.model.additive import refuse_unless_additive
from cleancloud_rules.model.claims import PublishedClaim
from cleancloud_rules.model.conditions import conditions_of
from cleancloud_rules.model.datasets import Dataset, published_table
from cleancloud_rules.model.exact import add, subtract
from cleancloud_rules.model.facts import Company, Fact, Field
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.published import PublishedTable
from cleancloud_rules.model.values import FieldType
from cleancloud_rules.results.fits import ConditionStanding, ConditionStatus, Fit, HypotheticalFact, PointsChange
from cleancloud_rules.results.json import plain
from cleancloud_rules.scoring.compiled import CompiledMethodology
from cleancloud_rules.scoring.criteria.explanation import FactView
from cleancloud_rules.scoring.cut_off import of_dataset
from cleancloud_rules.scoring.recorder import Recorder


def fit(
    dataset: Dataset, methodology: Methodology, *, with_standings: bool = False, as_of: date | None = None
) -> tuple[Fit, str]:
    """Return hypothetical facts under which the rules give the published table, and the overlay that states them.

    The overlay is read back and scored before it is returned.

    Args:
        dataset: a dataset with a published table, loaded without hypothetical facts.
        methodology: the methodology that it was loaded for.
        with_standings: whether each open condition is examined: forced, open or excluded.
        as_of: the cut-off; None for that of the dataset, or else of the methodology.

    Returns:
        The fit, and the text of the overlay; the text is empty if there is no solution.

    Raises:
        MissingExtraError: if the solver is not installed.
        CriteriaError: if the methodology does not add up points, or has no notice on hypothetical facts; if facts of a
            type can be of too many kinds; or if only facts that are derived, or that supersede others, may give the
            table, which are not chosen.
        EngineError: if the facts of the overlay do not give the table.
        FactsError: if a category score is not printed.
        TimeoutError: if the solver finds neither a solution nor a proof that there is none.
        ValueError: if the dataset has no published table.

    Example:
        >>> import cleancloud_rules as cc
        >>> files = {
        ...     "methodology.yaml": '''{id: doors, title: Doors, edition: "1", publisher: Nobody, points_basis: project,
        ...         windows: {always: always}, source_types: [visit], sources: {visit: {type: visit, title: A visit}},
        ...         notices: [{code: chosen, text: "HYPOTHETICAL: chosen for {company}.", hypothetical: true}],
        ...         categories: [{id: hours, title: Opening hours, weight: 100}]}''',
        ...     "facts.yaml": "fact_types: {open: {title: Open, horizon: always, fields: {hours: {type: integer}}}}",
        ...     "hours.yaml": '''{category: hours, criteria: [{id: long_day, title: A long day, horizon: always,
        ...         max_points: 2, hit_policy: collect max, otherwise: No hours are on record., rules: [{id: eight,
        ...         points: 2, when: {open: {hours: ">= 8"}}, because: "Open {open.hours} hours."}]}]}''',
        ... }
        >>> methodology = cc.methodology_from(files)
        >>> published = [{"company": "shop", "hours": 100, "total": 100}]
        >>> shops = {"title": "Shops", "methodology": "doors", "companies": ["shop"], "published": "table"}
        >>> shop = {"id": "shop", "name": "Corner Shop"}
        >>> dataset = cc.dataset_from({"dataset.yaml": shops, "shop": shop, "table": published}, methodology)
        >>> found, overlay = cc.analysis.fit(dataset, methodology)
        >>> found.feasible, [(fact.company, fact.type) for fact in found.facts]
        (True, [('shop', 'open')])
    """
    dataset, methodology = of_dataset(dataset, methodology, as_of)
    _refuse_without_notice(methodology)
    problem = _problem(dataset, methodology)
    model = Model(problem)
    solution = model.solve(minimize=model.fewest())
    recorder = Recorder(methodology)
    found = Fit(
        recorder.methodology_record(),
        solution is not None,
        solution is not None and solution.optimal and queries.is_fewest(solution, problem),
        (),
        (),
        (),
        solver_name(),
        recorder.notices((company.name for company in dataset.companies), with_hypothetical=True),
        __version__,
    )
    if solution is None:
        _refuse_if_others_may_do(problem)
        return evolve(found, conflicts=queries.conflicts(Model(problem, with_derived=True))), ""
    standings = queries.standings(model, solution) if with_standings else {}
    conditions = tuple(
        ConditionStanding(id, _words(number, problem.compiled.ruleset), standing, number in solution.holds[id])
        for (id, number), standing in standings.items()
    )
    facts, entries = _facts(solution, standings, problem)
    overlay = _overlay_text(entries, dataset)
    read_back(overlay, problem)
    return evolve(found, facts=facts, conditions=conditions), overlay


def points_changes(dataset: Dataset, methodology: Methodology) -> Iterator[PointsChange]:
    """Yield, for each rule with one point more and with one point less, whether the published table can still be met.

    The maxima of the categories stay as they are, because the published figures fix them.

    Args:
        dataset: a dataset with a published table, loaded without hypothetical facts.
        methodology: the methodology that it was loaded for.

    Raises:
        MissingExtraError: if the solver is not installed.
        ValueError: if the dataset has no published table.

    Example:
        >>> import cleancloud_rules as cc
        >>> files = {
        ...     "methodology.yaml": '''{id: doors, title: Doors, edition: "1", publisher: Nobody, points_basis: project,
        ...         windows: {always: always}, source_types: [visit], sources: {visit: {type: visit, title: A visit}},
        ...         notices: [{code: chosen, text: "HYPOTHETICAL: chosen for {company}.", hypothetical: true}],
        ...         categories: [{id: hours, title: Opening hours, weight: 100}]}''',
        ...     "facts.yaml": "fact_types: {open: {title: Open, horizon: always, fields: {hours: {type: integer}}}}",
        ...     "hours.yaml": '''{category: hours, criteria: [{id: long_day, title: A long day, horizon: always,
        ...         max_points: 2, hit_policy: collect max, otherwise: No hours are on record., rules: [{id: eight,
        ...         points: 2, when: {open: {hours: ">= 8"}}, because: "Open {open.hours} hours."}]}]}''',
        ... }
        >>> methodology = cc.methodology_from(files)
        >>> published = [{"company": "shop", "hours": 100, "total": 100}]
        >>> shops = {"title": "Shops", "methodology": "doors", "companies": ["shop"], "published": "table"}
        >>> shop = {"id": "shop", "name": "Corner Shop"}
        >>> dataset = cc.dataset_from({"dataset.yaml": shops, "shop": shop, "table": published}, methodology)
        >>> [(one.rule, one.changed, one.feasible) for one in cc.analysis.points_changes(dataset, methodology)]
        [('eight', Decimal('1'), False), ('eight', Decimal('3'), False)]
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
    binding = [claim for claim in dataset.statements if claim.binds]
    claimed = [c for claim in binding if claim.when is not None for c in conditions_of(claim.when)]
    members = with_exclusions(dataset, binding, methodology)
    joint = [search for company in members for search in company.not_found if search.also]
    compiled = compiled_for(methodology, (*claimed, *(c for search in joint for c in search.conditions)))
    statements = tuple((c, _rule_of(c, compiled.ruleset)) for c in binding if c.highest is None)
    literals = literals_of(compiled, statements)
    companies = {}
    for company in members:
        facts = [counted.fact for counted in compiled.fire(company).facts if counted.counts]
        companies[company.id] = _stated(company, facts, compiled, literals)
    _refuse_unless_listed((stated.offers for stated in companies.values()), methodology)
    return Problem(compiled, companies, table, statements)


def _stated(
    company: Company, facts: Collection[Fact], compiled: CompiledMethodology, literals: frozenset[Literal]
) -> Stated:
    searches, number = known_searches(company, compiled.methodology), compiled.ruleset.by_condition
    reading = FactView(compiled.ruleset, facts)
    single = [search.condition for search in searches if not search.also]
    joint = tuple(frozenset(number[c] for c in search.conditions) for search in searches if search.also)
    admissible = compiled.addable(single, reading, facts)
    further = [condition for d in compiled.methodology.vocabulary.derivations for _, condition in d.inputs]
    further += [condition for i in compiled.methodology.vocabulary.implications for condition in (i.given, i.then)]
    read = [*(literal.condition for literal in literals), *(number[condition] for condition in further)]
    offers = Offers(admissible, Apart.of(compiled, literals), frozenset(read).union(*joint), literals)
    return Stated(company, tuple(facts), reading, offers, joint)


def _rule_of(claim: PublishedClaim, ruleset: Ruleset) -> CompiledRule | None:
    return None if claim.when is None else compiled_rule("", claim.id, claim.when, ruleset.by_condition)


def _facts(
    solution: Solution, standings: dict[tuple[str, int], ConditionStatus], problem: Problem
) -> tuple[tuple[HypotheticalFact, ...], dict[str, Any]]:
    facts: list[HypotheticalFact] = []
    entries: dict[str, list[dict[str, Any]]] = {}
    kinds: set[str] = set()
    ruleset = problem.compiled.ruleset
    writer = Writer(problem.compiled.spaces, Apart.of(problem.compiled, problem.literals))
    for id, chosen in sorted(solution.chosen.items()):
        for vector, entry in writer.entries(chosen, problem.companies[id].facts):
            kinds.add(writer.source_type(vector))
            conditions = tuple(_words(n, ruleset) for n in sorted(vector.satisfied))
            entries.setdefault(id, []).append(entry)
            standing = _standing(id, vector.satisfied, standings)
            facts.append(HypotheticalFact(id, vector.type, frozen_data(plain(entry)), conditions, standing))
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


def _refuse_if_others_may_do(problem: Problem) -> None:
    """Raise `CriteriaError` if facts that a fit does not choose may give a table that those which it chooses do not."""
    others = ["supersede stated ones"] if problem.superseding else []
    others += ["are derived from others"] if Model(problem, with_derived=True).solve() is not None else []
    if others:
        message = f"a fit found no facts that give the table, but does not choose facts that {' or '.join(others)}"
        help = "state these facts in a company file, and fit again"
        raise CriteriaError([Diagnostic("too-complex", message, place(problem.methodology.node, "id"), help)])


def _refuse_without_notice(methodology: Methodology) -> None:
    """Raise `CriteriaError` if a methodology has no notice on hypothetical facts: no overlay can be read without it."""
    if not hypothetical_notice(methodology):
        message = "a fit writes hypothetical facts under the notice of the methodology on them, and it has none"
        where = place(methodology.node, "notices" if methodology.notices else "id")
        help = "add it to `notices`: {code: hypothetical, hypothetical: true, text: ...}"
        raise CriteriaError([Diagnostic("hypothetical-without-header", message, where, help)])


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


def _refuse_unless_listed(offers: Iterable[Offers], methodology: Methodology) -> None:
    """Raise `CriteriaError` if the kinds of facts of a type are not listed, because a fit chooses among them."""
    diagnostics = [
        Diagnostic(
            "too-complex",
            f"facts of `{id}` can be of more than {MAX_OFFERED:,} kinds, too many for a fit to choose among",
            place(methodology.vocabulary.by_id[id].node, "title"),
            "let fewer tests, or fewer fields, be read of it",
        )
        for id in sorted(frozenset[str]().union(*(each.unlisted for each in offers)))
    ]
    if diagnostics:
        raise CriteriaError(diagnostics)


def _overlay_text(overlay: dict[str, Any], dataset: Dataset) -> str:
    """Return an overlay as the text of its file. Its header comes first, and then what its facts must meet."""
    said = (overlay["hypothetical"], *_imposed(dataset))
    header = "\n#\n".join("\n".join(f"# {line}" for line in wrap(text, 116)) for text in said)
    return f"{header}\n{write_text(overlay)}"


def _imposed(dataset: Dataset) -> Iterator[str]:
    """Yield what is imposed on the facts of an overlay, in sentences."""
    yield "Imposed on these facts: the published score of each company in each category."
    claims = [
        f"{claim.id} ({': '.join(filter(None, (_published_in_words(claim), ', '.join(claim.companies))))})"
        for claim in dataset.statements
        if claim.binds
    ]
    if claims:
        yield f"Imposed as well, the number and the named companies of these published claims: {'; '.join(claims)}."
    for entry in dataset.never_hypothetical:
        whose = f" of a company of the cohort {entry.cohort}" if entry.cohort else ""
        yield f"No fact{whose} passes {entry.facts}. {entry.reason}"


def _published_in_words(claim: PublishedClaim) -> str:
    return value_in_words(claim.published, Field("published", FieldType.INTEGER))
