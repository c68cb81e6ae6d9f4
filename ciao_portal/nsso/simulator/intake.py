"""What the service checks before it takes a request: its shape and its check digits, never who is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime

from ciao_portal.nsso.contract import (
    ENTERPRISE_NUMBER,
    MAX_ITEMS,
    MAX_PAGE_SIZE,
    MAX_SEARCH_DAYS,
    REFERENCE,
    SSIN,
    ContractError,
    Issue,
    IssueType,
    PresenceType,
    Sort,
    Wire,
    is_storable,
    parse_date,
    parse_moment,
)

Found = tuple[IssueType, str, object]
_TYPES = frozenset(kind.value for kind in PresenceType)
_SORTS = frozenset(order.value for order in Sort)

Member = tuple[str, bool, Callable[[object], Iterator[Found]]]


def envelope_issues(body: object) -> list[Issue]:
    """What is wrong with a bulk envelope as a whole; any issue refuses all of it."""
    if not isinstance(body, dict):
        return [Issue(IssueType.SCHEMA_VIOLATION, location="body")]
    items = body.get(Wire.ITEMS)
    if items is None:
        return [Issue(IssueType.REQUIRED_INPUT, Wire.ITEMS, "body")]
    if not isinstance(items, list):
        return [Issue(IssueType.SCHEMA_VIOLATION, Wire.ITEMS, "body", value=items)]
    if not 1 <= len(items) <= MAX_ITEMS:
        return [Issue(IssueType.OUT_OF_RANGE, Wire.ITEMS, "body")]
    return [
        Issue(IssueType.SCHEMA_VIOLATION, f"{Wire.ITEMS}[{index}]", "body", value=item)
        for index, item in enumerate(items)
        if not isinstance(item, dict)
    ] + [
        Issue(IssueType.UNKNOWN_INPUT, str(name), "body", value=body[name])
        for name in body
        if name != Wire.ITEMS
    ]


def item_issues(item: object, index: int, now: datetime) -> list[Issue]:
    """What makes one item malformed. ``now`` is the real clock, whatever the validation clock says."""
    found = _object(item, _item_members(now))
    prefix = f"{Wire.ITEMS}[{index}]"
    return [Issue(kind, prefix + place, "body", value=value) for kind, place, value in found]


def has_valid_check(ssin: str) -> bool:
    """The official check: 97 less the first nine digits modulo 97, with a 2 before them since 2000."""
    number, check = int(ssin[:9]), int(ssin[9:])
    return check in (97 - number % 97, 97 - (2_000_000_000 + number) % 97)


def _item_members(now: datetime) -> tuple[Member, ...]:
    return (
        (Wire.REGISTRATION_DATE, True, lambda value: _moment(value, now)),
        (Wire.SSIN, True, _ssin),
        (Wire.TYPE, True, _type),
        (Wire.EMPLOYER, True, _employer),
        (Wire.PLACE_OF_WORK, True, _place),
        (Wire.REFERENCE, False, _pattern(REFERENCE)),
    )


def _object(value: object, members: tuple[Member, ...]) -> Iterator[Found]:
    """Issues of an object and its members; their places are relative, like ``.employer``."""
    if not isinstance(value, dict):
        yield IssueType.SCHEMA_VIOLATION, "", value
        return
    for name, required, check in members:
        if name in value:
            for kind, place, wrong in check(value[name]):
                yield kind, f".{name}{place}", wrong
        elif required:
            yield IssueType.REQUIRED_INPUT, f".{name}", None
    known = {name for name, _, _ in members}
    for name in value:
        if name not in known:
            yield IssueType.UNKNOWN_INPUT, f".{name if is_storable(name) else '?'}", value[name]


def _one_of(value: object, members: tuple[Member, ...]) -> Iterator[Found]:
    if isinstance(value, dict) and sum(name in value for name, _, _ in members) != 1:
        yield IssueType.EXACTLY_ONE_OF_EXPECTED, "", value
    else:
        yield from _object(value, members)


def _schema(holds: bool, value: object) -> Iterator[Found]:
    if not holds:
        yield IssueType.SCHEMA_VIOLATION, "", value


def _moment(value: object, now: datetime) -> Iterator[Found]:
    try:
        moment = parse_moment(value if isinstance(value, str) else "")
    except ContractError:
        yield IssueType.SCHEMA_VIOLATION, "", value
        return
    if moment > now:
        yield IssueType.OUT_OF_RANGE, "", value


def _ssin(value: object) -> Iterator[Found]:
    if not isinstance(value, str) or not SSIN.fullmatch(value):
        yield IssueType.SCHEMA_VIOLATION, "", value
    elif not has_valid_check(value):
        yield IssueType.INVALID_STRUCTURE, "", value


def _type(value: object) -> Iterator[Found]:
    return _schema(isinstance(value, str) and value in _TYPES, value)


def _sort(value: object) -> Iterator[Found]:
    return _schema(isinstance(value, str) and value in _SORTS, value)


def _pattern(pattern: re.Pattern[str]) -> Callable[[object], Iterator[Found]]:
    return lambda value: _schema(isinstance(value, str) and bool(pattern.fullmatch(value)), value)


def _text(value: object) -> Iterator[Found]:
    return _schema(isinstance(value, str) and bool(value.strip()) and is_storable(value), value)


def _degrees(limit: float) -> Callable[[object], Iterator[Found]]:
    def check(value: object) -> Iterator[Found]:
        if not isinstance(value, int | float) or isinstance(value, bool):
            yield IssueType.SCHEMA_VIOLATION, "", value
        elif not -limit <= value <= limit:
            yield IssueType.OUT_OF_RANGE, "", value

    return check


def _employer(value: object) -> Iterator[Found]:
    return _one_of(
        value,
        (
            (Wire.ENTERPRISE_NUMBER, False, _pattern(ENTERPRISE_NUMBER)),
            (Wire.FOREIGN_VAT_NUMBER, False, _text),
        ),
    )


def _place(value: object) -> Iterator[Found]:
    return _one_of(
        value,
        (
            (Wire.COORDINATES, False, lambda point: _object(point, _COORDINATES)),
            (Wire.ADDRESS, False, lambda address: _object(address, _ADDRESS)),
        ),
    )


_COORDINATES: tuple[Member, ...] = (
    (Wire.LONGITUDE, True, _degrees(180)),
    (Wire.LATITUDE, True, _degrees(90)),
)
_ADDRESS: tuple[Member, ...] = (
    (Wire.POST_CODE, True, _text),
    (Wire.MUNICIPALITY_NAME, True, _text),
    (Wire.STREET_NAME, True, _text),
    (Wire.HOUSE_NUMBER, True, _text),
    (Wire.BOX_NUMBER, False, _text),
)


def search_issues(query: Mapping[str, list[str]]) -> list[Issue]:
    """What is wrong with the parameters of a search."""
    found = [
        Issue(IssueType.UNKNOWN_INPUT, name[:60], "query", value=values[0])
        for name, values in query.items()
        if name not in _PARAMETERS
    ]
    for name, (required, check) in _PARAMETERS.items():
        values = query.get(name, [])
        if not values and required:
            found.append(Issue(IssueType.REQUIRED_INPUT, name, "query"))
        elif len(values) > 1:
            found.append(Issue(IssueType.INVALID_INPUT, name, "query", value=values))
        elif values:
            found += [Issue(kind, name, "query", value=values[0]) for kind, _, _ in check(values[0])]
    return found or _period_issues(parse_date(query[Wire.START_DATE][0]), parse_date(query[Wire.END_DATE][0]))


def _period_issues(start: date, end: date) -> list[Issue]:
    kind = IssueType.INVALID_PERIOD if end < start else IssueType.OUT_OF_RANGE
    is_wrong = end < start or (end - start).days >= MAX_SEARCH_DAYS
    return [Issue(kind, Wire.END_DATE, "query", value=end.isoformat())] if is_wrong else []


def _date(value: object) -> Iterator[Found]:
    try:
        parse_date(value if isinstance(value, str) else "")
    except ContractError:
        yield IssueType.SCHEMA_VIOLATION, "", value


def _count(limit: int) -> Callable[[object], Iterator[Found]]:
    def check(value: object) -> Iterator[Found]:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,9}", value):
            yield IssueType.SCHEMA_VIOLATION, "", value
        elif not 1 <= int(value) <= limit:
            yield IssueType.OUT_OF_RANGE, "", value

    return check


_PARAMETERS: Mapping[str, tuple[bool, Callable[[object], Iterator[Found]]]] = {
    Wire.START_DATE: (True, _date),
    Wire.END_DATE: (True, _date),
    Wire.ENTERPRISE_NUMBER: (False, _pattern(ENTERPRISE_NUMBER)),
    Wire.REFERENCE: (False, _pattern(REFERENCE)),
    Wire.TYPE: (False, _type),
    Wire.VALIDITY: (False, _text),
    Wire.REMARK_CODE: (False, _text),
    Wire.PAGE: (False, _count(1_000_000)),
    Wire.PAGE_SIZE: (False, _count(MAX_PAGE_SIZE)),
    Wire.SORT: (False, _sort),
}
