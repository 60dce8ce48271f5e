"""Tests of disclosures: they say what files state, and leave the rest to the provider of the rating."""

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

import cleancloud_rules as cc
from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.documents.canonical_json import canonical_json
from cleancloud_rules.records import disclosed
from cleancloud_rules.records.disclosure import disclose_files
from cleancloud_rules.records.regulations import regulation_named, regulation_names, regulation_of
from cleancloud_rules.results import DisclosedPart, Disclosure, Said
from cleancloud_rules.results.of_records.disclosures import AnsweredBy
from tests.support.examples import FOLDERS
from tests.support.kept import AT, data_of, forged, kept
from tests.support.places import ROOT, edit

EU = "eu-2024-3005"


def parts(found: Disclosure) -> dict[str, DisclosedPart]:
    """Return the parts of all items by what is asked for."""
    return {part.asks: part for item in found.items for part in item.parts}


def says(found: Disclosure, asks: str) -> tuple[str, ...]:
    return parts(found)[asks].says


def left(found: Disclosure) -> set[str]:
    """Return what is asked for and left to the provider, as a whole or in part."""
    return {asks for asks, part in parts(found).items() if part.said is not Said.STATED}


ALWAYS = {"Work papers that are not among these files", "How often data are updated"}
"""What no file says."""


@pytest.mark.parametrize("name", FOLDERS)
def test_every_item_has_what_the_files_say_or_is_left_to_the_provider(name: str) -> None:
    company = "gds" if name == "clean_cloud_2024" else None  # all 25 take a while
    found = cc.disclose(kept(name, company), EU)
    listed = regulation_named(EU)
    assert [(item.place, [part.asks for part in item.parts]) for item in found.items] == [
        (item.place, [part.asks for part in item.parts]) for item in listed.items
    ]
    for part in parts(found).values():
        assert (part.said is Said.STATED, part.said is Said.PROVIDER) == (part.left is None, not part.says)
        assert part.left is None or part.left.startswith("to be stated by the provider")
        assert part.add is None or part.left is not None
    assert left(found) >= ALWAYS
    assert found.left == len(left(found))
    assert found.record == cc.verify(kept(name, company)).record, "the digest that `verify` names"
    assert any("no legal advice" in note for note in found.notes)
    assert any("Only the items" in note for note in found.notes)
    jsonschema.validate(json.loads(found.to_json()), cc.schema("disclosure"), cls=jsonschema.Draft202012Validator)
    assert Disclosure.from_json(found.to_json()) == found


def test_a_record_says_when_by_whom_and_for_whom_it_was_made_and_its_files_say_nothing_of_it() -> None:
    methodology, dataset = FOLDERS["careful_water"]
    record = cc.record(
        dataset, methodology, by=[("analyst", "A. Person"), ("clerk", "C. Person")], at=AT, solicited=False
    )
    found, files = cc.disclose(record, EU), disclose_files(dataset, methodology, EU)
    assert says(found, "Analysts") == ("A. Person (analyst).",)
    assert says(found, "Approvers") == ()
    assert says(found, "Solicited or not") == ("Not solicited.",)
    assert says(found, "Date of the rating") == ("The record was made at 2026-12-01T12:00:00Z.",)
    assert left(files) - left(found) == {"Analysts", "Solicited or not", "Date of the rating"}
    assert files.record is None
    asked = cc.record(dataset, methodology, at=AT, solicited=True)
    assert says(cc.disclose(asked, EU), "Solicited or not") == ("Solicited.",)
    assert cc.verify(asked).replay is cc.results.Replay.IDENTICAL
    assert "solicited" not in data_of("careful_water")["made"]
    jsonschema.validate(asked.data(), cc.schema("record"), cls=jsonschema.Draft202012Validator)
    assert '"solicited":true' in cc.provenance(asked)


def test_files_say_who_approved_the_methodology_and_which_sources_are_public(tmp_path: Path) -> None:
    made = shutil.copytree(ROOT / "examples" / "careful_water", tmp_path / "made")
    (made / "companies" / "example_ridge.yaml").unlink()  # its responses name ids of facts, which change
    before = disclose_files(made, made / "methodology", EU)
    assert {"Approved by", "Public or not", "Changes", "Developed by"} <= left(before)
    assert parts(before)["Public or not"].left == (
        "to be stated by the provider: whether 2 sources can be read by everybody"
    )
    edit(made / "methodology" / "methodology.yaml", "publisher:", "approved_by: The board\npublisher:")
    edit(made / "methodology" / "methodology.yaml", "publisher:", "points_basis: published\npublisher:")
    sources = (made / "sources.yaml").read_text(encoding="utf-8")
    edit(made / "sources.yaml", "type: register", "type: register, public: true")
    partly = disclose_files(made, made / "methodology", EU)
    assert says(partly, "Approved by") == ("The methodology names as who approved it: The board.",)
    assert says(partly, "Public or not") == ("1 source said to be public.",)
    assert parts(partly)["Public or not"].said is Said.PARTLY
    (made / "sources.yaml").write_text(sources.replace("type:", "public: false, type:"), encoding="utf-8")
    closed = parts(disclose_files(made, made / "methodology", EU))["Public or not"]
    assert closed.said is Said.STATED
    assert closed.says[0] == "2 sources said not to be public."
    assert closed.says[1].startswith("Not public: ")


def test_what_was_not_assessed_is_counted_and_hypothetical_facts_are_named() -> None:
    results = data_of("careful_water")["results"]["companies"].values()
    outcomes = [one["outcome"] for company in results for one in company["criteria"].values()]
    told = says(cc.disclose(kept("careful_water"), EU), "Estimates where data are missing")
    assert f"Not assessed: {outcomes.count('not_assessed')} of {len(outcomes)} results of criteria." in told
    assert not [sentence for sentence in told if "HYPOTHETICAL" in sentence]
    read = cc.record("GDS", "clean_cloud_2024", with_hypothetical=True, at=AT)
    found = cc.disclose(read, EU)
    assert says(found, "Estimates where data are missing")[0].startswith("HYPOTHETICAL facts")
    text = cc.render(found)
    assert "HYPOTHETICAL" in text.partition(found.title)[0]
    assert "HYPOTHETICAL" not in cc.render(cc.disclose(kept("clean_cloud_2024", "gds"), EU))


def test_times_changes_and_sources_are_those_of_the_files() -> None:
    found = cc.disclose(kept("clean_cloud_2024", "gds"), EU)
    assert says(found, "Time horizon") == (
        "short term: facts count from 2022-01-01 to 2024-06-30; a period counts if its end lies in it.",
        "long term: facts of any time count.",
        "Evidence counts that was there by 2024-06-30.",
    )
    assert len(says(found, "Changes")) == len(cc.load_methodology("clean_cloud_2024").changes)
    assert "Before: 1; now: 5." in " ".join(says(found, "Changes"))
    assert says(found, "Sources")[0].startswith("Facts and searches without result cite ")
    assert found.notices[0].text in cc.render(found)
    assert found.subject == "GDS"


def test_a_changed_record_and_an_unknown_list_are_refused() -> None:
    data = data_of("careful_water")
    data["made"]["by"][0]["name"] = "Nobody"
    with pytest.raises(cc.InputError, match=r"`digests\.record`"):
        cc.disclose(canonical_json(data), EU)
    data["made"]["solicited"] = "yes"
    with pytest.raises(cc.InputError, match="`made` is missing, or is something else"):
        cc.disclose(forged(data), EU)
    with pytest.raises(ValueError, match="there is no list `eu-1`; there are eu-2024-3005"):
        cc.disclose(kept("careful_water"), "eu-1")


LIST = """title: A rule
notes: [No advice]
items:
  - place: Here
    asks: This
    parts:
"""


def test_a_list_is_data_and_its_mistakes_have_places() -> None:
    kinds = "".join(f"      - {{asks: {kind.value}, from: {kind.value}}}\n" for kind in AnsweredBy)
    made = regulation_of(LIST + kinds, "made.yaml")
    assert [part.source for part in made.items[0].parts] == list(AnsweredBy) == list(disclosed._ANSWERS)
    with pytest.raises(Rejected) as refused:
        regulation_of(f"{LIST}      - {{asks: Who, from: pepole}}\n", "made.yaml")
    assert str(refused.value.diagnostics[0]).startswith("made.yaml:7:27: error[unknown-value]: `pepole` is not one of")
    with pytest.raises(Rejected, match="key `notes` is missing"):
        regulation_of("title: A rule\nitems: []\n", "made.yaml")


def test_no_python_file_knows_an_item() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "cleancloud_rules").rglob("*.py"))
    for name in regulation_names():
        for item in regulation_named(name).items:
            assert item.place not in code
            assert item.asks not in code
