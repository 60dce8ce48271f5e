"""The page about the published scores has the figures that the commands give."""

import re
from collections import Counter

import pytest

from cleancloud_rules import load_dataset, load_methodology
from cleancloud_rules.analysis import fit
from cleancloud_rules.model.methodology import PointsBasis
from tests.support.places import ROOT

FOLDER = ROOT / "docs" / "clean-cloud-2024"
PAGE = " ".join((FOLDER / "published-scores.md").read_text(encoding="utf-8").split())


def test_the_page_counts_the_rules_of_the_report_and_of_this_project() -> None:
    rules = [rule for criterion in load_methodology("clean_cloud_2024").criteria for rule in criterion.rules]
    whose = Counter(rule.basis for rule in rules)
    assert f"For {whose[PointsBasis.PUBLISHED]} of the {len(rules)} rules it is the report's" in PAGE
    assert f"For {whose[PointsBasis.PROJECT]} it is this project's" in PAGE


def test_the_page_counts_the_changed_points_as_their_table_does() -> None:
    table = (FOLDER / "points-changes.md").read_text(encoding="utf-8")
    answers = Counter(re.findall(r"\| (yes|no) \|$", table, flags=re.MULTILINE))
    assert f"{answers['yes']} of the {answers.total()} changes still leave facts" in PAGE
    assert f"The other {answers['no']} all lie in the category of renewable energy" in PAGE


@pytest.mark.deep(part="standings")
def test_the_page_counts_what_is_forced_open_and_excluded() -> None:
    methodology = load_methodology("clean_cloud_2024")
    found, _ = fit(load_dataset("clean_cloud_2024", methodology), methodology, with_standings=True)
    counted = Counter(condition.standing for condition in found.conditions)
    whose = Counter((condition.standing, condition.company) for condition in found.conditions)
    assert f"leave {counted.total():,} conditions undetermined" in PAGE
    for standing, number in counted.items():
        assert f"| {standing.value} | {number:,} |" in PAGE
    (forced,) = (standing for standing in counted if standing.value == "forced")
    (excluded,) = (standing for standing in counted if standing.value == "excluded")
    data = [
        condition
        for condition in found.conditions
        if condition.standing is forced and condition.condition.startswith(("electricity_use: ", "emissions: "))
    ]
    of_alibaba = whose[forced, "alibaba"] - sum(condition.company == "alibaba" for condition in data)
    assert f"{len(data)} are electricity use and emissions of the {len({c.company for c in data})} companies" in PAGE
    assert f"Alibaba Group has {of_alibaba} of the {counted[forced] - len(data)} others" in PAGE
    assert f"{whose[excluded, 'sinnet']} to Beijing Sinnet Technology, {whose[excluded, 'tencent']} to Tencent" in PAGE
