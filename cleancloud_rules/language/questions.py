"""Desugaring of criteria: the defaults of a file, and questions with answers.

The full forms are nodes with the locations of the short forms. So later steps read full forms only, and diagnostics
point to what the author wrote: a rule has the location of its question, even if all questions share their answers.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from attrs import evolve, frozen

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, Rejected, did_you_mean, reject
from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.documents.nodes import Document, Entry, MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.language.conditions import Scope
from cleancloud_rules.language.converter import structure
from cleancloud_rules.language.file_types import AnswersEntry
from cleancloud_rules.language.unary_test_text import test_text
from cleancloud_rules.language.values import decimal_value, wrong_type
from cleancloud_rules.model.conditions import Condition, FieldTest, UnaryTest
from cleancloud_rules.model.facts import FactType, Field
from cleancloud_rules.model.groups import NOT_APPLICABLE
from cleancloud_rules.model.values import FieldType, Id, Interval

QUESTIONS = "questions"
"""The word that stands for the ids of all questions, as the `values` of an enum or a set."""

OWN_KEYS = ("id", "ask", "title", "rules")
"""The keys that criteria cannot share."""

MADE_KEYS = ("title", "horizon", "max_points", "hit_policy", "rules")
"""The keys of a criterion that follow from `ask` and `answers` of a question."""

_WITHOUT_VALUES = tuple(type.value for type in FieldType if not type.lists_values)
_ID = re.compile(r"[a-z][a-z0-9_]*")
_NO_ID = re.compile(r"[^a-z0-9]+")


def question_ids(documents: Iterable[Document | None]) -> tuple[str, ...] | None:
    """Return the ids of all questions in criteria files, sorted; None if some criteria cannot be read."""
    found = set()
    for document in documents:
        criteria = document.root.get("criteria") if document is not None else None
        if not isinstance(criteria, SequenceNode):
            return None
        for item in criteria.items:
            id = item.get("id") if isinstance(item, MappingNode) and item.get("ask") is not None else None
            if isinstance(id, ScalarNode) and _ID.fullmatch(id.raw):
                found.add(id.raw)
    return tuple(sorted(found))


def with_questions(node: Node, questions: tuple[str, ...] | None) -> Node:
    """Return a field with the ids of the questions in place of the word `questions`.

    Raises:
        Rejected: if there are no questions; without a diagnostic if the questions are not known.
    """
    values = node.get("values") if isinstance(node, MappingNode) else None
    if not isinstance(node, MappingNode) or not isinstance(values, ScalarNode) or values.raw != QUESTIONS:
        return node
    kind = node.get("type")
    if isinstance(kind, ScalarNode) and kind.raw in _WITHOUT_VALUES:
        message = f"a field of type {kind.raw} has no `values`, so it cannot name questions"
        raise reject("misplaced-key", message, node.key_location("values"), "give it `type: enum`")
    if questions is None:
        raise Rejected
    if not questions:
        raise reject(
            "empty-value", "no criterion is a question", values.location, "a question is a criterion with the key `ask`"
        )
    items = tuple(scalar(id, values.location) for id in questions)
    return _with(node, {"values": SequenceNode(items, values.location)})


def names_questions(field: Field) -> bool:
    """Return whether the values of a field are the ids of all questions: they have the location of `questions`."""
    values = field.node.get("values") if field.node is not None else None
    return isinstance(values, SequenceNode) and all(item.location == values.location for item in values.items)


@frozen
class Asking:
    """What criteria of a file are completed from.

    Args:
        defaults: the keys that every criterion of the file has unless it has its own.
        answers: how its questions are answered; None if that is missing or was rejected.
        lost: whether it may have been rejected.
        scope: the fact types.
    """

    defaults: MappingNode | None
    answers: AnswersEntry | None
    lost: bool
    scope: Scope


def check_defaults(defaults: Node | None) -> MappingNode | None:
    """Return the defaults of a file.

    Raises:
        Rejected: if they are not a mapping, or have keys that criteria cannot share.
    """
    if defaults is None:
        return None
    if not isinstance(defaults, MappingNode):
        raise wrong_type(defaults, "a mapping of keys that all criteria of the file have")
    gather = DiagnosticCollector()
    for key in (key for key in OWN_KEYS if defaults.get(key) is not None):
        message = f"`{key}` cannot be the same in all criteria"
        gather.add("misplaced-key", message, defaults.key_location(key), "give each criterion its own")
    gather.raise_if_any()
    return defaults


def criterion_node(item: Node, asking: Asking) -> Node:
    """Return a criterion in full: with the defaults of its file and, if it is a question, with rules.

    Args:
        item: the criterion as written.
        asking: the defaults, and how questions are answered.

    Raises:
        Rejected: with all diagnostics of the criterion.
    """
    if not isinstance(item, MappingNode):
        return item
    if item.get("ask") is not None:
        item = _question(item, asking)
    if asking.defaults is not None:
        given = {entry.key.value for entry in item}
        item = evolve(item, entries=(*item.entries, *(e for e in asking.defaults if e.key.value not in given)))
    return item


def _question(item: MappingNode, asking: Asking) -> MappingNode:
    ask, id, answers = item.get("ask"), item.get("id"), asking.answers
    assert ask is not None
    gather = DiagnosticCollector()
    for entry in item:
        if entry.key.value in MADE_KEYS:
            message = f"`{entry.key.raw}` of a question follows from `ask` and `answers`"
            help = "remove it, or write the criterion in full, without `ask`"
            gather.add("misplaced-key", message, entry.key.location, help)
    if id is None:
        gather.add("missing-key", "key `id` is missing", item.beginning)
    elif asking.defaults is not None or answers is not None:
        gather.attempt(structure, id, Id)
    if answers is None and not asking.lost:
        help = "add `answers` to this file or to `methodology.yaml`"
        gather.add("missing-key", "the points of the answers are missing", item.key_location("ask"), help)
    gather.raise_if_any()
    if answers is None or answers.node is None or id is None:
        raise Rejected
    fact_type, question, answer = _fields(answers, asking.scope)
    points, places = _points(item, answers, answer)
    where = ask.location
    made: dict[str, Node] = {
        "title": ask,
        "horizon": scalar(fact_type.horizon, where),
        "hit_policy": scalar("collect max", where),
        "max_points": scalar(max(points.values()), where),
        "otherwise": answers.node.get("otherwise") or scalar(answers.otherwise, where),
    }
    because = answers.node.get("because") or scalar(answers.because, where)
    rules = []
    for entry in places:
        place = where if item.get("answers") is None else entry.key.location
        asked = _asked(fact_type, {question.id: id, answer.id: _answer(entry.key, answer, place)}, place)
        rules.append(_rule(entry, asked, because))
    made["rules"] = SequenceNode(tuple(rules), where)
    exempting = _without_points(answers, "not_applicable", points, "make the question not applicable")
    _without_points(answers, "not_assessed", points, "mean that the question is not assessed")
    _refuse_both(answers)
    section = item.get("section")
    if section is not None:
        made["reference"] = _reference(item, section, asking.defaults)
    short = ("ask", "section", "answers")
    kept = {str(e.key.value): e.value for e in item if e.key.value not in short}
    if exempting:
        own = kept.get("not_applicable") or (asking.defaults.get("not_applicable") if asking.defaults else None)
        words = tuple(_answer(word, answer, word.location) for word in exempting)
        value = words[0] if len(words) == 1 else SequenceNode(words, words[0].location)
        kept["not_applicable"] = _exemption(own, _asked(fact_type, {question.id: id, answer.id: value}, where))
    return _with(evolve(item, entries=tuple(e for e in item if e.key.value in kept)), {**made, **kept})


def _rule(entry: Entry, asked: MappingNode, because: Node) -> MappingNode:
    """Return the rule for an answer and its points, at the location of its condition."""
    id = scalar(rule_id(entry.key.raw), asked.location)
    return mapping({"id": id, "points": entry.value, "when": asked, "because": because}, asked.location)


def _exemption(own: Node | None, when: MappingNode) -> Node:
    """Return when a question does not apply: by its own `not_applicable`, and by its answers."""
    if own is None:
        return mapping({"when": when}, when.location)
    if not isinstance(own, MappingNode):
        return own
    other = own.get("when")
    if other is None:
        return _with(own, {"when": when})
    either = SequenceNode((other, when), other.location)
    return _with(own, {"when": mapping({"any": either}, other.location)})


def _listed(answers: AnswersEntry, key: str) -> tuple[ScalarNode, ...]:
    """Return the answers under a key, as written."""
    written = answers.node.get(key) if answers.node is not None else None
    if not isinstance(written, SequenceNode):
        return ()
    return tuple(item for item in written.items if isinstance(item, ScalarNode))


def _without_points(
    answers: AnswersEntry, key: str, points: dict[str, Decimal], meaning: str
) -> tuple[ScalarNode, ...]:
    """Return the answers under a key, none of which may earn points."""
    items, gather = _listed(answers, key), DiagnosticCollector()
    for item in items:
        if item.raw in points:
            message = f"`{item.raw}` cannot both earn points and {meaning}"
            gather.add("bad-value", message, item.location, "remove it from `points`")
    gather.raise_if_any()
    return items


def _refuse_both(answers: AnswersEntry) -> None:
    """Refuse an answer that means both that a question does not apply and that it is not assessed."""
    exempting, gather = {item.raw for item in _listed(answers, "not_applicable")}, DiagnosticCollector()
    for item in _listed(answers, "not_assessed"):
        if item.raw in exempting:
            message = f"`{item.raw}` cannot both make a question not applicable and leave it not assessed"
            gather.add("bad-value", message, item.location, "remove it from one of the two lists")
    gather.raise_if_any()


def is_question(item: Node) -> bool:
    """Whether a criterion, as written, is a question."""
    return isinstance(item, MappingNode) and item.get("ask") is not None


def answered(answers: AnswersEntry, scope: Scope) -> Condition | None:
    """Return the condition that an answer passes which assesses its question; None if every answer does.

    Raises:
        Rejected: if an answer under `not_assessed` is no value of the field that holds answers.
    """
    items = _listed(answers, "not_assessed")
    if not items:
        return None
    fact_type, _, answer = _fields(answers, scope)
    known, gather = _answers_of(answer), DiagnosticCollector()
    for item in items:
        if item.raw not in known:
            message = f"`{item.raw}` is not a value of `{answer.id}`"
            gather.add("unknown-value", message, item.location, did_you_mean(item.raw, known))
    gather.raise_if_any()
    named: tuple[str | bool, ...] = tuple(item.raw for item in items)
    if answer.type is FieldType.BOOLEAN:
        named = tuple(word == "true" for word in named)
    test = UnaryTest("", tuple(map(Interval.at, named)), negated=True)
    return Condition(fact_type.id, (FieldTest(answer.id, evolve(test, text=test_text(test, answer))),))


def _fields(answers: AnswersEntry, scope: Scope) -> tuple[FactType, Field, Field]:
    if answers.fact in scope.broken:
        raise Rejected
    fact_type = scope.vocabulary.by_id.get(answers.fact)
    if fact_type is None:
        help = did_you_mean(answers.fact, scope.vocabulary.by_id)
        message = f"there is no fact type `{answers.fact}`"
        raise reject("unknown-fact-type", message, _place(answers, "fact"), help)
    found = []
    gather = DiagnosticCollector()
    for key in ("question", "answer"):
        name = getattr(answers, key)
        field = fact_type.get(name)
        if field is None:
            help = did_you_mean(name, (f.id for f in fact_type.fields))
            gather.add("unknown-field", f"fact type `{fact_type.id}` has no field `{name}`", _place(answers, key), help)
        elif key == "answer" and field.type not in (FieldType.ENUM, FieldType.BOOLEAN):
            message = f"`{name}` is of type {field.type}; answers must be of type enum or boolean"
            gather.add("wrong-type", message, _place(answers, key))
        else:
            found.append(field)
    gather.raise_if_any()
    if answers.question == answers.answer:
        message = f"`{answers.answer}` cannot hold both the question and the answer"
        raise reject("bad-value", message, _place(answers, "answer"))
    return fact_type, found[0], found[1]


def _points(item: MappingNode, answers: AnswersEntry, answer: Field) -> tuple[dict[str, Decimal], tuple[Entry, ...]]:
    """Return the points of each answer, and the entries that state them: the question's own, or the file's."""
    own = item.get("answers")
    node: Node | None = own if own is not None else answers.node.get("points") if answers.node is not None else None
    assert node is not None
    if not isinstance(node, MappingNode) or not node.entries:
        raise wrong_type(node, "a mapping of answers to points, such as `{yes: 1, no: 0}`")
    gather = DiagnosticCollector()
    points: dict[str, Decimal] = {}
    rules: dict[str, str] = {}
    for entry in node:
        known = _answers_of(answer)
        if entry.key.raw not in known:
            message = f"`{entry.key.raw}` is not a value of `{answer.id}`"
            gather.add("unknown-value", message, entry.key.location, did_you_mean(entry.key.raw, known))
        other = rules.setdefault(rule_id(entry.key.raw), entry.key.raw)
        if other != entry.key.raw:
            message = f"`{other}` and `{entry.key.raw}` both make a rule `{rule_id(other)}`"
            gather.add("repeated-id", message, entry.key.location, "write the criterion in full, without `ask`")
        earned = gather.attempt(decimal_value, entry.value)
        points[entry.key.raw] = Decimal(0) if earned is None else earned
    gather.raise_if_any()
    return points, node.entries


def _answers_of(field: Field) -> tuple[str, ...]:
    return ("true", "false") if field.type is FieldType.BOOLEAN else field.values


def _asked(fact_type: FactType, tests: dict[str, Node], where: Location) -> MappingNode:
    return mapping({fact_type.id: mapping(tests, where)}, where)


def _answer(word: ScalarNode, field: Field, where: Location) -> ScalarNode:
    return scalar(word.raw == "true" if field.type is FieldType.BOOLEAN else word.raw, where)


def _reference(item: MappingNode, section: Node, defaults: MappingNode | None) -> Node:
    if item.get("reference") is not None:
        message = "a question cannot have both `section` and `reference`"
        help = "write `reference: {source: ..., section: ...}`"
        raise reject("misplaced-key", message, item.key_location("section"), help)
    reference = defaults.get("reference") if defaults is not None else None
    source = reference.get("source") if isinstance(reference, MappingNode) else None
    if source is None:
        help = "add it under `defaults`: `reference: {source: ...}`"
        message = "the source of `section` is missing"
        raise reject("missing-key", message, item.key_location("section"), help)
    return mapping({"source": source, "section": section}, section.location)


def rule_id(word: str) -> str:
    """Return the id of the rule for an answer: its letters and digits, in lower case, joined by underscores."""
    name = _NO_ID.sub("_", word.lower()).strip("_")
    return name if name[:1].isalpha() and name != NOT_APPLICABLE else f"answer_{name}"


def _place(answers: AnswersEntry, key: str) -> Location:
    assert answers.node is not None
    return answers.node.value_location(key)


def scalar(value: Any, where: Location) -> ScalarNode:
    """Return a value as a node with the location of its short form."""
    raw = str(value).lower() if isinstance(value, bool) else f"{value:f}" if isinstance(value, Decimal) else str(value)
    return ScalarNode(value, where, raw, "data")


def mapping(values: dict[str, Node], where: Location) -> MappingNode:
    """Return a mapping as a node with the location of its short form."""
    return MappingNode(tuple(Entry(scalar(key, where), value) for key, value in values.items()), where)


def _with(node: MappingNode, values: dict[str, Node]) -> MappingNode:
    """Return a mapping with these values, which replace its own or are added to them."""
    kept = tuple(e if e.key.value not in values else evolve(e, value=values[str(e.key.value)]) for e in node)
    given = {entry.key.value for entry in node}
    new = tuple(Entry(scalar(k, v.location), v) for k, v in values.items() if k not in given)
    return evolve(node, entries=(*kept, *new))
