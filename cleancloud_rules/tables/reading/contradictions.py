"""Facts that contradict searches without result. Only companies with a fact that may do so are loaded to be judged."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from attrs import define

from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.model.cells import cells_of
from cleancloud_rules.model.conditions import Condition, reserved_fields
from cleancloud_rules.model.facts import FactType
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.sheets.layout import NOT_FOUND
from cleancloud_rules.tables.facts import DISCLOSED, FactTables, field_columns
from cleancloud_rules.tables.reading.rows import Place, companies_of_rows, value_of_row
from cleancloud_rules.tables.reading.small_tables import register
from cleancloud_rules.tables.sql import same

_BATCH = 1_000
"""How many companies are loaded at once."""

_SEEN, _PAIRS = "seen_facts", "possible_contradictions"


@define
class Contradictions:
    """Looks for facts that contradict searches without result.

    Args:
        tables: the normalised tables.
        methodology: whose vocabulary they use.
        gather: collects the diagnostics.
        place: returns the places of rows.
    """

    tables: FactTables
    methodology: Methodology
    gather: DiagnosticCollector
    place: Place

    def refuse(self) -> None:
        """Report facts that contradict a search of their company."""
        found: set[str] = set()
        for number, fact_type in enumerate(self.methodology.vocabulary.fact_types):
            conditions = [
                (search, condition)
                for search, one in enumerate(self.tables.searches)
                for condition in one.conditions
                if condition.fact_type == fact_type.id
            ]
            if conditions:
                found.update(self._candidates(f"facts_{number}", fact_type, conditions))
        ids = sorted(found)
        for start in range(0, len(ids), _BATCH):
            chosen = ids[start : start + _BATCH]
            companies_of_rows(self.tables, self.methodology, chosen, self.gather, self.place)

    def _candidates(
        self, table: str, fact_type: FactType, conditions: Sequence[tuple[int, Condition]]
    ) -> Iterator[str]:
        """Yield the companies with a fact that may pass a condition under which nothing was found for them."""
        backend = self.tables.backend
        tested = {test.field for _, condition in conditions for test in condition.tests}
        names = [
            name
            for number, own in enumerate(fact_type.fields)
            if own.id in tested
            for name in field_columns(number, own)
        ]
        columns = names or ["0 AS nothing"]
        searched = f"SELECT DISTINCT company FROM {NOT_FOUND} WHERE search IN ({_listed(s for s, _ in conditions)})"
        query = f"SELECT DISTINCT {', '.join(columns)} FROM {table} WHERE company IN ({searched})"
        backend.create(_SEEN, f"SELECT ROW_NUMBER() OVER () AS number, * FROM ({query})")
        tests = [(search, _possible(condition, fact_type)) for search, condition in conditions]
        rows = backend.arrow(f"SELECT * FROM {_SEEN}").to_pylist()
        pairs = [(row["number"], search) for row in rows for search, may in tests if may(row)]
        if pairs:
            register(backend, _PAIRS, {"number": "int", "search": "int"}, pairs)
            join = same("f", "s", names)
            ids = (
                f"SELECT DISTINCT f.company FROM {table} f JOIN {_SEEN} s ON {join} JOIN {_PAIRS} p "
                f"ON p.number = s.number JOIN {NOT_FOUND} n ON n.company = f.company AND n.search = p.search"
            )
            yield from (id for (id,) in backend.rows(ids))
            backend.drop(_PAIRS)
        backend.drop(_SEEN)


def _listed(numbers: Iterator[int]) -> str:
    return ", ".join(map(str, sorted(set(numbers))))


def _possible(condition: Condition, fact_type: FactType) -> Callable[[dict[str, Any]], bool]:
    """Return a function that says whether a row of facts may pass a condition, but for its tests of reserved fields."""
    tests = []
    for test in condition.tests:
        if test.field in reserved_fields:
            continue
        own = fact_type.get(test.field)
        assert own is not None
        cells = cells_of(own, (test.test,))
        number = fact_type.fields.index(own)
        tests.append((tuple(field_columns(number, own)), own, cells, cells.passing(test.test)))

    def may(row: dict[str, Any]) -> bool:
        for names, own, cells, passing in tests:
            state, *held = (row[name] for name in names)
            value = value_of_row(held, own) if state == 1 else None
            if not cells.bits_of(value, state == DISCLOSED) & passing:
                return False
        return True

    return may
