"""Tests of the loading of cases: what stands beside facts, and what a case expects. Mistakes are in `bad_criteria`."""

import pickle
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.documents.plain_data import read_data
from cleancloud_rules.documents.yaml import read_text
from cleancloud_rules.language.load.cases import case_files, cases_of
from cleancloud_rules.model.cases import Case
from tests.support import small

METHODOLOGY = small.methodology(small.LADDER, small.GOALS)
NOTHING = {"total": 0}


def loaded(methodology: cc.Methodology = METHODOLOGY, **file: Any) -> tuple[Case, ...]:
    gather = DiagnosticCollector()
    document, findings = read_data(file)
    assert document is not None
    cases = cases_of(document, methodology, gather)
    assert [*findings, *gather.diagnostics] == []
    return cases


def one(*facts: dict[str, Any], **file: Any) -> Case:
    return loaded(**{"cases": [{"name": "Example A", "facts": list(facts), "expect": NOTHING}], **file})[0]


def expected(methodology: cc.Methodology = METHODOLOGY, **expect: Any) -> list[tuple[str, str | None, str, object]]:
    (case,) = loaded(methodology, cases=[{"name": "Example A", "expect": expect}])
    return [(e.of, e.id, e.what, e.value) for e in case.expected]


# ---- facts


def test_a_case_states_facts_as_a_company_file_does() -> None:
    facts = [small.fact("share", {"percent": 12}), small.fact("goal", {"topic": "energy", "year": {"at_most": 2030}})]
    not_found = [{"goal": {"topic": "carbon"}, "source": "report"}]
    stated = {"facts": facts, "not_found": not_found, "cohort": "tiny"}
    (case,) = loaded(cases=[{"name": "Example A", **stated, "expect": NOTHING}])
    company = cc.company_from({"id": "case-1", "name": "Example A", **stated}, METHODOLOGY)
    assert case.company == company


def test_cases_keep_their_order_and_their_notes() -> None:
    cases = loaded(cases=[{"name": name, "expect": NOTHING, "note": f"On {name}."} for name in ("Second", "First")])
    assert [(case.name, case.company.name, case.note) for case in cases] == [
        ("Second", "Second", "On Second."),
        ("First", "First", "On First."),
    ]


def test_the_defaults_of_the_file_stand_beside_every_fact_that_says_nothing_else() -> None:
    defaults = {"source": "report", "period": 2023}
    case = one(
        {"share": {"percent": 1}}, {"share": {"percent": 2}, "source": "book", "period": 2022}, defaults=defaults
    )
    said = {(str(f.get("percent")), f.source.id if f.source else None, str(f.period)) for f in case.company.facts}
    assert said == {("1", "report", "2023"), ("2", "book", "2022")}


def test_a_fact_with_a_time_of_its_own_is_given_none() -> None:
    case = one({"share": {"percent": 1}, "as_of": "2024-01-19"}, defaults={"source": "report", "period": 2023})
    (fact,) = case.company.facts
    assert (fact.period, str(fact.as_of)) == (None, "2024-01-19")


def test_what_was_not_found_is_given_the_source_alone() -> None:
    defaults = {"source": "report", "period": 2023}
    case = {"name": "Example A", "not_found": [{"goal": {}}], "expect": NOTHING}
    ((entry,),) = (case.company.not_found for case in loaded(defaults=defaults, cases=[case]))
    assert entry.source is not None
    assert entry.source.id == "report"


def test_the_defaults_of_a_case_stand_in_place_of_those_of_its_file() -> None:
    case = {"name": "Example A", "facts": [{"share": {"percent": 1}}], "expect": NOTHING}
    cases = [{**case, "defaults": {"period": 2022}}, {**case, "name": "Example B", "defaults": {}}]
    found = loaded(defaults={"source": "report", "period": 2023}, cases=cases)
    ((first,), (second,)) = (case.company.facts for case in found)
    assert (first.source, str(first.period)) == (None, "2022")
    assert (second.source, second.period) == (None, None)


def test_without_defaults_a_fact_is_as_it_stands() -> None:
    (fact,) = one({"share": {"percent": 1}}).company.facts
    assert (fact.source, fact.period, fact.as_of) == (None, None, None)


def test_a_file_may_list_sources_of_its_own() -> None:
    case = one({"share": {"percent": 1}, "source": "invented"}, sources={"invented": {"type": "leaflet"}})
    (fact,) = case.company.facts
    assert fact.source is not None
    assert (fact.source.id, fact.source.type) == ("invented", "leaflet")


def test_answers_to_questions_are_facts_with_the_same_defaults() -> None:
    fact_types = {
        "answer": {
            "title": "Answer",
            "horizon": "short_term",
            "fields": {
                "question": {"type": "enum", "values": ["q1", "q2"], "key": True},
                "answer": {"type": "enum", "values": ["yes", "no"]},
            },
        }
    }
    rule = small.rule("yes", 1, {"answer": {"question": "q1", "answer": "yes"}})
    methodology = small.methodology(small.criterion("asked", 1, rule, horizon="short_term"), fact_types=fact_types)
    answers = {"fact": "answer", "values": {"q1": "yes"}}
    stated = [{"answer": {"question": "q2", "answer": "no"}, "period": 2022}]
    cases = [
        {"name": "Example A", "answers": answers, "expect": NOTHING},
        {"name": "Example B", "answers": [answers], "facts": stated, "expect": NOTHING},
    ]
    first, second = loaded(methodology, defaults={"source": "report", "period": 2023}, cases=cases)
    said = [[(f.get("question"), str(f.period)) for f in case.company.facts] for case in (first, second)]
    assert said[0] == [("q1", "2023")]
    assert sorted(said[1]) == [("q1", "2023"), ("q2", "2022")]


# ---- expectations


def test_a_number_is_points_and_a_word_is_an_outcome() -> None:
    assert expected(criteria={"ladder": 4, "goals": "partial"}) == [
        ("criterion", "ladder", "points", Decimal(4)),
        ("criterion", "goals", "outcome", "partial"),
    ]


def test_points_and_outcome_may_both_be_named() -> None:
    assert expected(criteria={"ladder": {"outcome": "partial", "points": Decimal("0.5")}}) == [
        ("criterion", "ladder", "points", Decimal("0.5")),
        ("criterion", "ladder", "outcome", "partial"),
    ]


def test_points_may_be_negative() -> None:
    assert expected(criteria={"ladder": -2}) == [("criterion", "ladder", "points", Decimal(-2))]


def test_categories_and_the_total_have_scores() -> None:
    assert expected(categories={"whole": Decimal("12.5")}, total=40) == [
        ("category", "whole", "score", Decimal("12.5")),
        ("total", None, "total", Decimal(40)),
    ]


def test_labels_levels_and_outcomes_of_groups_may_be_named() -> None:
    bands = [{"label": "gold", "score": ">= 50"}, {"label": "tin", "score": "< 50"}]
    methodology = small.methodology(
        small.LADDER, bands=bands, levels=[{"id": "first", "title": "First"}], top_level={"id": "star", "title": "Star"}
    )
    assert expected(methodology, label="tin", level="star", outcome="scored") == [
        ("total", None, "outcome", "scored"),
        ("total", None, "label", "tin"),
        ("total", None, "level", "star"),
    ]
    assert expected(methodology, level="none", categories={"whole": {"outcome": "scored", "label": "none"}}) == [
        ("category", "whole", "outcome", "scored"),
        ("category", "whole", "label", "none"),
        ("total", None, "level", "none"),
    ]


@pytest.mark.parametrize(
    ("expect", "help"),
    [
        ({"level": "tin"}, "did you mean `label: tin`?"),
        ({"label": "first"}, "did you mean `level: first`?"),
        ({"categories": {"whole": {"level": "tin"}}}, ""),
        ({"label": "golt"}, "did you mean `gold`?"),
    ],
)
def test_a_label_in_place_of_a_level_is_told_from_a_misspelt_word(expect: dict[str, Any], help: str) -> None:
    bands = [{"label": "gold", "score": ">= 50"}, {"label": "tin", "score": "< 50"}]
    methodology = small.methodology(small.LADDER, bands=bands, levels=[{"id": "first", "title": "First"}])
    document, _ = read_data({"cases": [{"name": "Example A", "expect": expect}]})
    assert document is not None
    gather = DiagnosticCollector()
    cases_of(document, methodology, gather)
    assert [(finding.code, finding.help) for finding in gather.diagnostics] == [("unknown-value", help)]


def with_tables(hit_policy: str) -> cc.Methodology:
    """Return a methodology whose table gives outputs for the total."""
    rows = [{"points": ">= 50", "then": "good"}, {"points": ">= 0", "then": "known"}]
    table = {"id": "verdict", "title": "Verdict", "inputs": {"points": {"score": "total"}}, "hit_policy": hit_policy,
             "outputs": ["good", "known"], "rows": rows}  # fmt: skip
    return small.methodology(small.LADDER, tables=[table])


def test_outputs_of_decision_tables_may_be_named() -> None:
    first, collects = with_tables("first"), with_tables("collect")
    assert expected(first, tables={"verdict": "good"}) == [("table", "verdict", "output", "good")]
    assert expected(first, tables={"verdict": "none"}) == [("table", "verdict", "output", "none")]
    both = [("table", "verdict", "output", "good; known")]
    assert expected(collects, tables={"verdict": ["good", "known"]}) == both
    assert expected(collects, tables={"verdict": "known"}) == [("table", "verdict", "output", "known")]


@pytest.mark.parametrize(
    ("hit_policy", "named", "code", "message"),
    [
        ("first", {"verdct": "good"}, "unknown-reference", "there is no table `verdct`"),
        ("first", {"verdict": "god"}, "unknown-value", "table `verdict` has no output `god`"),
        ("first", {"verdict": ["good"]}, "wrong-type", "expected"),
        ("collect", {"verdict": ["good", "none"]}, "unknown-value", "table `verdict` has no output `none`"),
        ("collect", {"verdict": []}, "empty-value", "nothing is expected of `verdict`"),
    ],
)
def test_what_no_table_gives_is_refused(hit_policy: str, named: dict[str, Any], code: str, message: str) -> None:
    gather = DiagnosticCollector()
    document, _ = read_data({"cases": [{"name": "Example A", "expect": {"tables": named}}]})
    assert document is not None
    cases_of(document, with_tables(hit_policy), gather)
    (diagnostic,) = gather.diagnostics
    assert diagnostic.code == code
    assert message in diagnostic.message


def test_every_expectation_knows_its_place() -> None:
    text = "cases:\n  - name: Example A\n    expect:\n      criteria: {ladder: {points: 4}, goals: 2}\n      total: 5\n"
    document, _ = read_text(text)
    assert document is not None
    (case,) = cases_of(document, METHODOLOGY, DiagnosticCollector())
    assert [(e.location.line, e.location.text) for e in case.expected] == [(4, "4"), (4, "2"), (5, "5")]
    assert (case.location.line, case.location.text) == (2, "Example A")


def test_a_case_can_be_pickled() -> None:
    case = one(small.fact("share", {"percent": 12}))
    assert pickle.loads(pickle.dumps(case)) == case  # noqa: S301 - it is ours


# ---- folders


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cases" / "inner").mkdir(parents=True)
    for name in ("b.yaml", "a.json", "c.yml", "notes.md", "inner/d.yaml"):
        (tmp_path / "cases" / name).touch()
    return tmp_path


def test_files_of_cases_stand_directly_in_their_folder(folder: Path) -> None:
    assert [path.name for path in case_files(folder)] == ["a.json", "b.yaml", "c.yml"]
    assert case_files(folder / "cases") == ()


# ---- what was called otherwise in the edition before


def renamed() -> cc.Methodology:
    files = small.files({**small.LADDER, "replaces": ["no_stranded", "bidder"]})
    files["methodology.yaml"]["categories"][0]["replaces"] = ["all"]
    return cc.methodology_from(files)


@pytest.mark.parametrize(
    ("expect", "help"),
    [
        ({"criteria": {"no_stranded": 4}}, "it is called `ladder` now"),
        ({"criteria": {"bidder": 4}}, "it is called `ladder` now"),
        ({"criteria": {"all": 4}}, "known: `ladder`"),
        ({"criteria": {"laddr": 4}}, "did you mean `ladder`?"),
        ({"categories": {"all": 4}}, "it is called `whole` now"),
    ],
)
def test_an_id_of_the_edition_before_is_said_with_what_it_is_called_now(expect: dict[str, Any], help: str) -> None:
    gather = DiagnosticCollector()
    document, _ = read_data({"cases": [{"name": "Example A", "expect": expect}]})
    assert document is not None
    cases_of(document, renamed(), gather)
    assert [finding.help for finding in gather.diagnostics] == [help]
