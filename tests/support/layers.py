"""Draws the layers of the package and the way of a file through them: `python -m tests.support.layers FILE`.

The layers are those of the import contract in ``pyproject.toml``, and each layer is described by the first sentence of
its own module, so that the picture cannot differ from the code.
"""

import ast
import sys
import tomllib
from html import escape
from pathlib import Path

from tests.support.places import ROOT

PICTURE = ROOT / "docs" / "explanation" / "layers.svg"
FLOWS = (
    (
        "Loading a methodology",
        ("YAML files", "documents", "language", "checking", "engine.compiler", "CompiledMethodology"),
    ),
    (
        "Scoring a company",
        ("company file", "documents", "language", "engine.durable", "scoring", "Scorecard", "reports"),
    ),
)
"""What a file passes through on its way; see the two sections of the page that describe them."""

WIDTH, ROW, NAME, TOP = 960, 30, 230, 36
STYLE = """
text { font: 14px system-ui, sans-serif; fill: #1b2733 }
.name { font-weight: 600 } .title { font-weight: 700; font-size: 15px } .box { font-size: 13px }
rect { fill: #eef4f8; stroke: #8aa4b8 } .step { fill: #e3f1e7; stroke: #7fae8e }
path { stroke: #8aa4b8; fill: none; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } rect { fill: #1d2a36; stroke: #5b7890 } .step { fill: #1c3326; stroke: #4f8562 }
}
"""


def layers() -> list[list[str]]:
    """Return the layers of the contract, the highest first; modules of one layer do not import each other."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    (contract,) = (contract for contract in contracts if contract.get("exhaustive"))
    return [[name.strip() for name in layer.split("|")] for layer in contract["layers"]]


def purpose(name: str) -> str:
    """Return the first sentence of the docstring of a module or folder of the package."""
    place = ROOT / "cleancloud_rules" / name
    file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    assert docstring, f"{file} has no docstring"
    return " ".join(docstring.replace("`", "").split()).partition(". ")[0].rstrip(".")


def picture() -> str:
    """Return the picture as SVG."""
    parts: list[str] = []
    down = TOP
    parts.append(f'<text class="title" x="10" y="{down - 14}">Layers: each imports only those below it</text>')
    for names in layers():
        height = ROW * len(names)
        parts.append(f'<rect x="10" y="{down}" width="{WIDTH - 20}" height="{height - 4}" rx="4"/>')
        for name in names:
            parts.append(f'<text class="name" x="22" y="{down + 18}">{escape(name)}</text>')
            parts.append(f'<text x="{NAME}" y="{down + 18}">{escape(purpose(name))}</text>')
            down += ROW
    for title, steps in FLOWS:
        down += TOP
        parts.append(f'<text class="title" x="10" y="{down - 12}">{escape(title)}</text>')
        width = (WIDTH - 20) // len(steps)
        for number, step in enumerate(steps):
            left = 10 + number * width
            kind = ' class="step"' if number in (0, len(steps) - 1) else ""
            parts.append(f'<rect{kind} x="{left}" y="{down}" width="{width - 22}" height="{ROW}" rx="4"/>')
            middle = left + (width - 22) // 2
            parts.append(f'<text class="box" x="{middle}" y="{down + 20}" text-anchor="middle">{escape(step)}</text>')
            if number < len(steps) - 1:
                parts.append(f'<path d="M{left + width - 20} {down + 15}h14m-5 -5l5 5l-5 5"/>')
        down += ROW
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {down + 10}" role="img" '
        'aria-label="The layers of the package, and the way of a file through them">'
    )
    return "\n".join([head, f"<style>{STYLE}</style>", *parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(picture(), encoding="utf-8", newline="\n")
