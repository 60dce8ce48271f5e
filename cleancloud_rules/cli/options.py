"""The options that commands share."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeVar

import click

from cleancloud_rules import EngineError, FactsError
from cleancloud_rules.reports.rendering import FORMATS

_Function = TypeVar("_Function", bound=Callable[..., Any])


class Option(Protocol):
    """A decorator that gives a command an option."""

    def __call__(self, command: _Function, /) -> _Function:
        """Return the command with the option."""
        ...


DEFAULT_METHODOLOGY = "clean_cloud_2024"
"""The bundled methodology that is the default if neither an option nor a dataset names one."""

format_option: Option = click.option(
    "--format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text for people or JSON for programs.",
)

report_format_option: Option = click.option(
    "--format",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="Text for people, JSON for programs, Markdown or HTML for documents, CSV for spreadsheets.",
)

output_option: Option = click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, readable=False),
    help="Write to FILE instead of the standard output.",
)

methodology_option: Option = click.option(
    "-m",
    "--methodology",
    metavar="METHODOLOGY",
    help=f"A bundled methodology or a folder. Defaults to the dataset's methodology, else to {DEFAULT_METHODOLOGY}.",
)

hypothetical_option: Option = click.option(
    "--with-hypothetical",
    is_flag=True,
    help="Count facts that were chosen by a solver; all points that they earn are marked.",
)

outside_option: Option = click.option(
    "--allow-outside",
    is_flag=True,
    help="Also read files that a dataset names outside its folder.",
)


def day_of(_: click.Context, __: click.Parameter, text: str | None) -> date | None:
    """Return the day that an option names.

    Raises:
        click.BadParameter: if it is not a day of the calendar in the form of ISO 8601.
    """
    try:
        day = None if text is None else date.fromisoformat(text)
    except ValueError:
        day = None
    if text is not None and (day is None or str(day) != text):
        raise click.BadParameter(f"`{text}` is not a day of the calendar, such as 2024-06-30")
    return day


def _as_of(default: str) -> Option:
    return click.option(
        "--as-of",
        metavar="DATE",
        callback=day_of,
        help=f"The cut-off: count only evidence that was there by DATE. Defaults to that of {default}.",
    )


as_of_option: Option = _as_of("the dataset or the methodology")
as_of_option_of_cases: Option = _as_of("each test case or the methodology")

cross_check_option: Option = click.option(
    "--cross-check/--no-cross-check",
    default=True,
    show_default=True,
    help="Compare what the engine fired with an independent evaluation of every rule.",
)

bounds_option: Option = click.option(
    "--bounds/--no-bounds",
    default=True,
    show_default=True,
    help="Show beside each score its lower and upper bound over all further facts. Not with hypothetical facts.",
)

keep_going_option: Option = click.option(
    "--keep-going",
    is_flag=True,
    help="Go on with the other companies where the rules engine fails on one, or its facts contradict each other; "
    "the exit code is then 1.",
)


def what_if_options(function: _Function) -> _Function:
    """Take the facts that a what-if adds and removes."""
    removed = click.option(
        "--without",
        metavar="ID",
        multiple=True,
        help="Show what would change without this fact, whose id `explain` shows. Repeatable. If several companies "
        "state it, write COMPANY:ID.",
    )
    added = click.option(
        "--with",
        "facts",
        metavar="FACTS",
        multiple=True,
        type=click.Path(path_type=Path),
        help="Show what would change with the facts of this file, which has the form of a company file. Repeatable.",
    )
    return added(removed(function))


def refuse_table(format: str) -> None:
    """Refuse the format of tables where facts are added and removed.

    Raises:
        click.UsageError: if that format is asked for.
    """
    if format == "csv":
        raise click.UsageError("--format csv cannot be combined with --with and --without, which show no table")


def companies_argument(function: _Function) -> _Function:
    """Take one or more companies: files, folders of files, datasets, or names of companies."""
    named = click.option(
        "--dataset",
        metavar="DATASET",
        help="The dataset of the companies, or a folder of tables of facts; COMPANY is then an id, a name or an alias.",
    )
    return click.argument("companies", metavar="COMPANY...", nargs=-1, required=True)(named(function))


def failures_of(keep_going: bool) -> list[EngineError | FactsError] | None:
    """Return where to collect the errors of companies; None if the first error ends the command."""
    return [] if keep_going else None


def score_options(function: _Function) -> _Function:
    """Take the options of every command that scores companies."""
    return result_options(keep_going_option(bounds_option(cross_check_option(function))))


def result_options(function: _Function) -> _Function:
    """Take the options of every command that shows results."""
    for option in (
        output_option,
        report_format_option,
        outside_option,
        hypothetical_option,
        as_of_option,
        methodology_option,
    ):
        function = option(function)
    return function
