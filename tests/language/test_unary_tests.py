"""Tests of unary tests: what each spelling means, its canonical spelling, and what is refused where."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, SourceFile
from cleancloud_rules.documents.nodes import ScalarNode
from cleancloud_rules.documents.plain_data import read_data
from cleancloud_rules.documents.yaml import resolve
from cleancloud_rules.language.unary_test_text import looks_like_test
from cleancloud_rules.language.unary_test_text import test_text as canonical_text
from cleancloud_rules.language.unary_tests import test_of as read_test
from cleancloud_rules.model.conditions import Alternative, Members, Null, SetMode, UnaryTest
from cleancloud_rules.model.exact import plain
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.units import Units
from cleancloud_rules.model.values import FieldType, Interval
from tests.support.nodes import lies_in_its_file, node, refused

FIELDS = {
    "boolean": Field("public", FieldType.BOOLEAN),
    "integer": Field("sites", FieldType.INTEGER),
    "number": Field("ratio", FieldType.NUMBER, digits=2),
    "percent": Field("percent", FieldType.PERCENT, digits=2),
    "year": Field("target_year", FieldType.YEAR),
    "date": Field("announced", FieldType.DATE),
    "text": Field("region", FieldType.TEXT),
    "enum": Field("topic", FieldType.ENUM, values=("energy", "carbon", "NO", "null")),
    "set": Field("scopes", FieldType.SET, values=("one", "two", "three")),
    "quantity": Field("amount", FieldType.QUANTITY, unit="GWh", digits=3),
}
YEAR = Interval(date(2023, 1, 1), date(2023, 12, 31))


def read(text: str, type: str) -> UnaryTest:
    return read_test(node(text), FIELDS[type], Units())


def point(value: Any) -> Interval:
    return Interval.at(value)


def more(value: Any, *, open: bool = False) -> Interval:
    return Interval(low=value, low_open=open)


def less(value: Any, *, open: bool = False) -> Interval:
    return Interval(high=value, high_open=open)


D = Decimal


@pytest.mark.parametrize(
    ("type", "text", "alternatives"),
    [
        ("percent", "100", [point(D(100))]),
        ("percent", "-0.5", [point(D("-0.5"))]),
        ("percent", '"> 10"', [more(D(10), open=True)]),
        ("percent", '">=10"', [more(D(10))]),
        ("percent", '"  <   6 "', [less(D(6), open=True)]),
        ("percent", "<= 6", [less(D(6))]),
        ("percent", '"> -1.50"', [more(D("-1.5"), open=True)]),
        ("percent", '"[5..10]"', [Interval(D(5), D(10))]),
        ("percent", '"(5..10)"', [Interval(D(5), D(10), True, True)]),
        ("percent", '"]5..10["', [Interval(D(5), D(10), True, True)]),
        ("percent", '"[5..10)"', [Interval(D(5), D(10), False, True)]),
        ("percent", '"]5 .. 10]"', [Interval(D(5), D(10), True, False)]),
        ("percent", '"< 5, > 10"', [less(D(5), open=True), more(D(10), open=True)]),
        ("percent", '"5, 7.5"', [point(D(5)), point(D("7.5"))]),
        ("percent", "[5, 7, 5]", [point(D(5)), point(D(7))]),
        ("percent", '[5, "> 10", null]', [point(D(5)), more(D(10), open=True), Null()]),
        ("percent", '[null, "> 10"]', [more(D(10), open=True), Null()]),
        ("percent", "null", [Null()]),
        ("percent", '"null, > 5"', [more(D(5), open=True), Null()]),
        ("year", "2030", [point(2030)]),
        ("year", "<= 2030", [less(2030)]),
        ("year", '"[2022..2024]"', [Interval(2022, 2024)]),
        ("integer", '"(4..6)"', [Interval(4, 6, True, True)]),
        ("date", "2024-06-30", [point(date(2024, 6, 30))]),
        ("date", "2023", [YEAR]),
        ("date", '">= 2023"', [more(date(2023, 1, 1))]),
        ("date", '"> 2023"', [more(date(2023, 12, 31), open=True)]),
        ("date", '"<= 2023"', [less(date(2023, 12, 31))]),
        ("date", '"< 2023"', [less(date(2023, 1, 1), open=True)]),
        ("date", '"[2023..2023]"', [YEAR]),
        ("date", '"(2022..2023-06-30]"', [Interval(date(2022, 12, 31), date(2023, 6, 30), True, False)]),
        ("quantity", "10 GWh", [point(D(10))]),
        ("quantity", '"> 10 MWh"', [more(D("0.01"), open=True)]),
        ("quantity", '"[1 GWh..2 TWh]"', [Interval(D(1), D(2000))]),
        ("quantity", '"1 GWh, 2 GWh"', [point(D(1)), point(D(2))]),
        ("boolean", "true", [point(True)]),
        ("boolean", "[true, false]", [point(True), point(False)]),
        ("enum", "energy", [point("energy")]),
        ("enum", "NO", [point("NO")]),
        ("enum", "[energy, carbon]", [point("energy"), point("carbon")]),
        ("enum", """'"energy", "carbon"'""", [point("energy"), point("carbon")]),
        ("enum", """'"null"'""", [point("null")]),
        ("enum", '"null"', [Null()]),
        ("text", "Inner Mongolia", [point("Inner Mongolia")]),
        ("text", """'"<= 5"'""", [point("<= 5")]),
        ("text", "a, b", [point("a, b")]),
        ("text", """'"a", "b"'""", [point("a"), point("b")]),
        ("text", r"""'"say \"x\" \\ y"'""", [point('say "x" \\ y')]),
        ("text", ">-\n  two\n  words", [point("two words")]),
        ("text", "notable", [point("notable")]),
        ("set", "one", [Members(SetMode.CONTAINS, frozenset({"one"}))]),
        ("set", "[one, two]", [Members(SetMode.CONTAINS, frozenset({name})) for name in ("one", "two")]),
        ("set", "{all: [one, two]}", [Members(SetMode.ALL, frozenset({"one", "two"}))]),
        ("set", "{is: one}", [Members(SetMode.IS, frozenset({"one"}))]),
    ],
)
def test_every_spelling_has_its_meaning(type: str, text: str, alternatives: list[Alternative]) -> None:
    found = read(text, type)
    assert list(found.alternatives) == alternatives
    assert (found.negated, found.anything) == (False, False)


@pytest.mark.parametrize(
    ("type", "text", "alternatives"),
    [
        ("percent", "not(5)", [point(D(5))]),
        ("percent", "not (< 5, > 10)", [less(D(5), open=True), more(D(10), open=True)]),
        ("year", "not([2022..2024])", [Interval(2022, 2024)]),
        ("year", "not(null)", [Null()]),
        ("year", '"not( null )"', [Null()]),
        ("enum", 'not("energy", null)', [point("energy"), Null()]),
        ("set", 'not("one")', [Members(SetMode.CONTAINS, frozenset({"one"}))]),
    ],
)
def test_negation_holds_for_all_alternatives(type: str, text: str, alternatives: list[Alternative]) -> None:
    found = read(text, type)
    assert list(found.alternatives) == alternatives
    assert found.negated


@pytest.mark.parametrize("type", FIELDS)
@pytest.mark.parametrize("text", ['"-"', "'- '", '" -"'])
def test_a_dash_is_passed_by_everything(type: str, text: str) -> None:
    assert read(text, type) == UnaryTest("-", anything=True)


@pytest.mark.parametrize(
    ("type", "text", "canonical"),
    [
        ("percent", '">=10.50"', ">= 10.5"), ("percent", '"]5..10["', "(5..10)"), ("percent", "[5, 7]", "5, 7"),
        ("percent", '"not(  null )"', "not(null)"), ("percent", '"null, > 5"', "> 5, null"), ("percent", "5.0", "5"),
        ("date", '">= 2023"', ">= 2023-01-01"), ("date", "2023", "[2023-01-01..2023-12-31]"),
        ("quantity", '"> 500 MWh"', "> 0.5 GWh"), ("quantity", '"[1 MWh..1 TWh)"', "[0.001 GWh..1000 GWh)"),
        ("boolean", "[true, false]", "true, false"), ("boolean", "false", "false"),
        ("enum", "energy", "energy"), ("enum", '"energy"', "energy"),
        ("enum", "[energy, carbon]", '"energy", "carbon"'),
        ("enum", 'not("energy")', 'not("energy")'), ("enum", """'"null"'""", '"null"'), ("enum", '"null"', "null"),
        ("text", "Inner Mongolia", '"Inner Mongolia"'), ("text", """'"a \\"b\\""'""", '"a \\"b\\""'),
        ("set", "one", "one"), ("set", "[two, one]", '"two", "one"'), ("set", "{all: [two, one]}", "all [one, two]"),
        ("set", "{is: [three]}", "is [three]"),
    ],
)  # fmt: skip
def test_every_meaning_has_one_canonical_spelling(type: str, text: str, canonical: str) -> None:
    assert read(text, type).text == canonical


# ---- what is refused


@pytest.mark.parametrize(
    ("type", "text", "finding"),
    [
        ("percent", '">> 10"', ("bad-test", ">")), ("percent", '"=> 10"', ("bad-test", "=")),
        ("percent", '">="', ("bad-test", "=")), ("percent", '"[5..10"', ("bad-test", "0")),
        ("percent", '"> 1,300"', ("bad-test", "1,300")), ("percent", '"> 1e-9"', ("bad-test", "1e-9")),
        ("percent", '"> 010"', ("bad-test", "010")), ("percent", '"> +5"', ("bad-test", "+5")),
        ("percent", '"> .5"', ("bad-test", ".5")), ("percent", '"> 1_000"', ("bad-test", "1_000")),
        ("percent", '"> 10 %"', ("bad-test", "%")), ("percent", '"not(5"', ("bad-test", "5")),
        ("percent", '"not()"', ("bad-test", ")")), ("percent", "not(-)", ("bad-test", "-")),
        ("percent", '"> 10 GWh"', ("wrong-type", "10 GWh")), ("percent", '"> ten"', ("wrong-type", "ten")),
        ("percent", """'> "ten"'""", ("wrong-type", '"ten"')),
        ("percent", '"> 2024-06-30"', ("wrong-type", "2024-06-30")),
        ("percent", '"5, ten"', ("wrong-type", "ten")), ("percent", '"5,ten"', ("wrong-type", '"5,ten"')),
        ("percent", '"[10..5]"', ("empty-range", "[10..5]")), ("percent", '"(5..5]"', ("empty-range", "(5..5]")),
        ("integer", '"(4..5)"', ("empty-range", "(4..5)")), ("integer", '"> 1.5"', ("wrong-type", "1.5")),
        ("percent", '"> 10.125"', ("too-many-digits", "10.125")), ("percent", "2..5", ("bad-test", "2..5")),
        ("percent", "[2..5]", ("unquoted-range", "[2..5]")), ("percent", '["2..5"]', ("unquoted-range", '["2..5"]')),
        ("percent", "[]", ("empty-value", "[]")), ("percent", "", ("empty-value", "")),
        ("percent", "~", ("empty-value", "~")),
        ("percent", "[5, not(5)]", ("bad-test", "not(5)")), ("percent", '["-"]', ("bad-test", '"-"')),
        ("percent", "[[5]]", ("bad-test", "[5]")), ("percent", "{more_than: 5}", ("wrong-type", "{more_than: 5}")),
        ("percent", ">5", ("wrong-type", ">5")), ("percent", '"10"', ("wrong-type", '"10"')),
        ("year", '"<= 30"', ("bad-date", "30")), ("year", '"2030"', ("wrong-type", '"2030"')),
        ("year", "[2022..2024]", ("unquoted-range", "[2022..2024]")),
        ("date", '"> 2023-02-30"', ("bad-date", "2023-02-30")), ("date", '"> 23"', ("bad-date", "23")),
        ("date", "23", ("bad-date", "23")),
        ("quantity", '"> 10"', ("wrong-type", "10")), ("quantity", '"> 10 km"', ("unknown-unit", "km")),
        ("quantity", '"> 10 tce"', ("wrong-dimension", "tce")), ("quantity", '"> 1 Wh"', ("too-many-digits", "1 Wh")),
        ("boolean", "NO", ("wrong-type", "NO")), ("boolean", '"> false"', ("bad-test", "> false")),
        ("boolean", "not(5)", ("wrong-type", "5")),
        ("enum", "Energy", ("unknown-value", "Energy")), ("enum", 'not("Energy")', ("unknown-value", '"Energy"')),
        ("enum", "not(energy)", ("wrong-type", "energy")), ("enum", """'> "energy"'""", ("bad-test", '> "energy"')),
        ("enum", "not(5)", ("wrong-type", "5")), ("enum", "not(2024-06-30)", ("wrong-type", "2024-06-30")),
        ("text", "7", ("wrong-type", "7")), ("text", """'"open'""", ("bad-test", '"')),
        ("text", """'""'""", ("wrong-type", '""')),
        ("text", "not(north)", ("wrong-type", "north")), ("text", '"[a..b]"', ("bad-test", "[a..b]")),
        ("set", "four", ("unknown-value", "four")), ("set", "{all: [four]}", ("unknown-value", "four")),
        ("set", "{some: [one]}", ("unknown-key", "some")), ("set", "{all: []}", ("empty-value", "[]")),
        ("set", "{all: [one], is: [one]}", ("bad-test", "{all: [one], is: [one]}")), ("set", "{}", ("bad-test", "{}")),
    ],
)  # fmt: skip
def test_what_is_no_test_is_refused_at_its_place(type: str, text: str, finding: tuple[str, str]) -> None:
    assert refused(read_test, node(text), FIELDS[type], Units()) == [finding]


def test_all_findings_of_a_test_are_given_at_once() -> None:
    text = '"> 5 km, < 3 tce, [1 GWh..2 m], 7 GWh"'
    assert refused(read_test, node(text), FIELDS["quantity"], Units()) == [
        ("unknown-unit", "km"), ("wrong-dimension", "tce"), ("unknown-unit", "m"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("type", "text", "expected"),
    [
        ("percent", '">>5"', "a value"), ("percent", '"=5"', "a test"), ("percent", '"not(5"', "`)` or `,` or a unit"),
        ("percent", '"[5"', "`..` or a unit"), ("percent", '"[5..7"', "`)` or `[` or `]` or a unit"),
        ("percent", '"> 5)"', "`,` or a unit or the end"), ("percent", '"[5..7] 8"', "`,` or the end"),
    ],
)  # fmt: skip
def test_the_message_says_what_was_expected(type: str, text: str, expected: str) -> None:
    with pytest.raises(Rejected) as caught:
        read(text, type)
    assert f"expected {expected}, got " in caught.value.diagnostics[0].message


@pytest.mark.parametrize(
    ("type", "text", "hint"),
    [
        ("percent", '"=> 80"', '`">= 80"`'), ("percent", '"=<80"', '`"<=80"`'),
        ("percent", '">= 80 and <= 90"', '`"[80..90]"`'), ("percent", '"< 90 & > 80"', '`"(80..90)"`'),
        ("percent", '"=> 80 < 90"', '`"[80..90)"`'), ("quantity", '"> 1 GWh and <= 2 GWh"', '`"(1 GWh..2 GWh]"`'),
        ("date", '"> 2024-01-01 and < 2024-02-01"', '`"(2024-01-01..2024-02-01)"`'),
    ],
)  # fmt: skip
def test_a_test_that_is_meant_is_spelled_out_in_the_hint(type: str, text: str, hint: str) -> None:
    with pytest.raises(Rejected) as caught:
        read(text, type)
    (finding,) = caught.value.diagnostics
    assert (finding.code, finding.help) == ("bad-test", f"write {hint}")


@pytest.mark.parametrize("text", ['"> 80 and > 90"', '"=>"', '"5 and > 3"', '">= 1 and <= 2 and < 3"', '">> 5"'])
def test_no_test_is_guessed_from_what_could_mean_anything(text: str) -> None:
    with pytest.raises(Rejected) as caught:
        read(text, "percent")
    assert not caught.value.diagnostics[0].help.startswith("write")


def test_a_range_in_plain_data_is_told_its_spelling_too() -> None:
    document, _ = read_data({"x": ["2022..2024"]})
    assert document is not None
    with pytest.raises(Rejected) as caught:
        read_test(document.root.entries[0].value, FIELDS["year"], Units())
    (finding,) = caught.value.diagnostics
    assert (finding.code, finding.help) == ("unquoted-range", 'quote the whole range: `"[2022..2024]"`')


@pytest.mark.parametrize("text", ["see p. 3..5", "and so on .."])
def test_two_dots_in_a_text_are_two_dots(text: str) -> None:
    assert read(text, "text").alternatives == read(f"[{text}]", "text").alternatives == (point(text),)


@pytest.mark.parametrize(
    ("text", "is_test"),
    [("> 5", True), ("<5", True), ("[1..2]", True), ("]1..2[", True), ("(1..2)", True), ('"a"', True), ("not(5)", True),
     ("not (5)", True), ("-", True), ("null", True), (" null ", True), ("= 5", True), ("!= 5", True), ("not", False),
     ("nothing", False), ("-5", False), ("nullable", False), ("5", False), ("!", False), ("a > 5", False)],
)  # fmt: skip
def test_a_text_is_a_test_by_how_it_begins(text: str, is_test: bool) -> None:
    assert looks_like_test(text) is is_test


# ---- whatever is written

TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).filter(lambda text: bool(text.strip()))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "integer": st.integers(-50, 50),
    "year": st.integers(1000, 9999),
    "number": st.decimals(-50, 50, places=2).map(plain),
    "percent": st.decimals(0, 100, places=2).map(plain),
    "quantity": st.decimals(-50, 50, places=3).map(plain),
    "date": st.dates(),
    "boolean": st.booleans(),
    "text": TEXT | st.sampled_from(["<= 5", "null", "-", 'a "b"', "\\", "not(x)", "true", "5", "2024-06-30"]),
    "enum": st.sampled_from(FIELDS["enum"].values),
}


@st.composite
def intervals(draw: st.DrawFn, type: str) -> Interval:
    value = VALUES[type]
    form = draw(st.sampled_from(["point", "low", "high", "both"]))
    if form == "point" or type in ("boolean", "text", "enum"):
        return point(draw(value))
    low = draw(value) if form != "high" else None
    high = draw(value) if form != "low" else None
    found = Interval(low, high, draw(st.booleans()) and low is not None, draw(st.booleans()) and high is not None)
    assume(not found.is_empty and not (found.is_point and found.low_open))
    return found


@st.composite
def unary_tests(draw: st.DrawFn) -> tuple[UnaryTest, Field]:
    type = draw(st.sampled_from(sorted(FIELDS)))
    if type == "set":
        name = st.sampled_from(FIELDS["set"].values)
        one: st.SearchStrategy[Alternative] = name.map(lambda n: Members(SetMode.CONTAINS, frozenset({n})))
    else:
        one = intervals(type)
    alternatives: list[Alternative] = draw(st.lists(one, max_size=3, unique=True))
    if draw(st.booleans()) or not alternatives:
        alternatives.append(Null())
    return UnaryTest("", tuple(alternatives), draw(st.booleans())), FIELDS[type]


@given(unary_tests())
def test_a_canonical_spelling_is_read_as_the_same_test(case: tuple[UnaryTest, Field]) -> None:
    test, field = case
    text = canonical_text(test, field)
    scalar = ScalarNode(resolve(text), Location(SourceFile("<text>")), text)
    again = read_test(scalar, field, Units())
    assert (again.alternatives, again.negated) == (test.alternatives, test.negated)
    assert again.text == text


ONE_LINE = st.characters(exclude_categories=["Cc", "Zl", "Zp"])
ODD = st.text(alphabet='<>=!()[]",.-+ 0125eGWhnotul_%\\/a\t', max_size=20) | st.text(ONE_LINE, max_size=12)


@given(ODD, st.sampled_from(sorted(FIELDS)), st.sampled_from(["plain", "quoted", "block", "data"]))
@example("not(", "percent", "quoted")
@example("9" * 5000, "integer", "plain")
@example("> " + "9" * 5000, "year", "quoted")
@example("> " + "9" * 5000 + " GWh", "quantity", "quoted")
@example("[" * 5000, "percent", "quoted")
@example("> 5, " * 2000, "percent", "quoted")
def test_no_text_does_worse_than_be_refused_inside_itself(text: str, type: str, style: str) -> None:
    quote = '"' if style == "quoted" else ""
    where = Location(SourceFile("<text>", f"x: {quote}{text}{quote}"), 1, 4, 1, 4 + len(text) + 2 * len(quote))
    value = resolve(text) if style == "plain" else text
    scalar = ScalarNode(value, where, text, style)
    for finding in findings_of(scalar, FIELDS[type]):
        assert str(finding)
        assert lies_in_its_file(finding.location)
        assert finding.location.column >= where.column
        assert finding.location.end_column <= where.end_column or not text


def findings_of(scalar: ScalarNode, field: Field) -> tuple[Diagnostic, ...]:
    try:
        assert read_test(scalar, field, Units()).text
    except Rejected as rejected:
        assert rejected.diagnostics, "a refusal has a reason"  # noqa: PT017
        return rejected.diagnostics
    return ()


@pytest.mark.parametrize(
    "text",
    [
        "contains(x)",
        "starts with(North)",
        "length >= 5",
        "a == b",
        "size != 0",
        "name =~ x",
        "count < 3",
        "a..f",
        "x > y",
    ],
)
def test_a_text_that_looks_like_an_expression_is_refused_unless_it_is_quoted(text: str) -> None:
    with pytest.raises(Rejected) as caught:
        read_test(node(text), FIELDS["text"], Units())
    (found,) = caught.value.diagnostics
    assert found.code == "bad-test"
    assert found.help is not None
    quoted = found.help.rpartition(": `")[2].removesuffix("`")
    assert read_test(node(quoted), FIELDS["text"], Units()).alternatives == (Interval.at(text),)


@pytest.mark.parametrize(
    "text", ["North (coast)", "CO2(e)", "wait...", "A -> B", "Ines <ines@example.org>", "1. first", "a, b", "e.g. x"]
)
def test_an_ordinary_text_is_itself(text: str) -> None:
    assert read_test(node(text), FIELDS["text"], Units()).alternatives == (Interval.at(text),)
