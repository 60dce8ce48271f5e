"""Tests of filling templates: what they show of a value, and what they refuse."""

import json
import sys
from decimal import Decimal
from typing import Any

import pytest

from cleancloud_rules import MissingExtraError
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.reports.pages import environment


def shown(template: str, **names: Any) -> str:
    return environment._environment().from_string(template).render(**names)


def test_a_text_is_escaped_and_shows_every_character() -> None:
    assert shown("{{ x }}", x="<b>&\"'") == "&lt;b&gt;&amp;&#34;&#39;"
    assert shown("{{ x }}", x="a\u202eb\x00") == "a\\u202eb\\x00"
    assert shown('<a title="{{ x }}">', x='" onclick="') == '<a title="&#34; onclick=&#34;">'


def test_numbers_keep_their_digits() -> None:
    assert shown("{{ x }} {{ y }} {{ z }}", x=Decimal("-1.50"), y=3, z=Decimal("1E+2")) == "\u22121.50 3 100"
    assert shown("{{ x | count('point') }}", x=Decimal(1)) == "1 point"
    assert shown("{{ x | count('company', 'companies') }}", x=2) == "2 companies"


@pytest.mark.parametrize("value", [None, True, Outcome.AWARDED, [], 1.5])
def test_what_has_no_form_for_readers_is_an_error(value: object) -> None:
    with pytest.raises(TypeError, match="a page cannot show"):
        shown("{{ x }}", x=value)


def test_a_name_that_a_template_does_not_know_is_an_error() -> None:
    with pytest.raises(TypeError, match="a page cannot show Undefined"):
        shown("{{ x }}")


def test_data_cannot_end_the_element_in_which_it_stands() -> None:
    text = shown("{{ x | data }}", x={"a": "</script><!--&\u2028\u202e", "b": Decimal("1.50")})
    assert not set("<>&\u2028\u202e") & set(text)
    assert json.loads(text) == {"a": "</script><!--&\\u2028\\u202e", "b": "1.50"}


def test_only_addresses_of_the_web_can_be_followed() -> None:
    followed = environment._web
    assert followed("https://example.org/a?b=c#d")
    for address in ("javascript:alert(1)", "data:text/html,x", "https://a b", "", None, "//example.org", "ftp://a"):
        assert not followed(address)


def test_a_missing_package_is_said_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    environment._environment.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'cleancloud-rules\[pages\]'"):
        environment.filled("index.html")
    environment._environment.cache_clear()
