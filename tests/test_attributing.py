"""Tests of attribution: on Clean Cloud 2024 a diff states exactly what was edited, and every figure adds up."""

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from cleancloud_rules import Difference, FactsError, diff, load_dataset, load_methodology, rank
from cleancloud_rules.differences import ChangeKind, CompanyDifference, FigureKind
from cleancloud_rules.rankings import RankedCompany
from tests.places import CRITERIA, DATASET, edit

Edit = Callable[[Path], None]


def weaken(folder: Path) -> None:
    edit(folder / "renewable_energy.yaml", '"> 10"', '"> 5"')


def rename(folder: Path) -> None:
    edit(folder / "influence.yaml", "- id: knowledge_sharing\n", "- id: sharing\n    replaces: [knowledge_sharing]\n")


def move_weight(folder: Path) -> None:
    edit(folder / "methodology.yaml", "weight: 20}", "weight: 22}")
    edit(folder / "methodology.yaml", "weight: 30}", "weight: 28}")


WEAKENED = "criterion `renewable_share`, rule `above_10`: renewable_share.percent `> 10` became `> 5`"
RENAMED = "criterion `knowledge_sharing` is called `sharing` now"
MOVED = ["category `transparency`: weight 20 became 22", "category `carbon_reduction`: weight 30 became 28"]

EDITS = {
    "a threshold is weakened": ([weaken], [WEAKENED], [(1,)]),
    "a criterion is renamed": ([rename], [RENAMED], [(1,)]),
    "two points of weight are moved": ([move_weight], MOVED, [(1, 2)]),
    "all three": ([weaken, rename, move_weight], [RENAMED, *MOVED, WEAKENED], [(1,), (2, 3), (4,)]),
}


def ranked(folder: Path | str) -> dict[str, RankedCompany]:
    methodology = load_methodology(folder)
    ranking = rank(load_dataset(DATASET, methodology), methodology)
    return {row.scorecard.company.id: row for cohort in ranking.cohorts for row in cohort.rows}


def compared_with(folder: Path, data: Path = DATASET) -> Difference:
    return diff(load_methodology(CRITERIA), load_methodology(folder), data)


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_stated_exactly_and_adds_up_for_each_company(name: str, tmp_path: Path) -> None:
    edits, texts, steps = EDITS[name]
    folder = Path(shutil.copytree(CRITERIA, tmp_path / "new"))
    for change in edits:
        change(folder)
    found = compared_with(folder)
    assert [change.text for change in found.changes] == texts
    assert found.effect is not None
    assert [step.changes for step in found.effect.steps] == steps
    assert len(found.effect.companies) == 25
    before, after = ranked(CRITERIA), ranked(folder)
    for company in found.effect.companies:
        assert_adds_up(company, before[company.company.id], after[company.company.id])


def assert_adds_up(company: CompanyDifference, before: RankedCompany, after: RankedCompany) -> None:
    for figure in company.figures:
        assert sum((c.change for c in figure.contributions), Decimal(0)) == figure.change
    ends = {
        FigureKind.TOTAL: (before.scorecard.total, after.scorecard.total),
        FigureKind.RANK: (Decimal(before.rank), Decimal(after.rank)),
    }
    for kind, (first, last) in ends.items():
        assert (company.figure(kind).old, company.figure(kind).new) == (first, last)
    scores = {f.id: (f.old, f.new) for f in company.figures if f.kind is FigureKind.SCORE}
    for category in after.scorecard.categories:
        first = before.scorecard.category(category.id).score
        assert scores.get(category.id, (first, first)) == (first, category.score)
    points = {f.id: (f.old, f.new) for f in company.figures if f.kind is FigureKind.POINTS}
    ids = {"sharing": "knowledge_sharing"}
    for criterion in after.scorecard.criteria:
        old_id = criterion.id if criterion.id in CRITERIA_IDS else ids[criterion.id]
        first_points = before.scorecard.criterion(old_id).points
        assert points.get(criterion.id, (first_points, first_points)) == (first_points, criterion.points)


CRITERIA_IDS = {criterion.id for criterion in load_methodology(CRITERIA).criteria}


def test_each_move_is_attributed_to_the_step_that_makes_it(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CRITERIA, tmp_path / "new"))
    for change in (weaken, rename, move_weight):
        change(folder)
    effect = compared_with(folder).effect
    assert effect is not None
    by_kind = {(f.kind, f.id, c.step) for x in effect.companies for f in x.figures for c in f.contributions}
    assert {id for kind, id, step in by_kind if step == 2 and kind is FigureKind.SCORE} == {
        "transparency",
        "carbon_reduction",
    }
    assert {id for kind, id, step in by_kind if step == 3 and kind is FigureKind.POINTS} == {"renewable_share"}
    assert not any(step == 1 for *_, step in by_kind)


def test_a_criterion_that_comes_counts_from_nothing(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CRITERIA, tmp_path / "old"))
    text = (folder / "influence.yaml").read_text(encoding="utf-8")
    start = text.index("  - id: knowledge_sharing")
    end = text.find("\n  - id: ", start)
    (folder / "influence.yaml").write_text(text[:start] + (text[end + 1 :] if end > 0 else ""), encoding="utf-8")
    found = diff(load_methodology(folder), load_methodology(CRITERIA), DATASET)
    assert [change.kind for change in found.changes] == [ChangeKind.ADDED]
    assert found.effect is not None
    figures = [f for x in found.effect.companies for f in x.figures if f.id == "knowledge_sharing"]
    assert all(f.old is None and f.new == f.change for f in figures)


def test_a_company_that_an_edition_cannot_read_is_left_out_with_its_findings(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CRITERIA, tmp_path / "new"))
    data = Path(shutil.copytree(DATASET, tmp_path / "data"))
    edit(folder / "facts.yaml", "values: [conference, ", "values: [congress, conference, ")
    file = data / "companies" / "gds.yaml"
    addition = "facts:\n  - shared_practice: {channel: congress}\n    period: 2023\n    source: clean-cloud-2024\n"
    edit(file, "facts:\n", addition)
    effect = compared_with(folder, data).effect
    assert effect is not None
    (unread,) = effect.unread
    assert (Path(unread.file).name, unread.edition) == ("gds.yaml", "old")
    assert "error[unknown-value]: `congress` is not" in unread.findings[0]
    assert len(effect.companies) == 24
    assert "gds" not in {company.company.id for company in effect.companies}


def test_a_dataset_of_a_third_methodology_is_refused(tmp_path: Path) -> None:
    data = Path(shutil.copytree(DATASET, tmp_path / "data"))
    edit(data / "dataset.yaml", "methodology: clean_cloud_2024", "methodology: another")
    with pytest.raises(FactsError) as refused:
        compared_with(CRITERIA, data)
    assert [finding.code for finding in refused.value.diagnostics] == ["wrong-methodology"]


def test_without_changes_nothing_moves() -> None:
    found = compared_with(CRITERIA)
    assert found.changes == ()
    assert found.effect is not None
    assert found.effect.steps == ()
    assert all(figure.change == 0 for company in found.effect.companies for figure in company.figures)
