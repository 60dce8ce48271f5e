"""Tests of ``explain``."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.support.places import COMPANIES, edit

GDS = COMPANIES / "gds.yaml"


def test_an_awarded_criterion_names_rule_fact_value_and_source(run: Run) -> None:
    result = run("explain", GDS, "--criterion", "renewable_target")
    said = " ".join(result.stdout.split())
    assert result.exit_code == 0
    assert "100% renewable energy by 2030 (renewable_target): awarded, 10.0 of 10.0 points, +13.33 on the total" in said
    assert "rule whole_company, 10.0 points: holds, points taken" in said
    assert "Share: 100%" in said
    assert "2030 or earlier" in said
    assert "Greenpeace East Asia, published 2024" in said


def test_a_source_is_given_with_title_publisher_date_and_footnotes(run: Run) -> None:
    said = " ".join(run("explain", GDS, "--criterion", "renewable_share").stdout.split())
    assert "GDS Annual report 2023, GDS, published 2024-04-29, accessed 2024-06-29 (footnotes 9, 20), https://" in said


def test_an_address_is_never_broken(run: Run) -> None:
    said = run("explain", COMPANIES / "baidu.yaml").stdout
    data = json.loads(run("score", COMPANIES / "baidu.yaml", "--format", "json").stdout)
    addresses = [source["url"] for source in data["sources"] if source["url"]]
    assert addresses
    assert all(address in said for address in addresses)


def test_a_missing_target_names_the_test_that_no_fact_met_and_what_would_count(run: Run) -> None:
    said = " ".join(
        run("explain", COMPANIES / "jd_com.yaml", "--criterion", "renewable_target", "--rules").stdout.split()
    )
    assert "rule whole_company, 10.0 points: does not hold" in said
    assert "target_year: <= 2030" in said
    assert "(by no fact)" in said
    assert "looked for and not found: commitment:" in said
    assert "not assessed: what would count: " in said
    assert "next step" not in said


def test_what_was_not_found_has_a_remedy_with_the_words_of_its_recommendation(run: Run) -> None:
    said = " ".join(run("explain", "ByteDance", "--criterion", "emissions_total").stdout.split())
    assert "Total greenhouse gas emissions (emissions_total): not found" in said
    assert "recommendation R4: Publish more, and keep it current: energy use, energy mix and emissions" in said


def test_the_nearest_fact_is_named_where_none_is_good_enough(run: Run) -> None:
    said = " ".join(
        run("explain", COMPANIES / "baidu.yaml", "--criterion", "renewable_share", "--rules").stdout.split()
    )
    assert "not met: renewable_share: {percent: > 10}; the nearest fact Share of renewables, renewable_share-" in said
    assert "fails percent: > 10 (the fact says 5.11%)" in said


def test_one_criterion_leaves_the_others_out(run: Run) -> None:
    said = run("explain", GDS, "--criterion", "renewable_target").stdout
    assert "(renewable_share): " not in said
    assert "(renewable_share): " in run("explain", GDS).stdout


def test_an_explanation_is_brief_unless_everything_is_asked_for(run: Run) -> None:
    brief, full = run("explain", GDS).stdout, run("explain", GDS, "--full").stdout
    assert brief.count("\n") < 200
    assert full.count("\n") > 3 * brief.count("\n")
    assert "does not hold" not in brief
    assert "rule all_data_centers, 3.0 points: does not hold" in full
    assert "{" not in brief + full
    assert (
        "asks for electricity_use: {breakdown: by_location, extent: whole}"
        in run("explain", GDS, "--full", "--rules").stdout
    )
    assert "asks for renewable_share: {percent: > 10}" in " ".join(run("explain", GDS, "--rules").stdout.split())


def test_an_unknown_criterion_is_wrong_usage_with_a_hint(run: Run) -> None:
    result = run("explain", GDS, "--criterion", "renewable_targt")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "did you mean `renewable_target`?" in result.stderr


def test_an_explanation_of_all_criteria_is_the_scorecard_in_json(run: Run) -> None:
    assert run("explain", GDS, "--format", "json").stdout == run("score", GDS, "--format", "json").stdout


def test_a_criterion_that_has_another_id_now_is_said_with_it(run: Run, criteria: Path) -> None:
    edit(criteria / "influence.yaml", "- id: knowledge_sharing\n", "- id: sharing\n    replaces: [knowledge_sharing]\n")
    result = run("explain", GDS, "--criterion", "knowledge_sharing", "--methodology", criteria)
    assert result.exit_code == 2
    assert "it is called `sharing` now" in " ".join(result.stderr.split())


def test_an_explanation_of_one_criterion_carries_its_facts_and_sources(run: Run) -> None:
    said = json.loads(run("explain", GDS, "--criterion", "renewable_share", "--format", "json").stdout)
    assert said["criterion"]["id"] == "renewable_share"
    assert said["category"]["id"] == "renewable_energy"
    assert {fact["type"] for fact in said["facts"]} == {"renewable_share"}
    assert {fact["counts"] for fact in said["facts"]} == {True, False}
    assert {source["id"] for source in said["sources"]} == {fact["source"] for fact in said["facts"]}
    assert said["notices"]


def test_several_companies_are_explained_one_after_another(run: Run) -> None:
    companies = [GDS, COMPANIES / "tencent.yaml"]
    said = run("explain", *companies, "--criterion", "renewable_target").stdout
    assert said.index("GDS: ") < said.index("Tencent: ")
    data = json.loads(run("explain", *companies, "--criterion", "renewable_target", "--format", "json").stdout)
    assert [one["company"]["id"] for one in data] == ["gds", "tencent"]


@pytest.mark.parametrize("command", ["explain", "score", "bounds"])
@pytest.mark.parametrize("name", ["vnet", "VNET Group", "21Vianet"])
def test_a_company_is_found_by_id_name_and_alias(run: Run, command: str, name: str) -> None:
    by_name, by_file = run(command, name), run(command, COMPANIES / "vnet.yaml")
    assert by_name.exit_code == 0
    assert by_name.stdout == by_file.stdout


def test_a_name_is_looked_up_in_the_dataset_that_is_named(run: Run, dataset: Path) -> None:
    edit(dataset / "companies" / "vnet.yaml", "21Vianet", "Neon Cables")
    assert run("score", "neon cables", "--dataset", dataset).stdout.count("VNET Group: ") == 1
    refused = run("score", "Neon Cable", "--dataset", dataset)
    assert refused.exit_code == 2
    assert "has no company `Neon Cable`; did you mean `Neon Cables`?" in refused.stderr
    assert "there is no file, folder or bundled dataset `Neon Cables`, and the bundled datasets have no company" in (
        run("score", "Neon Cables").stderr
    )


def test_a_dataset_that_is_not_there_is_said_of_its_option(run: Run) -> None:
    refused = run("score", "gds", "--dataset", "nonexist")
    assert refused.exit_code == 2
    assert "Invalid value for --dataset: there is no file, folder or bundled dataset `nonexist`" in refused.stderr


def test_a_name_that_several_bundled_datasets_know_is_refused(run: Run) -> None:
    refused = run("score", "example_marsh")
    assert refused.exit_code == 2
    assert "have several companies `example_marsh`" in refused.stderr


def test_a_folder_without_a_dataset_has_no_companies_by_name(run: Run) -> None:
    refused = run("score", "GDS", "--dataset", COMPANIES)
    assert refused.exit_code == 2
    assert "is not a dataset" in refused.stderr
