"""Pictures of result pages for the documentation; ``make screenshots`` takes them with a headless browser."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.browser import pictured, serving
from tests.support.result_pages import example_pages

PICTURES = {
    "ranking.png": ("index.html", 1100, 880),
    "company.png": ("companies/gds.html", 1100, 1100),
    "heat-map.png": ("heatmap.html", 1100, 980),
}
"""The pictures: each with its page, and the size of the window."""


def take(folder: Path) -> None:
    """Write the pictures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with serving(example_pages("clean_cloud_2024"), {}) as server:
        for name, (page, width, height) in PICTURES.items():
            with TemporaryDirectory() as profile:
                (folder / name).write_bytes(pictured(server.url(page), Path(profile), width, height))


if __name__ == "__main__":
    take(Path(sys.argv[1]))
