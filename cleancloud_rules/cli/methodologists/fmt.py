"""``fmt``: formats YAML files."""

import os
import sys
from functools import partial
from pathlib import Path

import click

from cleancloud_rules.cli.output import REJECTED, rejections, show_diagnostics, show_error, write
from cleancloud_rules.diagnostics.characters import visible
from cleancloud_rules.diagnostics.collector import DiagnosticCollector, Rejected
from cleancloud_rules.documents.file_reader import content_of, decoded, files_below, is_folder
from cleancloud_rules.documents.file_writer import remove_file, rewrite_file
from cleancloud_rules.errors import OutputError
from cleancloud_rules.formatting.formatter import formatted
from cleancloud_rules.formatting.lookalikes import with_lookalikes_replaced
from cleancloud_rules.formatting.upgrade import upgraded

_SUFFIXES = (".yaml", ".yml")
HEAD = "methodology.yaml"
"""The file by which a folder is one of a methodology."""


@click.command("fmt")
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(exists=True, readable=False, path_type=Path)
)
@click.option("--check", is_flag=True, help="Change nothing. Exit code 1 if a file is not formatted.")
@click.option("--fix", is_flag=True, help="Also replace characters that look like others, outside texts.")
@click.option("--upgrade", is_flag=True, help="Also rewrite methodologies that were written for an earlier version.")
def command(paths: tuple[Path, ...], check: bool, fix: bool, upgrade: bool) -> None:
    """Format the YAML files of methodologies and datasets.

    PATH is a file, or a folder with all folders inside. The command makes line ends, indentation, spaces, quotes, the
    order of the keys of criteria and rules, and the empty lines between criteria uniform. Comments and meaning are
    kept. The names of the changed files are printed. A file that cannot be read is reported and not changed.

    With --fix, characters such as no-break spaces, fullwidth colons, digits and brackets, and smart quotes become what
    was probably meant: in indentation, keys, signs of YAML, numbers and tests. Texts and comments are kept.

    With --upgrade, every methodology below PATH is rewritten in the present form of the language, so that it gives the
    same output as before: the criteria of a group move into one file, and criteria are sorted by id, because they were
    shown by id. Files do not say for which version they were written. So use it once, when you update this program,
    and not on files whose order you chose since then. What cannot be rewritten is reported and not changed.
    """
    collector = DiagnosticCollector()
    files = _files(paths, collector)
    folders = _methodologies(paths, files) if upgrade else {}
    show_diagnostics(collector.diagnostics)
    alone = [file for file in files if file.parent not in folders]
    work = [partial(_upgrade, inside, check=check, fix=fix) for inside in folders.values()]
    work += [partial(_format, file, check=check, fix=fix) for file in alone]
    failed, changed = collector.failed, False
    with rejections():
        for change in work:
            try:
                changed |= change()
            except Rejected as rejected:
                show_diagnostics(rejected.diagnostics)
                failed = True
            except OutputError as error:
                show_error(str(error))
                failed = True
    if failed or (check and changed):
        sys.exit(REJECTED)


def _methodologies(paths: tuple[Path, ...], files: list[Path]) -> dict[Path, list[Path]]:
    """Return the files of each methodology, by folder."""
    folders = {
        file.parent: [other for other in files if other.parent == file.parent] for file in files if file.name == HEAD
    }
    if not folders or not all(map(is_folder, paths)):
        raise click.UsageError(f"--upgrade needs folders in which there is a `{HEAD}`")
    return folders


def _upgrade(files: list[Path], *, check: bool, fix: bool) -> bool:
    """Upgrade the files of a methodology, unless they are only checked, and print which change; tell if any does."""
    contents = {str(file): content_of(file) for file in files}
    texts = {name: decoded(content, Path(name)) for name, content in contents.items()}
    made = upgraded({name: with_lookalikes_replaced(text) if fix else text for name, text in texts.items()})
    changed = {name: made.get(name) for name, content in contents.items() if made.get(name, "").encode() != content}
    for name, text in sorted(changed.items(), key=lambda item: item[1] is None):  # nothing is removed before it is kept
        if not check and text is not None:
            rewrite_file(Path(name), text, contents[name])
        elif not check:
            remove_file(Path(name), contents[name])
        write(f"{visible(name)}{'' if text is not None else ' (removed)'}\n", None)
    return bool(changed)


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
