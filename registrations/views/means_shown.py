"""The means by which one worker registers, as the worker's page shows them."""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, CharField, IntegerField, QuerySet, Value, When
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext

from ciao_portal.days import brussels_day
from ciao_portal.prepared import NOW, PERSON, VIEWER, Prepared
from ciao_portal.tenancy import unscoped
from registrations import cells
from registrations.models import Device, Employment, PairingLink
from registrations.models.means import PairedBy
from registrations.rules.guessing import TRIES_PER_CODE
from registrations.services.cards import valid_cards
from registrations.services.pairing_codes import open_codes


@dataclass(frozen=True, slots=True)
class MeansRow:
    """One phone, card, link or code; `revoke_url` takes a POST, `asks` leads to a page that asks first."""

    icon: str
    words: str
    small: str
    revoke_url: str = ""
    asks: bool = False
    chip_url: str = ""


class Found(NamedTuple):
    """One row of `_MEANS`. `until` of a link or a code, else since when; `number` counts what `kind` says."""

    kind: str
    id: UUID
    # A phone's kind, a card's number.
    words: str
    # How a phone was paired.
    paired_by: str
    at: datetime
    # Of a card: 1 with a chip; of a code: wrong tries.
    number: int


def _means() -> QuerySet[Any, Any]:
    """Everything that stands, of four tables, in one query."""
    links = PairingLink.objects.filter(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=NOW)
    nothing, none = Value("", CharField()), Value(0, IntegerField())
    card, chip = Cast("number", CharField()), Case(When(chip_hash="", then=0), default=1)
    phones = Device.objects.filter(person=PERSON, revoked_at__isnull=True)
    cards = valid_cards().filter(company=VIEWER, person=PERSON)
    parts = [
        _columns("phone", phones, "label", "paired_by", "paired_at", none),
        _columns("card", cards, card, nothing, "issued_at", chip),
        _columns("link", links.filter(company=VIEWER, person=PERSON), nothing, nothing, "expires_at", none),
        _columns(
            "code",
            open_codes(company=VIEWER, person=PERSON, now=NOW),
            nothing,
            nothing,
            "expires_at",
            "failures",
        ),
    ]
    first, *others = parts
    return first.union(*others, all=True)


def _columns(kind: str, rows: QuerySet[Any, Any], *columns: Any) -> QuerySet[Any, Any]:
    return rows.order_by().values_list(Value(kind, CharField()), "id", *columns)


_MEANS = Prepared(_means)


def means_of(employment: Employment, *, now: datetime) -> dict[str, Any]:
    """Rows in the order phones, cards, then what was handed out and not used yet; one query."""
    with unscoped(reason="means of one person, and what one company handed out to them, both named"):
        rows = _MEANS.all(viewer=employment.company_id, person=employment.person_id, now=now)
    found = [Found(*row) for row in rows]
    shown = {"phone": _phone, "card": _card, "link": _link, "code": _code}
    return {
        "has_phone": any(one.kind == "phone" for one in found),
        "means": [
            shown[kind](employment, one)
            for kind in shown
            for one in sorted(found, key=attrgetter("at"), reverse=kind != "link")
            if one.kind == kind
        ],
    }


def _phone(employment: Employment, phone: Found) -> MeansRow:
    day = cells.day(brussels_day(phone.at))
    small = gettext("paired on %(day)s") % {"day": day}
    if phone.paired_by:
        words = {"day": day, "how": PairedBy(phone.paired_by).label}
        small = gettext("paired on %(day)s %(how)s") % words
    return MeansRow(
        "phone", phone.words or gettext("Phone"), small, _address("phone-revoke", employment, phone=phone.id)
    )


def _card(employment: Employment, card: Found) -> MeansRow:
    small = gettext("made on %(day)s, with a chip") if card.number else gettext("made on %(day)s")
    return MeansRow(
        "card",
        gettext("Card no. %(number)s") % {"number": card.words},
        small % {"day": cells.day(brussels_day(card.at))},
        _address("card-revoke", employment, card=card.id),
        asks=True,
        chip_url=_address("card-chip", employment, card=card.id),
    )


def _link(employment: Employment, link: Found) -> MeansRow:
    return MeansRow(
        "clock",
        gettext("Pairing link handed out, not used yet"),
        gettext("valid until %(until)s") % {"until": cells.moment(link.at)},
        _address("link-revoke", employment, link=link.id),
    )


def _code(employment: Employment, code: Found) -> MeansRow:
    return MeansRow(
        "clock",
        gettext("Code read out, not used yet"),
        _code_words(is_locked=code.number >= TRIES_PER_CODE)
        % {"until": cells.moment(code.at), "tries": TRIES_PER_CODE},
        _address("code-revoke", employment, code=code.id),
    )


def _code_words(*, is_locked: bool) -> str:
    if is_locked:
        return gettext("locked after %(tries)s wrong tries: give a new one")
    return gettext("valid until %(until)s")


def _address(name: str, employment: Employment, **other: Any) -> str:
    return reverse(f"registrations:{name}", kwargs={"worker": employment.pk, **other})
