"""The results as tables for programs: CSV files, and a description of their columns (Frictionless Data Package)."""

import csv
import io
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from attrs import evolve, frozen

from cleancloud_rules.diagnostics.characters import visible
from cleancloud_rules.model.exact import subtract
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.reports.pages.figures import Figures
from cleancloud_rules.reports.pages.site import Row, Site
from cleancloud_rules.results.json import to_json
from cleancloud_rules.results.records import NoticeRecord
from cleancloud_rules.results.scorecards import CriterionResult

FORMULA_STARTS = ("=", "+", "-", "@", "\t")
"""The first characters by which a spreadsheet takes a text for a formula."""

FOLDER = "data"
"""The folder of the tables."""

PACKAGE = f"{FOLDER}/datapackage.json"
"""The file that describes the tables."""

_FORM = "https://datapackage.org/profiles/2.0/datapackage.json"

Value = str | Decimal | int | bool | None
"""The value of a cell: a text, a number, yes or no, or nothing."""


@frozen
class Column:
    """A column of a table.

    Args:
        name: its name.
        type: ``string``, ``number``, ``integer`` or ``boolean``.
        description: what it means.
    """

    name: str
    type: str
    description: str


@frozen
class Table:
    """A table.

    Args:
        name: its name, and that of its file.
        title: what it holds.
        columns: its columns.
        key: the names of the columns that tell rows apart; empty if rows may be equal.
        rows: its rows.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    @property
    def path(self) -> str:
        """The name of its file below the folder of the pages."""
        return f"{FOLDER}/{self.name}.csv"

    @property
    def text(self) -> str:
        """The table as CSV, in the form of RFC 4180."""
        written = io.StringIO(newline="")
        writer = csv.writer(written, lineterminator="\r\n")
        writer.writerow(column.name for column in self.columns)
        writer.writerows([_cell(value) for value in row] for row in self.rows)
        return written.getvalue()


def _cell(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case int():
            return str(value)
        case _:
            return harmless(value)


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe stands before one that looks like one."""
    shown = visible(text, keep="\n\t")
    return f"'{shown}" if shown.lstrip(" ").startswith(FORMULA_STARTS) else shown


def tables_of(site: Site) -> tuple[Table, ...]:
    """Return the tables of results."""
    tables = (ranking_table(site), _criteria(site), _facts(site), _searches(site), _sources(site))
    return tuple(_marked(table, site) for table in tables) if site.is_hypothetical else tables


def _marked(table: Table, site: Site) -> Table:
    """Return a table with hypothetical facts: its name and each of its rows say so."""
    columns = (
        Column("hypothetical", "boolean", "Whether facts that a solver chose were counted: true in every row."),
        _text("notice", "What every reader must know of these figures."),
    )
    notices = {card.company.id: _notice(card.notices) for card in site.cards}
    of_all = _notice(site.ranking.notices)
    of_companies = table.columns[0].name == "company"
    rows = tuple((*row, True, notices[str(row[0])] if of_companies else of_all) for row in table.rows)
    return evolve(table, name=f"{table.name}.hypothetical", columns=(*table.columns, *columns), rows=rows)


def _notice(notices: Iterable[NoticeRecord]) -> str:
    return " ".join(notice.text for notice in notices if notice.code == "hypothetical")


def package_of(site: Site, tables: Iterable[Table]) -> str:
    """Return the description of tables as JSON."""
    methodology = site.ranking.methodology
    return to_json(
        {
            "$schema": _FORM,
            "name": methodology.id.replace("_", "-"),
            "title": f"{methodology.title}, edition {methodology.edition}, recomputed",
            "description": " ".join(notice.text for notice in site.ranking.notices),
            "version": methodology.sha256,
            "resources": [_resource(table) for table in tables],
        }
    )


def _resource(table: Table) -> Mapping[str, Any]:
    schema: dict[str, Any] = {
        "fields": [{"name": c.name, "type": c.type, "description": c.description} for c in table.columns],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    return {
        "name": table.name.replace("_", "-"),
        "title": table.title,
        "type": "table",
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _text(name: str, description: str) -> Column:
    return Column(name, "string", description)


def _number(name: str, description: str) -> Column:
    return Column(name, "number", description)


_COMPANY = (_text("company", "Id of the company."), _text("name", "Name of the company."))
_CRITERION = (_text("criterion", "Id of the criterion."), _text("title", "Title of the criterion."))


def _of(row: Row) -> tuple[Value, ...]:
    return (row.card.company.id, row.card.company.name)


def ranking_table(site: Site) -> Table:
    """Return the companies with their totals and scores."""
    figures = ("published", "supported", *_ends(site))
    meanings = {
        "hypothetical": "what facts that a solver chose add to it",
        "published": "as the publisher printed it",
        "supported": "from stated facts",
        "floor": "the lower bound over all further facts",
        "ceiling": "the upper bound over all further facts",
    }
    exact = Column("total_bounds_exact", "boolean", "Whether both bounds of the total can be reached.")
    terms = {term.key: term.title for row in site.rows for term in row.terms.values()}
    columns = [
        *_COMPANY,
        _text("cohort", "Id of the cohort in which the company is ranked."),
        Column("rank_published", "integer", "Rank in the cohort, as the publisher printed it."),
        Column(f"rank_{_counted(site)}", "integer", f"Rank in the cohort, {_whose(site)}."),
        *(_number(f"total_{figure}", f"Total, {meanings[figure]}.") for figure in figures),
        _text("outcome", f"Whether there is a result, or why not: {', '.join(o.value for o in GroupOutcome)}."),
        *([] if site.is_hypothetical else [exact]),
        *_word_columns(terms, site),
        Column("criteria_answered", "integer", "Number of criteria that stated facts answer."),
        Column("criteria", "integer", "Number of criteria."),
    ]
    columns += [
        _number(f"{category.id}_{figure}", f"Score of {category.title}, {meanings[figure]}.")
        for category in (site.categories if site.has_scores else ())
        for figure in figures
    ]
    rows = []
    for row in site.rows:
        card, total = row.card, row.total
        cells: list[Value] = [*_of(row), card.company.cohort, row.published_rank, row.rank]
        cells += [*_figures(total, site), card.outcome.value]
        cells += [] if site.is_hypothetical else [None if card.bounds is None else total.exact]
        cells += _words(row, terms, site)
        cells += [row.answered, len(card.criteria)]
        for found in row.categories if site.has_scores else ():
            cells += _figures(found, site)
        rows.append(tuple(cells))
    return Table("ranking", "The companies with their totals and scores", tuple(columns), ("company",), tuple(rows))


def _ends(site: Site) -> tuple[str, ...]:
    """Return the names of the figures beside what is published and supported."""
    return ("hypothetical",) if site.is_hypothetical else ("floor", "ceiling")


def _counted(site: Site) -> str:
    """Return the name of what is counted in a rank or a word, which is not the sum of two parts."""
    return "hypothetical" if site.is_hypothetical else "supported"


def _whose(site: Site) -> str:
    return "counting facts that a solver chose" if site.is_hypothetical else "from stated facts"


def _figures(figures: Figures, site: Site) -> tuple[Decimal | None, ...]:
    ends = (figures.hypothetical,) if site.is_hypothetical else (figures.floor, figures.ceiling)
    return (figures.published, figures.stated, *ends)


def _word_columns(terms: Mapping[str, str], site: Site) -> Iterable[Column]:
    """Yield the columns of labels, levels and outputs of decision tables."""
    for key, title in terms.items():
        yield _text(f"{key}_published", f"{title}, as the publisher printed it.")
        yield _text(f"{key}_{_counted(site)}", f"{title}, {_whose(site)}.")
        if key in ("label", "level") and not site.is_hypothetical:
            yield _text(f"{key}_floor", f"{title} at the lower bound over all further facts.")
            yield _text(f"{key}_ceiling", f"{title} at the upper bound over all further facts.")


def _words(row: Row, terms: Mapping[str, str], site: Site) -> Iterable[str | None]:
    found = {term.key: term for term in row.terms.values()}
    for key in terms:
        term = found.get(key)
        yield None if term is None else term.published
        yield None if term is None else "; ".join(term.stated) or None
        if key in ("label", "level") and not site.is_hypothetical:
            yield None if term is None else term.floor
            yield None if term is None else term.ceiling


def _criteria(site: Site) -> Table:
    columns = (
        *_COMPANY,
        *_CRITERION,
        _text("outcome", f"The outcome: {', '.join(outcome.value for outcome in Outcome)}."),
        _number("points_supported", "Points from stated facts."),
        *(
            [_number("points_hypothetical", "Points that facts add that a solver chose.")]
            if site.is_hypothetical
            else [
                _number("points_floor", "Lower bound of the points over all further facts."),
                _number("points_ceiling", "Upper bound of the points over all further facts."),
            ]
        ),
        _number("max_points", "Maximum points."),
        _text("because", "Why, in sentences."),
    )
    rows = []
    for row in site.rows:
        for criterion in row.card.criteria:
            points = (*_points(row, criterion, site), criterion.max_points)
            because = " ".join(criterion.because)
            because = f"Hypothetical: {because}" if criterion.hypothetical_points else because
            rows.append((*_of(row), criterion.id, criterion.title, criterion.outcome.value, *points, because))
    return Table("criteria", "Every company on every criterion", columns, ("company", "criterion"), tuple(rows))


def _points(row: Row, criterion: CriterionResult, site: Site) -> tuple[Decimal | None, ...]:
    if site.is_hypothetical:
        return (subtract(criterion.points, criterion.hypothetical_points), criterion.hypothetical_points)
    bounds = None if row.card.bounds is None else row.card.bounds.criterion(criterion.id)
    return (criterion.points, *((None, None) if bounds is None else (bounds.floor, bounds.ceiling)))


def _facts(site: Site) -> Table:
    columns = (
        *_COMPANY,
        _text("fact", "Id of the fact."),
        _text("type", "Id of the fact type."),
        _text("text", "The fact in words."),
        _text("period", "The time that it is about."),
        _text("as_of", "The day on which it was true."),
        _text("basis", "How it is known."),
        _text("source", "Id of its source."),
        _text("locator", "The place in the source."),
        _text("entity", "The part of the company that it is about."),
        Column("counts", "boolean", "Whether it counts."),
        _text("why_not", "Why it does not count."),
        _text("derived_from", "Ids of the facts from which it was derived, separated by spaces."),
        _text("note", "A note for readers."),
    )
    rows = tuple(
        (
            *_of(row),
            *(fact.id, fact.type, fact.text, fact.period, fact.as_of, fact.basis, fact.source, fact.locator),
            *(fact.entity, fact.counts, fact.why_not, " ".join(fact.derived_from) or None, fact.note),
        )
        for row in site.rows
        for fact in row.card.facts
    )
    return Table("facts", "Every fact with its source", columns, ("company", "fact"), rows)


def _searches(site: Site) -> Table:
    columns = (
        *_COMPANY,
        _text("says", "What was not found, for readers."),
        _text("text", "What was not found, in the words of the file."),
        _text("type", "Id of the fact type."),
        _text("basis", "How it is known."),
        _text("source", "Id of the source that says so."),
        _text("locator", "The place in the source."),
        _text("criteria", "Ids of the criteria that it bears on, separated by spaces."),
        _text("note", "A note for readers."),
    )
    rows = tuple(
        (
            *_of(row),
            *(search.says, search.text, search.type, search.basis, search.source, search.locator),
            *(" ".join(search.criteria) or None, search.note),
        )
        for row in site.rows
        for search in row.card.searches
    )
    return Table("not_found", "Every documented search without result", columns, (), rows)


def _sources(site: Site) -> Table:
    columns = (
        _text("source", "Id of the source."),
        _text("type", "Kind of the source."),
        _text("title", "Its title."),
        _text("publisher", "Who published it."),
        _text("published", "When it was published: a day or a year."),
        _text("accessed", "When it was read."),
        _text("url", "Its address."),
        _text("archived", "The address of an archived copy."),
        _text("footnotes", "The footnotes of the publisher that cite it, separated by spaces."),
        _text("note", "A note for readers."),
        Column("public", "boolean", "Whether everybody can read it; empty if nobody has said."),
    )
    found = {source.id: source for card in site.cards for source in card.sources}
    rows = tuple(
        (
            *(source.id, source.type, source.title, source.publisher, source.published, source.accessed),
            *(source.url, source.archived, " ".join(map(str, source.footnotes)) or None, source.note, source.public),
        )
        for source in (found[id] for id in sorted(found))
    )
    return Table("sources", "Every source that is cited", columns, ("source",), rows)
