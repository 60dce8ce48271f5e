"""Verifies records: computes them again from their input files, and compares."""

import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from attrs import frozen

from cleancloud_rules._version import __version__
from cleancloud_rules.documents.canonical_json import canonical_json
from cleancloud_rules.records.inputs import contents_of
from cleancloud_rules.records.making import digests_of, replayed, replayed_for
from cleancloud_rules.records.reading import KeptRecord, read_record
from cleancloud_rules.records.results import SENTENCES
from cleancloud_rules.results.kept_records import (
    MAX_DIFFERENCES,
    RecordDifference,
    Replay,
    Verification,
)

MAX_SHOWN = 300
"""How many characters of a value are shown."""

_NOTHING = object()
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def verify(record: KeptRecord, *, company: str | None = None) -> Verification:
    """Return what replaying a record shows: its input files are loaded and scored again, and all is compared.

    A record is identical, or the differences name each place with the value that it ought to be. If only sentences for
    readers differ, as they may between versions of the library, `Verification.replay` says so. When the record was
    made, and by whom, follows from no file: only a signature can show that.

    Args:
        record: a record, the content of its file, or the path of its file, such as `pathlib.Path("a.record.json")`.
        company: the id of the only company that is scored again; None for all. The input files, their meaning and all
            digests are compared even so. The results of other companies, the ranks, the claims and the notices are not.

    Returns:
        The verification. Its `replay` says whether all is the same, and its `differences` name the first places
        that are not.

    Raises:
        InputError: if it is no record of this format, if its file is larger than `MAX_RECORD`, if its input files
            cannot be loaded, or if it has no such company.
        EngineError: if the rules engine is missing or fails, or differs from the cross-check.

    Example:
        >>> import cleancloud_rules as cc
        >>> cc.verify(cc.record("gds", "clean_cloud_2024")).replay
        <Replay.IDENTICAL: 'identical'>
    """
    return verified(read_record(record)[0].data(), company)


def verified(data: Mapping[str, Any], company: str | None = None) -> Verification:
    """Return what replaying the data of a record shows; see `verify`."""
    contents, options, hypothetical = contents_of(data["inputs"]), data["options"], data["hypothetical"]
    kept_parts = {name: part for name, part in data.items() if name not in ("digests", "made")}
    if company is None:
        parts = replayed(contents, options, with_hypothetical=hypothetical)
    else:
        parts = replayed_for(company, contents, options, with_hypothetical=hypothetical)
        kept_parts = _of_company(kept_parts, company)
    found = list(_differences(kept_parts, parts, ()))
    if not found:
        # Digests follow from the record itself where not all of it was replayed.
        digests = digests_of({**(parts if company is None else data), "made": data["made"]})
        found = list(_differences(data["digests"], digests, ("digests",)))
    if not found:
        replay = Replay.IDENTICAL
    else:
        replay = Replay.SENTENCES if all(one.is_sentence for one in found) else Replay.DIFFERENT
    return Verification(
        replay,
        tuple(one.shown for one in found[:MAX_DIFFERENCES]),
        len(found),
        len(parts["results"]["companies"]),
        str(data["digests"].get("record")),
        data["made"]["library"],
        f"cleancloud_rules {__version__}",
        company=company,
    )


def _of_company(parts: Mapping[str, Any], company: str) -> dict[str, Any]:
    """Return the parts of a record without notices, and without results of other companies and of all of them."""
    results = parts.get("results")
    companies = results.get("companies") if isinstance(results, dict) else None
    if isinstance(companies, dict):
        companies = {name: one for name, one in companies.items() if name == company}
    kept = {name: part for name, part in parts.items() if name != "notices"}
    return {**kept, "results": {"companies": companies}}


@frozen
class _Difference:
    path: tuple[str | int, ...]
    recorded: Any
    replayed: Any

    @property
    def is_sentence(self) -> bool:
        """Whether two sentences for readers differ."""
        both = isinstance(self.recorded, str) and isinstance(self.replayed, str)
        return both and self.path[0] in ("notices", "results") and not SENTENCES.isdisjoint(self.path)

    @property
    def shown(self) -> RecordDifference:
        """It in words."""
        return RecordDifference(_in_words(self.path), _shown(self.recorded), _shown(self.replayed), self.is_sentence)


def _differences(recorded: Any, replayed: Any, path: tuple[str | int, ...]) -> Iterator[_Difference]:
    """Yield the places at which two pieces of plain data differ, in their order."""
    if isinstance(recorded, dict) and isinstance(replayed, dict):
        for name in sorted({*recorded, *replayed}):
            yield from _differences(recorded.get(name, _NOTHING), replayed.get(name, _NOTHING), (*path, name))
    elif isinstance(recorded, list) and isinstance(replayed, list):
        for place, (one, other) in enumerate(zip_longest(recorded, replayed, fillvalue=_NOTHING)):
            yield from _differences(one, other, (*path, place))
    elif type(recorded) is not type(replayed) or recorded != replayed:
        yield _Difference(path, recorded, replayed)


def _in_words(path: tuple[str | int, ...]) -> str:
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _WORD.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f"[{canonical_json(step)}]"
    return text


def _shown(value: Any) -> str | None:
    if value is _NOTHING:
        return None
    text = canonical_json(value)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."
