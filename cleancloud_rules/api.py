"""The public functions: they call the steps in order, nothing else."""

import os
import weakref
from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import Any

from attrs import evolve

from cleancloud_rules._version import __version__
from cleancloud_rules.analysis.lint.companies import analyse_facts
from cleancloud_rules.analysis.lint.methodology import analyse
from cleancloud_rules.checking.methodology import check
from cleancloud_rules.diagnostics.collector import EVERYTHING, NOTHING, DiagnosticCollector, Rejected, did_you_mean
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, SourceFile, ordered
from cleancloud_rules.documents import yaml
from cleancloud_rules.documents.nodes import Document
from cleancloud_rules.engine.compiler import compile_methodology
from cleancloud_rules.engine.crosscheck import verify
from cleancloud_rules.engine.durable import Engine
from cleancloud_rules.engine.firings import Firings
from cleancloud_rules.errors import CriteriaError, FactsError
from cleancloud_rules.language.load.companies import bibliography_of, company_of
from cleancloud_rules.language.load.datasets import dataset_documents, dataset_of, read_beside
from cleancloud_rules.language.load.methodology import Loaded, load
from cleancloud_rules.language.load.overlays import with_overlay
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Bibliography, Company
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.resources import bundled_names, methodology_folder
from cleancloud_rules.results.rankings import Ranking
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.scoring.ranking import ranking_of
from cleancloud_rules.scoring.scorer import Scorer

PathLike = str | os.PathLike[str]
"""A path, or for a methodology also the name of a bundled one."""

Data = Mapping[str, Any] | str
"""Plain data, or YAML or JSON text."""


def load_methodology(name_or_path: PathLike) -> Methodology:
    """Return a methodology, loaded and checked.

    Args:
        name_or_path: the name of a bundled methodology, or a folder of criteria files.

    Raises:
        CriteriaError: with every finding.
    """
    methodology, findings = _examined(name_or_path)
    return _accepted(methodology, findings)


def methodology_from(files: Mapping[str, Data]) -> Methodology:
    """Return a methodology from its files without a folder.

    Args:
        files: file names, such as ``methodology.yaml``, and their contents: plain data, or YAML or JSON text.

    Raises:
        CriteriaError: with every finding.
    """
    gather = DiagnosticCollector()
    methodology, findings = _loaded({name: _document(data, name, gather) for name, data in files.items()}, gather)
    return _accepted(methodology, findings)


def check_methodology(name_or_path: PathLike) -> tuple[Diagnostic, ...]:
    """Return every finding about a methodology, errors and warnings, sorted by place; see `load_methodology`.

    What is allowed and probably not meant is looked for where nothing is wrong.
    """
    methodology, findings = _examined(name_or_path)
    if methodology is None or any(finding.is_error for finding in findings):
        return findings
    return ordered((*findings, *analyse(methodology)))


def check_companies(companies: Iterable[Company], methodology: Methodology) -> tuple[Diagnostic, ...]:
    """Return warnings about what companies state: what never counts, and what cannot be true alone; sorted by place.

    Args:
        companies: the companies, which were loaded without an error.
        methodology: the methodology that they were loaded for.
    """
    return ordered(analyse_facts(companies, methodology))


def load_company(path: PathLike, methodology: Methodology, *, with_hypothetical: bool = False) -> Company:
    """Return the facts that a company file states.

    Args:
        path: the file. The sources of a dataset in its folder or in the one above may be cited.
        methodology: whose vocabulary it uses.
        with_hypothetical: whether that dataset's overlays of hypothetical facts are read too.

    Raises:
        FactsError: with every finding.
    """
    gather = DiagnosticCollector()
    path = Path(path)
    beside = read_beside(path, gather, with_hypothetical=with_hypothetical)
    shared, broken = _shared(beside.sources if beside else None, methodology, gather)
    document = _read(path, gather)
    company = None if document is None else company_of(document, methodology, shared, gather, broken)
    for overlay in beside.overlays if beside and company else ():
        assert company is not None
        (company,) = with_overlay([company], overlay, methodology, shared, gather, is_whole=False)
    return _facts(company, gather)


def company_from(data: Data, methodology: Methodology, *, sources: Data | Bibliography | None = None) -> Company:
    """Return the facts of a company from plain data, or from YAML or JSON text.

    Args:
        data: what a company file holds.
        methodology: whose vocabulary it uses.
        sources: a bibliography, as the file ``sources.yaml`` holds it or as sources by id.

    Raises:
        FactsError: with every finding.
    """
    gather = DiagnosticCollector()
    if isinstance(sources, Mapping) and "sources" not in sources:
        shared, broken = sources, NOTHING
    else:
        listed = None if sources is None else _document(sources, "<sources>", gather)
        shared, broken = _shared(listed, methodology, gather)
    document = _document(data, "<text>" if isinstance(data, str) else "<data>", gather)
    company = None if document is None else company_of(document, methodology, shared, gather, broken)
    return _facts(company, gather)


def load_dataset(path: PathLike, methodology: Methodology, *, with_hypothetical: bool = False) -> Dataset:
    """Return a dataset with all its companies.

    Args:
        path: the folder that holds ``dataset.yaml``, or that file.
        methodology: whose vocabulary its companies use.
        with_hypothetical: whether its overlays of hypothetical facts are read too.

    Raises:
        FactsError: with every finding in all its files.
    """
    gather = DiagnosticCollector()
    found = dataset_documents(Path(path), gather, with_hypothetical=with_hypothetical)
    dataset = None if found is None else dataset_of(found, methodology, gather)
    if dataset is None or gather.diagnostics:
        raise FactsError(gather.diagnostics)
    return dataset


def score(
    company: Company,
    methodology: Methodology,
    *,
    with_hypothetical: bool = False,
    cross_check: bool = False,
) -> Scorecard:
    """Return the scorecard of a company.

    Args:
        company: its facts.
        methodology: the methodology that its facts were loaded for.
        with_hypothetical: whether hypothetical facts are read; their points are shown apart.
        cross_check: whether what the engine fired is held against a second evaluation of all rules.

    Raises:
        EngineError: where the rules engine is missing or fails, or the second evaluation differs.
        FactsError: where the company was loaded for another methodology's vocabulary.
    """
    engine, scorer = _engine(methodology)

    def fire(*, hypothetical: bool) -> Firings:
        firings = engine.fire(company, with_hypothetical=hypothetical)
        if cross_check:
            verify(firings, methodology)
        return firings

    stated = fire(hypothetical=False)
    if not with_hypothetical or not any(fact.is_hypothetical for fact in company.facts):
        return scorer.scorecard(company, stated)
    return scorer.scorecard(company, fire(hypothetical=True), stated)


def rank(
    companies: Dataset | Iterable[Company],
    methodology: Methodology,
    *,
    with_hypothetical: bool = False,
    cross_check: bool = False,
) -> Ranking:
    """Return companies ranked by total within their cohorts; equal totals share a rank.

    Args:
        companies: a dataset, or companies.
        methodology: the methodology that their facts were loaded for.
        with_hypothetical: whether hypothetical facts are read.
        cross_check: as for `score`.

    Raises:
        EngineError: as for `score`.
    """
    chosen = companies.companies if isinstance(companies, Dataset) else companies
    cards = [
        score(company, methodology, with_hypothetical=with_hypothetical, cross_check=cross_check) for company in chosen
    ]
    return ranking_of(cards, methodology)


def _examined(name_or_path: PathLike) -> tuple[Methodology | None, tuple[Diagnostic, ...]]:
    folder = methodology_folder(name_or_path)
    if folder is None:
        help = did_you_mean(str(name_or_path), bundled_names())
        message = f"`{name_or_path}` is neither a folder nor a bundled methodology"
        return None, (Diagnostic("unknown-methodology", message, Location(SourceFile(str(name_or_path))), help),)
    gather = DiagnosticCollector()
    paths = sorted(p for p in folder.iterdir() if p.suffix in (".yaml", ".yml", ".json") and p.is_file())
    if not paths:
        return None, (
            Diagnostic("missing-file", f"`{folder}` holds no criteria files", Location(SourceFile(str(folder)))),
        )
    return _loaded({path.name: _read(path, gather) for path in paths}, gather)


def _loaded(
    documents: Mapping[str, Document | None], gather: DiagnosticCollector
) -> tuple[Methodology | None, tuple[Diagnostic, ...]]:
    loaded: Loaded = load(documents, gather)
    if loaded.methodology is not None:
        gather.include(*check(loaded.methodology, complete=loaded.complete, wrong=loaded.wrong))
        if not any(finding.is_error for finding in gather.diagnostics):
            gather.attempt(compile_methodology, loaded.methodology)
    return loaded.methodology, ordered(gather.diagnostics)


def _accepted(methodology: Methodology | None, findings: tuple[Diagnostic, ...]) -> Methodology:
    if methodology is None or any(finding.is_error for finding in findings):
        raise CriteriaError(findings)
    return methodology


def _document(content: Data, name: str, gather: DiagnosticCollector) -> Document | None:
    if isinstance(content, str):
        document, findings = yaml.read_text(content, name)
    else:
        document, findings = yaml.read_data(content, name)
    gather.include(*findings)
    return document


def _read(path: Path, gather: DiagnosticCollector) -> Document | None:
    document, findings = yaml.read_file(path)
    gather.include(*findings)
    return document


def _facts(company: Company | None, gather: DiagnosticCollector) -> Company:
    if company is None or gather.diagnostics:
        raise FactsError(gather.diagnostics)
    return company


def _shared(
    document: Document | None, methodology: Methodology, gather: DiagnosticCollector
) -> tuple[Bibliography, Container[str]]:
    """Return the sources that a document lists, and the names of those that are wrong."""
    if document is not None:
        return bibliography_of(document, methodology, gather)
    return {}, EVERYTHING if gather.failed else NOTHING


_engines: dict[int, tuple[Engine, Scorer]] = {}


def _engine(methodology: Methodology) -> tuple[Engine, Scorer]:
    """Return the loaded engine of a methodology; it is freed when the methodology is.

    There is no lock, which a forked process could inherit in the hands of a thread that it lacks: where two threads are
    first at once, the engine of one of them is kept.
    """
    key = id(methodology)
    found = _engines.get(key)
    if found is None:
        try:
            ruleset = compile_methodology(methodology)
        except Rejected as rejected:
            raise CriteriaError(rejected.diagnostics) from None
        own = evolve(methodology)  # what is kept here must not keep alive what it is freed with
        made = Engine(ruleset, own), Scorer(own, ruleset, __version__)
        found = _engines.setdefault(key, made)
        if found is made:
            weakref.finalize(methodology, _engines.pop, key, None).atexit = False
    return found
