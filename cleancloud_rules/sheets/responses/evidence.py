"""A fact in one row: all its values in one cell, such as ``percent: >38%; denominator: electricity``."""

import re
from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, frozen

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, did_you_mean
from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.documents.nodes import Entry, MappingNode, Node, SequenceNode
from cleancloud_rules.generators.serialise import stated_fact
from cleancloud_rules.model.facts import Fact, FactType, Field
from cleancloud_rules.model.values import FieldType
from cleancloud_rules.model.vocabulary import Vocabulary
from cleancloud_rules.sheets.fact_rows import CellTable
from cleancloud_rules.sheets.grid import Cell, Row
from cleancloud_rules.sheets.layout import FACT, VALUE
from cleancloud_rules.sheets.nodes import broken, mapping, quoted
from cleancloud_rules.sheets.rows import value_text
from cleancloud_rules.sheets.values import DISCLOSED, is_word, text_node, value_node

_GAP = re.compile(r"[\s;；]*")
_NAME = re.compile(r"([A-Za-z_]\w*)[ \t]*[:：][ \t]*")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"\s*(?=[;；\n]|\Z)')
_BARE = re.compile(r"[^;；\n]*")
_NEEDS_QUOTES = re.compile(r'[;；\n\r"]|^\s|\s$|^\(disclosed\)$', re.IGNORECASE)


def value_cell(fact: Fact) -> str:
    """Return the values of a fact as the text of one cell, from which `fact_node` reads the same."""
    fields = {own.id: own for own in fact.values.fact_type.fields}
    stated = stated_fact(fact)[fact.type]
    texts = {name: _written(value, fields[name]) for name, value in stated.items()}
    texts |= dict.fromkeys(fact.disclosed, DISCLOSED)
    return "; ".join(f"{name}: {texts[name]}" for name in fields if name in texts)


def _written(value: object, field: Field) -> str:
    text = value_text(value, field)
    if field.type is FieldType.TEXT and _NEEDS_QUOTES.search(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def fact_node(
    row: Row, table: CellTable, vocabulary: Vocabulary, beside: Iterable[tuple[str, Node]], gather: DiagnosticCollector
) -> MappingNode | None:
    """Return the fact that a row offers, as a company file states it; None for none. Errors are added to `gather`.

    Args:
        row: the row, with the kind of fact under `fact` and its values under `value`.
        table: the table in which it stands.
        vocabulary: the fact types.
        beside: what stands beside the values.
        gather: collects the diagnostics.
    """
    beside = list(beside)
    value = row.cell(table.columns.get(VALUE))
    named = row.cell(table.columns.get(FACT))
    if named is None:
        offered = value.location if value is not None else beside[0][1].location if beside else None
        if offered is not None:
            help = "choose one of: " + ", ".join(f"`{each.id}`" for each in vocabulary.fact_types)
            gather.add("missing-key", "the row offers evidence, and does not say which kind of fact", offered, help)
        return None
    name = gather.attempt(text_node, named)
    if name is None:
        return None
    where = named.location
    fact_type = vocabulary.by_id.get(name.raw)
    if fact_type is None:
        help = did_you_mean(name.raw, vocabulary.by_id)
        gather.add("unknown-fact-type", f"there is no fact type `{name.raw}`", where, help)
        return None
    values, disclosed = _values(value, fact_type, where, gather)
    if disclosed:
        beside.append(("disclosed", SequenceNode(tuple(disclosed), where)))
    stated = Entry(quoted(fact_type.id, where), mapping(values.items(), where))
    return MappingNode((stated, *mapping(beside, where).entries), where)


def _values(
    cell: Cell | None, fact_type: FactType, where: Location, gather: DiagnosticCollector
) -> tuple[Mapping[str, Node], list[Node]]:
    """Return the values of a fact by field, and the fields that were published without their values."""
    found: dict[str, Node] = {}
    disclosed: dict[str, Node] = {}
    part = DiagnosticCollector()
    for each in gather.attempt(_parts_of, cell) or () if cell is not None else ():
        own = _field(each, fact_type, part)
        if own is None:
            continue
        if own.id in found or own.id in disclosed:
            part.add("repeated-key", f"`{own.id}` is repeated", each.cell.location, "keep one of the two")
        elif is_word(each.cell, DISCLOSED) and not each.is_quoted:
            disclosed[own.id] = quoted(own.id, each.cell.location)
        elif each.is_quoted and own.type.is_worded:
            found[own.id] = quoted(str(each.cell.value), each.cell.location)
        else:
            found[own.id] = part.attempt(value_node, each.cell, own) or broken(each.cell.location)
    is_whole = not part.failed and (cell is None or cell.problem is None)
    for own in fact_type.fields:
        if not own.optional and own.id not in found and own.id not in disclosed:
            if is_whole:
                place = where if cell is None else cell.location
                help = f"if it was published without its value, write `{own.id}: {DISCLOSED}`"
                gather.add("missing-key", f"`{fact_type.id}` needs `{own.id}`", place, help)
            found[own.id] = broken(where)
    gather.absorb(part)
    return found, list(disclosed.values())


@frozen
class _Part:
    """A part of a cell: the value of a field.

    Args:
        name: the field; None if the part does not name it.
        cell: the value, at the place of the whole cell.
        is_quoted: whether it stands in quotes.
    """

    name: str | None
    cell: Cell
    is_quoted: bool


def _parts_of(cell: Cell) -> list[_Part]:
    """Return the parts of a cell.

    Raises:
        Rejected: if the cell cannot be read.
    """
    content = cell.content
    if not isinstance(content, str):
        return [_Part(None, cell, is_quoted=False)]
    return [
        _Part(name, evolve(cell, value=text, is_percentage=False), is_quoted)
        for name, text, is_quoted in _parts(content)
    ]


def _parts(text: str) -> Iterator[tuple[str | None, str, bool]]:
    """Yield the parts of a text: the name, the value, and whether that is quoted."""
    place = _end(_GAP.match(text))
    while place < len(text):
        named = _NAME.match(text, place)
        if named is not None:
            place = named.end()
        name = None if named is None else named[1]
        in_quotes = _QUOTED.match(text, place)
        if in_quotes is not None:
            yield name, in_quotes[1].replace('""', '"'), True
            place = in_quotes.end()
        else:
            bare = _BARE.match(text, place)
            assert bare is not None
            yield name, bare[0].strip(), False
            place = bare.end()
        place = _end(_GAP.match(text, place))


def _end(found: re.Match[str] | None) -> int:
    assert found is not None
    return found.end()


def _field(part: _Part, fact_type: FactType, gather: DiagnosticCollector) -> Field | None:
    """Return the field of a part; None for a mistake. One without a name is of the only field that it can mean."""
    names = [own.id for own in fact_type.fields]
    where, named = part.cell.location, "such as " + "; ".join(f"`{name}: ...`" for name in names)
    if part.name is None:
        only = [own for own in fact_type.fields if not own.optional] or list(fact_type.fields)
        if len(only) == 1:
            return only[0]
        message = f"`{part.cell.value}` does not say which field of `{fact_type.id}` it is a value of"
        gather.add("missing-key", message, where, f"write the name of the field before it, {named}")
        return None
    own = fact_type.get(part.name)
    if own is None:
        message = f"fact type `{fact_type.id}` has no field `{part.name}`"
        gather.add("unknown-field", message, where, did_you_mean(part.name, names))
    elif part.cell.value == "":
        gather.add("empty-value", f"`{own.id}` has no value", where, f"write the value after `{own.id}:`")
        return None
    return own
