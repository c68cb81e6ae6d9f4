"""What the NSSO simulator knows of the demo: nearly everything, so that a few things earn remarks.

The Dimona of one worker and the Limosa of another are missing, each declaration forgets a firm of its
chain, and somebody registered on the NSSO's own page.
"""

import json
import os
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import requests
from django.conf import settings

from ciao_portal.days import BRUSSELS, brussels_day
from ciao_portal.models import NssoCredentials
from ciao_portal.nsso.contract import Address, Enterprise, Item, JsonObject, PresenceType, Wire
from ciao_portal.tenancy import unscoped
from declarations.models import Declaration
from registrations.demo.cast import (
    FIRMS,
    INES,
    MAIN,
    NAMUR,
    OFFICES,
    WORKERS,
    WORKS,
    Firm,
    Place,
    Worker,
    Works,
)
from registrations.demo.founding import FOUNDED_BEFORE
from registrations.models.workers import WorkerStatus

FILE_NAME = "simulator-reference.json"
REACH_S = 2.0
# Open periods: the demo goes on for as long as somebody starts it.
KNOWN_SINCE = "2020-01-01"


def reference_data() -> JsonObject:
    """The sections of the simulator's reference data; the same for the same database."""
    with unscoped(reason="the demo's own firms, named by their fixed numbers"):
        numbers = [firm.number for firm in FIRMS]
        access = list(
            NssoCredentials.objects.filter(company__enterprise_number__in=numbers, company__is_demo=True)
            .select_related("company")
            .order_by("created_at", "id")
        )
        founded_at = Declaration.objects.get(
            company__enterprise_number=MAIN.number, technical_reference=OFFICES.reference
        ).created_at
    return {
        "people": [_person(worker) for worker in WORKERS],
        "dimona": [_dimona(worker) for worker in WORKERS if _has_dimona(worker)],
        "limosa": [],
        "enterprises": [{Wire.ENTERPRISE_NUMBER: firm.number} for firm in FIRMS],
        "declarations": [_declaration(works) for works in WORKS],
        "clients": [
            {
                "clientId": one.client_id,
                "publicKeyPem": one.public_key_pem,
                Wire.ENTERPRISE_NUMBER: one.company.enterprise_number,
            }
            for one in access
        ],
        "presences": [item.to_wire() for item in _registered_elsewhere(founded_at)],
    }


def write(folder: Path) -> Path:
    """Keep the reference data where the simulator looks for them when it starts; answers the file."""
    path = folder / FILE_NAME
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(reference_data(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    draft.replace(path)
    return path


def tell_simulator() -> bool:
    """Hand the reference data to a simulator that runs already; whether one did."""
    parts = urlsplit(settings.NSSO_BASE_URL)
    address = urlunsplit((parts.scheme, parts.netloc, "/_simulator/reference", "", ""))
    with requests.Session() as session:
        session.trust_env = False  # a proxy of the environment must not come between
        try:
            return session.put(address, json=reference_data(), timeout=REACH_S).ok
        except requests.RequestException:
            return False


def _person(worker: Worker) -> JsonObject:
    person: JsonObject = {Wire.SSIN: worker.ssin}
    if worker.status == WorkerStatus.POSTED:
        person["posted"] = True
    if worker.status == WorkerStatus.SELF_EMPLOYED:
        person["selfEmployedFor"] = [worker.firm.number]
    return person


def _has_dimona(worker: Worker) -> bool:
    without = (WorkerStatus.POSTED, WorkerStatus.SELF_EMPLOYED)
    return worker.has_dimona and worker.status not in without


def _dimona(worker: Worker) -> JsonObject:
    return {
        Wire.SSIN: worker.ssin,
        Wire.ENTERPRISE_NUMBER: worker.firm.number,
        Wire.START_DATE: KNOWN_SINCE,
    }


def _declaration(works: Works) -> JsonObject:
    return {
        Wire.REFERENCE: works.reference,
        Wire.ENTERPRISE_NUMBER: MAIN.number,
        Wire.START_DATE: KNOWN_SINCE,
        "chain": [_member(firm, works) for firm in works.chain_at_the_nsso],
    }


def _member(firm: Firm, works: Works) -> JsonObject:
    above = (MAIN, *works.chain)[works.chain.index(firm)]
    return {Wire.ENTERPRISE_NUMBER: firm.number, "parentEnterpriseNumber": above.number}


def _registered_elsewhere(founded_at: datetime) -> list[Item]:
    """The self-employed worker's morning on the day before the demo was loaded."""
    day = brussels_day(founded_at + FOUNDED_BEFORE) - timedelta(days=1)
    return [
        Item(
            registration_date=datetime.combine(day, at, tzinfo=BRUSSELS).astimezone(UTC),
            ssin=INES.ssin,
            type=kind,
            employer=Enterprise(INES.firm.number),
            place_of_work=_address(NAMUR),
            reference=OFFICES.reference,
        )
        for at, kind in ((time(8, 4, 12), PresenceType.IN), (time(11, 31, 47), PresenceType.OUT))
    ]


def _address(place: Place) -> Address:
    return Address(place.post_code, place.municipality, place.street, place.house_number)
