"""Test cases and certificates as items of pytest: ``pytest criteria/`` runs those of every methodology in it.

This is the only module that uses pytest. ``cleancloud_rules_pytest`` imports it when the first methodology with test
cases is collected.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from cleancloud_rules.analysis.monotonicity.certifier import certify
from cleancloud_rules.api import load_methodology
from cleancloud_rules.cases.runner import run_case
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.diagnostics.diagnostic import ordered, render
from cleancloud_rules.errors import CriteriaError
from cleancloud_rules.language.load.cases import read_cases
from cleancloud_rules.model.cases import Case
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.reports.outline.blocks import Outline
from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.cases import add_case
from cleancloud_rules.reports.text.certificate import certificate_text
from cleancloud_rules.results.case_reports import CaseResult
from cleancloud_rules.results.certificates import Certificate

_METHODOLOGIES = pytest.StashKey[dict[Path, Methodology]]()


def collector(file_path: Path, parent: pytest.Collector) -> pytest.Collector:
    """Return the collector for a file of a methodology.

    A ``methodology.yaml`` gives a certificate, and a file of test cases gives its test cases.
    """
    kind = CertificateFile if file_path.name == "methodology.yaml" else CaseFile
    return kind.from_parent(parent, path=file_path)


class CertificateFile(pytest.File):
    """A ``methodology.yaml``, which gives a certificate."""

    def collect(self) -> Iterable["CertificateItem"]:
        """Return the item for the certificate; a methodology with errors is reported as a collection error."""
        try:
            methodology = _methodology(_shortened(self.path).parent, self.config)
        except CriteriaError as error:
            raise self.CollectError(str(error)) from None
        return [CertificateItem.from_parent(self, name="certificate", methodology=methodology)]


class CertificateItem(pytest.Item):
    """The test of monotonicity: better evidence never lowers a result, except for declared exceptions.

    Args:
        methodology: the methodology.
        options: the arguments that pytest gives to every item.
    """

    def __init__(self, *, methodology: Methodology, **options: Any) -> None:
        super().__init__(**options)
        self.methodology = methodology

    def runtest(self) -> None:
        """Compute the certificate, and fail if it has a refutation that is not declared."""
        certificate = certify(self.methodology, examples=0)
        if certificate.failing():
            raise CertificateFailed(certificate)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **options: Any) -> Any:
        """Return the certificate with its counterexamples; the traceback of any other failure."""
        if isinstance(excinfo.value, CertificateFailed):
            return as_text(certificate_text(excinfo.value.certificate))
        return super().repr_failure(excinfo, *args, **options)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the file of the methodology and the name of the item."""
        return self.path, 0, self.name


class CertificateFailed(Exception):  # noqa: N818 - pytest names failures like this
    """A certificate has a refutation that is not a declared exception.

    Attributes:
        certificate: the certificate.
    """

    def __init__(self, certificate: Certificate) -> None:
        super().__init__(certificate)
        self.certificate = certificate


class CaseFile(pytest.File):
    """A file of test cases."""

    def collect(self) -> Iterable["CaseItem"]:
        """Return its test cases; errors in the file or in its methodology are reported as a collection error."""
        file = _shortened(self.path)
        try:
            methodology = _methodology(file.parent.parent, self.config)
        except CriteriaError as error:
            raise self.CollectError(str(error)) from None
        diagnostics = DiagnosticCollector()
        cases = read_cases(file, methodology, diagnostics)
        if diagnostics.failed:
            raise self.CollectError("\n\n".join(map(render, ordered(diagnostics.diagnostics))))
        return [CaseItem.from_parent(self, name=case.name, case=case, methodology=methodology) for case in cases]


class CaseItem(pytest.Item):
    """A test case.

    Args:
        case: the test case.
        methodology: its methodology.
        options: the arguments that pytest gives to every item.
    """

    def __init__(self, *, case: Case, methodology: Methodology, **options: Any) -> None:
        super().__init__(**options)
        self.case = case
        self.methodology = methodology

    def runtest(self) -> None:
        """Compare the results of the company with the expected results."""
        result = run_case(self.case, self.methodology)
        if not result.passed:
            raise CaseFailed(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **options: Any) -> Any:
        """Return expected and actual values with reasons; the traceback of any other failure."""
        if isinstance(excinfo.value, CaseFailed):
            outline = Outline()
            add_case(outline, excinfo.value.result)
            return as_text(outline)
        return super().repr_failure(excinfo, *args, **options)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the file, the line and the name of the test case."""
        return self.path, self.case.location.line - 1, self.name


class CaseFailed(Exception):  # noqa: N818 - pytest names failures like this
    """An actual value differs from the expected one.

    Attributes:
        result: the result of the test case.
    """

    def __init__(self, result: CaseResult) -> None:
        super().__init__(result)
        self.result = result


def _methodology(folder: Path, config: pytest.Config) -> Methodology:
    """Return the methodology in a folder, the same for all its files."""
    loaded = config.stash.setdefault(_METHODOLOGIES, {})
    if folder not in loaded:
        loaded[folder] = load_methodology(folder)
    return loaded[folder]


def _shortened(path: Path) -> Path:
    """Return a path relative to the working directory if it lies inside it, so that messages are short."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
