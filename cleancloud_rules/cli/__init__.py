"""The command line. Each command is a module of its own, which is imported when the command runs."""

import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

import click

from cleancloud_rules._version import __version__
from cleancloud_rules.cli.streams import prepare_streams

FOLDERS = {
    "auditors": (
        "bounds",
        "compare",
        "disclose",
        "explain",
        "findings",
        "provenance",
        "rank",
        "record",
        "report",
        "score",
        "score-table",
        "verify",
    ),
    "developers": ("schema",),
    "methodologists": ("accept", "check", "diff", "docs", "fit", "fmt", "new", "reproduce", "test"),
    "researchers": ("export", "import", "template"),
}
"""The folders of commands, one for each kind of user. A module of a command's name, with `_` for `-`, holds it."""

COMMANDS = {
    "accept": "Accept what a company answers to its score: its facts become facts of the company.",
    "bounds": "Show lower and upper bounds on scores, given what is still unknown.",
    "check": "Report diagnostics of a methodology, a dataset or a company file.",
    "compare": "Show what changed between two records, and what that changed for each company.",
    "diff": "Show what changed between two editions of a methodology.",
    "disclose": "Show what files say about each item that a regulation asks for.",
    "docs": "Write a methodology as a document for readers.",
    "explain": "Show which rules hold, on which facts, and what is missing for more points.",
    "export": "Write the facts of a dataset as a workbook or as CSV files.",
    "findings": "Recount the publisher's aggregate claims.",
    "fit": "Find hypothetical facts under which the rules give a published table.",
    "fmt": "Format YAML files; comments and meaning are kept.",
    "import": "Make a dataset from a workbook or from CSV files.",
    "new": "Start a methodology in a folder.",
    "provenance": "Say which files a record was made of, and with what, as an in-toto statement.",
    "rank": "Rank the companies of a dataset, in one table for each cohort.",
    "record": "Keep results with all that they follow from, in one file.",
    "report": "Write results as pages for a browser: the ranking, companies, criteria, sources.",
    "reproduce": "Compare a published table with computed scores, figure by figure.",
    "schema": "Print the JSON Schema of an input file or of a result.",
    "score": "Score companies.",
    "score-table": "Score all companies of tables at once, a million if need be.",
    "template": "Write an empty workbook for the facts of a methodology.",
    "test": "Run the test cases of a methodology and report rule coverage.",
    "verify": "Compute a record again from its input files, and compare.",
}
"""The commands and what each does."""


class _Commands(click.Group):
    def list_commands(self, _context: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        folder = next(folder for folder, names in FOLDERS.items() if name in names)
        command: click.Command = import_module(f"{__name__}.{folder}.{name.replace('-', '_')}").command
        return command

    def main(self, *arguments: Any, **options: Any) -> Any:
        prepare_streams()
        try:
            return super().main(*arguments, **options)
        except OSError as error:
            if error.filename is not None:  # an error of a file and not of the standard output
                raise
            sys.exit(_without_output(error))

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


def _without_output(error: OSError) -> int:
    """Say that the standard output cannot be written, and return the exit code.

    An output that cannot be written is closed, because Python would try to write the rest of it again when it exits.
    """
    with suppress(OSError):
        sys.stdout.close()
    try:
        click.echo(f"error: cannot write to the standard output: {(error.strerror or str(error)).lower()}", err=True)
    except OSError:  # the standard error leads to the same full disk
        with suppress(OSError):
            sys.stderr.close()
    return 1


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, "-V", "--version", prog_name="cleancloud-rules")
def main() -> None:
    """Score companies by published rules; every point is traced to a rule, a fact and a source.

    Exit codes: 0 success, 1 the input was rejected or a check failed, 2 wrong usage of the command.
    """
