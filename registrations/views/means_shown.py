"""The means by which one worker registers, as the worker's page shows them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from ciao_portal.days import brussels_day
from registrations import cells
from registrations.models import Badge, Device, Employment, PairingLink
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


def means_of(employment: Employment, *, now: datetime) -> dict[str, Any]:
    """Rows in the order phones, cards, then what was handed out and not used yet."""
    phones = [_phone(employment, phone) for phone in _phones(employment)]
    links = PairingLink.objects.filter(
        person=employment.person, used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now
    ).order_by("expires_at")
    codes = open_codes(company=employment.company, person=employment.person, now=now)
    return {
        "has_phone": bool(phones),
        "means": [
            *phones,
            *(_card(employment, card) for card in valid_cards().filter(person=employment.person)),
            *(
                MeansRow(
                    "clock",
                    gettext("Pairing link handed out, not used yet"),
                    gettext("valid until %(until)s") % {"until": cells.moment(link.expires_at)},
                    _address("link-revoke", employment, link=link.pk),
                )
                for link in links
            ),
            *(
                MeansRow(
                    "clock",
                    gettext("Code read out, not used yet"),
                    _code_words(is_locked=code.failures >= TRIES_PER_CODE)
                    % {"until": cells.moment(code.expires_at), "tries": TRIES_PER_CODE},
                    _address("code-revoke", employment, code=code.pk),
                )
                for code in codes
            ),
        ],
    }


def _phones(employment: Employment) -> list[Device]:
    return list(Device.objects.filter(person=employment.person, revoked_at__isnull=True))


def _phone(employment: Employment, phone: Device) -> MeansRow:
    day = cells.day(brussels_day(phone.paired_at))
    small = gettext("paired on %(day)s") % {"day": day}
    if phone.paired_by:
        words = {"day": day, "how": phone.get_paired_by_display()}
        small = gettext("paired on %(day)s %(how)s") % words
    return MeansRow(
        "phone", phone.label or gettext("Phone"), small, _address("phone-revoke", employment, phone=phone.pk)
    )


def _card(employment: Employment, card: Badge) -> MeansRow:
    small = gettext("made on %(day)s, with a chip") if card.chip_hash else gettext("made on %(day)s")
    return MeansRow(
        "card",
        gettext("Card no. %(number)s") % {"number": card.number},
        small % {"day": cells.day(brussels_day(card.issued_at))},
        _address("card-revoke", employment, card=card.pk),
        asks=True,
        chip_url=_address("card-chip", employment, card=card.pk),
    )


def _code_words(*, is_locked: bool) -> str:
    if is_locked:
        return gettext("locked after %(tries)s wrong tries: give a new one")
    return gettext("valid until %(until)s")


def _address(name: str, employment: Employment, **other: Any) -> str:
    return reverse(f"registrations:{name}", kwargs={"worker": employment.pk, **other})
