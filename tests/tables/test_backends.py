"""DuckDB as a database: what is asked of it together has the answers that each question has alone."""

import pytest

from cleancloud_rules.tables import backends
from cleancloud_rules.tables.arrow import arrow_table, rows_of
from cleancloud_rules.tables.backends import DuckDB

ROWS = [(number % 7 if number % 5 else None, f"t{number % 3}", number) for number in range(100)]
ASKED = [
    ("numbers", {"one": "small"}),
    ("numbers", {"one": "text", "two": "small"}),
    ("numbers", {"another": "small + 1"}),
    ("texts", {"one": "text"}),
    ("numbers", {"one": "text"}),
    ("(SELECT * FROM numbers WHERE line < 10)", {"one": "small"}),
]


@pytest.mark.parametrize("rows", [ROWS, []])
def test_questions_that_are_asked_together_have_the_answers_of_each(
    rows: list[tuple[int | None, str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backends, "BATCH", 8)
    backend = DuckDB()
    for name in ("numbers", "texts"):
        backend.register(name, arrow_table({"small": "small", "text": "text", "line": "int"}, rows))
    together = backend.distinct(ASKED)
    for question, found in zip(ASKED, together, strict=True):
        (alone,) = backend.distinct([question])
        assert found.column_names == list(question[1])
        assert found.schema.equals(alone.schema)
        assert len(set(rows_of(found))) == found.num_rows
        assert set(rows_of(found)) == set(rows_of(alone))
    backend.close()
