"""Check a record of cleancloud_rules without cleancloud_rules: one file, the standard library, Python 3.9 or later.

    python check_record.py RECORD...

It computes every digest, fills in what a record leaves out, decides for each fact whether it counts, computes derived
facts, evaluates every rule, and combines the points of groups, decision tables and ranks. All of that is compared with
the results in the record. Sentences that name facts are filled again. What it does not know it names, and then a record
never passes. It does not read the input files: that `meaning` is what they mean, only `cleancloud-rules verify` shows.

Exit codes: 0 if all is right; 1 if something differs or is no record; 2 for wrong usage; 3 if something is not known.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, NamedTuple

FORMAT = "cleancloud-record/1"
SHOWN, MAX_DIGITS, MAX_NAMED, MAX_WHOLE = 20, 24, 30, 2**53 - 1
NIL, INFINITE = Fraction(0), math.inf
ABSENT: Any = object()  # stands where nothing is recorded; null is something
Data = dict[str, Any]

# ---- What is known: the attributes of each kind of object, and the words of attributes

def listed(text: str, separator: str | None = None) -> dict[str, list[str]]:
    """Return what a table lists: in each entry names, a colon, and what each of them can have."""
    entries = (entry.partition(":") for entry in text.replace("\n", " ").split(";"))
    found = ((names.split(), [word.strip() for word in after.split(separator)]) for names, _, after in entries)
    return {name: words for names, words in found for name in names}


FORMS = listed("""
AllOf AnyOf NoneOf: parts; Assignment: field value text is_formula; Band: score label value; Cap: at_most given unless;
Category Combining: aggregate of base scale at_least at_most caps tiers bands bands_of levels top_level needs monotone
rationale coverage empty id title weight criteria groups parts rounding requires not_applicable not_assessed;
CompanyFacts: id name aliases cohort facts not_found; Condition: fact_type tests; Count: of at_least distinct;
CoverageLine: at_least is_share of of_criteria; Criterion: id title horizon max_points hit_policy rules otherwise
at_most at_least weight level requirement met_at requires not_applicable not_assessed answered shared_with points_basis
basis rationale guidance short reference remedy monotone; DecisionTable: id title inputs hit_policy outputs rows
otherwise; Derivation: id fact inputs join assignments digits mode valid; Evidence: id type title publisher published
accessed url archived footnotes note public; Fact: id type values disclosed period as_of basis source locator entity
note derived_by derived_from; FactType: id title horizon fields describe selection says; Field: id type title values
unit digits better key optional valid; FieldTest: field test; Implication: given then; Interval: low high low_open
high_open; Level: id title requires at_least value; Members: mode names; Methodology: id title edition publisher
approved_by vocabulary categories windows accepted_sources as_of rounding points_basis combining not_applicable
not_assessed tables rank_by notices recommendations bibliography; NotApplicable: cohorts when counts_as; NotFound:
condition basis source locator note also; Notice: code text hypothetical; Null:; Operation: operator left right; Period:
start end text; Proportion: fact_type field over least digits mode; Reading: input field; Reference: source section;
Remedy: text recommendation; Requirement: of at_least; Response: id received by reason about facts disputes status
decision; Rounding: digits mode total points_digits; Rule: id points when because in_proportion basis rationale;
ScoreRounding: digits mode; TableInput: name reads of field; TableRow: tests then; UnaryTest: text alternatives negated
anything; Unit: id dimension size; Units: all; Vocabulary: fact_types implications derivations source_types cohorts
units; Window: start end counts; record: as_of digests format hypothetical inputs made meaning notices options results;
meaning: companies contradictions defaults kinds methodology published responses sha256 shared sources
""")
WORDS = listed("""
Category.aggregate Combining.aggregate: sum, weighted sum, mean, weighted mean, minimum, maximum, none;
Category.bands_of Combining.bands_of: score, exact; Category.empty Combining.empty: zero; Category.needs Combining.needs
Criterion.requirement: must, should, suggested; Category.not_assessed Criterion.not_assessed Methodology.not_assessed:
excluded, zero; Category.of Combining.of: points, shares; Category.parts: exact, rounded; Criterion.hit_policy: collect
max, collect min, collect sum, first; DecisionTable.hit_policy: unique, first, collect; Derivation.mode Proportion.mode
Rounding.mode ScoreRounding.mode: half_up, half_even, floor, ceiling; Fact.basis: reported, calculated,
reported_or_calculated, third_party, assessed, inferred, hypothetical; FactType.selection: best, latest, single;
Field.better: higher, lower, more, listed; Field.type: boolean, integer, number, percent, year, date, text, enum, set,
quantity; Members.mode: contains, all, is; Methodology.not_applicable NotApplicable.counts_as: excluded, full, zero;
Operation.operator: +, -, *, /; Response.status: open, accepted, rejected; Rounding.total: sum_of_rounded, rounded_sum;
TableInput.reads: label, level, score, points, met, table; Window.counts: end, overlap, whole
""", ",")

# ---- What ought to be there, and the comparison with what is recorded

class ById(dict[str, Any]):
    """What ought to be there by id: another id is wrong. In any other object another name is not known."""


class Right:
    """A place where several values are right: one of them, and which ones are. Without arguments all are."""

    def __init__(self, value: Any = None, allows: Callable[[Any], Any] = lambda _: True) -> None:
        self.value: Any = value
        self.allows: Callable[[Any], Any] = allows


class Report(NamedTuple):
    """What differs, and what is not known."""

    wrong: list[str]
    unknown: list[str]

    def know(self, path: str, names: Iterable[str], known: Iterable[str]) -> None:
        """Note the names that are not known."""
        self.unknown.extend(f"{path}.{name}: not known here" for name in sorted({*names} - {*known}))

    def compare(self, path: str, recorded: Any, right: Any) -> None:
        """Compare what is recorded with what ought to be. Numbers are recorded as texts, and what is empty is not."""
        told = None if recorded is ABSENT else recorded
        if isinstance(right, list) and (recorded is ABSENT or isinstance(recorded, list)):
            for place, pair in enumerate(itertools.zip_longest(told or [], right, fillvalue=ABSENT)):
                self.compare(f"{path}.{place}", *pair)
        elif isinstance(right, dict) and (recorded is ABSENT or isinstance(recorded, dict)):
            recorded = told or {}
            if isinstance(right, ById):
                self.compare(path, sorted(recorded), sorted(right))
            else:
                self.know(path, recorded, right)
            for name, value in right.items():
                self.compare(f"{path}.{name}", recorded.get(name, ABSENT), value)
        else:
            same = told == right and isinstance(told, bool) is isinstance(right, bool)
            if isinstance(right, Right):
                same = recorded is not None and right.allows(told)
            elif isinstance(right, Fraction):
                is_number = isinstance(recorded, str) and re.fullmatch(r"-?[0-9]+([./][0-9]+)?", recorded)
                same = bool(is_number and Fraction(recorded) == right)
            if not same:
                texts = (json.dumps(one, ensure_ascii=False, default=lambda own: getattr(own, "value", None)
                                    if not isinstance(own, Fraction) else text_of(own)) for one in (recorded, right))
                self.wrong.append("{}: is {}, ought to be {}".format(path, *texts))


# ---- Canonical JSON, digests, and what is left out

def canonical(data: Any) -> str:
    """Return data as canonical JSON (RFC 8785): keys in the order of UTF-16; records have no fractions."""
    def in_order(data: Any) -> Any:
        if isinstance(data, dict):
            return {name: in_order(data[name]) for name in sorted(data, key=lambda name: name.encode("utf-16-be"))}
        return [in_order(item) for item in data] if isinstance(data, list) else data
    return json.dumps(in_order(data), ensure_ascii=False, separators=(",", ":"))


def sha256(data: Any) -> str:
    """Return the digest of the canonical JSON of data."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()


def check_digests(record: Data, report: Report) -> None:
    """Compare the digests of the parts and of the input files."""
    whole = {name: part for name, part in record.items() if name != "digests"}
    right = ById({name: sha256(whole[name]) for name in ("inputs", "meaning", "results")}, record=sha256(whole))
    right["replay"] = sha256({name: part for name, part in whole.items() if name != "made"})
    report.compare("digests", record["digests"], right)
    for name, file in record["inputs"].items():
        report.compare(f"inputs.{name}.sha256", file["sha256"], hashlib.sha256(file["text"].encode()).hexdigest())


def filled_in(data: Any, path: str, kind: str | None, meaning: Data, report: Report) -> Any:
    """Return the whole form of an object, with defaults, kinds, sources and shared objects; note what is not known."""
    if isinstance(data, list):
        return [filled_in(item, f"{path}.{place}", kind, meaning, report) for place, item in enumerate(data)]
    if not isinstance(data, dict):
        return data
    for name, part in (("source_id", "sources"), ("same", "shared")):
        if list(data) == [name]:
            return filled_in(meaning[part][data[name]], path, kind, meaning, report)
    kind = data.get("is", kind)
    if kind == "Whole":
        return int(data["text"])
    if kind is None or kind not in FORMS:
        report.unknown.append(f"{path}: `{kind}` is not known here")
        return data
    made = {**meaning["defaults"].get(kind, {}), "is": kind}
    for name, value in data.items():
        inner, place = meaning["kinds"].get(kind, {}).get(name), f"{path}.{name}"
        if (kind, name) == ("Fact", "values"):  # the names of values are those of fields
            made[name] = {own: filled_in(held, f"{place}.{own}", None, meaning, report) for own, held in value.items()}
        else:
            made[name] = filled_in(value, place, inner, meaning, report)
    report.know(path, made, [*FORMS[kind], "is"])
    for name, value in made.items():
        if isinstance(value, str) and value not in WORDS.get(f"{kind}.{name}", [value]):
            report.unknown.append(f"{path}.{name}: `{value}` is not known here")
    return made


# ---- Numbers and values. An end of a span is a value and a side: 1 for just above it, -1 for just below it, 0 for it.

def text_of(number: Fraction) -> str:
    """Return an exact number as a decimal without needless zeros, or as a fraction if it has no end."""
    places = next((n for n in range(64) if (number * 10**n).denominator == 1), None)
    return str(number) if places is None else f"{Decimal(f'{int(number * 10**places)}e-{places}'):f}"


def rounded(number: Fraction, places: int, mode: str) -> Fraction:
    """Return a number rounded to decimal places; `half_up` rounds halves away from zero."""
    scaled = number * 10**places
    away = math.floor(scaled + Fraction(1, 2)) if scaled >= 0 else math.ceil(scaled - Fraction(1, 2))
    found = {"floor": math.floor(scaled), "ceiling": math.ceil(scaled), "half_even": round(scaled), "half_up": away}
    return Fraction(found[mode], 10**places)


def beside(end: tuple[Any, int], step: int) -> tuple[Any, int]:
    """Return the end before or after an end. Whole numbers and days, which are numbers here, have closed ends."""
    return (end[0] + step, 0) if isinstance(end[0], int) else (end[0], end[1] + step)


class Span(NamedTuple):
    """All values between two ends, which are infinite where nothing is known."""

    low: tuple[Any, int]
    high: tuple[Any, int]

    @staticmethod
    def between(low: Any, high: Any, low_open: bool = False, high_open: bool = False) -> Span:
        """Return the span between two values; None for no end."""
        first, last = (-INFINITE if low is None else low, 0), (INFINITE if high is None else high, 0)
        return Span(beside(first, 1) if low_open else first, beside(last, -1) if high_open else last)

    @staticmethod
    def of(value: Any) -> Span:
        """Return a span as it is, and an exact value as a span; that of None has all values."""
        return value if isinstance(value, Span) else Span.between(value, value)

    def meets(self, other: Span) -> bool:
        """Whether it has a value in common with another span."""
        return max(self.low, other.low) <= min(self.high, other.high)

    def is_in(self, spans: list[Span]) -> bool:
        """Whether every value in it lies in one of several spans: the first that lies in none is beyond its end."""
        first = self.low
        for one in sorted(spans):
            first = max(first, beside(one.high, 1)) if one.low <= first else first
        return first > self.high


def typed(value: Any, kind: str) -> Any:
    """Return a value of a field as an exact number (a day too), a text, a set of names, or a span of such values."""
    if isinstance(value, dict):
        low, high = typed(value["low"], kind), typed(value["high"], kind)
        return Span.between(low, high, value["low_open"], value["high_open"])
    made: Data = {"date": lambda text: date.fromisoformat(text).toordinal(), "set": frozenset,
                  **dict.fromkeys(("number", "percent", "quantity"), Fraction)}
    return value if value is None or kind not in made else made[kind](value)


def passes(test: Data, value: Any, kind: str, disclosed: bool = False) -> bool:
    """Whether a value passes a unary test. A span passes if every value in it does."""
    alternatives, negated = test["alternatives"], test["negated"]
    if test["anything"]:
        return True
    if value is None:
        nulls = [one["is"] == "Null" for one in alternatives]
        return negated and all(nulls) if disclosed else not negated and any(nulls)
    if isinstance(value, frozenset):
        sets = [(one["mode"], frozenset(one["names"])) for one in alternatives if one["is"] == "Members"]
        return negated is not any({"is": value == names, "all": value >= names, "contains": bool(value & names)}[how]
                                  for how, names in sets)
    own, spans = Span.of(value), [typed(one, kind) for one in alternatives if one["is"] == "Interval"]
    return not any(map(own.meets, spans)) if negated else own.is_in(spans)


# ---- Facts

class Fact:
    """A stated or a derived fact."""

    def __init__(self, form: Data, fact_type: Data) -> None:
        self.form: Data = form
        self.fact_type: Data = fact_type
        self.id: str = form["id"]
        self.source: Data = form["source"] or {}
        self.fields: Data = {field["id"]: field for field in fact_type["fields"]}
        self.kinds: Data = {"basis": "enum", "period": "date", "entity": "text", "evidence.published": "date",
                            "evidence.source": "text", "evidence.source_type": "text",
                            **{id: field["type"] for id, field in self.fields.items()}}
        period = form["period"] or {"start": form["as_of"], "end": form["as_of"]}
        self.first: Any = typed(period["start"], "date")
        self.last: Any = typed(period["end"], "date")
        self.stated: Data = {
            **form["values"], "basis": form["basis"], "entity": form["entity"],
            "period": form["period"] and period["end"], "evidence.published": self.source.get("published"),
            "evidence.source": self.source.get("id"), "evidence.source_type": self.source.get("type")}
        self.values: Data = {name: typed(value, self.kinds[name]) for name, value in self.stated.items()}

    def passes(self, condition: Data) -> bool:
        """Whether it has the type of a condition and passes its tests."""
        hidden, tests = self.form["disclosed"], [(one["field"], one["test"]) for one in condition["tests"]]
        return self.form["type"] == condition["fact_type"] and all(
            passes(test, self.values.get(name), self.kinds[name], name in hidden) for name, test in tests)

    @property
    def key(self) -> tuple[Any, ...] | None:
        """What it is about; None if that is not known exactly, or does not matter for its type."""
        names = [field["id"] for field in self.fact_type["fields"] if field["key"]]
        key = (self.form["type"], self.form["entity"], *map(self.values.get, names))
        inexact = {*names} & {*self.form["disclosed"]} or any(isinstance(one, Span) for one in key)
        return None if inexact or self.fact_type["selection"] == "best" else key

    def lies_in(self, window: Data) -> bool:
        """Whether its time lies in a window."""
        days, how = Span.between(*(typed(window[end], "date") for end in ("start", "end"))), window.get("counts", "end")
        own = Span.between(self.last if how == "end" else self.first, self.last)
        return own.is_in([days]) if how == "whole" or self.last is None else own.meets(days)


def was_there(source: Data | None, cut_off: int | None) -> bool:
    """Whether a source may have been published by the cut-off: a year stands for an unknown day of it."""
    return cut_off is None or not source or any(
        Span.of(typed(source[name], "date"))[end][0] <= cut_off for name, end in (("published", 0), ("accessed", 1)))


def shared(values: list[Any]) -> Any:
    """Return the value that all have; None if they differ."""
    return values[0] if all(value == values[0] for value in values) else None


def selected(facts: list[Fact]) -> list[Fact]:
    """Return facts without those that a later one about the same replaces, and those that contradict each other."""
    groups: dict[Any, list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[fact.key or fact.id].append(fact)
    kept: list[Fact] = []
    for same in groups.values():
        latest = [fact for fact in same if (fact.last or 0) == max(one.last or 0 for one in same)]
        agreed = shared([(one.form["values"], one.form["disclosed"]) for one in latest])
        kept += latest if agreed or latest[0].fact_type["selection"] != "single" else []
    return kept


# ---- Derived facts

def computed(formula: Any, named: dict[str, Fact]) -> Span | None:
    """Return the numbers that a formula can give; None if it reads what is missing, or may divide by zero."""
    if not isinstance(formula, dict) or formula["is"] == "Reading":
        value = named[formula["input"]].values.get(formula["field"]) if isinstance(formula, dict) else Fraction(formula)
        return None if value is None else Span.of(value)
    a, b, how = computed(formula["left"], named), computed(formula["right"], named), formula["operator"]
    if a is None or b is None or (how == "/" and b.meets(Span.of(0))):
        return None
    if how == "-":
        b = Span(*((-end, -side) for end, side in (b.high, b.low)))
    if how in "+-":
        return Span(*((x + y, side or other) for (x, side), (y, other) in zip(a, b)))
    if how == "/":
        b = Span(*((NIL if abs(end) == INFINITE else 1 / Fraction(end) if end else of_zero, -side)
                   for (end, side), of_zero in ((b.high, -INFINITE), (b.low, INFINITE))))
    corners = [(NIL if 0 in (x, y) else x * y, not (side or other)) for x, side in a for y, other in b]
    low, high = min(corner for corner, _ in corners), max(corner for corner, _ in corners)
    zero = a.meets(Span.of(0)) or b.meets(Span.of(0))
    has_low, has_high = ((end == 0 and zero) or (end, True) in corners for end in (low, high))
    return Span((low, int(not has_low)), (high, -int(not has_high)))


def derived(derivation: Data, facts: list[Fact], fact_type: Data) -> Iterator[Fact]:
    """Yield the facts that a derivation computes from those that count."""
    choices = [[fact for fact in facts if fact.passes(condition)] for _, condition in derivation["inputs"]]
    for chosen in itertools.product(*choices):
        forms = [fact.form for fact in chosen]
        days = [one["period"] and (one["period"]["start"], one["period"]["end"]) for one in forms]
        keys = [days if name == "period" else [fact.values.get(name) for fact in chosen] for name in derivation["join"]]
        if any(shared(key) is None or isinstance(key[0], Span) for key in keys):
            continue
        named = dict(zip((name for name, _ in derivation["inputs"]), chosen))
        values = {one["field"]: assigned(one, derivation, fact_type, named) for one in derivation["assignments"]}
        if None in values.values():
            continue
        form = {"is": "Fact", "id": "", "type": fact_type["id"], "values": values, "disclosed": [], "note": None,
                "period": shared(days) and min((one["period"] for one in forms), key=lambda period: period["text"]),
                "basis": "hypothetical" if any(one["basis"] == "hypothetical" for one in forms) else "calculated",
                "locator": None, "derived_by": derivation["id"], "derived_from": sorted({one["id"] for one in forms}),
                **{name: shared([one[name] for one in forms]) for name in ("as_of", "entity", "source")}}
        yield Fact({**form, "id": f"{form['type']}-{sha256(form)[:8]}"}, fact_type)


def assigned(assignment: Data, derivation: Data, fact_type: Data, named: dict[str, Fact]) -> Any:
    """Return the value that a derivation sets, in its whole form; None if there is none that is valid."""
    if not assignment["is_formula"]:
        return assignment["value"]
    (field,) = (field for field in fact_type["fields"] if field["id"] == assignment["field"])
    is_whole, digits, found = field["type"] == "integer", derivation["digits"], computed(assignment["value"], named)
    ends: list[Any] = []
    if found is None:
        return None
    for (end, _), inwards in zip(found, (math.ceil, math.floor)):
        number: Any = None
        if abs(end) != INFINITE:
            places = field["digits"] if digits is None else digits
            number = Fraction(inwards(end)) if is_whole and digits is None else rounded(end, places, derivation["mode"])
            whole, _, fraction = text_of(abs(number)).partition(".")
            if max(len((whole + fraction).lstrip("0")), len(fraction)) > MAX_DIGITS:
                return None
        ends.append(inwards(number) if is_whole and number is not None else number)
    value, limits = Span.between(*ends), [test for test in (derivation["valid"], field["valid"]) if test is not None]
    if value.low > value.high or not all(test["anything"] or may_pass(test, value, is_whole) for test in limits):
        return None
    low, high = (text_of(end) if isinstance(end, Fraction) else end for end in ends)
    span = {"is": "Interval", "low": low, "high": high, "low_open": False, "high_open": False}
    return low if low == high and low is not None else span


def may_pass(test: Data, value: Span, is_whole: bool) -> bool:
    """Whether some number in a span passes the limit of a derivation or of a field, as it was written."""
    spans = []
    for text in re.sub(r"^not\((.*)\)$", r"\1", test["text"]).split(", "):
        ends: list[Any] = [Fraction(one) for one in re.findall(r"(?<![A-Za-z0-9])-?[0-9]+(?:\.[0-9]+)?", text)]
        first, last = ends[0], ends[-1]
        low_open, high_open = text.startswith(("> ", "(")), text.startswith("< ") or text.endswith(")")
        if is_whole:
            first = math.floor(first) + 1 if low_open else math.ceil(first)
            last = math.ceil(last) - 1 if high_open else math.floor(last)
        low, high = None if text[0] == "<" else first, None if text[0] == ">" else last
        spans.append(Span.between(low, high, low_open and not is_whole, high_open and not is_whole))
    return not value.is_in(spans) if test["negated"] else any(map(value.meets, spans))


# ---- Rules and points

def conditions_of(when: Data) -> list[Data]:
    """Return every condition in the condition of a rule."""
    inside = (conditions_of(part) for part in when.get("parts", []))
    return [*itertools.chain(*inside)] if "parts" in when else [when.get("of", when)]


def holds(when: Data, facts: list[Fact]) -> bool:
    """Whether the condition of a rule holds for the facts that count."""
    if "parts" in when:
        parts = (holds(part, facts) for part in when["parts"])
        return all(parts) if when["is"] == "AllOf" else any(parts) is (when["is"] == "AnyOf")
    passing = [fact for fact in facts if fact.passes(when.get("of", when))]
    found: set[Any] = {(fact.fact_type["selection"] == "single" and fact.key) or fact.id for fact in passing}
    if when.get("distinct") is not None:  # the different exact values of a field; of a set each name
        values = [one for fact in passing if not isinstance(one := fact.values.get(when["distinct"]), Span)]
        found = set().union(*(one if isinstance(one, frozenset) else {one} for one in values)) - {None}
    return len(found) >= int(when.get("at_least", 1))


def support(when: Data, facts: list[Fact], wanted: bool = True) -> set[str]:
    """Return the ids of the facts by which the condition of a rule holds, or fails to hold."""
    if "parts" not in when:
        return {fact.id for fact in facts if wanted and fact.passes(when.get("of", when))}
    inner = wanted is not (when["is"] == "NoneOf")
    speaking = [part for part in when["parts"] if holds(part, facts) is inner]
    return {id for part in speaking for id in support(part, facts, inner)}


def points_by(rule: Data, facts: Iterable[Fact], rounding: Data) -> Fraction:
    """Return the points of a rule that fired on facts: the maximum that one of them is certain to earn."""
    proportion, most = rule["in_proportion"], Fraction(rule["points"])
    if proportion is None:
        return most
    places = rounding["points_digits"] if proportion["digits"] is None else proportion["digits"]
    mode = proportion["mode"] or rounding["mode"]
    (worst, best), least = map(Fraction, proportion["over"]), Fraction(proportion["least"])
    rate = (most - least) / (best - worst)

    def at(end: tuple[Any, int]) -> Fraction:
        number, side = min(max(end, (min(worst, best), 0)), (max(worst, best), 0))
        exact = least + (number - worst) * rate
        # Beside an open end the points are so near to those at it that no step of rounded points lies between.
        near = side * min(max(rate, Fraction(-1)), Fraction(1)) / (4 * (exact * 10**places).denominator * 10**places)
        return rounded(exact + near, places, mode)

    values = [fact.values.get(proportion["field"]) for fact in facts if fact.form["type"] == proportion["fact_type"]]
    return max((min(map(at, Span.of(value))) for value in values if value is not None), default=NIL)


def within(number: Fraction, limits: Data) -> Fraction:
    """Return a number within the limits that a criterion or a group declares; the upper one comes last."""
    number = number if limits["at_least"] is None else max(number, Fraction(limits["at_least"]))
    return number if limits["at_most"] is None else min(number, Fraction(limits["at_most"]))


# ---- Groups

class Structure:
    """A methodology, and the place of each part: the chain from the root, whose id is None, to it; and what is inside.

    A level of a group asks for the criteria with its id, unless a group further inside has a level with this id.
    """

    def __init__(self, methodology: Data) -> None:
        self.methodology: Data = methodology
        self.types: Data = {one["id"]: one for one in methodology["vocabulary"]["fact_types"]}
        self.chains: dict[Any, list[Data]] = {}
        self.inside: dict[Any, list[Data]] = defaultdict(list)
        self.asked: dict[Any, dict[Any, list[Data]]] = defaultdict(lambda: defaultdict(list))
        self.note({**methodology["combining"], "id": None, "criteria": [], "groups": methodology["categories"],
                   "parts": {"sum_of_rounded": "rounded", "rounded_sum": "exact"}[methodology["rounding"]["total"]],
                   "requires": [], "not_applicable": None, "not_assessed": methodology.get("not_assessed")}, [])

    def note(self, part: Data, above: list[Data]) -> None:
        """Note a part with what follows from the groups around it, and what is inside."""
        for around in above[-1:]:
            tiers = around["tiers"] if part["id"] in around["tiers"] else [part["id"]]
            before = tiers[: tiers.index(part["id"])]
            part = {**part, "not_assessed": part.get("not_assessed") or around["not_assessed"],
                    "requires": [*part["requires"], *({"of": tier, "at_least": None} for tier in before)]}
            if part["is"] == "Category" and part["scale"] is None and around["aggregate"] == "sum":
                part["scale"] = part["weight"]
        chain = self.chains[part["id"]] = [*above, part]
        if part["is"] == "Criterion":
            ladders = [(group["id"], [level["id"] for level in group["levels"]]) for group in reversed(above)]
            self.asked[part["level"]][next((id for id, ids in ladders if part["level"] in ids), "")].append(part)
            for one in chain:
                self.inside[one["id"]].append(part)
            return
        own = {name: value for name, value in (part.get("rounding") or {}).items() if value is not None}
        part.update(members=[*part["criteria"], *part["groups"]], rounding={**self.methodology["rounding"], **own},
                    ladder=[*part["levels"], *([] if part["top_level"] is None else [part["top_level"]])])
        for member in part["members"]:
            self.note(member, chain)


class Tree(NamedTuple):
    """The states of criteria and groups, given points, what does not apply, a cohort, and what is assessed, or None."""

    structure: Structure
    points: Data
    exempt: Iterable[str]
    cohort: Any
    assessed: Any
    states: dict[Any, Any]

    def state(self, id: str | None) -> Any:
        """Return the state of a criterion, a group, or the root (None): what it results in, and what it passes on."""
        if id not in self.states:
            part = self.structure.chains[id][-1]
            self.states[id] = self.of_criterion(part) if part["is"] == "Criterion" else self.of_group(part)
        return self.states[id]

    def inside(self, id: str | None) -> list[SimpleNamespace]:
        """Return the states of all criteria of a part."""
        return [self.state(one["id"]) for one in self.structure.inside[id]]

    def applies(self, id: str) -> bool:
        """Whether any criterion of a part applies."""
        return any(state.outcome != "not_applicable" for state in self.inside(id))

    def fulfils(self, requirement: Data) -> bool:
        """Whether a requirement is met: by every criterion of a part, or by the score of a part that applies."""
        of, least = requirement["of"], requirement["at_least"]
        if least is None or not self.applies(of):
            return all(state.met for state in self.inside(of))
        return self.state(of).score is not None and bool(self.state(of).score >= Fraction(least))

    def of_criterion(self, criterion: Data) -> SimpleNamespace:
        """Return what a criterion contributes. Its outcome is `counts` where its points count."""
        id, most, chain = criterion["id"], Fraction(criterion["max_points"]), self.structure.chains[criterion["id"]]
        enough = most if criterion["met_at"] is None else Fraction(criterion["met_at"])
        exemptions = [one["not_applicable"] for one in chain if one["not_applicable"] is not None and (
            self.cohort in one["not_applicable"]["cohorts"] or one["id"] in self.exempt)]
        outcome, points, how = "counts", self.points[id], None
        if exemptions:
            how = exemptions[0]["counts_as"] or self.structure.methodology["not_applicable"]
            outcome, points = "not_applicable", most if how == "full" else NIL
        elif criterion["not_assessed"] == "excluded" and self.assessed is not None and id not in self.assessed:
            outcome, how = "not_assessed", "excluded"
        elif not all(self.fulfils(requirement) for one in chain for requirement in one["requires"]):
            outcome, points = "gated", NIL
        met = outcome == "not_applicable" or (outcome == "counts" and points >= enough)
        points, most = (NIL, NIL) if how == "excluded" else (points, most)
        return SimpleNamespace(outcome=outcome, points=points, most=most, met=met, counts_as=how,
                               score=None if outcome == "not_assessed" else points,
                               passed=None if how == "excluded" else 2 * [(points, most)])

    def coverage(self, group: Data) -> list[tuple[int, int]]:
        """Return for each line of the coverage of a group how many parts are needed and how many are assessed."""
        lines = []
        for line in group.get("coverage", []):
            parts = self.structure.inside[group["id"]] if line["of_criteria"] else group["members"]
            names = [part["id"] for part in parts] if line["of"] is None else line["of"]
            names, least = [name for name in names if self.applies(name)], Fraction(line["at_least"])
            known = [name for name in names if self.state(name).outcome != "not_assessed" and any(
                (self.assessed is None or one["id"] in self.assessed) and self.applies(one["id"])
                for one in self.structure.inside[name])]
            lines.append((math.ceil(least * len(names) / 100) if line["is_share"] else int(least), len(known)))
        return lines

    def parts(self, group: Data, kept: str) -> list[Any]:
        """Return value, maximum and weight of what a group takes of its parts, exactly or rounded."""
        passed = [(self.state(one["id"]).passed, one["weight"]) for one in group["members"]]
        rounds, one = kept == "rounded", Fraction(1)
        found = [(*both[rounds], one if weight is None else Fraction(weight)) for both, weight in passed if both]
        shares = [(value / most, one, weight) for value, most, weight in found if most > 0]
        return found if group["of"] == "points" else shares

    def of_group(self, group: Data) -> SimpleNamespace:
        """Return the result of a group, or of the root."""
        id, inside, parts = group["id"], self.inside(group["id"]), self.parts(group, group["parts"])
        found = SimpleNamespace(
            outcome="unscored", points=sum((one.points for one in inside), NIL), counts_as=None, value=None, score=None,
            most=sum((one.most for one in inside), NIL), value_most=None, max_score=None, label=None, level=None,
            coverage=[], withheld_by=[], passed=None, marked=None)
        value = self.value(group, parts)
        is_empty = not parts and all(one.counts_as == "excluded" and one.outcome == "not_applicable" for one in inside)
        if is_empty and group.get("empty") is None:
            found.outcome, found.counts_as = "not_applicable", "excluded"
            return found
        if is_empty:
            most = self.at_best([], None).state(id).value_most
            value = None if most is None else (NIL, most)
        if value is not None:
            ends = [rounded(one, group["rounding"]["digits"], group["rounding"]["mode"]) for one in value]
            found.outcome, found.passed = "scored", [value, ends]
            (found.value, found.value_most), (found.score, found.max_score) = value, ends
            exact = self.value(group, self.parts(group, "exact")) if group["bands_of"] == "exact" else None
            found.marked = found.score if is_empty or group["bands_of"] == "score" else exact and exact[0]
        for band in group["bands"] if found.marked is not None else ():
            if found.label is None and passes(band["score"], found.marked, "number"):
                found.label = band["label"]
                values = [Fraction(one["value"]) for one in group["bands"] if one["value"] is not None]
                found.passed = found.passed if band["value"] is None else 2 * [(Fraction(band["value"]), max(values))]
        found.coverage = [] if is_empty else self.coverage(group)
        unassessed = any(have < needed for needed, have in found.coverage) or (
            not parts and any(self.state(one["id"]).outcome == "not_assessed" for one in group["members"]))
        if group["needs"] is not None and not unassessed:
            found.withheld_by = [one["id"] for one in self.structure.inside[id]
                                 if one["requirement"] == group["needs"] and not self.state(one["id"]).met]
        has_result = not unassessed and not found.withheld_by
        reached = itertools.takewhile(lambda level: self.reaches(level, group, found.marked, is_empty), group["ladder"])
        for level in reached if has_result else ():
            found.level = level["id"]
        numbers = {level["id"]: Fraction(level["value"]) for level in group["ladder"] if level["value"] is not None}
        if numbers:
            found.passed = 2 * [(numbers.get(found.level or "", NIL), max(numbers.values()))]
        if not has_result:
            found.outcome, passed = "withheld", found.passed
            if unassessed:  # if it is not left out, it counts as 0 of the maximum that it has if all is assessed
                best = found if self.assessed is None else self.at_best(self.exempt, self.cohort).state(id)
                found.outcome, passed = "not_assessed", None if group["not_assessed"] == "excluded" else best.passed
            found.passed = passed and [(NIL, most) for _, most in passed]
            found.value = found.value_most = found.score = found.max_score = found.label = None
        return found

    def at_best(self, exempt: Iterable[str], cohort: Any) -> Tree:
        """Return the tree in which all is assessed and has its maximum, given what does not apply."""
        points = {one["id"]: Fraction(one["max_points"]) for one in self.structure.inside[None]}
        return Tree(self.structure, points, exempt, cohort, None, {})

    def value(self, group: Data, parts: list[Any]) -> tuple[Fraction, Fraction] | None:
        """Return the value and the maximum of a group within its limits; None if there is none."""
        base, how, scale = Fraction(group["base"]), group["aggregate"], group["scale"]
        parts = [*([(base, base, Fraction(1))] if base and parts else []), *parts]
        if not parts or how == "none" or (how == "weighted mean" and not any(weight for _, _, weight in parts)):
            return None

        def aggregate(place: int) -> Any:
            if how in ("minimum", "maximum"):
                return (min if how == "minimum" else max)(part[place] for part in parts)
            weights = [part[2] if how.startswith("weighted") else Fraction(1) for part in parts]
            total = sum((part[place] * weight for part, weight in zip(parts, weights)), NIL)
            return total / sum(weights, NIL) if how.endswith("mean") else total

        raw, most = aggregate(0), aggregate(1)
        if scale is not None and most <= 0:
            return None
        raw, most = (raw, most) if scale is None else (Fraction(scale) * raw / most, Fraction(scale))
        caps = [Fraction(cap["at_most"]) for cap in group["caps"]
                if (cap["given"] is not None and self.fulfils(cap["given"]))
                or (cap["unless"] is not None and not self.fulfils(cap["unless"]))]
        return min([within(raw, group), *caps]), within(most, group)

    def reaches(self, level: Data, group: Data, number: Fraction | None, is_empty: bool) -> bool:
        """Whether nothing is missing for a level of a group; in one without parts, only the lowest can ask nothing."""
        asked = self.structure.inside if level is group["top_level"] else self.structure.asked[level["id"]]
        criteria, least = asked[group["id"]], level["at_least"]
        if is_empty and (level is not group["ladder"][0] or criteria or level["requires"]):
            return False
        return (least is None or (number is not None and number >= Fraction(least))) and all(
            self.state(one["id"]).met for one in criteria) and all(map(self.fulfils, level["requires"]))

    def tables(self) -> dict[str, list[str]]:
        """Return the outputs of the decision tables."""
        given: dict[str, list[str]] = {}
        for table in self.structure.methodology["tables"]:
            inputs: dict[str, tuple[Any, str]] = {}
            for entry in table["inputs"]:
                of, reads = entry["of"], entry["reads"]
                value: Any = next(iter(given[of]), None) if reads == "table" else None
                if reads == "met":
                    value = self.fulfils({"of": of, "at_least": None})
                elif reads != "table" and not (reads == "points" and self.state(of).counts_as == "excluded"):
                    value = getattr(self.state(of), reads)
                inputs[entry["name"]] = (value, entry["field"]["type"])
            fitting = [row["then"] for row in table["rows"]
                       if all(passes(test, *inputs[name]) for name, test in row["tests"])]
            fitting = fitting if table["hit_policy"] == "collect" else fitting[:1]
            otherwise = [] if table["otherwise"] is None else [table["otherwise"]]
            given[table["id"]] = list(dict.fromkeys(fitting or otherwise))
        return given


# ---- Sentences

def filled(sentence: str, cited: dict[str, Fact]) -> Right:
    """Return a sentence with the values of facts, in all its right forms: more than 2029 is at least 2030."""
    text = pattern = ""
    for piece in re.split(r"(\{\{|\}\}|\{[^{}]*\})", sentence):
        options = [piece[0] if piece in ("{{", "}}") else piece]
        if piece[:1] == "{" and piece[-1:] == "}":
            type_id, _, name = piece[1:-1].partition(".")
            options = said(cited[type_id], name) if type_id in cited else ["not stated"]
        text, pattern = text + options[0], f"{pattern}(?:{'|'.join(map(re.escape, options))})"
    return Right(text, lambda told: isinstance(told, str) and re.fullmatch(pattern, told))


def said(fact: Fact, name: str) -> list[str]:
    """Return the words for a value of a fact, in all their forms."""
    value = (fact.form["period"] or {}).get("text") if name == "period" else fact.stated.get(name)
    kind, field = fact.kinds.get(name, ""), fact.fields.get(name, {})
    unit = "%" if kind == "percent" else f" {field['unit']}" if kind == "quantity" else ""

    def word(one: Any) -> str:
        text = str(one).replace("_", " ") if kind == "enum" else str(one)
        return ("yes" if one else "no") if isinstance(one, bool) else text + unit

    if name in fact.form["disclosed"] or value is None:
        return ["not at hand" if name in fact.form["disclosed"] else "not stated"]
    if isinstance(value, list):
        *others, last = [one.replace("_", " ") for one in field["values"] if one in value]
        return [f"{', '.join(others)} and {last}" if others else last]
    low, high = (value["low"], value["high"]) if isinstance(value, dict) else (value, value)
    if low == high:
        return [word(low)]
    if kind == "date" and str(low)[4:] == "-01-01" and high == f"{low[:4]}-12-31":
        return [str(int(low[:4]))]
    ends: list[list[tuple[str | None, bool]]] = []
    for end, (number, side), step in zip((low, high), fact.values[name], (-1, 1)):
        ends.append([(None if end is None else word(end), bool(side))])
        if isinstance(number, int):
            day = min(max(number + step, 1), date.max.toordinal())
            ends[-1].append((word(date.fromordinal(day) if kind == "date" else number + step), True))
    in_time = kind in ("year", "date") and (low is None or high is None)
    return [bound_in_words(*a, *b, in_time) for a, b in itertools.product(*ends)]


def bound_in_words(low: str | None, low_open: bool, high: str | None, high_open: bool, in_time: bool) -> str:
    """Return a bound in words, given its ends in words."""
    if low is not None and high is not None and not low_open and not high_open:
        return f"between {low} and {high}"
    least = (f"{low} or later", f"after {low}") if in_time else (f"at least {low}", f"more than {low}")
    most = (f"{high} or earlier", f"before {high}") if in_time else (f"at most {high}", f"less than {high}")
    return " and ".join(words[is_open] for words, is_open, end in ((least, low_open, low), (most, high_open, high))
                        if end is not None)


def precedence(fact: Fact) -> tuple[Any, ...]:
    """Return the sort key that puts facts of a type in the order in which they are cited: the best first."""
    ranks: list[tuple[Any, ...]] = []
    for field in (field for field in fact.fact_type["fields"] if field["better"] is not None):
        value, is_higher = fact.values.get(field["id"]), field["better"] == "higher"
        if value is None:
            ranks.append((1,))
        elif isinstance(value, frozenset) or field["better"] == "listed":
            ranks.append((0, -len(value) if isinstance(value, frozenset) else -field["values"].index(value)))
        else:
            end, side = Span.of(value).low if is_higher else Span.of(value).high
            ranks.append((0, -end if is_higher else end, not side))
    return (fact.form["type"], ranks, -(fact.last or 0), fact.id)


# ---- Companies

class Evaluation:
    """What follows for one company from its facts. Which criteria searches without result assess, it is told."""

    def __init__(self, structure: Structure, company: Data, cut_off: Any, hypothetical: bool, told: list[str]) -> None:
        self.structure: Structure = structure
        self.company: Data = company
        windows, accepted = dict(structure.methodology["windows"]), structure.methodology["accepted_sources"]
        stated = [Fact(form, structure.types[form["type"]]) for form in company["facts"]]
        counting = [fact for fact in stated
                    if (hypothetical or fact.form["basis"] != "hypothetical") and fact.source.get("type") in accepted
                    and was_there(fact.source, cut_off) and not (cut_off and fact.first and fact.first > cut_off)
                    and fact.lies_in(windows[fact.fact_type["horizon"]])]
        self.derived: dict[str, Fact] = {}
        self.counting: list[Fact] = selected(counting)
        for derivation in structure.methodology["vocabulary"]["derivations"]:
            found = derived(derivation, self.counting, structure.types[derivation["fact"]])
            new = [fact for fact in found if self.derived.setdefault(fact.id, fact) is fact]
            counting += [fact for fact in new if fact.lies_in(windows[fact.fact_type["horizon"]])]
            self.counting = selected(counting)
        self.facts: dict[str, Fact] = {fact.id: fact for fact in (*stated, *self.derived.values())}
        self.answers: Data = {one["id"]: self.answer(one) for one in structure.inside[None]}
        whens = {id: (chain[-1]["not_applicable"] or {}).get("when") for id, chain in structure.chains.items()}
        self.exempting: Data = {id: sorted(support(when, self.counting)) for id, when in whens.items()
                                if when is not None and holds(when, self.counting)}
        assessed = {*told, *(id for id, own in self.answers.items() if own.is_answered)}
        points = {id: own.points for id, own in self.answers.items()}
        self.tree: Tree = Tree(structure, points, self.exempting, company["cohort"], assessed, {})
        # A search without result may bear on a criterion: on a fact that it reads, or that such a fact implies.
        types = {one["condition"]["fact_type"] for one in company["not_found"] if was_there(one["source"], cut_off)}
        for one in len(structure.types) * structure.methodology["vocabulary"]["implications"]:
            types |= {one["given"]["fact_type"]} if one["then"]["fact_type"] in types else set()
        self.searched: list[str] = [id for id, own in self.answers.items() if not types.isdisjoint(own.types)]

    def answer(self, criterion: Data) -> SimpleNamespace:
        """Evaluate the rules of a criterion, and find the facts that are relevant to it."""
        rules, policy, topics = criterion["rules"], criterion["hit_policy"], []
        fired = {rule["id"]: sorted((self.facts[id] for id in support(rule["when"], self.counting)), key=precedence)
                 for rule in rules if holds(rule["when"], self.counting)}
        earned = {rule["id"]: points_by(rule, fired[rule["id"]], self.structure.methodology["rounding"])
                  for rule in rules if rule["id"] in fired}
        order = {"collect max": -1, "collect min": 1}.get(policy, 0)
        won = sorted(earned, key=lambda rule: order * earned[rule])[: None if policy == "collect sum" else 1]
        for condition in (condition for rule in rules for condition in conditions_of(rule["when"])):
            keys = {field["id"] for field in self.structure.types[condition["fact_type"]]["fields"] if field["key"]}
            topics.append({**condition, "tests": [one for one in condition["tests"] if one["field"] in keys]})
        relevant = sorted(fact.id for fact in self.facts.values() if any(map(fact.passes, topics)))
        known, own = [fact for fact in self.counting if fact.id in relevant], criterion.get("answered")
        points = min(sum((earned[id] for id in won), NIL), Fraction(criterion["max_points"]))
        return SimpleNamespace(
            fired=fired, earned=earned, won=won, points=within(points, criterion), relevant=relevant,
            types=[topic["fact_type"] for topic in topics], is_excluded=bool(relevant) and not known,
            is_answered=any(own is None or fact.form["type"] != own["fact_type"] or fact.passes(own) for fact in known))

    def results(self, recorded: Data, plain: Evaluation) -> Data:
        """Return what ought to be recorded of the company, given what follows without hypothetical facts."""
        criteria, counting = self.structure.inside[None], {fact.id for fact in self.counting}
        groups = [id for id, chain in self.structure.chains.items() if id and chain[-1]["is"] == "Category"]
        told = recorded.get("criteria", {})
        return {
            **self.result(None, plain), "problems": Right(), "tables": ById(self.tree.tables()),
            "searched": Right(self.searched, lambda ids: {*(ids or [])} <= {*self.searched}),
            "uncounted": ById({id: Right() for id in self.facts if id not in counting}),
            "derived": ById({id: derived_result(fact) for id, fact in self.derived.items()}),
            "criteria": ById({one["id"]: self.criterion(one, told.get(one["id"], {}), plain) for one in criteria}),
            "groups": ById({id: self.result(id, plain) for id in groups})}

    def criterion(self, criterion: Data, recorded: Data, plain: Evaluation) -> Data:
        """Return what ought to be recorded of a criterion; that it is not found instead of not assessed, as it is."""
        id, own, state = criterion["id"], self.answers[criterion["id"]], self.tree.state(criterion["id"])
        counts, outcome = state.outcome == "counts", state.outcome
        points, full = state.points, state.points >= Fraction(criterion["max_points"])
        if counts and (own.is_answered or (own.earned and (points != 0 or full))):
            outcome = "awarded" if full else "partial" if points > 0 else "not_met"
        elif own.is_excluded and outcome in ("counts", "not_assessed"):
            outcome = "excluded"
        elif counts:
            outcome = "not_found" if recorded.get("outcome") == "not_found" and id in self.searched else "not_assessed"
        told = [filled(rule["because"], {fact.form["type"]: fact for fact in reversed(own.fired[rule["id"]])})
                for rule in criterion["rules"] if rule["id"] in own.won]
        told = [] if [one.value for one in told] == [criterion["otherwise"]] else told
        exempting = [self.exempting.get(one["id"], []) for one in self.structure.chains[id] if not counts]
        return {
            "outcome": outcome, "points": None if outcome == "not_assessed" else points, "looked_for": Right(),
            "bounds": Right(2 * [points], lambda own: not own or Fraction(own[0]) <= points <= Fraction(own[1])),
            "hypothetical_points": (points - plain.tree.state(id).points) or None, "counts_as": state.counts_as,
            "won": own.won if counts else [], "because": told if counts else Right(), "facts": own.relevant,
            "exempted_by": sorted({*itertools.chain(*exempting)}),
            "rules": ById({rule: {"facts": [fact.id for fact in facts], "points": own.earned[rule],
                                  "arithmetic": Right()} for rule, facts in own.fired.items()})}

    def result(self, id: str | None, plain: Evaluation) -> Data:
        """Return what ought to be recorded of a group, or of the root (None)."""
        criteria, state, before = self.structure.inside[id], self.tree.state(id), plain.tree.state(id)
        more, score = None if state.score is None else (state.score - (before.score or 0)) or None, state.score
        requirements = []
        for word in ("must", "should", "suggested"):
            own = [self.tree.state(one["id"]) for one in criteria if one["requirement"] == word]
            met = [one.met for one in own if one.outcome != "not_applicable"]
            requirements += [{"word": word, "met": sum(met), "of": len(met)}] if met else []
        right = {
            "outcome": state.outcome, "label": state.label, "level": state.level, "withheld_by": state.withheld_by,
            "requirements": requirements, "because": Right(), "arithmetic": Right(),
            "coverage": [{"needed": needed, "found": have} for needed, have in state.coverage],
            "bounds": {**dict.fromkeys(("labels", "levels", "coverage", "reason"), Right()),
                       "floor": Right(score, lambda end: None in (end, score) or Fraction(end) <= score),
                       "ceiling": Right(score, lambda end: None in (end, score) or score <= Fraction(end))}}
        if id is None:
            return {**right, "total": score, "max_total": state.max_score, "hypothetical_total": more}
        return {**right, "score": score, "max_score": state.max_score, "hypothetical_score": more,
                "exact": state.value, "points": state.points, "max_points": state.most,
                "hypothetical_points": (state.points - before.points) or None}


def derived_result(fact: Fact) -> Data:
    """Return what ought to be recorded of a derived fact."""
    def shown(value: Any, unit: str | None) -> Any:
        if isinstance(value, dict):
            ends = {name: shown(value[end], unit) for end, name in (("low", "at_least"), ("high", "at_most"))}
            known = {name: end for name, end in ends.items() if end is not None}
            return {"between": [*known.values()]} if len(known) == 2 else known or None
        is_text = value is not None and (unit or (isinstance(value, int) and abs(value) > MAX_WHOLE))
        return f"{value} {unit or ''}".rstrip() if is_text else value

    fields = {name: shown(value, fact.fields[name]["unit"]) for name, value in fact.form["values"].items()}
    return {**{name: fact.form[name] for name in ("type", "as_of", "basis", "entity", "derived_by", "derived_from")},
            "fields": ById({name: value for name, value in fields.items() if value is not None}),
            "source": fact.source.get("id"), "period": (fact.form["period"] or {}).get("text")}


# ---- The record

def ranking(structure: Structure, found: dict[str, Evaluation]) -> list[Data]:
    """Return the ranks of companies, cohort by cohort."""
    methodology, by, (root,) = structure.methodology, structure.methodology["rank_by"], structure.chains[None]
    states = {id: one.tree.state(None) for id, one in found.items()}
    best = {"total": sorted({state.score for state in states.values()} - {None}, reverse=True),
            "level": [level["id"] for level in reversed(root["ladder"])],
            "label": list(dict.fromkeys(band["label"] for band in root["bands"])),
            **{table["id"]: table["outputs"] for table in methodology["tables"]}}

    def key(id: str) -> tuple[Any, ...]:
        tables = {name: next(iter(given), None) for name, given in found[id].tree.tables().items()}
        own = {"total": states[id].score, "level": states[id].level, "label": states[id].label, **tables}
        is_last = not {"total", "level", "label"}.isdisjoint(by) and states[id].outcome == "not_assessed"
        return (is_last, *(best[name].index(own[name]) if own[name] in best[name] else INFINITE for name in by))

    cohorts: list[Data] = []
    for cohort in [*(id for id, _ in methodology["vocabulary"]["cohorts"]), None]:
        own = sorted((key(id), one.company["name"], id) for id, one in found.items() if one.company["cohort"] == cohort)
        rows = [{"rank": None if key[0] else 1 + sum(other < key for other, _, _ in own), "company": id}
                for key, _, id in own]
        cohorts += [{"cohort": cohort, "rows": rows}] if rows else []
    return cohorts


def with_ids(facts: list[Data]) -> list[Data]:
    """Return facts with the ids that follow from their contents: each ends with 8 digits of its digest, or more."""
    digits = [max(8, len(fact["id"]) - len(fact["type"]) - 1) for fact in facts]
    return [{**fact, "id": f"{fact['type']}-{sha256({**fact, 'id': ''})[:own]}"} for fact, own in zip(facts, digits)]


def check(content: bytes) -> Report:
    """Check the content of a record; raise an error if it is no record of this format, or lacks something."""
    report = Report([], [])
    record = json.loads(content.decode("utf-8"), parse_float=str, parse_constant=str)  # which is not canonical then
    if canonical(record).encode() != content:
        raise ValueError("it is not in canonical form")
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise ValueError(f"its format is not {FORMAT}")
    check_digests(record, report)
    meaning, results = record["meaning"], record["results"]
    report.know("record", record, FORMS["record"])
    report.know("meaning", meaning, FORMS["meaning"])
    methodology = filled_in(meaning["methodology"], "meaning.methodology", None, meaning, report)
    companies, responses = ({id: filled_in(own, f"meaning.{name}.{id}", None, meaning, report)
                             for id, own in meaning.get(name, {}).items()} for name in ("companies", "responses"))
    if report.unknown:
        return report
    structure, cut_off, found, right = Structure(methodology), typed(record["as_of"], "date"), {}, ById()
    report.compare("as_of", record["as_of"], record["options"]["as_of"] or record["as_of"])
    digests = ById({id: sha256(company) for id, company in companies.items()})
    report.compare("meaning.sha256", meaning["sha256"], {"methodology": sha256(methodology), "companies": digests})
    criteria = [one["id"] for one in structure.inside[None]]
    for id, answers in responses.items():
        report.compare("meaning.responses", id, id if id in companies else None)
        stated = [fact["id"] for fact in companies.get(id, {"facts": []})["facts"]]
        for place, own in enumerate(answers):  # an accepted one may dispute facts that are no more
            status = "accepted" if own["status"] == "accepted" else "open" if own["decision"] is None else "rejected"
            report.compare(f"meaning.responses.{id}.{place}", own, {
                **own, "facts": with_ids(own["facts"]), "status": status,
                "about": [one if one in criteria else None for one in own["about"]],
                "disputes": [one if one in stated or status == "accepted" else None for one in own["disputes"]]})
    for id, company in companies.items():
        report.compare(f"meaning.companies.{id}", company, {**company, "id": id, "facts": with_ids(company["facts"])})
        recorded = results["companies"].get(id, {})
        both = {hypothetical: Evaluation(structure, company, cut_off, hypothetical, recorded.get("searched", []))
                for hypothetical in {record["hypothetical"], False}}
        found[id], right[id] = both[record["hypothetical"]], both[record["hypothetical"]].results(recorded, both[False])
    claims = [{**dict.fromkeys(claim, Right()), "floor": len(claim.get("yes", [])),
               "ceiling": len([*claim.get("yes", []), *claim.get("cannot_tell", [])])}
              for claim in results.get("findings", [])]
    ranks = ranking(structure, found) if record["options"]["company"] is None else []
    report.compare("results", results, {"companies": right, "ranking": ranks, "findings": claims})
    *others, last = dict.fromkeys(companies[id]["name"] for id in sorted(companies))
    named = f"{', '.join(others)} or {last}" if others else last
    named = named if len(others) < MAX_NAMED else f"any of the {len(others) + 1:,} companies"
    report.compare("notices", record["notices"], [
        {"code": notice["code"], "text": notice["text"].replace("{company}", named)}
        for notice in methodology["notices"] if record["hypothetical"] or not notice["hypothetical"]])
    return report


def main(arguments: list[str]) -> int:
    """Check records; return the exit code."""
    if not arguments or arguments[0].startswith("-"):
        sys.stderr.write("usage: check_record.py RECORD...\n")
        return 2
    codes = set()
    for name in arguments:
        try:
            with open(name, "rb") as file:
                report = check(file.read())
            lines, code = report.wrong or report.unknown, 1 if report.wrong else 3 if report.unknown else 0
            head = {0: "right", 1: "differs", 3: "not checked to the end"}[code]
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, ArithmeticError) as error:
            lines, code, head = [], 1, f"no record of this version: {type(error).__name__}: {error}"
        more = [f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
        sys.stdout.write(f"{name}: {head}\n" + "".join(f"  {line}\n" for line in [*lines[:SHOWN], *more]))
        codes.add(code)
    return 1 if 1 in codes else max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
