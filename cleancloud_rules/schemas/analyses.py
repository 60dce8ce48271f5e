"""JSON Schemas of analyses: the files of published claims and overlays, and the results."""

from cleancloud_rules.model.claims import Reading
from cleancloud_rules.model.facts import Basis
from cleancloud_rules.results.bounds import Bounds
from cleancloud_rules.results.certificates import Certificate
from cleancloud_rules.results.claims import ClaimReport
from cleancloud_rules.results.differences import Difference
from cleancloud_rules.results.fits import Fit
from cleancloud_rules.results.kept_records import Comparison
from cleancloud_rules.results.reproductions import Reproduction
from cleancloud_rules.results.what_ifs import WhatIf
from cleancloud_rules.schemas.facts import company_schema
from cleancloud_rules.schemas.methodology import window
from cleancloud_rules.schemas.parts import (
    BASICS,
    BOUNDS,
    CONDITIONS,
    NAME,
    TESTS,
    Schema,
    choice,
    closed,
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
    """Return the schema of a file of published claims."""
    body = mapping(
        "Published claims: how many companies do what, according to a publication, and where it contradicts itself.",
        {
            "statements": listing("The claims, in the order in which they are shown.", _statement()),
            "unanswerable": listing("Claims that no fact can answer, each with the reason.", _unanswerable(), 1),
            "contradictions_page": text(
                "Where readers find the contradictions; the id of each one is appended as `#id`."
            ),
            "contradictions": listing("The contradictions, in the order in which they are shown.", _contradiction(), 1),
        },
        ["statements"],
    )
    return document("statements", "Statements", body, {**BASICS, **TESTS, **CONDITIONS, "window": window()})


def _statement() -> Schema:
    count = {"type": "integer", "minimum": 0}
    bound = closed("A bound on the count.", {key: {**count, "description": says} for key, says in BOUNDS.items()})
    return mapping(
        "One published claim.",
        {
            "id": ref("id", "An id that is unique in the dataset."),
            "title": text("What the claim counts."),
            "published": either("The published number of companies, or a bound on it.", count, bound),
            "when": ref("when", "The condition for a company to be counted. Default: only the cohort decides."),
            "highest": _highest(),
            "cohort": ref("id", "The cohort that is counted. Default: all companies."),
            "companies": listing("The ids of the companies that the publisher names among them.", ref("name")),
            "window": ref("window", "The days whose facts are read, in place of the windows that have ends."),
            "earlier": named("Counts of earlier editions, by edition.", count, ".+"),
            "from_words": flag("Whether the number was inferred from words such as “nearly 90%”."),
            "reading": choice(
                "`refused` for a meaning that its sentence could have and is not taken to have. Default: `chosen`.",
                tuple(reading.value for reading in Reading),
            ),
            "reason": text("Why the reading is refused."),
            "topic": ref(
                "id", "The subject. Claims of one topic are readings of one sentence or contradict each other."
            ),
            "contradicts": listing("Claims that cannot be true together with this one.", ref("id")),
            "source": ref("name", "The id of the source."),
            "locator": text("The place in the source."),
            "note": text("A note for readers."),
        },
        ["id", "title", "published"],
    )


def _highest() -> Schema:
    return mapping(
        "A superlative in place of `when`: a company is counted if no other one has a higher value.",
        {
            "of": ref("condition", "The condition of the facts whose values are compared."),
            "field": ref("id", "The field that holds the value: a number, a quantity, a year or a date."),
        },
        ["of", "field"],
    )


def _unanswerable() -> Schema:
    return mapping(
        "A published claim that no fact can answer.",
        {
            "id": ref("id", "An id that is unique in the dataset."),
            "title": text("What is claimed."),
            "why": text("Why no fact can answer it."),
            "source": ref("name", "The id of the source."),
            "locator": text("The place in the source."),
            "note": text("A note for readers."),
        },
        ["id", "title", "why"],
    )


def _contradiction() -> Schema:
    return mapping(
        "A passage in which the publisher contradicts itself or leaves something open.",
        {
            "id": ref("id", "An id that is unique in the dataset."),
            "title": text("What it is about."),
            "says": text("What the publisher says, in your own words."),
            "data": text("Which reading the data choose."),
            "why": text("The reason for that reading."),
            "topic": text("The heading under which readers find it."),
            "companies": listing("The ids of the companies whose facts depend on it.", ref("name")),
            "criteria": listing("The ids of the criteria that depend on it.", ref("id")),
            "claims": listing("The ids of the published claims that it is about.", ref("id")),
            "facts": listing("Conditions that the stated facts pass that depend on it.", ref("condition")),
            "not_found": listing(
                "The searches without result that rest on it, as companies state them.", ref("condition")
            ),
        },
        ["id", "title", "says", "data"],
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
            "methodology": ref("id", "The id of the methodology of the overlay."),
            "sources": named("The solver as a source.", ref("source"), NAME),
            "companies": listing("The companies.", company),
        },
        ["hypothetical", "methodology", "sources", "companies"],
    )
    hypothetical = {
        **fact,
        "properties": {**fact["properties"], "basis": choice("Always `hypothetical`.", (Basis.HYPOTHETICAL.value,))},
    }
    kept = {name: part for name, part in definitions.items() if name != "not_found"}
    return document("overlay", "Overlay", body, {**kept, "fact": hypothetical})


def bounds_schema() -> Schema:
    """Return the schema of lower and upper bounds."""
    return result_schema("bounds", "Bounds", Bounds)


def findings_schema() -> Schema:
    """Return the schema of recounted claims."""
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


def comparison_schema() -> Schema:
    """Return the schema of a comparison of two records."""
    return result_schema("comparison", "Comparison", Comparison)


def difference_schema() -> Schema:
    """Return the schema of a comparison of two editions."""
    return result_schema("difference", "Difference", Difference)


def what_if_schema() -> Schema:
    """Return the schema of a what-if."""
    return result_schema("what_if", "What-if", WhatIf)
