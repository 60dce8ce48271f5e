"""What each company has of what rules ask for: bits of conditions, counts, and the best numbers of proportions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve, field, frozen

from cleancloud_rules.model.conditions import conditions_of
from cleancloud_rules.model.partitions.boxes import Box
from cleancloud_rules.tables.facts import FactTables
from cleancloud_rules.tables.scoring.evidence import Evidence, TypePlan
from cleancloud_rules.tables.scoring.figures import Best, Count, Figures, counts_of, same_as
from cleancloud_rules.tables.scoring.keys import Boxes, words_of
from cleancloud_rules.tables.scoring.layout import Layout
from cleancloud_rules.tables.scoring.lookups import Answers, Question
from cleancloud_rules.tables.sql import listed


@frozen
class _Encoded:
    """Encoded facts of one type, or of several whose keys have the same columns.

    Args:
        plans: the plans of the types.
        figures: what is counted and compared of the facts, if they are of one type; None if nothing is.
        words: the words of profiles in which they set bits.
        question: what is asked about their keys.
        joined: what is joined to them for the answers.
        told: the columns of these answers.
    """

    plans: Sequence[TypePlan]
    figures: Figures | None
    words: Sequence[int]
    question: Question
    joined: str = ""
    told: Sequence[str] = ()

    def with_bits(self, kept: Sequence[str]) -> str:
        """Return a query in brackets for some columns of the facts, with the answers beside them."""
        names = ", ".join([*(f"source.{name}" for name in kept), *self.told])
        return f"(SELECT {names} FROM {self.question.source} AS source{self.joined})"


class Profiles:
    """What each company has, with ``company``, ``cohort`` and the columns that the methods name.

    Args:
        tables: the tables of facts.
        evidence: the facts that count, with those that are derived.

    Attributes:
        query: a query in brackets for it.
        best: the best numbers, by criterion, rule and number of the condition.
    """

    # Encoded facts are read twice: to ask about distinct keys, and to join the answers.

    def __init__(self, tables: FactTables, evidence: Evidence) -> None:
        self._evidence = evidence
        self._layout = Layout(evidence.ruleset, with_implied=bool(tables.searches))
        self._counts: Mapping[str, Count] = counts_of(evidence.ruleset)
        self._encoded: list[_Encoded] = self._encode()
        evidence.forget_kept()
        self.best: dict[tuple[str, str, int], Best] = {}
        self._columns = {"company": "companies.company", "cohort": "companies.cohort"}
        self._joined = f"{tables.named('companies')} AS companies"
        self._parts = 0
        self._bits: dict[int, list[str]] = {word: [] for word in self._layout.words}
        self._add_bits([encoded for encoded in self._encoded if encoded.figures is None])
        for encoded in self._encoded:
            if encoded.figures is not None:
                self._add_figures(encoded, encoded.figures)
        for word, parts in self._bits.items():
            self._columns[f"b{word}"] = f"({' | '.join(parts)})" if parts else "0"
        self.query: str = f"(SELECT {listed(self._columns)} FROM {self._joined})"

    # Bits: ``b0`` and so on, where the layout places them.

    def condition(self, owner: str, number: int) -> tuple[str, int]:
        """Return the column and the place of the bit of a condition; see `Layout.condition`."""
        word, place = self._layout.condition(owner, number)
        return f"b{word}", place

    def relevant(self, criterion: str, *, counting: bool) -> tuple[str, int]:
        """Return the column and the place of the bit that a fact, or one that counts, is relevant to a criterion."""
        word, place = self._layout.relevant(criterion, counting=counting)
        return f"b{word}", place

    def count(self, counter: str) -> tuple[str, int, int]:
        """Return the column of a count, the place of its lowest bit, and its maximum."""
        own = self._counts[counter]
        return own.name, 0, own.most

    def _encode(self) -> list[_Encoded]:
        """Return the encoded facts of all types that are tested, with the answers about them.

        Types whose keys have the same columns lie together, unless counts or numbers are read of their facts.
        """
        evidence, groups = self._evidence, dict[Any, list[TypePlan]]()
        for plan in evidence.plans.values():
            if plan.conditions:
                alone = plan.number if evidence.figures(plan) else None
                groups.setdefault((alone, *plan.code.types.items()), []).append(plan)
        found = [self._encoded_of(plans, has_figures=alone is not None) for (alone, *_), plans in groups.items()]
        questions = [[one.question, *(one.figures.questions if one.figures else ())] for one in found]
        answers = iter(evidence.lookups.asked_each([question for own in questions for question in own]))
        return [self._answered(one, [next(answers) for _ in own]) for one, own in zip(found, questions, strict=True)]

    def _encoded_of(self, plans: Sequence[TypePlan], *, has_figures: bool) -> _Encoded:
        """Return the encoded facts of types, without answers."""
        evidence, keys = self._evidence, {f"key_{name}": name for name in plans[0].code.columns}
        relevance = {plan.number: _Relevance.of(plan, evidence, self._layout) for plan in plans}
        touched = 0
        for plan in plans:
            touched |= relevance[plan.number].every | self._layout.passing(plan.conditions)
        words = [word for word in self._layout.words if any(words_of(touched, 0, range(word, word + 1)))]
        asked, given = {"counted": "counts", **keys}, [f"b{word}" for word in words]
        figures = Figures(evidence, plans[0], self._counts.values()) if has_figures else None
        if len(plans) > 1:
            rows, asked = evidence.coded_together(plans), {"of_type": "fact_type", **asked}
        else:
            rows = evidence.coded(plans[0], dict.fromkeys(["company", "counts", *evidence.figures(plans[0])]))
        if has_figures:
            given += [f"p{word}" for word in plans[0].words]
        answers = self._answers(plans, relevance, words, figures)
        question = Question(self._kept(plans, rows), asked, answers, dict.fromkeys(given, "int"))
        return _Encoded(plans, figures, words, question)

    def _kept(self, plans: Sequence[TypePlan], rows: str) -> str:
        """Return encoded facts of types, and keep them in a table if that takes less time than to encode them again."""
        if not any(map(self._evidence.is_costly, plans)):
            return rows
        return self._evidence.lookups.new(f"SELECT * FROM {rows} AS facts", again=True)

    def _answered(self, encoded: _Encoded, answers: Sequence[str]) -> _Encoded:
        """Return encoded facts with their tables of answers."""
        joined = f" JOIN {answers[0]} AS known ON {same_as(encoded.question, 'known')}"
        told = [f"known.{name}" for name in encoded.question.given]
        if encoded.figures is None:
            return evolve(encoded, joined=joined, told=told)
        further, columns = encoded.figures.beside(answers[1:])
        return evolve(encoded, joined=joined + further, told=[*told, *columns])

    def _answers(
        self,
        plans: Sequence[TypePlan],
        relevance: Mapping[int, "_Relevance"],
        words: Sequence[int],
        figures: Figures | None,
    ) -> Answers:
        """Return what answers keys: with bits of profiles, and those of conditions that figures ask about.

        Args:
            plans: the plans of the types.
            relevance: to which criteria facts are relevant, by the number of the type.
            words: the words of profiles that are answered.
            figures: what is counted and compared, if the facts are of one type; None if nothing is.
        """
        layout, by_number = self._layout, {plan.number: plan for plan in plans}
        passing: dict[tuple[int, int], int] = {}

        def answers(rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[int, ...]]:
            for row in rows:
                number, counts, *key = row if len(plans) > 1 else (plans[0].number, *row)
                plan, bits, passed = by_number[number], relevance[number].of_key(key, counts=counts), 0
                if counts:
                    passed = plan.passing.holding(key)
                    if (number, passed) not in passing:
                        own = (n for place, n in enumerate(plan.conditions) if passed >> place & 1)
                        passing[number, passed] = layout.passing(own)
                    bits |= passing[number, passed]
                found = words_of(bits, 0, words)
                if figures is not None:
                    found += words_of(passed & figures.conditions, plan.conditions.start, plan.words)
                yield found

        return answers

    # Parts of profiles

    def _add_bits(self, together: Sequence[_Encoded]) -> None:
        """Add the bits of facts that are neither counted nor compared."""
        words = [word for word in self._layout.words if any(word in encoded.words for encoded in together)]
        parts = []
        for encoded in together:
            columns = {f"b{word}": f"b{word}" if word in encoded.words else "0" for word in words}
            parts.append(f"SELECT company, {listed(columns)} FROM {encoded.with_bits(['company'])} AS facts")
        if parts:
            bits = listed({f"b{word}": f"BIT_OR(b{word})" for word in words})
            self._add(f"SELECT company, {bits} FROM ({' UNION ALL '.join(parts)}) AS facts GROUP BY company", words)

    def _add_figures(self, encoded: _Encoded, figures: Figures) -> None:
        """Add the bits of facts of one type, what is counted of them, and their best numbers."""
        facts = encoded.with_bits(list(dict.fromkeys(["company", *self._evidence.figures(encoded.plans[0])])))
        counts, bests = figures.counts(), figures.bests()
        columns = {f"b{word}": f"BIT_OR(b{word})" for word in encoded.words} | counts | bests
        name = self._add(f"SELECT company, {listed(columns)} FROM {facts} AS facts GROUP BY company", encoded.words)
        self._columns |= {column: f"COALESCE({name}.{column}, 0)" for column in counts}
        self._columns |= {column: f"{name}.{column}" for column in bests}
        for column, query in figures.of_members(facts).items():
            self._columns[column] = f"COALESCE({self._add(query, ())}.{column}, 0)"
        self.best |= figures.best

    def _add(self, query: str, words: Iterable[int]) -> str:
        """Join a query for companies, with some words; return how it is called."""
        name = f"part{self._parts}"
        self._parts += 1
        self._joined += f" LEFT JOIN ({query}) AS {name} ON {name}.company = companies.company"
        for word in words:
            self._bits[word].append(f"COALESCE({name}.b{word}, 0)")
        return name


@frozen
class _Relevance:
    """To which criteria the facts of a type are relevant.

    Args:
        boxes: the topics of the facts.
        bits: for each topic the bits that a fact sets which does not count, and those that one sets which does.
    """

    boxes: Boxes
    bits: Sequence[tuple[int, int]]
    _known: dict[tuple[int, bool], int] = field(factory=dict)

    @classmethod
    def of(cls, plan: TypePlan, evidence: Evidence, layout: Layout) -> "_Relevance":
        """Return the relevance of the facts of a type."""
        boxes: dict[int, Box] = {}
        criteria: dict[int, list[str]] = {}
        for criterion in evidence.methodology.criteria:
            for condition in (condition for rule in criterion.rules for condition in conditions_of(rule.when)):
                compiled = evidence.ruleset.conditions[evidence.ruleset.by_condition[condition]]
                if condition.fact_type == plan.fact_type.id:
                    boxes[compiled.topic] = compiled.key_passing
                    criteria.setdefault(compiled.topic, []).append(str(criterion.id))
        bits = [(layout.touching(own, counts=False), layout.touching(own, counts=True)) for own in criteria.values()]
        return cls(Boxes(plan.code, list(boxes.values())), bits)

    @property
    def every(self) -> int:
        """All bits that facts set."""
        found = 0
        for _, counting in self.bits:
            found |= counting
        return found

    def of_key(self, key: Sequence[Any], *, counts: bool) -> int:
        """Return the bits of profiles that the facts with a key set because they are relevant."""
        topics = self.boxes.holding(key)
        known = self._known.get((topics, counts))
        if known is None:
            known = 0
            for place, bits in enumerate(self.bits):
                known |= bits[counts] if topics >> place & 1 else 0
            self._known[topics, counts] = known
        return known
