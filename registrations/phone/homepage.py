"""What a paired phone shows beside its buttons: a greeting and today's own registrations."""

from dataclasses import dataclass
from datetime import datetime

from ciao_portal.days import brussels_day
from ciao_portal.prepared import KEYS, PERSON, TODAY, Among, Prepared
from ciao_portal.tenancy import unscoped
from registrations.models import Employment, Means, Registration
from registrations.phone.confirmations import Line, lines
from registrations.phone.identity import Identity
from registrations.phone.points import Site

SHOWN = 2

_EMPLOYMENT = Prepared(lambda: Employment.objects.filter(Among("company", KEYS), person=PERSON)[:1])
_NEWEST = Prepared(
    lambda: (
        Registration.objects.filter(person=PERSON, happened_day=TODAY)
        .select_related("submission", "workplace")
        .order_by("-happened_at", "-id")[:SHOWN]
    )
)


@dataclass(frozen=True, slots=True)
class Home:
    """The first name as the employer at this point wrote it (empty when none did), and today's last lines."""

    first_name: str
    today: list[Line]


def home(known: Identity | None, site: Site, *, now: datetime) -> Home | None:
    """None unless the phone is paired: a typed number shows nothing of the past."""
    if known is None or known.means != Means.PAIRED:
        return None
    with unscoped(reason="a paired phone's own person, at a point of one of their employers"):
        employment = _EMPLOYMENT.first(
            person=known.person.pk, keys=[company.pk for company in site.companies]
        )
        newest = _NEWEST.all(person=known.person.pk, today=brussels_day(now))
    return Home(employment.first_name if employment else "", lines(reversed(newest)))
