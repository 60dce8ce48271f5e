"""Reads the wide table of answers: a row for each company, and a column for each question."""

from collections.abc import Mapping, Sequence
from itertools import count

from attrs import define

from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.language.answers import asked_fields
from cleancloud_rules.model.facts import FactType
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.sheets.grid import table_of
from cleancloud_rules.sheets.layout import BESIDE, COMPANY, FACT, questions_of
from cleancloud_rules.tables import facts, sql
from cleancloud_rules.tables.backends import Backend
from cleancloud_rules.tables.facts import field_columns
from cleancloud_rules.tables.reading.checks import Findings, Origin
from cleancloud_rules.tables.reading.columns import Column, TableReader, held_in
from cleancloud_rules.tables.reading.fact_columns import (
    PERIODS,
    REQUIRED,
    beside_columns,
    beside_expressions,
    company_column,
)
from cleancloud_rules.tables.reading.forms import UserTable
from cleancloud_rules.tables.reading.readings import NAMED, fact_type_reading
from cleancloud_rules.tables.reading.references import References
from cleancloud_rules.tables.reading.small_tables import TYPES, register
from cleancloud_rules.tables.reading.text_values import ANYWHERE, Kind, field_reading
from cleancloud_rules.tables.reading.typed_values import Content, content_of_column

_ROWS, _ANSWERS, _ASKED = "answer_rows", "answer_texts", "asked_questions"


@define
class AnswerReader:
    """Reads answers.

    Args:
        methodology: whose questions they answer.
        references: refuses unknown companies and sources.
        gather: collects the diagnostics.
    """

    methodology: Methodology
    references: References
    gather: DiagnosticCollector

    @property
    def backend(self) -> Backend:
        """Where the tables are."""
        return self.references.backend

    def read(self, table: UserTable) -> tuple[Origin, dict[str, str]]:
        """Make a normalised table for each fact type that the answers state.

        Returns:
            Where the facts stand, and the names of the tables by the ids of the types.
        """
        questions = questions_of(self.methodology.vocabulary)
        known = (COMPANY, FACT, *questions, *BESIDE, *(PERIODS if table.csv is None else ()))
        _, columns = table_of(table.sheet, known, (COMPANY, *REQUIRED), self.gather)
        findings = Findings(table, self.backend, self.gather)
        asked = {question: questions[question] for question in columns if question in questions}
        if COMPANY not in columns or not asked:
            return Origin(findings, (COMPANY,)), {}
        contents = {name: content_of_column(table, columns, name) for name in (FACT, *asked)}
        made = [company_column(table, columns), *beside_columns(table, columns, BESIDE)]
        held = [Column(f"q{n}", contents[name], NAMED) for n, name in enumerate((FACT, *asked))]
        raw = held_in(table, [*made, *held], self.backend)
        named = Column("q0", contents[FACT], fact_type_reading(self.methodology.vocabulary))
        reader = TableReader(findings, self.backend, raw, "answers", [*made, named])
        parsed = reader.parsed()
        ends = {COMPANY: parsed[COMPANY].parts[0], **beside_expressions(parsed), "fact": parsed["q0"].parts[0]}
        chosen = ", ".join(f"{expression} AS {name}" for name, expression in ends.items())
        joins = "".join(one.joined for one in parsed.values())
        self.backend.create(_ROWS, f"SELECT {chosen}, r.line FROM {reader.rows} r{joins}")
        reader.drop()
        self.references.refuse(findings, _ROWS)
        self._unpivot(raw, asked)
        self._refuse_ambiguous(findings, asked)
        types = dict.fromkeys(each for types in asked.values() for each in types)
        made_tables = {each.id: self._facts(each, asked, findings) for each in types}
        self.backend.drop(_ROWS)
        self.backend.drop(_ANSWERS)
        return Origin(findings, tuple(asked)), made_tables

    def _unpivot(self, raw: str, asked: Mapping[str, Sequence[FactType]]) -> None:
        """Make a table with a row for each answer."""
        cells = ", ".join(f"q{number} AS {sql.name(name)}" for number, name in enumerate(asked, 1))
        wide = f"SELECT line, {cells} FROM {raw} r"
        names = ", ".join(map(sql.name, asked))
        long = f"SELECT * FROM ({wide}) UNPIVOT (content FOR question IN ({names}))"
        register(self.backend, _ASKED, {"question": "text", "number": "int"}, zip(asked, count()))
        joined = f"({long}) u JOIN {_ASKED} a ON a.question = CAST(u.question AS VARCHAR)"
        query = f"SELECT u.line, a.question, a.number, u.content FROM {joined} WHERE TRIM(u.content) <> ''"
        self.backend.create(_ANSWERS, query)
        self.backend.drop(_ASKED)

    def _refuse_ambiguous(self, findings: Findings, asked: Mapping[str, Sequence[FactType]]) -> None:
        """Report answers to questions that several fact types ask, where no fact type is named."""
        several = {question: types for question, types in asked.items() if len(types) > 1}
        said = {}
        for number, (question, types) in enumerate(several.items()):
            message = f"several fact types have the question `{question}`"
            help = f"name one in a column `{FACT}`: " + ", ".join(f"`{each.id}`" for each in types)
            said = {number: (Diagnostic("missing-key", message, ANYWHERE, help),)}
            query = (
                f"SELECT a.line, {number}, a.question FROM {_ANSWERS} a JOIN {_ROWS} t ON a.line = t.line "
                f"WHERE t.fact IS NULL AND a.question = {sql.text(question)}"
            )
            findings.add(query, question, said)

    def _facts(self, fact_type: FactType, asked: Mapping[str, Sequence[FactType]], findings: Findings) -> str:
        """Make the normalised table of the answers that state facts of a type, and return its name."""
        fields = asked_fields(fact_type)
        assert fields is not None
        question, answer = fields
        units = self.methodology.vocabulary.units
        own = [name for name, types in asked.items() if fact_type in types]
        first = [name for name in own if asked[name][0] is fact_type]
        named = ", ".join(map(sql.text, own))
        unnamed = f"t.fact IS NULL AND a.question IN ({', '.join(map(sql.text, first))})" if first else "FALSE"
        chosen = f"a.question IN ({named}) AND (t.fact = {sql.text(fact_type.id)} OR {unnamed})"
        raw = (
            f"(SELECT a.line, a.question, a.number, a.content, t.* EXCLUDE (line) FROM {_ANSWERS} a "
            f"JOIN {_ROWS} t ON a.line = t.line WHERE {chosen})"
        )
        column = Column(
            "content", Content("question", "content", Kind.TEXT), field_reading(answer, units, is_answer=True)
        )
        reader = TableReader(findings, self.backend, raw, "answers", [column], "question", _ANSWERS)
        parsed = reader.parsed()["content"]
        line = f"r.line * {len(asked)} + r.number"
        columns = {"company": "r.company", "line": line}
        for number, field in enumerate(fact_type.fields):
            names = field_columns(number, field)
            values = ["0", *["NULL"] * (len(names) - 1)]
            if field is question:
                values = ["1", "r.question"]
            elif field is answer:
                values = [parsed.state, *parsed.parts]
            columns |= {
                name: f"CAST({value} AS {TYPES[type]})"
                for (name, type), value in zip(names.items(), values, strict=True)
            }
        columns |= {name: f"r.{name}" for name in facts.BESIDE}
        table = f"answers_{fact_type.id}"
        listed = ", ".join(f"{value} AS {name}" for name, value in columns.items())
        self.backend.create(table, f"SELECT {listed} FROM {reader.rows} r{parsed.joined}", lasting=True)
        reader.drop()
        return table
