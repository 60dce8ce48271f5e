"""The JSON Schemas of what an examination reads and gives: statements, overlays, bounds, findings, fits."""

from cleancloud_rules.model.facts import Basis
from cleancloud_rules.results.bounds import Bounds
from cleancloud_rules.results.certificates import Certificate
from cleancloud_rules.results.claims import ClaimReport
from cleancloud_rules.results.differences import Difference
from cleancloud_rules.results.fits import Fit
from cleancloud_rules.results.reproductions import Reproduction
from cleancloud_rules.schemas.criteria import criteria_schema
from cleancloud_rules.schemas.facts import company_schema
from cleancloud_rules.schemas.parts import (
    BASICS,
    BOUNDS,
    NAME,
    TESTS,
    Schema,
    choice,
    document,
    either,
    flag,
    listing,
    mapping,
    named,
    ref,
    text,
)
from cleancloud_rules.schemas.results import result_schema


def statements_schema() -> Schema:
    """Return the schema of a file of aggregate statements."""
    body = mapping(
        "How many companies do what, as a publication says it.",
        {"statements": listing("The statements, in the order in which they are shown.", _statement(), 1)},
        ["statements"],
    )
    criteria = criteria_schema()["$defs"]
    parts = {name: criteria[name] for name in ("when", "condition")}
    return document("statements", "Statements", body, {**BASICS, **TESTS, **parts})


def _statement() -> Schema:
    count = {"type": "integer", "minimum": 0}
    bound = mapping("A bound on the count.", {key: {**count, "description": says} for key, says in BOUNDS.items()})
    return mapping(
        "One published count.",
        {
            "id": ref("id", "Unique in the dataset."),
            "title": text("What is counted."),
            "published": either("The number of companies as published, or a bound on it.", count, bound),
            "when": ref("when", "What must hold of a company that is counted; left out: only the cohort decides."),
            "cohort": ref("id", "The cohort that is counted; left out: all companies."),
            "earlier": named("Counts of earlier editions, by edition.", count, ".+"),
            "from_words": flag("Whether the number was inferred from words such as “nearly 90%”."),
            "imposed": flag("Whether facts chosen by a solver must meet it."),
            "topic": ref("id", "Statements of one topic are readings of one sentence, or contradict each other."),
            "contradicts": listing("Statements that cannot be true with this one.", ref("id")),
            "source": ref("name", "The id of the source."),
            "locator": text("Where in the source."),
            "note": text("Anything a reader should know about it."),
        },
        ["id", "title", "published"],
    )


def overlay_schema() -> Schema:
    """Return the schema of a file of hypothetical facts."""
    definitions = company_schema()["$defs"]
    fact = definitions["fact"]
    company = mapping(
        "The hypothetical facts of one company.",
        {"id": ref("name", "The id of the company."), "facts": listing("The facts.", ref("fact"), 1)},
        ["id", "facts"],
    )
    body = mapping(
        "Hypothetical facts that a solver chose.",
        {
            "hypothetical": text("The header: the methodology's notice on hypothetical facts, word for word."),
            "methodology": ref("id", "The id of the methodology that it is made for."),
            "sources": named("The solver as a source.", ref("source"), NAME),
            "companies": listing("The companies.", company),
        },
        ["hypothetical", "methodology", "sources", "companies"],
    )
    hypothetical = {
        **fact,
        "properties": {**fact["properties"], "basis": choice("Always so.", (Basis.HYPOTHETICAL.value,))},
    }
    kept = {name: part for name, part in definitions.items() if name != "not_found"}
    return document("overlay", "Overlay", body, {**kept, "fact": hypothetical})


def bounds_schema() -> Schema:
    """Return the schema of floors and ceilings."""
    return result_schema("bounds", "Bounds", Bounds)


def findings_schema() -> Schema:
    """Return the schema of findings."""
    return result_schema("findings", "Findings", ClaimReport)


def reproduction_schema() -> Schema:
    """Return the schema of a reproduction."""
    return result_schema("reproduction", "Reproduction", Reproduction)


def fit_schema() -> Schema:
    """Return the schema of a fit."""
    return result_schema("fit", "Fit", Fit)


def certificate_schema() -> Schema:
    """Return the schema of a certificate."""
    return result_schema("certificate", "Certificate", Certificate)


def difference_schema() -> Schema:
    """Return the schema of a comparison of two editions."""
    return result_schema("difference", "Difference", Difference)
