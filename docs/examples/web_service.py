"""A web service that scores the companies that are posted to it.

Run it with `uvicorn web_service:app`. It describes itself under `/docs` and `/openapi.json`.
"""

import json
import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as AnyHTTPException

import cleancloud_rules as cc

MAX_BYTES = 1_000_000
"""The maximum length of a body. Clean Cloud 2024's longest company has 40 KB."""

JSON = "application/json"
PROBLEM = "application/problem+json"


# ---- what is posted


async def body_of(request: Request) -> bytes:
    """Return the body, and read no further than the limit."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise HTTPException(415, f"post {JSON}")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            # Closed, so that the server does not read what else would come.
            raise HTTPException(413, f"a body has at most {MAX_BYTES:,} bytes", {"Connection": "close"})
    return bytes(body)


def parsed(body: bytes) -> dict[str, Any]:
    """Return a JSON object, with every number exactly as it was written."""
    try:
        data: object = json.loads(
            body.decode("utf-8"), parse_float=Decimal, parse_constant=_refused, object_pairs_hook=_without_repetition
        )
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, f"the body is not JSON: {error}") from None
    if not isinstance(data, dict):
        raise HTTPException(400, "the body is not a JSON object")
    return cast("dict[str, Any]", data)


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is not a number")


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a key is repeated")
    return made


# ---- what is answered when something is wrong: problem details, RFC 9457


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None, **more: Any) -> Response:
    """Return a response that says what is wrong."""
    said = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return Response(json.dumps(said), status, headers, media_type=PROBLEM)


def refusal(error: cc.InputError, data: object) -> Response:
    """Return a response with all diagnostics at once, each with a JSON pointer into what was posted."""
    errors = [
        {
            "code": found.code,
            "detail": found.message,
            "pointer": fragment(pointer(found.location.path, data)),
            **({"help": found.help} if found.help else {}),
        }
        for found in error.diagnostics
    ]
    reasons = "one reason" if len(errors) == 1 else f"{len(errors)} reasons"
    return problem(422, f"the company is refused for {reasons}", errors=errors)


def misfit(error: RequestValidationError) -> Response:
    """Return a response with all parameters that do not fit their types, as FastAPI finds them."""
    errors: list[dict[str, str]] = []
    for found in error.errors():
        place, *way = map(str, found["loc"])
        where = {"pointer": fragment("".join(map(step, way)))} if place == "body" else {"parameter": ".".join(way)}
        errors.append({"code": found["type"], "detail": found["msg"], **where})
    return problem(422, "the parameters do not fit their types", errors=errors)


def fragment(pointer: str) -> str:
    """Return a JSON pointer as the fragment of an address."""
    return f"#{quote(pointer, safe='/~')}"


def step(key: str) -> str:
    """Return the step of a JSON pointer that leads to a key."""
    return f"/{key.replace('~', '~0').replace('/', '~1')}"


def pointer(path: str, data: object) -> str:
    """Return the JSON pointer (RFC 6901) of a path such as ``facts[2].share``. Keys may contain dots: the data tell."""
    if not path:
        return ""
    if isinstance(data, list) and path.startswith("["):
        number, _, rest = path[1:].partition("]")
        item = cast("list[object]", data)[int(number)]
        return f"/{number}{pointer(rest.removeprefix('.'), item)}"
    if isinstance(data, dict):
        inside = cast("dict[str, object]", data)
        for key in sorted(inside, key=len, reverse=True):
            rest = path.removeprefix(key)
            if path.startswith(key) and rest[:1] in ("", ".", "["):
                return f"{step(key)}{pointer(rest.removeprefix('.'), inside[key])}"
    return ""


# ---- the description of the service


def components(methodology: cc.Methodology) -> dict[str, Any]:
    """Return the schemas of a company and of a scorecard, as OpenAPI keeps them: side by side."""
    made: dict[str, Any] = {}
    for name, of in (("company", methodology), ("scorecard", None)):
        schema = cc.schema(name, of, refs=f"#/components/schemas/{name}_")
        made |= {f"{name}_{part}": inside for part, inside in schema.pop("$defs").items()}
        made[name] = schema
    entry = {key: {"type": "string"} for key in ("code", "detail", "pointer", "parameter", "help")}
    error = {"type": "object", "properties": entry, "required": ["code", "detail"]}
    head = {"title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"}}
    problems = {**head, "errors": {"type": "array", "items": error}}
    made["problem"] = {"type": "object", "properties": problems, "required": list(head)}
    return made


def content(name: str, media_type: str = JSON) -> dict[str, Any]:
    """Return the description of a body with the schema of this name."""
    return {"content": {media_type: {"schema": {"$ref": f"#/components/schemas/{name}"}}}}


REFUSALS = {
    400: "The body is not JSON.",
    413: "The body is too long.",
    415: "The body has another media type.",
    422: "The company or a parameter is refused, with all reasons at once.",
}


# ---- the service


def service(methodology: cc.Methodology) -> FastAPI:
    """Return the service for a methodology."""

    @asynccontextmanager
    async def warm(_: FastAPI) -> AsyncGenerator[None]:
        # The first score compiles the methodology.
        await run_in_threadpool(score, {"id": "nobody", "name": "Nobody"})
        yield

    def score(data: dict[str, Any], as_of: date | None = None) -> str:
        return cc.score(cc.company_from(data, methodology), methodology, as_of=as_of).to_json()

    app = FastAPI(title=f"Scores by {methodology.title}", version=methodology.edition, lifespan=warm)

    @app.post(
        "/scorecards",
        summary="Score a company.",
        openapi_extra={"requestBody": {"required": True, **content("company")}},
        responses={
            200: {"description": "The scorecard.", **content("scorecard")},
            **{status: {"description": says, **content("problem", PROBLEM)} for status, says in REFUSALS.items()},
        },
    )
    async def scorecards(  # pyright: ignore[reportUnusedFunction] - the app calls it
        request: Request, as_of: date | None = None
    ) -> Response:
        data = parsed(await body_of(request))
        try:
            # A thread of its own, so that others are answered in the meantime.
            return Response(await run_in_threadpool(score, data, as_of), media_type=JSON)
        except cc.InputError as error:
            return refusal(error, data)

    @app.exception_handler(AnyHTTPException)
    async def refused(_: Request, error: AnyHTTPException) -> Response:  # pyright: ignore[reportUnusedFunction]
        return problem(error.status_code, error.detail, error.headers)

    # Without this, FastAPI would answer in a form of its own where a parameter does not fit its type.
    @app.exception_handler(RequestValidationError)
    async def unfit(_: Request, error: RequestValidationError) -> Response:  # pyright: ignore[reportUnusedFunction]
        return misfit(error)

    describe = app.openapi

    def description() -> dict[str, Any]:
        made = describe()
        made.setdefault("components", {}).setdefault("schemas", {}).update(components(methodology))
        return made

    app.openapi = description  # type: ignore[method-assign]
    return app


app = service(cc.load_methodology(os.environ.get("METHODOLOGY", "clean_cloud_2024")))
