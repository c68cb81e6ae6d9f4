"""What the NSSO changes in a remark that stands: kept as it was, shown as it is."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ciao_portal.nsso import contract
from ciao_portal.nsso.contract import Coordinates, Enterprise, PresenceRegistration, PresenceType
from ciao_portal.tenancy import unscoped
from registrations.models import EarlierWording, Remark
from registrations.nsso.presences import keep_presences
from tests.cast import MAIN_NUMBER, NOW, SSINS, Cast

FIRST = contract.Remark("missingOut", {"nl": "Geen uit", "fr": "Pas de sortie"}, date(2026, 11, 23))


def view(*remarks: contract.Remark) -> PresenceRegistration:
    return PresenceRegistration(
        registration_date=NOW,
        ssin=SSINS[0],
        type=PresenceType.IN,
        employer=Enterprise(MAIN_NUMBER),
        place_of_work=Coordinates(longitude=4.35, latitude=50.85),
        id=7,
        creation_date=NOW,
        validity="validWithRemarks",
        remarks=remarks,
    )


def read(cast: Cast, hours: int, *remarks: contract.Remark) -> None:
    moment = NOW + timedelta(hours=hours)
    with unscoped(reason="as the sender reads"):
        keep_presences([view(*remarks)], reader=cast.main, read_at=moment, now=moment)


@pytest.mark.parametrize(
    "change", [{"description": {"nl": "Nog altijd geen uit"}}, {"date": date(2026, 11, 24)}]
)
def test_a_change_is_kept_beside_the_remark(cast: Cast, change: dict[str, object]) -> None:
    changed = replace(FIRST, **change)  # type: ignore[arg-type]  # one of its fields
    read(cast, 0, FIRST)
    read(cast, 1, FIRST)
    assert EarlierWording.objects.count() == 0
    read(cast, 2, changed)
    read(cast, 3, changed)
    [remark] = Remark.objects.all()
    assert (remark.description, remark.dated) == (dict(changed.description), changed.date)
    [earlier] = remark.earlier_wordings.all()
    assert (earlier.description, earlier.dated) == (dict(FIRST.description), FIRST.date)
    assert earlier.until == NOW + timedelta(hours=2)


def test_a_date_learned_late_is_no_change(cast: Cast) -> None:
    read(cast, 0, FIRST)
    Remark.objects.update(dated=None)
    read(cast, 1, FIRST)
    assert Remark.objects.get().dated == FIRST.date
    assert EarlierWording.objects.count() == 0


def test_an_answer_from_before_closes_and_changes_nothing(cast: Cast) -> None:
    read(cast, 2, FIRST)
    read(cast, 1)
    read(cast, 1, replace(FIRST, description={"nl": "Oud"}))
    remark = Remark.objects.get()
    assert (remark.gone_at, remark.description) == (None, dict(FIRST.description))
