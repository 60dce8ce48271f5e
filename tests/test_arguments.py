"""Tests of public functions that are given something else than the objects that they take."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules.model import Methodology
from tests.support.public import NAMESPACES, names

NAME = "clean_cloud_2024"
TAKING = [
    pytest.param(function, parameter.name, id=f"{function.__name__}-{parameter.name}")
    for space in NAMESPACES.values()
    for name in names(space)
    if inspect.isfunction(function := getattr(space, name))
    for parameter in inspect.signature(function).parameters.values()
    if parameter.annotation in (Methodology, Methodology | None)
]
"""Every public function that takes a methodology, with the name of its argument."""

FIRST: dict[str, tuple[Any, ...]] = {"diff": (cc.load_methodology(NAME),), "schema": ("company",), "check": ((),)}
"""What is to stand before the methodology, where anything else is refused earlier."""


def _read(made: Any) -> None:
    """Ask for the first result, where a function makes its results one after another."""
    if isinstance(made, Iterator):
        next(made)


def test_many_functions_take_a_methodology() -> None:
    assert len(TAKING) >= 20


@pytest.mark.parametrize(("function", "argument"), TAKING)
def test_the_name_of_a_methodology_is_refused_in_words(function: Callable[..., Any], argument: str) -> None:
    given: dict[str, Any] = {}
    first = list(FIRST.get(function.__name__, ()))
    for name, parameter in inspect.signature(function).parameters.items():
        if name == argument:
            given[name] = NAME
        elif parameter.default is parameter.empty:
            given[name] = first.pop() if first else None
    with pytest.raises(TypeError) as raised:
        _read(function(**given))
    assert str(raised.value) == (
        f"`{argument}` must be a `Methodology`, as `load_methodology` and `methodology_from` return it, "
        f"not the text `{NAME}`"
    )


@pytest.mark.parametrize(
    ("function", "subject", "message"),
    [
        (
            cc.score,
            "gds.yaml",
            "a company must be a `Company`, as `load_company` and `company_from` return it, not the",
        ),
        (cc.score, {"id": "gds"}, "return it, not a mapping"),
        (cc.rank, ["gds"], "not the text `gds`"),
        (cc.analysis.bounds, [None], "not `null`"),
        (cc.analysis.what_if, ["gds"], "not the text `gds`"),
        (cc.analysis.findings, NAME, "`dataset` must be a `Dataset`, as `load_dataset` and `dataset_from` return it"),
        (cc.analysis.reproduce, NAME, f"not the text `{NAME}`"),
    ],
)
def test_files_and_data_in_place_of_companies_are_refused_in_words(
    function: Callable[..., Any], subject: Any, message: str
) -> None:
    with pytest.raises(TypeError) as raised:
        function(subject, cc.load_methodology(NAME))
    assert message in str(raised.value)


def test_a_record_wants_the_files_of_its_methodology() -> None:
    methodology: Any = cc.load_methodology(NAME)
    with pytest.raises(TypeError, match="must be its name or its folder, because a record keeps its files"):
        cc.record(NAME, methodology)
