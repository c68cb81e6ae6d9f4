"""For whom and where: a tenant's clients and workplaces."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.identifiers import parse_enterprise_number
from ciao_portal.models import Company
from declarations.models import Client, Workplace

ADDRESS_PARTS = ("street", "house_number", "post_code", "municipality")


@transaction.atomic
def create_client(
    *, company: Company, name: str, enterprise_number: str = "", actor: Actor, now: datetime
) -> Client:
    """Keep a client. The enterprise number may be as typed; clients that are no enterprise have none.

    Raises DomainError `client.name`, `enterprise.length`, `enterprise.start`, `enterprise.check`.
    """
    if not name.strip():
        raise DomainError("client.name", _("Give the client's name."), field="client_name")
    number = _parsed_number(enterprise_number) if enterprise_number.strip() else ""
    client = Client.objects.create(company=company, name=name.strip(), enterprise_number=number)
    audit.record("client.created", client, actor=actor, now=now)
    return client


@transaction.atomic
def create_workplace(
    *,
    company: Company,
    client: Client,
    name: str,
    street: str = "",
    house_number: str = "",
    box_number: str = "",
    post_code: str = "",
    municipality: str = "",
    latitude: Decimal | None = None,
    longitude: Decimal | None = None,
    actor: Actor,
    now: datetime,
) -> Workplace:
    """Keep a workplace, found by a complete address or by coordinates (WGS 84, decimal degrees).

    Raises DomainError `client.foreign`, `workplace.name`, `workplace.address` (nothing to find it by),
    `workplace.addressIncomplete`, `workplace.latitude`, `workplace.longitude`.
    """
    check_client(company, client)
    if not name.strip():
        raise DomainError(
            "workplace.name", _("Give the workplace a name your people will recognise."), field="name"
        )
    address = {
        "street": street.strip(),
        "house_number": house_number.strip(),
        "post_code": post_code.strip(),
        "municipality": municipality.strip(),
    }
    check_place(address, latitude, longitude)
    workplace = Workplace.objects.create(
        company=company,
        client=client,
        name=name.strip(),
        box_number=box_number.strip(),
        latitude=latitude,
        longitude=longitude,
        **address,
    )
    audit.record("workplace.created", workplace, actor=actor, now=now, payload={"client": str(client.pk)})
    return workplace


def check_client(company: Company, client: Client) -> None:
    """Refuse another company's client: following a foreign key does not pass the tenant's filter."""
    if client.company_id != company.pk:
        raise DomainError(
            "client.foreign",
            _("This client belongs to another company. Choose one of your own clients."),
            field="client",
        )


def check_place(address: dict[str, str], latitude: Decimal | None, longitude: Decimal | None) -> None:
    """A complete address or both coordinates; what is given must be whole. Raises as `create_workplace`."""
    _check_coordinates(latitude, longitude)
    missing = [part for part in ADDRESS_PARTS if not address.get(part)]
    if len(missing) == len(ADDRESS_PARTS):
        if latitude is None:
            raise DomainError(
                "workplace.address",
                _("Say where it is: a street, number, postcode and municipality, or coordinates."),
                field="street",
            )
    elif missing:
        raise DomainError(
            "workplace.addressIncomplete",
            _(
                "The address is not complete: the NSSO wants street, number, postcode and municipality. "
                "A place without a house number, such as a park, is given by its coordinates alone."
            ),
            field=missing[0],
        )


def _check_coordinates(latitude: Decimal | None, longitude: Decimal | None) -> None:
    for field, value, other, limit in (
        ("latitude", latitude, longitude, 90),
        ("longitude", longitude, latitude, 180),
    ):
        if value is None and other is not None:
            raise DomainError(
                f"workplace.{field}", _("Coordinates are a pair: give both numbers."), field=field
            )
        if value is not None and abs(value) > limit:
            raise DomainError(
                f"workplace.{field}",
                _("This lies between -%(limit)s and %(limit)s degrees."),
                field=field,
                params={"limit": limit},
            )


def _parsed_number(text: str) -> str:
    try:
        return parse_enterprise_number(text)
    except DomainError as error:
        raise error.on_field("client_number") from None
