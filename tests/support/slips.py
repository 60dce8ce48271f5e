"""Single slips in the data of a company: each is one mistake of a kind that people make, at one place."""

import copy
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import frozen

from cleancloud_rules import Methodology
from cleancloud_rules.model import FieldType

Place = tuple[str | int, ...]
"""The keys and positions that lead to a part of the data."""


@frozen
class Slip:
    """A company with one mistake, which may turn out to be none.

    Args:
        kind: what was done.
        place: where.
        company: the company without it.
        value: what stands at the place instead.
    """

    kind: str
    place: Place
    company: dict[str, Any]
    value: Any

    @property
    def data(self) -> dict[str, Any]:
        """The company with the mistake."""
        made = copy.deepcopy(self.company)
        *way, last = self.place
        part: Any = made
        for step in way:
            part = part[step]
        if self.value is REMOVED:
            del part[last]
        else:
            part[last] = copy.deepcopy(self.value)
        return made


REMOVED = object()

_WRONG: Mapping[str, Callable[[Any], Any]] = {
    "null": lambda _: None,
    "a text": lambda _: "nonesuch",
    "an empty text": lambda _: "",
    "a blank text": lambda _: "  ",
    "a list": lambda value: [value],
    "an empty list": lambda _: [],
    "a mapping": lambda value: {"nonesuch": value},
    "an empty mapping": lambda _: {},
    "a huge number": lambda _: 10**9,
    "a negative number": lambda _: -(10**9),
    "a fraction": lambda _: 0.5,
    "a boolean": lambda _: True,
    "a day that does not exist": lambda _: "2023-02-29",
    "an unknown unit": lambda _: "5 parsecs",
    "a number without a unit": lambda _: "5",
    "an unfinished test": lambda _: "[1..",
    "a turned sign": lambda _: "=> 5",
    "a comparison": lambda _: "> 5",
    "a negative quantity": lambda value: f"-{value}" if isinstance(value, str) else -1,
    "another case": lambda value: value.upper() if isinstance(value, str) else "Yes",
    "two of it": lambda value: [value, value],
    "a percent sign": lambda value: f"{value}%",
}


def as_json(data: Any) -> Any:
    """Return data as a JSON file holds them: days as texts, numbers in binary."""
    match data:
        case Mapping():
            return {str(key): as_json(value) for key, value in data.items()}
        case list() | tuple():
            return [as_json(item) for item in data]
        case Decimal():
            return int(data) if data == data.to_integral_value() else float(data)
        case date():
            return str(data)
        case _:
            return data


def slips(data: dict[str, Any], methodology: Methodology) -> Iterator[Slip]:
    """Yield the company with each single slip, at each place."""
    yield from wrong_values(data)
    for place, value in _places(data):
        if isinstance(value, dict):
            for name in ("nonesuch", "x-own", "facts", "percent", "at_least", "disclosed"):
                yield Slip(f"with a key {name}", place, data, {**value, name: ["nonesuch"]})
            for key in value:
                misspelt = {(f"{own}s" if own == key else own): inside for own, inside in value.items()}
                yield Slip("a misspelt key", place, data, misspelt)
    yield from _in_facts(data, methodology)


def wrong_values(data: dict[str, Any]) -> Iterator[Slip]:
    """Yield data of any file with another value, or none, at each place."""
    for place, value in _places(data):
        for kind, make in _WRONG.items():
            if (place[-1] in ("note", "locator", "name", "title")) and kind not in ("null", "an empty text", "a list"):
                continue
            yield Slip(kind, place, data, make(value))
        yield Slip("removed", place, data, REMOVED)


def _in_facts(data: dict[str, Any], methodology: Methodology) -> Iterator[Slip]:
    """Yield slips that know the vocabulary: another field's value, another type, a second type, disclosed fields."""
    by_id = methodology.vocabulary.by_id
    for number, fact in enumerate(data.get("facts", [])):
        stated = next(key for key in fact if key in by_id)
        place: Place = ("facts", number)
        for other in by_id:
            if other != stated:
                swapped = {(other if key == stated else key): value for key, value in fact.items()}
                yield Slip("another fact type", place, data, swapped)
                yield Slip("a second fact type", place, data, {**fact, other: {}})
        for field in by_id[stated].fields:
            listed = [*fact.get("disclosed", []), field.id]
            yield Slip("disclosed", (*place, "disclosed"), data, listed)
            rest = {key: value for key, value in fact[stated].items() if key != field.id}
            yield Slip("disclosed in place of its value", place, data, {**fact, stated: rest, "disclosed": listed})
            for value in _of_other_fields(field.type):
                yield Slip("a value of another type", (*place, stated, field.id), data, value)


def _of_other_fields(type: FieldType) -> list[Any]:
    if not type.is_ordered:
        return [3, "> 3", {"at_least": 3}, "12 GWh", ["nonesuch"]]
    sided = [{"at_least": 1, "more_than": 2}, {"between": [1]}, {"between": [1, 2], "at_most": 3}, {"above": 3}]
    return [*sided, 999, 2024, {"at_most": 2024}, {"at_least": -1}, {"less_than": 0}, 1.5, "12 GWh", "-1 GWh", "3 kg"]


def _places(data: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inside:
        yield (*place, key), value
        yield from _places(value, (*place, key))
