"""Results where all groups add or average their parts: the database adds up whole numbers.

Such a group follows from sums over its parts; see `scoring.plain_tree`. So the library is asked for each distinct sum,
and there are far fewer of these than vectors of criteria.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import lcm

from attrs import astuple

from cleancloud_rules.scoring.compiled import CompiledMethodology
from cleancloud_rules.scoring.plain_tree import PlainFigures, PlainTree, Ratio
from cleancloud_rules.tables.scoring.criteria import Earned, Owner
from cleancloud_rules.tables.scoring.lookups import Answers, Lookups
from cleancloud_rules.tables.scoring.results import WHOLE, Results, Values, places_of
from cleancloud_rules.tables.sql import listed, same

MAX_SUM = 2**62
"""Above the greatest sum that the database adds up."""

SUMS = ("value", "most", "weight", "earned", "earned_most")
"""What is summed up over the parts of a group; see `plain_tree.Sums`."""


class NotPlainError(Exception):
    """The sums are too large, or some group of a company has no score. `Results` is for all cases."""


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
        self._figures: dict[int, list[PlainFigures]] = {}
        self._most = [dict.fromkeys(SUMS, 0) for _ in tree.nodes]
        self._summed: list[str] = []

    def shares(self, id: str, found: Sequence[Earned]) -> list[tuple[int, ...]]:
        """Return what each of the numbers of a criterion adds to the sums of its group.

        Raises:
            NotPlainError: if the sums may become too large.
        """
        shares = [astuple(self._tree.share(id, one.points, is_exempt=one.is_exempt)) for one in found]
        self._check(self._tree.criteria[id].node, shares)
        return shares

    def _check(self, position: int, shares: Sequence[tuple[int, ...]]) -> None:
        """Add the greatest shares of a part to the greatest sums of its group, which must not be too large."""
        for place, name in enumerate(SUMS):
            self._most[position][name] += max((abs(share[place]) for share in shares), default=0)
            if self._most[position][name] >= MAX_SUM:
                raise NotPlainError

    def sums(self) -> dict[str, list[tuple[int, str]]]:
        """Return the sums over the criteria of each group: places and columns of their shares, by name of the sum."""
        found: dict[str, list[tuple[int, str]]] = {}
        for position in range(len(self._tree.nodes)):
            places = [p for p, id in enumerate(self.owners) if self._tree.criteria[id].node == position]
            for name in SUMS if places else ():
                if self._most[position][name]:  # what does not differ from a company without facts is left out
                    found[f"g{position}_{name}"] = [(place, name) for place in places]
        return found

    def of(self, numbered: str, lookups: Lookups) -> str:
        """Return a query in brackets for the numbers of the results; see `Results.of`.

        Args:
            numbered: a table with the numbers of what facts say of the criteria, and with the columns of `sums`.
            lookups: makes tables.

        Raises:
            NotPlainError: if the sums may become too large, or if some group of a company has no score.
        """
        for place, (id, owner) in enumerate(self.owners.items()):
            rows = [self.criterion_values(id, one, self.combination({id: one}, None)) for one in owner.found]
            self.values[f"e{place}"] = Values(self.columns.criterion(id), rows)
        self._summed = list(self.sums())
        table, waiting = numbered, list(range(len(self._tree.nodes)))
        while waiting:  # level by level, the groups without groups inside them first
            ready = [n for n in waiting if not any(inner in waiting for inner in self._tree.nodes[n].inside)]
            waiting = [position for position in waiting if position not in ready]
            former, table = table, lookups.new(self._with_groups(table, ready, waiting, lookups))
            lookups.forget(former)
        ids = {position: id for id, position in self._tree.positions.items()}
        for position, figures in sorted(self._figures.items()):
            group = ids[position]
            if group is not None:
                rows = [self.group_values(one) for one in figures]
                self.values[f"n{position}"] = Values(self.columns.group(group), rows)
        root = self._figures[self._tree.positions[None]]
        self.values[WHOLE] = Values(self.columns.whole(), [self.whole_values(one, {}) for one in root])
        numbers = enumerate(places_of([self.rank_key(one, {}) for one in root]))
        places = lookups.given({"number": "int", "place": "int"}, numbers)
        names = ", ".join(f"source.{name}" for name in ("company", "cohort", *self.values))
        return f"(SELECT {names}, {places}.place FROM {table} AS source JOIN {places} ON {places}.number = {WHOLE})"

    def _with_groups(self, table: str, ready: Sequence[int], waiting: Sequence[int], lookups: Lookups) -> str:
        """Return a query for a table with the numbers of the figures of some groups beside its other columns."""
        inside = {inner: position for position in ready for inner in self._tree.nodes[position].inside}
        joined, known = f"{table} AS source", ""
        asked: dict[str, str] = {}
        wholes = {position: _Whole(self._tree, position, self._figures) for position in ready}
        for inner, position in inside.items():
            shares = wholes[position].shares(inner)
            self._check(position, shares)
            name = lookups.given(
                {"number": "int", **dict.fromkeys(SUMS, "int")}, [(n, *s) for n, s in enumerate(shares)]
            )
            joined += f" LEFT JOIN {name} AS p{inner} ON p{inner}.number = source.n{inner}"
        for position, whole in wholes.items():
            terms = whole.terms(self._summed)
            source = f"(SELECT {listed(terms)} FROM {joined})"
            column = WHOLE if self._tree.positions[None] == position else f"n{position}"
            found = self._figures[position] = []
            name = lookups.asked(source, {term: term for term in terms}, whole.answers(found), {column: "small"})
            asked |= terms
            known += f" LEFT JOIN {name} AS known{position} ON {same('source', f'known{position}', terms)}"
        kept = [f"e{place}" for place in range(len(self.owners))]
        kept += [f"n{n}" for n in self._figures if n not in ready]
        later = tuple(f"g{position}_" for position in waiting)
        kept += [name for name in self._summed if name.startswith(later)]
        numbers = [f"known{n}.{WHOLE if self._tree.positions[None] == n else f'n{n}'}" for n in ready]
        names = ", ".join([*(f"source.{name}" for name in ("company", "cohort", *kept)), *numbers])
        return f"SELECT {names} FROM (SELECT source.*, {listed(asked)} FROM {joined}) AS source{known}"


class _Whole:
    """A group whose figures follow from sums over its parts, all in the same units.

    Args:
        tree: the tree.
        position: the position of the group.
        figures: the figures of the groups inside it, by position and number.
    """

    def __init__(self, tree: PlainTree, position: int, figures: Mapping[int, list[PlainFigures]]) -> None:
        self._node, self._position, self._places = tree.nodes[position], position, tree.places
        self._figures = figures
        self._taken: dict[int, list[tuple[Ratio, Ratio]]] = {}
        for inner in self._node.inside:
            taken = [self._node.taken(inner, one) for one in figures[inner]]
            if None in taken:
                raise NotPlainError
            self._taken[inner] = [one for one in taken if one is not None]
        each = [one for taken in self._taken.values() for one in taken]
        self._unit = lcm(self._node.unit, *(unit for (_, unit), _ in each))
        self._unit_most = lcm(self._node.unit, *(unit for _, (_, unit) in each))
        if max(self._unit, self._unit_most) >= MAX_SUM:
            raise NotPlainError

    def shares(self, inner: int) -> list[tuple[int, ...]]:
        """Return what each number of a group inside it adds to its sums."""
        weight = self._node.inside[inner]
        found: list[tuple[int, ...]] = []
        for ((value, unit), (most, unit_most)), one in zip(self._taken[inner], self._figures[inner], strict=True):
            sums = value * (self._unit // unit), most * (self._unit_most // unit_most)
            found.append((*sums, weight, one.earned, one.earned_most))
        return found

    def terms(self, summed: Sequence[str]) -> dict[str, str]:
        """Return the expressions of its sums, by the name of their column.

        Args:
            summed: the columns of sums over criteria that there are.
        """
        factors = {"value": self._unit // self._node.unit, "most": self._unit_most // self._node.unit}
        found = {}
        for name in SUMS:
            own = f"g{self._position}_{name}"
            parts = [f"source.{own} * {factors.get(name, 1)}"] if own in summed else []
            parts += [f"p{inner}.{name}" for inner in self._node.inside]
            found[f"t{self._position}_{name}"] = " + ".join(parts) or "0"
        return found

    def answers(self, found: list[PlainFigures]) -> Answers:
        """Return what answers distinct sums: with the number of their figures, which it adds to a list."""
        node, start = self._node, self._node.own
        value_of, most_of = start.value * (self._unit // node.unit), start.most * (self._unit_most // node.unit)

        def answers(rows: Sequence[tuple[int, ...]]) -> Iterator[tuple[int]]:
            for value, most, weight, earned, earned_most in rows:
                figures = node.of_sums(
                    (value_of + int(value), self._unit),
                    (most_of + int(most), self._unit_most),
                    start.weight + int(weight),
                    start.earned + int(earned),
                    start.earned_most + int(earned_most),
                    self._places,
                )
                if figures is None:
                    raise NotPlainError
                found.append(figures)
                yield (len(found) - 1,)

        return answers
