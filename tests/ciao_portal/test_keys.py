"""Keys are replaced while everything stays readable and findable."""

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from ciao_portal import files
from ciao_portal.access import make_spare_key
from ciao_portal.audit import Actor
from ciao_portal.companies import store_credentials
from ciao_portal.crypto import key_id_of
from ciao_portal.keys import rotate
from ciao_portal.models import NssoCredentials, Person, SpareKey
from ciao_portal.nsso.auth import generate_key_pair
from ciao_portal.people import person_with_ssin
from ciao_portal.tenancy import unscoped
from tests.cast import NOW, SSINS, Cast

pytestmark = pytest.mark.django_db

OLD, NEW = (f"{name}:{b64encode(name.encode() * 16).decode()}" for name in ("o1", "n1"))


@pytest.fixture
def use(settings: Settings) -> Callable[..., None]:
    def choose(*keys: str) -> None:
        settings.FIELD_KEYS = ",".join(keys)

    return choose


def test_after_a_rotation_the_old_key_can_go(
    cast: Cast, use: Callable[..., None], settings: Settings, tmp_path: Path
) -> None:
    settings.FILES_URL = str(tmp_path)
    use(OLD)
    file = files.new_name()
    files.keep(file, b"a report")
    people = [person_with_ssin(ssin, now=NOW) for ssin in SSINS]
    pending = Person.objects.create(created_at=NOW)
    keys = generate_key_pair()
    with unscoped(reason="a test stores credentials"):
        access = store_credentials(
            company=cast.main,
            client_id="self_service_chaman_1_x",
            private_key_pem=keys.private_pem,
            public_key_pem=keys.public_pem,
            actor=Actor(cast.main),
            now=NOW,
        )
        spare_pem = make_spare_key(access=access, actor=Actor(cast.main), now=NOW).private_key_pem

    use(NEW, OLD)
    assert [person_with_ssin(ssin, now=NOW) for ssin in SSINS] == people
    assert rotate() == len(SSINS) + 3
    assert rotate() == 0

    use(NEW)
    assert files.read(file) == b"a report"
    assert [person_with_ssin(ssin, now=NOW) for ssin in SSINS] == people
    assert [person.ssin for person in Person.objects.with_ssin(SSINS[0])] == [SSINS[0]]
    assert Person.objects.get(pk=pending.pk).ssin is None
    with unscoped(reason="a test reads credentials"):
        assert NssoCredentials.objects.get().private_key_pem == keys.private_pem
        assert SpareKey.objects.get().private_key_pem == spare_pem


def test_a_number_is_never_stored_in_clear(db: None) -> None:
    person = Person.objects.get(pk=person_with_ssin(SSINS[0], now=NOW).pk)

    assert SSINS[0].encode() not in bytes(person.ssin_ciphertext or b"")
    assert key_id_of(person.ssin_ciphertext or b"") == "k2"
    assert SSINS[0] not in (person.ssin_index or "")
