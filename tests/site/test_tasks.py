"""Ten tasks of users, written down before the site was built: the search and the index lead to the page of each."""

from pathlib import Path

import pytest
from attrs import frozen

from tests.support.site import SITE, Search, is_outside, pages, target_of

pytestmark = pytest.mark.site

FIRST = 5
"""How many results of a search a reader looks at."""


@frozen
class Task:
    """What a user wants to do.

    Args:
        who: the user.
        wants: the task in her words.
        query: what she types into the search.
        page: the page that answers, inside ``docs``.
        section: the anchor of its section.
    """

    who: str
    wants: str
    query: str
    page: str
    section: str


TASKS = [
    Task(
        "methodologist",
        "write my first methodology",
        query="first methodology",
        page="tutorial/your-first-methodology",
        section="",
    ),
    Task(
        "methodologist",
        "give points in proportion to a percentage",
        query="points in proportion",
        page="reference/language/criteria",
        section="points-in-proportion",
    ),
    Task(
        "methodologist",
        "know what an error code means and how to cure it",
        query="unknown-key",
        page="reference/diagnostics",
        section="unknown-key",
    ),
    Task(
        "methodologist",
        "see what a new edition changes for each company",
        query="compare editions",
        page="how-to/compare-editions",
        section="the-effect-on-companies",
    ),
    Task(
        "developer",
        "score a company that is a document of a database",
        query="without files",
        page="how-to/use-from-python",
        section="without-files",
    ),
    Task(
        "developer",
        "score companies in several processes",
        query="several processes",
        page="how-to/several-processes",
        section="a-pool-of-processes",
    ),
    Task(
        "developer",
        "know which errors loading a methodology raises",
        query="load_methodology",
        page="reference/api/load",
        section="load_methodology",
    ),
    Task(
        "developer",
        "score a million companies from CSV files",
        query="million companies",
        page="how-to/score-a-million-companies",
        section="mistakes",
    ),
    Task(
        "auditor",
        "verify years later that a score is right",
        query="verify record",
        page="how-to/keep-a-record",
        section="verify-a-record",
    ),
    Task(
        "company",
        "contest a score",
        query="contest a score",
        page="how-to/contest-a-score",
        section="find-what-decides",
    ),
]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.wants)
def test_the_search_finds_the_page_of_a_task(task: Task) -> None:
    assert f"docs/{task.page}" in Search.of_site().find(task.query)[:FIRST]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.wants)
def test_the_page_of_a_task_has_its_section(task: Task) -> None:
    page = pages()[SITE / "docs" / f"{task.page}.html"]
    assert not task.section or task.section in page.ids


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.wants)
def test_the_index_leads_to_the_page_of_a_task_in_two_steps(task: Task) -> None:
    def led_to(path: Path) -> set[Path]:
        page = pages()[path]
        return {target_of(page, link)[0] for link in page.links if not is_outside(link)}

    assert SITE / "docs" / f"{task.page}.html" in led_to(SITE / "docs" / "index.html")


def test_a_query_about_nothing_finds_nothing() -> None:
    assert Search.of_site().find("xyzzy") == []
