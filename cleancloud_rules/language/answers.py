"""Desugaring: the answers of a company to questions become entries of ``facts``.

Each entry has the location of its answer, so that diagnostics point to what the author wrote.
"""

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, did_you_mean, reject
from cleancloud_rules.documents.nodes import Entry, MappingNode, Node
from cleancloud_rules.language.questions import mapping, scalar
from cleancloud_rules.language.values import word_of, wrong_type
from cleancloud_rules.model.facts import FactType, Field
from cleancloud_rules.model.vocabulary import Vocabulary

_FORM = "`answers: {fact: ..., values: {question: answer}, source: ...}`"


def answered_facts(node: Node, vocabulary: Vocabulary) -> tuple[Node, ...]:
    """Return the answers of a company as entries of ``facts``.

    Args:
        node: `{fact: ..., values: {question: answer}, source: ..., ...}`. An answer can be a mapping with `is` and with
            keys of its own, such as `source` and `locator`.
        vocabulary: the fact types.

    Raises:
        Rejected: with all diagnostics of the node.
    """
    if not isinstance(node, MappingNode):
        raise wrong_type(node, "a mapping with `fact` and `values`", f"write {_FORM}")
    gather = DiagnosticCollector()
    for key in ("fact", "values"):
        if node.get(key) is None:
            gather.add("missing-key", f"key `{key}` is missing", node.beginning, f"write {_FORM}")
    gather.raise_if_any()
    name, values = node.get("fact"), node.get("values")
    assert name is not None and values is not None
    fact_type = vocabulary.by_id.get(word_of(name, "a fact type"))
    if fact_type is None:
        word = word_of(name, "a fact type")
        help = did_you_mean(word, vocabulary.by_id)
        raise reject("unknown-fact-type", f"there is no fact type `{word}`", name.location, help)
    fields = asked_fields(fact_type)
    if fields is None:
        message = f"`{fact_type.id}` does not have exactly one key field and one other required field"
        raise reject("bad-value", message, name.location, "state its facts one by one under `facts`")
    if not isinstance(values, MappingNode):
        raise wrong_type(values, "a mapping of questions to answers")
    shared = tuple(entry for entry in node if entry.key.value not in ("fact", "values"))
    made = [gather.attempt(_stated, entry, fact_type, *fields, shared) for entry in values]
    gather.raise_if_any()
    return tuple(fact for fact in made if fact is not None)


def asked_fields(fact_type: FactType) -> tuple[Field, Field] | None:
    """Return the fields of a question and of its answer; None if facts of this type cannot be stated as answers."""
    keys = [field for field in fact_type.fields if field.key]
    others = [field for field in fact_type.fields if not field.key and not field.optional]
    return (keys[0], others[0]) if len(keys) == len(others) == 1 else None


def _stated(entry: Entry, fact_type: FactType, question: Field, answer: Field, shared: tuple[Entry, ...]) -> Node:
    own: tuple[Entry, ...] = ()
    value = entry.value
    if isinstance(value, MappingNode):
        if value.get("is") is None:
            help = "write `{is: answer, locator: ...}`"
            raise reject("missing-key", "the answer has no key `is`", value.beginning, help)
        own = tuple(e for e in value if e.key.value != "is")
        value = value.get("is") or value
    fact = mapping({question.id: entry.key, answer.id: value}, entry.key.location)
    given = {e.key.value for e in own}
    stated = Entry(scalar(fact_type.id, entry.key.location), fact)
    return MappingNode((stated, *own, *(e for e in shared if e.key.value not in given)), entry.key.location)
