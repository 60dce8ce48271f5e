"""Statements of scoring and reading are translated into the dialect of Spark, which sqlglot's parser of it accepts."""

from pathlib import Path
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from cleancloud_rules.tables.backends import DuckDB
from cleancloud_rules.tables.reading.normalise import fact_tables_of
from cleancloud_rules.tables.scoring.score_table import score_table
from cleancloud_rules.tables.spark.translation import Translator
from tests.support.examples import example
from tests.support.score_tables import seeded_companies
from tests.support.table_folders import parquet_folder, survey
from tests.support.tables_of_companies import tables_of_companies

OF_DUCKDB = ("READ_PARQUET", "READ_CSV", "DESCRIBE", "ALTER TABLE", "SHOW", "SET ", "DROP")
"""What only the backend of DuckDB says itself."""


class Noting(DuckDB):
    """A database that keeps the queries that it is given."""

    def __init__(self) -> None:
        super().__init__()
        super().run("SET threads = 1")
        self.noted: set[str] = set()

    def rows(self, sql: str) -> Any:
        self.noted.add(sql)
        return super().rows(sql)

    def arrow(self, sql: str) -> Any:
        self.noted.add(sql)
        return super().arrow(sql)

    def create(self, name: str, sql: str, *, lasting: bool = False, again: bool = False) -> None:
        self.noted.add(sql)
        super().create(name, sql, lasting=lasting)


@pytest.fixture(scope="module")
def translator() -> Translator:
    return Translator()


def translate_all(noting: Noting, translator: Translator) -> int:
    statements = [sql for sql in noting.noted if not any(word in sql for word in OF_DUCKDB)]
    for statement in statements:
        sql = translator.translated(statement).sql
        tree = sqlglot.parse_one(sql, read="spark")
        assert not list(tree.find_all(exp.Command)), sql  # what sqlglot does not understand, it keeps as a command
        assert not [kind for kind in tree.find_all(exp.DataType) if kind.this in _REFUSED], sql
    return len(statements)


_REFUSED = (exp.DataType.Type.DOUBLE, exp.DataType.Type.FLOAT, exp.DataType.Type.INT128)


@pytest.mark.parametrize("seed", [3, 8, 12])
def test_every_statement_of_a_scoring_is_translated(seed: int, translator: Translator) -> None:
    methodology, companies = seeded_companies(seed, 5)
    noting = Noting()
    score_table(tables_of_companies(companies, methodology, noting), methodology)
    assert translate_all(noting, translator) > 15


def test_every_statement_of_reading_is_translated(translator: Translator, tmp_path: Path) -> None:
    noting = Noting()
    methodology, _ = example("clean_cloud_2024")
    fact_tables_of(parquet_folder(tmp_path / "typed"), methodology, noting)
    fact_tables_of(survey(tmp_path / "texts"), methodology, noting)
    assert translate_all(noting, translator) > 100


@pytest.mark.parametrize(
    ("duckdb", "spark"),
    [
        ("SELECT ROW_NUMBER() OVER () - 1 AS line", "SELECT (MONOTONICALLY_INCREASING_ID() + 1) - 1 AS line"),
        ("SELECT ROW_NUMBER() OVER (ORDER BY a)", "SELECT ROW_NUMBER() OVER (ORDER BY a NULLS LAST)"),
        ("SELECT ROW_NUMBER() OVER (PARTITION BY a)", "SELECT ROW_NUMBER() OVER (PARTITION BY a)"),
        (
            "SELECT DATE_DIFF('day', DATE '1970-01-01', a) + 719163",
            "SELECT CAST(DATEDIFF(a, CAST('1970-01-01' AS DATE)) AS BIGINT) + 719163",
        ),
        ("SELECT CAST((a * 3) // 7 AS BIGINT)", "SELECT CAST((a * 3) DIV 7 AS BIGINT)"),
        ("SELECT LIST_EXTRACT(a, b)", "SELECT ELEMENT_AT(a, b)"),
        (
            "SELECT (CAST(a AS HUGEINT) * 3) // CAST(b AS HUGEINT)",
            "SELECT CAST((CAST(a AS DECIMAL(38, 0)) * 3) / CAST(b AS DECIMAL(38, 0)) AS DECIMAL(38, 0))",
        ),
        ("SELECT LIST_SORT(LIST_DISTINCT(LIST(a)))", "SELECT SORT_ARRAY(ARRAY_DISTINCT(COLLECT_LIST(a)))"),
        ("SELECT a FROM t WHERE a IS NOT DISTINCT FROM 'it''s \\'", r"SELECT a FROM t WHERE a <=> 'it\'s \\'"),
        ("SELECT (p0 >> 3) & 1, BIT_OR(p0)", "SELECT (SHIFTRIGHT(p0, 3)) & 1, BIT_OR(p0)"),
    ],
)
def test_what_sqlglot_would_translate_wrongly_is_changed(duckdb: str, spark: str, translator: Translator) -> None:
    found = translator.translated(duckdb).sql
    assert found.replace("IS NOT DISTINCT FROM", "<=>") == spark


@pytest.mark.parametrize(
    ("statement", "is_costly"),
    [
        ("SELECT a, b + 1 AS c FROM t LEFT JOIN u ON t.a = u.a", False),
        ("SELECT DISTINCT a FROM t", True),
        ("SELECT a, MAX(b) AS b FROM t GROUP BY a", True),
        ("SELECT a, RANK() OVER (ORDER BY a) AS number FROM t", True),
        ("SELECT a FROM t UNION ALL SELECT a FROM u", True),
        ("SELECT 1 FROM t JOIN t1 USING (a) JOIN t2 USING (a) JOIN t3 USING (a) JOIN t4 USING (a)", False),
        (
            "SELECT 1 FROM t JOIN t1 USING (a) JOIN t2 USING (a) JOIN t3 USING (a) JOIN t4 USING (a) JOIN u USING (a)",
            True,
        ),
    ],
)
def test_what_groups_or_joins_much_is_kept(statement: str, is_costly: bool, translator: Translator) -> None:
    assert translator.translated(statement).is_costly is is_costly
