"""``accept``: what a company answered becomes facts of its file."""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import click

from cleancloud_rules import Company, Methodology, load_company, score
from cleancloud_rules.analysis.fact_changes.acceptance import Acceptance, accept, response_called
from cleancloud_rules.cli.inputs import company_paths, is_dataset, methodology_for
from cleancloud_rules.cli.options import methodology_option
from cleancloud_rules.cli.output import rejections, write
from cleancloud_rules.diagnostics.characters import visible
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.documents.contents import read_document
from cleancloud_rules.documents.file_reader import content_of, is_file
from cleancloud_rules.documents.file_writer import rewrite_files
from cleancloud_rules.language.wording import condition_in_words, fact_in_words
from cleancloud_rules.model import Fact, ResponseStatus
from cleancloud_rules.scoring.cut_off import of_company


@click.command("accept")
@click.argument("company", metavar="COMPANY")
@click.argument("response", metavar="RESPONSE")
@click.option(
    "--dataset", metavar="DATASET", help="The dataset of the company, if COMPANY is an id, a name or an alias."
)
@methodology_option
@click.option("--decision", metavar="TEXT", help="The reason of the publisher, which stands beside the response.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
def command(
    company: str, response: str, dataset: str | None, methodology: str | None, decision: str | None, dry_run: bool
) -> None:
    """Accept a response of a company: its facts become facts of the company file.

    COMPANY is a company file, or the id, the name or an alias of a company of DATASET. RESPONSE is the id of one of its
    responses. The facts and the sources of the response are added to those of the company, facts that it disputes are
    removed, and so are searches without result that its facts contradict. The response stays, and is marked as
    accepted. All other lines of the file stay as they are, comments among them. What changes is shown first. If facts
    would contradict each other, nothing is written.
    """
    with rejections():
        (path,) = company_paths((company,), dataset, allow_outside=False)
        if not isinstance(path, Path) or not is_file(path) or is_dataset(path):
            raise click.BadParameter(f"`{company}` is no company file", param_hint="COMPANY")
        rules = methodology_for(methodology, [path])
        before = load_company(path, rules)
        try:
            chosen = response_called(before, response)
        except KeyError as error:
            raise click.BadParameter(error.args[0], param_hint="RESPONSE") from None
        if chosen.status is ResponseStatus.ACCEPTED:
            raise click.BadParameter(f"the response `{response}` is accepted already", param_hint="RESPONSE")
        document = read_document(path, DiagnosticCollector())
        assert document is not None
        made = accept(document, before, chosen, of_company(before, rules), decision)
        _show(before, made, rules)
        if not dry_run:
            rewrite_files({path: made.text}, {path: content_of(path)})


def _show(before: Company, made: Acceptance, rules: Methodology) -> None:
    """Show what changes in facts and in the total."""
    vocabulary = rules.vocabulary

    def words(facts: Iterable[Fact]) -> list[str]:
        return [f"`{fact.id}` ({fact_in_words(fact, vocabulary)})" for fact in facts]

    stated = {fact.id for fact in before.facts}
    changes = [f"new, {fact}" for fact in words(fact for fact in made.company.facts if fact.id not in stated)]
    changes += [f"removed, {fact}" for fact in words(made.removed)]
    changes += [f"no longer looked for, {condition_in_words(each.condition, vocabulary)}" for each in made.dropped]
    changes += [f"source `{source.id}`: moved to the company" for source in made.sources]
    old, new = (score(company, rules).total for company in (before, made.company))
    changes += [f"total: {_total(old)} to {_total(new)}"]
    write("".join(f"{visible(line)}\n" for line in (f"{before.id}:", *(f"  {line}" for line in changes))), None)


def _total(total: Decimal | None) -> str:
    return "no score" if total is None else f"{total:f}"
