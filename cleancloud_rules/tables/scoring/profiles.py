"""What each company has of what rules ask for: bits of conditions, counts, and the best numbers of proportions."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from attrs import evolve, field, frozen

from cleancloud_rules.model.conditions import conditions_of
from cleancloud_rules.model.facts import Fact, Field
from cleancloud_rules.model.methodology import Rule
from cleancloud_rules.model.partitions.boxes import Box
from cleancloud_rules.model.values import FieldType
from cleancloud_rules.scoring.points import earned_by
from cleancloud_rules.tables.facts import FactTables, field_columns
from cleancloud_rules.tables.scoring.derivations import values_of
from cleancloud_rules.tables.scoring.evidence import Evidence, TypePlan
from cleancloud_rules.tables.scoring.keys import WORD, Boxes, prefix_of, words_of
from cleancloud_rules.tables.scoring.lookups import Answers, Question
from cleancloud_rules.tables.sql import listed


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
class _Coded:
    """Encoded facts of one type, or of several whose keys have the same columns.

    Args:
        plans: the plans of the types.
        table: the name of their table.
        asked: what is asked about them: the expressions by name of column.
        words: the words of the bits of conditions that are answered.
        given: the columns of answers.
        answers: the name of the table of answers.
    """

    plans: Sequence[TypePlan]
    table: str
    asked: dict[str, str]
    words: range
    given: Sequence[str]
    answers: str = ""

    @property
    def is_joint(self) -> bool:
        """Whether its facts have the number of their type beside them."""
        return "of_type" in self.asked

    def with_bits(self, kept: Sequence[str]) -> str:
        """Return a query for some columns of the facts, with their bits beside them."""
        tests = " AND ".join(f"source.{own} IS NOT DISTINCT FROM known.{name}" for name, own in self.asked.items())
        names = ", ".join([*(f"source.{name}" for name in kept), *(f"known.{name}" for name in self.given)])
        return f"SELECT {names} FROM {self.table} AS source JOIN {self.answers} AS known ON {tests}"


class Profiles:
    """The table of what each company has, with ``company``, ``cohort`` and the columns that the methods name.

    Args:
        tables: the tables of facts.
        evidence: the facts that count, with those that are derived.

    Attributes:
        table: the name of the table.
        best: the best numbers, by criterion, rule and number of the condition.
    """

    def __init__(self, tables: FactTables, evidence: Evidence) -> None:
        self._evidence = evidence
        self._ruleset = evidence.ruleset
        self._criteria = {str(criterion.id): place for place, criterion in enumerate(evidence.methodology.criteria)}
        self._coded: list[_Coded] = self._coded_facts()
        self._queries: dict[str, str] = self._of_figures()
        self._counters = {_counter(condition, distinct): name for name, condition, distinct in self._ruleset.counters}
        self.best: dict[tuple[str, str, int], Best] = {}
        self._enough = self._enough_of_each()
        self._columns = {"company": "companies.company", "cohort": "companies.cohort"}
        self._joined = f"{tables.named('companies')} AS companies"
        self._add(f"SELECT * FROM {evidence.lookups.new(self._bits())} AS bits", dict.fromkeys(self._words(), "0"))
        evidence.lookups.forget(*(coded.table for coded in self._coded if coded.is_joint))
        evidence.forget_coded()
        for plan in evidence.plans.values():
            self._add_figures(plan)
        self.table: str = evidence.lookups.new(f"SELECT {listed(self._columns)} FROM {self._joined}", again=True)

    def _add(self, query: str, defaults: dict[str, str]) -> None:
        """Add the columns of a query for companies, with the values where a company has none."""
        name = f"part{len(self._columns)}"
        self._joined += f" LEFT JOIN ({query}) AS {name} ON {name}.company = companies.company"
        self._columns |= {column: f"COALESCE({name}.{column}, {value})" for column, value in defaults.items()}

    # Bits: ``p0`` and so on of conditions, ``r0`` of criteria to which a fact that counts is relevant, ``a0`` of those
    # to which any fact is.

    def condition(self, number: int) -> tuple[str, int]:
        """Return the column and the place of the bit of a condition."""
        return f"p{number // WORD}", number % WORD

    def relevant(self, criterion: str, *, counting: bool) -> tuple[str, int]:
        """Return the column and the place of the bit that a fact, or one that counts, is relevant to a criterion."""
        word, place = divmod(self._criteria[criterion], WORD)
        return f"{'r' if counting else 'a'}{word}", place

    def count(self, counter: str) -> tuple[str, int, int]:
        """Return the column of a count, the place of its lowest bit, and its maximum."""
        name = self._counters[counter]
        return name, 0, self._enough[name]

    def _words(self) -> list[str]:
        numbers = {"p": len(self._ruleset.conditions), "r": len(self._criteria), "a": len(self._criteria)}
        return [f"{name}{word}" for name, number in numbers.items() for word in _words_for(number)]

    def _coded_facts(self) -> list[_Coded]:
        """Return the encoded facts of all types that are tested, with answers to their keys.

        Types whose keys have the same columns lie together, unless counts or numbers are read of their facts.
        """
        evidence, groups = self._evidence, dict[Any, list[TypePlan]]()
        for plan in evidence.plans.values():
            if plan.conditions:
                alone = plan.number if evidence.has_figures(plan) else None
                groups.setdefault((alone, *plan.code.types.items()), []).append(plan)
        found = []
        for (alone, *_), plans in groups.items():
            table = evidence.coded_together(plans) if alone is None else evidence.coded(plans[0])
            asked = {"counted": "counts", **{f"key_{name}": name for name in plans[0].code.columns}}
            if alone is None:
                asked = {"of_type": "fact_type", **asked}
            words = plans[0].words if alone is not None else _words_for(len(self._ruleset.conditions))
            given = [f"p{word}" for word in words] + [name for name in self._words() if not name.startswith("p")]
            found.append(_Coded(plans, table, asked, words, given))
        answered = self._evidence.lookups.asked_each(
            [Question(one.table, one.asked, self._answers(one), dict.fromkeys(one.given, "int")) for one in found]
        )
        return [evolve(one, answers=answers) for one, answers in zip(found, answered, strict=True)]

    def _of_figures(self) -> dict[str, str]:
        """Return tables of the facts whose counts or numbers are read, with their bits, by the id of their type."""
        found, lookups = {}, self._evidence.lookups
        for coded in self._coded:
            plan = coded.plans[0]
            if self._evidence.has_figures(plan):
                found[plan.fact_type.id] = lookups.new(coded.with_bits(self._evidence.columns(plan)), again=True)
        return found

    def _bits(self) -> str:
        """Return a query for the bits of all companies that have facts."""
        parts = []
        for coded in self._coded:
            query = self._queries.get(coded.plans[0].fact_type.id, f"({coded.with_bits(['company'])})")
            columns = {name: name if name in coded.given else "0" for name in self._words()}
            parts.append(f"SELECT company, {listed(columns)} FROM {query} AS facts")
        bits = listed({name: f"BIT_OR({name})" for name in self._words()})
        return f"SELECT company, {bits} FROM ({' UNION ALL '.join(parts)}) AS facts GROUP BY company"

    def _answers(self, coded: _Coded) -> Answers:
        """Return what answers keys: with the bits of conditions, if a fact counts, and those of criteria."""
        criteria = _words_for(len(self._criteria))
        none, nothing = tuple(0 for _ in coded.words), tuple(0 for _ in criteria)
        about = {plan.number: (plan, *self._about(plan)) for plan in coded.plans}
        alone = coded.plans[0].number
        known: dict[tuple[int, int], tuple[int, ...]] = {}

        def answers(rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[int, ...]]:
            for row in rows:
                number, counts, *key = row if coded.is_joint else (alone, *row)
                plan, boxes, relevance = about[number]
                topics = boxes.holding(key)
                if (number, topics) not in known:
                    bits = 0
                    for place, own in enumerate(relevance):
                        bits |= own if topics >> place & 1 else 0
                    known[number, topics] = words_of(bits, 0, criteria)
                relevant = known[number, topics]
                passed = words_of(plan.passing.holding(key), plan.conditions.start, coded.words) if counts else none
                yield (*passed, *(relevant if counts else nothing), *relevant)

        return answers

    def _about(self, plan: TypePlan) -> tuple[Boxes, list[int]]:
        """Return the topics of the facts of a type, and for each of them the bits of the criteria that ask for it."""
        boxes: dict[int, Box] = {}
        bits: dict[int, int] = {}
        for criterion in self._evidence.methodology.criteria:
            for condition in (condition for rule in criterion.rules for condition in conditions_of(rule.when)):
                compiled = self._ruleset.conditions[self._ruleset.by_condition[condition]]
                if condition.fact_type == plan.fact_type.id:
                    boxes[compiled.topic] = compiled.key_passing
                    bits[compiled.topic] = bits.get(compiled.topic, 0) | 1 << self._criteria[criterion.id]
        return Boxes(plan.code, list(boxes.values())), list(bits.values())

    # Counts and numbers

    def _enough_of_each(self) -> dict[str, int]:
        """Return the greatest number that a rule asks for of each count: a higher count makes no difference."""
        found: dict[str, int] = {}
        for rule in self._ruleset.rules.values():
            for literal in (literal for disjunct in rule.disjuncts for literal in disjunct if literal.counts):
                name = self._counters[literal.counter]
                found[name] = max(literal.number, found.get(name, 1))
        return found

    def _add_figures(self, plan: TypePlan) -> None:
        """Add the counts of facts of a type, and their best numbers."""
        counts, query = {}, self._queries.get(plan.fact_type.id, "")
        for name, condition, distinct in self._ruleset.counters:
            if condition in plan.conditions:
                own = self._field(plan, distinct)
                if own is not None and own.type is FieldType.SET:
                    self._add(self._count_of_members(plan, name, condition, own), {name: "0"})
                else:
                    value = self._counted(plan, distinct, own)
                    value = f"CASE WHEN {self._evidence.passes(condition)} THEN {value} END"
                    counts[name] = f"LEAST(COUNT(DISTINCT {value}), {self._enough[name]})"
        if counts:
            counted = f"SELECT company, {listed(counts)} FROM {query} AS facts GROUP BY company"
            self._add(counted, dict.fromkeys(counts, "0"))
        best, numbers = self._numbers(plan, query)
        if numbers:
            self._add(f"SELECT * FROM {best} AS best", dict.fromkeys(numbers, "NULL"))

    def _field(self, plan: TypePlan, name: str | None) -> Field | None:
        return None if name is None else self._evidence.methodology.vocabulary.field_of(plan.fact_type.id, name)

    def _counted(self, plan: TypePlan, distinct: str | None, own: Field | None) -> str:
        """Return the expression of what is counted once: a fact, an answer, or an exact value of a field."""
        if distinct is None or own is None:
            return "answer" if plan.fact_type.id in self._ruleset.selecting else "line"
        prefix = prefix_of(distinct, plan.fact_type)
        return f"CASE WHEN {prefix}_low = {prefix}_high THEN {prefix}_low END" if own.type.is_ordered else prefix

    def _count_of_members(self, plan: TypePlan, name: str, condition: int, own: Field) -> str:
        """Return a query for how many different members the sets in a field have together."""
        passing = f"{self._queries[plan.fact_type.id]} AS facts WHERE {self._evidence.passes(condition)}"
        members = f"SELECT company, UNNEST({prefix_of(own.id, plan.fact_type)}) AS member FROM {passing}"
        count = f"LEAST(COUNT(DISTINCT member), {self._enough[name]})"
        return f"SELECT company, {count} AS {name} FROM ({members}) AS facts GROUP BY company"

    def _numbers(self, plan: TypePlan, query: str) -> tuple[str, dict[str, str]]:
        """Return facts with the positions of their points beside them, and the expressions of the best positions."""
        rules = [
            (str(criterion.id), rule, rule.in_proportion)
            for criterion in self._evidence.methodology.criteria
            for rule in criterion.rules
            if rule.in_proportion is not None and rule.in_proportion.fact_type == plan.fact_type.id
        ]
        if not rules:
            return query, {}
        lookups = self._evidence.lookups
        kept = [*self._evidence.columns(plan), *(f"p{word}" for word in plan.words)]
        facts: dict[str, list[Fact]] = {}
        for name in dict.fromkeys(proportion.field for _, _, proportion in rules):
            facts[name] = []
            columns = list(field_columns(*_field(plan, name)))
            asked, column = {f"v{n}": column for n, column in enumerate(columns)}, f"y{len(facts)}"
            answers = partial(_numbered, plan, columns, facts[name])
            query = lookups.new(
                f"SELECT * FROM {lookups.answered(query, asked, answers, {column: 'int'}, kept)} AS facts"
            )
            kept.append(column)
        joined, found = f"{query} AS facts", dict[str, str]()
        made: dict[Any, Best] = {}
        for criterion, rule, proportion in rules:
            key = rule.points, proportion
            if key not in made:
                best = made[key] = Best(f"q{len(made)}")
                positions = self._positions(rule, facts[proportion.field], best.facts)
                name = lookups.given({"number": "int", "place": "int"}, enumerate(positions))
                column = f"y{list(facts).index(proportion.field) + 1}"
                joined += f" LEFT JOIN {name} AS {best.column} ON {best.column}.number = facts.{column}"
            compiled = self._ruleset.rules[criterion, rule.id]
            for condition in sorted({n for some in compiled.supporting for n in some if n in plan.conditions}):
                best = Best(f"{made[key].column}_{condition}", made[key].facts)
                passes = self._evidence.passes(condition)
                found[best.column] = f"MAX(CASE WHEN {passes} THEN {made[key].column}.place END)"
                self.best[criterion, rule.id, condition] = best
        return f"(SELECT facts.company, {listed(found)} FROM {joined} GROUP BY facts.company)", found

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


def _field(plan: TypePlan, name: str) -> tuple[int, Field]:
    return next((place, own) for place, own in enumerate(plan.fact_type.fields) if own.id == name)


def _numbered(
    plan: TypePlan, columns: Sequence[str], facts: list[Fact], rows: Sequence[tuple[Any, ...]]
) -> Iterator[tuple[int]]:
    """Keep a fact for each value of a field and return its number."""
    for row in rows:
        values = values_of(plan, dict(zip(columns, row, strict=True)))
        facts.append(Fact("", plan.fact_type.id, plan.fact_type.model(**values)))
        yield (len(facts) - 1,)


def _words_for(bits: int) -> range:
    return range(-(-bits // WORD))


def _counter(condition: int, distinct: str | None) -> str:
    return f"c{condition}_{distinct}" if distinct else f"c{condition}"
