"""Tests of ``score``."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cleancloud_rules import Scorecard, load_company, load_methodology, score
from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.documents.yaml import read_file
from cleancloud_rules.scaffold import start
from tests.cli.conftest import Run
from tests.support.fictional import EXAMPLES, FARMS
from tests.support.places import COMPANIES, CRITERIA, DATASET, edit

GDS = COMPANIES / "gds.yaml"
TENCENT = COMPANIES / "tencent.yaml"


def test_every_scorecard_carries_the_notices(run: Run) -> None:
    said = " ".join(run("score", GDS).stdout.split())
    assert "Independent project, not affiliated with" in said
    assert "Point allocation devised by this project." in said
    hypothetical = run("score", GDS, "--with-hypothetical").stdout
    assert (
        hypothetical.index("Independent project") < hypothetical.index("HYPOTHETICAL: ") < hypothetical.index("\nGDS: ")
    )


@pytest.mark.parametrize("format", ["markdown", "html", "csv"])
def test_several_companies_are_one_document(run: Run, format: str) -> None:
    result = run("score", GDS, TENCENT, "--format", format)
    assert result.exit_code == 0
    assert result.stdout.count("<!DOCTYPE html>") == (format == "html")
    assert "26.54" in result.stdout
    assert "31.33" in result.stdout
    if format == "csv":
        rows = list(csv.DictReader(io.StringIO(result.stdout, newline="")))
        assert {row["company"] for row in rows} == {"gds", "tencent"}


@pytest.mark.parametrize("command", ["score", "rank"])
def test_a_what_if_is_no_table(run: Run, facts: Path, command: str) -> None:
    result = run(command, COMPANIES / "baidu.yaml", "--with", facts, "--format", "csv")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--format csv cannot be combined with --with and --without" in " ".join(result.stderr.split())
    assert run(command, COMPANIES / "baidu.yaml", "--with", facts, "--format", "markdown").stdout.count("\n## ") >= 1


def test_every_criterion_has_its_line(run: Run) -> None:
    result = run("score", GDS)
    methodology = load_methodology("clean_cloud_2024")
    assert result.exit_code == 0
    rows = csv.DictReader(io.StringIO(run("score", GDS, "--format", "csv").stdout, newline=""))
    assert [row["id"] for row in rows if row["part"] == "criterion"] == [c.id for c in methodology.criteria]
    assert result.stdout.count("\n") <= 60


def test_a_fact_that_does_not_count_is_shown_with_the_reason(run: Run) -> None:
    assert "was renewable, 2021: its period ends on 2021-12-31" in run("score", GDS).stdout


def test_one_scorecard_is_an_object_in_json(run: Run) -> None:
    methodology = load_methodology("clean_cloud_2024")
    card = score(load_company(GDS, methodology), methodology, with_bounds=True)
    assert run("score", GDS, "--format", "json").stdout == card.to_json()


def test_bounds_stand_beside_scores_unless_they_are_not_wanted(run: Run) -> None:
    assert re.search(r"^Transparency +16.67 +0.95 +20.00 +20$", run("score", GDS).stdout, re.MULTILINE)
    assert re.search(r"^Total +83.08 +26.54 +97.69 +100$", run("score", GDS).stdout, re.MULTILINE)
    assert "ossible" not in run("score", GDS, "--no-bounds").stdout
    assert json.loads(run("score", GDS, "--no-bounds", "--format", "json").stdout)["bounds"] is None


def test_without_a_published_table_nothing_published_is_shown(run: Run, dataset: Path) -> None:
    edit(dataset / "dataset.yaml", "published: published.csv\n", "")
    said = run("score", dataset / "companies" / "gds.yaml").stdout
    assert said.startswith("GDS: stated facts support 26.54 of 100.\n")
    assert re.search(r"^Total +26.54 +97.69 +100$", said, re.MULTILINE)
    assert "ublished" not in said.split("Transparency  ")[0]


def test_several_scorecards_are_a_list_in_json(run: Run) -> None:
    cards = json.loads(run("score", GDS, TENCENT, "--format", "json").stdout)
    assert [card["company"]["id"] for card in cards] == ["gds", "tencent"]


@pytest.mark.parametrize("argument", [DATASET, DATASET / "dataset.yaml", COMPANIES, "clean_cloud_2024"])
def test_datasets_and_folders_are_read(run: Run, argument: str | Path) -> None:
    cards = json.loads(run("score", argument, "--format", "json").stdout)
    assert len(cards) == 25


def test_a_saved_scorecard_reads_back(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "gds.json"
    result = run("score", GDS, "--format", "json", "-o", file)
    assert (result.exit_code, result.stdout) == (0, "")
    methodology = load_methodology("clean_cloud_2024")
    card = score(load_company(GDS, methodology), methodology, with_bounds=True)
    assert Scorecard.from_json(file.read_text(encoding="utf-8")) == card


def test_a_file_that_cannot_be_written_is_an_error(run: Run, tmp_path: Path) -> None:
    result = run("score", GDS, "-o", tmp_path / "missing" / "gds.txt")
    assert result.exit_code == 1
    assert "cannot write" in result.stderr
    assert "gds.txt`: no such file or directory" in result.stderr


def test_a_pipe_gets_no_colour_and_nothing_is_cut_off(run: Run) -> None:
    result = run("score", DATASET)
    assert "\x1b" not in result.stdout
    assert "…" not in result.stdout


def test_a_missing_company_is_wrong_usage(run: Run) -> None:
    result = run("score", "nowhere.yaml")
    assert result.exit_code == 2
    assert "nowhere.yaml" in result.stderr


def test_no_company_is_wrong_usage(run: Run) -> None:
    assert run("score").exit_code == 2


def test_a_folder_without_companies_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    assert run("score", tmp_path).exit_code == 2


@pytest.mark.parametrize("command", ["score", "rank", "explain", "bounds"])
def test_a_methodology_in_place_of_companies_is_wrong_usage(run: Run, command: str) -> None:
    result = run(command, CRITERIA)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"`{CRITERIA}` is a methodology" in result.stderr
    assert f"`-m {CRITERIA}`" in result.stderr


def test_a_missing_methodology_is_wrong_usage(run: Run) -> None:
    result = run("score", GDS, "-m", "clean_clout_2024")
    assert result.exit_code == 2
    assert "bundled: clean_cloud_2024" in result.stderr


def test_a_bad_methodology_is_rejected(run: Run, criteria: Path) -> None:
    edit(criteria / "methodology.yaml", "rounding:", "roundng:")
    result = run("score", GDS, "-m", criteria)
    assert result.exit_code == 1
    assert "error[unknown-key]" in result.stderr


def test_the_findings_of_all_files_are_shown_and_no_result(run: Run, dataset: Path) -> None:
    companies = dataset / "companies"
    edit(companies / "gds.yaml", "cohort: data_center_operator", "cohort: data_centre_operator")
    edit(companies / "tencent.yaml", "cohort: cloud_provider", "cohort: cloud_providers")
    result = run("score", companies / "gds.yaml", companies / "tencent.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{companies / 'gds.yaml'}:5:9: error[unknown-cohort]" in result.stderr
    assert str(companies / "tencent.yaml") in result.stderr


def test_a_dataset_names_its_methodology(run: Run, dataset: Path) -> None:
    edit(dataset / "dataset.yaml", "methodology: clean_cloud_2024", "methodology: another")
    result = run("score", dataset / "companies" / "gds.yaml")
    assert result.exit_code == 2
    assert "names the methodology `another`, which is neither bundled" in result.stderr


def test_a_dataset_may_have_its_methodology_beside_it(run: Run) -> None:
    company = EXAMPLES / FARMS / "companies" / "example_brook.yaml"
    beside = run("score", company)
    assert beside.exit_code == 0
    assert beside.stdout == run("score", company, "-m", EXAMPLES / FARMS / "methodology").stdout


@pytest.fixture
def started(tmp_path: Path) -> Path:
    """Return a new methodology, which has a dataset inside."""
    start(tmp_path / "rules")
    return tmp_path / "rules"


@pytest.mark.parametrize("where", ["rules/example", "rules/example/dataset.yaml", "rules/example/companies/acme.yaml"])
@pytest.mark.parametrize("inside", [False, True])
def test_a_dataset_may_lie_inside_its_methodology(
    where: str, inside: bool, run: Run, started: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = started.parent / where
    if inside:
        monkeypatch.chdir(path.parent)
        path = Path(path.name)
    result = run("score", path)
    assert result.exit_code == 0, result.stderr
    assert result.stdout == run("score", path, "-m", started).stdout


def test_a_folder_around_a_dataset_counts_by_its_id_alone(run: Run, started: Path) -> None:
    edit(started / "methodology.yaml", "id: rules", "id: other_rules")
    result = run("score", started / "example")
    assert result.exit_code == 2
    assert "names the methodology `rules`, which is neither bundled" in result.stderr


def test_the_innermost_of_the_folders_around_counts(run: Run, started: Path) -> None:
    (started / "example").rename(started.parent / "example")
    start(started / "inner" / "rules", "The inner one")
    (started.parent / "example").rename(started / "inner" / "rules" / "deeper")
    assert "The inner one" in run("score", started / "inner" / "rules" / "deeper").stdout


def test_what_is_wrong_in_a_methodology_around_a_dataset_is_shown(run: Run, started: Path) -> None:
    edit(started / "methodology.yaml", "id: rules", "id: [rules")
    result = run("score", started / "example")
    assert result.exit_code == 1
    assert f"{started / 'methodology.yaml'}:" in result.stderr


def test_output_is_the_same_bytes_whatever_the_hash_seed() -> None:
    def bytes_with(seed: str) -> bytes:
        return subprocess.run(
            [sys.executable, "-m", "cleancloud_rules", "score", str(DATASET), "--format", "json"],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout

    assert bytes_with("1") == bytes_with("2")


# ---- what if


SHARE = """\
facts:
  - renewable_share: {percent: 12, denominator: electricity}
    period: 2023
    source: clean-cloud-2024
"""


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """Return a file with a fact about Baidu that it does not state."""
    file = tmp_path / "facts.yaml"
    file.write_text(SHARE, encoding="utf-8")
    return file


def test_a_what_if_shows_what_a_fact_would_change_and_says_in_the_first_line_what_it_is(run: Run, facts: Path) -> None:
    result = run("score", COMPANIES / "baidu.yaml", "--with", facts)
    assert result.exit_code == 0
    assert result.stdout.startswith("WHAT IF: ")
    assert "What changes if 1 fact is added?" in result.stdout
    assert "Total             11.97  15.97   +4.00  +4.00 renewable_share" in result.stdout
    assert "Ranks that change" not in result.stdout


def test_a_what_if_writes_nothing(run: Run, facts: Path) -> None:
    before = (COMPANIES / "baidu.yaml").read_bytes(), facts.read_bytes(), run("score", COMPANIES / "baidu.yaml").stdout
    run("score", COMPANIES / "baidu.yaml", "--with", facts)
    after = (COMPANIES / "baidu.yaml").read_bytes(), facts.read_bytes(), run("score", COMPANIES / "baidu.yaml").stdout
    assert before == after


def test_facts_are_added_and_removed_in_one_what_if(run: Run, facts: Path) -> None:
    card = json.loads(run("score", COMPANIES / "baidu.yaml", "--format", "json").stdout)
    ids = [fact["id"] for fact in card["facts"] if fact["type"] == "renewable_share" and not fact["derived_by"]]
    options = [option for id in ids for option in ("--without", id)]
    result = run("score", COMPANIES / "baidu.yaml", "--with", facts, *options, "--format", "json")
    found = json.loads(result.stdout)
    assert [change["kind"] for change in found["changes"]] == [*("removed" for _ in ids), "added"]
    assert found["companies"][0]["company"]["id"] == "baidu"


def test_the_facts_of_a_what_if_can_cite_the_sources_of_the_dataset(run: Run, facts: Path) -> None:
    sources = read_file(DATASET / "sources.yaml")[0]
    assert sources is not None
    listed = sources.root.get("sources")
    assert isinstance(listed, MappingNode)
    facts.write_text(SHARE.replace("clean-cloud-2024", str(listed.entries[-1].key.value)), encoding="utf-8")
    assert run("score", COMPANIES / "baidu.yaml", "--with", facts).exit_code == 0


def test_an_unknown_id_of_a_what_if_is_reported_with_the_mistakes_in_its_facts(run: Run, facts: Path) -> None:
    facts.write_text(SHARE.replace("percent", "percnt"), encoding="utf-8")
    result = run("score", COMPANIES / "baidu.yaml", "--with", facts, "--without", "renewable_share-1ff50b4d")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[unknown-field]" in result.stderr
    assert "facts.yaml:2:" in result.stderr
    assert "error[unknown-fact]: the company `baidu` states no fact `renewable_share-1ff50b4d`" in result.stderr
    assert "did you mean `renewable_share-1ff50b4c`?" in result.stderr


def test_a_what_if_of_several_companies_is_wrong_usage(run: Run, facts: Path) -> None:
    result = run("score", DATASET, "--with", facts)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--with and --without take one company, and there are 25: name its file, or use `rank`" in result.stderr


def test_the_facts_of_a_what_if_that_are_not_there_are_an_error(run: Run, tmp_path: Path) -> None:
    result = run("score", COMPANIES / "baidu.yaml", "--with", tmp_path / "nowhere.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[unreadable-file]" in result.stderr
