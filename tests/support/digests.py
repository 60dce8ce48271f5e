"""Digests of results as JSON, with every sentence in it, and as pages: of examples and of generated methodologies.

Every version of Python and every machine makes the same bytes. Run as a module it writes
``tests/golden/digests.json``. A digest that changes says that some result has changed, and under which name;
``cleancloud-rules`` at both commits shows what has.
"""

import json
from collections.abc import Iterator
from hashlib import sha256

import cleancloud_rules as cc
from cleancloud_rules.analysis import bounds, findings, what_if
from cleancloud_rules.results import Result
from tests.support.examples import FOLDERS, example
from tests.support.places import GOLDEN, ROOT
from tests.support.result_pages import EXAMPLES, example_pages
from tests.support.seeded import seeded_cases

FILE = GOLDEN / "digests.json"

SEEDS = range(6)
"""The seeds of the generated methodologies and companies."""


def results() -> Iterator[tuple[str, Result]]:
    """Give each result with its name."""
    for name in FOLDERS:
        methodology, dataset = example(name)
        ranking = cc.rank(dataset, methodology)
        yield f"{name}: ranking", ranking
        yield f"{name}: bounds", bounds(dataset, methodology)
        cards = [row.scorecard for cohort in ranking.cohorts for row in cohort.rows]
        yield from ((f"{name}: {card.company.id}", card) for card in cards)
        stated = [fact for fact in cards[0].facts if fact.derived_by is None]
        if stated:
            without = f"{cards[0].company.id}:{stated[0].id}"
            yield f"{name}: without {without}", what_if(dataset, methodology, without=without)
        if dataset.statements:
            yield f"{name}: claims", findings(dataset, methodology)
    first, second = example("first_edition")[0], example("second_edition")[0]
    yield "two editions", cc.diff(first, second, ROOT / "examples" / "two_editions")
    for seed in SEEDS:
        for number, (methodology, company) in enumerate(seeded_cases(seed)):
            yield f"generated {seed}.{number}", cc.score(company, methodology)


def digests() -> dict[str, str]:
    """Return the digests by the names of the results. The version of the library does not count."""
    version = f'"library_version": "{cc.__version__}"'
    found: dict[str, str] = {}
    for name, result in results():
        assert name not in found, name
        found[name] = sha256(result.to_json().replace(version, "").encode()).hexdigest()[:16]
    for name in EXAMPLES:
        pages = json.dumps(example_pages(name)).replace(f"cleancloud_rules {cc.__version__}", "")
        found[f"{name}: pages"] = sha256(pages.encode()).hexdigest()[:16]
    return found


if __name__ == "__main__":
    FILE.write_text(json.dumps(digests(), indent=1) + "\n", encoding="utf-8")
