"""A site to register at: works with and without a chain, paired phones, numbers to type."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count

from ciao_portal.models import Company
from ciao_portal.people import people_with_ssins
from ciao_portal.tenancy import unscoped
from declarations.models import RegistrationPoint
from registrations.models import Device, Employment
from registrations.services.pairing import hash_secret
from tests.cast import MAIN_NUMBER, SUB_NUMBER, make_company
from tests.works import declare, subcontract_to

DECLARATIONS = 4
WORKPLACES = 10
# More than any number of clients, so that nobody taps twice at once.
WORKERS = 2000
DOOR = "a measurement founds its own site"


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody with a paired phone (its secret) who works at one point, and could type a number as well."""

    ssin: str
    secret: str
    code: str


def found_site(*, now: datetime, workers: int = WORKERS) -> list[Worker]:
    """Works of one company, every second with a subcontractor, and the people who clean there."""
    main = make_company("Helder Main", MAIN_NUMBER, now=now)
    sub = make_company("Zuiver Sub", SUB_NUMBER, now=now)
    for number in range(DECLARATIONS):
        works = declare(
            main,
            workplaces=WORKPLACES,
            declared_number=f"9B0BENCHMARK{number + 1}",
            technical_reference=f"1Y1BENCHMARK{number + 1}",
            now=now,
        )
        if number % 2:
            subcontract_to(works, sub, now=now)
    with unscoped(reason=DOOR):
        codes = list(
            RegistrationPoint.objects.filter(declaration__company=main, workplace__isnull=False).values_list(
                "code", flat=True
            )
        )
        return _hire(main, codes, workers, now=now)


def _hire(company: Company, codes: list[str], hands: int, *, now: datetime) -> list[Worker]:
    numbers = _national_numbers()
    workers = [
        Worker(next(numbers), secrets.token_urlsafe(24), codes[index % len(codes)]) for index in range(hands)
    ]
    people = people_with_ssins([worker.ssin for worker in workers], now=now)
    Employment.objects.bulk_create(
        Employment(
            company=company,
            person=people[worker.ssin],
            first_name="Ada",
            last_name=f"Voorbeeld {index}",
            starts_on=date(2026, 1, 1),
        )
        for index, worker in enumerate(workers)
    )
    Device.objects.bulk_create(
        Device(person=people[worker.ssin], secret_hash=hash_secret(worker.secret), paired_at=now)
        for worker in workers
    )
    return workers


def _national_numbers() -> Iterator[str]:
    """Well-formed numbers of nobody: born in the sixties, one after the other."""
    for index in count():
        day, counter = divmod(index, 499)
        body = f"{60 + day // 336:02d}{day // 28 % 12 + 1:02d}{day % 28 + 1:02d}{counter * 2 + 1:03d}"
        yield f"{body}{97 - int(body) % 97:02d}"
