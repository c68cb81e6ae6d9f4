"""A company's own access to the NSSO: key first, client id later."""

import pytest

from ciao_portal.access import keep_client_id, make_key, usable_accesses
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import AuditEvent, NssoCredentials
from ciao_portal.nsso.auth import Credentials, signed_assertion
from ciao_portal.tenancy import company_scope
from tests.cast import NOW, Cast


def test_a_key_is_kept_encrypted_and_not_used_before_its_client_id(cast: Cast) -> None:
    actor = Actor(cast.main, cast.owner)
    with company_scope(cast.main):
        access = make_key(company=cast.main, actor=actor, now=NOW)
        assert list(usable_accesses()) == []
        keep_client_id(access=access, client_id="self_service_chaman_1_a", actor=actor, now=NOW)
        kept = usable_accesses().get()
    assert "PRIVATE KEY" in kept.private_key_pem
    assert b"PRIVATE" not in bytes(kept.private_key_ciphertext)
    assert kept.public_key_pem.startswith("-----BEGIN PUBLIC KEY-----")
    assert signed_assertion(Credentials(kept.client_id, kept.private_key_pem), "https://x.test/token", 1)
    actions = AuditEvent.objects.filter(company=cast.main).values_list("action", "payload")
    assert ("credentials.key_made", {}) in actions
    assert ("credentials.stored", {"client_id": "self_service_chaman_1_a"}) in actions


def test_there_is_one_key(cast: Cast) -> None:
    with company_scope(cast.main):
        make_key(company=cast.main, actor=Actor(cast.main), now=NOW)
        with pytest.raises(DomainError) as refused:
            make_key(company=cast.main, actor=Actor(cast.main), now=NOW)
        assert refused.value.code == "credentials.exist"
        assert NssoCredentials.objects.count() == 1
