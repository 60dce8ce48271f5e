"""Result pages of the examples, and a reader of such pages."""

from collections.abc import Iterable
from functools import cache
from html.parser import HTMLParser
from pathlib import PurePosixPath

from attrs import define, field

from cleancloud_rules import Scorecard, load_dataset, load_methodology, rank
from cleancloud_rules.analysis import findings
from cleancloud_rules.reports.pages.pages import pages_of
from cleancloud_rules.reports.pages.site import Site
from cleancloud_rules.results.rankings import Cohort, Ranking, ranked
from tests.support.places import ROOT

EXAMPLES = {
    "clean_cloud_2024": "clean_cloud_2024",
    "careful_water": "methodology",
    "mendable_tools": "methodology",
    "open_reading_rooms": "methodology",
    "two_editions": "second",
}
"""The examples, each with its methodology: a bundled one, or a folder inside the example."""

VOID = {"meta", "col", "input", "br", "link", "img", "hr"}
IN_SVG = {"rect", "path", "svg", "text"}
UNREAD = {"script", "style", "title"}


@cache
def example(name: str, *, hypothetical: bool = False) -> Site:
    """Return the results of an example."""
    folder = ROOT / "examples" / name
    inside = folder / EXAMPLES[name]
    rules = load_methodology(inside if inside.is_dir() else EXAMPLES[name])
    loaded = load_dataset(folder, rules, with_hypothetical=hypothetical)
    ranking = rank(loaded, rules, with_hypothetical=hypothetical, with_bounds=not hypothetical)
    claims = findings(loaded, rules) if loaded.statements and not hypothetical else None
    return Site(ranking, claims, is_hypothetical=hypothetical)


@cache
def example_pages(name: str, *, hypothetical: bool = False) -> dict[str, str]:
    """Return the pages of an example by name."""
    return dict(pages_of(example(name, hypothetical=hypothetical)))


def site_of(cards: Iterable[Scorecard], of: Site) -> Site:
    """Return the results of scorecards in one cohort, with the head of other results."""
    rows = tuple(ranked(number, card) for number, card in enumerate(cards, 1))
    cohort = Cohort(rows[0].scorecard.company.cohort, rows[0].scorecard.company.cohort_title or "Companies", rows)
    head = rows[0].scorecard
    return Site(Ranking(head.methodology, (cohort,), head.notices, head.library_version, of.ranking.rank_by))


@define
class Cell:
    """A cell of a table: its classes, the texts of its head, and its own text."""

    classes: tuple[str, ...]
    head: str
    text: str = ""


@define
class Row:
    """A row of a table: its id, and its cells."""

    id: str | None
    cells: list[Cell] = field(factory=list)

    def __getitem__(self, head: str) -> str:
        """Return the text of the cell below a head."""
        return next(" ".join(cell.text.split()) for cell in self.cells if cell.head == head)


class PageReader(HTMLParser):
    """Reads a page: its elements, ids, links, texts and tables."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.policy = ""
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.title = ""
        self.tables: dict[str, list[Row]] = {}
        self.headings: list[str] = []
        self._open: list[str] = []
        self._table = ""
        self._heads: list[str] = []
        self._cell: Cell | None = None
        self.feed(text)
        self.close()
        assert self._open == [], f"not closed: {self._open}"

    @property
    def text(self) -> str:
        """All that a reader sees, with single spaces."""
        return " ".join(" ".join(self.texts).split())

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        assert len(given) == len(attrs), f"an attribute of <{tag}> is given twice"
        self.tags.append((tag, tuple(sorted(given))))
        self.attributes.extend((tag, name, value) for name, value in given.items())
        self.ids.extend(value for name, value in given.items() if name == "id")
        if tag == "a":
            self.links.append(given["href"])
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        if tag not in VOID:
            self._open.append(tag)
        if tag == "table":
            self._table = given.get("class", "")
            self._heads = []
            self.tables.setdefault(self._table, [])
        elif tag == "tr" and "thead" not in self._open:
            self.tables[self._table].append(Row(given.get("id")))
        elif tag in ("td", "th"):
            classes = tuple(given.get("class", "").split())
            if "thead" in self._open:
                self._cell = Cell(classes, "")
            else:
                row = self.tables[self._table][-1]
                place = len(row.cells)
                self._cell = Cell(classes, self._heads[place] if place < len(self._heads) else "")
                row.cells.append(self._cell)
        if tag in ("h1", "h2", "h3"):
            self.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self._open[-1:] == [tag], f"</{tag}> closes {self._open[-3:]}"
        self._open.pop()
        if tag in ("td", "th") and self._cell is not None:
            if "thead" in self._open:
                self._heads.append(" ".join(self._cell.text.split()))
            self._cell = None

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ""
        if inside == "script":
            self.scripts.append(data)
        elif inside == "style":
            self.styles.append(data)
        elif inside == "title":
            self.title += data
        else:
            self.texts.append(data)
            if self._cell is not None and "text" not in self._open:
                self._cell.text += data
            if any(tag in self._open for tag in ("h1", "h2", "h3")):
                self.headings[-1] += data


@cache
def read(text: str) -> PageReader:
    """Return a page, read."""
    return PageReader(text)


def target_of(page: str, link: str) -> tuple[str, str]:
    """Return the page and the anchor to which a link of a page leads."""
    path, _, anchor = link.partition("#")
    if not path:
        return page, anchor
    parts: list[str] = []
    for part in (*PurePosixPath(page).parent.parts, *PurePosixPath(path).parts):
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts), anchor
