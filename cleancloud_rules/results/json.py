"""Results to JSON, and saved scorecards back.

Decimals keep their digits, and equal results give equal bytes.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

import attrs
import msgspec

from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.results.claims import ClaimResult
from cleancloud_rules.results.rankings import RankedCompany, Ranking
from cleancloud_rules.results.records import FactRecord
from cleancloud_rules.results.scorecards import SCHEMA_VERSION, CriterionResult, Scorecard

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_FIRST = ("schema_version", "library_version", "notices", "methodology", "company")


def to_json(thing: Any) -> str:
    """Return a result as JSON, indented by two spaces, with a line end.

    Args:
        thing: a scorecard, a ranking, a part of them, or lists and mappings of such.
    """
    return msgspec.json.format(_ENCODER.encode(plain(thing)), indent=2).decode() + "\n"


def scorecard_from_json(text: str) -> Scorecard:
    """Return the scorecard that `to_json` wrote.

    Args:
        text: the JSON of one scorecard.

    Raises:
        ValueError: where the text is no JSON, or the JSON no scorecard of this version.
    """
    data = _DECODER.decode(text)
    version = data.get("schema_version") if isinstance(data, dict) else None
    if version != SCHEMA_VERSION:
        raise ValueError(f"`schema_version` must be {SCHEMA_VERSION} (got {version!r})")
    return msgspec.convert(_restored(data), Scorecard, dec_hook=_decode)


def plain(thing: Any) -> Any:
    """Return a result as nested mappings, lists and single values, in the order of the published form."""
    match thing:
        case None | bool() | int() | str() | Decimal():
            return thing
        case Enum():
            return thing.value
        case Fraction() | date():
            return str(thing)
        case Mapping():
            return {str(key): plain(value) for key, value in thing.items()}
        case tuple() | list():
            return [plain(item) for item in thing]
        case frozenset():
            return sorted(thing)
        case Ranking():
            return _ranking(thing)
        case _:
            return _object(thing)


def _object(thing: Any) -> dict[str, Any]:
    fields = {a.name: getattr(thing, a.name) for a in attrs.fields(type(thing)) if a.name != "node"}
    match thing:
        case Scorecard():
            fields = {name: fields[name] for name in (*_FIRST, *(n for n in fields if n not in _FIRST))}
        case CriterionResult():
            recommendation = fields.pop("recommendation")
            if thing.remedy is not None:
                fields["remedy"] = {"text": thing.remedy, "recommendation": recommendation}
        case ClaimResult():
            fields["earlier"] = dict(thing.earlier)
        case FactRecord():
            fields["fields"] = dict(thing.fields)
    return {name: plain(value) for name, value in fields.items()}


def _ranking(ranking: Ranking) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "library_version": ranking.library_version,
        "notices": plain(ranking.notices),
        "methodology": plain(ranking.methodology),
        "rank_by": plain(ranking.rank_by),
        "cohorts": [
            {"id": cohort.id, "title": cohort.title, "rows": [_row(row) for row in cohort.rows]}
            for cohort in ranking.cohorts
        ],
    }


def _row(row: RankedCompany) -> dict[str, Any]:
    card = row.scorecard
    shown = ("id", "title", "weight", "points", "max_points", "score", "max_score", "label", "level")
    return {
        "rank": row.rank,
        "company": {"id": card.company.id, "name": card.company.name},
        "outcome": card.outcome.value,
        "total": card.total,
        "hypothetical_total": card.hypothetical_total,
        "label": card.label,
        "level": plain(card.level),
        "tables": plain(card.tables),
        "categories": [{name: plain(getattr(category, name)) for name in shown} for category in card.categories],
        "criteria_total": len(card.criteria),
        "not_assessed": card.count(Outcome.NOT_ASSESSED),
        "outcomes": {outcome.value: card.count(outcome) for outcome in Outcome},
    }


def _restored(data: Any) -> Any:
    """Undo what `_object` reshapes, so that every mapping has the keys of its class."""
    match data:
        case {"rules": _, "remedy": remedy}:
            advice = remedy if isinstance(remedy, dict) else {}
            rest = {key: _restored(value) for key, value in data.items()}
            return {**rest, "remedy": advice.get("text"), "recommendation": advice.get("recommendation")}
        case {"why_not": _, "fields": dict(fields)}:
            return {**data, "fields": tuple(fields.items())}
        case dict():
            return {key: _restored(value) for key, value in data.items()}
        case list():
            return [_restored(item) for item in data]
        case _:
            return data


def _decode(_: type, value: Any) -> Any:
    try:
        return Fraction(value)  # the only type that msgspec does not read by itself
    except (TypeError, ValueError, ZeroDivisionError) as error:
        raise ValueError(f"`{value}` is not a fraction") from error
