"""Forms about assessment and limits for generated methodologies, and what a methodology is without one of them."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from cleancloud_rules import CriteriaError, Methodology, methodology_from
from cleancloud_rules.scoring.states import GroupState

Data = dict[str, Any]


def assess(group: Data, parts: Sequence[str], criteria: Sequence[str], random: Random) -> None:
    """Add to a group, or to the root, what of it must be assessed, and how it counts where that is not so.

    Args:
        group: its entry in the file.
        parts: the ids of its parts.
        criteria: the ids of all criteria inside it.
        random: the source of randomness.
    """
    if random.random() < 0.35:
        group["coverage"] = [_line(parts, criteria, random) for _ in range(random.choice((1, 1, 2)))]
    if random.random() < 0.4:
        group["empty"] = "zero"
    if random.random() < 0.35:
        group["not_assessed"] = random.choice(("excluded", "excluded", "zero"))


def _line(parts: Sequence[str], criteria: Sequence[str], random: Random) -> Data:
    line: Data = {}
    counted = parts
    match random.randrange(3):
        case 0:
            counted, line["of"] = criteria, "criteria"
        case 1:
            counted = line["of"] = random.sample(parts, random.randint(1, len(parts)))
    is_share = random.random() < 0.4
    line["at_least"] = random.choice(("50%", "60%", "100%")) if is_share else random.randint(1, len(counted))
    return line


def _without(key: str, *others: str) -> Callable[[Data], Data]:
    """Return what leaves out some keys of a mapping."""
    return lambda data: {name: value for name, value in data.items() if name not in (key, *others)}


def _with_no_cap_of_itself(data: Data) -> Data:
    caps = [cap for cap in data.get("caps", ()) if cap.get("unless") != data.get("id")]
    return _without("caps")(data) | ({"caps": caps} if caps else {})


def _unlimited(data: Data) -> Data:
    """Return a criterion, which is none of the limits of a group, whose points have no limits."""
    if "max_points" not in data:
        return data
    points = [rule["points"] for rule in data["rules"]]
    adds = data["hit_policy"] == "collect sum"
    most = sum(number for number in points if number > 0) if adds else data["max_points"]
    return _without("at_most", "at_least")(data) | {"max_points": most}


def _counting_as_answered(data: Data) -> Data:
    if not data.keys() >= {"categories", "answers"}:
        return data
    return data | {"answers": _without("not_assessed")(data["answers"])}


def _of(*values: str) -> Callable[[Data], Data]:
    return lambda data: _without("not_assessed")(data) if data.get("not_assessed") in values else data


def _line_by_line(keeps: Callable[[Data], bool]) -> Callable[[Data], Data]:
    """Return what leaves out lines of coverage."""

    def without(data: Data) -> Data:
        kept = [line for line in data.get("coverage", ()) if keeps(line)]
        return _without("coverage")(data) | ({"coverage": kept} if kept else {})

    return without


WITHOUT: dict[str, Callable[[Data], Data]] = {
    "excluded": _of("excluded"),
    "excluded inside": lambda data: data if "categories" in data else _of("excluded")(data),
    "zero": _of("zero"),
    "coverage by a number": _line_by_line(lambda line: isinstance(line["at_least"], str)),
    "coverage by a percentage": _line_by_line(lambda line: not isinstance(line["at_least"], str)),
    "coverage of ids": _line_by_line(lambda line: not isinstance(line.get("of"), list)),
    "coverage of criteria": _line_by_line(lambda line: line.get("of") != "criteria"),
    "empty": _without("empty"),
    "unsure": _counting_as_answered,
    "limits of points": _unlimited,
    "a cap of itself": _with_no_cap_of_itself,
    "the exact value": _without("bands_of"),
}
"""By the name of a form, what a mapping of a file is without it."""


def without(form: str, files: Data) -> Methodology | None:
    """Return a methodology without a form; None if it does not have it, or is not valid without it."""
    changed = _changed(files, WITHOUT[form])
    if changed == files:
        return None
    try:
        return methodology_from(changed)
    except CriteriaError:
        return None


def differ(one: GroupState, two: GroupState) -> bool:
    """Whether a group has two different results."""
    return (one.outcome, one.value, one.label) != (two.outcome, two.value, two.label) or (
        (one.level and one.level.id) != (two.level and two.level.id)
    )


def _changed(data: Any, change: Callable[[Data], Data]) -> Any:
    if isinstance(data, dict):
        return {key: _changed(value, change) for key, value in change(data).items()}
    return [_changed(value, change) for value in data] if isinstance(data, list) else data
