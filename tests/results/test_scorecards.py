import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import attrs
import pytest

from cleancloud_rules import Methodology, Scorecard, load_dataset, load_methodology, rank, score
from cleancloud_rules.model.outcomes import Outcome
from tests.support import samples, small
from tests.support.places import DATASET, ROOT

METHODOLOGY = load_methodology("clean_cloud_2024")
COMPANIES = load_dataset(DATASET, METHODOLOGY).companies
CARDS = [score(company, METHODOLOGY) for company in COMPANIES]


def test_parts_are_found_by_id() -> None:
    card = samples.scorecard()
    assert card.category("energy").title == "Energy"
    assert card.criterion("gone").outcome is Outcome.NOT_FOUND
    assert card.fact("share-2").period == "2021"
    assert [criterion.id for criterion in card.criteria] == ["ladder", "found", "gone", "open"]


def test_an_unknown_id_is_a_key_error() -> None:
    card = samples.scorecard()
    for find in (card.category, card.criterion, card.fact):
        with pytest.raises(KeyError, match="nobody"):
            find("nobody")


def test_outcomes_are_counted() -> None:
    assert [samples.scorecard().count(outcome) for outcome in Outcome] == [1, 1, 0, 1, 1, 0, 0, 0]


@pytest.mark.parametrize("thing", [METHODOLOGY, COMPANIES[0], COMPANIES[0].facts, CARDS[0]], ids=type)
def test_nothing_can_be_changed(thing: Any) -> None:
    for part in {type(part): part for part in _parts(thing)}.values():
        for name in (a.name for a in attrs.fields(type(part))):
            with pytest.raises((attrs.exceptions.FrozenInstanceError, AttributeError)):
                setattr(part, name, None)


def _parts(thing: Any) -> list[Any]:
    """Return every object of a class of ours inside a thing."""
    if isinstance(thing, (tuple, list)):
        return [part for item in thing for part in _parts(item)]
    if not attrs.has(type(thing)):
        return []
    names = (a.name for a in attrs.fields(type(thing)) if a.name not in ("node", "_boxes"))
    return [thing, *(part for name in names for part in _parts(getattr(thing, name)))]


def test_everything_can_be_pickled() -> None:
    for thing in (METHODOLOGY, COMPANIES, CARDS, rank(COMPANIES, METHODOLOGY)):
        assert pickle.loads(pickle.dumps(thing)) == thing  # noqa: S301 - it was written right here


def test_a_pickled_methodology_scores_pickled_companies_alike() -> None:
    methodology, companies = pickle.loads(pickle.dumps((METHODOLOGY, COMPANIES)))  # noqa: S301 - as above
    assert methodology is not METHODOLOGY
    assert [score(company, methodology) for company in companies] == CARDS


def test_another_process_reads_what_was_pickled_and_comes_to_the_same() -> None:
    program = (
        "import pickle, sys, cleancloud_rules as cc\n"
        "methodology, company = pickle.load(sys.stdin.buffer)\n"
        "sys.stdout.buffer.write(pickle.dumps((methodology, company, cc.score(company, methodology))))\n"
    )
    given = pickle.dumps((METHODOLOGY, COMPANIES[0]))
    done = subprocess.run([sys.executable, "-c", program], input=given, capture_output=True, check=True, cwd=ROOT)
    assert pickle.loads(done.stdout) == (METHODOLOGY, COMPANIES[0], CARDS[0])  # noqa: S301 - as above


def test_equal_objects_have_equal_hashes() -> None:
    methodology, company = pickle.loads(pickle.dumps((METHODOLOGY, COMPANIES[0])))  # noqa: S301 - as above
    assert len({methodology, METHODOLOGY}) == 1
    assert len({company, COMPANIES[0]}) == 1


def test_a_scorecard_comes_back_from_its_json() -> None:
    for card in CARDS:
        text = card.to_json()
        assert Scorecard.from_json(text) == card
        assert Scorecard.from_json(text).to_json() == text


@pytest.mark.parametrize("text", ["{}", "[]", '{"schema_version": 99}', "not json"])
def test_what_is_no_scorecard_of_this_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"schema_version|JSON"):
        Scorecard.from_json(text)


def test_threads_score_side_by_side_and_come_to_the_same() -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda company: score(company, METHODOLOGY), COMPANIES * 8))
    assert found == CARDS * 8


def test_threads_that_first_use_a_methodology_together_share_one_engine() -> None:
    def first_use(methodology: Methodology) -> set[str]:
        with ThreadPoolExecutor(8) as pool:
            return set(pool.map(lambda company: score(company, methodology).to_json(), [COMPANIES[0]] * 8))

    for _ in range(5):
        assert first_use(attrs.evolve(METHODOLOGY)) == {CARDS[0].to_json()}


def test_a_scorecard_holds_no_criteria_and_no_facts() -> None:
    modules = {type(part).__module__ for part in _parts(CARDS[0])}
    data = "cleancloud_rules.documents.frozen_data"
    assert modules == {data, "cleancloud_rules.results.records", "cleancloud_rules.results.scorecards"}


def test_points_of_a_saved_scorecard_keep_their_digits() -> None:
    card = small.card(small.methodology(small.LADDER), small.fact("share", {"percent": 5}))
    read = Scorecard.from_json(card.to_json())
    assert str(read.criterion("ladder").points) == "1.0"
    assert str(read.total) == "25.00"
