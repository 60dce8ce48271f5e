"""How much the engine takes, one below and one above each limit, and that the library takes more."""

import pytest

import cleancloud_rules as cc
from cleancloud_rules.engine import compiler
from cleancloud_rules.engine import encoding as encoding_module
from cleancloud_rules.engine.compiler import compile_methodology
from cleancloud_rules.engine.ruleset import Ruleset
from tests.hazards.children import HANGS, misused, refused, used
from tests.hazards.use import methodology, numbers
from tests.support import small


def test_a_pattern_that_256_rules_share_may_crash() -> None:
    """What the engine reads beyond its own memory decides how 256 and 257 end: it differs between machines."""
    assert misused("share_a_pattern_among", 255).value == 255
    for count in (256, 257):
        ended = misused("share_a_pattern_among", count)
        assert ended.crashed or ended.value == count or "error code: 108" in ended.error
    assert refused("error code: 108", "share_a_pattern_among", 258)


def test_any_number_of_rules_may_ask_the_same() -> None:
    counts = [39, 40, 41, 255, 256, 257]
    assert used("for_each", "ask_the_same_in_rules", *counts) == counts


def test_512_tests_under_one_node_hang() -> None:
    assert misused("fire_tests_under_one_node", 511).value == ["r0"]
    assert misused("load_tests_under_one_node", 512).value == "loaded"
    assert misused("fire_tests_under_one_node", 512, timeout=HANGS).hung
    assert misused("load_tests_under_one_node", 513, timeout=HANGS).hung


@pytest.mark.parametrize(("rules", "width"), [(40, 13), (40, 15), (41, 15), (100, 10)])
def test_any_number_of_conditions_may_be_told_apart(rules: int, width: int) -> None:
    assert used("ask_many_things_in_conjunctions", rules, width) == rules // 2 + 1


def test_a_record_that_matches_65_patterns_fails() -> None:
    assert misused("match_patterns_with_one_record", 64).value == [0, 65]
    assert misused("match_patterns_with_one_record", 65).value == ["Could not assert facts, error code: 303"]


def test_a_fact_may_satisfy_any_number_of_conditions() -> None:
    counts = [40, 41, 64, 65, 200]
    assert used("for_each", "satisfy_conditions_with_one_fact", *counts) == counts


def test_a_count_may_be_held_against_any_number_of_limits() -> None:
    assert used("for_each", "count_to_different_numbers", 40, 65, 100) == [35, 60, 95]


def test_a_conjunction_of_17_patterns_fails() -> None:
    assert misused("join_patterns_in_a_conjunction", 16).value == [0, ["r"]]
    assert misused("join_patterns_in_a_conjunction", 17).value == ["Could not assert facts, error code: 304"]


def test_a_rule_may_join_any_number_of_conditions() -> None:
    counts = [14, 15, 16, 17, 30, 31, 225, 226]
    assert used("for_each", "join_conditions_in_one_rule", *counts) == [[1, 0]] * len(counts)


def test_a_join_by_30_properties_is_refused() -> None:
    assert misused("join_by", 29).value == []
    assert misused("join_by", 30).value == ["Could not create ruleset, error code: 113"]


def compiled(*rules: object, count: int = 1) -> Ruleset:
    return compile_methodology(methodology(count, *rules))


def test_shards_keep_below_the_limits_of_the_engine() -> None:
    assert compiler.MAX_RULES < 64
    assert compiler.MAX_TESTS < 511
    assert compiler.MAX_LITERALS < 17
    assert compiler.MAX_KEYS < 30
    assert encoding_module.MAX_PROPERTIES + 3 < 255
    ruleset = compiled(
        *(small.rule(f"r{k}", 1, {"all": [{"numbers": {f"n{i}": f">= {k}"}} for i in range(20)]}) for k in range(50)),
        *(small.rule(f"s{k}", 1, {"numbers": {f"n{i}": k for i in range(30)}}) for k in range(50)),
        count=30,
    )
    shards = [*ruleset.matching, *(shard for level in ruleset.levels for shard in level)]
    assert max(shard.rules for shard in shards) == compiler.MAX_RULES
    for shard in shards:
        assert len(shard.literals) <= compiler.MAX_TESTS
        assert all(len(names) <= encoding_module.MAX_PROPERTIES + 1 for names in shard.reads.values())


def codes(caught: pytest.ExceptionInfo[cc.CriteriaError]) -> list[tuple[str, str]]:
    return [(finding.code, finding.message) for finding in caught.value.diagnostics]


def test_a_condition_on_100_numbers_is_possible_and_on_101_is_not() -> None:
    when = {"numbers": {f"n{i}": 1 for i in range(100)}}
    assert compiled(small.rule("r", 1, when), count=100).matching[0].rules == 1
    with pytest.raises(cc.CriteriaError) as caught:
        methodology(101, small.rule("r", 1, {"numbers": {f"n{i}": 1 for i in range(101)}}))
    told = "this condition reads 202 properties of a fact, at most 200 are possible"
    assert codes(caught) == [("too-complex", told)]


@pytest.mark.parametrize("count", [16, 17, 100, 600])
def test_any_number_of_names_of_a_set_may_be_told_apart(count: int) -> None:
    names = [f"v{i}" for i in range(count + 3)]
    fields = {"s": {"type": "set", "values": names, "optional": True}}
    types = {"f": {"title": "F", "horizon": "long_term", "fields": fields}}
    rules = [small.rule(name, 1, {"f": {"s": name}}) for name in names[:count]]
    rules += [small.rule("exactly", 1, {"f": {"s": {"is": names[:count]}}})]
    rules += [small.rule("every", 1, {"f": {"s": {"all": names[:count]}}})]
    rules += [small.rule("refused", 1, {"f": {"s": f"not({', '.join(map(repr, names[:count]))})".replace("'", '"')}})]
    criterion = small.criterion("c", count + 3, *rules, hit_policy="collect sum")
    used = small.methodology(criterion, fact_types=types)

    def fired(*stated: str) -> int:
        company = small.company(used, small.fact("f", {"s": list(stated)}))
        found = cc.score(company, used, cross_check=True).criteria[0]
        assert all(rule.fired is (rule.id in stated) for rule in found.rules if rule.id in names)
        return sum(rule.fired for rule in found.rules)

    assert fired(*names[:count]) == count + 2
    assert fired(*names[: count + 1]) == count + 1
    assert fired(*names[1:count]) == count - 1
    assert fired(names[-1]) == 1


def test_a_company_may_tell_any_number_of_names_of_a_set_apart_too() -> None:
    names = [f"v{i}" for i in range(100)]
    fields = {"s": {"type": "set", "values": names, "optional": True}}
    types = {"f": {"title": "F", "horizon": "long_term", "fields": fields}}
    used = small.methodology(small.criterion("c", 1, small.rule("r", 1, {"f": {"s": "v0"}})), fact_types=types)
    few = small.company(used, not_found=[{"f": {"s": name}} for name in names[1:]])
    assert cc.score(few, used, cross_check=True).criteria[0].outcome.value == "not_assessed"
    all_of_them = small.company(used, not_found=[{"f": {"s": name}} for name in names])
    assert cc.score(all_of_them, used, cross_check=True).criteria[0].outcome.value == "not_found"


def test_64_cases_of_a_condition_are_possible_and_more_are_not() -> None:
    def when(first: int, second: int) -> dict[str, object]:
        spread = [", ".join(str(2 * n) for n in range(count)) for count in (first, second)]
        return {"numbers": {"n0": spread[0], "n1": spread[1]}}

    ruleset = compiled(small.rule("r", 1, when(8, 8)), count=2)
    assert [shard.rules for shard in ruleset.matching] == [40, 24]
    with pytest.raises(cc.CriteriaError) as caught:
        methodology(2, small.rule("r", 1, when(5, 13)))
    told = "the tests of this condition fall into 65 separate cases, at most 64 are possible"
    assert codes(caught) == [("too-complex", told)]


def test_256_alternatives_of_a_rule_are_possible_and_257_are_not() -> None:
    def parts(count: int) -> list[object]:
        return [{"numbers": {"n0": n}} for n in range(count)]

    assert len(compiled(small.rule("r", 1, {"any": parts(256)})).rules["c", "r"].disjuncts) == 256
    with pytest.raises(cc.CriteriaError) as caught:
        methodology(1, small.rule("r", 1, {"any": parts(257)}))
    assert codes(caught) == [("too-complex", "rule `r` falls into more than 256 alternatives")]


def derivation(inputs: int, keys: int) -> dict[str, object]:
    """Return the files of a methodology with a derivation from so many inputs, joined by so many fields."""
    made = small.files(small.criterion("c", 1, small.rule("r", 1, {"sums": {"n0": inputs}})), fact_types=numbers(30))
    fields = {"n0": {"type": "integer"}}
    made["facts.yaml"]["fact_types"]["sums"] = {"title": "Sums", "horizon": "long_term", "fields": fields}
    made["facts.yaml"]["derivations"] = [
        {
            "id": "sum",
            "fact": "sums",
            "from": {f"i{n}": {"numbers": {"n0": n + 1}} for n in range(inputs)},
            "join": [f"n{n + 1}" for n in range(keys)],
            "set": {"n0": " + ".join(["i0.n0 - i0.n0", *(f"i{n}.n0 / i{n}.n0" for n in range(inputs))])},
        }
    ]
    return made


@pytest.mark.parametrize(("inputs", "keys"), [(14, 1), (15, 1), (2, 24), (2, 25), (15, 25)])
def test_derivations_join_up_to_15_inputs_by_up_to_25_fields(inputs: int, keys: int) -> None:
    used = cc.methodology_from(derivation(inputs, keys))  # type: ignore[arg-type] # plain data
    joined = {f"n{n + 1}": 7 for n in range(keys)}
    facts = [small.fact("numbers", {"n0": n + 1, **joined}) for n in range(inputs)]
    assert small.card(used, *facts).total == 100
    assert small.card(used, *facts[:-1]).total == 0
    assert small.card(used, *facts[:-1], small.fact("numbers", {"n0": inputs, **joined, "n1": 8})).total == 0


@pytest.mark.parametrize(
    ("inputs", "keys", "told"),
    [
        (16, 1, "derivation `sum` has 16 inputs, at most 15 are possible"),
        (2, 26, "derivation `sum` has 26 fields to join by, at most 25 are possible"),
    ],
)
def test_larger_derivations_are_refused_on_loading(inputs: int, keys: int, told: str) -> None:
    with pytest.raises(cc.CriteriaError) as caught:
        cc.methodology_from(derivation(inputs, keys))  # type: ignore[arg-type] # plain data
    assert codes(caught) == [("too-complex", told)]


@pytest.mark.parametrize("count", [100, pytest.param(2000, marks=pytest.mark.deep(part="hazards"))])
def test_a_methodology_may_have_2000_criteria(count: int) -> None:
    found = used("score_by_criteria", count)
    fired = [(i % 50 > i // 50 and i % 7 <= 4, i // 50 <= i % 50 <= i // 50 + 1) for i in range(count)]
    assert found["fired"] == sum(a + b for a, b in fired)
    assert found["points"] == sum(1 if a else 0.5 if b else 0 for a, b in fired)
