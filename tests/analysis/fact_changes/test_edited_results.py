"""Tests of results after edits: each company is scored once for the same edits, and failures are left out."""

from typing import Any

import pytest

from cleancloud_rules import FactsError, rank
from cleancloud_rules.analysis.fact_changes import edited_results
from cleancloud_rules.analysis.fact_changes.edited_results import EditedResults
from cleancloud_rules.analysis.scoring import plain_scorecard
from cleancloud_rules.language.load.added_facts import FactEdit
from tests.support import small

OWN = small.methodology(
    small.LADDER, fact_types={**small.FACT_TYPES, "share": {**small.FACT_TYPES["share"], "selection": "single"}}
)


GOAL = small.fact("goal", {"topic": "energy"})


def share(percent: int) -> dict[str, Any]:
    return small.fact("share", {"percent": percent, "base": "electricity"})


def results(*companies: Any, ranks: bool = True) -> EditedResults:
    by_id = {company.id: company for company in companies}
    return EditedResults(by_id, OWN, ranks=ranks, with_hypothetical=False, cross_check=True)


def test_results_are_those_of_a_ranking_of_the_edited_companies(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = small.company(OWN, share(5), id="one"), small.company(OWN, share(50), id="two")
    scored: list[str] = []

    def counting(own: Any, company: Any, **options: Any) -> Any:
        scored.append(company.id)
        return plain_scorecard(own, company, **options)

    monkeypatch.setattr(edited_results, "plain_scorecard", counting)
    made = results(one, two)
    edit = FactEdit("two", two.facts[0], removes=True)
    made.score_others([edit], None)
    before, after = made.after(frozenset()), made.after(frozenset({edit}))
    made.after(frozenset({edit}))
    assert scored == ["one", "two", "two"]
    assert [(id, row.rank) for id, row in before.rows.items()] == [("two", 1), ("one", 2)]
    assert [(id, row.rank) for id, row in after.rows.items()] == [("one", 1), ("two", 2)]
    ranking = rank([one, small.company(OWN, id="two")], OWN)
    assert [row.scorecard for row in after.rows.values()] == [r.scorecard for c in ranking.cohorts for r in c.rows]


def test_all_contradictions_of_companies_with_edits_are_found_before_any_step() -> None:
    stated = {"one": [share(5), share(6)], "two": [GOAL, share(5), share(6)], "three": [share(5)]}
    companies = [small.company(OWN, *facts, id=id) for id, facts in stated.items()]
    edits = [FactEdit(company.id, company.facts[0], removes=True) for company in companies[:2]]
    with pytest.raises(FactsError) as caught:
        results(*companies).score_edited(edits)
    places = [str(diagnostic.location) for diagnostic in caught.value.diagnostics]
    assert places == ["<data>:facts[1].share", "<data>:facts[2].share"]
    assert caught.value.company is None
    with pytest.raises(FactsError) as alone:
        results(*companies).score_edited(edits[:1])
    assert alone.value.company == "one"


def test_without_ranks_there_are_none() -> None:
    made = results(small.company(OWN, share(5)), ranks=False)
    assert [row.rank for row in made.after(frozenset()).rows.values()] == [None]


def test_a_company_without_edits_that_has_no_result_is_left_out_or_ends_it() -> None:
    good, bad = small.company(OWN, share(5), id="good"), small.company(OWN, share(5), share(6), id="bad")
    edit = FactEdit("good", good.facts[0], removes=True)
    with pytest.raises(FactsError):
        results(good, bad).score_others([edit], None)
    failures: list[Any] = []
    made = results(good, bad)
    made.score_others([edit], failures)
    assert [failure.company for failure in failures] == ["bad"]
    assert list(made.after(frozenset({edit})).rows) == ["good"]
