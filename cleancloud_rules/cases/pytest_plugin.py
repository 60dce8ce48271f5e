"""Cases and certificates as items of pytest: ``pytest criteria/`` runs those of every methodology in it.

It is the only module on pytest. ``cleancloud_rules_pytest`` imports it for the first methodology with cases that is
collected, and never where there is none.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from cleancloud_rules._version import __version__
from cleancloud_rules.analysis.monotonicity.certifier import certify
from cleancloud_rules.api import load_methodology
from cleancloud_rules.cases.runner import Runner
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.diagnostics.diagnostic import ordered, render
from cleancloud_rules.errors import CriteriaError
from cleancloud_rules.language.load.cases import read_cases
from cleancloud_rules.model.cases import Case
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.reports.text.base import Outline, as_text
from cleancloud_rules.reports.text.cases import add_case
from cleancloud_rules.reports.text.certificate import certificate_text
from cleancloud_rules.results.case_reports import CaseResult
from cleancloud_rules.results.certificates import Certificate

_RUNNERS = pytest.StashKey[dict[Path, Runner]]()


def collector(file_path: Path, parent: pytest.Collector) -> pytest.Collector:
    """Return what makes items of a file of a methodology.

    Every kind of item has its collector here: a ``methodology.yaml`` its certificate, a file of cases its cases.
    """
    kind = CertificateFile if file_path.name == "methodology.yaml" else CaseFile
    return kind.from_parent(parent, path=file_path)


class CertificateFile(pytest.File):
    """The head of a methodology, which is certified."""

    def collect(self) -> Iterable["CertificateItem"]:
        """Return the one item that asks for a certificate; a methodology with a mistake says so in its place."""
        try:
            methodology = _runner(_in_few_words(self.path).parent, self.config).methodology
        except CriteriaError as error:
            raise self.CollectError(str(error)) from None
        return [CertificateItem.from_parent(self, name="certificate", methodology=methodology)]


class CertificateItem(pytest.Item):
    """Whether better evidence can cost points, but for declared exceptions.

    Args:
        methodology: the methodology.
        options: what pytest says of every item.
    """

    def __init__(self, *, methodology: Methodology, **options: Any) -> None:
        super().__init__(**options)
        self.methodology = methodology

    def runtest(self) -> None:
        """Ask for a certificate in which nothing is refuted that is not declared."""
        certificate = certify(self.methodology, examples=0)
        if certificate.failing():
            raise CertificateFailed(certificate)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **options: Any) -> Any:
        """Return the certificate with its counterexamples; the trace of anything else."""
        if isinstance(excinfo.value, CertificateFailed):
            return as_text(certificate_text(excinfo.value.certificate))
        return super().repr_failure(excinfo, *args, **options)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the methodology stands, and what is asked of it."""
        return self.path, 0, self.name


class CertificateFailed(Exception):  # noqa: N818 - said of a certificate, as pytest says it
    """Something is refuted that is no declared exception.

    Attributes:
        certificate: what was found.
    """

    def __init__(self, certificate: Certificate) -> None:
        super().__init__(certificate)
        self.certificate = certificate


class CaseFile(pytest.File):
    """A file of cases."""

    def collect(self) -> Iterable["CaseItem"]:
        """Return its cases; a file with a mistake, or beside a methodology with one, says so in place of them."""
        file = _in_few_words(self.path)
        try:
            runner = _runner(file.parent.parent, self.config)
        except CriteriaError as error:
            raise self.CollectError(str(error)) from None
        gather = DiagnosticCollector()
        cases = read_cases(file, runner.methodology, gather)
        if gather.failed:
            raise self.CollectError("\n\n".join(map(render, ordered(gather.diagnostics))))
        return [CaseItem.from_parent(self, name=case.name, case=case, runner=runner) for case in cases]


class CaseItem(pytest.Item):
    """A case.

    Args:
        case: the case.
        runner: runs it.
        options: what pytest says of every item.
    """

    def __init__(self, *, case: Case, runner: Runner, **options: Any) -> None:
        super().__init__(**options)
        self.case = case
        self.runner = runner

    def runtest(self) -> None:
        """Hold what the company comes to against what the case expects."""
        result = self.runner.run(self.case)
        if not result.passed:
            raise CaseFailed(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **options: Any) -> Any:
        """Return what was expected, what came and why; the trace of anything else."""
        if isinstance(excinfo.value, CaseFailed):
            outline = Outline()
            add_case(outline, excinfo.value.result)
            return as_text(outline)
        return super().repr_failure(excinfo, *args, **options)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the case stands, and its name."""
        return self.path, self.case.location.line - 1, self.name


class CaseFailed(Exception):  # noqa: N818 - said of a case, as pytest says it
    """Something came out otherwise than a case says.

    Attributes:
        result: what became of the case.
    """

    def __init__(self, result: CaseResult) -> None:
        super().__init__(result)
        self.result = result


def _runner(folder: Path, config: pytest.Config) -> Runner:
    """Return what runs the cases of a methodology, the same for all its files; it is freed when pytest is done."""
    runners = config.stash.setdefault(_RUNNERS, {})
    if folder not in runners:
        runners[folder] = Runner(load_methodology(folder), __version__)
        config.add_cleanup(runners[folder].close)
    return runners[folder]


def _in_few_words(path: Path) -> Path:
    """Return a path as seen from here, so that what is said of a file begins with few words."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
