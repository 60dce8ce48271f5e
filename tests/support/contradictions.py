"""Writes the list on the page about contradictions, ``docs/clean-cloud-2024/contradictions.md``, from the dataset."""

import re
from itertools import groupby
from textwrap import fill

from cleancloud_rules import Dataset, load_dataset, load_methodology
from cleancloud_rules.model import Contradiction
from tests.support.places import ROOT

PAGE = ROOT / "docs" / "clean-cloud-2024" / "contradictions.md"
WIDTH = 120


def written(page: str, dataset: Dataset) -> str:
    """Return a page whose sections are the topics of the contradictions; what stands above the first one is kept."""
    head = re.split(r"^## ", page, maxsplit=1, flags=re.MULTILINE)[0].rstrip()
    names = {company.id: company.name for company in dataset.companies}
    parts = [head]
    for topic, some in groupby(dataset.contradictions, key=lambda contradiction: contradiction.topic):
        parts.append(f"## {topic}")
        parts += (_entry(contradiction, names) for contradiction in some)
    return "\n\n".join(parts) + "\n"


def _entry(contradiction: Contradiction, names: dict[str, str]) -> str:
    companies = ", ".join(names[id] for id in contradiction.companies)
    criteria = ", ".join(f"`{id}`" for id in contradiction.criteria)
    lines = {
        "The report": contradiction.says,
        "The data": contradiction.data,
        "Why": contradiction.why,
        "Depends on it": "; ".join(filter(None, (companies, criteria))),
        "Published claims": ", ".join(f"`{id}`" for id in contradiction.claims),
    }
    said = (fill(f"*{what}:* {text}", WIDTH, break_on_hyphens=False) for what, text in lines.items() if text)
    anchor = f'<a id="{contradiction.id}"></a>'
    return "\n\n".join((anchor, f"### `{contradiction.id}`: {contradiction.title}", *said))


if __name__ == "__main__":
    methodology = load_methodology("clean_cloud_2024")
    page = written(PAGE.read_text(encoding="utf-8"), load_dataset("clean_cloud_2024", methodology))
    PAGE.write_text(page, encoding="utf-8")
