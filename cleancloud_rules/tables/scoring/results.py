"""Results of companies: the library combines each distinct vector of criteria once.

A result is a number in the database, and the rows of values that the numbers stand for are here.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from attrs import frozen

from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.outcomes import GroupOutcome
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.compiled import CompiledMethodology
from cleancloud_rules.scoring.criteria.questions import in_digits
from cleancloud_rules.scoring.decision_tables import decide
from cleancloud_rules.scoring.ranking import RankKey
from cleancloud_rules.scoring.states import settled
from cleancloud_rules.scoring.sums import Figures
from cleancloud_rules.tables.arrow import Columns
from cleancloud_rules.tables.scoring.criteria import Earned, Owner
from cleancloud_rules.tables.scoring.lookups import Lookups
from cleancloud_rules.tables.scoring.numbers import Numbers
from cleancloud_rules.tables.scoring.result_columns import ResultColumns, result_columns

WHOLE = "whole"
"""The column with the number of the result of the root, where it is looked up."""


@frozen(eq=False)
class Values:
    """What the numbers of a column stand for.

    Args:
        columns: the columns of values, with their types.
        rows: the values by number; None for one column of decimals if the numbers themselves are the values, in units
            of the last decimal place.
    """

    columns: Columns
    rows: list[tuple[Any, ...]] | None


class Results:
    """Turns the numbers of what facts say of criteria into numbers of results.

    Args:
        own: the compiled methodology.
        owners: the criteria, and the groups with rules of their own, by id.

    Attributes:
        values: what the numbers of each column stand for.
        columns: the columns of the values.
    """

    def __init__(self, own: CompiledMethodology, owners: Mapping[str, Owner]) -> None:
        self.own = own
        self.owners = owners
        self.methodology: Methodology = own.methodology
        self.values: dict[str, Values] = {}
        self.columns: ResultColumns = result_columns(own)
        self._key = RankKey(own.methodology)

    def of(self, numbers: Numbers, lookups: Lookups) -> str:
        """Return a query in brackets for the numbers of the results, with ``company``, ``cohort`` and ``place``.

        Args:
            numbers: the numbers of what facts say of the owners.
            lookups: makes tables.
        """
        columns: dict[str, str] = {}
        for criterion in self.methodology.criteria:
            columns.update(self.columns.criterion(criterion.id))
        for group in self.methodology.groups:
            columns.update(self.columns.group(group.id))
        known: list[tuple[Any, ...]] = []
        self.values = {WHOLE: Values({**columns, **self.columns.whole()}, known)}
        asked = {"among": "cohort"} | {f"o{place}": f"e{place}" for place in range(len(self.owners))}
        answers, given, kept = partial(self._answers, known), {WHOLE: "int", "place": "int"}, ("company", "cohort")
        return lookups.answered(numbers.table(numbers.numbers()), asked, answers, given, kept)

    def _answers(
        self, known: list[tuple[Any, ...]], rows: Sequence[tuple[Any, ...]]
    ) -> Iterator[tuple[int, int | None]]:
        keys = []
        for cohort, *vector in rows:
            earned = {id: own.found[n] for (id, own), n in zip(self.owners.items(), vector, strict=True)}
            combination = self.combination(earned, cohort)
            row: list[Any] = []
            for criterion in self.methodology.criteria:
                row += self.criterion_values(criterion.id, earned[criterion.id], combination)
            for group in self.methodology.groups:
                row += self.group_values(combination.group(group.id))
            tables = {table.id: table.outputs for table in decide(self.methodology, combination)}
            whole = combination.whole()
            known.append((*row, *self.whole_values(whole, tables)))
            keys.append(self.rank_key(whole, tables))
        yield from enumerate(places_of(keys))

    def combination(self, earned: Mapping[str, Earned], cohort: str | None) -> Combination:
        """Return the score tree, evaluated for what facts say of criteria."""
        points = {id: found.points for id, found in earned.items() if found.points is not None}
        exempt = frozenset(id for id, found in earned.items() if found.is_exempt)
        assessed = frozenset(id for id, found in earned.items() if found.is_assessed)
        return Combination(self.own.tree, points, exempt, cohort, assessed)

    # Values

    def criterion_values(self, id: str, earned: Earned, combination: Combination) -> tuple[Any, ...]:
        """Return the values of a criterion."""
        state = combination.criterion(id)
        assert earned.outcome is not None
        outcome = settled(
            state.ruled_out, earned.outcome, is_excluded=earned.is_excluded, is_answered=True, could_earn=lambda: True
        )
        points = in_digits(state.points, self.methodology.rounding.points_digits)
        return points, outcome.value, None if state.counts_as is None else state.counts_as.value

    def group_values(self, found: Figures) -> tuple[Any, ...]:
        """Return the values of a group."""
        return found.score, found.max_score, found.points, found.max_points, *_said(found)

    def whole_values(self, found: Figures, tables: Mapping[str, Sequence[str]]) -> tuple[Any, ...]:
        """Return the values of the root."""
        return found.score, found.max_score, *_said(found), *(list(outputs) for outputs in tables.values())

    def rank_key(self, found: Figures, tables: Mapping[str, Sequence[str]]) -> Any:
        """Return the sort key of a company; None if it is not ranked."""
        if not self._key.ranks_outcome(found.outcome):
            return None
        level = None if found.level is None else str(found.level.id)
        outputs = {id: outputs[0] if outputs else None for id, outputs in tables.items()}
        return self._key.of_values({"total": found.score, "level": level, "label": found.label, **outputs})

    def place_of(self, column: str) -> tuple[str, int]:
        """Return the column of the numbers that stand for the values of a column, and its place among these values."""
        for numbers, values in self.values.items():
            if column in values.columns:
                return numbers, list(values.columns).index(column)
        raise KeyError(column)


def places_of(keys: Sequence[Any]) -> list[int | None]:
    """Return the place of each sort key among the different ones; None for None."""
    places = {key: place for place, key in enumerate(sorted({key for key in keys if key is not None}))}
    return [None if key is None else places[key] for key in keys]


def _said(found: Figures) -> tuple[str | None, ...]:
    outcome: GroupOutcome = found.outcome
    return outcome.value, found.label, None if found.level is None else str(found.level.id)
