"""``test``: runs the test cases of a methodology and reports rule coverage."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal, InvalidOperation

import click

from cleancloud_rules import CleanCloudError, run_cases
from cleancloud_rules.cli.inputs import methodology_named
from cleancloud_rules.cli.options import as_of_option_of_cases, format_option, output_option
from cleancloud_rules.cli.output import REJECTED, rejections, write, write_documents, write_json
from cleancloud_rules.reports.cases_junit import cases_junit, rejection_junit
from cleancloud_rules.reports.text.cases import cases_text


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


@contextmanager
def _in_junit(methodology: str, junit: str | None) -> Iterator[None]:
    """Write as JUnit XML why test cases cannot be run, so that the file does not keep the results of an earlier run."""
    try:
        yield
    except (CleanCloudError, click.UsageError) as error:
        reason = error.format_message() if isinstance(error, click.UsageError) else str(error)
        if junit is not None:
            write(rejection_junit(methodology, reason), junit)
        raise


@click.command("test")
@click.argument("methodology", metavar="METHODOLOGY")
@click.option(
    "--fail-under",
    metavar="PERCENT",
    callback=_percent,
    help="Fail unless at least PERCENT of the rules are covered.",
)
@click.option("--mutants", is_flag=True, help="Show which single changes of the methodology no test case notices.")
@click.option(
    "--junit",
    metavar="FILE",
    type=click.Path(dir_okay=False, readable=False),
    help="Write the results to FILE as JUnit XML.",
)
@as_of_option_of_cases
@format_option
@output_option
def command(
    methodology: str,
    fail_under: Decimal | None,
    mutants: bool,
    junit: str | None,
    as_of: date | None,
    format: str,
    output: str | None,
) -> None:
    """Run the test cases of a methodology and report rule coverage.

    METHODOLOGY is a bundled methodology or a folder. Its test cases are in the folder `cases` inside. A test case that
    fails is shown with its place, the expected and the actual value, and the reason. Then the command reports coverage:
    a rule or a unary test is covered if some test case has another verdict without it. Exit code 1 if a test case
    fails, if too few rules are covered, or if there are no test cases. If the test cases cannot be run, the JUnit XML
    holds one error.

    With `--mutants` the methodology is changed in single places: a rule, a test, an edge of a range, points, a limit, a
    cap, a band, a level or a row of a decision table. For each change that no test case notices, the command shows a
    test case that does. Exit code 1 if there is such a change.
    """
    with rejections(), _in_junit(methodology, junit):
        report = run_cases(methodology_named(methodology), mutants=mutants, as_of=as_of)
    if junit is not None:
        write(cases_junit(report), junit)
    if format == "json":
        write_json(report, output)
    else:
        write_documents([cases_text(report)], output)
    is_enough = fail_under is None or report.coverage.reaches(fail_under)
    if not is_enough:
        count = f"{report.coverage.covered} of {report.coverage.counted} rules"
        click.echo(f"error: {count} are covered, but --fail-under asks for {fail_under}%", err=True)
    is_noticed = report.mutants is None or not report.mutants.survived
    if not report.passed or not is_enough or not is_noticed:
        sys.exit(REJECTED)
