"""What a lying engine tells is found out, by the engine module itself or by the second evaluation of all rules."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from attrs import evolve

import cleancloud_rules as cc
from cleancloud_rules.engine import durable
from cleancloud_rules.engine.compiler import compile_methodology
from cleancloud_rules.engine.crosscheck import verify
from cleancloud_rules.engine.durable import Engine
from cleancloud_rules.engine.firings import Counted, Firing, Firings
from tests.support import small
from tests.support.stand_ins import GUARDS, Breaker, Liar, Lie, Spy, Told

EVERYTHING = small.methodology(
    small.LADDER,
    small.GOALS,
    small.criterion(
        "mixed",
        9,
        small.rule("all", 4, {"all": [{"goal": {"topic": "carbon"}}, {"site": {"uses": {"all": ["wind", "solar"]}}}]}),
        small.rule("any", 3, {"any": [{"goal": {"scopes": "three"}}, {"site": {"public": True}}]}),
        small.rule("none", 1, {"none": [{"goal": {"topic": "energy", "year": "> 2040"}}]}),
        small.rule("several", 1, {"count": {"of": {"site": {}}, "distinct": "uses", "at_least": 2}}),
        small.rule("some", 2, {"all": [{"goal": {}}, {"none": [{"count": {"of": {"site": {}}, "at_least": 4}}]}]}),
        hit_policy="collect sum",
        at_most=9,
    ),
)
"""A methodology with each combinator and a derivation."""

FACTS = (
    small.fact("goal", {"topic": "energy", "year": 2030, "coverage": "whole"}),
    small.fact("goal", {"topic": "carbon", "scopes": ["one", "three"]}),
    small.fact("site", {"region": "North", "uses": ["wind", "solar"], "public": True}),
    small.fact("site", {"region": "South", "uses": "hydro"}),
    small.fact("share", {"percent": 4}),
    small.fact("energy", {"status": "bought", "amount": "2 GWh"}),
    small.fact("energy", {"status": "used", "amount": "10 GWh"}),
    small.fact("energy", {"status": "used", "amount": "0 GWh"}),
)

COMPANY = small.company(EVERYTHING, *FACTS)


def fire(lie: Lie) -> Firings:
    """Return what a liar tells of the company, cross-checked."""
    engine = Engine(compile_methodology(EVERYTHING), Liar(lie))
    try:
        firings = engine.fire(COMPANY)
        verify(firings, EVERYTHING)
    finally:
        engine.close()
    return firings


HONEST = fire(lambda _, told: told)


def batches() -> list[tuple[str, list[Told]]]:
    """Return the shards that fire and what they fire, in order."""
    found: list[tuple[str, list[Told]]] = []

    def listen(shard: str, told: list[Told]) -> list[Told]:
        found.append((shard, told))
        return told

    fire(listen)
    return found


def lies(change: Callable[[list[Told], int], Iterator[list[Told]]]) -> Iterator[tuple[str, Lie]]:
    """Return lies that change one firing that is no guard's, in each way, and the kind of shard that is lied about."""
    for position, (shard, told) in enumerate(batches()):
        for i, (name, _) in enumerate(told):
            if name in GUARDS:
                continue
            for way in range(len(list(change(list(told), i)))):
                yield shard.rstrip("0123456789_"), _lie_at(position, i, way, change)


def _lie_at(position: int, i: int, way: int, change: Callable[[list[Told], int], Iterator[list[Told]]]) -> Lie:
    seen = iter(range(1_000_000))

    def lie(_: str, told: list[Told]) -> list[Told]:
        return list(change(list(told), i))[way] if next(seen) == position else told

    return lie


def losing(told: list[Told], i: int) -> Iterator[list[Told]]:
    yield told[:i] + told[i + 1 :]


def doubling(told: list[Told], i: int) -> Iterator[list[Told]]:
    yield [*told, told[i]]


def renaming(told: list[Told], i: int) -> Iterator[list[Told]]:
    name, records = told[i]
    for other in sorted({f"r{n}" for n in range(10)} | {f"m{n}_0" for n in range(0, 20, 2)} | {"anchor", "join"}):
        if other != name:
            yield [*told[:i], (other, records), *told[i + 1 :]]


def adding(told: list[Told], i: int) -> Iterator[list[Told]]:
    for changed in renaming(told, i):
        yield [*told, changed[i]]


def swapping(told: list[Told], i: int) -> Iterator[list[Told]]:
    name, records = told[i]
    for k, (other, others) in enumerate(told):
        if k > i and others != records and other != name and other not in GUARDS:
            changed = list(told)
            changed[i], changed[k] = (name, others), (other, records)
            yield changed


def crediting(told: list[Told], i: int) -> Iterator[list[Told]]:
    for other, records in told:
        if other in GUARDS:
            yield [*told[:i], (told[i][0], records), *told[i + 1 :]]
            yield [*told, (told[i][0], records)]


def forging(told: list[Told], i: int) -> Iterator[list[Told]]:
    name, records = told[i]
    for alias, record in records.items():
        for key in record:
            forged = {**records, alias: {**record, key: record[key] + 1}}
            yield [*told[:i], (name, forged), *told[i + 1 :]]


@pytest.mark.parametrize("change", [losing, doubling, renaming, adding, swapping, crediting, forging])
def test_no_lie_about_a_firing_changes_what_comes_out(
    change: Callable[[list[Told], int], Iterator[list[Told]]],
) -> None:
    found_out: Counter[str] = Counter()
    told: Counter[str] = Counter()
    for shard, lie in lies(change):
        told[shard] += 1
        try:
            assert fire(lie) == HONEST
        except cc.EngineError:
            found_out[shard] += 1
    if change is swapping:  # what fires at a level does so whatever the record, and the join fires one rule only
        assert set(told) == {"match", "level"}
        assert found_out["match"] > 0.6 * told["match"]
        return
    assert set(told) == {"match", "level", "join"}
    for shard, number in told.items():
        assert found_out[shard] >= 0.5 * number, (shard, found_out[shard], number)


def test_every_lost_doubled_and_forged_firing_of_a_join_and_of_the_last_level_is_found_out() -> None:
    for change in (losing, doubling, forging):
        for shard, lie in lies(change):
            if shard != "match":
                with pytest.raises(cc.EngineError):
                    fire(lie)


@pytest.mark.parametrize("guard", GUARDS)
def test_a_lost_guard_is_found_out(guard: str) -> None:
    with pytest.raises(cc.EngineError, match=f"its {guard} did not fire"):
        fire(lambda _, told: [(name, records) for name, records in told if name != guard])


def test_a_guard_that_fires_on_another_record_is_found_out() -> None:
    def lie(_: str, told: list[Told]) -> list[Told]:
        other = next(records for name, records in told if name not in GUARDS)
        return [(name, {"a0": other["a0"]} if name == "anchor" else records) for name, records in told]

    with pytest.raises(cc.EngineError, match=r"fired a rule that shard match0 does not have: anchor on \[\d+\]"):
        fire(lie)


def test_an_engine_that_tells_the_same_for_ever_is_stopped() -> None:
    class Endless(Spy):
        def complete_and_start_action(self, handle: int, state: int, /) -> str | None:
            anchor = '{"anchor": {"a0": {"anchor": 1, "id": 0, "sid": 0}}}'
            return super().complete_and_start_action(handle, state) or anchor

    with pytest.raises(cc.EngineError, match="fired a rule of shard match0 twice on the same records"):
        Engine(compile_methodology(EVERYTHING), Endless())


@pytest.mark.parametrize(
    "text", ["{", "[]", "{}", '{"a": 1, "b": 2}', '{"anchor": {}}', '{"anchor": {"m": {}}}', "null"]
)
def test_what_is_no_firing_at_all_is_an_error_of_the_engine(text: str) -> None:
    class Babbler(Liar):
        def start_action_for_state(self, handle: int, state: int, /) -> tuple[str, str] | None:
            super().start_action_for_state(handle, state)
            return "{}", text

    with pytest.raises(cc.EngineError):
        Engine(compile_methodology(EVERYTHING), Babbler(lambda _, told: told))


@pytest.mark.parametrize(
    "name", ["start_action_for_state", "complete_and_start_action", "delete_state", "assert_facts"]
)
@pytest.mark.parametrize("error", [RuntimeError("boom"), MemoryError(), SystemError("boom")])
def test_an_engine_that_raises_is_an_error_of_the_engine(name: str, error: Exception) -> None:
    ruleset = compile_methodology(EVERYTHING)
    spy = Spy()
    Engine(ruleset, spy).close()
    engine = Engine(ruleset, Breaker(name, error, after=len(spy.named(name))))
    with pytest.raises(cc.EngineError, match="the engine failed on shard match0"):
        engine.fire(COMPANY)


def test_an_engine_that_refuses_rules_is_an_error_of_the_engine() -> None:
    with pytest.raises(cc.EngineError, match="refused the rules of shard match0"):
        Engine(compile_methodology(EVERYTHING), Breaker("create_ruleset", RuntimeError("no")))


@pytest.mark.parametrize("code", [2, 3, 101, -1])
def test_a_code_that_stands_for_an_error_is_one(code: int) -> None:
    class Refusing(Spy):
        def assert_facts(self, handle: int, facts: str, /) -> tuple[int, int]:
            return code, super().assert_facts(handle, facts)[1]

    with pytest.raises(cc.EngineError, match=f"answered {code} to the facts"):
        Engine(compile_methodology(EVERYTHING), Refusing())


def test_a_score_is_not_given_where_the_engine_lost_a_firing(monkeypatch: pytest.MonkeyPatch) -> None:
    def lie(shard: str, told: list[Told]) -> list[Told]:
        return [message for message in told if message[0] in GUARDS] if shard.startswith("level") else told

    monkeypatch.setattr(durable, "load_backend", lambda: Liar(lie))
    own = evolve(EVERYTHING)
    assert cc.score(COMPANY, own).total == 0
    with pytest.raises(cc.EngineError, match=r"cross-check: rule .* did not fire, but holds"):
        cc.score(COMPANY, own, cross_check=True)
    with pytest.raises(cc.EngineError, match="cross-check"):
        cc.rank([COMPANY], own, cross_check=True)


def test_what_the_engine_fired_passes() -> None:
    verify(HONEST, EVERYTHING)
    assert {firing.rule for firing in HONEST.firings} == {
        "high", "low", "soon", "dated", "all", "any", "none", "several", "some",
    }  # fmt: skip


@pytest.mark.parametrize("left_out", HONEST.firings, ids=lambda firing: firing.rule)
def test_a_rule_that_holds_and_did_not_fire_is_named(left_out: Firing) -> None:
    rest = tuple(firing for firing in HONEST.firings if firing is not left_out)
    with pytest.raises(cc.EngineError) as caught:
        verify(evolve(HONEST, firings=rest), EVERYTHING)
    expected = f"cross-check: rule {left_out.rule} of {left_out.criterion} did not fire, but holds"
    assert str(caught.value) == expected


def test_a_rule_that_fired_and_does_not_hold_is_named() -> None:
    company = small.company(EVERYTHING, FACTS[0])
    with pytest.raises(cc.EngineError, match="rule high of ladder fired, but does not hold"):
        verify(evolve(HONEST, facts=(Counted(company.facts[0]),), problems=()), EVERYTHING)


def test_a_rule_that_does_not_exist_is_named() -> None:
    wrong = Firing("mixed", "unheard", ())
    with pytest.raises(cc.EngineError, match=r"rules fired that do not exist: \[\('mixed', 'unheard'\)\]"):
        verify(evolve(HONEST, firings=(*HONEST.firings, wrong)), EVERYTHING)


@pytest.mark.parametrize("changed", ["fewer", "more", "others"])
def test_a_rule_that_names_other_facts_is_named(changed: str) -> None:
    firing = next(firing for firing in HONEST.firings if firing.rule == "several")
    facts = {"fewer": firing.facts[:1], "more": (*firing.facts, "x"), "others": ("x", "y")}[changed]
    firings = tuple(evolve(f, facts=facts) if f is firing else f for f in HONEST.firings)
    with pytest.raises(cc.EngineError, match="rule several of mixed fired on"):
        verify(evolve(HONEST, firings=firings), EVERYTHING)


def test_a_derived_fact_that_is_missing_or_too_much_is_found_out() -> None:
    derived = next(counted for counted in HONEST.facts if counted.fact.derived_by)
    less = tuple(counted for counted in HONEST.facts if counted is not derived)
    more = (*HONEST.facts, Counted(evolve(derived.fact, id="share-x")))
    for facts in (less, more):
        with pytest.raises(cc.EngineError, match="derivation share_of_use made"):
            verify(evolve(HONEST, facts=facts), EVERYTHING)


def test_a_report_of_a_derivation_that_is_missing_is_found_out() -> None:
    assert [problem.rpartition(": ")[2] for problem in HONEST.problems] == [
        "green.amount / total.amount * 100 divides by zero"
    ]
    with pytest.raises(cc.EngineError, match="derivations reported"):
        verify(evolve(HONEST, problems=()), EVERYTHING)
