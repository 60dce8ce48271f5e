"""Tests of a scorecard in text."""

from decimal import Decimal

import pytest
from attrs import evolve
from rich.cells import cell_len

from cleancloud_rules import Scorecard, load_company, load_methodology, score
from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.scorecard import MAX_LINES, WIDTH, scorecard_text
from tests.support import fictional as examples
from tests.support import samples
from tests.support.fictional import FARMS, LIBRARIES, TOOLS
from tests.support.places import COMPANIES
from tests.support.result_pages import EXAMPLES, example

METHODOLOGY = load_methodology("clean_cloud_2024")


def text_of(card: Scorecard) -> str:
    return as_text(scorecard_text(card))


def lines() -> list[str]:
    return text_of(samples.scorecard()).splitlines()


def after(said: list[str], heading: str) -> list[str]:
    """Return the lines of a list below a heading."""
    start = next(place for place, line in enumerate(said) if line.startswith(heading)) + 1
    found = []
    for line in said[start:]:
        if not line.startswith(" "):
            break
        found.append(line)
    return found


@pytest.fixture(scope="module")
def gds() -> list[str]:
    card = score(load_company(COMPANIES / "gds.yaml", METHODOLOGY), METHODOLOGY, with_bounds=True)
    return text_of(card).splitlines()


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_scorecard_of_every_company_has_at_most_60_lines_of_100_columns(name: str) -> None:
    for card in example(name).cards:
        said = text_of(card)
        assert said.count("\n") <= MAX_LINES == 60, card.company.id
        assert max(map(cell_len, said.splitlines())) <= WIDTH == 100, card.company.id


def test_hypothetical_scorecards_are_as_short_and_begin_with_the_notices() -> None:
    for card in example("clean_cloud_2024", hypothetical=True).cards:
        said = text_of(card)
        assert said.count("\n") <= MAX_LINES, card.company.id
        head = " ".join(said.partition(f"\n{card.company.name}: ")[0].split())
        assert head.endswith("Do not cite.")


def test_the_result_stands_in_the_first_line(gds: list[str]) -> None:
    assert gds[0] == "GDS: published 83.08; stated facts support 26.54 of 100."
    assert lines()[2] == "Acme: stated facts support 26.67 of 100, with HYPOTHETICAL facts 56.67."
    assert lines()[3] == "Demonstration, edition 2024 (Demo Institute); Cloud providers"


def test_the_three_figures_stand_side_by_side_in_one_order(gds: list[str]) -> None:
    head = next(place for place, line in enumerate(gds) if "published" in line and "supported" in line)
    assert gds[head].split() == ["published", "supported", "possible", "up", "to", "of"]
    assert gds[head + 1].split() == ["Transparency", "16.67", "0.95", "20.00", "20"]
    assert gds[head + 5].split() == ["Total", "83.08", "26.54", "97.69", "100"]


def test_a_company_outside_any_cohort_has_none_in_its_head() -> None:
    card = samples.scorecard()
    alone = evolve(card, company=evolve(card.company, cohort=None, cohort_title=None))
    assert "\nDemonstration, edition 2024 (Demo Institute)\n" in text_of(alone)


def test_what_counts_comes_with_its_effect_the_largest_first_and_its_source(gds: list[str]) -> None:
    found = after(gds, "What counts: 4 of 31 criteria")
    gains = [Decimal(line.split()[0]) for line in found if line.split()[0].startswith("+")]
    assert gains == sorted(gains, reverse=True)
    assert gains[0] == Decimal("13.33")
    assert found[1].rstrip().endswith("[1]")
    assert any(line.startswith("  [1]  ") for line in gds)


def test_without_bounds_the_effect_on_the_total_is_not_known() -> None:
    assert "  - Criterion ladder, 4.0 of 6.0 points. More than 38% in 2023. [1]" in lines()


def test_points_from_hypothetical_facts_are_marked() -> None:
    assert "  - Criterion found, 1.0 of 1.0 points, 1.0 of them HYPOTHETICAL. Because." in lines()


def test_what_was_looked_for_says_who_says_so_and_where(gds: list[str]) -> None:
    said = " ".join(" ".join(after(gds, "Looked for, and not found: 1")).split())
    assert said.startswith("- Scope 3 carbon neutrality timeline: The report states ")
    assert said.endswith("(stated by Greenpeace East Asia) [1]")


def test_no_answer_is_never_shown_as_no(gds: list[str]) -> None:
    heading = "Not assessed: 27 of 31 criteria. No stated evidence decides either way; this is not a “no”."
    assert after(gds, heading)[0] == "  11  Transparency, worth up to +17.62 together"
    assert "open" not in " ".join(after(lines(), "Looked for, and not found: 1"))


def test_what_is_not_assessed_has_no_remedy_but_evidence_that_would_count(gds: list[str]) -> None:
    said = " ".join(" ".join(after(gds, "What would change it")).split())
    assert said.startswith("+1.43 Publish the electricity mix of each year")
    assert said.count("(recommendation R4)") == 1
    assert (
        "Evidence that would count most, if it exists and is stated: Procurement mechanisms used (up to +8.00); "
        in said
    )
    assert "Contradictions and open points of the publisher: " in said


def test_a_list_is_cut_and_says_how_many_more_there_are(gds: list[str]) -> None:
    said = text_of(examples.card(LIBRARIES, "example_hill"))
    found = after(said.splitlines(), "What counts: 11 of 12 criteria")
    assert sum(line.startswith("  - ") for line in found) == 6
    assert found[-1] == "  - and 6 more"


def test_what_does_not_count_and_what_could_not_be_derived_has_its_reason() -> None:
    said = lines()
    assert after(said, "Stated, but does not count: 1") == [
        "  - Share of renewable energy: percent more than 38%, denominator electricity, 2021: its period 2021",
        "    ends before the window begins [1]",
    ]
    assert after(said, "Could not be derived: 1") == ["  - share_from_use divides by zero for 2022"]


def test_a_scorecard_without_such_leaves_the_headings_out() -> None:
    card = samples.scorecard()
    clean = text_of(evolve(card, facts=card.facts[:1], problems=()))
    assert "Stated, but does not count" not in clean
    assert "Could not be derived" not in clean


def test_notices_arithmetic_and_digests_stand_at_the_end(gds: list[str]) -> None:
    end = " ".join(gds[-8:])
    assert "Independent project, not affiliated" in end
    assert "Total: 0.95 + 6.92 + 18.67 + 0.00 = 26.54." in end
    assert "methodology clean_cloud_2024 sha256 " in end
    assert "facts sha256 " in end


def test_a_methodology_without_scores_shows_points_and_levels() -> None:
    said = text_of(examples.card(LIBRARIES, "example_harbour"))
    assert said.startswith("Example Harbour Library (fictional): level Practised.\n")
    assert "Leading is not reached. Missing: Three formats; All staff trained; A policy that is reviewed.\n" in said
    assert "Requirements met: 2 of 2 must, 6 of 6 should, 0 of 4 suggested.\n" in said
    assert next(line for line in said.splitlines() if line.startswith("Arriving")).split() == [
        "Arriving",
        "3",
        "points",
        "3",
    ]


def test_labels_bands_and_decision_tables_are_shown() -> None:
    said = text_of(examples.card(FARMS, "example_dale"))
    assert said.startswith("Example Dale Orchards (fictional): stated facts support 58.4 of 100, label bronze.\n")
    assert "\n58.4 is bronze: [40..60).\nStanding: on the way (" in said
    assert "\n  In the yard " in said


def test_points_that_are_lost_are_shown() -> None:
    said = text_of(examples.card(FARMS, "example_marsh")).splitlines()
    assert any("Spills, -5.0 of 0.0 points. " in line for line in after(said, "Stated, and not met: 1"))


def test_what_does_not_apply_has_no_points() -> None:
    said = text_of(examples.card(TOOLS, "example_anvil"))
    assert "\n  Electrics     not applicable\n" in said
    assert "  - Can the tool be opened with screws alone? not applicable (it does not apply to the company:" in said


def test_a_result_that_is_withheld_says_why() -> None:
    said = text_of(examples.card(LIBRARIES, "example_moor"))
    assert said.startswith("Example Moor Library (fictional): no result by stated facts: withheld.\n")
    assert "\nNo result, because not every must is met: complaints_answered.\n" in said
