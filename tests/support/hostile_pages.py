"""Result pages with a dangerous text in every place that holds a text."""

import json
from functools import cache
from typing import Any

from cleancloud_rules import Scorecard
from cleancloud_rules.reports.pages.pages import pages_of
from tests.support.result_pages import example, site_of

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)",
    "{{7*7}}{% raw %}",
    "]]>--><!--</style></script></title>",
    "javascript:alert(1)",
    "abc\u202e45.62\u2066",
    "x" * 200,
    "阿里巴巴集团控股有限公司",
    "a\x00b\x1b[31m",
    "&lt;b&gt;&amp;#39;",
)
"""Texts that are dangerous or hard to show."""

IN_DOCUMENTS = (
    *HOSTILE,
    "|a|b|\n|---|---|",
    "`code` **bold** _x_ [a](javascript:alert(1)) ![i](x) [^1]",
    "# no heading\n- no list\n1. no number",
    '=HYPERLINK("http://x")',
    "@SUM(1)",
)
"""These, and texts that are markup or formulas in documents of other formats."""

STRUCTURE = {
    "id", "outcome", "basis", "source", "points_basis", "facts", "criteria", "exempted_by", "shared_with", "nearest",
    "derived_from", "derived_by", "type", "level", "requirement", "counts_as", "companies", "sha256", "facts_sha256",
    "exact", "point_effect", "library_version", "cohort", "code", "word", "fact", "horizon", "fields", "not_met",
    "withheld_by", "kind", "status", "about", "disputes", "company",
}  # fmt: skip
"""The keys of a scorecard in JSON whose values are names that it refers by."""


def poisoned(data: Any, text: str, key: str = "") -> Any:
    """Return results in which every text that is no name of a part is another text."""
    match data:
        case str() if key not in STRUCTURE:
            return text
        case dict():
            return {name: value if name in STRUCTURE and not isinstance(value, (dict, list)) else
                    poisoned(value, text, name) for name, value in data.items()}  # fmt: skip
        case list():
            return [poisoned(item, text, key) for item in data]
        case _:
            return data


def poisoned_card(card: Scorecard, text: str) -> Scorecard:
    """Return a scorecard with a text in every place that holds one."""
    return Scorecard.from_json(json.dumps(poisoned(json.loads(card.to_json()), text)))


@cache
def poisoned_pages(name: str, text: str) -> dict[str, str]:
    """Return the pages of an example with a text in every place that holds one."""
    site = example(name)
    cards = [poisoned_card(card, text) for card in site.cards[:2]]
    return dict(pages_of(site_of(cards, site)))
