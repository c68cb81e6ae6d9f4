"""Whose access travels: the employer's, else the nearest company's above it, up to the declarer."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ciao_portal.access import discard_spare_key, make_spare_key, switch_keys
from ciao_portal.audit import Actor
from ciao_portal.models import Company, NssoCredentials
from ciao_portal.tenancy import company_scope, unscoped
from declarations.models import Subcontract
from registrations.models import Registration
from registrations.nsso.credentials import credentials_for
from tests.cast import MAIN_NUMBER, SUB_NUMBER, SUBSUB_NUMBER
from tests.declarations.works import make_subcontract
from tests.registrations.nsso.world import ANNA, BILAL, CAROL, T0, World


def access_of(*registrations: Registration) -> list[Company | None]:
    with unscoped(reason="tests look at everything"):
        found = credentials_for(registrations)
    return [access.company if (access := found[one.pk]) else None for one in registrations]


@pytest.mark.parametrize(
    ("holders", "expected"),
    [
        (("main", "sub", "subsub"), "subsub"),
        (("main", "sub"), "sub"),
        (("main",), "main"),
        (("main", "stranger"), "main"),
        (("stranger",), None),
        ((), None),
    ],
)
def test_the_nearest_one_above_counts(
    bare_world: World, holders: tuple[str, ...], expected: str | None
) -> None:
    cast = bare_world.cast
    for name in holders:
        bare_world.store_credentials(getattr(cast, name))
    tap = bare_world.tap(employer=cast.subsub)
    assert access_of(tap) == [getattr(cast, expected) if expected else None]


def test_somebody_outside_the_chain_travels_with_the_declarer(bare_world: World) -> None:
    bare_world.store_credentials(bare_world.cast.main)
    bare_world.store_credentials(bare_world.cast.sub)
    assert access_of(bare_world.tap(employer=bare_world.cast.stranger)) == [bare_world.cast.main]


def test_of_two_places_in_a_chain_the_one_of_that_day_counts(bare_world: World) -> None:
    cast = bare_world.cast
    with unscoped(reason="tests change a chain"):
        Subcontract.objects.filter(company=cast.subsub).update(ends_on=T0.date() - timedelta(days=10))
    make_subcontract(
        bare_world.declaration, SUBSUB_NUMBER, "Klein Subsub", starts_on=T0.date() - timedelta(days=9)
    )
    bare_world.store_credentials(cast.main)
    bare_world.store_credentials(cast.sub)
    # It stands directly below the declarer by now.
    assert access_of(bare_world.tap(employer=cast.subsub)) == [cast.main]


def test_a_cycle_in_the_chain_ends_at_the_declarer(bare_world: World) -> None:
    cast = bare_world.cast
    with unscoped(reason="tests break a chain"):
        sub = Subcontract.objects.get(company__enterprise_number=SUB_NUMBER)
        Subcontract.objects.filter(pk=sub.pk).update(parent=Subcontract.objects.get(parent=sub))
    bare_world.store_credentials(cast.main)
    assert access_of(bare_world.tap(employer=cast.subsub)) == [cast.main]


def test_many_registrations_take_two_queries(bare_world: World) -> None:
    cast = bare_world.cast
    bare_world.store_credentials(cast.sub)
    taps = [
        bare_world.tap(ssin, employer=employer, seconds=100 * place)
        for ssin in (ANNA, BILAL)
        for place, employer in enumerate((cast.main, cast.sub, cast.subsub))
    ]
    with CaptureQueriesContext(connection) as captured:
        found = access_of(*taps)
    assert found == [None, cast.sub, cast.sub] * 2
    assert len(captured) == 2


def test_a_sender_that_runs_follows_a_key_that_is_replaced(world: World) -> None:
    """Both certificates stand in Chaman, the owner switches, then the old one is removed there."""
    main = world.cast.main
    actor = Actor(main)
    world.tap(ANNA)
    assert world.send(10) == 1
    with company_scope(main):
        access = NssoCredentials.objects.get()
        spare = make_spare_key(access=access, actor=actor, now=T0)

    world.simulator.register_keys(access.client_id, MAIN_NUMBER, access.public_key_pem, spare.public_key_pem)
    world.tap(BILAL)
    assert world.send(20) == 1
    with company_scope(main):
        switch_keys(access=access, actor=actor, now=T0)
        discard_spare_key(access=access, actor=actor, now=T0)

    world.simulator.register_keys(access.client_id, MAIN_NUMBER, spare.public_key_pem)
    world.tap(CAROL)
    assert world.send(30) == 1
    assert [ssin for ssin, _type, _seconds in world.at_nsso()] == [ANNA, BILAL, CAROL]
