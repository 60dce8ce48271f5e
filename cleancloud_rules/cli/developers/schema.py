"""``schema``: JSON Schemas."""

import click

from cleancloud_rules.cli.output import write, write_json
from cleancloud_rules.diagnostics.collector import did_you_mean
from cleancloud_rules.schemas.catalogue import SCHEMAS


@click.command("schema")
@click.argument("name", required=False)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, readable=False),
    help="Write to FILE instead of the standard output.",
)
def command(name: str | None, output: str | None) -> None:
    """Print the JSON Schema NAME. Without NAME, list the names of all schemas.

    There is one schema for each kind of input file and one for each kind of result.
    """
    if name is None:
        write("".join(f"{known}\n" for known in sorted(SCHEMAS)), output)
    elif name not in SCHEMAS:
        raise click.BadParameter(f"there is no schema `{name}`; {did_you_mean(name, SCHEMAS)}", param_hint="NAME")
    else:
        write_json(SCHEMAS[name](), output)
