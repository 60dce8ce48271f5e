"""Tests of changed records: single bytes, and forgeries whose digests are all made anew.

The checker finds what does not follow from the meaning, the replay what does not follow from the files, and a signature
every change.
"""

import random
import shutil
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules.records import check_record
from cleancloud_rules.results import Record, Replay
from tests.support.kept import data_of, forged, kept

BLOCK = 100


def passes_checker(content: bytes) -> bool:
    """Whether the checker finds nothing."""
    try:
        report = check_record.check(content)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, ArithmeticError):
        return False
    return not report.wrong and not report.unknown


def passes_replay(content: bytes) -> bool:
    """Whether a replay finds nothing."""
    try:
        return cc.verify(content).replay is Replay.IDENTICAL
    except cc.InputError:
        return False


BLOCKS = [
    *((name, block) for name in ("open_reading_rooms", "careful_water", "clean_cloud_2024/gds") for block in range(1)),
    *(pytest.param((name, block), marks=pytest.mark.deep(part="records"))
      for name, blocks in (("mendable_tools", 40), ("careful_water", 40), ("clean_cloud_2024/gds", 17))
      for block in range(1, blocks + 1)),
]  # fmt: skip


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_each_changed_byte_is_found(block: tuple[str, int]) -> None:
    name, number = block
    content = kept(*name.split("/")).to_json().encode()
    chosen = random.Random(f"{name} {number}")  # noqa: S311 - no secret
    for _ in range(BLOCK):
        place = chosen.randrange(len(content))
        changed = bytearray(content)
        changed[place] ^= chosen.randrange(1, 256)
        assert not passes_checker(bytes(changed)) or not passes_replay(bytes(changed)), (place, changed[place])


GDS = "gds"
Forgery = Callable[[dict[str, Any]], Any]


def total(data: dict[str, Any]) -> None:
    data["results"]["companies"][GDS]["total"] = "27.54"


def points(data: dict[str, Any]) -> None:
    data["results"]["companies"][GDS]["criteria"]["mix_total"]["points"] = "5.0"


def rank(data: dict[str, Any]) -> None:
    rows = data["results"]["ranking"][0]["rows"]
    rows[0]["rank"], rows[-1]["rank"] = rows[-1]["rank"], rows[0]["rank"]


def fact(data: dict[str, Any]) -> None:
    (stated,) = (one for one in data["meaning"]["companies"][GDS]["facts"] if one["id"] == "renewable_share-883370c3")
    stated["values"]["percent"]["low"] = "68"


def points_of_a_rule(data: dict[str, Any]) -> None:
    criteria = [one for category in data["meaning"]["methodology"]["categories"] for one in category["criteria"]]
    (mix,) = (one for one in criteria if one["id"] == "mix_total")
    mix["rules"][-1]["points"] = "3"


def sentence(data: dict[str, Any]) -> None:
    own = data["results"]["companies"][GDS]["criteria"]["renewable_share"]
    own["because"] = [text.replace("38%", "83%") for text in own["because"]]
    assert any("83%" in text for text in own["because"])


def not_found_for_not_assessed(data: dict[str, Any]) -> None:
    own = data["results"]["companies"][GDS]["criteria"]["governance"]
    assert own["outcome"] == "not_assessed"
    own.update(outcome="not_found", points="0.0")


def dropped_notices(data: dict[str, Any]) -> None:
    data["notices"] = data["notices"][1:]


def publisher_of_a_source(data: dict[str, Any]) -> None:
    data["meaning"]["sources"]["gds-annual-report-2023"]["publisher"] = "Somebody else"


def fact_in_the_file_alone(data: dict[str, Any]) -> None:
    own = data["inputs"]["dataset/companies/gds.yaml"]
    own["text"] = own["text"].replace("more_than: 38", "more_than: 68")
    own["sha256"] = sha256(own["text"].encode()).hexdigest()


def date_of_making(data: dict[str, Any]) -> None:
    data["made"]["at"] = "2020-01-01T00:00:00Z"


FORGERIES: dict[Forgery, tuple[bool, bool]] = {
    total: (True, True),
    points: (True, True),
    rank: (True, True),
    fact: (True, True),
    points_of_a_rule: (True, True),
    sentence: (True, True),
    not_found_for_not_assessed: (True, True),
    dropped_notices: (True, True),
    publisher_of_a_source: (True, True),
    fact_in_the_file_alone: (False, True),
    date_of_making: (False, False),
}
"""Each forgery, with whether the checker and whether the replay finds it."""


def with_digests_of_the_meaning(data: dict[str, Any]) -> dict[str, Any]:
    """Return a record in which the digests of the methodology and of the companies are made anew too."""
    meaning, report = data["meaning"], check_record.Report([], [])

    def digest(form: dict[str, Any]) -> str:
        return check_record.sha256(check_record.filled_in(form, "", None, meaning, report))

    meaning["sha256"]["methodology"] = digest(meaning["methodology"])
    meaning["sha256"]["companies"] = {id: digest(form) for id, form in meaning["companies"].items()}
    return data


@pytest.mark.parametrize(("forgery", "found"), FORGERIES.items(), ids=lambda own: getattr(own, "__name__", ""))
def test_a_forgery_is_found(forgery: Forgery, found: tuple[bool, bool]) -> None:
    whose = ("careful_water",) if forgery is rank else ("clean_cloud_2024", GDS)  # of one company there are no ranks
    data = data_of(*whose)
    forgery(data)
    made = forged(with_digests_of_the_meaning(data))
    assert made != kept(*whose)
    content = made.to_json().encode()
    assert (not passes_checker(content), not passes_replay(content)) == found


def test_the_checker_finds_9_of_11_forgeries_and_the_replay_10() -> None:
    assert (sum(one for one, _ in FORGERIES.values()), sum(other for _, other in FORGERIES.values())) == (9, 10)


def test_a_wrong_input_is_told_before_other_places() -> None:
    data = data_of("clean_cloud_2024", GDS)
    total(data)
    report = check_record.check(forged(data).to_json().encode())
    assert report.wrong == ['results.companies.gds.total: is "27.54", ought to be "26.54"']


@pytest.mark.outside
def test_a_signature_finds_every_forgery_and_the_date_of_making(tmp_path: Path) -> None:
    keygen = shutil.which("ssh-keygen")
    assert keygen is not None, "ssh-keygen is missing: install openssh-client"
    key, file, allowed = tmp_path / "key", tmp_path / "gds.record.json", tmp_path / "allowed"
    file.write_bytes(kept("clean_cloud_2024", GDS).to_json().encode())

    def call(*arguments: str | Path, content: bytes = b"") -> int:
        command = [keygen, *map(str, arguments)]
        return subprocess.run(command, input=content, capture_output=True, check=False).returncode

    assert call("-q", "-t", "ed25519", "-N", "", "-C", "analyst", "-f", key) == 0
    assert call("-Y", "sign", "-n", "cleancloud-record", "-f", key, file) == 0
    allowed.write_text(f"analyst@example.org {key.with_name('key.pub').read_text()}", encoding="utf-8")
    signature = file.with_name(file.name + ".sig")
    verify = ("-Y", "verify", "-f", allowed, "-I", "analyst@example.org", "-n", "cleancloud-record", "-s", signature)
    assert call(*verify, content=file.read_bytes()) == 0
    data = data_of("clean_cloud_2024", GDS)
    for forgery in FORGERIES:
        if forgery is rank:  # a record of one company has none
            continue
        other = data_of("clean_cloud_2024", GDS)
        forgery(other)
        assert call(*verify, content=forged(other).to_json().encode()) != 0, forgery.__name__
    assert Record.from_json(file.read_bytes()).data() == data
