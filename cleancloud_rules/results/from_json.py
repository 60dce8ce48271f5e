"""Reads results from the JSON that `to_json` wrote."""

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from cleancloud_rules.diagnostics.collector import Rejected, reject
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents import yaml
from cleancloud_rules.documents.contents import BYTES
from cleancloud_rules.documents.file_reader import decoded
from cleancloud_rules.documents.limits import MAX_FIGURES
from cleancloud_rules.documents.nodes import MappingNode, SequenceNode
from cleancloud_rules.documents.plain_data import kind_in_words
from cleancloud_rules.errors import InputError
from cleancloud_rules.results.from_data import Misfit, made_from

_Result = TypeVar("_Result")

_NAME = "<json>"
_NUMBER = re.compile(r'"(?:[^"\\]|\\.)*"|(-?[0-9][0-9.eE+-]*)')
_BYTE = re.compile(r"^JSON is malformed: (.*) \(byte ([0-9]+)\)$")


def result_of(text: str | bytes, cls: type[_Result], version: int) -> _Result:
    """Return the result that JSON holds. Keys of later versions of the library are left out.

    Args:
        text: the JSON.
        cls: the class of the result.
        version: the version of the form that is read.

    Raises:
        InputError: if the text is not JSON, or the JSON is no such result.
    """
    try:
        return _result(text, cls, version)
    except Rejected as rejected:
        raise InputError(rejected.diagnostics) from None


def _result(text: Any, cls: type[_Result], version: int) -> _Result:
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
        raise reject("unreadable-result", message, _place(text, ["schema_version"]))
    try:
        return made_from(data, cls)
    except Misfit as misfit:
        raise reject("unreadable-result", misfit.reason, _place(text, misfit.steps)) from None
    except RecursionError:
        raise _too_deep() from None


def _data(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise _too_deep() from None
    except (msgspec.ValidationError, _TooLong):
        raise _too_long(text) from None  # without a class to read, only a number can be out of range
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise _no_json(text, str(error)) from None


def _too_deep() -> Rejected:
    return reject("yaml-depth", "the JSON is nested too deeply", Location(SourceFile(_NAME)))


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


def _place(text: str, steps: Iterable[str | int]) -> Location:
    """Return the place of a value in JSON, or of the innermost mapping or list around it that is there."""
    document, _ = yaml.read_text(text, _NAME)
    if document is None:
        return Location(SourceFile(_NAME, text))
    node: Any = document.root
    for step in steps:
        inner = None
        if isinstance(node, MappingNode):
            inner = node.get(str(step))
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.items):
            inner = node.items[step]
        if inner is None:
            break
        node = inner
    return node.beginning if isinstance(node, MappingNode) else node.location
