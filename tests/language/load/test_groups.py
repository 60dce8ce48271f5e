"""Tests of documents to the tree of categories: its shape, its order, and what is said of what is wrong in it."""

from decimal import Decimal

import pytest

from cleancloud_rules import methodology_from
from cleancloud_rules.errors import CriteriaError
from cleancloud_rules.language.load.groups import combining_of
from cleancloud_rules.model.groups import Aggregation, Combining, Parts, Requirement, RequirementWord, Taken
from cleancloud_rules.model.values import Id
from tests.support.forms import GOOD, loaded, supply, wrong


def test_groups_stand_in_groups_and_hold_the_criteria_of_the_files_that_name_them() -> None:
    methodology = loaded()
    assert [group.id for group in methodology.groups] == ["governance", "board", "supply", "audits", "energy"]
    assert [category.id for category in methodology.categories] == ["governance", "energy"]
    assert [c.id for c in methodology.category("board").criteria] == ["oversight", "pay"]
    assert [c.id for c in methodology.category("supply").every_criterion] == ["audited"]
    assert methodology.category("governance").criteria == ()


def test_a_group_holds_what_its_entry_says() -> None:
    methodology = loaded()
    governance = methodology.category("governance")
    assert (governance.aggregate, governance.of, governance.weight, governance.scale) == (
        Aggregation.MEAN,
        Taken.SHARES,
        Decimal(2),
        Decimal(100),
    )
    assert governance.tiers == ("board", "supply")
    assert methodology.category("supply").parts is Parts.ROUNDED
    assert methodology.category("board").needs is RequirementWord.MUST
    (cap,) = methodology.category("energy").caps
    assert (cap.given, cap.unless, cap.at_most) == (None, Requirement(Id("open_data")), Decimal(60))


def test_the_whole_combines_as_the_top_of_the_file_says() -> None:
    methodology = loaded()
    whole = methodology.combining
    assert type(combining_of(whole)) is Combining
    assert combining_of(methodology.category("energy")).bands == methodology.category("energy").bands
    assert (whole.aggregate, [level.id for level in whole.levels]) == (
        Aggregation.WEIGHTED_MEAN,
        ["aware", "active", "ahead"],
    )
    assert whole.levels[1].requires == (Requirement(Id("energy"), Decimal(40)),)


def body(*ids: str) -> str:
    """Return a file with criteria of a group that has a group inside."""
    head, criterion = GOOD["audits.yaml"].replace("audits", "supply", 1).split("criteria:\n")
    return f"{head}criteria:\n" + "".join(criterion.replace("id: audited", f"id: {id}") for id in ids)


def test_criteria_of_a_group_keep_their_order_and_stand_beside_groups() -> None:
    group = methodology_from({**GOOD, "more.yaml": body("visited", "asked")}).category("supply")
    assert [c.id for c in group.criteria] == ["visited", "asked"]
    assert [c.id for c in group.every_criterion] == ["visited", "asked", "audited"]


def test_a_second_file_of_a_group_is_refused_with_both_places_whatever_the_order_of_reading() -> None:
    files = {**GOOD, "more.yaml": body("visited"), "other.yaml": body("asked")}
    for names in (list(files), list(reversed(files))):
        with pytest.raises(CriteriaError) as caught:
            methodology_from({name: files[name] for name in names})
        (found,) = caught.value.diagnostics
        message = "category `supply` already has its criteria at more.yaml:1:11"
        assert (str(found.location), found.code, found.message) == ("other.yaml:1:11", "second-file", message)
        assert found.help == "put them together, or make two groups"


@pytest.mark.parametrize(
    ("inner", "findings"),
    [
        ("{id: audits, title: Audits, groups: []}", []),
        ("{id: audits, title: Audits}, {id: supply, title: Again}", [("repeated-id", "supply")]),
        ("{id: audits, title: Audits, groups: [{id: board, title: Again}]}", [("repeated-id", "board")]),
        ("{id: audits, title: Audits, groups: visits}", [("wrong-type", "visits")]),
        ("{id: audits, title: Audits, criteria: [audited]}", [("unknown-key", "criteria")]),
        ("{id: audits, titel: Audits}", [("unknown-key", "titel")]),
        ("{id: audits, title: Audits, groups: [visits]}", [("wrong-type", "visits")]),
        ("{id: audits, title: Audits, tiers: audited}", [("wrong-type", "audited")]),
        ("{id: audits, title: Audits, needs: all}", [("unknown-value", "all")]),
        ("{id: audits, title: Audits, at_least: low}", [("wrong-type", "low")]),
    ],
)
def test_what_is_wrong_in_a_group_is_said_once_and_nothing_of_its_criteria(
    inner: str, findings: list[tuple[str, str]]
) -> None:
    assert wrong(supply("parts: exact", inner)) == findings


def test_a_file_of_criteria_names_a_group_at_any_depth() -> None:
    assert wrong(("audits", "category: audits", "category: audit")) == [("unknown-category", "audit")]


def test_a_group_that_was_rejected_may_be_the_one_that_a_file_names() -> None:
    found = wrong(supply("parts: exact", "{id: audits, title: 5}"), ("board", "category: board", "category: bord"))
    assert found == [("wrong-type", "5")]
