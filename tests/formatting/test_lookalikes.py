"""Tests of ``fmt --fix``: look-alikes are replaced in what YAML reads, and texts are kept."""

import pytest
from hypothesis import given, settings

from cleancloud_rules.formatting.lookalikes import with_lookalikes_replaced
from tests.support.fragments import fragments

EACH = [
    ("indentation", "a:\n\u00a0\u00a0b: 1\n", "a:\n  b: 1\n"),
    ("wide indentation", "a:\n\u3000– id: “energy”\n", 'a:\n  - id: "energy"\n'),
    ("a colon, and a text", "title：腾讯，云\n", "title: 腾讯，云\n"),
    ("a digit", "max_points： ４\n", "max_points: 4\n"),
    ("letters of a key", "m\u0430x_points: 4\n", "max_points: 4\n"),
    ("brackets", "a: {b： 1，c：［x，y］, title: “So，x”}\n", "a: {b: 1,c: [x,y], title: “So，x”}\n"),
    ("brackets of several lines", "a: [\n 1，2\n]\nb：３\n", "a: [\n 1,2\n]\nb: 3\n"),
    ("a test, and a comment", "a: ≥ ５ # x：y\n", 'a: ">= 5" # x：y\n'),
    ("a test in quotes", "a: {b: “> 10”, c: “（1..2]”}\nd： 1\n", 'a: {b: "> 10", c: "(1..2]"}\nd: 1\n'),
    ("a quantity", "a: 10\u00a0GWh\n", "a: 10 GWh\n"),
    ("a date", "a: 2024–06–30\n", "a: 2024-06-30\n"),
    ("after a block text", "a: |\n  x：1\nb：2\n", "a: |\n  x：1\nb: 2\n"),
    ("after a quoted text", "t: 'a\n  b：c'\nc：1\n", "t: 'a\n  b：c'\nc: 1\n"),
]

KEPT = [
    "because: x – y\n  Note：so\n",
    "a: {ask: 是，吗}\n",
    "a: {ask: yes，no}\n",
    "title: 10\u00a0GWh\n",
    "a: {title: 10\u00a0GWh}\n",
    "a: “Hello”\n",
    "a: it’s so – really…\n",
    "a: http://x/é：1\n",
    'a: "≥ ５"\n',
    "# a：1\n",
    "a: >-\n  – b：c\n\u00a0\u00a0d：e\n",
    "- 目标：很好\n",
]


@pytest.mark.parametrize(("what", "text", "expected"), EACH, ids=[what for what, *_ in EACH])
def test_a_lookalike_is_replaced(what: str, text: str, expected: str) -> None:
    made = with_lookalikes_replaced(text)
    assert made == expected, what
    assert with_lookalikes_replaced(made) == made


@pytest.mark.parametrize("text", KEPT)
def test_a_text_is_kept(text: str) -> None:
    assert with_lookalikes_replaced(text) == text


@settings(max_examples=300)
@given(fragments())
def test_every_text_can_be_fixed_once_and_for_all(text: str) -> None:
    made = with_lookalikes_replaced(text)
    assert with_lookalikes_replaced(made) == made
    assert made.count("\n") == text.count("\n")
