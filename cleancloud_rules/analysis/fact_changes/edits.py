"""Reads the facts that a what-if adds and removes, and rejects what makes no sense, all at once."""

import os
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, did_you_mean, listed
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents.contents import BYTES, Data, document_from, read_document
from cleancloud_rules.documents.file_reader import SUFFIXES
from cleancloud_rules.documents.plain_data import kind_in_words
from cleancloud_rules.engine.eligibility import why_not
from cleancloud_rules.errors import FactsError
from cleancloud_rules.language.load.added_facts import (
    FactEdit,
    added_by,
    edited,
    effective,
    refuse_contradictions,
    refuse_stated,
    with_refuted,
)
from cleancloud_rules.language.load.files import sources_given
from cleancloud_rules.model.facts import Bibliography, Company, Fact
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.scoring.compiled import compiled

AddedFacts = Data | os.PathLike[str]
"""Facts to add: plain data, or YAML or JSON text, or the path of a file."""

BETWEEN = ":"
"""Stands between the id of a company and the id of one of its facts."""

_WITHOUT = Location(SourceFile("<without>"))


def several_facts(facts: Any) -> tuple[AddedFacts, ...]:
    """Return what a caller gives as `facts`, one or several.

    Raises:
        TypeError: if it is something else.
    """
    return _several(
        facts,
        Mapping | str | BYTES | os.PathLike,
        "`facts` takes data, YAML or JSON text, the path of a file, or several",
    )


def several_ids(without: Any) -> tuple[str, ...]:
    """Return what a caller gives as `without`, one or several.

    Raises:
        TypeError: if it is something else.
    """
    return _several(without, str, "`without` takes the id of a fact, a text, or several")


def _several(given: Any, kind: Any, takes: str) -> tuple[Any, ...]:
    if isinstance(given, kind):
        return (given,)
    if not isinstance(given, Iterable) or isinstance(given, BYTES | Mapping):
        raise TypeError(f"{takes}, not {_in_words(given)}")
    several = tuple(given)
    for one in several:
        if not isinstance(one, kind):
            raise TypeError(f"{takes}, not {_in_words(one)} among them")
    return several


def _in_words(given: Any) -> str:
    match given:
        case Company():
            return f"the company `{given.id}`"
        case Fact():
            return f"the fact `{given.id}` itself"
        case _:
            return kind_in_words(given)


def edits_of(
    companies: Mapping[str, Company],
    methodology: Methodology,
    added: Iterable[AddedFacts],
    removed: Iterable[str],
    sources: Data | Bibliography | None,
    *,
    with_hypothetical: bool = False,
) -> tuple[FactEdit, ...]:
    """Return the facts that are removed, in the order given, and then those that are added.

    A fact that is found refutes a search without result. Such a search of the company is dropped with the added fact,
    unless the fact does not count.

    Args:
        companies: the companies by id.
        methodology: whose vocabulary the facts use.
        added: the facts to add.
        removed: ids of the facts to remove, if necessary each after the id of its company and a colon.
        sources: the bibliography that added facts can cite beside the methodology's own.
        with_hypothetical: whether hypothetical facts are read.

    Raises:
        FactsError: with all diagnostics.
    """
    gather = DiagnosticCollector()
    removals = list(_removals(companies, methodology, removed, gather))
    shared, broken = sources_given(sources, methodology, gather)
    additions = [edit for facts in added for edit in _additions(facts, companies, methodology, shared, broken, gather)]
    edits = dict.fromkeys((*removals, *additions))
    refuse_stated(edits, companies, gather)

    def counts(fact: Fact) -> bool:
        return why_not(fact, methodology, with_hypothetical=with_hypothetical) is None

    found = checked(edits, companies, methodology, gather, counts)
    if gather.diagnostics:
        raise FactsError(gather.diagnostics)
    return found


def checked(
    edits: Iterable[FactEdit],
    companies: Mapping[str, Company],
    methodology: Methodology,
    gather: DiagnosticCollector,
    counts: Callable[[Fact], bool] = lambda _: True,
) -> tuple[FactEdit, ...]:
    """Return edits with the searches without result that they refute. What contradicts the others is reported.

    Args:
        edits: the edits.
        companies: the companies by id.
        methodology: whose vocabulary the facts use.
        gather: collects the diagnostics.
        counts: whether an added fact counts; others refute nothing. In a file, a fact that does not count contradicts
            searches too.
    """
    found = with_refuted(edits, companies, methodology, counts)
    for id in dict.fromkeys(edit.company for edit in found):
        refuse_contradictions(edited(companies[id], effective(found, counts)), methodology, gather)
    return tuple(found)


def _additions(
    facts: AddedFacts,
    companies: Mapping[str, Company],
    methodology: Methodology,
    shared: Bibliography,
    broken: Container[str],
    gather: DiagnosticCollector,
) -> list[FactEdit]:
    if isinstance(facts, os.PathLike):
        document = read_document(Path(facts), gather)
    else:
        if isinstance(facts, str) and facts.endswith(SUFFIXES) and len(facts.splitlines()) == 1:
            message = f"`facts` is the text `{facts}`, which states no fact"
            help = "for the path of a file, give a `pathlib.Path`"
            gather.add("document-not-a-mapping", message, Location(SourceFile("<text>")), help)
            return []
        document = document_from(facts, "<facts>" if isinstance(facts, Mapping) else "<text>", gather)
    return [] if document is None else added_by(document, companies, methodology, shared, gather, broken)


def _removals(
    companies: Mapping[str, Company], methodology: Methodology, removed: Iterable[str], gather: DiagnosticCollector
) -> Iterator[FactEdit]:
    stated = {id: {fact.id: fact for fact in company.facts} for id, company in companies.items()}
    for name in dict.fromkeys(removed):
        company, colon, id = name.rpartition(BETWEEN)
        if colon and company not in companies:
            message = f"there is no company `{company}`"
            gather.add("unknown-company", message, _WITHOUT, did_you_mean(company, companies))
            continue
        having = [company for company in ([company] if colon else companies) if id in stated[company]]
        if not having:
            _add_unknown(id, company if colon else None, companies, methodology, stated, gather)
        elif len(having) > 1:
            message = f"the fact `{id}` is stated by {len(having)} companies"
            help = f"write one of {listed(f'{company}{BETWEEN}{id}' for company in having)}"
            gather.add("ambiguous-fact", message, _WITHOUT, help)
        else:
            yield FactEdit(having[0], stated[having[0]][id], removes=True)


def _add_unknown(
    id: str,
    company: str | None,
    companies: Mapping[str, Company],
    methodology: Methodology,
    stated: Mapping[str, Mapping[str, Fact]],
    gather: DiagnosticCollector,
) -> None:
    where = companies if company is None else (company,)
    derived = next((fact for name in where for fact in _derived(companies[name], methodology) if fact.id == id), None)
    if derived is not None:
        message = f"the fact `{id}` is not stated: the derivation `{derived.derived_by}` computes it from others"
        gather.add("unknown-fact", message, _WITHOUT, f"remove one of {listed(derived.derived_from)}")
        return
    if not companies:
        gather.add("unknown-fact", f"there is no company that could state a fact `{id}`", _WITHOUT)
        return
    whom = f"company `{company or next(iter(companies), '')}` states" if company or len(companies) == 1 else ""
    message = f"the {whom} no fact `{id}`" if whom else f"none of the {len(companies)} companies states a fact `{id}`"
    gather.add("unknown-fact", message, _WITHOUT, did_you_mean(id, {fact for name in where for fact in stated[name]}))


def _derived(company: Company, methodology: Methodology) -> list[Fact]:
    """Return the facts that derivations compute for a company."""
    if not methodology.vocabulary.derivations:
        return []
    try:
        firings = compiled(methodology).fire(company, with_hypothetical=True, cross_check=False)
    except FactsError:  # facts that contradict each other; the error is raised when the company is scored
        return []
    return [counted.fact for counted in firings.facts if counted.fact.derived_by]
