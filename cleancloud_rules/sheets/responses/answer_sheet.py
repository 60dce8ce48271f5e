"""Answer sheets: a workbook that asks a company, criterion by criterion, what it answers to its score."""

from collections.abc import Iterable

from cleancloud_rules.model.facts import Basis, FactType, Field
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import FieldType
from cleancloud_rules.reports.numbers import number_text
from cleancloud_rules.reports.text.base import fact_as_sentence, source_in_words
from cleancloud_rules.results.records import FactRecord, SearchRecord
from cleancloud_rules.results.scorecards import CriterionResult, Scorecard
from cleancloud_rules.sheets.layout import (
    ANSWER,
    ANSWER_COLUMNS,
    BASE,
    BESIDE,
    FACT,
    PRINTED,
    READ_ME,
    REPLY,
    REPLY_KEYS,
    VALUE,
)
from cleancloud_rules.sheets.pages import BESIDE_WORDS, EXAMPLES
from cleancloud_rules.sheets.workbook_writer import Choices, Head, Page, workbook_bytes

NOTHING_STATED = "No evidence is stated either way."
"""What is held on a criterion that is not assessed."""

_COLUMNS = {
    "criterion": Head("criterion", comment="The id of the criterion."),
    "title": Head("title", comment="What the criterion is about.", width=32),
    "asked": Head("asked", comment="What earns points.", width=48),
    "held": Head("held", comment="What the publisher holds now, with ids in brackets.", width=48),
    "held source": Head("held source", comment="Where it is taken from.", width=40),
    "points": Head("points", comment="The points that this earns.", width=8),
    "maximum": Head("maximum", comment="The maximum points.", width=8),
    "reason": Head("reason", comment="What is wrong, or missing, in your own words.", width=48),
    "wrong": Head("wrong", comment="The ids of what is held and wrong, with commas between them.", width=24),
    VALUE: Head(VALUE, comment="What is the case, such as: percent: 38%; denominator: electricity", width=40),
    "source": Head("source", comment="The title of the publication, or the id of a known source.", width=32),
    "publisher": Head("publisher", comment="Who published it.", width=24),
    "published": Head("published", comment="When it was published: a day such as 2024-06-30, or a year."),
    "address": Head("address", comment="The address of the publication.", width=32),
}


def answer_sheet(card: Scorecard, methodology: Methodology) -> bytes:
    """Return a workbook in which a company can answer its score, as the bytes of its file.

    Args:
        card: the scorecard of the company.
        methodology: the methodology that it was made by.

    Raises:
        MissingExtraError: if XlsxWriter is missing; the message says what to install.
    """
    rows = tuple(_printed(criterion, card) for criterion in card.criteria)
    room = ("",) * (len(ANSWER_COLUMNS) - 1 - len(PRINTED))
    reply = zip(REPLY_KEYS, (card.company.id, methodology.id, ""), strict=True)
    pages = [
        Page(REPLY, (Head("key"), Head("value", comment="Who answers, as a name or a role.", width=48)), tuple(reply)),
        Page(ANSWER, _heads(methodology), tuple((*row, *room) for row in rows)),
        Page(BASE, tuple(map(Head, ANSWER_COLUMNS[: len(PRINTED) + 1])), rows, is_hidden=True),
    ]
    return workbook_bytes(pages, _introduction(card, methodology), READ_ME, {"methodology": methodology.id})


def _heads(methodology: Methodology) -> tuple[Head, ...]:
    vocabulary = methodology.vocabulary
    kinds = Choices(tuple(fact_type.id for fact_type in vocabulary.fact_types))
    types = Choices(vocabulary.source_types) if vocabulary.source_types else None
    bases = Choices(tuple(basis.value for basis in Basis if basis is not Basis.HYPOTHETICAL))
    chosen = {
        FACT: Head(FACT, comment="Your evidence: the kind of fact. Empty for none.", choices=kinds, width=24),
        "source type": Head("source type", comment="The kind of the publication.", choices=types, width=24),
        "basis": Head("basis", comment="How it is known; empty if you report it yourself.", choices=bases, width=24),
    }
    others = {name: Head(name, comment=BESIDE_WORDS[name], width=20) for name in BESIDE}
    known = {**others, **_COLUMNS, **chosen}
    return tuple(known[name] for name in ANSWER_COLUMNS)


def _printed(criterion: CriterionResult, card: Scorecard) -> tuple[str, ...]:
    """Return the id of a criterion, and what is printed beside it."""
    facts = [fact for fact in card.facts if fact.id in criterion.facts and fact.derived_by is None]
    searches = [search for search in card.searches if criterion.id in search.criteria]
    held = [*map(_fact, facts), *(f"Looked for, and not found: {search.says}" for search in searches)]
    return (
        criterion.id,
        criterion.title,
        _asked(criterion),
        "\n".join(held) or NOTHING_STATED,
        "\n".join(dict.fromkeys(_sources((*facts, *searches), card))),
        number_text(criterion.points),
        number_text(criterion.max_points),
    )


def _fact(fact: FactRecord) -> str:
    return f"{fact_as_sentence(fact)} [{fact.id}]" + (f" (does not count: {fact.why_not})" if fact.why_not else "")


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


def _introduction(card: Scorecard, methodology: Methodology) -> tuple[str, ...]:
    edition, company = card.methodology, card.company
    total = "" if card.total is None else f"Stated facts support {number_text(card.total)}"
    of = "" if card.total is None or card.max_total is None else f" of {number_text(card.max_total)}"
    cut_off = "" if edition.as_of is None else f", evidence as of {edition.as_of}"
    return (
        f"# {company.name}: answer to the score",
        f"{edition.title}, edition {edition.edition}, {edition.publisher}{cut_off}",
        *([f"{total}{of}."] if total else []),
        *(notice.text for notice in card.notices),
        "",
        "# How to fill it in",
        f"1. Say in the sheet `{REPLY}` who answers: a name or a role, beside `by`.",
        f"2. The sheet `{ANSWER}` has a row for each criterion: what it asks, what is held now, and the points.",
        "3. Where you disagree, write the reason in your own words, and your evidence if you have any.",
        "4. For several pieces of evidence on one criterion, add rows with the same id of the criterion.",
        "5. Leave a row empty if you have nothing to say about it. An empty row says nothing.",
        "6. Evidence has a kind, under `fact`, and a value: each field of that kind with its value, as listed below.",
        "7. Evidence needs a source that others can read. It counts if the methodology accepts sources of its kind and",
        "   if it was published in time. If it does not count, the reason will stand beside your answer.",
        "8. If something is held that is wrong, write its id, which stands in brackets behind it, under `wrong`.",
        "",
        "# What happens then",
        "The publisher keeps your answer as you wrote it, beside the score, with what it would change if accepted.",
        "Your answer changes no score by itself. The decision of the publisher and its reason stand beside it.",
        "",
        "# Kinds of evidence, and what to write under value",
        *map(_kind, methodology.vocabulary.fact_types),
        "Separate fields by semicolons. >38%, >=2040, <2030 and 38% to 40% say that only bounds are known.",
        "",
        "# Reproduce the score",
        f"Methodology {edition.id} sha256 {edition.sha256}",
        f"Facts sha256 {company.facts_sha256}",
    )


def _kind(fact_type: FactType) -> str:
    """Return how the values of a kind of fact are written."""
    fields = (f"{own.id}: {_example(own)}" + (" (if you know it)" if own.optional else "") for own in fact_type.fields)
    return f"{fact_type.id}: {fact_type.title}. Value: {'; '.join(fields)}"


def _example(own: Field) -> str:
    match own.type:
        case FieldType.ENUM:
            return " or ".join(own.values)
        case FieldType.SET:
            return f"one or more of {', '.join(own.values)}"
        case FieldType.QUANTITY:
            return f"10 {own.unit}, >10 {own.unit}, or 10 to 20 {own.unit}"
        case _:
            return EXAMPLES[own.type]
