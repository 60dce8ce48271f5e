"""Loads and checks methodologies, and checks companies. The only module that joins reading, checking and compiling."""

import os
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import overload

from cleancloud_rules.analysis.lint.datasets import analyse_companies, analyse_dataset
from cleancloud_rules.analysis.lint.files import unread_criteria
from cleancloud_rules.analysis.lint.methodology import analyse
from cleancloud_rules.analysis.lint.sums import excessive_sums
from cleancloud_rules.checking.methodology import check as errors_of
from cleancloud_rules.diagnostics.collector import DiagnosticCollector, did_you_mean
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, SourceFile, ordered
from cleancloud_rules.documents.contents import Data, document_from, files_from, read_document
from cleancloud_rules.documents.file_reader import files_in, kind_of
from cleancloud_rules.documents.nodes import Document
from cleancloud_rules.errors import CriteriaError
from cleancloud_rules.language.arguments import check_methodology
from cleancloud_rules.language.load.cases import is_case_file
from cleancloud_rules.language.load.files import PathLike
from cleancloud_rules.language.load.files import load_dataset as load_files
from cleancloud_rules.language.load.methodology import Loaded, load
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.resources import bundled_names, methodology_folder
from cleancloud_rules.scoring.compiled import compiled
from cleancloud_rules.scoring.cut_off import of_companies, of_dataset
from cleancloud_rules.sheets.load import load_sheets
from cleancloud_rules.sheets.workbook_reader import is_workbook


def load_methodology(name_or_path: PathLike) -> Methodology:
    """Return a methodology, loaded and checked.

    Args:
        name_or_path: the name of a bundled methodology, or a folder of criteria files.

    Returns:
        The methodology. It has no errors, and `check` gives its warnings.

    Raises:
        CriteriaError: with every diagnostic.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> methodology.title, len(methodology.criteria)
        ('Clean Cloud 2024', 31)
    """
    methodology, diagnostics = _examined(name_or_path)
    return _accepted(methodology, diagnostics)


def load_dataset(
    path: PathLike, methodology: Methodology, *, with_hypothetical: bool = False, allow_outside: bool = False
) -> Dataset:
    """Return a dataset with all its companies.

    Args:
        path: the folder that holds ``dataset.yaml``, or that file, or a workbook whose name ends in ``.xlsx``, or the
            name of a bundled dataset.
        methodology: whose vocabulary its companies use.
        with_hypothetical: whether its overlays of hypothetical facts are read too; a workbook has none.
        allow_outside: whether it may name files outside of its folder, by an absolute path, by ``..`` or by a link.

    Returns:
        The dataset, with its companies, its bibliography, its published table and its published claims.

    Raises:
        FactsError: with all diagnostics of all its files.
        MissingExtraError: if a workbook is read and openpyxl is missing; the message says what to install.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> dataset = cc.load_dataset("clean_cloud_2024", methodology)
        >>> len(dataset.companies), dataset.companies[0].name
        (25, 'Alibaba Group')
    """
    check_methodology(methodology)
    if is_workbook(Path(path)):
        return load_sheets(path, methodology).dataset
    return load_files(path, methodology, with_hypothetical=with_hypothetical, allow_outside=allow_outside)


def methodology_from(files: Mapping[str, Data]) -> Methodology:
    """Return a methodology from its files without a folder.

    Args:
        files: file names, such as ``methodology.yaml``, and their contents: plain data, or YAML or JSON text. Names
            that begin with ``cases/`` are of test cases, which `cases_from` reads.

    Returns:
        The methodology, as `load_methodology` gives it.

    Raises:
        CriteriaError: with every diagnostic.

    Example:
        >>> import cleancloud_rules as cc
        >>> files = {
        ...     "methodology.yaml": '''{id: doors, title: Doors, edition: "1", publisher: Nobody, points_basis: project,
        ...         windows: {always: always}, source_types: [visit], sources: {visit: {type: visit, title: A visit}},
        ...         categories: [{id: hours, title: Opening hours, weight: 100}]}''',
        ...     "facts.yaml": "fact_types: {open: {title: Open, horizon: always, fields: {hours: {type: integer}}}}",
        ...     "hours.yaml": '''{category: hours, criteria: [{id: long_day, title: A long day, horizon: always,
        ...         max_points: 2, hit_policy: collect max, otherwise: No hours are on record., rules: [{id: eight,
        ...         points: 2, when: {open: {hours: ">= 8"}}, because: "Open {open.hours} hours."}]}]}''',
        ... }
        >>> cc.methodology_from(files).criterion("long_day").max_points
        Decimal('2')
    """
    methodology, diagnostics = _in_memory(files)
    return _accepted(methodology, diagnostics)


@overload
def check(subject: PathLike | Methodology | Mapping[str, Data]) -> tuple[Diagnostic, ...]: ...


@overload
def check(
    subject: Company | Dataset | Iterable[Company], methodology: Methodology, *, as_of: date | None = None
) -> tuple[Diagnostic, ...]: ...


def check(
    subject: PathLike | Methodology | Mapping[str, Data] | Company | Dataset | Iterable[Company],
    methodology: Methodology | None = None,
    *,
    as_of: date | None = None,
) -> tuple[Diagnostic, ...]:
    """Return all diagnostics of a methodology or of companies: errors, warnings and notes, sorted by place.

    A methodology is a folder, the name of a bundled methodology, a loaded one, or its files as `methodology_from` takes
    them. If it has errors, the only warnings are those about files that are not read. Companies that are loaded have
    one kind of error: facts that contradict each other under `selection: single`. The warnings name facts that never
    count, contradict each other or are joined by no derivation, companies without a cohort or with equal names, and the
    files of a dataset that are not read. What the dataset accepts is left out.

    Args:
        subject: a methodology, or a company, several companies or a dataset.
        methodology: the methodology for which the companies were loaded; not allowed with a methodology.
        as_of: the cut-off of the companies; None for their own, or else that of the methodology; not allowed with a
            methodology.

    Returns:
        All diagnostics, the first place first; none if nothing is wrong.

    Raises:
        TypeError: if companies are given without a methodology, or a methodology with a second one or with a cut-off,
            or if the cut-off is not a date.

    Example:
        >>> import cleancloud_rules as cc
        >>> for diagnostic in cc.check({"methodology.yaml": {"id": "doors"}})[:2]:
        ...     print(diagnostic.code, diagnostic.message)
        missing-file the methodology has no `facts.yaml`
        missing-key key `categories` is missing
    """
    if isinstance(subject, str | os.PathLike | Methodology | Mapping):
        if methodology is not None or as_of is not None:
            raise TypeError(
                "`check` takes either one methodology, or companies with their methodology and perhaps a cut-off"
            )
        loaded, diagnostics = _examined(subject)
        folder = methodology_folder(subject) if isinstance(subject, str | os.PathLike) else None
        beside = () if folder is None else DiagnosticCollector().attempt(tuple, unread_criteria(folder)) or ()
        if loaded is None or any(diagnostic.is_error for diagnostic in diagnostics):
            return ordered((*diagnostics, *beside))
        return ordered((*diagnostics, *beside, *analyse(loaded)))
    if methodology is None:
        raise TypeError("`check` needs the methodology for which the companies were loaded")
    check_methodology(methodology)
    if isinstance(subject, Dataset):
        dataset = subject if as_of is None else of_dataset(subject, methodology, as_of)[0]
        return ordered(analyse_dataset(dataset, methodology))
    companies = (subject,) if isinstance(subject, Company) else subject
    chosen = companies if as_of is None else of_companies(companies, methodology, as_of)[0]
    return ordered(analyse_companies(chosen, methodology))


def _examined(
    subject: PathLike | Methodology | Mapping[str, Data],
) -> tuple[Methodology | None, tuple[Diagnostic, ...]]:
    collector = DiagnosticCollector()
    if isinstance(subject, Methodology):
        _add_errors(Loaded(subject, complete=True), collector)
        return subject, ordered(collector.diagnostics)
    if isinstance(subject, Mapping):
        return _in_memory(subject)
    folder = methodology_folder(subject)
    if folder is None:
        _add_no_methodology(subject, collector)
        return None, ordered(collector.diagnostics)
    paths = collector.attempt(files_in, folder)
    if not paths:
        if paths is not None:
            collector.add("missing-file", f"`{folder}` has no criteria files", Location(SourceFile(str(folder))))
        return None, ordered(collector.diagnostics)
    return _loaded({path.name: read_document(path, collector) for path in paths}, collector)


def _in_memory(files: Mapping[str, Data]) -> tuple[Methodology | None, tuple[Diagnostic, ...]]:
    collector = DiagnosticCollector()
    read = collector.attempt(files_from, files, "a methodology", "`load_methodology` reads a folder")
    if read is None:
        return None, ordered(collector.diagnostics)
    own = {name: data for name, data in read.items() if not is_case_file(name)}
    return _loaded({name: document_from(data, name, collector) for name, data in own.items()}, collector)


def _add_no_methodology(name_or_path: PathLike, collector: DiagnosticCollector) -> None:
    if collector.attempt(kind_of, Path(name_or_path)) is not None:
        help = did_you_mean(str(name_or_path), bundled_names())
        message = f"`{name_or_path}` is neither a folder nor a bundled methodology"
        collector.add("unknown-methodology", message, Location(SourceFile(str(name_or_path))), help)


def _loaded(
    documents: Mapping[str, Document | None], collector: DiagnosticCollector
) -> tuple[Methodology | None, tuple[Diagnostic, ...]]:
    loaded = load(documents, collector)
    _add_errors(loaded, collector)
    return loaded.methodology, ordered(collector.diagnostics)


def _add_errors(loaded: Loaded, collector: DiagnosticCollector) -> None:
    """Add the errors of a methodology that was read from files, or that `attrs.evolve` made from another one."""
    if loaded.methodology is None:
        return
    collector.include(*errors_of(loaded.methodology, complete=loaded.complete, wrong=loaded.wrong))
    if not any(diagnostic.is_error for diagnostic in collector.diagnostics):
        try:
            collector.include(*excessive_sums(compiled(loaded.methodology)))
        except CriteriaError as error:
            collector.include(*error.diagnostics)


def _accepted(methodology: Methodology | None, diagnostics: tuple[Diagnostic, ...]) -> Methodology:
    if methodology is None or any(diagnostic.is_error for diagnostic in diagnostics):
        raise CriteriaError(diagnostics)
    return methodology
