"""Writes what the files of a rating say about each item that a regulation asks for."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cleancloud_rules._version import __version__
from cleancloud_rules.language.load.files import PathLike
from cleancloud_rules.language.regulation_file_types import AskedPart, RegulationFile
from cleancloud_rules.records.disclosed import Rated, answer
from cleancloud_rules.records.inputs import contents_of, loaded
from cleancloud_rules.records.making import read_inputs, replayed
from cleancloud_rules.records.reading import KeptRecord, read_record, refuse_wrong_digests
from cleancloud_rules.records.regulations import regulation_named
from cleancloud_rules.results.of_records.disclosures import DisclosedItem, DisclosedPart, Disclosure, Said
from cleancloud_rules.results.records import MethodologyRecord, NoticeRecord


def disclose(record: KeptRecord, regulation: str) -> Disclosure:
    """Return what a record says about each item that a regulation asks for, and what is left to the provider.

    Nothing is added to what the record holds. It is no legal advice, and the list holds some items of the regulation.

    Args:
        record: a record, the content of its file, or the path of its file.
        regulation: the id of a packaged list of items, such as ``eu-2024-3005``.

    Returns:
        The items in the order of the list, each part with what the record says or as left to the provider.

    Raises:
        ValueError: if there is no such list.
        InputError: if it is no record of this format, if a digest in it is wrong, or if its files cannot be loaded.

    Example:
        >>> import cleancloud_rules as cc
        >>> found = cc.disclose(cc.record("gds", "clean_cloud_2024"), "eu-2024-3005")
        >>> found.subject, len(found.items)
        ('GDS', 5)
    """
    asked = regulation_named(regulation)
    kept, name = read_record(record)
    data = kept.data()
    refuse_wrong_digests(data, name)
    return _disclosure(asked, regulation, data, data["digests"]["record"])


def disclose_files(
    path: PathLike,
    methodology: PathLike,
    regulation: str,
    *,
    with_hypothetical: bool = False,
    as_of: date | None = None,
    allow_outside: bool = False,
) -> Disclosure:
    """Return what the files of a dataset or a company say, which were not recorded; see `disclose` and `record`."""
    asked = regulation_named(regulation)
    read = read_inputs(path, methodology, with_hypothetical=with_hypothetical, allow_outside=allow_outside)
    options = {"as_of": None if as_of is None else as_of.isoformat(), "company": read.company}
    parts = replayed(read.contents, options, with_hypothetical=with_hypothetical)
    return _disclosure(asked, regulation, parts, None)


def _disclosure(asked: RegulationFile, name: str, data: Mapping[str, Any], record: str | None) -> Disclosure:
    options = data["options"]
    day = None if options["as_of"] is None else date.fromisoformat(options["as_of"])
    found = loaded(contents_of(data["inputs"]), options["company"], day, with_hypothetical=data["hypothetical"])
    rated = Rated(found, data)
    own = found.methodology
    return Disclosure(
        name,
        asked.title,
        asked.notes,
        found.companies[0].name if found.dataset is None else found.dataset.title,
        len(found.companies),
        MethodologyRecord(own.id, own.title, own.edition, own.publisher, own.sha256, data["as_of"]),
        data["hypothetical"],
        record,
        tuple(NoticeRecord(notice["code"], notice["text"]) for notice in data["notices"]),
        tuple(
            DisclosedItem(item.place, item.asks, tuple(_part(part, rated) for part in item.parts))
            for item in asked.items
        ),
        __version__,
    )


def _part(part: AskedPart, rated: Rated) -> DisclosedPart:
    found = answer(part, rated)
    said = Said.PROVIDER if not found.says else Said.PARTLY if found.left else Said.STATED
    return DisclosedPart(part.asks, said, found.says, found.left or None, part.add if found.left else None)
