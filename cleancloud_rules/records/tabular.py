"""Workbooks and tables as input files of records: the YAML files that state the same, and digests of what was read."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from attrs import evolve, frozen

from cleancloud_rules.api import methodology_from
from cleancloud_rules.diagnostics.collector import reject
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents.file_reader import content_of, is_file, is_folder, tables_in
from cleancloud_rules.language.load.dataset_root import DATASET
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.sheets.layout import COMPANIES
from cleancloud_rules.sheets.load import load_sheets
from cleancloud_rules.sheets.wide_tables import TABLES as WIDE
from cleancloud_rules.sheets.workbook_reader import is_workbook
from cleancloud_rules.sheets.yaml_files import yaml_files_of
from cleancloud_rules.tables.companies import company_from_tables, dataset_of_folder
from cleancloud_rules.tables.reading.forms import ENDINGS, FACTS


@frozen
class TablesRead:
    """What a workbook or a folder of tables states.

    Args:
        files: the YAML files that state the same, by name; none of it is lost.
        company: the name of the company file, if one company was asked for; None for all.
        read_from: the SHA-256 of each file that was read, by name.
    """

    files: Mapping[str, bytes]
    company: str | None
    read_from: Mapping[str, str]


def holds_tables(path: Path) -> bool:
    """Return whether a path is a workbook, or a folder of tables of facts and no dataset of YAML files.

    Raises:
        Rejected: if the folder cannot be read.
    """
    if is_file(path):
        return is_workbook(path)
    if not is_folder(path) or is_file(path / DATASET):
        return False
    return any(file.stem == COMPANIES for file in tables_in(path, *ENDINGS))


def read_tables(path: Path, company: str | None, rules: Mapping[str, bytes]) -> TablesRead:
    """Return what a workbook or a folder of tables states.

    Args:
        path: the workbook or the folder.
        company: the id or the name of a company in the folder; None for all companies.
        rules: the files of the methodology by name.

    Raises:
        CriteriaError: with every diagnostic of the methodology.
        FactsError: with all diagnostics, each with its cell.
        MissingExtraError: if a package for such files is missing; the message says what to install.
        OutputError: if YAML files cannot keep all that is stated.
        Rejected: if a file cannot be read.
    """
    methodology = methodology_from(rules)
    read_from = {path.name: path} if is_file(path) else dict(_tables_below(path))
    before = _digests(read_from)
    dataset = _dataset(path, company, methodology)
    files = {file: text.encode() for file, text in yaml_files_of(dataset, methodology).items()}
    name = None if company is None else f"{COMPANIES}/{dataset.companies[0].id}.yaml"
    return TablesRead(files, name, before)


def _dataset(path: Path, company: str | None, methodology: Methodology) -> Dataset:
    if is_file(path):
        dataset = load_sheets(path, methodology).dataset
        return dataset if company is None else evolve(dataset, companies=(_named(company, dataset, path),))
    if company is None:
        return dataset_of_folder(path, methodology)
    return Dataset(path.name, methodology.id, (company_from_tables(path, methodology, company),))


def _named(name: str, dataset: Dataset, path: Path) -> Company:
    try:
        return dataset.company(name)
    except KeyError as error:
        raise reject("unknown-company", str(error.args[0]), Location(SourceFile(str(path)))) from None


def _tables_below(folder: Path) -> Iterable[tuple[str, Path]]:
    for inner in ("", FACTS):
        for file in tables_in(folder / inner, *ENDINGS) if is_folder(folder / inner) else ():
            yield file.relative_to(folder).as_posix(), file
    if is_file(folder / WIDE):
        yield WIDE, folder / WIDE


def _digests(files: Mapping[str, Path]) -> dict[str, str]:
    return {name: sha256(content_of(path)).hexdigest() for name, path in files.items()}
