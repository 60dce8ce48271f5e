"""Tests of ``accept``: the facts of a response become facts of the company file, and all other lines stay."""

from pathlib import Path
from shutil import copytree

import pytest

from cleancloud_rules import load_company, load_methodology
from tests.cli.conftest import Run
from tests.support.places import ROOT, edit

WATER = ROOT / "examples" / "careful_water"
RULES = WATER / "methodology"
DIFFERENCE = {
    "sources:",
    "  ridge-letter: {type: farm_record, title: A letter that no farm wrote (invented), published: 2025-12-20}",
    "  - meter: {readings: 14}",
    "    period: 2025-04-01/2025-09-30",
    "    source: ridge-letter",
    "    locator: Page 2",
    "  - permit: {kept_to: true}",
    "    status: accepted",
    "    decision: The books were seen.",
}


@pytest.fixture
def water(tmp_path: Path) -> Path:
    return Path(copytree(WATER, tmp_path / "water"))


def ridge(water: Path) -> Path:
    return water / "companies" / "example_ridge.yaml"


def test_facts_and_sources_move_and_other_lines_stay(run: Run, water: Path) -> None:
    edit(ridge(water), "(fictional)\nfacts:\n", "(fictional)\nfacts: # as the books say\n")
    before = ridge(water).read_text(encoding="utf-8").splitlines()
    done = run("accept", ridge(water), "meter-books", "-m", RULES, "--decision", "The books were seen.")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == (
        "example_ridge:\n"
        "  new, `meter-e6444f74` (Readings in the season: 14)\n"
        "  new, `permit-5ce65733` (The limit was kept to: yes)\n"
        "  source `ridge-letter`: moved to the company\n"
        "  total: 16.8 to 26.8\n"
    )
    after = ridge(water).read_text(encoding="utf-8").splitlines()
    assert {line for line in after if line not in before} == DIFFERENCE - set(before)
    assert {line for line in before if line not in after} == {
        "    sources:",
        "      ridge-letter: {type: farm_record, title: A letter that no farm wrote (invented), published: 2025-12-20}",
    }
    company = load_company(ridge(water), load_methodology(RULES))
    assert company.responses[0].decision == "The books were seen."
    assert run("check", RULES, water, "--strict").exit_code == 0


def test_a_disputed_fact_is_removed_and_an_old_decision_too(run: Run, water: Path) -> None:
    done = run("accept", "example_ridge", "rain-on-the-track", "--dataset", water, "-m", RULES)
    assert done.stdout == "example_ridge:\n  removed, `spill-fdc55c9b` (place: The track)\n  total: 16.8 to 16.8\n"
    company = load_company(ridge(water), load_methodology(RULES))
    assert [fact.type for fact in company.facts] == ["irrigation"]
    assert (company.responses[1].status.value, company.responses[1].decision) == ("accepted", None)


def test_a_dry_run_writes_nothing(run: Run, water: Path) -> None:
    before = ridge(water).read_bytes()
    assert "  total: 16.8 to 26.8\n" in run("accept", ridge(water), "meter-books", "-m", RULES, "--dry-run").stdout
    assert ridge(water).read_bytes() == before


def test_what_there_is_not_is_named(run: Run, water: Path) -> None:
    done = run("accept", ridge(water), "meter-book", "-m", RULES)
    assert done.exit_code == 2
    assert "the company `example_ridge` has no response `meter-book`; did you mean `meter-books`?" in done.stderr
    done = run("accept", water, "meter-books", "-m", RULES)
    assert (done.exit_code, "is no company file" in done.stderr) == (2, True)
    run("accept", ridge(water), "meter-books", "-m", RULES)
    done = run("accept", ridge(water), "meter-books", "-m", RULES)
    assert (done.exit_code, "is accepted already" in done.stderr) == (2, True)


TOLD = "{id: r, received: 2026-01-01, by: Office, reason: It was rain, disputes: [spill-fdc55c9b]}"

LINES = """\
responses:
  - {id: r, received: 2026-01-01, by: Office,
     status: open,
     reason: 'It was: rain', disputes: [
      spill-fdc55c9b]}"""


def tell(file: Path, responses: str) -> str:
    """Write other responses into the file of a company, and return what stands before them."""
    before, _, _ = file.read_text(encoding="utf-8").partition("responses:")
    file.write_text(f"{before}{responses}\n", encoding="utf-8")
    return before


@pytest.mark.parametrize(
    ("told", "now"),
    [
        (f"responses:\n  - {TOLD} # by letter", f"responses:\n  - {TOLD[:-1]}, status: accepted}} # by letter"),
        (f"responses: [{TOLD}]", f"responses: [{TOLD[:-1]}, status: accepted}}]"),
        (
            f"responses: [{TOLD[:-1]}, status: rejected, decision: 'A, or B'}}] # letters",
            f"responses: [{TOLD[:-1]}, status: accepted}}] # letters",
        ),
        (LINES, LINES.replace("Office,\n     status: open,\n     reason", "Office, status: accepted, reason")),
    ],
)
def test_a_response_in_braces_is_accepted_in_place(run: Run, water: Path, told: str, now: str) -> None:
    before = tell(ridge(water), told)
    done = run("accept", ridge(water), "r", "-m", RULES)
    assert (done.exit_code, done.stderr) == (0, "")
    without = before.replace("  - spill: {place: The track}\n    as_of: 2025-05-05\n    source: example-register\n", "")
    assert ridge(water).read_text(encoding="utf-8") == f"{without}{now}\n"


@pytest.mark.parametrize(
    "told",
    [f"responses:\n  - {TOLD[:-1]}, # a comment\n    status: open}}", "facts: [{spill: {place: The track}}]"],
    ids=["comment", "facts"],
)
def test_a_file_that_cannot_be_changed_in_place_stays(run: Run, water: Path, told: str) -> None:
    before = tell(ridge(water), told)
    if told.startswith("facts"):
        head, _, _ = before.partition("facts:")
        spill = "{spill: {place: The track}, as_of: 2025-05-05, source: example-register}"
        listed = f"facts: [{spill}, {{permit: {{kept_to: true}}, source: example-books}}]"
        ridge(water).write_text(f"{head}{listed}\nresponses:\n  - {TOLD}\n", encoding="utf-8")
    content = ridge(water).read_bytes()
    done = run("accept", ridge(water), "r", "-m", RULES)
    assert done.exit_code == 1
    assert "cannot be changed in place" in done.stderr
    assert ridge(water).read_bytes() == content
