"""Resolves the arguments of a command to methodologies, datasets, folders and files of companies."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import click
from attrs import evolve, frozen

from cleancloud_rules import (
    Company,
    Dataset,
    Diagnostic,
    FactsError,
    Methodology,
    company_from_tables,
    load_company,
    load_dataset,
    load_methodology,
)
from cleancloud_rules.cli.options import DEFAULT_METHODOLOGY
from cleancloud_rules.cli.output import rejections, show_diagnostics
from cleancloud_rules.diagnostics.collector import DiagnosticCollector, Rejected
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents.file_reader import Kind, is_file, is_folder, kind_of, tables_in
from cleancloud_rules.documents.nodes import Node, ScalarNode
from cleancloud_rules.documents.yaml import read_file
from cleancloud_rules.language.load.dataset_root import DATASET, DatasetRoot
from cleancloud_rules.language.load.datasets import company_files, dataset_file_of, folders_around
from cleancloud_rules.language.load.files import company_file, sources_beside
from cleancloud_rules.model import Source
from cleancloud_rules.resources import bundled_dataset, bundled_methodology, bundled_names
from cleancloud_rules.sheets.layout import COMPANIES
from cleancloud_rules.sheets.load import load_sheets
from cleancloud_rules.sheets.workbook_reader import is_workbook, methodology_in
from cleancloud_rules.tables.reading.forms import ENDINGS, is_database

METHODOLOGY = "methodology"
"""The folder beside that file that may hold the methodology of the dataset."""

METHODOLOGY_FILE = "methodology.yaml"
"""The file that makes a folder a methodology."""

_KEYS_OF_CRITERIA = ("criteria", "fact_types", "categories")


@frozen
class TableCompany:
    """A company of tables of facts.

    Args:
        folder: the folder of the tables.
        name: its id or its name.
    """

    folder: Path
    name: str


def path_of(argument: str, option: str | None = None) -> Path:
    """Return the file or folder that an argument names; the name of a bundled dataset gives its folder.

    Args:
        argument: the path or the name.
        option: the option whose value it is; None if it is an argument of its own.

    Raises:
        click.BadParameter: if there is no such file, folder or bundled dataset.
    """
    path = Path(argument)
    with rejections():
        if kind_of(path) is not Kind.MISSING:
            return path
    bundled = bundled_dataset(argument)
    if bundled is None:
        raise click.BadParameter(f"there is no file, folder or bundled dataset `{argument}`", param_hint=option)
    return bundled


def company_paths(arguments: Iterable[str], dataset: str | None, *, allow_outside: bool) -> list[Path | TableCompany]:
    """Return the files and folders that arguments name, and the files of companies, or companies of tables.

    Args:
        arguments: paths, names of bundled datasets, and ids, names and aliases of companies of bundled datasets.
        dataset: the dataset whose companies all arguments name; None if no option names one.
        allow_outside: whether that dataset may name files outside of its folder.

    Raises:
        click.BadParameter: if an argument names nothing, or several companies.
    """
    folder = None if dataset is None else path_of(dataset, "--dataset")
    if folder is not None and not is_dataset(folder):
        if holds_tables(folder):
            return [TableCompany(folder, argument) for argument in arguments]
        raise click.BadParameter(f"`{folder}` is not a dataset: it has no {DATASET}", param_hint="--dataset")
    return [
        path_of(argument) if folder is None and _is_there(argument) else _company(argument, folder, allow_outside)
        for argument in arguments
    ]


def _is_there(argument: str) -> bool:
    """Return whether an argument is the path of something or the name of a bundled dataset."""
    with rejections():
        return kind_of(Path(argument)) is not Kind.MISSING or bundled_dataset(argument) is not None


def _company(name: str, dataset: Path | None, allow_outside: bool) -> Path:
    try:
        return company_file(name, dataset, allow_outside=allow_outside)
    except Rejected as rejected:
        (found,) = rejected.diagnostics
        nothing = "" if dataset is not None else f"there is no file, folder or bundled dataset `{name}`, and "
        raise click.BadParameter(nothing + found.message) from None


def is_dataset(path: Path) -> bool:
    """Return whether a path is a dataset: its file, the folder that holds that file, or a workbook."""
    return path.name == DATASET or is_workbook(path) if is_file(path) else is_file(path / DATASET)


def holds_tables(path: Path) -> bool:
    """Return whether a path has tables of facts, as `score-table` takes it: a folder, or a file of a database."""
    with rejections():
        if is_database(path):
            return True
        return is_folder(path) and any(file.stem == COMPANIES for file in tables_in(path, *ENDINGS))


def _dataset(path: Path, methodology: Methodology, *, with_hypothetical: bool, allow_outside: bool) -> Dataset:
    """Return the dataset at a path. What is odd in a workbook is shown as warnings."""
    if not is_workbook(path):
        return load_dataset(path, methodology, with_hypothetical=with_hypothetical, allow_outside=allow_outside)
    read = load_sheets(path, methodology)
    show_diagnostics(read.warnings)
    return read.dataset


def methodology_for(
    option: str | None, paths: Iterable[Path | TableCompany] = (), *, allow_outside: bool = False
) -> Methodology:
    """Return the methodology that an option names, else the one that a dataset names; see `methodology_path_for`."""
    return load_methodology(methodology_path_for(option, paths, allow_outside=allow_outside))


def methodology_path_for(
    option: str | None, paths: Iterable[Path | TableCompany] = (), *, allow_outside: bool = False
) -> Path | str:
    """Return the folder or the name of a methodology: that of an option, else of a dataset, else the default.

    The methodology of a dataset is the one in the folder `methodology` beside its file, else the bundled one of the
    id that the dataset names, else the one of that id in a folder that contains the dataset.

    Raises:
        click.UsageError: if the dataset names a methodology that is not there.
        FactsError: if the methodology of a dataset lies outside of its folder.
    """
    if option is not None:
        return methodology_named(option)
    folders = (path.folder if isinstance(path, TableCompany) else path for path in paths)
    found = (_methodology_near(path, allow_outside=allow_outside) for path in folders)
    try:
        name = next((name for name in found if name), DEFAULT_METHODOLOGY)
    except Rejected as rejected:
        raise FactsError(rejected.diagnostics) from rejected
    if isinstance(name, str) and bundled_methodology(name) is None:
        message = (
            f"the dataset names the methodology `{name}`, which is neither bundled nor in a folder around the dataset"
        )
        raise click.UsageError(f"{message}: name its folder with -m")
    return name


def methodology_named(option: str) -> str:
    """Return the name of a methodology that exists.

    Raises:
        click.BadParameter: if it is neither a bundled methodology nor a folder.
    """
    if bundled_methodology(option) is None and not is_folder(Path(option)):
        with rejections():
            kind_of(Path(option))
        known = ", ".join(bundled_names())
        raise click.BadParameter(f"there is no folder or bundled methodology `{option}` (bundled: {known})")
    return option


def dataset_in(
    path: Path,
    methodology: Methodology,
    *,
    with_hypothetical: bool,
    allow_outside: bool,
    as_of: date | None = None,
) -> Dataset:
    """Return the dataset at a path, with the cut-off of an option if there is one.

    Raises:
        click.BadParameter: if there is no dataset at the path.
        FactsError: with the diagnostics of all its files.
    """
    if not is_dataset(path):
        raise click.BadParameter(f"`{path}` is not a dataset: it has no {DATASET}")
    found = _dataset(path, methodology, with_hypothetical=with_hypothetical, allow_outside=allow_outside)
    return found if as_of is None else evolve(found, companies=_at(found.companies, as_of), as_of=as_of)


def _at(companies: Iterable[Company], as_of: date | None) -> tuple[Company, ...]:
    return tuple(company if as_of is None else evolve(company, cut_off=as_of) for company in companies)


def companies_in(
    paths: Iterable[Path | TableCompany],
    methodology: Methodology,
    *,
    with_hypothetical: bool = False,
    allow_outside: bool = False,
    as_of: date | None = None,
) -> tuple[Company, ...]:
    """Return the companies of files, folders and datasets, in the order given, with the cut-off of an option.

    The companies of a folder are sorted by file name. Overlays of hypothetical facts are read only on request.

    Raises:
        click.BadParameter: if a path holds no companies, or is a methodology or a part of one.
        FactsError: with the diagnostics of all the files.
    """
    paths = tuple(paths)
    for path in paths:
        if not isinstance(path, TableCompany):
            _refuse_criteria(path)
    options = {"with_hypothetical": with_hypothetical, "allow_outside": allow_outside}
    companies: list[Company] = []
    diagnostics: list[Diagnostic] = []
    for file in (file for path in paths for file in _parts(path, diagnostics)):
        try:
            if isinstance(file, TableCompany):
                companies.append(company_from_tables(file.folder, methodology, file.name))
            elif is_dataset(file):
                companies.extend(_dataset(file, methodology, **options).companies)
            else:
                companies.append(load_company(file, methodology, **options))
        except FactsError as error:
            diagnostics.extend(error.diagnostics)
    if diagnostics:
        raise FactsError(diagnostics)
    return _at(companies, as_of)


def sources_of(
    paths: Iterable[Path | TableCompany], methodology: Methodology, *, allow_outside: bool = False
) -> dict[str, Source]:
    """Return the sources of the datasets at some paths, and of the datasets that company files belong to.

    Tables give none: only the rows of single companies are read of them.

    If two datasets list different sources under one id, none of the two is returned.

    Raises:
        FactsError: with the diagnostics of the bibliographies.
    """
    found: dict[str, Source] = {}
    different: set[str] = set()
    for path in (path for path in paths if not isinstance(path, TableCompany)):
        file = path / DATASET if is_folder(path) else path
        for id, source in sources_beside(file, methodology, allow_outside=allow_outside).items():
            if found.setdefault(id, source) != source:
                different.add(id)
    return {id: source for id, source in found.items() if id not in different}


def refuse_different_cut_offs(companies: Iterable[Company], methodology: Methodology) -> None:
    """Refuse companies of datasets with different cut-offs, which no one table can compare.

    Raises:
        click.UsageError: if there are such companies.
    """
    days = {company.cut_off or methodology.as_of for company in companies}
    if len(days) > 1:
        named = " and ".join(sorted("none" if day is None else str(day) for day in days))
        raise click.UsageError(f"the companies have different cut-offs, {named}: give one with --as-of")


def _refuse_criteria(path: Path) -> None:
    if is_dataset(path):
        return
    if is_file(path / METHODOLOGY_FILE):
        companies = "a company file, a folder of them or a dataset"
        raise click.BadParameter(f"`{path}` is a methodology: name {companies}, and the methodology with `-m {path}`")
    document = read_file(path)[0] if is_file(path) else None
    if document is not None and any(document.root.get(key) is not None for key in _KEYS_OF_CRITERIA):
        message = f"`{path}` is a part of a methodology, not a company; check it with its folder: `check {path.parent}`"
        raise click.BadParameter(message)


def _parts(path: Path | TableCompany, diagnostics: list[Diagnostic]) -> tuple[Path | TableCompany, ...]:
    """Return what a path is made of: the company files of a folder, else itself."""
    if isinstance(path, TableCompany) or is_dataset(path):
        return (path,)
    try:
        files = company_files(path)
    except Rejected as rejected:
        diagnostics.extend(rejected.diagnostics)
        return ()
    if not files and holds_tables(path):
        one, each = f"score COMPANY --dataset {path}", f"score-table {path} -o FILE"
        raise click.BadParameter(
            f"`{path}` is a folder of tables: score all companies with `{each}`, or one with `{one}`"
        )
    if not files:
        raise click.BadParameter(f"the folder `{path}` holds no company files")
    return files


def _methodology_near(path: Path, *, allow_outside: bool) -> Path | str | None:
    """Return the folder of the methodology of a path's dataset, else the value of `methodology` in the dataset.

    The folder is `methodology` beside the dataset, or, if the methodology is not bundled, the innermost folder around
    the dataset with a methodology of that id. A methodology that cannot be read is accepted there, so that its
    diagnostics are shown. A company file belongs to a dataset in its own folder or in the one above. Errors in a
    dataset are reported when it is loaded.

    Raises:
        Rejected: if the folder beside the dataset, or a file in it, is a link that leads out of the dataset's folder.
    """
    file = path if is_workbook(path) else dataset_file_of(path if is_folder(path) else path.parent)
    if file is None:
        return None
    root = DatasetRoot(file.parent, allow_outside)
    node = _named_in(path) if is_workbook(path) else _value_in(file if file == path else root.head(), "methodology")
    if is_file(file.parent / METHODOLOGY / METHODOLOGY_FILE):
        root.files(METHODOLOGY, Location(SourceFile(str(file))) if node is None else node.location)
        return file.parent / METHODOLOGY
    name = _text(node)
    if name is None or bundled_methodology(name) is not None:
        return name
    around = (folder for folder in folders_around(file.parent) if is_file(folder / METHODOLOGY_FILE))
    return next(
        (folder for folder in around if _text(_value_in(folder / METHODOLOGY_FILE, "id")) in (name, None)), name
    )


def _named_in(workbook: Path) -> Node | None:
    """Return the methodology that a workbook names; None if it names none or cannot be read."""
    found = DiagnosticCollector().attempt(methodology_in, workbook)
    return None if found is None else ScalarNode(found, Location(SourceFile(str(workbook))), found, "data")


def _value_in(file: Path, key: str) -> Node | None:
    """Return the value under a key of a file; None if there is none or the file cannot be read."""
    document = read_file(file)[0]
    return None if document is None else document.root.get(key)


def _text(node: Node | None) -> str | None:
    return node.value if isinstance(node, ScalarNode) and isinstance(node.value, str) else None
