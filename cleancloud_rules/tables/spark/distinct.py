"""Questions for distinct rows: Spark answers many of them in one pass."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attrs import frozen

from cleancloud_rules.tables.arrow import arrow_of
from cleancloud_rules.tables.backends import Questions
from cleancloud_rules.tables.sql import listed


@frozen
class _Slots:
    """Where the columns of one question lie in the union of all: columns of the same type share a place.

    Args:
        names: the names of its columns, each with the name of the place.
        types: the types of places by name.
    """

    names: Mapping[str, str]
    types: Mapping[str, str]


def distinct(asked: Questions, frame_of: Callable[[str], Any]) -> list[Any]:
    """Return the distinct rows that each question asks for, as Arrow tables.

    Args:
        asked: the questions.
        frame_of: returns a query in the dialect of DuckDB as a data frame.
    """
    # Each job costs about a tenth of a second, so that hundreds of questions are not asked one by one. What is asked
    # of one source is collected in sets, in one pass; other questions are parts of one union.
    places: dict[str, list[int]] = {}
    for place, (source, _) in enumerate(asked):
        places.setdefault(source, []).append(place)
    found: dict[int, Any] = {}
    for source, own in places.items():
        if len(own) > 1:
            found |= zip(own, _collected(source, [asked[place][1] for place in own], frame_of), strict=True)
    alone = [place for place in range(len(asked)) if place not in found]
    found |= zip(alone, _united([asked[place] for place in alone], frame_of), strict=True)
    return [found[place] for place in range(len(asked))]


def _collected(source: str, asked: Sequence[Mapping[str, str]], frame_of: Callable[[str], Any]) -> list[Any]:
    """Return the distinct rows of several questions about one source."""
    names = [{name: f"q{n}_{name}" for name in columns} for n, columns in enumerate(asked)]
    named = (zip(own.values(), columns.values(), strict=True) for own, columns in zip(names, asked, strict=True))
    frame = frame_of(f"SELECT {listed(dict(pair for pairs in named for pair in pairs))} FROM {source} AS asked")
    filled = {field.name for field in frame.schema.fields if not field.nullable}
    # A set leaves out missing values, but not rows that have them.
    is_plain = [len(own) == 1 and filled.issuperset(own.values()) for own in names]
    rows = (", ".join(own.values()) for own in names)
    sets = (row if plain else f"STRUCT({row})" for row, plain in zip(rows, is_plain, strict=True))
    table = frame.selectExpr(*(f"COLLECT_SET({row}) AS q{n}" for n, row in enumerate(sets))).toArrow()
    found = []
    for column, own, plain in zip(table.columns, names, is_plain, strict=True):
        values = column.combine_chunks().flatten()
        found.append(arrow_of(dict(zip(own, [values] if plain else values.flatten(), strict=True))))
    return found


def _united(asked: Questions, frame_of: Callable[[str], Any]) -> list[Any]:
    """Return the distinct rows of questions about different sources."""
    frames = [frame_of(f"SELECT {listed(columns)} FROM {source} AS asked") for source, columns in asked]
    if len(frames) < 2:
        return [frame.distinct().toArrow() for frame in frames]
    slots = [_slots(frame.dtypes) for frame in frames]
    types = {place: kind for own in slots for place, kind in own.types.items()}
    parts = []
    for n, (frame, own) in enumerate(zip(frames, slots, strict=True)):
        columns = {place: name for name, place in own.names.items()}
        chosen = (f"{columns.get(place, f'CAST(NULL AS {kind})')} AS {place}" for place, kind in types.items())
        parts.append(frame.selectExpr(f"{n} AS question", *chosen))
    union = parts[0]
    for part in parts[1:]:
        union = union.union(part)
    table = union.distinct().toArrow().sort_by("question")
    counts = {row["values"]: row["counts"] for row in table["question"].value_counts().to_pylist()}
    found, start = [], 0
    for n, own in enumerate(slots):
        rows = table.slice(start, counts.get(n, 0))
        start += rows.num_rows
        found.append(rows.select(list(own.names.values())).rename_columns(list(own.names)))
    return found


def _slots(columns: Sequence[tuple[str, str]]) -> _Slots:
    """Return where columns lie, from their names and types."""
    names, types = dict[str, str](), dict[str, str]()
    for name, kind in columns:
        number = sum(1 for other in types.values() if other == kind)
        place = f"s{number}_{''.join(c if c.isalnum() else '_' for c in kind)}"
        names[name], types[place] = place, kind
    return _Slots(names, types)
