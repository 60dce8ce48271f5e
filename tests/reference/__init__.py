"""The oracle: a methodology applied to a company in the most naive way, from the prose of the language alone.

It shares no code with the library beyond the data classes, and it prefers being obviously right to being fast.
"""

from tests.reference.evaluation import evaluate
from tests.reference.found import CriterionFound, Found, GroupFound
from tests.reference.scores import merit, rank

__all__ = ["CriterionFound", "Found", "GroupFound", "evaluate", "merit", "rank"]
