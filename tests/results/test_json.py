"""Tests of the JSON form of results."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import msgspec
import pytest

from cleancloud_rules import Scorecard, load_dataset, load_methodology, score
from cleancloud_rules.on_demand import Template, changed, like, shared, template_of
from cleancloud_rules.results import json as json_module
from cleancloud_rules.results.json import plain, to_json
from tests.support import samples
from tests.support.places import DATASET

ENCODER = msgspec.json.Encoder(decimal_format="number")


def read() -> Any:
    return json.loads(to_json(samples.scorecard()), parse_float=Decimal)


def test_decimals_keep_their_digits() -> None:
    assert to_json({"score": Decimal("8.00")}) == '{\n  "score": 8.00\n}\n'


def test_what_is_like_a_template_is_written_as_it_would_be_alone() -> None:
    whole = samples.scorecard().categories[0].criteria[0]
    names = ("points", "remedy", "recommendation", "rules", "outcome", "exempted_by")
    without = attrs.evolve(whole, points=Decimal(9), remedy=None, rules=(), extra=(("x-row", Decimal(7)),))
    for one in (whole, attrs.evolve(whole, remedy=None, recommendation=None), attrs.evolve(whole, rules=())):
        made = like(Template(without, names), tuple([getattr(one, name) for name in names]))
        alone = attrs.evolve(one, extra=without.extra)
        assert made == alone
        assert to_json([made, made]) == to_json([alone, alone])
    assert to_json(shared(attrs.evolve(whole))) == to_json(whole)


def test_a_changed_copy_of_a_shared_result_is_written_as_it_is() -> None:
    whole = shared(attrs.evolve(samples.scorecard().categories[0].criteria[0]))
    before = to_json(whole)
    assert to_json(changed(whole, title="Other")) == to_json(attrs.evolve(whole, title="Other")) != before


def test_a_lone_surrogate_is_escaped_in_what_is_like_a_template_too() -> None:
    whole = attrs.evolve(samples.scorecard().categories[0].criteria[0], title="\udc80")
    made = like(Template(whole, ("guidance",)), ("\udc81",))
    assert r'"title": "\\udc80"' in to_json(made)
    assert to_json(made) == to_json(attrs.evolve(whole, guidance="\udc81"))


def test_what_results_share_is_indented_for_where_each_of_them_stands() -> None:
    methodology = load_methodology("clean_cloud_2024")
    card = score(load_dataset(DATASET, methodology).companies[0], methodology)
    criterion, facts = card.categories[0].criteria[0], list(card.facts)
    assert template_of(criterion) is not None
    assert template_of(facts[0]) is not None
    for thing in (card, criterion, [criterion], card, {"a": facts, "b": [[criterion], criterion]}, facts, card.groups):
        encoded = ENCODER.encode(plain(thing))
        assert to_json(thing) == msgspec.json.format(encoded, indent=2).decode() + "\n"
        assert to_json(thing, indent=None) == encoded.decode() + "\n"


def test_results_that_differ_in_a_recommendation_alone_have_remedies_of_their_own() -> None:
    whole = samples.scorecard().categories[0].criteria[0]
    assert whole.remedy is not None
    made = [like(Template(whole, ("recommendation",)), (id,)) for id in ("R7", "R8")]
    assert to_json(made) == to_json([attrs.evolve(whole, recommendation=id) for id in ("R7", "R8")])


def test_plain_data_have_every_field_of_what_is_like_a_template() -> None:
    methodology = load_methodology("clean_cloud_2024")
    card = score(load_dataset(DATASET, methodology).companies[0], methodology)
    assert plain(card) == plain(Scorecard.from_json(card.to_json()))


def test_no_text_is_taken_for_the_place_of_another() -> None:
    for text in ("-0e0", "-0e0,", '": -0e0', "-0e0\n", "\0", "\0000\0", "\0\0000\0\0"):
        one = attrs.evolve(samples.scorecard().categories[0].criteria[0], title=text, because=(text, text))
        made = [like(Template(one, ("short",)), (text,)), like(Template(one, ("title",)), ("Other",))]
        alone = [attrs.evolve(one, short=text), attrs.evolve(one, title="Other")]
        assert to_json({text: made}) == to_json({text: alone})
        assert to_json({text: made}, indent=None) == to_json({text: alone}, indent=None)


def test_a_scorecard_in_one_line_says_the_same() -> None:
    methodology = load_methodology("clean_cloud_2024")
    for company in load_dataset(DATASET, methodology).companies:
        card = score(company, methodology)
        for text, line in (
            (card.to_json(), card.to_json(indent=None)),
            (card.to_json("points"), card.to_json("points", indent=None)),
        ):
            assert line.endswith("}\n")
            assert line.count("\n") == 1
            assert msgspec.json.format(line, indent=2) == text.removesuffix("\n")
        assert Scorecard.from_json(card.to_json(indent=None)) == card


@pytest.mark.parametrize("indent", [0, 4, -1, "  "])
def test_another_indentation_is_refused(indent: Any) -> None:
    with pytest.raises(ValueError, match="the indentation must be 2 or None"):
        samples.ranking().to_json(indent=indent)


@pytest.mark.parametrize("room", [1, 2, 4096])
def test_facts_that_are_equal_but_written_differently_keep_their_digits(
    room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_module, "KEPT_TEXTS", room)
    template = Template(samples.fact("share-1"), ("fields", "note"))
    values = [((("percent", Decimal(number)),), "a note") for number in ("4", "4.0", "4.00")]
    for _ in range(2):
        made = [like(template, own) for own in values]
        alone = [attrs.evolve(template.like, fields=fields, note=note) for fields, note in values]
        assert to_json(made) == to_json(alone)


def test_every_scorecard_that_is_read_back_gives_the_same_bytes() -> None:
    methodology = load_methodology("clean_cloud_2024")
    for company in load_dataset(DATASET, methodology).companies:
        text = score(company, methodology).to_json()
        assert Scorecard.from_json(text).to_json() == text


def test_a_fraction_is_a_text_and_a_whole_one_has_no_denominator() -> None:
    assert json.loads(to_json([Fraction(50, 3), Fraction(8)])) == ["50/3", "8"]


def test_the_promised_keys_are_there() -> None:
    card = read()
    category = card["categories"][0]
    criterion = category["criteria"][0]
    assert {"schema_version", "library_version", "notices", "methodology", "company", "total"} <= set(card)
    assert {"points_basis", "categories", "facts", "sources"} <= set(card)
    assert {"id", "edition", "sha256"} <= set(card["methodology"])
    assert {"id", "name", "cohort", "facts_sha256"} <= set(card["company"])
    assert {"id", "title", "weight", "points", "max_points", "exact", "score", "criteria"} <= set(category)
    assert {"id", "title", "horizon", "outcome", "points", "max_points"} <= set(criterion)
    assert {"hypothetical_points", "because", "remedy", "rules"} <= set(criterion)
    assert {"id", "points", "fired", "won", "facts", "unmet"} <= set(criterion["rules"][0])
    assert {"id", "type", "fields", "period", "as_of", "basis", "source", "locator"} <= set(card["facts"][0])
    assert {"counts", "why_not"} <= set(card["facts"][0])


def test_values_have_the_promised_forms() -> None:
    card = read()
    criterion = card["categories"][0]["criteria"][0]
    assert card["categories"][0]["exact"] == "80/3"
    assert criterion["because"] == ["More than 38% in 2023."]
    assert criterion["remedy"] == {
        "text": "Raise the share.",
        "recommendation": "R2",
        "recommendation_text": "Use more renewable energy.",
    }
    assert criterion["outcome"] == "partial"
    assert criterion["rules"][0]["unmet"] == [
        {
            "condition": "share: {percent: >= 100}",
            "tests": ["percent: >= 100"],
            "nearest": "share-1",
            "forbidden": False,
        }
    ]
    assert card["facts"][0]["fields"] == {"percent": {"more_than": 38}, "denominator": "electricity"}
    assert card["categories"][1]["criteria"][0]["remedy"] is None


def test_the_head_of_a_scorecard_says_what_it_is() -> None:
    assert list(read())[:5] == ["schema_version", "library_version", "notices", "methodology", "company"]


def test_a_scorecard_survives_the_round_trip() -> None:
    card = samples.scorecard()
    assert Scorecard.from_json(to_json(card)) == card


def test_every_scorecard_of_the_example_survives_the_round_trip() -> None:
    methodology = load_methodology("clean_cloud_2024")
    for company in load_dataset(DATASET, methodology).companies:
        card = score(company, methodology)
        assert Scorecard.from_json(card.to_json()) == card


def test_a_second_round_trip_gives_equal_bytes() -> None:
    once = to_json(samples.scorecard())
    assert to_json(Scorecard.from_json(once)) == once


@pytest.mark.parametrize("text", ["[]", "{}", '{"schema_version": 2}'])
def test_another_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="`schema_version` must be 1"):
        Scorecard.from_json(text)


@pytest.mark.parametrize("text", ["", '{"schema_version": 1}'])
def test_what_is_no_scorecard_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"this is not JSON|key `methodology` is missing"):
        Scorecard.from_json(text)


@pytest.mark.parametrize("fraction", ['"1/0"', '"a third"'])
def test_what_is_no_fraction_is_refused(fraction: str) -> None:
    text = to_json(samples.scorecard()).replace('"80/3"', fraction)
    with pytest.raises(ValueError, match="is not a fraction"):
        Scorecard.from_json(text)


def test_a_row_of_a_ranking_counts_what_is_not_assessed() -> None:
    row = json.loads(to_json(samples.ranking()))["cohorts"][0]["rows"][1]
    assert row["rank"] == 1
    assert row["company"] == {"id": "bolt", "name": "Bolt", "aliases": [], "published": None}
    assert (row["criteria_total"], row["not_assessed"]) == (4, 1)
    assert row["outcomes"]["awarded"] == 1
    assert row["outcomes"]["excluded"] == 0
    shown = {"id", "title", "weight", "points", "max_points", "score", "max_score", "label", "level"}
    assert set(row["categories"][0]) == shown
