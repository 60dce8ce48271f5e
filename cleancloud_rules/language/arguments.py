"""What a caller gives where an object of the library is expected: anything else is refused before it is used."""

from typing import Any

from cleancloud_rules.documents.plain_data import kind_in_words
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Methodology


def check_methodology(given: Any, name: str = "methodology") -> None:
    """Refuse what is no methodology, such as its name.

    Args:
        given: what the caller gives.
        name: the name of the argument.

    Raises:
        TypeError: if it is something else.
    """
    if not isinstance(given, Methodology):
        makers = "`load_methodology` and `methodology_from` return it"
        raise TypeError(f"`{name}` must be a `Methodology`, as {makers}, not {_in_words(given)}")


def check_company(given: Any) -> None:
    """Refuse what is no company, such as its file or its data.

    Raises:
        TypeError: if it is something else.
    """
    if not isinstance(given, Company):
        makers = "`load_company` and `company_from` return it"
        raise TypeError(f"a company must be a `Company`, as {makers}, not {_in_words(given)}")


def check_dataset(given: Any) -> None:
    """Refuse what is no dataset, such as its folder.

    Raises:
        TypeError: if it is something else.
    """
    if not isinstance(given, Dataset):
        makers = "`load_dataset` and `dataset_from` return it"
        raise TypeError(f"`dataset` must be a `Dataset`, as {makers}, not {_in_words(given)}")


def _in_words(given: Any) -> str:
    return f"the text `{given}`" if isinstance(given, str) and len(given) < 80 else kind_in_words(given)
