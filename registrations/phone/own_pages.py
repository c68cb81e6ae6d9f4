"""What a worker sees of one's own, on a paired phone."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from registrations.phone import asked, confirmations, identity
from registrations.phone.pages import page
from registrations.phone.web import phone_view


@phone_view
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """One's own registrations, on a paired phone."""
    device = identity.paired_device(request)
    if device is None:
        return page(request, "mine", {"device": None}, status=403)
    now = timezone.now()
    days = confirmations.own_days(device.person, now=now)
    context = {"device": device, "days": days, "asked": asked.question_on(device, now=now)}
    return page(request, "mine", context)
