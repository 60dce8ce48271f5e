"""Tests of the root of a dataset: what a dataset names lies in its folder, or is not read."""

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.language.load.dataset_root import DatasetRoot
from tests.support.places import edit
from tests.system.test_bad_files import COMPANIES, CRITERIA

METHODOLOGY = cc.load_methodology(CRITERIA / "good")
PRIVATE = "private: a line that must not be shown\n"
WHERE = Location(SourceFile("dataset.yaml"))

NAMED = {
    "companies": ("companies: companies", "companies: {}"),
    "sources": ("sources: sources.yaml", "sources: {}"),
    "published": ("published: published.csv", "published: {}"),
    "statements": ("statements: statements.yaml", "statements: {}"),
    "overlays": ("overlays: [overlay.yaml]", "overlays: [{}]"),
}
"""The keys of a dataset that name files: what the good dataset says, and the same with another name."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the good dataset, to be edited, beside a folder with a private file."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "private.yaml").write_text(PRIVATE)
    return Path(shutil.copytree(COMPANIES / "good", tmp_path / "demo"))


def diagnostics(folder: Path, **options: Any) -> tuple[cc.Diagnostic, ...]:
    """Return what is wrong with a dataset."""
    try:
        cc.load_dataset(folder, METHODOLOGY, with_hypothetical=True, **options)
    except cc.FactsError as error:
        return error.diagnostics
    return ()


def name(folder: Path, key: str, path: str) -> None:
    """Let the dataset name another file under a key."""
    said, other = NAMED[key]
    edit(folder / "dataset.yaml", said, other.format(path))


# ---- ways out of the folder


@pytest.mark.parametrize("key", NAMED)
@pytest.mark.parametrize(
    "path",
    [
        "../other/private.yaml", "companies/../../other/private.yaml", "{}/other/private.yaml", "/etc/hostname",
        "../nowhere.yaml", "/nowhere/at/all.yaml", "link.yaml", "link/private.yaml", "link/../other/private.yaml",
        "companies/link.yaml",
    ],
)  # fmt: skip
def test_a_way_out_is_refused_where_it_is_named_and_nothing_is_shown_of_it(folder: Path, key: str, path: str) -> None:
    (folder / "link").symlink_to("../other")
    (folder / "link.yaml").symlink_to("../other/private.yaml")
    (folder / "companies" / "link.yaml").symlink_to("../../other/private.yaml")
    path = path.format(folder.parent)
    name(folder, key, path)
    found = [one for one in diagnostics(folder) if one.location.text == path]
    assert [one.code for one in found] == ["outside-dataset"]
    assert found[0].location.file.name == str(folder / "dataset.yaml")
    assert found[0].message.startswith(f"`{path}` ")
    assert "--allow-outside" in found[0].help
    assert not any("private:" in str(one) or "no such file" in str(one) for one in diagnostics(folder))


def test_whether_there_is_a_file_outside_is_not_told(folder: Path) -> None:
    def refused(path: str) -> str:
        with pytest.raises(Rejected) as caught:
            DatasetRoot(folder).file(path, WHERE)
        return caught.value.diagnostics[0].message.replace(path, "")

    assert refused("../other/private.yaml") == refused("../other/nowhere.yaml")
    assert refused("/etc/passwd") == refused("/etc/nowhere")


def test_a_link_in_a_folder_of_companies_is_refused_where_the_folder_is_named(folder: Path) -> None:
    (folder / "companies" / "link.yaml").symlink_to("../../other/private.yaml")
    (found,) = diagnostics(folder)
    assert (found.code, found.location.text) == ("outside-dataset", "companies")
    assert found.message == "`companies/link.yaml` leads through a link out of the folder of the dataset"


def test_an_absolute_path_is_refused_even_into_the_folder(folder: Path) -> None:
    name(folder, "sources", str(folder / "sources.yaml"))
    assert "absolute path" in diagnostics(folder)[0].message
    assert diagnostics(folder, allow_outside=True) == ()


def test_the_file_of_the_dataset_is_no_link_out_of_its_folder(folder: Path) -> None:
    (folder / "dataset.yaml").rename(folder.parent / "other" / "dataset.yaml")
    (folder / "dataset.yaml").symlink_to("../other/dataset.yaml")
    (found,) = diagnostics(folder)
    assert (found.code, str(found.location)) == ("outside-dataset", str(folder / "dataset.yaml"))
    with pytest.raises(cc.FactsError, match="outside-dataset"):
        cc.load_company(folder / "companies" / "acme.yaml", METHODOLOGY)
    assert diagnostics(folder, allow_outside=True) == ()
    assert diagnostics(folder / "dataset.yaml") == (), "the user named the link"


def test_a_company_file_cites_no_sources_from_outside_either(folder: Path) -> None:
    shutil.copy(folder / "sources.yaml", folder.parent / "other" / "sources.yaml")
    name(folder, "sources", "../other/sources.yaml")
    company = folder / "companies" / "acme.yaml"
    with pytest.raises(cc.FactsError) as caught:
        cc.load_company(company, METHODOLOGY)
    assert [one.code for one in caught.value.diagnostics] == ["outside-dataset"]
    assert cc.load_company(company, METHODOLOGY, allow_outside=True).facts


# ---- what is allowed


@pytest.mark.parametrize("path", ["./companies", "companies/", "companies/../companies", "companies/acme.yaml"])
def test_a_path_that_stays_inside_is_read(folder: Path, path: str) -> None:
    name(folder, "companies", path)
    assert diagnostics(folder) == ()


def test_the_folder_itself_is_inside(folder: Path) -> None:
    files = DatasetRoot(folder).files(".", WHERE)
    assert [file.name for file in files] == ["dataset.yaml", "overlay.yaml", "sources.yaml", "statements.yaml"]


def test_a_link_inside_is_followed(folder: Path) -> None:
    (folder / "companies").rename(folder / "real")
    (folder / "companies").symlink_to("real")
    (folder / "real" / "acme.yaml").rename(folder / "acme.txt")
    (folder / "real" / "acme.yaml").symlink_to("../acme.txt")
    assert diagnostics(folder) == ()


def test_a_link_to_the_whole_dataset_is_followed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = folder.parent / "link"
    link.symlink_to("demo")
    assert diagnostics(link) == ()
    monkeypatch.chdir(link)
    assert diagnostics(Path()) == diagnostics(Path("dataset.yaml")) == ()


def test_a_name_that_begins_with_dots_stays_inside(folder: Path) -> None:
    (folder / "companies").rename(folder / "..companies")
    name(folder, "companies", "..companies")
    assert diagnostics(folder) == ()


def test_everything_is_read_where_the_user_allows_it(folder: Path) -> None:
    for key, file in (("sources", "sources.yaml"), ("published", "published.csv"), ("statements", "statements.yaml")):
        (folder / file).rename(folder.parent / "other" / file)
        name(folder, key, f"../other/{file}")
    (folder / "companies").rename(folder.parent / "companies")
    name(folder, "companies", str(folder.parent / "companies"))
    (folder / "overlay.yaml").rename(folder.parent / "overlay.yaml")
    (folder / "overlay.yaml").symlink_to("../overlay.yaml")
    assert {one.code for one in diagnostics(folder)} == {"outside-dataset"}
    assert len(diagnostics(folder)) == len(NAMED)
    assert diagnostics(folder, allow_outside=True) == ()


def test_a_device_is_not_read_even_where_everything_is_allowed(folder: Path) -> None:
    name(folder, "companies", "/dev/zero")
    (found,) = diagnostics(folder, allow_outside=True)
    assert (found.code, found.location.file.name) == ("unreadable-file", "/dev/zero")
    os.mkfifo(folder / "companies" / "pipe.yaml")
    edit(folder / "dataset.yaml", "companies: /dev/zero", "companies: companies")
    (found,) = diagnostics(folder)
    assert "only files are read" in found.message


# ---- errors of the system


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("a" * 5000, "file name too long"),
        ('"a\\0b"', "a name cannot contain a null character"),
        ("circle", "too many levels of symbolic links"),
    ],
)
@pytest.mark.parametrize("key", NAMED)
def test_a_name_that_the_system_refuses_is_reported_where_it_is_named(
    folder: Path, key: str, path: str, reason: str
) -> None:
    (folder / "circle").symlink_to("circle")
    name(folder, key, path)
    (found,) = (one for one in diagnostics(folder) if one.code == "unreadable-file")
    assert (found.location.file.name, found.location.text) == (str(folder / "dataset.yaml"), path)
    assert found.message.endswith(f": {reason}")


def test_a_folder_of_companies_without_permission_is_reported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def refuse(path: Path) -> Any:
        if path.name == "companies":
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    (found,) = diagnostics(folder)
    assert found.message == f"cannot read `{folder / 'companies'}`: permission denied"
