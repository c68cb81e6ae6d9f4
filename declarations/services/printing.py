"""Printing posters: which version goes to the wall, and the NSSO's address that goes with it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.tenancy import unscoped
from declarations.models import Declaration, NssoAddress, PosterVersion, RegistrationPoint
from declarations.rules.nsso_addresses import parse_nsso_address
from declarations.rules.poster_versions import Version, version_now


def versions_of(fingerprints: Mapping[UUID, str], *, today: date) -> dict[UUID, Version]:
    """By point (its key): the version that would be printed on this Brussels day. Nothing is kept."""
    latest = _latest(fingerprints)
    return {
        point: version_now(latest.get(point), fingerprint, today=today)
        for point, fingerprint in fingerprints.items()
    }


def print_versions(fingerprints: Mapping[UUID, str], *, today: date) -> dict[UUID, Version]:
    """The same, and new ones are kept: from now on they may hang somewhere. The points are the viewer's."""
    versions = versions_of(fingerprints, today=today)
    if versions == _latest(fingerprints):
        return versions
    with transaction.atomic():
        with unscoped(reason="Points the company was found to see; locked so that nobody counts twice."):
            points = RegistrationPoint.objects.filter(pk__in=list(fingerprints)).order_by("pk")
            # Not against taps: a registration names its point while this runs.
            list(points.select_for_update(no_key=True))
        latest = _latest(fingerprints)
        versions = versions_of(fingerprints, today=today)
        PosterVersion.objects.bulk_create(
            PosterVersion(point_id=point, number=one.number, since=one.since, fingerprint=one.fingerprint)
            for point, one in versions.items()
            if one != latest.get(point)
        )
    return versions


@transaction.atomic
def keep_nsso_address(*, declaration: Declaration, url: str, actor: Actor, now: datetime) -> None:
    """Keep the address that the NSSO gave for this declaration; an empty one takes it away.

    Raises DomainError as `parse_nsso_address`.
    """
    kept = Declaration.objects.select_for_update().get(pk=declaration.pk)
    address = parse_nsso_address(url, technical_reference=kept.technical_reference) if url.strip() else ""
    before = NssoAddress.objects.filter(declaration=kept)
    if address == (before.values_list("url", flat=True).first() or ""):
        return
    if address:
        NssoAddress.objects.update_or_create(declaration=kept, defaults={"url": address})
        audit.record("declaration.nsso_address_kept", kept, actor=actor, now=now)
    else:
        before.delete()
        audit.record("declaration.nsso_address_removed", kept, actor=actor, now=now)


def _latest(points: Iterable[UUID]) -> dict[UUID, Version]:
    with unscoped(reason="Versions of posters whose points the company was found to see."):
        rows = PosterVersion.objects.filter(point__in=list(points)).order_by("number")
        return {row.point_id: Version(row.number, row.since, row.fingerprint) for row in rows}
