"""``fmt``: formats YAML files."""

import sys
from pathlib import Path

import click

from cleancloud_rules.cli.output import REJECTED, show_diagnostics, write
from cleancloud_rules.documents.yaml import decoded
from cleancloud_rules.formatting.formatter import formatted


@click.command("fmt")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--check", is_flag=True, help="Change nothing. Exit code 1 if a file is not formatted.")
def command(paths: tuple[Path, ...], check: bool) -> None:
    """Format the YAML files of methodologies and datasets.

    PATH is a file, or a folder with all folders inside. The command makes line ends, indentation, spaces, quotes, the
    order of the keys of criteria and rules, and the empty lines between criteria uniform. Comments and meaning are
    kept. The names of the changed files are printed. A file that cannot be read is reported and not changed.
    """
    failed, changed = False, 0
    for file in _files(paths):
        text, diagnostics = decoded(file)
        made = None
        if text is not None:
            made, diagnostics = formatted(text, str(file))
        if made is None:
            show_diagnostics(diagnostics)
            failed = True
        elif file.read_bytes() != made.encode():
            changed += 1
            write(f"{file}\n", None)
            if not check:
                write(made, str(file))
    if failed or (check and changed):
        sys.exit(REJECTED)


def _files(paths: tuple[Path, ...]) -> list[Path]:
    """Return the files at the paths, each once, sorted. A hidden file is included only if it is named itself."""
    found = {}
    for path in paths:
        inside = [path] if path.is_file() else sorted(p for p in path.rglob("*.y*ml") if _is_seen(p, path))
        found.update({file.resolve(): file for file in inside if file.is_file()})
    return sorted(found.values())


def _is_seen(file: Path, folder: Path) -> bool:
    shown = not any(part.startswith(".") for part in file.relative_to(folder).parts)
    return shown and file.suffix in (".yaml", ".yml")
