"""JSON Schemas of records, and of what replaying one has shown."""

from collections.abc import Mapping

from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.results.claims import ClaimVerdict
from cleancloud_rules.results.kept_records import FORMAT, PARTS, Verification
from cleancloud_rules.results.of_records.disclosures import Disclosure
from cleancloud_rules.schemas.parts import Schema, choice, closed, document, either, flag, listing, named, ref, whole
from cleancloud_rules.schemas.results import result_schema

_NULL: Schema = {"type": "null"}
_ANYTHING = ".*"


def record_schema() -> Schema:
    """Return the schema of a record."""
    parts = {
        "as_of": either("The cut-off that was applied; null if none was.", _day("A day."), _NULL),
        "digests": _digests(),
        "format": choice("The format, with its version.", [FORMAT]),
        "hypothetical": flag("Whether hypothetical facts were counted."),
        "inputs": named("The input files by name: those of the methodology and of the dataset.", _file(), _ANYTHING),
        "made": _made(),
        "meaning": _meaning(),
        "notices": listing("The notices that every output carries.", _notice()),
        "options": _options(),
        "results": _results(),
    }
    definitions = {
        "decimal": _pattern("A decimal number as text.", "^-?[0-9]+([.][0-9]+)?$"),
        "fraction": _pattern("A fraction as text.", "^-?[0-9]+(/[1-9][0-9]*)?$"),
        "digest": _pattern("A SHA-256 in hexadecimal.", "^[0-9a-f]{64}$"),
        "ids": listing("Ids.", _text("An id.")),
        "sentences": listing("Sentences for readers.", _text("A sentence.")),
        "coverage": listing("How many parts are assessed, line by line.", _counts("needed", "found", "possible")),
        "form": {"type": "object", "description": "An object in its short form."},
    }
    return document(
        "record", "Record", closed("A record: a result with all it follows from.", parts, parts), definitions
    )


def verification_schema() -> Schema:
    """Return the schema of what replaying a record has shown."""
    return result_schema("verification", "Verification", Verification)


def disclosure_schema() -> Schema:
    """Return the schema of what the files of a rating say about the items of a regulation."""
    return result_schema("disclosure", "Disclosure", Disclosure)


def _text(describe: str) -> Schema:
    return {"type": "string", "description": describe}


def _pattern(describe: str, pattern: str) -> Schema:
    return {"type": "string", "description": describe, "pattern": pattern}


def _day(describe: str) -> Schema:
    return _pattern(describe, "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")


def _digests() -> Schema:
    of = {name: ref("digest", f"Of the canonical JSON of `{name}`.") for name in PARTS}
    of |= {
        "record": ref("digest", "Of the canonical JSON of the record without `digests`."),
        "replay": ref("digest", "Of the canonical JSON of the record without `digests` and `made`."),
    }
    return closed("SHA-256 digests.", of, of)


def _file() -> Schema:
    own = {"sha256": ref("digest", "Of its bytes."), "text": _text("Its text.")}
    return closed("An input file.", own, own)


def _made() -> Schema:
    person = {"name": _text("The name."), "role": _text("The role, such as `analyst` or `approved`.")}
    own = {
        "at": _pattern("When it was made.", "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"),
        "by": listing("Who made and approved it.", closed("A person.", person, person)),
        "engine": _text("The rules engine, with its version."),
        "library": _text("The library, with its version."),
        "python": _text("The version of Python."),
    }
    more = {
        "read_from": named(
            "The files that the input files were made of: a workbook or tables.", ref("digest"), _ANYTHING
        ),
        "solicited": flag("Whether who is rated has asked for it; left out if nobody says."),
    }
    says = "When, by whom and with what it was made. No replay can show this: a signature does."
    return closed(says, {**own, **more}, own)


def _notice() -> Schema:
    own = {"code": _text("Its code."), "text": _text("Its sentence.")}
    return closed("A notice.", own, own)


def _options() -> Schema:
    own = {
        "as_of": either("The cut-off that was asked for; null for that of the files.", _day("A day."), _NULL),
        "company": either("The name of the company file; null for a dataset.", _text("A name."), _NULL),
    }
    return closed("What was asked for.", own, own)


def _meaning() -> Schema:
    forms = named("Objects in their short form, by name.", ref("form"), _ANYTHING)
    own = {
        "companies": {**forms, "description": "What is stated about each company, by id."},
        "contradictions": listing("Where the publisher contradicts itself.", ref("form")),
        "defaults": {**forms, "description": "What is left out of each kind of object because it is the default."},
        "kinds": {**forms, "description": "The kind of the objects in each attribute, which is left out there."},
        "methodology": ref("form", "The methodology."),
        "published": {**forms, "description": "What the publisher printed of each company, by id."},
        "responses": named(
            "The responses of companies that have any, by company.", listing("In order.", ref("form")), _ANYTHING
        ),
        "sha256": closed(
            "The digests of the canonical forms, as results show them.",
            sha := {
                "companies": named("By company.", ref("digest"), _ANYTHING),
                "methodology": ref("digest", "Of the methodology."),
            },
            sha,
        ),
        "shared": {**forms, "description": "Objects that stand several times."},
        "sources": {**forms, "description": "The sources, by id."},
    }
    required = [name for name in own if name != "responses"]
    return closed(
        "What the input files mean: the canonical form, from which digests are made, in short.", own, required
    )


def _results() -> Schema:
    row = {
        "company": _text("The id of the company."),
        "rank": either("Its rank; null for none.", whole("A rank.", 1), _NULL),
    }
    cohort = {
        "cohort": either("The id of the cohort; null for companies without one.", _text("An id."), _NULL),
        "rows": listing("The companies, the best first.", closed("A company.", row, row)),
    }
    own = {
        "companies": named("The results of each company, by id.", _company(), _ANYTHING),
        "findings": listing("The recounted claims of the publisher.", _finding()),
        "ranking": listing("The ranks, cohort by cohort.", closed("A cohort.", cohort, cohort)),
    }
    return closed("The results. What is empty is left out.", own, ["companies"])


def _finding() -> Schema:
    counts = {name: whole(f"The number at the {name}.") for name in ("floor", "ceiling")}
    own: Mapping[str, Schema] = {
        "id": _text("The id of the claim."),
        "verdict": choice("Whether the facts agree.", [verdict.value for verdict in ClaimVerdict]),
    }
    return {**closed("A recounted claim.", {**own, **counts}, own), "additionalProperties": True}


def _scored() -> dict[str, Schema]:
    return {
        "arithmetic": _text("The calculation as a sentence."),
        "because": ref("sentences"),
        "bounds": _bounds(),
        "coverage": ref("coverage"),
        "label": _text("The label of the band."),
        "level": _text("The id of the highest level reached."),
        "outcome": choice("Whether it has a score, or why not.", [outcome.value for outcome in GroupOutcome]),
        "requirements": listing("How many criteria are met, by requirement word.", _counts("met", "of", word=True)),
        "withheld_by": ref("ids"),
    }


def _counts(*names: str, word: bool = False) -> Schema:
    own = {name: whole("A number.") for name in names}
    if word:
        own["word"] = _text("The requirement word.")
    return closed("Numbers.", own)


def _bounds() -> Schema:
    ends = named("From the stated facts, and at both bounds.", _text("A label or level."), "^(stated|floor|ceiling)$")
    own = {
        "ceiling": ref("decimal", "The upper bound."),
        "coverage": ref("coverage"),
        "floor": ref("decimal", "The lower bound."),
        "labels": ends,
        "levels": ends,
        "reason": _text("Why the bounds may be too wide."),
    }
    return closed("The lower and the upper bound over all further facts.", own)


def _company() -> Schema:
    own = {
        **_scored(),
        **{name: ref("decimal") for name in ("hypothetical_total", "max_total", "total")},
        "criteria": named("The results of the criteria, by id.", _criterion(), _ANYTHING),
        "derived": named("The derived facts, by id.", ref("form"), _ANYTHING),
        "groups": named("The results of categories and groups, by id.", _group(), _ANYTHING),
        "problems": ref("sentences", "About derivations that had their facts but could not compute one."),
        "searched": ref("ids", "The criteria that searches without result assess, where scores depend on it."),
        "tables": named("The outputs of the decision tables, by id.", ref("ids"), _ANYTHING),
        "uncounted": named("Why a fact does not count, by its id.", _text("A sentence."), _ANYTHING),
    }
    return closed("The results of a company.", own, ["outcome"])


def _group() -> Schema:
    figures = ("hypothetical_points", "hypothetical_score", "max_points", "max_score", "points", "score")
    own = {**_scored(), **{name: ref("decimal") for name in figures}, "exact": ref("fraction", "Before rounding.")}
    return closed("The result of a group.", own, ["outcome"])


def _criterion() -> Schema:
    rule = {
        "arithmetic": _text("The calculation of points in proportion."),
        "facts": ref("ids", "The facts that satisfy it."),
        "points": ref("decimal", "What it earned."),
    }
    own = {
        "because": ref("sentences", "Left out if it is the sentence for a company that earns nothing."),
        "bounds": listing("The lower and the upper bound and, if they may be too wide, the reason.", _text("One."), 2),
        "counts_as": _text("How it counts if it does not apply."),
        "exempted_by": ref("ids"),
        "facts": ref("ids", "The relevant facts, whether they count or not."),
        "hypothetical_points": ref("decimal"),
        "looked_for": ref("sentences", "The relevant searches without result."),
        "outcome": choice("Its outcome.", [outcome.value for outcome in Outcome]),
        "points": ref("decimal", "Left out if it is not assessed."),
        "rules": named("The rules that fired, by id.", closed("A rule.", rule, ["points"]), _ANYTHING),
        "won": ref("ids", "The rules whose points were taken."),
    }
    return closed("The result of a criterion.", own, ["outcome"])
