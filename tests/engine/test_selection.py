"""Fact types with a single answer for each key: what counts, and what contradicts."""

import pickle

import pytest

import cleancloud_rules as cc
from cleancloud_rules.errors import FactsError
from cleancloud_rules.model import Methodology
from tests.support.written import HEAD, criterion
from tests.system.test_differential import assert_agreement

WINDOWS = "windows: {ever: always, recent: {from: 2022-01-01, to: 2023-12-31}}\n"
TYPES = """\
fact_types:
  answer:
    title: Answer
    horizon: recent
    selection: single
    fields:
      question: {type: enum, values: [q1, q2], key: true}
      value: {type: enum, values: [no_, partly, yes_]}
      note: {type: text, optional: true}
  total: {title: Total, horizon: ever, fields: {n: {type: number}}}
  share: {title: Share, horizon: ever, selection: single, fields: {n: {type: number, digits: 2}}}
derivations:
  - {id: halved, fact: share, from: {t: {total: {}}}, join: [period], set: {n: t.n / 2}}
"""
YES = "{answer: {question: q1, value: yes_}}"
RULES = criterion("c", 2, f"2, when: {YES}", "1, when: {answer: {question: q1, value: partly}}")
TWO = criterion("c", 2, f"2, when: {{count: {{of: {YES}, at_least: 2}}}}")
SHARES = criterion("c", 2, '2, when: {share: {n: "> 4"}}')


def asked(rules: str = RULES) -> Methodology:
    rules = rules.replace("horizon: ever", "horizon: recent") if "answer:" in rules else rules
    head = HEAD.replace("[report]", "[report, news]") + WINDOWS
    group = "categories: [{id: a, title: A}]\naccepted_sources: [report]\n"
    files = {"methodology.yaml": head + group, "facts.yaml": TYPES, "a.yaml": f"category: a\ncriteria:\n{rules}"}
    return cc.methodology_from(files)


def company(*facts: str, used: Methodology) -> cc.Company:
    more = "sources: {rumour: {type: news, published: 2023}, other: {type: report, published: 2023}}\n"
    return cc.company_from(f"id: acme\nname: Acme\n{more}facts: [{', '.join(facts)}]\n", used)


def says(value: str, more: str = "as_of: 2023-05-01, source: form", question: str = "q1") -> str:
    return f"{{answer: {{question: {question}, value: {value}}}, {more}}}"


def points(*facts: str, rules: str = RULES) -> int:
    used = asked(rules)
    found = company(*facts, used=used)
    assert_agreement(found, used)
    return int(cc.score(found, used).criterion("c").points)


def test_two_different_answers_of_one_day_are_an_error_that_names_both_places() -> None:
    used = asked()
    found = company(says("yes_"), says("no_"), says("partly"), says("no_", question="q2"), used=used)
    with pytest.raises(FactsError) as caught:
        cc.score(found, used)
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["contradiction"] * 2
    assert all("<text>:4:10" in diagnostic.message for diagnostic in caught.value.diagnostics)
    assert len({diagnostic.location.column for diagnostic in caught.value.diagnostics}) == 2
    assert "`value`" in str(caught.value)
    assert caught.value.company == "acme"
    assert pickle.loads(pickle.dumps(caught.value)).company == "acme"  # noqa: S301 - its own bytes


def test_check_reports_every_contradiction() -> None:
    used = asked()
    found = company(says("yes_"), says("no_"), says("yes_", question="q2"), says("no_", question="q2"), used=used)
    assert [d.code for d in cc.check(found, used) if d.is_error] == ["contradiction"] * 2
    assert not [d for d in cc.check(found, used) if not d.is_error], "no warning says it again"


@pytest.mark.parametrize(
    "other",
    [
        says("no_", "as_of: 2023-04-30, source: form"),
        says("no_", "as_of: 2021-05-01, source: form"),
        says("no_", "as_of: 2024-05-01, source: form"),
        says("no_", "source: form"),
        says("no_", "as_of: 2023-05-01, source: rumour"),
        says("no_", "as_of: 2023-05-01"),
        says("no_", "as_of: 2023-05-01, source: form, entity: Branch"),
        says("no_", question="q2"),
        "{answer: {value: no_}, disclosed: [question], as_of: 2023-05-01, source: form}",
    ],
)
def test_an_older_fact_one_of_another_key_and_one_that_does_not_count_contradict_nothing(other: str) -> None:
    assert points(says("yes_"), other) == 2


def test_hypothetical_facts_contradict_where_they_are_read() -> None:
    used = asked()
    imagined = says("no_", "as_of: 2023-05-01, source: form, basis: hypothetical")
    found = company(says("yes_"), imagined, used=used)
    assert cc.score(found, used).criterion("c").points == 2
    with pytest.raises(FactsError):
        cc.score(found, used, with_hypothetical=True)


def test_a_later_answer_settles_a_contradiction() -> None:
    assert points(says("yes_"), says("no_"), says("partly", "as_of: 2023-06-01, source: form")) == 1


def test_what_differs_beside_the_value_contradicts_too() -> None:
    noted = "{answer: {question: q1, value: yes_, note: all of it}, as_of: 2023-05-01, source: form}"
    used = asked()
    with pytest.raises(FactsError, match="`note`"):
        cc.score(company(says("yes_"), noted, used=used), used)


def test_the_same_answer_from_two_sources_is_one_answer_that_both_support() -> None:
    facts = [says("yes_"), says("yes_", "period: 2022-06-01/2023-05-01, source: other, basis: assessed")]
    assert points(*facts) == 2
    assert points(*facts, rules=TWO) == 0, "a count counts it once"
    used = asked()
    assert len(cc.score(company(*facts, used=used), used).criterion("c").rules[0].facts) == 2
    assert points(*facts, says("yes_", "as_of: 2023-01-01, source: form, entity: Branch"), rules=TWO) == 2


def test_derived_facts_that_differ_are_reported_and_none_counts() -> None:
    used = asked(SHARES)
    totals = ["{total: {n: 10}, period: 2023, source: form}", "{total: {n: 9}, period: 2023, source: form}"]
    found = company(*totals, used=used)
    assert_agreement(found, used)
    card = cc.score(found, used)
    (problem,) = card.problems
    assert problem.endswith("contradict each other, so none of them counts: `share` has one answer for each key")
    assert card.criterion("c").points == 0
    shares = [fact for fact in card.facts if fact.type == "share"]
    wanted = [f"it contradicts {other.id}, and neither counts" for other in reversed(shares)]
    assert [fact.why_not for fact in shares] == wanted
    assert [d.code for d in cc.check(found, used)] == ["contradicting-facts", "derivation-failed"]
    assert points(totals[0], "{total: {n: 9}, period: 2022, source: form}", rules=SHARES) == 2


def test_a_ranking_goes_on_and_keeps_the_error_of_the_company() -> None:
    used = asked()
    good = cc.company_from(f"id: good\nname: Good\nfacts: [{says('yes_')}]\n", used)
    bad = company(says("yes_"), says("no_"), used=used)
    failures: list[cc.EngineError | FactsError] = []
    ranking = cc.rank([bad, good], used, failures=failures)
    assert [row.scorecard.company.id for cohort in ranking.cohorts for row in cohort.rows] == ["good"]
    assert [failure.company for failure in failures] == ["acme"]
    with pytest.raises(FactsError):
        cc.rank([bad, good], used)
