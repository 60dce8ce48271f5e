"""An engine that reports something else than what fired is noticed, by the engine module or by the cross-check."""

import json
import pickle
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from msgspec.structs import replace

import cleancloud_rules as cc
from cleancloud_rules.crosscheck.verifier import CrossCheck
from cleancloud_rules.engine import compiler, durable, matching
from cleancloud_rules.engine.compiler import compile_methodology
from cleancloud_rules.engine.durable import Engine
from cleancloud_rules.engine.firings import Counted, Firing, Firings
from cleancloud_rules.errors import Disagreement
from cleancloud_rules.model.facts import Basis
from cleancloud_rules.model.tree import structure_of
from cleancloud_rules.scoring.compiled import compiled
from cleancloud_rules.scoring.sums import Summing
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

CHECK = CrossCheck(EVERYTHING)

RULES = {"ladder": ["high", "low"], "goals": ["soon", "dated"], "mixed": ["all", "any", "none", "several", "some"]}
"""The rules in the order in which they are stated."""


def fire(lie: Lie) -> Firings:
    """Return what a liar tells of the company, cross-checked."""
    engine = Engine(compile_methodology(EVERYTHING), Liar(lie))
    try:
        firings = engine.fire(COMPANY)
        CHECK.firings(COMPANY, firings)
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


def test_messages_are_read_whatever_their_spacing() -> None:
    class Spacious(Liar):
        def written(self, message: dict[str, Any]) -> str:
            return json.dumps(message, indent=1)

    engine = Engine(compile_methodology(EVERYTHING), Spacious(lambda _, told: told))
    assert engine.fire(COMPANY) == HONEST


def test_a_condition_that_fires_on_two_records_is_found_out() -> None:
    def lie(shard: str, told: list[Told]) -> list[Told]:
        own = [(name, records) for name, records in told if name not in GUARDS]
        if not shard.startswith("match") or not own:
            return told
        (name, first), (_, last) = own[0], own[-1]
        return [(name, {"a0": first["a0"], "a1": last["a0"]}), *(one for one in told if one != own[0])]

    with pytest.raises(cc.EngineError, match="of shard match0 on no fact"):
        fire(lie)


def test_a_condition_that_fires_on_a_fact_of_another_type_is_found_out_by_the_engine_module() -> None:
    def lie(shard: str, told: list[Told]) -> list[Told]:
        own = [(name, records) for name, records in told if name not in GUARDS and shard.startswith("match")]
        if not own:
            return told
        (name, first), *_ = own
        other = next(records for _, records in own if records["a0"]["t"] != first["a0"]["t"])
        return [(name, other) if one == own[0] else one for one in told]

    with pytest.raises(cc.EngineError, match="of shard match0 on a fact of another type"):
        Engine(compile_methodology(EVERYTHING), Liar(lie)).fire(COMPANY)


def test_a_firing_that_comes_twice_in_two_spellings_is_found_out() -> None:
    class Repeating(Liar):
        def start_action_for_state(self, handle: int, state: int, /) -> tuple[str, str] | None:
            started = super().start_action_for_state(handle, state)
            self._told.append(self._told[-1].replace(":", ": "))
            return started

    with pytest.raises(cc.EngineError, match="fired a rule of shard match0 twice on the same records"):
        Engine(compile_methodology(EVERYTHING), Repeating(lambda _, told: told))


def test_an_engine_that_tells_something_new_for_ever_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(Spy):
        has_ended = False

        def complete_and_start_action(self, handle: int, state: int, /) -> str | None:
            self.calls.append(("another", ()))
            text = None if self.has_ended else super().complete_and_start_action(handle, state)
            self.has_ended = text is None
            return text or f"{{{' ' * len(self.calls)}}}"

    monkeypatch.setattr(durable, "MAX_MESSAGES", 50)
    with pytest.raises(cc.EngineError, match="told of more than 50 firings of shard match0"):
        Engine(compile_methodology(EVERYTHING), Endless())


def test_no_batch_leads_to_more_messages_than_are_read() -> None:
    guards = 2
    assert (compiler.MAX_RULES + guards) * (matching.MAX_RECORDS + guards) < durable.MAX_MESSAGES
    assert matching.MAX_COMBINATIONS + guards < durable.MAX_MESSAGES


@pytest.mark.parametrize("guard", GUARDS)
def test_a_condition_that_fires_on_a_guard_is_found_out_by_the_engine_module(guard: str) -> None:
    """The last fact is of the type that the condition asks for, so its type alone would not give the lie away."""
    used = small.methodology(small.LADDER)
    company = small.company(used, small.fact("share", {"percent": 20}), small.fact("share", {"percent": 30}))

    def lie(_: str, told: list[Told]) -> list[Told]:
        (record,) = [records for name, records in told if name == guard]
        return [(name, records if name in GUARDS else record) for name, records in told]

    ruleset = compile_methodology(used)
    with pytest.raises(cc.EngineError, match="of shard match0 on no fact"):
        Engine(ruleset, Liar(lambda shard, told: lie(shard, told)[:3] if shard.startswith("match") else told)).fire(
            company
        )


def test_points_of_a_criterion_that_is_none_are_found_out() -> None:
    found = Summing(structure_of(EVERYTHING)).sums(HONEST)
    with pytest.raises(cc.EngineError, match="points of group `nowhere`"):
        CHECK.points(COMPANY, HONEST, found.earned, {**found.points, "nowhere": Decimal(1)})
    with pytest.raises(cc.EngineError, match="rule `none` of group `nowhere`"):
        CHECK.points(COMPANY, HONEST, {**found.earned, "nowhere": {"none": Decimal(1)}}, found.points)


@pytest.mark.parametrize("guard", GUARDS)
def test_a_lost_guard_is_found_out(guard: str) -> None:
    with pytest.raises(cc.EngineError, match=f"its {guard} did not fire"):
        fire(lambda _, told: [(name, records) for name, records in told if name != guard])


def test_a_guard_that_fires_on_another_record_is_found_out() -> None:
    def lie(_: str, told: list[Told]) -> list[Told]:
        other = next(records for name, records in told if name not in GUARDS)
        return [(name, {"a0": other["a0"]} if name == "anchor" else records) for name, records in told]

    with pytest.raises(cc.EngineError, match=r"fired a rule that shard match0 does not have: anchor on \['{.*}'\]"):
        fire(lie)


def test_an_engine_that_tells_the_same_for_ever_is_stopped() -> None:
    class Endless(Spy):
        def complete_and_start_action(self, handle: int, state: int, /) -> str | None:
            anchor = '{"anchor":{"a0":{"anchor":1,"id":0,"sid":0}}}'
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
    assert cc.score(COMPANY, own, cross_check=False).criterion("mixed").points == 3  # stage 1 decides `any`
    for result in (lambda: cc.score(COMPANY, own), lambda: cc.rank([COMPANY], own)):
        with pytest.raises(cc.EngineError, match="rule `all` of criterion `mixed`") as caught:
            result()
        assert caught.value.company == COMPANY.id
        assert len(caught.value.disagreements) == 4


def about(changed: Firings, company: cc.Company = COMPANY) -> list[Disagreement]:
    """Return what the cross-check says of changed firings."""
    with pytest.raises(cc.EngineError) as caught:
        CHECK.firings(company, changed)
    assert caught.value.company == company.id
    assert str(caught.value).startswith(f"the rules engine and the cross-check differ on company `{company.id}`")
    assert all(str(disagreement) in str(caught.value) for disagreement in caught.value.disagreements)
    return list(caught.value.disagreements)


def test_what_the_engine_fired_passes() -> None:
    CHECK.firings(COMPANY, HONEST)
    assert {firing.rule for firing in HONEST.firings} == {
        "high", "low", "soon", "dated", "all", "any", "none", "several", "some",
    }  # fmt: skip


@pytest.mark.parametrize("left_out", HONEST.firings, ids=lambda firing: firing.rule)
def test_a_rule_that_holds_and_did_not_fire_is_named(left_out: Firing) -> None:
    rest = tuple(firing for firing in HONEST.firings if firing is not left_out)
    (found,) = about(evolve(HONEST, firings=rest))
    assert (found.criterion, found.rule) == (left_out.criterion, left_out.rule)
    assert found.what == f"rule `{left_out.rule}` of criterion `{left_out.criterion}`"
    assert found.engine == "it did not fire"
    assert found.cross_check.startswith("it holds ")
    assert all(id in found.cross_check for id in left_out.facts)
    assert found.location is not None
    assert f"rules[{RULES[left_out.criterion].index(left_out.rule)}]" in found.location.path


def test_all_rules_that_differ_are_named_at_once() -> None:
    found = about(evolve(HONEST, firings=HONEST.firings[2:]))
    assert [(d.criterion, d.rule) for d in found] == [(f.criterion, f.rule) for f in HONEST.firings[:2]]


def test_a_rule_that_fired_and_does_not_hold_is_named() -> None:
    company = small.company(EVERYTHING, FACTS[0])
    fewer = evolve(HONEST, facts=(Counted(company.facts[0]),), problems=())
    found = {disagreement.rule: disagreement for disagreement in about(fewer, company)}
    assert found["high"].engine.startswith("it fired because of ")
    assert found["high"].cross_check == "it does not hold"


def test_a_rule_that_does_not_exist_is_named() -> None:
    wrong = Firing("mixed", "unheard", ())
    (found,) = about(evolve(HONEST, firings=(*HONEST.firings, wrong)))
    assert (found.rule, found.engine, found.cross_check) == ("unheard", "it fired without a fact", "it does not hold")


def test_a_firing_that_is_listed_twice_is_found_out() -> None:
    (found,) = about(evolve(HONEST, firings=(*HONEST.firings, HONEST.firings[0])))
    assert found.engine == "one fired more than once"


@pytest.mark.parametrize("changed", ["fewer", "more", "others"])
def test_a_rule_that_names_other_facts_is_named(changed: str) -> None:
    firing = next(firing for firing in HONEST.firings if firing.rule == "several")
    facts = {"fewer": firing.facts[:1], "more": (*firing.facts, "x"), "others": ("x", "y")}[changed]
    firings = tuple(replace(f, facts=facts) if f is firing else f for f in HONEST.firings)
    (found,) = about(evolve(HONEST, firings=firings))
    assert found.rule == "several"
    assert all(id in found.engine for id in facts)
    assert all(id in found.cross_check for id in firing.facts)


def test_a_derived_fact_that_is_missing_or_too_much_is_found_out() -> None:
    derived = next(counted for counted in HONEST.facts if counted.fact.derived_by)
    less = tuple(counted for counted in HONEST.facts if counted is not derived)
    more = (*HONEST.facts, Counted(evolve(derived.fact, id="share-x")))
    for facts in (less, more):
        assert any(found.what == "derivation `share_of_use`" for found in about(evolve(HONEST, facts=facts)))


@pytest.mark.parametrize(
    "change",
    [
        {"values": small.company(EVERYTHING, small.fact("share", {"percent": 21})).facts[0].values},
        {"period": None},
        {"as_of": date(2023, 1, 1)},
        {"entity": "a subsidiary"},
        {"basis": Basis.HYPOTHETICAL},
        {"source": COMPANY.facts[0].source},
        {"derived_from": ("x",)},
    ],
    ids=str,
)
def test_a_derived_fact_that_says_something_else_is_found_out(change: dict[str, Any]) -> None:
    derived = next(counted for counted in HONEST.facts if counted.fact.derived_by)
    if change.get("source") == derived.fact.source:
        change = {"source": None}
    wrong = replace(derived, fact=evolve(derived.fact, **change))
    facts = tuple(wrong if counted is derived else counted for counted in HONEST.facts)
    assert any(found.what == "derivation `share_of_use`" for found in about(evolve(HONEST, facts=facts)))


def test_the_error_about_a_derived_fact_says_what_each_computed() -> None:
    derived = next(counted for counted in HONEST.facts if counted.fact.derived_by)
    wrong = replace(derived, fact=evolve(derived.fact, entity="a subsidiary"))
    facts = tuple(wrong if counted is derived else counted for counted in HONEST.facts)
    found = next(f for f in about(evolve(HONEST, facts=facts)) if f.what == "derivation `share_of_use`")
    sources = ", ".join(derived.fact.derived_from)
    computed = "base: electricity, percent: 20, period: 2023"
    assert found.cross_check == f"{computed}, source: report, calculated, from {sources}"
    assert found.engine == f"{computed}, entity: a subsidiary, source: report, calculated, from {sources}"


def test_equal_derived_facts_are_found_out() -> None:
    derived = next(counted for counted in HONEST.facts if counted.fact.derived_by)
    twice = (*HONEST.facts, Counted(evolve(derived.fact, id="share-x")))
    found = next(f for f in about(evolve(HONEST, facts=twice)) if f.what == "derivation `share_of_use`")
    assert (found.engine, found.cross_check) == ("several facts are equal", "each fact is computed once")


def test_a_problem_of_a_derivation_that_is_not_reported_is_found_out() -> None:
    assert [problem.rpartition(": ")[2] for problem in HONEST.problems] == [
        "green.amount / total.amount * 100 divides by zero"
    ]
    (found,) = about(evolve(HONEST, problems=()))
    assert found.what == "problems of derivations"
    (found,) = about(evolve(HONEST, problems=(*HONEST.problems, "derivation x makes nothing")))
    assert found.engine == "derivation x makes nothing"


def test_a_fact_of_the_company_that_is_left_out_is_found_out() -> None:
    facts = tuple(counted for counted in HONEST.facts if counted.fact.type != "goal")
    assert about(evolve(HONEST, facts=facts))[0].what == "facts of the company"


def test_the_error_names_company_criterion_rule_and_place_and_both_results() -> None:
    rest = tuple(firing for firing in HONEST.firings if firing.rule != "dated")
    with pytest.raises(cc.EngineError) as caught:
        CHECK.firings(COMPANY, evolve(HONEST, firings=rest))
    (goal,) = (c.fact.id for c in HONEST.facts if c.fact.type == "goal" and c.fact.get("year"))
    assert str(caught.value).splitlines() == [
        "the rules engine and the cross-check differ on company `acme` (<data>); it has no result",
        "  whole.yaml:criteria[1].rules[1]: rule `dated` of criterion `goals`",
        "    engine: it did not fire",
        f"    cross-check: it holds because of {goal} (<data>:facts[0])",
    ]


def test_the_error_can_be_pickled() -> None:
    with pytest.raises(cc.EngineError) as caught:
        CHECK.firings(COMPANY, evolve(HONEST, problems=()))
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - the test pickles it
    assert (str(copy), copy.company) == (str(caught.value), COMPANY.id)
    assert copy.disagreements == caught.value.disagreements


def points_of(changed: dict[str, dict[str, Decimal]], points: dict[str, Decimal]) -> list[Disagreement]:
    """Return what the cross-check says of changed points."""
    found = compiled(EVERYTHING).sums(COMPANY, HONEST)
    earned = {id: {**rules, **changed.get(id, {})} for id, rules in found.earned.items()}
    with pytest.raises(cc.EngineError) as caught:
        CHECK.points(COMPANY, HONEST, earned, {**found.points, **points})
    return list(caught.value.disagreements)


def test_points_of_a_rule_that_are_wrong_are_found_out() -> None:
    (found,) = points_of({"ladder": {"low": Decimal(2)}}, {})
    assert (found.criterion, found.rule) == ("ladder", "low")
    assert (found.engine, found.cross_check) == ("2 points", "1 point")


def test_points_of_a_criterion_that_are_wrong_are_found_out() -> None:
    (found,) = points_of({}, {"mixed": Decimal(10)})
    assert found.what == "points of criterion `mixed`"
    assert (found.engine, found.cross_check) == ("10 points", "9 points")


def test_points_of_a_criterion_without_a_firing_are_found_out() -> None:
    fewer = tuple(firing for firing in HONEST.firings if firing.criterion != "goals")
    found = compiled(EVERYTHING).sums(COMPANY, HONEST)
    with pytest.raises(cc.EngineError, match="points of criterion `goals`"):
        CHECK.points(COMPANY, evolve(HONEST, firings=fewer), found.earned, found.points)
