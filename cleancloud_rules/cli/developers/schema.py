"""``schema``: JSON Schemas."""

import click

from cleancloud_rules import load_methodology
from cleancloud_rules.cli.inputs import methodology_named
from cleancloud_rules.cli.output import rejections, write, write_json
from cleancloud_rules.diagnostics.collector import did_you_mean
from cleancloud_rules.schemas.catalogue import SCHEMAS
from cleancloud_rules.schemas.companies import OF_METHODOLOGY


@click.command("schema")
@click.argument("name", required=False)
@click.option(
    "-m",
    "--methodology",
    metavar="METHODOLOGY",
    help="A bundled methodology or a folder: the schema then knows its fact types, fields, values, units and bounds. "
    f"For {' and '.join(sorted(OF_METHODOLOGY))}.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, readable=False),
    help="Write to FILE instead of the standard output.",
)
def command(name: str | None, methodology: str | None, output: str | None) -> None:
    """Print the JSON Schema NAME. Without NAME, list the names of all schemas.

    There is one schema for each kind of input file and one for each kind of result. With a methodology, the schema of a
    company refuses what loading it would refuse, as far as JSON Schema can say it.
    """
    if name is None and methodology is not None:
        raise click.UsageError("--methodology needs the NAME of a schema")
    if name is None:
        write("".join(f"{known}\n" for known in sorted(SCHEMAS)), output)
    elif name not in SCHEMAS:
        raise click.BadParameter(f"there is no schema `{name}`; {did_you_mean(name, SCHEMAS)}", param_hint="NAME")
    elif methodology is None:
        write_json(SCHEMAS[name](), output)
    elif name not in OF_METHODOLOGY:
        known = " and ".join(f"`{known}`" for known in sorted(OF_METHODOLOGY))
        raise click.BadParameter(
            f"`{name}` is the same under every methodology; of one there are {known}", param_hint="NAME"
        )
    else:
        with rejections():
            loaded = load_methodology(methodology_named(methodology))
        write_json(OF_METHODOLOGY[name](loaded), output)
