"""Tests of canonical JSON, against the bytes of another library."""

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from cleancloud_rules.documents.canonical_json import MAX_WHOLE, canonical_json, read_canonical

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
DATA = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-MAX_WHOLE, MAX_WHOLE), TEXTS),
    lambda inside: st.one_of(st.lists(inside, max_size=4), st.dictionaries(TEXTS, inside, max_size=4)),
)


@given(DATA)
def test_the_bytes_are_those_of_another_library_for_rfc_8785(data: Any) -> None:
    content = canonical_json(data).encode()
    assert content == rfc8785.dumps(data)
    assert read_canonical(content) == data


def test_keys_are_in_the_order_of_utf_16() -> None:
    assert canonical_json({"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3}) == '{"\u20ac":3,"\U0001f600":2,"\ufb33":1}'


@pytest.mark.parametrize("data", [1.5, {"a": [float("nan")]}, {1}, b"a", {"a": object()}])
def test_what_has_no_exact_form_is_refused(data: Any) -> None:
    with pytest.raises(TypeError, match="canonical JSON cannot hold"):
        canonical_json(data)


@pytest.mark.parametrize("data", [2**53, -(2**53), ["\ud800"]])
def test_numbers_that_readers_round_and_halves_of_characters_are_refused(data: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of the codec in one case
        canonical_json(data)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "it is not JSON"),
        (b"{", "it is not JSON"),
        (b'{"a":1} ', "not in canonical form"),
        (b'{"b":1,"a":2}', "not in canonical form"),
        (b'{"a":1,"a":1}', "not in canonical form"),
        (b'{"a":"\\u0041"}', "not in canonical form"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b'"\xff"', "codec"),
        (b"1.5", "the number 1.5"),
        (b"1e2", "the number 1e2"),
        (b"NaN", "the number NaN"),
        (b"9007199254740992", "no exact form"),
        (b"[" * 100_000, "nested too deeply"),
        (b'"\\ud800"', "surrogates"),
    ],
)
def test_other_bytes_are_refused(content: bytes, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_canonical(content)
