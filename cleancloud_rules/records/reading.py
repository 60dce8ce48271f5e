"""Reads records for what is made of them: their shape, and whether their digests are those of what they hold."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.documents.file_reader import content_of
from cleancloud_rules.errors import InputError
from cleancloud_rules.records.making import digests_of
from cleancloud_rules.results.kept_records import IN_MEMORY, Record, no_record

KeptRecord = Record | str | bytes | PathLike[str]
"""A record, the content of its file, or the path of its file."""

MAX_RECORD = 2**28
"""The maximum size of the file of a record in bytes: 256 MiB. A record of 25 companies has half a megabyte."""


def read_record(record: KeptRecord) -> tuple[Record, str]:
    """Return a record, and the name of its file. It has what is needed to replay it.

    Raises:
        InputError: if it is no record of this format, if it lacks a part, or if its file cannot be read or is larger
            than `MAX_RECORD`.
    """
    name = IN_MEMORY
    if isinstance(record, PathLike):
        name = fspath(record)
        try:
            record = content_of(Path(name), MAX_RECORD)
        except Rejected as rejected:
            raise InputError(rejected.diagnostics) from None
    kept = record if isinstance(record, Record) else Record.from_json(record, name=name)
    _refuse_other_shapes(kept.data(), name)
    return kept, name


def refuse_wrong_digests(data: Mapping[str, Any], file: str) -> None:
    """Refuse a record whose digests are not those of what it holds: something was changed after it was made.

    Raises:
        InputError: with the names of the digests and of the input files.
    """
    right, own = digests_of(data), data["digests"]
    wrong = [f"`digests.{name}`" for name in sorted({*right, *own}) if own.get(name) != right.get(name)]
    for name, entry in data["inputs"].items():
        if entry.get("sha256") != sha256(entry["text"].encode()).hexdigest():
            wrong.append(f"`sha256` of the input file `{name}`")
    if wrong:
        help = "something was changed after the record was made; `verify` shows what"
        raise no_record(f"not the digest of what the record holds: {', '.join(wrong)}", file, help)


def _refuse_other_shapes(data: Mapping[str, Any], file: str) -> None:
    """Refuse a record that lacks what is needed to replay it.

    Raises:
        InputError: with the first place.
    """
    inputs = data.get("inputs")
    options = data.get("options")
    asked = ("as_of", "company")
    shapes = {
        "inputs": isinstance(inputs, dict)
        and all(isinstance(entry, dict) and isinstance(entry.get("text"), str) for entry in inputs.values()),
        "options": isinstance(options, dict)
        and all(name in options and isinstance(options[name], str | None) for name in asked)
        and _is_day(options["as_of"]),
        "hypothetical": isinstance(data.get("hypothetical"), bool),
        "made": _says_how(data.get("made")),
        "digests": isinstance(data.get("digests"), dict),
    }
    for name, is_right in shapes.items():
        if not is_right:
            message = f"this is no record of this version: `{name}` is missing, or is something else"
            raise no_record(message, file)


def _says_how(made: Any) -> bool:
    """Whether a part of a record says when, by whom and with what it was made."""
    if not isinstance(made, dict) or not isinstance(made.get("by"), list):
        return False
    if not isinstance(made.get("solicited", False), bool):
        return False
    read_from = made.get("read_from", {})
    if not isinstance(read_from, dict) or not all(isinstance(digest, str) for digest in read_from.values()):
        return False
    texts = [made.get(name) for name in ("at", "engine", "library", "python")]
    texts += [one.get(name) if isinstance(one, dict) else None for one in made["by"] for name in ("role", "name")]
    return all(isinstance(text, str) for text in texts)


def _is_day(text: str | None) -> bool:
    try:
        return text is None or date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
