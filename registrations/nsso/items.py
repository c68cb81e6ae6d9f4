"""From a registration to an item of the contract: the one place where a national number is decrypted."""

from datetime import UTC

from ciao_portal.crypto import DecryptionError
from ciao_portal.models import Company
from ciao_portal.nsso import contract
from ciao_portal.nsso.contract import (
    Address,
    Coordinates,
    Employer,
    Enterprise,
    ForeignVat,
    Item,
    Place,
    PresenceType,
)
from declarations.models import Workplace
from registrations.models import Registration, RegistrationPlace, Submission
from registrations.nsso.refusals import Reason
from registrations.rules.presence import Kind, nsso_type

NUMBER_UNREADABLE = "numberUnreadable"


class UnsendableError(Exception):
    """What is stored does not make an item of the contract; `reason` says which part."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class NumberPendingError(Exception):
    """The person has no national number yet."""


class NumberUnreadableError(Exception):
    """The key under which the national number was encrypted is missing: a setting, not the registration."""


def build_item(submission: Submission) -> Item:
    """The item for this submission, with its moment cut to the second in UTC.

    Person, employer, declaration, workplace and place should be loaded. Raises UnsendableError,
    NumberPendingError or NumberUnreadableError.
    """
    registration = submission.registration
    return Item(
        registration_date=registration.happened_at.astimezone(UTC).replace(microsecond=0),
        ssin=_ssin(submission),
        type=PresenceType(nsso_type(Kind(registration.kind))),
        employer=_employer(registration.employer),
        place_of_work=_given(registration) or _place(registration.workplace),
        reference=_reference(registration.declaration.technical_reference),
    )


def _ssin(submission: Submission) -> str:
    try:
        ssin = submission.person.ssin
    except DecryptionError as error:
        raise NumberUnreadableError from error
    if ssin is None:
        raise NumberPendingError
    if not contract.SSIN.fullmatch(ssin):
        raise UnsendableError(Reason.NATIONAL_NUMBER)
    return ssin


def _employer(company: Company) -> Employer:
    if company.enterprise_number is None:
        number = (company.foreign_vat_number or "").strip()
        if not number:
            raise UnsendableError(Reason.ENTERPRISE_NUMBER)
        return ForeignVat(number)
    if not contract.ENTERPRISE_NUMBER.fullmatch(company.enterprise_number):
        raise UnsendableError(Reason.ENTERPRISE_NUMBER)
    return Enterprise(company.enterprise_number)


def _given(registration: Registration) -> Place | None:
    """What the worker gave, as far as the contract takes it: a position, or a complete address."""
    given: RegistrationPlace | None = getattr(registration, "place", None)
    if given is None:
        return None
    if given.longitude is not None and given.latitude is not None:
        return Coordinates(float(given.longitude), float(given.latitude))
    parts = (given.post_code, given.municipality, given.street, given.house_number)
    return Address(*parts) if all(parts) else None


def _place(workplace: Workplace) -> Place:
    parts = (workplace.post_code, workplace.municipality, workplace.street, workplace.house_number)
    if all(part.strip() for part in parts):
        return Address(*parts, box_number=workplace.box_number or None)
    longitude, latitude = workplace.longitude, workplace.latitude
    if longitude is None or latitude is None or abs(longitude) > 180 or abs(latitude) > 90:
        raise UnsendableError(Reason.WORKPLACE)
    return Coordinates(float(longitude), float(latitude))


def _reference(technical_reference: str) -> str | None:
    if technical_reference and not contract.REFERENCE.fullmatch(technical_reference):
        raise UnsendableError(Reason.REFERENCE)
    return technical_reference or None
