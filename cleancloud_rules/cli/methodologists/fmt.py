"""``fmt``: formats YAML files."""

import os
import sys
from pathlib import Path

import click

from cleancloud_rules.cli.output import REJECTED, rejections, show_diagnostics, show_error, write
from cleancloud_rules.diagnostics.characters import visible
from cleancloud_rules.diagnostics.collector import DiagnosticCollector, Rejected
from cleancloud_rules.documents.file_reader import content_of, decoded, files_below, is_folder
from cleancloud_rules.documents.file_writer import rewrite_file
from cleancloud_rules.errors import OutputError
from cleancloud_rules.formatting.formatter import formatted
from cleancloud_rules.formatting.lookalikes import with_lookalikes_replaced

_SUFFIXES = (".yaml", ".yml")


@click.command("fmt")
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(exists=True, readable=False, path_type=Path)
)
@click.option("--check", is_flag=True, help="Change nothing. Exit code 1 if a file is not formatted.")
@click.option("--fix", is_flag=True, help="Also replace characters that look like others, outside texts.")
def command(paths: tuple[Path, ...], check: bool, fix: bool) -> None:
    """Format the YAML files of methodologies and datasets.

    PATH is a file, or a folder with all folders inside. The command makes line ends, indentation, spaces, quotes, the
    order of the keys of criteria and rules, and the empty lines between criteria uniform. Comments and meaning are
    kept. The names of the changed files are printed. A file that cannot be read is reported and not changed.

    With --fix, characters such as no-break spaces, fullwidth colons, digits and brackets, and smart quotes become what
    was probably meant: in indentation, keys, signs of YAML, numbers and tests. Texts and comments are kept.
    """
    collector = DiagnosticCollector()
    files = _files(paths, collector)
    show_diagnostics(collector.diagnostics)
    failed, changed = collector.failed, False
    with rejections():
        for file in files:
            try:
                changed |= _format(file, check=check, fix=fix)
            except Rejected as rejected:
                show_diagnostics(rejected.diagnostics)
                failed = True
            except OutputError as error:
                show_error(str(error))
                failed = True
    if failed or (check and changed):
        sys.exit(REJECTED)


def _format(file: Path, *, check: bool, fix: bool) -> bool:
    """Format a file, unless it is only checked, and print its name; return whether its format is another."""
    content = content_of(file)
    text = decoded(content, file)
    made, diagnostics = formatted(with_lookalikes_replaced(text), str(file)) if fix else (None, ())
    if made is None:  # diagnostics are about the text as it is
        made, diagnostics = formatted(text, str(file))
    if made is None:
        raise Rejected(*diagnostics)
    if content == made.encode():
        return False
    if not check:
        rewrite_file(file, made, content)
    write(f"{visible(str(file))}\n", None)
    return True


def _files(paths: tuple[Path, ...], collector: DiagnosticCollector) -> list[Path]:
    """Return the files at the paths, each once, sorted. A hidden file is included only if it is named itself."""
    found: dict[str, Path] = {}
    for path in paths:
        inside = files_below(path, collector) if is_folder(path) else (path,)
        found.update({os.path.realpath(file): file for file in inside if file == path or file.suffix in _SUFFIXES})
    return sorted(found.values())
