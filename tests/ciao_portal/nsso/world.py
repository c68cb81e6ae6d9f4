"""A small world for the simulator: one chain of three companies, a stranger, some people."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ciao_portal.nsso.contract import Address, Coordinates, Enterprise, Item, PresenceType

MAIN, SUB, BELOW_SUB, STRANGER = "0206731645", "0202239951", "0409536968", "0400000014"
REFERENCE, OTHER_REFERENCE = "1Y1003SQ5VSSZ", "1Y1004AAAAAAA"
ANNA, BILAL = "85073003328", "17073003384"
POSTED, SELF_EMPLOYED = "98472899765", "01490700185"
UNKNOWN_PERSON = "53480200724"

EARLIER = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
BRUSSELS = ZoneInfo("Europe/Brussels")
# First and last Brussels day of everything below: around midnight these are two.
DAYS = (EARLIER.astimezone(BRUSSELS).date(), (EARLIER + timedelta(hours=2)).astimezone(BRUSSELS).date())
PLACE = Address("1000", "Brussel", "Kruidtuinlaan", "50", "2")
POINT = Coordinates(4.3517, 50.8466)


def item(
    ssin: str = ANNA,
    type_: str = "IN",
    *,
    employer: str = MAIN,
    reference: str | None = REFERENCE,
    minutes: float = 0,
) -> Item:
    """A presence two hours ago, ``minutes`` later."""
    return Item(
        registration_date=EARLIER + timedelta(minutes=minutes),
        ssin=ssin,
        type=PresenceType(type_),
        employer=Enterprise(employer),
        place_of_work=PLACE,
        reference=reference,
    )


def reference_data() -> dict[str, list[dict[str, Any]]]:
    """Everything in order for Anna and Bilal at each of the three companies."""
    companies = (MAIN, SUB, BELOW_SUB)
    since = "2020-01-01"
    chain = [
        {"enterpriseNumber": SUB, "parentEnterpriseNumber": MAIN},
        {"enterpriseNumber": BELOW_SUB, "parentEnterpriseNumber": SUB},
    ]
    return {
        "people": [
            {"ssin": ANNA},
            {"ssin": BILAL},
            {"ssin": POSTED, "posted": True},
            {"ssin": SELF_EMPLOYED, "selfEmployedFor": [SUB]},
        ],
        "dimona": [
            {"ssin": ssin, "enterpriseNumber": company, "startDate": since}
            for ssin in (ANNA, BILAL)
            for company in companies
        ],
        "limosa": [{"ssin": POSTED, "startDate": since}],
        "enterprises": [{"enterpriseNumber": number} for number in (*companies, STRANGER)],
        "declarations": [
            {
                "contractualRelationshipReference": REFERENCE,
                "enterpriseNumber": MAIN,
                "startDate": since,
                "chain": chain,
            },
            {
                "contractualRelationshipReference": OTHER_REFERENCE,
                "enterpriseNumber": MAIN,
                "startDate": since,
            },
        ],
        "presences": [],
    }
