"""Tests that the reference of the command line is what the tool says; ``make golden`` writes it anew."""

import re
from textwrap import wrap

import click

from cleancloud_rules.cli import COMMANDS, main
from tests.support.places import ROOT

REFERENCE = ROOT / "docs" / "reference" / "command-line.md"
HELP = ["-h", "--help"]
HEAD = """# The command line

Made from what `cleancloud-rules --help` and the commands' `--help` say. Every command is a section here, and every
option has an anchor: `score-as-of` is that of `--as-of` of `score`.
"""
WIDTH = 120


def context_of(command: click.Command, *names: str) -> click.Context:
    parent = click.Context(main, info_name="cleancloud-rules", terminal_width=100, help_option_names=HELP)
    return click.Context(command, info_name=names[0], parent=parent, terminal_width=100) if names else parent


def help_of(command: click.Command, *names: str) -> str:
    return command.get_help(context_of(command, *names))


def command_of(name: str) -> click.Command:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    return command


def filled(text: str, first: str = "", rest: str = "") -> str:
    """Return a text of a help page as Markdown in lines that are not too long."""
    spans = re.split(r"(`[^`]*`)", " ".join(text.split()))
    words = "".join(span if span.startswith("`") else re.sub(r"([<>*_])", r"\\\1", span) for span in spans)
    return "\n".join(
        wrap(words, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False)
    )


def prose(command: click.Command) -> str:
    assert command.help is not None
    assert "\b" not in command.help, "a passage with line breaks of its own is not provided for"
    return "\n\n".join(filled(paragraph) for paragraph in command.help.split("\n\n") if paragraph.strip())


def usage(command: click.Command, *names: str) -> str:
    text = " ".join(command.get_usage(context_of(command, *names)).removeprefix("Usage: ").split())
    return f"```text\n{text}\n```"


def options(command: click.Command, *names: str) -> str:
    """Return the options of a command as a list, each with an anchor that has the name of the command."""
    context = context_of(command, *names)
    items = []
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if isinstance(parameter, click.Argument) or record is None:
            continue
        anchor = f'<a id="{anchor_of(parameter, *names)}"></a>'
        items.append(f"* {anchor}`{record[0]}`\n\n{filled(record[1], '  ', '  ')}")
    return "\n\n".join(items)


def anchor_of(option: click.Parameter, name: str = "cleancloud-rules") -> str:
    return f"{name}-{max(option.opts, key=len).lstrip('-')}"


def reference() -> str:
    rows = [f"| [`{name}`](#{name}) | {COMMANDS[name]} |" for name in sorted(COMMANDS)]
    parts = [
        HEAD,
        usage(main),
        prose(main),
        options(main),
        "\n".join(["| command | what it does |", "|---|---|", *rows]),
    ]
    for name in sorted(COMMANDS):
        command = command_of(name)
        parts += [f"## {name}", usage(command, name), prose(command), options(command, name)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def letters(text: str) -> str:
    """Return a text without anchors, the signs of Markdown and white space: lines break elsewhere in the help."""
    return re.sub(r'<a id="[^"]*"></a>|```text|^\* |[`\\\s]', "", text, flags=re.MULTILINE)


def test_the_reference_is_what_the_tool_says() -> None:
    assert REFERENCE.read_text(encoding="utf-8") == reference(), "run `make golden`"


def test_nothing_of_the_help_is_left_out() -> None:
    sections = re.split(r"^## (.+)\n", REFERENCE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    shown = dict(zip(sections[::2], sections[1::2], strict=True))
    assert sorted(shown) == sorted(COMMANDS)
    for name, section in shown.items():
        said = help_of(command_of(name), name).removeprefix("Usage:").replace("\nOptions:\n", "\n")
        assert letters(section) == letters(said), name


def test_every_option_has_an_anchor_of_its_own() -> None:
    anchors = re.findall(r'<a id="([\w-]+)"></a>', REFERENCE.read_text(encoding="utf-8"))
    assert len({*anchors, *COMMANDS}) == len(anchors) + len(COMMANDS)
    for name in COMMANDS:
        parameters = command_of(name).get_params(context_of(command_of(name), name))
        named = {anchor_of(one, name) for one in parameters if isinstance(one, click.Option)}
        assert named <= set(anchors), name


if __name__ == "__main__":
    REFERENCE.write_text(reference(), encoding="utf-8", newline="\n")
