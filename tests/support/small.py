"""A small methodology made of plain data, and companies for it, for tests of single steps."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from cleancloud_rules import Company, Methodology, Scorecard, company_from, methodology_from, score

FACT_TYPES: dict[str, Any] = {
    "share": {
        "title": "Share",
        "horizon": "short_term",
        "fields": {
            "percent": {"type": "percent", "digits": 2, "better": "higher"},
            "base": {
                "type": "enum",
                "values": ["electricity", "all_energy"],
                "optional": True,
                "title": "Share of what",
            },
        },
    },
    "goal": {
        "title": "Goal",
        "horizon": "long_term",
        "fields": {
            "topic": {"type": "enum", "values": ["energy", "carbon"], "key": True},
            "year": {"type": "year", "better": "lower", "optional": True},
            "scopes": {"type": "set", "values": ["one", "two", "three"], "better": "more", "optional": True},
            "coverage": {"type": "enum", "values": ["part", "whole"], "better": "listed", "optional": True},
        },
    },
    "site": {
        "title": "Site",
        "horizon": "long_term",
        "fields": {
            "region": {"type": "text"},
            "uses": {"type": "set", "values": ["wind", "solar", "hydro"], "better": "more", "optional": True},
            "opened": {"type": "date", "better": "lower", "optional": True},
            "public": {"type": "boolean", "better": "higher", "optional": True},
            "rank": {"type": "integer", "optional": True},
            "load": {"type": "number", "digits": 1, "optional": True},
        },
    },
    "energy": {
        "title": "Energy",
        "horizon": "short_term",
        "fields": {
            "status": {"type": "enum", "values": ["bought", "used"]},
            "amount": {"type": "quantity", "unit": "GWh", "digits": 3, "optional": True},
        },
    },
}

DERIVATION: dict[str, Any] = {
    "id": "share_of_use",
    "fact": "share",
    "from": {"green": {"energy": {"status": "bought"}}, "total": {"energy": {"status": "used"}}},
    "join": ["period"],
    "set": {"percent": "green.amount / total.amount * 100", "base": "electricity"},
    "round": {"digits": 2, "mode": "half_up"},
    "valid": "[0..100]",
}

SOURCES: dict[str, Any] = {
    "report": {"type": "report", "title": "Report", "publisher": "Acme", "published": "2024-03-01"},
    "leaflet": {"type": "leaflet", "title": "Leaflet"},
    "book": {"type": "report", "title": "Book", "published": 2023, "footnotes": [3, 5]},
}

NOTICES: list[dict[str, Any]] = [
    {"code": "plain", "text": "For tests."},
    {"code": "guess", "text": "Guessed for {company}.", "hypothetical": True},
]


def rule(id: str, points: float, when: Any, **more: Any) -> dict[str, Any]:
    """Return a rule."""
    return {"id": id, "points": _number(points), "when": when, "because": f"Because of {id}.", **more}


def criterion(id: str, max_points: float, *rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a criterion; its horizon is that of facts without a date, its hit policy takes the best."""
    return {
        "id": id,
        "title": f"Title of {id}",
        "horizon": "long_term",
        "max_points": _number(max_points),
        "hit_policy": "collect max",
        "rules": list(rules),
        "otherwise": f"Nothing for {id}.",
        **more,
    }


def _number(points: float) -> Decimal | int:
    return points if isinstance(points, int) else Decimal(str(points))


LADDER = criterion(
    "ladder",
    4,
    rule("high", 4, {"share": {"percent": "> 10"}}, because="A share of {share.percent} of {share.base}."),
    rule("low", 1, {"share": {"percent": "> 0"}}, because="A low share of {share.percent}."),
    horizon="short_term",
    remedy={"text": "Raise it.", "recommendation": "R1"},
)
"""A ladder over shares."""

GOALS = criterion(
    "goals",
    6,
    rule("soon", 6, {"goal": {"topic": "energy", "year": "<= 2030", "coverage": "whole"}}),
    rule("dated", 2, {"goal": {"topic": "energy", "year": "not(null)"}}, because="By {goal.year}."),
    reference={"source": "report", "section": "Goals"},
    guidance="A public goal.",
)
"""A ladder over goals of one topic."""


def files(
    *criteria: dict[str, Any],
    rounding: dict[str, Any] | None = None,
    fact_types: dict[str, Any] | None = None,
    weights: Iterable[int] = (),
    **more: Any,
) -> dict[str, Any]:
    """Return the files of a methodology with one category for each criterion, or with all in one of weight 100.

    Args:
        criteria: the criteria.
        rounding: how scores are rounded; the default is two digits, half up.
        fact_types: the vocabulary.
        weights: of the categories, one for each criterion.
        more: further keys of the methodology.
    """
    weights = tuple(weights)
    groups = [(f"part_{i}", weight, [c]) for i, (weight, c) in enumerate(zip(weights, criteria, strict=False))]
    groups = groups or [("whole", 100, list(criteria))]
    made: dict[str, Any] = {
        "methodology.yaml": {
            "id": "small",
            "title": "Small",
            "edition": "1",
            "publisher": "Nobody",
            "sources": SOURCES,
            "windows": {"short_term": {"from": "2022-01-01", "to": "2024-06-30"}, "long_term": "always"},
            "source_types": ["report", "leaflet"],
            "accepted_sources": ["report"],
            "cohorts": {"big": "Big ones", "tiny": "Tiny ones"},
            "rounding": rounding or {"digits": 2, "mode": "half_up", "total": "sum_of_rounded", "points_digits": 1},
            "categories": [{"id": id, "title": f"Title of {id}", "weight": weight} for id, weight, _ in groups],
            "recommendations": {"R1": "Do better."},
            "notices": NOTICES,
            **more,
        },
        "facts.yaml": {"fact_types": fact_types or FACT_TYPES, "derivations": [] if fact_types else [DERIVATION]},
    }
    for id, _, some in groups:
        made[f"{id}.yaml"] = {"category": id, "criteria": some}
    return made


def methodology(*criteria: dict[str, Any], **more: Any) -> Methodology:
    """Return a methodology of criteria; see `files`."""
    return methodology_from(files(*criteria, **more))


def tree(categories: list[dict[str, Any]], criteria: dict[str, list[dict[str, Any]]], **more: Any) -> Methodology:
    """Return a methodology of categories that may hold groups.

    Args:
        categories: as ``methodology.yaml`` has them.
        criteria: by the id of their category or group.
        more: further keys of the methodology, in place of those of `files`.
    """
    made = files(LADDER, **{**more, "categories": categories})
    del made["whole.yaml"]
    made |= {f"{id}.yaml": {"category": id, "criteria": some} for id, some in criteria.items()}
    return methodology_from(made)


def fact(type: str, values: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a fact as a company file states it, with a source that counts and a period inside the window."""
    return {type: values, "source": "report", "period": 2023, **more}


def company(methodology: Methodology, *facts: dict[str, Any], **more: Any) -> Company:
    """Return a company with facts; a key that is None is left out."""
    data = {"id": "acme", "name": "Acme", "cohort": "big", "facts": list(facts), **more}
    return company_from({key: value for key, value in data.items() if value is not None}, methodology)


def card(methodology: Methodology, *facts: dict[str, Any], **more: Any) -> Scorecard:
    """Return the scorecard of a company with facts, cross-checked."""
    return score(company(methodology, *facts, **more), methodology, cross_check=True)
