"""A methodology of criteria with three rungs each, and companies that state one percentage under some of them."""

import random
from decimal import Decimal
from typing import Any

from cleancloud_rules import Company, Methodology, company_from, methodology_from

Data = dict[str, Any]

RUNGS = ((20, 1), (50, 2), (80, 3))
"""The rungs: the percentage that a criterion asks for, and its points."""

PER_CATEGORY = 50
"""The maximum number of criteria in a category."""


def files(criteria: int) -> Data:
    """Return the files of a methodology with a number of criteria."""
    names = [f"m{i}" for i in range(criteria)]
    starts = range(0, criteria, PER_CATEGORY)
    weights = {start: 100 // len(starts) for start in starts}
    weights[0] += 100 - sum(weights.values())
    made: Data = {
        "methodology.yaml": {
            "id": "rungs",
            "title": "Rungs",
            "edition": "1",
            "publisher": "Nobody",
            "sources": {"survey": {"type": "survey", "title": "Survey"}},
            "windows": {"always": "always"},
            "source_types": ["survey"],
            "rounding": {"digits": 2, "mode": "half_up", "total": "rounded_sum", "points_digits": 2},
            "categories": [
                {"id": f"g{start}", "title": f"Group {start}", "weight": weights[start]} for start in starts
            ],
            "points_basis": "project",
        },
        "facts.yaml": {
            "fact_types": {
                "measure": {
                    "title": "Measure",
                    "horizon": "always",
                    "fields": {
                        "of": {"type": "enum", "values": names, "key": True},
                        "percent": {"type": "percent", "digits": 1, "better": "higher"},
                    },
                }
            }
        },
    }
    for start in starts:
        inside = [_criterion(name) for name in names[start : start + PER_CATEGORY]]
        made[f"g{start}.yaml"] = {"category": f"g{start}", "criteria": inside}
    return made


def _criterion(name: str) -> Data:
    return {
        "id": f"c_{name}",
        "title": f"Measure {name}",
        "horizon": "always",
        "max_points": RUNGS[-1][1],
        "hit_policy": "collect max",
        "rules": [
            {
                "id": f"at_{percent}",
                "points": points,
                "when": {"measure": {"of": name, "percent": f">= {percent}"}},
                "because": "{measure.of} is at {measure.percent}.",
            }
            for percent, points in RUNGS
        ],
        "otherwise": "No measure.",
    }


def methodology(criteria: int) -> Methodology:
    """Return a methodology with a number of criteria."""
    return methodology_from(files(criteria))


def stated(number: int, criteria: int, facts: int) -> dict[str, int]:
    """Return what a company states, the same in every run: percentages by criterion, in tenths."""
    chance = random.Random(number)  # noqa: S311 - generated figures, no secrets
    return {f"m{i}": chance.randrange(1001) for i in sorted(chance.sample(range(criteria), facts))}


def data(number: int, tenths: dict[str, int]) -> Data:
    """Return a company as plain data."""
    return {
        "id": f"c{number}",
        "name": f"c{number}",
        "facts": [
            {"measure": {"of": name, "percent": Decimal(value).scaleb(-1)}, "source": "survey"}
            for name, value in tenths.items()
        ],
    }


def company(number: int, criteria: int, facts: int, rules: Methodology) -> Company:
    """Return a company with a number of facts."""
    return company_from(data(number, stated(number, criteria, facts)), rules)
