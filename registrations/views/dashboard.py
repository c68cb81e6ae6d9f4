"""The first page: the landing page for strangers, the day for the office."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseClientRefresh

from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import may, portal
from registrations.dashboard import dashboard_of, first_steps
from registrations.demo.welcome import welcome


@requires(Permission.ANYONE)
@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """What must I do now; read again by the page itself every 20 seconds."""
    if not request.user.is_authenticated:
        # The page that reads itself again must not put the landing page inside itself.
        is_live = request.headers.get("HX-Target") == "live"
        return (
            HttpResponseClientRefresh() if is_live else render(request, "landing.html", {"demo": welcome()})
        )
    if not portal(request).memberships:
        return redirect("no-company")
    company = portal(request).company
    day = dashboard_of(company, now=timezone.now())
    # The figure of the navigation is known already.
    context: dict[str, object] = {"day": day, "open_remarks": day.open_remarks}
    if day.is_bare and (steps := first_steps(company)):
        context |= {
            "steps": steps,
            "may_declare": may(request, Permission.DECLARE),
            "may_manage": may(request, Permission.MANAGE_WORKERS),
        }
        return render(request, "dashboard/first_use.html", context)
    return render(request, "dashboard/dashboard.html", context)
