"""Lookups: the library answers each distinct row of a query once, and the answers are joined back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from attrs import frozen

from cleancloud_rules.tables.arrow import Columns, arrow_table, beside, rows_of
from cleancloud_rules.tables.backends import Backend
from cleancloud_rules.tables.sql import listed, same

Answers = Callable[[Sequence[tuple[Any, ...]]], Iterable[tuple[Any, ...] | None]]
"""Returns an answer for each of some distinct rows; None leaves out the rows that have these values."""


MAX_JOINS = 32
"""How many tables of answers one query joins: it is slow to plan hundreds of them."""


MAX_HELD = 100_000
"""Up to how many rows pass through this process where the database would not know that they are few."""


@frozen
class Question:
    """What is asked about each distinct row of some columns of a source.

    Args:
        source: a table, or a query in brackets.
        columns: the expressions that are asked about, by the name of their column; at least one.
        answers: returns the answers.
        given: the columns of an answer, with their types.
    """

    source: str
    columns: Mapping[str, str]
    answers: Answers
    given: Columns


class Lookups:
    """Makes tables of answers in a database, and drops them at the end.

    Args:
        backend: the database.
        prefix: how the names of its tables begin.
    """

    def __init__(self, backend: Backend, prefix: str) -> None:
        self.backend = backend
        self._prefix = prefix
        self._numbers = count()
        self._made: list[str] = []

    def new(self, sql: str, *, again: bool = False) -> str:
        """Make a table of the rows of a query and return its name.

        Args:
            sql: the query.
            again: whether all rows are read more than once.
        """
        name = self._name()
        self.backend.create(name, sql, again=again)
        return name

    def held(self, sql: str) -> str:
        """Make a table of the rows of a query, which are likely few, and return its name.

        If there are at most `MAX_HELD`, they pass through this process: then Spark knows that they are few, and sends
        them to all workers. It would send the rows of the other table about where both are joined.
        """
        found = self.backend.arrow(f"SELECT * FROM ({sql}) AS few LIMIT {MAX_HELD + 1}")
        if found.num_rows > MAX_HELD:
            return self.new(sql, again=True)
        name = self._name()
        self.backend.register(name, found)
        return name

    def drop(self) -> None:
        """Drop all tables."""
        while self._made:
            self.backend.drop(self._made.pop())

    @property
    def made(self) -> tuple[str, ...]:
        """The names of the tables that there are."""
        return tuple(self._made)

    def forget(self, *names: str) -> None:
        """Drop tables that are not read again."""
        for name in names:
            self._made.remove(name)
            self.backend.drop(name)

    def _name(self) -> str:
        self._made.append(f"{self._prefix}_{next(self._numbers)}")
        return self._made[-1]

    def asked(self, source: str, columns: Mapping[str, str], answers: Answers, given: Columns) -> str:
        """Make a table with the distinct values of some columns of a source and the answer to each; return its name.

        The arguments are those of a `Question`.
        """
        (name,) = self.asked_each([Question(source, columns, answers, given)])
        return name

    def asked_each(self, questions: Sequence[Question]) -> list[str]:
        """Make a table for each question, as `asked` does, and return their names. All are asked together."""
        names = []
        rows = self.backend.distinct([(question.source, question.columns) for question in questions])
        for question, found in zip(questions, rows, strict=True):
            names.append(self._name())
            self.backend.register(names[-1], beside(found, question.given, list(question.answers(rows_of(found)))))
        return names

    def given(self, columns: Columns, rows: Iterable[Sequence[Any]]) -> str:
        """Make a table of rows and return its name.

        Args:
            columns: the columns, with their types.
            rows: the rows.
        """
        name = self._name()
        self.backend.register(name, arrow_table(columns, rows))
        return name

    def beside(self, table: str, kept: Iterable[str], answers: Sequence[tuple[str, Iterable[str], list[str]]]) -> str:
        """Make a table with tables of answers beside some columns of another one, in its place; return its name.

        Args:
            table: the table.
            kept: the columns of it that are kept.
            answers: tables of answers, each with the columns that were asked about and with those of the answers.
        """
        # Each row has its answers, but left joins keep their order: DuckDB loses itself in ordering many inner ones.
        own = list(kept)
        read = list(dict.fromkeys((*own, *(name for _, asked, _ in answers for name in asked))))
        for start in range(0, len(answers), MAX_JOINS):
            part, rest = answers[start : start + MAX_JOINS], answers[start + MAX_JOINS :]
            joined, names = f"{table} AS source", [f"source.{name}" for name in (read if rest else own)]
            for place, (known, asked, given) in enumerate(part):
                joined += f" LEFT JOIN {known} AS k{place} ON {same('source', f'k{place}', asked)}"
                names += [f"k{place}.{name}" for name in given]
                read += given
                own += given
            former, table = table, self.new(f"SELECT {', '.join(names)} FROM {joined}")
            self.forget(former)
        return table

    def answered(
        self, source: str, columns: Mapping[str, str], answers: Answers, given: Columns, kept: Iterable[str]
    ) -> str:
        """Return a query in brackets for the rows of a source with the answers to some of their columns beside them.

        Args:
            source: a table, or a query in brackets.
            columns: the expressions that are asked about, by the name of their column; with none there is one answer.
            answers: returns the answers.
            given: the columns of an answer, with their types.
            kept: the columns of the source that are kept.
        """
        number = next(self._numbers)
        renamed = {f"x{number}_{name}": expression for name, expression in (columns or {"all": "0"}).items()}
        known = self.asked(source, renamed, answers if columns else lambda rows: answers([() for _ in rows]), given)
        own, told = listed({name: f"source.{name}" for name in kept}), listed({name: f"known.{name}" for name in given})
        tested = f"(SELECT *, {listed(renamed)} FROM {source} AS own) AS source"
        return f"(SELECT {own}, {told} FROM {tested} JOIN {known} AS known ON {same('source', 'known', renamed)})"
