"""Results whose fields are made when they are first read: equal, in every way, to results that are made at once."""

import copy
import pickle
import threading
import weakref
from collections import Counter
from decimal import Decimal
from typing import Any

import attrs
import pytest
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st

import cleancloud_rules as cc
from cleancloud_rules.on_demand import (
    Gap,
    OnDemand,
    Pattern,
    Slotted,
    Template,
    changed,
    filling_of,
    is_made,
    like,
    mark,
    on_demand,
    shared,
    template_of,
)
from cleancloud_rules.results import Scorecard
from cleancloud_rules.results.json import to_json
from cleancloud_rules.scoring.criteria.details import CriterionDetails
from cleancloud_rules.scoring.criteria.questions import OWN
from cleancloud_rules.testing import companies, methodologies
from tests.support import small
from tests.support.sizes import sized


@frozen
class Thing(OnDemand):
    """A result with three fields."""

    id: str
    words: tuple[str, ...]
    number: int = 7


class Maker:
    """Makes the words and the number, and counts how often."""

    def __init__(self) -> None:
        self.made: Counter[str] = Counter()

    def words(self) -> tuple[str, ...]:
        self.made["words"] += 1
        return ("a", "b")

    def number(self) -> int:
        self.made["number"] += 1
        return 5

    def secret(self) -> str:
        raise AssertionError


def thing() -> tuple[Thing, Maker]:
    maker = Maker()
    return on_demand(Thing, maker, id="t"), maker


def test_a_field_is_made_once_when_it_is_first_read() -> None:
    made, maker = thing()
    assert made.id == "t"
    assert maker.made == {}
    assert (made.words, made.words) == (("a", "b"), ("a", "b"))
    assert maker.made == {"words": 1}


def test_it_is_equal_to_what_is_made_at_once() -> None:
    whole = Thing("t", ("a", "b"), 5)
    for change in (lambda t: t, copy.copy, copy.deepcopy, lambda t: pickle.loads(pickle.dumps(t)), evolve):  # noqa: S301
        made = change(thing()[0])
        assert made == whole
        assert hash(made) == hash(whole)
        assert repr(made) == repr(whole)
        assert attrs.asdict(made) == attrs.asdict(whole)
    assert evolve(thing()[0], number=1) == Thing("t", ("a", "b"), 1)


@pytest.mark.parametrize("name", ["secret", "_maker_", "colour", "__array__"])
def test_only_fields_are_made(name: str) -> None:
    with pytest.raises(AttributeError, match=f"'Thing' object has no attribute '{name}'"):
        getattr(thing()[0], name)


def test_what_is_made_at_once_has_no_other_names_either() -> None:
    with pytest.raises(AttributeError, match="no attribute 'colour'"):
        _ = Thing("t", ()).colour  # type: ignore[attr-defined]


def test_a_field_cannot_be_set() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        thing()[0].number = 3  # type: ignore[misc]


def test_an_error_while_a_field_is_made_is_that_error_and_the_field_can_be_read_again() -> None:
    class Failing(Maker):
        def words(self) -> tuple[str, ...]:
            if not self.made["words"]:
                self.made["words"] += 1
                raise ZeroDivisionError
            return super().words()

    made = on_demand(Thing, Failing(), id="t")
    with pytest.raises(ZeroDivisionError):
        _ = made.words
    assert made.words == ("a", "b")


def test_an_attribute_that_lacks_while_a_field_is_made_is_not_taken_for_the_field() -> None:
    class Lacking(Maker):
        def words(self) -> tuple[str, ...]:
            raise AttributeError("lacking")

    made = on_demand(Thing, Lacking(), id="t")
    with pytest.raises(RuntimeError, match="cannot make `words` of Thing") as caught:
        getattr(made, "words", ())
    assert isinstance(caught.value.__cause__, AttributeError)


def test_threads_read_equal_fields() -> None:
    seen: list[Any] = []
    for _ in range(50):
        card = cc.score(COMPANY, METHODOLOGY)
        start = threading.Barrier(4)

        def read(card: Scorecard = card, start: threading.Barrier = start) -> None:
            start.wait()
            seen.append(card.to_json())

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(seen) == 200
    assert set(seen) == {cc.score(COMPANY, METHODOLOGY).to_json()}


METHODOLOGY = small.methodology(small.LADDER, small.GOALS)
COMPANY = small.company(
    METHODOLOGY, small.fact("share", {"percent": 20}), small.fact("goal", {"topic": "energy", "year": 2035})
)


def test_each_field_of_a_criterion_that_depends_on_the_company_is_made() -> None:
    made = {name for name in vars(CriterionDetails) if not name.startswith("_")}
    names = {field.name for field in attrs.fields(cc.results.CriterionResult)}
    assert made & names == set(OWN) < names
    assert {"id", "title", "max_points", "guidance"} <= names - made


@st.composite
def scored(draw: st.DrawFn) -> tuple[cc.Company, cc.Methodology]:
    methodology = draw(methodologies())
    return draw(companies(methodology)), methodology


@sized(40)
@given(scored(), st.randoms(use_true_random=False))
def test_what_is_read_does_not_depend_on_the_order_of_reading(case: Any, chance: Any) -> None:
    company, methodology = case
    try:
        card = cc.score(company, methodology)
    except (cc.EngineError, cc.FactsError):
        return
    whole = cc.score(company, methodology).to_json()

    def read(result: Any) -> None:
        if not attrs.has(type(result)):
            return
        names = [field.name for field in attrs.fields(type(result))]
        chance.shuffle(names)
        for name in names:
            found = getattr(result, name)
            for part in found if isinstance(found, tuple) else (found,):
                read(part)

    read(card)
    assert card.to_json() == whole
    assert cc.score(company, methodology) == Scorecard.from_json(whole)


def test_a_changed_copy_makes_nothing() -> None:
    made, maker = thing()
    other = changed(made, id="u")
    assert (other.id, made.id) == ("u", "t")
    assert maker.made == {}
    assert not is_made(other, "words")
    assert other.words == ("a", "b")
    assert is_made(other, "words")
    assert not is_made(made, "words")
    assert changed(Thing("t", (), 1), number=2) == Thing("t", (), 2)


def test_what_is_like_another_has_its_fields_but_for_its_own() -> None:
    template, maker = Template(Thing("t", ("c",), 1), ("id", "number")), Maker()
    made = like(template, ("u",), maker)
    assert not is_made(made, "words")
    assert (made.id, made.words, made.number) == ("u", ("c",), 5)
    assert maker.made == {"number": 1}
    assert made == Thing("u", ("c",), 5)
    assert like(template, ("u", 5)) == made


def test_a_changed_copy_differs_from_its_template_in_one_field_more() -> None:
    template = Template(Thing("t", ("c",), 1), ("id",))
    other = changed(like(template, ("u",)), number=8)
    assert other == Thing("u", ("c",), 8)
    found = template_of(other)
    assert found is not None
    assert found.names == ("id", "number")
    assert template_of(changed(Thing("t", ()), id="u")) is None


def test_a_shared_object_is_its_own_template() -> None:
    thing = shared(Thing("t", ()))
    found = template_of(thing)
    assert found is not None
    assert (found.like, found.names) == (thing, ())
    assert template_of(evolve(thing, id="u")) is None
    assert template_of(pickle.loads(pickle.dumps(thing))) is None  # noqa: S301


@frozen
class Part(Slotted):
    """A part of a result with texts."""

    name: str
    words: tuple[str, ...] = ()


@frozen
class Whole(OnDemand):
    """A result with parts."""

    _often_read = ("id", "parts")

    id: str
    parts: tuple[Part | Thing, ...]
    words: tuple[str, ...]
    number: int = 7


def whole(a: str, b: str) -> Whole:
    parts = (Part(f"{a} of {b}", ("'", f"{b}{a}{b}")), Thing(a, ("\\", b)), Part("none"))
    return Whole(f"<{a}>", parts, ("none", a), 3)


PATTERN = Pattern(whole(mark(0), mark(1)))


@pytest.mark.parametrize("texts", [("x", "y"), ("", ""), ("'", '"{}\n'), (mark(1), mark(0)), ("\\u0000", "\ud800")])
def test_a_pattern_is_filled_with_texts(texts: tuple[str, str]) -> None:
    made = PATTERN.filled(texts)
    assert (template_of(made), filling_of(made)) == (PATTERN, texts)
    assert not is_made(made, "words")
    assert made == whole(*texts)
    assert hash(made) == hash(whole(*texts))
    assert repr(PATTERN.filled(texts)) == repr(whole(*texts))
    for change in (copy.copy, copy.deepcopy, evolve):
        assert change(PATTERN.filled(texts)) == whole(*texts)
    assert to_json(PATTERN.filled(texts)) == to_json(whole(*texts))
    assert to_json(PATTERN.filled(texts).parts) == to_json(whole(*texts).parts)


def test_what_is_made_from_values_is_an_object_of_its_class_like_any_other() -> None:
    maker = Maker()
    whole = PATTERN.filled(("x", "y"))
    found: tuple[Any, ...] = (
        whole,
        whole.parts[0],
        on_demand(Thing, maker, id="t"),
        like(Template(Thing("t", ("c",), 1), ("id",)), ("u",)),
    )
    for made in found:
        cls: Any = type(made)
        assert cls in {Whole, Part, Thing}
        assert weakref.ref(made)() is made
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(made, attrs.fields(cls)[0].name, "other")


def test_a_template_takes_more_values_and_fewer_in_turn() -> None:
    template = Template(Thing("t", ("c",), 1), ("id", "number"))
    for _ in range(2):
        assert like(template, ("u", 5)) == Thing("u", ("c",), 5)
        assert is_made(like(template, ("u",), Maker()), "id")
        assert not is_made(like(template, (), Maker()), "id")


def test_a_gap_is_filled_with_any_value() -> None:
    gap: Any = Gap(1)
    pattern = Pattern(Whole(mark(0), (Thing("t", (mark(0),), gap),), (), gap))
    for number in (Decimal("1.50"), 3, None):
        value: Any = number
        expected = Whole("x", (Thing("t", ("x",), value),), (), value)
        made = pattern.filled(("x", number))
        assert to_json(pattern.filled(("x", number))) == to_json(expected)
        assert (made, made.number) == (expected, number)
        assert made.parts[0].number == number
    assert pattern.marked == {"id", "parts", "number"}


def test_only_a_gap_is_no_value_of_a_result() -> None:
    with pytest.raises(TypeError, match="a result cannot hold <object"):
        to_json(Thing("t", (), object()))  # type: ignore[arg-type]


def test_parts_without_marks_are_shared() -> None:
    first, second = PATTERN.filled(("x", "y")), PATTERN.filled(("u", "v"))
    assert first.parts[2] is second.parts[2]
    assert first.parts[1] != second.parts[1]


def test_a_changed_copy_keeps_its_texts() -> None:
    other = changed(PATTERN.filled(("x", "y")), number=8)
    assert other == evolve(whole("x", "y"), number=8)
    assert changed(PATTERN.filled(("x", "y")), id="t") == evolve(whole("x", "y"), id="t")
    assert template_of(other) is None


def test_a_filled_pattern_has_no_other_names() -> None:
    with pytest.raises(AttributeError, match="'Whole' object has no attribute 'colour'"):
        _ = PATTERN.filled(("x", "y")).colour
