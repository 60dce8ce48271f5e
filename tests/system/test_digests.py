"""Tests that results say what they said, word by word: ``tests/golden/digests.json``; `make golden` writes it anew."""

import json

from tests.support.digests import FILE, digests


def test_every_result_is_what_it_was() -> None:
    kept: dict[str, str] = json.loads(FILE.read_text(encoding="utf-8"))
    found = digests()
    assert list(found) == list(kept)
    assert [name for name in kept if found[name] != kept[name]] == []
