"""Results where all groups add or average their parts; see `groups`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import evolve

from cleancloud_rules.scoring.compiled import CompiledMethodology
from cleancloud_rules.scoring.plain_tree import PlainTree
from cleancloud_rules.tables.scoring.criteria import Owner
from cleancloud_rules.tables.scoring.lookups import MAX_JOINS, Lookups
from cleancloud_rules.tables.scoring.numbers import Numbers
from cleancloud_rules.tables.scoring.plain.groups import LeftOut, NoScoreError, PlainGroup
from cleancloud_rules.tables.scoring.plain.whole_numbers import Together, Whole, WideError, constant, total
from cleancloud_rules.tables.scoring.results import Results, Values, places_of
from cleancloud_rules.tables.sql import listed

_SUMS = ("v", "p", "l")
"""How the columns of sums over criteria begin: of the value, the points, and what is left out.

``k`` is how those begin that hold all three.
"""


class NotPlainError(Exception):
    """Numbers are too large, or some group of a company has no score. `Results` is for all cases."""


class PlainResults(Results):
    """The results of a plain tree; see `Results`.

    Args:
        own: the compiled methodology, whose tree is plain and which has no decision tables.
        owners: the criteria by id.
        tree: the tree.
    """

    def __init__(self, own: CompiledMethodology, owners: Mapping[str, Owner], tree: PlainTree) -> None:
        super().__init__(own, owners)
        self._tree = tree

    def of(self, numbers: Numbers, lookups: Lookups) -> str:
        """Return a query in brackets for the numbers of the results; see `Results.of`.

        Raises:
            NotPlainError: if numbers may be too large, or if some group of a company has no score.
        """
        try:
            return self._of(numbers, lookups)
        except (WideError, NoScoreError) as error:
            raise NotPlainError from error

    def _of(self, numbers: Numbers, lookups: Lookups) -> str:
        for place, (id, owner) in enumerate(self.owners.items()):
            values = [self.criterion_values(id, one, self.combination({id: one}, None)) for one in owner.found]
            column, rows = numbers.rows(place, values)
            self.values[column] = Values(self.columns.criterion(id), rows)
        sums: dict[str, str] = {}
        groups = [self._of_criteria(position, numbers, sums) for position in range(len(self._tree.nodes))]
        table = self._with_groups(numbers.table(sums), sums, groups, lookups)
        for group, position in self._tree.positions.items():
            self._add_values(group, groups[position])
        return self._placed(table, numbers.read(), groups[-1], lookups)

    def _with_groups(self, table: str, sums: Iterable[str], groups: Sequence[PlainGroup], lookups: Lookups) -> str:
        """Return a table with the numbers of all groups, in the place of one with the sums over their criteria."""
        nodes, kept = self._tree.nodes, [*sums]
        around = {inner: position for position, node in enumerate(nodes) for inner in node.inside}
        waiting = [*range(len(groups))]
        while waiting:  # level by level, the groups without groups inside them first
            ready = [position for position in waiting if nodes[position].inside.keys().isdisjoint(waiting)][:MAX_JOINS]
            joined, columns = f"{table} AS source", dict[str, str]()
            for position in ready:
                inside = [groups[inner] for inner in nodes[position].inside]
                joined += groups[position].add(inside, around.get(position), table, lookups)
                columns |= groups[position].columns()
            read = {f"{name}_{position}" for name in ("k", *_SUMS) for position in ready}
            read |= {f"t{inner}" for position in ready for inner in nodes[position].inside}
            kept = [name for name in kept if name not in read]
            own = listed({name: f"source.{name}" for name in ("company", "cohort", *kept)})
            former, table = table, lookups.new(f"SELECT {own}, {listed(columns)} FROM {joined}")
            lookups.forget(former)
            kept += columns
            waiting = [position for position in waiting if position not in ready]
        return table

    def _of_criteria(self, position: int, numbers: Numbers, sums: dict[str, str]) -> PlainGroup:
        """Return a group with the sums over its criteria, and add the columns of these."""
        shares = {
            place: [self._tree.share(id, one.points, is_exempt=one.is_exempt) for one in owner.found]
            for place, (id, owner) in enumerate(self.owners.items())
            if self._tree.criteria[id].node == position
        }
        left = {place: [(-s.most, -s.earned_most, -s.weight) for s in each] for place, each in shares.items()}
        left_out = LeftOut.of([*left.values()])
        terms: list[dict[int, Sequence[int]]] = [
            {place: [one.value for one in each] for place, each in shares.items()},
            {place: [one.earned for one in each] for place, each in shares.items()},
            {place: [*map(left_out.packed, each)] for place, each in left.items()},
        ]

        def added(name: str, parts: Mapping[int, Sequence[int]]) -> Whole:
            # What a company without facts has stands in the group already: what does not differ from it is left out.
            found = []
            for place, values in ((place, values) for place, values in parts.items() if any(values)):
                bounds = Whole("", min(values), max(values))
                found.append(bounds.named(numbers.column(place, f"{name}{place}", bounds.kind, values)))
            if not found:
                return constant(0)
            sums[f"{name}_{position}"] = (whole := total(found)).sql
            return whole.named(f"source.{name}_{position}")

        together = Together.of(terms)
        if together.is_narrow:
            value, earned, left_over = together.unpacked(added("k", together.packed(terms)))
        else:
            value, earned, left_over = (added(name, own) for name, own in zip(_SUMS, terms, strict=True))
        return PlainGroup(self._tree, position, value, earned, left_over, left_out)

    def _add_values(self, id: str | None, group: PlainGroup) -> None:
        """Add what the numbers in the columns of a group, or of the root, stand for."""
        position = group.position
        if id is None:
            names, rows = self.columns.whole(), [self.whole_values(case, {}) for case in group.cases]
            computed = {"total": f"s{position}"}
        else:
            names, rows = self.columns.group(id), [self.group_values(case) for case in group.cases]
            computed = {f"{id}.score": f"s{position}", f"{id}.points": f"r{position}"}
        for name, column in computed.items():
            self.values[column] = Values({name: names[name]}, None)
        places = [place for place, name in enumerate(names) if name not in computed]
        kept = {name: kind for name, kind in names.items() if name not in computed}
        # The numbers of cases are counted from 1.
        told = [tuple(row[place] for place in places) for row in rows]
        self.values[group.case] = Values(kept, [tuple(None for _ in places), *told])

    def _placed(self, table: str, read: str, root: PlainGroup, lookups: Lookups) -> str:
        """Return a query in brackets for the numbers of the results, with the places of companies by their totals.

        Args:
            table: the numbers of groups.
            read: those of criteria.
            root: the root.
            lookups: makes tables.
        """
        score, case = f"s{root.position}", root.cases[0]

        def answers(rows: Sequence[tuple[int]]) -> Iterator[tuple[int | None]]:
            # A total alone tells companies apart: they have neither levels nor labels, and all have a score.
            yield from (
                (place,) for place in places_of([self.rank_key(evolve(case, units=own), {}) for (own,) in rows])
            )

        known = lookups.asked(table, {"units": score}, answers, {"place": "int"})
        joined = f"{table} AS source JOIN {known} ON {known}.units = source.{score}"
        joined += f" JOIN {read} AS criteria ON criteria.company = source.company"
        return f"(SELECT source.company, source.cohort, place, {', '.join(self.values)} FROM {joined})"
