"""What a YAML reader says of text that is no YAML, in words that help the author of the text."""

import re

from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, SourceFile

_Place = tuple[int, int]
"""A line and a column, both counted from 1."""

_BLOCK_MARK = re.compile(r"[:,{\[-]\s*[>|]")
_OPENING = re.compile(r"[:-] +([{\[])")
_BETWEEN = re.compile(r"[,{}\[\]]")
_QUOTE_IT = "put the text in quotes"

_PROBLEMS: tuple[tuple[str, str, str], ...] = (
    ("mapping values are not allowed", "a second `:` begins a value here",
     "keys of one mapping stand in one column; a text that holds `: ` stands in quotes"),
    ("could not find expected ':'", "this line has no `:` after its key",
     "write `key: value`; the further lines of a text are indented deeper than its key"),
    ("did not find expected key", "expected a key here",
     "keys of one mapping stand in one column; a text that holds quotes stands in the other kind of quotes"),
    ("did not find expected '-' indicator", "expected `- ` here",
     "the keys of one mapping stand in one column, and so do the items of one list"),
    ("did not find expected ',' or '}'", "expected `,` or `}` here", "the mapping begins on line {0}"),
    ("did not find expected ',' or ']'", "expected `,` or `]` here", "the list begins on line {0}"),
    ("did not find expected comment or line break", "a text cannot begin with `>` or `|` unquoted", _QUOTE_IT),
    ("did not find expected node content", "expected a value here", "take out what is too much, or write the value"),
    ("block sequence entries are not allowed", "a list cannot begin here",
     "begin the list on a line of its own; a text that begins with `-` stands in quotes"),
    ("mapping keys are not allowed", "a `?` cannot stand here", _QUOTE_IT),
    ("cannot start any token", "a text cannot begin with this character unquoted", _QUOTE_IT),
    ("unknown escape character", "double quotes know no such escape", "write `\\\\` for `\\`, or use single quotes"),
    ("found unexpected end of stream", "the quote that opens here is never closed", ""),
)  # fmt: skip
"""For a part of what the YAML reader says, what we say and what helps."""


def syntax_error(problem: str, place: _Place, context: _Place, source: SourceFile) -> Diagnostic:
    """Return the finding for text that is no YAML.

    Args:
        problem: what the YAML reader says.
        place: where it stopped.
        context: where that began which it was reading.
        source: the text.
    """
    line = source.line(place[0])
    tab = line[: place[1]].find("\t")
    if tab >= 0 and not line[:tab].strip():
        return Diagnostic("yaml-tab", "a tab stands where YAML asks for spaces", _at(place[0], tab + 1, source),
                          "indent with spaces")  # fmt: skip
    known = ((message, help) for part, message, help in _PROBLEMS if part in problem)
    message, help = next(known, (f"this is not YAML: {problem}", ""))
    message, help = _item_out_of_line(place, context, source) or (message, _unquoted(problem, place, source) or help)
    if "expected ':'" in problem or "end of stream" in problem or not _has(place, source):
        place = context
        if help.startswith(("the mapping", "the list")):
            message, help = "the bracket that opens here is never closed", ""
    if _BLOCK_MARK.search(line) or _BLOCK_MARK.search(source.line(place[0] - 1)):
        help = 'a text that begins with `>` or `|` must be quoted: `"> 10"`'
    return Diagnostic("yaml-syntax", message, _at(*place, source), help.replace("{0}", str(context[0])))


def _item_out_of_line(place: _Place, context: _Place, source: SourceFile) -> tuple[str, str] | None:
    """Return what is said of a list item that does not stand in one column with the others; None of anything else."""
    if not _is_item(source.line(place[0])) or place[1] != _indent(source.line(place[0])) + 1:
        return None
    line = context[0] if _is_item(source.line(context[0])) else _item_further_in(place, source)
    return ("a list item cannot begin here", f"`- ` must stand in line with the item on line {line}") if line else None


def _item_further_in(place: _Place, source: SourceFile) -> int:
    """Return the line of the item, of those further in right above a place, that stands out most; 0 without one."""
    found: list[tuple[int, int]] = []
    for number in range(place[0] - 1, 0, -1):
        line = source.line(number)
        if line.strip() and _indent(line) < place[1]:
            break
        found.extend([(_indent(line), number)] if _is_item(line) else [])
    return min(found, default=(0, 0))[1]


def _is_item(line: str) -> bool:
    return line.lstrip(" ").startswith("- ")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _unquoted(problem: str, place: _Place, source: SourceFile) -> str:
    """Return what helps where a text without quotes begins as a mapping or a list does, or holds `: `; else nothing."""
    line = source.line(place[0])
    before, after = line[: place[1] - 1], line[place[1] - 1 :]
    last = _BETWEEN.split(before)[-1]
    if after.startswith(": ") and ": " in last and not {"'", '"'} & set(last):
        return "a text with `: ` stands in quotes"
    is_block = "',' or" not in problem
    opening = _OPENING.search(before) if is_block and before.rstrip().endswith(("}", "]")) and after.strip() else None
    return f"a text that begins with `{opening[1]}` stands in quotes" if opening else ""


def _has(place: _Place, source: SourceFile) -> bool:
    """Whether something stands at a place or after it."""
    return any(line.strip() for line in (source.line(place[0])[place[1] - 1 :], *source.lines[place[0] :]))


def _at(line: int, column: int, source: SourceFile) -> Location:
    """Return the place of one character; that of the last one where the place lies behind it."""
    if not _has((line, column), source):
        last = max((number for number, text in enumerate(source.lines, 1) if text.strip()), default=1)
        line, column = last, max(1, len(source.line(last).rstrip()))
    return Location(source, line, column, line, column + 1)
