import gc
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from attrs import evolve

import cleancloud_rules as cc
from cleancloud_rules.scoring import compiled
from tests.support import small
from tests.support.places import COMPANIES, CRITERIA, DATASET

METHODOLOGY = cc.load_methodology(CRITERIA)
FILES = {path.name: path.read_text(encoding="utf-8") for path in CRITERIA.glob("*.yaml")}
GDS = (COMPANIES / "gds.yaml").read_text(encoding="utf-8")
SOURCES = (DATASET / "sources.yaml").read_text(encoding="utf-8")


def plain(text: str) -> Any:
    """Return what a YAML text holds as plain data."""
    return yaml.safe_load(text)


def as_json(text: str) -> str:
    return json.dumps(plain(text), default=str)


def test_a_methodology_is_found_by_name_and_by_folder() -> None:
    assert cc.load_methodology("clean_cloud_2024") == METHODOLOGY
    assert cc.load_methodology(str(CRITERIA)) == METHODOLOGY


def test_a_methodology_comes_from_files_texts_data_and_json_alike() -> None:
    assert cc.methodology_from(FILES) == METHODOLOGY
    assert cc.methodology_from({name: plain(text) for name, text in FILES.items()}).sha256 == METHODOLOGY.sha256
    assert cc.methodology_from({name: as_json(text) for name, text in FILES.items()}).sha256 == METHODOLOGY.sha256


def test_a_company_comes_from_a_file_a_text_data_and_json_alike() -> None:
    loaded = cc.load_company(COMPANIES / "gds.yaml", METHODOLOGY)
    assert cc.company_from(GDS, METHODOLOGY, sources=SOURCES) == loaded
    assert cc.company_from(plain(GDS), METHODOLOGY, sources=plain(SOURCES)).sha256 == loaded.sha256
    assert cc.company_from(as_json(GDS), METHODOLOGY, sources=as_json(SOURCES)).sha256 == loaded.sha256
    bibliography = {fact.source.id: fact.source for fact in loaded.facts if fact.source}
    assert cc.company_from(GDS, METHODOLOGY, sources=bibliography).sha256 == loaded.sha256


def test_sources_may_stand_in_the_company_itself() -> None:
    data = plain(GDS) | {"sources": plain(SOURCES)["sources"]}
    assert cc.company_from(data, METHODOLOGY).facts == cc.load_company(COMPANIES / "gds.yaml", METHODOLOGY).facts


def test_the_same_mistake_has_the_same_code_and_message_wherever_it_comes_from(tmp_path: Path) -> None:
    wrong = GDS.replace("coverage: company", "coverage: companny", 1)
    (tmp_path / "gds.yaml").write_text(wrong, encoding="utf-8")
    (tmp_path / "dataset.yaml").write_bytes((DATASET / "dataset.yaml").read_bytes())
    (tmp_path / "sources.yaml").write_bytes((DATASET / "sources.yaml").read_bytes())
    found = []
    attempts: tuple[Callable[[], cc.Company], ...] = (
        lambda: cc.load_company(tmp_path / "gds.yaml", METHODOLOGY),
        lambda: cc.company_from(wrong, METHODOLOGY, sources=SOURCES),
        lambda: cc.company_from(plain(wrong), METHODOLOGY, sources=plain(SOURCES)),
        lambda: cc.company_from(as_json(wrong), METHODOLOGY, sources=as_json(SOURCES)),
    )
    for attempt in attempts:
        with pytest.raises(cc.FactsError) as raised:
            attempt()
        found.append([(d.code, d.message, d.help) for d in raised.value.diagnostics])
    assert found[0]
    assert found[0][0][0] == "unknown-value"
    assert found == found[:1] * 4


def test_errors_are_the_builtin_ones_that_a_caller_would_catch() -> None:
    with pytest.raises(ValueError, match="neither a folder nor a bundled methodology"):
        cc.load_methodology("clean_clout_2024")
    with pytest.raises(ValueError, match="unknown-fact-type"):
        cc.company_from({"id": "a", "name": "A", "facts": [{"nothing": {}}]}, METHODOLOGY)
    assert issubclass(cc.EngineError, RuntimeError)
    assert issubclass(cc.EngineError, cc.CleanCloudError)


def test_a_misspelt_name_of_a_methodology_gets_a_hint() -> None:
    (diagnostic,) = cc.check("clean_clout_2024")
    assert (diagnostic.code, diagnostic.help) == ("unknown-methodology", "did you mean `clean_cloud_2024`?")


def test_the_shipped_methodology_has_no_diagnostics() -> None:
    assert cc.check("clean_cloud_2024") == ()


def test_a_loaded_methodology_has_the_warnings_of_its_files(tmp_path: Path) -> None:
    for name, data in small.files(small.LADDER).items():
        (tmp_path / name).write_text(yaml.safe_dump(data), encoding="utf-8")
    said = cc.check(tmp_path)
    assert {diagnostic.code for diagnostic in said} == {"unread-fact-type"}
    assert cc.check(cc.load_methodology(tmp_path)) == said


def test_a_methodology_that_was_made_wrong_of_another_has_errors() -> None:
    first, *others = METHODOLOGY.categories
    wrong = evolve(METHODOLOGY, categories=(first, first, *others))
    assert "repeated-id" in {diagnostic.code for diagnostic in cc.check(wrong)}


def test_companies_are_checked_one_by_one_or_together() -> None:
    dataset = cc.load_dataset(DATASET, METHODOLOGY)
    assert cc.check(dataset, METHODOLOGY) == cc.check(iter(dataset.companies), METHODOLOGY) == ()
    methodology = small.methodology(small.LADDER)
    unaccepted = small.company(methodology, small.fact("share", {"percent": 50}, source="leaflet"))
    assert [diagnostic.code for diagnostic in cc.check(unaccepted, methodology)] == ["fact-never-counts"]


def test_companies_are_checked_with_a_methodology_and_a_methodology_without_another() -> None:
    company = cc.load_company(COMPANIES / "gds.yaml", METHODOLOGY)
    with pytest.raises(TypeError, match="needs the methodology"):
        cc.check(company)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="takes either one methodology"):
        cc.check(METHODOLOGY, METHODOLOGY)  # type: ignore[call-overload]


def test_an_empty_folder_is_no_methodology(tmp_path: Path) -> None:
    assert "missing-file" in {diagnostic.code for diagnostic in cc.check(tmp_path)}


def test_a_dataset_is_found_by_its_folder_and_by_its_file() -> None:
    by_folder = cc.load_dataset(DATASET, METHODOLOGY)
    assert by_folder == cc.load_dataset(DATASET / "dataset.yaml", METHODOLOGY)
    assert len(by_folder.companies) == 25


def test_a_value_that_its_field_does_not_allow_is_refused_everywhere() -> None:
    data = {"id": "a", "name": "A", "facts": [{"renewable_share": {"percent": 130, "denominator": "energy"}}]}
    with pytest.raises(cc.FactsError) as raised:
        cc.company_from(data, METHODOLOGY)
    assert [diagnostic.code for diagnostic in raised.value.diagnostics] == ["out-of-range"]


def test_companies_can_be_ranked_without_a_dataset() -> None:
    companies = cc.load_dataset(DATASET, METHODOLOGY).companies
    assert cc.rank(iter(companies), METHODOLOGY) == cc.rank(cc.load_dataset(DATASET, METHODOLOGY), METHODOLOGY)


def test_hypothetical_facts_are_read_only_on_request() -> None:
    methodology = small.methodology(small.LADDER)
    company = small.company(methodology, small.fact("share", {"percent": 50}, basis="hypothetical"))
    without = cc.score(company, methodology)
    assert (str(without.total), str(without.hypothetical_total)) == ("0.00", "0.00")
    assert without.facts[0].why_not == "hypothetical facts are read only on request"
    assert [notice.code for notice in without.notices] == ["plain"]
    read = cc.score(company, methodology, with_hypothetical=True)
    assert (str(read.total), str(read.hypothetical_total)) == ("100.00", "100.00")
    assert [notice.code for notice in read.notices] == ["plain", "guess"]


def test_the_notice_on_hypothetical_facts_is_shown_only_where_there_are_some() -> None:
    methodology = small.methodology(small.LADDER)
    card = cc.score(small.company(methodology), methodology, with_hypothetical=True)
    assert [notice.code for notice in card.notices] == ["plain"]


def test_a_cross_check_changes_nothing_where_the_engine_is_right() -> None:
    company = cc.load_company(COMPANIES / "gds.yaml", METHODOLOGY)
    assert cc.score(company, METHODOLOGY, cross_check=True) == cc.score(company, METHODOLOGY)


def test_what_the_engine_holds_is_freed_with_the_methodology() -> None:
    gc.collect()
    gc.freeze()  # what is there now is not searched again
    before = len(compiled._compiled)
    for _ in range(3):
        methodology = small.methodology(small.LADDER)
        small.card(methodology, small.fact("share", {"percent": 5}))
        assert len(compiled._compiled) == before + 1
        del methodology
        gc.collect()
        assert len(compiled._compiled) == before


def test_scoring_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    cc.score(cc.load_company(COMPANIES / "gds.yaml", METHODOLOGY), METHODOLOGY, cross_check=True)
    assert threading.active_count() == before
