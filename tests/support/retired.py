"""The words that the glossary retires, and texts in which to look for them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import yaml
from attrs import field, frozen


def _compiled(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.MULTILINE)


@frozen
class Retired:
    """A word or a phrase that is no longer used.

    Args:
        word: what the glossary calls it.
        pattern: what finds it.
        use: what is written in its place.
        found: a phrase that the pattern must find.
        spared: a phrase that it must not find, if one comes close.
    """

    word: str
    pattern: re.Pattern[str] = field(converter=_compiled)
    use: str
    found: str
    spared: str = ""


RETIRED = [
    Retired(**entry)
    for entry in yaml.safe_load((Path(__file__).parent / "retired_words.yaml").read_text(encoding="utf-8"))["retired"]
]


def plain(text: str) -> str:
    """Return a text on one line, without its code, which may hold any word."""
    return re.sub(r"\s+", " ", re.sub(r"(`+).+?\1", "`", text, flags=re.DOTALL)).strip()


def prose(page: str) -> str:
    """Return the text of a page on one line, without its examples, code and quotations."""
    page = re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL)
    return plain(re.sub(r"^(?: {4}|>).*$", "", page, flags=re.MULTILINE))


def retired_in(text: str) -> list[str]:
    """Return each retired word in a text, with what stands around it and the words to use."""
    return [
        f"{text[max(0, found.start() - 40) : found.end() + 40]!r}: instead of `{word.word}` use {word.use}"
        for word in RETIRED
        for found in word.pattern.finditer(text)
    ]


def headings(page: str) -> list[str]:
    """Return the headings of a page."""
    return re.findall(r"^#+ +(.+)$", re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)


def help_texts(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
    """Yield what a command, its options and its subcommands say to a user, each with where it is said."""
    yield name, " ".join(text for text in (command.help, command.short_help, command.epilog) if text)
    for option in command.params:
        if isinstance(option, click.Option):
            yield f"{name} {option.opts[0]}", option.help or ""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            assert found is not None
            yield from help_texts(found, f"{name} {inner}")


def sentences(source: str) -> Iterator[tuple[int, str]]:
    """Yield the docstrings and the messages of a module, each with its line.

    A message is a text of several words; in an f-string each value is a backtick. A text of one word is an id or a key.
    The names of arguments and attributes in a docstring are ids too.
    """
    tree = ast.parse(source)
    docstrings = set(_docstrings(tree))
    inside = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            texts = [part.value if isinstance(part, ast.Constant) else "`" for part in node.values]
            yield node.lineno, "".join(str(text) for text in texts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in inside:
            if node in docstrings:
                yield node.lineno, re.sub(r"^( {4,}|\t+)\w+:", "", node.value, flags=re.MULTILINE)
            elif " " in node.value.strip():
                yield node.lineno, node.value


def _docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    bodies = [node.body for node in ast.walk(tree) if hasattr(node, "body") and isinstance(node.body, list)]
    for statement in (statement for body in bodies for statement in body):
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            yield statement.value
