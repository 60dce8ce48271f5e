import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cleancloud_rules.model import digest
from cleancloud_rules.model.digest import canonical, distinct, identified, sha256, with_distinct
from cleancloud_rules.model.facts import Basis, Fact, Source
from cleancloud_rules.model.groups import Combining
from cleancloud_rules.model.vocabulary import Window
from tests.support import small

METHODOLOGY = small.methodology(small.LADDER)
SHARES = small.company(METHODOLOGY, *(small.fact("share", {"percent": n}) for n in range(1, 30))).facts


def plain(thing: object) -> Any:
    return json.loads(canonical(thing))


def test_the_canonical_form_is_text_without_needless_characters() -> None:
    thing = {"b": ['"\n\u00e9\x7f', Decimal("-1E-3")], "a": {}}
    assert canonical(thing) == '{"a":{},"b":["\\"\\n\u00e9\x7f","-0.001"]}'
    assert canonical(thing) == json.dumps(plain(thing), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_the_digest_of_a_company_is_that_of_its_canonical_form() -> None:
    company = small.company(METHODOLOGY, *(small.fact("share", {"percent": n}) for n in range(1, 30)))
    assert company.sha256 == sha256(company)
    assert all(fact == identified(fact) for fact in company.facts)


def test_the_canonical_form_is_plain_data() -> None:
    thing = (Decimal("1E+2"), Fraction(1, 3), date(2024, 1, 2), Basis.REPORTED, frozenset("ba"), {"a": True}, None)
    assert plain(thing) == ["100", "1/3", "2024-01-02", "reported", ["a", "b"], {"a": True}, None]


def test_an_object_is_its_class_and_its_fields() -> None:
    assert plain(Window(date(2022, 1, 1))) == {"is": "Window", "start": "2022-01-01", "end": None}


def test_an_attribute_that_joined_later_is_left_out_where_it_has_its_default() -> None:
    assert "monotone" not in plain(Combining())
    assert plain(Combining(monotone=False))["monotone"] is False
    assert "public" not in plain(Source("a", "report"))
    assert plain(Source("a", "report", public=False))["public"] is False
    assert "approved_by" not in plain(METHODOLOGY)
    assert plain(evolve(METHODOLOGY, approved_by="A committee"))["approved_by"] == "A committee"


def test_where_a_thing_was_written_and_its_own_digest_do_not_matter() -> None:
    company = small.company(METHODOLOGY, small.fact("share", {"percent": 5}))
    assert company.node is not None
    assert sha256(evolve(company, node=None, sha256="")) == sha256(company)


def test_the_values_of_a_fact_are_those_that_are_present() -> None:
    (fact,) = small.company(METHODOLOGY, small.fact("share", {"percent": 5})).facts
    assert plain(fact.values) == {"percent": "5"}


def test_a_fact_is_called_by_its_type_and_its_content() -> None:
    fact = SHARES[0]
    assert identified(evolve(fact, id="")).id == fact.id
    assert identified(evolve(fact, note="Other."), 12).id.startswith("share-")
    assert len(identified(fact, 12).id) == len("share-") + 12
    assert identified(evolve(fact, note="Other.")).id != fact.id


@given(st.permutations(SHARES))
def test_facts_are_sorted_whatever_their_order(facts: list[Fact]) -> None:
    assert distinct(facts) == SHARES


@given(st.lists(st.sampled_from(SHARES)))
def test_a_repeated_fact_is_kept_once(facts: list[Fact]) -> None:
    assert distinct([*facts, *facts]) == distinct(facts)
    assert len(distinct(facts)) == len(set(facts))


def test_ids_are_lengthened_where_two_would_be_equal() -> None:
    real = digest._hashed
    first, second = SHARES[:2]

    def alike_at_first(text: str) -> str:
        return "0" * 10 + real(text)[10:]

    digest._hashed = alike_at_first
    try:
        company = with_distinct(small.company(METHODOLOGY), [first, second])
        assert company.sha256 == sha256(company)  # the digest is that of the long ids
    finally:
        digest._hashed = real
    ids = [fact.id for fact in company.facts]
    assert len(set(ids)) == 2
    assert {len(id) for id in ids} == {len("share-") + 16}


def test_the_digest_of_a_company_does_not_depend_on_its_cut_off() -> None:
    company = small.company(METHODOLOGY, small.fact("share", {"percent": 5}))
    assert sha256(evolve(company, cut_off=date(2024, 1, 2))) == sha256(company) == company.sha256
    assert "cut_off" not in plain(company)
