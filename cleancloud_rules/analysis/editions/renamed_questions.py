"""Question ids that were renamed between editions, in facts and conditions that name them.

Only fields whose values are all questions (``values: questions``) name questions. Values of other fields, and tests
that are written as text, do not change.
"""

from collections.abc import Callable, Mapping

from attrs import evolve

from cleancloud_rules.analysis.editions.flatten import FlatMethodology, Placed
from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.documents.nodes import Document, Entry, MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.language.conditions import Scope, condition_of
from cleancloud_rules.language.questions import names_questions
from cleancloud_rules.model.conditions import Condition, Count, When
from cleancloud_rules.model.facts import FactType, Field
from cleancloud_rules.model.methodology import Criterion, Group
from cleancloud_rules.model.vocabulary import Vocabulary

NewQuestions = Mapping[tuple[str, str], Mapping[str, str]]
"""New ids of questions by old ids, for each fact type and field that names questions in both editions."""


def new_questions(before: Vocabulary, after: Vocabulary, ids: Mapping[str, str]) -> NewQuestions:
    """Return which questions have new ids.

    Args:
        before: the vocabulary of the old edition.
        after: that of the new one.
        ids: new ids by old ids, of criteria and of groups.
    """
    found: dict[tuple[str, str], Mapping[str, str]] = {}
    for fact_type in after.fact_types:
        for field in fact_type.fields:
            old = _field(before, fact_type.id, field.id)
            if old is not None and names_questions(old) and names_questions(field):
                news = {o: n for o, n in ids.items() if o in old.values and n in field.values and o not in field.values}
                if news:
                    found[fact_type.id, field.id] = news
    return found


def _field(vocabulary: Vocabulary, fact_type: str, field: str) -> Field | None:
    known = vocabulary.by_id.get(fact_type)
    return None if known is None else known.get(field)


class _Naming:
    """Replaces old ids of questions by those that a vocabulary has, in nodes."""

    def __init__(self, vocabulary: Vocabulary, news: NewQuestions) -> None:
        self._vocabulary = vocabulary
        self._news = news

    def _of(self, fact_type: str, field: str) -> Mapping[str, str]:
        """Return the new ids by old ids, as far as the vocabulary has the new one and not the old one."""
        known = _field(self._vocabulary, fact_type, field)
        values = () if known is None else known.values
        pairs = self._news.get((fact_type, field), {}).items()
        return {old: new for old, new in pairs if new in values and old not in values}

    def document(self, document: Document) -> Document:
        """Return a company file in which facts, and conditions that were not found, name questions by their new ids."""
        reading = {"facts": self._each(self.stating), "not_found": self._each(self.stating), "answers": self._answers}
        entries = (
            evolve(e, value=reading[str(e.key.value)](e.value)) if e.key.value in reading else e for e in document.root
        )
        return evolve(document, root=evolve(document.root, entries=tuple(entries)))

    def _each(self, change: Callable[[Node], Node]) -> Callable[[Node], Node]:
        return lambda node: (
            evolve(node, items=tuple(map(change, node.items))) if isinstance(node, SequenceNode) else node
        )

    def stating(self, node: Node) -> Node:
        """Return an entry that states a fact, or a condition, with new ids."""
        if not isinstance(node, MappingNode):
            return node
        return evolve(node, entries=tuple(self._fact(entry) for entry in node))

    def _fact(self, entry: Entry) -> Entry:
        if not isinstance(entry.value, MappingNode):
            return entry
        name = str(entry.key.value)
        fields = (evolve(e, value=_named(e.value, self._of(name, str(e.key.value)))) for e in entry.value)
        return evolve(entry, value=evolve(entry.value, entries=tuple(fields)))

    def _answers(self, node: Node) -> Node:
        """Return answers, one block or a list of blocks, with new ids as keys."""
        if isinstance(node, SequenceNode):
            return evolve(node, items=tuple(map(self._answers, node.items)))
        name = node.get("fact") if isinstance(node, MappingNode) else None
        values = node.get("values") if isinstance(node, MappingNode) else None
        fact_type = self._vocabulary.by_id.get(str(name.value)) if isinstance(name, ScalarNode) else None
        if not isinstance(node, MappingNode) or not isinstance(values, MappingNode) or fact_type is None:
            return node
        ids = {old: new for f in fact_type.fields if f.key for old, new in self._of(fact_type.id, f.id).items()}
        keys = tuple(evolve(entry, key=_scalar(entry.key, ids)) for entry in values)
        changed = evolve(values, entries=keys)
        return evolve(node, entries=tuple(evolve(e, value=changed) if e.key.value == "values" else e for e in node))


def _named(node: Node, ids: Mapping[str, str]) -> Node:
    match node:
        case ScalarNode():
            return _scalar(node, ids)
        case SequenceNode():
            return evolve(node, items=tuple(_named(item, ids) for item in node.items))
        case _:
            return evolve(node, entries=tuple(evolve(e, value=_named(e.value, ids)) for e in node))


def _scalar(node: ScalarNode, ids: Mapping[str, str]) -> ScalarNode:
    new = ids.get(node.value) if isinstance(node.value, str) else None
    return node if new is None else evolve(node, value=new, raw=new)


def company_document(document: Document, vocabulary: Vocabulary, news: NewQuestions) -> Document:
    """Return a company file as an edition reads it: questions that it knows only by new ids have these."""
    return _Naming(vocabulary, news).document(document) if news else document


def with_new_questions(flat: FlatMethodology, news: NewQuestions) -> FlatMethodology:
    """Return the old edition with the new ids of questions in its fields and conditions.

    If something other than a plain condition reads such a field, the edition is returned unchanged. Its fields and
    rules are then compared like others.
    """
    if not news:
        return flat
    methodology = flat.methodology
    try:
        vocabulary = _vocabulary(methodology.vocabulary, news)
        naming = _Naming(vocabulary, news)
        scope = Scope(vocabulary, {source.id: source for source in methodology.bibliography})

        def condition(old: Condition) -> Condition:
            if old.node is None or not any(fact_type == old.fact_type for fact_type, _ in news):
                return old
            return condition_of(naming.stating(old.node), scope)

        implications = tuple(
            evolve(old, given=condition(old.given), then=condition(old.then)) for old in vocabulary.implications
        )
        return FlatMethodology(
            evolve(methodology, vocabulary=evolve(vocabulary, implications=implications)),
            tuple(_placed(group, condition) for group in flat.groups),
            tuple(_placed(criterion, condition) for criterion in flat.criteria),
        )
    except Rejected:
        return flat


def _vocabulary(old: Vocabulary, news: NewQuestions) -> Vocabulary:
    """Return the vocabulary with new ids.

    Raises:
        Rejected: if a derivation reads or makes a fact that names questions, or such a field has a `valid` of its own.
    """
    types = {fact_type for fact_type, _ in news}
    for derivation in old.derivations:
        if derivation.fact in types or any(condition.fact_type in types for _, condition in derivation.inputs):
            raise Rejected

    def field(fact_type: FactType, old_field: Field) -> Field:
        ids = news.get((fact_type.id, old_field.id))
        if ids is None:
            return old_field
        if old_field.valid is not None:
            raise Rejected
        return evolve(old_field, values=tuple(sorted(ids.get(value, value) for value in old_field.values)))

    def fact_type(old_type: FactType) -> FactType:
        return evolve(old_type, fields=tuple(field(old_type, old_field) for old_field in old_type.fields))

    return evolve(old, fact_types=tuple(map(fact_type, old.fact_types)))


def _placed(placed: Placed, condition: Callable[[Condition], Condition]) -> Placed:
    thing: Group | Criterion = placed.thing
    exempt = thing.not_applicable
    if exempt is not None and exempt.when is not None:
        thing = evolve(thing, not_applicable=evolve(exempt, when=_when(exempt.when, condition)))
    if isinstance(thing, Criterion):
        thing = evolve(thing, rules=tuple(evolve(rule, when=_when(rule.when, condition)) for rule in thing.rules))
    return evolve(placed, thing=thing)


def _when(when: When, condition: Callable[[Condition], Condition]) -> When:
    match when:
        case Condition():
            return condition(when)
        case Count():
            return evolve(when, of=condition(when.of))
        case _:
            return evolve(when, parts=tuple(_when(part, condition) for part in when.parts))
