"""Check a record of cleancloud_rules without cleancloud_rules: one file, the standard library, Python 3.9 or later.

    python check_record.py RECORD...

It computes every digest, fills in what a record leaves out, decides for each fact whether it counts, computes derived
facts, evaluates every rule, and combines the points of groups, decision tables and ranks. All of that is compared with
the results in the record. Sentences that name facts are filled again. What it does not know it names, and then a record
never passes. It does not read the input files: that `meaning` is what they mean, only `cleancloud-rules verify` shows.

Exit codes: 0 if all is right; 1 if something differs, or if a file is no record; 2 for wrong usage; 3 if nothing
differs, but a record holds something that is not known here.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, NamedTuple

FORMAT = "cleancloud-record/1"
SHOWN = 20
MAX_DIGITS, MAX_NAMED = 24, 30
NIL, INFINITE = Fraction(0), math.inf
Data = dict[str, Any]
Path = tuple[Any, ...]

# ---- What is known: the attributes of each kind of object, the words of attributes, and the parts of a record


def listed(text: str, separator: str | None = None) -> dict[str, list[str]]:
    """Return what a table lists: in each line names, a colon, and what each of them can have."""
    lines = (line.partition(":") for line in re.split("[\n;]", text.replace("\n  ", " ").strip()))
    found = ((names.split(), [word.strip() for word in after.split(separator)]) for names, _, after in lines)
    return {name: words for names, words in found for name in names}


FORMS = listed("""
AllOf AnyOf NoneOf: parts; Assignment: field value text is_formula; Band: score label value; Cap: at_most given unless
Category Combining: aggregate of base scale at_least at_most caps tiers bands bands_of levels top_level needs monotone
  rationale coverage empty id title weight criteria groups parts rounding requires not_applicable not_assessed
CompanyFacts: id name aliases cohort facts not_found; Condition: fact_type tests; Count: of at_least distinct
CoverageLine: at_least is_share of of_criteria
Criterion: id title horizon max_points hit_policy rules otherwise at_most at_least weight level requirement met_at
  requires not_applicable not_assessed answered shared_with points_basis basis rationale guidance short reference
  remedy monotone
DecisionTable: id title inputs hit_policy outputs rows otherwise
Derivation: id fact inputs join assignments digits mode valid
Evidence: id type title publisher published accessed url archived footnotes note public
Fact: id type values disclosed period as_of basis source locator entity note derived_by derived_from
FactType: id title horizon fields describe selection says
Field: id type title values unit digits better key optional valid; FieldTest: field test; Implication: given then
Interval: low high low_open high_open; Level: id title requires at_least value; Members: mode names
Methodology: id title edition publisher approved_by vocabulary categories windows accepted_sources as_of rounding
  points_basis combining not_applicable not_assessed tables rank_by notices recommendations bibliography
NotApplicable: cohorts when counts_as; NotFound: condition basis source locator note also
Notice: code text hypothetical; Null:; Operation: operator left right; Period: start end text
Proportion: fact_type field over least digits mode; Reading: input field; Reference: source section
Remedy: text recommendation; Requirement: of at_least
Response: id received by reason about facts disputes status decision; Rounding: digits mode total points_digits
Rule: id points when because in_proportion basis rationale; ScoreRounding: digits mode
TableInput: name reads of field; TableRow: tests then; UnaryTest: text alternatives negated anything
Unit: id dimension size; Units: all; Vocabulary: fact_types implications derivations source_types cohorts units
Window: start end counts
""")
WORDS = listed("""
Category.aggregate Combining.aggregate: sum, weighted sum, mean, weighted mean, minimum, maximum, none
Category.bands_of Combining.bands_of: score, exact
Category.empty Combining.empty: zero
Category.needs Combining.needs Criterion.requirement: must, should, suggested
Category.not_assessed Criterion.not_assessed Methodology.not_assessed: excluded, zero
Category.of Combining.of: points, shares
Category.parts: exact, rounded
Criterion.hit_policy: collect max, collect min, collect sum, first
DecisionTable.hit_policy: unique, first, collect
Derivation.mode Proportion.mode Rounding.mode ScoreRounding.mode: half_up, half_even, floor, ceiling
Fact.basis: reported, calculated, reported_or_calculated, third_party, assessed, inferred, hypothetical
FactType.selection: best, latest, single
Field.better: higher, lower, more, listed
Field.type: boolean, integer, number, percent, year, date, text, enum, set, quantity
Members.mode: contains, all, is
Methodology.not_applicable NotApplicable.counts_as: excluded, full, zero
Operation.operator: +, -, *, /
Response.status: open, accepted, rejected
Rounding.total: sum_of_rounded, rounded_sum
TableInput.reads: label, level, score, points, met, table
Window.counts: end, overlap, whole
""", ",")
KEYS = listed("""
record: as_of digests format hypothetical inputs made meaning notices options results
meaning: companies contradictions defaults kinds methodology published responses sha256 shared sources
results: companies findings ranking
company: arithmetic because bounds coverage criteria derived groups hypothetical_total label level max_total outcome
  problems requirements searched tables total uncounted withheld_by
group: arithmetic because bounds coverage exact hypothetical_points hypothetical_score label level max_points max_score
  outcome points requirements score withheld_by
criterion: because bounds counts_as exempted_by facts hypothetical_points looked_for outcome points rules won
rule: arithmetic facts points
""")


class Report:
    """What differs, and what is not known."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.unknown: list[str] = []

    def differs(self, path: Path, recorded: Any, right: Any) -> None:
        """Note a place that differs from what it ought to be."""
        shown = (json.dumps(value, ensure_ascii=False) for value in (recorded, right))
        self.wrong.append("{}: is {}, ought to be {}".format(in_words(path), *shown))

    def compare(self, path: Path, recorded: Any, right: Any) -> None:
        """Compare a value with what it ought to be. Numbers stand there as texts, and empty lists not at all."""
        if isinstance(right, list) and isinstance(recorded or [], list):
            for place, pair in enumerate(itertools.zip_longest(recorded or [], right)):
                self.compare((*path, place), *pair)
        elif isinstance(right, Fraction):
            if recorded is None or Fraction(recorded) != right:
                self.differs(path, recorded, text_of(right))
        elif recorded != right or isinstance(recorded, bool) is not isinstance(right, bool):
            self.differs(path, recorded, right)

    def compare_parts(self, path: Path, recorded: Data, right: Data) -> None:
        """Compare some parts of an object with what they ought to be."""
        for name, value in right.items():
            self.compare((*path, name), recorded.get(name), value)

    def know(self, path: Path, names: Iterable[str], known: Iterable[str]) -> None:
        """Note the names that are not known."""
        self.unknown.extend(f"{in_words((*path, name))}: not known here" for name in sorted({*names} - {*known}))


def in_words(path: Path) -> str:
    """Return a place in words."""
    return ".".join(map(str, path))


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
    right = {name: sha256(whole[name]) for name in ("inputs", "meaning", "results")}
    right["record"] = sha256(whole)
    right["replay"] = sha256({name: part for name, part in whole.items() if name != "made"})
    for name in sorted({*right, *record["digests"]}):
        report.compare(("digests", name), record["digests"].get(name), right.get(name))
    for name, file in record["inputs"].items():
        found = hashlib.sha256(file["text"].encode()).hexdigest()
        report.compare(("inputs", name, "sha256"), file["sha256"], found)


class Filling:
    """Fills in what the meaning of a record leaves out: defaults, kinds, sources and shared objects."""

    def __init__(self, meaning: Data, report: Report) -> None:
        self.meaning, self.report = meaning, report

    def whole(self, data: Any, path: Path, kind: str | None = None) -> Any:
        """Return the whole form of an object, and note what is not known."""
        if isinstance(data, list):
            return [self.whole(item, (*path, place), kind) for place, item in enumerate(data)]
        if not isinstance(data, dict):
            return data
        if list(data) == ["source_id"]:
            return self.whole(self.meaning["sources"][data["source_id"]], path)
        if list(data) == ["same"]:
            return self.whole(self.meaning["shared"][data["same"]], path, kind)
        kind = data.get("is", kind)
        if kind == "Whole":
            return int(data["text"])
        if kind is None or kind not in FORMS:
            self.report.unknown.append(f"{in_words(path)}: `{kind}` is not known here")
            return data
        kinds = self.meaning["kinds"].get(kind, {})
        made = {**self.meaning["defaults"].get(kind, {}), "is": kind}
        for name, value in data.items():
            if (kind, name) == ("Fact", "values"):
                made[name] = {field: self.whole(held, (*path, name, field)) for field, held in value.items()}
            else:
                made[name] = self.whole(value, (*path, name), kinds.get(name))
        self.report.know(path, made, [*FORMS[kind], "is"])
        for name, value in made.items():
            if value is not None and isinstance(value, str) and value not in WORDS.get(f"{kind}.{name}", [value]):
                self.report.unknown.append(f"{in_words((*path, name))}: `{value}` is not known here")
        return made


# ---- Numbers and values. An end of a span is a value and a side: 1 for just above it, -1 for just below it, 0 for it.


def text_of(number: Fraction) -> str:
    """Return an exact number as a decimal without needless zeros, or as a fraction if it has no end."""
    places = next((n for n in range(64) if (number * 10**n).denominator == 1), None)
    if places is None:
        return str(number)
    digits = str(abs(int(number * 10**places))).rjust(places + 1, "0")
    point = len(digits) - places
    return ("-" if number < 0 else "") + digits[:point] + (f".{digits[point:]}" if places else "")


def rounded(number: Fraction, places: int, mode: str) -> Fraction:
    """Return a number rounded to decimal places; `half_up` rounds halves away from zero."""
    low, rest = divmod(number.numerator * 10**places, number.denominator)
    half = 2 * rest - number.denominator
    at_half = {"floor": False, "ceiling": True, "half_even": low % 2 == 1, "half_up": low >= 0}[mode]
    up = half > 0 or (half == 0 and at_half) if mode.startswith("half") else rest > 0 and at_half
    return Fraction(low + up, 10**places)


class Span(NamedTuple):
    """All values between two ends, which are infinite where nothing is known."""

    low: tuple[Any, int]
    high: tuple[Any, int]


def beside(end: tuple[Any, int], step: int) -> tuple[Any, int]:
    """Return the end before or after an end. Whole numbers and days, which are numbers here, have closed ends."""
    return (end[0] + step, 0) if isinstance(end[0], int) else (end[0], end[1] + step)


def span_between(low: Any, high: Any, low_open: bool = False, high_open: bool = False) -> Span:
    """Return the span between two values; None for no end."""
    first, last = (-INFINITE if low is None else low, 0), (INFINITE if high is None else high, 0)
    return Span(beside(first, 1) if low_open else first, beside(last, -1) if high_open else last)


def span_of(value: Any) -> Span:
    """Return a span as it is, and an exact value as a span."""
    return value if isinstance(value, Span) else Span((value, 0), (value, 0))


def meets(one: Span, other: Span) -> bool:
    """Whether two spans have a value in common. An empty span, which ends before it begins, is not asked."""
    return one.low <= other.high and other.low <= one.high


def covers(spans: list[Span], span: Span) -> bool:
    """Whether every value in a span lies in one of several: nothing is left if they are taken away."""
    rest = [span]
    for taken in spans:
        apart = [part for part in rest if not meets(part, taken)]
        cut = [piece for part in rest if meets(part, taken) for piece in (
            Span(part.low, beside(taken.low, -1)), Span(beside(taken.high, 1), part.high))]
        rest = apart + [piece for piece in cut if piece.low <= piece.high]
    return not rest


def typed(value: Any, kind: str) -> Any:
    """Return a value of a field as an exact number (a day too), a text, a set of names, or a span of such values."""
    if isinstance(value, dict):
        low, high = (None if value[end] is None else typed(value[end], kind) for end in ("low", "high"))
        return span_between(low, high, value["low_open"], value["high_open"])
    if isinstance(value, list) or kind == "date":
        return day(value) if kind == "date" else frozenset(value)
    return Fraction(value) if kind in ("number", "percent", "quantity") else value


def day(text: Any) -> Any:
    """Return a day as a number; None if there is none."""
    return None if text is None else date.fromisoformat(text).toordinal()


def passes(test: Data, value: Any, kind: str, disclosed: bool = False) -> bool:
    """Whether a value passes a unary test. A span passes if every value in it does."""
    alternatives, negated = test["alternatives"], test["negated"]
    nulls = [one["is"] == "Null" for one in alternatives]
    if test["anything"]:
        return True
    if value is None:
        return negated and all(nulls) if disclosed else not negated and any(nulls)
    if isinstance(value, frozenset):
        sets = [(one["mode"], frozenset(one["names"])) for one in alternatives if one["is"] == "Members"]
        return negated is not any({"is": value == names, "all": value >= names, "contains": bool(value & names)}[how]
                                  for how, names in sets)
    spans = [typed(one, kind) for one in alternatives if one["is"] == "Interval"]
    spans = [span for span in spans if span.low <= span.high]
    return not any(meets(span, span_of(value)) for span in spans) if negated else covers(spans, span_of(value))


# ---- Facts


class Fact:
    """A stated or a derived fact."""

    def __init__(self, form: Data, fact_type: Data) -> None:
        self.form, self.fact_type = form, fact_type
        self.id, self.type, self.source, self.disclosed = form["id"], form["type"], form["source"], form["disclosed"]
        self.fields = {field["id"]: field for field in fact_type["fields"]}
        period, source = form["period"], form["source"] or {}
        self.period = None if period is None else (day(period["start"]), day(period["end"]))
        self.first, self.last = self.period or 2 * (day(form["as_of"]),)
        published = source.get("published")
        self.values = {name: typed(value, self.fields[name]["type"]) for name, value in form["values"].items()}
        self.values.update({"basis": form["basis"], "entity": form["entity"], "period": self.period and self.period[1],
                            "evidence.published": None if published is None else typed(published, "date"),
                            "evidence.source": source.get("id"), "evidence.source_type": source.get("type")})

    def kind(self, name: str) -> str:
        """Return the type of a field, or of what every fact has."""
        if name in self.fields:
            return str(self.fields[name]["type"])
        return "date" if name in ("period", "evidence.published") else "enum"

    def get(self, name: str) -> Any:
        """Return the value of a field, or of what every fact has; None if it is missing."""
        return self.values.get(name)

    def passes(self, condition: Data) -> bool:
        """Whether it has the type of a condition and passes its tests."""
        tests = [(one["field"], one["test"]) for one in condition["tests"]]
        return self.type == condition["fact_type"] and all(
            passes(test, self.get(name), self.kind(name), name in self.disclosed) for name, test in tests)

    @property
    def key(self) -> Path | None:
        """What it is about; None if that is not known exactly, or does not matter for its type."""
        names = [field["id"] for field in self.fact_type["fields"] if field["key"]]
        values = tuple(self.get(name) for name in names)
        inexact = any(name in self.disclosed for name in names) or any(isinstance(value, Span) for value in values)
        return None if inexact or self.fact_type["selection"] == "best" else (self.type, self.form["entity"], *values)

    def lies_in(self, window: Data) -> bool:
        """Whether its time lies in a window."""
        start, end, counts = day(window["start"]), day(window["end"]), window.get("counts", "end")
        if self.first is None:
            return start is None and end is None
        early, late = self.first if counts == "whole" else self.last, self.first if counts == "overlap" else self.last
        return (start is None or start <= early) and (end is None or late <= end)


def was_there(source: Data | None, cut_off: int | None) -> bool:
    """Whether a source may have been published by the cut-off: a year stands for an unknown day of it."""
    if cut_off is None or source is None:
        return True
    stated = {name: source[name] for name in ("published", "accessed") if source[name] is not None}
    days = {name: span_of(typed(value, "date")) for name, value in stated.items()}
    first = days["published"].low[0] if "published" in days else -INFINITE
    return first <= cut_off or any(span.high[0] <= cut_off for span in days.values())


def selected(facts: list[Fact]) -> list[Fact]:
    """Return facts without those that a later one about the same replaces, and those that contradict each other."""
    groups: dict[Any, list[Fact]] = {}
    for fact in facts:
        if fact.key is not None:
            groups.setdefault(fact.key, []).append(fact)
    gone: set[str] = set()
    for same in groups.values():
        newest = max(fact.last or 0 for fact in same)
        latest = [fact for fact in same if (fact.last or 0) == newest]
        answers = [(fact.form["values"], fact.disclosed) for fact in latest]
        differ = latest[0].fact_type["selection"] == "single" and any(one != answers[0] for one in answers)
        gone.update(fact.id for fact in same if differ or fact not in latest)
    return [fact for fact in facts if fact.id not in gone]


# ---- Derived facts


class Nothing(Exception):  # noqa: N818 - no error
    """A derivation makes nothing of some facts."""


def computed(formula: Any, named: dict[str, Fact]) -> Span:
    """Return the numbers that a formula can give."""
    if not isinstance(formula, dict):
        return span_of(Fraction(formula))
    if formula["is"] == "Reading":
        value = named[formula["input"]].get(formula["field"])
        if value is None:
            raise Nothing
        return Span(*((end if abs(end) == INFINITE else Fraction(end), side) for end, side in span_of(value)))
    a, b, how = computed(formula["left"], named), computed(formula["right"], named), formula["operator"]
    if how == "-":
        b = Span(*((-end, -side) for end, side in (b.high, b.low)))
    if how in "+-":
        return Span(*((x + y, side or other) for (x, side), (y, other) in zip(a, b)))
    if how == "/":
        if meets(b, span_of(0)):
            raise Nothing
        b = Span(*((NIL if abs(end) == INFINITE else of_zero if end == 0 else 1 / end, -side)
                   for (end, side), of_zero in ((b.high, -INFINITE), (b.low, INFINITE))))
    corners = [(NIL if 0 in (x, y) else x * y, not (side or other)) for x, side in a for y, other in b]
    low, high = min(corner for corner, _ in corners), max(corner for corner, _ in corners)
    zero = meets(a, span_of(0)) or meets(b, span_of(0))
    has_low, has_high = ((end == 0 and zero) or (end, True) in corners for end in (low, high))
    return Span((low, int(not has_low)), (high, -int(not has_high)))


def derived(derivation: Data, facts: list[Fact], types: dict[str, Data]) -> Iterator[Fact]:
    """Yield the facts that a derivation computes from those that count."""
    fact_type, assignments = types[derivation["fact"]], derivation["assignments"]
    choices = [[fact for fact in facts if fact.passes(condition)] for _, condition in derivation["inputs"]]
    for chosen in itertools.product(*choices):
        keys = [[fact.period if name == "period" else fact.get(name) for name in derivation["join"]] for fact in chosen]
        inexact = any(value is None or isinstance(value, Span) for key in keys for value in key)
        named = dict(zip([name for name, _ in derivation["inputs"]], chosen))
        if inexact or any(key != keys[0] for key in keys):
            continue
        try:
            values = {one["field"]: assigned(one, derivation, fact_type, named) for one in assignments}
        except Nothing:
            continue
        forms = [fact.form for fact in chosen]
        form = {name: forms[0][name] if all(one[name] == forms[0][name] for one in forms) else None
                for name in ("as_of", "entity", "source")}
        same = chosen[0].period is not None and all(fact.period == chosen[0].period for fact in chosen)
        form["period"] = min((one["period"] for one in forms), key=lambda period: period["text"]) if same else None
        form["basis"] = "hypothetical" if any(one["basis"] == "hypothetical" for one in forms) else "calculated"
        form.update({"is": "Fact", "id": "", "type": fact_type["id"], "values": values, "disclosed": [], "note": None,
                     "locator": None, "derived_by": derivation["id"],
                     "derived_from": sorted({fact.id for fact in chosen})})
        yield Fact({**form, "id": f"{form['type']}-{sha256(form)[:8]}"}, fact_type)


def assigned(assignment: Data, derivation: Data, fact_type: Data, named: dict[str, Fact]) -> Any:
    """Return the value that a derivation sets, in its whole form."""
    if not assignment["is_formula"]:
        return assignment["value"]
    (field,) = (field for field in fact_type["fields"] if field["id"] == assignment["field"])
    is_whole, digits = field["type"] == "integer", derivation["digits"]
    ends: list[Any] = []
    for (end, _), inwards in zip(computed(assignment["value"], named), (math.ceil, math.floor)):
        if abs(end) == INFINITE:
            ends.append(None)
            continue
        places = field["digits"] if digits is None else digits
        number = Fraction(inwards(end)) if is_whole and digits is None else rounded(end, places, derivation["mode"])
        whole, _, fraction = text_of(abs(number)).partition(".")
        if max(len((whole + fraction).lstrip("0")), len(fraction)) > MAX_DIGITS:
            raise Nothing
        ends.append(inwards(number) if is_whole else number)
    value = span_between(*ends)
    limits = [test for test in (derivation["valid"], field["valid"]) if test is not None]
    if value.low > value.high or not all(may_pass(test, value, is_whole) for test in limits):
        raise Nothing
    low, high = (text_of(end) if isinstance(end, Fraction) else end for end in ends)
    if low is not None and low == high:
        return low
    return {"is": "Interval", "low": low, "high": high, "low_open": False, "high_open": False}


def may_pass(test: Data, value: Span, is_whole: bool) -> bool:
    """Whether some number in a span passes the limit of a derivation or of a field, as it was written."""
    if test["anything"]:
        return True
    spans = []
    for text in re.sub(r"^not\((.*)\)$", r"\1", test["text"]).split(", "):
        numbers = [Fraction(one) for one in re.findall(r"(?<![A-Za-z0-9])-?[0-9]+(?:\.[0-9]+)?", text)]
        low: Any = None if text[0] == "<" else numbers[0]
        high: Any = None if text[0] == ">" else numbers[-1]
        low_open, high_open = text.startswith(("> ", "(")), text.startswith("< ") or text.endswith(")")
        if is_whole:
            low = None if low is None else math.floor(low) + 1 if low_open else math.ceil(low)
            high = None if high is None else math.ceil(high) - 1 if high_open else math.floor(high)
            low_open = high_open = False
        spans.append(span_between(low, high, low_open, high_open))
    spans = [span for span in spans if span.low <= span.high]
    return not covers(spans, value) if test["negated"] else any(meets(span, value) for span in spans)


# ---- Rules and points


def conditions_of(when: Data) -> list[Data]:
    """Return every condition in the condition of a rule."""
    if when["is"] in ("Condition", "Count"):
        return [when.get("of", when)]
    return [condition for part in when["parts"] for condition in conditions_of(part)]


def holds(when: Data, facts: list[Fact]) -> bool:
    """Whether the condition of a rule holds for the facts that count."""
    if when["is"] in ("Condition", "Count"):
        passing = [fact for fact in facts if fact.passes(when.get("of", when))]
        return bool(passing) if when["is"] == "Condition" else count(passing, when["distinct"]) >= when["at_least"]
    parts = (holds(part, facts) for part in when["parts"])
    return all(parts) if when["is"] == "AllOf" else any(parts) is (when["is"] == "AnyOf")


def count(facts: list[Fact], distinct: str | None) -> int:
    """Return how many facts there are, or how many different exact values a field of them has."""
    if distinct is None:
        return len({fact.key if fact.fact_type["selection"] == "single" and fact.key else fact.id for fact in facts})
    values = [fact.get(distinct) for fact in facts]
    found = [value if isinstance(value, frozenset) else {value} for value in values if not isinstance(value, Span)]
    return len(set().union(*found) - {None})


def support(when: Data, facts: list[Fact], wanted: bool = True) -> set[str]:
    """Return the ids of the facts by which the condition of a rule holds, or fails to hold."""
    if when["is"] in ("Condition", "Count"):
        return {fact.id for fact in facts if wanted and fact.passes(when.get("of", when))}
    inner = wanted is not (when["is"] == "NoneOf")
    speaking = [part for part in when["parts"] if holds(part, facts) is inner]
    return {id for part in speaking for id in support(part, facts, inner)}


def points_by(rule: Data, facts: Iterable[Fact], rounding: Data) -> Fraction:
    """Return the points of a rule that fired on facts."""
    proportion = rule["in_proportion"]
    if proportion is None:
        return Fraction(rule["points"])
    places = rounding["points_digits"] if proportion["digits"] is None else proportion["digits"]
    mode = proportion["mode"] or rounding["mode"]
    worst, best = map(Fraction, proportion["over"])
    least, most = Fraction(proportion["least"]), Fraction(rule["points"])
    low, high = min(worst, best), max(worst, best)

    def exact(number: Fraction) -> Fraction:
        held = min(max(number, low), high)
        return ((best - held) * least + (held - worst) * most) / (best - worst)

    def near(number: Fraction, side: int) -> Fraction:  # so near that no step of rounded points lies between
        rate = abs((most - least) / (best - worst)) * 10**places
        scaled = exact(number) * 10**places
        steps = [Fraction(1, 4 * scaled.denominator) / rate] if rate else [Fraction(1)]
        steps += [abs(end - number) / 2 for end in (worst, best) if end != number]
        return number + side * min(steps)

    def certain(value: Any) -> Fraction:
        ends = (limit if abs(end) == INFINITE else near(Fraction(end), side)
                for (end, side), limit in zip(span_of(value), (low, high)))
        return min(rounded(exact(end), places, mode) for end in ends)

    values = [fact.get(proportion["field"]) for fact in facts if fact.type == proportion["fact_type"]]
    return max((certain(value) for value in values if value is not None), default=NIL)


def winners(criterion: Data, earned: dict[str, Fraction]) -> list[str]:
    """Return the ids of the rules whose points a criterion takes."""
    fired = [rule["id"] for rule in criterion["rules"] if rule["id"] in earned]
    policy = criterion["hit_policy"]
    if not fired or policy == "collect sum":
        return fired
    if policy == "first":
        return fired[:1]
    return [(max if policy == "collect max" else min)(fired, key=earned.__getitem__)]


def points_of(criterion: Data, earned: dict[str, Fraction]) -> Fraction:
    """Return the points of a criterion, within its limits."""
    points = sum((earned[id] for id in winners(criterion, earned)), NIL)
    return within(min(points, Fraction(criterion["max_points"])), criterion)


def within(number: Fraction, limits: Data) -> Fraction:
    """Return a number within the limits that a criterion or a group declares; the upper one comes last."""
    number = number if limits["at_least"] is None else max(number, Fraction(limits["at_least"]))
    return number if limits["at_most"] is None else min(number, Fraction(limits["at_most"]))


# ---- Groups


class State(SimpleNamespace):
    """What a criterion, a group or the root contributes and results in."""

    def __init__(self, **values: Any) -> None:
        super().__init__(points=NIL, most=NIL, met=False, ruled_out="", is_part=True, counts_as=None,
                         outcome="unscored", value=None, value_most=None, score=None, max_score=None, marked=None,
                         label=None, level=None, passed=None, coverage=[], words={}, withheld_by=[])
        vars(self).update(values)


class Tree:
    """The groups of a methodology, with the points of one company.

    It has the points of each criterion, the ids that do not apply by a fact, the cohort, and the ids of the criteria
    that are assessed (None for all of them).
    """

    def __init__(self, methodology: Data, points: Data, exempt: set[str], cohort: Any, assessed: set[str] | None):
        self.methodology, self.points = methodology, points
        self.exempt, self.cohort = exempt, cohort
        self.chains: dict[str, list[Data]] = {}
        self.states: dict[str | None, State] = {}
        self.root = {**methodology["combining"], "id": None, "criteria": [], "groups": methodology["categories"]}
        self.chain(self.root, [])
        self.is_best, self.assessed = assessed is None, {*self.chains} if assessed is None else assessed

    def chain(self, group: Data, above: list[Data]) -> None:
        """Note the groups around each part of a group."""
        for part in (*group["criteria"], *group["groups"]):
            self.chains[part["id"]] = [*above, part]
            if part["is"] == "Category":
                self.chain(part, [*above, part])

    def state(self, id: str | None) -> State:
        """Return the state of a criterion, a group, or the root (None)."""
        if id not in self.states:
            part = self.part(id)
            self.states[id] = self.of_criterion(part) if part["is"] == "Criterion" else self.of_group(part)
        return self.states[id]

    def part(self, id: str | None) -> Data:
        """Return the criterion or the group with an id, or the root (None)."""
        return self.root if id is None else self.chains[id][-1]

    def inside(self, id: str | None) -> list[Data]:
        """Return a criterion, or every criterion of a group."""
        part = self.part(id)
        return [part] if part["is"] == "Criterion" else [
            *part["criteria"], *(one for group in part["groups"] for one in self.inside(group["id"]))]

    def leaves_out(self, id: str) -> bool:
        """Whether a part is left out if it is not assessed: the innermost that says so decides."""
        says = [one["not_assessed"] for one in (self.methodology, *self.chains[id]) if one.get("not_assessed")]
        return says[-1:] == ["excluded"]

    def applies(self, id: str) -> bool:
        """Whether any criterion of a part applies."""
        return any(self.state(one["id"]).ruled_out != "not_applicable" for one in self.inside(id))

    def complete(self, id: str | None) -> bool:
        """Whether every criterion of a part is met or does not apply."""
        return all(self.state(one["id"]).met for one in self.inside(id))

    def fulfils(self, requirement: Data) -> bool:
        """Whether a requirement is met."""
        of, least = requirement["of"], requirement["at_least"]
        if least is None:
            return self.complete(of)
        state = self.state(of)
        if self.part(of)["is"] != "Criterion":
            return not self.applies(of) or (state.score is not None and state.score >= Fraction(least))
        if state.ruled_out in ("not_applicable", "not_assessed"):
            return bool(state.ruled_out == "not_applicable")
        return bool(state.points >= Fraction(least))

    def is_assessed(self, id: str) -> bool:
        """Whether a part that applies is assessed."""
        known = any(one["id"] in self.assessed and self.applies(one["id"]) for one in self.inside(id))
        return known and (self.part(id)["is"] == "Criterion" or self.state(id).outcome != "not_assessed")

    def of_criterion(self, criterion: Data) -> State:
        """Return what a criterion contributes."""
        chain, most = self.chains[criterion["id"]], Fraction(criterion["max_points"])
        for owner in chain:
            rule = owner["not_applicable"]
            if rule is not None and (self.cohort in rule["cohorts"] or owner["id"] in self.exempt):
                how = rule["counts_as"] or self.methodology["not_applicable"]
                return State(points=most if how == "full" else NIL, most=NIL if how == "excluded" else most, met=True,
                             ruled_out="not_applicable", counts_as=how, is_part=how != "excluded")
        if self.leaves_out(criterion["id"]) and criterion["id"] not in self.assessed:
            return State(ruled_out="not_assessed", is_part=False, counts_as="excluded")
        before = [tier for holder, part in zip([self.root, *chain], chain) if part["id"] in holder["tiers"]
                  for tier in holder["tiers"][: holder["tiers"].index(part["id"])]]
        gates = [requirement for owner in chain for requirement in owner["requires"]]
        if not all(map(self.fulfils, gates)) or not all(map(self.complete, before)):
            return State(most=most, ruled_out="gated")
        points, enough = self.points[criterion["id"]], criterion["met_at"]
        return State(points=points, most=most, met=points >= (most if enough is None else Fraction(enough)))

    def coverage(self, group: Data) -> list[tuple[int, int]]:
        """Return for each line of the coverage of a group how many parts are needed and how many are assessed."""
        lines = []
        for line in group.get("coverage", []):
            parts = self.inside(group["id"]) if line["of_criteria"] else [*group["criteria"], *group["groups"]]
            names = [part["id"] for part in parts] if line["of"] is None else line["of"]
            names = [name for name in names if self.applies(name)]
            least = Fraction(line["at_least"])
            needed = math.ceil(least * len(names) / 100) if line["is_share"] else int(least)
            lines.append((needed, sum(map(self.is_assessed, names))))
        return lines

    def parts(self, group: Data, rounds: bool) -> list[Path]:
        """Return value, maximum and weight of what a group takes of its parts."""
        states = [(self.state(one["id"]), one["weight"]) for one in group["criteria"]]
        found = [(state.points, state.most, weight) for state, weight in states if state.is_part]
        inner = [(self.state(one["id"]).passed, one["weight"]) for one in group["groups"]]
        found += [(*passed[rounds], weight) for passed, weight in inner if passed is not None]
        weighed = [(value, most, Fraction(1 if weight is None else weight)) for value, most, weight in found]
        if group["of"] == "points":
            return weighed
        return [(value / most, Fraction(1), weight) for value, most, weight in weighed if most > 0]

    def of_group(self, group: Data) -> State:
        """Return the result of a group, or of the root."""
        id, own = group["id"], group.get("rounding") or {}
        rounding = {**self.methodology["rounding"], **{name: value for name, value in own.items() if value is not None}}
        rounds = rounding["total"] == "sum_of_rounded" if id is None else group["parts"] == "rounded"
        criteria = [(one, self.state(one["id"])) for one in self.inside(id)]
        parts = self.parts(group, rounds)
        found = State(points=sum((s.points for _, s in criteria), NIL), most=sum((s.most for _, s in criteria), NIL))
        for word in ("must", "should", "suggested"):
            met = [s.met for one, s in criteria if one["requirement"] == word and s.ruled_out != "not_applicable"]
            found.words.update({word: (sum(met), len(met))} if met else {})
        if not parts and not any(s.is_part or s.ruled_out == "not_assessed" for _, s in criteria):
            return self.empty(group, found, rounding)
        found.coverage = self.coverage(group)
        value = self.value(group, parts) if parts and group["aggregate"] != "none" else None
        if value is not None:
            self.score(found, *value, rounding)
            if group["bands_of"] == "exact":
                exact = self.value(group, self.parts(group, False))
                found.marked = None if exact is None else exact[0]
            self.band(group, found)
        inner = [self.state(part["id"]) for part in (*group["criteria"], *group["groups"])]
        unknown = any("not_assessed" in (state.ruled_out, state.outcome) for state in inner)
        unassessed = any(have < needed for needed, have in found.coverage) or (not parts and unknown)
        if group["needs"] is not None and not unassessed:
            found.withheld_by = [one["id"] for one, s in criteria if one["requirement"] == group["needs"] and not s.met]
        if not unassessed and not found.withheld_by:
            for level in ladder_of(group):
                if self.misses(level, self.asked(group, level), found.marked):
                    break
                found.level = level["id"]
        self.pass_level(group, found)
        if unassessed or found.withheld_by:
            passed = found.passed
            if unassessed:
                best = None if id is None or self.leaves_out(id) else self.at_best(found, id)
                passed = None if best is None else best.passed
            found.outcome = "not_assessed" if unassessed else "withheld"
            found.passed = passed and [(NIL, most) for _, most in passed]
            found.value = found.value_most = found.score = found.max_score = found.label = None
        return found

    def at_best(self, found: State | None, id: str | None) -> State:
        """Return a group in which all is assessed and has its maximum, given what does not apply if it is given."""
        if found is not None and self.is_best:
            return found
        most = {one["id"]: Fraction(one["max_points"]) for one in self.inside(None)}
        exempt, cohort = (set(), None) if found is None else (self.exempt, self.cohort)
        return Tree(self.methodology, most, exempt, cohort, None).state(id)

    def empty(self, group: Data, found: State, rounding: Data) -> State:
        """Return the result of a group in which nothing applies."""
        if group.get("empty") is None:
            found.outcome = "not_applicable"
            return found
        most = self.at_best(None, group["id"]).value_most
        if most is not None:
            self.score(found, NIL, most, rounding)
            self.band(group, found)
        for lowest in group["levels"][:1]:
            if not self.asked(group, lowest) and not lowest["requires"] and not self.misses(lowest, [], found.marked):
                found.level = lowest["id"]
        self.pass_level(group, found)
        return found

    def score(self, found: State, value: Fraction, most: Fraction, rounding: Data) -> None:
        """Give a group a score."""
        found.marked, found.max_score = (rounded(one, rounding["digits"], rounding["mode"]) for one in (value, most))
        found.outcome, found.value, found.value_most, found.score = "scored", value, most, found.marked
        found.passed = [(value, most), (found.score, found.max_score)]

    def value(self, group: Data, parts: list[Path]) -> tuple[Fraction, Fraction] | None:
        """Return the value and the maximum of a group within its limits; None if there is none."""
        base, how, scale = Fraction(group["base"]), group["aggregate"], group["scale"]
        parts = [*([(base, base, Fraction(1))] if base else []), *parts]
        if how == "weighted mean" and not any(weight for _, _, weight in parts):
            return None
        raw = aggregated(how, [(value, weight) for value, _, weight in parts])
        most = aggregated(how, [(most, weight) for _, most, weight in parts])
        if scale is None and group["id"] is not None:
            above = [self.root, *self.chains[group["id"]]][-2]
            scale = group["weight"] if above["aggregate"] == "sum" else None
        if scale is not None:
            if most <= 0:
                return None
            raw, most = Fraction(scale) * raw / most, Fraction(scale)
        raw = within(raw, group)
        for cap in group["caps"]:
            given, unless = cap["given"], cap["unless"]
            if (given is not None and self.fulfils(given)) or (unless is not None and not self.fulfils(unless)):
                raw = min(raw, Fraction(cap["at_most"]))
        return raw, within(most, group)

    def band(self, group: Data, found: State) -> None:
        """Give a group the label of its band."""
        for band in group["bands"] if found.marked is not None else ():
            if passes(band["score"], found.marked, "number"):
                found.label = band["label"]
                best = max((Fraction(one["value"]) for one in group["bands"] if one["value"] is not None), default=NIL)
                found.passed = found.passed if band["value"] is None else 2 * [(Fraction(band["value"]), best)]
                return

    def asked(self, group: Data, level: Data) -> list[Data]:
        """Return the criteria that a level asks for: those with its id, unless a group further inside has it."""
        def holder(one: Data) -> Any:
            around = (*self.chains[one["id"]][-2::-1], self.root)
            return next((part["id"] for part in around for own in part["levels"] if own["id"] == one["level"]), "")
        return [one for one in self.inside(group["id"]) if level is group["top_level"]
                or (one["level"] == level["id"] and holder(one) == group["id"])]

    def misses(self, level: Data, criteria: list[Data], number: Fraction | None) -> bool:
        """Whether something is missing for a level."""
        if not all(self.state(one["id"]).met for one in criteria) or not all(map(self.fulfils, level["requires"])):
            return True
        return level["at_least"] is not None and (number is None or number < Fraction(level["at_least"]))

    def pass_level(self, group: Data, found: State) -> None:
        """Let a group contribute the number of its level, if its levels have numbers."""
        numbers = {level["id"]: Fraction(level["value"]) for level in ladder_of(group) if level["value"] is not None}
        if numbers:
            found.passed = 2 * [(numbers.get(found.level or "", NIL), max(numbers.values()))]


def ladder_of(group: Data) -> list[Data]:
    """Return the levels of a group, the lowest first."""
    return [*group["levels"], *([] if group["top_level"] is None else [group["top_level"]])]


def aggregated(how: str, parts: list[tuple[Fraction, Fraction]]) -> Fraction:
    """Return the aggregate of values with weights."""
    values = [value for value, _ in parts]
    if how in ("minimum", "maximum"):
        return (min if how == "minimum" else max)(values)
    weights = [weight if how.startswith("weighted") else Fraction(1) for _, weight in parts]
    total = sum((value * weight for value, weight in zip(values, weights)), NIL)
    return total / sum(weights, NIL) if how.endswith("mean") else total


def tables_of(tree: Tree) -> dict[str, list[str]]:
    """Return the outputs of the decision tables."""
    given: dict[str, list[str]] = {}
    for table in tree.methodology["tables"]:
        values = {entry["name"]: input_of(entry, tree, given) for entry in table["inputs"]}
        kinds = {entry["name"]: entry["field"]["type"] for entry in table["inputs"]}
        fitting = [row["then"] for row in table["rows"]
                   if all(passes(test, values[name], kinds[name]) for name, test in row["tests"])]
        fitting = fitting if table["hit_policy"] == "collect" else fitting[:1]
        otherwise = [] if table["otherwise"] is None else [table["otherwise"]]
        given[table["id"]] = list(dict.fromkeys(fitting or otherwise))
    return given


def input_of(entry: Data, tree: Tree, given: dict[str, list[str]]) -> Any:
    """Return what an input of a decision table reads."""
    of, reads = entry["of"], entry["reads"]
    if reads == "table":
        return next(iter(given[of]), None)
    if reads == "met":
        return tree.complete(of)
    state, counts = tree.state(of), tree.state(of).outcome != "not_applicable" and tree.state(of).is_part
    points = state.points if counts else None
    return {"label": state.label, "level": state.level, "score": state.score, "points": points}[reads]


# ---- Sentences


def filled(sentence: str, cited: dict[str, Fact]) -> tuple[str, str]:
    """Return a sentence with the values of facts, and a pattern for all its right forms.

    A bound of whole numbers or days has several: more than 2029 is at least 2030.
    """
    text = pattern = ""
    for piece in re.split(r"(\{\{|\}\}|\{[^{}]*\})", sentence):
        options = [piece[0] if piece in ("{{", "}}") else piece]
        if piece[:1] == "{" and piece[-1:] == "}":
            type_id, _, name = piece[1:-1].partition(".")
            options = said(cited[type_id], name) if type_id in cited else ["not stated"]
        text += options[0]
        pattern += "(?:" + "|".join(map(re.escape, options)) + ")"
    return text, pattern


def said(fact: Fact, name: str) -> list[str]:
    """Return the words for a value of a fact, in all their forms."""
    value, kind = fact.get(name), fact.kind(name)
    field = fact.fields.get(name, {"values": [], "unit": None})

    def word(one: Any) -> str:
        if isinstance(one, bool):
            return "yes" if one else "no"
        if kind == "date":
            return str(date.fromordinal(min(max(one, 1), date.max.toordinal())))
        if isinstance(one, Fraction):  # with the digits that were stated
            stated = fact.form["values"][name]
            texts = [stated["low"], stated["high"]] if isinstance(stated, dict) else [stated]
            unit = {"percent": "%", "quantity": f" {field['unit']}"}.get(kind, "")
            return str(next(text for text in texts if text is not None and Fraction(text) == one)) + unit
        is_name = kind == "enum" and not name.startswith(("evidence.", "entity"))
        return str(one).replace("_", " ") if is_name else str(one)

    if name in fact.disclosed or value is None:
        return ["not at hand" if name in fact.disclosed else "not stated"]
    if name == "period":
        return [fact.form["period"]["text"]]
    if isinstance(value, frozenset):
        *others, last = [one.replace("_", " ") for one in field["values"] if one in value]
        return [f"{', '.join(others)} and {last}" if others else last]
    if not isinstance(value, Span):
        return [word(value)]
    low, high = value.low[0], value.high[0]
    if low == high:
        return [word(low)]
    ends = [[(end, bool(side)), *([(end + step, True)] if isinstance(end, int) else [])]
            for (end, side), step in zip(value, (-1, 1))]
    shown = [[(None if abs(end) == INFINITE else word(end), is_open) for end, is_open in some] for some in ends]
    if kind == "date" and word(low)[4:] == "-01-01" and word(high) == f"{word(low)[:4]}-12-31":
        return [str(int(word(low)[:4]))]
    return [bound_in_words(a, b, a_open, b_open, kind in ("year", "date"))
            for (a, a_open), (b, b_open) in itertools.product(*shown)]


def bound_in_words(low: str | None, high: str | None, low_open: bool, high_open: bool, in_time: bool) -> str:
    """Return a bound in words, given its ends in words."""
    if low is not None and high is not None and not low_open and not high_open:
        return f"between {low} and {high}"
    if in_time and high is None:
        return f"after {low}" if low_open else f"{low} or later"
    if in_time and low is None:
        return f"before {high}" if high_open else f"{high} or earlier"
    least = f"more than {low}" if low_open else f"at least {low}"
    most = f"less than {high}" if high_open else f"at most {high}"
    return " and ".join(text for text, end in ((least, low), (most, high)) if end is not None)


def precedence(fact: Fact) -> Path:
    """Return the sort key that puts facts of a type in the order in which they are cited."""
    ranks: list[Path] = []
    for field in fact.fact_type["fields"]:
        value, better = fact.values.get(field["id"]), field["better"]
        if better is not None and value is None:
            ranks.append((2,))
        elif better is not None and isinstance(value, frozenset):
            ranks.append((0, -len(value)))
        elif better == "listed":
            ranks.append((0, -field["values"].index(value)))
        elif better is not None:
            end, side = span_of(value).low if better == "higher" else span_of(value).high
            ranks.append((1,) if abs(end) == INFINITE else (0, -end if better == "higher" else end, not side))
    return (fact.type, ranks, -(fact.last or 0), fact.id)


# ---- Companies


class Evaluation:
    """What follows for one company from its facts."""

    def __init__(self, methodology: Data, company: Data, cut_off: int | None, hypothetical: bool) -> None:
        types = {one["id"]: one for one in methodology["vocabulary"]["fact_types"]}
        windows, accepted = dict(methodology["windows"]), methodology["accepted_sources"]
        stated = [Fact(form, types[form["type"]]) for form in company["facts"]]
        counting = [fact for fact in stated
                    if (hypothetical or fact.form["basis"] != "hypothetical")
                    and fact.source and fact.source["type"] in accepted
                    and was_there(fact.source, cut_off) and not (cut_off and fact.first and fact.first > cut_off)
                    and fact.lies_in(windows[fact.fact_type["horizon"]])]
        self.derived: dict[str, Fact] = {}
        known = selected(counting)
        for derivation in methodology["vocabulary"]["derivations"]:
            made = {fact.id: fact for fact in derived(derivation, known, types) if fact.id not in self.derived}
            self.derived.update(made)
            counting += [fact for fact in made.values() if fact.lies_in(windows[fact.fact_type["horizon"]])]
            known = selected(counting)
        self.facts = {fact.id: fact for fact in (*stated, *self.derived.values())}
        self.counting, self.types, self.company, self.methodology = known, types, company, methodology
        self.searches = [entry for entry in company["not_found"] if was_there(entry["source"], cut_off)]
        self.fired: Data = {}
        self.earned: dict[str, dict[str, Fraction]] = {}
        self.relevant: Data = {}
        self.answered: set[str] = set()
        tree = Tree(methodology, {}, set(), company["cohort"], set())
        self.criteria = tree.inside(None)
        for criterion in self.criteria:
            self.ask(criterion)
        points = {one["id"]: points_of(one, self.earned[one["id"]]) for one in self.criteria}
        owners = {id: chain[-1]["not_applicable"] for id, chain in tree.chains.items()}
        self.exempting = {id: sorted(support(rule["when"], known)) for id, rule in owners.items()
                          if rule and rule["when"] and holds(rule["when"], known)}
        self.assessed = {*self.answered}
        self.tree = Tree(methodology, points, set(self.exempting), company["cohort"], self.assessed)

    def ask(self, criterion: Data) -> None:
        """Evaluate the rules of a criterion, and find the facts that are relevant to it."""
        id, fired = criterion["id"], [rule for rule in criterion["rules"] if holds(rule["when"], self.counting)]
        self.fired[id] = {rule["id"]: sorted(support(rule["when"], self.counting)) for rule in fired}
        self.earned[id] = {rule["id"]: points_by(rule, [self.facts[fact] for fact in self.fired[id][rule["id"]]],
                                                 self.methodology["rounding"]) for rule in fired}
        topics = []
        for condition in (condition for rule in criterion["rules"] for condition in conditions_of(rule["when"])):
            keys = {field["id"] for field in self.types[condition["fact_type"]]["fields"] if field["key"]}
            topics.append({**condition, "tests": [one for one in condition["tests"] if one["field"] in keys]})
        self.relevant[id] = sorted(fact.id for fact in self.facts.values() if any(map(fact.passes, topics)))
        known, own = [fact for fact in self.counting if fact.id in self.relevant[id]], criterion.get("answered")
        if any(own is None or fact.type != own["fact_type"] or fact.passes(own) for fact in known):
            self.answered.add(id)

    def outcome(self, criterion: Data, recorded: str | None) -> str | None:
        """Return the outcome of a criterion; of not found and not assessed the one that is recorded."""
        id = criterion["id"]
        state, counting = self.tree.state(id), {fact.id for fact in self.counting}
        excluded = bool(self.relevant[id]) and not any(fact in counting for fact in self.relevant[id])
        full = state.points >= Fraction(criterion["max_points"])
        if state.ruled_out and not (excluded and state.ruled_out == "not_assessed"):
            return str(state.ruled_out)
        if not state.ruled_out and (id in self.answered or (self.earned[id] and (state.points != 0 or full))):
            return "awarded" if full else "partial" if state.points > 0 else "not_met"
        if excluded:
            return "excluded"
        return recorded if recorded == "not_found" and self.is_searched(criterion) else "not_assessed"

    def is_searched(self, criterion: Data) -> bool:
        """Whether a search without result may bear on a criterion: on a fact that it reads, or that one implies."""
        types = {one["fact_type"] for rule in criterion["rules"] for one in conditions_of(rule["when"])}
        for _ in self.types:
            types |= {one["then"]["fact_type"] for one in self.methodology["vocabulary"]["implications"]
                      if one["given"]["fact_type"] in types}
        return any(entry["condition"]["fact_type"] in types for entry in self.searches)


def check_company(id: str, methodology: Data, company: Data, record: Data, report: Report) -> Evaluation:
    """Compare the results of a company with what follows from its facts."""
    path: Path = ("results", "companies", id)
    recorded = record["results"]["companies"][id]
    cut_off = day(record["as_of"])
    found = Evaluation(methodology, company, cut_off, record["hypothetical"])
    plain = Evaluation(methodology, company, cut_off, False) if record["hypothetical"] else found
    searched = {one["id"] for one in found.criteria if found.is_searched(one)}
    for place, one in enumerate(recorded.get("searched", [])):  # which criteria these are is taken from the record
        report.compare((*path, "searched", place), one, one if one in searched else None)
        found.assessed.add(one)
        plain.assessed.add(one)
    uncounted = {*found.facts} - {fact.id for fact in found.counting}
    groups = [id for id, chain in found.tree.chains.items() if chain[-1]["is"] == "Category"]
    names = {"uncounted": uncounted, "derived": found.derived, "criteria": [one["id"] for one in found.criteria],
             "groups": groups}
    for part, ids in names.items():
        report.compare((*path, part), sorted(recorded.get(part, {})), sorted(ids))
    for name, fact in found.derived.items():
        check_derived((*path, "derived", name), recorded.get("derived", {}).get(name, {}), fact, report)
    for criterion in found.criteria:
        own = (*path, "criteria", criterion["id"])
        check_criterion(criterion, recorded["criteria"].get(criterion["id"], {}), found, plain, report, own)
    check_state(found.tree, plain.tree, None, recorded, report, path)
    for group in groups:
        check_state(found.tree, plain.tree, group, recorded["groups"].get(group, {}), report, (*path, "groups", group))
    given = {table: outputs for table, outputs in tables_of(found.tree).items() if outputs}
    report.compare((*path, "tables"), {t: o for t, o in recorded.get("tables", {}).items() if o}, given)
    return found


def check_derived(path: Path, recorded: Data, fact: Fact, report: Report) -> None:
    """Compare a derived fact with what was computed."""
    form, fields = fact.form, recorded.get("fields", {})
    right = {name: form[name] for name in ("type", "as_of", "basis", "entity", "derived_by", "derived_from")}
    right["source"] = None if fact.source is None else fact.source["id"]
    right["period"] = None if form["period"] is None else form["period"]["text"]
    report.compare_parts(path, recorded, right)
    for name, value in form["values"].items():
        shown, unit = fields.get(name), f" {fact.fields[name]['unit']}" if fact.fields[name]["unit"] else ""
        low, high = (value[end] for end in ("low", "high")) if isinstance(value, dict) else (value, value)
        low, high = (f"{end}{unit}" if unit and end is not None else end for end in (low, high))
        stated = low
        if isinstance(value, dict):
            words = "at_least" if high is None else "at_most" if low is None else "between"
            stated = {words: {"at_least": low, "at_most": high, "between": [low, high]}[words]}
            stated = None if stated == {"at_least": None} else stated
        report.compare((*path, "fields", name), sorted(shown or []) if isinstance(value, list) else shown, stated)


def check_criterion(
    criterion: Data, recorded: Data, found: Evaluation, plain: Evaluation, report: Report, path: Path
) -> None:
    """Compare the result of a criterion with what follows from the facts."""
    id, rules = criterion["id"], recorded.get("rules", {})
    state, fired = found.tree.state(id), found.fired[id]
    report.know(path, recorded, KEYS["criterion"])
    outcome = found.outcome(criterion, recorded.get("outcome"))
    owners = [one["id"] for one in found.tree.chains[id]] if state.ruled_out else []
    won = [] if state.ruled_out else winners(criterion, found.earned[id])
    more = state.points - plain.tree.state(id).points
    right = {"outcome": outcome, "points": None if outcome == "not_assessed" else state.points,
             "hypothetical_points": more or None, "counts_as": state.counts_as, "facts": found.relevant[id], "won": won,
             "exempted_by": sorted({fact for owner in owners for fact in found.exempting.get(owner, [])})}
    report.compare_parts(path, recorded, right)
    report.compare((*path, "rules"), sorted(rules), sorted(fired))
    sentences = []
    for rule in (rule for rule in criterion["rules"] if rule["id"] in fired and rule["id"] in rules):
        facts, own = sorted((found.facts[fact] for fact in fired[rule["id"]]), key=precedence), rules[rule["id"]]
        report.know((*path, "rules", rule["id"]), own, KEYS["rule"])
        given = {"facts": [fact.id for fact in facts], "points": found.earned[id][rule["id"]]}
        report.compare_parts((*path, "rules", rule["id"]), own, given)
        if rule["id"] in won:
            sentences.append(filled(rule["because"], {fact.type: fact for fact in reversed(facts)}))
    if [text for text, _ in sentences] == [criterion["otherwise"]]:
        sentences = []
    told = recorded.get("because", [])
    if not state.ruled_out:
        report.compare((*path, "because"), len(told), len(sentences))
    for place, (one, (text, pattern)) in enumerate(zip(told, sentences)):
        if not re.fullmatch(pattern, one):
            report.differs((*path, "because", place), one, text)


def check_state(tree: Tree, plain: Tree, id: str | None, recorded: Data, report: Report, path: Path) -> None:
    """Compare the result of a group, or of the root (None), with what follows from its parts."""
    state, before = tree.state(id), plain.state(id)
    report.know(path, recorded, KEYS["company" if id is None else "group"])
    more = None if state.score is None else state.score - (before.score or 0)
    right: Data = {"total": state.score, "max_total": state.max_score, "hypothetical_total": more or None}
    if id is not None:
        extra = sum((tree.state(one["id"]).points - plain.state(one["id"]).points for one in tree.inside(id)), NIL)
        right = {"score": state.score, "max_score": state.max_score, "hypothetical_score": more or None,
                 "exact": state.value, "points": state.points, "max_points": state.most,
                 "hypothetical_points": extra or None}
    right.update({name: getattr(state, name) for name in ("outcome", "label", "level", "withheld_by")})
    right["coverage"] = [{"needed": needed, "found": have} for needed, have in state.coverage]
    right["requirements"] = [{"word": word, "met": met, "of": of} for word, (met, of) in state.words.items()]
    report.compare_parts(path, recorded, right)
    for end, sign in (("floor", 1), ("ceiling", -1)):
        bound = recorded.get("bounds", {}).get(end)
        if state.score is not None and bound is not None and (state.score - Fraction(bound)) * sign < 0:
            report.differs((*path, "bounds", end), bound, text_of(state.score))


# ---- The record


def check_ranking(record: Data, methodology: Data, found: dict[str, Evaluation], report: Report) -> None:
    """Compare the ranks and their order."""
    places = {"level": [level["id"] for level in reversed(ladder_of(methodology["combining"]))],
              "label": list(dict.fromkeys(band["label"] for band in methodology["combining"]["bands"]))}
    places.update({table["id"]: table["outputs"] for table in methodology["tables"]})
    by_total = {"total", "level", "label"} & {*methodology["rank_by"]}

    def key(one: Evaluation) -> Path:
        state = one.tree.state(None)
        values = {"total": state.score, "level": state.level, "label": state.label}
        values.update({table: next(iter(given), None) for table, given in tables_of(one.tree).items()})
        made: list[Any] = [bool(by_total) and state.outcome == "not_assessed"]
        for name in methodology["rank_by"]:
            value = values[name]
            place = 0 if value is None else -value if name == "total" else places[name].index(value)
            made.append((value is None, place))
        return tuple(made)

    cohorts: list[Data] = []
    for cohort in [*(id for id, _ in methodology["vocabulary"]["cohorts"]), None]:
        inside = [one for one in found.values() if one.company["cohort"] == cohort]
        own = sorted((key(one), one.company["name"], one.company["id"]) for one in inside)
        keys = [key for key, _, _ in own]
        rows = [{"rank": None if key[0] else 1 + sum(k < key for k in keys), "company": id} for key, _, id in own]
        cohorts += [{"cohort": cohort, "rows": rows}] if rows else []
    recorded = record["results"].get("ranking", [])
    report.compare(("results", "ranking"), [one["cohort"] for one in recorded], [one["cohort"] for one in cohorts])
    for place, (one, right) in enumerate(zip(recorded, cohorts)):
        report.compare(("results", "ranking", place, "rows"), one["rows"], right["rows"])


def check_notices(record: Data, methodology: Data, names: list[str], report: Report) -> None:
    """Compare the notices with those of the methodology."""
    *others, last = dict.fromkeys(names)
    named = f"{', '.join(others)} or {last}" if others else last
    named = named if len(others) < MAX_NAMED else f"any of the {len(others) + 1:,} companies"
    right = [{"code": notice["code"], "text": notice["text"].replace("{company}", named)}
             for notice in methodology["notices"] if record["hypothetical"] or not notice["hypothetical"]]
    report.compare(("notices",), record["notices"], right)


def check(content: bytes) -> Report:
    """Check the content of a record.

    Raises:
        ValueError: if it is no record of this format; or another error of a look-up, if it lacks something.
    """
    report = Report()
    record = json.loads(content.decode("utf-8"), parse_float=refuse, parse_constant=refuse)
    if canonical(record).encode() != content:
        raise ValueError("it is not in canonical form")
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise ValueError(f"its format is not {FORMAT}")
    check_digests(record, report)
    meaning, results = record["meaning"], record["results"]
    for name, part in (("record", record), ("meaning", meaning), ("results", results)):
        report.know((name,), part, KEYS[name])
    filling = Filling(meaning, report)
    methodology = filling.whole(meaning["methodology"], ("meaning", "methodology"))
    companies = {id: filling.whole(form, ("meaning", "companies", id)) for id, form in meaning["companies"].items()}
    told = {id: filling.whole(own, ("meaning", "responses", id)) for id, own in meaning.get("responses", {}).items()}
    if report.unknown:
        return report
    report.compare(("meaning", "sha256", "methodology"), meaning["sha256"]["methodology"], sha256(methodology))
    right = {id: sha256(company) for id, company in companies.items()}
    report.compare(("meaning", "sha256", "companies"), meaning["sha256"]["companies"], right)
    for id, company in companies.items():
        check_ids(company["facts"], ("meaning", "companies", id, "facts"), report)
    for id, own in told.items():
        if id not in companies:
            report.differs(("meaning", "responses"), id, None)
        for place, response in enumerate(own):
            check_response(response, methodology, companies.get(id), ("meaning", "responses", id, place), report)
    report.compare(("results", "companies"), sorted(results["companies"]), sorted(companies))
    found = {id: check_company(id, methodology, companies[id], record, report)
             for id in sorted(companies) if id in results["companies"]}
    if record["options"]["company"] is None:
        check_ranking(record, methodology, found, report)
    check_notices(record, methodology, [companies[id]["name"] for id in sorted(companies)], report)
    for place, claim in enumerate(results.get("findings", [])):
        floor, ceiling = len(claim.get("yes", [])), len([*claim.get("yes", []), *claim.get("cannot_tell", [])])
        report.compare_parts(("results", "findings", place), claim, {"floor": floor, "ceiling": ceiling})
    return report


def check_ids(facts: list[Data], path: Path, report: Report) -> None:
    """Compare the ids of facts with the digests of their contents."""
    for place, fact in enumerate(facts):
        digest, (kind, _, end) = sha256({**fact, "id": ""}), fact["id"].rpartition("-")
        if kind != fact["type"] or len(end) < 8 or not digest.startswith(end):
            report.differs((*path, place, "id"), fact["id"], f"{fact['type']}-{digest[:8]}")


def check_response(response: Data, methodology: Data, company: Data | None, path: Path, report: Report) -> None:
    """Check what a company answers to its score: the facts that it offers, and what it refers to."""
    check_ids(response["facts"], (*path, "facts"), report)
    criteria = {one["id"] for one in Tree(methodology, {}, set(), None, set()).inside(None)}
    stated = {fact["id"] for fact in company["facts"]} if company is not None else set()
    known = {"about": criteria, "disputes": stated if response["status"] != "accepted" else set(response["disputes"])}
    for name, ids in known.items():
        for place, id in enumerate(response[name]):
            report.compare((*path, name, place), id, id if id in ids else None)
    if (response["decision"] is None) != (response["status"] == "open") and response["status"] != "accepted":
        report.differs((*path, "status"), response["status"], "open" if response["decision"] is None else "rejected")


def refuse(text: str) -> Any:
    """Refuse a number that is not whole."""
    raise ValueError(f"it holds the number {text}")


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
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, ArithmeticError) as error:
            sys.stdout.write(f"{name}: no record of this version: {type(error).__name__}: {error}\n")
            codes.add(1)
            continue
        lines = report.wrong or report.unknown
        codes.add(1 if report.wrong else 3 if report.unknown else 0)
        head = "differs" if report.wrong else "not checked to the end" if report.unknown else "right"
        more = [f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
        sys.stdout.write(f"{name}: {head}\n" + "".join(f"  {line}\n" for line in [*lines[:SHOWN], *more]))
    return 1 if 1 in codes else max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
