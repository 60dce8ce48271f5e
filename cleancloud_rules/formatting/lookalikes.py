"""Replaces characters that look like others, outside texts: in indentation, keys, signs of YAML, numbers and tests.

The text need not be YAML: a fullwidth colon keeps it from being so. Therefore it is read line by line. What may belong
to a text stays: quoted texts, block texts, comments, values of keys that hold texts, and lines that go on with a value.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from attrs import define

from cleancloud_rules.diagnostics.lookalikes import meant
from cleancloud_rules.schemas.inputs import input_schema

_WIDE = "\N{IDEOGRAPHIC SPACE}"
_HEAD = re.compile(
    r"(?P<dashes>(?:[^\w\s'\"“‘]\s+)*)"
    r"(?:(?P<key>[^\s:：'\"“”‘’#,，{}\[\]｛｝［］]+)\s*(?P<colon>[:：]))?"
)  # fmt: skip
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.+-]*")
_DATA = re.compile(
    r"-?[0-9]+(?:\.[0-9]+)?(?: ?%| [A-Za-z][A-Za-z0-9]*)?"  # a number or a quantity
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:/[0-9]{4}-[0-9]{2}-[0-9]{2})?"  # a date or a period
    r"|(?:[<>]=?|!=) ?-?[0-9][^,]*|[\[\](]-?[0-9][^,]*\.\.[^,]*[\])\[]|not ?\(.*\)"  # a test
    r"|[a-z][a-z0-9]*(?:_[a-z0-9]+)*"  # a name
)
_OPENING_QUOTES = ("'", '"')
_BLOCK = re.compile(r"[|>][-+0-9]*\s*(?:#.*)?")
_CLOSED = {'"': re.compile(r'"(?:[^"\\]|\\.)*"'), "'": re.compile(r"'(?:[^']|'')*'")}
_STRUCTURE = "{}[],:"
_TOKENS = re.compile(
    r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|“[^“”"]*”|\s\#.*|[{}\[\],:｛｝［］，：]|[^{}\[\],:｛｝［］，：\s#“]+|\s+|."""
)
"""The parts of a value in brackets: quoted texts, a comment, signs, words and spaces."""


@define
class _State:
    """What the lines above leave open.

    Args:
        column: the column of the last key or dash; deeper lines may go on with its value.
        goes_on: whether the value of that key may go on, as a text without quotes or as a block text.
        quote: the quote that is not closed yet; empty if there is none.
        depth: the number of brackets that are not closed yet.
    """

    column: int = -1
    goes_on: bool = False
    quote: str = ""
    depth: int = 0


def with_lookalikes_replaced(text: str) -> str:
    """Return a text in which look-alikes outside texts are what was probably meant."""
    if text.isascii():
        return text
    state = _State()
    return "".join(_line(line, state) for line in re.split(r"(?<=\n)", text))


@lru_cache
def _keys_of_texts() -> frozenset[str]:
    """Return the keys whose values are free texts, as the schemas of the input files declare them."""
    kinds = ("criteria", "methodology", "facts", "company", "sources")
    return frozenset(key for kind in kinds for key in _texts_in(input_schema(kind)))


def _texts_in(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for key, value in schema.get("properties", {}).items():
            if isinstance(value, dict) and value.get("type") == "string" and not {"enum", "pattern"} & value.keys():
                yield key
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from _texts_in(inner)


def _line(line: str, state: _State) -> str:
    body = line.rstrip("\r\n")
    end, content = line[len(body) :], body.lstrip()
    if state.quote:
        state.quote = "" if state.quote in body else state.quote
        return line
    if not content or content[0] in "#＃":
        return line
    if state.depth:
        return _flow(body, state) + end
    indent = meant(body[: len(body) - len(content)].replace(_WIDE, "  "))
    if state.goes_on and len(indent) > state.column:
        return line
    head = _HEAD.match(content)
    assert head is not None  # each of its parts may be missing
    dashes, key = meant(head["dashes"]), meant(head["key"] or "")
    rest = content[head.end() :]
    is_key = bool(_KEY.fullmatch(key)) and (head["colon"] == "：" or not rest or rest[0].isspace())
    if dashes.replace(" ", "").strip("-") or not (dashes or is_key):
        return line
    if not is_key:
        key, rest = "", content[head.end("dashes") :]
    state.column = len(indent) + (len(dashes) if is_key else max(0, dashes.rfind("-")))
    start = f"{indent}{dashes}{key}:" if is_key else f"{indent}{dashes}"
    value = rest.lstrip()
    gap = rest[: len(rest) - len(value)] if rest[:1].isspace() else " " if is_key and value else ""
    return f"{start}{meant(gap)}{_value(value, key, state)}{end}"


def _value(value: str, key: str, state: _State) -> str:
    """Return the value of a key or a list item that begins on this line, and note whether it may go on."""
    state.goes_on = bool(value)
    if value[:1] in _OPENING_QUOTES:
        state.goes_on = False
        state.quote = "" if _CLOSED[value[0]].match(value) else value[0]
        return value
    if not value or _BLOCK.fullmatch(value) or key in _keys_of_texts():
        return value
    if meant(value[0]) in ("{", "[") and not _DATA.fullmatch(meant(value)):
        state.goes_on = False
        return _flow(value, state)
    data, hash, comment = value.partition(" #")
    return _data(data, flow=False) + hash + comment


def _data(value: str, *, flow: bool) -> str:
    """Return a number, a date, a test or a name with what was meant; any other value unchanged."""
    stripped = value.strip()
    written = meant(stripped).strip()
    bare = written.strip("\"'") if written[:1] in _OPENING_QUOTES else written
    if stripped.isascii() or not _DATA.fullmatch(bare):
        return value
    quoted = f'"{bare}"' if bare[0] in "<>!([]" or (flow and "," in bare) or bare != written else bare
    return value.replace(stripped, quoted)


def _flow(line: str, state: _State) -> str:
    """Return a line of a value in brackets. A sign between characters of other scripts belongs to their text."""
    made: list[str] = []
    key = chunk = ""
    for found in _TOKENS.finditer(line):
        part, sign = found[0], meant(found[0])
        if not _is_sign(found, line, key):
            chunk += part
            continue
        if sign == ":":
            key = meant(chunk).strip()
            made.append(meant(chunk) if _KEY.fullmatch(key) else chunk)
        else:
            made.append(_in_brackets(chunk, key))
            key = ""
        chunk = ""
        state.depth = max(0, state.depth + (sign in "{[") - (sign in "}]"))
        made.append(f"{sign} " if part == "：" and line[found.end() : found.end() + 1].strip() else sign)
    return "".join([*made, _in_brackets(chunk, key)])


def _in_brackets(chunk: str, key: str) -> str:
    return chunk if key in _keys_of_texts() else _data(chunk, flow=True)


def _is_sign(found: re.Match[str], line: str, key: str) -> bool:
    """Whether a part of a value in brackets is a sign of YAML, or looks like one and does not belong to a text."""
    sign, after = meant(found[0]), line[found.end() :]
    if sign not in _STRUCTURE or not found[0].strip():
        return False
    if found[0].isascii():
        return sign != ":" or not after or after[0].isspace() or after[0] in _STRUCTURE
    neighbours = line[: found.start()].rstrip()[-1:] + after.lstrip()[:1]
    return meant(neighbours).isascii() and not (sign in ",:" and key in _keys_of_texts())
