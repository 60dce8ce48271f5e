"""Tests of attribution: on Clean Cloud 2024 a diff states exactly what was edited, and every figure adds up."""

import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cleancloud_rules import FactsError, Methodology, dataset_from, diff, load_dataset, load_methodology, rank
from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.difference import difference_text
from cleancloud_rules.results import Difference
from cleancloud_rules.results.differences import ChangedFigureKind, ChangeKind, CompanyDifference, WordKind
from cleancloud_rules.results.rankings import RankedCompany
from cleancloud_rules.results.scorecards import Scorecard
from tests.support import small
from tests.support.examples import FOLDERS, texts_in
from tests.support.fictional import EXAMPLES, FARMS, LIBRARIES
from tests.support.known import known
from tests.support.places import CRITERIA, DATASET, edit

Edit = Callable[[Path], None]


def weaken(folder: Path) -> None:
    edit(folder / "renewable_energy.yaml", '"> 10"', '"> 5"')


def rename(folder: Path) -> None:
    edit(folder / "influence.yaml", "- id: knowledge_sharing\n", "- id: sharing\n    replaces: [knowledge_sharing]\n")


def move_weight(folder: Path) -> None:
    edit(folder / "methodology.yaml", "weight: 20}", "weight: 22}")
    edit(folder / "methodology.yaml", "weight: 30}", "weight: 28}")


WEAKENED = "criterion `renewable_share`, rule `above_10`: renewable_share.percent `> 10` became `> 5`"
RENAMED = "criterion `knowledge_sharing` was renamed to `sharing`"
MOVED = ["category `transparency`: weight 20 became 22", "category `carbon_reduction`: weight 30 became 28"]

EDITS = {
    "a threshold is weakened": ([weaken], [WEAKENED], [(1,)]),
    "a criterion is renamed": ([rename], [RENAMED], [(1,)]),
    "two points of weight are moved": ([move_weight], MOVED, [(1, 2)]),
    "all three": ([weaken, rename, move_weight], [RENAMED, *MOVED, WEAKENED], [(1,), (2, 3), (4,)]),
}


def ranked(folder: Path | str, data: Path = DATASET) -> dict[str, RankedCompany]:
    methodology = load_methodology(folder)
    ranking = rank(load_dataset(data, methodology), methodology)
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
        ChangedFigureKind.TOTAL: (before.scorecard.total, after.scorecard.total),
        ChangedFigureKind.RANK: (Decimal(known(before.rank)), Decimal(known(after.rank))),
    }
    for kind, (first, last) in ends.items():
        assert (company.figure(kind).old, company.figure(kind).new) == (first, last)
    scores = {f.id: (f.old, f.new) for f in company.figures if f.kind is ChangedFigureKind.SCORE}
    for category in after.scorecard.categories:
        first = before.scorecard.category(category.id).score
        assert scores.get(category.id, (first, first)) == (first, category.score)
    points = {f.id: (f.old, f.new) for f in company.figures if f.kind is ChangedFigureKind.POINTS}
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
    assert {id for kind, id, step in by_kind if step == 2 and kind is ChangedFigureKind.SCORE} == {
        "transparency",
        "carbon_reduction",
    }
    assert {id for kind, id, step in by_kind if step == 3 and kind is ChangedFigureKind.POINTS} == {"renewable_share"}
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
    assert "error[unknown-value]: `congress` is not" in unread.diagnostics[0]
    assert len(effect.companies) == 24
    assert "gds" not in {company.company.id for company in effect.companies}


def test_a_dataset_of_a_third_methodology_is_refused(tmp_path: Path) -> None:
    data = Path(shutil.copytree(DATASET, tmp_path / "data"))
    edit(data / "dataset.yaml", "methodology: clean_cloud_2024", "methodology: another")
    with pytest.raises(FactsError) as refused:
        compared_with(CRITERIA, data)
    (found,) = refused.value.diagnostics
    assert found.code == "wrong-methodology"
    assert found.message == "the dataset is made for `another`, not for `clean_cloud_2024`"


def test_a_dataset_that_names_no_methodology_has_one_error(tmp_path: Path) -> None:
    data = Path(shutil.copytree(DATASET, tmp_path / "data"))
    edit(data / "dataset.yaml", "methodology: clean_cloud_2024\n", "")
    with pytest.raises(FactsError) as refused:
        compared_with(CRITERIA, data)
    (found,) = refused.value.diagnostics
    assert found.code == "missing-key"
    assert "`methodology`" in found.message


def test_without_changes_nothing_moves() -> None:
    found = compared_with(CRITERIA)
    assert found.changes == ()
    assert found.effect is not None
    assert found.effect.steps == ()
    assert all(figure.change == 0 for company in found.effect.companies for figure in company.figures)


def dataset(folder: Path, **companies: list[dict[str, Any]]) -> Path:
    """Write a dataset of companies of the small methodology, each with its facts."""
    head = {"title": "Data", "methodology": "small", "companies": sorted(f"{id}.json" for id in companies)}
    (folder / "dataset.yaml").write_text(json.dumps(head), encoding="utf-8")
    for id, facts in companies.items():
        company = {"id": id, "name": id.capitalize(), "facts": facts}
        (folder / f"{id}.json").write_text(json.dumps(company), encoding="utf-8")
    return folder


SHARES = {id: [small.fact("share", {"percent": share})] for id, share in (("high", 80), ("middle", 50), ("low", 5))}
"""Companies of which the share alone is known."""

SHARE = small.criterion(
    "share",
    100,
    *(small.rule(f"from_{least}", least, {"share": {"percent": f">= {least}"}}) for least in (100, 80, 50, 5)),
    horizon="short_term",
)


def banded(amber: int, **more: Any) -> Methodology:
    """Return an edition whose companies are green, amber from a number on, or red."""
    bands = [
        {"score": "[75..100]", "label": "green"},
        {"score": f"[{amber}..75)", "label": "amber"},
        {"score": f"< {amber}", "label": "red"},
    ]
    return small.methodology(SHARE, bands=bands, rank_by=["label", "total"], **more)


def test_a_company_that_falls_to_another_label_says_so_and_by_which_step(tmp_path: Path) -> None:
    effect = diff(banded(40), banded(70), dataset(tmp_path, **SHARES)).effect
    assert effect is not None
    labels = {company.company.id: company.word(WordKind.LABEL) for company in effect.companies}
    assert {id: (label.old, label.new) for id, label in labels.items()} == {
        "high": ("green", "green"), "middle": ("amber", "red"), "low": ("red", "red"),
    }  # fmt: skip
    (turn,) = labels["middle"].turns
    assert (turn.old, turn.new) == ("amber", "red")
    assert all(labels[id].turns == () for id in ("high", "low"))
    assert all(company.figure(ChangedFigureKind.TOTAL).change == 0 for company in effect.companies)
    assert effect.rank_by == ("label", "total")


def test_what_a_company_does_not_have_is_not_there(tmp_path: Path) -> None:
    effect = diff(banded(40), banded(70), dataset(tmp_path, **SHARES)).effect
    assert effect is not None
    with pytest.raises(KeyError):
        effect.companies[0].word(WordKind.LEVEL)
    with pytest.raises(KeyError):
        effect.companies[0].figure(ChangedFigureKind.SCORE, "whole")


CARBON = {"when": {"goal": {"topic": "carbon"}}, "counts_as": "zero"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ({"requirement": "must"}, {"requirement": "must", "needs": "must"}, "outcome: scored to withheld, by step 1"),
        ({}, {"requires": ["share"]}, "outcome of target: not assessed to gated, by step 1"),
        ({}, {"not_applicable": CARBON}, "outcome of target: not assessed to not applicable, by step 1"),
    ],
)
def test_an_outcome_that_changes_is_told_where_the_number_stays_or_is_gone(
    old: dict[str, Any], new: dict[str, Any], told: str, tmp_path: Path
) -> None:
    def edition(needs: str | None = None, **more: Any) -> Methodology:
        target = small.criterion("target", 1, small.rule("any", 1, {"goal": {"topic": "energy"}}), **more)
        return small.methodology(target, SHARE, **({} if needs is None else {"needs": needs}))

    data = dataset(tmp_path, acme=[small.fact("goal", {"topic": "carbon"})])
    found = diff(edition(**old), edition(**new), data)
    assert found.effect is not None
    (company,) = found.effect.companies
    assert all(figure.change == 0 for figure in company.figures if figure.kind is not ChangedFigureKind.RANK)
    text = as_text(difference_text(found))
    assert f"    {told}\n" in text
    assert "Step 1: change 1.\n" in text


def words_of(card: Scorecard) -> dict[tuple[WordKind, str | None], str | None]:
    """Return every word of a scorecard."""
    words: dict[tuple[WordKind, str | None], str | None] = {(WordKind.LABEL, None): card.label}
    words[WordKind.LEVEL, None] = None if card.level is None else card.level.id
    words.update({(WordKind.TABLE, table.id): "; ".join(table.outputs) or None for table in card.tables})
    words.update({(WordKind.LABEL, group.id): group.label for group in card.groups})
    words[WordKind.OUTCOME, None] = card.outcome.value
    words.update({(WordKind.OUTCOME, group.id): group.outcome.value for group in card.groups})
    words.update({(WordKind.OUTCOME, criterion.id): criterion.outcome.value for criterion in card.criteria})
    return words


def farms(folder: Path) -> None:
    edit(folder / "methodology.yaml", '{label: sparing, score: ">= 70"}', '{label: sparing, score: ">= 55"}')
    edit(folder / "methodology.yaml", '{label: moderate, score: "[40..70)"}', '{label: moderate, score: "[40..55)"}')
    edit(folder / "methodology.yaml", "care: fair, then: on the way", "care: fair, then: watched")


def libraries(folder: Path) -> None:
    edit(folder / "methodology.yaml", "title: Leading, requires: [arriving]}", "title: Leading, requires: [people]}")


@pytest.mark.parametrize(("example", "change"), [(FARMS, farms), (LIBRARIES, libraries)])
def test_words_are_those_of_both_editions_and_each_turn_begins_where_the_last_ends(
    example: str, change: Edit, tmp_path: Path
) -> None:
    old_folder = EXAMPLES / example / "methodology"
    new_folder = Path(shutil.copytree(old_folder, tmp_path / "new"))
    change(new_folder)
    data = EXAMPLES / example
    effect = diff(load_methodology(old_folder), load_methodology(new_folder), data).effect
    assert effect is not None
    before, after = (ranked(folder, data) for folder in (old_folder, new_folder))
    for company in effect.companies:
        first, last = (words_of(rows[company.company.id].scorecard) for rows in (before, after))
        shown = {(word.kind, word.id): word for word in company.words}
        for name in first.keys() | last.keys():
            if name in shown:
                assert (shown[name].old, shown[name].new) == (first[name], last[name])
            else:
                assert first[name] == last[name]
        for word in company.words:
            through = [word.old, *(turn.new for turn in word.turns)]
            assert ([turn.old for turn in word.turns], word.new) == (through[:-1], through[-1])
    assert any(word.turns for company in effect.companies for word in company.words)


def test_responses_are_not_read() -> None:
    methodology, dataset = FOLDERS["careful_water"]
    texts = {name: text for name, text in texts_in(dataset).items() if not name.startswith("methodology/")}
    ridge = texts["companies/example_ridge.yaml"]
    texts["companies/example_ridge.yaml"] = ridge.replace("about: [permit", "about: [of_another_edition")
    own = load_methodology(methodology)
    with pytest.raises(FactsError, match="of_another_edition"):
        dataset_from(texts, own)
    found = diff(own, own, texts)
    assert found.effect is not None
    assert (found.effect.unread, len(found.effect.companies)) == ((), 5)
