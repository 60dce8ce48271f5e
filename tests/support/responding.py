"""Random responses of generated companies: facts that another company states, and disputes of facts of their own."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from attrs import frozen

from cleancloud_rules import Company, Methodology, methodology_from
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.documents.nodes import Document
from cleancloud_rules.documents.yaml import read_text, write_blocks
from cleancloud_rules.generators.boundary_values import Aims
from cleancloud_rules.generators.choices import Choices, Seeded
from cleancloud_rules.generators.companies import generated_company
from cleancloud_rules.generators.methodologies import generated_files
from cleancloud_rules.language.load.companies import company_of

RESPONSES = 10
"""How many responses there are under each methodology."""


@frozen
class Answered:
    """A company that has answered, among others.

    Args:
        methodology: the methodology.
        document: the file of the company.
        companies: all companies, that one first.
    """

    methodology: Methodology
    document: Document
    companies: tuple[Company, ...]


def answered_cases(seed: int, count: int = RESPONSES) -> Iterator[Answered]:
    """Make the methodology and the companies of a seed, and yield them with one response after another."""
    choices = Seeded(seed)
    methodology = methodology_from(generated_files(choices))
    aims = Aims(methodology)
    made = [{**generated_company(aims, choices), "id": f"company_{number}"} for number in range(4)]
    files = [(one, *read(one, methodology)) for one in made]
    for number in range(count):
        data, _, company = files[number % len(files)]
        others = tuple(other for _, _, other in files if other.id != company.id)
        offered = generated_company(aims, choices)
        told = {**data, "responses": [_response(company, offered, data, methodology, choices)]}
        document, answered = read(told, methodology)
        yield Answered(methodology, document, (answered, *others))


def read(data: dict[str, Any], methodology: Methodology) -> tuple[Document, Company]:
    """Return the file of a company with this content, and what it states."""
    return read_file_text(write_blocks(data), methodology)


def read_file_text(text: str, methodology: Methodology) -> tuple[Document, Company]:
    """Return a file with this text, and the company that it states."""
    document, wrong = read_text(text, "company.yaml")
    gather = DiagnosticCollector()
    assert document is not None
    company = company_of(document, methodology, {}, gather)
    assert (wrong, gather.diagnostics) == ((), [])
    assert company is not None
    return document, company


def _response(
    company: Company, offered: dict[str, Any], data: dict[str, Any], methodology: Methodology, choices: Choices
) -> dict[str, Any]:
    """Return a response that offers some facts of another company, and disputes some of its own."""
    known = {source.id for source in methodology.bibliography}
    renamed = {id: f"answer-{id}" for id in offered.get("sources", {})}
    facts = [
        {**fact, "source": renamed.get(fact["source"], fact["source"])} if "source" in fact else fact
        for fact in _known(offered)
        if choices.chance(60)
    ]
    stated = [fact for fact in _known(data) if choices.chance(15)]
    criteria = [str(criterion.id) for criterion in methodology.criteria if choices.chance(20)]
    disputes = [fact.id for fact in company.facts if choices.chance(25)]
    assert known.isdisjoint(renamed.values())
    response: dict[str, Any] = {
        "id": "letter",
        "received": date(2026, 1, 15),
        "by": "Office",
        "reason": "The figures are wrong.",
        "about": criteria or [str(methodology.criteria[0].id)],
        "sources": {renamed[id]: source for id, source in offered.get("sources", {}).items()},
        "facts": [*facts, *stated],
        "disputes": disputes,
    }
    return {name: value for name, value in response.items() if value}


def _known(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the facts that are not hypothetical."""
    return [fact for fact in data.get("facts", []) if fact.get("basis") != "hypothetical"]
