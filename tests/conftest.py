"""The shipped dataset, loaded once, and the profiles of Hypothesis.

How many cases Hypothesis makes: ``--hypothesis-profile quick`` (the default), ``deep`` or ``debug``.

The quick cases are the same in every run, so that a change is judged by itself; the deep ones are new each time.
"""

import gc
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import cleancloud_rules as cc
from cleancloud_rules.documents import yaml
from tests.support.deep import PARTS
from tests.support.places import DATASET
from tests.support.sizes import DEEP, QUICK

COMMON = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])

settings.register_profile("quick", COMMON, max_examples=QUICK, derandomize=True)
settings.register_profile("deep", COMMON, max_examples=DEEP)
settings.register_profile("debug", COMMON, max_examples=50)
settings.load_profile("quick")

LONGEST = (
    "test_processes.py",
    "test_differential.py",
    "test_properties.py",
    "test_packaging.py",
    "test_limits.py",
    "test_bounds_of_worlds.py",
    "test_testing.py",
    "test_soundness.py",
    "test_damage.py",
)
"""Files of tests that take long, the longest first."""

yaml.read_text = lru_cache(200)(yaml.read_text)  # many tests read the same files, and documents do not change


def pytest_collection_finish() -> None:
    """Leave what was collected out of every later search for garbage, which stays to the end; and search rarely.

    Methodologies and scorecards are many objects that live for one test. To search after every 700 new ones took 7% of
    the time of tests of tables.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first: each is for one process, and none shall wait for another at the end."""
    rank = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(LONGEST)))

    for item in items:
        for mark in item.iter_markers("deep"):
            if mark.kwargs.get("part") not in PARTS:
                raise pytest.UsageError(f"{item.nodeid} is in no part of the deep tests that there is")


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
