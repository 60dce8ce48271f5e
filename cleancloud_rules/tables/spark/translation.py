"""Translates statements from the dialect of DuckDB into that of Spark. The only module that knows sqlglot."""

from functools import lru_cache
from typing import Any

from attrs import frozen

from cleancloud_rules.errors import MissingExtraError

_MISSING = "tables in Spark need sqlglot, DuckDB and Arrow: pip install 'cleancloud-rules[spark]'"

_WHOLE = "DECIMAL(38, 0)"

MAX_STATEMENTS = 512
"""How many translated statements are remembered: scoring again for the same methodology makes the same ones."""

_MANY_JOINS = 4
"""With more joins than that a query is worth keeping."""


@frozen
class Translated:
    """A statement in the dialect of Spark.

    Args:
        sql: the statement.
        is_costly: whether its rows are worth keeping, because it groups or orders rows, or joins many tables. A query
            that only looks at each row and at small tables is run again instead, whenever its rows are asked for.
    """

    sql: str
    is_costly: bool


class Translator:
    """Translates statements.

    Raises:
        MissingExtraError: if sqlglot is missing; the message says what to install.
    """

    # sqlglot knows both dialects. What it would translate wrongly, or not at all, is changed in its tree:
    #
    # * `ROW_NUMBER() OVER ()` would send all rows through one task. A number that grows within each part of a table,
    #   and is different in each part, tells rows apart as well.
    # * Days between dates would be counted between times of day, in the zone of the session.
    # * Spark has no whole numbers of 128 bits. Decimals of 38 digits raise an error too if a number does not fit.
    # * Spark's `DIV` of decimals gives 64 bits, and the wrong ones of a greater quotient, without an error. It is kept
    #   where the quotient is cast to 64 bits, because the library has proved that it has no more. The other quotients
    #   of the library leave no remainder and have at most 24 digits: the quotient of decimals is the same.
    # * `ARRAY_SORT` compares by a function of the interpreter; `SORT_ARRAY` gives the same order by compiled code.

    def __init__(self) -> None:
        try:
            import sqlglot  # noqa: PLC0415 - an extra for Spark alone
        except ImportError as error:
            raise MissingExtraError(_MISSING) from error
        self._sqlglot = sqlglot
        exp = sqlglot.exp
        self._whole = exp.DataType.build(_WHOLE)
        self._costly = (exp.Group, exp.Distinct, exp.Window, exp.Union)
        self._known = lru_cache(MAX_STATEMENTS)(self._translate)

    def translated(self, statement: str) -> Translated:
        """Return a statement in the dialect of Spark."""
        return self._known(statement)

    def _translate(self, statement: str) -> Translated:
        tree = self._sqlglot.parse_one(statement, read="duckdb")
        for node in reversed([*tree.dfs()]):  # what is inside a node before the node itself
            changed = self._changed(node)
            if changed is not node:
                node.replace(changed)
        is_costly = tree.find(*self._costly) is not None
        is_costly = is_costly or sum(1 for _ in tree.find_all(self._sqlglot.exp.Join)) > _MANY_JOINS
        return Translated(tree.sql(dialect="spark"), is_costly)

    def _changed(self, node: Any) -> Any:
        """Return what stands in the place of a node of the tree."""
        exp = self._sqlglot.exp
        match node:
            case exp.Window(this=exp.RowNumber()) if not (node.args.get("partition_by") or node.args.get("order")):
                number = exp.Add(this=exp.Anonymous(this="MONOTONICALLY_INCREASING_ID"), expression=_one(exp))
                return exp.Paren(this=number)
            case exp.DateDiff():
                return exp.cast(exp.Anonymous(this="DATEDIFF", expressions=[node.this, node.expression]), "BIGINT")
            case exp.DataType() if node.this == exp.DataType.Type.INT128:
                return self._whole.copy()
            case exp.IntDiv() if isinstance(node.parent, exp.Cast) and node.parent.is_type("BIGINT"):
                return node
            case exp.Anonymous() if node.name.upper() == "LIST_EXTRACT":
                return exp.Anonymous(this="ELEMENT_AT", expressions=node.expressions)
            case exp.IntDiv():
                return exp.cast(exp.Div(this=node.this, expression=node.expression), self._whole)
            case exp.ArraySort():
                return exp.Anonymous(this="SORT_ARRAY", expressions=[node.this])
        return node


@lru_cache(1)
def translator() -> Translator:
    """Return the translator that all databases share.

    Raises:
        MissingExtraError: if sqlglot is missing; the message says what to install.
    """
    return Translator()


def _one(exp: Any) -> Any:
    return exp.Literal.number(1)
