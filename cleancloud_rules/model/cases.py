"""Test cases of a methodology: fictional companies with their expected results."""

from decimal import Decimal

from attrs import field, frozen

from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.model.facts import Company


@frozen
class Expected:
    """One expected result of a test case.

    Args:
        of: ``criterion``, ``category``, ``table`` or ``total``.
        id: id of the criterion, the category or the decision table; None for the total.
        what: ``points`` or ``outcome`` of a criterion; ``output`` of a decision table; ``score``, ``outcome``,
            ``label`` or ``level`` of the others.
        value: a number, or a word.
        location: where the test case says so.
    """

    of: str
    id: str | None
    what: str
    value: Decimal | str
    location: Location = field(eq=False, repr=False)


@frozen
class Case:
    """A test case: a fictional company and its expected results.

    Args:
        name: the name of the test case and of its company, unique in its file.
        company: the company with its facts.
        expected: the expected results, in the order of the file. Other results are not compared.
        note: anything a reader should know about it.
        location: the location of its name.
    """

    name: str
    company: Company
    expected: tuple[Expected, ...]
    note: str | None = None
    location: Location = field(kw_only=True, eq=False, repr=False)
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)
