import re
import sys
from pathlib import Path

import pytest

from tests.support import deep
from tests.support.deep import PARTS, Part, counts, main, result
from tests.support.places import ROOT


def test_every_part_is_named_by_the_contributors_guide() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for name in PARTS:
        first, _, number = name.partition("-")
        assert f"`{name}`" in text or re.search(rf"`{first}-1` to `-[{number}-9]`", text), name


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("20 passed, 6510 deselected in 9.12s", "20 passed"),
        ("1 failed, 19 passed, 2 errors in 9.12s", "1 failed, 19 passed, 2 errors"),
        ("107 faults, 0 survived, 512 s", "107 faults, 0 survived"),
        ("killed", "no result"),
    ],
)
def test_counts_are_taken_from_the_last_line(last: str, said: str) -> None:
    assert counts(f"3 passed in 1 s\n{last}\n") == said


def test_a_part_gives_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    parts = {"good": Part("one", module=("platform",)), "bad": Part("none", module=("no_such_module",))}
    monkeypatch.setattr(deep, "PARTS", parts)
    monkeypatch.setattr(deep, "LOGS", tmp_path)
    passed, line = result("good")
    assert passed
    assert re.fullmatch(r"good +passed: no result, \d+ s \(one\)", line)
    passed, line = result("bad")
    assert not passed
    assert re.fullmatch(r"bad +FAILED, see \S+/bad\.log: no result, \d+ s \(none\)", line)


def test_a_part_that_there_is_not_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["deep", "differential-9"])
    with pytest.raises(SystemExit):
        main()
    assert "there is no part `differential-9`" in capsys.readouterr().err
