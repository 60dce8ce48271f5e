"""YAML texts that say something plain in an untidy way: any indentation, spaces, quotes and comments."""

import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

_WORDS = st.sampled_from(
    ["word", "two words", "it's", "a: b", "x #y", "#no", "NO", "null", "true", "1.50", "2024-01-01", ">= 5",
     "not(null)", "[1..2]", "-", "a, b", "{x}", "绿", "http://x.y/z", "ends:", "a\\b", 'say "so"', "q - r"]
)  # fmt: skip
_PLAIN_WORDS = ("word", "two words", "it's", "1.50", "not(null)", "绿", "http://x.y/z", "q - r")
_NUMBERS = st.sampled_from(["0", "7", "-3", "12.50", "true", "null"])
_KEYS = st.sampled_from(["id", "title", "rules", "points", "when", "because", "guidance", "weight", "other"])


class Writer:
    """Writes what it makes up, and counts the comments."""

    def __init__(self, draw: DrawFn) -> None:
        self.draw = draw
        self.comments = 0
        self.lines: list[str] = []

    def choose(self, *options: Any) -> Any:
        """Return one of the options."""
        return self.draw(st.sampled_from(options))

    def comment(self) -> str:
        """Return a comment that occurs once."""
        self.comments += 1
        return f"# c{self.comments}."

    def above(self, column: int) -> None:
        """Write empty lines and comments, or nothing."""
        for _ in range(self.choose(0, 0, 0, 1, 2)):
            self.lines.append("  " * self.choose(0, 1) if self.choose(True, False) else " " * column + self.comment())

    def end(self) -> str:
        """Return what ends a line."""
        return str(self.choose("", "", "   ", f" {self.comment()}" if self.choose(True, False) else ""))

    def scalar(self, *, flow: bool) -> str:
        """Return a value on one line."""
        if self.choose(True, False):
            return str(self.draw(_NUMBERS))
        word = self.draw(_WORDS)
        style = self.choose("plain", "single", "double")
        if style == "plain" and word in _PLAIN_WORDS:
            return word
        return f"'{word.replace(chr(39), chr(39) * 2)}'" if style == "single" else json.dumps(word, ensure_ascii=flow)

    def flow(self, depth: int) -> str:
        """Return a list or a mapping in brackets, on one line."""
        space = str(self.choose("", " ", "  "))
        items = [self.scalar(flow=True) if depth else self.flow(1) for _ in range(self.choose(0, 1, 3))]
        if self.choose(True, False):
            return "[" + space + f"{space}, ".join(items) + space + "]"
        return "{" + space + f"{space},  ".join(f"k{i}: {space}{item}" for i, item in enumerate(items)) + space + "}"

    def value(self, head: str, column: int, depth: int) -> None:
        """Write a value after its key or its dash, which stand in `column`."""
        deeper = ("nest", "nest", "nest") if depth < 3 else ()
        kind = self.choose("scalar", "scalar", "flow", "block", "folded", "quoted", "lines", *deeper)
        inner = " " * (column + self.choose(1, 2, 5))
        gap = " " * self.choose(1, 2)
        if kind == "scalar":
            self.lines.append(head + gap + self.scalar(flow=False) + self.end())
        elif kind == "flow":
            self.lines.append(head + gap + self.flow(0) + self.end())
        elif kind in ("block", "folded"):
            text = ["# no comment", "", "  more ", "x"]
            self.lines.append(head + gap + self.choose("|", ">-", "|-"))
            self.lines += [inner + line if line else "" for line in text]
        elif kind == "quoted":
            self.lines += [head + gap + '"first', f'{inner}# no comment: {{x}}"' + self.end()]
        elif kind == "lines":
            self.lines += [head + gap + "[a," + self.end(), f"{inner}b] {self.comment()}"]
        else:
            self.lines.append(head + self.end())
            self.nested(column, depth + 1, is_item=head.rstrip().endswith("-"))

    def nested(self, column: int, depth: int, *, is_item: bool) -> None:
        """Write a list or a mapping in block style below what stands in `column`."""
        if self.choose(True, False):
            self.mapping(column + self.choose(1, 2, 4), depth)
        else:
            self.sequence(column + self.choose(*((1, 2, 4) if is_item else (0, 1, 2, 4))), depth)

    def mapping(self, column: int, depth: int, first: str = "") -> None:
        """Write a mapping; `first` is what stands on its first line already."""
        keys = self.draw(st.lists(_KEYS, min_size=1, max_size=4, unique=True))
        for index, key in enumerate(keys):
            if index or not first:
                self.above(column)
            head = first if first and not index else " " * column
            written = self.choose(key, key, json.dumps(key)) + self.choose("", "", " ") + ":"
            self.value(head + written, column, depth)

    def sequence(self, column: int, depth: int) -> None:
        """Write a list."""
        for _ in range(self.choose(1, 2, 3)):
            self.above(column)
            if self.choose(True, False):
                gap = self.choose(1, 3)
                self.mapping(column + 1 + gap, depth + 1, " " * column + "-" + " " * gap)
            else:
                self.value(" " * column + "-", column, depth)


@st.composite
def messy_texts(draw: DrawFn) -> str:
    """Return untidy texts, with comments that are numbered ``# c1.``, ``# c2.`` and so on."""
    writer = Writer(draw)
    writer.above(0)
    writer.lines.append("criteria:")
    writer.sequence(draw(st.sampled_from([0, 2, 3])), 1)
    writer.above(0)
    writer.lines.append("last: end" + writer.end())
    writer.above(0)
    ends = draw(st.sampled_from(["\n", "\r\n"]))
    return ends.join(writer.lines) + draw(st.sampled_from(["", "\n", "\n\n\n"]))
