"""Tests of replaying records: what is the same, what differs and where, and what is no record."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules.documents.canonical_json import canonical_json
from cleancloud_rules.documents.file_reader import MAX_BYTES
from cleancloud_rules.records import reading
from cleancloud_rules.results import Replay, Verification
from tests.support.examples import FOLDERS
from tests.support.kept import AT, data_of, forged, kept


@pytest.mark.parametrize("name", FOLDERS)
def test_a_record_is_replayed_to_the_same_bytes(name: str) -> None:
    found = cc.verify(kept(name).to_json())
    assert (found.replay, found.differences, found.differing) == (Replay.IDENTICAL, (), 0)
    assert found.companies == len(data_of(name)["results"]["companies"])
    assert found.record == data_of(name)["digests"]["record"]
    assert found.made_by == found.library_version == f"cleancloud_rules {cc.__version__}"
    assert cc.render(found).startswith("Identical: same facts, same results, same bytes\n")


def test_records_of_a_company_and_with_hypothetical_facts_are_replayed_too() -> None:
    assert cc.verify(kept("clean_cloud_2024", "gds")).replay is Replay.IDENTICAL
    read = cc.record("GDS", "clean_cloud_2024", with_hypothetical=True, at=AT)
    assert cc.verify(read.to_json().encode()).replay is Replay.IDENTICAL


def test_the_first_place_that_differs_is_told_with_what_it_ought_to_be() -> None:
    data = data_of("careful_water")
    right = data["results"]["companies"]["example_fen"]["total"]
    data["results"]["companies"]["example_fen"]["total"] = "99.9"
    found = cc.verify(forged(data))
    assert found.replay is Replay.DIFFERENT
    (difference,) = found.differences
    assert difference.path == "results.companies.example_fen.total"
    assert (difference.recorded, difference.replayed, difference.is_sentence) == ('"99.9"', f'"{right}"', False)
    shown = cc.render(found)
    assert "results.companies.example_fen.total" in shown
    assert f'ought to be: "{right}"' in shown


def test_what_is_missing_or_too_much_is_told() -> None:
    data = data_of("careful_water")
    del data["results"]["companies"]["example_fen"]["outcome"]
    data["notices"].append({"code": "new", "text": "New."})
    data["extra"] = True
    found = {one.path: (one.recorded, one.replayed) for one in cc.verify(forged(data)).differences}
    assert found["extra"] == ("true", None)
    assert found["results.companies.example_fen.outcome"] == (None, '"scored"')
    assert [path for path in found if path.startswith("notices[")]


def test_an_edited_input_differs_in_what_follows_from_it() -> None:
    data = data_of("careful_water")
    name = "dataset/companies/example_fen.yaml"
    text = data["inputs"][name]["text"]
    data["inputs"][name]["text"] = text.replace("name: ", "name: The ", 1)
    found = [one.path for one in cc.verify(forged(data)).differences]
    assert found[0] == 'inputs["dataset/companies/example_fen.yaml"].sha256'
    assert "meaning.companies.example_fen.name" in found


def test_where_only_sentences_differ_it_is_said() -> None:
    data = data_of("careful_water")
    card = data["results"]["companies"]["example_fen"]
    card["arithmetic"] = card["arithmetic"].replace(" ", "  ")
    found = cc.verify(forged(data))
    assert found.replay is Replay.SENTENCES
    assert cc.render(found).startswith("Only sentences differ, at 1 place: same facts, same figures")
    card["outcome"] = "withheld"
    assert cc.verify(forged(data)).replay is Replay.DIFFERENT


def test_a_digest_that_was_not_made_anew_is_found() -> None:
    data = data_of("careful_water")
    data["made"]["at"] = "2020-01-01T00:00:00Z"
    found = cc.verify(canonical_json(data))
    assert [one.path for one in found.differences] == ["digests.record"]
    assert cc.verify(forged(data)).replay is Replay.IDENTICAL  # only a signature covers the date


def test_a_verification_conforms_to_its_schema_and_comes_back() -> None:
    data = data_of("careful_water")
    data["results"]["companies"]["example_fen"]["total"] = "99.9"
    for found in (cc.verify(kept("careful_water")), cc.verify(forged(data))):
        assert Verification.from_json(found.to_json()) == found


def test_many_differences_are_counted_and_not_all_shown() -> None:
    data = data_of("mendable_tools")
    for company in data["results"]["companies"].values():
        for criterion in company["criteria"].values():
            criterion["bounds"] = [f"{n}" for n in range(20)]
    found = cc.verify(forged(data))
    assert len(found.differences) == 100
    assert found.differing > 100
    assert f"and {found.differing - 10} more places" in cc.render(found)


Change = Callable[[dict[str, Any]], Any]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda data: data.update(format="cleancloud-record/2"), "`format` must be cleancloud-record/1, and got"),
        (lambda data: data.pop("format"), "`format` must be cleancloud-record/1, and there is none"),
        (lambda data: data.update(inputs=[]), "`inputs` is missing, or is something else"),
        (lambda data: data["inputs"].update(a={"text": 1}), "`inputs` is missing, or is something else"),
        (lambda data: data.pop("options"), "`options` is missing"),
        (lambda data: data["options"].pop("company"), "`options` is missing"),
        (lambda data: data["options"].update(as_of="soon"), "`options` is missing"),
        (lambda data: data.update(hypothetical="no"), "`hypothetical` is missing"),
        (lambda data: data.pop("made"), "`made` is missing"),
        (lambda data: data.update(digests=1), "`digests` is missing"),
    ],
)
def test_what_lacks_a_part_is_no_record(change: Change, told: str) -> None:
    data = data_of("careful_water")
    change(data)
    with pytest.raises(cc.InputError, match=told):
        cc.verify(canonical_json(data))


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"format": "cleancloud-record/1"}', "\ud800", b"\xff"])
def test_other_texts_are_no_records(text: str | bytes) -> None:
    with pytest.raises(cc.InputError, match="this is no record"):
        cc.verify(text)


def test_input_files_that_do_not_load_are_reported_with_their_place() -> None:
    data = data_of("careful_water")
    data["inputs"]["dataset/companies/example_fen.yaml"]["text"] = "id: example_fen\nnam: Fen\n"
    with pytest.raises(cc.FactsError, match=r"companies/example_fen.yaml:2:1: error\[unknown-key\]"):
        cc.verify(forged(data))


def test_one_company_alone_is_scored_again() -> None:
    for company in ("example_fen", "example_marsh"):
        found = cc.verify(kept("careful_water"), company=company)
        assert (found.replay, found.companies, found.company) == (Replay.IDENTICAL, 1, company)
    assert cc.verify(kept("careful_water", "example_fen"), company="example_fen").replay is Replay.IDENTICAL
    assert cc.render(found).startswith("Identical for `example_marsh`: same facts, same results\n")


def test_what_differs_about_one_company_is_found_and_what_differs_about_others_by_their_digests() -> None:
    data = data_of("careful_water")
    data["results"]["companies"]["example_fen"]["total"] = "99.9"
    own, other = (cc.verify(forged(data), company=company) for company in ("example_fen", "example_marsh"))
    assert [one.path for one in own.differences] == ["results.companies.example_fen.total"]
    assert other.replay is Replay.IDENTICAL
    paths = [one.path for one in cc.verify(canonical_json(data), company="example_marsh").differences]
    assert paths == ["digests.record", "digests.replay", "digests.results"]


def test_an_edited_input_is_found_whichever_company_is_scored_again() -> None:
    data = data_of("careful_water")
    entry = data["inputs"]["dataset/companies/example_fen.yaml"]
    entry["text"] = entry["text"].replace("volume: 120 m3", "volume: 130 m3")
    found = cc.verify(forged(data), company="example_marsh")
    assert found.replay is Replay.DIFFERENT
    assert found.differences[0].path == 'inputs["dataset/companies/example_fen.yaml"].sha256'


def test_a_company_that_the_record_does_not_have_is_refused() -> None:
    with pytest.raises(cc.InputError) as refused:
        cc.verify(kept("careful_water"), company="example_fenn")
    (diagnostic,) = refused.value.diagnostics
    assert (diagnostic.code, diagnostic.help) == ("unknown-company", "did you mean `example_fen`?")


def test_a_record_may_be_larger_than_other_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = data_of("careful_water")
    data["inputs"]["dataset/notes.txt"] = {"sha256": "", "text": "x" * MAX_BYTES}
    path = tmp_path / "large.record.json"
    path.write_text(canonical_json(data), encoding="utf-8")
    assert path.stat().st_size > MAX_BYTES
    assert reading.read_record(path)[0].data() == data
    monkeypatch.setattr(reading, "MAX_RECORD", MAX_BYTES)
    with pytest.raises(cc.InputError, match="file-too-large"):
        cc.verify(path)


def test_a_record_that_is_not_there_is_rejected_like_other_input(tmp_path: Path) -> None:
    with pytest.raises(cc.InputError, match="unreadable-file"):
        cc.verify(tmp_path / "none")
