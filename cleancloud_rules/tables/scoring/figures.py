"""Counts of facts, and the best numbers of those that rules in proportion read."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from attrs import field, frozen

from cleancloud_rules.engine.ruleset import Ruleset
from cleancloud_rules.model.facts import Fact, Field
from cleancloud_rules.model.methodology import Rule
from cleancloud_rules.model.values import FieldType
from cleancloud_rules.scoring.points import earned_by
from cleancloud_rules.tables.facts import field_columns
from cleancloud_rules.tables.scoring.derivations import values_of
from cleancloud_rules.tables.scoring.evidence import Evidence, TypePlan
from cleancloud_rules.tables.scoring.keys import WORD, prefix_of
from cleancloud_rules.tables.scoring.layout import literals_of
from cleancloud_rules.tables.scoring.lookups import Question
from cleancloud_rules.tables.sql import bit


@frozen
class Best:
    """The best number of the facts that pass a condition, for a rule in proportion.

    Args:
        column: its column. The values are positions of `facts`.
        facts: a fact for each number of points, the one that earns least first.
    """

    column: str
    facts: list[Fact] = field(factory=list)


@frozen
class Count:
    """A count that rules ask for.

    Args:
        name: its column.
        condition: the number of the condition whose facts are counted.
        distinct: the field whose distinct values are counted; None counts facts.
        most: the greatest number that a rule asks for: a higher count makes no difference.
    """

    name: str
    condition: int
    distinct: str | None
    most: int


def counts_of(ruleset: Ruleset) -> dict[str, Count]:
    """Return the counts that rules ask for, by the name that literals have for them."""
    literals = [literal for literal in literals_of(ruleset.rules.values()) if literal.counts]
    most: dict[str, int] = {}
    for literal in literals:
        most[literal.counter] = max(literal.number, most.get(literal.counter, 1))
    counters = {(condition, distinct): name for name, condition, distinct in ruleset.counters}
    own = {literal.counter: (literal.condition, literal.distinct) for literal in literals}
    return {counter: Count(counters[key], *key, most[counter]) for counter, key in own.items()}


class Figures:
    """What is counted of the facts of one type, and their best numbers.

    Args:
        evidence: the facts that count.
        plan: the plan of the type.
        counts: the counts that rules ask for.

    Attributes:
        conditions: the conditions whose facts are counted or compared: bits, the lowest for the first one of the type.
        questions: what is asked about the numbers of facts, for each field that rules in proportion read.
        best: the best numbers, by criterion, rule and number of the condition.
    """

    def __init__(self, evidence: Evidence, plan: TypePlan, counts: Iterable[Count]) -> None:
        self._evidence = evidence
        self._plan = plan
        self._counts = [one for one in counts if one.condition in plan.conditions]
        self.best: dict[tuple[str, str, int], Best] = {}
        self.questions: list[Question] = []
        self._bests: dict[str, str] = {}
        self._add_numbers()
        read = {one.condition for one in self._counts} | {number for _, _, number in self.best}
        self.conditions: int = sum(1 << number - plan.conditions.start for number in read)

    def counts(self) -> dict[str, str]:
        """Return the expressions of counts by name, over the facts of one company; see `of_members` for others."""
        found = dict[str, str]()
        for one in self._counts:
            own = self._field(one.distinct)
            if own is None or own.type is not FieldType.SET:
                value = f"CASE WHEN {self._passes(one.condition)} THEN {self._counted(one.distinct, own)} END"
                found[one.name] = f"LEAST(COUNT(DISTINCT {value}), {one.most})"
        return found

    def bests(self) -> dict[str, str]:
        """Return the expressions of the places of best numbers by name, over the facts of one company."""
        return self._bests

    def of_members(self, facts: str) -> dict[str, str]:
        """Return queries for how many different members the sets in a field have together, by the name of the count.

        Args:
            facts: a query in brackets for the facts with the bits of the conditions that they pass.
        """
        found = dict[str, str]()
        for one in self._counts:
            own = self._field(one.distinct)
            if own is not None and own.type is FieldType.SET:
                members = f"UNNEST({prefix_of(own.id, self._plan.fact_type)}) AS member"
                passing = f"SELECT company, {members} FROM {facts} AS facts WHERE {self._passes(one.condition)}"
                count = f"LEAST(COUNT(DISTINCT member), {one.most}) AS {one.name}"
                found[one.name] = f"SELECT company, {count} FROM ({passing}) AS facts GROUP BY company"
        return found

    def beside(self, answers: Sequence[str]) -> tuple[str, list[str]]:
        """Return what is joined to facts ``source`` for the answers about their numbers, and the columns of these.

        Args:
            answers: the tables of answers to `questions`.
        """
        joined, columns = "", list[str]()
        for n, (question, table) in enumerate(zip(self.questions, answers, strict=True)):
            joined += f" JOIN {table} AS numbers{n} ON {same_as(question, f'numbers{n}')}"
            columns += [f"numbers{n}.{name}" for name in question.given]
        return joined, columns

    @staticmethod
    def _passes(condition: int) -> str:
        return bit(f"p{condition // WORD}", condition % WORD)

    def _field(self, name: str | None) -> Field | None:
        vocabulary = self._evidence.methodology.vocabulary
        return None if name is None else vocabulary.field_of(self._plan.fact_type.id, name)

    def _counted(self, distinct: str | None, own: Field | None) -> str:
        """Return the expression of what is counted once: a fact, an answer, or an exact value of a field."""
        if distinct is None or own is None:
            return "answer" if self._plan.fact_type.id in self._evidence.ruleset.selecting else "line"
        prefix = prefix_of(distinct, self._plan.fact_type)
        return f"CASE WHEN {prefix}_low = {prefix}_high THEN {prefix}_low END" if own.type.is_ordered else prefix

    def _add_numbers(self) -> None:
        """Ask about the numbers of each field that rules in proportion read."""
        own = self._plan.fact_type.id
        rules: dict[str, dict[Any, Rule]] = {}
        for criterion in self._evidence.methodology.criteria:
            for rule in criterion.rules:
                if rule.in_proportion is None or rule.in_proportion.fact_type != own:
                    continue
                alike = rules.setdefault(rule.in_proportion.field, {})
                alike.setdefault((rule.points, rule.in_proportion), rule)
        made: dict[Any, Best] = {}
        for name, alike in rules.items():
            columns = field_columns(*_field(self._plan, name))
            bests = [Best(f"q{len(made) + n}") for n in range(len(alike))]
            made |= zip(alike, bests, strict=True)
            answers = partial(self._places, tuple(columns), [*alike.values()], bests)
            asked = {f"{column}_asked": column for column in columns}
            given = {best.column: "int" for best in bests}
            self.questions.append(Question(self._evidence.rows[own], asked, answers, given))
        for criterion in self._evidence.methodology.criteria:
            for rule in criterion.rules:
                key = (rule.points, rule.in_proportion)
                if key not in made:
                    continue
                supporting = self._evidence.ruleset.rules[criterion.id, rule.id].supporting
                for condition in sorted({n for some in supporting for n in some if n in self._plan.conditions}):
                    best = Best(f"{made[key].column}_{condition}", made[key].facts)
                    self._bests[best.column] = f"MAX(CASE WHEN {self._passes(condition)} THEN {made[key].column} END)"
                    self.best[str(criterion.id), rule.id, condition] = best

    def _places(
        self, columns: Sequence[str], rules: Sequence[Rule], bests: Sequence[Best], rows: Sequence[tuple[Any, ...]]
    ) -> Iterator[tuple[int | None, ...]]:
        """Answer each number of a field with the positions of the points that rules in proportion give for it."""
        type_id, model = self._plan.fact_type.id, self._plan.fact_type.model
        held = (dict(zip(columns, row, strict=True)) for row in rows)
        facts = [Fact("", type_id, model(**values_of(self._plan, own))) for own in held]
        found = [self._positions(rule, facts, best.facts) for rule, best in zip(rules, bests, strict=True)]
        yield from zip(*found, strict=True)

    def _positions(self, rule: Rule, stating: Sequence[Fact], facts: list[Fact]) -> list[int | None]:
        """Return the position of the points that a rule in proportion gives for each fact; None if it has no number.

        Args:
            rule: the rule.
            stating: the facts.
            facts: an empty list, for a fact for each position.
        """
        # The fact that earns most before rounding earns most after it, so that positions of rounded points are enough.
        rounding = self._evidence.methodology.rounding
        earned = [earned_by(rule, [fact], rounding) if fact.values.items() else None for fact in stating]
        first: dict[Decimal, Fact] = {}
        for points, fact in zip(earned, stating, strict=True):
            if points is not None:
                first.setdefault(points, fact)
        positions = {points: position for position, points in enumerate(sorted(first))}
        facts.extend(first[points] for points in positions)
        return [None if points is None else positions[points] for points in earned]


def same_as(question: Question, table: str) -> str:
    """Return the condition that a row of ``source`` is what a row of a table of answers to a question is about."""
    columns = question.columns.items()
    return " AND ".join(f"source.{own} IS NOT DISTINCT FROM {table}.{name}" for name, own in columns) or "TRUE"


def _field(plan: TypePlan, name: str) -> tuple[int, Field]:
    return next((place, own) for place, own in enumerate(plan.fact_type.fields) if own.id == name)
