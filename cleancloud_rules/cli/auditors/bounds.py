"""``bounds``: what companies could come to if further facts came to light."""

import click

from cleancloud_rules.cli.inputs import companies_in, methodology_for, path_of
from cleancloud_rules.cli.options import companies_argument, format_option, methodology_option, output_option
from cleancloud_rules.cli.output import rejections, write_documents, write_json


@click.command("bounds")
@companies_argument
@methodology_option
@format_option
@output_option
def command(companies: tuple[str, ...], methodology: str | None, format: str, output: str | None) -> None:
    """Show floor and ceiling of every criterion, category and total.

    COMPANY is a company file, a folder of them, a dataset or a bundled one by its name. Floor and ceiling are the least
    and the most over all facts that could still come to light without contradicting what is stated and what was not
    found. One company is shown criterion by criterion.
    """
    from cleancloud_rules import bounds

    paths = [path_of(argument) for argument in companies]
    with rejections():
        rules = methodology_for(methodology, paths)
        found = bounds(companies_in(paths, rules), rules)
    if format == "json":
        write_json(found, output)
    else:
        from cleancloud_rules.reports.text.bounds import bounds_text

        write_documents([bounds_text(found)], output)
