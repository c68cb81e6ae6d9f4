"""Posters for the wall of a workplace: the code, how it works in many languages, and the way around it.

Three papers: A4 with the code twice, in opposite corners; A6 with one; a sheet of stickers on A4.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from ciao_portal.identifiers import format_declaration_number
from ciao_portal.web.pdf import STATIC_SCHEME
from declarations.models import RegistrationPoint
from declarations.poster_words import OTHERWISE, PORTAL_INSTRUCTIONS, Instructions
from declarations.qr import qr_svg
from declarations.rules.codes import format_point_code
from declarations.rules.poster_versions import Version, fingerprint_of

# Beyond these lengths a workplace's name is set in the next smaller size.
NAME_SIZES = ((14, "xl"), (27, "l"), (60, "m"), (110, "s"))
STICKERS_ON_SHEET = 12


class Paper(StrEnum):
    """What the poster is printed on; stands in addresses."""

    A4 = "a4"
    A6 = "a6"
    STICKERS = "stickers"


@dataclass(frozen=True, slots=True)
class WayAround:
    """How to register at the NSSO itself: its address for the works as a code, or the page for the number."""

    address: str
    qr: str = ""


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on one paper. `number` is the declared one, as people type it."""

    code: str
    qr: SafeString
    name: str
    name_size: str
    contractor: str
    address: str = ""
    works: str = ""
    number: str = ""
    ends_on: date | None = None
    version: Version | None = None
    way_around: WayAround | None = None


def poster_of(point: RegistrationPoint, *, contractor: str, version: Version, nsso_url: str) -> Poster:
    """The paper of one point; a point without a workplace carries the name of the works."""
    workplace, declaration = point.workplace, point.declaration
    name = workplace.name if workplace else declaration.title
    return Poster(
        code=format_point_code(point.code),
        qr=drawn(point.url),
        name=name,
        name_size=name_size(name),
        contractor=contractor,
        address=workplace.address if workplace and workplace.street else "",
        works=f"{declaration.client.name} · {declaration.title}" if workplace else declaration.client.name,
        number=format_declaration_number(number) if (number := declaration.declared_number) else "",
        ends_on=declaration.ends_on,
        version=version,
        way_around=_way_around(nsso_url),
    )


def fingerprints_of(points: Iterable[RegistrationPoint], nsso_urls: dict[UUID, str]) -> dict[UUID, str]:
    """By point (its key): what stands for the words of its paper, the same for everybody who prints it.

    `nsso_urls` is by declaration. A firm counts by what it calls itself: others may call it otherwise.
    """
    return {
        point.pk: fingerprint_of(
            {
                "url": point.url,
                "workplace": [point.workplace.name, point.workplace.address] if point.workplace else None,
                "works": [point.declaration.client.name, point.declaration.title],
                "contractor": str(point.company or point.declaration.company),
                "number": point.declaration.declared_number,
                "ends_on": point.declaration.ends_on,
                "nsso": nsso_urls.get(point.declaration_id, ""),
            }
        )
        for point in points
    }


def drawn(url: str) -> SafeString:
    """The code of an address as SVG; the paper around it is its quiet zone."""
    # Our own path data, numbers and letters only.
    return mark_safe(qr_svg(url, quiet_zone=0))  # noqa: S308


def name_size(name: str) -> str:
    return next((size for longest, size in NAME_SIZES if len(name) <= longest), "xs")


def posters_html(
    posters: Sequence[Poster],
    *,
    title: str,
    language: str,
    paper: Paper = Paper.A4,
    instructions: Sequence[Instructions] = PORTAL_INSTRUCTIONS,
    typed: str = "",
) -> str:
    """All papers as one document; its facts are in the contractor's language, its steps in all of these.

    `typed` is the address below the code, when it is not the one where people type codes.
    """
    context = paper_context(posters, paper=paper, instructions=instructions, typed=typed) | {
        "title": title,
        "author": posters[0].contractor,
        "stylesheet": f"{STATIC_SCHEME}css/poster.css",
    }
    with translation.override(language):
        return render_to_string("declarations/poster.html", context)


def paper_context(
    posters: Sequence[Poster], *, paper: Paper, instructions: Sequence[Instructions], typed: str = ""
) -> dict[str, Any]:
    """What `declarations/_posters.html` takes, for paper and for the picture of it on a screen."""
    middle = (len(instructions) + 1) // 2
    return {
        "paper": paper.value,
        "posters": posters,
        "sheets": [
            posters[first : first + STICKERS_ON_SHEET] for first in range(0, len(posters), STICKERS_ON_SHEET)
        ],
        "instructions": instructions,
        "halves": (("a", instructions[:middle]), ("b", instructions[middle:])),
        "typed_address": typed or typed_address(),
        "otherwise": OTHERWISE,
    }


def typed_address() -> str:
    """What people type by hand: host and path, without the scheme."""
    return f"{urlsplit(settings.PUBLIC_URL).netloc}/r/"


def _way_around(nsso_url: str) -> WayAround:
    if nsso_url:
        return WayAround(nsso_url.removeprefix("https://"), drawn(nsso_url))
    return WayAround(urlsplit(settings.NSSO_WORKER_URL).netloc)
