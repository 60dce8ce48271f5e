"""Scores all companies of tables at once, with the same results as scoring each of them."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from attrs import fields, frozen

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
from cleancloud_rules.tables.arrow import described
from cleancloud_rules.tables.facts import FactTables
from cleancloud_rules.tables.files import write_table
from cleancloud_rules.tables.score_rows import Scores
from cleancloud_rules.tables.scoring.criteria import Owner
from cleancloud_rules.tables.scoring.derivations import add_derived
from cleancloud_rules.tables.scoring.evidence import Evidence
from cleancloud_rules.tables.scoring.group_results import EntangledError, GroupResults
from cleancloud_rules.tables.scoring.lookups import Lookups
from cleancloud_rules.tables.scoring.numbers import Numbers
from cleancloud_rules.tables.scoring.plain.results import NotPlainError, PlainResults
from cleancloud_rules.tables.scoring.profiles import Profiles
from cleancloud_rules.tables.scoring.result_columns import result_columns
from cleancloud_rules.tables.scoring.results import Results
from cleancloud_rules.tables.scoring.searches import Searches
from cleancloud_rules.tables.scoring.shares import BEFORE, ZEROS, Shares
from cleancloud_rules.tables.scoring.uncounted import Reasons, uncounted
from cleancloud_rules.tables.spark.scores import SparkScores, is_folder_of_spark
from cleancloud_rules.tables.sql import listed, same, text

METADATA = "cleancloud_rules"
"""The key of the metadata of an Arrow table of scores."""


@frozen(eq=False, field_transformer=one_line)
class ScoreTable:
    """The points, outcomes, scores and ranks of all companies.

    Args:
        rows: the rows, where the engine holds them.
        methodology: the methodology, with its digest and the cut-off.
        notices: the notices that every output carries.
        library_version: the version of the library.
        with_hypothetical: whether hypothetical facts were read.
        sampled: for how many random companies the rules engine gave the same results.
        seed: the seed of that random choice; None if there was none.
        uncounted: why stated facts do not count, each reason with the number of facts, the most frequent first.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> tables = {
        ...     "companies": [{"id": "shop", "name": "Corner Shop"}],
        ...     "sources": [{"id": "web", "type": "corporate_publication", "title": "Use", "published": "2024-03-01"}],
        ...     "pue": [
        ...         {"company": "shop", "breakdown": "average", "value": 1.2, "extent": "whole", "period": 2023,
        ...          "basis": "reported", "source": "web"},
        ...     ],
        ... }
        >>> scores = cc.score_table(tables, methodology)
        >>> scores.table.num_rows, scores.without_result()
        (1, ())
    """

    _rows: Scores
    methodology: MethodologyRecord
    notices: tuple[NoticeRecord, ...]
    library_version: str
    with_hypothetical: bool = False
    sampled: int = 0
    seed: int | None = None
    uncounted: tuple[tuple[str, int], ...] = ()

    @cached_property
    def table(self) -> Any:
        """An Arrow table with a row for each company, in the order of their ids.

        Its metadata have the other values as JSON, under ``cleancloud_rules``. Spark sends its rows when this is first
        asked for.
        """
        return described(self._rows.arrow(), METADATA, self._said())

    @property
    def frame(self) -> Any:
        """The same as a data frame of Spark, with the JSON in the metadata of the column ``company``.

        It is None if DuckDB made the table. Spark computes its rows when they are asked for.
        """
        return self._rows.frame(METADATA, self._said()) if isinstance(self._rows, SparkScores) else None

    def __len__(self) -> int:
        """Return the number of companies."""
        return self._rows.count()

    def without_result(self) -> tuple[tuple[str, str], ...]:
        """Return the companies that have no result, each with its problem in words."""
        return tuple(self._rows.problems())

    def write(self, path: str | PathLike[str]) -> None:
        """Write the table to a file whose name ends in ``.parquet`` or ``.csv``, in the place of what it held.

        A Parquet file keeps the types of the columns and the metadata. A CSV file has neither; a list becomes
        ``a; b``. What Spark made can also be written to a folder, whose name has another ending or is an address such
        as ``s3a://bucket/scores``: the workers of Spark write Parquet files into it.

        Args:
            path: the file, or the folder.

        Raises:
            ValueError: if the name has another ending, and the table was not made by Spark.
            OSError: if it cannot be written. Then a file is as it was. A folder must not be there yet.
        """
        name = fspath(path)
        if isinstance(self._rows, SparkScores) and is_folder_of_spark(name):
            self._rows.write(name, METADATA, self._said())
        else:
            write_table(self.table, Path(name))

    def _said(self) -> str:
        return to_json({own.name: getattr(self, own.name) for own in fields(ScoreTable) if own.name != "_rows"})


def refuse_large_numbers(methodology: Methodology, as_of: date | None) -> None:
    """Refuse a methodology whose scores or points could have more digits than a column can hold.

    Raises:
        CriteriaError: with all diagnostics.
        TypeError: if the cut-off is not a date.
    """
    result_columns(compiled(with_cut_off(methodology, checked(as_of))))


def score_table(
    facts: FactTables, methodology: Methodology, *, with_hypothetical: bool = False, as_of: date | None = None
) -> ScoreTable:
    """Return the scores of all companies of tables, with their ranks in their cohorts.

    The columns are ``company``, ``cohort``, ``rank``, ``outcome``, ``total``, ``max_total``, ``hypothetical_total``,
    ``label`` and ``level``; for each group ``<id>.outcome``, ``.score``, ``.max_score``, ``.points``, ``.max_points``,
    ``.label`` and ``.level``; for each criterion ``<id>.points``, ``.outcome`` and ``.counts_as``, how it counts where
    it does not apply or is left out; for each decision table ``<id>.outputs``; and ``problem``, why a company has no
    result. If hypothetical facts are read, ``.hypothetical_points`` of each criterion and group, and
    ``.hypothetical_score`` of each group, say what hypothetical facts alone earn. Points and scores are decimals with
    the digits of the methodology.

    Args:
        facts: the tables.
        methodology: the methodology that the tables are for.
        with_hypothetical: whether hypothetical facts are read.
        as_of: the cut-off; None for that of the methodology.

    Raises:
        CriteriaError: if scores or points could have more digits than a column can hold, with the place of the group
            or the criterion; or if an implication is too complex to be asked about.
        MissingExtraError: if DuckDB or Arrow is missing; the message says what to install.
        TypeError: if the cut-off is not a date.
    """
    own = compiled(with_cut_off(methodology, checked(as_of)))
    if facts.searches:
        own = own.with_implications
    lookups = Lookups(facts.backend, "made")
    try:
        scored = _scored(facts, own, lookups, with_hypothetical=with_hypothetical)
        stated = scored
        if with_hypothetical and _has_hypothetical(facts, own.methodology):
            stated = _scored(facts, own, lookups, with_hypothetical=False)
            if type(stated.results) is not type(scored.results):  # one of them has numbers that are too large
                scored = _scored(facts, own, lookups, with_hypothetical=True, is_plain=False)
                stated = _scored(facts, own, lookups, with_hypothetical=False, is_plain=False)
        rows = _finished(scored, stated, lookups, with_parts=with_hypothetical)
    finally:
        lookups.drop()
    recorder = Recorder(own.methodology)
    notices = recorder.notices((), with_hypothetical=with_hypothetical)
    record = recorder.methodology_record()
    return ScoreTable(rows, record, notices, __version__, with_hypothetical, uncounted=scored.uncounted)


def _has_hypothetical(facts: FactTables, methodology: Methodology) -> bool:
    names = (facts.named(f"facts_{number}") for number in range(len(methodology.vocabulary.fact_types)))
    test = f"basis = {text(Basis.HYPOTHETICAL.value)}"
    return any(facts.backend.rows(f"SELECT 1 FROM {name} WHERE {test} LIMIT 1") for name in names)


@frozen
class _Scored:
    """The results of all companies.

    Args:
        table: a query in brackets for the numbers of results, with ``company``, ``cohort``, ``place`` and ``problem``.
        results: what the numbers stand for.
        uncounted: why stated facts do not count, and how many.
    """

    table: str
    results: Results
    uncounted: Reasons


def _scored(
    facts: FactTables, own: CompiledMethodology, lookups: Lookups, *, with_hypothetical: bool, is_plain: bool = True
) -> _Scored:
    """Return the results of all companies.

    Args:
        facts: the tables.
        own: the compiled methodology.
        lookups: makes tables.
        with_hypothetical: whether hypothetical facts are read.
        is_plain: whether the database may compute the results of a plain tree.
    """
    before = lookups.made
    evidence = Evidence(facts, own.ruleset, lookups, with_hypothetical=with_hypothetical)
    reasons = uncounted(facts, evidence, with_hypothetical=with_hypothetical)
    add_derived(evidence)
    profiles = Profiles(facts, evidence)
    table = profiles.query
    if facts.searches:
        table = Searches(facts, evidence, own).beside(profiles)
    groups = [group.id for group in own.methodology.groups if (group.id, NOT_APPLICABLE) in own.ruleset.rules]
    owners = {id: Owner(id, own, profiles, has_searches=bool(facts.searches)) for id in (*own.tree.criteria, *groups)}
    companies = f"{facts.named('companies')} AS companies"
    failing = " UNION ALL ".join(evidence.failing) or f"SELECT company, '' AS problem FROM {companies} WHERE FALSE"
    problems = lookups.new(f"SELECT company, MIN(problem) AS problem FROM ({failing}) AS failing GROUP BY company")
    used = lookups.made
    numbers = Numbers(table, owners, lookups)
    lookups.forget(*(made for made in used if made not in (*before, problems)))
    results, found = _results(own, owners, numbers, lookups, is_plain=is_plain)
    joined = f"{found} AS found LEFT JOIN {problems} AS problems ON problems.company = found.company"
    return _Scored(f"(SELECT found.*, problem FROM {joined})", results, reasons)


def _results(
    own: CompiledMethodology, owners: dict[str, Owner], numbers: Numbers, lookups: Lookups, *, is_plain: bool
) -> tuple[Results, str]:
    """Return the results of all companies, and a query in brackets for their numbers."""
    tree = own.summing.plain_tree
    if is_plain and tree is not None and not own.methodology.tables:
        try:
            plain = PlainResults(own, owners, tree)
            return plain, plain.of(numbers, lookups)
        except NotPlainError:
            pass
    try:
        results: Results = GroupResults(own, owners)
    except EntangledError:
        results = Results(own, owners)
    found = results.of(numbers, lookups)
    numbers.drop()
    return results, found


def _finished(scored: _Scored, stated: _Scored, lookups: Lookups, *, with_parts: bool) -> Scores:
    """Return the rows of the table of scores.

    Args:
        scored: the results.
        stated: those without hypothetical facts; the same ones if there are no hypothetical facts.
        lookups: makes tables.
        with_parts: whether it says of each group and criterion what hypothetical facts alone earn.
    """
    results, of_company = scored.results, ("company", "cohort", "rank", "problem")
    shares = Shares(results, stated.results, with_parts)
    values = list(results.values.items())
    if stated is scored:
        found = _ranked(scored.table, "scored.problem", results.values, lookups, ZEROS)
        values += shares.of_none()
    else:
        numbers = {f"{BEFORE}{number}": f"stated.{number}" for number in stated.results.values}
        own = listed({"company": "company", "refused": "problem", **numbers})
        before = lookups.new(f"SELECT {own} FROM {stated.table} AS stated")
        joined = f"(SELECT * FROM {scored.table} AS scored JOIN {before} AS stated USING (company))"
        query = _ranked(joined, "COALESCE(scored.problem, scored.refused)", (*results.values, *numbers), lookups)
        found = shares.beside(lookups.new(f"SELECT * FROM {query} AS found"), [*of_company, *results.values], lookups)
        values += shares.values.items()
    held = [(column, of.columns, of.rows) for column, of in values]
    return lookups.backend.scores(found, of_company, held, (*of_company, *results.columns.names, *shares.names))


def _ranked(table: str, problem: str, numbers: Iterable[str], lookups: Lookups, *zeros: str) -> str:
    """Return a query in brackets for companies with their ranks, and with the numbers of those that have a result.

    Args:
        table: a table of results, or a query in brackets.
        problem: the expression of the problem of a company.
        numbers: the columns of the numbers of results.
        lookups: makes tables.
        zeros: columns that are 0 for the companies that have a result.
    """
    # The rank is one more than the number of companies at better places. Places are counted and ordered, and not
    # companies: there are far fewer, and a cluster would order all companies of a cohort in one task.
    where = f"{problem} IS NULL AND scored.place IS NOT NULL"
    counted = f"SELECT scored.cohort AS cohort, scored.place AS place, COUNT(*) AS number FROM {table} AS scored"
    counted += f" WHERE {where} GROUP BY scored.cohort, scored.place"
    better = "SUM(number) OVER (PARTITION BY cohort ORDER BY place) - number"
    ranks = lookups.new(f"SELECT cohort, place, CAST({better} + 1 AS BIGINT) AS rank FROM ({counted}) AS counted")
    values = {"rank": "ranks.rank"} | {column: f"scored.{column}" for column in numbers} | dict.fromkeys(zeros, "0")
    columns = {"company": "scored.company", "cohort": "scored.cohort", "problem": problem}
    columns |= {column: f"CASE WHEN {problem} IS NULL THEN {value} END" for column, value in values.items()}
    joined = f"{table} AS scored LEFT JOIN {ranks} AS ranks ON {same('scored', 'ranks', ('cohort', 'place'))}"
    return f"(SELECT {listed(columns)} FROM {joined})"
