"""Other engines on the same rules and facts: each returns the points of a company by criterion, without zeros.

The rules are those of `tests.benchmarks.rungs`: a criterion earns the points of the highest rung that its percentage
reaches. Numbers are floats here, because most of these engines know no exact ones; the percentages have one decimal
place, and every rung is a whole number, so nothing is lost.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.benchmarks.rungs import RUNGS

Percentages = Mapping[str, float]
Points = dict[str, int]
Peer = Callable[[Percentages], Points]
"""Evaluates one company."""

SHARD = 13
"""Criteria in one ruleset of durable_rules: 39 rules, below its limits."""


def closures(criteria: int) -> Peer:
    """Return plain Python functions, one for each criterion."""

    def criterion(percent: float) -> int:
        for least, points in reversed(RUNGS):
            if percent >= least:
                return points
        return 0

    rules = {f"m{i}": criterion for i in range(criteria)}

    def evaluate(stated: Percentages) -> Points:
        found = {name: rules[name](percent) for name, percent in stated.items()}
        return {name: points for name, points in found.items() if points}

    return evaluate


def clips(criteria: int) -> Peer:
    """Return CLIPS through clipspy: a rule for each rung, and a fact for each that is reached."""
    from clips import Environment, Symbol  # noqa: PLC0415 - an extra

    environment = Environment()
    environment.build("(deftemplate measure (slot of) (slot percent))")
    environment.build("(deftemplate hit (slot of) (slot points))")
    for i in range(criteria):
        for least, points in RUNGS:
            environment.build(
                f"(defrule m{i}_{least} (measure (of m{i}) (percent ?p&:(>= ?p {least}))) "
                f"=> (assert (hit (of m{i}) (points {points}))))"
            )
    measure = environment.find_template("measure")

    def evaluate(stated: Percentages) -> Points:
        environment.reset()
        for name, percent in stated.items():
            measure.assert_fact(of=Symbol(name), percent=percent)
        environment.run()
        found: Points = {}
        for fact in environment.find_template("hit").facts():
            name = str(fact["of"])
            found[name] = max(fact["points"], found.get(name, 0))
        return found

    return evaluate


def durable(criteria: int) -> Peer:
    """Return durable_rules through its own language, in rulesets that are small enough for it."""
    from durable import lang  # noqa: PLC0415 - only benchmarks use the language

    hits: list[tuple[str, int]] = []

    def rule(name: str, least: int, points: int) -> None:
        def reached(_: Any) -> None:
            hits.append((name, points))

        lang.when_all((lang.m.of == name) & (lang.m.percent >= least))(reached)

    def ignore(_: Any) -> None:
        """Do nothing: a fact that fires no rule is an error of the language."""

    names = [f"m{i}" for i in range(criteria)]
    where: dict[str, str] = {}
    for start in range(0, criteria, SHARD):
        shard = f"rungs_{criteria}_{start}"
        with lang.ruleset(shard):
            for name in names[start : start + SHARD]:
                where[name] = shard
                for least, points in RUNGS:
                    rule(name, least, points)
            lang.when_all(lang.m.percent >= 0)(ignore)
    number = 0

    def evaluate(stated: Percentages) -> Points:
        nonlocal number
        number += 1
        hits.clear()
        sent: dict[str, list[dict[str, Any]]] = {}
        for name, percent in stated.items():
            fact = {"id": name, "sid": str(number), "of": name, "percent": percent}
            sent.setdefault(where[name], []).append(fact)
        found: Points = {}
        for shard, facts in sent.items():
            lang.assert_facts(shard, facts)
            lang.delete_state(shard, str(number))
        for name, points in hits:
            found[name] = max(points, found.get(name, 0))
        return found

    return evaluate


def zen(criteria: int, *, trace: bool = False) -> Peer:
    """Return zen-engine: a decision table for each criterion."""
    from zen import ZenEngine  # noqa: PLC0415 - an extra

    nodes: list[Any] = [{"id": end, "type": f"{end}Node", "name": end} for end in ("input", "output")]
    edges: list[Any] = []
    for name in (f"m{i}" for i in range(criteria)):
        table = {
            "hitPolicy": "first",
            "inputs": [{"id": "i", "name": "i", "field": name}],
            "outputs": [{"id": "o", "name": "o", "field": name}],
            "rules": [{"_id": f"at_{p}", "i": f">= {p}", "o": str(points)} for p, points in reversed(RUNGS)],
        }
        nodes.append({"id": name, "type": "decisionTableNode", "name": name, "content": table})
        edges.append({"id": f"{name}_in", "type": "edge", "sourceId": "input", "targetId": name})
        edges.append({"id": f"{name}_out", "type": "edge", "sourceId": name, "targetId": "output"})
    decision: Any = ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    options = {"trace": True} if trace else {}

    def evaluate(stated: Percentages) -> Points:
        result: Points = decision.evaluate(dict(stated), options)["result"]
        return result

    return evaluate


def rule_engine(criteria: int) -> Peer:
    """Return rule-engine: an expression for each rung."""
    from rule_engine import Context, Rule  # noqa: PLC0415 - an extra

    context = Context(default_value=None)
    rules = {
        f"m{i}": [(Rule(f"m{i} >= {least}", context=context), points) for least, points in reversed(RUNGS)]
        for i in range(criteria)
    }

    def evaluate(stated: Percentages) -> Points:
        found: Points = {}
        for name in stated:
            points = next((points for rule, points in rules[name] if rule.matches(stated)), 0)
            if points:
                found[name] = points
        return found

    return evaluate


def zen_with_trace(criteria: int) -> Peer:
    """Return zen-engine with its trace."""
    return zen(criteria, trace=True)


PEERS: Mapping[str, Callable[[int], Peer]] = {
    "plain closures": closures,
    "clipspy": clips,
    "durable_rules": durable,
    "rule-engine": rule_engine,
    "zen-engine": zen,
    "zen-engine with trace": zen_with_trace,
}
"""The peers by name."""
