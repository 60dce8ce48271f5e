"""The classes of objects in files that name nothing that another file declares."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import attrs

from cleancloud_rules.language import (
    case_file_types,
    claim_file_types,
    file_types,
    regulation_file_types,
    table_file_types,
)
from cleancloud_rules.language.coverage import CoverageEntry
from cleancloud_rules.language.file_types import ProportionEntry
from cleancloud_rules.model.datasets import Accepted
from cleancloud_rules.model.groups import Band, Cap, CoverageLine, Level, ScoreRounding
from cleancloud_rules.model.methodology import Proportion
from cleancloud_rules.model.rounding import Rounding
from cleancloud_rules.model.texts import CountChange, EditionChange, Notice, Remedy

FILE_MODULES = (
    case_file_types,
    claim_file_types,
    file_types,
    regulation_file_types,
    table_file_types,
)
"""The modules that hold nothing but such classes."""

FILE_CLASSES: tuple[type, ...] = (
    *(
        cls
        for module in FILE_MODULES
        for cls in vars(module).values()
        if isinstance(cls, type) and attrs.has(cls) and cls.__module__ == module.__name__
    ),
    Accepted, CoverageEntry, Band, Cap, Level, CountChange, EditionChange, Notice, Remedy, Rounding, ScoreRounding,
)  # fmt: skip

READ_BY: Mapping[Any, type] = {CoverageLine: CoverageEntry, Proportion: ProportionEntry}
"""The classes of the model that are made of another class, which reads a mapping in a file."""


@cache
def keys_of(cls: type) -> "dict[str, attrs.Attribute[Any]]":
    """Return the attributes of a class that a mapping in a file gives, by key."""
    attrs.resolve_types(cls)
    written = (a for a in attrs.fields(cls) if a.name != "node" and "made" not in a.metadata)
    return {a.metadata.get("key", a.name): a for a in written}
