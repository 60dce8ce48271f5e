"""Tests of ``provenance``: where a record comes from."""

import json
from hashlib import sha256
from pathlib import Path

from tests.cli.conftest import Run
from tests.support.kept import kept


def test_a_statement_is_printed_or_written(run: Run, tmp_path: Path) -> None:
    record, made = tmp_path / "water.record.json", tmp_path / "water.intoto.json"
    record.write_bytes(kept("careful_water").to_json().encode())
    done = run("provenance", record)
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.loads(done.stdout)["subject"] == [
        {"name": "water.record.json", "digest": {"sha256": sha256(record.read_bytes()).hexdigest()}}
    ]
    assert run("provenance", record, "-o", made).exit_code == 0
    assert made.read_text(encoding="utf-8") == done.stdout


def test_what_is_no_record_or_was_changed_is_refused(run: Run, tmp_path: Path) -> None:
    record = tmp_path / "water.record.json"
    assert run("provenance", record).exit_code == 1
    record.write_bytes(kept("careful_water").to_json().replace('"at":"2026', '"at":"2025').encode())
    done = run("provenance", record)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "digests.record" in done.stderr
