"""What a user can write in a few lines is read, or refused, in a moment; text and plain data have the same limits."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules.documents.limits import MAX_NODES
from cleancloud_rules.documents.plain_data import read_data
from cleancloud_rules.documents.yaml import read_text
from cleancloud_rules.errors import InputError
from cleancloud_rules.generators.choices import Seeded
from cleancloud_rules.model.outcomes import Outcome
from tests.support import small
from tests.system.faults.test_exact import quantity

NINES = "9" * 30
NUMBER = {"a": {"title": "A", "horizon": "long_term", "fields": {"n": {"type": "number"}}}}
PLACES = (
    "points: {}, when: {{a: {{n: 1}}}}",
    "points: 1, when: {{a: {{n: {}}}}}",
    "points: 1, when: {{a: {{n: '> {}'}}}}",
)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail if the processor works longer than this on what is inside."""
    begun = time.process_time()
    yield
    assert time.process_time() - begun < seconds


def refused(load: Callable[[], object]) -> list[tuple[str, str]]:
    """Return the codes and messages for which something is refused."""
    with pytest.raises(InputError) as caught:
        load()
    return [(diagnostic.code, diagnostic.message) for diagnostic in caught.value.diagnostics]


def stating(value: Any, type: str = "quantity") -> Callable[[], object]:
    """Return a function that loads a company whose fact states a value."""
    if type == "quantity":
        return lambda: small.company(quantity(">= 1 GWh"), small.fact("f", {"q": value}))
    fields = {"q": {"type": type}}
    types = {"f": {"title": "F", "horizon": "long_term", "fields": fields}}
    methodology = small.methodology(small.criterion("c", 10, small.rule("r", 10, {"f": {"q": 1}})), fact_types=types)
    return lambda: small.company(methodology, small.fact("f", {"q": value}))


@pytest.mark.parametrize(
    ("value", "type", "digits"),
    [
        (f"0.{NINES} GWh", "quantity", "30"),
        ("9" * 1_000_000 + " GWh", "quantity", "1,000,000"),
        (10**5000, "integer", "5,001"),
        (-(10**5000), "number", "5,001"),
        (10**400, "integer", "401"),
        (Decimal("1E+999999999999"), "number", "1,000,000,000,000"),
        (Decimal("1E-999999999999"), "number", "999,999,999,999"),
        (Decimal("1E+30"), "integer", "31"),
        (1e300, "number", "301"),
        (Decimal(f"0.{NINES}"), "percent", "30"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 30 else "",
)
def test_a_number_with_too_many_digits_is_refused_at_once(value: Any, type: str, digits: str) -> None:
    load = stating(value, type)
    with within(2):
        assert refused(load) == [("too-many-digits", f"the number has {digits} digits; the maximum is 24")]


@pytest.mark.parametrize("count", [30, 999, 1001, 1_000_000])
@pytest.mark.parametrize("place", PLACES)
def test_a_number_in_a_rule_with_too_many_digits_is_refused_at_once(place: str, count: int) -> None:
    files = small.files(small.criterion("c", 10, small.rule("r", 10, {"a": {"n": 1}})), fact_types=NUMBER)
    files["whole.yaml"] = (
        "category: whole\ncriteria:\n- {id: c, title: C, summary: S, otherwise: O, max_points: 10,"
        f" rules: [{{id: r, {place.format('9' * count)}, because: B.}}]}}\n"
    )
    with within(2):
        found = refused(lambda: cc.methodology_from(files))
    assert ("too-many-digits", f"the number has {count:,} digits; the maximum is 24") in found


def test_zeros_at_the_end_are_no_digits_and_zero_has_one() -> None:
    assert stating("1" + ".0" + "0" * 40 + " GWh")()
    assert stating(Decimal("0E+5"), "integer")()
    assert stating(Decimal(3), "integer")()


def test_a_derived_value_with_too_many_digits_is_refused_and_never_rounded() -> None:
    fields = {"n": {"type": "number", "digits": 3}}
    types = {id: {"title": id, "horizon": "long_term", "fields": fields} for id in ("x", "y")}
    files = small.files(small.criterion("c", 1, small.rule("r", 1, {"y": {"n": "> 0"}})), fact_types=types)
    derivation = {
        "id": "d",
        "fact": "y",
        "from": {"x": {"x": {}}},
        "join": ["period"],
        "round": {"digits": 3, "mode": "half_up"},
    }
    files["facts.yaml"]["derivations"] = [derivation | {"set": {"n": "x.n * 1000000000000000001"}}]
    methodology = cc.methodology_from(files)
    long, short = (small.card(methodology, small.fact("x", {"n": Decimal(n)})) for n in ("123456789012.345", "12345.6"))
    assert int(long.total or 0) == 0
    assert [problem for problem in long.problems if "has 33 digits; the maximum is 24" in problem]
    assert "12345600000000000012345.6" in short.to_json()
    assert short.total == 100


def test_shared_and_endless_data_is_refused() -> None:
    shared: Any = []
    for _ in range(30):
        shared = [shared, shared]
    endless: dict[str, Any] = {}
    endless |= {"a": endless, "b": endless}
    for data in (shared, endless):
        with within(20):
            document, diagnostics = read_data({"x": data}, "data")
        assert document is None
        assert len(diagnostics) <= 2
        diagnostic = diagnostics[-1]
        assert (diagnostic.code, diagnostic.message) == (
            "file-too-large",
            "cannot read `data`: it has more than 500,000 values",
        )


def test_a_mapping_that_holds_itself_is_refused() -> None:
    data: dict[str, Any] = {}
    data["itself"] = data
    _, (diagnostic,) = read_data(data)
    assert diagnostic.code == "yaml-depth"


def test_texts_of_plain_data_have_the_limit_of_a_file() -> None:
    _, (diagnostic,) = read_data({"x": ["a" * 2**20] * 17}, "data")
    assert diagnostic.message == "cannot read `data`: it has more than 16,777,216 characters"


def test_a_text_has_the_limit_of_a_file() -> None:
    _, (diagnostic,) = read_text("a: " + "b" * 2**24, "text")
    assert diagnostic.message == "cannot read `text`: it has more than 16,777,216 characters"


def test_a_text_with_too_many_values_is_refused() -> None:
    with within(60):
        document, (diagnostic,) = read_text(f"a: [{'1,' * MAX_NODES}1]", "text")
    assert document is None
    assert diagnostic.message == "cannot read `text`: it has more than 500,000 values"


@pytest.mark.parametrize("text", ["a: " + "[" * 100_000, "a: " + "{a: " * 50_000, "- " * 50_000, '{"a":' * 50_000])
def test_what_is_nested_deeply_is_refused_at_once(text: str) -> None:
    with within(5):
        document, diagnostics = read_text(text)
    assert document is None
    assert [diagnostic.code for diagnostic in diagnostics] == ["yaml-depth"]


def test_40000_keys_are_read_at_once() -> None:
    text = "".join(f"k{i}: 1\n" for i in range(40_000))
    with within(10):
        document, diagnostics = read_text(text)
    assert document is not None
    assert not diagnostics
    assert [document.root.get(key) is None for key in ("k0", "k39999", "k40000")] == [False, False, True]


@pytest.mark.parametrize("key", ["k{}", "{}", "k{} x", "k{}：", "1{:03}"])
def test_40000_keys_without_values_on_one_line_are_refused_at_once(key: str) -> None:
    text = "{id: a, name: 1," + ", ".join(key.format(i) for i in range(40_000)) + "}"
    with within(20), pytest.raises(cc.FactsError) as refused:
        cc.company_from(text, small.methodology(small.LADDER))
    codes = Counter(diagnostic.code for diagnostic in refused.value.diagnostics)
    assert codes["key-without-value"] + codes["repeated-key"] >= 39_000


def sharing(count: int) -> cc.Methodology:
    """Return a methodology with a number of criteria that give points for the same facts."""
    criteria = [small.criterion(f"c{i}", 1, small.rule("r", 1, {"a": {"n": ">= 1"}})) for i in range(count)]
    return small.methodology(*criteria, fact_types=NUMBER)


def shared(methodology: cc.Methodology) -> tuple[list[str], list[str]]:
    """Return the warnings about pairs of criteria that share evidence, and those that count further pairs."""
    found = [diagnostic.message for diagnostic in cc.check(methodology) if diagnostic.code == "shared-evidence"]
    return [one for one in found if "more pairs" not in one], [one for one in found if "more pairs" in one]


def test_the_first_100_pairs_of_a_code_are_listed_and_the_others_are_counted() -> None:
    listed, counted = shared(sharing(20))
    assert len(listed) == len(set(listed)) == 100
    assert "rule `r` of `c1` gives points for the same facts as `c0`" in listed
    assert counted == ["90 more pairs of criteria give points for the same facts"]
    assert list(map(len, shared(sharing(14)))) == [91, 0]


def test_5000_criteria_for_the_same_facts_are_checked_at_once() -> None:
    methodology = sharing(5000)
    with within(30):
        _, counted = shared(methodology)
    assert counted == ["more than 100,000 more pairs of criteria give points for the same facts"]


def test_a_criterion_in_two_tiers_is_a_repeated_id() -> None:
    criteria = [small.criterion("a", 1, small.rule("r", 1, {"a": {"n": ">= 1"}}))] * 2
    files = small.files(*criteria, fact_types=NUMBER, weights=(50, 50))
    files["methodology.yaml"]["tiers"] = ["part_0", "part_1"]
    message = "criterion `a` is already declared at part_0.yaml:criteria[0].id"
    assert refused(lambda: cc.methodology_from(files)) == [("repeated-id", message)]


def searched(names: str, entries: list[dict[str, str]]) -> cc.Scorecard:
    """Return the scorecard of a company for which a number of conditions on some fields were not found."""
    fields = {name: {"type": "number", "optional": True} for name in names}
    types = {"f": {"title": "F", "horizon": "long_term", "fields": fields}}
    asked = {"f": dict.fromkeys(names, "[0..1000)")}
    methodology = small.methodology(small.criterion("c", 10, small.rule("r", 10, asked)), fact_types=types)
    return small.card(methodology, not_found=[{"f": entry, "source": "report"} for entry in entries])


def ranges(names: str, count: int, width: int, seed: int) -> list[dict[str, str]]:
    """Return conditions on overlapping ranges of each field."""
    numbers = Seeded(seed)
    return [{name: f"[{(at := numbers.below(900))}..{at + width}]" for name in names} for _ in range(count)]


@pytest.mark.parametrize(("names", "width"), [("abcd", 300), ("abcd", 600), ("abc", 300), ("abc", 800)])
def test_100_overlapping_searches_without_result_are_compared_at_once(names: str, width: int) -> None:
    with within(20):
        card = searched(names, ranges(names, 100, width, seed=width))
    assert card.criterion("c").outcome is Outcome.NOT_ASSESSED


def test_100_overlapping_searches_that_rule_out_a_condition_together_are_named_as_few() -> None:
    cover = [{"a": "[0..400]"}, {"a": "(400..1000]", "b": "< 500"}, {"a": "(400..1000]", "b": ">= 500"}]
    with within(20):
        card = searched("abc", [*ranges("abc", 97, 300, seed=1), *cover])
    found = card.criterion("c")
    assert found.outcome is Outcome.NOT_FOUND
    assert 1 <= len(found.looked_for) <= 3


def test_990_narrow_neighbours_rule_out_what_they_cover_together() -> None:
    with within(20):
        covered = searched("a", [{"a": f"[{i}..{i + 1})"} for i in range(1000)])
        open_at_one = searched("a", [{"a": f"({i}..{i + 1})"} for i in range(1000)])
    assert covered.criterion("c").outcome is Outcome.NOT_FOUND
    assert open_at_one.criterion("c").outcome is Outcome.NOT_ASSESSED


@pytest.mark.parametrize("number", [5_000, 100_000_000])
def test_a_count_may_ask_for_any_number(number: int) -> None:
    types = {"f": {"title": "F", "horizon": "long_term", "fields": {"t": {"type": "text"}, "n": {"type": "number"}}}}
    many = {"count": {"of": {"f": {}}, "distinct": "t", "at_least": number}}
    more = {"count": {"of": {"f": {}}, "at_least": number + 1}}
    methodology = small.methodology(
        small.criterion("c", 10, small.rule("r", 10, many)),
        small.criterion("p", 2, small.rule("r", 2, {"all": [{"f": {"n": "> 3"}}, {"none": [many]}]})),
        small.criterion("q", 0, small.rule("r", -2, many)),
        small.criterion("hard", 1, small.rule("r", 1, {"all": [many, {"none": [more]}]})),
        fact_types=types,
    )
    with within(60):
        assert not [diagnostic for diagnostic in cc.check(methodology) if diagnostic.is_error]
        assert small.card(methodology).criterion("hard").outcome is Outcome.NOT_ASSESSED
        card = small.card(methodology, small.fact("f", {"t": "x", "n": 4}))
        certificate = cc.analysis.certify(methodology)
    assert int(card.criterion("p").points) == 2
    assert certificate.methodology.id == "small"
