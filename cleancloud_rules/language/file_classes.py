"""The classes of objects in files that name nothing that another file declares."""

import attrs

from cleancloud_rules.language import (
    case_file_types,
    claim_file_types,
    file_types,
    regulation_file_types,
    response_file_types,
    table_file_types,
)
from cleancloud_rules.language.coverage import CoverageEntry
from cleancloud_rules.model.datasets import Accepted
from cleancloud_rules.model.groups import Band, Cap, Level, ScoreRounding
from cleancloud_rules.model.rounding import Rounding
from cleancloud_rules.model.texts import CountChange, EditionChange, Notice, Remedy

FILE_MODULES = (
    case_file_types,
    claim_file_types,
    file_types,
    regulation_file_types,
    response_file_types,
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
