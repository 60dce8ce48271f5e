"""Small methodologies and companies written as text, whose results engine and oracle must agree on."""

import re

from cleancloud_rules import Methodology, Scorecard, company_from, methodology_from, score
from tests.support.places import ROOT
from tests.system.test_differential import assert_agreement

HEAD = """\
id: written
title: Written
edition: "1"
publisher: Nobody
sources: {form: {type: report, published: 2024}}
source_types: [report]
cohorts: {big: Big}
"""
WINDOWS = "windows: {ever: always}\n"
READING = "  reading: {title: Reading, horizon: ever, fields: {n: {type: number, digits: 1, optional: true}}}\n"
FACTS = "[{reading: {n: 1}, source: form}]"


def methodology(head: str, facts: str = "", windows: str = WINDOWS, **criteria: str) -> Methodology:
    """Return a methodology.

    Args:
        head: the end of ``methodology.yaml``.
        facts: fact types beside that of readings, and what follows them in ``facts.yaml``.
        windows: the windows.
        criteria: the criteria of each group, by its id.
    """
    files = {"methodology.yaml": HEAD + windows + head, "facts.yaml": f"fact_types:\n{READING}{facts}"}
    return methodology_from(
        {**files, **{f"{id}.yaml": f"category: {id}\ncriteria:\n{some}" for id, some in criteria.items()}}
    )


def criterion(id: str, max_points: float, *rules: str, more: str = "") -> str:
    """Return a criterion.

    Args:
        id: its id.
        max_points: its maximum.
        rules: the points and the condition of each rule, and what else belongs to it.
        more: further keys, each after a comma.
    """
    policy = "" if "hit_policy" in more else ", hit_policy: collect max"
    head = f"id: {id}, title: C, horizon: ever, max_points: {max_points}{policy}{more}, otherwise: Nothing."
    listed = ", ".join(f"{{id: r{n}, points: {rule}, because: It is.}}" for n, rule in enumerate(rules))
    return f"  - {{{head}, rules: [{listed}]}}\n"


def earned(id: str, points: float, max_points: float | None = None, more: str = "") -> str:
    """Return a criterion that a reading earns points of: all or, with a maximum above them, a part."""
    most = points if max_points is None else max_points
    rules = [f"{points}, when: {{reading: {{}}}}"]
    rules += [f"{most}, when: {{reading: {{n: 99}}}}"] if most > points else []
    return criterion(id, most, *rules, more=more)


def card(used: Methodology, facts: str = FACTS, *, more: str = "") -> Scorecard:
    """Return the scorecard of a company, on which the engine, its cross-check and the oracle agree."""
    company = company_from(f"id: acme\nname: Acme\nfacts: {facts}\n{more}", used)
    assert_agreement(company, used)
    return score(company, used, cross_check=True)


def promises(page: str, *sentences: str) -> None:
    """Assert that a page of the reference of the language holds sentences, however its lines break."""
    text = re.sub(r"\s+", " ", (ROOT / "docs" / "reference" / "language" / f"{page}.md").read_text(encoding="utf-8"))
    missing = [sentence for sentence in sentences if re.sub(r"\s+", " ", sentence) not in text]
    assert not missing, missing
