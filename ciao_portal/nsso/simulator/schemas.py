"""The shapes of the description: one schema for each object of the contract.

What a client sends is closed (an unknown member is refused); what the service sends may grow.
"""

from __future__ import annotations

import re
from typing import Final

from ciao_portal.nsso.contract import (
    ENTERPRISE_NUMBER,
    MAX_ITEMS,
    REFERENCE,
    SSIN,
    HealthStatus,
    JsonObject,
    PresenceType,
    RemarkCode,
    Validity,
    Wire,
)
from ciao_portal.nsso.simulator.examples import ITEM


def named(name: str) -> JsonObject:
    return {"$ref": f"#/components/schemas/{name}"}


def _pattern(pattern: re.Pattern[str]) -> JsonObject:
    return {"type": "string", "pattern": f"^{pattern.pattern}$"}


ENTERPRISE_NUMBER_TYPE: Final = _pattern(ENTERPRISE_NUMBER)
REFERENCE_TYPE: Final = _pattern(REFERENCE)
NUMBER_TYPE: Final[JsonObject] = {"type": "integer", "format": "int64", "minimum": 1}
_TEXT: JsonObject = {"type": "string", "pattern": r"\S"}
_MOMENT: JsonObject = {"type": "string", "format": "date-time"}


def _closed(required: dict[str, JsonObject], optional: dict[str, JsonObject] | None = None) -> JsonObject:
    return {**_open(required, optional), "additionalProperties": False}


def _open(required: dict[str, JsonObject], optional: dict[str, JsonObject] | None = None) -> JsonObject:
    schema: JsonObject = {"type": "object", "properties": {**required, **(optional or {})}}
    return {**schema, "required": list(required)} if required else schema


def _list(of: JsonObject, **limits: object) -> JsonObject:
    return {"type": "array", "items": of, **limits}


def _degrees(limit: int) -> JsonObject:
    return {"type": "number", "minimum": -limit, "maximum": limit}


_ITEM: dict[str, JsonObject] = {
    Wire.REGISTRATION_DATE: {
        **_MOMENT,
        "description": "With offset; not in the future. Kept to the second.",
    },
    Wire.SSIN: {
        **_pattern(SSIN),
        "description": "National register or BIS number with a valid check.",
    },
    Wire.TYPE: {"type": "string", "enum": [one.value for one in PresenceType]},
    Wire.EMPLOYER: named("Employer"),
    Wire.PLACE_OF_WORK: named("PlaceOfWork"),
}
_KEPT: dict[str, JsonObject] = {
    Wire.ID: NUMBER_TYPE,
    Wire.CREATION_DATE: _MOMENT,
    Wire.VALIDITY: {
        "type": "string",
        "description": f"{', '.join(one.value for one in Validity)}; others may come.",
    },
    Wire.REMARKS: _list(named("Remark")),
}
_PROBLEM: dict[str, JsonObject] = {
    Wire.TITLE: {"type": "string"},
    Wire.DETAIL: {"type": "string"},
    Wire.INSTANCE: {"type": "string", "format": "uri"},
    Wire.HREF: {"type": "string", "format": "uri"},
}
_PROBLEM_KIND: dict[str, JsonObject] = {
    Wire.TYPE: {"type": "string", "format": "uri"},
    Wire.STATUS: {"type": "integer", "minimum": 400, "maximum": 599},
}

SCHEMAS: Final[JsonObject] = {
    "PresenceRegistrationBulkRequest": _closed(
        {Wire.ITEMS: _list(named("PresenceToRegister"), minItems=1, maxItems=MAX_ITEMS)}
    ),
    "PresenceToRegister": {**_closed(_ITEM, {Wire.REFERENCE: REFERENCE_TYPE}), "example": ITEM},
    "Employer": {
        "description": "By exactly one of the two numbers.",
        "oneOf": [
            _closed({Wire.ENTERPRISE_NUMBER: ENTERPRISE_NUMBER_TYPE}),
            _closed({Wire.FOREIGN_VAT_NUMBER: _TEXT}),
        ],
    },
    "PlaceOfWork": {
        "description": "By exactly one of a position and an address.",
        "oneOf": [
            _closed({Wire.COORDINATES: named("Coordinates")}),
            _closed({Wire.ADDRESS: named("Address")}),
        ],
    },
    "Coordinates": _closed({Wire.LONGITUDE: _degrees(180), Wire.LATITUDE: _degrees(90)}),
    "Address": _closed(
        dict.fromkeys((Wire.POST_CODE, Wire.MUNICIPALITY_NAME, Wire.STREET_NAME, Wire.HOUSE_NUMBER), _TEXT),
        {Wire.BOX_NUMBER: _TEXT},
    ),
    "PresenceRegistration": _open(
        {**_ITEM, **_KEPT}, {Wire.REFERENCE: REFERENCE_TYPE, Wire.LAST_VALIDATION_DATE: _MOMENT}
    ),
    "Remark": _open(
        {
            Wire.CODE: {
                "type": "string",
                "description": f"{', '.join(one.value for one in RemarkCode)}; others may come.",
            },
            Wire.DESCRIPTION: {
                "type": "object",
                "description": "By language: nl, fr, de.",
                "additionalProperties": {"type": "string"},
            },
            Wire.DATE: {"type": "string", "format": "date"},
        }
    ),
    "PresenceRegistrationBulkResponse": _open({Wire.ITEMS: _list(named("PresenceRegistrationResult"))}),
    "PresenceRegistrationResult": {
        "description": "Exactly one of the two.",
        "oneOf": [
            _closed({Wire.CREATED: named("PresenceRegistration")}),
            _closed({Wire.NOT_CREATED: named("NotCreatedPresenceRegistration")}),
        ],
    },
    "NotCreatedPresenceRegistration": _open(
        {
            Wire.PRESENCE_REGISTRATION: {"type": "object", "description": "The item as it was sent."},
            Wire.PROBLEM: named("InputValidationProblem"),
        }
    ),
    "PresenceRegistrationCollection": _open(
        {
            Wire.SELF: {"type": "string", "format": "uri"},
            Wire.ITEMS: _list(named("PresenceRegistration")),
            Wire.TOTAL: {"type": "integer", "minimum": 0},
            Wire.PAGE: {"type": "integer", "minimum": 1},
            Wire.PAGE_SIZE: {"type": "integer", "minimum": 1},
        },
        {Wire.NEXT: {"type": "string", "format": "uri"}},
    ),
    "Health": _open({Wire.STATUS: {"type": "string", "enum": [one.value for one in HealthStatus]}}),
    "Problem": _open(_PROBLEM_KIND, _PROBLEM),
    "InputValidationProblem": _open(
        _PROBLEM_KIND, {**_PROBLEM, Wire.ISSUES: _list(named("InputValidationIssue"))}
    ),
    "InputValidationIssue": _open(
        {Wire.TYPE: {"type": "string", "format": "uri"}},
        {
            Wire.DETAIL: {"type": "string"},
            Wire.IN: {"type": "string", "enum": ["body", "header", "path", "query"]},
            Wire.NAME: {"type": "string"},
            Wire.VALUE: {"description": "What was sent there."},
        },
    ),
}
