"""Outcomes of criteria and groups."""

from enum import Enum


class Outcome(Enum):
    """The kind of result that a criterion has. "No answer" is never shown as "no"."""

    AWARDED = "awarded"
    PARTIAL = "partial"
    NOT_MET = "not_met"
    NOT_FOUND = "not_found"
    NOT_ASSESSED = "not_assessed"
    EXCLUDED = "excluded"
    GATED = "gated"
    NOT_APPLICABLE = "not_applicable"


class GroupOutcome(Enum):
    """The kind of result that a group has: a score, or the reason why it has none."""

    SCORED = "scored"
    UNSCORED = "unscored"
    WITHHELD = "withheld"
    NOT_ASSESSED = "not_assessed"
    NOT_APPLICABLE = "not_applicable"
