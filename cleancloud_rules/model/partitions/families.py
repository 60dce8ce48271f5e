"""Families of sets of names: which values of a set field pass some tests, in a size linear in the names.

Tests that tell n names apart give 2 ** n sets, so families are never listed. A set of names is a bit mask. A family is
a union of regions, and a region is a conjunction: names that must be in a set, names that may be in it, and clauses.
Each clause asks that some name is in the set, or that some other name is not. That is a formula in conjunctive normal
form. Each alternative of a test on a set is one region, and so is the negation of one.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from attrs import field, frozen

MISSING, DISCLOSED = 1, 2
"""The flags of a missing value, and of a field that was disclosed without its value at hand."""

Bits = Any
"""The values of a field that pass some tests: an integer with a bit for each cell, or a `Family` for a set field.

Both have the operators `&`, `|` and `~`, and are true if they have a value. The two kinds never meet.
"""

MAX_STEPS = 10_000
"""The maximum number of decisions in one search for a set; then there is taken to be one."""

SMALL = 8
"""Names of a field whose families are compared by listing their sets."""


MAX_REGIONS = 4_000
"""The maximum number of regions of one family."""


class UndecidedError(Exception):
    """A search for a set takes too many decisions, or families are too large to combine or to list."""


Clause = tuple[int, int]
"""Names such that one of them is in a set, or other names such that one of them is not."""


@frozen
class Region:
    """The sets of names that contain some names, no names but some, and satisfy some clauses. None of them is empty.

    Args:
        must: the names that are in each set.
        may: the names that can be in a set, those of `must` among them.
        clauses: what each set satisfies too; only names of `may` without `must` occur in them.
    """

    must: int
    may: int
    clauses: tuple[Clause, ...] = ()

    @property
    def is_point(self) -> bool:
        """Whether it has exactly one set."""
        return self.must == self.may

    def has(self, names: int) -> bool:
        """Whether a set is in the region."""
        if self.must & ~names or names & ~self.may:
            return False
        return all(names & some or without & ~names for some, without in self.clauses)

    @cached_property
    def example(self) -> int | None:
        """A set of the region with few names; None if there is none.

        Raises:
            UndecidedError: if it takes too many decisions.
        """
        # The Davis-Putnam-Logemann-Loveland procedure: unit propagation is done by `_region`, and each step decides
        # whether a name is in the set. A clause that may be satisfied by a name that is left out is satisfied by the
        # names of `must` alone, so only the other clauses need a decision. The search ends because each step decides
        # one more name.
        pending, steps = [self], 0
        while pending:
            found = pending.pop()
            some = next((some for some, without in found.clauses if not without), 0)
            if not some:
                return found.must
            steps += 1
            if steps > MAX_STEPS:
                raise UndecidedError
            name = some & -some
            left = _region(found.must, found.may & ~name, found.clauses)
            taken = _region(found.must | name, found.may, found.clauses)
            pending += (region for region in (left, taken) if region is not None)
        return None

    @cached_property
    def sample(self) -> int | None:
        """A set of the region; None if there is none or if it takes too many decisions."""
        try:
            return self.example
        except UndecidedError:
            return None

    @cached_property
    def has_sets(self) -> bool:
        """Whether it has a set. False is certain."""
        try:
            return self.example is not None
        except UndecidedError:
            return True

    def outside(self, every: int) -> "Iterator[Region | None]":
        """Yield the regions of all other sets of some names, by De Morgan's laws."""
        yield _region(0, every, ((every & ~self.may, self.must),))
        for some, without in self.clauses:
            yield _region(without, every & ~some, ())


def _region(must: int, may: int, clauses: Iterable[Clause]) -> Region | None:
    """Return a region after unit propagation; None if it turns out to have no set."""
    clauses = tuple(clauses)
    while True:
        if must & ~may or not may:
            return None
        left: dict[Clause, None] = {}
        units = False
        # No set is empty, so one of all names that may be in it is.
        for some, without in clauses if must else (*clauses, (may, 0)):
            if some & must or without & ~may:
                continue
            taken, dropped = some & may, without & ~must
            if not taken and not dropped:
                return None
            if not dropped and not taken & (taken - 1):
                must, units = must | taken, True
            elif not taken and not dropped & (dropped - 1):
                may, units = may & ~dropped, True
            else:
                left[taken, dropped] = None
        if not units:
            if sum(not without for _, without in left) > 1:
                left.pop((may, 0), None)
            return Region(must, may, tuple(left))
        clauses = tuple(left)


@frozen
class Family:
    """A family of values of a set field: sets of names, a missing value, and a value that is not at hand.

    Args:
        every: all names of the field.
        flags: `MISSING` and `DISCLOSED`, as far as the family has them.
        regions: the regions of its sets; some may overlap.
        named: the names that its tests mention; they treat all other names alike.
    """

    every: int
    flags: int
    regions: tuple[Region, ...]
    named: int = field(default=0, eq=False)

    def __and__(self, other: "Family") -> "Family":
        made = (
            _region(a.must | b.must, a.may & b.may, (*a.clauses, *b.clauses))
            for a in self.regions
            for b in other.regions
        )
        return _family(self.every, self.flags & other.flags, made, self.named | other.named)

    def __or__(self, other: "Family") -> "Family":
        flags, named = self.flags | other.flags, self.named | other.named
        return _family(self.every, flags, (*self.regions, *other.regions), named)

    def __invert__(self) -> "Family":
        return self._complement

    def __bool__(self) -> bool:
        return bool(self.flags) or any(region.has_sets for region in self.regions)

    @cached_property
    def _complement(self) -> "Family":
        found = all_sets(self.every)
        for region in self.regions:
            found &= _family(self.every, 0, region.outside(self.every), self.named)
        return Family(self.every, ~self.flags & (MISSING | DISCLOSED), found.regions, self.named)

    @property
    def one_name(self) -> int:
        """The name that a set must have, and nothing else, to be in the family; 0 if that is not all."""
        (region, *others) = self.regions or (Region(0, 0),)
        plain = not others and region.may == self.every and not region.clauses
        return region.must if plain and not region.must & (region.must - 1) else 0

    def has(self, names: int) -> bool:
        """Whether a set is in the family."""
        return any(region.has(names) for region in self.regions)

    def within(self, other: "Family") -> bool:
        """Whether all values of the family are in another one. True is certain.

        Raises:
            UndecidedError: if the families are too large to combine.
        """
        if self.flags & ~other.flags:
            return False
        if not self.regions:
            return True
        if len(self.regions) == 1 and self.regions[0].is_point:
            return other.has(self.regions[0].must)
        # One set that is not in the other family is the usual answer, and a quick one.
        samples = (region.sample for region in self.regions)
        if any(names is not None and not other.has(names) for names in samples):
            return False
        return not self & ~other

    def example(self) -> int | None:
        """Return a set of the family with few names; None if it has no set.

        Raises:
            UndecidedError: if it takes too many decisions.
        """
        return next((names for region in self.regions if (names := region.example) is not None), None)

    @cached_property
    def key(self) -> object:
        """What two families have in common only if they have the same values; if the field has few names, always then.

        The number has a bit for each set of names.
        """
        if self.every.bit_length() > SMALL:
            return self.flags, frozenset(self.regions)
        return self.flags, sum(1 << names for names in range(1, self.every + 1) if self.has(names))


def _family(every: int, flags: int, regions: Iterable[Region | None], named: int) -> Family:
    found: dict[Region, None] = {}
    for region in regions:
        if region is not None:
            found[region] = None
            if len(found) > MAX_REGIONS:
                raise UndecidedError
    return Family(every, flags, tuple(found), named)


def all_sets(every: int) -> Family:
    """Return the family of all sets of some names."""
    return sets_of(every, 0, every)


def sets_of(every: int, must: int, may: int, clauses: Iterable[Clause] = (), named: int = 0) -> Family:
    """Return the family of one region."""
    return _family(every, 0, (_region(must, may & every, clauses),), named)
