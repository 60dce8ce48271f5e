"""Records of the examples, made once in each process."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import cleancloud_rules as cc
from cleancloud_rules.documents.canonical_json import canonical_json
from cleancloud_rules.generators.boundary_values import Aims
from cleancloud_rules.generators.choices import Seeded
from cleancloud_rules.generators.companies import generated_company
from cleancloud_rules.generators.methodologies import generated_files
from cleancloud_rules.records.inputs import contents_of
from cleancloud_rules.records.making import complete, digests_of, made_now, replayed
from cleancloud_rules.results import Record
from cleancloud_rules.results.json import to_json
from tests.support.examples import FOLDERS
from tests.support.seeded import disclose_keys

AT = datetime(2026, 12, 1, 12, 0, 0, tzinfo=UTC)
BY = (("analyst", "A. Person"), ("approved", "B. Person"))


@cache
def kept(name: str, company: str | None = None) -> Record:
    """Return the record of an example, or of the company in a file of it."""
    methodology, dataset = FOLDERS[name]
    path = dataset if company is None else dataset / "companies" / f"{company}.yaml"
    return cc.record(path, methodology, by=BY, at=AT)


def data_of(name: str, company: str | None = None) -> dict[str, Any]:
    """Return that record as plain data of its own."""
    return kept(name, company).data()


def forged(data: dict[str, Any]) -> Record:
    """Return a record with all its digests made anew."""
    return Record(canonical_json({**data, "digests": digests_of(data)}))


def generated(seed: int, companies: int = 1) -> Record:
    """Return the record of generated companies under a generated methodology, without bounds."""
    choices = Seeded(seed)
    files = generated_files(choices)
    methodology = cc.methodology_from(files)
    aims = Aims(methodology)
    made = []
    for number in range(companies):
        made.append({**generated_company(aims, choices), "id": f"company_{number}"})
        if seed % 4 == 3:
            disclose_keys(made[-1], methodology, choices)
    return recorded(files, made)


def recorded(files: Mapping[str, Any], companies: Iterable[dict[str, Any]]) -> Record:
    """Return the record of companies under a methodology, given their files as plain data, without bounds."""
    contents = {f"methodology/{name}": as_file(data) for name, data in files.items()}
    methodology = cc.methodology_from(files)
    head = {"title": "Generated", "methodology": methodology.id, "companies": "companies"}
    contents["dataset/dataset.yaml"] = as_file(head)
    for company in companies:
        contents[f"dataset/companies/{company['id']}.yaml"] = as_file(company)
    parts = replayed(contents, {"as_of": None, "company": None}, with_hypothetical=True)
    return Record(complete(parts, made_now((), AT)))


def as_file(data: Any) -> bytes:
    """Return plain data as the content of a file."""
    return to_json(_dates(data)).encode()


def _dates(data: Any) -> Any:
    """Return plain data with days as texts."""
    if isinstance(data, dict):
        return {str(key): _dates(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_dates(item) for item in data]
    return data.isoformat() if isinstance(data, date) else data


Edit = tuple[str, str]
"""A text of a file, and what takes its place."""


def remade(record: Record, edits: Mapping[str, Edit | list[Edit] | None], **options: str | None) -> Record:
    """Return the record that follows from other input files.

    Args:
        record: a record.
        edits: by name of a file what is replaced by what in it, once or several times; None for a file that is dropped.
        options: what was asked for in place of what was asked for then.
    """
    data = record.data()
    contents = contents_of(data["inputs"])
    for name, edit in edits.items():
        if edit is None:
            del contents[name]
            continue
        for old, new in [edit] if isinstance(edit, tuple) else edit:
            assert contents[name].count(old.encode()) == 1, (name, old)
            contents[name] = contents[name].replace(old.encode(), new.encode())
    parts = replayed(contents, {**data["options"], **options}, with_hypothetical=data["hypothetical"])
    return Record(complete(parts, made_now(BY, AT)))


NEWS = """\
  - compost: {collected: true}
    period: 2023
    source: visits-2023
  - electricity: {renewable: 90}
    note: The first figure left out the kitchen.
"""
"""What the second of two records states of a company that the first does not."""


@cache
def two_editions() -> tuple[Record, Record]:
    """Return the record of restaurants under one edition, and that under the next with news about one of them."""
    return kept("first_edition"), remade(
        kept("second_edition"),
        {
            "dataset/companies/old_anchor.yaml": (
                "  - electricity: {renewable: 60}\n",
                NEWS,
            )
        },
    )
