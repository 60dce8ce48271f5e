"""``test``: the cases of a methodology, and what they try."""

import sys
from decimal import Decimal, InvalidOperation

import click

from cleancloud_rules.cli.inputs import methodology_named
from cleancloud_rules.cli.options import format_option, output_option
from cleancloud_rules.cli.output import REJECTED, rejections, write, write_documents, write_json


def _percent(_context: click.Context, _option: click.Parameter, value: str | None) -> Decimal | None:
    if value is None:
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number <= 100:
        raise click.BadParameter(f"`{value}` is not a number from 0 to 100")
    return number


@click.command("test")
@click.argument("methodology", metavar="METHODOLOGY")
@click.option(
    "--fail-under",
    metavar="PERCENT",
    callback=_percent,
    help="Fail unless so many per cent of the rules won in some case.",
)
@click.option(
    "--junit", metavar="FILE", type=click.Path(dir_okay=False), help="Write the results to FILE as JUnit XML."
)
@format_option
@output_option
def command(methodology: str, fail_under: Decimal | None, junit: str | None, format: str, output: str | None) -> None:
    """Run the cases of a methodology, and show what they tried.

    METHODOLOGY is a bundled one or a folder; its cases stand in the folder `cases` inside. A case that fails is
    shown with its place, what was expected, what came, and why. After the cases stand the rules that none of them
    made fire or win, and the unary tests that none needed. Exit code 1 if a case fails, if too few rules won, or if
    there are no cases.
    """
    from cleancloud_rules import run_cases

    with rejections():
        report = run_cases(methodology_named(methodology))
    if junit is not None:
        from cleancloud_rules.reports.cases_junit import cases_junit

        write(cases_junit(report), junit)
    if format == "json":
        write_json(report, output)
    else:
        from cleancloud_rules.reports.text.cases import cases_text

        write_documents([cases_text(report)], output)
    is_enough = fail_under is None or report.coverage.reaches(fail_under)
    if not is_enough:
        count = f"{report.coverage.won} of {len(report.coverage.rules)} rules"
        click.echo(f"error: {count} won in some case, and {fail_under}% are asked for", err=True)
    if not report.passed or not is_enough:
        sys.exit(REJECTED)
