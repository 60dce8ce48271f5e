"""Tests of making records: what they hold, and that equal files give equal bytes."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import rfc8785

import cleancloud_rules as cc
from cleancloud_rules.records import check_record
from cleancloud_rules.records.making import digests_of
from cleancloud_rules.results import Record
from cleancloud_rules.sheets.export import workbook_of
from cleancloud_rules.tables.reading.written import csv_tables
from tests.support.examples import FOLDERS, example
from tests.support.kept import AT, BY, data_of, kept
from tests.support.places import CRITERIA, DATASET, ROOT, edit


@pytest.mark.parametrize("name", FOLDERS)
def test_a_record_is_canonical_and_conforms_to_its_schema(name: str) -> None:
    company = "gds" if name == "clean_cloud_2024" else None  # all 25 take a while
    data, made = data_of(name, company), kept(name, company)
    assert rfc8785.dumps(data) == made.to_json().encode()
    assert Record.from_json(made.to_json().encode()) == made
    assert data["digests"] == digests_of(data)
    jsonschema.validate(data, cc.schema("record"), cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize("name", FOLDERS)
def test_a_record_has_the_figures_of_the_ranking(name: str) -> None:
    methodology, dataset = example(name)
    data, ranking = data_of(name), cc.rank(dataset, methodology, with_bounds=True)
    results = data["results"]["companies"]
    for cohort in ranking.cohorts:
        for row in cohort.rows:
            card, own = row.scorecard, results[row.company.id]
            assert own.get("total") == (None if card.total is None else f"{card.total:f}")
            assert own.get("level") == (card.level.id if card.level else None)
            assert own.get("label") == card.label
            assert {id: one["outcome"] for id, one in own["criteria"].items()} == {
                one.id: one.outcome.value for one in card.criteria
            }
            assert {id: one.get("rules", {}).keys() for id, one in own["criteria"].items()} == {
                one.id: {rule.id for rule in one.rules if rule.fired} for one in card.criteria
            }
            assert own["uncounted"] if any(not fact.counts for fact in card.facts) else "uncounted" not in own
            assert card.bounds is not None
            assert own.get("bounds", {}).get("floor") == (
                None if card.bounds.floor is None else f"{card.bounds.floor:f}"
            )
    assert data["results"]["ranking"] == [
        {"cohort": c.id, "rows": [{"rank": row.rank, "company": row.company.id} for row in c.rows]}
        for c in ranking.cohorts
    ]
    assert data["as_of"] == ranking.methodology.as_of
    assert [notice["text"] for notice in data["notices"]] == [notice.text for notice in ranking.notices]


def test_the_input_files_are_those_that_were_read_and_no_others() -> None:
    inputs = data_of("clean_cloud_2024")["inputs"]
    names = {f"methodology/{file.name}": file for file in CRITERIA.glob("*.yaml")}
    names |= {f"dataset/{name}": DATASET / name for name in ("dataset.yaml", "sources.yaml", "statements.yaml")}
    names |= {"dataset/published.csv": DATASET / "published.csv"}
    names |= {f"dataset/companies/{file.name}": file for file in (DATASET / "companies").glob("*.yaml")}
    assert inputs.keys() == names.keys()
    for name, file in names.items():
        assert inputs[name]["sha256"] == sha256(file.read_bytes()).hexdigest()
        assert inputs[name]["text"].encode() == file.read_bytes()


def filled(data: Any, meaning: dict[str, Any], kind: str | None = None) -> Any:
    """Return the canonical form of a short one."""
    if isinstance(data, list):
        return [filled(item, meaning, kind) for item in data]
    if not isinstance(data, dict):
        return data
    if data.keys() == {"source_id"}:
        return filled(meaning["sources"][data["source_id"]], meaning)
    if data.keys() == {"same"}:
        return filled(meaning["shared"][data["same"]], meaning, kind)
    kind = data.get("is", kind)
    if kind is None:
        return {name: filled(value, meaning) for name, value in data.items()}
    if kind == "Whole":
        return int(data["text"])
    kinds = meaning["kinds"].get(kind, {})
    made = {name: filled(value, meaning, kinds.get(name)) for name, value in data.items()}
    if kind == "Fact":
        made["values"] = {name: filled(value, meaning) for name, value in data["values"].items()}
    return {**meaning["defaults"].get(kind, {}), **made, "is": kind}


@pytest.mark.parametrize("name", FOLDERS)
def test_the_digests_of_methodology_and_facts_follow_from_the_meaning(name: str) -> None:
    methodology, dataset = example(name)
    meaning = data_of(name)["meaning"]

    def digest(form: Any) -> str:
        text = json.dumps(filled(form, meaning), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()

    assert digest(meaning["methodology"]) == meaning["sha256"]["methodology"] == methodology.sha256
    for company in dataset.companies:
        assert digest(meaning["companies"][company.id]) == meaning["sha256"]["companies"][company.id] == company.sha256


def test_whole_numbers_that_readers_of_json_round_are_texts(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "examples" / "careful_water", tmp_path / "made"))
    facts = folder / "methodology" / "facts.yaml"
    facts.write_text(
        facts.read_text(encoding="utf-8")
        + "\n  tally:\n    title: Tally\n    horizon: ever\n    fields: {number: {type: integer}}\n",
        encoding="utf-8",
    )
    horizon = example("careful_water")[0].windows[0][0]
    edit(facts, "horizon: ever\n    fields: {number", f"horizon: {horizon}\n    fields: {{number")
    company = folder / "companies" / "example_fen.yaml"
    text = company.read_text(encoding="utf-8")
    source = example("careful_water")[1].bibliography[0].id
    text = text.replace("facts:\n", f"facts:\n  - tally: {{number: 12345678901234567890}}\n    source: {source}\n", 1)
    company.write_text(text, encoding="utf-8")
    meaning = cc.record(company, folder / "methodology", at=AT).data()["meaning"]
    (fact,) = [one for one in meaning["companies"]["example_fen"]["facts"] if one["type"] == "tally"]
    assert fact["values"]["number"] == {"is": "Whole", "text": "12345678901234567890"}
    loaded = cc.load_company(company, cc.load_methodology(folder / "methodology"))
    form = json.dumps(
        filled(meaning["companies"]["example_fen"], meaning), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    assert sha256(form.encode()).hexdigest() == loaded.sha256


def test_a_record_of_one_company_has_no_other_company_and_the_figures_of_its_dataset() -> None:
    data, whole = data_of("clean_cloud_2024", "gds"), data_of("clean_cloud_2024")
    assert [name for name in data["inputs"] if "/companies/" in name] == ["dataset/companies/gds.yaml"]
    assert data["options"] == {"as_of": None, "company": "companies/gds.yaml"}
    assert data["results"] == {"companies": {"gds": whole["results"]["companies"]["gds"]}}
    assert data["meaning"]["published"]["gds"] == whole["meaning"]["published"]["gds"]
    named = cc.record("GDS", "clean_cloud_2024", by=BY, at=AT)
    assert named == kept("clean_cloud_2024", "gds")


def test_a_company_file_outside_of_any_dataset_is_recorded_alone(tmp_path: Path) -> None:
    file = tmp_path / "alone.yaml"
    file.write_text("id: alone\nname: Alone\ncohort: cloud_provider\nfacts: []\n", encoding="utf-8")
    data = cc.record(file, "clean_cloud_2024", at=AT).data()
    assert [name for name in data["inputs"] if name.startswith("dataset/")] == ["dataset/alone.yaml"]
    assert data["results"]["companies"]["alone"]["total"] == "0.00"
    assert cc.verify(cc.record(file, "clean_cloud_2024", at=AT)).replay is cc.results.Replay.IDENTICAL


def test_a_cut_off_and_hypothetical_facts_are_kept_with_the_results() -> None:
    early = cc.record("GDS", CRITERIA, as_of=date(2024, 1, 31), at=AT).data()
    assert (early["as_of"], early["options"]["as_of"]) == ("2024-01-31", "2024-01-31")
    read = cc.record("GDS", CRITERIA, with_hypothetical=True, at=AT).data()
    assert read["hypothetical"] is True
    assert "dataset/hypothetical/overlay.yaml" in read["inputs"]
    assert "HYPOTHETICAL" in json.dumps(read["notices"])
    assert "bounds" not in read["results"]["companies"]["gds"]
    assert read["results"]["companies"]["gds"]["hypothetical_total"] != "0.00"


def test_a_cut_off_is_applied_to_all_companies_of_a_dataset() -> None:
    methodology, dataset = example("careful_water")
    day = date(2025, 6, 30)
    folder, path = FOLDERS["careful_water"]
    data = cc.record(path, folder, as_of=day, at=AT).data()
    ranking = cc.rank(dataset, methodology, as_of=day)
    totals = {row.company.id: row.scorecard.total for cohort in ranking.cohorts for row in cohort.rows}
    assert {id: Decimal(one["total"]) for id, one in data["results"]["companies"].items()} == totals
    assert totals != {id: Decimal(one["total"]) for id, one in data_of("careful_water")["results"]["companies"].items()}


def test_who_made_it_and_when_stand_in_the_record_and_change_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1717200000")
    methodology, dataset = FOLDERS["careful_water"]
    data, other = cc.record(dataset, methodology).data(), data_of("careful_water")
    assert data["made"]["at"] == "2024-06-01T00:00:00Z"
    assert data["made"]["by"] == []
    assert other["made"]["at"] == "2026-12-01T12:00:00Z"
    assert other["made"]["by"] == [{"name": name, "role": role} for role, name in BY]
    assert data["made"]["library"] == f"cleancloud_rules {cc.__version__}"
    differing = {name for name in data if data[name] != other[name]}
    assert differing == {"made", "digests"}
    assert {name for name, digest in data["digests"].items() if digest != other["digests"][name]} == {"record"}
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    made = datetime.fromisoformat(cc.record(dataset, methodology).data()["made"]["at"])
    assert abs((datetime.now(UTC) - made).total_seconds()) < 600
    with pytest.raises(ValueError, match="must have a time zone"):
        cc.record(dataset, methodology, at=datetime(2024, 1, 1))  # noqa: DTZ001 - which is refused


def test_another_process_with_another_locale_hash_seed_and_folder_gives_the_same_bytes(tmp_path: Path) -> None:
    methodology, dataset = FOLDERS["open_reading_rooms"]
    program = (
        "import sys, cleancloud_rules as cc; from datetime import datetime, UTC;"
        "sys.stdout.buffer.write(cc.record(sys.argv[1], sys.argv[2], by=[('analyst', 'A. Person'),"
        "('approved', 'B. Person')], at=datetime(2026, 12, 1, 12, tzinfo=UTC)).to_json().encode())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "LC_ALL": "C", "PYTHONPATH": str(ROOT)}
    copied = shutil.copytree(dataset, tmp_path / "copy")
    done = subprocess.run(
        [sys.executable, "-c", program, str(copied), str(methodology)],
        capture_output=True, check=True, env=environment, cwd=tmp_path,
    )  # fmt: skip
    assert done.stdout == kept("open_reading_rooms").to_json().encode()


def test_a_record_of_the_25_companies_has_at_most_500_kb() -> None:
    assert len(kept("clean_cloud_2024").to_json().encode()) <= 500_000


def test_files_outside_of_the_dataset_are_refused(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "careful_water", tmp_path / "made")
    shutil.move(tmp_path / "made" / "sources.yaml", tmp_path / "sources.yaml")
    edit(tmp_path / "made" / "dataset.yaml", "sources: sources.yaml", "sources: ../sources.yaml")
    with pytest.raises(cc.FactsError, match="outside-dataset"):
        cc.record(tmp_path / "made", tmp_path / "made" / "methodology")


def test_mistakes_are_reported_as_when_a_dataset_is_loaded(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "careful_water", tmp_path / "made")
    company = tmp_path / "made" / "companies" / "example_fen.yaml"
    edit(company, "name: ", "nam: ")
    with pytest.raises(cc.FactsError, match="unknown key `nam`"):
        cc.record(tmp_path / "made", tmp_path / "made" / "methodology")
    with pytest.raises(cc.FactsError, match="unknown key `nam`"):
        cc.record(company, tmp_path / "made" / "methodology")
    edit(tmp_path / "made" / "methodology" / "methodology.yaml", "publisher: ", "publishr: ")
    with pytest.raises(cc.CriteriaError, match="unknown key `publishr`"):
        cc.record(tmp_path / "made", tmp_path / "made" / "methodology")
    with pytest.raises(cc.CriteriaError, match="neither a folder of criteria files nor a bundled methodology"):
        cc.record(tmp_path / "made", "clean_cloud_2042")
    with pytest.raises(cc.FactsError, match="no company `nobody_at_all`"):
        cc.record("nobody_at_all", CRITERIA)
    shutil.rmtree(tmp_path / "made" / "companies")
    (tmp_path / "made" / "companies").mkdir()
    with pytest.raises(cc.FactsError, match="there are no company files"):
        cc.record(tmp_path / "made", ROOT / "examples" / "careful_water" / "methodology")


def test_a_record_keeps_responses_beside_the_facts_that_digests_are_made_from() -> None:
    _, dataset = example("careful_water")
    meaning = data_of("careful_water")["meaning"]
    assert list(meaning["responses"]) == ["example_ridge"]
    open_one, rejected = meaning["responses"]["example_ridge"]
    assert [fact["id"] for fact in open_one["facts"]] == [
        fact.id for fact in dataset.company("example_ridge").responses[0].facts
    ]
    assert open_one["facts"][0]["source"] == {"source_id": "ridge-letter"}
    assert rejected["status"] == "rejected"
    assert "responses" not in meaning["companies"]["example_ridge"]
    assert "responses" not in data_of("clean_cloud_2024", "gds")["meaning"]


def test_a_workbook_and_tables_are_kept_as_yaml_with_the_digests_of_what_was_read(tmp_path: Path) -> None:
    methodology, dataset = FOLDERS["careful_water"]
    whole, rules = cc.load_dataset(dataset, cc.load_methodology(methodology)), cc.load_methodology(methodology)
    book, folder = tmp_path / "water.xlsx", tmp_path / "tables"
    book.write_bytes(workbook_of(whole, rules))
    for name, text in csv_tables(whole, rules):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, newline="", encoding="utf-8")
    right = data_of("careful_water")
    for path in (book, folder):
        record = cc.record(path, methodology, at=AT)
        data = record.data()
        assert data["meaning"]["sha256"] == right["meaning"]["sha256"]
        assert data["results"]["ranking"] == right["results"]["ranking"]
        assert data["made"]["read_from"] == {
            (file.name if path == book else file.relative_to(folder).as_posix()): sha256(file.read_bytes()).hexdigest()
            for file in ([book] if path == book else folder.rglob("*.csv"))
        }
        assert cc.verify(record).replay is cc.results.Replay.IDENTICAL
        assert check_record.check(record.to_json().encode()).wrong == []
        jsonschema.validate(data, cc.schema("record"), cls=jsonschema.Draft202012Validator)
        files = json.loads(cc.provenance(record))["predicate"]["buildDefinition"]["resolvedDependencies"]
        assert {file["name"] for file in files} == {*data["inputs"], *data["made"]["read_from"]}
        one = cc.record(path, methodology, company="example_fen", at=AT).data()
        assert list(one["results"]["companies"]) == ["example_fen"]
        assert "ranking" not in one["results"]
        assert one["options"]["company"] == "companies/example_fen.yaml"
        with pytest.raises(cc.FactsError, match="no company `nobody`"):
            cc.record(path, methodology, company="nobody")
    assert cc.record(dataset, methodology, company="example_fen", by=BY, at=AT) == kept("careful_water", "example_fen")


@pytest.mark.parametrize("way", ["dots", "absolute"])
def test_files_outside_of_the_dataset_are_kept_under_their_names_if_that_is_allowed(tmp_path: Path, way: str) -> None:
    made = shutil.copytree(ROOT / "examples" / "careful_water", tmp_path / "made")
    shutil.move(made / "sources.yaml", tmp_path / "sources.yaml")
    name = "../sources.yaml" if way == "dots" else str(tmp_path / "sources.yaml")
    edit(made / "dataset.yaml", "sources: sources.yaml", f"sources: {name}")
    for path in (made, made / "companies" / "example_fen.yaml"):
        with pytest.raises(cc.FactsError, match="outside-dataset"):
            cc.record(path, made / "methodology")
        record = cc.record(path, made / "methodology", allow_outside=True, at=AT)
        assert f"dataset/{name}" in record.data()["inputs"]
        assert cc.verify(record).replay is cc.results.Replay.IDENTICAL
        assert check_record.check(record.to_json().encode()).wrong == []
    assert (
        record.data()["meaning"]["sha256"]["companies"]["example_fen"]
        == (data_of("careful_water")["meaning"]["sha256"]["companies"]["example_fen"])
    )
