"""Personal cards: made, replaced when lost, revoked at once; perhaps with a chip that a reader tells.

A worker has one valid card with a company: a new one ends the former.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, models, transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import Company, Person
from ciao_portal.models.people import field_keys
from ciao_portal.prepared import Given, Prepared
from ciao_portal.tenancy import unscoped
from registrations.models import Badge, Device
from registrations.models.means import PairedBy
from registrations.rules.chips import normal_chip
from registrations.services.pairing import hash_secret, pair, revoke_device

# 128 bits: 22 characters, so that the QR on a card stays coarse enough for an old camera.
CARD_SECRET_BYTES = 16
CHIP_CONTEXT = "badge.chip"

_BY_SECRET = Prepared(
    lambda: (
        Badge.objects.select_related("person", "company")
        .filter(secret_hash=Given("hash", models.CharField()))
        .order_by()
    )
)


@dataclass(frozen=True, slots=True)
class IssuedCard:
    """A new card and the secret of its QR, which is stored nowhere."""

    badge: Badge
    secret: str


def valid_cards() -> QuerySet[Badge]:
    """Cards that nobody revoked; in a company's scope, the company's own."""
    return Badge.objects.filter(revoked_at__isnull=True)


@transaction.atomic
def issue_cards(
    *, company: Company, people: Iterable[Person], actor: Actor, now: datetime
) -> list[IssuedCard]:
    """A new card for each of them, in the order given; their former cards of the company end."""
    # Numbers count within the company: one office after the other.
    Company.objects.select_for_update(no_key=True).only("pk").get(pk=company.pk)
    own = Badge.objects.filter(company=company)
    last: int = own.aggregate(last=Max("number"))["last"] or 0
    issued = []
    for number, person in enumerate(people, start=last + 1):
        for former in own.filter(person=person, revoked_at__isnull=True):
            revoke_card(badge=former, actor=actor, now=now)
        secret = secrets.token_urlsafe(CARD_SECRET_BYTES)
        badge = Badge.objects.create(
            company=company, person=person, number=number, secret_hash=hash_secret(secret), issued_at=now
        )
        audit.record("card.issued", badge, actor=actor, now=now, payload={"number": number})
        issued.append(IssuedCard(badge, secret))
    return issued


@transaction.atomic
def revoke_card(*, badge: Badge, actor: Actor, now: datetime) -> None:
    """A lost card: its QR and its chip identify nobody from now on, nor does a phone paired with it.

    The chip may be given to another card.
    """
    if badge.revoked_at is None:
        badge.revoked_at = now
        badge.save(update_fields=["revoked_at"])
        audit.record("card.revoked", badge, actor=actor, now=now, payload={"number": badge.number})
        for phone in Device.objects.filter(badge=badge, revoked_at__isnull=True):
            revoke_device(device=phone, actor=actor, now=now)


@transaction.atomic
def set_chip(*, badge: Badge, chip: str, actor: Actor, now: datetime) -> None:
    """Let the chip with this number, as a reader says it, stand for the card.

    Raises DomainError `chip.malformed`, `chip.taken` (by another valid card) or `card.revoked`.
    """
    hashes = _chip_hashes(normal_chip(chip))
    if badge.revoked_at is not None:
        raise DomainError("card.revoked", _("This card was revoked. Make a new one."), field="chip")
    with unscoped(reason="a chip belongs to one card anywhere; which other one it is is not told"):
        is_taken = valid_cards().filter(chip_hash__in=hashes).exclude(pk=badge.pk).exists()
    taken = DomainError(
        "chip.taken",
        _("This chip belongs to another card. Revoke that card first, or take another chip."),
        field="chip",
    )
    if is_taken:
        raise taken
    if badge.chip_hash not in hashes:
        badge.chip_set_at = now
    badge.chip_hash = hashes[0]
    try:
        with transaction.atomic():
            badge.save(update_fields=["chip_hash", "chip_set_at"])
    except IntegrityError:
        # Another office was faster: the database lets one valid card have a chip.
        raise taken from None
    audit.record("card.chip_set", badge, actor=actor, now=now, payload={"number": badge.number})


@transaction.atomic
def pair_with_card(*, secret: str, label: str, now: datetime) -> str:
    """Make this phone the own phone of the card's person, and return the secret it keeps in its cookie.

    Raises DomainError `card.unknown`.
    """
    badge = card_with_secret(secret)
    if badge is None:
        raise DomainError(
            "card.unknown", _("This card does not work any more. Ask your employer for a new one.")
        )
    return pair(
        person=badge.person, company=badge.company, label=label, by=PairedBy.CARD, badge=badge, now=now
    )


def card_with_secret(secret: str) -> Badge | None:
    """The valid card whose QR holds this secret, with its person and company."""
    badge = any_card_with_secret(secret)
    return badge if badge is not None and badge.revoked_at is None else None


def any_card_with_secret(secret: str) -> Badge | None:
    """The card whose QR holds this secret, also when it was revoked."""
    with unscoped(reason="the secret of the card is the authority"):
        return _BY_SECRET.first(hash=hash_secret(secret)) if secret else None


def any_card_with_chip(chip: str, *, at: datetime) -> Badge | None:
    """The card this chip (as a reader says it) stood for at that moment, also when it was revoked.

    One chip stands for one card after the other: it is the card that was given the chip last before then.
    Raises DomainError `chip.malformed`.
    """
    hashes = _chip_hashes(normal_chip(chip))
    with unscoped(reason="the chip of the card is the authority, at a reader of the company's own"):
        cards = Badge.objects.select_related("person", "company").filter(chip_hash__in=hashes)
        badge = (
            cards.filter(chip_set_at__lte=at).order_by("-chip_set_at", "-id").first()
            or cards.order_by("chip_set_at").first()
        )
        if badge is not None and badge.chip_hash != hashes[0]:
            # Written under an older key: brought along, so that the key can be retired.
            cards.update(chip_hash=hashes[0])
    return badge


def _chip_hashes(number: str) -> list[str]:
    """Keyed, newest key first: the numbers of chips are short and run in series."""
    return [index.hex() for index in field_keys().blind_indexes(number, CHIP_CONTEXT)]
