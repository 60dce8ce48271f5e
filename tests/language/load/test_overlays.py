"""Tests of overlays: hypothetical facts are never mistaken for stated ones."""

import shutil
from pathlib import Path

import pytest

import cleancloud_rules as cc
from cleancloud_rules import FactsError, Methodology
from tests.support.places import DATASET, edit


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(DATASET, tmp_path / "copy")
    return tmp_path / "copy"


def codes(folder: Path, methodology: Methodology) -> set[str]:
    with pytest.raises(FactsError) as caught:
        cc.load_dataset(folder, methodology, with_hypothetical=True)
    return {finding.code for finding in caught.value.diagnostics}


def test_an_overlay_is_not_even_opened_unless_asked_for(copy: Path, methodology: Methodology) -> None:
    (copy / "hypothetical" / "overlay.yaml").unlink()
    assert len(cc.load_dataset(copy, methodology).companies) == 25
    assert codes(copy, methodology) == {"missing-file"}


def test_an_overlay_without_its_header_is_refused(copy: Path, methodology: Methodology) -> None:
    file = copy / "hypothetical" / "overlay.yaml"
    text = file.read_text(encoding="utf-8")
    start = text.index("\nhypothetical:") + 1
    end = text.index("\nmethodology:") + 1
    file.write_text(text[:start] + text[end:], encoding="utf-8")
    assert codes(copy, methodology) == {"missing-key"}
    file.write_text(text[:start] + "hypothetical: Trust me.\n" + text[end:], encoding="utf-8")
    assert codes(copy, methodology) == {"hypothetical-without-header"}


def test_an_overlay_holds_hypothetical_facts_only(copy: Path, methodology: Methodology) -> None:
    file = copy / "hypothetical" / "overlay.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("basis: hypothetical", "basis: reported", 1), encoding="utf-8")
    assert codes(copy, methodology) == {"not-hypothetical"}


def test_a_fact_of_an_overlay_may_not_be_what_was_not_found(copy: Path, methodology: Methodology) -> None:
    file = copy / "hypothetical" / "overlay.yaml"
    edit(
        file,
        "companies:\n",
        "companies:\n- id: bytedance\n  facts:\n  - electricity_use: {breakdown: total}\n    disclosed: [amount]\n"
        "    as_of: 2024-06-30\n    basis: hypothetical\n    source: solver\n",
    )
    assert "contradicts-not-found" in codes(copy, methodology)


def test_an_unknown_company_is_named(copy: Path, methodology: Methodology) -> None:
    file = copy / "hypothetical" / "overlay.yaml"
    edit(file, "- id: alibaba\n", "- id: alibabba\n")
    assert codes(copy, methodology) == {"unknown-company"}


def test_a_wrong_key_at_the_top_hides_nothing_below(copy: Path, methodology: Methodology) -> None:
    file = copy / "hypothetical" / "overlay.yaml"
    edit(file, "- id: alibaba\n", "- id: alibabba\n")
    edit(file, "methodology: clean_cloud_2024\n", "methodology: clean_cloud_2024\nextra: 1\n")
    edit(copy / "statements.yaml", "statements:\n", "extra: 1\nstatements:\n")
    edit(copy / "statements.yaml", "published: 15\n    source", "published: ten\n    source")
    assert codes(copy, methodology) == {"unknown-company", "unknown-key", "wrong-type"}
