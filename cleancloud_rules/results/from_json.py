"""Reads results from the JSON that `to_json` wrote."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, TypeVar

import attrs
import msgspec

from cleancloud_rules.diagnostics.collector import Rejected, reject
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents import yaml
from cleancloud_rules.documents.contents import BYTES
from cleancloud_rules.documents.extra_keys import is_extra
from cleancloud_rules.documents.file_reader import decoded
from cleancloud_rules.documents.frozen_data import frozen_data
from cleancloud_rules.documents.limits import MAX_FIGURES
from cleancloud_rules.documents.nodes import MappingNode, SequenceNode
from cleancloud_rules.documents.plain_data import kind_in_words
from cleancloud_rules.errors import InputError
from cleancloud_rules.results.json import SET_APART

_Result = TypeVar("_Result")
Reshape = Callable[[dict[str, Any]], dict[str, Any]]
"""Returns a mapping of the JSON form with the keys of its class."""

Rank = Annotated[int, msgspec.Meta(ge=1)]
"""A place in an order, from 1."""

Count = Annotated[int, msgspec.Meta(ge=0)]
"""A number of things."""

_NAME = "<json>"
_NUMBER = re.compile(r'"(?:[^"\\]|\\.)*"|(-?[0-9][0-9.eE+-]*)')
_BYTE = re.compile(r"^JSON is malformed: (.*) \(byte ([0-9]+)\)$")
_FRACTION = re.compile(r"-?[0-9]+(/[0-9]+)?")
_AT = re.compile(r" - at `\$\.?(.*)`$")
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_LEAST = re.compile("^Expected `int` >= ([0-9]+)$")
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


class _Misfit(Exception):  # noqa: N818 - it becomes a diagnostic
    """A value of JSON does not fit a result."""

    def __init__(self, reason: str, path: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.path = path


def with_pairs(data: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return a mapping of the JSON form with pairs of keys and values in place of inner mappings, if it has these.

    Args:
        data: the mapping.
        names: the keys of the inner mappings.
    """
    wrong = next((name for name in names if name in data and not isinstance(data[name], dict)), None)
    if wrong is not None:
        found = data[wrong]
        got = f"`{json.dumps(found)}`" if isinstance(found, bool) else kind_in_words(found)
        raise _Misfit(f"expected a mapping, got {got}", wrong)
    return {**data, **{name: tuple(data[name].items()) for name in names if name in data}}


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
    if isinstance(text, BYTES):
        text = decoded(bytes(text), Path(_NAME))
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
        restored = _restored(data, reshape, "")
        made = msgspec.convert(restored, cls, dec_hook=_fraction)
        _refuse_texts(made, restored, "")
    except _Misfit as misfit:
        raise reject("unreadable-result", misfit.reason, _place(text, misfit.path)) from None
    except msgspec.ValidationError as error:
        raise _misfit(str(error), text) from None
    return made


def _data(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise reject("yaml-depth", "the JSON is nested too deeply", Location(SourceFile(_NAME))) from None
    except (msgspec.ValidationError, _TooLong):
        raise _too_long(text) from None  # without a class to read, only a number can be out of range
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise _no_json(text, str(error)) from None


class _TooLong(Exception):  # noqa: N818 - it becomes a diagnostic
    """A number has more digits than any number of a result."""


def _decimal(text: str) -> Decimal:
    """Return a number with decimal places or an exponent. Written out, it has at most `MAX_FIGURES` digits."""
    try:
        number = Decimal(text)
    except ArithmeticError:  # the exponent is beyond those of any decimal
        raise _TooLong from None
    _, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or max(len(digits) + max(exponent, 0), -exponent) > MAX_FIGURES:
        raise _TooLong
    return number


_DECODER = msgspec.json.Decoder(float_hook=_decimal)


def _too_long(text: str) -> Rejected:
    """Return the exception for JSON with a number that is too long, with the place of the first one."""
    file = SourceFile(_NAME, text)
    for found in _NUMBER.finditer(text):
        try:
            if found[1]:
                _decimal(found[1])
        except _TooLong:
            line, column = _line_and_column(text[: found.start()])
            where = Location(file, line, column, line, column + len(found[1]))
            return reject("unreadable-result", "no number of a result has so many digits", where)
    return reject("unreadable-result", "a number of this JSON has too many digits", Location(file))


def _no_json(text: str, reason: str) -> Rejected:
    """Return the exception for a text that is not JSON, with the place that the standard library finds."""
    file = SourceFile(_NAME, text)
    where = Location(file)
    try:
        json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        where = Location(file, error.lineno, error.colno, error.lineno, error.colno + 1)
        reason = error.msg
    except RecursionError:
        reason = "it is nested too deeply"
    else:  # the standard library takes NaN and Infinity, which are not JSON
        if found := _BYTE.search(reason):
            reason = found[1]
            line, column = _line_and_column(text.encode()[: int(found[2])].decode(errors="ignore"))
            where = Location(file, line, column, line, column + 1)
    return reject("unreadable-result", f"this is not JSON: {_inside(reason)}", where)


def _line_and_column(before: str) -> tuple[int, int]:
    """Return the place at which a part of a text ends."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _inside(sentence: str) -> str:
    """Return a sentence as a part of another one. A first word in capitals, such as JSON, keeps them."""
    return sentence if sentence[1:2].isupper() else f"{sentence[:1].lower()}{sentence[1:]}"


def _misfit(said: str, text: str) -> Rejected:
    """Return the exception for JSON that does not fit the class of the result."""
    found = _AT.search(said)
    reason = _AT.sub("", said)
    reason = re.sub("^Object missing required field (.*)", r"key \1 is missing", reason)
    reason = _LEAST.sub(r"expected a whole number from \1", reason)
    reason = re.sub("`([a-z |]+)`", lambda kinds: _in_words(kinds[1]), reason) if "got" in reason else reason
    where = _place(text, found[1] if found else "")
    return reject("unreadable-result", _inside(reason), where)


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


def _restored(data: Any, reshape: Reshape, path: str) -> Any:
    """Return plain data in which each mapping has the keys of its class, and the keys of the user's own set apart."""
    if isinstance(data, list):
        return [_restored(item, reshape, f"{path}[{index}]") for index, item in enumerate(data)]
    if not isinstance(data, dict):
        return data
    extra = tuple((key, frozen_data(value)) for key, value in data.items() if is_extra(key))
    try:
        named = reshape({key: value for key, value in data.items() if not is_extra(key) and not _is_private(key)})
    except _Misfit as misfit:
        raise _Misfit(misfit.reason, f"{path}.{misfit.path}") from None
    made = {key: _restored(value, reshape, f"{path}.{key}") for key, value in named.items()}
    return made | {"extra": extra} if extra else made


def _is_private(key: str) -> bool:
    """Whether a key is the name of a field that the JSON of a result never has. It is left out as an unknown key is."""
    return key.startswith("_") or key in SET_APART


def _refuse_texts(made: Any, data: Any, path: str) -> None:
    """Raise `_Misfit` if a text was read as a number, which msgspec does."""
    if isinstance(made, Decimal):
        if isinstance(data, str):
            raise _Misfit("expected a number, got a text", path)
    elif isinstance(made, tuple) and isinstance(data, list | tuple):
        for index, (item, given) in enumerate(zip(made, data, strict=True)):
            _refuse_texts(item, given, f"{path}[{index}]")
    elif isinstance(data, dict) and attrs.has(type(made)):
        for name, given in data.items():
            if not isinstance(given, int | None) and hasattr(made, name):
                _refuse_texts(getattr(made, name), given, f"{path}.{name}")


def _fraction(_: type, value: Any) -> Any:
    try:  # the only type that msgspec does not read by itself
        if isinstance(value, str) and _FRACTION.fullmatch(value):
            return Fraction(value)
    except (ValueError, ZeroDivisionError):  # too many digits, or none of anything
        pass
    shown = f"`{value}`" if isinstance(value, str) and len(value) <= MAX_FIGURES else kind_in_words(value)
    raise ValueError(f"{shown} is not a fraction")
