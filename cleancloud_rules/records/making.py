"""Makes records: reads the input files once, scores from what was read, and keeps both."""

import os
import platform
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from attrs import field, frozen

from cleancloud_rules._version import __version__
from cleancloud_rules.analysis.claims.recount import findings
from cleancloud_rules.analysis.session import rank, score
from cleancloud_rules.diagnostics.collector import Rejected, did_you_mean, reject
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents.canonical_json import canonical_json
from cleancloud_rules.documents.file_reader import is_file, is_folder
from cleancloud_rules.errors import CriteriaError, FactsError
from cleancloud_rules.language.load.dataset_root import DATASET as DATASET_FILE
from cleancloud_rules.language.load.files import PathLike, company_file
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.records.inputs import (
    DATASET,
    METHODOLOGY,
    Loaded,
    as_inputs,
    company_contents,
    dataset_contents,
    loaded,
    methodology_contents,
)
from cleancloud_rules.records.meaning import meaning_of
from cleancloud_rules.records.results import as_data, company_results, ranking_results
from cleancloud_rules.records.tabular import holds_tables, read_tables
from cleancloud_rules.resources import bundled_dataset, bundled_names, methodology_folder
from cleancloud_rules.results.kept_records import FORMAT, PARTS, Record
from cleancloud_rules.results.records import NoticeRecord
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.scoring.compiled import compiled
from cleancloud_rules.scoring.cut_off import of_company
from cleancloud_rules.scoring.recorder import Recorder

EPOCH = "SOURCE_DATE_EPOCH"
"""The environment variable that says when something is made, in seconds since 1970, where builds must be the same."""


def record(
    path: PathLike,
    methodology: PathLike,
    *,
    with_hypothetical: bool = False,
    as_of: date | None = None,
    by: Iterable[tuple[str, str]] = (),
    at: datetime | None = None,
    solicited: bool | None = None,
    allow_outside: bool = False,
    company: str | None = None,
) -> Record:
    """Return a record of the results of a dataset or of one company, with all that they follow from.

    The files are read once, and what was read is scored. Equal files give the same bytes on every machine, but for the
    part `made`.

    Args:
        path: a dataset: its folder, its file ``dataset.yaml`` or the name of a bundled one; or a company: its file, or
            the id, the name or an alias of a company of one bundled dataset. Or a workbook, or a folder of tables of
            facts: the record then holds the YAML files that state the same, and the digests of what was read.
        methodology: the folder of the methodology, or the name of a bundled one.
        with_hypothetical: whether hypothetical facts are read. The record then has no bounds and no claims.
        as_of: the cut-off; None for that of the dataset, or else of the methodology.
        by: who made and approved it: pairs of a role and a name.
        at: when it is made; None for now, or for the time that the environment variable ``SOURCE_DATE_EPOCH`` names.
        solicited: whether who is rated has asked for it; None to say nothing about that.
        allow_outside: whether the dataset may name files outside of its folder.
        company: the id, the name or an alias of one company of the dataset; None for all. Tables know no aliases.

    Returns:
        The record. Its `to_json` is the content of a file that `verify` reads.

    Raises:
        CriteriaError: with every diagnostic of the methodology.
        FactsError: with all diagnostics of the facts.
        EngineError: if the rules engine is missing or fails, or differs from the cross-check.
        ValueError: if the time has no time zone.

    Example:
        >>> import cleancloud_rules as cc
        >>> kept = cc.record("gds", "clean_cloud_2024", by=[("analyst", "A. Person")])
        >>> kept.to_json()[:30]
        '{"as_of":"2024-06-30","digests'
    """
    made = made_now(by, at, solicited)
    found = read_inputs(
        path, methodology, with_hypothetical=with_hypothetical, allow_outside=allow_outside, company=company
    )
    options = {"as_of": None if as_of is None else as_of.isoformat(), "company": found.company}
    made |= {"read_from": dict(found.read_from)} if found.read_from else {}
    return Record(complete(replayed(found.contents, options, with_hypothetical=with_hypothetical), made))


@frozen
class Inputs:
    """The input files of a record.

    Args:
        contents: their contents by name.
        company: the name of the company file, if the record is of one company; None for a dataset.
        read_from: the SHA-256 of the workbook or of the tables that they were made of, by name.
    """

    contents: Mapping[str, bytes]
    company: str | None
    read_from: Mapping[str, str] = field(factory=dict)


def read_inputs(
    path: PathLike,
    methodology: PathLike,
    *,
    with_hypothetical: bool,
    allow_outside: bool = False,
    company: str | None = None,
) -> Inputs:
    """Return the files that a record is made of; see `record`.

    Raises:
        CriteriaError: if the methodology cannot be read.
        FactsError: if a file of the facts cannot be read, or lies outside of the folder of the dataset.
    """
    rules = _rules(methodology)
    options = {"with_hypothetical": with_hypothetical, "allow_outside": allow_outside}
    try:
        if holds_tables(Path(path)):
            own = {name.removeprefix(METHODOLOGY): content for name, content in rules.items()}
            read = read_tables(Path(path), company, own)
            made = {f"{DATASET}{name}": content for name, content in read.files.items()}
            return Inputs({**rules, **made}, read.company, read.read_from)
        dataset = _dataset(Path(path))
        if dataset is not None and company is None:
            return Inputs({**rules, **dataset_contents(dataset, **options)}, None)
        if dataset is not None and company is not None:
            file = company_file(company, dataset, allow_outside=allow_outside)
        else:
            file = Path(path) if is_file(Path(path)) else company_file(str(path))
        name, facts = company_contents(file, **options)
    except Rejected as rejected:
        raise FactsError(rejected.diagnostics) from None
    return Inputs({**rules, **facts}, name)


def _rules(methodology: PathLike) -> dict[str, bytes]:
    """Return the files of a methodology by their names in a record.

    Raises:
        CriteriaError: if it cannot be read.
    """
    if isinstance(methodology, Methodology):
        raise TypeError("`methodology` must be its name or its folder, because a record keeps its files")
    folder = methodology_folder(methodology)
    try:
        rules = {} if folder is None else methodology_contents(folder)
    except Rejected as rejected:
        raise CriteriaError(rejected.diagnostics) from None
    if not rules:
        message = f"`{methodology}` is neither a folder of criteria files nor a bundled methodology"
        help = did_you_mean(str(methodology), bundled_names())
        where = Location(SourceFile(str(methodology)))
        raise CriteriaError(reject("unknown-methodology", message, where, help).diagnostics)
    return rules


def _dataset(path: Path) -> Path | None:
    """Return the path of a dataset; None if a path names none."""
    if is_file(path):
        return path if path.name == DATASET_FILE else None
    return path if is_folder(path) else bundled_dataset(str(path))


def made_now(by: Iterable[tuple[str, str]], at: datetime | None, solicited: bool | None = None) -> dict[str, Any]:
    """Return what a record says about its making.

    Raises:
        ValueError: if the time has no time zone.
    """
    if at is not None and at.tzinfo is None:
        raise ValueError("`at` must have a time zone, such as `datetime.UTC`")
    epoch = os.environ.get(EPOCH, "")
    if at is None:
        at = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() else datetime.now(UTC)
    return {
        "at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "by": [{"role": role, "name": name} for role, name in by],
        "engine": f"durable_rules {version('durable_rules')}",
        "library": f"cleancloud_rules {__version__}",
        "python": platform.python_version(),
        **({} if solicited is None else {"solicited": solicited}),
    }


def replayed(contents: Mapping[str, bytes], options: Mapping[str, Any], *, with_hypothetical: bool) -> dict[str, Any]:
    """Return the parts of a record that follow from its input files: all but `made` and the digests.

    Args:
        contents: the input files by name.
        options: the cut-off that was asked for, and the name of the company file; None for none.
        with_hypothetical: whether hypothetical facts are read.
    """
    asked = options["as_of"]
    day = None if asked is None else date.fromisoformat(asked)
    found = loaded(contents, options["company"], day, with_hypothetical=with_hypothetical)
    cards, results = _results(found, hypothetical=with_hypothetical)
    return {
        **_read_parts(found, contents, options, hypothetical=with_hypothetical),
        "as_of": cards[0].methodology.as_of,
        "notices": [_notice(notice) for notice in results.pop("notices")],
        "results": results,
    }


def replayed_for(
    company: str, contents: Mapping[str, bytes], options: Mapping[str, Any], *, with_hypothetical: bool
) -> dict[str, Any]:
    """Return the parts of a record that follow from its input files, with the results of one company alone.

    There are no notices, which name all companies.

    Args:
        company: the id of the company.
        contents: the input files by name.
        options: as for `replayed`.
        with_hypothetical: whether hypothetical facts are read.

    Raises:
        FactsError: if there is no such company.
    """
    asked = options["as_of"]
    day = None if asked is None else date.fromisoformat(asked)
    found = loaded(contents, options["company"], day, with_hypothetical=with_hypothetical)
    companies = {one.id: one for one in found.companies}
    if company not in companies:
        where = Location(SourceFile("<company>"))
        message, help = f"the record has no company `{company}`", did_you_mean(company, companies)
        raise FactsError(reject("unknown-company", message, where, help).diagnostics)
    bounds = not with_hypothetical
    card = score(companies[company], found.methodology, with_hypothetical=with_hypothetical, with_bounds=bounds)
    results = company_results(card, _otherwise(found.methodology))
    if found.dataset is not None:
        results |= _searched(companies[company], found.methodology, hypothetical=with_hypothetical)
    return {
        **_read_parts(found, contents, options, hypothetical=with_hypothetical),
        "as_of": card.methodology.as_of,
        "results": {"companies": {company: results}},
    }


def _read_parts(
    found: Loaded, contents: Mapping[str, bytes], options: Mapping[str, Any], *, hypothetical: bool
) -> dict[str, Any]:
    """Return the parts of a record for which nothing is scored."""
    recorder = Recorder(found.methodology)
    records = {company.id: recorder.company(company) for company in found.companies}
    published = {id: as_data(record.published) for id, record in records.items() if record.published}
    return {
        "format": FORMAT,
        "hypothetical": hypothetical,
        "inputs": as_inputs(contents),
        "meaning": {**meaning_of(found), "published": published},
        "options": dict(options),
    }


def _otherwise(methodology: Methodology) -> dict[str, str]:
    """Return the sentence of each criterion for a company that earns nothing."""
    return {str(criterion.id): criterion.otherwise for criterion in methodology.criteria}


def _results(found: Loaded, *, hypothetical: bool) -> tuple[list[Scorecard], dict[str, Any]]:
    """Return the scorecards of companies, sorted by id, and all results as plain data."""
    otherwise = _otherwise(found.methodology)
    if found.dataset is None:
        card = score(
            found.companies[0], found.methodology, with_hypothetical=hypothetical, with_bounds=not hypothetical
        )
        return [card], {"companies": {card.company.id: company_results(card, otherwise)}, "notices": card.notices}
    companies = {company.id: company for company in found.companies}
    ranking = rank(found.dataset, found.methodology, with_hypothetical=hypothetical, with_bounds=not hypothetical)
    cards = sorted((row.scorecard for cohort in ranking.cohorts for row in cohort.rows), key=lambda c: c.company.id)
    results = {
        "companies": {
            card.company.id: {
                **company_results(card, otherwise),
                **_searched(companies[card.company.id], found.methodology, hypothetical=hypothetical),
            }
            for card in cards
        },
        "notices": ranking.notices,
        "ranking": ranking_results(ranking),
    }
    if found.dataset.statements and not hypothetical:
        claims = findings(found.dataset, found.methodology)
        results["findings"] = [as_data(claim) for claim in (*claims.rows, *claims.refused)]
    return cards, results


def _searched(company: Company, methodology: Methodology, *, hypothetical: bool) -> dict[str, list[str]]:
    """Return which criteria searches without result assess, if scores or outcomes depend on it."""
    own = compiled(of_company(company, methodology))
    if not company.not_found or not own.methodology.watched:
        return {}
    found = own.fire(company, with_hypothetical=hypothetical, cross_check=False).searched
    return {"searched": sorted(map(str, found))} if found else {}


def _notice(notice: NoticeRecord) -> dict[str, str]:
    return {"code": notice.code, "text": notice.text}


def complete(parts: Mapping[str, Any], made: Mapping[str, Any]) -> str:
    """Return a record with its digests as canonical JSON."""
    texts = {name: canonical_json(part) for name, part in parts.items()} | {"made": canonical_json(dict(made))}
    return _object({**texts, "digests": canonical_json(_digests(texts))})


def digests_of(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the digests of a record: of each part, of all that can be replayed, and of all but themselves."""
    return _digests({name: canonical_json(part) for name, part in data.items() if name != "digests"})


def _digests(texts: Mapping[str, str]) -> dict[str, str]:
    replay = {name: text for name, text in texts.items() if name != "made"}
    of = {**{name: texts[name] for name in PARTS}, "record": _object(texts), "replay": _object(replay)}
    return {name: sha256(text.encode()).hexdigest() for name, text in of.items()}


def _object(texts: Mapping[str, str]) -> str:
    return f"{{{','.join(f'{canonical_json(name)}:{texts[name]}' for name in sorted(texts))}}}"
