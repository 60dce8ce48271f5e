"""Scorecards of companies whose facts stand in a database. Only what changed is scored again."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

import cleancloud_rules as cc

TABLES = """
CREATE TABLE IF NOT EXISTS companies (id TEXT PRIMARY KEY, name TEXT NOT NULL, cohort TEXT) STRICT;
CREATE TABLE IF NOT EXISTS sources (
    company TEXT NOT NULL REFERENCES companies ON DELETE CASCADE,
    id TEXT NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (company, id)
) STRICT;
CREATE TABLE IF NOT EXISTS facts (
    id INTEGER PRIMARY KEY,
    company TEXT NOT NULL REFERENCES companies ON DELETE CASCADE,
    type TEXT NOT NULL,
    field_values TEXT NOT NULL,
    beside TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE INDEX IF NOT EXISTS facts_of_companies ON facts (company);
-- A scorecard follows from what its company states, the methodology and the version of the library alone.
CREATE TABLE IF NOT EXISTS scorecards (
    company_sha256 TEXT NOT NULL,
    methodology_sha256 TEXT NOT NULL,
    library TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (company_sha256, methodology_sha256, library)
) STRICT;
CREATE TABLE IF NOT EXISTS scores (
    company TEXT PRIMARY KEY REFERENCES companies ON DELETE CASCADE,
    total TEXT,
    company_sha256 TEXT NOT NULL,
    methodology_sha256 TEXT NOT NULL,
    library TEXT NOT NULL
) STRICT;
"""


def opened(path: str) -> sqlite3.Connection:
    """Return a database with the tables."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA foreign_keys = ON")
    database.executescript(TABLES)
    return database


# ---- companies from rows


def companies(database: sqlite3.Connection, methodology: cc.Methodology) -> Iterable[cc.Company]:
    """Yield each company with its facts and sources. An InputError names what is wrong in its rows."""
    for id, name, cohort in database.execute("SELECT id, name, cohort FROM companies ORDER BY id").fetchall():
        sources = database.execute("SELECT id, entry FROM sources WHERE company = ?", (id,))
        facts = database.execute("SELECT type, field_values, beside FROM facts WHERE company = ? ORDER BY id", (id,))
        data: dict[str, Any] = {
            "id": id,
            "name": name,
            "sources": {source: json.loads(entry) for source, entry in sources},
            "facts": [{type: json.loads(values), **json.loads(beside)} for type, values, beside in facts],
        }
        yield cc.company_from(data if cohort is None else {**data, "cohort": cohort}, methodology)


def state(
    database: sqlite3.Connection, company: str, type: str, values: Mapping[str, Any], beside: Mapping[str, Any]
) -> None:
    """Add a fact to a company. `beside` has its source, its period and the like."""
    row = (company, type, json.dumps(values), json.dumps(beside))
    database.execute("INSERT INTO facts (company, type, field_values, beside) VALUES (?, ?, ?, ?)", row)


# ---- scores, each computed once


def refresh(database: sqlite3.Connection, methodology: cc.Methodology) -> int:
    """Bring the scores of all companies up to date, and return how many had to be computed."""
    computed = 0
    with database:
        for company in companies(database, methodology):
            key = (company.sha256, methodology.sha256, cc.__version__)
            card = _kept(database, key)
            if card is None:
                card = cc.score(company, methodology)
                database.execute("INSERT INTO scorecards VALUES (?, ?, ?, ?)", (*key, card.to_json()))
                computed += 1
            total = None if card.total is None else str(card.total)
            database.execute("INSERT OR REPLACE INTO scores VALUES (?, ?, ?, ?, ?)", (company.id, total, *key))
    return computed


def _kept(database: sqlite3.Connection, key: tuple[str, str, str]) -> cc.Scorecard | None:
    row = database.execute(
        "SELECT body FROM scorecards WHERE company_sha256 = ? AND methodology_sha256 = ? AND library = ?", key
    ).fetchone()
    return None if row is None else cc.Scorecard.from_json(row[0])


def scorecard(database: sqlite3.Connection, company: str) -> cc.Scorecard:
    """Return the scorecard of a company, as the last refresh left it."""
    row = database.execute(
        "SELECT body FROM scores JOIN scorecards USING (company_sha256, methodology_sha256, library) WHERE company = ?",
        (company,),
    ).fetchone()
    if row is None:
        raise KeyError(company)
    return cc.Scorecard.from_json(row[0])


def ranking(database: sqlite3.Connection, methodology: cc.Methodology) -> cc.Ranking:
    """Return the ranking of all companies, from the scorecards that are kept."""
    ids = [id for (id,) in database.execute("SELECT company FROM scores ORDER BY company")]
    return cc.rank([scorecard(database, id) for id in ids], methodology)


def forget_others(database: sqlite3.Connection) -> int:
    """Delete the scorecards that no score refers to any more, and return how many."""
    with database:
        return database.execute(
            "DELETE FROM scorecards WHERE (company_sha256, methodology_sha256, library) NOT IN"
            " (SELECT company_sha256, methodology_sha256, library FROM scores)"
        ).rowcount
