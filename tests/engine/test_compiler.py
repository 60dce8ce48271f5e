"""A methodology to a ruleset."""

import json
import operator
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import cleancloud_rules as cc
from cleancloud_rules.engine import compiler
from cleancloud_rules.engine.compiler import compile_methodology, literal_patterns
from cleancloud_rules.engine.ruleset import ANCHOR, SENTINEL, CompiledRule, Literal, LiteralKind, Ruleset, Shard
from cleancloud_rules.model.conditions import AllOf, AnyOf, Condition, Count, NoneOf, When
from tests.hazards.use import numbers
from tests.support import small

COUNTED = {"count": {"of": {"goal": {"topic": "energy"}}, "distinct": "scopes", "at_least": 2}}


def compiled(when: Any) -> Ruleset:
    return compile_methodology(small.methodology(small.criterion("c", 1, small.rule("r", 1, when))))


def disjuncts(when: Any) -> list[list[str]]:
    """Return the alternatives of a rule as texts."""
    ruleset = compiled(when)
    return [[_text(literal, ruleset) for literal in disjunct] for disjunct in ruleset.rules["c", "r"].disjuncts]


def _text(literal: Literal, ruleset: Ruleset) -> str:
    tests = ruleset.conditions[literal.condition].condition.tests
    what = " ".join(test.test.text.removeprefix("200") for test in tests)
    number = f" {literal.number}" if literal.counts else ""
    return f"{literal.kind.value}{number} {what}".strip()


def year(number: int) -> dict[str, Any]:
    return {"goal": {"year": 2000 + number}}


def test_a_condition_is_one_literal() -> None:
    assert disjuncts(year(1)) == [["present 1"]]


def test_all_joins_and_any_separates() -> None:
    assert disjuncts({"all": [year(1), year(2)]}) == [["present 1", "present 2"]]
    assert disjuncts({"any": [year(1), year(2)]}) == [["present 1"], ["present 2"]]
    both = {"all": [{"any": [year(1), year(2)]}, {"any": [year(3), year(4)]}]}
    assert disjuncts(both) == [
        ["present 1", "present 3"],
        ["present 1", "present 4"],
        ["present 2", "present 3"],
        ["present 2", "present 4"],
    ]


def test_none_turns_what_is_inside_round() -> None:
    assert disjuncts({"none": [year(1), year(2)]}) == [["absent 1", "absent 2"]]
    assert disjuncts({"none": [{"all": [year(1), year(2)]}]}) == [["absent 1"], ["absent 2"]]
    assert disjuncts({"none": [{"any": [year(1), year(2)]}]}) == [["absent 1", "absent 2"]]
    assert disjuncts({"none": [{"none": [year(1), year(2)]}]}) == [["present 1"], ["present 2"]]
    assert disjuncts({"none": [COUNTED]}) == [["fewer 2 energy"]]


def test_what_is_asked_twice_is_asked_once() -> None:
    assert disjuncts({"all": [year(1), year(1), {"any": [year(1)]}]}) == [["present 1"]]
    assert disjuncts({"any": [year(1), year(1)]}) == [["present 1"]]


def test_equal_conditions_of_several_rules_are_one_condition() -> None:
    used = small.methodology(small.LADDER, small.GOALS, small.criterion("c", 1, small.rule("r", 1, {"any": [year(1)]})))
    again = small.methodology(small.LADDER, small.GOALS, small.criterion("c", 1, small.rule("r", 1, year(1))))
    assert compile_methodology(used).conditions == compile_methodology(again).conditions


def test_conditions_that_no_rule_reads_may_be_compiled_too() -> None:
    used = small.methodology(small.GOALS)
    more = next(c.condition for c in compile_methodology(small.methodology(small.LADDER)).conditions if c.passing)
    more = evolve(more, fact_type="share", tests=())
    assert more not in compile_methodology(used).by_condition
    ruleset = compile_methodology(used, [more])
    assert ruleset.conditions[ruleset.by_condition[more]].condition == more


def test_keys_are_told_from_other_fields() -> None:
    (found,) = [c for c in compiled({"goal": {"topic": "energy", "year": 2001}}).conditions if c.key_passing]
    assert set(found.passing) == {"topic", "year"}
    assert set(found.key_passing) == {"topic"}


def shard_rules(shard: Shard) -> dict[str, Any]:
    rules: dict[str, Any] = json.loads(shard.definition)
    return rules


def test_every_shard_holds_an_anchor_and_a_sentinel() -> None:
    counting = small.criterion("c", 1, small.rule("r", 1, COUNTED))
    ruleset = compile_methodology(small.methodology(small.LADDER, small.GOALS, counting))
    shards = [
        *ruleset.matching,
        *(join.shard for join in ruleset.joins),
        *(s for level in ruleset.levels for s in level),
    ]
    assert {shard.name for shard in shards} == {"match0", "join0", "level0_0"}
    for shard in shards:
        rules = shard_rules(shard)
        assert rules[ANCHOR] == {"all": [{"a0": {"anchor": 1}}]}
        assert rules[SENTINEL] == {"all": [{"a0": {"sentinel": 1}}]}
        assert set(rules) == {ANCHOR, SENTINEL, *shard.meaning}


def test_the_engine_is_never_asked_for_what_it_gets_wrong() -> None:
    everything = {"any": [{"none": [year(1), COUNTED]}, {"all": [COUNTED, {"none": [year(2)]}]}]}
    ruleset = compile_methodology(
        small.methodology(small.LADDER, small.criterion("c", 1, small.rule("r", 1, everything)))
    )
    for shard in (*ruleset.matching, *(join.shard for join in ruleset.joins), *ruleset.levels[0]):
        for word in ("$not", "$nex", "$or", "$any", "$div", "$sub", "$add", "$mul", "any"):
            assert f'"{word}"' not in shard.definition
            assert f'{word}"' not in shard.definition.replace("$and", "")


def test_a_rule_that_holds_whatever_the_facts_are_fires_on_the_anchor() -> None:
    rule = CompiledRule("c", "r", ((),))
    (level,) = compiler._levels([rule], {})
    assert level[0].unconditional
    assert level[0].literals == ()
    assert shard_rules(level[0])["r0"] == {"all": [{"a0": {"anchor": 1}}]}


def test_a_rule_of_one_condition_needs_no_later_stage() -> None:
    one, other = {"numbers": {"n0": 1}}, {"numbers": {"n1": 1}}
    rules = [
        small.rule("one", 1, one),
        small.rule("either", 1, {"any": [one, other]}),
        small.rule("both", 1, {"all": [one, other]}),
        small.rule("neither", 1, {"none": [one, other]}),
    ]
    ruleset = compile_methodology(small.methodology(small.criterion("c", 1, *rules), fact_types=numbers(2)))
    first, second = (ruleset.by_condition[c.condition] for c in ruleset.conditions)
    assert ruleset.direct == {first: (("c", "either"), ("c", "one")), second: (("c", "either"),)}
    ((later,),) = ruleset.levels
    assert sorted(later.meaning.values()) == [("c", "both", 0), ("c", "neither", 0)]


def test_a_count_of_zero_is_sent_where_a_rule_asks_for_fewer() -> None:
    few = {"none": [{"count": {"of": {"goal": {"topic": "energy"}}, "at_least": 3}}]}
    assert compiled(few).from_zero == {"c0"}
    assert compiled(few["none"][0]).from_zero == frozenset()


def test_long_conjunctions_are_chained_over_levels() -> None:
    def levels(width: int) -> list[list[int]]:
        literals = tuple(Literal(n, LiteralKind.PRESENT) for n in range(width))
        made = compiler._levels([CompiledRule("c", "r", (literals,))], {})
        assert made[-1][-1].meaning["r0"] == ("c", "r", 0)
        return [
            [len(rule["all"]) for shard in level for name, rule in shard_rules(shard).items() if name[0] == "r"]
            for level in made
        ]

    assert levels(15) == [[15]]
    assert levels(16) == [[15, 1], [2]]
    assert levels(225) == [[15] * 15, [15]]
    assert levels(226) == [[15] * 15 + [1], [15, 1], [2]]


def test_what_is_asked_of_one_count_stands_in_one_pattern() -> None:
    asked = (
        Literal(0, LiteralKind.PRESENT),
        Literal(1, LiteralKind.AT_LEAST, 2),
        Literal(1, LiteralKind.AT_LEAST, 4),
        Literal(1, LiteralKind.FEWER, 9),
        Literal(1, LiteralKind.FEWER, 7),
        Literal(1, LiteralKind.AT_LEAST, 3, "scopes"),
        Literal(2, LiteralKind.ABSENT),
    )
    assert literal_patterns(asked, {"c1": "c0", "c1_scopes": "c1"}) == [
        (("p0", "==", 1),),
        (("c0", ">=", 4), ("c0", "<", 7)),
        (("c1", ">=", 3),),
        (("n2", "==", 1),),
    ]


def test_counts_travel_under_numbers() -> None:
    both = {"all": [COUNTED, {"count": {"of": {"goal": {"topic": "energy"}}, "at_least": 3}}]}
    ruleset = compiled(both)
    number = next(c.index for c in ruleset.conditions if c.condition.fact_type == "goal")
    assert ruleset.counters == (("c0", number, None), ("c1", number, "scopes"))
    assert ruleset.levels[0][0].literals == ("c0", "c1")


def test_absences_are_those_that_rules_ask_for() -> None:
    ruleset = compiled({"all": [year(1), {"none": [year(2)]}]})
    assert [ruleset.conditions[n].condition.tests[0].test.text for n in ruleset.absences] == ["2002"]


def test_shards_are_cut_by_rules_by_tests_and_by_properties(monkeypatch: pytest.MonkeyPatch) -> None:
    def sizes(**limits: int) -> tuple[list[int], list[int]]:
        for name, most in limits.items():
            monkeypatch.setattr(compiler, name, most)
        rules = [small.rule(f"r{n}", 1, {"none": [{"numbers": {f"n{n}": 1}}]}) for n in range(6)]
        ruleset = compile_methodology(small.methodology(small.criterion("c", 1, *rules), fact_types=numbers(6)))
        return [shard.rules for shard in ruleset.matching], [shard.rules for shard in ruleset.levels[0]]

    assert sizes() == ([6], [6])
    assert sizes(MAX_TESTS=4) == ([6], [4, 2])
    assert sizes(MAX_PROPERTIES=3) == ([3, 3], [4, 2])
    assert sizes(MAX_RULES=2) == ([2, 2, 2], [2, 2, 2])


def test_a_record_carries_no_more_than_its_shard_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "MAX_RULES", 2)
    asked = (1, "[2..3]", "> 4", "< 5", "-")
    rules = [small.rule(f"r{n}", 1, {"numbers": {f"n{n}": test}}) for n, test in enumerate(asked)]
    ruleset = compile_methodology(small.methodology(small.criterion("c", 1, *rules), fact_types=numbers(5)))
    assert [sorted(shard.reads["numbers"]) for shard in ruleset.matching] == [
        ["f1h", "f1l", "k0"],
        ["f2h", "f2l", "f3h", "f3l"],
        ["t"],
    ]


def test_a_record_names_its_type_where_its_shard_reads_several() -> None:
    types = numbers(2) | {"others": numbers(1)["numbers"]}
    one, other = small.rule("r", 1, {"numbers": {"n1": 1}}), small.rule("s", 1, {"others": {"n0": "> 1"}})
    (shard,) = compile_methodology(small.methodology(small.criterion("c", 1, one, other), fact_types=types)).matching
    assert shard.reads == {"numbers": {"t", "k0"}, "others": {"t", "f0l", "f0h"}}
    (shard,) = compile_methodology(small.methodology(small.criterion("c", 1, one), fact_types=types)).matching
    assert shard.reads == {"numbers": {"k0"}}


def test_joins_compare_each_key_with_that_of_the_first_input() -> None:
    ruleset = compile_methodology(small.methodology(small.LADDER))
    (join,) = ruleset.joins
    assert shard_rules(join.shard)["join"] == {
        "all": [{"a0": {"q0": 1}}, {"a1": {"$and": [{"q1": 1}, {"j0": {"a0": "j0"}}]}}]
    }
    assert len(join.conditions) == 2


def test_a_methodology_that_is_too_complex_is_refused_where_it_says_so() -> None:
    files = small.files(small.criterion("c", 1, small.rule("r", 1, {"any": [year(n) for n in range(300)]})))
    with pytest.raises(cc.CriteriaError) as caught:
        cc.methodology_from(files)
    (finding,) = caught.value.diagnostics
    assert finding.code == "too-complex"
    assert finding.location.path == "criteria[0].rules[0].when.any[0]"


def test_compiling_is_the_same_each_time() -> None:
    used = small.methodology(small.LADDER, small.GOALS, small.criterion("c", 1, small.rule("r", 1, COUNTED)))
    assert compile_methodology(used) == compile_methodology(used)


LEAVES = [Condition(f"t{n}") for n in range(4)]
NUMBERS = {leaf: n for n, leaf in enumerate(LEAVES)}


def joined(inner: st.SearchStrategy[When]) -> st.SearchStrategy[When]:
    parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(parts.map(AllOf), parts.map(AnyOf), parts.map(NoneOf))


COUNTS = st.builds(Count, st.sampled_from(LEAVES), st.integers(1, 3))
whens: st.SearchStrategy[When] = st.recursive(st.one_of(st.sampled_from(LEAVES), COUNTS), joined, max_leaves=7)


def plainly(when: When, counts: tuple[int, ...]) -> bool:
    """Whether a rule holds, where so many facts pass each condition."""
    match when:
        case Condition():
            return counts[NUMBERS[when]] > 0
        case Count(of, number, _):
            return counts[NUMBERS[of]] >= number
        case AllOf(parts):
            return all(plainly(part, counts) for part in parts)
        case AnyOf(parts):
            return any(plainly(part, counts) for part in parts)
        case NoneOf(parts):
            return not any(plainly(part, counts) for part in parts)


SIGNS: dict[str, Callable[[int, int], bool]] = {"==": operator.eq, ">=": operator.ge, "<": operator.lt}


def by_patterns(rule: CompiledRule, counts: tuple[int, ...]) -> bool:
    """Whether some alternative of a compiled rule holds, where so many facts pass each condition."""

    def told(name: str) -> int:
        found = counts[int(name[1:])]
        return found if name[0] == "c" else int((found > 0) is (name[0] == "p"))

    counters = {f"c{n}": f"c{n}" for n in range(len(counts))}
    return any(
        all(
            SIGNS[sign](told(name), number)
            for pattern in literal_patterns(disjunct, counters)
            for name, sign, number in pattern
        )
        for disjunct in rule.disjuncts
    )


@given(whens)
def test_alternatives_hold_where_the_rule_does(when: When) -> None:
    rule = compiler.compiled_rule("c", "r", when, NUMBERS)
    for counts in product(range(4), repeat=len(LEAVES)):
        assert by_patterns(rule, counts) is plainly(when, counts)
