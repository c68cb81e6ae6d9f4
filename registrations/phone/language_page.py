"""Choosing the language of a phone, from any of its pages."""

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_POST

from ciao_portal.languages import WORKER_CODES
from ciao_portal.models import Person
from ciao_portal.people import speak
from registrations.phone.identity import paired_device
from registrations.phone.pages import has_chosen, keep_language, phone_language
from registrations.phone.web import SeeOther, phone_view


@phone_view
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language on this phone and, when it is paired, for its person; then back to the same page."""
    response = SeeOther(_back(request.POST.get("back", "")))
    chosen = request.POST.get("language", "")
    if chosen in WORKER_CODES:
        keep_language(response, chosen)
        if device := paired_device(request):
            speak(person=device.person, language=chosen)
    return response


def agree_on_language(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """When a phone becomes somebody's: what was chosen on it counts, else what is known of the person.

    From then on the phone's cookie answers, so that no tap has to look.
    """
    language = phone_language(request)
    if person.language in WORKER_CODES and not has_chosen(request):
        language = person.language
    keep_language(response, language)
    speak(person=person, language=language)


def _back(path: str) -> str:
    """The page asked from, if it is one of a phone's own; never another place."""
    try:
        if resolve(path).namespace == "phone":
            return path
    except Resolver404:
        pass
    return reverse("phone:enter")
