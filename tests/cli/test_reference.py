"""Tests that the reference of the command line is what the tool says; ``make golden`` writes it anew."""

import click

from cleancloud_rules.cli import COMMANDS, main
from tests.support.places import ROOT

REFERENCE = ROOT / "docs" / "reference" / "command-line.md"
HELP = ["-h", "--help"]
HEAD = "# The command line\n\nMade from what `cleancloud-rules --help` and the commands' `--help` say.\n"


def help_of(command: click.Command, *names: str) -> str:
    parent = click.Context(main, info_name="cleancloud-rules", terminal_width=100, help_option_names=HELP)
    if not names:
        return main.get_help(parent)
    context = click.Context(command, info_name=names[0], parent=parent, terminal_width=100)
    return command.get_help(context)


def reference() -> str:
    parts = [HEAD, f"```text\n{help_of(main)}\n```\n"]
    for name in sorted(COMMANDS):
        command = main.get_command(click.Context(main), name)
        assert command is not None
        parts.append(f"## {name}\n\n```text\n{help_of(command, name)}\n```\n")
    return "\n".join(parts)


def test_the_reference_is_what_the_tool_says() -> None:
    assert REFERENCE.read_text(encoding="utf-8") == reference(), "run `make golden`"


if __name__ == "__main__":
    REFERENCE.write_text(reference(), encoding="utf-8", newline="\n")
