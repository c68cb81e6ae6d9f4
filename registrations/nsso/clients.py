"""One open client per access, so that sessions and tokens are reused."""

from dataclasses import dataclass
from uuid import UUID

from ciao_portal.crypto import DecryptionError
from ciao_portal.models import NssoCredentials
from ciao_portal.nsso.auth import Credentials
from ciao_portal.nsso.client import NssoClient
from ciao_portal.nsso.environment import NssoEnvironment, environment
from ciao_portal.nsso.errors import NssoCode, NssoMisconfigured
from registrations.models import Registration

# Each keeps a connection open; beyond this many the sessions are opened anew.
MOST_OPEN = 200


@dataclass(frozen=True)
class _Open:
    made_of: tuple[NssoEnvironment, str, bytes]
    client: NssoClient


class Clients:
    """The open clients of one sender. Not for several threads."""

    def __init__(self) -> None:
        self._open: dict[tuple[UUID, bool], _Open] = {}

    def get(self, credentials: NssoCredentials, *, is_practice: bool) -> NssoClient:
        """The client for this access, made anew when the access or the settings have changed.

        Raises NssoMisconfigured when the settings or the key cannot be used, and for demo or practice data
        when the peer is not the simulator.
        """
        key = (credentials.pk, is_practice)
        made_of = (environment(), credentials.client_id, bytes(credentials.private_key_ciphertext))
        known = self._open.get(key)
        if known is not None and known.made_of == made_of:
            return known.client
        if known is not None:
            known.client.close()
        elif len(self._open) >= MOST_OPEN:
            self.close()
        client = NssoClient(made_of[0], _in_clear(credentials), real_performance=not is_practice)
        self._open[key] = _Open(made_of, client)
        return client

    def close(self) -> None:
        for one in self._open.values():
            one.client.close()
        self._open.clear()


def is_practice(registration: Registration) -> bool:
    """Whether a demo company has a part in it: then it must never reach a real address."""
    return registration.employer.is_demo or registration.declaration.company.is_demo


def _in_clear(credentials: NssoCredentials) -> Credentials:
    try:
        return Credentials(credentials.client_id, credentials.private_key_pem)
    except DecryptionError as error:
        why = "the private key was encrypted under a field key that is missing"
        raise NssoMisconfigured(NssoCode.PRIVATE_KEY_UNREADABLE, why, exchange=None) from error
