"""Results group by group: what a group is asked about, and trees whose groups need each other."""

from itertools import product
from typing import Any

import pytest
from attrs import evolve

from cleancloud_rules import Company, Methodology
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.tables.scoring import group_results
from cleancloud_rules.tables.scoring.group_results import GroupResults
from tests.support.score_tables import differences
from tests.support.small import company, criterion, fact, rule, tree

BANDS = [{"label": "good", "score": ">= 50"}, {"label": "poor", "score": "< 50"}]
TOPICS = ("energy", "carbon")
USES = ("wind", "solar", "hydro")


def _criteria() -> dict[str, list[dict[str, Any]]]:
    goals = [criterion(f"goal_{topic}", 1, rule("so", 1, {"goal": {"topic": topic}})) for topic in TOPICS]
    uses = [criterion(f"use_{use}", 1, rule("so", 1, {"site": {"uses": use}})) for use in USES]
    return {"goals": goals, "sites": uses}


def _categories(**more: Any) -> list[dict[str, Any]]:
    return [
        {"id": "goals", "title": "Goals", "weight": 50},
        {"id": "sites", "title": "Sites", "weight": 50, **more},
    ]


def _every_company(made: Methodology) -> list[Company]:
    """Return a company for each choice of what the criteria read."""
    found = []
    for number, held in enumerate(product((False, True), repeat=len(TOPICS) + len(USES))):
        topics = [topic for topic, holds in zip(TOPICS, held, strict=False) if holds]
        uses = [use for use, holds in zip(USES, held[len(TOPICS) :], strict=True) if holds]
        facts = [fact("goal", {"topic": topic}) for topic in topics]
        facts += [fact("site", {"region": "R", "uses": uses})] if uses else []
        found.append(evolve(company(made, *facts), id=f"c{number:02}"))
    return found


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """Return the ids of the groups that were evaluated, and None for the root, once for each distinct vector."""
    found: list[str | None] = []
    real = group_results.GroupResults._found

    def noting(self: GroupResults, id: str | None, combination: Combination, held: Any) -> Any:
        found.append(id)
        return real(self, id, combination, held)

    monkeypatch.setattr(GroupResults, "_found", noting)
    return found


def test_groups_are_asked_about_their_own_criteria_and_the_root_about_what_matters_of_groups(
    asked: list[str | None],
) -> None:
    made = tree(_categories(), _criteria(), bands=BANDS)
    assert not differences(_every_company(made), made)
    counts = {id: asked.count(id) for id in dict.fromkeys(asked)}
    # 4 and 8 choices in the groups, of which 3 and 4 have different scores: 12 vectors in place of 32.
    assert counts == {"goals": 4, "sites": 8, None: 12}


def test_a_requirement_on_another_group_is_read_as_met_or_not(asked: list[str | None]) -> None:
    made = tree(_categories(requires=[{"of": "goals", "at_least": 50}]), _criteria())
    assert not differences(_every_company(made), made)
    assert asked.count("use_wind") == 6  # met or not, and the facts pass, fail, or there are none
    assert asked.count("goals") == 4


def test_groups_that_need_each_other_are_evaluated_as_a_whole(asked: list[str | None]) -> None:
    criteria = _criteria()
    criteria["goals"][0]["requires"] = ["sites"]
    more = {"caps": [{"unless": {"of": "goals", "at_least": 50}, "at_most": 20}]}
    made = tree(_categories(**more), criteria)
    assert not differences(_every_company(made), made)
    assert not asked


def test_an_additive_tree_is_not_asked_group_by_group(asked: list[str | None]) -> None:
    made = tree(_categories(), _criteria())
    assert not differences(_every_company(made), made)
    assert not asked
