"""Making a phone one's own by signing in with the provider of a company of the point.

Three steps: a link leads away (nothing is done yet), the provider sends the phone back (the answer is
checked), and a button pairs. What belongs to the flow is kept on the phone, sealed, for ten minutes. The
national number stays between the provider and this process: it is in no address, cookie or log.
"""

from datetime import date, timedelta
from uuid import UUID

import structlog
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from ciao_portal import oidc
from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.models import IdentityProvider
from ciao_portal.oidc import Flow, OidcError
from ciao_portal.sign_in_provider import client_of
from ciao_portal.tenancy import unscoped
from registrations.phone import identity, last_point, points
from registrations.phone.cookies import open_cookie, seal_cookie, set_cookie
from registrations.phone.pages import page
from registrations.phone.pairing_pages import make_own, phone_kind
from registrations.phone.web import SeeOther, phone_view
from registrations.services import provider_pairing

FLOW_COOKIE = "sign_in"
FLOW_CONTEXT = "phone.sign_in"
SIGNED_COOKIE = "signed_in"
SIGNED_CONTEXT = "phone.signed_in"
LIFE = timedelta(minutes=10)
PATH = "/p/sign-in/"
logger = structlog.stdlib.get_logger(__name__)


@phone_view
@require_GET
def sign_in(request: HttpRequest, code: str, company: UUID) -> HttpResponse:
    """Off to the provider of this company, which must be one of the point's."""
    now = timezone.now()
    found = _provider_at(code, company, day=brussels_day(now))
    if found is None:
        return _failed(request, DomainError("provider.unknown", NOT_NOW), status=404)
    flow = Flow.new()
    try:
        url = oidc.authorization_url(client_of(found), oidc.discover(found.issuer), flow)
    except OidcError as error:
        return _refused(request, error)
    response = HttpResponseRedirect(url)
    payload = flow.as_dict() | {"provider": str(found.pk)}
    set_cookie(response, FLOW_COOKIE, seal_cookie(payload, FLOW_CONTEXT, now=now), life=LIFE, path=PATH)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "strict-origin"
    return response


@phone_view
@require_GET
def signed_in(request: HttpRequest) -> HttpResponse:
    """Back from the provider: whose phone is it? A button asks before it is paired."""
    now = timezone.now()
    kept = open_cookie(request, FLOW_COOKIE, FLOW_CONTEXT, now=now, life=LIFE)
    found = _provider(kept.pop("provider", "")) if kept else None
    if found is None:
        return _failed(request, DomainError("provider.tooOld", TOO_OLD))
    try:
        metadata = oidc.discover(found.issuer)
        claims = oidc.claims_of(client_of(found), metadata, Flow(**kept), request.GET.dict())
        person = provider_pairing.worker_with(claims.get(found.claim), found.company, now=now)
    except OidcError as error:
        return _refused(request, error)
    except DomainError as error:
        return _failed(request, error)
    with unscoped(reason="the name of the company whose provider vouched for the person"):
        name = names_of_companies(found.company, {found.company})[found.company]
    already = identity.paired_device(request)
    context = {"company": name, "already": already is not None and already.person_id != person.pk}
    response = page(request, "signed_in", context, secret=True)
    payload = {"person": str(person.pk), "provider": str(found.pk)}
    set_cookie(response, SIGNED_COOKIE, seal_cookie(payload, SIGNED_CONTEXT, now=now), life=LIFE, path=PATH)
    # An answer is taken once.
    response.delete_cookie(FLOW_COOKIE, path=PATH, samesite="Lax")
    return response


@phone_view
@require_http_methods(["POST"])
def pair(request: HttpRequest) -> HttpResponse:
    """The button: this phone is that person's."""
    now = timezone.now()
    kept = open_cookie(request, SIGNED_COOKIE, SIGNED_CONTEXT, now=now, life=LIFE)
    found = _provider(kept.get("provider", ""))
    if found is None:
        return _failed(request, DomainError("provider.tooOld", TOO_OLD))
    label = phone_kind(request.headers.get("User-Agent", ""))
    try:
        secret = provider_pairing.pair_signed_in(
            person=UUID(kept["person"]), company=found.company, label=label, now=now
        )
    except DomainError as error:
        return _failed(request, error)
    response = SeeOther(last_point.way_on(request, now=now))
    make_own(request, response, secret)
    response.delete_cookie(SIGNED_COOKIE, path=PATH, samesite="Lax")
    return response


NOT_NOW = _("Signing in does not work now. Ask your employer for a code.")
TOO_OLD = _("This took too long. Begin again.")


def _refused(request: HttpRequest, error: OidcError) -> HttpResponse:
    logger.warning("Signing in with a provider failed", step=error.step.value, detail=error.detail)
    return _failed(request, DomainError("provider.failed", NOT_NOW))


def _failed(request: HttpRequest, error: DomainError, *, status: int = 422) -> HttpResponse:
    site = last_point.last_site(request, day=brussels_day(timezone.now()))
    response = page(request, "sign_in_failed", {"error": error, "site": site}, status=status, secret=True)
    response.delete_cookie(FLOW_COOKIE, path=PATH, samesite="Lax")
    return response


def _provider_at(code: str, company: UUID, *, day: date) -> IdentityProvider | None:
    try:
        site = points.find_site(code, day=day)
    except DomainError:
        return None
    if site is None or site.company(str(company)) is None:
        return None
    with unscoped(reason="the provider of a company of a point whose code is known"):
        return _offered().filter(company=company).first()


def _provider(pk: str) -> IdentityProvider | None:
    if not pk:
        return None
    with unscoped(reason="the provider this phone was sent to"):
        return _offered().filter(pk=pk).first()


def _offered() -> QuerySet[IdentityProvider]:
    return IdentityProvider.objects.select_related("company").filter(checked_at__isnull=False)


def addresses(site: points.Site) -> list[tuple[str, str]]:
    """Where one may sign in at this point: how the company is called, and the address that leads there."""
    with unscoped(reason="the providers of the companies of a point whose code is known"):
        found = [one.company_id for one in _offered().filter(company__in=site.companies)]
    return [
        (site.names[company], reverse("phone:sign-in", args=[site.point.code, company])) for company in found
    ]
