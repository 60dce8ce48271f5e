"""Reads results from the JSON that `to_json` wrote."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from cleancloud_rules.diagnostics.collector import Rejected, reject
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents import yaml
from cleancloud_rules.documents.extra_keys import is_extra
from cleancloud_rules.documents.file_reader import decoded
from cleancloud_rules.documents.frozen_data import frozen_data
from cleancloud_rules.documents.nodes import MappingNode, SequenceNode
from cleancloud_rules.documents.plain_data import kind_in_words
from cleancloud_rules.errors import InputError

_Result = TypeVar("_Result")
Reshape = Callable[[dict[str, Any]], dict[str, Any]]
"""Returns a mapping of the JSON form with the keys of its class."""

_NAME = "<json>"
_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_AT = re.compile(r" - at `\$\.?(.*)`$")
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_KINDS = {
    "array": "a list",
    "bool": "a boolean",
    "decimal": "a number",
    "float": "a number with decimal places",
    "int": "a whole number",
    "null": "`null`",
    "object": "a mapping",
    "str": "a text",
}


def result_of(text: str | bytes, cls: type[_Result], version: int, reshape: Reshape) -> _Result:
    """Return the result that JSON holds. Keys of later versions of the library are left out.

    Args:
        text: the JSON.
        cls: the class of the result.
        version: the version of the form that is read.
        reshape: called for every mapping, the outermost first.

    Raises:
        InputError: if the text is not JSON, or the JSON is no such result.
    """
    try:
        return _result(text, cls, version, reshape)
    except Rejected as rejected:
        raise InputError(rejected.diagnostics) from None


def _result(text: Any, cls: type[_Result], version: int, reshape: Reshape) -> _Result:
    if isinstance(text, bytes):
        text = decoded(text, Path(_NAME))
    if not isinstance(text, str):
        message = f"expected the JSON of a result as text, got {kind_in_words(text)}"
        raise reject("wrong-type", message, Location(SourceFile(_NAME)))
    data = _data(text)
    found = data.get("schema_version") if isinstance(data, dict) else None
    if found != version or isinstance(found, bool):
        shown = "there is none" if found is None else f"got {json.dumps(found, default=str)}"
        message = f"this JSON is no result of this version: `schema_version` must be {version}, and {shown}"
        raise reject("unreadable-result", message, _place(text, "schema_version"))
    try:
        return msgspec.convert(_restored(data, reshape), cls, dec_hook=_fraction)
    except msgspec.ValidationError as error:
        raise _misfit(str(error), text) from None


def _data(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise reject("yaml-depth", "the JSON is nested too deeply", Location(SourceFile(_NAME))) from None
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise _no_json(text, str(error)) from None


def _no_json(text: str, reason: str) -> Rejected:
    """Return the exception for a text that is not JSON, with the place that the standard library finds."""
    file = SourceFile(_NAME, text)
    where = Location(file)
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        where = Location(file, error.lineno, error.colno, error.lineno, error.colno + 1)
        reason = error.msg
    return reject("unreadable-result", f"this is not JSON: {reason[:1].lower()}{reason[1:]}", where)


def _misfit(said: str, text: str) -> Rejected:
    """Return the exception for JSON that does not fit the class of the result."""
    found = _AT.search(said)
    reason = _AT.sub("", said)
    reason = re.sub("^Object missing required field (.*)", r"key \1 is missing", reason)
    reason = re.sub("`([a-z |]+)`", lambda kinds: _in_words(kinds[1]), reason) if "got" in reason else reason
    where = _place(text, found[1] if found else "")
    return reject("unreadable-result", f"{reason[:1].lower()}{reason[1:]}", where)


def _in_words(kinds: str) -> str:
    return " or ".join(dict.fromkeys(_KINDS.get(kind, f"`{kind}`") for kind in kinds.split(" | ")))


def _place(text: str, path: str) -> Location:
    """Return the place of a path in JSON, or of the innermost mapping or list around it that is there."""
    document, _ = yaml.read_text(text, _NAME)
    if document is None:
        return Location(SourceFile(_NAME, text), path=path)
    node: Any = document.root
    for index, key in _STEP.findall(path):
        inner = None
        if isinstance(node, MappingNode):
            inner = node.get(key)
        elif isinstance(node, SequenceNode) and index and int(index) < len(node.items):
            inner = node.items[int(index)]
        if inner is None:
            break
        node = inner
    return node.beginning if isinstance(node, MappingNode) else node.location


def _restored(data: Any, reshape: Reshape) -> Any:
    """Return plain data in which each mapping has the keys of its class, and the keys of the user's own set apart."""
    if isinstance(data, list):
        return [_restored(item, reshape) for item in data]
    if not isinstance(data, dict):
        return data
    extra = tuple((key, frozen_data(value)) for key, value in data.items() if is_extra(key))
    named = reshape({key: value for key, value in data.items() if not is_extra(key)})
    made = {key: _restored(value, reshape) for key, value in named.items()}
    return made | {"extra": extra} if extra else made


def _fraction(_: type, value: Any) -> Any:
    try:
        return Fraction(value)  # the only type that msgspec does not read by itself
    except (TypeError, ValueError, ZeroDivisionError) as error:
        raise ValueError(f"`{value}` is not a fraction") from error
