"""Facts as small integers, and conditions as patterns over them."""

from typing import Any

from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cleancloud_rules as cc
from cleancloud_rules.crosscheck.conditions import passes
from cleancloud_rules.crosscheck.value_tests import acceptor
from cleancloud_rules.engine.compiler import compile_methodology
from cleancloud_rules.engine.encoding import encode, lists_of, patterns_of, set_choices
from cleancloud_rules.engine.ruleset import FactEncoding, Term
from cleancloud_rules.model.cells import cells_of
from cleancloud_rules.model.conditions import Members, SetMode, UnaryTest
from cleancloud_rules.model.facts import Fact, FactType, Field
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import FieldType
from cleancloud_rules.testing import companies, methodologies
from tests.support import small
from tests.support.sizes import sized

COMPARE: dict[str, Any] = {
    "==": lambda a, b: a == b,
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    "<": lambda a, b: a < b,
}


def holds(terms: list[Term], record: dict[str, int]) -> bool:
    return all(COMPARE[operator](record.get(name, -1), number) for name, operator, number in terms)


def encoding_of(type: str, tests: dict[str, Any]) -> tuple[Methodology, FactEncoding, list[list[Term]]]:
    """Return the encoding of a fact type and the patterns of a condition on it."""
    horizon = {"horizon": "short_term"} if type in ("share", "energy") else {}
    used = small.methodology(small.criterion("c", 1, small.rule("r", 1, {type: tests}), **horizon))
    ruleset = compile_methodology(used)
    encoding = ruleset.encodings[type]
    asked = next(c for c in ruleset.conditions if c.condition.fact_type == type and len(c.passing) == len(tests))
    return used, encoding, patterns_of(asked, encoding)


def fact(used: Methodology, type: str, values: dict[str, Any], **more: Any) -> Fact:
    return small.company(used, small.fact(type, values, **more)).facts[0]


def test_a_number_travels_as_the_ends_of_its_run_of_cells() -> None:
    used, encoding, patterns = encoding_of("site", {"rank": "[10..20]"})
    assert patterns == [[("f0l", ">=", 2), ("f0h", "<=", 4)]]
    travels = {
        str(value): encode(fact(used, "site", {"region": "N", "rank": value}), encoding)
        for value in (9, 10, 15, 21, {"more_than": 15}, {"at_least": 10, "less_than": 16})
    }
    assert [(r["f0l"], r["f0h"]) for r in travels.values()] == [(1, 1), (2, 2), (3, 3), (5, 5), (3, 5), (2, 3)]
    missing = encode(fact(used, "site", {"region": "N"}), encoding)
    assert (missing["f0l"], missing["f0h"]) == (0, 0)
    disclosed = encode(fact(used, "site", {"region": "N"}, disclosed=["rank"]), encoding)
    assert (disclosed["f0l"], disclosed["f0h"]) == (1, 6)


def test_a_test_that_leaves_gaps_becomes_a_pattern_for_each_run() -> None:
    _, _, patterns = encoding_of("site", {"rank": "< 5, > 10"})
    assert patterns == [[("f0l", ">=", 1), ("f0h", "<=", 2)], [("f0l", ">=", 4), ("f0h", "<=", 5)]]


def test_tests_on_several_fields_become_the_products_of_their_runs() -> None:
    _, _, patterns = encoding_of("site", {"rank": "[1..2], [4..5]", "load": "[2..3], [6..7]"})
    assert len(patterns) == 4
    assert [[name for name, _, _ in terms] for terms in patterns] == [["f0l", "f0h", "f1l", "f1h"]] * 4


def test_a_cell_that_is_asked_for_alone_is_a_property_of_its_own() -> None:
    used, encoding, patterns = encoding_of("site", {"rank": "1, 3, > 10", "public": True})
    one, three, public = encoding.own["rank"][2], encoding.own["rank"][4], encoding.own["public"][2]
    assert patterns == [
        [(public, "==", 1), (one, "==", 1)],
        [(public, "==", 1), (three, "==", 1)],
        [(public, "==", 1), ("f1l", ">=", 6), ("f1h", "<=", 7)],
    ]
    records = {
        str(values): encode(fact(used, "site", {"region": "N", **values}), encoding)
        for values in (
            {"rank": 1},
            {"rank": 2},
            {"rank": {"at_most": 1}},
            {"rank": 3, "public": True},
            {"public": False},
        )
    }
    assert [{n for n in record if n.startswith("k")} for record in records.values()] == [
        {one}, set(), set(), {three, public}, set()
    ]  # fmt: skip


def test_what_everything_passes_is_not_compared() -> None:
    _, _, patterns = encoding_of("site", {"rank": "-"})
    assert patterns == [[]]


def test_a_set_travels_as_its_presence_its_size_and_how_many_names_of_each_list_it_has() -> None:
    used, encoding, patterns = encoding_of("site", {"uses": {"all": ["wind", "solar"]}})
    assert patterns == [[("f0m0", "==", 2)]]
    records = [
        encode(fact(used, "site", {"region": "N", **values}, **more), encoding)
        for values, more in (
            ({"uses": ["wind", "hydro"]}, {}),
            ({"uses": "hydro"}, {}),
            ({}, {}),
            ({}, {"disclosed": ["uses"]}),
        )
    ]
    assert [(r["f0s"], r["f0n"], r["f0m0"]) for r in records] == [(1, 2, 1), (1, 1, 0), (0, 0, 0), (2, 0, 0)]


def test_exactly_some_names_of_a_set_leave_no_room_for_others() -> None:
    used, encoding, patterns = encoding_of("site", {"uses": {"is": ["wind"]}})
    assert patterns == [[("f0m0", "==", 1), ("f0n", "==", 1)]]
    record = encode(fact(used, "site", {"region": "N", "uses": ["wind", "hydro"]}), encoding)
    assert (record["f0m0"], record["f0n"]) == (1, 2)


@settings(sized(30), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_a_fact_matches_a_pattern_of_a_condition_where_it_passes_it(data: st.DataObject) -> None:
    used = data.draw(methodologies())
    company = data.draw(companies(used))
    ruleset = compile_methodology(used)
    for found in company.facts:
        record = encode(found, ruleset.encodings[found.type])
        assert all(type(value) is int for value in record.values())
        assert 0 <= min(record.values()) <= max(record.values()) < 2000
        for compiled in ruleset.conditions:
            if compiled.condition.fact_type == found.type:
                patterns = patterns_of(compiled, ruleset.encodings[found.type])
                matched = any(holds(terms, record) for terms in patterns)
                assert matched is passes(compiled.condition)(found)


def test_a_record_says_of_which_type_its_fact_is() -> None:
    used = small.methodology(small.LADDER, small.GOALS)
    encodings = compile_methodology(used).encodings
    assert sorted(encoding.index for encoding in encodings.values()) == list(range(len(small.FACT_TYPES)))
    goal = fact(used, "goal", {"topic": "energy"})
    assert encode(goal, encodings["goal"])["t"] == encodings["goal"].index
    assert encode(evolve(goal, id="other"), encodings["goal"]) == encode(goal, encodings["goal"])
    assert cc.score(small.company(used), used).total == 0


NAMES = ("a", "b", "c", "d")

some_names = st.frozensets(st.sampled_from(NAMES), min_size=1)
members = st.builds(Members, st.sampled_from(SetMode), some_names)
set_tests = st.builds(UnaryTest, st.just("s"), st.lists(members, min_size=1, max_size=2).map(tuple), st.booleans())


@given(set_tests, st.lists(set_tests, max_size=2), st.none() | some_names, st.booleans())
def test_a_set_matches_one_of_the_choices_of_a_test_where_it_passes(
    test: UnaryTest, others: list[UnaryTest], names: frozenset[str] | None, disclosed: bool
) -> None:
    field = Field("s", FieldType.SET, values=NAMES, optional=True)
    disclosed = disclosed and names is None
    cells = cells_of(field, [test, *others])
    fact_type = FactType("f", "F", "long_term", (field,))
    values: Any = fact_type.model
    stated = Fact("f-1", "f", values(s=names), disclosed=("s",) if disclosed else ())
    encoding = FactEncoding(0, {"s": cells}, {"s": "f0"}, {"s": lists_of([test, *others])})
    record = encode(stated, encoding)
    matched = any(holds(terms, record) for terms in set_choices(test, encoding.numbers["s"], "f0"))
    assert matched is acceptor(test)(names, disclosed)


def test_one_of_several_names_is_one_comparison() -> None:
    wanted = frozenset({"a", "c"})
    test = UnaryTest("s", (Members(SetMode.CONTAINS, wanted),))
    assert set_choices(test, {wanted: 7}, "f0") == [[("f0m7", ">=", 1)]]
