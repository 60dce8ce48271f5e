from decimal import Decimal

import pytest

from cleancloud_rules import Scorecard
from cleancloud_rules.engine.firings import Counted, Firings
from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.explanation import explanation_text
from cleancloud_rules.reports.text.scorecard import scorecard_text
from cleancloud_rules.results.records import NoticeRecord, SourceRecord
from cleancloud_rules.scoring.recorder import Recorder
from tests.support import small

METHODOLOGY = small.methodology(small.LADDER, small.GOALS)
RECORDER = Recorder(METHODOLOGY)


def test_the_methodology_is_named_with_its_digest() -> None:
    record = RECORDER.methodology_record()
    assert (record.id, record.title, record.edition, record.publisher) == ("small", "Small", "1", "Nobody")
    assert record.sha256 == METHODOLOGY.sha256
    assert len(record.sha256) == 64


def test_a_company_is_named_with_its_cohort_and_its_digest() -> None:
    company = small.company(METHODOLOGY, cohort="tiny")
    record = RECORDER.company(company)
    assert (record.id, record.name, record.cohort, record.cohort_title) == ("acme", "Acme", "tiny", "Tiny ones")
    assert record.facts_sha256 == company.sha256


def test_a_company_outside_any_cohort_has_no_title_of_one() -> None:
    record = RECORDER.company(small.company(METHODOLOGY, cohort=None))
    assert (record.cohort, record.cohort_title) == (None, None)


def test_a_fact_keeps_everything_that_was_stated() -> None:
    stated = small.fact(
        "energy", {"status": "used"}, disclosed=["amount"], locator="p. 3", entity="Acme Cloud", note="A note."
    )
    (fact,) = small.company(METHODOLOGY, stated).facts
    (record,) = RECORDER.facts([Counted(fact, "it is too old")])
    assert record.id == fact.id
    assert (record.type, record.title, record.fields) == ("energy", "Energy", (("status", "used"),))
    assert (record.disclosed, record.period, record.as_of) == (("amount",), "2023", None)
    assert (record.basis, record.source, record.locator) == ("reported", "report", "p. 3")
    assert (record.entity, record.note) == ("Acme Cloud", "A note.")
    assert (record.counts, record.why_not) == (False, "it is too old")
    assert (record.derived_by, record.derived_from) == (None, ())


def test_a_date_and_a_missing_source_are_kept_as_they_are() -> None:
    (fact,) = small.company(METHODOLOGY, {"share": {"percent": Decimal("5.5")}, "as_of": "2024-01-19"}).facts
    (record,) = RECORDER.facts([Counted(fact)])
    assert (record.period, record.as_of, record.source, record.counts) == (None, "2024-01-19", None, True)
    assert record.fields == (("percent", Decimal("5.5")),)


def test_equal_periods_are_written_as_each_fact_writes_its_own() -> None:
    stated = [small.fact("share", {"percent": 5}, period=period) for period in (2023, "2023-01-01/2023-12-31")]
    facts = [small.company(METHODOLOGY, one).facts[0] for one in stated]
    assert facts[0].period == facts[1].period
    records = [*RECORDER.facts([Counted(fact) for fact in facts]), *RECORDER.facts([Counted(facts[1])])]
    assert [record.period for record in records] == ["2023", "2023-01-01/2023-12-31", "2023-01-01/2023-12-31"]


def test_each_fact_has_its_own_keys_beside_those_of_a_like_one() -> None:
    for own in ({"x-row": 1}, {"x-row": True}, {}):
        (fact,) = small.company(METHODOLOGY, small.fact("share", {"percent": 5}, **own)).facts
        (record,) = RECORDER.facts([Counted(fact)])
        assert repr(record.extra) == repr(tuple(own.items()))


def test_sources_are_those_of_facts_of_what_was_not_found_and_of_criteria() -> None:
    company = small.company(
        METHODOLOGY,
        small.fact("share", {"percent": 5}, source="leaflet"),
        not_found=[{"goal": {"topic": "energy"}, "source": "book"}],
    )
    firings = Firings((), tuple(Counted(fact) for fact in company.facts))
    found = RECORDER.sources(company, firings)
    assert [source.id for source in found] == ["book", "leaflet", "report"]
    assert found[0] == SourceRecord("book", "report", "Book", None, "2023", None, None, None, (3, 5), None)
    assert found[2].published == "2024-03-01"


@pytest.mark.parametrize(("said", "shown"), [({"public": False}, True), ({"public": True}, False), ({}, False)])
def test_a_source_says_whether_everybody_can_read_it(said: dict[str, bool], shown: bool) -> None:
    listed = {"letter": {"type": "report", "title": "Letter", "published": 2024, **said}}
    fact = small.fact("share", {"percent": 50}, source="letter")
    card = small.card(METHODOLOGY, fact, sources=listed)
    (source,) = (source for source in card.sources if source.id == "letter")
    assert source.public == said.get("public")
    assert Scorecard.from_json(card.to_json()) == card
    for text in (scorecard_text(card), explanation_text(card)):
        assert ("not public" in " ".join(as_text(text).split())) == shown


def test_a_source_that_nothing_cites_is_left_out() -> None:
    company = small.company(METHODOLOGY)
    assert [source.id for source in RECORDER.sources(company, Firings((), ()))] == ["report"]


def test_a_notice_on_hypothetical_facts_is_shown_only_with_them_and_names_the_company() -> None:
    assert RECORDER.notices(["Acme"], with_hypothetical=False) == (NoticeRecord("plain", "For tests."),)
    assert RECORDER.notices(["Acme"], with_hypothetical=True) == (
        NoticeRecord("plain", "For tests."),
        NoticeRecord("guess", "Guessed for Acme."),
    )
