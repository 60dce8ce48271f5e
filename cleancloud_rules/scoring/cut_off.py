"""Which cut-off applies to companies: that of the caller, of their dataset or test case, or of the methodology."""

from collections.abc import Iterable
from datetime import date

from attrs import evolve

from cleancloud_rules.language.arguments import check_company, check_dataset, check_methodology
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.scoring.compiled import with_cut_off


def of_company(company: Company, methodology: Methodology, as_of: date | None = None) -> Methodology:
    """Return the methodology with the cut-off that applies to a company.

    Args:
        company: the company.
        methodology: the methodology.
        as_of: the cut-off that the caller gives; None for that of the company, or else of the methodology.

    Raises:
        TypeError: if the cut-off is not a date, or if there is something else than a company and a methodology.
    """
    check_methodology(methodology)
    check_company(company)
    return with_cut_off(methodology, checked(as_of) or company.cut_off)


def of_companies(
    companies: Dataset | Iterable[Company], methodology: Methodology, as_of: date | None = None
) -> tuple[tuple[Company, ...], Methodology]:
    """Return companies with the cut-off that the caller gives, and the methodology with the one that applies to them.

    Args:
        companies: a dataset, or companies.
        methodology: the methodology.
        as_of: the cut-off that the caller gives; None for that of the companies, or else of the methodology.

    Raises:
        TypeError: if the cut-off is not a date, or if there is something else than companies and a methodology.
        ValueError: if companies have different cut-offs, and the caller gives none.
    """
    check_methodology(methodology)
    chosen = tuple(companies.companies if isinstance(companies, Dataset) else companies)
    for company in chosen:
        check_company(company)
    if checked(as_of) is not None:
        return tuple(evolve(company, cut_off=as_of) for company in chosen), with_cut_off(methodology, as_of)
    days = {company.cut_off or methodology.as_of for company in chosen}
    if len(days) > 1:
        named = " and ".join(sorted("none" if day is None else str(day) for day in days))
        raise ValueError(f"the companies have different cut-offs, {named}: give one for all of them")
    return chosen, with_cut_off(methodology, next(iter(days), None))


def of_dataset(dataset: Dataset, methodology: Methodology, as_of: date | None) -> tuple[Dataset, Methodology]:
    """Return a dataset and a methodology with the cut-off that applies; see `of_companies`."""
    check_methodology(methodology)
    check_dataset(dataset)
    companies, dated = of_companies(dataset, methodology, as_of)
    return evolve(dataset, companies=companies, as_of=as_of or dataset.as_of), dated


def checked(as_of: date | None) -> date | None:
    """Return the cut-off that a caller gives.

    Raises:
        TypeError: if it is not a date.
    """
    # A time of day is a date for Python, and cannot be compared with one.
    if as_of is not None and type(as_of) is not date:
        raise TypeError(f"`as_of` must be a date, not {as_of!r}")
    return as_of
