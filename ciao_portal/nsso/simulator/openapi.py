"""The description of the interface the simulator answers (OpenAPI), made from the contract's own names.

The Belgif guide asks for OpenAPI 3.0, one general answer for problems, and no mention of the trace headers
with each operation.
"""

from __future__ import annotations

from collections.abc import Mapping

from ciao_portal.nsso.contract import (
    BASE_PATH,
    COLLECTION,
    HEALTH,
    MAX_PAGE_SIZE,
    REGISTER_IN_BULK,
    TOKEN_PATH,
    VERSION,
    JsonObject,
    PresenceType,
    Sort,
    Wire,
)
from ciao_portal.nsso.simulator.examples import BULK_ANSWER, COLLECTION_PAGE, DAY, ITEM, NUMBER, REGISTRATION
from ciao_portal.nsso.simulator.schemas import (
    ENTERPRISE_NUMBER_TYPE,
    NUMBER_TYPE,
    REFERENCE_TYPE,
    SCHEMAS,
    named,
)

_TAG = "Presence registrations"
_BEARER = "accessToken"
_ABOUT = """What the NSSO simulator of the CIaO portal answers. **Not the NSSO's own description**: that one
is handed to partners; this one is made from the portal's reading of it.

Every request carries a bearer token from `{token}`: OAuth 2 client credentials with a signed assertion
(RFC 7521, RFC 7523). Every answer carries `{trace}`, and `{related}` when the request had a trace id."""


def document(address: str) -> JsonObject:
    """The whole description; ``address`` is where the simulator listens, without a path."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "PresenceRegistration (simulation)",
            "version": VERSION,
            "description": _ABOUT.format(
                token=address + TOKEN_PATH, trace=Wire.TRACE_ID, related=Wire.RELATED_TRACE_ID
            ),
        },
        "servers": [{"url": address + BASE_PATH}],
        "tags": [{"name": _TAG, "description": "Who was present where and when."}, {"name": "Health"}],
        "security": [{_BEARER: []}],
        "paths": {
            REGISTER_IN_BULK: {"post": _register_in_bulk()},
            COLLECTION: {"get": _search()},
            f"{COLLECTION}/{{{Wire.ID}}}": {"get": _show()},
            HEALTH: {"get": _health()},
        },
        "components": {
            "schemas": SCHEMAS,
            "responses": _PROBLEMS,
            "securitySchemes": {
                _BEARER: {
                    "type": "http",
                    "scheme": "bearer",
                    "description": f"From `{TOKEN_PATH}`; lives for ten minutes.",
                }
            },
        },
    }


def _register_in_bulk() -> JsonObject:
    return {
        "operationId": "registerPresencesInBulk",
        "tags": [_TAG],
        "summary": "Register 1 to 200 presences",
        "description": "Answers item by item, in the order of the items. A malformed item is not created, "
        "the others are; a broken envelope refuses the whole call. There is no idempotency key: the same "
        "item twice is two registrations.",
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": named("PresenceRegistrationBulkRequest"),
                    "examples": {"one": {"summary": "One arrival", "value": {Wire.ITEMS: [ITEM]}}},
                }
            },
        },
        "responses": {
            "200": {
                **_json("A result for each item.", "PresenceRegistrationBulkResponse", BULK_ANSWER),
                "links": {
                    "registration": {
                        "operationId": "getPresenceRegistration",
                        "description": "The first registration of the call.",
                        "parameters": {
                            Wire.ID: f"$response.body#/{Wire.ITEMS}/0/{Wire.CREATED}/{Wire.ID}",
                        },
                    }
                },
            },
            **_problems("400", "401", "403", "413", "415", "429", "503"),
        },
    }


def _show() -> JsonObject:
    return {
        "operationId": "getPresenceRegistration",
        "tags": [_TAG],
        "summary": "One registration, with what the checks say of it",
        "parameters": [
            {"name": Wire.ID, "in": "path", "required": True, "schema": NUMBER_TYPE, "example": NUMBER}
        ],
        "responses": {
            "200": _json("The registration.", "PresenceRegistration", REGISTRATION),
            **_problems("401", "403", "404"),
        },
    }


def _search() -> JsonObject:
    return {
        "operationId": "searchPresenceRegistrations",
        "tags": [_TAG],
        "summary": "The registrations of the own company and those down its chains",
        "parameters": [
            _query(Wire.START_DATE, {"type": "string", "format": "date"}, example=DAY, required=True),
            _query(
                Wire.END_DATE,
                {"type": "string", "format": "date"},
                "Brussels days of `registrationDate`, both included: at most 100.",
                example=DAY,
                required=True,
            ),
            _query(Wire.ENTERPRISE_NUMBER, ENTERPRISE_NUMBER_TYPE, "Of the employer."),
            _query(Wire.REFERENCE, REFERENCE_TYPE),
            _query(Wire.TYPE, {"type": "string", "enum": [one.value for one in PresenceType]}),
            _query(Wire.VALIDITY, _WORD),
            _query(Wire.REMARK_CODE, _WORD, "Registrations that have this remark now."),
            _query(Wire.PAGE, {"type": "integer", "minimum": 1, "maximum": 1_000_000, "default": 1}),
            _query(
                Wire.PAGE_SIZE, {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": 100}
            ),
            _query(
                Wire.SORT,
                {
                    "type": "string",
                    "enum": [one.value for one in Sort],
                    "default": Sort.OLDEST_FIRST.value,
                },
            ),
        ],
        "responses": {
            "200": _json("One page.", "PresenceRegistrationCollection", COLLECTION_PAGE),
            **_problems("400", "401"),
        },
    }


def _health() -> JsonObject:
    return {
        "operationId": "checkHealth",
        "tags": ["Health"],
        "summary": "Whether the service is up",
        "security": [],
        "responses": {
            "200": _json("It is up, perhaps in part.", "Health", {Wire.STATUS: "UP"}),
            "503": _json("It is down.", "Health", {Wire.STATUS: "DOWN"}),
            **_problems(),
        },
    }


def _query(
    name: str, schema: JsonObject, description: str = "", *, example: str = "", required: bool = False
) -> JsonObject:
    parameter: JsonObject = {"name": name, "in": "query", "required": required, "schema": schema}
    if description:
        parameter["description"] = description
    if example:
        parameter["example"] = example
    return parameter


def _json(description: str, schema: str, example: Mapping[str, object]) -> JsonObject:
    content = {"schema": named(schema), "examples": {"usual": {"value": example}}}
    return {"description": description, "content": {"application/json": content}}


def _problems(*statuses: str) -> JsonObject:
    names = {
        "400": "BadRequest",
        "401": "Unauthorized",
        "403": "Forbidden",
        "404": "NotFound",
        "413": "PayloadTooLarge",
        "415": "UnsupportedMediaType",
        "429": "TooManyRequests",
        "503": "ServiceUnavailable",
        "default": "Problem",
    }
    return {status: {"$ref": f"#/components/responses/{names[status]}"} for status in (*statuses, "default")}


def _problem(
    description: str, schema: str = "Problem", *, header: str = "", always: bool = True
) -> JsonObject:
    response: JsonObject = {
        "description": description,
        "content": {"application/problem+json": {"schema": named(schema)}},
    }
    if header:
        response["headers"] = {header: {"required": always, "schema": {"type": "string"}}}
    return response


_WORD: JsonObject = {"type": "string", "pattern": r"^[A-Za-z]{1,60}$"}
_PROBLEMS: JsonObject = {
    "BadRequest": _problem("The request is wrong; `issues` say where.", "InputValidationProblem"),
    "Unauthorized": _problem("No token, or one that is not valid (any more).", header="WWW-Authenticate"),
    "Forbidden": _problem("Not for this company to see or to do."),
    "NotFound": _problem("There is no such registration.", "InputValidationProblem"),
    "PayloadTooLarge": _problem("The body is too large; `limit` says how many bytes may come."),
    "UnsupportedMediaType": _problem("The body is not `application/json`."),
    "TooManyRequests": _problem("Come back later.", header="Retry-After"),
    "ServiceUnavailable": _problem("Come back later.", header="Retry-After", always=False),
    "Problem": _problem("Anything else that can go wrong."),
}
