"""Groups that add or average their parts, as whole numbers in a database.

The value of such a group is the sum over its parts times a factor; see `scoring.plain_tree`. The factor and the maximum
follow from what is left out because it does not apply. There are few cases of that, and the library is asked for each.
The database adds up, multiplies and rounds.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm, prod

from attrs import define, evolve, field, frozen

from cleancloud_rules.model.groups import Parts
from cleancloud_rules.scoring.plain_tree import PlainFigures, PlainTree
from cleancloud_rules.tables.scoring.lookups import Lookups
from cleancloud_rules.tables.scoring.plain.whole_numbers import MAX_NARROW, Whole, WideError, constant, rounded, total
from cleancloud_rules.tables.sql import listed


class NoScoreError(Exception):
    """Some group of a company has no score."""


Left = tuple[int, int, int]
"""What a part leaves out of the maximum, the maximum points and the weights of its group; none of it is below 0."""


@frozen
class LeftOut:
    """What parts of a group leave out of it, as one whole number. Sums of such numbers stand for sums of what they say.

    Args:
        steps: what each part leaves out are multiples of these.
        most: how many of these the parts leave out at most, together.

    Raises:
        WideError: if the number may be too large.
    """

    steps: Left
    most: Left

    def __attrs_post_init__(self) -> None:
        if prod(number + 1 for number in self.most) >= MAX_NARROW:
            raise WideError

    @classmethod
    def of(cls, parts: Sequence[Sequence[Left]]) -> "LeftOut":
        """Return what parts leave out, by what each of them may leave out."""
        steps = [gcd(*(left[kind] for lefts in parts for left in lefts)) or 1 for kind in range(3)]
        most = [sum(max((left[kind] for left in lefts), default=0) for lefts in parts) for kind in range(3)]
        return cls((steps[0], steps[1], steps[2]), (most[0] // steps[0], most[1] // steps[1], most[2] // steps[2]))

    def packed(self, left: Left) -> int:
        """Return what is left out as one number."""
        found, factor = 0, 1
        for number, step, most in zip(left, self.steps, self.most, strict=True):
            found += factor * (number // step)
            factor *= most + 1
        return found

    def unpacked(self, packed: int) -> Left:
        """Return what a number stands for."""
        rest, maximum = divmod(packed, self.most[0] + 1)
        weight, points = divmod(rest, self.most[1] + 1)
        return maximum * self.steps[0], points * self.steps[1], weight * self.steps[2]


@define(eq=False)
class PlainGroup:
    """A group, or the root.

    Args:
        tree: the tree.
        position: its position.
        value: the sum of what its criteria add to the value.
        earned: the sum of the points of its criteria, in units.
        left: what its criteria leave out.
        left_out: what that stands for.

    Attributes:
        cases: its figures in each case of what is left out, if the sum over its parts is 1.
        taken: what it adds to the sum of the group around it, in parts of `unit`.
        unit: a whole number.
        maxima: for each case, what it adds to the maximum of the group around it.
        score: its score, in units of the last decimal place.
        number: the expression of the number of its case, counted from 1.
    """

    tree: PlainTree
    position: int
    value: Whole
    earned: Whole
    left: Whole
    left_out: LeftOut
    cases: list[PlainFigures] = field(init=False, factory=list)
    taken: Whole = field(init=False, default=constant(0))
    unit: int = field(init=False, default=1)
    maxima: list[Fraction] = field(init=False, factory=list)
    score: Whole = field(init=False, default=constant(0))
    number: str = field(init=False, default="1")

    def add(self, inside: Sequence["PlainGroup"], around: int | None, table: str, lookups: Lookups) -> str:
        """Add the groups inside it, and ask the library for its cases.

        Args:
            inside: the groups inside it, whose columns are in the table.
            around: the position of the group around it; None for the root.
            table: the table.
            lookups: makes tables.

        Returns:
            What is joined to the table ``source``, so that its expressions can be computed.

        Raises:
            NoScoreError: if it has no score in some case, or no maximum that the group around it needs.
            WideError: if numbers may be too large.
        """
        node = self.tree.nodes[self.position]
        unit = lcm(node.unit, *(part.unit for part in inside))
        terms = [(self.value, node.unit), *((part.taken, part.unit) for part in inside)]
        self.value = total([term.times(constant(unit // own)) for term, own in terms])
        self.earned = total([self.earned, *(part.earned for part in inside)])
        if self.earned.is_wide:
            raise WideError
        further = _Further.of(inside)
        joined, asked = "", {"own": self.left.sql} if self.left.high else {}
        if further.lists:
            own = f"inside{self.position}"
            held = lookups.given(dict.fromkeys(further.lists, "int[]"), [[*further.lists.values()]])
            joined = f" CROSS JOIN {held} AS {own}"
            lists = [
                Whole(f"LIST_EXTRACT({own}.{name}, source.{name})", 0, max(n)) for name, n in further.lists.items()
            ]
            asked["inner"] = total(lists).sql
        rows: list[tuple[int, ...]] = [()]
        if asked:
            rows = lookups.backend.rows(f"SELECT DISTINCT {listed(asked)} FROM {table} AS source{joined}")
        if not rows:
            raise NoScoreError  # there are no companies
        factors = [self._case(dict(zip(asked, row, strict=True)), unit, further, around) for row in rows]
        return joined + self._multiplied(asked, rows, factors, around, lookups)

    def _case(
        self, left: Mapping[str, int], unit: int, further: "_Further", around: int | None
    ) -> tuple[Fraction, Fraction]:
        """Add a case; return its value and what it adds to the group around it, if the sum over its parts is 1."""
        node, own = self.tree.nodes[self.position], self.tree.nodes[self.position].own
        most, earned_most, weight = self.left_out.unpacked(left.get("own", 0))
        inner_most, inner_earned_most, _ = further.left_out.unpacked(left.get("inner", 0))
        # In one case the maximum and the weights are the same, and the value is proportional to the sum over the parts.
        # So the value for a sum of 1 is the factor for every sum.
        maximum = Fraction(own.most - most, node.unit) + further.most - Fraction(inner_most, further.unit)
        figures = node.of_sums(
            (1, unit),
            maximum.as_integer_ratio(),
            own.weight - weight + sum(node.inside.values()),
            0,
            own.earned_most - earned_most + further.earned_most - inner_earned_most,
            self.tree.places,
        )
        if figures is None:
            raise NoScoreError
        self.cases.append(figures)
        value, taken = Fraction(*figures.exact), Fraction(0)
        if around is not None:
            outer = self.tree.nodes[around]
            whole = outer.taken(self.position, evolve(figures, exact=(1, 1), units=1))
            if whole is None:
                raise NoScoreError
            # The values that it takes are those of a score or a value of 1; its maxima do not depend on either.
            taken = Fraction(*whole[0]) if outer.kept is Parts.ROUNDED else value * Fraction(*whole[0])
            self.maxima.append(Fraction(*whole[1]))
        return value, taken

    def _multiplied(
        self,
        asked: Mapping[str, str],
        rows: Sequence[tuple[int, ...]],
        factors: Sequence[tuple[Fraction, Fraction]],
        around: int | None,
        lookups: Lookups,
    ) -> str:
        """Set what follows from the factors of each case; return what is joined for it."""
        units = [lcm(*(factor.denominator for factor in each)) for each in zip(*factors, strict=True)]
        whole = [[int(factor * unit) for factor, unit in zip(each, units, strict=True)] for each in factors]
        known, joined = f"known{self.position}", ""
        by, taken = (Whole("", min(each), max(each)) for each in zip(*whole, strict=True))
        if len(rows) == 1:
            by, taken = constant(by.low), constant(taken.low)
        else:
            kinds = {**dict.fromkeys(asked, "int"), "number": "small", "factor": by.kind, "taken": taken.kind}
            held = [(*row, n, *each) for n, (row, each) in enumerate(zip(rows, whole, strict=True), 1)]
            tests = " AND ".join(f"{known}.{name} = {sql}" for name, sql in asked.items())
            joined = f" LEFT JOIN {lookups.given(kinds, held)} AS {known} ON {tests}"
            self.number, by, taken = f"{known}.number", by.named(f"{known}.factor"), taken.named(f"{known}.taken")
        rounding = self.tree.nodes[self.position].rounding
        self.score = rounded(self.value.times(by), units[0], rounding.digits, rounding.mode)
        is_rounded = around is not None and self.tree.nodes[around].kept is Parts.ROUNDED
        self.taken, self.unit = (self.score if is_rounded else self.value).times(taken), units[1]
        return joined

    def columns(self) -> dict[str, str]:
        """Return the expressions of its columns by name, and read its numbers from these from now on."""
        held = {"s": self.score, "r": self.earned, "t": self.taken}
        found = {f"{name}{self.position}": own.sql for name, own in held.items()}
        found[self.case] = self.number
        self.score, self.earned, self.taken = (own.named(f"source.{name}{self.position}") for name, own in held.items())
        return found

    @property
    def case(self) -> str:
        """The column of the number of its case."""
        return f"n{self.position}"


@frozen
class _Further:
    """The maxima of groups inside a group, and what they leave out of them.

    Args:
        most: their maximum together, if they leave out nothing.
        unit: the denominator of what they leave out of it.
        earned_most: the maximum of their points together, likewise.
        left_out: what they leave out.
        lists: for each case of a group that leaves out something, what it leaves out; by the column of its case.
    """

    most: Fraction
    unit: int
    earned_most: int
    left_out: LeftOut
    lists: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, inside: Sequence[PlainGroup]) -> "_Further":
        """Return those of some groups."""
        most = [max(part.maxima) for part in inside]
        earned_most = [max(case.earned_most for case in part.cases) for part in inside]
        unit = lcm(*(maximum.denominator for part in inside for maximum in part.maxima))
        left: dict[str, list[Left]] = {
            part.case: [
                (int((whole - own) * unit), points - case.earned_most, 0)
                for own, case in zip(part.maxima, part.cases, strict=True)
            ]
            for part, whole, points in zip(inside, most, earned_most, strict=True)
        }
        left_out = LeftOut.of([*left.values()])
        lists = {name: [*map(left_out.packed, cases)] for name, cases in left.items()}
        return cls(sum(most, Fraction()), unit, sum(earned_most), left_out, {n: c for n, c in lists.items() if any(c)})
