"""Every figure of the bundled methodology and of the examples, without prose, as the commands give them.

Run as a module it writes ``tests/golden/figures.json``. Reworded sentences leave that file as it is: a change in it is
a change of what the library computes.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from click.testing import CliRunner

from cleancloud_rules.cli import main
from tests.support.places import GOLDEN, ROOT

FILE = GOLDEN / "figures.json"

EXAMPLES = ROOT / "examples"
CLEAN_CLOUD = str(EXAMPLES / "clean_cloud_2024")
EDITIONS = EXAMPLES / "two_editions"
METHODOLOGIES = {
    "careful_water": str(EXAMPLES / "careful_water" / "methodology"),
    "clean_cloud_2024": "clean_cloud_2024",
    "mendable_tools": str(EXAMPLES / "mendable_tools" / "methodology"),
    "open_reading_rooms": str(EXAMPLES / "open_reading_rooms" / "methodology"),
    "two_editions/first": str(EDITIONS / "first"),
    "two_editions/second": str(EDITIONS / "second"),
}
DATASETS = {name: str(EXAMPLES / name.split("/")[0]) for name in METHODOLOGIES}
READABLE = [name for name in DATASETS if name != "two_editions/second"]
"""The second edition renames what the companies state; `diff` scores them under both."""

FIRST = ["-m", METHODOLOGIES["two_editions/first"]]

COMMANDS: Mapping[str, Mapping[str, list[str]]] = {
    "scores": {name: ["score", "--no-bounds", DATASETS[name], "-m", METHODOLOGIES[name]] for name in READABLE},
    "ranks": {name: ["rank", "--no-bounds", DATASETS[name], "-m", METHODOLOGIES[name]] for name in READABLE},
    "hypothetical scores": {"clean_cloud_2024": ["score", "--no-bounds", CLEAN_CLOUD, "--with-hypothetical"]},
    "hypothetical ranks": {"clean_cloud_2024": ["rank", "--no-bounds", CLEAN_CLOUD, "--with-hypothetical"]},
    "bounds": {name: ["bounds", DATASETS[name], "-m", METHODOLOGIES[name]] for name in READABLE},
    "certificates": {
        name: ["check", folder, "--properties", "--examples", "40"] for name, folder in METHODOLOGIES.items()
    },
    "weights": {name: ["check", folder, "--weights"] for name, folder in METHODOLOGIES.items()},
    "findings": {"clean_cloud_2024": ["findings", CLEAN_CLOUD]},
    "reproduction": {"clean_cloud_2024": ["reproduce", CLEAN_CLOUD]},
    "fit": {"clean_cloud_2024": ["fit", CLEAN_CLOUD]},
    "differences": {
        "two_editions": ["diff", str(EDITIONS / "first"), str(EDITIONS / "second"), "--data", str(EDITIONS)]
    },
}
"""The commands whose results are compared, by what they compute and for which example."""

TOLD = frozenset(
    {
        "arithmetic",
        "basis",
        "column",
        "contradictions",
        "counts_as",
        "criteria_total",
        "facts_sha256",
        "file",
        "guidance",
        "horizon",
        "library_version",
        "line",
        "location",
        "methodology",
        "name",
        "note",
        "notices",
        "period",
        "place",
        "points_basis",
        "rationale",
        "recommendation",
        "recommendation_text",
        "reference",
        "remedy",
        "requirement",
        "sha256",
        "title",
    }
)
"""Keys of texts and places: what says how a figure came about, not how large it is."""


def outcome(arguments: list[str]) -> Any:
    """Return the figures of a command's result, and its exit code."""
    result = CliRunner().invoke(main, [*arguments, "--format", "json"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.stdout, f"{' '.join(arguments)}: {result.stderr}"
    return {"exit code": result.exit_code, "result": figures(json.loads(result.stdout, parse_float=str))}


def figures(data: Any) -> Any:
    """Return data without prose, nulls and falsehoods; a list of things that have ids becomes a mapping by id."""
    match data:
        case dict():
            kept = {key: figures(value) for key, value in data.items() if key not in TOLD and is_figure(value)}
            return {key: value for key, value in kept.items() if value not in ({}, [])}
        case list():
            ids = [id_of(item) for item in data]
            if ids and all(ids) and len(set(ids)) == len(ids):
                things = ({key: value for key, value in item.items() if key != "id"} for item in data)
                return {id: figures(thing) for id, thing in zip(ids, things, strict=True) if is_figure(thing)}
            return [figures(item) for item in data if is_figure(item)]
        case _:
            return data


def id_of(item: Any) -> str | None:
    """Return the id of a thing, or of the company that it is about."""
    match item:
        case {"id": str(id)} | {"company": {"id": str(id)}} | {"company": str(id), "entry": _} if " " not in id:
            return id
        case _:
            return None


def is_figure(value: Any) -> bool:
    """Return whether a value is a number, an id or made of such: no text for people, nothing false, no unfired rule."""
    if isinstance(value, str):
        return re.fullmatch(r"[\w.+%-]+", value, re.ASCII) is not None
    if isinstance(value, dict):
        return value.get("fired", True) is True
    return value is not None and value is not False


def computed() -> dict[str, dict[str, Any]]:
    """Return all figures, by what they are and for which example."""
    return {kind: {name: outcome(command) for name, command in of.items()} for kind, of in COMMANDS.items()}


def leaves(data: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Give each figure with its path."""
    match data:
        case dict() | list():
            for key, value in data.items() if isinstance(data, dict) else enumerate(data):
                yield from leaves(value, f"{path}/{key}")
        case _:
            yield path, data


def compared(figures: Mapping[str, Any]) -> str:
    """Say how many figures of which kind there are."""
    counts = Counter(path.split("/")[1] for path, _ in leaves(figures))
    return ", ".join(f"{kind}: {count:,}" for kind, count in counts.items())


def text(data: Any, depth: int = 5, indent: str = "") -> str:
    """Return figures as canonical JSON: sorted, and each thing of a result on a line of its own."""
    if not isinstance(data, dict) or depth == 0:
        return json.dumps(data, sort_keys=True, separators=(",", ":"))
    inner = indent + " "
    lines = (f"{inner}{json.dumps(key)}: {text(data[key], depth - 1, inner)}" for key in sorted(data))
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


if __name__ == "__main__":
    made = computed()
    FILE.write_text(text(made) + "\n", encoding="utf-8", newline="\n")
    sys.stdout.write(f"{compared(made)}\n")
