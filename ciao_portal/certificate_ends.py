"""Telling owners in time that the certificate of their access to the NSSO ends: on pages and by letter."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from ciao_portal.access import usable_accesses
from ciao_portal.days import brussels_day
from ciao_portal.languages import language_of
from ciao_portal.letters import LetterError, send_letter
from ciao_portal.models import Company, Membership, NssoCredentials, Role, User
from ciao_portal.nsso.expiry import FIRST_WARNING, days_left, has_ended, threshold_of, threshold_to_tell
from ciao_portal.tenancy import company_scope, unscoped

# As with remarks: amber from a week before.
SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class Ending:
    """A certificate that ends soon or has ended: the last Brussels day, and how urgent that is."""

    last_day: date
    days_left: int
    has_ended: bool

    @property
    def signal(self) -> str:
        if self.has_ended:
            return "late"
        return "wait" if self.days_left <= SOON_DAYS else "info"

    @property
    def words(self) -> str:
        """One sentence in the language at hand."""
        day = date_format(self.last_day)
        if self.has_ended:
            return gettext("The certificate of your access to the NSSO ended on %(day)s.") % {"day": day}
        if self.days_left == 0:
            return gettext("The certificate of your access to the NSSO ends today.")
        return ngettext(
            "The certificate of your access to the NSSO ends in %(count)s day, on %(day)s.",
            "The certificate of your access to the NSSO ends in %(count)s days, on %(day)s.",
            self.days_left,
        ) % {"count": self.days_left, "day": day}


def ending_of(ends_at: datetime | None, *, now: datetime) -> Ending | None:
    """What there is to say of a certificate that ends then; None while that is far away or unknown."""
    if ends_at is None or threshold_of(ends_at, now=now) is None:
        return None
    left = days_left(ends_at, now=now)
    return Ending(brussels_day(ends_at), left, has_ended(ends_at, now=now))


def ending_for(company: Company, *, now: datetime) -> Ending | None:
    """The same for the key that the company's registrations travel with. Call inside the company's scope."""
    found = usable_accesses().filter(company=company).values_list("certificate_ends_at", flat=True).first()
    return ending_of(found, now=now)


def tell_owners(*, now: datetime) -> int:
    """Write to the owners of companies whose certificate passed a threshold; answers how many letters went.

    Each threshold is told once. When no letter about it could be sent at all, it is tried again next time.
    """
    horizon = now + timedelta(days=FIRST_WARNING + 1)
    with unscoped(reason="the portal looks after the certificates of every company"):
        due = list(usable_accesses().filter(certificate_ends_at__lte=horizon).select_related("company"))
    return sum(_tell(access.company, now=now) for access in due)


def _tell(company: Company, *, now: datetime) -> int:
    with company_scope(company):
        taken = _take(company, now=now)
        if taken is None:
            return 0
        access, told_before = taken
        sent = sum(_sent(owner, access, now=now) for owner in _owners(company, now=now))
        if not sent:
            NssoCredentials.objects.filter(pk=access.pk).update(told_threshold=told_before)
        return sent


@transaction.atomic
def _take(company: Company, *, now: datetime) -> tuple[NssoCredentials, int | None] | None:
    """The access with the new threshold noted, and the one before; None when there is nothing to tell."""
    access = usable_accesses().select_for_update().filter(company=company).first()
    if access is None or access.certificate_ends_at is None:
        return None
    before = access.told_threshold
    threshold = threshold_to_tell(access.certificate_ends_at, told=before, now=now)
    if threshold is None:
        return None
    access.told_threshold = threshold
    access.save(update_fields=["told_threshold"])
    return access, before


def _owners(company: Company, *, now: datetime) -> list[User]:
    current = Membership.objects.current(now).filter(company=company, role=Role.OWNER, user__is_active=True)
    return [membership.user for membership in current.select_related("user").order_by("since", "id")]


def _sent(owner: User, access: NssoCredentials, *, now: datetime) -> bool:
    context = {
        "ending": ending_of(access.certificate_ends_at, now=now),
        "url": f"{settings.PUBLIC_URL}{reverse('settings-nsso')}",
        "guide_url": f"{settings.PUBLIC_URL}{reverse('settings-nsso-guide')}",
    }
    company = access.company
    language = language_of(owner.language, company.language)
    try:
        send_letter("certificate_ends", to=owner.email, company=company, language=language, context=context)
    except LetterError:
        return False
    return True
