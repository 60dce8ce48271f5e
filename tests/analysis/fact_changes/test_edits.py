"""Tests of what a what-if adds and removes: each mistake has its diagnostic, and all are reported at once."""

from pathlib import Path
from typing import Any

import pytest

from cleancloud_rules import Company, FactsError, score
from cleancloud_rules.analysis.fact_changes.edits import edits_of, several_facts, several_ids
from tests.support import small

OWN = small.methodology(small.LADDER, small.GOALS)
SHARE = small.fact("share", {"percent": 5, "base": "electricity"})
OTHER = small.fact("share", {"percent": 20, "base": "electricity"})
USE = [small.fact("energy", {"status": status, "amount": "5 GWh"}) for status in ("bought", "used")]


def company(id: str = "acme", *facts: dict[str, Any], **more: Any) -> Company:
    return small.company(OWN, *(facts or (SHARE,)), id=id, **more)


def by_id(*companies: Company) -> dict[str, Company]:
    return {company.id: company for company in companies}


def rejected(companies: dict[str, Company], *added: Any, without: tuple[str, ...] = ()) -> list[tuple[str, str, str]]:
    """Return place and code, message and help of each diagnostic."""
    with pytest.raises(FactsError) as caught:
        edits_of(companies, OWN, added, without, None)
    return [(f"{d.location}: {d.code}", d.message, d.help) for d in caught.value.diagnostics]


def test_facts_are_removed_first_and_each_is_named_once() -> None:
    acme = company()
    id = acme.facts[0].id
    edits = edits_of(by_id(acme), OWN, [{"facts": [OTHER, OTHER]}, {"id": "acme", "facts": [OTHER]}], [id, id], None)
    assert [edit.removes for edit in edits] == [True, False]
    assert edits[0].fact == acme.facts[0]


def test_an_unknown_id_has_a_suggestion() -> None:
    acme = company()
    id = acme.facts[0].id
    assert rejected(by_id(acme), without=(id[:-1],)) == [
        ("<without>: unknown-fact", f"the company `acme` states no fact `{id[:-1]}`", f"did you mean `{id}`?")
    ]


def test_the_id_of_a_derived_fact_names_the_facts_that_it_comes_from() -> None:
    acme = company("acme", *USE)
    derived = next(fact for fact in score(acme, OWN).facts if fact.derived_by)
    ((_, message, help),) = rejected(by_id(acme), without=(derived.id,))
    assert message == f"the fact `{derived.id}` is not stated: the derivation `share_of_use` computes it from others"
    assert help == "remove one of " + ", ".join(f"`{id}`" for id in derived.derived_from)


def test_a_fact_of_several_companies_needs_the_id_of_one() -> None:
    one, two = company("one"), company("two")
    id = one.facts[0].id
    assert rejected(by_id(one, two), without=(id,)) == [
        (
            "<without>: ambiguous-fact",
            f"the fact `{id}` is stated by 2 companies",
            f"write one of `one:{id}`, `two:{id}`",
        )
    ]
    assert [edit.company for edit in edits_of(by_id(one, two), OWN, (), [f"two:{id}"], None)] == ["two"]


def test_a_fact_that_only_one_company_states_needs_no_company() -> None:
    one, two = company("one"), company("two", OTHER)
    assert [edit.company for edit in edits_of(by_id(one, two), OWN, (), [two.facts[0].id], None)] == ["two"]


def test_all_mistakes_are_reported_at_once() -> None:
    one, two = company("one"), company("two", OTHER)
    found = rejected(
        by_id(one, two),
        {"facts": [SHARE]},
        {"id": "tow", "facts": [SHARE]},
        {"id": "two", "facts": [{"share": {"percent": "much"}}]},
        {"id": "two"},
        "id: [",
        without=("nine:x", "one:y", "z"),
    )
    codes = {place_and_code.split(": ")[1] for place_and_code, _, _ in found}
    assert codes == {"missing-key", "unknown-company", "wrong-type", "yaml-syntax", "unknown-fact"}
    messages = [message for _, message, _ in found]
    assert "there is no company `nine`" in messages
    assert "the company `one` states no fact `y`" in messages
    assert "none of the 2 companies states a fact `z`" in messages
    which = "there are 2 companies, and the file does not say which of them the facts are about"
    assert ("<facts>: missing-key", which, "add `id`, the id of the company") in found


@pytest.mark.parametrize("keys", [{}, {"facts": []}, {"answers": []}, {"not_found": []}, {"facts": [], "answers": []}])
def test_a_file_that_adds_nothing_is_an_error(keys: dict[str, Any]) -> None:
    message = "the file adds nothing: `facts`, `answers` and `not_found` are missing or state nothing"
    assert rejected(by_id(company()), {"id": "acme", **keys}) == [("<facts>: missing-key", message, "")]


def test_facts_that_were_rejected_are_not_said_to_be_missing() -> None:
    mistakes: list[Any] = [{"facts": {}}, {"facts": [{"nothing": {}}]}, {"not_found": "none"}]
    for wrong in mistakes:
        assert "missing-key" not in [place.split(": ")[1] for place, _, _ in rejected(by_id(company()), wrong)]


def test_without_companies_there_is_none_to_which_facts_could_be_added() -> None:
    message = "there is no company to which the facts could be added"
    for more in ({}, {"id": "acme"}):
        assert rejected({}, {"facts": [SHARE], **more}) == [("<facts>: unknown-company", message, "")]
    message = "there is no company that could state a fact `z`"
    assert rejected({}, without=("z",)) == [("<without>: unknown-fact", message, "")]


def test_a_fact_that_is_stated_already_is_an_error_unless_it_is_removed() -> None:
    acme = company()
    id = acme.facts[0].id
    ((place, message, _),) = rejected(by_id(acme), {"facts": [SHARE]})
    assert (place, message) == (
        "<facts>:facts[0].share: already-stated",
        f"the company `acme` states this fact already, as `{id}`",
    )
    assert [edit.removes for edit in edits_of(by_id(acme), OWN, [{"facts": [SHARE]}], [id], None)] == [True, False]


def test_a_search_that_is_stated_already_is_an_error() -> None:
    entry = {"goal": {"topic": "energy"}}
    acme = company(not_found=[entry])
    ((place, message, _),) = rejected(by_id(acme), {"not_found": [entry]})
    assert place == "<facts>:not_found[0].goal: already-stated"
    assert message == "the company `acme` has this search without result already"


def test_a_search_without_result_must_not_contradict_a_fact_that_stays() -> None:
    acme = company()
    entry = {"not_found": [{"share": {"percent": "> 3"}}]}
    ((_, message, _),) = rejected(by_id(acme), entry)
    assert "`not_found` says that no fact passes" in message
    edits = edits_of(by_id(acme), OWN, [entry], [acme.facts[0].id], None)
    assert [edit.search is not None for edit in edits] == [False, True]


def test_a_contradiction_is_reported_together_with_an_unknown_id() -> None:
    acme, other = company(), company("other", OTHER)
    entry = {"id": "acme", "not_found": [{"share": {"percent": "> 3"}}]}
    found = rejected(by_id(acme, other), entry, without=("z",))
    codes = [place_and_code.split(": ")[1] for place_and_code, _, _ in found]
    assert sorted(codes) == ["contradicts-not-found", "unknown-fact"]


def test_facts_and_ids_are_one_or_several() -> None:
    text = b"facts: []"
    kinds: list[Any] = ["a: b", text, bytearray(text), memoryview(text), {"facts": []}, Path("facts.yaml")]
    for one in kinds:
        assert several_facts(one) == (one,)
        assert several_facts(iter([one, one])) == (one, one)
    assert several_ids("share-1") == ("share-1",)
    assert several_ids(["share-1", "share-2"]) == ("share-1", "share-2")
    with_bytes = edits_of(by_id(company()), OWN, several_facts(bytearray(b"facts: [site: {region: north}]")), (), None)
    assert [edit.fact.type for edit in with_bytes if edit.fact] == ["site"]


@pytest.mark.parametrize(
    ("wrong", "shown"),
    [
        (1, "not `1`"),
        (None, "not `null`"),
        ([1], "not `1` among them"),
        ([None], "not `null` among them"),
        (company(), "not the company `acme`"),
        (company().facts, f"not the fact `{company().facts[0].id}` itself among them"),
        (company().facts[0], f"not the fact `{company().facts[0].id}` itself"),
    ],
)
def test_arguments_of_another_type_are_named(wrong: Any, shown: str) -> None:
    with pytest.raises(TypeError, match=f"^`facts` takes .*, {shown}$"):
        several_facts(wrong)
    with pytest.raises(TypeError, match=f"^`without` takes .*, {shown}$"):
        several_ids(wrong)


def test_neither_bytes_nor_data_are_ids() -> None:
    for wrong in (b"share-1", {"share-1": 1}):
        with pytest.raises(TypeError, match="`without` takes the id of a fact"):
            several_ids(wrong)


def test_a_text_that_is_the_path_of_a_file_is_told_from_facts() -> None:
    assert rejected(by_id(company()), "more/facts.yaml") == [
        (
            "<text>: document-not-a-mapping",
            "`facts` is the text `more/facts.yaml`, which states no fact",
            "for the path of a file, give a `pathlib.Path`",
        )
    ]


def test_sources_are_those_of_the_bibliography_of_the_facts_and_of_the_file() -> None:
    own = {"visit": {"type": "report", "title": "Visit"}}
    acme = company(facts=[{**SHARE, "source": "visit"}], sources=own)
    more = {"sources": {"letter": {"type": "report", "title": "Letter"}}}
    facts = [{**OTHER, "source": name} for name in ("visit", "letter", "book", "report", "own")]
    given = {"facts": facts, "sources": {"own": {"type": "report"}}}
    edits = edits_of(by_id(acme), OWN, [given], (), more)
    assert {edit.fact.source.id for edit in edits if edit.fact and edit.fact.source} == {
        "visit", "letter", "book", "report", "own",
    }  # fmt: skip
    found = rejected(by_id(acme), {"facts": [{**OTHER, "source": "lettre"}], "sources": {"visit": {"type": "report"}}})
    assert sorted(place.split(": ")[1] for place, _, _ in found) == ["repeated-id", "unknown-source"]
