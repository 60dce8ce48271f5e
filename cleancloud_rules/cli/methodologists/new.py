"""``new``: starts a methodology in a folder."""

import shlex
from pathlib import Path

import click

from cleancloud_rules.cli.output import rejections, write
from cleancloud_rules.scaffold import start


@click.command("new")
@click.argument("folder", metavar="FOLDER", type=click.Path(readable=False, path_type=Path))
@click.option("--title", metavar="TEXT", help="The title. The default is made from the name of FOLDER.")
def command(folder: Path, title: str | None) -> None:
    """Start a methodology in FOLDER, which must be new or empty.

    The methodology has one category with one criterion, a fact type, test cases, an example company, and JSON Schemas
    for editors. It passes `check` and `test`. No existing file is overwritten.
    """
    if title is not None and not title.isprintable():
        raise click.BadParameter("a title is one line", param_hint="--title")
    if title is not None and not title.strip():
        raise click.BadParameter("a title is not empty", param_hint="--title")
    try:
        with rejections():
            files = start(folder, title)
    except FileExistsError:
        message = f"`{folder}` exists and is not an empty folder; nothing was written"
        raise click.BadParameter(message, param_hint="FOLDER") from None
    write(_next_steps(folder, files), None)


def _next_steps(folder: Path, files: tuple[Path, ...]) -> str:
    written = "".join(f"  {file}\n" for file in files if file.suffix == ".yaml")
    name, example = shlex.quote(str(folder)), shlex.quote(str(folder / "example"))
    company = shlex.quote(str(folder / "example" / "companies" / "acme.yaml"))
    return (
        f"A new methodology in {folder}:\n{written}\n"
        "What to do next:\n"
        "  1. Declare in facts.yaml which facts can be stated about a company.\n"
        "  2. Write criteria as in energy.yaml. Each category of methodology.yaml may have a file of its own.\n"
        "  3. Write test cases: fictional companies with their expected results.\n"
        "  4. Check the methodology, run the test cases, and score the example company:\n\n"
        f"     cleancloud-rules check {name}\n"
        f"     cleancloud-rules test {name}\n"
        f"     cleancloud-rules rank {example}\n"
        f"     cleancloud-rules explain {company}\n\n"
        "An editor that knows YAML schemas shows what each key means.\n"
    )
