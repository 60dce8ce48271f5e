"""Which columns of facts are read after they are encoded: by counts, by numbers in proportion and by derivations."""

from collections.abc import Iterator

from cleancloud_rules.engine.ruleset import Ruleset
from cleancloud_rules.model.derivations import Derivation, Operand, Operation
from cleancloud_rules.model.facts import FactType, Field
from cleancloud_rules.tables.facts import field_columns
from cleancloud_rules.tables.scoring.keys import RESERVED

READ = ("entity", "first_day", "period_low", "moment", "basis", "source")
"""What a derivation reads of each fact beside the fields of its formulas."""


def columns_read(derivation: Derivation, name: str, fact_type: FactType) -> list[str]:
    """Return the columns that the formulas of a derivation read of one of its inputs.

    Args:
        derivation: the derivation.
        name: the name of the input.
        fact_type: the type of its facts.
    """
    formulas = [assignment.value for assignment in derivation.assignments if assignment.is_formula]
    fields = {operand.field for formula in formulas for operand in _operands(formula) if operand.input == name}
    return [*_columns_of(fact_type, fields), *READ]


def columns_of_figures(ruleset: Ruleset, fact_type: FactType, conditions: range) -> list[str]:
    """Return the columns of the facts of a type that counts and numbers in proportion read; none if nothing does.

    Args:
        ruleset: the compiled methodology.
        fact_type: the type.
        conditions: the numbers of the conditions on its facts.
    """
    found: dict[str, None] = {}
    for _, condition, distinct in ruleset.counters:
        if condition in conditions:
            found |= dict.fromkeys(["line"] if distinct is None else _columns_named(fact_type, distinct))
    for criterion in ruleset.methodology.criteria:
        for proportion in (rule.in_proportion for rule in criterion.rules):
            if proportion is not None and proportion.fact_type == fact_type.id:
                found |= dict.fromkeys(_columns_of(fact_type, {proportion.field}))
    return list(found)


def columns_of_inputs(ruleset: Ruleset, fact_type: FactType, conditions: range) -> list[str]:
    """Return the columns of the facts of a type that derivations read; none if nothing is derived from them.

    Args:
        ruleset: the compiled methodology.
        fact_type: the type.
        conditions: the numbers of the conditions on its facts.
    """
    found: dict[str, None] = {}
    for join in ruleset.joins:
        for number, (name, _) in zip(join.conditions, join.derivation.inputs, strict=True):
            if number in conditions:
                keys = _columns_of(fact_type, set(join.derivation.join))
                found |= dict.fromkeys(("line", *keys, *columns_read(join.derivation, name, fact_type)))
    return list(found)


def _columns_of(fact_type: FactType, names: set[str]) -> list[str]:
    fields: list[tuple[int, Field]] = [(n, own) for n, own in enumerate(fact_type.fields) if own.id in names]
    return [column for n, own in fields for column in field_columns(n, own)]


def _columns_named(fact_type: FactType, name: str) -> list[str]:
    """Return the columns of a field of a type, or of a reserved field."""
    own = _columns_of(fact_type, {name})
    if own:
        return own
    prefix = RESERVED[name]
    return [f"{prefix}_low", f"{prefix}_high"] if prefix in ("period", "published") else [prefix]


def _operands(formula: object) -> Iterator[Operand]:
    if isinstance(formula, Operand):
        yield formula
    elif isinstance(formula, Operation):
        yield from _operands(formula.left)
        yield from _operands(formula.right)
