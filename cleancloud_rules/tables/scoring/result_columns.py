"""The columns of a table of scores, with the narrowest types that certainly hold their values."""

from collections.abc import Iterator
from fractions import Fraction

from attrs import field, frozen

from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.errors import CriteriaError
from cleancloud_rules.model.methodology import Criterion, Group, Methodology
from cleancloud_rules.scoring.compiled import CompiledMethodology
from cleancloud_rules.scoring.magnitudes import Magnitudes
from cleancloud_rules.tables.arrow import MAX_WHOLE, Columns, decimal_of

HYPOTHETICAL = "hypothetical_total"
"""The column of the part of a total that hypothetical facts alone earn."""

_SAID = ("outcome", "label", "level")


@frozen
class ResultColumns:
    """The columns of a table of scores, each with its type.

    Args:
        methodology: the methodology.
        numbers: the types of the columns of numbers, by their names.
    """

    methodology: Methodology
    numbers: dict[str, str] = field(factory=dict)

    @property
    def names(self) -> list[str]:
        """The columns of all values: of the root, of groups and of criteria, in the order of the methodology."""
        groups = (self.group(group.id) for group in self.methodology.groups)
        criteria = (self.criterion(criterion.id) for criterion in self.methodology.criteria)
        return [name for columns in (self.whole(), *groups, *criteria) for name in columns]

    def criterion(self, id: str) -> Columns:
        """Return the columns of a criterion."""
        return {**self._numbers(f"{id}.points"), f"{id}.outcome": "text", f"{id}.counts_as": "text"}

    def group(self, id: str) -> Columns:
        """Return the columns of a group."""
        numbers = self._numbers(*(f"{id}.{name}" for name in ("score", "max_score", "points", "max_points")))
        return {**numbers, **{f"{id}.{name}": "text" for name in _SAID}}

    def whole(self) -> Columns:
        """Return the columns of the root."""
        tables = {f"{table.id}.outputs": "texts" for table in self.methodology.tables}
        return {**self._numbers("total", "max_total"), **dict.fromkeys(_SAID, "text"), **tables}

    def hypothetical(self, *, with_parts: bool) -> dict[str, str]:
        """Return the columns of what hypothetical facts alone earn, each with the column that it is a part of.

        Args:
            with_parts: whether there are columns of groups and criteria, beside that of the total.
        """
        found = {HYPOTHETICAL: "total"}
        for group in self.methodology.groups if with_parts else ():
            found |= {f"{group.id}.hypothetical_{name}": f"{group.id}.{name}" for name in ("score", "points")}
        for criterion in self.methodology.criteria if with_parts else ():
            found[f"{criterion.id}.hypothetical_points"] = f"{criterion.id}.points"
        return found

    def _numbers(self, *names: str) -> dict[str, str]:
        return {name: self.numbers[name] for name in names}


def result_columns(own: CompiledMethodology) -> ResultColumns:
    """Return the columns of the scores of a methodology.

    Raises:
        CriteriaError: with each column whose numbers could have more digits than a column can hold, at the place of the
            criterion, the group or the methodology.
    """
    found: dict[str, str] = {}
    problems: list[Diagnostic] = []
    for name, bound, digits, owner in _numbers(own):
        kind = decimal_of(int(bound * 10**digits) + 1, digits)
        if kind is None:
            assert owner.node is not None
            message = f"`{name}` could have more than {MAX_WHOLE} digits in a table"
            help = "declare lower points, weights and scales, or fewer decimal places"
            problems.append(Diagnostic("too-complex", message, owner.node.location, help))
        else:
            found[name] = kind
    if problems:
        raise CriteriaError(problems)
    return ResultColumns(own.methodology, found)


_Number = tuple[str, Fraction, int, Criterion | Group | Methodology]
"""A column of numbers: its name, what they never exceed, their decimal places, and what has them."""


def _numbers(own: CompiledMethodology) -> Iterator[_Number]:
    methodology, magnitudes = own.methodology, Magnitudes(own.tree)
    digits = methodology.rounding.points_digits
    for criterion in methodology.criteria:
        bound = magnitudes.criterion(criterion).value
        yield f"{criterion.id}.points", bound, digits, criterion
        yield f"{criterion.id}.hypothetical_points", 2 * bound, digits, criterion
    for group in methodology.groups:
        places = methodology.rounding_of(group).digits
        found, points = magnitudes.of(group.id).rounded(places), magnitudes.points(group.every_criterion)
        yield f"{group.id}.score", found.value, places, group
        yield f"{group.id}.max_score", found.most, places, group
        yield f"{group.id}.points", points, digits, group
        yield f"{group.id}.max_points", points, digits, group
        yield f"{group.id}.hypothetical_score", 2 * found.value, places, group
        yield f"{group.id}.hypothetical_points", 2 * points, digits, group
    places = methodology.rounding.digits
    whole = magnitudes.of(None).rounded(places)
    yield "total", whole.value, places, methodology
    yield "max_total", whole.most, places, methodology
    yield HYPOTHETICAL, 2 * whole.value, places, methodology
