"""Pickles are small, and what comes out of them is equal, scores alike, and still knows its places."""

import copy
import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import attrs
import pytest

import cleancloud_rules as cc
from cleancloud_rules.packed import Packed
from tests.support.examples import FOLDERS, example

KB = 1_000


def again(thing: Any) -> Any:
    return pickle.loads(pickle.dumps(thing))  # noqa: S301 - its own bytes


@attrs.frozen
class Box(Packed):
    """A packed object with two others inside."""

    one: Any
    other: Any


@pytest.mark.parametrize("name", FOLDERS)
def test_what_was_pickled_is_equal_and_keeps_its_digest(name: str) -> None:
    methodology, dataset = example(name)
    ranking = cc.rank(dataset, methodology)
    for thing in (methodology, dataset, dataset.companies[0], ranking, ranking.cohorts[0].rows[0].scorecard):
        assert again(thing) == thing
        assert hash(again(thing)) == hash(thing)
    assert again(methodology).sha256 == methodology.sha256
    assert [one.sha256 for one in again(dataset).companies] == [one.sha256 for one in dataset.companies]
    assert again(ranking).to_json() == ranking.to_json()


@pytest.mark.parametrize("name", FOLDERS)
def test_what_was_pickled_ranks_and_keeps_its_places(name: str) -> None:
    methodology, dataset = example(name)
    rules, companies = again(methodology), again(dataset)
    assert cc.rank(companies, rules).to_json() == cc.rank(dataset, methodology).to_json()
    assert list(map(str, cc.check(rules))) == list(map(str, cc.check(methodology)))
    assert list(map(str, cc.check(companies, rules))) == list(map(str, cc.check(dataset, methodology)))


def with_a_wrong_maximum(methodology: cc.Methodology) -> cc.Methodology:
    category, *others = methodology.categories
    first, *rest = category.criteria
    wrong = attrs.evolve(first, max_points=first.max_points + 1)
    return attrs.evolve(methodology, categories=(attrs.evolve(category, criteria=(wrong, *rest)), *others))


def test_a_diagnostic_after_unpickling_underlines_the_words_in_the_file() -> None:
    methodology, _ = example("clean_cloud_2024")
    (expected,) = (d for d in cc.check(with_a_wrong_maximum(methodology)) if d.is_error)
    (found,) = (d for d in cc.check(with_a_wrong_maximum(again(methodology))) if d.is_error)
    assert str(found) == str(expected)
    assert found.location.line
    assert "^" in str(found)


def test_pickles_are_small() -> None:
    methodology, dataset = example("clean_cloud_2024")
    cards = [cc.score(company, methodology) for company in dataset.companies]
    assert len(pickle.dumps(methodology)) < 105 * KB
    assert len(pickle.dumps(dataset)) < 150 * KB
    assert max(len(pickle.dumps(company)) for company in dataset.companies) < 40 * KB
    assert max(len(pickle.dumps(card)) for card in cards) < 20 * KB
    assert len(pickle.dumps(cc.rank(cards, methodology))) < 40 * KB


def test_what_is_inside_is_packed_once_and_shared() -> None:
    box = Box("x" * KB, ())
    both = again(Box(box, box))
    assert both == Box(box, box)
    assert both.one is both.other
    assert len(pickle.dumps(Box(box, box))) < 2 * len(pickle.dumps(box))


def test_after_a_failure_objects_are_packed_as_before() -> None:
    size = len(pickle.dumps(Box("x" * KB, ())))
    with pytest.raises((AttributeError, TypeError, pickle.PicklingError)):
        pickle.dumps(Box(lambda: None, ()))
    assert len(pickle.dumps(Box("x" * KB, ()))) == size < KB


def test_an_object_that_cannot_change_is_its_own_copy() -> None:
    methodology, dataset = example("careful_water")
    ranking = cc.rank(dataset, methodology)
    for thing in (methodology, dataset, dataset.companies[0], ranking, ranking.cohorts[0].rows[0].scorecard):
        assert copy.copy(thing) is thing
        assert copy.deepcopy(thing) is thing
        assert copy.deepcopy([thing]) == [thing]


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_every_protocol_reads_what_it_wrote(protocol: int) -> None:
    methodology, _ = example("mendable_tools")
    assert pickle.loads(pickle.dumps(methodology, protocol)) == methodology  # noqa: S301 - its own bytes


def _scored(pair: tuple[cc.Company, cc.Methodology]) -> cc.Scorecard:
    return cc.score(*pair)


def test_processes_that_start_anew_score_what_they_are_sent() -> None:
    methodology, dataset = example("open_reading_rooms")
    pairs = [(company, methodology) for company in dataset.companies]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        cards = list(pool.map(_scored, pairs))
    assert cards == [cc.score(company, methodology) for company in dataset.companies]
