"""Texts made of fragments of YAML, most of them odd: some are YAML, and some of them only in part."""

from hypothesis import strategies as st

_INDENTS = st.sampled_from(["", "", " ", "  ", "   ", "    "])
_DASHES = st.sampled_from(["", "", "", "- ", "-", "-  - ", "-\t", "? "])
_KEYS = st.sampled_from(
    [
        "",
        "a: ",
        "b : ",
        "c:",
        "id: ",
        "title:  ",
        "rules: ",
        "criteria:",
        "'q': ",
        '"r\\n" : ',
        "{s}: ",
        "k:\t",
        "e-f: ",
    ]
)
_VALUES = st.sampled_from(
    ["", "", "x", "x  y", "1", "null", "NO", "'x'", "'it''s'", '"x y"', '"a\\0b"', '"a\\rb"', '"\\e[31m"', '"\\x85"',
     '"a\\u202eb"', '"\u202e"', "a\u202eb", '"\\u2028"', '"\u3000"', "\u00a0", "腾讯", '"👍"', "{4}", "{a}", "{ a: }",
     "{a: 1,b: }", "{'a' : x}", "[x,y ]", "[a: 1]", "[]", "{}", "[[x], {y: }]", "|", "|+", "|2", ">-", ">", "[x,", "]",
     "{x: 1,", "}", '"x', 'y"', "'x", "--- x", "...", "~", "*x", "&x y", "!x y", "? x", ": x", "\\", "-"]
)  # fmt: skip
_ENDS = st.sampled_from(["", "", "", " ", "\t", " # c", "# c", "  #", "#-", " # \u2028 c"])
_BREAKS = st.sampled_from(["\n", "\n", "\n", "\n", "\n\n", "\n\n\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"])
_LINES = st.tuples(_INDENTS, _DASHES, _KEYS, _VALUES, _ENDS, _BREAKS).map("".join)
_ALONE = st.sampled_from(
    ["---\n", "# c\n", " # c\n", "   # c\n", "#\n", "...\n", "\ufeff", "%YAML 1.1\n", "\x00", "\ud800"]
)


def fragments() -> st.SearchStrategy[str]:
    """Return a strategy of texts of a few lines."""
    lines = st.lists(st.one_of(_LINES, _LINES, _LINES, _LINES, _ALONE), min_size=1, max_size=6).map("".join)
    return st.one_of(lines, lines.map(lambda text: f"k: {text}"), lines.map(str.rstrip))
