"""Renders results as text or JSON."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from cleancloud_rules.reports.text.base import Outline, as_text
from cleancloud_rules.reports.text.bounds import bounds_text
from cleancloud_rules.reports.text.cases import cases_text
from cleancloud_rules.reports.text.certificate import certificate_text
from cleancloud_rules.reports.text.claims import findings_text
from cleancloud_rules.reports.text.difference import difference_text
from cleancloud_rules.reports.text.explanation import explanation_text
from cleancloud_rules.reports.text.fit import fit_text
from cleancloud_rules.reports.text.ranking import ranking_text
from cleancloud_rules.reports.text.reproduction import reproduction_text
from cleancloud_rules.reports.text.scorecard import scorecard_text
from cleancloud_rules.reports.text.what_if import what_if_text
from cleancloud_rules.results.bounds import Bounds
from cleancloud_rules.results.case_reports import CaseReport
from cleancloud_rules.results.certificates import Certificate
from cleancloud_rules.results.claims import ClaimReport
from cleancloud_rules.results.differences import Difference
from cleancloud_rules.results.fits import Fit
from cleancloud_rules.results.json import to_json
from cleancloud_rules.results.rankings import Ranking
from cleancloud_rules.results.reproductions import Reproduction
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.results.what_ifs import WhatIf

_TEXTS: Mapping[type, Callable[[Any], Outline]] = {
    Bounds: bounds_text,
    CaseReport: cases_text,
    Certificate: certificate_text,
    ClaimReport: findings_text,
    Difference: difference_text,
    Fit: fit_text,
    Ranking: ranking_text,
    Reproduction: reproduction_text,
    Scorecard: scorecard_text,
    WhatIf: what_if_text,
}


def render(result: Any, format: Literal["text", "explanation", "json"] = "text") -> str:
    """Return a result as the command line prints it: plain text, or JSON.

    Args:
        result: a scorecard, a ranking, bounds, or the result of another analysis.
        format: ``text`` for a summary; ``explanation`` for every rule of a scorecard, with facts and sources; ``json``.

    Raises:
        TypeError: if the result has no such form.
        ValueError: if there is no such format.
    """
    if format == "json":
        return to_json(result)
    if format == "explanation" and isinstance(result, Scorecard):
        return as_text(explanation_text(result))
    if format not in ("text", "explanation"):
        raise ValueError(f"the format must be `text`, `explanation` or `json` (got {format!r})")
    made = _TEXTS.get(type(result)) if format == "text" else None
    if made is None:
        raise TypeError(f"there is no {format} of {type(result).__name__}")
    return as_text(made(result))
