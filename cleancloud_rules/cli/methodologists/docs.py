"""``docs``: a methodology as a document for readers."""

import click

from cleancloud_rules import load_methodology
from cleancloud_rules.cli.inputs import methodology_named
from cleancloud_rules.cli.options import output_option
from cleancloud_rules.cli.output import rejections, write
from cleancloud_rules.documentation.html import page_html
from cleancloud_rules.documentation.markdown import page_markdown
from cleancloud_rules.documentation.methodology import page_of


@click.command("docs")
@click.argument("methodology", metavar="METHODOLOGY")
@click.option(
    "--format",
    type=click.Choice(["markdown", "html"]),
    default="markdown",
    show_default=True,
    help="HTML is one page without other files.",
)
@output_option
def command(methodology: str, format: str, output: str | None) -> None:
    """Write a methodology as a document for readers.

    METHODOLOGY is a bundled methodology or a folder. The document is made from its files alone. It says how the total
    is calculated, what each criterion asks for, which facts can be stated about a company, and which sources count.
    """
    with rejections():
        page = page_of(load_methodology(methodology_named(methodology)))
    if format == "html":
        write(page_html(page), output)
    else:
        write(page_markdown(page), output)
