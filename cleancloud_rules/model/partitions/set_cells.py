"""Partition of the values of a set field by the tests on it, with no limit on the names that they tell apart."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, reduce
from operator import or_

from attrs import frozen

from cleancloud_rules.model.conditions import Members, Null, SetMode, UnaryTest
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.partitions.families import (
    DISCLOSED,
    MISSING,
    Family,
    Region,
    UndecidedError,
    all_sets,
    sets_of,
)

MAX_CLASSES = 50_000
"""The maximum number of classes of sets that are told apart in one list."""


def alternatives_of(test: UnaryTest) -> tuple[Members | Null, ...]:
    """Return the alternatives of a test on a set, with all names that are enough alone in one list."""
    present = [a for a in test.alternatives if isinstance(a, Members)]
    if not present:
        return tuple(a for a in test.alternatives if isinstance(a, Null))
    any_of = frozenset(name for a in present if a.mode is SetMode.CONTAINS for name in a.names)
    first = (Members(SetMode.CONTAINS, any_of),) if any_of else ()
    others = (a for a in present if a.mode is not SetMode.CONTAINS)
    return (*first, *others, *(a for a in test.alternatives if isinstance(a, Null)))


@frozen
class SetCells:
    """The values of a set field, as far as tests tell them apart.

    It does what `FieldCells` does for the other types. There a set of cells is an integer, here it is a family of sets.

    Args:
        field: the field.
        marks: the names that tests mention, in order.
        is_exact: whether some test (`is`) depends on whether a set has other names.
    """

    field: Field
    marks: tuple[str, ...]
    is_exact: bool = False

    @cached_property
    def _bit(self) -> dict[str, int]:
        return {name: 1 << place for place, name in enumerate(self.field.values)}

    @cached_property
    def every(self) -> int:
        """All names of the field, as a bit mask."""
        return (1 << len(self.field.values)) - 1

    @cached_property
    def all_values(self) -> Family:
        """All sets of names."""
        return all_sets(self.every)

    @cached_property
    def missing(self) -> Family:
        """The missing value."""
        return Family(self.every, MISSING, ())

    @cached_property
    def disclosed_bit(self) -> Family:
        """What only a disclosed field without a value has."""
        return Family(self.every, DISCLOSED, ())

    @cached_property
    def everything(self) -> Family:
        """All values."""
        return Family(self.every, MISSING | DISCLOSED, self.all_values.regions)

    @cached_property
    def possible(self) -> Family:
        """What some value of the field can have, without values outside `valid`."""
        found = self.all_values if self.field.valid is None else self.all_values & self.passing(self.field.valid)
        found |= self.disclosed_bit
        return found | self.missing if self.field.optional else found

    def mask(self, names: Iterable[str]) -> int:
        """Return names as a bit mask."""
        return sum(self._bit[name] for name in names)

    def names(self, mask: int) -> frozenset[str]:
        """Return the names in a bit mask."""
        return frozenset(name for name, bit in self._bit.items() if mask & bit)

    def bits_of(self, value: object, disclosed: bool = False) -> Family:
        """Return the family of a value: one set; for a disclosed field any."""
        if isinstance(value, frozenset):
            mask = self.mask(value)
            return Family(self.every, 0, (Region(mask, mask),) if mask else ())
        return self.everything & ~self.missing if disclosed else self.missing

    def having(self, name: str) -> Family:
        """Return the sets that have a name."""
        return sets_of(self.every, self._bit[name], self.every, (), self._bit[name])

    def truly_passing(self, test: UnaryTest) -> Family:
        """Return all values that pass a test: no set is stated by bounds."""
        return self.passing(test)

    def passing(self, test: UnaryTest) -> Family:
        """Return all values that pass a test."""
        if test.anything:
            return self.everything
        found = reduce(or_, map(self._alternative, alternatives_of(test)))
        if not test.negated:
            return found
        # A missing value fails every negated test. A disclosed value passes `not(null)` and no other.
        present = self.all_values & ~found
        return present | self.disclosed_bit if test.alternatives == (Null(),) else present

    def _alternative(self, alternative: Members | Null) -> Family:
        if isinstance(alternative, Null):
            return self.missing
        mask = self.mask(alternative.names)
        match alternative.mode:
            case SetMode.IS:
                return sets_of(self.every, mask, mask, (), mask)
            case SetMode.ALL:
                return sets_of(self.every, mask, self.every, (), mask)
            case _:
                return sets_of(self.every, 0, self.every, ((mask, 0),), mask)

    def classes(self, allowed: Family, cuts: Sequence[Family | None]) -> dict[int, Family]:
        """Return one value of each equivalence class, by the cuts that contain it, as bits.

        Args:
            allowed: the values that are classified.
            cuts: families that cut them; None contains all.

        Raises:
            UndecidedError: if there are too many.
        """
        found = partition(allowed, cuts)
        values = {inside: self._simplest(family) for inside, family in found.items()}
        order = sorted(values.items(), key=lambda pair: _order(pair[1]))
        return dict(order)

    def _simplest(self, family: Family) -> Family:
        """Return one value of a family that states as little as possible."""
        if family.flags & MISSING:
            return self.missing
        names = family.example()
        return self.disclosed_bit if names is None else Family(self.every, 0, (Region(names, names),))

    def example(self, bits: Family) -> frozenset[str] | None:
        """Return a set of a family with few names; None if it has none."""
        names = bits.example()
        return None if names is None else self.names(names)

    def any_of(self, bits: Family) -> Family:
        """Return one value of a family, which has some."""
        return self._simplest(bits)

    def told_apart(self, families: Iterable[Family]) -> tuple[str, ...]:
        """Return the names that the tests of some families mention."""
        named = reduce(or_, (family.named for family in families), 0)
        return tuple(name for name, bit in self._bit.items() if named & bit)


def _order(value: Family) -> tuple[bool, int]:
    """Order values: a missing one, sets, and one that was disclosed."""
    names = value.regions[0].must if value.regions else 0
    return value.flags == DISCLOSED, names


def partition(allowed: Family, cuts: Sequence[Family | None], most: int = MAX_CLASSES) -> dict[int, Family]:
    """Return the parts of a family by the cuts that contain them, as bits. None contains all.

    Raises:
        UndecidedError: if there are more than `most`.
    """
    # Partition refinement: each cut in turn splits every part so far into what lies inside it and what does not.
    everywhere, places = 0, dict[Family, int]()
    for place, cut in enumerate(cuts):
        if cut is None:
            everywhere |= 1 << place
        else:
            places[cut] = places.get(cut, 0) | 1 << place
    # A set has or lacks each name regardless of the others, so n cuts that ask for one name make 2 ** n - 1 parts.
    one_name = {name for cut in places if (name := cut.one_name)}
    if (1 << len(one_name)) - 1 > most and all_sets(allowed.every).within(allowed):
        raise UndecidedError
    parts = [(everywhere, allowed)] if allowed else []
    for cut, bits in places.items():
        parts = list(_split(parts, cut, bits))
        if len(parts) > most:
            raise UndecidedError
    return dict(parts)


def _split(parts: Iterable[tuple[int, Family]], cut: Family, bits: int) -> Iterator[tuple[int, Family]]:
    for inside, family in parts:
        for more, part in ((bits, family & cut), (0, family & ~cut)):
            if part:
                yield inside | more, part
