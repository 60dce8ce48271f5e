"""Writes results to the standard output or a file, and diagnostics to the standard error."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cleancloud_rules import CleanCloudError, Diagnostic, EngineError, FactsError, InputError
from cleancloud_rules.diagnostics.characters import visible, visible_json
from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.documents.file_writer import write_file
from cleancloud_rules.reports.outline.blocks import Outline
from cleancloud_rules.reports.outline.text import as_text, on_terminal
from cleancloud_rules.reports.rendering import Document, Format
from cleancloud_rules.results.json import to_json

REJECTED = 1
"""The exit code for input that was rejected and for a check that failed."""


@contextmanager
def rejections() -> Iterator[None]:
    """Turn the errors of the library into diagnostics on the standard error and exit code 1."""
    try:
        yield
    except InputError as error:
        show_diagnostics(error.diagnostics)
        sys.exit(REJECTED)
    except Rejected as rejected:
        show_diagnostics(rejected.diagnostics)
        sys.exit(REJECTED)
    except CleanCloudError as error:
        show_error(str(error))
        sys.exit(REJECTED)


def exit_if_failed(failures: list[EngineError | FactsError] | None) -> None:
    """Write the errors of the companies that were left out to the standard error; exit with 1 if there are any."""
    for failure in failures or ():
        if isinstance(failure, FactsError):
            show_error(f"company `{failure.company}` has no result: facts that count contradict each other")
            show_diagnostics(failure.diagnostics)
        else:
            show_error(str(failure))
    if failures:
        sys.exit(REJECTED)


def show_error(message: str) -> None:
    """Write the message of an error to the standard error."""
    click.echo("error: " + visible(message, keep="\n"), err=True)


def show_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    """Write diagnostics to the standard error, with an empty line between them."""
    text = "\n\n".join(str(diagnostic) for diagnostic in diagnostics)
    if text:
        click.echo(text, err=True)


def write(text: str, output: str | None) -> None:
    """Write text to a file or to the standard output."""
    if output is not None:
        with rejections():
            write_file(Path(output), text)
        return
    click.echo(text.encode("utf-8", "backslashreplace").decode(), nl=False)  # a file name may hold lone surrogates


def write_json(thing: Any, output: str | None) -> None:
    """Write one result as JSON, several as a list."""
    write(visible_json(to_json(thing)), output)


def write_results(document: Document, format: Format, output: str | None) -> None:
    """Write results in a format other than JSON: text in colour on a terminal."""
    if format == "text":
        write_documents(document.outlines(), output)
    else:
        write(document.written(format), output)


def write_documents(documents: Iterable[Outline], output: str | None) -> None:
    """Write documents one after another: in colour on a terminal, as plain text otherwise."""
    if output is None and sys.stdout.isatty():
        _show(documents)
    else:
        write("\n".join(as_text(document) for document in documents), output)


def _show(documents: Iterable[Outline]) -> None:
    console = Console(markup=False, highlight=False, emoji=False)
    for index, document in enumerate(documents):
        if index:
            console.rule()
        for line in on_terminal(document, console.width):
            console.print(line, soft_wrap=True)


@contextmanager
def showing_progress(title: str, steps: int) -> Iterator[Callable[[], None]]:
    """Yield a function to call after each step. A terminal shows the progress; other outputs show nothing."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=steps)
        yield lambda: bar.advance(task)


@contextmanager
def showing_steps() -> Iterator[Callable[[str], None]]:
    """Yield a function to call with the name of each step when it begins, where nobody knows how long they take.

    A terminal shows the steps with the time that each has taken; other outputs show nothing.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:

        def begin(title: str) -> None:
            for task in shown.task_ids:
                shown.stop_task(task)
            shown.add_task(title, total=None)

        yield begin


def one_or_all(things: Iterable[Any], convert: Callable[[Any], Any] = lambda thing: thing) -> Any:
    """Return the thing itself if there is only one, else a list."""
    made = [convert(thing) for thing in things]
    return made[0] if len(made) == 1 else made
