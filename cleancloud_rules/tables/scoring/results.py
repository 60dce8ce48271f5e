"""Results of groups and of the root: the library combines each distinct vector of criteria once."""

from collections.abc import Iterator, Sequence
from typing import Any

from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.compiled import CompiledMethodology
from cleancloud_rules.scoring.decision_tables import decide
from cleancloud_rules.scoring.questions import in_digits
from cleancloud_rules.scoring.ranking import RankKey
from cleancloud_rules.scoring.states import GroupState, settled
from cleancloud_rules.tables.backends import Columns
from cleancloud_rules.tables.scoring.criteria import Owner


class Results:
    """What follows from the criteria of a company: a row of results for each distinct vector.

    Args:
        own: the compiled methodology.
        owners: the criteria, and the groups with rules of their own, by id.
    """

    def __init__(self, own: CompiledMethodology, owners: dict[str, Owner]) -> None:
        self._own = own
        self._owners = owners
        self._methodology = own.methodology
        self._key = RankKey(own.methodology)
        self._digits = own.methodology.rounding.points_digits

    def columns(self) -> Columns:
        """Return the columns of a row of results, with their types."""
        points, texts = f"decimal{self._digits}", ("outcome", "label", "level")
        found: dict[str, str] = {}
        for criterion in self._methodology.criteria:
            found |= {
                f"{criterion.id}.points": points,
                f"{criterion.id}.outcome": "text",
                f"{criterion.id}.counts_as": "text",
            }
        for group in self._methodology.groups:
            rounding = self._methodology.rounding_of(group).digits
            found |= {f"{group.id}.score": f"decimal{rounding}", f"{group.id}.max_score": f"decimal{rounding}"}
            found |= {f"{group.id}.points": points, f"{group.id}.max_points": points}
            found |= {f"{group.id}.{name}": "text" for name in texts}
        digits = self._methodology.rounding.digits
        found |= {"total": f"decimal{digits}", "max_total": f"decimal{digits}"} | dict.fromkeys(texts, "text")
        return found | {f"{table.id}.outputs": "texts" for table in self._methodology.tables}

    def answers(self, rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """Return the results of each vector, which has the cohort before it; the last one is its place among all."""
        found = [self._of(vector, cohort) for cohort, *vector in rows]
        places = {key: place for place, key in enumerate(sorted({key for _, key in found if key is not None}))}
        for row, key in found:
            yield (*row, None if key is None else places[key])

    def _of(self, vector: Sequence[Any], cohort: str | None) -> tuple[tuple[Any, ...], Any]:
        """Return the row of results of a vector, and its sort key; None if it is not ranked.

        Args:
            vector: the number of what facts say, for each of the owners.
            cohort: the cohort.
        """
        earned = {id: owner.found[number] for (id, owner), number in zip(self._owners.items(), vector, strict=True)}
        points = {id: found.points for id, found in earned.items() if found.points is not None}
        exempt = frozenset(id for id, found in earned.items() if found.is_exempt)
        assessed = frozenset(id for id, found in earned.items() if found.is_assessed)
        combination = Combination(self._own.tree, points, exempt, cohort, assessed)
        row: list[Any] = []
        for criterion in self._methodology.criteria:
            state, found = combination.criterion(criterion.id), earned[criterion.id]
            assert found.outcome is not None
            outcome = settled(
                state.ruled_out, found.outcome, is_excluded=found.is_excluded, is_answered=True, could_earn=lambda: True
            )
            counts_as = None if state.counts_as is None else state.counts_as.value
            row += [in_digits(state.points, self._digits), outcome.value, counts_as]
        for group in self._methodology.groups:
            part = combination.group(group.id)
            row += [part.score, part.max_score, part.points, part.max_points, *_said(part)]
        whole = combination.whole()
        tables = {table.id: table.outputs for table in decide(self._methodology, combination)}
        row += [whole.score, whole.max_score, *_said(whole), *(list(outputs) for outputs in tables.values())]
        return tuple(row), self._rank_key(whole, tables)

    def _rank_key(self, whole: GroupState, tables: dict[str, tuple[str, ...]]) -> Any:
        if not self._key.ranks_outcome(whole.outcome):
            return None
        level = None if whole.level is None else whole.level.id
        outputs = {id: outputs[0] if outputs else None for id, outputs in tables.items()}
        return self._key.of_values({"total": whole.score, "level": level, "label": whole.label, **outputs})


def _said(state: GroupState) -> tuple[str | None, ...]:
    level = None if state.level is None else str(state.level.id)
    return state.outcome.value, state.label, level
