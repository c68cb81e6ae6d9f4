"""A company's own access to the NSSO: key first, client id later; a second key takes over without a gap."""

import pytest
from django.apps import apps
from django.core.cache import cache
from django.utils.module_loading import import_string
from pytest_django import Settings

from ciao_portal.access import (
    TEST_RUNNING,
    discard_spare_key,
    keep_client_id,
    looks_usual,
    make_key,
    make_spare_key,
    run_test,
    spare_of,
    switch_keys,
    usable_accesses,
)
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import AuditEvent, Company, NssoCredentials, SpareKey
from ciao_portal.models.credentials import KEY_FIELDS, HeldKey
from ciao_portal.nsso.auth import Credentials, signed_assertion
from ciao_portal.nsso.certificates import self_signed
from ciao_portal.nsso.errors import NssoCode
from ciao_portal.tenancy import company_scope, unscoped
from tests.cast import NOW, Cast

CLIENT_ID = "self_service_chaman_1_a"


def set_up(company: Company) -> NssoCredentials:
    """An access ready for use. Call inside the company's scope."""
    access = make_key(company=company, actor=Actor(company), now=NOW)
    keep_client_id(access=access, client_id=CLIENT_ID, actor=Actor(company), now=NOW)
    return NssoCredentials.objects.get(pk=access.pk)


def key_of(held: HeldKey) -> tuple[object, ...]:
    """Everything that belongs to a key, as it is stored."""
    held.refresh_from_db()
    return tuple(getattr(held, name) for name in KEY_FIELDS)


def actions(company: Company) -> list[tuple[str, object]]:
    events = AuditEvent.objects.filter(company=company, action__startswith="credentials.")
    return [(event.action, event.payload) for event in events.order_by("id")]


def test_a_key_is_kept_encrypted_and_not_used_before_its_client_id(cast: Cast) -> None:
    actor = Actor(cast.main, cast.owner)
    with company_scope(cast.main):
        access = make_key(company=cast.main, actor=actor, now=NOW)
        assert list(usable_accesses()) == []
        keep_client_id(access=access, client_id=CLIENT_ID, actor=actor, now=NOW)
        kept = usable_accesses().get()
    assert "PRIVATE KEY" in kept.private_key_pem
    assert b"PRIVATE" not in bytes(kept.private_key_ciphertext)
    assert kept.public_key_pem.startswith("-----BEGIN PUBLIC KEY-----")
    assert signed_assertion(Credentials(kept.client_id, kept.private_key_pem), "https://x.test/token", 1)
    assert actions(cast.main) == [
        ("credentials.key_made", {}),
        ("credentials.stored", {"client_id": CLIENT_ID}),
    ]


def test_a_key_comes_with_its_certificate(cast: Cast) -> None:
    with company_scope(cast.main):
        access = make_key(company=cast.main, actor=Actor(cast.main), now=NOW)
    certificate = access.certificate
    assert certificate is not None
    assert (certificate.starts_at, certificate.ends_at) == (NOW, access.certificate_ends_at)
    again = self_signed(access.private_key_pem, number="0206731645", name="Helder Main", now=NOW)
    assert len(again.pem) == pytest.approx(len(certificate.pem), abs=4)


def test_there_is_one_first_key(cast: Cast) -> None:
    with company_scope(cast.main):
        make_key(company=cast.main, actor=Actor(cast.main), now=NOW)
        with pytest.raises(DomainError) as refused:
            make_key(company=cast.main, actor=Actor(cast.main), now=NOW)
        assert refused.value.code == "credentials.exist"
        assert NssoCredentials.objects.count() == 1


@pytest.mark.parametrize(
    ("client_id", "usual"),
    [
        ("self_service_chaman_0206731645_4f2a9c1b00", True),
        ("Self_Service_Chaman_1_a", True),
        ("self_service_chaman_1", False),
        ("self_service_chaman_x_a", False),
        ("ciao:portal", False),
    ],
)
def test_what_a_client_id_usually_looks_like(client_id: str, usual: bool) -> None:
    assert looks_usual(client_id) is usual


def test_a_second_key_takes_over_and_gives_back(cast: Cast) -> None:
    actor = Actor(cast.main, cast.owner)
    with company_scope(cast.main):
        access = set_up(cast.main)
        first = key_of(access)
        spare = make_spare_key(access=access, actor=actor, now=NOW)
        second = key_of(spare)
        assert key_of(access) == first
        assert set(first[:2]).isdisjoint(second[:2])

        switch_keys(access=access, actor=actor, now=NOW)
        assert (key_of(access), key_of(spare)) == (second, first)
        assert NssoCredentials.objects.get().client_id == CLIENT_ID
        switch_keys(access=access, actor=actor, now=NOW)
        assert (key_of(access), key_of(spare)) == (first, second)

        switch_keys(access=access, actor=actor, now=NOW)
        discard_spare_key(access=access, actor=actor, now=NOW)
        assert key_of(access) == second
        assert spare_of(access) is None
        assert [action for action, _payload in actions(cast.main)[2:]] == [
            "credentials.spare_made",
            *["credentials.switched"] * 3,
            "credentials.spare_discarded",
        ]


def test_there_are_two_keys_at_most(cast: Cast) -> None:
    with company_scope(cast.main):
        access = set_up(cast.main)
        make_spare_key(access=access, actor=Actor(cast.main), now=NOW)
        with pytest.raises(DomainError) as refused:
            make_spare_key(access=access, actor=Actor(cast.main), now=NOW)
        assert refused.value.code == "credentials.spareExists"
        assert SpareKey.objects.count() == 1


@pytest.mark.parametrize("deed", [switch_keys, discard_spare_key])
def test_without_a_second_key_there_is_nothing_to_switch_or_discard(cast: Cast, deed: object) -> None:
    assert callable(deed)
    with company_scope(cast.main):
        access = set_up(cast.main)
        with pytest.raises(DomainError) as refused:
            deed(access=access, actor=Actor(cast.main), now=NOW)
        assert refused.value.code == "credentials.noSpare"


def test_a_second_key_is_seen_by_its_company_only(cast: Cast) -> None:
    with company_scope(cast.main):
        make_spare_key(access=set_up(cast.main), actor=Actor(cast.main), now=NOW)
    with company_scope(cast.sub):
        assert list(SpareKey.objects.all()) == []


def test_how_a_test_went_is_kept_with_the_key(cast: Cast, settings: Settings) -> None:
    settings.NSSO_BASE_URL = "https://example.org/"
    actor = Actor(cast.main, cast.owner)
    with company_scope(cast.main):
        access = set_up(cast.main)
        spare = make_spare_key(access=access, actor=actor, now=NOW)
        run_test(access=access, held=spare, actor=actor, now=NOW)
        access.refresh_from_db()
        spare.refresh_from_db()
        assert access.test_result == ""
        assert (spare.tested_at, spare.test_result) == (NOW, NssoCode.ADDRESS_FORBIDDEN)
        assert actions(cast.main)[-1] == ("credentials.tested", {"result": "addressForbidden"})

        # It belongs to the key, wherever that is; under another client id it says nothing.
        switch_keys(access=access, actor=actor, now=NOW)
        access.refresh_from_db()
        assert access.tested_at == NOW
        keep_client_id(access=access, client_id="other", actor=actor, now=NOW)
        access.refresh_from_db()
        assert (str(access.tested_at), access.test_result) == ("None", "")


def test_one_test_runs_at_a_time(cast: Cast, settings: Settings) -> None:
    settings.NSSO_BASE_URL = "https://example.org/"
    with company_scope(cast.main):
        access = set_up(cast.main)
        cache.add(TEST_RUNNING, value=True)
        with pytest.raises(DomainError) as refused:
            run_test(access=access, held=access, actor=Actor(cast.main), now=NOW)
        assert refused.value.code == "credentials.testRunning"
        cache.delete(TEST_RUNNING)
        for _time in range(2):
            run_test(access=access, held=access, actor=Actor(cast.main), now=NOW)


def test_a_demo_company_reaches_no_real_address(cast: Cast, settings: Settings) -> None:
    settings.NSSO_ENVIRONMENT = "simulation"
    settings.NSSO_BASE_URL = "https://services-sim.socialsecurity.be/REST/presenceRegistration/v1"
    settings.NSSO_TOKEN_URL = "https://services.socialsecurity.be/REST/oauth/v5/token"
    cast.main.is_demo = True
    cast.main.save()
    with company_scope(cast.main):
        access = set_up(cast.main)
        report = run_test(access=access, held=access, actor=Actor(cast.main), now=NOW)
    assert report.failure is not None
    assert report.failure.code == NssoCode.PRACTICE_DATA


def test_keys_of_before_get_their_certificates(cast: Cast) -> None:
    migrate = import_string("ciao_portal.migrations.0004_certificates_and_spare_keys.make_certificates")
    with company_scope(cast.main):
        access = set_up(cast.main)
    with company_scope(cast.sub):
        unreadable = set_up(cast.sub)
    with unscoped(reason="a migration looks at every company"):
        NssoCredentials.objects.update(certificate_pem="", certificate_ends_at=None)
        NssoCredentials.objects.filter(pk=unreadable.pk).update(private_key_ciphertext=b"written by nobody")
        migrate(apps, None)
        access.refresh_from_db()
        unreadable.refresh_from_db()
    assert access.certificate is not None
    assert access.certificate.ends_at == access.certificate_ends_at
    assert (unreadable.certificate, unreadable.certificate_ends_at) == (None, None)
