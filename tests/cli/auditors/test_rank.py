"""Tests of ``rank``."""

import json
import re
from collections import Counter
from pathlib import Path

from cleancloud_rules import load_dataset, load_methodology, rank, score
from cleancloud_rules.analysis import what_if
from tests.cli.conftest import Run
from tests.support.places import DATASET, edit


def test_both_cohorts_are_printed_with_all_their_companies(run: Run) -> None:
    result = run("rank", DATASET)
    assert result.exit_code == 0
    assert "Cloud providers (10)" in result.stdout
    assert "Data center operators (15)" in result.stdout
    assert len(re.findall(r"^ +[0-9]+  ", result.stdout, re.MULTILINE)) == 25


def test_the_first_line_says_that_it_is_not_the_published_ranking(run: Run, dataset: Path) -> None:
    first, second, _, third = run("rank", DATASET).stdout.splitlines()[:4]
    assert first == "This is not the published ranking: companies are ranked by what stated facts support."
    assert "`rank --order published`" in second
    assert third.startswith("Independent project, not affiliated with")
    edit(dataset / "dataset.yaml", "published: published.csv\n", "")
    assert run("rank", dataset).stdout.startswith("Independent project, not affiliated with")


def test_the_published_order_is_that_of_the_table(run: Run) -> None:
    said = run("rank", DATASET, "--order", "published").stdout
    assert said.startswith("The published ranking, and beside it the figures of what stated facts support.\n")
    rows = re.findall(r"^ +([0-9]+)  (.*?)  +([0-9]+)  +[0-9.]+ ", said, re.MULTILINE)
    assert [int(row[0]) for row in rows] == [*range(1, 11), *range(1, 16)]
    assert [row[1] for row in rows][:2] == ["Alibaba Group", "Tencent"]
    assert [int(row[2]) for row in rows][:2] == [2, 1]
    found = json.loads(run("rank", DATASET, "--order", "published", "--format", "json").stdout)
    assert found["order"] == "published"
    positions = [row["company"]["published"]["position"] for cohort in found["cohorts"] for row in cohort["rows"]]
    assert positions == list(range(1, 26))


def test_the_published_order_is_refused_where_nothing_is_published(run: Run, dataset: Path) -> None:
    edit(dataset / "dataset.yaml", "published: published.csv\n", "")
    refused = run("rank", dataset, "--order", "published")
    assert refused.exit_code == 2
    assert "--order published: no company has a row in a published table" in refused.stderr


def test_a_what_if_has_no_order(run: Run) -> None:
    refused = run("rank", DATASET, "--order", "published", "--without", "gds:x")
    assert refused.exit_code == 2
    assert "cannot be combined with --with and --without" in refused.stderr


def test_the_row_of_a_company_gives_points_scores_and_what_is_not_assessed(run: Run, dataset: Path) -> None:
    edit(dataset / "dataset.yaml", "published: published.csv\n", "")
    methodology = load_methodology("clean_cloud_2024")
    ranking = rank(load_dataset(DATASET, methodology), methodology)
    card = ranking.cohorts[0].rows[0].scorecard
    row = next(line for line in run("rank", dataset).stdout.splitlines() if card.company.name in line)
    energy = card.category("renewable_energy")
    assert f"{energy.score} ({energy.points})" in row
    assert str(card.total) in row


def test_the_same_command_gives_json(run: Run) -> None:
    methodology = load_methodology("clean_cloud_2024")
    ranking = rank(load_dataset(DATASET, methodology), methodology, with_bounds=True)
    assert run("rank", DATASET, "--format", "json").stdout == ranking.to_json()


def test_a_row_has_bounds_and_what_the_publisher_printed(run: Run) -> None:
    rows = [
        row
        for cohort in json.loads(run("rank", DATASET, "--format", "json").stdout)["cohorts"]
        for row in cohort["rows"]
    ]
    (tencent,) = (row for row in rows if row["company"]["id"] == "tencent")
    assert tencent["company"]["published"] == {
        "position": 2,
        "rank": 2,
        "ranked": 10,
        "total": 89.31,
        "scores": {"transparency": 17.62, "carbon_reduction": 27.69, "renewable_energy": 36.00, "influence": 8.00},
        "points": {},
        "words": {},
        "none": [],
    }
    assert (tencent["bounds"]["floor"], tencent["bounds"]["ceiling"], tencent["bounds"]["exact"]) == (31.33, 100, True)
    assert [category["id"] for category in tencent["bounds"]["categories"]] == [c["id"] for c in tencent["categories"]]
    positions = sorted(row["company"]["published"]["position"] for row in rows)
    assert positions == list(range(1, 26))
    said = run("rank", DATASET, "--no-bounds", "--format", "json").stdout
    assert {row["bounds"] for cohort in json.loads(said)["cohorts"] for row in cohort["rows"]} == {None}


def test_equal_totals_share_a_rank(run: Run) -> None:
    ranking = json.loads(run("rank", DATASET, "--format", "json").stdout)
    for cohort in ranking["cohorts"]:
        totals = [row["total"] for row in cohort["rows"]]
        assert [row["rank"] for row in cohort["rows"]] == [
            1 + sum(other > total for other in totals) for total in totals
        ]


def test_a_folder_of_companies_is_ranked_like_its_dataset(run: Run) -> None:
    assert run("rank", DATASET / "companies").stdout == run("rank", DATASET).stdout


def test_a_ranking_is_written_to_a_file(run: Run, tmp_path: Path) -> None:
    run("rank", DATASET, "-o", tmp_path / "ranking.txt")
    assert (tmp_path / "ranking.txt").read_text(encoding="utf-8") == run("rank", DATASET).stdout


def test_hypothetical_facts_are_counted_when_asked_for_and_are_marked(run: Run, dataset: Path) -> None:
    edit(
        dataset / "companies" / "tencent.yaml",
        "facts:\n",
        "facts:\n"
        "  - renewable_share: {percent: 99, denominator: electricity}\n"
        "    period: 2023\n"
        "    basis: hypothetical\n"
        "    source: clean-cloud-2024\n",
    )
    without = run("rank", dataset).stdout
    assert "HYPOTHETICAL" not in without
    assert "hypothetical" not in without
    with_them = run("rank", dataset, "--with-hypothetical").stdout
    assert "HYPOTHETICAL: chosen by a solver" in with_them


def test_a_bad_dataset_is_rejected(run: Run, dataset: Path) -> None:
    edit(dataset / "dataset.yaml", "companies: companies", "companies: [companies, nowhere.yaml]")
    result = run("rank", dataset)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[missing-file]" in result.stderr


def test_a_dataset_that_cannot_be_read_is_rejected(run: Run, dataset: Path) -> None:
    (dataset / "dataset.yaml").write_text("title: [", encoding="utf-8")
    assert run("rank", dataset).exit_code == 1


# ---- what if


def test_a_what_if_shows_every_rank_that_changes(run: Run, tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    fact = (
        "  - renewable_share: {percent: 12, denominator: electricity}\n    period: 2023\n    source: clean-cloud-2024\n"
    )
    facts.write_text(f"id: baidu\nfacts:\n{fact}", encoding="utf-8")
    methodology = load_methodology("clean_cloud_2024")
    dataset = load_dataset(DATASET, methodology)
    target = score(dataset.companies[13], methodology).criterion("renewable_target").rules[0].facts[0]
    options = ("--with", facts, "--without", f"{dataset.companies[13].id}:{target}")
    result = run("rank", DATASET, *options)
    assert result.exit_code == 0
    assert result.stdout.startswith("WHAT IF: ")
    assert "Ranks that change: 6 of 25" in result.stdout
    assert "   4    5  Baidu" in result.stdout
    found = what_if(dataset, methodology, facts=facts, without=options[-1])
    assert run("rank", DATASET, *options, "--format", "json").stdout == found.to_json()


def test_facts_without_a_company_and_ids_of_several_companies_are_errors_with_help(run: Run, tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text("facts: []\n", encoding="utf-8")
    methodology = load_methodology("clean_cloud_2024")
    ids = Counter(fact.id for company in load_dataset(DATASET, methodology).companies for fact in company.facts)
    (id, count) = ids.most_common(1)[0]
    result = run("rank", DATASET, "--with", facts, "--without", id, "--without", "acme:x")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "facts.yaml:1:1: error[missing-key]: there are 25 companies" in result.stderr
    assert f"error[ambiguous-fact]: the fact `{id}` is stated by {count} companies" in result.stderr
    assert "error[unknown-company]: there is no company `acme`" in result.stderr
