"""``score-table``: the scores of all companies of tables, as a table."""

import sys
from datetime import date
from pathlib import Path

import click

from cleancloud_rules import ScoreTable, score_table
from cleancloud_rules.cli.inputs import holds_tables, is_dataset, methodology_for
from cleancloud_rules.cli.options import as_of_option, hypothetical_option, methodology_option
from cleancloud_rules.cli.output import REJECTED, rejections, show_error, showing_steps, write
from cleancloud_rules.diagnostics.characters import visible
from cleancloud_rules.documents.file_reader import is_folder
from cleancloud_rules.tables.files import SUFFIXES
from cleancloud_rules.tables.reading.forms import DATABASE, is_database
from cleancloud_rules.tables.session import ENGINES, SIZE

_SHOWN = 10
"""The maximum number of companies without a result that are named."""


def _output(context: click.Context, _: click.Parameter, path: str) -> str:
    if context.params["engine"] == "duckdb" and Path(path).suffix.lower() not in SUFFIXES:
        raise click.BadParameter(f"the name of `{path}` ends in neither of {', '.join(SUFFIXES)}")
    return path


def _size(_: click.Context, __: click.Parameter, size: str | None) -> str | None:
    if size is not None and not SIZE.fullmatch(size):
        raise click.BadParameter(f"`{size}` is no size of memory, such as 512MB or 2GB")
    return size


def _tables(_: click.Context, __: click.Parameter, path: Path) -> Path:
    if is_folder(path) and is_dataset(path) and not holds_tables(path):
        message = (
            f"`{path}` is a dataset and holds no tables: score it with `score` or `rank`, or make tables of it with "
        )
        raise click.BadParameter(f"{message}`export {path} --tables -o FOLDER`")
    if is_folder(path) or is_database(path):
        return path
    raise click.BadParameter(f"`{path}` is neither a folder of tables nor a DuckDB database with a name in {DATABASE}")


@click.command("score-table")
@click.argument("facts", metavar="FACTS", type=click.Path(exists=True, path_type=Path), callback=_tables)
@methodology_option
@as_of_option
@hypothetical_option
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="duckdb",
    show_default=True,
    is_eager=True,
    help="What reads and scores the tables: DuckDB in this process, or Spark, as `spark-submit` or its settings say.",
)
@click.option(
    "--sample",
    metavar="N",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Also score N random companies with the rules engine and its cross-check, and refuse any difference.",
)
@click.option("--seed", type=click.IntRange(min=0), help="The seed of this choice. Defaults to a new one.")
@click.option(
    "--memory",
    metavar="SIZE",
    callback=_size,
    help="How much of the tables the database keeps in memory, such as 2GB; the rest is in temporary files.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE.parquet|FILE.csv|FOLDER",
    type=click.Path(dir_okay=False, readable=False),
    callback=_output,
    required=True,
    help="The table of scores. A file is replaced if it is there. Spark also writes a new folder of Parquet files.",
)
def command(
    facts: Path,
    methodology: str | None,
    as_of: date | None,
    with_hypothetical: bool,
    engine: str,
    sample: int,
    seed: int | None,
    memory: str | None,
    output: str,
) -> None:
    """Score all companies of tables at once: a million in seconds or minutes.

    FACTS is a folder with CSV or Parquet files: `companies`, `sources`, and one for each fact type, which may also lie
    in a folder `facts`. Or it is a DuckDB database, a file `*.duckdb`, with tables of these names. Every mistake is
    reported with its file, row and column, and then nothing is written. The results are those of `score` and `rank`. A
    row is explained by `explain COMPANY --dataset FACTS`. The command needs the extra `frames`, or `spark` for Spark.
    """
    if memory is not None and engine != "duckdb":
        raise click.UsageError("`--memory` is for DuckDB; Spark has settings of its own, such as `spark.driver.memory`")
    with rejections(), showing_steps() as begin:
        rules = methodology_for(methodology, [facts])
        scores = score_table(
            facts,
            rules,
            with_hypothetical=with_hypothetical,
            as_of=as_of,
            engine=engine,
            sample=sample,
            seed=seed,
            memory=memory,
            progress=begin,
        )
        begin("Writing")
        scores.write(output)
    _show(scores, output)


def _show(scores: ScoreTable, output: str) -> None:
    """Say what was written; exit with 1 if companies have no result."""
    count = len(scores)
    lines = [notice.text for notice in scores.notices]
    if scores.seed is not None:
        held = f"The rules engine gives the same for {_companies(scores.sampled)}, chosen at random"
        lines.append(f"{held} (seed {scores.seed}).")
    lines.append(f"{_companies(count)} in {output}")
    if scores.uncounted:
        lines.append(f"Facts that do not count: {sum(number for _, number in scores.uncounted):,}")
        lines += [f"  {number:,}: {reason}" for reason, number in scores.uncounted]
    write("".join(f"{visible(line)}\n" for line in lines), None)
    failed = scores.without_result()
    for company, problem in failed[:_SHOWN]:
        show_error(f"company `{company}` has no result: {problem}")
    if len(failed) > _SHOWN:
        show_error(f"{_companies(len(failed))} have no result; the column `problem` says why")
    if failed:
        sys.exit(REJECTED)


def _companies(count: int) -> str:
    return "1 company" if count == 1 else f"{count:,} companies"
