"""A company's own access to the NSSO: a key made here, and the client id that Chaman gives for it.

The certificate is handed to Chaman before or after the client id is known there, so the two come in any
order. Until the client id is entered the access is not used.

A key is replaced without a gap: a spare key is made, its certificate uploaded beside the one in use, the
connection tested with it, then the two are switched. The former key is now the spare, so the way back is the
same switch, until it is discarded. Senders read the access anew for each portion, so they follow at once.
"""

import re
from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.models import Company, NssoCredentials, SpareKey
from ciao_portal.models.credentials import KEY_FIELDS, TEST_PASSED, HeldKey
from ciao_portal.nsso.auth import generate_key_pair
from ciao_portal.nsso.probe import LONGEST_S, Report, probe

# As working clients of the real service show it; nobody promises the form.
USUAL_CLIENT_ID = re.compile(r"self_service_chaman_\d+_\w+", re.IGNORECASE)
# In the cache while a test of a connection runs.
TEST_RUNNING = "nsso-connection-test"


def usable_accesses() -> QuerySet[NssoCredentials]:
    """Those with a client id, within the scope of the caller."""
    return NssoCredentials.objects.exclude(client_id="")


def looks_usual(client_id: str) -> bool:
    """Whether it has the form that Chaman usually gives; another form is no reason to refuse it."""
    return USUAL_CLIENT_ID.fullmatch(client_id) is not None


@transaction.atomic
def make_key(*, company: Company, actor: Actor, now: datetime) -> NssoCredentials:
    """Make the first key pair and its certificate; the private half is encrypted at once and never shown.

    Raises DomainError `credentials.exist`: a second one is made by `make_spare_key`.
    """
    Company.objects.select_for_update().get(pk=company.pk)
    if NssoCredentials.objects.filter(company=company).exists():
        raise DomainError("credentials.exist", _("The company has a key already."))
    access = NssoCredentials(company=company)
    access.keep_key(generate_key_pair(), company, now=now)
    access.save()
    audit.record("credentials.key_made", access, actor=actor, now=now)
    return access


@transaction.atomic
def keep_client_id(*, access: NssoCredentials, client_id: str, actor: Actor, now: datetime) -> None:
    """Enter or correct the client id; from then on the company's registrations travel under it.

    What was tested under the former one says nothing any more.
    """
    kept = _locked(access)
    if kept.client_id == client_id:
        return
    kept.client_id = client_id
    for held in (kept, spare_of(kept)):
        if held is not None:
            held.forget_test()
            held.save()
    audit.record("credentials.stored", kept, actor=actor, now=now, payload={"client_id": client_id})


def spare_of(access: NssoCredentials) -> SpareKey | None:
    """The second key of the access, when there is one."""
    return SpareKey.objects.filter(access=access).first()


@transaction.atomic
def make_spare_key(*, access: NssoCredentials, actor: Actor, now: datetime) -> SpareKey:
    """Make a second key beside the one in use, which stays in use.

    Raises DomainError `credentials.spareExists`.
    """
    kept = _locked(access)
    if spare_of(kept) is not None:
        words = _("There is a second key already. Switch to it, or discard it first.")
        raise DomainError("credentials.spareExists", words)
    spare = SpareKey(access=kept)
    spare.keep_key(generate_key_pair(), kept.company, now=now)
    spare.save()
    _record("credentials.spare_made", kept, spare, actor, now)
    return spare


@transaction.atomic
def switch_keys(*, access: NssoCredentials, actor: Actor, now: datetime) -> None:
    """Use the second key from now on; the former one is kept as the second. Raises `credentials.noSpare`.

    Not refused when the second key has not passed a test: with a key in use that works no more, waiting for
    a passed test would only keep more registrations waiting.
    """
    kept = _locked(access)
    spare = _demanded_spare(kept)
    for name in KEY_FIELDS:
        in_use, second = getattr(kept, name), getattr(spare, name)
        setattr(kept, name, second)
        setattr(spare, name, in_use)
    kept.save()
    spare.save()
    _record("credentials.switched", kept, kept, actor, now)


@transaction.atomic
def discard_spare_key(*, access: NssoCredentials, actor: Actor, now: datetime) -> None:
    """Delete the second key for good. Raises DomainError `credentials.noSpare`."""
    kept = _locked(access)
    spare = _demanded_spare(kept)
    _record("credentials.spare_discarded", kept, spare, actor, now)
    spare.delete()


def run_test(*, access: NssoCredentials, held: HeldKey, actor: Actor, now: datetime) -> Report:
    """Try the connection with one of the access's keys, step by step, and keep how it went.

    Takes up to `ciao_portal.nsso.probe.LONGEST_S` and must run outside a transaction. A demo company
    reaches nothing but the simulator. Raises DomainError `credentials.testRunning`: one at a time on the
    whole portal, so that silence of the NSSO never holds up more than one of the threads that serve pages.
    """
    if not cache.add(TEST_RUNNING, value=True, timeout=2 * LONGEST_S):
        words = _("A test is running already. Try again in ten seconds.")
        raise DomainError("credentials.testRunning", words)
    try:
        report = probe(
            access.client_id,
            lambda: held.private_key_pem,
            real_performance=not access.company.is_demo,
            today=brussels_day(now),
        )
    finally:
        cache.delete(TEST_RUNNING)
    _keep_result(report, access, held, actor, now)
    return report


def _keep_result(report: Report, access: NssoCredentials, held: HeldKey, actor: Actor, now: datetime) -> None:
    result = report.failure.code if report.failure else TEST_PASSED
    with transaction.atomic():
        # By what was tested: meanwhile keys may have been switched, or another client id entered.
        tested = {"private_key_ciphertext": bytes(held.private_key_ciphertext)}
        outcome = {"tested_at": now, "test_result": result}
        NssoCredentials.objects.filter(pk=access.pk, client_id=access.client_id, **tested).update(**outcome)
        SpareKey.objects.filter(access=access, access__client_id=access.client_id, **tested).update(**outcome)
        audit.record("credentials.tested", access, actor=actor, now=now, payload={"result": result})


def _locked(access: NssoCredentials) -> NssoCredentials:
    rows = NssoCredentials.objects.select_for_update(of=("self",)).select_related("company")
    return rows.get(pk=access.pk)


def _demanded_spare(access: NssoCredentials) -> SpareKey:
    spare = spare_of(access)
    if spare is None:
        words = _("There is no second key. Make one first.")
        raise DomainError("credentials.noSpare", words)
    return spare


def _record(action: str, access: NssoCredentials, held: HeldKey, actor: Actor, now: datetime) -> None:
    certificate = held.certificate
    payload = {"fingerprint": certificate.fingerprint if certificate else ""}
    audit.record(action, access, actor=actor, now=now, payload=payload)
