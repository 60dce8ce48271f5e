"""Every mistake in a workbook that the reference shows is reported in these words."""

from pathlib import Path

import pytest

from tests.support.bad_workbooks import TEXTS, shown


@pytest.mark.parametrize("code", TEXTS)
def test_a_mistake_in_a_workbook_is_reported_in_these_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown(code) == TEXTS[code]
