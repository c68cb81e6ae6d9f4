"""Requests close by themselves when the NSSO no longer makes the remark, and are told when it is too late."""

from datetime import timedelta

import pytest

from ciao_portal.audit import Actor
from ciao_portal.models import AuditEvent, NssoCredentials
from ciao_portal.nsso import contract
from ciao_portal.tenancy import unscoped
from registrations.corrections.following import follow
from registrations.models import NssoPresence, ReadBack, Remark
from registrations.nsso.remarks import keep_remarks
from registrations.services import corrections
from tests.cast import NOW, SSINS, Cast, make_worker
from tests.registrations.corrections.world import begin, now_of, send
from tests.registrations.views.scene import accepted, elsewhere, remark_on
from tests.works import declare, tap

AFTER = NOW + timedelta(days=31)
LATER = NOW + timedelta(days=2)


@pytest.fixture
def presences(cast: Cast) -> list[NssoPresence]:
    """Ada started twice; the NSSO does not accept the enterprise."""
    works, ada = declare(cast.main), make_worker(cast.main, SSINS[0])
    taps = [tap(works, ada.person, now=NOW - timedelta(hours=hours)) for hours in (30, 2)]
    return [accepted(one.registration, nsso_id=nsso_id) for nsso_id, one in enumerate(taps, 100)]


def read(*presences: NssoPresence, codes: tuple[str, ...] = ()) -> None:
    """The NSSO shows these presences with these remarks."""
    remarks = [contract.Remark(code, {}, NOW.date()) for code in codes]
    with unscoped(reason="a test reads back"):
        keep_remarks(dict.fromkeys(presences, remarks), now=LATER)


def test_it_closes_once_every_remark_went(cast: Cast, presences: list[NssoPresence]) -> None:
    remarks = [remark_on(presence, "enterpriseNotActive") for presence in presences]
    correction = begin(cast.main, *remarks)
    send(correction, Actor(cast.main))
    read(presences[0])
    assert now_of(correction).state == "sent"
    # Another remark on the same registration is no part of the request.
    read(presences[1], codes=("dimonaNotFound",))
    kept = now_of(correction)
    assert (kept.state, kept.closed_at) == ("solved", LATER)
    event = AuditEvent.objects.get(action="correction.solved")
    assert (event.company, event.user) == (cast.main, None)


def test_a_remark_that_stands_or_returns_keeps_it_open(cast: Cast, presences: list[NssoPresence]) -> None:
    correction = begin(cast.main, remark_on(presences[0], "enterpriseNotActive"))
    send(correction, Actor(cast.main))
    read(presences[0], codes=("enterpriseNotActive",))
    follow(now=LATER)
    assert now_of(correction).state == "sent"


def test_what_is_solved_before_it_was_sent_closes_too(cast: Cast, presences: list[NssoPresence]) -> None:
    correction = begin(cast.main, remark_on(presences[0], "enterpriseNotActive"), right_value="")
    read(presences[0])
    kept = now_of(correction)
    assert (kept.state, kept.sent_on) == ("solved", None)


def test_presences_elsewhere_close_as_well(cast: Cast, presences: list[NssoPresence]) -> None:
    assert presences[0].registration is not None
    other = elsewhere(presences[0].registration, nsso_id=900)
    correction = begin(cast.main, remark_on(other, "enterpriseNotActive"))
    read(other)
    assert now_of(correction).state == "solved"


def test_a_presence_that_is_no_longer_listed_solves_nothing(
    cast: Cast, presences: list[NssoPresence]
) -> None:
    correction = begin(cast.main, remark_on(presences[0], "enterpriseNotActive"))
    Remark.objects.update(gone_at=NOW, gone_with_presence=True)
    follow(now=LATER)
    assert now_of(correction).state == "draft"


def test_what_is_closed_stays_closed(cast: Cast, presences: list[NssoPresence]) -> None:
    correction = begin(cast.main, remark_on(presences[0], "enterpriseNotActive"))
    corrections.withdraw(correction=correction, words="", actor=Actor(cast.main), now=NOW)
    read(presences[0])
    assert now_of(correction).state == "withdrawn"


def test_the_night_after_the_last_day_it_is_too_late(cast: Cast, presences: list[NssoPresence]) -> None:
    actor = Actor(cast.main)
    correction = begin(cast.main, remark_on(presences[1], "enterpriseNotActive"))
    # 23:30 in Brussels on the last day, 23 December.
    last_hour = NOW.replace(month=12, hour=22, minute=30)
    follow(now=last_hour)
    assert now_of(correction).state == "draft"
    follow(now=last_hour + timedelta(hours=1))
    assert now_of(correction).state == "late"
    # What went in time may be noted afterwards.
    corrections.note_sent(
        correction=correction, sent_on=correction.last_day, sent_by="Otto", actor=actor, now=AFTER
    )
    kept = now_of(correction)
    assert (kept.state, kept.closed_at) == ("sent", None)


def test_old_days_of_sent_requests_are_still_read_back(cast: Cast, presences: list[NssoPresence]) -> None:
    credentials = NssoCredentials.objects.create(company=cast.main, client_id="x", created_at=NOW)
    NssoPresence.objects.update(shown_by=credentials)
    follow(now=AFTER)
    assert not ReadBack.objects.exists()
    correction = begin(cast.main, remark_on(presences[0], "enterpriseNotActive"))
    send(correction, Actor(cast.main))
    follow(now=LATER)
    assert not ReadBack.objects.exists(), "younger days are read back anyway"
    follow(now=AFTER)
    assert list(ReadBack.objects.values_list("credentials", "day")) == [(credentials.pk, presences[0].day)]
    ReadBack.objects.all().delete()
    follow(now=NOW + timedelta(days=200))
    assert not ReadBack.objects.exists()
