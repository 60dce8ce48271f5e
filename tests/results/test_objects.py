"""Tests of results, methodologies and datasets as objects: their `repr`, their hash, and that nothing changes them."""

import copy
import pickle
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest

from cleancloud_rules import Dataset, Methodology, Scorecard, diff, load_dataset, load_methodology, rank, score
from cleancloud_rules.analysis import bounds, effective_weights, findings, reproduce
from cleancloud_rules.documents.frozen_data import FrozenMapping, frozen_data
from cleancloud_rules.results import GroupOutcome
from tests.support import small
from tests.support.places import ROOT

EXAMPLES = ROOT / "examples"
SINGLE = (str, int, bool, Decimal, Fraction, date, Enum, Path, type(None))


@cache
def clean_cloud() -> tuple[Methodology, Dataset]:
    methodology = load_methodology("clean_cloud_2024")
    return methodology, load_dataset(EXAMPLES / "clean_cloud_2024", methodology)


@cache
def objects() -> dict[str, Any]:
    methodology, dataset = clean_cloud()
    first, second = (load_methodology(EXAMPLES / "two_editions" / name) for name in ("first", "second"))
    return {
        "methodology": methodology,
        "dataset": dataset,
        "scorecard": score(dataset.companies[0], methodology),
        "ranking": rank(dataset, methodology),
        "bounds": bounds(dataset, methodology),
        "weights": effective_weights(methodology),
        "claims": findings(dataset, methodology),
        "reproduction": reproduce(dataset, methodology),
        "difference": diff(first, second),
    }


def parts(thing: Any) -> Iterator[Any]:
    """Yield an object and everything in it, but for places in files and what follows from the rest."""
    yield thing
    if isinstance(thing, tuple):
        for item in thing:
            yield from parts(item)
    elif attrs.has(type(thing)):
        for own in attrs.fields(type(thing)):
            if own.eq and own.init:
                yield from parts(getattr(thing, own.name))


@pytest.mark.parametrize("name", objects())
def test_a_repr_fits_on_a_line(name: str) -> None:
    things = objects()[name] if isinstance(objects()[name], tuple) else (objects()[name],)
    for thing in things:
        assert "\n" not in repr(thing)
        assert len(repr(thing)) <= 240, repr(thing)


def test_a_repr_names_the_object_and_its_first_figures() -> None:
    card: Scorecard = objects()["scorecard"]
    assert repr(card) == (
        f"Scorecard(methodology='clean_cloud_2024', company='{card.company.id}', outcome='scored', "
        f"total={card.total}, hypothetical_total={card.hypothetical_total})"
    )
    assert repr(objects()["ranking"]).startswith("Ranking(methodology='clean_cloud_2024'")


@pytest.mark.parametrize("name", objects())
def test_an_object_hashes_and_nothing_in_it_can_change(name: str) -> None:
    thing = objects()[name]
    assert hash(thing) == hash(copy.deepcopy(thing))
    for part in parts(thing):
        assert isinstance(part, (*SINGLE, tuple, frozenset, FrozenMapping)) or attrs.has(type(part)), type(part)
        assert not isinstance(part, list | dict | set)


def test_frozen_mappings_equal_dictionaries() -> None:
    made = frozen_data({"between": [1, 2], "x": {"a": None}})
    assert made == {"between": (1, 2), "x": {"a": None}}
    assert hash(made) == hash(frozen_data({"x": {"a": None}, "between": [1, 2]}))
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301 - its own text
    assert (list(made), len(made), repr(made)) == (["between", "x"], 2, "{'between': (1, 2), 'x': {'a': None}}")
    with pytest.raises(KeyError):
        made["y"]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        made._pairs = ()


def test_a_scorecard_comes_back_from_json_with_the_same_hash() -> None:
    methodology, dataset = clean_cloud()
    for company in dataset.companies:
        card = score(company, methodology)
        assert hash(Scorecard.from_json(card.to_json())) == hash(card)


def test_a_notebook_shows_tables_with_notices_and_without_hypothetical_columns_that_are_empty() -> None:
    ranking, card = objects()["ranking"]._repr_html_(), objects()["scorecard"]._repr_html_()
    assert ranking.count("<table>") == len(objects()["ranking"].cohorts)
    for page in (ranking, card):
        assert "HYPOTHETICAL part</th>" not in page
        assert page.count("<p>") == len(objects()["ranking"].notices)
    methodology = clean_cloud()[0]
    with_hypothetical = load_dataset(EXAMPLES / "clean_cloud_2024", methodology, with_hypothetical=True)
    page = rank(with_hypothetical, methodology, with_hypothetical=True)._repr_html_()
    assert "HYPOTHETICAL part</th>" in page


def test_names_are_escaped_in_a_notebook() -> None:
    methodology = small.methodology(small.criterion("c", 1, small.rule("r", 1, {"goal": {}})))
    card = score(small.company(methodology, name="<b>Acme</b>"), methodology)
    assert "&lt;b&gt;Acme&lt;/b&gt;" in card._repr_html_()
    assert (
        "&lt;b&gt;Acme&lt;/b&gt;" in rank([small.company(methodology, name="<b>Acme</b>")], methodology)._repr_html_()
    )


def test_a_notebook_says_why_there_is_no_total_and_how_many_companies_it_leaves_out() -> None:
    rule = small.rule("r", 1, {"goal": {}})
    methodology = small.methodology(small.criterion("c", 1, rule), coverage=[{"at_least": 1}])
    silent = small.company(methodology)
    assert score(silent, methodology).outcome is GroupOutcome.NOT_ASSESSED
    for result in (score(silent, methodology), rank([silent], methodology)):
        assert '<td style="text-align:left">not assessed</td>' in result._repr_html_()
    many = [attrs.evolve(silent, id=f"c{number}") for number in range(1_101)]
    page = rank(many, methodology)._repr_html_()
    assert "<p>1,001 more companies are not shown.</p>" in page
    assert page.count("<tr>") == 101
