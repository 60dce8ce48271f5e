"""What a program does without a file: check, score without explanation, rank scorecards, render, look schemas up."""

import json
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleancloud_rules as cc
from cleancloud_rules.analysis import what_if
from cleancloud_rules.documents.yaml import write_text
from cleancloud_rules.model import Source
from cleancloud_rules.results import GroupOutcome, Outcome, Points, Scorecard
from cleancloud_rules.results.json import to_json
from cleancloud_rules.testing import companies, methodologies
from tests.support import small
from tests.support.examples import FOLDERS, data_in, example, texts_in
from tests.support.places import ROOT
from tests.support.sizes import sized

FILES = small.files(small.LADDER, small.GOALS)
METHODOLOGY = cc.methodology_from(FILES)


def company(id: str, percent: int) -> cc.Company:
    fact = small.fact("share", {"percent": percent})
    return cc.company_from({"id": id, "name": id.title(), "cohort": "big", "facts": [fact]}, METHODOLOGY)


ACME, BOLT = company("acme", 5), company("bolt", 20)


def test_files_in_memory_are_checked_as_those_of_a_folder_are() -> None:
    assert cc.check(FILES) == cc.check(METHODOLOGY)
    texts = {name: write_text(content) for name, content in FILES.items()}
    assert [d.code for d in cc.check(texts)] == [d.code for d in cc.check(FILES)]
    (found,) = cc.check({**FILES, "extra.yaml": {"category": "nowhere", "criteria": []}})
    assert (found.code, str(found.location)) == ("unknown-category", "extra.yaml:category")
    with pytest.raises(TypeError, match="takes either one methodology"):
        cc.check(FILES, METHODOLOGY)  # type: ignore[arg-type]


WRONG: dict[str, Any] = {
    "a list": [],
    "a text": "methodology.yaml",
    "`null`": None,
    "`3`": 3,
}
"""What is no mapping of names to contents, by what a diagnostic calls it."""

FROM_FILES: dict[str, Any] = {
    "a methodology": cc.methodology_from,
    "a methodology ": cc.run_cases,
    " a methodology": lambda files: cc.cases_from(files, METHODOLOGY),
    "a dataset": lambda files: cc.dataset_from(files, METHODOLOGY),
    " a dataset": lambda files: cc.diff(METHODOLOGY, METHODOLOGY, files),
}
"""What takes files in memory, by what they are of; spaces tell the names apart."""


@pytest.mark.parametrize("of", FROM_FILES)
@pytest.mark.parametrize("kind", WRONG)
def test_files_in_memory_are_a_mapping(of: str, kind: str) -> None:
    if isinstance(WRONG[kind], str) and of in ("a methodology ", " a dataset"):
        return  # a path
    if WRONG[kind] is None and of == " a dataset":
        return  # no dataset
    with pytest.raises(cc.InputError) as caught:
        FROM_FILES[of](WRONG[kind])
    (found,) = caught.value.diagnostics
    told = f"expected the files of {of.strip()} as a mapping of names to contents, got {kind}"
    assert (found.code, found.message) == ("wrong-type", told)
    assert "reads a folder" in found.help


@pytest.mark.parametrize("of", FROM_FILES)
def test_the_names_of_files_are_texts(of: str) -> None:
    files: dict[Any, Any] = {**FILES, 1: {}, None: {}}
    with pytest.raises(cc.InputError) as caught:
        FROM_FILES[of](files)
    assert sorted(found.message for found in caught.value.diagnostics) == [
        f"the name of a file of {of.strip()} must be a text, got `1`",
        f"the name of a file of {of.strip()} must be a text, got `null`",
    ]


@pytest.mark.parametrize("content", [[], 5, None, True, object()])
@pytest.mark.parametrize("of", FROM_FILES)
def test_the_content_of_a_file_is_a_mapping(of: str, content: Any) -> None:
    name = {"dataset": "dataset.yaml", "methodology": "methodology.yaml"}[of.split()[1]]
    files = {**FILES, "cases/c.yaml": content, name: content} if of != " a methodology" else {"cases/c.yaml": content}
    with pytest.raises(cc.InputError) as caught:
        FROM_FILES[of](files)
    codes = {(d.code, d.location.file.name) for d in caught.value.diagnostics}
    shown = "cases/c.yaml" if of == " a methodology" else name
    assert codes & {(code, shown) for code in ("document-not-a-mapping", "empty-document", "wrong-type")}


@pytest.mark.parametrize(("data", "name"), [([], "<data>"), (None, "<data>"), (3, "<data>"), ("[]", "<text>")])
def test_a_company_in_memory_is_a_mapping(data: Any, name: str) -> None:
    with pytest.raises(cc.FactsError) as caught:
        cc.company_from(data, METHODOLOGY)
    (found,) = caught.value.diagnostics
    assert found.code in ("document-not-a-mapping", "empty-document")
    assert found.location.file.name == name


@pytest.mark.parametrize("wrap", [False, True])
def test_the_sources_of_a_company_are_plain_data_too(wrap: bool) -> None:
    listed: Any = {"leaf": {"type": "report", "title": "Leaf"}}
    data = {"id": "acme", "name": "Acme", "facts": [small.fact("share", {"percent": 5}, source="leaf")]}
    made = cc.company_from(data, METHODOLOGY, sources={"sources": listed} if wrap else listed)
    source = made.facts[0].source
    assert source is not None
    assert (source.id, source.title) == ("leaf", "Leaf")
    assert cc.company_from(data, METHODOLOGY, sources={"leaf": source}) == made
    with pytest.raises(cc.FactsError) as caught:
        cc.company_from(data, METHODOLOGY, sources={"leaf": {"type": "nothing"}})
    assert "<sources>:sources.leaf.type" in {str(found.location) for found in caught.value.diagnostics}


@pytest.mark.parametrize("sources", [[], 3, "- a", {"sources": []}, {"leaf": None}, {"leaf": [1]}, {3: {}}])
def test_sources_of_a_company_that_are_none_are_refused(sources: Any) -> None:
    with pytest.raises(cc.FactsError) as caught:
        cc.company_from({"id": "acme", "name": "Acme"}, METHODOLOGY, sources=sources)
    assert {found.location.file.name for found in caught.value.diagnostics} == {"<sources>"}


def with_a_visit() -> cc.Methodology:
    """Return a methodology that lists a source `visit` too."""
    head: Any = FILES["methodology.yaml"]
    listed = {**head["sources"], "visit": {"type": "leaflet"}}
    return cc.methodology_from({**FILES, "methodology.yaml": {**head, "sources": listed}})


LEAF, VISIT = Source("leaf", "report"), Source("visit", "report")


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        ({"leaf": VISIT}, {("leaf", "bad-id"), ("leaf", "repeated-id")}),
        ({"branch": LEAF}, {("branch", "bad-id")}),
        ({3: LEAF}, {("3", "bad-id")}),
        ({"visit": VISIT, "leaf": LEAF}, {("visit", "repeated-id")}),
        ({"leaf": Source("leaf", "reprot")}, {("leaf", "unknown-value")}),
        ({"leaf": LEAF, "branch": {"type": "report"}}, {("branch", "wrong-type")}),
        (
            {"leaf": None, "branch": Source("twig", "nothing")},
            {("leaf", "wrong-type"), ("branch", "bad-id"), ("branch", "unknown-value")},
        ),
    ],
)
def test_loaded_sources_are_checked_as_plain_data_are(sources: Any, told: set[tuple[str, str]]) -> None:
    methodology = with_a_visit()
    facts = [small.fact("share", {"percent": 5}, source=name) for name in sources if isinstance(name, str)]
    data = {"id": "acme", "name": "Acme", "facts": facts[:1]}
    with pytest.raises(cc.FactsError) as caught:
        cc.company_from(data, methodology, sources=sources)
    assert {(str(d.location), d.code) for d in caught.value.diagnostics} == {
        (f"<sources>:sources.{name}", code) for name, code in told
    }
    acme = cc.company_from({"id": "acme", "name": "Acme"}, methodology)
    added = facts[:1] or [small.fact("share", {"percent": 5})]
    with pytest.raises(cc.FactsError) as caught:
        what_if([acme], methodology, facts=[{"id": "acme", "facts": added}], sources=sources)
    assert {d.code for d in caught.value.diagnostics} == {code for _, code in told}


def test_a_loaded_source_that_is_the_methodologys_own_changes_nothing() -> None:
    methodology = with_a_visit()
    data = {"id": "acme", "name": "Acme", "facts": [small.fact("share", {"percent": 5}, source="visit")]}
    visit = next(source for source in methodology.bibliography if source.id == "visit")
    assert cc.company_from(data, methodology, sources={"visit": visit}) == cc.company_from(data, methodology)
    assert cc.company_from(data, methodology, sources={}) == cc.company_from(data, methodology)


# ---- test cases and editions


@pytest.mark.parametrize("read", [texts_in, data_in])
@pytest.mark.parametrize("name", FOLDERS)
def test_methodologies_and_test_cases_in_memory_are_those_of_a_folder(name: str, read: Any) -> None:
    folder = FOLDERS[name][0]
    files = read(folder)
    methodology, _ = example(name)
    assert cc.methodology_from(files).sha256 == methodology.sha256
    made, loaded = cc.cases_from(files, methodology), cc.load_cases(folder, methodology)
    assert [(case.name, case.company.sha256, case.expected) for case in made] == [
        (case.name, case.company.sha256, case.expected) for case in loaded
    ]
    assert {case.location.file.name for case in made} == {name for name in files if name.startswith("cases/")}


@pytest.mark.parametrize("read", [texts_in, data_in])
def test_test_cases_in_memory_run_as_those_of_a_folder(read: Any) -> None:
    folder = FOLDERS["careful_water"][0]
    found, expected = cc.run_cases(read(folder)), cc.run_cases(folder)
    assert [(case.name, case.passed) for case in found.cases] == [(case.name, case.passed) for case in expected.cases]
    for part in ("rules", "tests"):
        assert list(map(repr, getattr(found.coverage, part))) == list(map(repr, getattr(expected.coverage, part)))
    assert cc.run_cases(read(folder), as_of=date(2000, 1, 1)).failed


CASES: dict[str, Any] = {
    "cases": [
        {"name": "Some", "facts": [small.fact("share", {"percent": 5})], "expect": {"criteria": {"ladder": 1}}},
        {"name": "None", "facts": [], "expect": {"criteria": {"ladder": 3}}},
    ]
}


def test_a_test_case_of_plain_data_that_fails_has_its_place() -> None:
    report = cc.run_cases({**FILES, "cases/shares": CASES})
    assert [(case.name, case.passed, case.file) for case in report.cases] == [
        ("Some", True, "cases/shares"),
        ("None", False, "cases/shares"),
    ]
    assert "cases/shares: failed: None" in cc.render(report)


def test_test_cases_that_are_wrong_are_refused_with_their_places() -> None:
    twice = [*CASES["cases"], {**CASES["cases"][0], "expect": {"criteria": {"ladder": 1}}}]
    files = {
        **FILES,
        "cases/a": {"cases": [{"name": "Wrong", "expect": {"criteria": {"laddr": 1}}}]},
        "cases/b.yaml": "cases:\n  - name: 3\n    expect: 5\n",
        "cases/c": {"cases": twice},
    }
    with pytest.raises(cc.CriteriaError) as caught:
        cc.run_cases(files)
    told = [(found.code, str(found.location)) for found in caught.value.diagnostics]
    assert ("unknown-reference", "cases/a:cases[0].expect.criteria.laddr") in told
    assert ("repeated-id", "cases/c:cases[2].name") in told
    assert "cases/b.yaml:3:13" in {place for _, place in told}
    assert "already declared at cases/c:cases[0].name" in str(caught.value)


@pytest.mark.parametrize("files", [FILES, {**FILES, "case/shares": CASES}])
def test_a_run_without_test_cases_is_refused(files: Any) -> None:
    with pytest.raises(cc.CriteriaError) as caught:
        cc.cases_from(files, METHODOLOGY)
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("missing-file", "the methodology has no test cases")


@pytest.mark.parametrize("read", [texts_in, data_in])
def test_editions_in_memory_differ_as_those_of_folders_do(read: Any) -> None:
    (old, dataset), (new, _) = example("first_edition"), example("second_edition")
    folder = FOLDERS["first_edition"][1]
    first, second = (cc.methodology_from(read(FOLDERS[name][0])) for name in ("first_edition", "second_edition"))
    files = {name: content for name, content in read(folder).items() if name.split("/")[0] not in ("first", "second")}
    expected = cc.diff(old, new, folder)
    assert expected.effect is not None
    assert len(expected.effect.companies) == len(dataset.companies)
    assert to_json(cc.diff(first, second, files)) == to_json(expected)


def test_a_file_that_an_edition_cannot_read_has_the_name_that_it_was_given() -> None:
    new = cc.methodology_from(small.files(small.LADDER, small.GOALS, cohorts={"tiny": "Tiny ones"}))
    head = {"title": "Shops", "methodology": METHODOLOGY.id, "companies": "companies"}
    data = {"id": "acme", "name": "Acme", "cohort": "big", "facts": []}
    found = cc.diff(METHODOLOGY, new, {"dataset.yaml": head, "companies/acme": data})
    assert found.effect is not None
    assert [(unread.file, unread.edition) for unread in found.effect.unread] == [("companies/acme", "new")]


def test_the_name_of_a_bundled_dataset_means_the_same_to_diff() -> None:
    rules, dataset = example("clean_cloud_2024")
    assert to_json(cc.diff(rules, rules, "clean_cloud_2024")) == to_json(
        cc.diff(rules, rules, FOLDERS["clean_cloud_2024"][1])
    )
    with pytest.raises(cc.FactsError, match="did you mean `clean_cloud_2024`"):
        cc.diff(rules, rules, "clean_cloud_2023")
    read: Any = dataset
    with pytest.raises(TypeError, match="give the folder or the files of the dataset"):
        cc.diff(rules, rules, read)
    with pytest.raises(cc.FactsError) as caught:
        cc.diff(rules, rules, {"dataset.yaml": {"title": "x", "methodology": "other", "companies": "c"}})
    assert {found.code for found in caught.value.diagnostics} == {"wrong-methodology", "missing-file"}


# ---- results


def test_points_alone_are_those_of_the_scorecard() -> None:
    card, points = cc.score(ACME, METHODOLOGY), cc.score(ACME, METHODOLOGY, explain=False)
    assert isinstance(points, Points)
    assert (points.total, points.outcome, points.company) == (card.total, GroupOutcome.SCORED, card.company)
    assert [(c.id, c.outcome, c.points, c.max_points) for c in points.criteria] == [
        (c.id, c.outcome, c.points, c.max_points) for c in card.criteria
    ]
    assert [(c.id, c.outcome) for c in points.criteria] == [
        ("ladder", Outcome.PARTIAL),
        ("goals", Outcome.NOT_ASSESSED),
    ]
    assert points.to_json() == card.to_json(detail="points")
    assert points.notices == card.notices != ()
    assert len(points.to_json()) < len(card.to_json()) / 3
    assert json.loads(points.to_json())["criteria"][0] == {
        "id": "ladder",
        "outcome": "partial",
        "points": 1,
        "max_points": 4,
    }


def test_a_detail_that_there_is_none_of_is_refused() -> None:
    detail: Any = "Points"
    with pytest.raises(ValueError, match="the detail must be `all` or `points`"):
        cc.score(ACME, METHODOLOGY).to_json(detail)


@pytest.mark.parametrize("as_of", ["2024-01-01", datetime(2024, 1, 1)])  # noqa: DTZ001 - a wrong value
def test_the_cut_off_of_scorecards_is_a_day(as_of: Any) -> None:
    with pytest.raises(TypeError, match="must be a date"):
        cc.rank([cc.score(ACME, METHODOLOGY)], METHODOLOGY, as_of=as_of)


@st.composite
def scored(draw: st.DrawFn) -> tuple[cc.Company, cc.Methodology]:
    methodology = draw(methodologies())
    return draw(companies(methodology)), methodology


@sized(40)
@given(scored(), st.booleans())
def test_points_alone_follow_from_the_scorecard(case: tuple[cc.Company, cc.Methodology], hypothetical: bool) -> None:
    one, methodology = case
    try:
        card = cc.score(one, methodology, with_hypothetical=hypothetical)
    except (cc.EngineError, cc.FactsError) as error:
        with pytest.raises(type(error)):
            cc.score(one, methodology, with_hypothetical=hypothetical, explain=False)
        return
    points = cc.score(one, methodology, with_hypothetical=hypothetical, explain=False)
    assert points.to_json() == card.to_json("points")
    whole = json.loads(card.to_json())
    for name in ("total", "max_total", "label", "outcome"):
        assert json.loads(points.to_json())[name] == whole[name]
    assert [group.score for group in points.groups] == [group.score for group in card.groups]


def test_scorecards_are_ranked_as_they_are() -> None:
    cards = [cc.score(one, METHODOLOGY) for one in (ACME, BOLT)]
    assert cc.rank(cards, METHODOLOGY) == cc.rank([ACME, BOLT], METHODOLOGY)
    restored = [Scorecard.from_json(card.to_json()) for card in cards]
    assert cc.rank(iter(restored), METHODOLOGY) == cc.rank([ACME, BOLT], METHODOLOGY)
    assert [row.scorecard.company.id for row in cc.rank(cards, METHODOLOGY).cohorts[0].rows] == ["bolt", "acme"]


def test_scorecards_of_one_cut_off_are_ranked_under_it() -> None:
    day = date(2024, 5, 1)
    cards = [cc.score(one, METHODOLOGY, as_of=day) for one in (ACME, BOLT)]
    assert cc.rank(cards, METHODOLOGY) == cc.rank([ACME, BOLT], METHODOLOGY, as_of=day)
    assert cc.rank(cards, METHODOLOGY).methodology.as_of == "2024-05-01"
    with pytest.raises(ValueError, match="different cut-offs: 2024-05-01, none"):
        cc.rank([*cards, cc.score(ACME, METHODOLOGY)], METHODOLOGY)
    with pytest.raises(ValueError, match="different cut-offs: 2024-05-01, 2024-05-02"):
        cc.rank(cards, METHODOLOGY, as_of=date(2024, 5, 2))


def test_scorecards_of_another_methodology_are_not_ranked() -> None:
    other = cc.methodology_from(small.files(small.LADDER))
    with pytest.raises(ValueError, match="the scorecard of `acme` was made by another methodology or version of it"):
        cc.rank([cc.score(ACME, METHODOLOGY)], other)


@pytest.mark.parametrize("options", [{"with_hypothetical": True}, {"cross_check": False}, {"failures": []}])
def test_scorecards_are_not_scored_again(options: Any) -> None:
    with pytest.raises(TypeError, match="leave out the options that say how to score"):
        cc.rank([cc.score(ACME, METHODOLOGY)], METHODOLOGY, **options)


def test_scorecards_and_companies_are_not_ranked_together() -> None:
    mixed: Any = [cc.score(ACME, METHODOLOGY), BOLT]
    with pytest.raises(TypeError, match="score the companies first"):
        cc.rank(mixed, METHODOLOGY)


def test_bundled_names_are_names_of_folders() -> None:
    names = cc.bundled()
    assert names["methodologies"] == ("clean_cloud_2024",)
    assert "clean_cloud_2024" in names["datasets"]
    rules = cc.load_methodology(names["methodologies"][0])
    assert cc.load_dataset("clean_cloud_2024", rules) == cc.load_dataset(ROOT / "examples" / "clean_cloud_2024", rules)
    with pytest.raises(cc.FactsError) as caught:
        cc.load_dataset("clean_cloud_2023", rules)
    (found,) = caught.value.diagnostics
    assert found.message == "`clean_cloud_2023` is neither a file, a folder nor a bundled dataset"
    assert found.help == "did you mean `clean_cloud_2024`?"


def test_a_folder_of_the_name_goes_before_the_bundled_dataset(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = cc.load_methodology("clean_cloud_2024")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clean_cloud_2024").mkdir()
    with pytest.raises(cc.FactsError, match=r"dataset\.yaml"):
        cc.load_dataset("clean_cloud_2024", rules)


def test_a_schema_has_a_name() -> None:
    assert cc.schema("points")["title"] == "Points"
    assert to_json(cc.schema("company")) == (ROOT / "criteria" / "schema" / "company.schema.json").read_text("utf-8")
    with pytest.raises(ValueError, match="there is no schema `firm`; there are added_facts, bounds, case_report,"):
        cc.schema("firm")


def test_a_result_is_rendered_as_the_command_line_prints_it() -> None:
    card = cc.score(ACME, METHODOLOGY)
    ranking = cc.rank([ACME, BOLT], METHODOLOGY)
    bounds = cc.analysis.bounds([ACME], METHODOLOGY)
    assert "Acme" in cc.render(card)
    assert "share.percent" not in cc.render(card)
    assert card.facts[0].text in cc.render(card, detail="full")
    assert cc.render(ranking).index("Bolt") < cc.render(ranking).index("Acme")
    assert "Acme" in cc.render(bounds)
    for result in (card, ranking, bounds, card.criteria[0]):
        assert cc.render(result, "json") == to_json(result)
    assert cc.render(card, "json") == card.to_json()


@pytest.mark.parametrize(
    ("result", "format", "error", "told"),
    [
        (3, "text", TypeError, "there is no text of int"),
        (cc.bundled(), "csv", TypeError, "there is no csv of"),
        (
            cc.rank([ACME], METHODOLOGY),
            "pdf",
            ValueError,
            "the format must be `text`, `json`, `markdown`, `html` or `csv`",
        ),
    ],
)
def test_what_cannot_be_rendered_is_refused(result: Any, format: Any, error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told):
        cc.render(result, format)
