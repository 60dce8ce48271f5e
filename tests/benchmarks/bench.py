"""Scoring beside other engines and beside plain Python: ``make bench``.

    python -m tests.benchmarks.bench [--rounds ROUNDS] [--quick]

Every engine evaluates the same rules on the same facts, and gives the same points, which is checked before anything
is timed. All are timed in one run, one after another in each round, so that what else the machine does strikes all. A
figure is the median of the rounds, in milliseconds of processor time a company, with the lowest and the highest
round. A ratio is the median of the ratios of each round. The table is printed, and ``build/bench.json`` has all
figures.
"""

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import cycle
from statistics import median
from time import process_time
from typing import Any

from attrs import frozen

import cleancloud_rules as cc
from cleancloud_rules.engine.durable import Backend, Engine, load_backend
from cleancloud_rules.scoring.compiled import compiled
from tests.benchmarks import questionnaire, rungs
from tests.benchmarks.peers import PEERS
from tests.support.places import ROOT

FILE = ROOT / "build" / "bench.json"
SHAPES = ((30, 10), (250, 250))
"""Criteria, and facts of a company."""

COMPANIES = 6
"""Different companies, in turn."""

WARMING = 6 * COMPANIES
"""How often an action is called before it is timed: what companies share is made when it has been seen a few times."""

SECONDS = 0.05
"""How long an action is repeated in each round, at least."""

Action = Callable[[], object]


@frozen
class Ratio:
    """A figure over another one, and its maximum.

    Args:
        name: what it says.
        of: the name of the one figure.
        to: the name of the other.
        at_most: its maximum for each shape.
    """

    name: str
    of: str
    to: str
    at_most: tuple[float, ...]


RATIOS = (
    Ratio("checked and read, to zen-engine with trace", "checked and read", "zen-engine with trace", (1.2, 2.0)),
    Ratio("checked, to zen-engine with trace", "checked", "zen-engine with trace", (0.6, 1.0)),
    Ratio("points alone, to zen-engine", "points alone", "zen-engine", (0.6, 1.0)),
    Ratio("data to JSON, to zen-engine with trace", "data to JSON", "zen-engine with trace", (2, 3.5)),
    Ratio("engine step, to the extension module alone", "engine step", "extension module alone", (2.5, 2.5)),
    Ratio("cross-check, to a checked score", "cross-check", "checked", (0.25, 0.25)),
)
QUESTIONNAIRE = tuple(
    Ratio(f"questionnaire: {name}, to plain Python", name, "plain Python", (most,))
    for name, most in (("load", 2), ("score", 4), ("checked", 6), ("checked and read", 12), ("data to JSON", 16))
)


def read(card: cc.Scorecard) -> cc.Scorecard:
    """Read every sentence of a scorecard."""
    for criterion in card.criteria:
        _ = criterion.because, criterion.arithmetic, criterion.looked_for
        for rule in criterion.rules:
            _ = rule.because, rule.when, rule.unmet
    for fact in card.facts:
        _ = fact.text
    for group in card.groups:
        _ = group.arithmetic
    return card


def in_turn(function: Callable[[Any], object], things: Sequence[Any]) -> Action:
    """Return a function of things as an action on the next of them."""
    following = cycle(things)
    return lambda: function(next(following))


class Recorder:
    """The engine's extension module, which keeps what it is sent."""

    def __init__(self) -> None:
        self.real: Backend = load_backend()
        self.sent: list[tuple[int, str]] = []

    def assert_facts(self, handle: int, facts: str, /) -> tuple[int, int]:
        """Keep and pass on."""
        self.sent.append((handle, facts))
        return self.real.assert_facts(handle, facts)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


def replaying(batches: Iterable[tuple[int, str]], backend: Backend) -> Action:
    """Return the extension module alone, on batches that were sent before."""
    kept = list(batches)

    def replay() -> None:
        for handle, facts in kept:
            _, state = backend.assert_facts(handle, facts)
            started = backend.start_action_for_state(handle, state)
            message = started[1] if started else None
            while message:
                message = backend.complete_and_start_action(handle, state)
            backend.delete_state(handle, "0")

    return replay


def actions(criteria: int, facts: int) -> dict[str, Action]:
    """Return what is timed for one shape, after checking that all give the same points."""
    rules = rungs.methodology(criteria)
    tenths = [rungs.stated(number, criteria, facts) for number in range(COMPANIES)]
    inputs = [{name: value / 10 for name, value in stated.items()} for stated in tenths]
    datas = [rungs.data(number, stated) for number, stated in enumerate(tenths)]
    companies = [cc.company_from(data, rules) for data in datas]
    expected = [PEERS["plain closures"](criteria)(stated) for stated in inputs]
    made: dict[str, Action] = {}
    for name, make in PEERS.items():
        peer = make(criteria)
        for stated, points in zip(inputs, expected, strict=True):
            assert peer(stated) == points, name
        made[name] = in_turn(peer, inputs)
    for company, points in zip(companies, expected, strict=True):
        card = cc.score(company, rules)
        assert {f"c_{id}": value for id, value in points.items()} == {c.id: c.points for c in card.criteria if c.points}
    made |= _ours(rules, companies, datas)
    return made


def _ours(rules: cc.Methodology, companies: list[cc.Company], datas: list[Any]) -> dict[str, Action]:
    own, recorder = compiled(rules), Recorder()
    backend: Any = recorder
    engine = Engine(own.ruleset, backend)
    recorder.sent.clear()
    replays = []
    for company in companies:
        engine.fire(company)
        replays.append(replaying(recorder.sent, recorder.real))
        recorder.sent.clear()
    fired = [own.fire(company, cross_check=False) for company in companies]
    known = [(c, f, own.sums(c, f, cross_check=False)) for c, f in zip(companies, fired, strict=True)]

    def check(known: tuple[cc.Company, Any, Any]) -> None:
        company, firings, sums = known
        own.cross_check.firings(company, firings)
        own.cross_check.points(company, firings, sums.earned, sums.points)

    return {
        "extension module alone": in_turn(partial(_replayed, engine), replays),
        "engine step": in_turn(own.engine.fire, companies),
        "cross-check": in_turn(check, known),
        "load": in_turn(lambda data: cc.company_from(data, rules), datas),
        "score": in_turn(lambda c: cc.score(c, rules, cross_check=False), companies),
        "points alone": in_turn(lambda c: cc.score(c, rules, cross_check=False, explain=False), companies),
        "checked": in_turn(lambda c: cc.score(c, rules), companies),
        "checked and read": in_turn(lambda c: read(cc.score(c, rules)), companies),
        "data to JSON": in_turn(lambda data: cc.score(cc.company_from(data, rules), rules).to_json(), datas),
        "data to JSON in one line": in_turn(
            lambda data: cc.score(cc.company_from(data, rules), rules).to_json(indent=None), datas
        ),
        "data to JSON, points alone": in_turn(
            lambda data: cc.score(cc.company_from(data, rules), rules, explain=False).to_json(), datas
        ),
    }


def _replayed(_: Engine, replay: Action) -> None:
    """Replay batches into an engine, which is kept alive for that."""
    replay()


def questions() -> dict[str, Action]:
    """Return what is timed for the questionnaire, after checking that plain Python gives the same total."""
    rules = cc.methodology_from(questionnaire.files())
    plain = questionnaire.Plain(questionnaire.files())
    said = [questionnaire.answered(number) for number in range(COMPANIES)]
    companies = [questionnaire.company_of(some, rules) for some in said]
    for some, company in zip(said, companies, strict=True):
        assert cc.score(company, rules).total == plain.total(some)
    return {
        "plain Python": in_turn(plain.total, said),
        "load": in_turn(lambda some: questionnaire.company_of(some, rules), said),
        "score": in_turn(lambda c: cc.score(c, rules, cross_check=False), companies),
        "checked": in_turn(lambda c: cc.score(c, rules), companies),
        "checked and read": in_turn(lambda c: read(cc.score(c, rules)), companies),
        "data to JSON": in_turn(lambda some: cc.score(questionnaire.company_of(some, rules), rules).to_json(), said),
    }


def timed(acting: Mapping[str, Action], rounds: int) -> dict[str, list[float]]:
    """Return the milliseconds of each action in each round."""
    repeats = {}
    for name, act in acting.items():
        for _ in range(WARMING):  # what is made once is made now
            act()
        begun = process_time()
        act()
        repeats[name] = max(1, math.ceil(SECONDS / max(process_time() - begun, 1e-6)))
    found: dict[str, list[float]] = {name: [] for name in acting}
    for _ in range(rounds):
        for name, act in acting.items():
            begun = process_time()
            for _ in range(repeats[name]):
                act()
            found[name].append(1000 * (process_time() - begun) / repeats[name])
    return found


def ratio_of(ratio: Ratio, figures: Mapping[str, list[float]]) -> float:
    """Return the median of the ratios of each round."""
    return median(a / b for a, b in zip(figures[ratio.of], figures[ratio.to], strict=True))


def exponent(points: Mapping[int, float]) -> float:
    """Return by which power a cost grows: the slope of a least-squares line through the logarithms."""
    pairs = [(math.log(size), math.log(cost)) for size, cost in points.items()]
    x, y = (sum(pair[i] for pair in pairs) / len(pairs) for i in (0, 1))
    return sum((a - x) * (b - y) for a, b in pairs) / sum((a - x) * (a - x) for a, _ in pairs)


def growth(*, quick: bool) -> dict[str, dict[int, float]]:
    """Return milliseconds by size: of loading, and of scoring by criteria, by facts and by companies."""
    sizes = (30, 100, 300) if quick else (30, 100, 300, 1000, 2000)
    found: dict[str, dict[int, float]] = {"load a methodology, by criteria": {}, "score 10 facts, by criteria": {}}
    for criteria in sizes:
        begun = process_time()
        rules = rungs.methodology(criteria)
        found["load a methodology, by criteria"][criteria] = 1000 * (process_time() - begun)
        company = rungs.company(0, criteria, 10, rules)
        found["score 10 facts, by criteria"][criteria] = _best(partial(cc.score, company, rules))
    top = sizes[-2]
    rules = rungs.methodology(top)
    by_facts = found[f"score, by facts under {top} criteria"] = {}
    for facts in (size for size in (10, 30, 100, 300, 1000) if size <= top):
        company = rungs.company(0, top, facts, rules)
        by_facts[facts] = _best(partial(cc.score, company, rules))
    rules = rungs.methodology(30)
    by_companies = found["load and score 10 facts, by companies"] = {}
    for number in (100, 1000) if quick else (100, 1000, 10_000):
        begun = process_time()
        for i in range(number):
            cc.score(rungs.company(i, 30, 10, rules), rules, explain=False)
        by_companies[number] = 1000 * (process_time() - begun)
    return found


def growth_of_loading(*, quick: bool) -> dict[str, dict[int, float]]:
    """Return milliseconds by size: of loading by facts, the short way and the long way, and by values of an enum."""
    sizes = (100, 400, 1600) if quick else (1000, 4000, 16_000)
    found: dict[str, dict[int, float]] = {"load plain data, by facts": {}, "load with a key of its own, by facts": {}}
    by_values = found["load a methodology of 30 criteria, by values of an enum"] = {}
    files = rungs.files(30)
    for size in sizes:
        files["facts.yaml"]["fact_types"]["measure"]["fields"]["of"]["values"] = [f"m{i}" for i in range(size)]
        by_values[size] = _best(partial(cc.methodology_from, files))
    rules = cc.methodology_from(files)
    for size in sizes:
        data = rungs.data(0, {f"m{i}": i % 1001 for i in range(size)})
        found["load plain data, by facts"][size] = _best(partial(cc.company_from, data, rules))
        data["facts"][0]["x-own"] = True
        found["load with a key of its own, by facts"][size] = _best(partial(cc.company_from, data, rules))
    return found


def _best(act: Action) -> float:
    act()
    found = []
    for _ in range(5):
        begun = process_time()
        act()
        found.append(1000 * (process_time() - begun))
    return min(found)


def main() -> None:
    """Measure, print the table and write the file."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--quick", action="store_true", help="smaller sizes, for a first look")
    options = parser.parse_args()
    shapes = {f"{c} criteria, {f} facts": timed(actions(c, f), options.rounds) for c, f in SHAPES}
    asked = timed(questions(), options.rounds)
    grown = growth(quick=options.quick) | growth_of_loading(quick=options.quick)
    _print_shapes(shapes)
    _print_ratios(shapes, asked)
    for name, by_size in grown.items():
        shown = ", ".join(f"{size:,}: {cost:.1f}" for size, cost in by_size.items())
        _say(f"{name}: {shown} ms; grows by the power {exponent(by_size):.2f}")
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps({"shapes": shapes, "questionnaire": asked, "growth": grown}, indent=1), encoding="utf-8")


def _print_shapes(shapes: Mapping[str, Mapping[str, list[float]]]) -> None:
    _say(f"{'ms a company':28}" + "".join(f"{name:>32}" for name in shapes))
    for name in next(iter(shapes.values())):
        cells = (f"{median(f[name]):9.3f} ({min(f[name]):.3f} to {max(f[name]):.3f})" for f in shapes.values())
        _say(f"{name:28}" + "".join(f"{cell:>32}" for cell in cells))
    _say("")


def _print_ratios(shapes: Mapping[str, Mapping[str, list[float]]], asked: Mapping[str, list[float]]) -> None:
    for ratio in RATIOS:
        found = [ratio_of(ratio, figures) for figures in shapes.values()]
        _say(f"{ratio.name:52}" + "".join(_against(r, m) for r, m in zip(found, ratio.at_most, strict=True)))
    for ratio in QUESTIONNAIRE:
        _say(f"{ratio.name:52}" + _against(ratio_of(ratio, asked), ratio.at_most[0]))
    _say("")


def _against(found: float, at_most: float) -> str:
    return f"{found:8.2f} ({'within' if found <= at_most else 'above'} {at_most:g})"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
