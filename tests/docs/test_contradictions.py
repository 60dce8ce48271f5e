"""The page about contradictions lists those of the dataset."""

import pytest
from attrs import evolve

from cleancloud_rules import load_dataset, load_methodology, score
from tests.support.contradictions import PAGE, written


def test_the_page_lists_what_the_dataset_says() -> None:
    dataset = load_dataset("clean_cloud_2024", load_methodology("clean_cloud_2024"))
    page = PAGE.read_text(encoding="utf-8")
    assert written(page, dataset) == page, "run `make pages`"
    assert all(f"### `{found.id}`: {found.title}" in page for found in dataset.contradictions)
    assert len(dataset.contradictions) == 24


def test_the_page_names_every_criterion_that_rests_on_a_contradiction() -> None:
    methodology = load_methodology("clean_cloud_2024")
    dataset = load_dataset("clean_cloud_2024", methodology)
    named = {found.id: set(found.criteria) for found in dataset.contradictions}
    resting = set()
    for company in dataset.companies:
        for found in score(company, methodology).contradictions:
            assert set(found.criteria) == named[found.id], (company.id, found.id)
            resting |= {found.id} if found.facts or found.searches else set()
    has_some = {found.id for found in dataset.contradictions if found.facts or found.not_found}
    assert resting == has_some


@pytest.mark.parametrize(
    ("company", "contradiction", "criteria"),
    [
        (
            "bytedance",
            "no_data",
            (
                "electricity_total electricity_by_location mix_total mix_by_location emissions_total"
                " emissions_by_location emissions_scope_3 assurance renewable_share"
            ),
        ),
        ("aofei", "committed_or_achieved", "neutrality_operations procurement_mechanisms"),
        ("tencent", "window", "procurement_disclosed"),
        ("gds", "scope_3_count", "neutrality_scope_3"),
    ],
)
def test_what_rests_on_a_contradiction_follows_from_its_facts_and_searches(
    company: str, contradiction: str, criteria: str
) -> None:
    methodology = load_methodology("clean_cloud_2024")
    stated = load_dataset("clean_cloud_2024", methodology).company(company)
    bare = evolve(stated, contradictions=tuple(evolve(one, criteria=()) for one in stated.contradictions))
    found = {one.id: one.criteria for one in score(bare, methodology).contradictions}
    assert found[contradiction] == tuple(criteria.split())
