"""``record``: results with all that they follow from."""

from datetime import date
from pathlib import Path

import click

from cleancloud_rules import record
from cleancloud_rules.cli.inputs import TableCompany, company_paths, methodology_path_for
from cleancloud_rules.cli.options import as_of_option, hypothetical_option, methodology_option, outside_option
from cleancloud_rules.cli.output import rejections
from cleancloud_rules.documents.file_writer import write_bytes


@click.command("record")
@click.argument("subject", metavar="DATASET|COMPANY")
@click.option(
    "--dataset", metavar="DATASET", help="The dataset of the company; COMPANY is then an id, a name or an alias."
)
@methodology_option
@as_of_option
@outside_option
@hypothetical_option
@click.option(
    "--by",
    metavar="ROLE=NAME",
    multiple=True,
    help='Who made or approved it, such as `--by analyst="A. Person"`. Repeatable.',
)
@click.option(
    "--solicited/--unsolicited",
    default=None,
    help="Say whether who is rated has asked for it. By default nothing is said.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    type=click.Path(dir_okay=False, readable=False),
    help="The record. It is replaced if it is there.",
)
def command(
    subject: str,
    dataset: str | None,
    methodology: str | None,
    as_of: date | None,
    allow_outside: bool,
    with_hypothetical: bool,
    by: tuple[str, ...],
    solicited: bool | None,
    output: str,
) -> None:
    """Keep results with all that they follow from: the files, what they mean, the results, versions and digests.

    DATASET is a folder with `dataset.yaml`, that file, the name of a bundled dataset, a workbook, or a folder of tables
    of facts. Of the latter two the record holds the YAML files that state the same. COMPANY is a company file, or
    the id, the name or an alias of a company of a bundled dataset. The record is one file of canonical JSON (RFC 8785).
    Equal files give the same bytes on every machine, but for the part `made`, which says when and by whom it was made.
    `verify` computes it again, and `check_record.py` checks it without this library.
    """
    people = [_person(text) for text in by]
    with rejections():
        (path,) = company_paths([subject], dataset, allow_outside=allow_outside)
        rules = methodology_path_for(methodology, [path], allow_outside=allow_outside)
        company = None
        if isinstance(path, TableCompany):
            path, company = path.folder, path.name
        made = record(
            path,
            rules,
            with_hypothetical=with_hypothetical,
            as_of=as_of,
            by=people,
            solicited=solicited,
            allow_outside=allow_outside,
            company=company,
        )
        write_bytes(Path(output), made.to_json().encode())


def _person(text: str) -> tuple[str, str]:
    """Return a role and a name.

    Raises:
        click.BadParameter: if one of the two is missing.
    """
    role, _, name = (part.strip() for part in text.partition("="))
    if not role or not name:
        raise click.BadParameter(f'`{text}` is not a role and a name, such as analyst="A. Person"', param_hint="--by")
    return role, name
