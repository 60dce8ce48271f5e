"""Tests of the checker: it needs nothing but Python, knows what it checks, and names what it does not know."""

import ast
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cleancloud_rules.records import check_record
from tests.support.examples import FOLDERS
from tests.support.kept import data_of, forged, generated, kept, recorded
from tests.support.places import ROOT

FILE = Path(check_record.__file__)


def oldest_python() -> str | None:
    """Return the path of Python 3.9; None where there is none, as on most machines."""
    command = f". '{ROOT / '.ci' / 'find-python'}'; find_python 3.9"
    found = subprocess.run(["/bin/bash", "-c", command], capture_output=True, text=True, check=False)
    return found.stdout.strip() or None


def wrong(data: dict[str, Any]) -> list[str]:
    """Return what the checker finds wrong in a record whose digests are all made anew."""
    report = check_record.check(forged(data).to_json().encode())
    assert report.unknown == []
    return report.wrong


def run(*arguments: str | Path, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    """Run the checker in a process that sees no installed package."""
    command = [python, "-I", "-S", str(FILE), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")


@pytest.mark.parametrize("name", FOLDERS)
def test_the_record_of_every_example_is_right(name: str) -> None:
    report = check_record.check(kept(name).to_json().encode())
    assert (report.wrong, report.unknown) == ([], [])


def test_records_of_one_company_and_with_hypothetical_facts_are_right() -> None:
    report = check_record.check(kept("clean_cloud_2024", "gds").to_json().encode())
    assert (report.wrong, report.unknown) == ([], [])
    report = check_record.check(generated(5).to_json().encode())
    assert (report.wrong, report.unknown) == ([], [])


SEEDS = [*range(60), *(pytest.param(seed, marks=pytest.mark.deep(part="records")) for seed in range(60, 1000))]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_results_of_a_generated_methodology_are_right(seed: int) -> None:
    report = check_record.check(generated(seed, companies=1 if seed < 60 else 2).to_json().encode())
    assert (report.wrong, report.unknown) == ([], [])


@pytest.mark.parametrize("python", ["this", "oldest"])
def test_it_runs_alone_and_tells_the_result_by_its_exit_code(tmp_path: Path, python: str) -> None:
    program = sys.executable if python == "this" else oldest_python()
    if program is None:
        pytest.skip("there is no Python 3.9 here")
    right, other, unknown = tmp_path / "right", tmp_path / "other", tmp_path / "unknown"
    right.write_bytes(kept("careful_water").to_json().encode())
    data = data_of("careful_water")
    data["results"]["companies"]["example_fen"]["total"] = "99.9"
    other.write_bytes(forged(data).to_json().encode())
    data = data_of("careful_water")
    data["meaning"]["methodology"]["novel"] = True
    unknown.write_bytes(forged(data).to_json().encode())
    done = run(right, python=program)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{right}: right\n", "")
    done = run(right, other, unknown, python=program)
    assert done.returncode == 1
    assert f"{other}: differs\n  results.companies.example_fen.total: is " in done.stdout
    done = run(right, unknown, python=program)
    assert done.returncode == 3
    assert f"{unknown}: not checked to the end\n  meaning.methodology.novel: not known here\n" in done.stdout
    assert run(python=program).returncode == run("-h", python=program).returncode == 2
    done = run(tmp_path / "none", python=program)
    assert (done.returncode, "no record of this version: FileNotFoundError" in done.stdout) == (1, True)


def test_it_is_written_for_the_oldest_python_that_it_names() -> None:
    text = FILE.read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 9))
    imported = {node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
                for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)}  # fmt: skip
    assert {str(name).partition(".")[0] for name in imported} <= sys.stdlib_module_names
    code = [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    assert len(code) < 860


Change = Callable[[dict[str, Any]], Any]


def criterion(data: dict[str, Any]) -> dict[str, Any]:
    for category in data["meaning"]["methodology"]["categories"]:
        for found in category.get("criteria", ()):
            return dict.__ior__(found, {})
    raise AssertionError


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda data: criterion(data).update(is_new=1), "is_new: not known here"),
        (lambda data: criterion(data).update(hit_policy="collect mean"), "`collect mean` is not known here"),
        (lambda data: criterion(data).update(not_applicable={"is": "Never"}), "`Never` is not known here"),
        (lambda data: data.update(more=1), "record.more: not known here"),
        (lambda data: data["meaning"].update(more=1), "meaning.more: not known here"),
        (lambda data: data["results"].update(more=1), "results.more: not known here"),
        (lambda data: data["results"]["companies"]["example_fen"].update(more=1), "example_fen.more: not known here"),
        (
            lambda data: next(iter(data["results"]["companies"]["example_fen"]["criteria"].values())).update(more=1),
            "more: not known here",
        ),
    ],
)
def test_what_it_does_not_know_it_names_and_does_not_pass(change: Change, told: str) -> None:
    data = data_of("careful_water")
    change(data)
    report = check_record.check(forged(data).to_json().encode())
    assert any(told in line for line in report.unknown)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"null", b'{"format":"cleancloud-record/2"}', b"\xff", b'{"a": 1}', b"1.5"]
)
def test_what_is_no_record_does_not_pass(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "record"
    path.write_bytes(content)
    assert check_record.main([str(path)]) == 1


def test_a_record_that_lacks_a_part_does_not_pass(tmp_path: Path) -> None:
    path = tmp_path / "record"
    for part in data_of("careful_water"):
        data = data_of("careful_water")
        del data[part]
        path.write_text(json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False), encoding="utf-8")
        assert check_record.main([str(path)]) == 1, part


def test_every_figure_of_a_company_is_compared() -> None:
    """Values of its results that are no sentences and no bounds, each changed alone."""
    name, company = "careful_water", "example_fen"
    paths = list(leaves(data_of(name)["results"]["companies"][company]))
    left_out = {"because", "arithmetic", "looked_for", "problems", "bounds", "uncounted"}
    compared = [path for path in paths if left_out.isdisjoint(path)]
    assert len(compared) > 50
    for path in random.Random(0).sample(compared, 30):  # noqa: S311 - no secret
        data = data_of(name)
        spot: Any = data["results"]["companies"][company]
        for step in path[:-1]:
            spot = spot[step]
        spot[path[-1]] = 7777 if isinstance(spot[path[-1]], int) else "7777"
        assert wrong(data), path


Results = Callable[[dict[str, Any]], Any]

ADDED_OR_LOST: list[tuple[str, Results]] = [
    ("criteria.3", lambda own: own["criteria"].update(novel={"outcome": "not_met", "points": "0"})),
    ("criteria.0", lambda own: own["criteria"].pop(min(own["criteria"]))),
    ("groups.2", lambda own: own["groups"].update(novel={"outcome": "unscored"})),
    ("tables.1", lambda own: own["tables"].update(zeal=[])),
    ("tables.standing.1", lambda own: own["tables"]["standing"].append("zeal")),
    ("uncounted.0", lambda own: own.update(uncounted={"novel-00000000": "it does not count"})),
    ("derived.0", lambda own: own.update(derived={"novel-00000000": {"type": "novel"}})),
    ("withheld_by.0", lambda own: own.update(withheld_by=["novel"])),
]


@pytest.mark.parametrize(("place", "change"), ADDED_OR_LOST, ids=[place for place, _ in ADDED_OR_LOST])
def test_a_result_more_or_less_is_found(place: str, change: Results) -> None:
    data = data_of("careful_water")
    change(data["results"]["companies"]["example_fen"])
    assert f"results.companies.example_fen.{place}" in [line.partition(":")[0] for line in wrong(data)]


@pytest.mark.parametrize(("end", "value"), [("floor", "82.91"), ("ceiling", "82.8")])
def test_a_score_outside_of_its_bounds_is_found(end: str, value: str) -> None:
    data = data_of("careful_water")
    own = next(own for own in data["results"]["companies"].values() if own["total"] == "82.9")
    own["bounds"][end] = value
    assert [line.partition(".bounds.")[2] for line in wrong(data)] == [f'{end}: is "{value}", ought to be "82.9"']


@pytest.mark.parametrize("value", [26, True, ["26.54"], {"total": "26.54"}, "", None, "27"])
def test_a_number_is_a_text_with_its_value(value: Any) -> None:
    data = data_of("clean_cloud_2024", "gds")
    data["results"]["companies"]["gds"]["total"] = value
    assert wrong(data) == [f'results.companies.gds.total: is {json.dumps(value)}, ought to be "26.54"']


def test_points_outside_of_their_bounds_are_found() -> None:
    data = data_of("careful_water")
    own = data["results"]["companies"]["example_fen"]["criteria"]["drip"]
    own["bounds"][0] = "5.5"
    place = "results.companies.example_fen.criteria.drip.bounds"
    assert (own["points"], wrong(data)) == ("3.0", [f'{place}: is ["5.5", "6.0"], ought to be ["3", "3"]'])


def test_null_is_found_where_nothing_ought_to_be_recorded() -> None:
    data = data_of("careful_water")
    own = data["results"]["companies"]["example_fen"]
    own["bounds"] = None
    own["criteria"]["drip"]["won"].append(None)
    own["criteria"]["leaks"]["bounds"] = None
    assert [line.partition(": ")[0].partition("example_fen.")[2] for line in wrong(data)] == [
        "bounds",
        "criteria.drip.won.1",
        "criteria.leaks.bounds",
    ]


def test_a_cut_off_other_than_the_one_that_was_asked_for_is_found() -> None:
    data = data_of("careful_water")
    data["options"]["as_of"] = "2001-01-01"
    assert wrong(data) == [f'as_of: is "{data["as_of"]}", ought to be "2001-01-01"']


def test_the_digest_of_each_input_file_is_compared() -> None:
    data = data_of("careful_water")
    name, file = next(iter(data["inputs"].items()))
    right, file["sha256"] = file["sha256"], "0" * 64
    assert wrong(data) == [f'inputs.{name}.sha256: is "{"0" * 64}", ought to be "{right}"']


@pytest.mark.parametrize("hours", [2**52 - 1, 2**52, -(2**52), 10**17])
def test_derived_whole_numbers_are_right_also_where_readers_of_json_round_them(hours: int) -> None:
    field = {"hours": {"type": "integer"}}
    files = {
        "methodology.yaml": {
            "id": "doors", "title": "Doors", "edition": "1", "publisher": "Nobody", "points_basis": "project",
            "windows": {"always": "always"}, "source_types": ["visit"],
            "sources": {"visit": {"type": "visit", "title": "A visit"}},
            "categories": [{"id": "hours", "title": "Opening hours", "weight": 100}],
        },
        "facts.yaml": {
            "fact_types": {id: {"title": id, "horizon": "always", "fields": field} for id in ("once", "twice")},
            "derivations": [
                {"id": "doubled", "fact": "twice", "from": {"one": {"once": {}}}, "set": {"hours": "one.hours * 2"}}
            ],
        },
        "hours.yaml": {
            "category": "hours",
            "criteria": [
                {
                    "id": "long", "title": "Long", "horizon": "always", "max_points": 2, "hit_policy": "collect max",
                    "otherwise": "No hours are on record.",
                    "rules": [{"id": "eight", "points": 2, "when": {"twice": {"hours": ">= 8"}}, "because": "Open."}],
                }
            ],
        },
    }  # fmt: skip
    record = recorded(files, [{"id": "a", "name": "A", "facts": [{"once": {"hours": hours}, "source": "visit"}]}])
    (derived,) = record.data()["results"]["companies"]["a"]["derived"].values()
    assert derived["fields"]["hours"] == (2 * hours if abs(2 * hours) < 2**53 else str(2 * hours))
    report = check_record.check(record.to_json().encode())
    assert (report.wrong, report.unknown) == ([], [])


def test_the_id_of_a_company_is_that_under_which_it_stands() -> None:
    data = data_of("careful_water")
    data["meaning"]["companies"]["example_fen"]["id"] = "example_moor"
    assert 'meaning.companies.example_fen.id: is "example_moor", ought to be "example_fen"' in wrong(data)


def test_a_value_of_a_field_that_is_not_declared_does_not_pass() -> None:
    data = data_of("careful_water")
    fields = [field for own in data["meaning"]["methodology"]["vocabulary"]["fact_types"] for field in own["fields"]]
    for field in fields:
        field["id"] = "novel"
    with pytest.raises(KeyError):
        check_record.check(forged(data).to_json().encode())


def leaves(data: Any, path: tuple[Any, ...] = ()) -> Any:
    """Yield the paths of the single values of plain data."""
    if isinstance(data, dict | list):
        for name, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from leaves(value, (*path, name))
    else:
        yield path


RESPONSES: list[tuple[str, Callable[[Any], object]]] = [
    ("0.facts.0.id", lambda own: own[0]["facts"][0]["values"].update(readings=99)),
    ("0.about.0", lambda own: own[0]["about"].__setitem__(0, "permits")),
    ("1.disputes.0", lambda own: own[1]["disputes"].__setitem__(0, "spill-00000000")),
    ("1.status", lambda own: own[1].update(status="open")),
    ("1.status", lambda own: own[1].pop("decision")),
]


@pytest.mark.parametrize(("place", "change"), RESPONSES)
def test_a_changed_response_is_found(place: str, change: Callable[[Any], object]) -> None:
    data = data_of("careful_water")
    change(data["meaning"]["responses"]["example_ridge"])
    assert [line.partition(":")[0] for line in wrong(data)] == [f"meaning.responses.example_ridge.{place}"]


def test_the_responses_of_a_company_that_is_not_in_the_record_are_found() -> None:
    data = data_of("careful_water")
    data["meaning"]["responses"]["nobody"] = []
    assert wrong(data) == ['meaning.responses: is "nobody", ought to be null']


def test_a_new_status_of_responses_is_named() -> None:
    data = data_of("careful_water")
    data["meaning"]["responses"]["example_ridge"][1]["status"] = "withdrawn"
    report = check_record.check(forged(data).to_json().encode())
    assert report.unknown == ["meaning.responses.example_ridge.1.status: `withdrawn` is not known here"]
