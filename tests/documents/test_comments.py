"""Tests of finding comments in YAML files."""

import pytest

from cleancloud_rules.diagnostics.diagnostic import SourceFile
from cleancloud_rules.documents.comments import has_comments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# a comment\na: 1\n", True),
        ("a: 1 # a comment\n", True),
        ("a: 1\n# at the end\n", True),
        ("a:\n  # between\n  - b\n", True),
        ("a: [1, # inside\n  2]\n", True),
        ("# yaml-language-server: $schema=a.json\na: 1 # a comment\n", True),
        ("# yaml-language-server: $schema=a.json\na: 1\n", False),
        ("a: b#c\n", False),
        ("a: 'b # c'\n", False),
        ('"#a": "#b"\n', False),
        ("a: |\n  # a text\n  b\nc: 1\n", False),
        ("a: >\n  b\n  # c\n", False),
        ("a: 1\n", False),
        ("", False),
        ("a: [ # no YAML", False),
    ],
)
def test_a_comment_stands_outside_of_all_keys_and_values(text: str, expected: bool) -> None:
    assert has_comments(SourceFile("a.yaml", text)) is expected
