"""Describes a methodology completely as a page for readers."""

from cleancloud_rules.documentation.criteria import criterion_section, gates_and_exemptions
from cleancloud_rules.documentation.facts import vocabulary_section
from cleancloud_rules.documentation.groups import combining_blocks
from cleancloud_rules.documentation.inline import listed, places_in_words, prose, sentence_text, source_in_words
from cleancloud_rules.documentation.page import Block, Code, Listing, Page, Paragraph, Section, Table, Text
from cleancloud_rules.model.groups import (
    Aggregation,
    Combining,
    DecisionTable,
    NotAssessed,
    Parts,
    Reads,
    TableHitPolicy,
)
from cleancloud_rules.model.methodology import Group, Methodology, PointsBasis
from cleancloud_rules.model.rounding import TotalPolicy, short
from cleancloud_rules.model.texts import EditionChange
from cleancloud_rules.model.tree import ScoreTree, structure_of
from cleancloud_rules.model.vocabulary import PeriodCounts

LANGUAGE = "en"
"""The language of a page, as far as the library writes it."""

BASES = {PointsBasis.PUBLISHED: "the publisher", PointsBasis.PROJECT: "this project"}
"""Who devised the points."""

TOTALS = {
    TotalPolicy.SUM_OF_ROUNDED: "The total is calculated from the rounded scores of the categories.",
    TotalPolicy.ROUNDED_SUM: "The total is calculated from the exact values of the categories; only it is rounded.",
}
"""Whether the total is calculated from rounded or from exact values."""

ORDER = "Order of this page: rules by points, or in order of evaluation if the first that holds counts; tests by field"
"""The order in which a page shows parts whose order in the files does not matter."""

HIT_POLICIES = {
    TableHitPolicy.UNIQUE: "Hit policy: at most one row matches, and its output is the result.",
    TableHitPolicy.FIRST: "Hit policy: the output of the first row that matches is the result.",
    TableHitPolicy.COLLECT: "Hit policy: the outputs of all rows that match are the result.",
}
"""The hit policies of decision tables in words."""


def page_of(methodology: Methodology) -> Page:
    """Return the page that describes a methodology, from its files alone.

    Args:
        methodology: the methodology.
    """
    structure = structure_of(methodology)
    blocks: list[Block] = [
        Listing(
            (
                ("Edition: ", methodology.edition),
                ("Publisher: ", methodology.publisher),
                *([("Approved by: ", methodology.approved_by)] if methodology.approved_by else ()),
                ("Id: ", Code(methodology.id)),
                ("Points devised by: ", BASES[methodology.points_basis]),
                (ORDER,),
                ("Digest: sha256 ", Code(methodology.sha256)),
            )
        )
    ]
    if methodology.notices:
        blocks.append(
            Section("notices", "Notices", tuple(_notice(n.text, n.hypothetical) for n in methodology.notices))
        )
    blocks.append(Section("total", "How the total is calculated", _total(methodology, structure)))
    blocks.extend(_group(category, methodology.combining, structure) for category in methodology.categories)
    blocks.append(vocabulary_section(methodology.vocabulary))
    blocks.extend(_windows_and_sources(methodology))
    return Page(methodology.title, LANGUAGE, tuple(blocks))


def _notice(text: str, hypothetical: bool) -> Paragraph:
    only = "Only if hypothetical facts are read: " if hypothetical else ""
    return Paragraph((only, *sentence_text(text)))


def _total(methodology: Methodology, structure: ScoreTree) -> tuple[Block, ...]:
    rounding = methodology.rounding
    steps: list[Text] = []
    if methodology.combining.aggregate is not Aggregation.NONE:
        steps.append((TOTALS[rounding.total],))
    digits = rounding.points_digits
    steps.append((f"Points have at most {places_in_words(digits)}." if digits else "Points are whole numbers.",))
    counted = methodology.not_applicable.value
    steps.append(("Criteria and groups that do not apply count as ", Code(counted), ", unless they state otherwise."))
    if methodology.not_assessed is NotAssessed.EXCLUDED:
        steps.append(("What is not assessed counts as ", Code("excluded"), ", unless it states otherwise."))
    steps.append(("Companies are ranked by ", *listed(map(Code, methodology.rank_by)), "."))
    made = combining_blocks(methodology.combining, None, structure)
    parts = _parts(methodology.categories, methodology.combining)
    return (*made, Listing(tuple(steps)), parts, *(_table(table) for table in methodology.tables))


def _parts(groups: tuple[Group, ...], inside: Combining) -> Table:
    rows = tuple(
        ((group.title,), (Code(group.id),), ("-" if group.weight is None else short(group.weight),)) for group in groups
    )
    caption = "Categories with their weights" if inside.aggregate.is_weighted else "Categories"
    return Table(caption, ("Category", "Id", "Weight"), rows)


def _group(group: Group, inside: Combining, structure: ScoreTree) -> Section:
    items: list[Text] = [("Id: ", Code(group.id))]
    if group.weight is not None:
        role = " (the maximum that it adds)" if inside.aggregate is Aggregation.SUM else ""
        items.append((f"Weight{role}: {short(group.weight)}",))
    if group.parts is Parts.ROUNDED:
        items.append(("Its value is calculated from the rounded scores of the groups inside it.",))
    items.extend(gates_and_exemptions(group))
    return Section(
        f"group-{group.id}",
        group.title,
        (
            Listing(tuple(items)),
            *combining_blocks(group, group.id, structure),
            *(criterion_section(criterion) for criterion in group.criteria),
            *(_group(inner, group, structure) for inner in group.groups),
        ),
    )


def _table(table: DecisionTable) -> Section:
    reads = tuple(
        (Code(i.name), f": {i.reads.value}{' ' if i.reads is Reads.TABLE else ' of '}", *_read(i.of))
        for i in table.inputs
    )
    names = [i.name for i in table.inputs]
    rows = []
    for number, row in enumerate(table.rows, 1):
        tests = dict(row.tests)
        cells: list[Text] = [(Code(tests[name].text) if name in tests else "-",) for name in names]
        rows.append(((str(number),), *cells, (row.then,)))
    blocks: list[Block] = [
        Paragraph((HIT_POLICIES[table.hit_policy],)),
        Paragraph(("Possible outputs, the best first: ", ", ".join(table.outputs), ".")),
        Listing(reads),
        Table(f"Rows of {table.title}", ("Row", *names, "Then"), tuple(rows)),
    ]
    if table.otherwise is not None:
        blocks.append(Paragraph((f"Otherwise: {table.otherwise}.",)))
    return Section(f"table-{table.id}", table.title, tuple(blocks))


def _read(id: str | None) -> Text:
    return ("the total",) if id is None else (Code(id),)


_WINDOWS = "The days in which facts count"
_COLUMNS = ("Window", "From", "To", "A period counts if")
_COUNTED = {
    PeriodCounts.END: "its last day is inside",
    PeriodCounts.OVERLAP: "one of its days is inside",
    PeriodCounts.WHOLE: "all of its days are inside",
}


def _cut_off(methodology: Methodology) -> tuple[Block, ...]:
    if methodology.as_of is None:
        return ()
    text = f"The cut-off is {methodology.as_of}: what was published later, or what was not yet true, does not count."
    return (Paragraph((text,)),)


def _change(change: EditionChange, edition: str) -> Text:
    count = change.count
    counted = "" if count is None else f" {count.before} in {change.since}, {count.now} in {edition}."
    criteria: Text = (" Criteria: ", *listed(map(Code, change.criteria)), ".") if change.criteria else ()
    where = f" Where: {change.where}." if change.where else ""
    return (f"Since {change.since}: ", *prose(change.text), counted, *criteria, where)


def _windows_and_sources(methodology: Methodology) -> list[Block]:
    windows = tuple(
        (
            (Code(id),),
            (window.start.isoformat() if window.start else "no limit",),
            (window.end.isoformat() if window.end else "no limit",),
            (_COUNTED[window.counts] if window.has_ends else "all facts",),
        )
        for id, window in methodology.windows
    )
    made: list[Block] = [
        Section("windows", "Windows", (*_cut_off(methodology), Table(_WINDOWS, _COLUMNS, windows))),
        Section(
            "accepted",
            "Accepted sources",
            (Listing(tuple((Code(type),) for type in methodology.accepted_sources)),),
        ),
    ]
    if methodology.changes:
        items = tuple(_change(change, methodology.edition) for change in methodology.changes)
        made.append(Section("changes", "Changes since earlier editions", (Listing(items),)))
    if methodology.recommendations:
        items = tuple((f"{id}: ", *prose(text)) for id, text in methodology.recommendations)
        made.append(Section("recommendations", "Recommendations", (Listing(items),)))
    if methodology.bibliography:
        sources = tuple(source_in_words(source) for source in methodology.bibliography)
        made.append(Section("sources", "Sources", (Listing(sources),)))
    return made
