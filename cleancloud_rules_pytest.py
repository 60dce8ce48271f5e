"""The door through which pytest comes to cases and certificates; behind it is `cleancloud_rules.cases.pytest_plugin`.

It stands outside the package because whoever imports a module imports its package too: every run of pytest in an
environment that has the library would wait for that, and a measurement of coverage would begin after it.
"""

from pathlib import Path

import pytest

SUFFIXES = (".yaml", ".yml", ".json")
"""How the names of files of cases end."""


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a ``methodology.yaml`` with a folder ``cases`` beside it, and the files in that folder; no other."""
    folder = file_path.parent
    is_case_file = folder.name == "cases" and file_path.suffix in SUFFIXES
    is_methodology = file_path.name == "methodology.yaml" and any(
        beside.suffix in SUFFIXES for beside in (folder / "cases").glob("*")
    )
    if not is_methodology and not (is_case_file and (folder.parent / "methodology.yaml").is_file()):
        return None
    from cleancloud_rules.cases.pytest_plugin import collector

    return collector(file_path, parent)
