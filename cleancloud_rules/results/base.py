"""The base of results: what `to_json` writes, `from_json` reads."""

from typing import Literal, Self

from cleancloud_rules.results.from_json import result_of
from cleancloud_rules.results.json import to_json
from cleancloud_rules.results.records import SCHEMA_VERSION


class Result:
    """A result that can be kept as JSON. What is read from JSON gives the same JSON, byte for byte.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> company = cc.load_company("gds", methodology)
        >>> card = cc.score(company, methodology)
        >>> cc.Scorecard.from_json(card.to_json()) == card
        True
    """

    __slots__ = ()

    def to_json(self, *, indent: Literal[2] | None = 2) -> str:
        """Return the result as JSON. Equal results give equal bytes.

        Args:
            indent: by how many spaces it is indented; None for a single line.

        Raises:
            ValueError: if it cannot be indented like that.
        """
        return to_json(self, indent)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Return the result that `to_json` wrote.

        Args:
            text: the JSON, as text or as bytes in UTF-8.

        Raises:
            InputError: if it is not JSON, or no such result of this version; with the place.
        """
        return result_of(text, cls, SCHEMA_VERSION)
