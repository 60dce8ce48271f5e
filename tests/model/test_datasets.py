"""Tests of how a company of a dataset is found."""

import pytest
from attrs import evolve

from cleancloud_rules import load_dataset, load_methodology
from tests.support.places import DATASET

CLEAN_CLOUD = load_dataset(DATASET, load_methodology("clean_cloud_2024"))


@pytest.mark.parametrize("name", ["vnet", "VNET Group", "21Vianet", "21 vianet", "vnetgroup"])
def test_a_company_is_found_by_id_name_and_alias(name: str) -> None:
    assert CLEAN_CLOUD.company(name).id == "vnet"


def test_an_unknown_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(KeyError, match="no company `Huawai`; did you mean `Huawei`"):
        CLEAN_CLOUD.company("Huawai")


def test_what_is_no_text_is_no_name() -> None:
    with pytest.raises(TypeError, match="`name` must be a text, not 3"):
        CLEAN_CLOUD.company(3)  # type: ignore[arg-type]


def test_a_name_of_two_companies_is_refused_with_their_ids() -> None:
    first, second = CLEAN_CLOUD.companies[:2]
    both = evolve(CLEAN_CLOUD, companies=(evolve(first, aliases=("Twin",)), evolve(second, aliases=("TWIN",))))
    with pytest.raises(KeyError, match=f"several companies `twin`: `{first.id}`, `{second.id}`"):
        both.company("twin")


def test_an_id_precedes_the_name_of_another_company() -> None:
    first, second = CLEAN_CLOUD.companies[:2]
    both = evolve(CLEAN_CLOUD, companies=(evolve(first, aliases=(second.id,)), second))
    assert both.company(second.id) == second
