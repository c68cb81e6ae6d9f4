"""Re-encrypting what is stored under an older key, so that the key can be retired.

Put a new key first in `FIELD_KEYS`, restart, rotate, then take the old key out.
"""

from collections.abc import Callable

from django.db import models, transaction

from ciao_portal import files
from ciao_portal.models import IdentityProvider, NssoCredentials, Person, SpareKey
from ciao_portal.models.credentials import HeldKey
from ciao_portal.models.people import field_keys
from ciao_portal.tenancy import unscoped

PORTION = 500


def rotate() -> int:
    """Bring every encrypted value under the newest key; answers how many were changed.

    May be interrupted and started again at any time, also while people register: each portion is a
    transaction, and every value can be read and found under both keys until the old one is taken out.
    """
    with unscoped(reason="keys are changed for every company at once"):
        people = _rotate(Person.objects.filter(ssin_ciphertext__isnull=False), _rotate_person)
        keys = sum(_rotate(model.objects.all(), _rotate_held_key) for model in (NssoCredentials, SpareKey))
        providers = _rotate(IdentityProvider.objects.all(), _rotate_provider)
        return people + keys + providers + files.rotate()


def _rotate(rows: "models.QuerySet[models.Model]", change: Callable[..., bool]) -> int:
    changed = 0
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), PORTION):
        with transaction.atomic():
            portion = rows.select_for_update().filter(pk__in=ids[start : start + PORTION])
            changed += sum(change(row) for row in portion)
    return changed


def _rotate_person(person: Person) -> bool:
    ssin = person.ssin
    if ssin is None or not field_keys().needs_rotation(person.ssin_ciphertext or b""):
        return False
    person.keep_ssin(ssin)
    person.save(update_fields=["ssin_ciphertext", "ssin_index"])
    return True


def _rotate_held_key(held: HeldKey) -> bool:
    if not field_keys().needs_rotation(held.private_key_ciphertext):
        return False
    held.keep_private_key(held.private_key_pem)
    held.save(update_fields=["private_key_ciphertext"])
    return True


def _rotate_provider(provider: IdentityProvider) -> bool:
    if not field_keys().needs_rotation(provider.client_secret_ciphertext):
        return False
    provider.keep_client_secret(provider.client_secret)
    provider.save(update_fields=["client_secret_ciphertext"])
    return True
