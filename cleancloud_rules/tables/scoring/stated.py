"""What decides whether stated facts count: facts that are alike in it are counted, all of them in one pass."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from attrs import frozen

from cleancloud_rules.engine.eligibility import after_cut_off, outside_window
from cleancloud_rules.model.facts import Fact, FactType
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import Period
from cleancloud_rules.tables.facts import FactTables
from cleancloud_rules.tables.sql import listed

Days = tuple[int | None, int | None, int | None]
"""The numbers of the first and the last day of a period, and of the day that a fact is as of."""

DAYS = {"first": "period_start", "last": "period_end", "moment": "as_of"}
"""The columns of days that decide, by the names that they have as numbers."""


@frozen
class Alike:
    """Stated facts that are alike in what decides whether they count.

    Args:
        type: the id of their type.
        basis: their basis.
        source_type: the type of their source; None if they have none.
        accepted: whether facts count as far as this source goes; None if they have none.
        days: their days; all of them are None if no day decides.
        number: how many there are.
    """

    type: str
    basis: str
    source_type: str | None
    accepted: bool | None
    days: Days
    number: int


def alike(tables: FactTables, methodology: Methodology, sources: str, kinds: Sequence[tuple[str, bool]]) -> list[Alike]:
    """Return the stated facts of all types that are alike.

    Args:
        tables: the tables of facts.
        methodology: the methodology.
        sources: the name of a table of sources, with the number of the kind of each.
        kinds: the types of sources, each with whether facts count as far as their source goes.
    """
    types, parts = methodology.vocabulary.fact_types, []
    timed = [depends_on_time(fact_type, methodology) for fact_type in types]
    days = DAYS if any(timed) else {}
    for number, is_timed in enumerate(timed):
        columns = {"fact_type": str(number), "basis": "basis", "source": "source"}
        columns |= {name: column if is_timed else "CAST(NULL AS DATE)" for name, column in days.items()}
        parts.append(f"SELECT {listed(columns)} FROM {tables.named(f'facts_{number}')} AS stated")
    if not parts:
        return []
    own = ", ".join(["fact_type", "basis", "sources.kind", *days])
    joined = f"({' UNION ALL '.join(parts)}) AS facts LEFT JOIN {sources} AS sources ON facts.source = sources.source"
    found = []
    rows = tables.backend.rows(f"SELECT {own}, COUNT(*) AS number FROM {joined} GROUP BY {own}")
    for place, basis, kind, *dates, number in rows:
        source_type, accepted = (None, None) if kind is None else kinds[kind]
        first, last, moment = (one and one.toordinal() for one in (dates or (None, None, None)))
        found.append(Alike(types[place].id, basis, source_type, accepted, (first, last, moment), number))
    return found


def depends_on_time(fact_type: FactType, methodology: Methodology) -> bool:
    """Whether it depends on their days whether facts of a type count."""
    return methodology.as_of is not None or dict(methodology.windows)[fact_type.horizon].has_ends


def timely(
    facts: Iterable[Alike], methodology: Methodology
) -> Iterator[tuple[int | None, int | None, int | None, bool]]:
    """Yield the days of facts whose types have the same window, each once, and whether facts of these days count."""
    for days, type_id in {one.days: one.type for one in facts}.items():
        fact = dated(type_id, days, methodology)
        late = after_cut_off(fact, methodology) or outside_window(fact, methodology)
        yield *days, late is None


def dated(type_id: str, days: Days, methodology: Methodology) -> Fact:
    """Return a fact of a type with its days alone."""
    first, last, moment = days
    as_of = None if moment is None else date.fromordinal(moment)
    return Fact("", type_id, methodology.vocabulary.by_id[type_id].model(), period=period_of(first, last), as_of=as_of)


def period_of(first: int | None, last: int | None) -> Period | None:
    """Return a period from the numbers of its days."""
    if first is None or last is None:
        return None
    start, end = date.fromordinal(first), date.fromordinal(last)
    return Period(start, end, f"{start}/{end}")
