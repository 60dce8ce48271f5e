"""Tests of compact criteria to full ones: what stands for what, where it stands, and what is said of what is wrong."""

from decimal import Decimal

import pytest

import cleancloud_rules as cc
from cleancloud_rules import CriteriaError
from cleancloud_rules.analysis.lint.methodology import analyse
from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.language.conditions import Scope
from cleancloud_rules.language.questions import (
    Asking,
    check_defaults,
    criterion_node,
    question_ids,
    rule_id,
    with_questions,
)
from cleancloud_rules.model.conditions import AnyOf, Condition
from cleancloud_rules.model.groups import CountsAs, RequirementWord
from cleancloud_rules.model.methodology import HitPolicy
from tests.support.forms import GOOD, Change, loaded, wrong
from tests.support.nodes import document, node, plain, refused

PAY = "{id: pay, ask: Is pay linked to it?, answers: {full: 2, none: 0}, requirement: should}"
FILE_POINTS = "{full: 1, partial: 0.5, none: 0}"
ANSWERS = GOOD["board.yaml"].split("answers:\n", 1)[1].split("criteria:\n", maxsplit=1)[0]


def pay(text: str) -> Change:
    """Return the change that writes the second question in another way."""
    return "board", PAY, text


# ---- questions in full


def test_a_question_is_a_criterion_with_a_rule_for_each_answer() -> None:
    criterion = loaded().criterion("oversight")
    assert (criterion.title, criterion.horizon, criterion.hit_policy) == (
        "Does the board oversee it?",
        "ever",
        HitPolicy.COLLECT_MAX,
    )
    assert (criterion.max_points, criterion.otherwise) == (Decimal(1), "No answer that earns points.")
    assert [(rule.id, rule.points, str(rule.when)) for rule in criterion.rules] == [
        ("full", Decimal(1), "answer: {question: oversight, value: full}"),
        ("partial", Decimal("0.5"), "answer: {question: oversight, value: partial}"),
        ("none", Decimal(0), "answer: {question: oversight, value: none}"),
    ]
    assert {rule.because for rule in criterion.rules} == {"Answered {answer.value}."}


def test_a_question_keeps_what_stands_beside_it() -> None:
    criterion = loaded().criterion("oversight")
    assert (criterion.level, criterion.requirement) == ("aware", RequirementWord.MUST)
    assert criterion.reference is not None
    assert (criterion.reference.source.id, criterion.reference.section) == ("form", "1.1")
    other = loaded(pay("{id: pay, ask: Pay?, guidance: G., remedy: {text: T.}, otherwise: Nothing., weight: 3}"),
                   ("methodology", "{id: board, title: Board,", "{id: board, title: Board, aggregate: weighted sum,"),
                   ("board", "ask: Does", "weight: 1, ask: Does")).criterion("pay")  # fmt: skip
    assert (other.guidance, other.otherwise, other.weight) == ("G.", "Nothing.", Decimal(3))
    assert other.remedy is not None
    assert other.remedy.text == "T."


def test_answers_of_a_question_take_the_place_of_those_of_the_file() -> None:
    criterion = loaded().criterion("pay")
    assert [(rule.id, rule.points) for rule in criterion.rules] == [("full", Decimal(2)), ("none", Decimal(0))]
    assert criterion.max_points == Decimal(2)


def test_answers_of_the_methodology_are_those_of_files_that_have_none() -> None:
    files = dict(GOOD)
    files["methodology.yaml"] += f"answers:\n{ANSWERS}"
    files["board.yaml"] = files["board.yaml"].replace(f"answers:\n{ANSWERS}", "")
    assert cc.methodology_from(files).sha256 == loaded().sha256


def test_an_answer_may_cost_points() -> None:
    criterion = loaded(pay("{id: pay, ask: Pay?, answers: {full: 1, none: -1}}")).criterion("pay")
    assert (criterion.max_points, criterion.rules[-1].points) == (Decimal(1), Decimal(-1))


def test_answers_may_be_booleans() -> None:
    changes: tuple[Change, ...] = (
        ("facts", "{type: enum, values: [full, partial, none, not_asked]}", "{type: boolean}"),
        ("board", FILE_POINTS, "{true: 1, false: 0}"),
        ("board", "  not_applicable: [not_asked]\n", ""),
        pay("{id: pay, ask: Pay?}"),
        ("audits", "{full: 1, none: 0}", "{false: 1}"),
    )
    methodology = loaded(*changes)
    assert [str(rule.when) for rule in methodology.criterion("pay").rules] == [
        "answer: {question: pay, value: true}",
        "answer: {question: pay, value: false}",
    ]
    assert [rule.id for rule in methodology.criterion("audited").rules] == ["false"]


@pytest.mark.parametrize(
    ("answer", "rule"),
    [("Yes, fully", "yes_fully"), ("100", "answer_100"), ("not_applicable", "answer_not_applicable"), ("A+", "a")],
)
def test_a_rule_is_called_as_its_answer(answer: str, rule: str) -> None:
    assert rule_id(answer) == rule


# ---- questions that do not apply


def test_a_question_does_not_apply_by_its_answer() -> None:
    exempt = loaded().criterion("oversight").not_applicable
    assert exempt is not None
    assert (exempt.cohorts, str(exempt.when)) == ((), "answer: {question: oversight, value: not_asked}")


def test_a_question_does_not_apply_by_what_it_says_itself_and_by_its_answer() -> None:
    by_answer = "answer: {question: pay, value: not_asked}"
    cohort = loaded(pay("{id: pay, ask: Pay?, not_applicable: {cohorts: [small], counts_as: full}}")).criterion("pay")
    assert cohort.not_applicable is not None
    assert (cohort.not_applicable.cohorts, cohort.not_applicable.counts_as) == (("small",), CountsAs.FULL)
    assert str(cohort.not_applicable.when) == by_answer
    fact = loaded(pay("{id: pay, ask: Pay?, not_applicable: {when: {incident: {}}}}")).criterion("pay")
    assert fact.not_applicable is not None
    assert isinstance(fact.not_applicable.when, AnyOf)
    assert [str(part) for part in fact.not_applicable.when.parts] == ["incident: {}", by_answer]
    defaults = ("board", "defaults: {reference: {source: form}}",
                "defaults: {reference: {source: form}, not_applicable: {cohorts: [large]}}")  # fmt: skip
    both = loaded(defaults).criterion("pay").not_applicable
    assert both is not None
    assert (both.cohorts, str(both.when)) == (("large",), by_answer)


def test_what_a_question_says_wrongly_about_itself_is_reported() -> None:
    assert wrong(pay("{id: pay, ask: Pay?, not_applicable: small}")) == [("wrong-type", "small")]


def test_every_answer_that_does_not_apply_is_looked_for() -> None:
    two = loaded(("board", "[not_asked]", "[not_asked, none]"), ("board", FILE_POINTS, "{full: 1}"),
                 pay("{id: pay, ask: Pay?}")).criterion("pay").not_applicable  # fmt: skip
    assert two is not None
    assert str(two.when) == 'answer: {question: pay, value: "not_asked", "none"}'


# ---- what is wrong


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("{ask: Pay?}", [("missing-key", "ask")]),
        ("{id: 5, ask: Pay?}", [("bad-id", "5")]),
        ("{id: pay, ask: 5}", [("wrong-type", "5")]),
        ("{id: pay, ask: [Pay?]}", [("wrong-type", "[Pay?]")]),
        ("{id: pay, ask: Pay?, answers: {}}", [("wrong-type", "{}")]),
        ("{id: pay, ask: Pay?, answers: full}", [("wrong-type", "full")]),
        ("{id: pay, ask: Pay?, answers: {full: all, non: 0}}", [("wrong-type", "all"), ("unknown-value", "non")]),
        ("{id: pay, ask: Pay?, rules: []}", [("misplaced-key", "rules")]),
        ("{id: pay, ask: Pay?, horizon: ever}", [("misplaced-key", "horizon")]),
        ("{id: pay, ask: Pay?, section: 5}", [("wrong-type", "5")]),
        ("{id: pay, ask: Pay?, sektion: A}", [("unknown-key", "sektion")]),
        ("{id: pay, ask: Pay?, requirement: may}", [("unknown-value", "may")]),
        ("{id: oversight, ask: Pay?}", [("repeated-id", "oversight")]),
        ("pay", [("wrong-type", "pay")]),
    ],
)
def test_what_is_wrong_in_a_question_is_said_at_its_place(text: str, findings: list[tuple[str, str]]) -> None:
    assert wrong(pay(text)) == findings


@pytest.mark.parametrize(
    ("old", "new", "findings"),
    [
        ("fact: answer", "fact: share", [("unknown-field", "question"), ("unknown-field", "value")]),
        ("answer: value", "answer: values", [("unknown-field", "values")]),
        ("not_applicable: [not_asked]", "not_applicable: not_asked", [("wrong-type", "not_asked")]),
        ("not_applicable: [not_asked]", "not_applicable: [full]", [("bad-value", "full")]),
        ("because: ", "becaus: ", [("unknown-key", "becaus")]),
        ("otherwise: No answer", "otherwise: No {answer.value}", [("bad-placeholder", "{answer.value}")]),
        (FILE_POINTS, "{}", [("wrong-type", "{}")]),
        (FILE_POINTS, "{full: 1, partial: 0.25, none: 0.125}", [("too-many-digits", "0.25"),
                                                                ("too-many-digits", "0.125")]),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_answers_of_a_file_is_said_once(
    old: str, new: str, findings: list[tuple[str, str]]
) -> None:
    more = "{id: pay, ask: Pay?}\n  - {id: more, ask: More?}"
    assert wrong(("board", old, new), pay(more)) == findings


def test_answers_that_are_typed_otherwise_are_refused() -> None:
    number = ("facts", "{type: enum, values: [full, partial, none, not_asked]}", "{type: integer}")
    assert [code for code, _ in wrong(number)] == ["wrong-type", "wrong-type"], "once for each file that says so"


def test_a_fact_type_that_was_rejected_is_not_missed() -> None:
    assert wrong(("facts", "title: Answer", "titel: Answer")) == [("unknown-key", "titel")]
    assert wrong(("facts", "    selection: latest", "    selection: last")) == [("unknown-value", "last")]


def test_answers_that_were_rejected_are_not_missed() -> None:
    assert wrong(("board", "  fact: answer\n", "")) == [("missing-key", "question")]
    files = dict(GOOD)
    files["methodology.yaml"] += "answers: {fact: answer}\n"
    files["board.yaml"] = files["board.yaml"].replace(f"answers:\n{ANSWERS}", "")
    with pytest.raises(CriteriaError) as caught:
        cc.methodology_from(files)
    assert {finding.code for finding in caught.value.diagnostics} == {"missing-key"}
    assert {finding.location.file.name for finding in caught.value.diagnostics} == {"methodology.yaml"}


def test_two_answers_of_one_name_make_no_two_rules() -> None:
    named = ("facts", "[full, partial, none, not_asked]", "[full, partial, none, not_asked, Full]")
    more = "{id: pay, ask: Pay?}\n  - {id: more, ask: More?}"
    twice = ("board", FILE_POINTS, "{full: 1, partial: 0.5, Full: 0}")
    assert wrong(named, twice, pay(more)) == [("repeated-id", "Full")]


# ---- where it stands

AGAIN = """id: again
    title: Again
    horizon: ever
    max_points: 1
    hit_policy: collect max
    otherwise: Nothing.
    rules: [{id: r, points: 1, when: {answer: {question: oversight, value: full}}, because: B.}]"""


def test_the_rules_of_a_question_stand_where_it_is_asked() -> None:
    for rule in loaded().criterion("oversight").rules:
        assert rule.node is not None
        assert isinstance(rule.when, Condition)
        assert rule.when.node is not None
        tests = rule.when.node.get("answer")
        assert isinstance(tests, MappingNode)
        places = (rule.node.beginning, rule.node.value_location("id"), rule.when.node.beginning, tests.location,
                  tests.value_location("value"))  # fmt: skip
        assert {place.text for place in places} == {"Does the board oversee it?"}
    own = [rule.node for rule in loaded().criterion("pay").rules]
    assert [node.value_location("id").text for node in own if node is not None] == ["full", "none"]


def test_what_is_probably_not_meant_is_told_where_the_question_is_asked() -> None:
    first = ("board", "criteria:\n  - ", f"criteria:\n  - {AGAIN}\n  - ")
    (finding,) = (f for f in analyse(loaded(first)) if f.code == "shared-evidence")
    assert finding.location.text == "Does the board oversee it?"
    assert finding.message.startswith("rule `full` of `oversight` ")


# ---- defaults


def test_defaults_stand_in_every_criterion_that_does_not_say_otherwise() -> None:
    energy = {str(criterion.id): criterion for criterion in loaded().category("energy").criteria}
    assert {c.otherwise for c in energy.values()} == {"Nothing is on record."}
    assert (energy["use"].hit_policy, energy["incidents"].hit_policy) == (
        HitPolicy.COLLECT_MAX,
        HitPolicy.COLLECT_SUM,
    )
    assert loaded().criterion("pay").reference is not None, "questions too"


@pytest.mark.parametrize("key", ["id: a", "ask: A?", "title: A", "rules: []"])
def test_defaults_hold_nothing_that_no_two_criteria_share(key: str) -> None:
    name = key.split(":", 1)[0]
    assert refused(check_defaults, node(f"{{{key}, horizon: h}}")) == [("misplaced-key", name)]


def test_defaults_are_a_mapping_or_not_there() -> None:
    assert check_defaults(None) is None
    assert isinstance(check_defaults(node("{horizon: h}")), MappingNode)
    assert refused(check_defaults, node("[horizon]")) == [("wrong-type", "[horizon]")]


def test_what_is_wrong_in_defaults_is_said_once() -> None:
    old = "defaults: {horizon: ever, hit_policy: collect max, otherwise: Nothing is on record.}"
    assert wrong(("energy", old, old.replace("ever", "evr"))) == [("unknown-horizon", "evr")]
    assert wrong(("energy", old, old.replace("horizon", "horizn"))) == [("unknown-key", "horizn")]
    assert wrong(("energy", old, old.replace("{horizon: ever, ", "{"))) == [("missing-key", "id")] * 3


def test_a_criterion_in_full_is_left_as_it_is() -> None:
    full = node("{id: a, title: A}")
    nothing = Asking(None, None, False, Scope(loaded().vocabulary))
    assert criterion_node(full, nothing) is full
    assert criterion_node(node("5"), nothing) == node("5")


# ---- the questions of a vocabulary


def test_questions_are_found_in_all_files() -> None:
    files = [document(GOOD[name]) for name in ("board.yaml", "audits.yaml", "energy.yaml")]
    assert question_ids(files) == ("audited", "oversight", "pay")
    assert question_ids([*files, None]) is None
    assert question_ids([document("criteria: {}\n")]) is None
    assert question_ids([document("criteria: [{ask: A?}, {id: B 1, ask: B?}, 5, {id: c}]\n")]) == ()


def test_questions_stand_for_the_values_of_an_enum_or_a_set() -> None:
    for kind in ("enum", "set"):
        made = with_questions(node(f"{{type: {kind}, values: questions}}"), ("a", "b"))
        assert plain(made) == {"type": kind, "values": ["a", "b"]}
    other = node("{type: enum, values: [questions]}")
    assert with_questions(other, ("a",)) is other


@pytest.mark.parametrize(
    ("text", "questions", "findings"),
    [
        ("{type: text, values: questions}", ("a",), [("misplaced-key", "values")]),
        ("{type: enum, values: questions}", (), [("empty-value", "questions")]),
        ("{type: enum, values: questions}", None, []),
    ],
)
def test_questions_that_cannot_be_named_are_refused(
    text: str, questions: tuple[str, ...] | None, findings: list[tuple[str, str]]
) -> None:
    assert refused(with_questions, node(text), questions) == findings


def test_a_file_that_cannot_be_read_takes_no_question_away() -> None:
    assert wrong(("board", "criteria:\n", "criteria: x\nother:\n")) == [("wrong-type", "x"), ("unknown-key", "other")]
