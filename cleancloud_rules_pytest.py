"""The door through which pytest comes to the cases of methodologies; behind it is `cleancloud_rules.pytest_plugin`.

It stands outside the package because whoever imports a module imports its package too: every run of pytest in an
environment that has the library would wait for that, and a measurement of coverage would begin after it.
"""

from pathlib import Path

import pytest


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a file in the folder ``cases`` beside a ``methodology.yaml``, and no other."""
    folder = file_path.parent
    is_case_file = folder.name == "cases" and file_path.suffix in (".yaml", ".yml", ".json")
    if not is_case_file or not (folder.parent / "methodology.yaml").is_file():
        return None
    from cleancloud_rules.pytest_plugin import collector

    return collector(file_path, parent)
