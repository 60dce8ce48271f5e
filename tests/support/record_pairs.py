"""Pairs of generated datasets and methodologies between which facts, sources, searches, companies and rules change."""

from copy import deepcopy
from typing import Any

from attrs import frozen

import cleancloud_rules as cc
from cleancloud_rules.analysis.transitions.transition import Side
from cleancloud_rules.errors import CriteriaError, FactsError
from cleancloud_rules.generators.boundary_values import Aims
from cleancloud_rules.generators.choices import Seeded
from cleancloud_rules.generators.companies import generated_company
from cleancloud_rules.generators.methodologies import generated_files
from cleancloud_rules.records.inputs import company_files, loaded
from cleancloud_rules.results import RankedCompany
from tests.support.kept import as_file

Contents = dict[str, bytes]


@frozen
class End:
    """One of the two ends of a pair.

    Args:
        contents: the input files.
        side: what they state.
        rows: the results of the companies, by id.
    """

    contents: Contents
    side: Side
    rows: dict[str, RankedCompany]


def end_of(contents: Contents) -> End:
    """Return what the input files of a dataset state, and the results.

    Raises:
        FactsError: if facts contradict each other.
    """
    found = loaded(contents, None, None, with_hypothetical=False)
    assert found.dataset is not None
    sources = {source.id: source for source in found.dataset.bibliography}
    side = Side(found.methodology, company_files(contents, None, None), sources)
    cohorts = cc.rank(found.dataset, found.methodology).cohorts
    return End(contents, side, {row.company.id: row for cohort in cohorts for row in cohort.rows})


def pair_of(seed: int, companies: int = 2) -> tuple[End, End] | None:
    """Return two datasets with their methodologies; None if facts of one of them contradict each other."""
    choices = Seeded(seed)
    files = generated_files(choices)
    aims = Aims(cc.methodology_from(files))
    made = [
        {**generated_company(aims, choices), "id": f"company_{number}", "name": f"Company {number}"}
        for number in range(companies + 1)
    ]
    others = [generated_company(aims, choices) for _ in made]
    rules = _other_rules(files, choices) if choices.chance(60) else files
    has_omega = "omega" in rules["facts.yaml"]["fact_types"]
    changed = [
        _changed(one, other, choices, has_omega=has_omega) if choices.chance(75) else one
        for one, other in zip(made, others, strict=True)
    ]
    if choices.chance(50):
        changed.pop(0 if choices.chance(50) else -1)
    try:
        return end_of(_contents(files, made[:-1])), end_of(_contents(rules, changed, _as_of(choices)))
    except FactsError:
        return None


def _as_of(choices: Seeded) -> str | None:
    return choices.one([None, "2022-06-30", "2024-03-01"]) if choices.chance(40) else None


def _changed(one: dict[str, Any], other: dict[str, Any], choices: Seeded, *, has_omega: bool) -> dict[str, Any]:
    """Return a company of which some facts are gone, some are another company's, and a source or the cohort changed."""
    made = deepcopy(one)
    facts = [fact for fact in made.get("facts", []) if choices.chance(70)]
    facts += [deepcopy(fact) for fact in other.get("facts", []) if choices.chance(30)]
    for fact in facts:
        if choices.chance(25):
            fact["note"] = "Another note"
    if has_omega and choices.chance(60):
        facts.append({"omega": {"flag": True}, "period": "2024-01-01/2024-01-31"})
    made["facts"] = facts
    made["not_found"] = [entry for entry in made.get("not_found", []) if choices.chance(60)]
    sources = {**other.get("sources", {}), **made.get("sources", {})}
    if sources and choices.chance(50):
        name = choices.any_of(sorted(sources))
        sources[name] = {
            **sources[name],
            "publisher": "Another publisher",
            "published": choices.one([2022, "2024-03-15"]),
        }
    made["sources"] = sources
    if choices.chance(20) and other.get("cohort"):
        made["cohort"] = other["cohort"]
    return {key: value for key, value in made.items() if value or key in ("id", "name")}


def _other_rules(files: dict[str, Any], choices: Seeded) -> dict[str, Any]:
    """Return a methodology in which rules, points, weights, words or fact types changed, and that can be loaded."""
    best = files
    for _ in range(6):
        made = deepcopy(best)
        _edit(made, choices)
        try:
            cc.methodology_from(made)
        except CriteriaError:
            continue
        best = made
    return best


def _edit(files: dict[str, Any], choices: Seeded) -> None:
    """Make one change of a methodology, which need not be valid."""
    criteria = [one for name, file in files.items() for one in file.get("criteria", ())]
    one = choices.any_of(criteria)
    match choices.below(6):
        case 0 if one.get("rules"):
            one["rules"].pop(choices.below(len(one["rules"])))
        case 1 if one.get("rules"):
            choices.any_of(one["rules"])["points"] = choices.between(0, 2)
        case 2:
            one["title"] = "Another title"
            one["max_points"] = choices.between(1, 5)
        case 3:
            choices.any_of(files["methodology.yaml"]["categories"])["weight"] = choices.between(1, 9)
        case 4:
            other = choices.any_of(criteria)
            if one.get("rules") and other.get("rules"):
                choices.any_of(one["rules"])["when"] = deepcopy(choices.any_of(other["rules"]).get("when"))
        case _:
            types = files["facts.yaml"]["fact_types"]
            types["omega"] = {"title": "Omega", "horizon": "recent", "fields": {"flag": {"type": "boolean"}}}


def _contents(files: dict[str, Any], companies: list[dict[str, Any]], as_of: str | None = None) -> Contents:
    head = {"title": "Generated", "methodology": "generated", "companies": "companies"}
    if as_of is not None:
        head["as_of"] = as_of
    contents = {f"methodology/{name}": as_file(data) for name, data in files.items()}
    contents["dataset/dataset.yaml"] = as_file(head)
    return contents | {f"dataset/companies/{one['id']}.yaml": as_file(one) for one in companies}
