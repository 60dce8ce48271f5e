"""Checks of placeholders in sentences: a fact must be able to fill each of them."""

import re
from collections.abc import Iterator

from cleancloud_rules.diagnostics.collector import did_you_mean, listed
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.documents.nodes import MappingNode, ScalarNode, SequenceNode
from cleancloud_rules.language.wording import PLACEHOLDER
from cleancloud_rules.model.conditions import Condition, Count, NoneOf, When
from cleancloud_rules.model.methodology import Methodology, Rule
from cleancloud_rules.model.texts import Notice


def notices_of(methodology: Methodology) -> Iterator[tuple[Notice, MappingNode]]:
    """Yield the notices, each with its node."""
    items = methodology.node.get("notices") if methodology.node is not None else None
    for notice, node in zip(methodology.notices, items.items if isinstance(items, SequenceNode) else (), strict=False):
        assert isinstance(node, MappingNode)
        yield notice, node


def placeholders(methodology: Methodology) -> Iterator[Diagnostic]:
    """A placeholder of a rule names a field of a fact type for whose facts the rule asks."""
    for criterion in methodology.criteria:
        for rule in criterion.rules:
            yield from _placeholders_of(rule, methodology)


def of_facts(methodology: Methodology) -> Iterator[Diagnostic]:
    """A placeholder of a sentence that states a fact names a field of its fact type."""
    for fact_type in methodology.vocabulary.fact_types:
        says = fact_type.node.get("says") if fact_type.node is not None else None
        sentences = says.items if isinstance(says, SequenceNode) else (says,)
        known = [f.id for f in fact_type.fields]
        for sentence in sentences:
            if isinstance(sentence, ScalarNode):
                yield from _fields_in(sentence, fact_type.id, known)


def _fields_in(sentence: ScalarNode, type_id: str, known: list[str]) -> Iterator[Diagnostic]:
    for match in PLACEHOLDER.finditer(sentence.raw):
        place = sentence.span(*match.span())
        if match[1] is None and match[0] not in ("{{", "}}"):
            help = "write it twice for a brace, or name a field: `{field}`"
            yield Diagnostic("bad-placeholder", f"a single `{match[0]}` in a sentence", place, help)
        elif match[1] is not None and match[1] not in known:
            message = f"`{match[0]}`: fact type `{type_id}` has no field `{match[1]}`"
            yield Diagnostic("bad-placeholder", message, place, did_you_mean(match[1], known))


def other_sentences(methodology: Methodology) -> Iterator[Diagnostic]:
    """Sentences that cite no fact have no placeholders; a notice may have `{company}`."""
    for _, node in notices_of(methodology):
        yield from _no_placeholders(node, "text", "a notice may contain only `{company}`", known="{company}")
    for criterion in methodology.criteria:
        help = "only `because` may contain placeholders"
        yield from _no_placeholders(criterion.node, "otherwise", help)
        remedy = criterion.node.get("remedy") if criterion.node is not None else None
        if isinstance(remedy, MappingNode):
            yield from _no_placeholders(remedy, "text", help)


def _no_placeholders(node: MappingNode | None, key: str, help: str, known: str = "") -> Iterator[Diagnostic]:
    sentence = node.get(key) if node is not None else None
    if not isinstance(sentence, ScalarNode):
        return
    for match in PLACEHOLDER.finditer(sentence.raw):
        if match[1] is not None and match[0] != known:
            message = f"`{match[0]}`: this sentence cites no fact"
            yield Diagnostic("bad-placeholder", message, sentence.span(*match.span()), help)


def _placeholders_of(rule: Rule, methodology: Methodology) -> Iterator[Diagnostic]:
    assert rule.node is not None
    sentence = rule.node.get("because")
    assert isinstance(sentence, ScalarNode)
    read = {condition.fact_type for condition in positive_conditions(rule.when)}
    for match in PLACEHOLDER.finditer(sentence.raw):
        if match[0] in ("{{", "}}"):
            continue
        found = _wrong(match, read, methodology)
        if found is not None:
            yield Diagnostic("bad-placeholder", found[0], sentence.span(*match.span()), found[1])


def _wrong(match: re.Match[str], read: set[str], methodology: Methodology) -> tuple[str, str] | None:
    """Return what is wrong with a placeholder, and how to correct it.

    Args:
        match: the placeholder; its group is None if it is a single brace.
        read: the fact types that the rule reads.
        methodology: the methodology.
    """
    if match[1] is None:
        help = "write it twice for a brace, or name a field: `{type.field}`"
        return f"a single `{match[0]}` in a sentence", help
    type_id, _, field = match[1].partition(".")
    if type_id not in read:
        help = f"it reads {listed(sorted(read))}" if read else ""
        return f"`{match[0]}`: the rule reads no fact of type `{type_id}`", help
    if methodology.vocabulary.field_of(type_id, field) is None:
        fields = methodology.vocabulary.by_id[type_id].fields
        message = f"`{match[0]}`: fact type `{type_id}` has no field `{field}`"
        return message, did_you_mean(field, (f.id for f in fields))
    return None


def positive_conditions(when: When) -> tuple[Condition, ...]:
    """Return the conditions inside `when` that facts must pass; those under an odd number of `none` are left out."""
    return tuple(_positive(when, wanted=True))


def _positive(when: When, *, wanted: bool) -> Iterator[Condition]:
    match when:
        case Condition():
            if wanted:
                yield when
        case Count():
            if wanted:
                yield when.of
        case _:
            inner = not wanted if isinstance(when, NoneOf) else wanted
            for part in when.parts:
                yield from _positive(part, wanted=inner)
