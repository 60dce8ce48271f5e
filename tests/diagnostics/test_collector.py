"""Tests of hints for misspelt names and for characters that look like others."""

import pytest

from cleancloud_rules.diagnostics.collector import did_you_mean, nearest
from cleancloud_rules.diagnostics.lookalikes import lookalike_hint, meant, structural_in


@pytest.mark.parametrize(
    ("word", "known"),
    [("at_most", "at_least"), ("less_than", "more_than"), ("min_points", "max_points"), ("not_before", "not_after")],
)
def test_the_contrary_of_a_word_is_not_suggested(word: str, known: str) -> None:
    assert nearest(word, [known]) is None
    assert nearest(f"{known}s", [known]) == known


def test_a_known_word_in_other_letters_is_named_with_the_letter() -> None:
    hint = "write `points`: `o` in place of U+043E (cyrillic small letter o)"
    assert did_you_mean("p\u043eints", ["points", "print"]) == hint


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("２０３０", "2030"),
        ("٢٠٣٠", "2030"),
        ("（1．5， 2）", "(1.5, 2)"),
        ("≥\u00a0５", ">= 5"),
        ("“a” ‘b’", "\"a\" 'b'"),
        ("a\u200bb", "ab"),
        ("1–2", "1-2"),
    ],
)
def test_what_was_meant(text: str, written: str) -> None:
    assert meant(text) == written
    assert lookalike_hint(text).startswith(f"write `{written}`: ")


@pytest.mark.parametrize("text", ["Straße", "腾讯，云", "plain", "é"])
def test_a_text_in_another_language_has_no_hint(text: str) -> None:
    assert lookalike_hint(text) == ""


@pytest.mark.parametrize(
    ("line", "character"),
    [
        ("a：1", "："),
        ("- title： 腾讯", "："),
        ("  a： b", "："),
        ("{a: 1，b: 2}", "，"),
        ("［a, b]", "［"),
        ("\u00a0\u00a0a: 1", "\u00a0"),
        ("–\u00a0a: 1", "–"),
        ("a: “x: y”", "“"),
    ],
)
def test_a_lookalike_in_place_of_a_sign_is_found(line: str, character: str) -> None:
    found = structural_in(line)
    assert found is not None
    assert found[0] == character


@pytest.mark.parametrize("line", ["a: 是，不", 'a: "x，y"', "a: x # b：c", "a: it’s so", "a: x – y", "a: 10\u00a0GWh"])
def test_a_lookalike_in_a_text_is_left_alone(line: str) -> None:
    assert structural_in(line) is None


def test_what_else_can_be_done_is_said_where_no_word_is_near() -> None:
    otherwise = "list it under `sources`"
    assert did_you_mean("reprot", ["report", "visit"], otherwise=otherwise) == "did you mean `report`?"
    assert did_you_mean("poll", ["report", "visit"], otherwise=otherwise) == f"known: `report`, `visit`; {otherwise}"
    assert did_you_mean("poll", [], otherwise=otherwise) == otherwise
