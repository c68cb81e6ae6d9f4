"""The office's navigation: where one can go, and where one is (that follows from the address)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Place:
    """A page one can go to: its URL name and its words."""

    name: str
    words: Words


@dataclass(frozen=True, slots=True)
class Section:
    """One entry of the navigation: leads to its first place; several stand as tabs above their lists.

    `key` is what follows `g` on the keyboard.
    """

    key: str
    words: Words
    places: tuple[Place, ...]
    counts_remarks: bool = False


SECTIONS = (
    Section("t", _("Today"), (Place("dashboard", _("Today")),)),
    Section(
        "d",
        _("Declarations"),
        (
            Place("declarations:list", _("Declarations")),
            Place("declarations:workplace-list", _("Workplaces")),
            Place("declarations:company-list", _("Companies")),
            Place("declarations:assessment-list", _("Scope advisor")),
        ),
    ),
    Section(
        "w",
        _("Workers"),
        (
            Place("registrations:worker-list", _("Workers")),
            Place("registrations:preflight", _("Tomorrow")),
        ),
    ),
    Section(
        "r",
        _("Registrations"),
        (
            Place("registrations:registration-list", _("Registrations")),
            Place("registrations:reconciliation-list", _("Compared with the NSSO")),
            Place("registrations:nsso-traffic", _("Traffic with the NSSO")),
            Place("registrations:outage-list", _("Outages")),
            Place("registrations:emergency", _("Emergency")),
        ),
    ),
    Section(
        "m",
        _("Remarks"),
        (
            Place("registrations:remark-list", _("Remarks")),
            Place("registrations:correction-list", _("Corrections")),
            Place("registrations:error-list", _("Reported by workers")),
        ),
        counts_remarks=True,
    ),
    Section(
        "e",
        _("Export"),
        (
            Place("registrations:export-list", _("Registrations as CSV")),
            Place("registrations:report-list", _("Reports")),
        ),
    ),
    Section("s", _("Settings"), (Place("settings", _("Settings")),)),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A tab: `current` on its own page only."""

    url: str
    label: Words
    current: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A section as one page shows it; `is_here` also on every page below its lists."""

    url: str
    label: Words
    key: str
    is_here: bool
    counts_remarks: bool
    tabs: tuple[Link, ...]


def navigation(path: str) -> list[Entry]:
    """The sections in their order, as seen from the page at this path."""
    return list(_entries(path))


def tabs(entries: list[Entry]) -> Entry | None:
    """The section whose tabs the page shows: only its lists do, pages below them lead back instead."""
    return next((entry for entry in entries if any(tab.current for tab in entry.tabs)), None)


def _entries(path: str) -> Iterator[Entry]:
    for section in SECTIONS:
        urls = [_address(place.name) for place in section.places]
        links = tuple(
            Link(url, place.words, path == url) for url, place in zip(urls, section.places, strict=True)
        )
        yield Entry(
            url=links[0].url,
            label=section.words,
            key=section.key,
            is_here=any(_is_below(path, link.url) for link in links),
            counts_remarks=section.counts_remarks,
            tabs=links if len(links) > 1 else (),
        )


def _is_below(path: str, url: str) -> bool:
    """The first page lies above all others, so it is only itself."""
    return path == url if url == "/" else path.startswith(url)


# Every page of the office asks for all of them.
@cache
def _address(name: str) -> str:
    return reverse(name)
