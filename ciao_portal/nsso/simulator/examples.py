"""Examples of the description: numbers that exist nowhere but are well-formed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

from ciao_portal.nsso.contract import (
    BASE_PATH,
    COLLECTION,
    Address,
    Created,
    Enterprise,
    Item,
    PresenceRegistration,
    PresenceType,
    Remark,
    RemarkCode,
    Validity,
    Wire,
)
from ciao_portal.nsso.simulator.descriptions import description_of

NUMBER: Final = 17611
DAY: Final = "2024-09-02"
_ITEM = Item(
    registration_date=datetime(2024, 9, 2, 5, 2, 11, tzinfo=UTC),
    ssin="85073003328",
    type=PresenceType.IN,
    employer=Enterprise("0206731645"),
    place_of_work=Address("1000", "Brussel", "Kruidtuinlaan", "50", "2"),
    reference="1Y1003SQ5VSSZ",
)
_NEW = PresenceRegistration(
    **vars(_ITEM),
    id=NUMBER,
    creation_date=datetime(2024, 9, 2, 5, 2, 12, tzinfo=UTC),
    validity=Validity.PENDING,
)
_JUDGED = PresenceRegistration(
    **{
        **vars(_NEW),
        "validity": Validity.VALID_WITH_REMARKS,
        "remarks": (
            Remark(
                RemarkCode.DIMONA_NOT_FOUND,
                description_of(RemarkCode.DIMONA_NOT_FOUND),
                date(2024, 9, 2),
            ),
        ),
        "last_validation_date": datetime(2024, 9, 2, 5, 2, 14, tzinfo=UTC),
    }
)

ITEM: Final = _ITEM.to_wire()
REGISTRATION: Final = _JUDGED.to_wire()
BULK_ANSWER: Final = {Wire.ITEMS: [Created(_NEW).to_wire()]}
COLLECTION_PAGE: Final = {
    Wire.SELF: f"https://services.example{BASE_PATH}{COLLECTION}"
    f"?{Wire.START_DATE}={DAY}&{Wire.END_DATE}={DAY}&{Wire.PAGE}=1",
    Wire.ITEMS: [REGISTRATION],
    Wire.TOTAL: 1,
    Wire.PAGE: 1,
    Wire.PAGE_SIZE: 100,
}
