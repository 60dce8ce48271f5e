"""Tests of ``report``: results as pages."""

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.support.places import DATASET, ROOT, edit
from tests.support.result_pages import example_pages, read

WATER = ROOT / "examples" / "careful_water"


def files_in(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes().decode() for file in folder.rglob("*") if file.is_file()
    }


def pages_in(folder: Path) -> dict[str, str]:
    """Return the files in a folder without the list of their digests, which must be right."""
    found = files_in(folder)
    for line in found.pop("SHA256SUMS").splitlines():
        digest, name = line.split("  ")
        assert sha256(found[name].encode()).hexdigest() == digest
    return found


def test_the_pages_of_a_dataset_are_written_into_a_folder(run: Run, tmp_path: Path) -> None:
    done = run("report", WATER, "-o", tmp_path / "made" / "pages")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    assert pages_in(tmp_path / "made" / "pages") == example_pages("careful_water")


def test_the_pages_are_the_same_bytes_in_another_process_with_another_locale_and_hash_seed(tmp_path: Path) -> None:
    elsewhere = {"LC_ALL": "C", "LANG": "tr_TR.UTF-8", "PYTHONUTF8": "0", "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    command = [sys.executable, "-m", "cleancloud_rules", "report", str(WATER), "-o", str(tmp_path / "pages")]
    subprocess.run(command, check=True, env={**os.environ, **elsewhere})
    assert pages_in(tmp_path / "pages") == example_pages("careful_water")


def test_pages_of_an_earlier_report_do_not_stay_and_other_files_do(run: Run, tmp_path: Path) -> None:
    assert run("report", DATASET, "--with-hypothetical", "-o", tmp_path).exit_code == 0
    (tmp_path / "mine.txt").write_text("mine")
    assert run("report", WATER, "-o", tmp_path).exit_code == 0
    found = pages_in(tmp_path)
    assert found.pop("mine.txt") == "mine"
    assert found == example_pages("careful_water")
    assert not (tmp_path / "hypothetical").exists()


def test_a_folder_with_other_files_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = run("report", WATER, "-o", tmp_path)
    assert done.exit_code == 1
    assert "it holds other files; name a new or an empty folder" in done.stderr
    assert files_in(tmp_path) == {"mine.txt": "mine"}


def test_the_bundled_dataset_has_its_published_claims(run: Run, tmp_path: Path) -> None:
    assert run("report", "clean_cloud_2024", "-o", tmp_path).exit_code == 0
    assert pages_in(tmp_path) == example_pages("clean_cloud_2024")


def test_hypothetical_facts_have_a_folder_of_their_own(run: Run, tmp_path: Path) -> None:
    assert run("report", DATASET, "--with-hypothetical", "-o", tmp_path).exit_code == 0
    found = pages_in(tmp_path)
    invented = {name.removeprefix("hypothetical/"): text for name, text in found.items() if "hypothetical/" in name}
    assert invented == example_pages("clean_cloud_2024", hypothetical=True)
    assert {name: text for name, text in found.items() if "hypothetical/" not in name} == (
        example_pages("clean_cloud_2024")
    )


def test_one_company_is_one_file(run: Run, tmp_path: Path) -> None:
    assert run("report", DATASET, "--company", "gds", "-o", tmp_path / "gds.html").exit_code == 0
    assert list(files_in(tmp_path)) == ["gds.html"]
    assert read((tmp_path / "gds.html").read_text(encoding="utf-8")).headings[0] == "GDS"


def test_a_company_can_be_called_by_its_name_or_an_alias(run: Run, tmp_path: Path) -> None:
    for name in ("GDS", "gds holdings"):
        assert run("report", DATASET, "--company", name, "-o", tmp_path / "gds.html").exit_code == 0
        assert read((tmp_path / "gds.html").read_text(encoding="utf-8")).headings[0] == "GDS"


def test_an_unknown_company_is_wrong_usage_with_a_hint(run: Run, tmp_path: Path) -> None:
    done = run("report", DATASET, "--company", "gsd", "-o", tmp_path / "gds.html")
    assert done.exit_code == 2
    assert "the dataset has no company `gsd`; did you mean `gds`?" in done.stderr
    done = run("report", DATASET, "--company", "companies/china_mobile.yaml", "-o", tmp_path / "gds.html")
    assert "the dataset has no company `companies/china_mobile.yaml`; did you mean `china_mobile`?" in done.stderr
    assert files_in(tmp_path) == {}


def test_a_company_with_hypothetical_facts_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    done = run("report", DATASET, "--company", "gds", "--with-hypothetical", "-o", tmp_path / "gds.html")
    assert done.exit_code == 2


def test_a_folder_is_asked_for(run: Run) -> None:
    assert run("report", DATASET).exit_code == 2


@pytest.mark.parametrize("more", [[], ["--company", "example_brook"]])
def test_an_empty_name_is_wrong_usage_and_nothing_is_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("report", WATER, *more, "-o", "")
    assert done.exit_code == 2
    assert "--output: the name is empty; write `.` for the current folder" in done.stderr
    assert files_in(tmp_path) == {}


def test_the_cut_off_of_an_option_stands_on_the_pages(run: Run, tmp_path: Path) -> None:
    assert run("report", DATASET, "--as-of", "2023-12-31", "-o", tmp_path).exit_code == 0
    assert "evidence as of 2023-12-31" in read(files_in(tmp_path)["index.html"]).text


def test_a_broken_dataset_is_rejected_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    shutil.copytree(WATER, tmp_path / "water")
    edit(tmp_path / "water" / "companies" / "example_brook.yaml", "name: Example Brook Farm", "nam: Example Brook Farm")
    done = run("report", tmp_path / "water", "-o", tmp_path / "pages")
    assert done.exit_code == 1
    assert "did you mean `name`?" in done.stderr
    assert not (tmp_path / "pages").exists()


def test_a_file_in_the_place_of_the_folder_is_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pages").write_text("mine")
    done = run("report", WATER, "-o", tmp_path / "pages")
    assert done.exit_code == 1
    assert "cannot write" in done.stderr
    assert (tmp_path / "pages").read_text() == "mine"
