"""The public functions: they call the steps in order, nothing else."""

from collections.abc import Iterable, Mapping

from cleancloud_rules.analysis.lint.companies import analyse_facts
from cleancloud_rules.analysis.lint.methodology import analyse
from cleancloud_rules.checking.methodology import check
from cleancloud_rules.diagnostics.collector import DiagnosticCollector, did_you_mean
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, SourceFile, ordered
from cleancloud_rules.documents.nodes import Document
from cleancloud_rules.engine.compiler import compile_methodology
from cleancloud_rules.errors import CriteriaError
from cleancloud_rules.language.load.files import Data, PathLike, document_from, read_document
from cleancloud_rules.language.load.methodology import Loaded, load
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.resources import bundled_names, methodology_folder


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
    methodology, findings = _loaded({name: document_from(data, name, gather) for name, data in files.items()}, gather)
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
    return _loaded({path.name: read_document(path, gather) for path in paths}, gather)


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
