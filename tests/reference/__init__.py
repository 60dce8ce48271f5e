"""The oracle: a methodology applied to a company in the most naive way, from the prose of the language alone.

It shares no code with the library beyond the data classes, and it prefers being obviously right to being fast.
"""

from tests.reference.evaluation import evaluate
from tests.reference.found import CategoryFound, CriterionFound, Found
from tests.reference.scores import rank

__all__ = ["CategoryFound", "CriterionFound", "Found", "evaluate", "rank"]
