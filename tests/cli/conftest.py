"""Runs the command line inside the test's process."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cleancloud_rules.cli import main
from tests.support.places import CRITERIA, DATASET

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """Return a function that calls the tool with arguments."""

    def call(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return call


@pytest.fixture
def criteria(tmp_path: Path) -> Path:
    """Return a copy of the bundled methodology, to be edited."""
    return Path(shutil.copytree(CRITERIA, tmp_path / "criteria"))


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Return a copy of the bundled example, to be edited."""
    return Path(shutil.copytree(DATASET, tmp_path / "dataset"))
