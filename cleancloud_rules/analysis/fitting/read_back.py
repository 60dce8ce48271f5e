"""Reads an overlay of a fit back, and scores its facts: they must give the published table and the published claims."""

from collections.abc import Iterator

from cleancloud_rules.analysis.claims.recount import is_met
from cleancloud_rules.analysis.fitting.problem import Problem
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.documents import yaml
from cleancloud_rules.engine.eligibility import count
from cleancloud_rules.engine.ruleset import CompiledRule, Literal
from cleancloud_rules.errors import EngineError
from cleancloud_rules.language.load.overlays import with_overlay
from cleancloud_rules.model.facts import Company
from cleancloud_rules.scoring.criteria.explanation import FactView


def read_back(overlay: str, problem: Problem) -> None:
    """Read an overlay, and score every company with its facts.

    Raises:
        EngineError: if the overlay cannot be read, or if its facts do not give the table or a published claim. Then the
            fit is wrong, which is a fault of this library.
    """
    gather = DiagnosticCollector()
    document, diagnostics = yaml.read_text(overlay, "overlay.yaml")
    gather.include(*diagnostics)
    companies = [stated.company for stated in problem.companies.values()]
    if document is not None:
        companies = with_overlay(companies, document, problem.methodology, {}, gather)
    wrong = [str(diagnostic) for diagnostic in gather.diagnostics] or list(_differences(companies, problem))
    if wrong:
        message = "the hypothetical facts of the fit do not give what is published, which is a fault of this library:"
        raise EngineError("\n".join((message, *(f"  {line}" for line in wrong))))


def _differences(companies: list[Company], problem: Problem) -> Iterator[str]:
    """Yield each figure that the facts do not give, in words."""
    compiled = problem.compiled
    firings = {company.id: compiled.fire(company, with_hypothetical=True) for company in companies}
    found = {company.id: compiled.sums(company, firings[company.id]).combination for company in companies}
    for row in problem.table.rows:
        for category in problem.methodology.categories:
            score, published = found[row.company].group(category.id).score, row.scores[category.id]
            if score != published:
                yield f"{row.company}, {category.id}: {score} in place of {published}"
    views = {
        id: FactView(compiled.ruleset, [counted.fact for counted in fired.facts if counted.counts])
        for id, fired in firings.items()
    }
    for claim, rule in problem.statements:
        own = [company.id for company in companies if claim.cohort is None or company.cohort == claim.cohort]
        counted = [id for id in own if rule is None or _holds(rule, views[id])]
        if not is_met(len(counted), claim.published):
            yield f"claim {claim.id}: {len(counted)} companies in place of {claim.published}"
        for id in sorted(set(claim.companies).difference(counted)):
            yield f"claim {claim.id}: {id} is named and not counted"


def _holds(rule: CompiledRule, view: FactView) -> bool:
    def reached(literal: Literal) -> int:
        return count(view.satisfying(view.asking.ruleset.conditions[literal.condition].condition), literal.distinct)

    return any(all(literal.holds(reached(literal)) for literal in disjunct) for disjunct in rule.disjuncts)
