"""The web service of the documentation, called over a socket."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from http import HTTPStatus
from typing import Any

import pytest
from fastapi.exceptions import RequestValidationError
from jsonschema import Draft202012Validator

import cleancloud_rules as cc
from cleancloud_rules.documents.yaml import read_file
from docs.examples import web_service
from tests.schemas.test_catalogue import plain
from tests.support.places import COMPANIES
from tests.support.serving import Client, served
from tests.support.slips import as_json

METHODOLOGY = cc.load_methodology("clean_cloud_2024")
SOURCE = {"type": "corporate_publication", "title": "Report", "published": "2023-05-01"}
SHARE = {"renewable_share": {"percent": 12, "denominator": "electricity"}, "period": 2023, "source": "report-2.1"}
COMPANY: dict[str, Any] = {"id": "acme", "name": "Acme", "sources": {"report-2.1": SOURCE}, "facts": [SHARE]}


@pytest.fixture(scope="module")
def service() -> Iterator[Client]:
    with served(web_service.app) as client:
        yield client


def post(service: Client, data: Any) -> Any:
    return service.call("POST", "/scorecards", data if isinstance(data, (str, bytes)) else json.dumps(data))


def test_a_company_is_scored_as_in_a_program(service: Client) -> None:
    answer = post(service, COMPANY)
    assert (answer.status, answer.media_type) == (200, "application/json"), answer.body
    card = cc.Scorecard.from_json(answer.body)
    assert card == cc.score(cc.company_from(COMPANY, METHODOLOGY), METHODOLOGY)
    assert card.criterion("renewable_share").points == 4


def test_several_clients_at_once_get_their_own_scorecards(service: Client) -> None:
    def scored(number: int) -> tuple[str, Any]:
        facts = [{**SHARE, "renewable_share": {"percent": number, "denominator": "electricity"}}]
        data = post(service, {**COMPANY, "id": f"c{number}", "facts": facts}).data
        return data["company"]["id"], cc.Scorecard.from_json(json.dumps(data)).criterion("renewable_share").points

    with ThreadPoolExecutor(8) as pool:
        found = dict(pool.map(scored, range(16)))
    assert found == {f"c{number}": 4 if number > 10 else 2 if number >= 6 else min(number, 1) for number in range(16)}


def test_all_mistakes_are_answered_at_once_with_json_pointers(service: Client) -> None:
    wrong = {
        **COMPANY,
        "cohort": "bank",
        "sources": {"report-2.1": {**SOURCE, "type": "rumour"}},
        "facts": [{"renewable_share": {"percent": -1, "denominator": "electricity"}, "periodd": 2023}, {"shar": {}}],
    }
    answer = post(service, wrong)
    assert (answer.status, answer.media_type) == (422, "application/problem+json")
    data = answer.data
    assert (data["title"], data["status"]) == (HTTPStatus(422).phrase, 422)
    assert {(error["code"], error["pointer"]) for error in data["errors"]} == {
        ("unknown-cohort", "#/cohort"),
        ("unknown-value", "#/sources/report-2.1/type"),
        ("out-of-range", "#/facts/0/renewable_share/percent"),
        ("unknown-key", "#/facts/0/periodd"),
        ("unknown-fact-type", "#/facts/1/shar"),
    }
    assert data["detail"] == "the company is refused for 5 reasons"
    assert "did you mean `period`?" in {error.get("help") for error in data["errors"]}


@pytest.mark.parametrize(
    ("path", "data", "pointer"),
    [
        ("", {}, ""),
        ("a", {"a": 1}, "/a"),
        ("a[1].b", {"a": [0, {"b": 1}]}, "/a/1/b"),
        ("s.a.b.c", {"s": {"a": {}, "a.b": {"c": 1}}}, "/s/a.b/c"),
        ("s.a/~", {"s": {"a/~": 1}}, "/s/a~1~0"),
        ("a[0][2]", {"a": [[0, 1, 2]]}, "/a/0/2"),
        ("missing", {"a": 1}, ""),
    ],
)
def test_a_path_becomes_a_json_pointer(path: str, data: Any, pointer: str) -> None:
    assert web_service.pointer(path, data) == pointer


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "is not JSON"),
        ('{"id": "a"', "is not JSON"),
        ('{"id": "a", "id": "b"}', "a key is repeated"),
        ('{"id": NaN}', "NaN is not a number"),
        (b'{"id": "\xff"}', "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("1" * 5_000, "is not JSON"),
        ("[]", "is not a JSON object"),
        ("id: acme", "is not JSON"),
    ],
)
def test_what_is_no_json_object_is_refused(service: Client, body: Any, says: str) -> None:
    answer = post(service, body)
    assert (answer.status, answer.media_type) == (400, "application/problem+json")
    assert says in answer.data["detail"]


def test_a_body_that_is_too_long_is_read_no_further(service: Client) -> None:
    long = json.dumps({**COMPANY, "x-note": "a" * web_service.MAX_BYTES}).encode()
    assert post(service, long).status == 413
    sent = 0

    def chunks() -> Iterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b" " * 65_536

    with pytest.raises((ConnectionError, OSError)):  # it never ends, and the service hangs up
        service.call("POST", "/scorecards", chunks())
    assert sent * 65_536 < 100 * web_service.MAX_BYTES
    assert post(service, json.dumps(COMPANY).ljust(web_service.MAX_BYTES)).status == 200


def test_another_media_type_another_path_and_another_method_are_problems_too(service: Client) -> None:
    other = service.call("POST", "/scorecards", "id: acme", "application/yaml")
    nowhere, get = service.call("GET", "/nowhere"), service.call("GET", "/scorecards")
    assert [other.status, nowhere.status, get.status] == [415, 404, 405]
    assert {answer.media_type for answer in (other, nowhere, get)} == {"application/problem+json"}


def test_a_cut_off_is_a_parameter(service: Client) -> None:
    early = service.call("POST", "/scorecards?as_of=2023-01-01", json.dumps(COMPANY))
    assert early.status == 200, early.body
    company = cc.company_from(COMPANY, METHODOLOGY)
    assert cc.Scorecard.from_json(early.body) == cc.score(company, METHODOLOGY, as_of=date(2023, 1, 1))
    assert cc.Scorecard.from_json(early.body).criterion("renewable_share").points != 4


def test_a_parameter_that_does_not_fit_its_type_is_a_problem_too(service: Client) -> None:
    answer = service.call("POST", "/scorecards?as_of=tomorrow", json.dumps(COMPANY))
    assert (answer.status, answer.media_type) == (422, "application/problem+json")
    data = answer.data
    (error,) = data["errors"]
    assert (data["title"], data["status"]) == (HTTPStatus(422).phrase, 422)
    assert (error["parameter"], error["code"]) == ("as_of", "date_from_datetime_parsing")
    assert described(service, "problem").is_valid(data)


def test_a_part_of_a_body_that_does_not_fit_its_type_has_a_json_pointer() -> None:
    found = RequestValidationError([{"loc": ("body", "a/b", 2), "type": "missing", "msg": "Field required"}])
    data = json.loads(bytes(web_service.misfit(found).body))
    assert data["errors"] == [{"code": "missing", "detail": "Field required", "pointer": "#/a~1b/2"}]


def described(service: Client, name: str) -> Draft202012Validator:
    """Return what checks data by a schema of the description of the service."""
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", **service.call("GET", "/openapi.json").data})


def test_the_description_has_the_types_of_what_is_posted_and_answered(service: Client) -> None:
    whole = service.call("GET", "/openapi.json").data
    assert whole["openapi"].startswith("3.1")
    operation = whole["paths"]["/scorecards"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/company"}
    assert set(operation["responses"]) == {"200", "400", "413", "415", "422"}
    forms = [answer["content"] for status, answer in operation["responses"].items() if status != "200"]
    assert forms == [{"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}}] * 4
    assert "HTTPValidationError" not in whole["components"]["schemas"]
    text = json.dumps(whole)
    named = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert named <= set(whole["components"]["schemas"])
    company, problem = described(service, "company"), described(service, "problem")
    assert company.is_valid(COMPANY)
    assert not company.is_valid({**COMPANY, "cohort": "bank"})
    assert described(service, "scorecard").is_valid(post(service, COMPANY).data)
    assert problem.is_valid(post(service, {**COMPANY, "cohort": "bank"}).data)
    document, _ = read_file(COMPANIES / "gds.yaml")
    assert document is not None
    assert company.is_valid(as_json(plain(document.root)))
