"""Results group by group: the library is asked for each distinct vector of what a group reads of its parts.

There are far fewer vectors of the parts of a group than of all criteria. A part enters such a vector by its influence
(see `scoring.influence`), so that what makes no difference to a group does not multiply the vectors.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from attrs import field, frozen

from cleancloud_rules.model.groups import Requirement
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.compiled import CompiledMethodology
from cleancloud_rules.scoring.decision_tables import decide
from cleancloud_rules.scoring.influence import Influence
from cleancloud_rules.scoring.known_parts import Known, KnownParts
from cleancloud_rules.tables.arrow import Columns
from cleancloud_rules.tables.scoring.criteria import Earned, Owner
from cleancloud_rules.tables.scoring.lookups import Lookups, Question
from cleancloud_rules.tables.scoring.numbers import Numbers
from cleancloud_rules.tables.scoring.results import WHOLE, Results, Values, places_of


class EntangledError(Exception):
    """Two groups need each other, although no criterion needs itself. `Results` is for all cases."""


@frozen(eq=False)
class _Influences:
    """The different influences of a criterion or a group, each with results that have it."""

    numbers: dict[Hashable, int] = field(factory=dict)
    known: list[Known] = field(factory=list)

    def number(self, influence: Hashable, inside: Known, combination: Combination, id: str) -> int:
        """Return the number of an influence. The results are kept of the first ones that have it."""
        number = self.numbers.setdefault(influence, len(self.known))
        if number == len(self.known):
            self.known.append(inside.further(combination, id))
        return number


@frozen
class _Reading:
    """What a criterion, a group or the root reads: the columns of a vector.

    Args:
        id: its id; None for the root.
        columns: the columns.
        parts: the parts among them, by column.
        requirements: the requirements on what is outside it, by column.
        exempting: the criteria and groups that may be exempted, by column.
    """

    id: str | None
    columns: tuple[str, ...]
    parts: Mapping[str, str]
    requirements: Mapping[str, Requirement]
    exempting: Mapping[str, str]

    @property
    def given(self) -> tuple[str, ...]:
        """What must be known before it: parts, and the owners of requirements."""
        return (*self.parts.values(), *(requirement.of for requirement in self.requirements.values()))


class GroupResults(Results):
    """The results of any tree, group by group; see `Results`.

    Args:
        own: the compiled methodology.
        owners: the criteria, and the groups with rules of their own, by id.

    Raises:
        EntangledError: if two groups need each other.
    """

    def __init__(self, own: CompiledMethodology, owners: Mapping[str, Owner]) -> None:
        super().__init__(own, owners)
        self._tree, self._influence = own.tree, Influence(own.tree)
        self._places = {id: place for place, id in enumerate(owners)}
        self._groups = {str(group.id): place for place, group in enumerate(own.methodology.groups)}
        asked = (r for id in own.tree.places for r in self._influence.asked_of(id))
        self._requirements = {requirement: f"m{number}" for number, requirement in enumerate(dict.fromkeys(asked))}
        gated = [id for id in own.tree.criteria if not own.tree.places[id].is_plain]
        self._readings = {id: self._reading(id) for id in (*gated, *self._groups, None)}
        self._influences = {id: _Influences() for id in own.tree.places}
        self._steps = self._in_steps()
        self._keys: list[Any] = []
        self._rows: dict[str, list[tuple[Any, ...]]] = {}

    def _reading(self, id: str | None) -> _Reading:
        influence = self._influence
        requirements = {self._requirements[asked]: asked for asked in influence.asked_outside(id)}
        exempting = {f"x{self._places[of]}": of for of in influence.exempting(id) if of in self._places}
        parts: dict[str, str] = {}
        if id in self._tree.criteria:
            own = [f"e{self._places[id]}"]
        else:
            parts = {self._column(part): part for part in influence.parts(id)}
            own = list(parts)
        cohort = ["cohort"] if influence.reads_cohort(id) else []
        columns = dict.fromkeys((*own, *requirements, *exempting, *cohort))
        return _Reading(id, tuple(columns), parts, requirements, exempting)

    def _column(self, id: str) -> str:
        """Return the column of the influence of a criterion or a group."""
        return f"h{self._groups[id]}" if id in self._groups else f"i{self._places[id]}"

    def _in_steps(self) -> list[list[_Reading]]:
        """Return what is read, step by step: nothing that is read in a step depends on the others of that step."""
        waiting, steps = dict(self._readings), list[list[_Reading]]()
        while waiting:
            ready = [reading for reading in waiting.values() if waiting.keys().isdisjoint(reading.given)]
            if not ready:
                raise EntangledError
            for reading in ready:
                del waiting[reading.id]
            steps.append(ready)
        return steps

    # What stands beside the number of what facts say

    def _beside(self, id: str, found: Sequence[Earned]) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
        """Return further columns of an owner, with their types, and the values for each of its numbers."""
        place = self._places[id]
        columns: dict[str, str] = {}
        rows: list[tuple[Any, ...]] = [()] * len(found)
        if any(f"x{place}" in reading.exempting for reading in self._readings.values()):
            columns[f"x{place}"] = "bool"
            rows = [(one.is_exempt,) for one in found]
        if id in self._tree.criteria and id not in self._readings:
            columns |= self._told(id)
            nothing = Known({}, {}, frozenset())
            told = (self._tell(id, self.combination({id: one}, None), nothing) for one in found)
            rows = [(*row, *more) for row, more in zip(rows, told, strict=True)]
        return columns, rows

    def _told(self, id: str) -> dict[str, str]:
        """Return the columns in which others read a criterion or a group: its influence, and requirements on it."""
        asked = (column for requirement, column in self._requirements.items() if requirement.of == id)
        return {self._column(id): "small", **dict.fromkeys(asked, "bool")}

    def _tell(self, id: str, combination: Combination, inside: Known) -> tuple[Any, ...]:
        """Return what others read of a criterion or a group.

        Args:
            id: its id.
            combination: its result.
            inside: the results of what is inside it.
        """
        influence = self._influence
        own = influence.of_criterion if id in self._tree.criteria else influence.of_group
        number = self._influences[id].number(own(id, combination), inside, combination, id)
        asked = (requirement for requirement in self._requirements if requirement.of == id)
        return number, *(combination.meets(requirement) for requirement in asked)

    # Results

    def of(self, numbers: Numbers, lookups: Lookups) -> str:
        """Return a query in brackets for the numbers of the results; see `Results.of`."""
        further = numbers.numbers()
        for id, place in self._places.items():
            kinds, told = self._beside(id, self.owners[id].found)
            for number, (name, kind) in enumerate(kinds.items()):
                further[name] = numbers.column(place, name, kind, [row[number] for row in told])
            if id in self._tree.criteria and id not in self._readings:
                found = self.owners[id].found
                rows = [self.criterion_values(id, one, self.combination({id: one}, None)) for one in found]
                self.values[f"e{place}"] = Values(self.columns.criterion(id), rows)
        table = numbers.table(further)
        for number, step in enumerate(self._steps):
            coming = [reading for following in self._steps[number + 1 :] for reading in following]
            made = {
                column for reading in (*step, *coming) if reading.id is not None for column in self._told(reading.id)
            }
            later = {column for reading in coming for column in reading.columns} - made
            table = self._with(table, step, later, lookups)
        places = lookups.given({"number": "int", "place": "int"}, enumerate(places_of(self._keys)))
        names = ", ".join(f"source.{name}" for name in ("company", "cohort", *self.values))
        return f"(SELECT {names}, {places}.place FROM {table} AS source JOIN {places} ON {places}.number = {WHOLE})"

    def _with(self, table: str, step: Sequence[_Reading], later: set[str], lookups: Lookups) -> str:
        """Return a table with the numbers of further results beside the columns that are still read."""
        questions, told_of = [], []
        kept = ["company", "cohort", *self.values]
        for reading in step:
            number, columns = self._values_of(reading.id)
            self.values[number] = Values(columns, self._rows.setdefault(number, []))
            told = {} if reading.id is None else self._told(reading.id)
            columns, answers = {name: name for name in reading.columns}, partial(self._answered, reading, number)
            questions.append(Question(table, columns, answers, {number: "small", **told}))
            told_of.append((reading.columns, [number, *told]))
        known = lookups.asked_each(questions)
        kept += sorted(later.difference(kept))
        return lookups.beside(table, kept, [(name, *told) for name, told in zip(known, told_of, strict=True)])

    def _values_of(self, id: str | None) -> tuple[str, Columns]:
        """Return the column of the number of a result, and the columns of its values."""
        if id is None:
            return WHOLE, self.columns.whole()
        if id in self._groups:
            return f"n{self._groups[id]}", self.columns.group(id)
        return f"c{self._places[id]}", self.columns.criterion(id)

    def _answered(self, reading: _Reading, number: str, rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """Yield the number of the result for each vector, and what others read of it."""
        id, values, numbers = reading.id, self._rows[number], dict[Hashable, int]()
        for row in rows:
            held = dict(zip(reading.columns, row, strict=True))
            inside = Known.of(self._influences[part].known[held[column]] for column, part in reading.parts.items())
            combination = self._combination(reading, held, inside)
            found, key = self._found(id, combination, held)
            place = numbers.setdefault(_hashable((*found, key)), len(values))
            if place == len(values):
                values.append(found)
                if id is None:
                    self._keys.append(key)
            yield place, *(() if id is None else self._tell(id, combination, inside))

    def _combination(self, reading: _Reading, held: Mapping[str, Any], inside: Known) -> KnownParts:
        met = {requirement: held[column] for column, requirement in reading.requirements.items()}
        exempt = [of for column, of in reading.exempting.items() if held[column]]
        points: dict[str, Decimal] = {}
        if reading.id in self._tree.criteria:
            earned = self.owners[reading.id].found[held[f"e{self._places[reading.id]}"]]
            inside = Known({}, {}, frozenset((reading.id,) if earned.is_assessed else ()))
            points = {} if earned.points is None else {reading.id: earned.points}
        return KnownParts(self._tree, inside, met, exempt, held.get("cohort"), points)

    def _found(self, id: str | None, combination: Combination, held: Mapping[str, Any]) -> tuple[tuple[Any, ...], Any]:
        """Return the values of a criterion, a group or the root, and the sort key of the root."""
        if id is None:
            tables = {table.id: table.outputs for table in decide(self.methodology, combination)}
            whole = combination.whole()
            return self.whole_values(whole, tables), self.rank_key(whole, tables)
        if id in self._groups:
            return self.group_values(combination.group(id)), None
        earned = self.owners[id].found[held[f"e{self._places[id]}"]]
        return self.criterion_values(id, earned, combination), None


def _hashable(values: tuple[Any, ...]) -> Hashable:
    return tuple([tuple(value) if isinstance(value, list) else value for value in values])
