"""Random decision tables over the results of a methodology, with each kind of input and each hit policy."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import frozen

from cleancloud_rules.generators.choices import Choices
from cleancloud_rules.generators.fact_types import Data
from cleancloud_rules.generators.groups import Part, slices
from cleancloud_rules.model.exact import add, shifted

_OUTPUTS = ("good", "fair", "poor")
_NUMBERS = ("< {0}", "<= {0}", "> {0}", ">= {0}", "[{0}..{1}]", "({0}..{1})", "not({0})", "null", "not(null)", "-")


@frozen
class _Input:
    """An input, with the values that its rows may name."""

    reads: Data
    words: tuple[str, ...] = ()
    cuts: tuple[Decimal, ...] = ()


def generated_tables(whole: Part, choices: Choices) -> list[Data]:
    """Return decision tables.

    Args:
        whole: the tree that they read.
        choices: the source of randomness.
    """
    tables: list[Data] = []
    for number in range(choices.one((1, 2))):
        tables.append(_table(f"table_{number}", whole, tables, choices))
    return tables


def _table(id: str, whole: Part, earlier: Sequence[Data], choices: Choices) -> Data:
    inputs = {name: _input(whole, earlier, choices) for name in "xyz"[: choices.between(1, 3)]}
    policy = choices.any_of(("unique", "first", "unique", "collect"))
    outputs = list(_OUTPUTS[: choices.between(2, 3)])
    rows = []
    if policy == "unique":
        name, split = next(iter(inputs.items()))
        rest = {other: asked for other, asked in inputs.items() if other != name}
        rows = [{name: test, **_tests(rest, choices)} for test in _apart(split, choices)]
    else:
        rows = [_tests(inputs, choices) for _ in range(choices.between(2, 4))]
    table: Data = {
        "id": id,
        "title": id.capitalize(),
        "inputs": {name: asked.reads for name, asked in inputs.items()},
        "outputs": outputs,
        "rows": [{**row, "then": choices.any_of(outputs)} for row in rows],
    }
    if policy != "unique" or choices.chance(50):
        table["hit_policy"] = policy
    return table | ({"otherwise": choices.any_of(outputs)} if choices.chance(60) else {})


def _input(whole: Part, earlier: Sequence[Data], choices: Choices) -> _Input:
    single = [table for table in earlier if table.get("hit_policy") != "collect"]
    if single and choices.chance(60):
        table = choices.any_of(single)
        return _Input({"table": table["id"]}, words=tuple(table["outputs"]))
    parts = list(whole.everything())
    kind = choices.any_of(("score", "label", "level", "met", "points"))
    key = {"label": "bands", "level": "levels"}.get(kind)
    fitting = [p for p in parts if (p.is_group or kind in ("met", "points")) and (key is None or key in p.data)]
    fitting = [p for p in fitting if kind != "score" or p.aggregate != "none"]
    if not fitting:
        kind, fitting = "points", [whole]
    part = choices.any_of(fitting)
    reads = {kind: part.id}
    match kind:
        case "label":
            return _Input(reads, words=tuple(band["label"] for band in part.data["bands"]))
        case "level":
            top = ["top"] if "top_level" in part.data else []
            return _Input(reads, words=(*(level["id"] for level in part.data["levels"]), *top))
        case "met":
            return _Input(reads)
        case _:
            most = part.most if kind == "score" or not part.is_group else Fraction(5)
            cuts = {shifted(25 * int(most * share * 4), 2) for share in (Fraction(1, 3), Fraction(3, 4))}
            return _Input(reads, cuts=tuple(sorted(cuts | {Decimal(0)})))


def _tests(inputs: dict[str, _Input], choices: Choices) -> Data:
    return {name: _test(asked, choices) for name, asked in inputs.items() if choices.chance(75)}


def _test(asked: _Input, choices: Choices) -> Any:
    if asked.words:
        form = choices.any_of(("one", "some", "not", "one", "null", "-"))
        match form:
            case "one":
                return f'"{choices.any_of(asked.words)}"'
            case "some":
                return choices.some(asked.words, 1, 2)
            case "not":
                return f'not("{choices.any_of(asked.words)}")'
            case _:
                return form
    if not asked.cuts:
        return choices.any_of((True, False))
    high = asked.cuts[-1]
    middle = choices.any_of(asked.cuts)
    return choices.any_of(_NUMBERS).format(middle, high if middle != high else add(high, 100))


def _apart(asked: _Input, choices: Choices) -> list[Any]:
    """Return tests no two of which can pass together."""
    if asked.words:
        words = [f'"{word}"' for word in choices.some(asked.words, 1, 3)]
        return [*words, "null"] if choices.chance(50) else words
    return slices(asked.cuts, choices) if asked.cuts else [True, False]
