"""Six digits that the office reads out: with the person's own number they pair one phone.

Whether number or code is wrong, whether anybody has that number, whether the code is used, old or locked:
the answer is the same word for word, and the same statements are run.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import Company, Person
from ciao_portal.models.people import SSIN_CONTEXT, field_keys
from ciao_portal.people import lock_person
from ciao_portal.prepared import Given, Moment, Viewer
from ciao_portal.tenancy import unscoped
from registrations.models import PairingCode, WrongTry
from registrations.models.means import PairedBy
from registrations.rules.guessing import (
    CODE_DIGITS,
    CODE_LIFE,
    CODES,
    TRIES_PER_CODE,
    WINDOW,
    Counted,
    is_too_often,
)
from registrations.services.pairing import pair

MINUTE = timedelta(minutes=1)
CODE_CONTEXT = "pairing.code"
TRY_CONTEXT = "wrong_try"
# Stands in for the rows that an unknown number has not.
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Tried:
    """Number (11 digits, already checked) and code as typed, and under what a wrong try is counted.

    `counted` holds what is known: the phone's opaque cookie, the point's code, the address.
    """

    ssin: str
    code: str
    counted: Mapping[Counted, str]


@transaction.atomic
def give_code(*, company: Company, person: Person, actor: Actor, now: datetime) -> str:
    """Make a code for one phone of this person and return it; a former one stops working."""
    # Two offices at once: one after the other, so that one code is open.
    lock_person(person.pk)
    open_codes(company=company, person=person, now=now).update(revoked_at=now)
    code = f"{secrets.randbelow(CODES):0{CODE_DIGITS}}"
    given = PairingCode(company=company, person=person, created_at=now, expires_at=now + CODE_LIFE)
    given.code_hash = field_keys().blind_index(_bound(given, code), CODE_CONTEXT).hex()
    given.save()
    audit.record("pairing.code_given", given, actor=actor, now=now)
    return code


@transaction.atomic
def revoke_code(*, code: PairingCode, actor: Actor, now: datetime) -> None:
    """Take an unused code back, at once and for good."""
    if code.used_at is None and code.revoked_at is None:
        code.revoked_at = now
        code.save(update_fields=["revoked_at"])
        audit.record("pairing.code_revoked", code, actor=actor, now=now)


def open_codes(*, company: Viewer, person: Person | Given, now: Moment) -> QuerySet[PairingCode]:
    """Codes that still stand, also a locked one: the office sees why it no longer works."""
    return PairingCode.objects.filter(
        company=company,
        person=person,
        used_at__isnull=True,
        revoked_at__isnull=True,
        expires_at__gt=now,
    )


TOO_OFTEN = {
    Counted.PHONE: _(
        "Too many wrong tries on this phone. Wait one hour and ask for a new code. You can always register "
        "with your number."
    ),
    Counted.POINT: _(
        "Too many wrong tries at this place. Ask your employer for a link or a card. You can always register "
        "with your number."
    ),
    Counted.ADDRESS: _(
        "Too many wrong tries here. Ask your employer for a link or a card. You can always register with "
        "your number."
    ),
}


def pair_with_code(tried: Tried, *, label: str, now: datetime) -> str:
    """Pair this phone and return the secret it keeps in its cookie.

    Raises DomainError `pairing.tooOften.<phone|point|address>` above a ceiling (nothing was looked at), and
    `pairing.codeWrong` for everything else that does not fit. Not one transaction on purpose: what was
    counted stays counted when the try was wrong.
    """
    rows = _count(tried, now=now)
    if ceiling := is_too_often(_tries(rows, now=now)):
        _take_back(rows)
        raise DomainError(f"pairing.tooOften.{ceiling.value}", TOO_OFTEN[ceiling])
    secret = _paired(tried, label=label, now=now)
    if secret is None:
        raise DomainError(
            "pairing.codeWrong",
            _(
                "Number and code do not belong together. Check both. A code works for %(minutes)s minutes, "
                "and not after %(tries)s wrong tries. Then ask your employer for a new code."
            ),
            field="code",
            params={"minutes": CODE_LIFE // MINUTE, "tries": TRIES_PER_CODE},
        )
    _take_back(rows)
    return secret


def _count(tried: Tried, *, now: datetime) -> list[WrongTry]:
    """Write the try down before anything is looked at: many at once are then all seen."""
    keys = field_keys()
    WrongTry.objects.filter(at__lte=now - WINDOW).delete()
    return WrongTry.objects.bulk_create(
        WrongTry(
            counted=counted.value,
            subject=keys.blind_index(value, f"{TRY_CONTEXT}.{counted.value}").hex(),
            at=now,
        )
        for counted, value in tried.counted.items()
        if value
    )


def _tries(rows: list[WrongTry], *, now: datetime) -> dict[Counted, int]:
    """Tries of the last hour under what these rows are counted under, themselves included."""
    found = WrongTry.objects.filter(subject__in=[row.subject for row in rows], at__gt=now - WINDOW)
    return {
        Counted(counted): tries
        for counted, tries in found.order_by().values_list("counted").annotate(tries=Count("pk"))
    }


def _take_back(rows: list[WrongTry]) -> None:
    WrongTry.objects.filter(pk__in=[row.pk for row in rows]).delete()


@transaction.atomic
def _paired(tried: Tried, *, label: str, now: datetime) -> str | None:
    """The new phone's secret, or None after counting a wrong try under every code that was open."""
    indexes = [index.hex() for index in field_keys().blind_indexes(tried.ssin, SSIN_CONTEXT)]
    with unscoped(reason="number and code together are the authority"):
        codes = list(
            PairingCode.objects.select_for_update(of=("self",)).filter(
                person__ssin_index__in=indexes,
                used_at__isnull=True,
                revoked_at__isnull=True,
                expires_at__gt=now,
                failures__lt=TRIES_PER_CODE,
            )
        )
        right = next((one for one in codes if _fits(one, tried.code)), None)
        if right is None:
            ids = [NOBODY, *(one.pk for one in codes)]
            PairingCode.objects.filter(pk__in=ids).update(failures=F("failures") + 1)
            return None
        PairingCode.objects.filter(pk=right.pk).update(used_at=now)
        return pair(person=right.person, company=right.company, label=label, by=PairedBy.CODE, now=now)


def _fits(given: PairingCode, code: str) -> bool:
    hashes = [index.hex() for index in field_keys().blind_indexes(_bound(given, code), CODE_CONTEXT)]
    return any(hmac.compare_digest(given.code_hash, one) for one in hashes)


def _bound(given: PairingCode, code: str) -> str:
    """The same six digits of two people, or of one person's two codes, never look alike in the table."""
    return f"{given.pk}:{code}"
