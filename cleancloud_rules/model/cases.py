"""Cases of a methodology: invented companies, what they must come to, what they came to, and what they tried."""

from decimal import Decimal

from attrs import field, frozen

from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.model.facts import Company


@frozen
class Expected:
    """One thing that a case says must come out.

    Args:
        of: ``criterion``, ``category`` or ``total``.
        id: id of the criterion or the category; None for the total.
        what: ``points`` or ``outcome`` of a criterion; ``score``, ``outcome``, ``label`` or ``level`` of the others.
        value: a number, or a word.
        location: where the case says so.
    """

    of: str
    id: str | None
    what: str
    value: Decimal | str
    location: Location = field(eq=False, repr=False)


@frozen
class Case:
    """An invented company, and what it must come to.

    Args:
        name: what the case is called, unique in its file; the company is called so too.
        company: its facts.
        expected: what must come out, in the order of the file. What is not named is not compared.
        note: anything a reader should know about it.
        location: where its name stands.
    """

    name: str
    company: Company
    expected: tuple[Expected, ...]
    note: str | None = None
    location: Location = field(kw_only=True, eq=False, repr=False)
