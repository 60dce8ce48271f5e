"""Documented searches without result: what they leave to be earned, and which criteria they assess."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from cleancloud_rules.completions.known import known_of
from cleancloud_rules.engine.eligibility import after_cut_off
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.scoring.compiled import CompiledMethodology
from cleancloud_rules.tables.facts import DISCLOSED, FactTables, field_columns
from cleancloud_rules.tables.scoring.derivations import values_of
from cleancloud_rules.tables.scoring.evidence import Evidence, TypePlan
from cleancloud_rules.tables.scoring.keys import WORD, words_of
from cleancloud_rules.tables.scoring.profiles import Profiles
from cleancloud_rules.tables.sql import listed


def could_earn(place: int) -> tuple[str, int]:
    """Return the column and the place of the bit that something is left to be earned of the criterion at a place."""
    return f"COALESCE(o{place // WORD}, -1)", place % WORD


def is_searched(place: int) -> tuple[str, int]:
    """Return the column and the place of the bit that searches assess the criterion at a place."""
    return f"COALESCE(s{place // WORD}, 0)", place % WORD


class Searches:
    """What the searches without result of each company say about criteria.

    Args:
        tables: the tables of facts.
        evidence: the facts that count.
        own: the compiled methodology, whose ruleset knows the conditions of the implications.
    """

    def __init__(self, tables: FactTables, evidence: Evidence, own: CompiledMethodology) -> None:
        self._tables = tables
        self._evidence = evidence
        self._own = own
        self._criteria = own.methodology.criteria
        self._answered: list[Fact] = []
        self._words = range(-(-len(self._criteria) // WORD))

    def beside(self, profiles: Profiles) -> str:
        """Return a table of profiles with the bits beside them that `could_earn` and `is_searched` read."""
        implied = {
            c: profiles.condition("", self._own.ruleset.by_condition[c])
            for c in self._own.methodology.vocabulary.implied
        }
        masks: dict[str, int] = {}
        for word, place in implied.values():
            masks[word] = masks.get(word, 0) | 1 << place
        columns = {name: f"profiles.{name}" for name in masks}
        columns |= {"company": "profiles.company", "searched": "searches.searched", "closed": "keys.closed"}
        name = self._tables.named("not_found")
        table = self._evidence.lookups.new(f"SELECT * FROM {profiles.query} AS profiles", again=True)
        searches = f"SELECT company, LIST_SORT(LIST_DISTINCT(LIST(search))) AS searched FROM {name} GROUP BY company"
        source = (
            f"(SELECT {listed(columns)} FROM ({searches}) AS searches "
            f"JOIN {table} AS profiles ON profiles.company = searches.company "
            f"LEFT JOIN ({self._keys()}) AS keys ON keys.company = searches.company)"
        )

        def answers(rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[int, ...]]:
            for searched, closed, *held in rows:
                bits = dict(zip(masks, held, strict=True))
                passed = frozenset(c for c, (word, place) in implied.items() if bits[word] >> place & 1)
                yield self._said(searched, closed or (), passed)

        given = [f"{kind}{word}" for kind in ("o", "s") for word in self._words]
        asked = {"searched": "searched", "closed": "closed"}
        asked |= {f"m_{word}": f"{word} & {mask}" for word, mask in masks.items()}
        found = self._evidence.lookups.answered(source, asked, answers, dict.fromkeys(given, "int"), ("company",))
        more = ", ".join(f"searches.{name}" for name in given)
        joined = f"{table} AS profiles LEFT JOIN {found} AS searches ON searches.company = profiles.company"
        return self._evidence.lookups.new(f"SELECT profiles.*, {more} FROM {joined}")

    def _said(self, searched: Sequence[int], closed: Sequence[int], passed: frozenset[Condition]) -> tuple[int, ...]:
        """Return the bits of the criteria that could still be earned, and of those that the searches assess.

        Args:
            searched: the numbers of the searches.
            closed: the numbers of facts that answer the keys that are answered.
            passed: the conditions of implications that some fact passes.
        """
        own, methodology = self._own, self._own.methodology
        found = (self._tables.searches[number] for number in searched)
        entries = tuple(entry for entry in found if after_cut_off(entry, methodology) is None)
        questions = own.scorer.questions
        facts = (self._answered[number] for number in closed)
        known = known_of(passed.__contains__, questions.keys.closed(facts), methodology)
        open, seen = 0, 0
        assessed = own.searched(entries, known.met) if entries and methodology.watched else frozenset()
        for place, criterion in enumerate(self._criteria):
            question = questions.question(criterion)
            bearing = tuple(entry for entry in entries if entry.condition.fact_type in question.searchable)
            if not bearing or questions.searched(criterion, bearing, known.about(question.entangled)).could_earn:
                open |= 1 << place
            if criterion.id in assessed:
                seen |= 1 << place
        return (*words_of(open, 0, self._words), *words_of(seen, 0, self._words))

    def _keys(self) -> str:
        """Return a query for the answered keys of each company: the numbers of facts that answer them."""
        parts = []
        for type_id, names in self._own.answer_keys.names.items():
            plan = self._evidence.plans[type_id]
            fields = [(n, own) for n, own in enumerate(plan.fact_type.fields) if own.id in names]
            held = ["entity", *(column for n, own in fields for column in field_columns(n, own))]
            rows = f"(SELECT * FROM {self._evidence.rows[type_id]} AS facts WHERE counts)"
            asked = {f"h{n}": column for n, column in enumerate(held)}
            answers = partial(self._numbered, plan, held)
            found = self._evidence.lookups.answered(rows, asked, answers, {"fact": "int"}, ("company",))
            parts.append(f"SELECT * FROM {found} AS facts")
        if not parts:
            return "SELECT company, [0] AS closed FROM companies WHERE FALSE"
        union = " UNION ALL ".join(parts)
        return (
            f"SELECT company, LIST_SORT(LIST_DISTINCT(LIST(fact))) AS closed FROM ({union}) AS facts GROUP BY company"
        )

    def _numbered(self, plan: TypePlan, held: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[int]]:
        """Keep a fact for each key and return its number."""
        for row in rows:
            columns = dict(zip(held, row, strict=True))
            fields = enumerate(plan.fact_type.fields)
            disclosed = sorted(own.id for n, own in fields if columns.get(f"f{n}_state") == DISCLOSED)
            values = plan.fact_type.model(**values_of(plan, columns))
            fact = Fact("", plan.fact_type.id, values, tuple(disclosed), entity=columns["entity"])
            self._answered.append(fact)
            yield (len(self._answered) - 1,)
