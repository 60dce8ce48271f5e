"""How the columns of companies and sources, and those beside the fields of facts, are read: as in their files."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import attrs

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, did_you_mean, reject
from cleancloud_rules.documents.nodes import Node
from cleancloud_rules.language.converter import structure
from cleancloud_rules.language.file_types import CompanyFile, FactEntry, SourceEntry
from cleancloud_rules.language.load.methodology import check_source_type
from cleancloud_rules.model.texts import composed
from cleancloud_rules.model.values import Id, Interval, Name, Period
from cleancloud_rules.model.vocabulary import Vocabulary
from cleancloud_rules.sheets.documents import BY_SEMICOLON
from cleancloud_rules.sheets.grid import Cell
from cleancloud_rules.sheets.values import NOTHING, boolean_node, is_word, list_node, plain_node, text_node, year_node
from cleancloud_rules.tables.reading.plain_texts import NAMES, PRINTABLE, Plain
from cleancloud_rules.tables.reading.text_values import Parts, Reading, State


def _read(type: Any, read: Callable[[Cell], Node]) -> Callable[[Cell], Any]:
    """Return a function that reads a cell as a type of the files."""

    def value(cell: Cell) -> Any:
        return structure(read(cell), type)

    return value


def _under(
    file: type[attrs.AttrsInstance], key: str, read: Callable[[Cell], Node] = text_node
) -> Callable[[Cell], Any]:
    """Return a function that reads a cell as the value under a key of a file."""
    attrs.resolve_types(file)
    return _read(getattr(attrs.fields(file), key).type, read)


def _judged(value: Callable[[Cell], Any]) -> Callable[[Cell], tuple[State, Parts]]:
    """Return a function that says what cells of one part say."""

    def judge(cell: Cell) -> tuple[State, Parts]:
        return State.VALUE, (value(cell),)

    return judge


def _reading(value: Callable[[Cell], Any], pattern: str | None = None) -> Reading:
    """Return the reading of cells of texts. Those of the pattern, if there is one, are as they should be."""
    return Reading((("", "text"),), _judged(value), None if pattern is None else Plain(pattern))


def _source_named(cell: Cell) -> tuple[State, Parts]:
    return (State.DISCLOSED, ()) if is_word(cell, NOTHING) else (State.VALUE, (_SOURCE(cell),))


def _period(cell: Cell) -> tuple[State, Parts]:
    period: Period = _PERIOD(cell)
    return State.VALUE, (period.start, period.end, period.text.isdigit())


def _day(cell: Cell) -> tuple[State, Parts]:
    return State.VALUE, (_AS_OF(cell),)


def _published(cell: Cell) -> tuple[State, Parts]:
    days: date | Interval | None = _DAYS(cell)
    return State.VALUE, (days.low, days.high) if isinstance(days, Interval) else (days, days)


def _listed(value: Callable[[Cell], Any]) -> Reading:
    def judge(cell: Cell) -> tuple[State, Parts]:
        return State.VALUE, ([str(item) for item in value(cell)],)

    return Reading((("", "texts"),), judge)


def _words(cell: Cell) -> Node:
    return list_node(cell, separators=BY_SEMICOLON)


def _numbers(cell: Cell) -> Node:
    return list_node(cell, are_numbers=True)


_SOURCE, _PERIOD = _under(FactEntry, "source"), _under(FactEntry, "period", year_node)
_AS_OF, _DAYS = _under(FactEntry, "as_of", plain_node), _under(SourceEntry, "published", plain_node)
_ENTITY, _BASIS = _under(FactEntry, "entity"), _under(FactEntry, "basis")

NAMED = _reading(_read(str, text_node), NAMES)
"""The reading of the cells that name a company."""

BESIDE: Mapping[str, Reading] = {
    "entity": _reading(lambda cell: composed(_ENTITY(cell)), PRINTABLE),
    "period": Reading((("_start", "date"), ("_end", "date"), ("_is_year", "bool")), _period),
    "as_of": Reading((("", "date"),), _day),
    "basis": _reading(lambda cell: _BASIS(cell).value),
    "source": Reading((("", "text"),), _source_named, Plain(NAMES)),
    "locator": _reading(_under(FactEntry, "locator"), PRINTABLE),
    "note": _reading(_under(FactEntry, "note"), PRINTABLE),
}
"""The readings of the columns beside the fields of a fact."""

_PUBLISHED = Reading((("_low", "date"), ("_high", "date")), _published)


def company_readings(cohorts: Callable[[str, Cell], None]) -> dict[str, Reading]:
    """Return the readings of the columns of companies.

    Args:
        cohorts: refuses a cohort that is not declared.
    """
    cohort = _under(CompanyFile, "cohort")

    def declared(cell: Cell) -> str:
        found: str = cohort(cell)
        cohorts(found, cell)
        return found

    return {
        "id": _reading(_read(Name, text_node), NAMES),
        "name": _reading(_under(CompanyFile, "name"), PRINTABLE),
        "cohort": _reading(declared),
        "aliases": _listed(_under(CompanyFile, "aliases", _words)),
    }


def source_readings(source_types: tuple[str, ...]) -> dict[str, Reading]:
    """Return the readings of the columns of sources.

    Args:
        source_types: the types that they can have; any if there are none.
    """

    def typed(cell: Cell) -> str:
        found: str = _read(Id, text_node)(cell)
        gather = DiagnosticCollector()
        check_source_type(found, source_types, cell.location, gather)
        gather.raise_if_any()
        return found

    texts = ("title", "publisher", "url", "archived", "note")
    return {
        "id": _reading(_read(Name, text_node), NAMES),
        "type": _reading(typed),
        "published": _PUBLISHED,
        "accessed": _PUBLISHED,
        "footnotes": _listed(_under(SourceEntry, "footnotes", _numbers)),
        "public": Reading((("", "bool"),), _judged(_under(SourceEntry, "public", boolean_node))),
        **{key: _reading(_under(SourceEntry, key), PRINTABLE) for key in texts},
    }


def fact_type_reading(vocabulary: Vocabulary) -> Reading:
    """Return the reading of the cells that name a fact type."""

    def known(cell: Cell) -> str:
        name = text_node(cell).raw
        if name not in vocabulary.by_id:
            help = did_you_mean(name, vocabulary.by_id)
            raise reject("unknown-fact-type", f"there is no fact type `{name}`", cell.location, help)
        return name

    return _reading(known)
