"""Helpful wording of YAML syntax errors."""

import re

from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, SourceFile
from cleancloud_rules.diagnostics.lookalikes import meant, named, structural_in

_Place = tuple[int, int]
"""A line and a column, both counted from 1."""

_BLOCK_MARK = re.compile(r"[:,{\[-]\s*[>|]")
_OPENING = re.compile(r"[:-] +([{\[])")
_BETWEEN = re.compile(r"[,{}\[\]]")
_QUOTE_IT = "put the text in quotes"

_PROBLEMS: tuple[tuple[str, str, str], ...] = (
    ("mapping values are not allowed", "unexpected `:`",
     "begin the keys of one mapping in one column; put a text that contains `: ` in quotes"),
    ("could not find expected ':'", "this line has no `:` after its key",
     "write `key: value`; indent the further lines of a text deeper than its key"),
    ("did not find expected key", "expected a key here",
     "begin the keys of one mapping in one column; put a text that contains quotes in the other kind of quotes"),
    ("did not find expected '-' indicator", "expected `- ` here",
     "begin the keys of one mapping in one column, and the items of one list too"),
    ("did not find expected ',' or '}'", "expected `,` or `}` here", "the mapping begins on line {0}"),
    ("did not find expected ',' or ']'", "expected `,` or `]` here", "the list begins on line {0}"),
    ("did not find expected comment or line break", "an unquoted text cannot begin with `>` or `|`", _QUOTE_IT),
    ("did not find expected node content", "expected a value here", "write the value, or delete the extra character"),
    ("block sequence entries are not allowed", "a list cannot begin here",
     "begin the list on a line of its own; put a text that begins with `-` in quotes"),
    ("mapping keys are not allowed", "unexpected `?`", _QUOTE_IT),
    ("cannot start any token", "an unquoted text cannot begin with this character", _QUOTE_IT),
    ("unknown escape character", "unknown escape in double quotes", "write `\\\\` for `\\`, or use single quotes"),
    ("found unexpected end of stream", "the quote that opens here is never closed", ""),
)  # fmt: skip
"""For a part of PyYAML's message: our message and help."""


def syntax_error(problem: str, place: _Place, context: _Place, file: SourceFile) -> Diagnostic:
    """Return the diagnostic for text that is not YAML.

    Args:
        problem: PyYAML's message.
        place: where it stopped.
        context: where the value begins that it was reading.
        file: the file.
    """
    line = file.line(place[0])
    tab = line[: place[1]].find("\t")
    if tab >= 0 and not line[:tab].strip():
        return Diagnostic("yaml-tab", "a tab where YAML requires spaces", _at(place[0], tab + 1, file),
                          "indent with spaces")  # fmt: skip
    if lookalike := _lookalike(place, context, file):
        return lookalike
    known = ((message, help) for part, message, help in _PROBLEMS if part in problem)
    message, help = next(known, (f"this is not YAML: {problem}", ""))
    message, help = _item_out_of_line(place, context, file) or (message, _unquoted(problem, place, file) or help)
    if "expected ':'" in problem or "end of stream" in problem or not _has(place, file):
        place = context
        if help.startswith(("the mapping", "the list")):
            message, help = "the bracket that opens here is never closed", ""
    if _BLOCK_MARK.search(line) or _BLOCK_MARK.search(file.line(place[0] - 1)):
        help = 'a text that begins with `>` or `|` must be quoted: `"> 10"`'
    return Diagnostic("yaml-syntax", message, _at(*place, file), help.replace("{0}", str(context[0])))


def _lookalike(place: _Place, context: _Place, file: SourceFile) -> Diagnostic | None:
    """Return the diagnostic for a look-alike of a sign of YAML where reading stopped or began, or on the line above."""
    above = next((n for n in range(place[0] - 1, 0, -1) if file.line(n).strip()), 0)
    for number in (place[0], context[0], above):
        if found := structural_in(file.line(number)):
            required = f"`{meant(found[0])}`" if meant(found[0]).strip() else "a space"
            message = f"expected {required}, got {named(found[0])}"
            where = Location(file, number, found.start() + 1, number, found.end() + 1)
            return Diagnostic("yaml-syntax", message, where, f"write {required}")
    return None


def _item_out_of_line(place: _Place, context: _Place, file: SourceFile) -> tuple[str, str] | None:
    """Return message and help if a list item is not in one column with the others; None for any other problem."""
    if not _is_item(file.line(place[0])) or place[1] != _indent(file.line(place[0])) + 1:
        return None
    line = context[0] if _is_item(file.line(context[0])) else _item_further_in(place, file)
    return ("a list item cannot begin here", f"align `- ` with the item on line {line}") if line else None


def _item_further_in(place: _Place, file: SourceFile) -> int:
    """Return the line of the least indented of the deeper list items right above a place; 0 if there is none."""
    found: list[tuple[int, int]] = []
    for number in range(place[0] - 1, 0, -1):
        line = file.line(number)
        if line.strip() and _indent(line) < place[1]:
            break
        found.extend([(_indent(line), number)] if _is_item(line) else [])
    return min(found, default=(0, 0))[1]


def _is_item(line: str) -> bool:
    return line.lstrip(" ").startswith("- ")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _unquoted(problem: str, place: _Place, file: SourceFile) -> str:
    """Return help if a text without quotes begins like a mapping or a list, or contains `: `; else an empty text."""
    line = file.line(place[0])
    before, after = line[: place[1] - 1], line[place[1] - 1 :]
    last = _BETWEEN.split(before)[-1]
    if after.startswith(": ") and ": " in last and not {"'", '"'} & set(last):
        return "put a text that contains `: ` in quotes"
    is_block = "',' or" not in problem
    opening = _OPENING.search(before) if is_block and before.rstrip().endswith(("}", "]")) and after.strip() else None
    return f"put a text that begins with `{opening[1]}` in quotes" if opening else ""


def _has(place: _Place, file: SourceFile) -> bool:
    """Whether there is text at a place or after it."""
    return any(line.strip() for line in (file.line(place[0])[place[1] - 1 :], *file.lines[place[0] :]))


def _at(line: int, column: int, file: SourceFile) -> Location:
    """Return the location of one character; of the last character if the place lies behind the end."""
    if not _has((line, column), file):
        last = max((number for number, text in enumerate(file.lines, 1) if text.strip()), default=1)
        line, column = last, max(1, len(file.line(last).rstrip()))
    return Location(file, line, column, line, column + 1)
