"""JSON Schemas of the results of analyses."""

from cleancloud_rules.results.bounds import Bounds
from cleancloud_rules.results.case_reports import CaseReport
from cleancloud_rules.results.certificates import Certificate
from cleancloud_rules.results.claims import ClaimReport
from cleancloud_rules.results.differences import Difference
from cleancloud_rules.results.fits import Fit
from cleancloud_rules.results.kept_records import Comparison
from cleancloud_rules.results.reproductions import Reproduction
from cleancloud_rules.results.what_ifs import WhatIf
from cleancloud_rules.schemas.parts import Schema
from cleancloud_rules.schemas.results import result_schema


def bounds_schema() -> Schema:
    """Return the schema of lower and upper bounds."""
    return result_schema("bounds", "Bounds", Bounds)


def findings_schema() -> Schema:
    """Return the schema of recounted claims."""
    return result_schema("findings", "Findings", ClaimReport)


def reproduction_schema() -> Schema:
    """Return the schema of a reproduction."""
    return result_schema("reproduction", "Reproduction", Reproduction)


def fit_schema() -> Schema:
    """Return the schema of a fit."""
    return result_schema("fit", "Fit", Fit)


def certificate_schema() -> Schema:
    """Return the schema of a certificate."""
    return result_schema("certificate", "Certificate", Certificate)


def comparison_schema() -> Schema:
    """Return the schema of a comparison of two records."""
    return result_schema("comparison", "Comparison", Comparison)


def difference_schema() -> Schema:
    """Return the schema of a comparison of two editions."""
    return result_schema("difference", "Difference", Difference)


def what_if_schema() -> Schema:
    """Return the schema of a what-if."""
    return result_schema("what_if", "What-if", WhatIf)


def case_report_schema() -> Schema:
    """Return the schema of the results of test cases."""
    return result_schema("case_report", "Case report", CaseReport)
