"""``provenance``: where a record comes from, for programs that know in-toto."""

from pathlib import Path

import click

from cleancloud_rules import provenance
from cleancloud_rules.cli.options import output_option
from cleancloud_rules.cli.output import rejections, write


@click.command("provenance")
@click.argument("record", metavar="RECORD", type=click.Path(path_type=Path))
@output_option
def command(record: Path, output: str | None) -> None:
    """Say which files a record was made of, with what, when and by whom, as an in-toto statement.

    RECORD is a file that `record` has written. The statement is an in-toto Statement v1 with SLSA Provenance v1: its
    subject is the SHA-256 of RECORD, and its dependencies are those of the input files. It says what RECORD says, and
    equal records give equal bytes. A record with a wrong digest is refused; `verify` computes a record again.
    """
    with rejections():
        statement = provenance(record)
    write(statement, output)
