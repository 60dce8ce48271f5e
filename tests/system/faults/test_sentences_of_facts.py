"""Sentences of the reference of the language that once left two readings: 12 to 24, on facts, rules and conditions.

See `test_sentences`, which has the first eleven.
"""

from decimal import Decimal

import pytest

from cleancloud_rules import company_from, rank
from cleancloud_rules.model.outcomes import Outcome
from tests.support.written import card, criterion, earned, methodology, promises

ONE = "categories: [{id: a, title: A}]\n"
ANSWER = """\
  answer:
    title: Answer
    horizon: ever
    selection: latest
    fields:
      about: {type: text, key: true, optional: true}
      of: {type: year, key: true, optional: true}
      said: {type: number, better: higher}
"""
YES = criterion("c", 9, *(f"{n}, when: {{answer: {{said: {n}}}}}" for n in (9, 1)))


@pytest.mark.parametrize(
    ("keys", "counts"),
    [
        (["{about: x, said: 9}", "{about: x, said: 1}"], [False, True]),
        (["{said: 9}", "{said: 1}"], [False, True]),
        (["{said: 9}, disclosed: [about]", "{said: 1}, disclosed: [about]"], [True, True]),
        (["{said: 9}, disclosed: [about]", "{said: 1}"], [True, True]),
        (["{said: 9}", "{said: 1}, disclosed: [about]"], [True, True]),
        (["{about: x, of: {at_least: 2020}, said: 9}", "{about: x, of: {at_least: 2020}, said: 1}"], [True, True]),
        (["{of: {between: [2020, 2020]}, said: 9}", "{of: 2020, said: 1}"], [False, True]),
    ],
)
def test_12_a_key_that_is_not_known_supersedes_nothing_and_is_not_superseded(
    keys: list[str], counts: list[bool]
) -> None:
    promises(
        "facts",
        "Two facts that lack a key field have the same key. A key field that is only disclosed, or known only as a "
        "bound, "
        "may differ from every other: a fact with such a key supersedes none and is superseded by none.",
    )
    facts = ", ".join(f"{{answer: {key}, source: form, period: {2022 + n}}}" for n, key in enumerate(keys))
    found = card(methodology(ONE, ANSWER, a=YES), f"[{facts}]")
    assert [fact.counts for fact in sorted(found.facts, key=lambda fact: str(fact.period))] == counts
    assert found.criterion("c").points == (9 if counts[0] else 1)


TYPED = """\
  typed:
    title: Typed
    horizon: ever
    fields:
      percent: {type: percent, optional: true}
      count: {type: integer, optional: true}
      year: {type: year, optional: true}
      day: {type: date, optional: true}
      text: {type: text, optional: true}
"""


def passes(test: str, fact: str, more: str = "") -> bool:
    """Whether a fact passes a condition on it."""
    used = methodology(ONE, TYPED, a=criterion("c", 1, f"1, when: {{typed: {{{test}}}}}"))
    return card(used, f"[{{typed: {{{fact}}}, source: form{more}}}]").criterion("c").points == 1


@pytest.mark.parametrize(
    ("test", "fact", "passed"),
    [
        ("percent: '>= 39'", "percent: {more_than: 38}", False),
        ("count: '>= 39'", "count: {more_than: 38}", True),
        ("year: '>= 2030'", "year: {more_than: 2029}", True),
        ("day: '>= 2024-01-02'", "day: {more_than: 2024-01-01}", True),
    ],
)
def test_13_integers_years_and_days_are_whole_and_all_others_continuous(test: str, fact: str, passed: bool) -> None:
    promises(
        "conditions",
        "The values of an `integer`, a `year` and a `date` are whole; those of all other ordered types are continuous, "
        'regardless of `digits`. So "more than 38" passes `">= 39"` on an integer and fails it on a percent.',
    )
    assert passes(test, fact) is passed


@pytest.mark.parametrize(
    ("published", "test", "passed"),
    [
        ("2024", "'>= 2024'", True),
        ("2024", "'>= 2024-06-01'", False),
        ("2024-06-01", "'>= 2024-06-01'", True),
        ("unknown", "'>= 2024'", False),
        ("unknown", "'null'", True),
    ],
)
def test_14_a_year_of_publication_is_an_unknown_day_and_unknown_is_missing(
    published: str, test: str, passed: bool
) -> None:
    promises(
        "methodology",
        'A year stands for an unknown day of that year: `published: 2024` passes the test `">= 2024"` and fails `">= '
        '2024-06-01"`. An unknown date is a [missing value]',
    )
    used = methodology(ONE, a=criterion("c", 1, f"1, when: {{reading: {{evidence: {{published: {test}}}}}}}"))
    sources = f"sources: {{own: {{type: report, published: {published}}}}}"
    assert (card(used, "[{reading: {}, source: own}]", more=sources).criterion("c").points == 1) is passed


def test_15_a_fact_that_has_only_as_of_has_no_period_and_a_day() -> None:
    promises("conditions", "the **day on which the period ends**; missing in a fact that has only `as_of`")
    promises(
        "facts",
        "The day of a fact is the end of its `period`, or else its `as_of`. A fact with neither is the earliest.",
    )
    missing = criterion("c", 1, "1, when: {reading: {period: 'null'}}")
    used = methodology(ONE, a=missing)
    assert card(used, "[{reading: {}, source: form, as_of: 2024-01-01}]").criterion("c").points == 1
    assert card(used, "[{reading: {}, source: form, period: 2024}]").criterion("c").points == 0
    facts = "{answer: {said: 9}, source: form, as_of: 2024-01-01}, {answer: {said: 1}, source: form, period: 2023}"
    last = card(methodology(ONE, ANSWER, a=YES), f"[{facts}, {{answer: {{said: 1}}, source: form}}]")
    assert [fact.counts for fact in last.facts if fact.as_of == "2024-01-01"] == [True]
    assert sum(fact.counts for fact in last.facts) == 1


JOINED = f"""\
{ANSWER}\
  made: {{title: Made, horizon: ever, fields: {{n: {{type: number, optional: true}}}}}}
  part: {{title: Part, horizon: ever, fields: {{of: {{type: year, optional: true}}, n: {{type: number}}}}}}
derivations:
  - {{id: d, fact: made, from: {{x: {{answer: {{}}}}, y: {{part: {{}}}}}}, join: [JOIN], set: {{n: "x.said + y.n"}}}}
"""
MADE = criterion("c", 9, "9, when: {made: {}}", "1, when: {made: {period: 'null', entity: 'null'}}")


def test_16_only_facts_that_count_are_joined() -> None:
    promises(
        "derivations",
        "Only facts that count are joined, after [`selection: latest`](facts.md#selection) has been applied.",
        "which all fields under `join` are present and equal. A [bounded value](companies.md#bounded-values) is not "
        "equal "
        "to anything, so a fact with a bounded join field is never joined.",
        "the `period`, the `as_of` and the `entity` of its inputs, where all inputs have the same one; where they "
        "differ it "
        "has none,",
        "the source of its inputs, where all have the same one; otherwise none.",
        "A derived fact counts even without a source of its own, since only facts that count are joined.",
    )
    more = "sources: {own: {type: report}}"
    facts = (
        "{answer: {said: 9}, source: form, period: 2022}, {answer: {said: 1}, source: form, period: 2023}, "
        "{part: {n: 2}, source: own, period: 2022, entity: plant}"
    )
    found = card(methodology(ONE, JOINED.replace("JOIN", ""), a=MADE), f"[{facts}]", more=more)
    (made,) = [fact for fact in found.facts if fact.type == "made"]
    assert dict(made.fields)["n"] == 3, "of the latest answer alone"
    assert (made.period, made.entity, made.source, made.counts) == (None, None, None, True)
    same = "{answer: {of: OF, said: 9}, source: form}, {part: {of: OF, n: 2}, source: form}"
    by_year = methodology(ONE, JOINED.replace("JOIN", "of"), a=MADE)
    for of, joined in (("2024", 1), ("{at_least: 2024}", 0)):
        facts = same.replace("OF", of)
        assert sum(fact.type == "made" for fact in card(by_year, f"[{facts}]").facts) == joined


@pytest.mark.parametrize(
    ("policy", "points"), [("first", 0), ("collect min", 0), ("collect max", 4), ("collect sum", 4)]
)
def test_17_a_rule_in_proportion_without_its_number_fires_and_earns_0(policy: str, points: int) -> None:
    promises(
        "criteria",
        "If none of these facts states the number (it is missing, or only disclosed) the rule earns 0 points. It still "
        "fires: under `first` it hides later rules, and under `collect min` its 0 is the minimum.",
    )
    rule = "5, in_proportion: {to: reading.n, over: [0, 10], least: 1}, when: {reading: {}}"
    at_most = ", at_most: 5" if policy == "collect sum" else ""
    own = criterion("c", 5, rule, "4, when: {reading: {}}", more=f", hit_policy: {policy}{at_most}")
    found = card(methodology(ONE, a=own), "[{reading: {}, source: form, disclosed: [n]}]").criterion("c")
    assert [one.fired for one in found.rules] == [True, True]
    assert found.points == points


@pytest.mark.parametrize(
    ("test", "disclosed", "missing", "stated"),
    [('not("a")', False, False, True), ("not(null)", True, False, True), ("null", False, True, False)],
)
def test_18_a_disclosed_value_is_present_and_passes_no_other_negation(
    test: str, disclosed: bool, missing: bool, stated: bool
) -> None:
    promises(
        "conditions",
        '| `not("a")`, `not(< 5, > 10)`, `not([1..2])` | a value that is stated and passes none of these |',
        "| `not(null)` | any value that is present, stated or only disclosed |",
        "is [disclosed](companies.md#disclosed-values) without its value passes only `-` and `not(null)`.",
    )
    found = [
        passes(f"text: '{test}'", "", ", disclosed: [text]"), passes(f"text: '{test}'", ""),
        passes(f"text: '{test}'", "text: b"),
    ]  # fmt: skip
    assert found == [disclosed, missing, stated]


@pytest.mark.parametrize(
    ("test", "fact", "passed"),
    [
        ('count: ["< 5", 10]', "count: 4", True),
        ('count: ["< 5", 10]', "count: 10", True),
        ('count: ["< 5", 10]', "count: 7", False),
        ('text: "null"', "", True),
        ('text: "null"', 'text: "null"', False),
        ("text: '\"null\"'", 'text: "null"', True),
        ("text: '\"null\"'", "", False),
    ],
)
def test_19_items_of_a_list_may_be_tests_and_quoted_null_means_missing(test: str, fact: str, passed: bool) -> None:
    promises(
        "conditions",
        'a list means "one of". Items of a list may be tests themselves: `["< 5", 10]`.',
        '`null` means a missing value even in quotes. The text "null" is written `\'"null"\'`.',
    )
    assert passes(test, fact) is passed


@pytest.mark.parametrize(
    ("difference", "counted"),
    [
        ("", 1),
        ("note: x", 2),
        ("locator: p. 2", 2),
        ("entity: plant", 2),
        ("period: 2023", 2),
        ("basis: assessed", 2),
        ("source: own", 2),
    ],
)
def test_20_all_that_stands_beside_a_fact_is_part_of_its_content(difference: str, counted: int) -> None:
    promises(
        "conditions",
        "Without `distinct`, facts of different content are counted. All that stands beside a fact is part of its "
        "content: source, locator, entity, period, basis and note.",
    )
    own = criterion("c", 1, "1, when: {count: {of: {reading: {}}, at_least: 2}}")
    other = "source: form" + (f", {difference}" if difference else "")
    other = difference if difference.startswith("source") else other
    facts = f"[{{reading: {{n: 1}}, source: form}}, {{reading: {{n: 1}}, {other}}}]"
    found = card(methodology(ONE, a=own), facts, more="sources: {own: {type: report}}")
    assert found.criterion("c").points == counted - 1


@pytest.mark.parametrize(
    ("facts", "more", "outcome"),
    [
        ("[{reading: {}, source: form}]", "", Outcome.AWARDED),
        ("[]", "", Outcome.NOT_ASSESSED),
        ("[]", "not_found: [{reading: {}, source: form}]", Outcome.NOT_FOUND),
        ("[{reading: {}}]", "", Outcome.EXCLUDED),
    ],
)
def test_21_a_criterion_without_points_is_awarded_only_on_evidence(facts: str, more: str, outcome: Outcome) -> None:
    promises(
        "criteria",
        "A criterion with `max_points: 0` is `awarded` only if there is a relevant fact or one of its rules fires; "
        "otherwise it is `not_found` or `not_assessed`.",
    )
    used = methodology(ONE, a=criterion("c", 0, "0, when: {reading: {}}") + earned("d", 1))
    assert card(used, facts, more=more).criterion("c").outcome is outcome


def test_22_the_ranks_after_a_tie_are_skipped() -> None:
    promises(
        "ranking",
        "Companies that are equal in all entries share a rank, and the ranks after a tie are skipped: 1, 1, 3.",
    )
    used = methodology(ONE, a=earned("c", 1))
    companies = [
        company_from(f"id: c{n}\nname: C{n}\nfacts: {facts}\n", used)
        for n, facts in enumerate(("[]", "[{reading: {}, source: form}]", "[{reading: {n: 1}, source: form}]"))
    ]
    (cohort,) = rank(companies, used).cohorts
    assert [(row.rank, row.scorecard.company.id) for row in cohort.rows] == [(1, "c1"), (1, "c2"), (3, "c0")]


@pytest.mark.parametrize(("formula", "low", "high"), [("p.n - p.n", "-1", "1"), ("p.n / (p.n + p.n)", "0.25", "1")])
def test_23_interval_arithmetic_does_not_see_that_one_value_occurs_twice(formula: str, low: str, high: str) -> None:
    promises(
        "derivations",
        "Interval arithmetic does not see that one value occurs twice: `p.n - p.n` with `p.n` between 1 and 2 lies "
        "between "
        "-1 and 1, and `p.n / (p.n + p.n)` between 1/4 and 1.",
        "The two ends are then rounded; an end that was excluded is included afterwards.",
    )
    facts = f"""\
  made: {{title: Made, horizon: ever, fields: {{n: {{type: number, digits: 2}}}}}}
derivations:
  - {{id: d, fact: made, from: {{p: {{reading: {{}}}}}}, set: {{n: "{formula}"}}}}
"""
    used = methodology(ONE, facts, a=criterion("c", 1, "1, when: {made: {}}"))
    for bound in ("{between: [1, 2]}", "{more_than: 1, less_than: 2}"):
        found = card(used, f"[{{reading: {{n: {bound}}}, source: form}}]")
        (made,) = [dict(fact.fields)["n"] for fact in found.facts if fact.type == "made"]
        assert made == {"between": (Decimal(low), Decimal(high))}


@pytest.mark.parametrize(
    ("window", "time", "counts"),
    [
        ("{from: 2023-01-01, to: 2024-06-30}", "period: 2022-07-01/2023-06-30", True),
        ("{from: 2023-01-01, to: 2024-06-30}", "period: 2024", False),
        ("{from: 2023-01-01, to: 2024-06-30}", "as_of: 2024-06-30", True),
        ("{from: 2023-01-01, to: 2024-06-30}", "as_of: 2024-07-01", False),
        ("{from: 2023-01-01}", "note: no time", False),
        ("{}", "note: no time", True),
        ("{}", "period: 1990", True),
        ("always", "note: no time", True),
    ],
)
def test_24_the_end_of_the_period_decides_and_a_window_without_ends_is_always(
    window: str, time: str, counts: bool
) -> None:
    promises(
        "methodology",
        "A window with neither `from` nor `to` is the same as `always`.",
        "Its time is its `period`, or else its `as_of`, which is one day. In a window without ends every fact counts, "
        "even one without a time. In any other window a fact without a time does not count.",
        "**The end of a period decides**, unless the window has `counts`",
    )
    used = methodology(ONE, windows=f"windows: {{ever: {window}}}\n", a=earned("c", 1))
    found = card(used, f"[{{reading: {{}}, source: form, {time}}}]")
    assert [fact.counts for fact in found.facts] == [counts]
