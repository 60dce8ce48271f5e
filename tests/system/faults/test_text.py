"""Texts that went wrong once: odd characters in files, in names and in what a terminal shows."""

import pytest

from tests.formatting.test_formatter import content, tidy


@pytest.mark.parametrize(
    "text",
    [
        "l: {4}",
        "\u2028a: 1",
        "x: 1\n\x85a: 1",
        'a: "a\\0b"',
        'a: "a\\rb"',
        'a: "\\e[31m"',
        "s:\n  #\n t:",
        'a: "a\\u202eb"',
    ],
)
def test_an_odd_text_is_formatted_once_and_for_all_and_means_the_same(text: str) -> None:
    made = tidy(text)
    assert tidy(made) == made
    assert content(made) == content(text)
    assert "\u202e" not in made
