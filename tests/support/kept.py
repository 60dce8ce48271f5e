"""Records of the examples, made once in each process."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import cleancloud_rules as cc
from cleancloud_rules.results import Record
from tests.support.examples import FOLDERS

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
