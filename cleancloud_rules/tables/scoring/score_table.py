"""Scores all companies of tables at once, with the same results as scoring each of them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from attrs import frozen

from cleancloud_rules._version import __version__
from cleancloud_rules.model.facts import Basis
from cleancloud_rules.model.groups import NOT_APPLICABLE
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.one_line import one_line
from cleancloud_rules.results.json import to_json
from cleancloud_rules.results.records import MethodologyRecord, NoticeRecord
from cleancloud_rules.scoring.compiled import CompiledMethodology, compiled, with_cut_off
from cleancloud_rules.scoring.cut_off import checked
from cleancloud_rules.scoring.recorder import Recorder
from cleancloud_rules.tables.backends import described
from cleancloud_rules.tables.facts import FactTables
from cleancloud_rules.tables.scoring.criteria import Owner
from cleancloud_rules.tables.scoring.derivations import add_derived
from cleancloud_rules.tables.scoring.evidence import Evidence
from cleancloud_rules.tables.scoring.lookups import Lookups
from cleancloud_rules.tables.scoring.plan import refuse_too_large
from cleancloud_rules.tables.scoring.profiles import Profiles
from cleancloud_rules.tables.scoring.results import Results
from cleancloud_rules.tables.scoring.searches import Searches
from cleancloud_rules.tables.sql import listed, name, text

METADATA = "cleancloud_rules"
"""The key of the metadata of an Arrow table of scores."""


@frozen(eq=False, field_transformer=one_line)
class ScoreTable:
    """The points, outcomes, scores and ranks of all companies.

    Args:
        table: an Arrow table with a row for each company, in the order of their ids. Its metadata have the other
            values as JSON, under ``cleancloud_rules``.
        methodology: the methodology, with its digest and the cut-off.
        notices: the notices that every output carries.
        library_version: the version of the library.
    """

    table: Any
    methodology: MethodologyRecord
    notices: tuple[NoticeRecord, ...]
    library_version: str


def score_table(
    facts: FactTables, methodology: Methodology, *, with_hypothetical: bool = False, as_of: date | None = None
) -> ScoreTable:
    """Return the scores of all companies of tables, with their ranks in their cohorts.

    The columns are ``company``, ``cohort``, ``rank``, ``outcome``, ``total``, ``max_total``, ``hypothetical_total``,
    ``label`` and ``level``; for each group ``<id>.outcome``, ``.score``, ``.max_score``, ``.points``, ``.max_points``,
    ``.label`` and ``.level``; for each criterion ``<id>.points``, ``.outcome`` and ``.counts_as``, how it counts where
    it does not apply or is left out; for each decision table ``<id>.outputs``; and ``problem``, why a company has no
    result. Points and scores are decimals with the digits of the methodology.

    Args:
        facts: the tables.
        methodology: the methodology that the tables are for.
        with_hypothetical: whether hypothetical facts are read.
        as_of: the cut-off; None for that of the methodology.

    Raises:
        CriteriaError: if the methodology is too complex, with the place.
        MissingExtraError: if DuckDB or Arrow is missing; the message says what to install.
        TypeError: if the cut-off is not a date.
    """
    own = compiled(with_cut_off(methodology, checked(as_of)))
    if facts.searches:
        own = own.with_implications
    refuse_too_large(own.methodology)
    lookups = Lookups(facts.backend, "made")
    try:
        scored = lookups.new(_scored(facts, own, lookups, with_hypothetical=with_hypothetical))
        stated = scored
        if with_hypothetical and _has_hypothetical(facts, own.methodology):
            stated = lookups.new(_scored(facts, own, lookups, with_hypothetical=False))
        table = facts.backend.arrow(_finished(scored, stated, own))
    finally:
        lookups.drop()
    recorder = Recorder(own.methodology)
    notices = recorder.notices((), with_hypothetical=with_hypothetical)
    record = recorder.methodology_record()
    said = to_json({"methodology": record, "notices": notices, "library_version": __version__})
    return ScoreTable(described(table, METADATA, said), record, notices, __version__)


def _has_hypothetical(facts: FactTables, methodology: Methodology) -> bool:
    names = (facts.named(f"facts_{number}") for number in range(len(methodology.vocabulary.fact_types)))
    test = f"basis = {text(Basis.HYPOTHETICAL.value)}"
    return any(facts.backend.rows(f"SELECT 1 FROM {name} WHERE {test} LIMIT 1") for name in names)


def _scored(facts: FactTables, own: CompiledMethodology, lookups: Lookups, *, with_hypothetical: bool) -> str:
    """Return a query for the results of all companies, in columns ``r0`` and so on, with ``place`` and ``problem``."""
    evidence = Evidence(facts, own.ruleset, lookups, with_hypothetical=with_hypothetical)
    add_derived(evidence)
    profiles = Profiles(facts, evidence)
    table = profiles.table
    if facts.searches:
        table = Searches(facts, evidence, own).beside(profiles)
    groups = [group.id for group in own.methodology.groups if (group.id, NOT_APPLICABLE) in own.ruleset.rules]
    owners = {id: Owner(id, own, profiles, has_searches=bool(facts.searches)) for id in (*own.tree.criteria, *groups)}
    numbered = _numbered(table, owners.values(), lookups)
    results = Results(own, owners)
    given = {f"r{n}": kind for n, kind in enumerate(results.columns().values())} | {"place": "int"}
    asked = {"among": "cohort"} | {f"o{n}": f"e{n}" for n in range(len(owners))}
    found = lookups.answered(numbered, asked, results.answers, given, ("company", "cohort"))
    failing = " UNION ALL ".join(evidence.failing) or f"SELECT company, '' AS problem FROM {table} WHERE FALSE"
    problems = f"SELECT company, MIN(problem) AS problem FROM ({failing}) AS failing GROUP BY company"
    joined = f"{found} AS found LEFT JOIN ({problems}) AS problems ON problems.company = found.company"
    return f"SELECT found.*, problem FROM {joined}"


def _numbered(profiles: str, owners: Iterable[Owner], lookups: Lookups) -> str:
    """Return a table with the number of what facts say of each owner, for each company: ``e0`` and so on."""
    joined, names = f"{profiles} AS profiles", "company, cohort"
    for place, owner in enumerate(owners):
        known = lookups.asked(profiles, owner.columns, owner.answers, {f"e{place}": "int"})
        test = " AND ".join(f"{value} IS NOT DISTINCT FROM k{place}.{name}" for name, value in owner.columns.items())
        joined += f" JOIN {known} AS k{place} ON {test}"
        names += f", e{place}"
    return lookups.new(f"SELECT {names} FROM {joined}")


def _finished(scored: str, stated: str, own: CompiledMethodology) -> str:
    """Return a query for the table of scores.

    Args:
        scored: the table of results.
        stated: the same without hypothetical facts.
        own: the compiled methodology.
    """
    columns = Results(own, {}).columns()
    total = f"r{list(columns).index('total')}"
    problem = "COALESCE(scored.problem, stated.problem)"
    ranked = f"({problem} IS NULL AND scored.place IS NOT NULL)"
    rank = f"RANK() OVER (PARTITION BY scored.cohort, {ranked} ORDER BY scored.place)"
    values = {column: f"scored.r{n}" for n, column in enumerate(columns)}
    values["hypothetical_total"] = f"scored.{total} - COALESCE(stated.{total}, 0)"
    first = ("outcome", "total", "max_total", "hypothetical_total", "label", "level")
    order = (*first, *(column for column in columns if column not in first))
    named = {name(column): f"CASE WHEN {problem} IS NULL THEN {values[column]} END" for column in order}
    whole = {"company": "scored.company", "cohort": "scored.cohort", "rank": f"CASE WHEN {ranked} THEN {rank} END"}
    joined = f"{scored} AS scored JOIN {stated} AS stated ON stated.company = scored.company"
    return f"SELECT {listed(whole | named | {'problem': problem})} FROM {joined} ORDER BY scored.company"
