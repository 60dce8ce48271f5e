"""Score companies by published rules, with every point traced to a rule, a fact and a source.

The public names are those of this module and of its namespaces `model`, `results`, `analysis` and `testing`, which
``docs/reference/python-api.md`` lists. Every other module, name and attribute is private and may change in any version,
as may the attribute ``node`` of what a methodology declares and a company states.
"""

from typing import TYPE_CHECKING

from cleancloud_rules._version import __version__ as __version__
from cleancloud_rules.lazy import lazily

if TYPE_CHECKING:
    from cleancloud_rules import analysis as analysis
    from cleancloud_rules import model as model
    from cleancloud_rules import results as results
    from cleancloud_rules import testing as testing
    from cleancloud_rules.analysis.editions.attribution import diff as diff
    from cleancloud_rules.analysis.session import rank as rank
    from cleancloud_rules.analysis.session import score as score
    from cleancloud_rules.api import check as check
    from cleancloud_rules.api import load_dataset as load_dataset
    from cleancloud_rules.api import load_methodology as load_methodology
    from cleancloud_rules.api import methodology_from as methodology_from
    from cleancloud_rules.cases.runner import cases_from as cases_from
    from cleancloud_rules.cases.runner import load_cases as load_cases
    from cleancloud_rules.cases.runner import run_cases as run_cases
    from cleancloud_rules.diagnostics.diagnostic import Diagnostic as Diagnostic
    from cleancloud_rules.errors import CleanCloudError as CleanCloudError
    from cleancloud_rules.errors import CriteriaError as CriteriaError
    from cleancloud_rules.errors import EngineError as EngineError
    from cleancloud_rules.errors import FactsError as FactsError
    from cleancloud_rules.errors import InputError as InputError
    from cleancloud_rules.errors import MissingExtraError as MissingExtraError
    from cleancloud_rules.language.load.files import company_from as company_from
    from cleancloud_rules.language.load.files import dataset_from as dataset_from
    from cleancloud_rules.language.load.files import load_company as load_company
    from cleancloud_rules.model.datasets import Dataset as Dataset
    from cleancloud_rules.model.facts import Company as Company
    from cleancloud_rules.model.methodology import Methodology as Methodology
    from cleancloud_rules.records.comparison import compare as compare
    from cleancloud_rules.records.disclosure import disclose as disclose
    from cleancloud_rules.records.making import record as record
    from cleancloud_rules.records.provenance import provenance as provenance
    from cleancloud_rules.records.verification import verify as verify
    from cleancloud_rules.reports.rendering import render as render
    from cleancloud_rules.resources import bundled as bundled
    from cleancloud_rules.results.rankings import Ranking as Ranking
    from cleancloud_rules.results.scorecards import Scorecard as Scorecard
    from cleancloud_rules.schemas.catalogue import schema as schema
    from cleancloud_rules.sheets.load import dataset_from_tables as dataset_from_tables
    from cleancloud_rules.tables.companies import company_from_tables as company_from_tables
    from cleancloud_rules.tables.scoring.score_table import ScoreTable as ScoreTable
    from cleancloud_rules.tables.session import score_table as score_table
else:
    __getattr__, __dir__, __all__ = lazily(
        __name__,
        {
            "analysis.editions.attribution": "diff",
            "api": "check load_dataset load_methodology methodology_from",
            "cases.runner": "cases_from load_cases run_cases",
            "diagnostics.diagnostic": "Diagnostic",
            "errors": "CleanCloudError CriteriaError EngineError FactsError InputError MissingExtraError",
            "language.load.files": "company_from dataset_from load_company",
            "model.datasets": "Dataset",
            "model.facts": "Company",
            "model.methodology": "Methodology",
            "records.disclosure": "disclose",
            "records.comparison": "compare",
            "records.making": "record",
            "records.provenance": "provenance",
            "records.verification": "verify",
            "reports.rendering": "render",
            "resources": "bundled",
            "results.rankings": "Ranking",
            "results.scorecards": "Scorecard",
            "schemas.catalogue": "schema",
            "sheets.load": "dataset_from_tables",
            "analysis.session": "rank score",
            "tables.scoring.score_table": "ScoreTable",
            "tables.companies": "company_from_tables",
            "tables.session": "score_table",
        },
        submodules="analysis model results testing",
    )
