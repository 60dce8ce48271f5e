"""What a page becomes when the site reads it: with the navigation and anchors, without links to folders."""

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

NAVIGATION: dict[str, dict[str, list[str]]] = {
    "docs/index": {
        "Tutorials": ["your-first-methodology", "a-methodology-with-points", "a-questionnaire", "docs/tutorial/*"],
        "How-to guides": ["docs/how-to/*"],
        "Reference": ["docs/reference/language/index", "command-line", "python-api", "diagnostics", "docs/reference/*"],
        "Explanation": ["why-believe-a-score", "architecture", "docs/explanation/*"],
        "Clean Cloud 2024": ["clean-cloud-2024", "docs/clean-cloud-2024/*"],
        "Examples": ["examples/*/*"],
        "Project": ["README", "CHANGELOG", "CONTRIBUTING", "*"],
    },
    "docs/reference/language/index": {
        "Pages": [
            *("methodology", "facts", "derivations", "conditions", "criteria", "questions", "groups", "requirements"),
            *("assessment", "bands-and-levels", "decision-tables", "ranking", "editions", "companies", "datasets"),
            "docs/reference/language/*",
        ],
    },
    "docs/reference/python-api": {
        "Pages": ["load", "score", "analysis", "testing", "errors", "results-scorecards", "docs/reference/api/*"],
    },
}
"""For each page that leads to others, the captions and what stands below them: names of pages, in this order, and a
folder with all its other pages. A page that is new is in the navigation by itself."""

ANCHOR = re.compile(r'<a id="([^"]+)"></a>(`[^`\n]+`)')
ANCHOR_ALONE = re.compile(r'^<a id="([^"]+)"></a>$', re.MULTILINE)
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^):#\s]+)\)")


def pages(entries: list[str], of: str) -> list[str]:
    """Return the pages for which the entries of a caption stand, in their order.

    Args:
        entries: names of pages, then the folder in which they are with a star for its other pages.
        of: the page that leads to them.
    """
    *first, last = entries
    found = sorted(file.relative_to(ROOT).with_suffix("").as_posix() for file in ROOT.glob(f"{last}.md"))
    named = [name if "/" in name else f"{last.removesuffix('*')}{name}" for name in first]
    return [f"/{name}" for name in dict.fromkeys([*named, *found]) if name != of]


def toctree(caption: str, names: list[str]) -> str:
    """Return the directive that puts pages into the navigation."""
    return "\n".join(["", "```{toctree}", ":hidden:", f":caption: {caption}", "", *names, "```", ""])


def for_the_site(name: str, text: str) -> str:
    """Return the text of a page as the site reads it.

    Args:
        name: the page, as Sphinx calls it: its path in the repository without ending.
        text: what the file says.
    """
    folder = (ROOT / name).parent

    def unless_a_folder(link: re.Match[str]) -> str:
        return link[1] if (folder / link[2]).is_dir() else link[0]

    # Sphinx writes an underscore in an anchor as a hyphen: the anchor as it is written stays beside it.
    kept = ANCHOR_ALONE.sub(lambda found: f"{found[0]}\n\n({found[1]})=" if "_" in found[1] else f"({found[1]})=", text)
    anchored = ANCHOR.sub(r"[\2]{#\1}", kept)
    lines = LINK.sub(unless_a_folder, anchored)
    return lines + "".join(
        toctree(caption, pages(entries, name)) for caption, entries in NAVIGATION.get(name, {}).items()
    )


def setup(app: Any) -> None:
    """Let Sphinx read pages in this way."""
    app.connect("source-read", _read)


def _read(_: Any, name: str, source: list[str]) -> None:
    source[0] = for_the_site(name, source[0])
