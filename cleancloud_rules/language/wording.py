"""Values, facts and conditions in English, and values in the form of company files."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from cleancloud_rules.language.unary_test_text import plain_text
from cleancloud_rules.model.conditions import (
    AllOf,
    Alternative,
    AnyOf,
    Condition,
    Count,
    Members,
    NoneOf,
    Null,
    SetMode,
    UnaryTest,
    When,
)
from cleancloud_rules.model.exact import negate, written
from cleancloud_rules.model.facts import Better, Fact, Field, reader
from cleancloud_rules.model.methodology import Rule
from cleancloud_rules.model.rounding import short
from cleancloud_rules.model.values import FieldType, Interval, Plain, Value
from cleancloud_rules.model.vocabulary import Vocabulary

PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
"""The placeholders of a sentence. Doubled braces are literal braces."""

NOT_STATED = "not stated"
"""The words for a missing value."""

NOT_AT_HAND = "not at hand"
"""The words for a value that was disclosed and is not known here."""


Say = Callable[[Callable[[Fact], str], Fact], str]
"""Returns what a function tells of a fact, or a mark in its place; see `on_demand.Pattern`."""


def value_in_words(value: Value | None, field: Field) -> str:
    """Return a value in English: ``15.43%``, ``more than 38%``, ``2030 or earlier``."""
    kind = type(value)
    if kind is str or kind is Decimal:  # as most values are
        return _plain_in_words(value, field)  # type: ignore[arg-type]
    if value is None:
        return NOT_STATED
    if isinstance(value, frozenset):
        return _listing([_spaced(name) for name in field.values if name in value])
    if isinstance(value, Interval):
        return _interval_in_words(value, field)
    return _plain_in_words(value, field)


def _plain_in_words(value: Plain, field: Field) -> str:
    kind = field.type
    if kind is FieldType.PERCENT and isinstance(value, Decimal):
        return f"{written(value)}%"
    if kind is FieldType.ENUM and not field.id.startswith("evidence."):
        return _spaced(str(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain_text(value, field)


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _listing(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _interval_in_words(value: Interval, field: Field) -> str:
    if value.is_point:
        return str(_plain_in_words(value.low, field))  # type: ignore[arg-type]
    if isinstance(value.low, date) and isinstance(value.high, date) and _is_year(value):
        return str(value.low.year)
    bound = value.written
    low = None if bound.low is None else _plain_in_words(bound.low, field)
    high = None if bound.high is None else _plain_in_words(bound.high, field)
    in_time = field.type in (FieldType.YEAR, FieldType.DATE)
    if low is not None and high is not None:
        if bound.is_closed:
            return f"between {low} and {high}"
        first = f"more than {low}" if bound.low_open else f"at least {low}"
        return f"{first} and {f'less than {high}' if bound.high_open else f'at most {high}'}"
    if low is not None:
        if in_time:
            return f"after {low}" if bound.low_open else f"{low} or later"
        return f"more than {low}" if bound.low_open else f"at least {low}"
    if in_time:
        return f"before {high}" if bound.high_open else f"{high} or earlier"
    return f"less than {high}" if bound.high_open else f"at most {high}"


def _is_year(value: Interval) -> bool:
    low, high = value.low, value.high
    assert isinstance(low, date) and isinstance(high, date)
    return (low.month, low.day, high.month, high.day) == (1, 1, 12, 31) and low.year == high.year


def value_as_stated(value: Value, field: Field) -> Any:
    """Return a value in the form of a company file, as plain data."""
    if isinstance(value, frozenset):
        return [name for name in field.values if name in value]
    if not isinstance(value, Interval):
        return _plain_as_stated(value, field)
    bound = value.written
    low = None if bound.low is None else _plain_as_stated(bound.low, field)
    high = None if bound.high is None else _plain_as_stated(bound.high, field)
    if bound.is_closed:
        return {"between": [low, high]}
    stated = {}
    if low is not None:
        stated["more_than" if bound.low_open else "at_least"] = low
    if high is not None:
        stated["less_than" if bound.high_open else "at_most"] = high
    return stated


def _plain_as_stated(value: Plain, field: Field) -> Any:
    return plain_text(value, field) if field.type in (FieldType.QUANTITY, FieldType.DATE) else value


def day_text(value: date | Interval | None) -> str | None:
    """Return a day or a year as text; None if it is unknown."""
    if isinstance(value, Interval):
        assert isinstance(value.low, date)
        return str(value.low.year)
    return value.isoformat() if value is not None else None


def fact_in_words(fact: Fact, vocabulary: Vocabulary) -> str:
    """Return the fields of a fact as one line."""
    parts = []
    for field in vocabulary.by_id[fact.type].fields:
        value = fact.values.get(field.id)
        if value is not None:
            parts.append(f"{field.label}: {value_in_words(value, field)}")
        elif field.id in fact.disclosed:
            parts.append(f"{field.label}: disclosed, value {NOT_AT_HAND}")
    return "; ".join(parts)


def fact_as_sentence(fact: Fact, vocabulary: Vocabulary) -> str | None:
    """Return the first sentence of its fact type that a fact can fill; None if it can fill none.

    A fact fills a sentence if it has a value for each field that the sentence names.
    """
    fact_type = vocabulary.by_id[fact.type]
    for sentence in fact_type.says:
        pieces = [(p, None) if isinstance(p, str) else ("", fact_type.get(p[0])) for p in _pieces(sentence)]
        values = [fact.values.get(field.id) for _, field in pieces if field is not None]
        if all(value is not None for value in values):
            said = "".join(t if f is None else value_in_words(fact.values.get(f.id), f) for t, f in pieces)
            first = pieces[0][1]
            is_stated_text = first is not None and first.type is FieldType.TEXT
            return said if is_stated_text else said[:1].upper() + said[1:]
    return None


def when_for_readers(when: When, vocabulary: Vocabulary) -> str:
    """Return the condition of a rule for readers, as one line; see `condition_in_words`."""
    return when_in_words(when, lambda condition: condition_in_words(condition, vocabulary))


def when_in_words(when: When, said: Callable[[Condition], str] = str) -> str:
    """Return the condition of a rule as one line.

    Args:
        when: the condition.
        said: says a condition on single facts; in the words of the file if nothing else is given.
    """
    match when:
        case Condition():
            return said(when)
        case Count(of, number, distinct):
            many = "" if number == 1 else "s"
            what = f"different value{many} of {distinct} among" if distinct else f"fact{many} of"
            return f"at least {number} {what} {said(of)}"
        case AllOf(parts):
            return " and ".join(_inner(part, said) for part in parts)
        case AnyOf(parts):
            return " or ".join(_inner(part, said) for part in parts)
        case NoneOf(parts):
            return "none of (" + "; ".join(when_in_words(part, said) for part in parts) + ")"


def condition_in_words(condition: Condition, vocabulary: Vocabulary) -> str:
    """Return a condition for readers: the title of its fact type and, in its order, each field that it tests."""
    fact_type = vocabulary.by_id[condition.fact_type]
    order = {field.id: place for place, field in enumerate(fact_type.fields)}
    tests = sorted(condition.tests, key=lambda test: order.get(test.field, len(order)))
    said = [
        f"{field.label}: {_test_in_words(test.test, field)}"
        for test, field in ((test, vocabulary.field_of(fact_type.id, test.field)) for test in tests)
        if field is not None and not test.test.anything
    ]
    return f"{fact_type.title} ({'; '.join(said)})" if said else fact_type.title


def _test_in_words(test: UnaryTest, field: Field) -> str:
    if test.negated and test.alternatives == (Null(),):
        return "any value"
    words = " or ".join(_alternative_in_words(one, field) for one in test.alternatives)
    return f"not {words}" if test.negated else words


def _alternative_in_words(alternative: Alternative, field: Field) -> str:
    match alternative:
        case Null():
            return NOT_STATED
        case Interval():
            return value_in_words(alternative, field)
        case Members(mode, names):
            listed = [_spaced(name) for name in field.values if name in names]
            if mode is SetMode.CONTAINS:
                return " or ".join(listed)
            return f"{'all of' if mode is SetMode.ALL else 'exactly'} {_listing(listed)}"


def proportion_in_words(rule: Rule) -> str | None:
    """Return in English how the points of a rule follow from a number; None if they do not."""
    proportion = rule.in_proportion
    if proportion is None:
        return None
    worst, best = (short(end) for end in proportion.over)
    name = f"{proportion.fact_type}.{proportion.field}"
    return f"{short(proportion.least)} to {short(rule.points)} points as {name} goes from {worst} to {best}"


def _inner(when: When, said: Callable[[Condition], str]) -> str:
    text = when_in_words(when, said)
    return f"({text})" if isinstance(when, (AllOf, AnyOf)) else text


class Sentence:
    """A sentence with placeholders, prepared to be filled for the facts of any company.

    Args:
        text: the sentence, with placeholders ``{type.field}``.
        vocabulary: the fact types.
    """

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self._pieces = [p if isinstance(p, str) else _Placeholder(*p, vocabulary) for p in _pieces(text)]

    def filled(self, cited: Mapping[str, Fact], say: Say | None = None) -> str:
        """Return the sentence with the values of facts.

        Args:
            cited: the fact that the sentence cites, by fact type.
            say: the text about a fact; None for the default one.
        """
        return "".join([piece if isinstance(piece, str) else piece.filled(cited, say) for piece in self._pieces])


class _Placeholder:
    def __init__(self, type_id: str, name: str, vocabulary: Vocabulary) -> None:
        self._type_id = type_id
        self._name = name
        self._field = vocabulary.field_of(type_id, name) if type_id in vocabulary.by_id else None
        self._read = reader(name)

    def filled(self, cited: Mapping[str, Fact], say: Say | None) -> str:
        fact = cited.get(self._type_id)
        if fact is None or self._field is None:
            return NOT_STATED
        return self._said(fact) if say is None else say(self._said, fact)

    def _said(self, fact: Fact) -> str:
        name = self._name
        assert self._field is not None
        if name in fact.disclosed:
            return NOT_AT_HAND
        if name == "period":
            return str(fact.period) if fact.period else NOT_STATED
        return value_in_words(self._read(fact), self._field)


@lru_cache(4096)
def _pieces(sentence: str) -> tuple[str | tuple[str, str], ...]:
    """Return a sentence as its texts and, between them, the fact type and the field of each placeholder."""
    pieces: list[str | tuple[str, str]] = []
    end = 0
    for match in PLACEHOLDER.finditer(sentence):
        pieces.append(sentence[end : match.start()])
        type_id, _, name = (match[1] or "").partition(".")
        pieces.append(str(match[0][0]) if match[1] is None else (type_id, name))
        end = match.end()
    pieces.append(sentence[end:])
    return tuple(piece for piece in pieces if piece)


def precedence(fact: Fact, vocabulary: Vocabulary) -> tuple[Any, ...]:
    """Return the sort key that puts facts of one type in order of precedence: the best, the newest, the lowest id."""
    ranks = tuple(_rank(fact, field) for field in vocabulary.by_id[fact.type].fields if field.better is not None)
    day = fact.period.end if fact.period else fact.as_of
    return (ranks, -day.toordinal() if day else 0, fact.id)


def _rank(fact: Fact, field: Field) -> tuple[Any, ...]:
    """Return the sort key of a fact by one field: bounded values first, then unbounded ones, then missing ones."""
    value = fact.values.get(field.id)
    assert field.better is not None
    if value is None:
        return (2,)
    if isinstance(value, frozenset):
        return (0, -len(value))
    if field.better is Better.LISTED:
        return (0, -field.values.index(str(value)))
    bound = value if isinstance(value, Interval) else Interval.at(value)
    # The worst value that is possible. If this end is open, the value is certainly better than it.
    higher = field.better is Better.HIGHER
    end, is_open = (bound.low, bound.low_open) if higher else (bound.high, bound.high_open)
    if end is None:
        return (1,)
    number = _number(end)
    return (0, _opposite(number) if higher else number, not is_open)


def _opposite(number: Decimal | int) -> Decimal | int:
    return negate(number) if isinstance(number, Decimal) else -number


def _number(value: Any) -> Any:
    return value.toordinal() if isinstance(value, date) else value
