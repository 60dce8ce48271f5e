"""Every mistake has a file, and beside it the exact text of its diagnostics.

A file of `bad_criteria/KIND/` replaces the file `KIND.yaml` of `bad_criteria/good/`, a folder of `bad_criteria/folder/`
all its files. A file of `bad_companies/KIND/` and of `bad_forms/KIND/` does likewise. A folder of
`bad_companies/folder/` adds its files to the good ones, and may have a methodology. A file of `bad_cases/KIND/` is a
file of test cases beside the good criteria. `bad_forms` has questions, groups in groups, levels, bands and tables.
To add a mistake, add its file and run `python -m tests.system.test_bad_files`, which writes the text. Read it before
you keep it.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from cleancloud_rules import (
    Dataset,
    Diagnostic,
    check,
    load_cases,
    load_company,
    load_dataset,
    load_methodology,
    run_cases,
)
from cleancloud_rules.analysis import fit
from cleancloud_rules.errors import InputError
from tests.support.places import ROOT

CRITERIA = ROOT / "tests" / "bad_criteria"
COMPANIES = ROOT / "tests" / "bad_companies"
FORMS = ROOT / "tests" / "bad_forms"
OF_CASES = ROOT / "tests" / "bad_cases"

STANDS_FOR = {"company": "companies/acme.yaml", "published": "published.csv", "fit": "methodology.yaml"}
"""The files that a kind of case replaces, if their names differ."""

CASES = sorted(
    path
    for folder in (CRITERIA, COMPANIES, FORMS, OF_CASES)
    for path in folder.glob("*/*")
    if path.parent.name != "good" and path.suffix != ".txt"
)


def expected(case: Path) -> Path:
    """Return the file with the expected text of a case."""
    return case.with_name(f"{case.stem}.txt")


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Change to a folder, so that diagnostics name its files by short paths."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def diagnostics_of(case: Path) -> tuple[Diagnostic, ...]:
    """Return the diagnostics of a case."""
    with TemporaryDirectory() as name, inside(Path(name)):
        if case.is_dir() and case.is_relative_to(CRITERIA):
            shutil.copytree(case, "demo")
            return check("demo")
        good = case.parent.parent / "good"
        kind = case.parent.name
        if good.parent == OF_CASES:
            shutil.copy(case, with_cases(Path("demo")) / "cases" / f"{kind}.yaml")
            return rejected(lambda: load_cases("demo", load_methodology("demo")))
        shutil.copytree(good, "demo")
        if case.is_dir():
            shutil.copytree(case, "demo", dirs_exist_ok=True)
        else:
            shutil.copy(case, Path("demo") / STANDS_FOR.get(kind, f"{kind}.yaml"))
        if kind == "fit":
            return rejected(lambda: fit(Dataset("Demo", "demo", ()), load_methodology("demo")))
        if good.parent == CRITERIA or (good.parent == FORMS and kind != "company"):
            return check("demo")
        if good.parent == FORMS:
            return rejected(lambda: load_company(f"demo/{STANDS_FOR[kind]}", load_methodology("demo")))
        own = case / "methodology"
        methodology = load_methodology(own.resolve() if own.is_dir() else CRITERIA / "good")
        wrong = rejected(lambda: load_dataset("demo", methodology, with_hypothetical=True))
        return wrong or check(load_dataset("demo", methodology), methodology)


def rejected(load: Callable[[], object]) -> tuple[Diagnostic, ...]:
    """Return the diagnostics for which something cannot be loaded."""
    try:
        load()
    except InputError as error:
        return error.diagnostics
    return ()


def with_cases(folder: Path) -> Path:
    """Make the good methodology with its cases in a folder that there is not yet, and return it."""
    shutil.copytree(CRITERIA / "good", folder)
    return Path(shutil.copytree(OF_CASES / "good", folder, dirs_exist_ok=True))


def rendered(diagnostics: tuple[Diagnostic, ...]) -> str:
    """Return diagnostics as the command line shows them."""
    return "\n\n".join(str(diagnostic) for diagnostic in diagnostics) + "\n"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_a_mistake_is_reported_at_its_place_in_these_words(case: Path) -> None:
    diagnostics = diagnostics_of(case)
    assert diagnostics, "there is no diagnostic"
    assert rendered(diagnostics) == expected(case).read_text(encoding="utf-8")
    for diagnostic in diagnostics:
        assert_lies_in_its_file(diagnostic)


def assert_lies_in_its_file(diagnostic: Diagnostic) -> None:
    where = diagnostic.location
    if not where.line:
        return
    assert 1 <= where.line <= where.end_line <= len(where.file.lines) + 1
    assert 1 <= where.column <= len(where.file.line(where.line)) + 1
    assert (where.line, where.column) <= (where.end_line, where.end_column)


@pytest.mark.parametrize("folder", [CRITERIA, COMPANIES, FORMS, OF_CASES], ids=lambda folder: folder.name)
def test_every_text_belongs_to_a_file(folder: Path) -> None:
    said = set(folder.glob("*/*.txt"))
    assert said == {expected(case) for case in CASES if case.is_relative_to(folder)}


def test_the_files_that_the_mistakes_are_made_in_are_good(tmp_path: Path) -> None:
    assert not [diagnostic for diagnostic in check(CRITERIA / "good") if diagnostic.is_error]
    assert run_cases(with_cases(tmp_path / "demo")).passed
    dataset = load_dataset(COMPANIES / "good", load_methodology(CRITERIA / "good"), with_hypothetical=True)
    assert [company.id for company in dataset.companies] == ["acme"]
    assert not [diagnostic for diagnostic in check(FORMS / "good") if diagnostic.is_error]
    assert load_company(FORMS / "good" / STANDS_FOR["company"], load_methodology(FORMS / "good")).name == "Acme"


def main() -> None:
    """Write the text of every case."""
    for case in CASES:
        expected(case).write_text(rendered(diagnostics_of(case)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
