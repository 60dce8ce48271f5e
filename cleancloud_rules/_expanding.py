"""Compact forms to full ones: defaults of a file, questions with answers, and answers of a company.

They are written out as nodes that stand where the compact form does, so that everything after reads full forms alone,
and each finding has the place of what was really written.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from attrs import evolve

from cleancloud_rules._findings import Gather, reject
from cleancloud_rules._shapes import AnswersEntry
from cleancloud_rules._values import decimal_value, word_of, wrong_type
from cleancloud_rules.diagnostics import Location
from cleancloud_rules.documents import Document, Entry, Mapping, Node, Scalar, Sequence
from cleancloud_rules.facts import FactType, Field
from cleancloud_rules.methodology import Vocabulary

QUESTIONS = "questions"
"""In place of the `values` of an enum: the ids of all criteria that are questions."""

_NO_ID = re.compile(r"[^a-z0-9]+")


def question_ids(documents: Iterable[Document | None]) -> tuple[str, ...]:
    """Return the ids of all questions in criteria files, sorted, as far as they can be read."""
    found = set()
    for document in documents:
        criteria = document.root.get("criteria") if document is not None else None
        for item in criteria.items if isinstance(criteria, Sequence) else ():
            id = item.get("id") if isinstance(item, Mapping) and item.get("ask") is not None else None
            if isinstance(id, Scalar):
                found.add(id.raw)
    return tuple(sorted(found))


def with_questions(node: Node, questions: tuple[str, ...]) -> Node:
    """Return a field with the ids of the questions in place of the word that stands for them."""
    values = node.get("values") if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping) or not isinstance(values, Scalar) or values.raw != QUESTIONS:
        return node
    if not questions:
        raise reject("empty-value", "no criterion asks a question", values.location, "a question has the key `ask`")
    items = tuple(_scalar(id, values.location) for id in questions)
    return _with(node, {"values": Sequence(items, values.location)})


def criterion_node(item: Node, defaults: Node | None, answers: AnswersEntry | None, vocabulary: Vocabulary) -> Node:
    """Return a criterion in full: with the defaults of its file, and as rules where it is a question.

    Args:
        item: as written.
        defaults: keys that stand in every criterion of the file that has none of its own.
        answers: how the questions of the file are answered; None where it does not say.
        vocabulary: the fact types.

    Raises:
        Rejected: with every finding.
    """
    if not isinstance(item, Mapping):
        return item
    if item.get("ask") is not None:
        item = _question(item, defaults, answers, vocabulary)
    if isinstance(defaults, Mapping):
        given = {entry.key.value for entry in item}
        item = evolve(item, entries=(*item.entries, *(e for e in defaults if e.key.value not in given)))
    return item


def _question(item: Mapping, defaults: Node | None, answers: AnswersEntry | None, vocabulary: Vocabulary) -> Mapping:
    ask, id = item.get("ask"), item.get("id")
    assert ask is not None
    if answers is None:
        help = "say under `answers` of the file how questions are answered"
        raise reject("missing-key", "the file does not say what an answer earns", item.key_location("ask"), help)
    if id is None:
        raise reject("missing-key", "key `id` is missing", item.beginning)
    fact_type, question, answer = _fields(answers, vocabulary)
    points, places = _points(item, answers)
    where = ask.location
    made: dict[str, Node] = {
        "title": ask,
        "horizon": _scalar(fact_type.horizon, where),
        "hit_policy": _scalar("collect max", where),
        "max_points": _scalar(max(points.values()), where),
        "otherwise": _scalar(answers.otherwise, _place(answers, "otherwise")),
    }
    rules = []
    for word, earned in points.items():
        rule: dict[str, Node] = {
            "id": _scalar(_rule_id(word), where),
            "points": _scalar(earned, places[word]),
            "when": _asked(fact_type, question, id, answer, (word,), places[word]),
            "because": _scalar(answers.because, _place(answers, "because")),
        }
        rules.append(_mapping(rule, where))
    made["rules"] = Sequence(tuple(rules), where)
    if answers.not_applicable:
        when = _asked(fact_type, question, id, answer, answers.not_applicable, _place(answers, "not_applicable"))
        made["not_applicable"] = _mapping({"when": when}, where)
    section = item.get("section")
    if section is not None:
        made["reference"] = _reference(section, defaults)
    kept = {str(e.key.value): e.value for e in item if e.key.value not in ("ask", "section", "answers")}
    return _with(evolve(item, entries=tuple(e for e in item if e.key.value in kept)), {**made, **kept})


def _fields(answers: AnswersEntry, vocabulary: Vocabulary) -> tuple[FactType, Field, Field]:
    fact_type = vocabulary.by_id.get(answers.fact)
    if fact_type is None:
        raise reject("unknown-fact-type", f"there is no fact type `{answers.fact}`", _place(answers, "fact"))
    found = []
    for key in ("question", "answer"):
        name = getattr(answers, key)
        field = fact_type.get(name)
        if field is None:
            raise reject("unknown-field", f"fact type `{fact_type.id}` has no field `{name}`", _place(answers, key))
        found.append(field)
    return fact_type, found[0], found[1]


def _points(item: Mapping, answers: AnswersEntry) -> tuple[dict[str, Decimal], dict[str, Location]]:
    """Return what each answer earns and where that is written: the question's own, or the file's."""
    own = item.get("answers")
    node: Node | None = own if own is not None else answers.node.get("points") if answers.node is not None else None
    if not isinstance(node, Mapping) or not node.entries:
        assert node is not None
        raise wrong_type(node, "a mapping of answers to points, such as `{yes: 1, no: 0}`")
    gather = Gather()
    points = {entry.key.raw: gather.attempt(decimal_value, entry.value) for entry in node}
    gather.raise_if_any()
    return {k: v for k, v in points.items() if v is not None}, {e.key.raw: e.key.location for e in node}


def _asked(
    fact_type: FactType, question: Field, id: Node, answer: Field, words: tuple[str, ...], where: Location
) -> Mapping:
    values = tuple(_answer(word, answer, where) for word in words)
    tests = {question.id: id, answer.id: values[0] if len(values) == 1 else Sequence(values, where)}
    return _mapping({fact_type.id: _mapping(tests, where)}, where)


def _answer(word: str, field: Field, where: Location) -> Scalar:
    if field.type == "boolean" and word in ("true", "false"):
        return _scalar(word == "true", where)
    return _scalar(word, where)


def _reference(section: Node, defaults: Node | None) -> Node:
    reference = defaults.get("reference") if isinstance(defaults, Mapping) else None
    source = reference.get("source") if isinstance(reference, Mapping) else None
    if source is None:
        help = "name it under `defaults`: `reference: {source: ...}`"
        raise reject("missing-key", "it is not known what `section` is a part of", section.location, help)
    return _mapping({"source": source, "section": section}, section.location)


def _rule_id(word: str) -> str:
    name = _NO_ID.sub("_", word.lower()).strip("_")
    return name if name[:1].isalpha() else f"answer_{name}"


def answered_facts(node: Node, vocabulary: Vocabulary) -> tuple[Node, ...]:
    """Return what a company answered as entries of ``facts``.

    Args:
        node: `{fact: ..., values: {question: answer}, source: ..., ...}`; an answer may be a mapping with `is` and with
            keys of its own, such as `source` and `locator`.
        vocabulary: the fact types.

    Raises:
        Rejected: with every finding.
    """
    if not isinstance(node, Mapping):
        raise wrong_type(node, "a mapping with `fact` and `values`")
    gather = Gather()
    for key in ("fact", "values"):
        if node.get(key) is None:
            gather.add("missing-key", f"key `{key}` is missing", node.beginning)
    gather.raise_if_any()
    name = node.get("fact")
    fact_type = vocabulary.by_id.get(word_of(name, "a fact type")) if name is not None else None
    if fact_type is None:
        raise reject("unknown-fact-type", "there is no such fact type", node.value_location("fact"))
    keys = [field for field in fact_type.fields if field.key]
    others = [field for field in fact_type.fields if not field.key and not field.optional]
    if len(keys) != 1 or len(others) != 1:
        message = f"`{fact_type.id}` has not one key field and one other that is required"
        raise reject("wrong-type", message, node.value_location("fact"), "state its facts one by one under `facts`")
    values = node.get("values")
    if not isinstance(values, Mapping):
        raise wrong_type(node.get("values"), "a mapping of questions to answers")  # type: ignore[arg-type]
    shared = tuple(entry for entry in node if entry.key.value not in ("fact", "values"))
    return tuple(_stated(entry, fact_type, keys[0], others[0], shared) for entry in values)


def _stated(entry: Entry, fact_type: FactType, question: Field, answer: Field, shared: tuple[Entry, ...]) -> Node:
    own: tuple[Entry, ...] = ()
    value = entry.value
    if isinstance(value, Mapping) and value.get("is") is not None:
        own = tuple(e for e in value if e.key.value != "is")
        value = value.get("is") or value
    fact = _mapping({question.id: entry.key, answer.id: value}, entry.key.location)
    given = {e.key.value for e in own}
    stated = Entry(_scalar(fact_type.id, entry.key.location), fact)
    return Mapping((stated, *own, *(e for e in shared if e.key.value not in given)), entry.key.location)


def _place(answers: AnswersEntry, key: str) -> Location:
    assert answers.node is not None
    return answers.node.value_location(key)


def _scalar(value: Any, where: Location) -> Scalar:
    raw = str(value).lower() if isinstance(value, bool) else f"{value:f}" if isinstance(value, Decimal) else str(value)
    return Scalar(value, where, raw, "data")


def _mapping(values: dict[str, Node], where: Location) -> Mapping:
    return Mapping(tuple(Entry(_scalar(key, where), value) for key, value in values.items()), where)


def _with(node: Mapping, values: dict[str, Node]) -> Mapping:
    """Return a mapping with some values in place of its own, or beside them."""
    kept = tuple(e if e.key.value not in values else evolve(e, value=values[str(e.key.value)]) for e in node)
    given = {entry.key.value for entry in node}
    new = tuple(Entry(_scalar(k, v.location), v) for k, v in values.items() if k not in given)
    return evolve(node, entries=(*kept, *new))
