"""Tests of what-ifs: they give the figures of scorecards before and after, and everything adds up exactly."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import cleancloud_rules as cc
from cleancloud_rules import (
    Company,
    FactsError,
    Methodology,
    Scorecard,
    company_from,
    load_dataset,
    methodology_from,
    rank,
    score,
)
from cleancloud_rules.analysis import what_if
from cleancloud_rules.language.load.added_facts import FactEdit, edited
from cleancloud_rules.results import WhatIfCompany
from cleancloud_rules.results.differences import ChangedFigureKind, WordKind
from cleancloud_rules.results.json import to_json
from cleancloud_rules.testing import company_data, methodologies, methodology_files
from tests.support import small
from tests.support.places import COMPANIES, DATASET
from tests.support.sizes import sized

ZERO = Decimal(0)
CLEAN_CLOUD = cc.load_methodology("clean_cloud_2024")


def plus(number: Decimal | None) -> Decimal:
    return ZERO if number is None else number


def assert_adds_up(found: WhatIfCompany, before: Scorecard, after: Scorecard) -> None:
    """Fail unless the figures are those of the scorecards, and steps and criteria add up to each change."""
    for figure in found.figures:
        assert figure.change == plus(figure.new) - plus(figure.old)
        assert sum((part.change for part in figure.contributions), ZERO) == figure.change
    assert (found.figure(ChangedFigureKind.TOTAL).old, found.figure(ChangedFigureKind.TOTAL).new) == (
        before.total,
        after.total,
    )
    pairs: list[tuple[ChangedFigureKind, str | None, Decimal | None, Decimal | None]] = [
        (ChangedFigureKind.TOTAL, None, before.total, after.total)
    ]
    pairs += [
        (ChangedFigureKind.SCORE, one.id, one.score, other.score)
        for one, other in zip(before.groups, after.groups, strict=True)
    ]
    for kind, id, old, new in pairs:
        effects = [e.change for part in found.parts for e in part.effects if (e.kind, e.id) == (kind, id)]
        assert sum(effects, ZERO) == plus(new) - plus(old), (kind, id)
        if plus(old) != plus(new):
            assert (found.figure(kind, id).old, found.figure(kind, id).new) == (old, new)
    for one, other in zip(before.criteria, after.criteria, strict=True):
        if one.points != other.points:
            figure = found.figure(ChangedFigureKind.POINTS, one.id)
            assert (figure.old, figure.new) == (one.points, other.points)
        if one.outcome != other.outcome:
            word = found.word(WordKind.OUTCOME, one.id)
            assert (word.old, word.new) == (one.outcome.value, other.outcome.value)
        if (one.points, one.outcome) != (other.points, other.outcome):
            part = found.part(one.id)
            assert part.changes
            assert part.because == other.because


class Question:
    """A methodology, a company without some facts, and these facts. Its text is short: a methodology has a long one."""

    def __init__(self, files: dict[str, Any], data: dict[str, Any], added: list[dict[str, Any]]) -> None:
        self.methodology = methodology_from(files)
        self.data = data
        self.added = added
        self.sources = {"sources": data["sources"]} if data.get("sources") else None
        self.base = company_from(data, self.methodology)
        self.whole = company_from({**data, "facts": [*data["facts"], *added]}, self.methodology)
        stated = {fact.id for fact in self.base.facts}
        self.new = [fact.id for fact in self.whole.facts if fact.id not in stated]

    def __repr__(self) -> str:
        return f"a company with {self.data} and {self.added}"


@st.composite
def questions(draw: st.DrawFn) -> Question:
    files = draw(methodology_files())
    data = draw(company_data(methodology_from(files)))
    facts = data.get("facts", [])
    chosen = [draw(st.booleans()) for _ in facts]
    kept = [fact for fact, taken in zip(facts, chosen, strict=True) if not taken]
    added = [fact for fact, taken in zip(facts, chosen, strict=True) if taken]
    return Question(files, {**data, "facts": kept}, added)


def scored(company: Company, methodology: Methodology) -> Scorecard | None:
    try:
        return score(company, methodology)
    except FactsError:
        return None


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@settings(sized(15), suppress_health_check=SLOW)
@given(questions())
def test_a_what_if_adds_up_exactly(question: Question) -> None:
    methodology, base, whole, added = question.methodology, question.base, question.whole, question.added
    assume(added and len(whole.facts) == len(base.facts) + len(added))
    before, after = scored(base, methodology), scored(whole, methodology)
    if before is None or after is None:
        with pytest.raises(FactsError):
            what_if(base, methodology, facts={"facts": added}, sources=question.sources)
        return
    found = what_if(base, methodology, facts={"facts": added}, sources=question.sources)
    assert sorted(change.fact.id for change in found.changes if change.fact) == question.new
    assert_adds_up(found.companies[0], before, after)
    back = what_if(whole, methodology, without=question.new)
    assert_adds_up(back.companies[0], after, before)


@settings(sized(15), suppress_health_check=SLOW)
@given(questions())
def test_removing_what_was_added_gives_the_same_scorecard_byte_for_byte(question: Question) -> None:
    methodology, base, whole = question.methodology, question.base, question.whole
    new = [fact for fact in whole.facts if fact.id in question.new]
    with_them = edited(base, [FactEdit(base.id, fact) for fact in new])
    assert with_them == whole
    without_them = edited(with_them, [FactEdit(base.id, fact, removes=True) for fact in new])
    assert without_them == base
    card = scored(base, methodology)
    if card is not None:
        assert score(without_them, methodology).to_json() == card.to_json()


@settings(sized(5), suppress_health_check=SLOW)
@given(st.data())
def test_the_ranks_are_those_of_rankings_before_and_after(data: st.DataObject) -> None:
    methodology = data.draw(methodologies())
    some = [{**data.draw(company_data(methodology)), "id": f"company_{n}"} for n in range(4)]
    companies = [company_from(one, methodology) for one in some]
    assume(all(scored(company, methodology) is not None for company in companies))
    removed = [fact.id for fact in companies[0].facts]
    assume(removed)
    after = [edited(companies[0], [FactEdit("company_0", f, removes=True) for f in companies[0].facts]), *companies[1:]]
    found = what_if(companies, methodology, without=[f"company_0:{id}" for id in removed])
    ranks = [
        {row.scorecard.company.id: row.rank for cohort in rank(of, methodology).cohorts for row in cohort.rows}
        for of in (companies, after)
    ]
    changed = {id: (ranks[0][id], ranks[1][id]) for id in ranks[0] if ranks[0][id] != ranks[1][id]}
    assert {change.company.id: (change.old, change.new) for change in found.ranks} == changed
    assert found.ranked == 4
    figure = found.companies[0].figure(ChangedFigureKind.RANK)
    assert (figure.old, figure.new) == (ranks[0]["company_0"], ranks[1]["company_0"])


# ---- on Clean Cloud 2024


SHARE = {"renewable_share": {"percent": 12, "denominator": "electricity"}, "period": 2023, "source": "clean-cloud-2024"}


def baidu() -> Company:
    return cc.load_company(COMPANIES / "baidu.yaml", CLEAN_CLOUD)


def test_a_fact_that_is_found_refutes_a_search_without_result() -> None:
    found = what_if(baidu(), CLEAN_CLOUD, facts={"facts": [SHARE]})
    (change,) = found.changes
    assert [search.text for search in change.refutes] == ["renewable_share: {percent: > 10}"]
    assert change.refutes[0].criteria == ("renewable_share",)
    (company,) = found.companies
    assert [part.id for part in company.parts] == ["renewable_share"]
    assert change.fact is not None
    assert company.part("renewable_share").facts == (change.fact.id,)
    figure = company.figure(ChangedFigureKind.POINTS, "renewable_share")
    assert (figure.old, figure.new) == (Decimal("1.0"), Decimal("4.0"))


def test_a_single_company_has_no_rank() -> None:
    found = what_if(baidu(), CLEAN_CLOUD, facts={"facts": [SHARE]})
    assert (found.ranks, found.ranked) == ((), 0)
    with pytest.raises(KeyError):
        found.companies[0].figure(ChangedFigureKind.RANK)


def test_all_ranks_that_change_are_listed_and_the_bibliography_of_the_dataset_can_be_cited() -> None:
    dataset = load_dataset(DATASET, CLEAN_CLOUD)
    source = dataset.bibliography[-1].id
    found = what_if(dataset, CLEAN_CLOUD, facts={"id": "baidu", "facts": [{**SHARE, "source": source}]})
    assert found.ranked == 25
    assert {change.company.id: (change.old, change.new) for change in found.ranks} == {
        "baidu": (5, 4),
        "kuaishou": (4, 5),
    }
    assert found.changes[0].source is not None
    assert found.changes[0].source.id == source


def test_the_first_notice_says_that_it_is_a_what_if_and_the_others_stay() -> None:
    found = what_if(baidu(), CLEAN_CLOUD, facts={"facts": [SHARE]})
    card = score(baidu(), CLEAN_CLOUD)
    assert [notice.code for notice in found.notices] == ["what_if", *(notice.code for notice in card.notices)]
    assert found.notices[0].text.startswith("WHAT IF: ")
    assert json.loads(found.to_json())["notices"][0]["code"] == "what_if"
    assert next(iter(json.loads(found.to_json()))) == "notices"


def test_the_facts_of_the_company_are_as_they_were_and_its_digest_is_that_of_the_stated_facts() -> None:
    company = baidu()
    card = score(company, CLEAN_CLOUD).to_json()
    found = what_if(company, CLEAN_CLOUD, facts={"facts": [SHARE]})
    assert score(company, CLEAN_CLOUD).to_json() == card
    assert found.companies[0].company.facts_sha256 == company.sha256


def test_hypothetical_facts_count_on_request_only_and_bring_their_notice() -> None:
    guess = {**SHARE, "basis": "hypothetical"}
    without = what_if(baidu(), CLEAN_CLOUD, facts={"facts": [guess]})
    assert without.companies[0].parts == ()
    assert without.changes[0].fact is not None
    assert not without.changes[0].fact.counts
    with_it = what_if(baidu(), CLEAN_CLOUD, facts={"facts": [guess]}, with_hypothetical=True)
    assert [part.id for part in with_it.companies[0].parts] == ["renewable_share"]
    assert any("HYPOTHETICAL" in notice.text for notice in with_it.notices)


def test_a_what_if_is_one_object_that_can_be_hashed_and_shown_on_a_line() -> None:
    found = what_if(baidu(), CLEAN_CLOUD, facts={"facts": [SHARE]})
    assert found == what_if(baidu(), CLEAN_CLOUD, facts={"facts": [SHARE]})
    assert hash(found) == hash(what_if(baidu(), CLEAN_CLOUD, facts={"facts": [SHARE]}))
    assert "\n" not in repr(found)
    assert found.company("baidu") is found.companies[0]
    with pytest.raises(KeyError):
        found.company("gds")
    with pytest.raises(KeyError):
        found.companies[0].part("renewable_target")


@pytest.mark.parametrize("form", ["text", "bytes", "path", "two"])
def test_facts_are_data_text_bytes_or_the_path_of_a_file(form: str, tmp_path: Path) -> None:
    text = to_json({"facts": [SHARE]})
    (tmp_path / "facts.yaml").write_text(text, encoding="utf-8")
    given_as: Any = {
        "text": text,
        "bytes": text.encode(),
        "path": tmp_path / "facts.yaml",
        "two": [text, {"facts": [SHARE]}],
    }[form]
    assert what_if(baidu(), CLEAN_CLOUD, facts=given_as) == what_if(baidu(), CLEAN_CLOUD, facts={"facts": [SHARE]})


def test_a_what_if_without_any_fact_is_an_error() -> None:
    with pytest.raises(ValueError, match="needs facts to add or to remove"):
        what_if(baidu(), CLEAN_CLOUD)


def test_companies_of_one_id_are_an_error() -> None:
    with pytest.raises(FactsError) as caught:
        what_if([baidu(), baidu()], CLEAN_CLOUD, facts={"id": "baidu", "facts": [SHARE]})
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["repeated-id"]


# ---- steps


SINGLE = {
    "share": {**small.FACT_TYPES["share"], "selection": "single"},
    "goal": small.FACT_TYPES["goal"],
}
OWN = small.methodology(small.LADDER, small.GOALS, fact_types=SINGLE)


def share(percent: int, **more: Any) -> dict[str, Any]:
    return small.fact("share", {"percent": percent, "base": "electricity"}, **more)


def test_facts_that_are_valid_only_together_are_one_step() -> None:
    company = small.company(OWN, share(5, period=2022))
    goal = small.fact("goal", {"topic": "energy", "year": 2030})
    # Without the fact of 2023, which supersedes them, the two facts of 2022 contradict each other.
    found = what_if(company, OWN, facts={"facts": [share(7, period=2022), goal, share(50)]})
    assert [step.changes for step in found.steps] == [(2,), (3,), (1,)]
    # The fact of 2023 goes, and so does one of the facts that it superseded.
    whole = small.company(OWN, share(5, period=2022), share(7, period=2022), share(50))
    late, five, seven = (
        next(fact.id for fact in whole.facts if fact.values.get("percent") == percent) for percent in (50, 5, 7)
    )
    back = what_if(whole, OWN, without=[late, five])
    assert [step.changes for step in back.steps] == [(2,), (1,)]
    swapped = what_if(whole, OWN, without=[late, seven], facts={"facts": [share(7)]})
    assert [step.changes for step in swapped.steps] == [(2,), (1,), (3,)]
    with pytest.raises(FactsError):
        what_if(whole, OWN, without=late)


def test_changes_that_need_each_other_are_said_to_be_valid_only_together() -> None:
    whole = small.company(OWN, share(5, period=2022), share(7, period=2022), share(50))
    late = next(fact.id for fact in whole.facts if fact.values.get("percent") == 50)
    found = what_if(whole, OWN, without=late, facts={"facts": [share(20)]})
    assert [(step.changes, step.because) for step in found.steps] == [((1, 2), "They are valid only together.")]


def test_facts_that_contradict_each_other_after_all_changes_are_an_error() -> None:
    with pytest.raises(FactsError, match="contradict"):
        what_if(small.company(OWN, share(5)), OWN, facts={"facts": [share(7)]})


def test_the_contradictions_of_all_companies_are_reported_at_once() -> None:
    one, two, other = (small.company(OWN, *facts, id=id) for id, facts in (("a", [share(6)]), ("b", []), ("c", [])))
    added = [{"id": "a", "facts": [share(4)]}, {"id": "b", "facts": [share(4), share(5)]}]
    with pytest.raises(FactsError) as caught:
        what_if([one, two, other], OWN, facts=added)
    places = [str(diagnostic.location) for diagnostic in caught.value.diagnostics]
    assert places == ["<facts>:facts[0].share", "<facts>:facts[1].share"]
    assert caught.value.company is None


@pytest.mark.parametrize(
    "more",
    [{"basis": "hypothetical"}, {"period": 2001}, {"source": "leaflet"}, {"period": 2022}],
    ids=["hypothetical", "outside the window", "source not accepted", "source after the cut-off"],
)
def test_a_fact_that_does_not_count_drops_no_search_without_result(more: dict[str, Any]) -> None:
    dated = {**SINGLE, "goal": {**SINGLE["goal"], "horizon": "short_term"}}
    own = small.methodology({**small.GOALS, "horizon": "short_term"}, fact_types=dated)
    company = small.company(own, not_found=[{"goal": {}}])
    day = date(2023, 6, 1) if more == {"period": 2022} else None
    found = what_if(company, own, facts={"facts": [small.fact("goal", {"topic": "carbon"}, **more)]}, as_of=day)
    assert [change.refutes for change in found.changes] == [()]
    assert found.changes[0].fact is not None
    assert found.changes[0].fact.why_not is not None
    assert found.companies[0].parts == ()
    counting = what_if(company, own, facts={"facts": [small.fact("goal", {"topic": "carbon"})]})
    assert len(counting.changes[0].refutes) == 1
    assert [part.id for part in counting.companies[0].parts] == ["goals"]


def test_one_answer_takes_the_place_of_another() -> None:
    company = small.company(OWN, share(5))
    found = what_if(company, OWN, without=company.facts[0].id, facts={"facts": [share(20)]})
    assert [change.kind.value for change in found.changes] == ["removed", "added"]
    assert [step.changes for step in found.steps] == [(1,), (2,)]
    points = found.companies[0].figure(ChangedFigureKind.POINTS, "ladder")
    assert [part.change for part in points.contributions] == [Decimal("-1.0"), Decimal("4.0")]
    assert found.companies[0].part("ladder").changes == (1, 2)


def test_a_gate_gives_its_effect_to_the_criterion_that_opens_it() -> None:
    gated = {**small.GOALS, "requires": [{"of": "ladder"}]}
    methodology = small.methodology(small.LADDER, gated)
    goal = small.fact("goal", {"topic": "energy", "year": 2030, "coverage": "whole"})
    found = what_if(small.company(methodology, goal), methodology, facts={"facts": [share(50)]})
    (company,) = found.companies
    assert [(part.id, [str(e.change) for e in part.effects]) for part in company.parts] == [
        ("ladder", ["100.00", "100.00"]),
        ("goals", []),
    ]
    assert company.word(WordKind.OUTCOME, "goals").new == "awarded"


def test_a_company_that_fails_is_left_out_if_there_is_a_list_for_failures() -> None:
    good = small.company(OWN, share(5), id="good")
    bad = small.company(OWN, share(5), share(7), id="bad")
    with pytest.raises(FactsError):
        what_if([good, bad], OWN, without=f"good:{good.facts[0].id}")
    failures: list[Any] = []
    found = what_if([good, bad], OWN, without=f"good:{good.facts[0].id}", failures=failures)
    assert [failure.company for failure in failures] == ["bad"]
    assert found.ranked == 1
    with pytest.raises(FactsError):
        what_if(
            [good, bad], OWN, without=f"bad:{min(f.id for f in bad.facts)}", facts={"id": "bad", "facts": [share(9)]}
        )
