"""``new``: a folder in which a methodology begins."""

import shlex
from pathlib import Path

import click

from cleancloud_rules.cli.output import REJECTED, write


@click.command("new")
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option("--title", metavar="TEXT", help="The title; left out, it is made from the folder's name.")
def command(folder: Path, title: str | None) -> None:
    """Start a methodology in FOLDER, which is not there yet or is empty.

    It has one category with one criterion, a fact type, cases, a company to try it on, and JSON Schemas for editors.
    It passes `check` and `test`. Nothing that exists is overwritten.
    """
    from cleancloud_rules.scaffold import start

    if title is not None and not title.isprintable():
        raise click.BadParameter("a title is one line", param_hint="--title")
    if title is not None and not title.strip():
        raise click.BadParameter("a title is not empty", param_hint="--title")
    try:
        files = start(folder, title)
    except FileExistsError:
        message = f"`{folder}` is there already and is not an empty folder; nothing was written"
        raise click.BadParameter(message, param_hint="FOLDER") from None
    except OSError as error:
        click.echo(f"error: cannot write `{folder}`: {error.strerror}", err=True)
        raise SystemExit(REJECTED) from error
    write(_next_steps(folder, files), None)


def _next_steps(folder: Path, files: tuple[Path, ...]) -> str:
    written = "".join(f"  {file}\n" for file in files if file.suffix == ".yaml")
    name, example = shlex.quote(str(folder)), shlex.quote(str(folder / "example"))
    company = shlex.quote(str(folder / "example" / "companies" / "acme.yaml"))
    return (
        f"A methodology begins in {folder}:\n{written}\n"
        "What to do next:\n"
        "  1. Say in facts.yaml what can be stated about a company.\n"
        "  2. Write criteria: energy.yaml shows how; a category of methodology.yaml may have a file of its own.\n"
        "  3. Say in the cases what invented companies must come to.\n"
        "  4. See that all is right, and what the company of the example comes to:\n\n"
        f"     cleancloud-rules check {name}\n"
        f"     cleancloud-rules test {name}\n"
        f"     cleancloud-rules rank {example}\n"
        f"     cleancloud-rules explain {company}\n\n"
        "An editor that knows YAML schemas shows what each key means.\n"
    )
