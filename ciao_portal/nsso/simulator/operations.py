"""The service's operations over presence registrations."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlencode

from ciao_portal.nsso.contract import (
    COLLECTION,
    MAX_PAGE_SIZE,
    Created,
    HealthStatus,
    Issue,
    IssueType,
    Item,
    JsonObject,
    PresenceRegistration,
    Problem,
    ProblemType,
    Remark,
    Sort,
    Validity,
    Wire,
    not_created_to_wire,
    parse_date,
)
from ciao_portal.nsso.simulator.descriptions import description_of
from ciao_portal.nsso.simulator.faults import FaultKind
from ciao_portal.nsso.simulator.incoming import Request, bad_request
from ciao_portal.nsso.simulator.intake import envelope_issues, item_issues, search_issues
from ciao_portal.nsso.simulator.problems import Answer, Refusal, by_status, not_found
from ciao_portal.nsso.simulator.reference import Client
from ciao_portal.nsso.simulator.rows import Search, Stored, as_moment
from ciao_portal.nsso.simulator.store import Store
from ciao_portal.nsso.simulator.validation import Validation

DEFAULT_PAGE_SIZE = 100


class Operations:
    """``base_url`` is the address links begin with."""

    def __init__(self, store: Store, validation: Validation, base_url: str) -> None:
        self._store = store
        self._validation = validation
        self._base_url = base_url

    def register_in_bulk(self, request: Request, client: Client, quirk: FaultKind | None = None) -> Answer:
        """Take in the well-formed items in one transaction; answer one by one and in order."""
        if request.media_type != "application/json":
            raise by_status(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        body = request.json()
        issues = envelope_issues(body)
        if issues or not isinstance(body, dict):
            raise bad_request(issues)
        received = time.time()
        now = datetime.fromtimestamp(received, UTC)
        items: list[JsonObject] = body[Wire.ITEMS]
        refused = {
            index: found for index, item in enumerate(items) if (found := item_issues(item, index, now))
        }
        if quirk is FaultKind.MALFORMED_ITEM:
            middle = len(items) // 2
            refused[middle] = [Issue(IssueType.REJECTED_INPUT, f"{Wire.ITEMS}[{middle}]", "body")]
        accepted = [(item, Item.from_wire(item)) for index, item in enumerate(items) if index not in refused]
        numbers = self._store.add(
            accepted,
            received=received,
            due=self._validation.due_after_intake(),
            submitter=client.enterprise,
            quirk=quirk.value if quirk else None,
        )
        created = (
            Created(_registration(number, item, received)).to_wire()
            for number, (_, item) in zip(numbers, accepted, strict=True)
        )
        results = [
            _not_created(item, refused[index]) if index in refused else next(created)
            for index, item in enumerate(items)
        ]
        return Answer(200, {Wire.ITEMS: results})

    def show(self, number: int, client: Client) -> Answer:
        self._validation.catch_up(registration_id=number)
        stored = self._store.find(number)
        if stored is None:
            raise not_found(Wire.ID, number)
        view = self._validation.reference.view_of(client.enterprise)
        is_own = stored.submitter == client.enterprise
        if not is_own and not view.includes(stored.employer, stored.reference):
            raise Refusal(ProblemType.MISSING_PERMISSION)
        return Answer(200, _view(stored).to_wire())

    def search(self, request: Request, client: Client) -> Answer:
        query = request.query
        issues = search_issues(query)
        if issues:
            raise bad_request(issues)
        one = {name: values[0] for name, values in query.items()}
        search = _search(one)
        page, page_size = int(one.get(Wire.PAGE, 1)), int(one.get(Wire.PAGE_SIZE, DEFAULT_PAGE_SIZE))
        self._validation.catch_up(search=search)
        view = self._validation.reference.view_of(client.enterprise)
        found, total = self._store.search(search, view, page=page, page_size=min(page_size, MAX_PAGE_SIZE))
        document: JsonObject = {
            Wire.SELF: self._link(one, page),
            Wire.ITEMS: [_view(stored).to_wire() for stored in found],
            Wire.TOTAL: total,
            Wire.PAGE: page,
            Wire.PAGE_SIZE: page_size,
        }
        if page * page_size < total:
            document[Wire.NEXT] = self._link(one, page + 1)
        return Answer(200, document)

    def _link(self, one: dict[str, str], page: int) -> str:
        return f"{self._base_url}{COLLECTION}?{urlencode({**one, Wire.PAGE: page})}"

    def health(self) -> Answer:
        return Answer(200, {Wire.STATUS: HealthStatus.UP.value})


def _search(one: dict[str, str]) -> Search:
    return Search(
        start=parse_date(one[Wire.START_DATE]),
        end=parse_date(one[Wire.END_DATE]),
        employer=one.get(Wire.ENTERPRISE_NUMBER),
        reference=one.get(Wire.REFERENCE),
        type=one.get(Wire.TYPE),
        validity=one.get(Wire.VALIDITY),
        remark_code=one.get(Wire.REMARK_CODE),
        newest_first=one.get(Wire.SORT) == Sort.NEWEST_FIRST,
    )


def _not_created(item: JsonObject, issues: list[Issue]) -> JsonObject:
    return not_created_to_wire(
        item, Problem(ProblemType.BAD_REQUEST, 400, "Bad Request", issues=tuple(issues))
    )


def _view(stored: Stored) -> PresenceRegistration:
    return _registration(stored.id, stored.item, stored.received, stored)


def _registration(
    number: int, item: Item, received: float, stored: Stored | None = None
) -> PresenceRegistration:
    judged = stored if stored and stored.validated is not None else None
    return PresenceRegistration(
        registration_date=item.registration_date,
        ssin=item.ssin,
        type=item.type,
        employer=item.employer,
        place_of_work=item.place_of_work,
        reference=item.reference,
        id=number,
        creation_date=as_moment(received),
        validity=judged.validity if judged else Validity.PENDING,
        remarks=tuple(_remark(code, day) for code, day in judged.remarks) if judged else (),
        last_validation_date=as_moment(judged.validated) if judged and judged.validated else None,
    )


def _remark(code: str, day: str) -> Remark:
    return Remark(code, description_of(code), parse_date(day))
