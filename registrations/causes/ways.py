"""Where a remark is put right, as links the reader may follow; services of others by name, with an address
where an official one is known to us."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import reverse

from ciao_portal.permissions import Permission
from ciao_portal.web.links import page_of
from registrations.causes.gathering import Found
from registrations.causes.wording import WAYS
from registrations.corrections.remarks import possible_errors
from registrations.models import Remark
from registrations.rules.causes import Way
from registrations.wording import Words

# The NSSO's own page for looking at registrations and for sending requests.
MANAGEMENT_URL = "https://checkinout-management.socialsecurity.be"
_OUTSIDE = {Way.DIMONA: "", Way.LIMOSA: "", Way.ENTERPRISES: "", Way.MANAGEMENT: MANAGEMENT_URL}

May = Callable[[Permission], bool]


@dataclass(frozen=True, slots=True)
class Link:
    """One way; without `url` a service of others that is only named."""

    label: Words
    url: str
    is_outside: bool


def ways_of(remark: Remark, found: Found, *, may: May) -> Iterator[Link]:
    """Those of the rules that the reader may go, the first one first; a list of remarks asks for no more."""
    for way in found.finding.ways:
        if way in _OUTSIDE:
            yield Link(WAYS[way], _OUTSIDE[way], is_outside=True)
        elif url := _INSIDE[way](remark, found, may):
            yield Link(WAYS[way], url, is_outside=False)


def _worker(_remark: Remark, found: Found, _may: May) -> str:
    if found.worker is None:
        return _page("registrations:worker-list")
    return page_of("registrations:worker-detail", found.worker)


def _chain(remark: Remark, found: Found, _may: May) -> str:
    return _of_works("declarations:chain", remark, found)


def _declaration(remark: Remark, found: Found, _may: May) -> str:
    return _of_works("declarations:detail", remark, found)


def _of_works(url_name: str, remark: Remark, found: Found) -> str:
    works = remark.declaration_id
    return page_of(url_name, works) if works is not None and found.sees_works else ""


def _request(remark: Remark, _found: Found, may: May) -> str:
    if remark.gone_at or not may(Permission.CORRECT) or not possible_errors(remark.code):
        return ""
    return f"{_page('registrations:correction-new')}?remark={remark.pk}"


def _registration(remark: Remark, _found: Found, _may: May) -> str:
    key = remark.presence.registration_id
    return page_of("registrations:registration-detail", key) if key else ""


def _remind(remark: Remark, _found: Found, may: May) -> str:
    if remark.gone_at or not may(Permission.CORRECT):
        return ""
    return f"{_page('registrations:remark-reminder-new')}?remark={remark.pk}"


@cache
def _page(url_name: str) -> str:
    """A list of remarks asks for the same few again and again, and to look a name up takes long."""
    return reverse(url_name)


_INSIDE: dict[Way, Callable[[Remark, Found, May], str]] = {
    Way.WORKER: _worker,
    Way.CHAIN: _chain,
    Way.DECLARATION: _declaration,
    Way.REQUEST: _request,
    Way.REGISTRATION: _registration,
    Way.REMIND: _remind,
}
