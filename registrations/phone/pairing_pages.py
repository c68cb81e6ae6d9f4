"""Making a phone a person's own."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ciao_portal.errors import DomainError
from registrations.phone import identity
from registrations.phone.language_page import agree_on_language
from registrations.phone.pages import page
from registrations.phone.web import SeeOther, phone_view
from registrations.services import pairing


@phone_view
@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest, secret: str) -> HttpResponse:
    """A pairing link: GET shows (previews fetch links), POST pairs."""
    now = timezone.now()
    try:
        if request.method != "POST":
            pairing.open_link(secret, now=now)
            context = {"already": identity.paired_device(request) is not None}
            return page(request, "pair", context, secret=True)
        label = phone_kind(request.headers.get("User-Agent", ""))
        device_secret = pairing.pair_phone(secret=secret, label=label, now=now)
    except DomainError as error:
        return page(request, "pair", {"error": error}, status=410, secret=True)
    response = SeeOther(reverse("phone:mine"))
    make_own(request, response, device_secret)
    return response


def make_own(request: HttpRequest, response: HttpResponse, device_secret: str) -> None:
    """This phone is the person's from now on, and speaks the person's language."""
    identity.keep_device(response, device_secret)
    if device := pairing.device_with_secret(device_secret):
        agree_on_language(request, response, device.person)


def phone_kind(user_agent: str) -> str:
    """One word by which a worker recognises the phone in a list."""
    for word in ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux"):
        if word in user_agent:
            return word
    return ""
