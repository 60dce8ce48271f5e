"""No command uses a firing that the engine lost, doubled, renamed or made up: each is noticed under every command."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cleancloud_rules.cli import main
from cleancloud_rules.documents.yaml import write_text
from cleancloud_rules.engine import durable
from cleancloud_rules.errors import EngineError
from tests.support import small
from tests.support.stand_ins import GUARDS, Liar, Lie, Told

COMPANIES = {
    "acme": [small.fact("share", {"percent": 20}), small.fact("goal", {"topic": "energy", "year": 2030})],
    "bolt": [
        small.fact("energy", {"status": "bought", "amount": "2 GWh"}),
        small.fact("energy", {"status": "used", "amount": "10 GWh"}),
        small.fact("goal", {"topic": "energy", "year": 2029, "coverage": "whole"}),
    ],
    "crag": [small.fact("share", {"percent": 5})],
}

COUNTED = (
    small.criterion(
        "shares", 4, small.rule("any", 4, {"count": {"of": {"share": {}}, "at_least": 1}}), horizon="short_term"
    ),
    small.criterion(
        "whole_goals", 6, small.rule("any", 6, {"count": {"of": {"goal": {"coverage": "whole"}}, "at_least": 1}})
    ),
)
"""Criteria whose rules fire in a later stage: the first for all three companies, the second for bolt alone."""

STATEMENTS = [
    {"id": "dated", "title": "Dated", "published": 2, "when": {"goal": {"topic": "energy"}}, "source": "report"}
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a methodology, another edition of it, test cases and a dataset."""
    root = tmp_path_factory.mktemp("lying")
    for edition, goals in (("first", small.GOALS), ("second", {**small.GOALS, "title": "Other goals"})):
        for name, content in small.files(small.LADDER, goals, *COUNTED).items():
            write(root / edition / name, content)
    case = {"name": "a share", "facts": COMPANIES["acme"][:1], "expect": {"total": 40}}
    write(root / "first" / "cases" / "shares.yaml", {"cases": [case]})
    dataset = {"title": "Three", "methodology": "small", "companies": "companies"}
    write(root / "data" / "dataset.yaml", {**dataset, "published": "published.csv", "statements": "statements.yaml"})
    write(root / "data" / "statements.yaml", {"statements": STATEMENTS})
    table = (
        "company,name,cohort,rank,whole,total\nacme,acme,big,2,50,50\nbolt,bolt,big,1,100,100\ncrag,crag,big,3,25,25\n"
    )
    write(root / "data" / "published.csv", table)
    for id, facts in COMPANIES.items():
        write(root / "data" / "companies" / f"{id}.yaml", {"id": id, "name": id, "cohort": "big", "facts": facts})
    return root


def write(path: Path, content: Any) -> None:
    """Write a file, with the folders around it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else write_text(content), encoding="utf-8")


COMMANDS = {
    "score": ["score", "data", "-m", "first"],
    "explain": ["explain", "data", "-m", "first"],
    "rank": ["rank", "data", "-m", "first"],
    "bounds": ["bounds", "data", "-m", "first"],
    "findings": ["findings", "data", "-m", "first"],
    "reproduce": ["reproduce", "data", "-m", "first"],
    "diff": ["diff", "first", "second", "--data", "data"],
    "test": ["test", "first"],
}
"""The commands that use firings, with their arguments inside the folder."""

GOING_ON = [name for name in COMMANDS if name != "test"]
"""The commands that go on with other companies."""


def run(folder: Path, name: str, *more: str) -> Result:
    arguments = [str(folder / word) if (folder / word).exists() else word for word in COMMANDS[name]]
    return CliRunner().invoke(main, [*arguments, *more])


def is_first_of_level(shard: str, told: list[Told]) -> bool:
    return shard.startswith("level") and len(told) > len(GUARDS)


def losing(shard: str, told: list[Told]) -> list[Told]:
    return [message for message in told if message[0] in GUARDS or not is_first_of_level(shard, told)]


def losing_matches(shard: str, told: list[Told]) -> list[Told]:
    return [message for message in told if message[0] in GUARDS or not shard.startswith("match")]


def doubling(_: str, told: list[Told]) -> list[Told]:
    return [*told, *(message for message in told if message[0] not in GUARDS)]


def renaming(shard: str, told: list[Told]) -> list[Told]:
    names = [name for name, _ in told if name not in GUARDS]
    other = {names[0]: "r0" if names[0] != "r0" else "r1"} if names and shard.startswith("level") else {}
    return [(other.get(name, name), records) for name, records in told]


def dropping(_: str, told: list[Told]) -> list[Told]:
    return [message for message in told if message[0] != "sentinel"]


def raising(_: str, told: list[Told]) -> list[Told]:
    raise MemoryError


LIES: list[Lie] = [losing, losing_matches, doubling, renaming, dropping, raising]


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_lying_engine_gives_no_result(name: str, lie: Lie, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable, "load_backend", lambda: Liar(lie))
    result = run(folder, name)
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert "company `" in result.stderr
    assert "error: " in result.stderr
    if lie is losing:
        assert "the rules engine and the cross-check differ on company" in result.stderr
        assert "whole.yaml:" in result.stderr
        assert "engine: it did not fire" in result.stderr
        assert "cross-check: it holds because of " in result.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_an_honest_engine_gives_one(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable, "load_backend", lambda: Liar(lambda _, told: told))
    result = run(folder, name, "--format", "json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)


def about_one_company(fired: int) -> Callable[[str, list[Told]], list[Told]]:
    """Return a lie about the company that alone fires so many rules of a later stage."""

    def lie(shard: str, told: list[Told]) -> list[Told]:
        return losing(shard, told) if len(told) - len(GUARDS) == fired else told

    return lie


@pytest.mark.parametrize("name", GOING_ON)
def test_a_command_goes_on_with_the_other_companies(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = about_one_company(2)  # bolt meets both rules
    monkeypatch.setattr(durable, "load_backend", lambda: Liar(alone))
    assert run(folder, name).exit_code == 1
    result = run(folder, name, "--keep-going", "--format", "json")
    assert result.exit_code == 1
    assert "differ on company `bolt`" in result.stderr
    assert result.stderr.count("differ on company") == 1
    assert "acme" in result.stdout
    if name == "findings":
        (claim,) = json.loads(result.stdout)["rows"]
        assert (claim["yes"], claim["cannot_tell"], claim["no"]) == (["acme"], ["bolt", "crag"], [])
    assert "crag" in result.stdout or name == "reproduce"
    found = json.loads(result.stdout)
    if name == "rank":
        (cohort,) = found["cohorts"]
        assert [(row["rank"], row["company"]["id"]) for row in cohort["rows"]] == [
            (1, "acme"),
            (2, "crag"),
        ]


def test_an_engine_that_is_not_there_ends_every_command(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Any:
        raise EngineError("durable_rules cannot be imported")

    monkeypatch.setattr(durable, "load_backend", missing)
    result = run(folder, "rank", "--keep-going")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "error: durable_rules cannot be imported\n"
