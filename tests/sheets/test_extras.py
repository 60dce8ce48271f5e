"""Tests of what is said where a package for sheets is not installed."""

import sys
from pathlib import Path
from typing import Any

import pytest

from cleancloud_rules import dataset_from_tables
from cleancloud_rules.errors import MissingExtraError
from cleancloud_rules.sheets.export import csv_files_of, template
from cleancloud_rules.sheets.load import load_sheets
from tests.support.workbooks import dataset, edited, rules


def test_each_missing_package_is_named_with_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = edited(tmp_path / "a.xlsx", lambda book: None)
    frame: Any = object()
    for package, extra, call in (
        ("openpyxl", "xlsx", lambda: load_sheets(file, rules())),
        ("xlsxwriter", "xlsx", lambda: template(rules())),
        ("narwhals", "tables", lambda: dataset_from_tables({"companies": frame}, rules())),
    ):
        monkeypatch.setitem(sys.modules, package, None)
        with pytest.raises(MissingExtraError, match=rf"pip install 'cleancloud-rules\[{extra}\]'"):
            call()


def test_csv_files_and_rows_need_no_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = dataset()
    for package in ("openpyxl", "xlsxwriter", "narwhals"):
        monkeypatch.setitem(sys.modules, package, None)
    for name, text in csv_files_of(whole, rules()).items():
        (tmp_path / name).write_bytes(text.encode())
    assert load_sheets(tmp_path, rules()).dataset.companies == whole.companies
    assert dataset_from_tables({"companies": [{"id": "a", "name": "A"}]}, rules()).company("a").name == "A"
