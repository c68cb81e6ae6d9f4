"""The NSSO PresenceRegistration contract: the only module that spells its wire names.

The official description (OpenAPI 1.4.1, in production since 22/08/2024) was not at hand. What stands here was
read in public clients of the service and in the Belgif REST guide, the rest is a reconstruction. When the
official file is there, this module and the simulator change, nothing else.

Reading is strict: what does not follow the contract raises ``ContractError``, whose text names the place
and never the value, because a value may be a national number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

VERSION = "1.4.1-r1"
"""The official version this follows and the number of our reconstruction; kept with every attempt."""

MAX_ITEMS = 200
MAX_PAGE_SIZE = 500
MAX_SEARCH_DAYS = 100

BASE_PATH = "/REST/presenceRegistration/v1"
TOKEN_PATH = "/REST/oauth/v5/token"  # noqa: S105 - an address, no secret
REGISTER_IN_BULK = "/presenceRegistrations/registerInBulk"
COLLECTION = "/presenceRegistrations"
HEALTH = "/health"
DOCUMENT = "/doc/openapi.json"
"""Where the Belgif guide puts the description of an interface, below its base address."""

GRANT_TYPE = "client_credentials"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_ALGORITHM = "RS256"
ASSERTION_MAX_SECONDS = 300

ENTERPRISE_NUMBER = re.compile(r"[01][0-9]{9}")
SSIN = re.compile(r"[0-9]{11}")
REFERENCE = re.compile(r"[A-HJ-NP-Z0-9]{13}")
_BELGIF_PROBLEM = "urn:problem-type:belgif:"
_BELGIF_PAGES = "https://www.belgif.be/specification/rest/api-guide/problems/"
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_FULL_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_FRACTION = re.compile(r"\.\d+")

JsonObject = dict[str, object]


class Wire:
    """Members, parameters and headers as they travel."""

    ITEMS = "items"
    REGISTRATION_DATE = "registrationDate"
    SSIN = "ssin"
    TYPE = "type"
    EMPLOYER = "employer"
    ENTERPRISE_NUMBER = "enterpriseNumber"
    FOREIGN_VAT_NUMBER = "foreignVatNumber"
    PLACE_OF_WORK = "placeOfWork"
    COORDINATES = "coordinates"
    LONGITUDE = "longitude"
    LATITUDE = "latitude"
    ADDRESS = "address"
    POST_CODE = "postCode"
    MUNICIPALITY_NAME = "municipalityName"
    STREET_NAME = "streetName"
    HOUSE_NUMBER = "houseNumber"
    BOX_NUMBER = "boxNumber"
    REFERENCE = "contractualRelationshipReference"

    CREATED = "createdPresenceRegistration"
    NOT_CREATED = "notCreatedPresenceRegistration"
    PRESENCE_REGISTRATION = "presenceRegistration"
    PROBLEM = "problem"
    ID = "id"
    CREATION_DATE = "creationDate"
    VALIDITY = "validity"
    REMARKS = "remarks"
    CODE = "code"
    DESCRIPTION = "description"
    DATE = "date"
    LAST_VALIDATION_DATE = "lastValidationDate"

    START_DATE = "startDate"
    END_DATE = "endDate"
    REMARK_CODE = "remarkCode"
    SORT = "sort"
    PAGE = "page"
    PAGE_SIZE = "pageSize"
    TOTAL = "total"
    SELF = "self"
    NEXT = "next"
    STATUS = "status"

    TITLE = "title"
    DETAIL = "detail"
    INSTANCE = "instance"
    HREF = "href"
    ISSUES = "issues"
    IN = "in"
    NAME = "name"
    VALUE = "value"
    LIMIT = "limit"
    RETRY_AFTER_SEC = "retryAfterSec"

    FORM_GRANT_TYPE = "grant_type"
    FORM_ASSERTION_TYPE = "client_assertion_type"
    FORM_ASSERTION = "client_assertion"
    FORM_SCOPE = "scope"
    ACCESS_TOKEN = "access_token"  # noqa: S105 - a member's name, no secret
    TOKEN_TYPE = "token_type"  # noqa: S105 - a member's name, no secret
    EXPIRES_IN = "expires_in"
    OAUTH_ERROR = "error"

    TRACE_ID = "BelGov-Trace-Id"
    RELATED_TRACE_ID = "BelGov-Related-Trace-Id"


class PresenceType(StrEnum):
    """The only two events the NSSO knows; a break is an OUT at its start and an IN at its end."""

    IN = "IN"
    OUT = "OUT"


class Validity(StrEnum):
    """The values known today; a registration keeps whatever text arrived."""

    PENDING = "pending"
    VALID = "valid"
    VALID_WITH_REMARKS = "validWithRemarks"
    INVALID = "invalid"


class HealthStatus(StrEnum):
    """What the health operation answers: the first two with 200, the last with 503."""

    UP = "UP"
    DEGRADED = "DEGRADED"
    DOWN = "DOWN"


class Sort(StrEnum):
    """Orders the collection offers."""

    OLDEST_FIRST = "registrationDate"
    NEWEST_FIRST = "-registrationDate"


class ProblemType(StrEnum):
    """Problem types of the Belgif guide. Decide on these, never on titles or details."""

    BAD_REQUEST = "urn:problem-type:belgif:badRequest"
    NO_ACCESS_TOKEN = "urn:problem-type:belgif:noAccessToken"  # noqa: S105
    INVALID_ACCESS_TOKEN = "urn:problem-type:belgif:invalidAccessToken"  # noqa: S105
    EXPIRED_ACCESS_TOKEN = "urn:problem-type:belgif:expiredAccessToken"  # noqa: S105
    MISSING_SCOPE = "urn:problem-type:belgif:missingScope"
    MISSING_PERMISSION = "urn:problem-type:belgif:missingPermission"
    RESOURCE_NOT_FOUND = "urn:problem-type:belgif:resourceNotFound"
    PAYLOAD_TOO_LARGE = "urn:problem-type:belgif:payloadTooLarge"
    TOO_MANY_REQUESTS = "urn:problem-type:belgif:tooManyRequests"
    TOO_MANY_FAILED_REQUESTS = "urn:problem-type:belgif:tooManyFailedRequests"
    INTERNAL_SERVER_ERROR = "urn:problem-type:belgif:internalServerError"
    BAD_GATEWAY = "urn:problem-type:belgif:badGateway"
    SERVICE_UNAVAILABLE = "urn:problem-type:belgif:serviceUnavailable"
    # The guide has no type of its own for 405, 406 and 415: the status says it all (RFC 9457, 4.2.1).
    BY_STATUS = "about:blank"


class IssueType(StrEnum):
    """Types of the issues inside a ``badRequest`` problem."""

    SCHEMA_VIOLATION = "urn:problem-type:belgif:input-validation:schemaViolation"
    INVALID_INPUT = "urn:problem-type:belgif:input-validation:invalidInput"
    UNKNOWN_INPUT = "urn:problem-type:belgif:input-validation:unknownInput"
    REFERENCED_RESOURCE_NOT_FOUND = "urn:problem-type:belgif:input-validation:referencedResourceNotFound"
    EXACTLY_ONE_OF_EXPECTED = "urn:problem-type:belgif-ext:input-validation:exactlyOneOfExpected"
    INVALID_PERIOD = "urn:problem-type:belgif-ext:input-validation:invalidPeriod"
    INVALID_STRUCTURE = "urn:problem-type:belgif-ext:input-validation:invalidStructure"
    OUT_OF_RANGE = "urn:problem-type:belgif-ext:input-validation:outOfRange"
    REQUIRED_INPUT = "urn:problem-type:belgif-ext:input-validation:requiredInput"
    REJECTED_INPUT = "urn:problem-type:belgif-ext:input-validation:rejectedInput"


class RemarkCode(StrEnum):
    """Remarks known today, modelled on the 17 of the older service; the NSSO's own list is not public."""

    DIMONA_NOT_FOUND = "dimonaNotFound"
    WORKER_UNKNOWN = "workerUnknown"
    ENTERPRISE_UNKNOWN = "enterpriseUnknown"
    ENTERPRISE_NOT_ACTIVE = "enterpriseNotActive"
    ENTERPRISE_NOT_ON_DECLARATION = "enterpriseNotOnDeclaration"
    DECLARATION_MISSING = "declarationMissing"
    DECLARATION_UNKNOWN = "declarationUnknown"
    DECLARATION_NOT_ACTIVE = "declarationNotActive"
    SITE_NOT_SUBJECT = "siteNotSubject"
    DUPLICATE_REGISTRATION = "duplicateRegistration"
    LIMOSA_NOT_FOUND = "limosaNotFound"
    LIMOSA_NOT_ACTIVE = "limosaNotActive"
    SELF_EMPLOYED_NOT_KNOWN = "selfEmployedNotKnown"
    MISSING_OUT = "missingOut"
    MISSING_IN = "missingIn"
    OVERLAPPING_REGISTRATIONS = "overlappingRegistrations"


class ContractError(ValueError):
    """What arrived does not follow the contract. The text names the place, never the value."""


class _Reader:
    """Reads one JSON object strictly. An optional member that is null, or an empty text, counts as absent."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise ContractError(f"{where} is not an object")
        self._source: JsonObject = value
        self._where = where

    def place(self, name: str) -> str:
        return f"{self._where}.{name}"

    def has(self, name: str) -> bool:
        return self._source.get(name) is not None

    def text(self, name: str) -> str:
        value = self._source.get(name)
        if not isinstance(value, str) or not value or not is_storable(value):
            raise ContractError(f"{self.place(name)} is not a text")
        return value

    def optional_text(self, name: str) -> str | None:
        return self.text(name) if self._source.get(name) not in (None, "") else None

    def integer(self, name: str) -> int:
        value = self._source.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
            raise ContractError(f"{self.place(name)} is not a whole number")
        return value

    def number(self, name: str) -> float:
        value = self._source.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) <= 180:
            raise ContractError(f"{self.place(name)} is not a coordinate")
        return float(value)

    def moment(self, name: str) -> datetime:
        return parse_moment(self.text(name), self.place(name))

    def optional_moment(self, name: str) -> datetime | None:
        return self.moment(name) if self.has(name) else None

    def child(self, name: str) -> _Reader:
        return _Reader(self._source.get(name), self.place(name))

    def children(self, name: str) -> list[_Reader]:
        value = self._source.get(name)
        if not isinstance(value, list):
            raise ContractError(f"{self.place(name)} is not a list")
        return [_Reader(one, f"{self.place(name)}[{index}]") for index, one in enumerate(value)]

    def texts(self, name: str) -> dict[str, str]:
        child = self.child(name)
        return {key: child.text(key) for key in child._source if is_storable(key)}

    def one_of(self, first: str, second: str) -> str:
        if self.has(first) == self.has(second):
            raise ContractError(f"{self._where} holds not exactly one of {first} and {second}")
        return first if self.has(first) else second


def is_storable(text: str) -> bool:
    """Whether every database can keep the text: no NUL, no lone surrogate."""
    return not _UNSTORABLE.search(text)


def parse_moment(text: str, where: str = "moment") -> datetime:
    """Read an RFC 3339 date-time with offset; the result is aware UTC, finer than microseconds is cut off."""
    try:
        if not _DATE_TIME.fullmatch(text):
            raise ValueError
        seconds = _FRACTION.sub(lambda found: found[0][:7].ljust(7, "0"), text.upper())
        return datetime.fromisoformat(seconds).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ContractError(f"{where} is not a date-time with offset") from None


def format_moment(moment: datetime) -> str:
    """Write an aware moment as UTC to the second: ``2026-11-21T05:02:11Z``."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def parse_date(text: str, where: str = "date") -> date:
    """Read a calendar day, ``2026-11-21``."""
    try:
        if not _FULL_DATE.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ContractError(f"{where} is not a date") from None


@dataclass(frozen=True)
class Enterprise:
    """An employer by Belgian enterprise number, ten digits without dots."""

    number: str

    def to_wire(self) -> JsonObject:
        return {Wire.ENTERPRISE_NUMBER: self.number}


@dataclass(frozen=True)
class ForeignVat:
    """An employer from abroad by VAT number."""

    number: str

    def to_wire(self) -> JsonObject:
        return {Wire.FOREIGN_VAT_NUMBER: self.number}


Employer = Enterprise | ForeignVat


@dataclass(frozen=True)
class Coordinates:
    """A place in decimal degrees (WGS 84)."""

    longitude: float
    latitude: float

    def to_wire(self) -> JsonObject:
        return {Wire.COORDINATES: {Wire.LONGITUDE: self.longitude, Wire.LATITUDE: self.latitude}}


@dataclass(frozen=True)
class Address:
    """A complete address; only the box may be absent."""

    post_code: str
    municipality_name: str
    street_name: str
    house_number: str
    box_number: str | None = None

    def to_wire(self) -> JsonObject:
        address = {
            Wire.POST_CODE: self.post_code,
            Wire.MUNICIPALITY_NAME: self.municipality_name,
            Wire.STREET_NAME: self.street_name,
            Wire.HOUSE_NUMBER: self.house_number,
        }
        if self.box_number:
            address[Wire.BOX_NUMBER] = self.box_number
        return {Wire.ADDRESS: address}


Place = Coordinates | Address

MatchKey = tuple[str, PresenceType, datetime, Employer, str | None]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One presence to register. ``registration_date`` is aware UTC and travels to the second."""

    registration_date: datetime
    ssin: str = field(repr=False)
    type: PresenceType
    employer: Employer
    place_of_work: Place
    reference: str | None = None

    def __post_init__(self) -> None:
        if self.registration_date.utcoffset() != timedelta(0):
            raise ValueError("registration_date must be aware UTC")

    @property
    def match_key(self) -> MatchKey:
        """What makes two registrations the same one when searching before resending."""
        moment = self.registration_date.replace(microsecond=0)
        return (self.ssin, self.type, moment, self.employer, self.reference)

    def to_wire(self) -> JsonObject:
        wire: JsonObject = {
            Wire.REGISTRATION_DATE: format_moment(self.registration_date),
            Wire.SSIN: self.ssin,
            Wire.TYPE: self.type.value,
            Wire.EMPLOYER: self.employer.to_wire(),
            Wire.PLACE_OF_WORK: self.place_of_work.to_wire(),
        }
        if self.reference:
            wire[Wire.REFERENCE] = self.reference
        return wire

    @staticmethod
    def from_wire(value: object, where: str = "item") -> Item:
        return _item(_Reader(value, where))


@dataclass(frozen=True)
class Remark:
    """What the NSSO says of a registration. ``description`` is keyed by language code."""

    code: str
    description: Mapping[str, str]
    date: date

    def to_wire(self) -> JsonObject:
        return {
            Wire.CODE: self.code,
            Wire.DESCRIPTION: dict(self.description),
            Wire.DATE: self.date.isoformat(),
        }


@dataclass(frozen=True, kw_only=True)
class PresenceRegistration(Item):
    """A registration as the NSSO shows it. ``validity`` is the text that came, even one never seen."""

    id: int
    creation_date: datetime
    validity: str
    remarks: tuple[Remark, ...] = ()
    last_validation_date: datetime | None = None

    def to_wire(self) -> JsonObject:
        wire: JsonObject = {
            Wire.ID: self.id,
            Wire.CREATION_DATE: format_moment(self.creation_date),
            **super().to_wire(),
            Wire.VALIDITY: self.validity,
            Wire.REMARKS: [remark.to_wire() for remark in self.remarks],
        }
        if self.last_validation_date:
            wire[Wire.LAST_VALIDATION_DATE] = format_moment(self.last_validation_date)
        return wire

    @staticmethod
    def from_wire(value: object, where: str = "registration") -> PresenceRegistration:
        return _registration(_Reader(value, where))


@dataclass(frozen=True)
class Issue:
    """One fault of the input. The ``value`` the NSSO sends is not read: it may be a national number."""

    type: str
    name: str | None = None
    location: str | None = None
    detail: str | None = field(default=None, repr=False)
    value: object = field(default=None, repr=False)

    def to_wire(self) -> JsonObject:
        named = {
            Wire.TYPE: self.type,
            Wire.DETAIL: self.detail,
            Wire.IN: self.location,
            Wire.NAME: self.name,
            Wire.VALUE: self.value,
        }
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True)
class Problem:
    """A Belgif problem. Title and detail are for support only, never for a user and never for a decision."""

    type: str
    status: int
    title: str = field(default="", repr=False)
    detail: str | None = field(default=None, repr=False)
    issues: tuple[Issue, ...] = ()

    @property
    def summary(self) -> str:
        """Types and places only, without any text or value of the NSSO: safe to store and to log."""
        places = [f"{issue.type.rsplit(':', 1)[-1]} {issue.name or '?'}" for issue in self.issues]
        return self.type.rsplit(":", 1)[-1] + (f" ({', '.join(places)})" if places else "")

    @property
    def lies_in_future(self) -> bool:
        """Whether the item was refused because its time had not come: our clocks differ, so send it later."""
        return any(
            issue.type == IssueType.OUT_OF_RANGE and (issue.name or "").endswith(Wire.REGISTRATION_DATE)
            for issue in self.issues
        )

    def to_wire(self) -> JsonObject:
        wire: JsonObject = {Wire.TYPE: self.type, Wire.STATUS: self.status}
        if self.type.startswith(_BELGIF_PROBLEM):
            wire[Wire.HREF] = f"{_BELGIF_PAGES}{self.type.removeprefix(_BELGIF_PROBLEM)}.html"
        if self.title:
            wire[Wire.TITLE] = self.title
        if self.detail:
            wire[Wire.DETAIL] = self.detail
        if self.issues:
            wire[Wire.ISSUES] = [issue.to_wire() for issue in self.issues]
        return wire

    @staticmethod
    def from_wire(value: object, where: str = "problem") -> Problem:
        return _problem(_Reader(value, where))


@dataclass(frozen=True)
class Created:
    """The NSSO has the item; its checks come later."""

    registration: PresenceRegistration

    def to_wire(self) -> JsonObject:
        return {Wire.CREATED: self.registration.to_wire()}


@dataclass(frozen=True)
class NotCreated:
    """The NSSO did not take the item because it is malformed."""

    problem: Problem


Result = Created | NotCreated


@dataclass(frozen=True)
class Page:
    """One page of the collection; ``page`` counts from 1."""

    items: tuple[PresenceRegistration, ...]
    total: int
    page: int
    page_size: int
    has_next: bool


@dataclass(frozen=True)
class AccessToken:
    """A bearer token and the seconds it lives."""

    value: str = field(repr=False)
    expires_in_s: int


def registration_path(registration_id: int) -> str:
    """Path of one registration below the base address."""
    return f"{COLLECTION}/{registration_id:d}"


def bulk_to_wire(items: Sequence[Item]) -> JsonObject:
    """The envelope of a bulk call; holds 1 to 200 items."""
    if not 1 <= len(items) <= MAX_ITEMS:
        raise ValueError(f"a bulk call takes 1 to {MAX_ITEMS} items")
    return {Wire.ITEMS: [item.to_wire() for item in items]}


def search_query(
    start: date,
    end: date,
    *,
    page: int,
    page_size: int,
    enterprise_number: str | None = None,
    reference: str | None = None,
) -> dict[str, str]:
    """The parameters of one page of a search, oldest first; ``page`` counts from 1."""
    query = {
        Wire.START_DATE: start.isoformat(),
        Wire.END_DATE: end.isoformat(),
        Wire.ENTERPRISE_NUMBER: enterprise_number or "",
        Wire.REFERENCE: reference or "",
        Wire.PAGE_SIZE: str(page_size),
        Wire.SORT: Sort.OLDEST_FIRST.value,
        Wire.PAGE: str(page),
    }
    return {name: value for name, value in query.items() if value}


def not_created_to_wire(item: object, problem: Problem) -> JsonObject:
    """A refused item: what was sent, as it was sent, and why."""
    return {Wire.NOT_CREATED: {Wire.PRESENCE_REGISTRATION: item, Wire.PROBLEM: problem.to_wire()}}


def parse_bulk(body: object, sent: Sequence[Item]) -> tuple[Result, ...]:
    """Read the results of a bulk call; they must answer the items sent one by one, in their order."""
    results = _Reader(body, "answer").children(Wire.ITEMS)
    if len(results) != len(sent):
        raise ContractError(f"{len(results)} results for {len(sent)} items")
    return tuple(_result(result, item) for result, item in zip(results, sent, strict=True))


def parse_registration(body: object) -> PresenceRegistration:
    """Read one registration."""
    return PresenceRegistration.from_wire(body)


def parse_page(body: object) -> Page:
    """Read one page of the collection."""
    reader = _Reader(body, "page")
    return Page(
        items=tuple(_registration(one) for one in reader.children(Wire.ITEMS)),
        total=reader.integer(Wire.TOTAL),
        page=reader.integer(Wire.PAGE),
        page_size=reader.integer(Wire.PAGE_SIZE),
        has_next=reader.has(Wire.NEXT),
    )


def parse_health(body: object) -> HealthStatus:
    """Read the answer of the health operation."""
    text = _Reader(body, "health").text(Wire.STATUS)
    if text not in set(HealthStatus):
        raise ContractError("health.status is none of the three values")
    return HealthStatus(text)


def parse_token(body: object) -> AccessToken:
    """Read the answer of the token address; only bearer tokens are understood."""
    reader = _Reader(body, "token")
    value = reader.text(Wire.ACCESS_TOKEN)
    if reader.text(Wire.TOKEN_TYPE).lower() != "bearer" or not re.fullmatch(r"[\x21-\x7e]+", value):
        raise ContractError("token is no bearer token")
    return AccessToken(value, reader.integer(Wire.EXPIRES_IN))


def parse_oauth_error(body: object) -> str:
    """The error code of RFC 6749 in a refused token answer, such as ``invalid_client``."""
    code = _Reader(body, "token").text(Wire.OAUTH_ERROR)
    if not re.fullmatch(r"[a-z_]{1,60}", code):
        raise ContractError("token.error is no error code")
    return code


def _result(reader: _Reader, sent: Item) -> Result:
    if reader.one_of(Wire.CREATED, Wire.NOT_CREATED) == Wire.NOT_CREATED:
        refused = reader.child(Wire.NOT_CREATED)
        echo = refused.child(Wire.PRESENCE_REGISTRATION)
        if echo.optional_text(Wire.SSIN) != sent.ssin:
            raise ContractError("results do not stand in the order of the items")
        return NotCreated(_problem(refused.child(Wire.PROBLEM)))
    registration = _registration(reader.child(Wire.CREATED))
    # Employer and reference are left out: the NSSO may show them normalised, and the order is already proven.
    if registration.match_key[:3] != sent.match_key[:3]:
        raise ContractError("results do not stand in the order of the items")
    return Created(registration)


def _item(reader: _Reader) -> Item:
    return Item(
        registration_date=reader.moment(Wire.REGISTRATION_DATE),
        ssin=_ssin(reader),
        type=_type(reader),
        employer=_employer(reader.child(Wire.EMPLOYER)),
        place_of_work=_place(reader.child(Wire.PLACE_OF_WORK)),
        reference=reader.optional_text(Wire.REFERENCE),
    )


def _registration(reader: _Reader) -> PresenceRegistration:
    item = _item(reader)
    return PresenceRegistration(
        registration_date=item.registration_date,
        ssin=item.ssin,
        type=item.type,
        employer=item.employer,
        place_of_work=item.place_of_work,
        reference=item.reference,
        id=reader.integer(Wire.ID),
        creation_date=reader.moment(Wire.CREATION_DATE),
        validity=reader.text(Wire.VALIDITY),
        remarks=tuple(_remark(one) for one in reader.children(Wire.REMARKS)),
        last_validation_date=reader.optional_moment(Wire.LAST_VALIDATION_DATE),
    )


def _ssin(reader: _Reader) -> str:
    ssin = reader.text(Wire.SSIN)
    if not SSIN.fullmatch(ssin):
        raise ContractError(f"{reader.place(Wire.SSIN)} is not a national number")
    return ssin


def _type(reader: _Reader) -> PresenceType:
    text = reader.text(Wire.TYPE)
    if text not in set(PresenceType):
        raise ContractError(f"{reader.place(Wire.TYPE)} is neither IN nor OUT")
    return PresenceType(text)


def _employer(reader: _Reader) -> Employer:
    if reader.one_of(Wire.ENTERPRISE_NUMBER, Wire.FOREIGN_VAT_NUMBER) == Wire.ENTERPRISE_NUMBER:
        return Enterprise(reader.text(Wire.ENTERPRISE_NUMBER))
    return ForeignVat(reader.text(Wire.FOREIGN_VAT_NUMBER))


def parse_employer(value: object, where: str = "employer") -> Employer:
    """Read an employer: exactly one of the two kinds of number; other members are left alone."""
    return _employer(_Reader(value, where))


def _place(reader: _Reader) -> Place:
    if reader.one_of(Wire.COORDINATES, Wire.ADDRESS) == Wire.COORDINATES:
        point = reader.child(Wire.COORDINATES)
        return Coordinates(point.number(Wire.LONGITUDE), point.number(Wire.LATITUDE))
    address = reader.child(Wire.ADDRESS)
    return Address(
        post_code=address.text(Wire.POST_CODE),
        municipality_name=address.text(Wire.MUNICIPALITY_NAME),
        street_name=address.text(Wire.STREET_NAME),
        house_number=address.text(Wire.HOUSE_NUMBER),
        box_number=address.optional_text(Wire.BOX_NUMBER),
    )


def _remark(reader: _Reader) -> Remark:
    return Remark(
        code=reader.text(Wire.CODE),
        description=MappingProxyType(reader.texts(Wire.DESCRIPTION)),
        date=parse_date(reader.text(Wire.DATE), reader.place(Wire.DATE)),
    )


def _problem(reader: _Reader) -> Problem:
    return Problem(
        type=reader.text(Wire.TYPE),
        status=reader.integer(Wire.STATUS),
        title=reader.optional_text(Wire.TITLE) or "",
        detail=reader.optional_text(Wire.DETAIL),
        issues=tuple(_issue(one) for one in reader.children(Wire.ISSUES)) if reader.has(Wire.ISSUES) else (),
    )


def _issue(reader: _Reader) -> Issue:
    return Issue(
        type=reader.text(Wire.TYPE),
        name=reader.optional_text(Wire.NAME),
        location=reader.optional_text(Wire.IN),
        detail=reader.optional_text(Wire.DETAIL),
    )
