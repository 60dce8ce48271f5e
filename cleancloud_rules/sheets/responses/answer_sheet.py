"""Answer sheets: a workbook that asks a company, criterion by criterion, what it answers to its score."""

from collections.abc import Iterable

from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.reports.numbers import number_text
from cleancloud_rules.reports.text.base import fact_as_sentence, source_in_words
from cleancloud_rules.results.records import FactRecord, SearchRecord
from cleancloud_rules.results.scorecards import CriterionResult, Scorecard
from cleancloud_rules.sheets.layout import READ_ME
from cleancloud_rules.sheets.workbook_writer import Choices, Head, Page, workbook_bytes

ANSWER = "answer"
"""The sheet with a row for each criterion."""

NOTHING_STATED = "No evidence is stated either way."
"""What is held on a criterion that is not assessed."""


def answer_sheet(card: Scorecard, methodology: Methodology) -> bytes:
    """Return a workbook in which a company can answer its score, as the bytes of its file.

    Args:
        card: the scorecard of the company.
        methodology: the methodology that it was made by.

    Raises:
        MissingExtraError: if XlsxWriter is missing; the message says what to install.
    """
    rows = tuple(_row(criterion, card) for criterion in card.criteria)
    page = Page(ANSWER, _heads(methodology), rows)
    return workbook_bytes([page], _introduction(card), READ_ME, {"methodology": methodology.id})


def _heads(methodology: Methodology) -> tuple[Head, ...]:
    kinds = Choices(tuple(fact_type.id for fact_type in methodology.vocabulary.fact_types))
    return (
        Head("criterion", comment="The id of the criterion."),
        Head("title", comment="What the criterion is about.", width=32),
        Head("asked", comment="What earns points.", width=48),
        Head("held", comment="What the publisher holds now.", width=48),
        Head("held source", comment="Where it is taken from.", width=40),
        Head("points", comment="The points that this earns.", width=8),
        Head("maximum", comment="The maximum points.", width=8),
        Head(
            "fact",
            comment="Your evidence: the kind of fact. Empty for none.",
            choices=kinds,
            width=24,
        ),
        Head("value", comment="Your evidence: what is the case, with units.", width=32),
        Head("period", comment="The time that it is about: a year such as 2023, or 2022-04-01/2023-03-31."),
        Head("source", comment="Where it was published: title and page.", width=32),
        Head("address", comment="The address of the publication.", width=32),
        Head("reason", comment="What is wrong, or missing, in your own words.", width=48),
    )


def _row(criterion: CriterionResult, card: Scorecard) -> tuple[str, ...]:
    facts = [fact for fact in card.facts if fact.id in criterion.facts and fact.derived_by is None]
    searches = [search for search in card.searches if criterion.id in search.criteria]
    held = [*map(_fact, facts), *(f"Looked for, and not found: {search.says}" for search in searches)]
    texts = (
        criterion.id,
        criterion.title,
        _asked(criterion),
        "\n".join(held) or NOTHING_STATED,
        "\n".join(dict.fromkeys(_sources((*facts, *searches), card))),
        number_text(criterion.points),
        number_text(criterion.max_points),
    )
    return (*texts, *[""] * 6)


def _fact(fact: FactRecord) -> str:
    return fact_as_sentence(fact) + (f" (does not count: {fact.why_not})" if fact.why_not else "")


def _asked(criterion: CriterionResult) -> str:
    """Return what counts as evidence, and what each rule asks for, in words."""
    lines = [criterion.guidance] if criterion.guidance else []
    earned = (rule.in_proportion or number_text(rule.points) for rule in criterion.rules)
    return "\n".join(
        [*lines, *(f"{points}: {rule.says}" for points, rule in zip(earned, criterion.rules, strict=True))]
    )


def _sources(cited: Iterable[FactRecord | SearchRecord], card: Scorecard) -> Iterable[str]:
    known = {source.id: source for source in card.sources}
    for one in cited:
        if one.source in known:
            yield source_in_words(known[one.source]) + (f", {one.locator}" if one.locator else "")


def _introduction(card: Scorecard) -> tuple[str, ...]:
    methodology, company = card.methodology, card.company
    total = "" if card.total is None else f"Stated facts support {number_text(card.total)}"
    of = "" if card.total is None or card.max_total is None else f" of {number_text(card.max_total)}"
    cut_off = "" if methodology.as_of is None else f", evidence as of {methodology.as_of}"
    return (
        f"# {company.name}: answer to the score",
        f"{methodology.title}, edition {methodology.edition}, {methodology.publisher}{cut_off}",
        *([f"{total}{of}."] if total else []),
        *(notice.text for notice in card.notices),
        "",
        "# How to fill it in",
        f"1. The sheet `{ANSWER}` has a row for each criterion: what it asks, what is held now, and the points.",
        "2. Where you disagree, write the reason in your own words, and your evidence if you have any.",
        "3. For several pieces of evidence on one criterion, add rows with the same id of the criterion.",
        "4. Leave a row empty if you have nothing to say about it. An empty row says nothing.",
        "5. Evidence needs a source that others can read. It counts if the methodology accepts sources of its kind and",
        "   if it was published in time. If it does not count, the reason will stand beside your answer.",
        "",
        "# What happens then",
        "The publisher keeps your answer as you wrote it, beside the score, with what it would change if accepted.",
        "Your answer changes no score by itself. The decision of the publisher and its reason stand beside it.",
        "",
        "# Reproduce the score",
        f"Methodology {methodology.id} sha256 {methodology.sha256}",
        f"Facts sha256 {company.facts_sha256}",
    )
