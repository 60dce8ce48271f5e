"""Renders results as text, JSON, Markdown, HTML or CSV."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, get_args

from attrs import frozen

from cleancloud_rules.reports.csv_tables import (
    bounds_table,
    claims_table,
    comparisons_table,
    explanations_table,
    rankings_table,
    reproductions_table,
    scorecards_table,
)
from cleancloud_rules.reports.of_records.comparison import comparison_text
from cleancloud_rules.reports.of_records.disclosure import disclosure_text
from cleancloud_rules.reports.outline.blocks import Outline
from cleancloud_rules.reports.outline.html import as_html
from cleancloud_rules.reports.outline.markdown import as_markdown
from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.pages.tables import Table
from cleancloud_rules.reports.replays import verification_text
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
from cleancloud_rules.results.kept_records import Comparison, Verification
from cleancloud_rules.results.of_records.disclosures import Disclosure
from cleancloud_rules.results.rankings import Ranking
from cleancloud_rules.results.reproductions import Reproduction
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.results.what_ifs import WhatIf

Format = Literal["text", "json", "markdown", "html", "csv"]
"""The formats of results."""

FORMATS: tuple[Format, ...] = get_args(Format)

Detail = Literal["summary", "explanation", "full"]
"""How much a document tells of a scorecard."""

_TEXTS: Mapping[type, Callable[[Any], Outline]] = {
    Bounds: bounds_text,
    CaseReport: cases_text,
    Certificate: certificate_text,
    ClaimReport: findings_text,
    Comparison: comparison_text,
    Difference: difference_text,
    Disclosure: disclosure_text,
    Fit: fit_text,
    Ranking: ranking_text,
    Reproduction: reproduction_text,
    Scorecard: scorecard_text,
    Verification: verification_text,
    WhatIf: what_if_text,
}

_TABLES: Mapping[type, Callable[[Any], Table]] = {
    Bounds: bounds_table,
    ClaimReport: claims_table,
    Comparison: comparisons_table,
    Ranking: rankings_table,
    Reproduction: reproductions_table,
    Scorecard: lambda card: scorecards_table([card]),
}


def render(result: Any, format: Format = "text", *, detail: Detail = "summary") -> str:
    """Return a result as the command line writes it.

    Text, Markdown and HTML have the same blocks. CSV is one table, in which each score column says whose figure it is.

    Args:
        result: a scorecard, a ranking, bounds, or the result of another analysis.
        format: ``text``, ``json``, ``markdown``, ``html`` or ``csv``. JSON has all details.
        detail: of a scorecard: ``summary`` for at most 60 lines; ``explanation`` for the rules, facts and sources of
            each answered criterion; ``full`` for all criteria and rules, with conditions as files write them.

    Returns:
        The text of the result in this form.

    Raises:
        TypeError: if the result has no such form.
        ValueError: if there is no such format or detail.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> company = cc.load_company("gds", methodology)
        >>> print(cc.render(cc.score(company, methodology), "csv")[:25])
        company,name,part,id,titl
    """
    if format not in FORMATS:
        raise ValueError(f"the format must be {_listed(FORMATS)} (got {format!r})")
    if detail not in get_args(Detail):
        raise ValueError(f"the detail must be {_listed(get_args(Detail))} (got {detail!r})")
    if detail != "summary" and not isinstance(result, Scorecard):
        raise TypeError(f"there is no {detail} of {type(result).__name__}")
    if format == "json":
        return to_json(result)
    made = (_TABLES if format == "csv" else _TEXTS).get(type(result))
    if made is None:
        raise TypeError(f"there is no {format} of {type(result).__name__}")
    if detail != "summary":
        document = Document.of_explanations([result], full=detail == "full", rules=detail == "full")
    else:
        document = Document.of([result])
    return document.written(format)


def _listed(names: Sequence[str]) -> str:
    *most, last = (f"`{name}`" for name in names)
    return f"{', '.join(most)} or {last}"


@frozen
class Document:
    """Results that are written together.

    Args:
        outlines: makes their documents; they are made only if they are needed.
        table: makes their table; None if they have none.
    """

    outlines: Callable[[], Iterable[Outline]]
    table: Callable[[], Table] | None

    @staticmethod
    def of(results: Sequence[Any]) -> "Document":
        """Return results of one kind, in brief."""
        kinds = {type(result) for result in results}
        if kinds <= {Scorecard}:
            return Document(lambda: map(scorecard_text, results), lambda: scorecards_table(results))
        made = _TABLES.get(type(results[0])) if len(results) == 1 else None
        table = None if made is None else lambda: made(results[0])
        return Document(lambda: (_TEXTS[type(result)](result) for result in results), table)

    @staticmethod
    def of_explanations(
        cards: Sequence[Scorecard], criterion: str | None = None, *, full: bool = False, rules: bool = False
    ) -> "Document":
        """Return explanations of scorecards."""
        return Document(
            lambda: (explanation_text(card, criterion, full=full, rules=rules) for card in cards),
            lambda: explanations_table(cards, criterion),
        )

    def written(self, format: Format) -> str:
        """Return them in a format other than JSON."""
        match format:
            case "csv":
                assert self.table is not None
                return self.table().text
            case "markdown":
                return as_markdown(self.outlines())
            case "html":
                return as_html(self.outlines())
            case _:
                return "\n".join(map(as_text, self.outlines()))
