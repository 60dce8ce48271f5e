"""The how-to pages on embedding show the programs of docs/examples, word for word, and what these answer."""

import json
import re
from typing import Any

import pytest

import cleancloud_rules as cc
from docs.examples import web_service
from tests.support.places import ROOT

PAGES = ROOT / "docs" / "how-to"
EXAMPLES = ROOT / "docs" / "examples"


def block(page: str, language: str) -> str:
    text = (PAGES / page).read_text(encoding="utf-8")
    *_, found = re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.mark.parametrize(
    ("page", "program"), [("in-a-web-service.md", "web_service.py"), ("with-a-database.md", "database.py")]
)
def test_a_page_shows_the_program(page: str, program: str) -> None:
    assert block(page, "python") == (EXAMPLES / program).read_text(encoding="utf-8")


def test_the_page_shows_the_cells_of_the_notebook() -> None:
    cells = json.loads((EXAMPLES / "ranking.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert block("in-a-notebook.md", "python") == "\n".join(code) + "\n"


def test_the_page_on_continuous_integration_shows_the_pipeline() -> None:
    text = (PAGES / "ci.md").read_text(encoding="utf-8")
    for file in ("check-and-publish.sh", "workflow.yaml"):
        assert (EXAMPLES / "pipeline" / file).read_text(encoding="utf-8") in text


def test_the_problem_that_the_page_shows_is_what_the_service_answers() -> None:
    methodology = cc.load_methodology("clean_cloud_2024")
    share = {"renewable_share": {"percent": 101, "denominator": "electricity"}}
    company: dict[str, Any] = {"id": "acme", "name": "Acme", "cohort": "bank", "facts": [share]}
    with pytest.raises(cc.InputError) as caught:
        cc.company_from(company, methodology)
    answered = json.loads(bytes(web_service.refusal(caught.value, company).body))
    shown = json.loads(block("in-a-web-service.md", "json"))
    assert {**shown, "title": answered["title"]} == answered
