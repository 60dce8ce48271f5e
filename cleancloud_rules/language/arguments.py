"""What a caller gives where an object of the library is expected: anything else is refused before it is used."""

from typing import Any

from cleancloud_rules.documents.plain_data import kind_in_words
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Methodology

_MADE_BY = {
    Company: "`load_company` and `company_from` return it",
    Dataset: "`load_dataset` and `dataset_from` return it",
    Methodology: "`load_methodology` and `methodology_from` return it",
}


def check_methodology(given: Any, name: str = "`methodology`") -> None:
    """Refuse what is no methodology, such as its name.

    Args:
        given: what the caller gives.
        name: the argument, in words.

    Raises:
        TypeError: if it is something else.
    """
    _check(given, Methodology, name)


def check_company(given: Any) -> None:
    """Refuse what is no company, such as its file or its data; see `check_methodology`."""
    _check(given, Company, "a company")


def check_dataset(given: Any) -> None:
    """Refuse what is no dataset, such as its folder; see `check_methodology`."""
    _check(given, Dataset, "`dataset`")


def _check(given: Any, kind: type, name: str) -> None:
    if not isinstance(given, kind):
        words = f"the text `{given}`" if isinstance(given, str) and len(given) < 80 else kind_in_words(given)
        raise TypeError(f"{name} must be a `{kind.__name__}`, as {_MADE_BY[kind]}, not {words}")
