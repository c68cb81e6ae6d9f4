"""One open client per access, so that sessions and tokens are reused."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID

from ciao_portal.crypto import DecryptionError
from ciao_portal.models import NssoCredentials
from ciao_portal.nsso.auth import Credentials, TokenSource, TokenTimes, shared_token_source
from ciao_portal.nsso.client import NssoClient
from ciao_portal.nsso.environment import NssoEnvironment, environment
from ciao_portal.nsso.errors import NssoCode, NssoMisconfigured
from registrations.models import Registration

# Each keeps a connection open; beyond this many the longest unused is closed.
MOST_OPEN = 200


_MadeOf = tuple[NssoEnvironment, str, bytes]


@dataclass(frozen=True)
class _Open:
    made_of: _MadeOf
    client: NssoClient
    tokens: TokenSource


class Clients:
    """The open clients of one sender. Its threads share them, but no access is used by two at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: OrderedDict[tuple[UUID, bool], _Open] = OrderedDict()

    def get(self, credentials: NssoCredentials, *, is_practice: bool) -> NssoClient:
        """The client for this access, made anew when the access or the settings have changed.

        Raises NssoMisconfigured when the settings or the key cannot be used, and for demo or practice data
        when the peer is not the simulator.
        """
        key = (credentials.pk, is_practice)
        made_of = (environment(), credentials.client_id, bytes(credentials.private_key_ciphertext))
        with self._lock:
            known = self._open.get(key)
            if known is None or known.made_of != made_of:
                known = self._open_anew(key, made_of, credentials)
            self._open.move_to_end(key)
            return known.client

    def token_times(self, credentials: NssoCredentials) -> TokenTimes | None:
        """When the token of this access was fetched and when it ends; None when there was none yet."""
        with self._lock:
            known = self._open.get((credentials.pk, False)) or self._open.get((credentials.pk, True))
        return known.tokens.times if known is not None else None

    def close(self) -> None:
        with self._lock:
            for one in self._open.values():
                one.client.close()
            self._open.clear()

    def _open_anew(self, key: tuple[UUID, bool], made_of: _MadeOf, credentials: NssoCredentials) -> _Open:
        if (former := self._open.pop(key, None)) is not None:
            former.client.close()
        elif len(self._open) >= MOST_OPEN:
            self._open.popitem(last=False)[1].client.close()
        in_clear = _in_clear(credentials)
        client = NssoClient(made_of[0], in_clear, real_performance=not key[1])
        opened = _Open(made_of, client, shared_token_source(made_of[0], in_clear))
        self._open[key] = opened
        return opened


def is_practice(registration: Registration) -> bool:
    """Whether a demo company has a part in it: then it must never reach a real address."""
    return registration.employer.is_demo or registration.declaration.company.is_demo


def _in_clear(credentials: NssoCredentials) -> Credentials:
    try:
        return Credentials(credentials.client_id, credentials.private_key_pem)
    except DecryptionError as error:
        why = "the private key was encrypted under a field key that is missing"
        raise NssoMisconfigured(NssoCode.PRIVATE_KEY_UNREADABLE, why, exchange=None) from error
