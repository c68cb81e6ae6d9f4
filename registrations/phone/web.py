"""What every view of the cleaners' pages has in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from ciao_portal.permissions import Permission, requires
from registrations.phone import tapping
from registrations.phone.pages import page, phone_language

PhoneView = Callable[..., HttpResponse]


class SeeOther(HttpResponseRedirect):
    """After a POST: the browser fetches the next page by GET, so a reload repeats nothing."""

    status_code = 303


def phone_view(view: PhoneView) -> PhoneView:
    """Open to anyone, with its own authority instead of a CSRF token, in the phone's language."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(phone_language(request)):
            if request.method == "POST" and not tapping.comes_from_our_page(request):
                return page(request, "foreign", {}, status=403)
            return view(request, *args, **kwargs)

    return csrf_exempt(requires(Permission.ANYONE)(guarded))
