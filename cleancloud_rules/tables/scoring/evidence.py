"""The facts of all companies: which of them count, and which conditions each of them passes."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from cleancloud_rules.engine.eligibility import after_cut_off
from cleancloud_rules.engine.ruleset import Ruleset
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.derivations import Derivation
from cleancloud_rules.model.facts import Basis, FactType, Field, NotFound, Selection, Source
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import Interval
from cleancloud_rules.tables.facts import MISSING, STATED, FactTables, columns_of, field_columns
from cleancloud_rules.tables.scoring.keys import WORD, Boxes, Coded, KeyCode, prefix_of
from cleancloud_rules.tables.scoring.lookups import Lookups
from cleancloud_rules.tables.scoring.read_again import columns_of_figures, columns_of_inputs
from cleancloud_rules.tables.scoring.stated import DAYS, Alike, alike, depends_on_time, timely
from cleancloud_rules.tables.sql import bit, day, listed

BESIDE = (
    "entity", "entity_state", "basis", "basis_state", "source", "source_id", "source_id_state", "source_type",
    "source_type_state", "published_low", "published_high", "published_state", "published_low_open",
    "published_high_open", "first_day", "period_low", "period_high", "period_state", "period_low_open",
    "period_high_open", "moment", "eligible", "counts",
)  # fmt: skip
"""The columns of a fact beside its company, its line and its fields. Days are numbers; see `sql.day`.

``eligible`` says whether it counts if no other fact of its key prevents it, and ``counts`` whether it counts.
"""


_KNOWN = tuple(f"known_{name}" for name in DAYS)
"""The columns of days, beside which it is known whether facts count."""

# Columns count in units of the last decimal place. A number of a fact has at most 24 digits, and a field at most 12
# decimal places, so that there are at most 36 digits in a column.


@frozen
class TypePlan:
    """What is asked of the facts of one type.

    Args:
        number: the number of the type.
        fact_type: the type.
        places: the decimal places in whose units the columns of each field count.
        code: how its facts are encoded.
        conditions: the numbers of the conditions on it, which follow one another.
        passing: the boxes of these conditions.
    """

    number: int
    fact_type: FactType
    places: tuple[int, ...]
    code: KeyCode
    conditions: range
    passing: Boxes

    @property
    def words(self) -> range:
        """The words in which the bits of its conditions lie."""
        return range(self.conditions.start // WORD, -(-self.conditions.stop // WORD))

    def columns(self, *beside: str) -> list[str]:
        """Return the columns of its facts, with further ones."""
        fields = [name for number, own in enumerate(self.fact_type.fields) for name in field_columns(number, own)]
        return ["company", "line", *fields, *BESIDE, *beside]

    def places_of(self, field: str) -> int:
        """Return the decimal places in whose units the columns of a field count; 0 for a reserved field."""
        named = zip(self.fact_type.fields, self.places, strict=True)
        return next((places for own, places in named if own.id == field), 0)


def type_plans(ruleset: Ruleset) -> dict[str, TypePlan]:
    """Return what is asked of the facts of each type."""
    plans, start = {}, 0
    vocabulary = ruleset.methodology.vocabulary
    for number, fact_type in enumerate(vocabulary.fact_types):
        places = tuple(places_of(fact_type, own, vocabulary.derivations) for own in fact_type.fields)
        by_field = {own.id: most for own, most in zip(fact_type.fields, places, strict=True)}
        cells = ruleset.encodings[fact_type.id].cells
        coded = {name: Coded(own, prefix_of(name, fact_type), by_field.get(name, 0)) for name, own in cells.items()}
        own = [c.passing for c in ruleset.conditions if c.condition.fact_type == fact_type.id]
        code, conditions = KeyCode(coded), range(start, start + len(own))
        plans[fact_type.id] = TypePlan(number, fact_type, places, code, conditions, Boxes(code, own))
        start = conditions.stop
    return plans


def places_of(fact_type: FactType, own: Field, derivations: Iterable[Derivation]) -> int:
    """Return the decimal places that values of a field may have; a derivation may name more than the field."""
    if not own.type.is_decimal:
        return 0
    made = [d.digits or 0 for d in derivations if d.fact == fact_type.id and own.id in {a.field for a in d.assignments}]
    return max(own.digits, *made) if made else own.digits


class Evidence:
    """The facts of all companies in a database.

    Args:
        tables: the tables of facts.
        ruleset: the compiled methodology.
        lookups: makes tables.
        with_hypothetical: whether hypothetical facts are read.

    Attributes:
        plans: what is asked of the facts of each type.
        sources: a table of the sources, each with whether facts count as far as their source goes.
        alike: the stated facts of all types, as far as they are alike in what decides whether they count.
        rows: the facts of each type, a table or a query in brackets, with the columns of its plan. Where only the
            latest facts of a key count, there are two more: ``answer``, the same for all facts of an exact key if they
            are one answer, and ``contradicts``.
        failing: queries for the companies that have no result, with the columns ``company`` and ``problem``.
    """

    def __init__(self, tables: FactTables, ruleset: Ruleset, lookups: Lookups, *, with_hypothetical: bool) -> None:
        self.ruleset = ruleset
        self.methodology: Methodology = ruleset.methodology
        self.plans: dict[str, TypePlan] = type_plans(ruleset)
        self.lookups = lookups
        self.failing: list[str] = []
        self._with_hypothetical = with_hypothetical
        self._kept: dict[str, tuple[str, str]] = {}
        self._kinds: dict[tuple[str, bool], int] = {}
        self.sources: str = lookups.held(f"SELECT * FROM {self._judged_sources(tables)} AS sources")
        self.alike: list[Alike] = alike(tables, self.methodology, self.sources, [*self._kinds])
        self._timely = self._timely_days()
        self.rows: dict[str, str] = {}
        for id, plan in self.plans.items():
            self.rows[id] = self.selected(plan, self._stated(plan, tables))
            if id in ruleset.selecting:
                problem = f"'facts of the type {id} contradict each other' AS problem"
                self.failing.append(f"SELECT company, {problem} FROM {self.rows[id]} AS facts WHERE contradicts")

    def coded(self, plan: TypePlan, columns: Iterable[str]) -> str:
        """Return a query in brackets for the facts of a type with their keys beside some columns."""
        rows, keys = self.rows[plan.fact_type.id], plan.code.columns
        of, table = self._kept.get(plan.fact_type.id, ("", ""))
        if of == rows:
            rows, keys = table, {name: name for name in keys}
        return f"(SELECT {', '.join(columns)}, {listed(keys)} FROM {rows} AS facts)"

    def coded_together(self, plans: Sequence[TypePlan]) -> str:
        """Return a query in brackets for the facts of types whose keys have the same columns.

        Its columns are ``company``, ``counts``, the number of the type as ``fact_type``, and those of the keys.
        """
        number = "CAST({} AS INTEGER) AS fact_type"
        parts = (self.coded(plan, ["company", "counts", number.format(plan.number)]) for plan in plans)
        return f"({' UNION ALL '.join(f'SELECT * FROM {part} AS facts' for part in parts)})"

    def inputs(self, plan: TypePlan) -> list[str]:
        """Return the columns of the facts of a type that derivations read, beside their company."""
        columns = columns_of_inputs(self.ruleset, plan.fact_type, plan.conditions)
        return list(dict.fromkeys(["company", "counts", *columns]))

    def figures(self, plan: TypePlan) -> list[str]:
        """Return the columns of the facts of a type that counts and numbers in proportion read; there may be none."""
        columns = columns_of_figures(self.ruleset, plan.fact_type, plan.conditions)
        return [*columns, *(["answer"] if columns and plan.fact_type.id in self.ruleset.selecting else [])]

    def keep(self, plan: TypePlan) -> None:
        """Keep the facts of a type that derivations read with their keys, if it is costly to encode them again."""
        rows = self.rows[plan.fact_type.id]
        if self.is_costly(plan) and self._kept.get(plan.fact_type.id, ("", ""))[0] != rows:
            columns = dict.fromkeys([*self.inputs(plan), *self.figures(plan)])
            table = self.lookups.new(f"SELECT * FROM {self.coded(plan, columns)} AS facts", again=True)
            self._kept[plan.fact_type.id] = rows, table

    def forget_kept(self) -> None:
        """Drop the facts that `keep` kept: all facts have been encoded."""
        self.lookups.forget(*(table for _, table in self._kept.values()))
        self._kept.clear()

    def is_costly(self, plan: TypePlan) -> bool:
        """Whether it takes longer to encode the facts of a type than to read their keys from a table.

        It does where numbers or days are compared. To compare a few names takes less time than to write a table.
        """
        return depends_on_time(plan.fact_type, self.methodology) or plan.code.is_ordered

    def passes(self, condition: int) -> str:
        """Return the condition that a fact beside which its bits stand counts and passes a condition of a rule."""
        return f"counts AND {bit(f'p{condition // WORD}', condition % WORD)}"

    # Facts that count

    def _judged_sources(self, tables: FactTables) -> str:
        """Return a query for the sources, each with whether facts count as far as their source goes.

        ``kind`` is the place in `_kinds` of the type of a source and of whether its facts count.
        """

        def accepted(rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[bool, int]]:
            for kind, *days in rows:
                source = Source("", kind, published=_days(*days[:2]), accessed=_days(*days[2:]))
                late = after_cut_off(NotFound(Condition(""), source=source), self.methodology)
                own = kind, kind in self.methodology.accepted_sources and late is None
                yield own[1], self._kinds.setdefault(own, len(self._kinds))

        days = [f"{what}_{end}" for what in ("published", "accessed") for end in ("low", "high")]
        asked = {name: name for name in ("type", *(days if self.methodology.as_of is not None else ()))}
        if self.methodology.as_of is None:
            answers = lambda rows: accepted([(*row, None, None, None, None) for row in rows])  # noqa: E731
        else:
            answers = accepted
        kept = ("source", "id", "type", "published_low", "published_high")
        return self.lookups.answered(tables.named("sources"), asked, answers, {"accepted": "bool", "kind": "int"}, kept)

    def _timely_days(self) -> dict[str, str]:
        """Return tables of the days of stated facts with whether facts of these days count, by horizon."""
        by_horizon: dict[str, list[Alike]] = {}
        for plan in self.plans.values():
            if depends_on_time(plan.fact_type, self.methodology):
                by_horizon.setdefault(plan.fact_type.horizon, [])
        for facts in self.alike:
            by_horizon.get(self.plans[facts.type].fact_type.horizon, []).append(facts)
        columns = {**dict.fromkeys(_KNOWN, "int"), "timely": "bool"}
        own = self.methodology
        return {h: self.lookups.given(columns, timely(facts, own)) for h, facts in by_horizon.items()}

    def _stated(self, plan: TypePlan, tables: FactTables) -> str:
        """Return a query in brackets for the stated facts of a type."""
        table = tables.named(f"facts_{plan.number}")
        if self._needs_distinct(plan):
            names = ", ".join(name for name in columns_of(plan.fact_type) if name != "line")
            table = f"(SELECT MIN(line) AS line, {names} FROM {table} GROUP BY {names})"
        is_read = "TRUE" if self._with_hypothetical else f"facts.basis <> '{Basis.HYPOTHETICAL.value}'"
        eligible = f"COALESCE({is_read} AND sources.accepted, FALSE)"
        shifts = [most - own.digits for most, own in zip(plan.places, plan.fact_type.fields, strict=True)]
        query = self.staged(table, plan, shifts, eligible)
        if not depends_on_time(plan.fact_type, self.methodology):
            return query
        own_days = ("first_day", "period_low", "moment")
        tests = " AND ".join(f"{own} IS NOT DISTINCT FROM {name}" for own, name in zip(own_days, _KNOWN, strict=True))
        found = f"{query} AS facts JOIN {self._timely[plan.fact_type.horizon]} AS known ON {tests}"
        own = {name: name for name in plan.columns()} | dict.fromkeys(("eligible", "counts"), "eligible AND timely")
        return f"(SELECT {listed(own)} FROM {found})"

    def _needs_distinct(self, plan: TypePlan) -> bool:
        """Whether it makes a difference that a table has the same fact twice."""
        counted = {number for _, number, distinct in self.ruleset.counters if distinct is None}
        joined = {number for join in self.ruleset.joins for number in join.conditions}
        return not (counted | joined).isdisjoint(plan.conditions)

    def staged(self, table: str, plan: TypePlan, shifts: Sequence[int], eligible: str) -> str:
        """Return a query in brackets for facts with their sources, in the columns of their plan.

        Args:
            table: a table or a query in brackets, with the columns of `facts.columns_of`.
            plan: the plan of their type.
            shifts: by how many further decimal places the numbers of each field count.
            eligible: the expression for whether a fact of ``facts`` with a source of ``sources`` is eligible.
        """
        fields = {}
        for number, (own, shift) in enumerate(zip(plan.fact_type.fields, shifts, strict=True)):
            for name in field_columns(number, own):
                is_shifted = shift and name.endswith(("_low", "_high"))
                value = f"CAST(facts.{name} * {10**shift} AS DECIMAL(38, 0))"
                fields[name] = value if is_shifted else f"facts.{name}"
        last, no = day("facts.period_end"), "FALSE"
        beside = (
            "facts.entity", _state("facts.entity"), "facts.basis", f"{STATED}", "facts.source", "sources.id",
            _state("sources.id"), "sources.type", _state("sources.type"), day("sources.published_low"),
            day("sources.published_high"), _state("sources.published_low"), no, no, day("facts.period_start"), last,
            last, _state("facts.period_end"), no, no, day("facts.as_of"), eligible, eligible,
        )  # fmt: skip
        columns = {"company": "facts.company", "line": "facts.line", **fields, **dict(zip(BESIDE, beside, strict=True))}
        joined = f"{table} AS facts LEFT JOIN {self.sources} AS sources ON facts.source = sources.source"
        return f"(SELECT {listed(columns)} FROM {joined})"

    def selected(self, plan: TypePlan, rows: str) -> str:
        """Return the facts of a type, with which of them count if only the latest of each key do; see `selection`."""
        if plan.fact_type.id not in self.ruleset.selecting:
            return rows
        is_single = plan.fact_type.selection is Selection.SINGLE
        keys = [(n, own) for n, own in enumerate(plan.fact_type.fields) if own.key]
        key = ", ".join(["eligible", "company", "entity", *(c for n, own in keys for c in field_columns(n, own))])
        exact = " AND ".join(is_exact(f"f{n}", own, missing=True) for n, own in keys) or "TRUE"
        last, said = "COALESCE(period_low, moment, 1)", plan.columns()[2 : -len(BESIDE)]
        columns = ", ".join(plan.columns())
        dated = (
            f"SELECT {columns}, {exact} AS exact, {last} AS last, MAX({last}) OVER (PARTITION BY {key}) AS newest, "
            f"DENSE_RANK() OVER (PARTITION BY {key}, {last} ORDER BY {', '.join(said)}) AS said FROM {rows} AS facts"
        )
        differ = f"MAX(said) OVER (PARTITION BY {key}, last) > 1" if is_single else "FALSE"
        answer = f"CASE WHEN exact THEN MIN(line) OVER (PARTITION BY {key}) ELSE line END" if is_single else "line"
        judged = (
            f"SELECT {columns}, {answer} AS answer, eligible AND (NOT exact OR last = newest) AS latest, "
            f"eligible AND exact AND last = newest AND {differ} AS contradicts FROM ({dated}) AS facts"
        )
        own = {name: name for name in plan.columns("answer", "contradicts")} | {"counts": "latest AND NOT contradicts"}
        return self.lookups.new(f"SELECT {listed(own)} FROM ({judged}) AS facts")


def is_exact(prefix: str, own: Field, *, missing: bool) -> str:
    """Return the condition that a field is stated exactly, or is missing if that is allowed."""
    point = f" AND COALESCE({prefix}_low = {prefix}_high, FALSE)" if own.type.is_ordered else ""
    stated = f"{prefix}_state = {STATED}{point}"
    return f"({stated} OR {prefix}_state = {MISSING})" if missing else f"({stated})"


def _state(column: str) -> str:
    return f"CASE WHEN {column} IS NULL THEN {MISSING} ELSE {STATED} END"


def _days(low: date | None, high: date | None) -> date | Interval | None:
    return low if low == high else Interval(low, high)
