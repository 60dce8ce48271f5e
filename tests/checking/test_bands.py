"""Tests of what bands get wrong; each mistake has its case in `bad_forms`, these are its edges."""

import pytest

from tests.support.forms import bands, supply, wrong


@pytest.mark.parametrize(
    ("scores", "findings"),
    [
        ((">= 80", "[50..80)", "< 50"), []),
        (("]80..100]", "[50..80]"), []),
        (("> 79.9", "<= 79.9"), []),
        (("[80..100]", "[50..79.9]"), []),
        (("[80..100]", "[50..79.8]"), []),
        (("(80..100]", "[50..80)"), []),
        ((">= 80", "[50..80]"), ["overlapping-bands"]),
        (("(79.9..100]", "[50..80)"), []),
        (("(79.8..100]", "[50..80)"), ["overlapping-bands"]),
        (("not([10..20])", "[10..20]"), []),
        (("-",), []),
        (("-", "> 5"), ["overlapping-bands"]),
        (("< 5, > 10", "[5..10]"), []),
        (("[-5..-0.1]", ">= 0"), []),
        (("[-5..-0.2]", ">= 0"), []),
        (("[-5..-0.15]", "(-0.15..0]"), []),
        (("< -0.15", "> -0.15"), []),
    ],
)
def test_no_score_that_can_be_printed_lies_in_two_bands(scores: tuple[str, ...], findings: list[str]) -> None:
    assert [code for code, _ in wrong(bands(*scores))] == findings


def test_bands_of_the_exact_value_overlap_at_any_number() -> None:
    assert wrong(bands("(79.9..100]", "[50..80)", more=", bands_of: exact")) == [("overlapping-bands", '"[50..80)"')]
    assert wrong(bands("(79..100]", "[50..80)", more=", rounding: {digits: 0}")) == []


def test_all_bands_have_a_value_or_none_has() -> None:
    both = supply('bands: [{label: a, score: ">= 5", value: 1}, {label: b, score: "< 5", value: -1}]')
    assert wrong(both) == []
    one = supply('bands: [{label: a, score: ">= 5", value: 1}, {label: b, score: "< 5"}]')
    assert wrong(one) == [("missing-key", "b")]


def test_a_threshold_of_many_digits_and_digits_that_are_out_of_range_are_no_trouble() -> None:
    great = "9" * 21
    assert wrong(bands(f">= {great}", f"< {great}")) == []
    assert wrong(bands(f"> {great}", f"< {great}")) == []
    endless = bands(">= 5", "< 5", more=", rounding: {digits: 999999999999}")
    assert wrong(endless) == [("out-of-range", "999999999999")]


def test_labels_are_told_apart() -> None:
    assert wrong(supply('bands: [{label: a, score: ">= 5"}, {label: a, score: "< 5"}]')) == [("repeated-value", "a")]


@pytest.mark.parametrize(
    ("score", "findings"),
    [
        ("5", []),
        ("[5, 6]", []),
        ('">= 5"', []),
        ("5..6", [("bad-test", "5..6")]),
        ("[5..6]", [("unquoted-range", "[5..6]")]),
        ("5-6", [("wrong-type", "5-6")]),
        ("good", [("wrong-type", "good")]),
        ("{from: 5, to: 6}", [("wrong-type", "{from: 5, to: 6}")]),
        ("{at_least: 5}", [("wrong-type", "{at_least: 5}")]),
        ('"[6..5]"', [("empty-range", "[6..5]")]),
        ('"[60, 80)"', [("bad-test", ",")]),
        ("null", [("bad-value", "null")]),
        ('"null, 5"', [("bad-value", '"null, 5"')]),
        ("~", [("empty-value", "~")]),
    ],
)
def test_a_band_is_a_test_on_a_number(score: str, findings: list[tuple[str, str]]) -> None:
    assert wrong(supply(f"bands: [{{label: a, score: {score}}}]")) == findings
