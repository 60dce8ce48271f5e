"""Tests of a methodology as a flat record: it is put together again as it was, and takes new ids everywhere."""

from typing import Any

from attrs import evolve

from cleancloud_rules import methodology_from
from cleancloud_rules.analysis.editions.flatten import flattened, put_together, with_new_ids
from tests.support import small

ASKS = small.rule("r", 1, {"goal": {"topic": "energy"}})


def nested() -> dict[str, Any]:
    files = small.files(small.criterion("one", 1, ASKS), small.criterion("two", 1, ASKS, requires=["one"]))
    head = files["methodology.yaml"]
    (category,) = head["categories"]
    inner = {"id": "inner", "title": "Inner", "requires": [{"of": "lonely", "at_least": 1}]}
    category |= {"groups": [inner], "tiers": ["one", "two"], "caps": [{"if": "one", "at_most": 50}]}
    lonely = small.criterion("lonely", 1, ASKS, shared_with=["one"])
    held = small.criterion("held", 1, ASKS)
    head["tables"] = [
        {"id": "t", "title": "T", "inputs": {"a": {"points": "one"}}, "outputs": ["x"], "rows": [{"a": 1, "then": "x"}]}
    ]
    files["inner.yaml"] = {"category": "inner", "criteria": [held]}
    files[f"{category['id']}.yaml"]["criteria"].append(lonely)
    return files


def test_what_is_laid_out_is_put_together_as_it_was() -> None:
    methodology = methodology_from(nested())
    flat = flattened(methodology)
    assert [group.inside for group in flat.groups] == [None, methodology.categories[0].id]
    assert evolve(put_together(flat), sha256=methodology.sha256) == methodology


def test_a_new_id_is_said_by_everything_that_names_the_old_one() -> None:
    flat = with_new_ids(flattened(methodology_from(nested())), {"one": "first", "inner": "deep"})
    made = put_together(flat)
    category = made.categories[0]
    assert [c.id for c in category.criteria] == ["first", "two", "lonely"]
    assert made.criterion("two").requires[0].of == "first"
    assert made.criterion("lonely").shared_with == ("first",)
    assert category.tiers == ("first", "two")
    assert category.caps[0].given is not None
    assert category.caps[0].given.of == "first"
    assert made.tables[0].inputs[0].of == "first"
    assert [group.id for group in made.groups] == [category.id, "deep"]
