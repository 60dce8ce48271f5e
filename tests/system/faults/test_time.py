"""Evidence that came too late: it earned points without a word."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

import cleancloud_rules as cc
from cleancloud_rules.analysis import bounds, certify, findings, reproduce
from tests.cli.conftest import Run, run
from tests.support import small
from tests.support.places import edit
from tests.system.test_bad_files import COMPANIES, CRITERIA

__all__ = ["run"]  # a fixture
EARLY, LATE = "2024-02-29", "2024-03-01"
"""The day before the report of the demonstration was published, and that day."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the good dataset and its methodology, to be edited."""
    demo = Path(shutil.copytree(COMPANIES / "good", tmp_path / "demo"))
    shutil.copytree(CRITERIA / "good", demo / "methodology")
    return demo


def test_a_source_of_a_later_day_earns_nothing_and_says_why() -> None:
    late = {"next-report": {"type": "report", "published": "2026-05-01"}}
    methodology = small.methodology(small.LADDER, as_of="2024-06-30")
    card = small.card(methodology, small.fact("share", {"percent": 60}, source="next-report"), sources=late)
    assert card.criteria[0].points == 0
    assert card.criteria[0].outcome.value == "excluded"
    assert card.facts[0].why_not == "its source was published on 2026-05-01, after the cut-off on 2024-06-30"
    assert "did not" not in card.to_json()
    assert json.loads(card.to_json())["methodology"]["as_of"] == "2024-06-30"
    assert cc.Scorecard.from_json(card.to_json()) == card


def test_a_source_that_was_read_before_it_was_published_is_an_error() -> None:
    wrong = {"odd": {"type": "report", "published": "2024-05-01", "accessed": "2024-04-30"}}
    methodology = small.methodology(small.LADDER)
    with pytest.raises(cc.FactsError, match="accessed before it was published"):
        small.company(methodology, sources=wrong)
    for published, accessed in (("2024-05-01", "2024-05-01"), (2024, "2024-01-01"), ("2024-12-31", 2024)):
        small.company(methodology, sources={"fine": {"type": "report", "published": published, "accessed": accessed}})


def test_a_period_in_the_past_counts_by_its_end_unless_the_window_says_otherwise() -> None:
    stated = small.fact("share", {"percent": 60}, period="2021-07-01/2022-06-30")
    counted = {}
    for counts in ("end", "overlap", "whole"):
        windows = {"short_term": {"from": "2022-01-01", "to": "2024-06-30", "counts": counts}, "long_term": "always"}
        counted[counts] = small.card(small.methodology(small.LADDER, windows=windows), stated).facts[0].why_not
    assert (counted["end"], counted["overlap"]) == (None, None)
    assert counted["whole"] == "its period begins on 2021-07-01, before the window begins on 2022-01-01"


def test_a_dataset_gives_its_companies_its_cut_off(folder: Path) -> None:
    methodology = cc.load_methodology(folder / "methodology")
    full = cc.load_dataset(folder, methodology)
    edit(folder / "dataset.yaml", "methodology: demo", f"methodology: demo\nas_of: {EARLY}")
    dataset = cc.load_dataset(folder, methodology)
    (company,) = dataset.companies
    assert (dataset.as_of, company.cut_off) == (date(2024, 2, 29), date(2024, 2, 29))
    assert company.sha256 == full.companies[0].sha256
    assert cc.load_company(folder / "companies" / "acme.yaml", methodology) == company
    assert cc.score(company, methodology).total == 0
    assert cc.score(full.companies[0], methodology).total != 0
    for result in (cc.rank(dataset, methodology), bounds(dataset, methodology), findings(dataset, methodology)):
        assert result.methodology.as_of == EARLY
    assert reproduce(dataset, methodology).methodology.as_of == EARLY
    assert reproduce(dataset, methodology, as_of=date(2024, 3, 1)).methodology.as_of == LATE


def test_a_test_case_has_a_cut_off_of_its_own_unless_all_have_another(run: Run, folder: Path) -> None:
    cases = folder / "methodology" / "cases"
    cases.mkdir()
    fact = "facts: [{share: {percent: 12.5, denominator: electricity}, period: 2023, source: own}]"
    sources = "sources: {own: {type: report, published: 2024-03-01}}\n"
    lines = [
        f"  - {{name: On {day}, as_of: {day}, {fact}, expect: {{criteria: {{renewable_share: excluded}}}}}}"
        for day in (EARLY, LATE)
    ]
    (cases / "time.yaml").write_text("\n".join([f"{sources}cases:", *lines, ""]), encoding="utf-8")
    assert [case.passed for case in cc.run_cases(folder / "methodology").cases] == [True, False]
    early, late = (cc.run_cases(folder / "methodology", as_of=date.fromisoformat(day)) for day in (EARLY, LATE))
    assert ([case.passed for case in early.cases], early.methodology.as_of) == ([True, True], EARLY)
    assert ([case.passed for case in late.cases], late.methodology.as_of) == ([False, False], LATE)
    assert [run("test", folder / "methodology", "--as-of", day).exit_code for day in (EARLY, LATE)] == [0, 1]
    with pytest.raises(TypeError, match="`as_of` must be a date"):
        cc.run_cases(folder / "methodology", as_of=EARLY)  # type: ignore[arg-type]


@pytest.mark.parametrize("command", ["score", "explain", "rank", "bounds", "findings", "reproduce"])
def test_the_commands_that_score_take_a_date(run: Run, folder: Path, command: str) -> None:
    found = {day: run(command, folder, "--as-of", day) for day in (EARLY, LATE)}
    for day, result in found.items():
        assert f"evidence as of {day}" in result.stdout, result.output
        data = json.loads(run(command, folder, "--as-of", day, "--format", "json").stdout)
        assert data["methodology"]["as_of"] == day
    if command != "reproduce":  # solver-chosen facts give the published figures on both days
        assert found[EARLY].stdout.replace(EARLY, LATE) != found[LATE].stdout
    edit(folder / "dataset.yaml", "methodology: demo", f"methodology: demo\nas_of: {EARLY}")
    assert run(command, folder).stdout == found[EARLY].stdout
    assert run(command, folder, "--as-of", LATE).stdout == found[LATE].stdout


@pytest.mark.parametrize("day", ["today", "2024", "2024-06-31", "20240630", "2024-W01-1"])
def test_a_cut_off_is_a_day_of_the_calendar(run: Run, folder: Path, day: str) -> None:
    result = run("score", folder, "--as-of", day)
    assert result.exit_code == 2
    assert f"`{day}` is not a day of the calendar" in result.output


@pytest.mark.parametrize("command", ["rank", "bounds"])
def test_datasets_with_different_cut_offs_are_not_put_into_one_table(run: Run, folder: Path, command: str) -> None:
    other = folder.with_name("other")
    shutil.copytree(folder, other)
    edit(other / "dataset.yaml", "methodology: demo", f"methodology: demo\nas_of: {EARLY}")
    edit(other / "companies" / "acme.yaml", "id: acme", "id: other")
    edit(other / "published.csv", "acme", "other")
    edit(other / "overlay.yaml", "id: acme", "id: other")
    result = run(command, folder, other)
    assert result.exit_code == 2, result.output
    assert "different cut-offs" in result.output
    assert run(command, folder, other, "--as-of", LATE).exit_code == 0
    assert run("score", folder, other).exit_code == 0


def test_check_warns_of_uncertain_dates_only_where_there_is_a_cut_off(run: Run, folder: Path) -> None:
    edit(folder / "sources.yaml", "2024-03-01", "2024")
    assert "undated-source" not in run("check", folder).output
    assert "undated-source" in run("check", folder, "--as-of", "2024-06-30").output
    assert "undated-source" not in run("check", folder, "--as-of", "2024-12-31").output
    assert "undated-source" not in run("check", folder, "--as-of", "2023-12-31").output
    methodology = cc.load_methodology(folder / "methodology")
    dataset = cc.load_dataset(folder, methodology)
    for companies in (dataset, dataset.companies, dataset.companies[0]):
        assert "undated-source" not in {found.code for found in cc.check(companies, methodology)}
        for day, warns in ((date(2024, 6, 30), True), (date(2024, 12, 31), False)):
            codes = {found.code for found in cc.check(companies, methodology, as_of=day)}
            assert ("undated-source" in codes) is warns
    with pytest.raises(TypeError, match="perhaps a cut-off"):
        cc.check(methodology, as_of=date(2024, 6, 30))  # type: ignore[call-overload]


def test_a_diff_says_that_the_cut_off_and_what_a_window_counts_changed(folder: Path) -> None:
    old = cc.load_methodology(folder / "methodology")
    edit(folder / "methodology" / "methodology.yaml", "windows:", f"as_of: {EARLY}\nwindows:")
    edit(folder / "methodology" / "methodology.yaml", "to: 2024-06-30}", "to: 2024-06-30, counts: whole}")
    found = cc.diff(old, cc.load_methodology(folder / "methodology"), folder)
    said = [change.text for change in found.changes]
    assert said == ["window `recent`: counts `end` became `whole`", f"the methodology: cut-off {EARLY} was added"]
    assert found.effect is not None
    assert found.effect.companies[0].figures


def test_a_diff_takes_a_cut_off_for_both_editions(run: Run, folder: Path) -> None:
    old = cc.load_methodology(folder / "methodology")
    other = Path(shutil.copytree(folder / "methodology", folder.with_name("later")))
    edit(other / "methodology.yaml", "windows:", f"as_of: {EARLY}\nwindows:")
    new = cc.load_methodology(other)
    days = (None, date(2024, 2, 29), date(2024, 3, 1))
    effects = [cc.diff(old, new, folder, as_of=day).effect for day in days]
    changed = [any(figure.change for figure in effect.companies[0].figures) for effect in effects if effect is not None]
    assert changed == [True, False, False], "only without a cut-off for both do the editions count different facts"
    command = ("diff", folder / "methodology", other, "--data", folder, "--format", "json")
    for more, moves in (((), True), (("--as-of", EARLY), False)):
        figures = json.loads(run(*command, *more).stdout)["effect"]["companies"][0]["figures"]
        assert any(float(figure["change"]) for figure in figures) is moves
    with pytest.raises(TypeError, match="`as_of` must be a date"):
        cc.diff(old, new, folder, as_of=LATE)  # type: ignore[arg-type]


def test_a_cut_off_is_no_value_that_improves() -> None:
    windows = {"short_term": {"from": "2022-01-01", "counts": "whole"}, "long_term": "always"}
    rules = small.criterion(
        "cited", 3, small.rule("late", 3, {"goal": {"evidence": {"published": ">= 2024-01-01"}}}),
        small.rule("some", 1, {"goal": {}}),
    )  # fmt: skip
    methodology = small.methodology(small.LADDER, rules, as_of="2023-06-30", windows=windows)
    certificate = certify(methodology, examples=40)
    found = {part.id: part for part in certificate.criteria}
    assert all(j.verdict.value == "proved" for part in found.values() for j in part.judgements)
    assert "window" in found["cited"].judgements[0].lemmas
    greatest = {id: int(part.greatest) for id, part in found.items() if part.greatest is not None}
    assert greatest == {"ladder": 4, "cited": 1}, "no source of 2024 was there"
    nothing = bounds([small.company(methodology)], methodology).companies[0]
    assert {c.id: c.ceiling for group in nothing.categories for c in group.criteria} == {"cited": 1, "ladder": 4}
