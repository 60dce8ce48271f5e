"""Outcomes of criteria and groups."""

from enum import Enum


class Outcome(Enum):
    """The kind of result that a criterion has. "No answer" is never shown as "no"."""

    AWARDED = "awarded"
    """It has all its points."""

    PARTIAL = "partial"
    """It has some points, and not all."""

    NOT_MET = "not_met"
    """Relevant facts count, and they earn no points."""

    NOT_FOUND = "not_found"
    """There is no relevant fact, and the documented searches without result leave nothing to earn."""

    NOT_ASSESSED = "not_assessed"
    """There is no relevant fact, and something could still be earned; or nothing assesses it and it is left out."""

    EXCLUDED = "excluded"
    """There are relevant facts, and none of them counts."""

    GATED = "gated"
    """It applies, and a requirement is not met or an earlier tier is not complete: it has 0 points."""

    NOT_APPLICABLE = "not_applicable"
    """It does not apply to the company."""


class GroupOutcome(Enum):
    """The kind of result that a group has: a score, or the reason why it has none."""

    SCORED = "scored"
    """It has a score."""

    UNSCORED = "unscored"
    """Nothing is aggregated, or what it would be divided by is 0 or less."""

    WITHHELD = "withheld"
    """A criterion that it needs is not met."""

    NOT_ASSESSED = "not_assessed"
    """Too few of its parts are assessed."""

    NOT_APPLICABLE = "not_applicable"
    """No criterion of it is left: none applies, and none counts in full or as zero."""
