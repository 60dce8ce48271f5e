"""What is done with the engine through the library, where a mistake would crash, hang or grow.

The functions run in child processes (``python -m tests.hazards.use NAME``) like those of `tests.hazards.misuse`; what
they return is printed as JSON.
"""

import gc
import json
import multiprocessing
import os
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cleancloud_rules as cc
from cleancloud_rules.engine import durable
from cleancloud_rules.engine.compiler import compile_methodology
from cleancloud_rules.engine.durable import Engine, load_backend
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Methodology
from tests.hazards.misuse import resident
from tests.support import small
from tests.support.places import DATASET


def settled() -> float:
    """Return the memory that the process holds, in megabytes, with nothing left to collect."""
    gc.collect()
    return resident()


def numbers(count: int) -> dict[str, Any]:
    """Return a fact type of optional integers."""
    fields = {f"n{i}": {"type": "integer", "optional": True} for i in range(count)}
    return {"numbers": {"title": "Numbers", "horizon": "long_term", "fields": fields}}


def methodology(count: int, *rules: Any) -> Methodology:
    """Return a methodology of one criterion, whose rules read a fact type of `count` integers."""
    return small.methodology(small.criterion("c", 1, *rules), fact_types=numbers(count))


def stated(used: Methodology, *facts: dict[str, int]) -> Company:
    return small.company(used, *(small.fact("numbers", fact) for fact in facts))


def fired(used: Methodology, company: Company) -> list[str]:
    """Return the rules that fire, each seen by the second evaluation too."""
    card = cc.score(company, used, cross_check=True)
    return [rule.id for c in card.categories for criterion in c.criteria for rule in criterion.rules if rule.fired]


def score_companies_of_which_nothing_matches() -> int:
    used = methodology(2, small.rule("r", 1, {"numbers": {"n0": "> 5"}}))
    companies = [stated(used), stated(used, {"n0": 1}), stated(used, {"n1": 9}), stated(used, {"n0": 5}, {"n0": 4})]
    return sum(len(fired(used, company)) for company in companies * 25)


def ask_the_same_in_rules(count: str) -> int:
    rules = [small.rule(f"r{i}", 1, {"numbers": {"n0": ">= 1"}}) for i in range(int(count))]
    used = methodology(1, *rules)
    return len(fired(used, stated(used, {"n0": 1})))


def ask_many_things_in_conjunctions(rules: str, width: str) -> int:
    count, fields = int(rules), int(width)
    parts = [[{"numbers": {f"n{i}": f">= {k}"}} for i in range(fields)] for k in range(count)]
    used = methodology(fields, *(small.rule(f"r{k}", 1, {"all": part}) for k, part in enumerate(parts)))
    return len(fired(used, stated(used, {f"n{i}": count // 2 for i in range(fields)})))


def satisfy_conditions_with_one_fact(count: str) -> int:
    used = methodology(1, *(small.rule(f"r{i}", 1, {"numbers": {"n0": f">= {i}"}}) for i in range(int(count))))
    return len(fired(used, stated(used, {"n0": 100_000})))


def count_to_different_numbers(count: str) -> int:
    rules = [
        small.rule(f"r{i}", 1, {"count": {"of": {"numbers": {}}, "at_least": i}}) for i in range(1, int(count) + 1)
    ]
    used = methodology(1, *rules)
    return len(fired(used, stated(used, *({"n0": n} for n in range(int(count) - 5)))))


def join_conditions_in_one_rule(count: str) -> list[int]:
    """Return how often a rule of so many conditions fires where all are met, and where one is not."""
    width = int(count)
    used = methodology(width, small.rule("r", 1, {"all": [{"numbers": {f"n{i}": 1}} for i in range(width)]}))
    facts = [{f"n{i}": 1} for i in range(width)]
    return [len(fired(used, stated(used, *facts))), len(fired(used, stated(used, *facts[:-1])))]


def read_fields_of_one_type(count: str) -> int:
    width = int(count)
    used = methodology(width, *(small.rule(f"r{i}", 1, {"numbers": {f"n{i}": ">= 1"}}) for i in range(width)))
    return len(fired(used, stated(used, {f"n{i}": 2 for i in range(width)})))


def score_in_one_process(count: str) -> dict[str, Any]:
    """Return the memory held after 500 companies and after all of them, and milliseconds for one company."""
    used = cc.load_methodology("clean_cloud_2024")
    companies = cc.load_dataset(DATASET, used).companies
    expected = {company.id: cc.score(company, used).to_json() for company in companies}
    memory, wrong, start = [], 0, time.perf_counter()
    for number in range(int(count)):
        company = companies[number % len(companies)]
        card = cc.score(company, used)
        if number % 1000 == 0:
            wrong += card.to_json() != expected[company.id]
        if number % 500 == 499:
            memory.append(settled())
    spent = time.perf_counter() - start
    return {"after_500": memory[0], "largest": max(memory), "wrong": wrong, "ms": 1000 * spent / int(count)}


def fire_in_one_process(count: str) -> dict[str, Any]:
    """As `score_in_one_process`, for the engine alone."""
    used = cc.load_methodology("clean_cloud_2024")
    companies = cc.load_dataset(DATASET, used).companies
    engine = Engine(compile_methodology(used))
    memory, start = [], time.perf_counter()
    for number in range(int(count)):
        engine.fire(companies[number % len(companies)])
        if number % 500 == 499:
            memory.append(settled())
    spent = time.perf_counter() - start
    return {"after_500": memory[0], "largest": max(memory), "ms": 1000 * spent / int(count)}


def hold_companies_at_once(count: str) -> list[Any]:
    """Score so many companies whose facts and scorecards are all held, in eight threads."""
    used = small.methodology(small.LADDER, small.GOALS)
    companies = [small.company(used, small.fact("share", {"percent": n % 20}), id=f"c{n}") for n in range(int(count))]
    with ThreadPoolExecutor(8) as pool:
        cards = list(pool.map(lambda company: cc.score(company, used), companies))
    wrong = [c.company.id for n, c in enumerate(cards) if c.total != (40 if n % 20 > 10 else 10 if n % 20 else 0)]
    return [len(cards), wrong, len({c.company.id for c in cards})]


def expected_totals() -> tuple[Methodology, list[tuple[Company, str]]]:
    used = cc.load_methodology("clean_cloud_2024")
    return used, [(c, cc.score(c, used).to_json()) for c in cc.load_dataset(DATASET, used).companies]


def score_in_threads(rounds: str) -> int:
    """Return how many scorecards of eight threads are not as one thread makes them."""
    used, cases = expected_totals()
    sys.setswitchinterval(1e-5)

    def wrong(start: int) -> int:
        turned = cases[start:] + cases[:start]
        return sum(cc.score(company, used).to_json() != text for _ in range(int(rounds)) for company, text in turned)

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(wrong, range(8)))


def begin_in_threads() -> list[int]:
    """Score in eight threads with a methodology that none has used yet."""
    used, cases = expected_totals()
    again = cc.load_methodology("clean_cloud_2024")
    barrier = threading.Barrier(8)

    def score(case: tuple[Company, str]) -> bool:
        barrier.wait()
        return cc.score(case[0], again).to_json() == case[1]

    with ThreadPoolExecutor(8) as pool:
        right = sum(pool.map(score, cases[:8]))
    return [right, int(again == used)]


_shared: dict[str, tuple[Methodology, list[tuple[Company, str]]]] = {}


def _wrong_in_child(given: tuple[Methodology, list[tuple[Company, str]]] | None) -> int:
    used, cases = given or _shared["by fork"]
    return sum(cc.score(company, used).to_json() != text for company, text in cases)


def score_in_processes(method: str) -> list[int]:
    """Return the numbers of wrong scorecards in four processes; forked ones use the engine that they inherit."""
    made = expected_totals()
    _shared["by fork"] = made
    given = None if method == "fork" else made
    with multiprocessing.get_context(method).Pool(4) as pool:
        return pool.map(_wrong_in_child, [given] * 4, chunksize=1)


def fork_while_threads_score(times: str, locks: str) -> list[int]:
    """Fork again and again while two threads score; return how many children scored wrongly, and how many hung.

    Args:
        times: how many children; none after the first that hangs.
        locks: ``renewed`` as they are, or ``inherited`` to take that remedy away.
    """
    used, cases = expected_totals()
    sys.setswitchinterval(1e-5)
    if locks == "inherited":
        durable._engines.clear()
    stop = threading.Event()

    def keep_scoring() -> None:
        while not stop.is_set():
            for company, _ in cases:
                cc.score(company, used)

    threads = [threading.Thread(target=keep_scoring, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    failed = hung = 0
    for _ in range(int(times)):
        child = os.fork()
        if not child:
            os._exit(0 if all(cc.score(company, used).to_json() == text for company, text in cases) else 1)
        ended = _awaited(child)
        failed, hung = failed + (ended == 1), hung + (ended == 2)
        if hung:
            break
    stop.set()
    for thread in threads:
        thread.join()
    return [failed, hung]


def _awaited(child: int) -> int:
    """Return 0 for a child that ended well, 1 for one that failed and 2 for one that did not end."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return int(status != 0)
        time.sleep(0.002)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return 2


def leave_no_thread() -> list[int]:
    before = threading.active_count()
    used = cc.load_methodology("clean_cloud_2024")
    for company in cc.load_dataset(DATASET, used).companies:
        cc.score(company, used)
    tasks = Path("/proc/self/task")
    return [before, threading.active_count(), len(list(tasks.iterdir())) if tasks.is_dir() else 1]


def load_and_drop(times: str) -> dict[str, float]:
    """Return the memory held after a tenth of so many methodologies, and after all of them."""
    files = small.files(small.LADDER, small.GOALS)
    memory = []
    tenth = max(1, int(times) // 10)
    for number in range(int(times)):
        used = cc.methodology_from(files)
        small.card(used, small.fact("share", {"percent": 5}))
        if number % tenth == tenth - 1:
            del used
            memory.append(settled())
    return {"after_a_tenth": memory[0], "largest": max(memory)}


def criteria(count: int) -> Iterator[dict[str, Any]]:
    for i in range(count):
        field, limit = f"n{i % 50}", i // 50
        yield small.criterion(
            f"c{i}",
            1,
            small.rule("a", 1, {"all": [{"numbers": {field: f"> {limit}"}}, {"numbers": {"n50": f">= {i % 7}"}}]}),
            small.rule("b", 0.5, {"numbers": {field: f"[{limit}..{limit + 1}]"}}),
        )


def score_by_criteria(count: str) -> dict[str, Any]:
    """Score by so many criteria; return the points, whether the second evaluation agrees, and what it takes."""
    used = small.methodology(*criteria(int(count)), fact_types=numbers(51))
    company = stated(used, *({f"n{i}": i} for i in range(50)), {"n50": 4})
    start = time.perf_counter()
    engine = Engine(compile_methodology(used))
    loading = time.perf_counter() - start
    firings = engine.fire(company)
    start = time.perf_counter()
    for _ in range(5):
        engine.fire(company)
    firing = (time.perf_counter() - start) / 5
    shards = len(engine.ruleset.matching) + sum(len(level) for level in engine.ruleset.levels)
    points = cc.score(company, used, cross_check=True).categories[0].points
    return {
        "fired": len(firings.firings), "points": float(points), "shards": shards,
        "loading_s": loading, "firing_ms": 1000 * firing,
    }  # fmt: skip


def derive_combinations(each: str) -> dict[str, Any]:
    """Join so many facts of one kind with as many of another."""
    used = small.methodology(small.LADDER)
    amounts = range(1, int(each) + 1)
    facts = [small.fact("energy", {"status": s, "amount": f"{n} GWh"}) for s in ("bought", "used") for n in amounts]
    company = small.company(used, *facts)
    engine = Engine(compile_methodology(used))
    start = time.perf_counter()
    found = engine.fire(company)
    made = len(found.facts) - len(facts) + len(found.problems)
    return {"made": made, "seconds": time.perf_counter() - start, "megabytes": resident()}


def keep_companies_of_one_engine(times: str) -> float:
    """Return how many megabytes are lost by so many batches that are broken off and mended."""
    used = small.methodology(small.GOALS)

    class Broken:
        """The engine, of which every tenth batch is broken off."""

        def __init__(self) -> None:
            self.real: Any = load_backend()
            self.batches = 0

        def __getattr__(self, name: str) -> Any:
            return getattr(self.real, name)

        def start_action_for_state(self, handle: int, state: int, /) -> tuple[str, str] | None:
            self.batches += 1
            if self.batches > 100 and self.batches % 10 == 0:
                raise RuntimeError("broken off")
            started: tuple[str, str] | None = self.real.start_action_for_state(handle, state)
            return started

    engine = Engine(compile_methodology(used), Broken())
    company = small.company(used, small.fact("goal", {"topic": "energy", "year": 2030}))
    before = settled()
    for _ in range(int(times)):
        try:
            engine.fire(company)
        except cc.EngineError:
            continue
    return settled() - before


def for_each(name: str, *arguments: str) -> list[Any]:
    """Return what a function comes to for each of some arguments."""
    use: Callable[[str], Any] = globals()[name]
    return [use(argument) for argument in arguments]


def main(name: str, *arguments: str) -> None:
    if hasattr(resource, "RLIMIT_CORE"):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    use: Callable[..., Any] = globals()[name]
    print(json.dumps(use(*arguments)))  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    main(*sys.argv[1:])
