"""Tests of documents as Markdown."""

from cleancloud_rules.reports.outline.blocks import Link, Outline, Ref, Styled, table
from cleancloud_rules.reports.outline.markdown import as_markdown


def sample() -> Outline:
    outline = Outline()
    outline.heading("A title", 1)
    outline.add(("By ", Styled("explain", "code"), " and ", Styled("awarded", "bold green"), "."))
    made = table("Name", "Points\nof 5", right=(1,))
    made.add_row("a|b", "1.0")
    made.add_row("Total", "2.0", style="bold")
    outline.add_table(made)
    outline.heading("Section")
    outline.item(("gains", " ", Ref(1)), "+1.0", 4)
    outline.add("why", 4)
    outline.item("plain")
    outline.notes([(1, ("A source, ", Link("https://example.org/a_b")))])
    return outline


def test_blocks_are_those_of_markdown() -> None:
    assert as_markdown([sample()]) == (
        "# A title\n\n"
        "By `explain` and **awarded**.\n\n"
        "| Name | Points of 5 |\n| --- | ---: |\n| a\\|b | 1.0 |\n| **Total** | **2.0** |\n\n"
        "## Section\n\n"
        "- **+1.0** gains [^1]\n  - why\n- plain\n\n"
        "[^1]: A source, <https://example.org/a_b>\n"
    )


def test_the_notes_of_several_documents_have_different_names() -> None:
    said = as_markdown([sample(), sample()])
    assert all(said.count(f"[^{name}]: ") == 1 and said.count(f"[^{name}]") == 2 for name in ("1-1", "2-1"))


def test_no_text_is_markup() -> None:
    outline = Outline()
    outline.add("# <b> *a* `b` [c](d) \u202e")
    outline.add("1. no list", 2)
    outline.add(("at ", Link("javascript:alert(1)")))
    assert as_markdown([outline]) == (
        "\\# \\<b\\> \\*a\\* \\`b\\` \\[c\\](d) \\\\u202e\n\n- 1\\. no list\n\nat `javascript:alert(1)`\n"
    )
