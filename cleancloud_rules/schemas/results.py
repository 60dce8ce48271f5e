"""JSON Schemas of results, generated from their classes and docstrings."""

import inspect
import re
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs

from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.results import claims, differences, points, rankings, records, scorecards
from cleancloud_rules.results.from_data import Count, Rank
from cleancloud_rules.schemas.parts import USERS_KEYS, Schema, closed, document, either, listing, named, ref

_NUMBER = {"type": "number"}
_NULL = {"type": "null"}
_SINGLE: Mapping[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    Count: {"type": "integer", "minimum": 0},
    Rank: {"type": "integer", "minimum": 1},
    bool: {"type": "boolean"},
    Decimal: _NUMBER,
    Fraction: {"type": "string", "pattern": "^-?[0-9]+(/[1-9][0-9]*)?$"},
    NoneType: _NULL,
    Any: {},
}


def scorecard_schema() -> Schema:
    """Return the schema of a scorecard."""
    definitions = _definitions(scorecards.Scorecard)
    return document("scorecard", "Scorecard", definitions.pop("Scorecard"), definitions)


def points_schema() -> Schema:
    """Return the schema of the points, outcomes and scores of a company alone."""
    definitions = _definitions(points.Points)
    return document("points", "Points", definitions.pop("Points"), definitions)


_OF_TOTAL = ("outcome", "total", "hypothetical_total", "max_total", "label", "level", "arithmetic", "because")


def explanation_schema() -> Schema:
    """Return the schema of the explanation of one criterion."""
    definitions = _definitions(scorecards.Scorecard)
    card = definitions.pop("Scorecard")["properties"]
    head = dict(definitions.pop("GroupScore")["properties"])
    for excluded in ("criteria", "groups", "hypothetical_points", "hypothetical_score"):
        del head[excluded]
    kept = ("schema_version", "library_version", "notices", "methodology", "company")
    total = {name: card[name] for name in _OF_TOTAL}
    parts = ("company", "categories", "criteria", "groups")
    of_category, of_total = (
        {name: shape for name, shape in definitions.pop(cls)["properties"].items() if name not in parts}
        for cls in ("GroupBounds", "CompanyBounds")
    )
    body = {
        **{name: card[name] for name in kept},
        "total": closed("The total of the company.", total, total),
        "category": closed("The category of the criterion.", head, head),
        "criterion": ref("CriterionResult", "The result of the criterion."),
        "facts": listing("The facts that it names, and the facts that they were derived from.", ref("FactRecord")),
        "searches": listing("The documented searches without result that bear on it.", ref("SearchRecord")),
        "bounds": either("Its bounds; null if they were not asked for.", ref("CriterionBounds"), _NULL),
        "category_bounds": either("The bounds of its category; else null.", _whole(of_category), _NULL),
        "total_bounds": either("The bounds of the total; else null.", _whole(of_total), _NULL),
        "contradictions": listing("Where the publisher contradicts itself about it.", ref("ContradictionRecord")),
        "sources": listing("The sources of these facts and searches.", ref("SourceRecord")),
    }
    describe = "The part of a scorecard about one criterion."
    return document("explanation", "Explanation", closed(describe, body, body), definitions)


def _whole(bounds: Mapping[str, Schema]) -> Schema:
    return closed("Without the bounds of its parts.", bounds, bounds)


def ranking_schema() -> Schema:
    """Return the schema of a ranking."""
    definitions = _definitions(scorecards.Scorecard)
    card = definitions["Scorecard"]["properties"]
    cohort = closed(
        "The ranking of one cohort.",
        {
            "id": either("Id of the cohort; null for companies without a cohort.", _SINGLE[str], _NULL),
            "title": {"type": "string", "description": "The title for readers."},
            "rows": listing("The companies, in the order of the ranking.", _row(definitions)),
        },
        ["id", "title", "rows"],
    )
    body = {name: card[name] for name in ("schema_version", "library_version", "notices", "methodology")}
    what = "What companies are ranked by, most important first: `total`, `level`, `label` or ids of tables."
    body["rank_by"] = listing(what, _SINGLE[str], 1)
    orders = [order.value for order in rankings.RowOrder]
    body["order"] = {"enum": orders, "description": "The order of the rows: by rank, or that of the published table."}
    body["cohorts"] = listing("The cohorts, in the methodology's order.", cohort)
    kept = {
        name: definitions[name]
        for name in ("FittedRow", "LevelRecord", "MethodologyRecord", "NoticeRecord", "PublishedRecord", "TableResult")
    }
    return document("ranking", "Ranking", closed("Companies ranked within their cohorts.", body, body), kept)


def result_schema(name: str, title: str, cls: type) -> Schema:
    """Return the schema of a result whose JSON form has the fields of its class."""
    definitions = _definitions(cls)
    return document(name, title, definitions.pop(cls.__name__), definitions)


def _row(definitions: Mapping[str, Schema]) -> Schema:
    card = definitions["Scorecard"]["properties"]
    company = definitions["CompanyRecord"]["properties"]
    category = definitions["GroupScore"]["properties"]
    shown = {
        name: category[name]
        for name in ("id", "title", "weight", "points", "max_points", "score", "max_score", "label", "level")
    }
    named = {name: company[name] for name in ("id", "name", "aliases", "published")}
    count = {"type": "integer", "minimum": 0}
    counts = {outcome.value: count for outcome in Outcome}
    row = {
        "rank": {
            "type": ["integer", "null"],
            "minimum": 1,
            "description": "The rank. Equal companies share a rank. null if too little is assessed for a total.",
        },
        "company": closed("The company.", named, named),
        "total": card["total"],
        **{name: card[name] for name in ("outcome", "hypothetical_total", "label", "level", "tables")},
        "categories": listing("The categories, in the methodology's order.", closed("A category.", shown, shown)),
        "criteria_total": {**count, "description": "The number of criteria."},
        "not_assessed": {**count, "description": "The number of criteria that are not assessed."},
        "outcomes": closed("The number of criteria with each outcome.", counts, counts),
        "bounds": either("The bounds of its scores; null if they were not asked for.", _bounds(definitions), _NULL),
    }
    return closed("A row of the ranking.", row, row)


def _bounds(definitions: Mapping[str, Schema]) -> Schema:
    """Return the schema of the bounds in a row of the ranking: those of the total and of the categories."""
    names = ("floor", "ceiling", "exact")
    total, group = (definitions[name]["properties"] for name in ("CompanyBounds", "GroupBounds"))
    category = {name: group[name] for name in ("id", *names)}
    categories = listing("The bounds of the categories.", closed("A category.", category, category))
    whole = {**{name: total[name] for name in names}, "categories": categories}
    return closed("Lower and upper bounds.", whole, whole)


def _definitions(top: type) -> dict[str, Schema]:
    """Return the schemas of a class and of all classes inside it, by name."""
    made: dict[str, Schema] = {}
    waiting = [top]
    while waiting:
        cls = waiting.pop()
        if cls.__name__ not in made:
            made[cls.__name__] = _class_schema(cls)
            waiting.extend(inner for hint in get_type_hints(cls).values() for inner in _classes_in(hint))
    return made


def _classes_in(hint: Any) -> list[type]:
    if isinstance(hint, type) and attrs.has(hint):
        return [hint]
    return [inner for part in get_args(hint) for inner in _classes_in(part)]


def _class_schema(cls: Any) -> Schema:
    summary, arguments = _described(cls)
    hints = get_type_hints(cls, include_extras=True)
    properties = {a.name: _described_as(_schema_of(hints[a.name]), arguments.get(a.name)) for a in attrs.fields(cls)}
    if "schema_version" in properties:
        properties["schema_version"]["const"] = records.SCHEMA_VERSION
    match cls:
        case scorecards.CriterionResult:
            advice = {"text": properties.pop("remedy")}
            advice |= {name: properties.pop(name) for name in ("recommendation", "recommendation_text")}
            advice["text"] = {"type": "string", "description": "The advice."}
            remedy = closed("What the company can do to earn missing points.", advice, advice)
            properties["remedy"] = either("The remedy; null if there is none.", remedy, _NULL)
        case claims.ClaimResult:
            count = {"type": "integer", "minimum": 0}
            properties["earlier"] = {**named(arguments["earlier"], count, ".+")}
        case records.PublishedRecord:
            kinds = {"scores": "number", "points": "number", "words": "string"}
            for name, kind in kinds.items():
                properties[name] = named(arguments[name], {"type": kind}, ".+")
        case records.FactRecord:
            properties["fields"] = {"type": "object", "description": arguments["fields"]}
        case differences.UnreadFile:
            properties["findings"] = properties.pop("diagnostics")
    extra = USERS_KEYS if properties.pop("extra", None) else {}
    return {**closed(summary, properties, properties), **extra}


def _described_as(schema: Schema, describe: str | None) -> Schema:
    return {**schema, "description": describe} if describe else dict(schema)


def _schema_of(hint: Any) -> Schema:
    if hint in _SINGLE:
        return dict(_SINGLE[hint])
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [member.value for member in hint]}
    if isinstance(hint, type) and attrs.has(hint):
        return ref(hint.__name__)
    parts = get_args(hint)
    if get_origin(hint) is Mapping:
        return {"type": "object"}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _schema_of(parts[0])}
    assert get_origin(hint) in (UnionType, Union), hint
    return {"anyOf": [_schema_of(part) for part in parts]}


def _described(cls: type) -> tuple[str, dict[str, str]]:
    """Return the summary of a docstring and the description of each argument, in terms of JSON and Markdown."""
    summary, _, rest = inspect.cleandoc(cls.__doc__ or "").partition("\n\n")
    arguments: dict[str, str] = {}
    name = ""
    for line in rest.splitlines():
        if found := re.fullmatch(r"    (\w+): (.*)", line):
            name, arguments[found[1]] = found[1], found[2]
        elif name and line.startswith("        "):
            arguments[name] += " " + line.strip()
    says = {key: (value[0].upper() + value[1:]).rstrip(".") + "." for key, value in arguments.items()}
    return _as_json(" ".join(summary.split())), {key: _as_json(value) for key, value in says.items()}


def _as_json(text: str) -> str:
    return re.sub(r"\bNone\b", "null", text).replace("``", "`")
