"""What must not be done to the engine. Each function drives its extension module as its name says.

They run in child processes (``python -m tests.hazards.misuse NAME``), since most of them end in a crash, in a loop
without end, or in a state that must not be left to other tests. What a function returns is printed as JSON.
"""

import json
import resource
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from cleancloud_rules.engine.durable import load_backend

engine = load_backend()


def load(**rules: Any) -> int:
    """Return the handle of a ruleset; each rule is a list of patterns that must all match."""
    definition = {name: {"all": patterns} for name, patterns in rules.items()}
    handle: int = engine.create_ruleset("misused", json.dumps(definition))
    return handle


def pattern(alias: str, condition: Any) -> dict[str, Any]:
    return {alias: condition}


def send(handle: int, records: Iterable[dict[str, Any]], sid: Any = 0) -> tuple[int, int]:
    batch = [{"id": i, "sid": sid, **record} for i, record in enumerate(records)]
    code, state = engine.assert_facts(handle, json.dumps(batch))
    return code, state


def drain(handle: int, state: int) -> list[tuple[str, Any]]:
    """Return every firing, as name and records."""
    fired = []
    started = engine.start_action_for_state(handle, state)
    text = started[1] if started else None
    while text:
        fired.extend(json.loads(text).items())
        text = engine.complete_and_start_action(handle, state)
    return fired


def names(fired: list[tuple[str, Any]]) -> list[str]:
    return [name for name, _ in fired]


def fire(handle: int, records: Iterable[dict[str, Any]]) -> list[str]:
    """Return the names of the rules that fire, in order."""
    _, state = send(handle, records)
    return names(drain(handle, state))


def delete_a_state_in_which_nothing_started() -> None:
    for _ in range(20):
        handle = load(r=[pattern("m", {"a": 1})])
        send(handle, [{"b": 1}])
        engine.delete_state(handle, "0")


def delete_a_state_in_which_an_anchor_started() -> str:
    for _ in range(20):
        handle = load(r=[pattern("m", {"a": 1})], anchor=[pattern("m", {"anchor": 1})])
        fire(handle, [{"anchor": 1}, {"b": 1}])
        engine.delete_state(handle, "0")
    return "alive"


def drain_after_an_empty_batch() -> None:
    handle = load(r=[pattern("m", {"a": 1})])
    for text in ("[]", "[{]", '[{"a": 1e5}]'):
        _, state = engine.assert_facts(handle, text)
        drain(handle, state)
        engine.complete_and_start_action(handle, state)


def send_a_number_in_exponent_notation_between_others() -> list[Any]:
    handle = load(r=[pattern("m", {"$gte": {"a": 1}})])
    text = '[{"id": 0, "sid": 0, "a": 1}, {"id": 1, "sid": 0, "a": 1E3}, {"id": 2, "sid": 0, "a": 2}]'
    code, state = engine.assert_facts(handle, text)
    return [code, [records["m"]["id"] for _, records in drain(handle, state)]]


def share_a_pattern_among(count: str) -> int:
    handle = load(**{f"r{i}": [pattern("m", {"a": 1})] for i in range(int(count))})
    return len(fire(handle, [{"a": 1}]))


def load_tests_under_one_node(count: str) -> str:
    load(**{f"r{i}": [pattern("m", {f"a{i}": 1})] for i in range(int(count))})
    return "loaded"


def fire_tests_under_one_node(count: str) -> list[str]:
    handle = load(**{f"r{i}": [pattern("m", {f"a{i}": 1})] for i in range(int(count))})
    return fire(handle, [{"a0": 1}])


def match_patterns_with_one_record(count: str) -> list[Any]:
    handle = load(**{f"r{i}": [pattern("m", {"$gte": {"a": i}})] for i in range(int(count))})
    try:
        code, state = send(handle, [{"a": 1000}, {"a": 0}])
    except engine.error as error:
        return [str(error)]
    return [code, len(drain(handle, state))]


def join_patterns_in_a_conjunction(count: str) -> list[Any]:
    handle = load(r=[pattern(f"a{i}", {f"p{i}": 1}) for i in range(int(count))])
    try:
        code, state = send(handle, [{f"p{i}": 1} for i in range(int(count))])
    except engine.error as error:
        return [str(error)]
    return [code, names(drain(handle, state))]


def join_by(count: str) -> list[Any]:
    joined = [{"q": 1}, *({f"j{i}": {"a": f"j{i}"}} for i in range(int(count)))]
    try:
        load(r=[pattern("a", {"p": 1}), pattern("b", {"$and": joined})])
    except engine.error as error:
        return [str(error)]
    return []


def send_properties(count: str) -> list[Any]:
    handle = load(r=[pattern("m", {"a": 1})])
    wide = {f"p{i}": 0 for i in range(int(count) - 3)}
    code, state = send(handle, [{"a": 1}, {"a": 1, **wide}, {"a": 1}])
    return [code, sorted(records["m"]["id"] for _, records in drain(handle, state))]


def negate_a_fact_that_comes_later() -> list[Any]:
    rule = [pattern("m", {"anchor": 1}), pattern("n$not", {"b": 1})]
    late = fire(load(r=rule), [{"anchor": 1}, {"b": 1}])
    early = fire(load(r=rule), [{"b": 1}, {"anchor": 1}])
    handle = load(r=rule)
    send(handle, [{"anchor": 1}])
    one_by_one = names(drain(handle, send(handle, [{"id": 1, "b": 1}])[1]))
    return [late, early, one_by_one]


def negate_alone() -> list[str]:
    fired = []
    for _ in range(20):
        handle = load(r=[pattern("m$not", {"b": 1})])
        fired += fire(handle, [{"a": 1}])
        engine.delete_state(handle, "0")
    return fired


def ask_for_absence_alone() -> list[str]:
    return fire(load(r=[pattern("m", {"$nex": {"b": 1}})]), [{"a": 1}])


def ask_the_public_host_for_absence() -> None:
    from durable.lang import assert_fact, m, ruleset, when_all  # noqa: PLC0415 - starts threads, for this misuse alone

    with ruleset("absence"):
        when_all(-m.b)(lambda _: None)
    assert_fact("absence", {"a": 1})


def divide_by_zero() -> list[str]:
    quotient = {"$div": {"$l": {"$m": "a"}, "$r": {"$m": "b"}}}
    return fire(load(r=[pattern("m", {"c": quotient})]), [{"a": 1, "b": 0, "c": 1}])


def divide_integers() -> list[str]:
    quotient = {"$div": {"$l": {"$m": "a"}, "$r": {"$m": "b"}}}
    return fire(load(r=[pattern("m", {"c": quotient})]), [{"a": 7, "b": 2, "c": 3}])


def compare_across_types() -> dict[str, bool]:
    def holds(condition: Any, value: Any) -> bool:
        return fire(load(r=[pattern("m", condition)]), [{"a": value}]) == ["r"]

    return {
        '"3" >= 3': holds({"$gte": {"a": 3}}, "3"),
        '"abc" > 10': holds({"$gt": {"a": 10}}, "abc"),
        '"true" == true': holds({"a": True}, "true"),
        "1 == true": holds({"a": True}, 1),
        "2 ** 63 == 2 ** 70": holds({"a": 2**63}, 2**70),
        "2 ** 53 + 1 == 2.0 ** 53": holds({"a": 2**53 + 1}, 2.0**53),
    }


def send_ids_with_one_hash() -> list[Any]:
    handle = load(r=[pattern("m", {"a": 1})])
    ids = ("company-fact-649192", "company-fact-412789")
    code, state = engine.assert_facts(handle, json.dumps([{"id": id, "sid": 0, "a": 1} for id in ids]))
    return [code, [records["m"]["id"] for _, records in drain(handle, state)]]


def name_properties_with_one_hash() -> list[str]:
    return fire(load(r=[pattern("m", {"gnlg": 1})]), [{"gapashare": 1}])


def delete_a_session_with_a_quote() -> list[Any]:
    handle = load(r=[pattern("m", {"a": 1})])
    _, state = send(handle, [{"a": 1}], sid='o"neill')
    drain(handle, state)
    try:
        engine.delete_state(handle, 'o"neill')
    except engine.error as error:
        return [str(error)]
    return []


def keep_sessions(count: str) -> str:
    handle = load(r=[pattern("m", {"a": 1})])
    for sid in range(int(count)):
        try:
            _, state = send(handle, [{"a": 1}], sid=sid)
        except MemoryError:
            return f"MemoryError at session {sid + 1}"
        drain(handle, state)
    return "alive"


def delete_the_session_that_was_too_many() -> str:
    handle = load(r=[pattern("m", {"a": 1})])
    for sid in range(1025):
        try:
            drain(handle, send(handle, [{"a": 1}], sid=sid)[1])
        except MemoryError:
            engine.delete_state(handle, str(sid))
    return "alive"


def resident() -> float:
    """Return the memory that the process holds, in megabytes."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize() / 1e6


def delete_rulesets(before: str) -> float:
    """Return how many megabytes are lost by 100 rulesets, deleted with their state or after it."""

    def once() -> None:
        handle = load(r=[pattern("m", {"a": 1})])
        fire(handle, [{"a": 1}])
        if before == "after_their_state":
            engine.delete_state(handle, "0")
        engine.delete_ruleset(handle)

    for _ in range(100):
        once()
    start = resident()
    for _ in range(1000):
        once()
    return (resident() - start) / 10


def keep_rulesets() -> list[Any]:
    for count in range(1, 140_000):
        try:
            load(r=[pattern("m", {"a": 1})])
        except engine.error as error:
            return [count, str(error)]
    return []


def match_two_alternatives() -> list[str]:
    return fire(load(r=[pattern("m", {"$or": [{"a": 1}, {"b": 1}]})]), [{"a": 1, "b": 1}])


def ask_twice_of_one_record() -> list[list[str]]:
    twice = [pattern("m", {"$gte": {"a": 1}}), pattern("n", {"$lte": {"a": 5}})]
    together = [pattern("m", {"$and": [{"$gte": {"a": 1}}, {"$lte": {"a": 5}}]})]
    return [fire(load(r=twice), [{"a": 3}]), fire(load(r=together), [{"a": 3}])]


def combine_records() -> int:
    return len(fire(load(r=[pattern("m", {"a": 1}), pattern("n", {"b": 1})]), [*[{"a": 1}] * 10, *[{"b": 1}] * 10]))


def fire_in_the_order_of_assertion() -> list[list[int]]:
    handle = load(r=[pattern("m", {"$gte": {"a": 0}})])
    orders = []
    for values in ([1, 2, 3], [3, 1, 2]):
        _, state = send(handle, [{"a": value} for value in values])
        orders.append([records["m"]["a"] for _, records in drain(handle, state)])
        engine.delete_state(handle, "0")
    return orders


def start_the_public_host() -> int:
    from durable.engine import Host  # noqa: PLC0415 - as above

    Host({})
    return threading.active_count() - 1


def post_an_event() -> list[list[str]]:
    rules = {"r": [pattern("m", {"a": 1})], "s": [pattern("m", {"a": 1})]}
    handle = load(**rules)
    _, state = engine.assert_events(handle, '[{"id": 0, "sid": 0, "a": 1}]')
    return [names(drain(handle, state)), fire(load(**rules), [{"a": 1}])]


def leave_facts_behind() -> list[str]:
    handle = load(r=[pattern("m", {"a": 1}), pattern("n", {"b": 1})])
    send(handle, [{"a": 1}])
    return fire(handle, [{"x": 1}, {"b": 1}])


def main(name: str, *arguments: str) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    misuse: Callable[..., Any] = globals()[name]
    print(json.dumps(misuse(*arguments)))  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    main(*sys.argv[1:])
