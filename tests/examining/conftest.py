"""The shipped dataset, loaded once for the tests of its examination."""

from pathlib import Path

import pytest

import cleancloud_rules as cc
from tests.places import DATASET


@pytest.fixture(scope="session")
def methodology() -> cc.Methodology:
    return cc.load_methodology("clean_cloud_2024")


@pytest.fixture(scope="session")
def stated(methodology: cc.Methodology) -> cc.Dataset:
    return cc.load_dataset(DATASET, methodology)


@pytest.fixture(scope="session")
def fitted(methodology: cc.Methodology) -> cc.Dataset:
    return cc.load_dataset(DATASET, methodology, with_hypothetical=True)


@pytest.fixture
def overlay_text() -> str:
    return (Path(DATASET) / "hypothetical" / "overlay.yaml").read_text(encoding="utf-8")
