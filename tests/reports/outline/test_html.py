"""Tests of documents as HTML."""

import re
from base64 import b64encode
from hashlib import sha256

from cleancloud_rules.reports.outline.blocks import Link, Outline, Ref, Styled, table
from cleancloud_rules.reports.outline.html import as_html
from tests.support.result_pages import PageReader


def sample() -> Outline:
    outline = Outline()
    outline.heading("A <title>", 1)
    outline.add(("By ", Styled("explain", "code"), " and ", Styled("awarded", "bold green"), "."), style="italic")
    made = table("Name", "Points", right=(1,))
    made.add_row("a & b", "1.0")
    outline.add_table(made)
    outline.item(("gains", " ", Ref(1)), "+1.0", 4)
    outline.add("why", 4)
    outline.notes([(1, ("A source, ", Link("https://example.org/a?b&c")))])
    return outline


def test_a_page_has_a_title_a_policy_and_nothing_to_load() -> None:
    html = as_html([sample()])
    page = PageReader(html)
    assert page.title == "A <title>"
    style = re.search(r"<style>(.*)</style>", html, re.DOTALL)
    assert style is not None
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    assert page.policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'; script-src 'none'; ")
    assert page.links == ["#note-1-1", "https://example.org/a?b&c"]
    assert page.scripts == []
    assert "src=" not in html


def test_blocks_are_those_of_html() -> None:
    html = as_html([sample()])
    assert "<h1>A &lt;title&gt;</h1>" in html
    assert "<p><i>By <code>explain</code> and <b>awarded</b>.</i></p>" in html
    assert '<tr><th scope="row">a &amp; b</th><td class="n">1.0</td></tr>' in html
    assert '<ul>\n<li><b>+1.0</b> gains <a href="#note-1-1">[1]</a>\n<ul>\n<li>why\n</li>\n</ul>\n</li>\n</ul>' in html
    assert '<li id="note-1-1" value="1">A source, <a href="https://example.org/a?b&amp;c">' in html


def test_the_notes_of_several_documents_have_different_ids() -> None:
    page = PageReader(as_html([sample(), sample()]))
    assert page.ids == ["note-1-1", "note-2-1"]
    assert page.title == "A <title>; A <title>"
