"""The demo's sign-ins for the page of whoever is not signed in; they are public knowledge."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise

from ciao_portal.models import Company, Role
from registrations.demo.cast import PASSWORD, SIGN_INS


@dataclass(frozen=True, slots=True)
class Welcome:
    """Who can be tried out: e-mail, company and role; one password for all."""

    people: Sequence[tuple[str, str, str | Promise]]
    password: str


def welcome() -> Welcome | None:
    """None unless the demo is loaded and its NSSO is the simulator."""
    if settings.NSSO_ENVIRONMENT != "simulator" or not Company.objects.filter(is_demo=True).exists():
        return None
    people = [(one.email, one.firm.name, Role(one.role).label) for one in SIGN_INS]
    return Welcome(people, PASSWORD)
