"""Loads the expectations of test cases."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from enum import Enum
from typing import Any

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, did_you_mean, reject
from cleancloud_rules.documents.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.language.case_file_types import CategoryExpectation, CriterionExpectation, ExpectEntry
from cleancloud_rules.language.converter import salvage, structure
from cleancloud_rules.language.load.figures import outputs_in_words
from cleancloud_rules.language.values import decimal_value, wrong_type
from cleancloud_rules.model.cases import Expected
from cleancloud_rules.model.groups import Combining, TableHitPolicy
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.results.case_reports import NO_VALUE

_WHOLE = ("total", "outcome", "label", "level")


def expectations(node: Node, methodology: Methodology) -> tuple[Expected, ...]:
    """Return the expected results of a test case: of criteria, categories, decision tables, and of the total.

    Args:
        node: the value of `expect`.
        methodology: whose criteria, categories and tables it names.

    Raises:
        Rejected: with all diagnostics of the node.
    """
    if not isinstance(node, MappingNode):
        raise wrong_type(node, "a mapping with `criteria`, `categories`, `tables` or `total`")
    gather = DiagnosticCollector()
    entry, wrong = salvage(node, ExpectEntry, gather)
    made = [
        *_of_each(node.get("criteria"), "criteria" in wrong, methodology, gather, _of_criterion),
        *_of_each(node.get("categories"), "categories" in wrong, methodology, gather, _of_category),
        *_of_each(node.get("tables"), "tables" in wrong, methodology, gather, _of_table),
        *_named("total", None, entry, _WHOLE, node),
    ]
    _check_words(entry, methodology.combining, "the total", node, gather)
    gather.raise_if_any()
    if not made:
        help = "add an expected result, such as `criteria: {CRITERION: 2}`"
        raise reject("empty-value", "the test case expects nothing", node.location, help)
    return tuple(made)


def _of_each(
    node: Node | None,
    is_wrong: bool,
    methodology: Methodology,
    gather: DiagnosticCollector,
    read: Callable[[Entry, Methodology], list[Expected]],
) -> Iterable[Expected]:
    if isinstance(node, MappingNode) and not is_wrong:
        for entry in node:
            yield from gather.attempt(read, entry, methodology) or ()


def _of_criterion(entry: Entry, methodology: Methodology) -> list[Expected]:
    id, node = entry.key.raw, entry.value
    known = [criterion.id for criterion in methodology.criteria]
    if id not in known:
        message = f"there is no criterion `{id}`"
        help = did_you_mean(id, known, new_ids=methodology.new_ids)
        raise reject("unknown-reference", message, entry.key.location, help)
    if isinstance(node, MappingNode):
        made = structure(node, CriterionExpectation)
        return _some(_named("criterion", id, made, ("points", "outcome"), node), entry)
    value: Decimal | str
    if isinstance(node, ScalarNode) and isinstance(node.value, str) and node.raw[:1].isalpha():
        what, value = "outcome", structure(node, Outcome).value
    else:
        what, value = "points", decimal_value(node, "points, or an outcome such as `partial`")
    return [Expected("criterion", id, what, value, node.location)]


def _of_category(entry: Entry, methodology: Methodology) -> list[Expected]:
    id, node = entry.key.raw, entry.value
    known = {str(group.id): group for group in methodology.groups}
    if id not in known:
        message = f"there is no category `{id}`"
        help = did_you_mean(id, known, new_ids=methodology.new_ids)
        raise reject("unknown-category", message, entry.key.location, help)
    if not isinstance(node, MappingNode):
        score = decimal_value(node, "a score, or a mapping with `score`, `outcome`, `label` or `level`")
        return [Expected("category", id, "score", score, node.location)]
    made = structure(node, CategoryExpectation)
    gather = DiagnosticCollector()
    _check_words(made, known[id], f"category `{id}`", node, gather)
    gather.raise_if_any()
    return _some(_named("category", id, made, ("score", "outcome", "label", "level"), node), entry)


def _of_table(entry: Entry, methodology: Methodology) -> list[Expected]:
    id, node = entry.key.raw, entry.value
    known = {table.id: table for table in methodology.tables}
    if id not in known:
        raise reject("unknown-reference", f"there is no table `{id}`", entry.key.location, did_you_mean(id, known))
    table = known[id]
    collects = table.hit_policy is TableHitPolicy.COLLECT
    items = node.items if isinstance(node, SequenceNode) and collects else (node,)
    outputs = [structure(item, str) for item in items]
    gather = DiagnosticCollector()
    for item, output in zip(items, outputs, strict=True):
        if output not in table.outputs and (output != NO_VALUE or len(items) > 1):
            help = did_you_mean(output, (*table.outputs, NO_VALUE))
            gather.add("unknown-value", f"table `{id}` has no output `{output}`", item.location, help)
    gather.raise_if_any()
    if not items:
        raise reject(
            "empty-value", f"nothing is expected of `{id}`", node.location, f"for no output write `{NO_VALUE}`"
        )
    return [Expected("table", id, "output", outputs_in_words(outputs), node.location)]


def _some(made: list[Expected], entry: Entry) -> list[Expected]:
    if not made:
        raise reject("empty-value", f"nothing is expected of `{entry.key.raw}`", entry.value.location)
    return made


def _named(of: str, id: str | None, entry: Any, names: Iterable[str], node: MappingNode) -> list[Expected]:
    """Return an expectation for each member of an entry that has a value."""
    given = {name: getattr(entry, name) for name in names}
    return [
        Expected(of, id, name, value.value if isinstance(value, Enum) else value, node.value_location(name))
        for name, value in given.items()
        if value is not None
    ]


def _check_words(
    entry: CategoryExpectation | ExpectEntry,
    combining: Combining,
    owner: str,
    node: MappingNode,
    gather: DiagnosticCollector,
) -> None:
    """Report a label and a level that the result cannot have."""
    levels = [*combining.levels, *([combining.top_level] if combining.top_level is not None else [])]
    known = {"label": [str(band.label) for band in combining.bands], "level": [str(level.id) for level in levels]}
    for what, words in known.items():
        word = getattr(entry, what)
        if word is not None and word not in (*words, NO_VALUE):
            other = next((name for name, others in known.items() if word in others), None)
            help = f"did you mean `{other}: {word}`?" if other else did_you_mean(word, words)
            gather.add("unknown-value", f"{owner} has no {what} `{word}`", node.value_location(what), help)
