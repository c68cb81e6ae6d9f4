"""Outages that people declare: kept, ended once, added to, and never changed silently."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import AuditEvent
from ciao_portal.tenancy import unscoped
from registrations.models import Outage, OutageOrigin
from registrations.services.declared_outages import add_to_outage, declare_outage, end_outage
from tests.cast import NOW, Cast

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


def declared(cast: Cast, **changes: Any) -> Outage:
    wish: dict[str, Any] = {
        "company": cast.main,
        "started_at": NOW - HOUR,
        "ended_at": None,
        "note": "No power in the office.",
        "actor": Actor(cast.main, cast.office),
        "now": NOW,
    }
    return declare_outage(**(wish | changes))


def again(outage: Outage) -> Outage:
    with unscoped(reason="a test looks at what was kept"):
        return Outage.objects.get(pk=outage.pk)


def actions() -> list[str]:
    found = AuditEvent.objects.filter(action__startswith="outage.")
    return list(found.order_by("at", "id").values_list("action", flat=True))


def test_who_declared_what_is_kept_and_audited(cast: Cast) -> None:
    outage = again(declared(cast))
    assert outage.origin == OutageOrigin.DECLARED
    assert (outage.declared_by, outage.recorded_at, outage.ended_at) == (cast.office, NOW, None)
    event = AuditEvent.objects.get(action="outage.declared")
    assert (event.company, event.user, event.subject_id) == (cast.main, cast.office, str(outage.pk))
    assert "note" not in event.payload


def test_the_same_once_more_is_refused(cast: Cast) -> None:
    declared(cast)
    with pytest.raises(DomainError) as refused:
        declared(cast)
    assert refused.value.code == "outage.already"
    declared(cast, note="Something else.")
    declared(cast, company=cast.sub, actor=Actor(cast.sub, cast.sub_office))
    with unscoped(reason="a test counts everything"):
        assert Outage.objects.count() == 3


@pytest.mark.parametrize(
    ("ended_at", "code"), [(NOW + HOUR, "outage.endAhead"), (NOW - HOUR, "outage.order")]
)
def test_an_end_that_cannot_be(cast: Cast, ended_at: datetime, code: str) -> None:
    outage = declared(cast)
    with pytest.raises(DomainError) as refused:
        end_outage(outage=outage, ended_at=ended_at, actor=Actor(cast.main, cast.office), now=NOW)
    assert refused.value.code == code
    assert again(outage).ended_at is None
    assert actions() == ["outage.declared"]


def test_it_ends_once(cast: Cast) -> None:
    outage = declared(cast)
    actor = Actor(cast.main, cast.owner)
    end_outage(outage=outage, ended_at=NOW, actor=actor, now=NOW)
    with pytest.raises(DomainError) as refused:
        end_outage(outage=outage, ended_at=NOW - HOUR / 2, actor=actor, now=NOW)
    assert refused.value.code == "outage.ended"
    assert again(outage).ended_at == NOW
    assert actions() == ["outage.declared", "outage.ended"]


def test_the_portal_ends_what_it_found(cast: Cast) -> None:
    with unscoped(reason="a test finds an outage"):
        outage = Outage.objects.create(
            company=cast.main, origin=OutageOrigin.FOUND, started_at=NOW - HOUR, recorded_at=NOW
        )
    with pytest.raises(DomainError) as refused:
        end_outage(outage=outage, ended_at=NOW, actor=Actor(cast.main, cast.owner), now=NOW)
    assert refused.value.code == "outage.found"
    add_to_outage(outage=outage, text="Our provider.", actor=Actor(cast.main, cast.owner), now=NOW)
    assert actions() == ["outage.added_to"]


def test_what_is_added_stands_beside(cast: Cast) -> None:
    outage = declared(cast)
    for text in ("It was a fuse.", "The fuse is new."):
        add_to_outage(outage=outage, text=text, actor=Actor(cast.main, cast.owner), now=NOW)
    assert again(outage).note == "No power in the office."
    with unscoped(reason="a test looks at what was kept"):
        notes = [(note.text, note.written_by) for note in again(outage).notes.all()]
    assert notes == [("It was a fuse.", cast.owner), ("The fuse is new.", cast.owner)]
