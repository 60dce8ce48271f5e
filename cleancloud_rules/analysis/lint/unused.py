"""The fact types and fields that rules, sentences, derivations and implications read."""

from collections.abc import Iterator

from cleancloud_rules.language.wording import PLACEHOLDER
from cleancloud_rules.model.conditions import Condition, Count, When, conditions_of
from cleancloud_rules.model.derivations import Derivation, Formula, Operand, Operation
from cleancloud_rules.model.methodology import Methodology, Rule

Fields = dict[str, set[str]]
"""Names of fields, by fact type."""


def read_fields(methodology: Methodology) -> Fields:
    """Return the names of the fields that something reads, by fact type. Fact types that nothing reads are left out."""
    read: Fields = {}
    for _, _, when in methodology.asked:
        _note(when, read)
    for implication in methodology.vocabulary.implications:
        _note(implication.given, read)
        _note(implication.then, read)
    for criterion in methodology.criteria:
        for rule in criterion.rules:
            _note_rule(rule, read)
    for derivation in methodology.vocabulary.derivations:
        _note_derivation(derivation, read)
    return read


def _note(when: When, read: Fields) -> None:
    for condition in conditions_of(when):
        read.setdefault(condition.fact_type, set()).update(test.field for test in condition.tests)
    for count in _counts(when):
        if count.distinct is not None:
            read[count.of.fact_type].add(count.distinct)


def _note_rule(rule: Rule, read: Fields) -> None:
    for match in PLACEHOLDER.finditer(rule.because):
        type_id, _, name = (match[1] or "").partition(".")
        if type_id in read:
            read[type_id].add(name)
    if rule.in_proportion is not None:
        read.setdefault(rule.in_proportion.fact_type, set()).add(rule.in_proportion.field)


def _note_derivation(derivation: Derivation, read: Fields) -> None:
    inputs = dict(derivation.inputs)
    for condition in inputs.values():
        _note(condition, read)
        read[condition.fact_type].update(derivation.join)
    for reading in operands(derivation):
        read[inputs[reading.input].fact_type].add(reading.field)


def operands(derivation: Derivation) -> Iterator[Operand]:
    """Yield the fields that the formulas of a derivation read."""
    for assignment in derivation.assignments:
        formula = assignment.value
        if assignment.is_formula and not isinstance(formula, (str, bool, int, frozenset)):
            yield from _readings(formula)  # type: ignore[arg-type] # a formula, not a date


def _counts(when: When) -> Iterator[Count]:
    if isinstance(when, Count):
        yield when
    elif not isinstance(when, Condition):
        for part in when.parts:
            yield from _counts(part)


def _readings(formula: Formula) -> Iterator[Operand]:
    match formula:
        case Operand():
            yield formula
        case Operation(_, left, right):
            yield from _readings(left)
            yield from _readings(right)
