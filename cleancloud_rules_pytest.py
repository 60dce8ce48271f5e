"""The entry point of the pytest plugin: `cleancloud_rules.cases.pytest_plugin` runs test cases and certificates.

It stands outside the package, because pytest imports an entry point with its package before a measurement of coverage
begins. It imports the library only if a methodology with test cases is collected: no other run waits for that.
"""

from pathlib import Path

import pytest

SUFFIXES = (".yaml", ".yml", ".json")
"""The suffixes of files of test cases."""


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a ``methodology.yaml`` with a folder ``cases`` beside it, and the files in that folder; no others."""
    folder = file_path.parent
    is_case_file = folder.name == "cases" and file_path.suffix in SUFFIXES
    is_methodology = file_path.name == "methodology.yaml" and any(
        beside.suffix in SUFFIXES for beside in (folder / "cases").glob("*")
    )
    if not is_methodology and not (is_case_file and (folder.parent / "methodology.yaml").is_file()):
        return None
    from cleancloud_rules.cases.pytest_plugin import collector  # noqa: PLC0415 - only runs with a methodology pay for it

    return collector(file_path, parent)
