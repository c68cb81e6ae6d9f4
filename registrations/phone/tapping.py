"""From a POST of the phone page to the one door. Nothing here asks; what is doubtful is flagged."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.db.models import DateField, Exists, OuterRef, Q, UUIDField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.models import Company
from ciao_portal.prepared import PERSON, Given, Prepared
from ciao_portal.tenancy import unscoped
from declarations.models import ChainView, Workplace
from registrations.models import Employment
from registrations.phone.identity import Identity, identify
from registrations.phone.leading import Press, led_on
from registrations.phone.lent import is_lent
from registrations.phone.points import Site
from registrations.querysets import employed_on
from registrations.rules.flags import Doubt
from registrations.rules.presence import Kind
from registrations.rules.taps import KeyOrigin
from registrations.services.registering import Receipt, TapAtPoint, register

# Who employs a person on a day, among the companies of a chain, the declarer included.
_EMPLOYMENTS = Prepared(
    lambda: (
        Employment.objects.select_related("company")
        .filter(
            employed_on(Given("day", DateField())),
            Q(company=Given("declarer", UUIDField()))
            | Exists(
                ChainView.objects.filter(
                    Q(valid_to__isnull=True) | Q(valid_to__gte=Given("day", DateField())),
                    declaration=Given("declaration", UUIDField()),
                    viewer=Given("declarer", UUIDField()),
                    member=OuterRef("company"),
                    valid_from__lte=Given("day", DateField()),
                )
            ),
            person=PERSON,
        )
        .order_by()
    )
)


@dataclass(frozen=True, slots=True)
class Tapped:
    """A stored tap and who made it."""

    receipt: Receipt
    identity: Identity


def tap(request: HttpRequest, site: Site, *, now: datetime) -> Tapped:
    """Store what was tapped.

    Raises DomainError when nobody was identified (`ssin.…`) or no button was pressed (`action.missing`).
    """
    kind = kind_of(request.POST.get("action", ""))
    identity = identify(request, site.point, now=now)
    press = Press(
        identity.person,
        kind,
        key_of(request.POST.get("client_key", "")),
        KeyOrigin.TAP if request.POST.get("key_origin") == KeyOrigin.TAP else KeyOrigin.PAGE,
        request.POST.get("employer", ""),
        at=now,
        received_at=now,
    )
    flags = {Doubt.SHARED_PHONE.value} if is_lent(request, identity, now=now) else set()
    claimed_at = moment_of(request.POST.get("claimed_at", ""))
    with led_on(site, press) as reached:
        chosen = choose(
            reached, identity, workplace=request.POST.get("workplace", ""), employer=press.employer, at=now
        )
        receipt = register(
            TapAtPoint(
                person=identity.person,
                kind=kind,
                point=reached.point,
                employer=chosen.employer,
                workplace=chosen.workplace,
                means=identity.means,
                client_key=press.client_key,
                key_origin=press.key_origin,
                device=identity.device,
                badge=identity.badge,
                claimed_at=claimed_at,
                offset=now - claimed_at if claimed_at else None,
                flags=chosen.flags | flags,
            ),
            now=now,
        )
    return Tapped(receipt, identity)


def comes_from_our_page(request: HttpRequest) -> bool:
    """Whether a POST was sent by one of our own pages, as far as the browser tells.

    These forms carry no CSRF token (they work without any earlier page): newer browsers say where a POST
    comes from, older ones do not send our `SameSite` cookies along.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin", "null")
    return origin == "null" or urlsplit(origin).netloc == request.get_host()


@dataclass(frozen=True, slots=True)
class Chosen:
    """Where and for whom, with the flags of what had to be assumed and of how the person is known."""

    workplace: Workplace
    employer: Company
    flags: frozenset[str]


def choose(site: Site, identity: Identity, *, workplace: str, employer: str, at: datetime) -> Chosen:
    """The wanted workplace and employer (ids as text) at that moment, else those that must be assumed."""
    found, workplace_assumed = site.workplace(workplace)
    company, employer_assumed = _employer(site, identity, employer, at=at)
    flags = {
        Doubt.WORKPLACE_ASSUMED.value: workplace_assumed,
        Doubt.EMPLOYER_ASSUMED.value: employer_assumed,
        Doubt.IDENTITY_TYPED.value: identity.is_typed,
        Doubt.OLD_CODE.value: site.is_by_old_code,
    }
    return Chosen(found, company, frozenset(flag for flag, applies in flags.items() if applies))


def kind_of(action: str) -> Kind:
    """The action of a button. Raises DomainError `action.missing`."""
    try:
        return Kind(action)
    except ValueError:
        raise DomainError("action.missing", _("Press one of the buttons."), field="action") from None


def key_of(text: str) -> UUID:
    """The key of the tap; without a usable one, the tap stands on its own."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def moment_of(text: str) -> datetime | None:
    """The phone's clock at the tap, sent as milliseconds since 1970; nonsense counts as not said."""
    try:
        return datetime.fromtimestamp(int(text) / 1000, tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def offered_names(site: Site, identity: Identity | None, *, now: datetime) -> list[tuple[UUID, str]]:
    """The companies beyond the first that a page offers: without the former contractor to whoever left it.

    To somebody whom nothing but a number identifies, all are offered: a page tells nothing about anyone.
    """
    if not site.has_several_companies:
        return []
    former = site.former_company(now)
    if former is None or identity is None or identity.is_typed:
        return site.other_names
    if former in {company.pk for company in _employers(site, identity, at=now)}:
        return site.other_names
    return [(pk, name) for pk, name in site.other_names if pk != former]


def _employer(site: Site, identity: Identity, wanted: str, *, at: datetime) -> tuple[Company, bool]:
    """For whom the person works, and whether that had to be assumed."""
    if site.running_for is not None:
        return site.running_for, False
    if not site.has_several_companies:
        return site.first_company, False
    if wanted and (chosen := site.company(wanted)):
        return chosen, False
    if not identity.is_typed:
        possible = _employers(site, identity, at=at)
        if len(possible) == 1:
            return possible.pop(), False
    return site.first_company, True


def _employers(site: Site, identity: Identity, *, at: datetime) -> set[Company]:
    """Who employs the person among the companies of the point; the former one only when nobody else does."""
    with unscoped(reason="the person of a paired phone or a card, only among the companies of the point"):
        employments = _EMPLOYMENTS.all(
            person=identity.person.pk,
            day=brussels_day(at),
            declaration=site.declaration.pk,
            declarer=site.declaration.company_id,
        )
    possible = {employment.company for employment in employments}
    former = site.former_company(at)
    return {company for company in possible if company.pk != former} or possible
