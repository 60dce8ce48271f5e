"""Fetches companies of tables of facts: one of them, or all."""

from pathlib import Path
from typing import Any

from cleancloud_rules.language.arguments import check_methodology
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.tables.databases import database
from cleancloud_rules.tables.reading.normalise import company_of_tables, fact_tables_of
from cleancloud_rules.tables.reading.rows import dataset_of_rows


def company_from_tables(facts: Any, methodology: Methodology, company: str) -> Company:
    """Return one company of tables, for `score` to explain its row. Only its own rows are read and checked.

    With them, the sources that it cites and the columns of all tables are checked. Rows of other companies, rows that
    name no company or an unknown one, and other sources are not: `score_table` checks them. It needs the extra
    ``frames``.

    Args:
        facts: the tables, as for `score_table`.
        methodology: the methodology whose vocabulary they use.
        company: the id of the company, its name or an alias.

    Returns:
        The company, with its facts in the types that the vocabulary declares.

    Raises:
        FactsError: if there is no such company, or with all diagnostics of its rows.
        EngineError: if the database fails.
        MissingExtraError: if DuckDB or Arrow is missing; the message says what to install.

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
        >>> cc.company_from_tables(tables, methodology, "shop").name
        'Corner Shop'
    """
    check_methodology(methodology)
    with database() as backend:
        return company_of_tables(facts, methodology, backend, company)


def dataset_of_folder(facts: Path, methodology: Methodology) -> Dataset:
    """Return all companies of a folder of tables as a dataset; only for as many as fit into memory.

    Raises:
        FactsError: with all diagnostics of the tables, each with its file, row and column.
        EngineError: if the database fails.
        MissingExtraError: if DuckDB or Arrow is missing; the message says what to install.
    """
    with database(in_file=True) as backend:
        return dataset_of_rows(fact_tables_of(facts, methodology, backend), methodology, facts.name)
