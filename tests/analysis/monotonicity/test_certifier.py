"""Tests of certificates: what holds of the bundled methodology, and what each mistake in it is refuted by."""

import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cleancloud_rules import company_from, load_methodology, methodology_from, score
from cleancloud_rules.analysis import certify
from cleancloud_rules.analysis.monotonicity import certifier as certifying
from cleancloud_rules.analysis.monotonicity import state_space
from cleancloud_rules.analysis.monotonicity.repair import EXCEPTION
from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.certificate import certificate_text
from cleancloud_rules.results import Certificate, Counterexample, Improvement, Judgement, Verdict
from cleancloud_rules.results.certificates import Means
from tests.support import small
from tests.support.places import CRITERIA
from tests.support.small import criterion, rule

SHIPPED = load_methodology(CRITERIA)
ENERGY = "renewable_energy.yaml"


@pytest.fixture(scope="module")
def shipped() -> Certificate:
    return certify(SHIPPED, examples=0)


def test_every_shipped_criterion_is_proved_in_all_three_senses_by_lemmas(shipped: Certificate) -> None:
    assert len(shipped.criteria) == len(SHIPPED.criteria) == 31
    for part in shipped.all:
        for judgement in part.judgements:
            assert (judgement.verdict, judgement.by) == (Verdict.PROVED, Means.LEMMAS), (part.id, judgement.sense)
            assert judgement.lemmas
    assert shipped.failing() == ()


def test_every_shipped_criterion_reaches_its_bounds_and_keeps_them(shipped: Certificate) -> None:
    maxima = {c.id: c.max_points for c in SHIPPED.criteria}
    assert {c.id: c.greatest for c in shipped.criteria} == maxima
    assert {c.id: c.greatest for c in shipped.categories} == {c.id: c.weight for c in SHIPPED.categories}
    for part in shipped.all:
        assert part.is_within
        assert part.reached
        assert part.least == part.floor == 0
    assert shipped.total.greatest == 100
    assert shipped.total.ceiling == 100


def test_the_exact_decision_proves_the_shipped_criteria_without_lemmas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certifying, "proof_of", lambda *_: None)
    found = certify(SHIPPED, examples=0)
    assert all(j.verdict is Verdict.PROVED for c in found.criteria for j in c.judgements)
    assert {j.by for c in found.criteria for j in c.judgements} == {Means.EXACT_DECISION}


# Mistakes in the bundled methodology


def changed(folder: Path, *edits: tuple[str, str, str], after: str = ":") -> Certificate:
    """Return the certificate of the bundled methodology with edits: file, what stands there, what shall.

    Args:
        folder: where the copy is made.
        edits: the edits.
        after: a text behind which they are made.
    """
    made = Path(shutil.copytree(CRITERIA, folder / "criteria", ignore=shutil.ignore_patterns("cases")))
    for name, old, new in edits:
        file = made / name
        text = file.read_text(encoding="utf-8")
        head, mark, rest = text.partition(after)
        assert old in rest, old
        file.write_text(head + mark + rest.replace(old, new, 1), encoding="utf-8")
    return certify(load_methodology(made), examples=0)


def verdicts(certificate: Certificate, id: str) -> dict[str, str]:
    return {j.sense.value: j.verdict.value for j in certificate.criterion(id).judgements}


def smallest(certificate: Certificate, id: str, sense: Improvement) -> Counterexample:
    """Return the smallest counterexample, whose two companies score what it says."""
    examples = certificate.criterion(id).judgement(sense).counterexamples
    assert list(examples) == sorted(examples, key=lambda example: example.size)
    return examples[0]


def line(example: Counterexample) -> str:
    """Return the text of the file at the place of a counterexample."""
    text = Path(example.place.file).read_text(encoding="utf-8").splitlines()[example.place.line - 1]
    return text[example.place.column - 1 :]


def others_stand(certificate: Certificate, id: str) -> bool:
    """Whether every other criterion is proved in all senses."""
    return all(j.verdict is Verdict.PROVED for c in certificate.criteria if c.id != id for j in c.judgements)


def test_a_threshold_that_is_turned_round_is_refuted_in_value_by_one_company_and_one_field(tmp_path: Path) -> None:
    found = changed(tmp_path, (ENERGY, 'target_year: "<= 2030"', 'target_year: ">= 2030"'))
    assert verdicts(found, "renewable_target") == {"evidence": "proved", "value": "refuted", "narrowing": "proved"}
    assert others_stand(found, "renewable_target")
    example = smallest(found, "renewable_target", Improvement.VALUE)
    assert (len(example.before), len(example.after)) == (1, 1)
    assert example.change == "commitment.target_year becomes 2029, it was 2030"
    assert line(example).startswith('">= 2030"')
    assert "`<= 2030`" in example.mend
    assert example.lost > 0
    assert found.category("renewable_energy").senses(Verdict.REFUTED) == (Improvement.VALUE,)
    assert found.total.senses(Verdict.REFUTED) == (Improvement.VALUE,)
    assert [part.id for part in found.failing()] == ["renewable_target", "renewable_energy", "total"]


def test_a_none_is_refuted_in_evidence_where_it_stands(tmp_path: Path) -> None:
    old = "          supplier_policy: {action: selects}\n"
    new = (
        "          all:\n"
        "            - supplier_policy: {action: selects}\n"
        "            - none: [supplier_policy: {action: encourages}]\n"
    )
    found = changed(tmp_path, (ENERGY, old, new))
    assert verdicts(found, "suppliers") == {"evidence": "refuted", "value": "proved", "narrowing": "refuted"}
    assert others_stand(found, "suppliers")
    example = smallest(found, "suppliers", Improvement.EVIDENCE)
    assert example.change.startswith("a fact is added: {supplier_policy: {action: encourages}")
    assert (len(example.before), len(example.after)) == (1, 2)
    assert example.lost == 1
    assert line(example) == "supplier_policy: {action: encourages}]"
    assert "remove this part" in example.mend
    assert [(r.id, r.before, r.after) for r in example.rules] == [
        ("selects", "wins", "fails"), ("encourages", "holds", "wins"),
    ]  # fmt: skip


def test_a_range_with_an_upper_end_is_refuted_in_value_at_the_range(tmp_path: Path) -> None:
    found = changed(tmp_path, (ENERGY, 'percent: "> 10"', 'percent: "(10..20)"'))
    assert verdicts(found, "renewable_share") == {"evidence": "proved", "value": "refuted", "narrowing": "proved"}
    assert others_stand(found, "renewable_share")
    example = smallest(found, "renewable_share", Improvement.VALUE)
    assert example.change.startswith("renewable_share.percent becomes 20, it was 11")
    assert line(example).startswith('"(10..20)"')
    assert example.mend.endswith('write `percent: "> 10"`')


def test_a_partition_in_place_of_a_nested_rung_is_refuted_in_value_at_the_rung(tmp_path: Path) -> None:
    edit = (ENERGY, "target_year: not(null)", 'target_year: "> 2030"')
    found = changed(tmp_path, edit, after="id: later_dated")
    assert verdicts(found, "renewable_target") == {"evidence": "proved", "value": "refuted", "narrowing": "proved"}
    assert others_stand(found, "renewable_target")
    example = smallest(found, "renewable_target", Improvement.VALUE)
    assert len(example.before) == len(example.after) == 1
    assert line(example).startswith('"> 2030"')
    assert "write `target_year: not(null)`" in example.mend


def test_first_with_rules_in_the_wrong_order_is_refuted_in_evidence_at_the_rule_that_hides_another(
    tmp_path: Path,
) -> None:
    edits = ((ENERGY, "max_points: 6", "max_points: 2"), (ENERGY, "hit_policy: collect sum", "hit_policy: first"))
    found = changed(tmp_path, *edits, after="id: procurement_mechanisms")
    assert verdicts(found, "procurement_mechanisms")["evidence"] == "refuted"
    assert others_stand(found, "procurement_mechanisms")
    example = smallest(found, "procurement_mechanisms", Improvement.EVIDENCE)
    assert (len(example.before), len(example.after)) == (1, 2)
    assert example.lost == 1
    assert line(example) == "distributed_generation"
    assert "before `distributed_generation`, which earns 1" in example.mend


@pytest.mark.parametrize("sense", [Improvement.EVIDENCE, Improvement.NARROWING])
def test_every_counterexample_really_scores_what_it_says(tmp_path: Path, sense: Improvement) -> None:
    old = "          supplier_policy: {action: selects}\n"
    new = "          none: [supplier_policy: {action: encourages}]\n"
    found = changed(tmp_path, (ENERGY, old, new))
    methodology = load_methodology(tmp_path / "criteria")
    examples = found.criterion("suppliers").judgement(sense).counterexamples
    assert examples
    for example in examples:
        cards = [score(company_from(text, methodology), methodology, cross_check=True) for text in example.files]
        assert [card.criterion("suppliers").points for card in cards] == [example.points_before, example.points_after]
        assert example.points_after < example.points_before


# Small methodologies


def certificate_of(*criteria: dict[str, Any], examples: int = 0, **more: Any) -> Certificate:
    return certify(small.methodology(*criteria, **more), examples=examples)


def judged(*rules: dict[str, Any], **more: Any) -> dict[Improvement, Judgement]:
    """Return the judgements of a criterion with rules."""
    most = more.pop("most", max(r["points"] for r in rules))
    return {j.sense: j for j in certificate_of(criterion("asked", most, *rules, **more)).criterion("asked").judgements}


def test_a_or_none_of_a_is_proved_by_the_exact_decision_alone() -> None:
    goal = {"goal": {"topic": "energy"}}
    found = judged(rule("there", 2, goal), rule("not_there", 2, {"none": [goal]}))
    for sense in (Improvement.EVIDENCE, Improvement.NARROWING):
        assert found[sense] == Judgement(sense, Verdict.PROVED, Means.EXACT_DECISION)
    assert found[Improvement.VALUE].lemmas == ("collect_max", "existential_condition", "none", "unordered_field")


def test_distinct_values_of_a_field_that_improves_are_refuted_in_value_and_stand_in_evidence() -> None:
    count = {"count": {"of": {"goal": {"topic": "energy"}}, "distinct": "year", "at_least": 2}}
    found = judged(rule("years", 2, count))
    assert found[Improvement.EVIDENCE].verdict is Verdict.PROVED
    assert found[Improvement.NARROWING].verdict is Verdict.PROVED
    (example, *_) = found[Improvement.VALUE].counterexamples
    assert example.size == 2
    assert "without `distinct`" in example.mend


def test_a_count_under_none_is_refuted_by_as_many_facts_as_it_takes() -> None:
    few = {"none": [{"count": {"of": {"goal": {"topic": "energy"}}, "at_least": 3}}]}
    found = judged(rule("few", 2, few))
    assert found[Improvement.VALUE].verdict is Verdict.PROVED
    (example,) = found[Improvement.EVIDENCE].counterexamples
    assert (len(example.before), len(example.after)) == (2, 3)
    assert len(set(example.after)) == 3


def test_what_a_derivation_makes_of_an_improved_field_is_refuted_by_the_search_or_left_undecided() -> None:
    found = certificate_of(
        criterion("asked", 2, rule("some", 2, {"share": {"percent": "> 10"}}), horizon="short_term"),
        fact_types=small.FACT_TYPES,
    ).criterion("asked")
    assert found.senses(Verdict.PROVED) == tuple(Improvement)
    energy = {**small.FACT_TYPES["energy"]}
    energy["fields"] = {**energy["fields"], "amount": {**energy["fields"]["amount"], "better": "higher"}}
    files = small.files(criterion("asked", 2, rule("some", 2, {"share": {"percent": "> 10"}}), horizon="short_term"))
    files["facts.yaml"]["fact_types"] = {**small.FACT_TYPES, "energy": energy}
    methodology = methodology_from(files)
    undecided = certify(methodology, examples=0).criterion("asked").judgement(Improvement.VALUE)
    assert (undecided.verdict, undecided.by) == (Verdict.UNDECIDED, Means.NOTHING)
    assert undecided.note == "derived facts may change; no company was generated"
    searched = certify(methodology, examples=300).criterion("asked").judgement(Improvement.VALUE)
    assert (searched.verdict, searched.by) == (Verdict.REFUTED, Means.SEARCH)
    (example,) = searched.counterexamples
    assert "derivation `share_of_use`" in example.mend
    assert example.size == 2


def test_a_group_falls_with_its_criterion_unless_another_makes_up_for_it() -> None:
    goal = {"goal": {"topic": "energy"}}
    absent = criterion("absent", 2, rule("no_goal", 2, {"none": [goal]}))
    present = criterion("present", 2, rule("goal", 2, goal))
    found = certificate_of(absent, present)
    assert verdicts(found, "absent")["evidence"] == "refuted"
    assert found.category("whole").judgement(Improvement.EVIDENCE).verdict is Verdict.PROVED
    assert found.category("whole").judgement(Improvement.EVIDENCE).by is Means.EXACT_DECISION
    assert (found.category("whole").least, found.category("whole").greatest) == (Decimal("50.00"), Decimal("50.00"))
    assert found.category("whole").reached
    alone = certificate_of(absent, weights=[100])
    assert alone.category("part_0").judgement(Improvement.EVIDENCE).verdict is Verdict.REFUTED


def test_a_declared_exception_is_excused_with_the_groups_that_hold_it() -> None:
    absent = rule("no_goal", 2, {"none": [{"goal": {"topic": "energy"}}]})
    plain, declared = (
        certificate_of(criterion("asked", 2, absent, **more))
        for more in ({}, {"monotone": False, "rationale": "It is about absence."})
    )
    assert [part.id for part in plain.failing()] == ["asked", "whole", "total"]
    assert plain.failing({"asked"}) == ()
    assert declared.failing() == ()
    assert (declared.criterion("asked").declared, declared.criterion("asked").rationale) == (
        True, "It is about absence.",
    )  # fmt: skip
    assert declared.criterion("asked").senses(Verdict.REFUTED) == (Improvement.EVIDENCE, Improvement.NARROWING)


def test_an_exception_that_is_declared_is_not_asked_for() -> None:
    absent = rule("no_goal", 2, {"none": [{"goal": {"topic": "energy"}}]})
    plain, declared = (
        certificate_of(criterion("asked", 2, absent, **more)).criterion("asked").judgement(Improvement.EVIDENCE)
        for more in ({}, {"monotone": False, "rationale": "It is about absence."})
    )
    assert plain.counterexamples[0].mend == declared.counterexamples[0].mend + EXCEPTION


def test_of_facts_whose_latest_counts_the_selection_is_named() -> None:
    types = {"answer": {
        "title": "Answer", "horizon": "long_term", "selection": "latest",
        "fields": {"value": {"type": "enum", "values": ["no", "yes"], "better": "listed"}},
    }}  # fmt: skip
    used = small.methodology(criterion("q", 2, rule("yes", 2, {"answer": {"value": "yes"}})), fact_types=types)
    example = certify(used).criterion("q").judgement(Improvement.EVIDENCE).counterexamples[0]
    assert example.mend == (
        "under `selection: latest` a later `answer` supersedes one that earned more: "
        f"write `selection: best`{EXCEPTION}"
    )


def test_a_group_tells_each_pair_of_companies_once() -> None:
    absent = [criterion(f"asked_{i}", 2, rule("no", 2, {"none": [{"goal": {"topic": "energy"}}]})) for i in range(2)]
    examples = certificate_of(*absent).total.judgement(Improvement.EVIDENCE).counterexamples
    assert len({example.files for example in examples}) == len(examples)


def test_the_same_seed_gives_the_same_certificate_and_progress_is_told_of_every_step() -> None:
    methodology = small.methodology(small.LADDER, small.GOALS)
    told: list[str] = []
    first = certify(methodology, examples=5, seed=3, progress=told.append)
    assert first == certify(methodology, examples=5, seed=3)
    assert told == ["example"] * 5 + ["ladder", "goals", "whole", "total"]
    assert (first.examples, first.seed) == (5, 3)


def test_a_search_that_refutes_what_is_proved_is_shown_with_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = rule("no_goal", 2, {"none": [{"goal": {"topic": "energy"}}]})
    monkeypatch.setattr(certifying, "proof_of", lambda *_: ("none",))
    found = certificate_of(criterion("asked", 2, absent), small.LADDER, examples=50)
    judgement = found.criterion("asked").judgement(Improvement.EVIDENCE)
    assert (judgement.verdict, judgement.by, judgement.lemmas) == (Verdict.CONTRADICTED, Means.LEMMAS, ("none",))
    assert judgement.note == "proved monotone by the lemmas none, and refuted by a generated company"
    assert judgement.counterexamples[0].lost == 2
    assert found.criterion("ladder").judgement(Improvement.EVIDENCE).verdict is Verdict.PROVED
    assert found.total.judgement(Improvement.EVIDENCE).verdict is Verdict.REFUTED
    assert "asked" in [part.id for part in found.failing(("asked",))]
    said = as_text(certificate_text(found, ("asked",)))
    both = f"asked is contradicted in evidence: it is {judgement.note}."
    assert all(words in said for words in (both, "Contradicted: asked.", "Some refute a proof.", "ladder"))


def test_what_is_too_large_says_so_and_gives_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_space, "MAX_STATES", 1)
    absent = rule("no_goal", 2, {"none": [{"goal": {"topic": "energy"}}]})
    found = certificate_of(criterion("asked", 2, absent)).criterion("asked")
    assert (
        found.judgement(Improvement.EVIDENCE).note == "it has too many states to be decided; no company was generated"
    )
    assert (found.least, found.greatest, found.reached) == (Decimal("0.0"), Decimal("2.0"), False)
    searched = certificate_of(criterion("asked", 2, absent), examples=50).criterion("asked")
    assert searched.judgement(Improvement.EVIDENCE).by is Means.SEARCH
