"""Results come back from their JSON as they were, and JSON that is no result is refused with its place."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleancloud_rules as cc
from cleancloud_rules import InputError, Ranking, Scorecard
from cleancloud_rules.results import Points
from cleancloud_rules.testing import companies, methodologies
from tests.support import samples, small
from tests.support.examples import FOLDERS, example
from tests.support.places import GOLDEN
from tests.support.sizes import sized

RANKING = samples.ranking().to_json()
CARD = samples.scorecard().to_json()


@st.composite
def rankings(draw: st.DrawFn) -> Ranking:
    methodology = draw(methodologies())
    stated = draw(st.lists(companies(methodology), max_size=4, unique_by=lambda company: company.id))
    failures: list[Any] = []
    return cc.rank(stated, methodology, with_hypothetical=draw(st.booleans()), failures=failures)


@sized(40)
@given(rankings())
def test_any_ranking_comes_back_from_its_json(ranking: Ranking) -> None:
    text = ranking.to_json()
    read = Ranking.from_json(text)
    assert read.to_json() == text
    assert Ranking.from_json(read.to_json()) == read
    assert read.notices == ranking.notices
    for cohort, before in zip(read.cohorts, ranking.cohorts, strict=True):
        for row, original in zip(cohort.rows, before.rows, strict=True):
            assert (row.rank, row.total, row.outcome) == (original.rank, original.total, original.scorecard.outcome)
            assert row.outcomes == original.outcomes
            assert row.categories == original.categories


@sized(40)
@given(rankings())
def test_any_scorecard_and_its_points_come_back_from_their_json(ranking: Ranking) -> None:
    for card in (row.scorecard for cohort in ranking.cohorts for row in cohort.rows):
        assert Scorecard.from_json(card.to_json()) == card
        points = Points.from_json(card.to_json(detail="points"))
        assert points.to_json() == card.to_json(detail="points")


@pytest.mark.parametrize("name", FOLDERS)
def test_the_ranking_of_every_example_comes_back(name: str) -> None:
    methodology, dataset = example(name)
    for ranking in (cc.rank(dataset, methodology), cc.rank(dataset, methodology, with_hypothetical=True)):
        read = Ranking.from_json(ranking.to_json().encode())
        assert read.to_json() == ranking.to_json()
        assert read._repr_html_() == ranking._repr_html_()
        assert {cohort.id for cohort in read.cohorts} == {cohort.id for cohort in ranking.cohorts}


@pytest.mark.parametrize("name", [name for name in FOLDERS if name != "clean_cloud_2024"])
def test_bounds_and_published_figures_come_back(name: str) -> None:
    methodology, dataset = example(name)
    ranking = cc.rank(dataset, methodology, with_bounds=True)
    read = Ranking.from_json(ranking.to_json())
    assert read.to_json() == ranking.to_json()
    rows = [row for cohort in ranking.cohorts for row in cohort.rows]
    assert [row.bounds for cohort in read.cohorts for row in cohort.rows] == [row.bounds for row in rows]
    assert all(row.bounds is not None for row in rows)
    for row in rows:
        assert Scorecard.from_json(row.scorecard.to_json()) == row.scorecard


def test_what_a_publisher_printed_comes_back() -> None:
    methodology, dataset = example("clean_cloud_2024")
    ranking = cc.rank(dataset, methodology)
    read = Ranking.from_json(ranking.to_json())
    printed = [row.company.published for cohort in read.cohorts for row in cohort.rows]
    assert None not in printed
    assert printed == [row.company.published for cohort in ranking.cohorts for row in cohort.rows]
    points = cc.score(dataset.companies[0], methodology, explain=False)
    assert points.company.published is not None
    assert Points.from_json(points.to_json()) == points


def test_a_ranking_with_hypothetical_facts_comes_back() -> None:
    methodology, _ = example("clean_cloud_2024")
    dataset = cc.load_dataset("clean_cloud_2024", methodology, with_hypothetical=True)
    ranking = cc.rank(dataset, methodology, with_hypothetical=True)
    read = Ranking.from_json(ranking.to_json())
    assert any(row.hypothetical_total for cohort in read.cohorts for row in cohort.rows)
    assert read.to_json() == ranking.to_json()
    assert "hypothetical" in {notice.code for notice in read.notices}


def test_ties_and_companies_without_a_rank_come_back() -> None:
    ranks = [row.rank for cohort in Ranking.from_json(RANKING).cohorts for row in cohort.rows]
    assert ranks == [1, 1]
    data = json.loads(RANKING)
    data["cohorts"][0]["rows"][1]["rank"] = None
    read = Ranking.from_json(json.dumps(data))
    assert [row.rank for row in read.cohorts[0].rows] == [1, None]
    assert json.loads(read.to_json())["cohorts"][0]["rows"][1]["rank"] is None


def test_the_users_own_keys_come_back() -> None:
    files = small.files(small.LADDER)
    head = {**files["methodology.yaml"], "x-owner": {"a": [1]}}
    methodology = cc.methodology_from({**files, "methodology.yaml": head})
    company = cc.company_from({"id": "acme", "name": "Acme"}, methodology)
    text = cc.rank([company], methodology).to_json()
    assert '"x-owner"' in text
    assert Ranking.from_json(text).to_json() == text
    points = cc.score(company, methodology, explain=False)
    assert Points.from_json(points.to_json()) == points


def test_a_ranking_from_json_says_that_it_has_no_scorecards() -> None:
    row = Ranking.from_json(RANKING).cohorts[0].rows[0]
    assert (row.company.name, row.criteria_total) == ("Acme", 4)
    with pytest.raises(ValueError, match="figures and no scorecards"):
        _ = row.scorecard
    with pytest.raises(ValueError, match="figures and no scorecards"):
        cc.render(Ranking.from_json(RANKING))
    assert cc.render(Ranking.from_json(RANKING), "json") == RANKING


def changed(text: str, *path: Any, value: Any) -> str:
    data = json.loads(text)
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    if value is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return json.dumps(data, indent=2)


@pytest.mark.parametrize(
    ("text", "told", "underlined"),
    [
        ("", "this is not JSON: expecting value", ""),
        ("not json", "this is not JSON: expecting value", "n"),
        ('{\n  "a": 1\n  "b": 2}', "this is not JSON: ", '"'),
        (b"\xff", "byte 0xff is not UTF-8", "\ufffd"),
        ("[" * 100_000, "the JSON is nested too deeply", ""),
        ("{}", "`schema_version` must be 1, and there is none", "{}"),
        ("[]", "`schema_version` must be 1, and there is none", ""),
        ('{"schema_version": 99}', "`schema_version` must be 1, and got 99", "99"),
        ('{"schema_version": true}', "`schema_version` must be 1, and got true", "true"),
        (CARD, "key `cohorts` is missing", '"schema_version"'),
        (changed(RANKING, "rank_by", value="total"), "expected a list, got a text", '"total"'),
        (changed(RANKING, "cohorts", 0, "rows", 1, "rank", value="1"), "expected a whole number or `null`, got", '"1"'),
        (
            changed(RANKING, "cohorts", 0, "rows", 0, "outcome", value="good"),
            "`not_assessed` or `not_applicable`, got `good`",
            '"good"',
        ),
        (changed(RANKING, "cohorts", 0, "rows", 0, "outcomes", "good", value=1), "got `good`", ""),
        (changed(RANKING, "cohorts", 0, "rows", 0, "company", "id", value=...), "key `id` is missing", '"name"'),
        (changed(RANKING, "notices", value=None), "expected a list, got `null`", "null"),
        (changed(RANKING, "methodology", value=3), "expected a mapping, got a whole number", "3"),
        (3, "expected the JSON of a result as text, got `3`", ""),
        ({"cohorts": []}, "expected the JSON of a result as text, got a mapping", ""),
        (None, "expected the JSON of a result as text, got `null`", ""),
    ],
)
def test_what_is_no_ranking_is_refused_with_its_place(text: Any, told: str, underlined: str) -> None:
    with pytest.raises(InputError) as caught:
        Ranking.from_json(text)
    (found,) = caught.value.diagnostics
    assert told in found.message
    assert found.location.file.name == "<json>"
    if underlined:
        assert found.location.line
        assert found.location.text == underlined


TOTAL = ("cohorts", 0, "rows", 0, "total")
RANK = ("cohorts", 0, "rows", 0, "rank")
OUTCOMES = ("cohorts", 0, "rows", 0, "outcomes")


def literal(*path: Any, value: str) -> str:
    """Return the JSON of the ranking with another value, as it is written."""
    return changed(RANKING, *path, value="<here>").replace('"<here>"', value)


@pytest.mark.parametrize(
    ("text", "told", "underlined"),
    [
        *(
            (literal(*TOTAL, value=f'"{text}"'), "expected a number or `null`, got a text", f'"{text}"')
            for text in (70, "NaN", "-Infinity")
        ),
        (
            literal("cohorts", 0, "rows", 0, "categories", 0, "points", value='"4"'),
            "expected a number, got a text",
            '"4"',
        ),
        (literal(*TOTAL, value="NaN"), "this is not JSON: invalid character", "N"),
        (literal(*TOTAL, value="Infinity"), "this is not JSON: invalid character", "I"),
        (
            literal(*TOTAL, value="1e99999999999999999999"),
            "no number of a result has so many digits",
            "1e99999999999999999999",
        ),
        (literal(*TOTAL, value="-1E+1000"), "no number of a result has so many digits", "-1E+1000"),
        (literal(*TOTAL, value="1e-1001"), "no number of a result has so many digits", "1e-1001"),
        (literal(*RANK, value="1" * 5_000), "no number of a result has so many digits", "1" * 5_000),
        (literal(*RANK, value="-1"), "expected a whole number from 1", "-1"),
        (literal(*RANK, value="0"), "expected a whole number from 1", "0"),
        (literal(*RANK, value="1.0"), "expected a whole number or `null`, got a number", "1.0"),
        (literal(*OUTCOMES, value="[]"), "expected a mapping, got a list", "[]"),
        (literal(*OUTCOMES, value='[["met", 1]]'), "expected a mapping, got a list", '[["met", 1]]'),
        (literal(*OUTCOMES, value="null"), "expected a mapping, got `null`", "null"),
        (literal(*OUTCOMES, value="true"), "expected a mapping, got a boolean", "true"),
        (literal(*OUTCOMES, "not_met", value="-1"), "expected a whole number from 0", ""),
        ("[1" + "1" * 5_000, "no number of a result has so many digits", "1" * 5_001),
        ("[1,\n NaN]", "this is not JSON: invalid character", "N"),
        ('["\ud800", ' + "1" * 5_000 + "]", "this is not JSON: 'utf-8' codec can't encode", ""),
        ('["\ud800", ' + "[" * 100_000, "this is not JSON: it is nested too deeply", ""),
    ],
)
def test_what_no_ranking_can_hold_is_refused_with_its_place(text: str, told: str, underlined: str) -> None:
    test_what_is_no_ranking_is_refused_with_its_place(text, told, underlined)


def test_the_published_figures_and_the_fields_of_facts_are_mappings() -> None:
    methodology, dataset = example("clean_cloud_2024")
    card = cc.score(dataset.companies[0], methodology).to_json()
    for path in (("company", "published", "scores"), ("facts", 0, "fields")):
        with pytest.raises(InputError, match="expected a mapping, got a list") as caught:
            Scorecard.from_json(changed(card, *path, value=[["a", 1]]))
        assert caught.value.diagnostics[0].location.text == "["
    with pytest.raises(InputError, match="expected a mapping or `null`, got a text"):
        Scorecard.from_json(changed(CARD, "categories", 0, "criteria", 0, "remedy", value="write"))
    with pytest.raises(InputError, match="expected a number, got a text"):
        Scorecard.from_json(changed(card, "company", "published", "scores", "transparency", value="1"))


@pytest.mark.parametrize(
    ("exact", "told"),
    [
        *((text, "is not a fraction") for text in ("0.5", "1e999999999", "1" * 5_000, "9" * 900 + "/0", "1/")),
        *((text, "is not a fraction") for text in (" 1/2", "\u0661", "", "/2", "1/-2", "--1", "1_0")),
        *((value, "expected a fraction or `null`, got a") for value in (5, 0.5, [1], True)),
    ],
)
def test_what_is_no_fraction_is_refused(exact: Any, told: str) -> None:
    with pytest.raises(InputError, match=told):
        Scorecard.from_json(changed(CARD, "categories", 0, "exact", value=exact))


@pytest.mark.parametrize("key", ["_scorecard", "_maker", "node", "extra", "later"])
@pytest.mark.parametrize("value", [None, {}, 5, [["a", 1]]])
def test_a_key_that_the_json_of_a_result_never_has_is_left_out(key: str, value: Any) -> None:
    for path in ((), ("methodology",), ("cohorts", 0, "rows", 0)):
        read = Ranking.from_json(changed(RANKING, *path, key, value=value))
        assert read == Ranking.from_json(RANKING)
    with pytest.raises(ValueError, match="figures and no scorecards"):
        _ = (
            Ranking.from_json(changed(RANKING, *TOTAL[:4], "_scorecard", value=json.loads(CARD)))
            .cohorts[0]
            .rows[0]
            .scorecard
        )


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes_of_every_type_are_read(kind: Any) -> None:
    assert Ranking.from_json(kind(RANKING.encode())) == Ranking.from_json(RANKING)


def test_a_place_in_a_scorecard_is_found_although_its_classes_differ_from_the_json() -> None:
    text = changed(CARD, "categories", 0, "criteria", 0, "remedy", "text", value=5)
    with pytest.raises(InputError) as caught:
        Scorecard.from_json(text)
    (found,) = caught.value.diagnostics
    assert found.location.path.startswith("categories[0].criteria[0].remedy")
    wrong = changed(CARD, "categories", 0, "exact", value="8/0")
    with pytest.raises(InputError, match="`8/0` is not a fraction"):
        Scorecard.from_json(wrong)


@pytest.mark.parametrize("cls", [Scorecard, Ranking, Points])
def test_a_result_of_another_kind_is_refused(cls: Any) -> None:
    texts: dict[Any, str] = {Scorecard: CARD, Ranking: RANKING, Points: samples.scorecard().to_json("points")}
    for kind, text in texts.items():
        if kind is cls:
            assert cls.from_json(text).to_json() == text
        else:
            with pytest.raises(InputError, match="is missing"):
                cls.from_json(text)


def test_keys_of_later_versions_are_left_out() -> None:
    assert Ranking.from_json(changed(RANKING, "later", value=1)) == Ranking.from_json(RANKING)


def test_the_rankings_that_are_kept_come_back() -> None:
    kept = [path.read_text(encoding="utf-8") for path in sorted(GOLDEN.rglob("*rank*.json"))]
    assert kept
    for text in kept:
        assert Ranking.from_json(text).to_json() == text
