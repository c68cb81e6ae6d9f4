"""What the NSSO simulator knows of the demo: nearly everything, so that every kind of remark is earned.

Some things come too late: the Dimona of the students is filed two days after each of their days, so that a
remark is solved every day.
"""

import json
import os
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import requests
from django.conf import settings

from ciao_portal.days import BRUSSELS, brussels_day, each_day
from ciao_portal.models import NssoCredentials
from ciao_portal.nsso.contract import Address, Enterprise, Item, JsonObject, PresenceType, Wire
from ciao_portal.tenancy import unscoped
from declarations.models.declarations import Regime
from registrations.demo.cast import (
    CLOSED,
    FIRMS,
    LOTTE,
    MATS,
    PIA,
    SILVIU,
    STRANGER,
    SUBSUB,
    TILDE,
    UGO,
    VERA,
    WORKERS,
    Firm,
    Worker,
)
from registrations.demo.founding import day_of, founded_at
from registrations.demo.story import HISTORY_DAYS
from registrations.demo.works import NAMUR, OFFICES, WORKS, Place, Works
from registrations.models.workers import WorkerStatus

FILE_NAME = "simulator-reference.json"
REACH_S = 2.0
# Open periods: the demo goes on for as long as somebody starts it.
KNOWN_SINCE = "2020-01-01"
STUDENTS = (LOTTE, MATS)
FILED_AFTER = timedelta(days=2)
FILED_AT = time(10)
# What came too late shortly before the demo was loaded is filed some minutes after, so that one sees it go.
LAST_FILED_BEFORE_LOADING = -6
FILED_AFTER_LOADING = timedelta(minutes=4)
# The days, counted from the loading, since when the Crossroads Bank has closed a firm and a notice ran out.
CLOSED_FROM = -12
LIMOSA_ENDED = -15
# The sub's subcontractor was forgotten on the declaration until then.
ADDED_TO_CHAIN = -40
ELSEWHERE_DAYS = (-13, -9, -6, -5, -2, -1)


def reference_data(*, now: datetime) -> JsonObject:
    """The sections of the simulator's reference data; the same for the same database and day."""
    with unscoped(reason="the demo's own firms, named by their fixed numbers"):
        numbers = [firm.number for firm in FIRMS]
        access = list(
            NssoCredentials.objects.filter(company__enterprise_number__in=numbers, company__is_demo=True)
            .select_related("company", "spare")
            .order_by("created_at", "id")
        )
        founded = founded_at()
    return {
        **known_data(founded=founded, now=now),
        "clients": [
            {
                "clientId": one.client_id,
                "publicKeyPem": _public_keys(one),
                Wire.ENTERPRISE_NUMBER: one.company.enterprise_number,
            }
            for one in access
        ],
    }


def known_data(*, founded: datetime, now: datetime) -> JsonObject:
    """What the NSSO knows of people, firms and works of a demo loaded at `founded`. Pure."""
    founded_on = brussels_day(founded)
    return {
        "people": [_person(worker) for worker in WORKERS if worker != UGO],
        "dimona": [
            *(_dimona(worker, worker.firm) for worker in WORKERS if _has_dimona(worker)),
            _dimona(PIA, SUBSUB),
            *_late_dimona(founded, now),
        ],
        "limosa": [_limosa(worker, founded_on) for worker in WORKERS if worker.limosa_number],
        "enterprises": [
            *({Wire.ENTERPRISE_NUMBER: firm.number} for firm in FIRMS),
            {Wire.ENTERPRISE_NUMBER: CLOSED.number, Wire.END_DATE: str(day_of(CLOSED_FROM, founded_on))},
        ],
        "declarations": [
            _declaration(works, founded_on)
            for works in WORKS
            if works.reference and works.is_known_at_the_nsso and works.regime == Regime.CIAO
        ],
        "presences": [item.to_wire() for item in _registered_elsewhere(founded_on)],
    }


def _public_keys(access: NssoCredentials) -> str:
    """The key in use and the second one: both are known while the demo's owner replaces a key."""
    spare = getattr(access, "spare", None)
    return access.public_key_pem + (spare.public_key_pem if spare else "")


def write(folder: Path, *, now: datetime) -> JsonObject:
    """Keep the reference data where the simulator looks for them when it starts.

    Answers the sections that have changed since they were written last.
    """
    path = folder / FILE_NAME
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    data = reference_data(now=now)
    if data == before:
        return {}
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    draft.replace(path)
    return {name: rows for name, rows in data.items() if rows != before.get(name)}


def tell_simulator(sections: JsonObject) -> bool:
    """Hand these sections to a simulator that runs already; whether one did."""
    parts = urlsplit(settings.NSSO_BASE_URL)
    address = urlunsplit((parts.scheme, parts.netloc, "/_simulator/reference", "", ""))
    with requests.Session() as session:
        session.trust_env = False  # a proxy of the environment must not come between
        try:
            return session.put(address, json=sections, timeout=REACH_S).ok
        except requests.RequestException:
            return False


def filed_at(day: date, founded: datetime) -> datetime:
    """When the Dimona of the student who worked on this day was filed."""
    usual = datetime.combine(day + FILED_AFTER, FILED_AT, tzinfo=BRUSSELS)
    if day < day_of(LAST_FILED_BEFORE_LOADING, brussels_day(founded)):
        return usual
    return max(usual, founded + FILED_AFTER_LOADING)


def _person(worker: Worker) -> JsonObject:
    person: JsonObject = {Wire.SSIN: worker.ssin}
    if worker.status == WorkerStatus.POSTED:
        person["posted"] = True
    if worker.status == WorkerStatus.SELF_EMPLOYED:
        known_for = STRANGER if worker == TILDE else worker.firm
        person["selfEmployedFor"] = [known_for.number]
    return person


def _has_dimona(worker: Worker) -> bool:
    without = (WorkerStatus.POSTED, WorkerStatus.SELF_EMPLOYED)
    return worker.has_dimona and worker.status not in without


def _dimona(worker: Worker, firm: Firm) -> JsonObject:
    return {
        Wire.SSIN: worker.ssin,
        Wire.ENTERPRISE_NUMBER: firm.number,
        Wire.START_DATE: KNOWN_SINCE,
    }


def _late_dimona(founded: datetime, now: datetime) -> list[JsonObject]:
    """One notice for each student and day that has been filed by now."""
    first = brussels_day(founded) - timedelta(days=HISTORY_DAYS)
    days = [day for day in each_day(first, brussels_day(now)) if filed_at(day, founded) <= now]
    return [
        {
            Wire.SSIN: student.ssin,
            Wire.ENTERPRISE_NUMBER: student.firm.number,
            Wire.START_DATE: str(day),
            Wire.END_DATE: str(day),
        }
        for day in days
        for student in STUDENTS
    ]


def _limosa(worker: Worker, founded_on: date) -> JsonObject:
    notice: JsonObject = {Wire.SSIN: worker.ssin, Wire.START_DATE: KNOWN_SINCE}
    if worker == SILVIU:
        notice[Wire.END_DATE] = str(day_of(LIMOSA_ENDED, founded_on))
    return notice


def _declaration(works: Works, founded_on: date) -> JsonObject:
    declaration: JsonObject = {
        Wire.REFERENCE: works.reference,
        Wire.ENTERPRISE_NUMBER: works.declarer.number,
        Wire.START_DATE: str(day_of(works.first, founded_on)),
        "subject": works.is_subject_at_the_nsso,
        "chain": [
            _member(firm, above, founded_on) for firm, above in works.chain if firm in works.chain_at_the_nsso
        ],
    }
    if works.last is not None:
        declaration[Wire.END_DATE] = str(day_of(works.last, founded_on))
    return declaration


def _member(firm: Firm, above: Firm, founded_on: date) -> JsonObject:
    member: JsonObject = {
        Wire.ENTERPRISE_NUMBER: firm.number,
        "parentEnterpriseNumber": above.number,
    }
    if firm == SUBSUB:
        member[Wire.START_DATE] = str(day_of(ADDED_TO_CHAIN, founded_on))
    return member


def _registered_elsewhere(founded_on: date) -> list[Item]:
    """Mornings registered on the NSSO's own page in the two weeks before the demo was loaded."""
    return [
        Item(
            registration_date=datetime.combine(day_of(age, founded_on), at, tzinfo=BRUSSELS).astimezone(UTC),
            ssin=VERA.ssin,
            type=kind,
            employer=Enterprise(VERA.firm.number),
            place_of_work=_address(NAMUR),
            reference=OFFICES.reference,
        )
        for age in ELSEWHERE_DAYS
        for at, kind in ((time(8, 4, 12), PresenceType.IN), (time(11, 31, 47), PresenceType.OUT))
    ]


def _address(place: Place) -> Address:
    return Address(place.post_code, place.municipality, place.street, place.house_number)
