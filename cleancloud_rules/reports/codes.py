"""What each code of a diagnostic means and how it is cured, as the reference of diagnostics says it."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from attrs import frozen

FILE = "codes.json"
"""The file beside this module that holds the texts. It is made from the reference: `make golden`."""

PAGE = "reference/diagnostics.html"
"""The page of the documentation with an entry for each code, under an anchor of its name."""


@frozen
class CodeText:
    """What the reference says of a code, in Markdown without links.

    Args:
        meaning: what is wrong.
        cure: what to do about it.
    """

    meaning: str
    cure: str

    @property
    def summary(self) -> str:
        """The first sentence of the meaning."""
        paragraph = self.meaning.partition("\n\n")[0]
        return paragraph.partition(". ")[0].rstrip(".:") + "."


@cache
def code_texts() -> Mapping[str, CodeText]:
    """Return what the reference says of each code."""
    kept = json.loads(files(__package__).joinpath(FILE).read_text(encoding="utf-8"))
    return MappingProxyType({code: CodeText(**texts) for code, texts in kept.items()})
